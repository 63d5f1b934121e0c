//! Samples of the pages of moves.

use app::forms::Typed;
use app::repin::{Batch, Outcome, Short};
use app::words::Language;
use askama::Template as _;
use domain::ids::DossierId;
use jiff::civil::date;

use super::view::{BatchPage, PlanPage};
use crate::error::FaultLine;
use crate::pages::intake::samples::desk;
use crate::samples::page;
use crate::words::Words;

const VI: Words = Words(Language::Vi);

#[test]
fn a_plan_with_a_fault_keeps_what_was_typed() {
    let fields = [("procedure", "2.000815"), ("to_process", "hai")];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let typed = Typed::new(fields.into());
    let faults = FaultLine::one("to_process", VI.t("fault.repin_version"));
    let batches = [Short {
        id: "b1".to_owned(),
        at: date(2026, 11, 23).at(8, 0, 0, 0),
    }];
    let plan = PlanPage::new(desk(VI), (&typed, faults), (None, &batches), "k".to_owned());
    page("repin-fault", &plan.render().unwrap());
}

#[test]
fn a_batch_on_its_way() {
    let at = date(2026, 11, 23).at(8, 5, 0, 0);
    let id = |name: &str| DossierId::parse(name).unwrap();
    let batch = Batch {
        id: "b1".to_owned(),
        procedure: "2.000815".to_owned(),
        to: Some((1, 2)),
        undoes: None,
        undone_by: None,
        by: "Lê Văn Kiểm".to_owned(),
        at,
        dossiers: vec![
            (id("01a"), Outcome::Moved { at }),
            (id("01b"), Outcome::Waiting),
            (
                id("01c"),
                Outcome::Refused {
                    rule: "QT-01".to_owned(),
                },
            ),
        ],
    };
    let shown = BatchPage::new(desk(VI), &batch, Vec::new(), "k".to_owned());
    page("repin-batch", &shown.render().unwrap());
}
