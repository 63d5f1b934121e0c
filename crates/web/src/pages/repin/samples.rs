//! Samples of the pages of moves.

use std::sync::Arc;

use app::catalogue::starter;
use app::forms::Typed;
use app::repin::{Batch, Line, Ordered, Outcome, Previewed, Short};
use app::words::Language;
use askama::Template as _;
use domain::deadline::Limit;
use domain::dossier::{NewLimit, Pins, Preview, Promise, Refusal};
use domain::ids::{DossierCode, DossierId};
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
        procedure: "2.000815".to_owned(),
        at: date(2026, 11, 23).at(8, 0, 0, 0),
    }];
    let plan = PlanPage::new(desk(VI), (&typed, faults), (None, &batches), "k".to_owned());
    page("repin-fault", &plan.render().unwrap());
}

fn one(id: &str, outcome: Outcome) -> Ordered {
    Ordered {
        id: DossierId::parse(id).unwrap(),
        code: DossierCode::parse("H56.112-261123-0001").ok(),
        outcome,
    }
}

#[test]
fn a_batch_on_its_way() {
    let at = date(2026, 11, 23).at(8, 5, 0, 0);
    let kept = |why: &str| Outcome::Refused {
        rule: "QT-01".to_owned(),
        why: why.to_owned(),
    };
    let batch = Batch {
        id: "b1".to_owned(),
        procedure: "2.000815".to_owned(),
        to: Some((1, 2)),
        undoes: None,
        undone_by: None,
        by: "Lê Văn Kiểm".to_owned(),
        ordered_by: "s1".to_owned(),
        at,
        dossiers: vec![
            one("01a", Outcome::Moved { at }),
            one("01b", Outcome::Waiting),
            one("01c", kept("step_not_reached")),
            one("01d", kept("")),
            one("01e", Outcome::Failed),
            one("01f", Outcome::Cancelled),
        ],
    };
    let shown = BatchPage::new(
        desk(VI),
        &batch,
        (&Typed::default(), Vec::new()),
        "k".to_owned(),
    );
    page("repin-batch", &shown.render().unwrap());
}

/// Dossiers of a preview: one for each thing that a new limit may come to, and one that stays.
fn previewed() -> Previewed {
    let procedure = starter::procedures().first().unwrap();
    let procedure = Arc::new(procedure.clone());
    let at = |day, hour| date(2026, 11, day).at(hour, 0, 0, 0);
    let (now, sooner) = (at(27, 17), at(25, 17));
    let line = |id: &str, change| Line {
        dossier: DossierId::parse(id).unwrap(),
        code: None,
        from: (1, 1),
        step: "Thẩm định".to_owned(),
        procedure: Arc::clone(&procedure),
        before: Arc::clone(&procedure),
        change,
    };
    let change = |new_limit, offered, due| {
        Ok(Preview {
            new: Pins {
                procedure_version: 2,
                process_version: 2,
                step: 3,
                promise: Promise {
                    limit: offered,
                    due: Some(due),
                    calendar: "vn-2026".to_owned(),
                    recounted_on: None,
                    lane_due: None,
                    first: None,
                },
                step_due: at(24, 9),
            },
            step: Some(("Thẩm định".to_owned(), "Kiểm tra".to_owned())),
            steps: None,
            due: Some(now),
            step_due: Some(at(24, 9)),
            new_limit,
            offered,
            added: Vec::new(),
            dropped: Vec::new(),
        })
    };
    let days = |days| Some(Limit::working_days(days));
    Previewed {
        to: (2, 2),
        lines: vec![
            line("01a", change(NewLimit::Shorter, days(2), sooner)),
            line("01b", change(NewLimit::Longer, days(15), now)),
            line("01c", change(NewLimit::Longer, None, now)),
            line("01d", change(NewLimit::Over, days(1), now)),
            line("01e", change(NewLimit::Same, days(4), now)),
            line("01f", Err(Refusal::MovedSince)),
        ],
        more: false,
    }
}

#[test]
fn a_plan_says_what_becomes_of_each_promise() {
    for (language, name) in [
        (Language::Vi, "repin-plan"),
        (Language::En, "repin-plan-en"),
    ] {
        let (w, found) = (Words(language), (Some(previewed()), &[][..]));
        let typed = Typed::new(vec![("procedure".to_owned(), "2.000815".to_owned())]);
        let why = w.fill("fault.repin_not_chosen", "dossier", "01z");
        let faults = FaultLine::one("dossier", &why);
        let plan = PlanPage::new(desk(w), (&typed, faults), found, "k".to_owned());
        page(name, &plan.render().unwrap());
    }
}

#[test]
fn a_batch_that_is_not_taken_back_says_why() {
    let at = date(2026, 11, 23).at(8, 5, 0, 0);
    for (language, name) in [
        (Language::Vi, "repin-held"),
        (Language::En, "repin-held-en"),
    ] {
        let w = Words(language);
        let batch = Batch {
            id: "b1".to_owned(),
            procedure: "2.000815".to_owned(),
            to: Some((2, 2)),
            undoes: None,
            undone_by: None,
            by: "Lê Văn Kiểm".to_owned(),
            ordered_by: "s1".to_owned(),
            at,
            dossiers: vec![one("01a", Outcome::Moved { at })],
        };
        let why = w.fill("fault.repin_later", "at", w.moment(&at));
        let faults = FaultLine::one("batch", &why);
        let typed = Typed::new(vec![("reason".to_owned(), "QĐ 8".to_owned())]);
        let shown = BatchPage::new(desk(w), &batch, (&typed, faults), "k".to_owned());
        page(name, &shown.render().unwrap());
    }
}
