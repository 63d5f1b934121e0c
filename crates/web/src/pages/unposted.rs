//! The list of procedures that are not served by post. Open to everybody.

use app::intake::{ProcedureLine, not_by_post};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use serde::Deserialize;

use super::common::page;
use crate::error::Answer;
use crate::layout::Frame;
use crate::session::Reader;
use crate::state::Web;
use crate::words::Words;

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/khong-qua-buu-chinh", get(show))
}

/// The most characters of a question.
const MOST: usize = 100;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    q: String,
}

#[derive(Template)]
#[template(path = "pages/unposted.html")]
pub(crate) struct UnpostedPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) asked: String,
    pub(crate) today: String,
    pub(crate) rows: Vec<ProcedureLine>,
}

/// `GET /khong-qua-buu-chinh`.
async fn show(State(web): State<Web>, reader: Reader, Query(asked): Query<Asked>) -> Answer {
    let asked: String = asked.q.chars().take(MOST).collect();
    let asked = asked.trim().to_owned();
    let rows = not_by_post(&web.app, &asked).await?;
    let frame = Frame::reader(&web, &reader);
    let w = frame.w;
    page(&UnpostedPage {
        today: w.date(web.app.clock().now().date()),
        asked,
        rows,
        w,
        frame,
    })
}

#[cfg(test)]
mod tests {
    use app::words::Language;
    use askama::Template as _;
    use domain::ids::ProcedureCode;

    use super::*;
    use crate::samples::page;
    use crate::session::Visitor;

    #[test]
    fn what_is_not_served_by_post() {
        let line = |code: &str, name: &str| ProcedureLine {
            code: ProcedureCode::parse(code).unwrap(),
            name: name.to_owned(),
            field: "Hộ tịch".to_owned(),
        };
        for (name, language, there) in [
            ("unposted", Language::Vi, true),
            ("unposted-en", Language::En, true),
            ("unposted-none", Language::Vi, false),
        ] {
            let w = Words(language);
            let rows = vec![
                line("1.000894", "Đăng ký <kết hôn>"),
                line("2.000815", "Chứng thực bản sao"),
            ];
            let shown = UnpostedPage {
                frame: Frame::public(&Visitor {
                    w,
                    here: "/khong-qua-buu-chinh".to_owned(),
                }),
                w,
                asked: if there { "" } else { "khai thuế" }.to_owned(),
                today: "23/11/2026".to_owned(),
                rows: if there { rows } else { Vec::new() },
            };
            page(name, &shown.render().unwrap());
        }
    }
}
