//! What is printed of dossiers that were chosen on a list, and the way of one dossier.

use app::jobs::progress;
use app::papers::{handover_list, print_slips};
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::{get, post};
use domain::ids::DossierId;
use domain::slip::{Form, HandoverKind};

use crate::error::{Answer, Trouble};
use crate::extract::Posted;
use crate::pages::document;
use crate::session::Staff;
use crate::state::Web;

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/in-phieu", post(print))
        .route("/ho-so/{id}/qua-trinh", get(way))
}

/// What is wanted of the dossiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Their last slips of a form, joined.
    Slips(Form),
    /// A list that goes with them.
    List(HandoverKind),
}

/// A paper by its name, `06` or `results`.
pub(crate) fn wanted(name: &str) -> Option<Wanted> {
    let list = || HandoverKind::parse(name).map(Wanted::List);
    Form::parse(name).map(Wanted::Slips).or_else(list)
}

impl Wanted {
    /// The PDF, and the name that it is saved by.
    pub(crate) async fn print(
        self,
        web: &Web,
        staff: &Staff,
        dossiers: &[DossierId],
    ) -> Answer<(String, Vec<u8>)> {
        let (app, actor) = (&web.app, &staff.actor);
        Ok(match self {
            Self::Slips(form) => {
                let printed = print_slips(app, actor, dossiers, form).await?;
                (format!("mau-{}.pdf", form.number()), printed.pdf)
            }
            Self::List(kind) => {
                let pdf = handover_list(app, actor, dossiers, kind).await?;
                ("ban-giao.pdf".to_owned(), pdf)
            }
        })
    }
}

/// `POST /in-phieu`: the paper `giay` of every `ho-so`, as one PDF; every print is logged.
async fn print(State(web): State<Web>, posted: Posted) -> Answer {
    let wanted = wanted(posted.typed.get("giay")).ok_or(Trouble::Missing)?;
    let ids: Result<Vec<DossierId>, _> = posted.typed.all("ho-so").map(DossierId::parse).collect();
    let ids = ids.map_err(|_| Trouble::Missing)?;
    let (name, pdf) = wanted.print(&web, &posted.staff, &ids).await?;
    Ok(document(&name, pdf))
}

/// `GET /ho-so/{id}/qua-trinh`: every step of the dossier so far, to be printed.
async fn way(State(web): State<Web>, staff: Staff, Path(id): Path<String>) -> Answer {
    let dossier = DossierId::parse(&id).map_err(|_| Trouble::Missing)?;
    let pdf = progress(&web.app, &staff.actor, &dossier).await?;
    Ok(document("qua-trinh.pdf", pdf))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_is_known_by_its_name() {
        assert_eq!(wanted("01"), Some(Wanted::Slips(Form::Receipt)));
        assert_eq!(wanted("results"), Some(Wanted::List(HandoverKind::Results)));
        assert_eq!(wanted("07"), None);
        assert_eq!(wanted(""), None);
    }
}
