//! Laws of the groups of rules that no other law of this folder speaks of: reception, reasons,
//! results, collection, withdrawal and stop, obligations, corrections.

use std::collections::BTreeSet;

use domain::dossier::{
    Admitting, Command, CorrectionKind, Dossier, Event, Mandate, Noticed, Receiver, Returned,
};
use domain::ids::DossierId;
use domain::rules::Rule;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::dossier::{Asked, any_asks, any_beginning, any_world, events, history};

/// Every rule that ever refuses in random histories; delegations have laws of their own.
fn groups(history: &[Asked<'_>]) -> impl Iterator<Item = &'static str> {
    let refusals = history.iter().filter_map(|asked| asked.said.as_ref().err());
    refusals.filter_map(|no| no.rule().id().split('-').next())
}

proptest! {
    #[test]
    fn what_is_received_is_complete_mandated_and_offered(
        world in any_world(),
        asks in any_asks(),
    ) {
        for asked in history(&world, &asks) {
            let received = |event: &Event| matches!(event, Event::Received { .. });
            if !asked.said.iter().flatten().any(received) {
                continue;
            }
            let filed = &asked.after.record().filed;
            let case = world.procedure.case(filed.case).unwrap();
            let there = |number| filed.handed.iter().any(|handed| handed.component == number);
            for component in case.components.iter().filter(|component| component.mandatory) {
                prop_assert!(there(component.number) || filed.held(component).is_some());
            }
            prop_assert_ne!(filed.mandate, Mandate::Missing);
            prop_assert!(world.procedure.offer(filed.channel).is_some());
        }
    }

    #[test]
    fn a_command_without_its_reason_or_paper_does_nothing(
        world in any_world(),
        asks in any_asks(),
    ) {
        for asked in history(&world, &asks) {
            let bare = match &asked.command {
                Command::Decline { .. } => Command::Decline { reason: None },
                Command::SendBack { .. } => Command::SendBack { reason: None },
                Command::DiscardSupplement { .. } => Command::DiscardSupplement { reason: None },
                Command::Withdraw { .. } => Command::Withdraw { request: None },
                Command::MeetObligation { .. } => Command::MeetObligation { proof: None },
                Command::AdmitToLane(asked) => Command::AdmitToLane(Admitting {
                    ground: None,
                    ..asked.clone()
                }),
                Command::DraftResult { outcome, document, .. } => Command::DraftResult {
                    outcome: *outcome,
                    document: document.clone(),
                    uploaded: false,
                    summary: None,
                    attachments: Vec::new(),
                    last_day: None,
                },
                _ => continue,
            };
            prop_assert!(asked.before.ask(&bare).is_err(), "{:?}", bare);
        }
    }

    #[test]
    fn every_result_has_its_document_and_goes_to_somebody_entitled(
        world in any_world(),
        asks in any_asks(),
    ) {
        let mut dossier = Dossier::Absent;
        for event in events(&history(&world, &asks)) {
            if let Event::Settled { issued, .. } = &event {
                prop_assert!(issued.document.bytes > 0);
                prop_assert!(!issued.number.is_empty());
                prop_assert!(dossier.at_step().unwrap().approved_by.is_some());
            }
            if let Event::Returned(Returned { receiver, .. }) = &event {
                prop_assert!(dossier.issued().is_some());
                let unshown = matches!(receiver, Receiver::Authorised { shown: false, .. });
                prop_assert!(!unshown);
            }
            dossier = dossier.evolve(&event);
        }
    }

    #[test]
    fn an_end_without_a_result_says_why_and_what_becomes_of_the_charge(
        world in any_world(),
        asks in any_asks(),
    ) {
        for asked in history(&world, &asks) {
            for event in asked.said.iter().flatten() {
                let paid = asked.before.dossier.record().map(|record| record.filed.fee.0 > 0);
                match event {
                    Event::Stopped { rule, order, refund, .. } => {
                        let by_order = Rule::parse(rule) == Some(Rule::StopDocument);
                        prop_assert_eq!(by_order, order.is_some());
                        prop_assert!(by_order || Rule::parse(rule) == Some(Rule::AnswerPeriod));
                        prop_assert!(refund.is_none() || paid == Some(true));
                    }
                    Event::Withdrawn { refund, .. } | Event::Declined { refund, .. } => {
                        prop_assert!(refund.is_none() || paid == Some(true));
                    }
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn an_obligation_has_its_amount_and_ends_with_its_proof(
        world in any_world(),
        asks in any_asks(),
    ) {
        for asked in history(&world, &asks) {
            for event in asked.said.iter().flatten() {
                if let Event::ObligationNoticed(Noticed { amount, .. }) = event {
                    prop_assert!(amount.is_some_and(|amount| amount.0 > 0));
                }
                if let Event::ObligationMet { proof, .. } = event {
                    prop_assert!(proof.is_some());
                    let waited = matches!(asked.before.dossier, Dossier::Obliged(..));
                    prop_assert!(waited);
                }
            }
        }
    }

    #[test]
    fn corrections_come_one_at_a_time_and_cost_nothing(world in any_world(), asks in any_asks()) {
        let mut open: Option<DossierId> = None;
        let mut gone = false;
        for asked in history(&world, &asks) {
            for event in asked.said.iter().flatten() {
                if let Event::Returned(_) = event {
                    prop_assert!(open.is_none() && !gone, "a result known to be wrong");
                }
                if let Event::Corrected { correction, .. } = event {
                    gone |= *correction != CorrectionKind::Amend;
                }
                if let Event::CorrectionOpened { by, .. } = event {
                    prop_assert_eq!(open.replace(by.clone()), None);
                    prop_assert!(asked.before.dossier.issued().is_some());
                }
                if let Event::Corrected { by, .. } | Event::CorrectionDropped { by, .. } = event {
                    prop_assert_eq!(open.take(), Some(by.clone()));
                }
                if let Event::Submitted { filed, .. } = event
                    && filed.corrects.is_some()
                {
                    prop_assert_eq!((filed.fee.0, filed.handed.len()), (0, 0));
                }
            }
        }
    }
}

/// Groups of rules about something else than a command to a dossier of one office: delegations have
/// laws of their own, certificates are of posts, documents in stores are looked at before there is a
/// dossier, and this office never lacks a calendar.
const ELSEWHERE: [&str; 4] = ["UQ", "HAN", "CK", "KHO"];

#[test]
fn random_histories_meet_a_refusal_of_every_group_of_rules() {
    let mut runner = TestRunner::deterministic();
    let mut met = BTreeSet::new();
    for _ in 0..3_000 {
        let world = any_world().new_tree(&mut runner).unwrap().current();
        let begun = any_beginning().new_tree(&mut runner).unwrap().current();
        let asks = any_asks().new_tree(&mut runner).unwrap().current();
        met.extend(groups(&history(&world, &[begun, asks].concat())));
    }
    let all = Rule::ALL
        .iter()
        .filter_map(|rule| rule.id().split('-').next());
    let missing: BTreeSet<_> = all
        .filter(|group| !met.contains(group) && !ELSEWHERE.contains(group))
        .collect();
    assert_eq!(missing, BTreeSet::new());
}
