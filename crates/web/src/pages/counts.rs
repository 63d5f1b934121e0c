//! Dossiers received at each centre and processed at each agency.

use app::statistics::{DossierCounts, dossier_counts};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use domain::ids::UnitId;
use jiff::civil::Date;
use serde::Deserialize;

use super::common::page;
use crate::error::Answer;
use crate::layout::{Frame, Place};
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/thong-ke/ho-so", get(show))
}

/// From which day to which; without them, this month.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    tu: Option<Date>,
    den: Option<Date>,
}

/// What a unit received and processed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CountLine {
    pub(crate) unit: String,
    pub(crate) received: i64,
    pub(crate) for_others: i64,
    pub(crate) processed: i64,
    pub(crate) from_others: i64,
    pub(crate) late: i64,
    pub(crate) unlawful: i64,
    pub(crate) issued_late: i64,
    pub(crate) corrections: i64,
}

#[derive(Template)]
#[template(path = "pages/counts.html")]
pub(crate) struct CountsPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) span: String,
    /// First and last day as a field of the browser has them.
    pub(crate) first: Date,
    pub(crate) last: Date,
    pub(crate) rows: Vec<CountLine>,
    /// Of the whole list.
    pub(crate) sum: CountLine,
}

/// `GET /thong-ke/ho-so`.
async fn show(State(web): State<Web>, staff: Staff, Query(asked): Query<Asked>) -> Answer {
    let found = dossier_counts(&web.app, &staff.actor, (asked.tu, asked.den)).await?;
    let frame = Frame::desk(&web, &staff, Place::Statistics).await?;
    page(&CountsPage::new(frame, &found, &|unit| {
        web.app.unit_name(unit)
    }))
}

impl CountsPage {
    /// The page; `named` names units.
    pub(crate) fn new(
        frame: Frame,
        found: &DossierCounts,
        named: &dyn Fn(&UnitId) -> String,
    ) -> Self {
        let w = frame.w;
        let unit = |id: &str| UnitId::parse(id).map_or_else(|_| id.to_owned(), |id| named(&id));
        let rows = found.counts.iter().map(|count| CountLine {
            unit: unit(&count.unit),
            received: count.received,
            for_others: count.for_others,
            processed: count.processed,
            from_others: count.from_others,
            late: count.late,
            unlawful: count.unlawful,
            issued_late: count.issued_late,
            corrections: count.corrections,
        });
        let rows: Vec<CountLine> = rows.collect();
        let sum = |of: fn(&CountLine) -> i64| rows.iter().map(of).sum();
        let (first, last) = (w.date(found.first), w.date(found.last));
        Self {
            span: w.fills("web.counts.span", &[("first", &first), ("last", &last)]),
            first: found.first,
            last: found.last,
            sum: CountLine {
                unit: String::new(),
                received: sum(|row| row.received),
                for_others: sum(|row| row.for_others),
                processed: sum(|row| row.processed),
                from_others: sum(|row| row.from_others),
                late: sum(|row| row.late),
                unlawful: sum(|row| row.unlawful),
                issued_late: sum(|row| row.issued_late),
                corrections: sum(|row| row.corrections),
            },
            rows,
            w,
            frame,
        }
    }
}

#[cfg(test)]
mod tests {
    use app::statistics::UnitCount;
    use app::words::Language;
    use askama::Template as _;
    use jiff::civil::date;

    use super::*;
    use crate::pages::intake::samples::desk;
    use crate::samples;

    fn drawn(name: &str, language: Language, counts: Vec<UnitCount>) -> String {
        let found = DossierCounts {
            counts,
            first: date(2026, 11, 1),
            last: date(2026, 11, 23),
        };
        let named = |unit: &UnitId| match unit.as_str() {
            "H56.102" => "Phường <Hạc Thành>".to_owned(),
            _ => "Trung tâm Phục vụ hành chính công tỉnh".to_owned(),
        };
        let frame = desk(Words(language));
        let html = CountsPage::new(frame, &found, &named).render().unwrap();
        samples::page(name, &html);
        html
    }

    #[test]
    fn received_at_the_centre_and_processed_at_the_agency() {
        let count = |unit: &str, received, for_others, processed, from_others| UnitCount {
            unit: unit.to_owned(),
            received,
            for_others,
            processed,
            from_others,
            late: 2,
            unlawful: 1,
            issued_late: 4,
            corrections: 3,
        };
        let counts = || {
            vec![
                count("H56.102", 412, 9, 398, 31),
                count("H56.99", 120, 120, 0, 0),
            ]
        };
        let html = drawn("statistics-counts", Language::Vi, counts());
        assert!(html.contains("532") && html.contains("398"));
        drawn("statistics-counts-en", Language::En, counts());
        let none = drawn("statistics-counts-none", Language::Vi, Vec::new());
        assert!(none.contains("id=\"none\""));
    }
}
