//! Figures for those who answer for the work.

use app::statistics::{FailedLookups, failed_lookups};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use domain::ids::UnitId;

use super::common::page;
use crate::error::Answer;
use crate::layout::{Frame, Place};
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/thong-ke/tra-cuu", get(lookups))
}

/// Failed lookups of a month, a centre, an agency and a database; or of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LookupLine {
    /// `11/2026`, or who recorded them.
    pub(crate) of: String,
    pub(crate) unit: String,
    pub(crate) competent: String,
    pub(crate) source: String,
    pub(crate) failed: i64,
    pub(crate) wrong: i64,
    pub(crate) all: i64,
}

#[derive(Template)]
#[template(path = "pages/statistics.html")]
pub(crate) struct LookupsPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) span: String,
    pub(crate) rows: Vec<LookupLine>,
    pub(crate) clerks: Vec<LookupLine>,
    pub(crate) all: i64,
}

/// `GET /thong-ke/tra-cuu`.
async fn lookups(State(web): State<Web>, staff: Staff) -> Answer {
    let found = failed_lookups(&web.app, &staff.actor).await?;
    let frame = Frame::desk(&web, &staff, Place::Statistics).await?;
    page(&LookupsPage::new(frame, &found, &|unit| {
        web.app.unit_name(unit)
    }))
}

impl LookupsPage {
    /// The page; `named` names units.
    pub(crate) fn new(
        frame: Frame,
        found: &FailedLookups,
        named: &dyn Fn(&UnitId) -> String,
    ) -> Self {
        let w = frame.w;
        let unit = |id: &str| UnitId::parse(id).map_or_else(|_| id.to_owned(), |id| named(&id));
        let rows = found.counts.iter().map(|count| LookupLine {
            of: format!("{:02}/{}", count.month % 100, count.month / 100),
            unit: unit(&count.unit),
            competent: unit(&count.competent),
            source: w.of("database", &count.source),
            failed: count.failed,
            wrong: count.wrong,
            all: count.failed.saturating_add(count.wrong),
        });
        let rows: Vec<LookupLine> = rows.collect();
        let clerks = found.clerks.iter().map(|count| LookupLine {
            of: found.names.get(&count.clerk).cloned().unwrap_or_default(),
            unit: unit(&count.unit),
            competent: unit(&count.competent),
            source: w.of("database", &count.source),
            failed: count.failed,
            wrong: count.wrong,
            all: count.failed.saturating_add(count.wrong),
        });
        let (first, last) = (w.date(found.first), w.date(found.last));
        Self {
            span: w.fills("web.lookups.span", &[("first", &first), ("last", &last)]),
            all: rows.iter().map(|row| row.all).sum(),
            rows,
            clerks: clerks.collect(),
            w,
            frame,
        }
    }
}

#[cfg(test)]
mod tests {
    use app::statistics::{ClerkLookups, LookupCount};
    use app::words::Language;
    use askama::Template as _;
    use jiff::civil::date;

    use crate::pages::intake::samples::desk;
    use crate::samples;

    use super::*;

    fn drawn(name: &str, counts: Vec<LookupCount>) -> String {
        let clerk = |count: &LookupCount| ClerkLookups {
            clerk: "s-an".to_owned(),
            unit: count.unit.clone(),
            competent: count.competent.clone(),
            source: count.source.clone(),
            failed: count.failed,
            wrong: count.wrong,
        };
        let found = FailedLookups {
            clerks: counts.iter().take(1).map(clerk).collect(),
            names: [("s-an".to_owned(), "Lê Thị An".to_owned())].into(),
            counts,
            first: date(2025, 12, 1),
            last: date(2026, 11, 23),
        };
        let w = Words(Language::Vi);
        let named = |unit: &UnitId| match unit.as_str() {
            "H56.05" => "Sở Tư pháp".to_owned(),
            _ => "Phường <Hạc Thành>".to_owned(),
        };
        let html = LookupsPage::new(desk(w), &found, &named).render().unwrap();
        samples::page(name, &html);
        html
    }

    #[test]
    fn failed_lookups_by_month_centre_and_database() {
        let count = |month, source: &str, failed, wrong| LookupCount {
            month,
            unit: "H56.102".to_owned(),
            competent: "H56.05".to_owned(),
            source: source.to_owned(),
            failed,
            wrong,
        };
        let counts = vec![
            count(202_611, "civil_status", 12, 3),
            count(202_611, "population", 1, 0),
            count(202_610, "civil_status", 7, 0),
        ];
        let html = drawn("statistics-lookups", counts);
        assert!(html.contains("11/2026") && html.contains("CSDL hộ tịch"));
        assert!(html.contains("23 lần"));
        assert!(html.contains("Lê Thị An"), "who recorded them");
        assert!(drawn("statistics-lookups-none", Vec::new()).contains("id=\"none\""));
    }
}
