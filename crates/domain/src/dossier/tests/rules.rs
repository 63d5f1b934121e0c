//! Each rule of the rule book: one case that it allows, one that it refuses.

use std::collections::BTreeSet;

use jiff::civil::date;

use super::commands::{Given, asking, handing_by_post};
use super::world::{
    COMPLETE, Scene, World, draft, drafting, filed, filed_online, handed, hash, noticing,
    returning, signing, staff, text, unit, wrong,
};
use crate::deadline::{Limit, PauseMode};
use crate::dossier::{
    Asking, Command, CommandKind, Correction, CorrectionKind, Dossier, Event, File, Filed,
    HandedAs, Mandate, ObligationNotice, Outcome, Receiver, Refusal, StateKind,
};
use crate::ids::{DossierId, PartyId, UnitId};
use crate::office::{Role, Unit, UnitKind};
use crate::procedure::{Channel, Database, Level};
use crate::process::Product;
use crate::rules::Rule;

/// The refusal of `command`, which `rule` must be behind.
pub(super) fn refused(scene: &Scene<'_>, command: &Command, rule: Rule) -> Refusal {
    let no = scene.ask(command).expect_err("a refusal");
    assert_eq!(no.rule(), rule, "{no:?}");
    assert!(
        rule.governs().contains(&command.kind()),
        "{rule} {command:?}"
    );
    no
}

pub(super) fn allowed(scene: &Scene<'_>, command: &Command) {
    let said = scene.ask(command);
    assert!(said.is_ok(), "{command:?}: {said:?}");
}

fn supplying(components: &[u16]) -> Command {
    Command::Supply {
        handed: handed(components),
    }
}

/// A second request, which names its legal basis.
pub(super) fn with_basis(components: &[u16]) -> Command {
    Command::DraftSupplement(Asking {
        components: components.to_vec(),
        corrections: wrong(components),
        reason: Some(text("reason")),
        basis: Some(text("basis")),
    })
}

pub(super) fn sending_back() -> Command {
    Command::SendBack {
        reason: Some(text("reason")),
    }
}

#[test]
fn tn_01_a_procedure_in_force_is_received_on_its_first_and_on_its_last_day() {
    let mut given = Given::default();
    given.world.procedure.valid_from = date(2026, 11, 16);
    given.world.procedure.valid_to = Some(date(2026, 11, 16));
    allowed(&given.nothing(), &Command::Receive(filed(&COMPLETE)));
}

#[test]
fn tn_01_a_procedure_not_yet_or_no_longer_in_force_is_refused() {
    let mut given = Given::default();
    let receive = Command::Receive(filed(&COMPLETE));
    given.world.procedure.valid_to = Some(date(2026, 11, 15));
    let rule = Rule::ProcedureReceived;
    assert_eq!(
        refused(&given.nothing(), &receive, rule),
        Refusal::NotInForce
    );
    given.world.procedure.valid_to = None;
    given.world.procedure.valid_from = date(2026, 11, 17);
    assert_eq!(
        refused(&given.nothing(), &receive, rule),
        Refusal::NotInForce
    );
}

#[test]
fn tn_01_what_was_filed_in_force_is_allowed_after_its_version_is_superseded() {
    let mut given = Given::default();
    given.world.procedure.valid_to = Some(date(2026, 11, 16));
    let online = Command::Submit(filed_online(&COMPLETE));
    let online = given.nothing().does(&online).hours_later(24);
    allowed(&online, &Command::Accept);
    given.world.procedure.offers.push(crate::procedure::Offer {
        channel: Channel::Post,
        limit: None,
        note: String::new(),
        fees: Vec::new(),
    });
    let handed = given.by_post().does(&handing_by_post("agent"));
    allowed(&handed.hours_later(24), &Command::Accept);
}

#[test]
fn tn_01_what_the_post_hands_over_after_the_last_day_is_refused() {
    let mut given = Given::default();
    given.world.procedure.valid_to = Some(date(2026, 11, 16));
    let late = given.by_post().hours_later(24);
    let handed = late.does(&handing_by_post("agent"));
    let no = refused(&handed, &Command::Accept, Rule::ProcedureReceived);
    assert_eq!(no, Refusal::NotInForce);
}

#[test]
fn tn_01_a_case_that_the_procedure_does_not_have_is_refused() {
    let given = Given::default();
    let submit = Command::Submit(Filed {
        case: 2,
        ..filed(&COMPLETE)
    });
    let no = refused(&given.nothing(), &submit, Rule::ProcedureReceived);
    assert_eq!(no, Refusal::NoSuchCase);
}

#[test]
fn tn_02_an_applicant_with_authorisation_or_none_needed_is_allowed() {
    let given = Given::default();
    for mandate in [Mandate::Own, Mandate::Relative, Mandate::Authorised] {
        let filed = Filed {
            mandate,
            ..filed(&COMPLETE)
        };
        allowed(&given.nothing(), &Command::Receive(filed));
    }
}

#[test]
fn tn_02_who_applies_for_another_without_authorisation_is_refused() {
    let given = Given::default();
    let filed = Filed {
        mandate: Mandate::Missing,
        ..filed(&COMPLETE)
    };
    let receive = Command::Receive(filed);
    assert_eq!(
        refused(&given.nothing(), &receive, Rule::Mandate),
        Refusal::MandateMissing
    );
}

#[test]
fn tn_03_a_complete_dossier_is_allowed() {
    let given = Given::default();
    allowed(&given.nothing(), &Command::Receive(filed(&COMPLETE)));
    allowed(&given.submitted(&COMPLETE), &Command::Accept);
}

#[test]
fn tn_03_a_dossier_with_a_missing_component_is_refused() {
    let given = Given::default();
    let receive = Command::Receive(filed(&[3]));
    let no = refused(&given.nothing(), &receive, Rule::Complete);
    assert_eq!(
        no,
        Refusal::Incomplete {
            missing: vec![1, 2]
        }
    );
    let no = refused(&given.submitted(&[1]), &Command::Accept, Rule::Complete);
    assert_eq!(no, Refusal::Incomplete { missing: vec![2] });
}

#[test]
fn tn_04_components_of_the_published_list_are_allowed() {
    let given = Given::default();
    allowed(&given.nothing(), &Command::Submit(filed(&[1, 2, 3])));
    allowed(&given.submitted(&COMPLETE), &asking(&[3]));
}

#[test]
fn tn_04_components_beyond_the_published_list_are_refused() {
    let given = Given::default();
    let no = Refusal::NotPublished { component: 9 };
    let rule = Rule::PublishedList;
    assert_eq!(
        refused(&given.nothing(), &Command::Submit(filed(&[1, 2, 9])), rule),
        no
    );
    assert_eq!(refused(&given.submitted(&[1]), &asking(&[2, 9]), rule), no);
}

#[test]
fn tn_05_what_no_database_holds_may_be_asked_for() {
    allowed(&Given::default().at_step(1), &drafting(&[1, 2, 3]));
}

#[test]
fn tn_05_what_a_database_holds_may_not_be_asked_for() {
    let given = Given::default();
    let database = Database::Population;
    for (scene, command) in [
        (given.submitted(&[1, 2]), asking(&[4])),
        (given.at_step(1), drafting(&[4])),
    ] {
        let no = refused(&scene, &command, Rule::HeldByDatabase);
        assert_eq!(
            no,
            Refusal::HeldByDatabase {
                component: 4,
                database
            }
        );
    }
}

/// Filed by that channel, with the paper of component 4, which a database holds.
fn with_held_paper(channel: Channel) -> Command {
    Command::Submit(Filed {
        channel,
        ..filed(&[1, 2, 4])
    })
}

#[test]
fn tn_05_what_applicants_attach_from_afar_is_allowed() {
    let given = Given::default();
    let mut online = filed_online(&[1, 2, 4]);
    online.handed[1].handed = HandedAs::Reused {
        file: hash('2'),
        from: None,
    };
    let submit = Command::Submit(online);
    allowed(&given.nothing(), &submit);
    allowed(&given.nothing().does(&submit), &Command::Accept);
}

#[test]
fn tn_05_a_held_paper_handed_in_is_refused_by_every_way_to_file_and_to_accept() {
    let given = Given::default();
    let rule = Rule::HeldByDatabase;
    for channel in [Channel::Direct, Channel::Post] {
        refused(&given.nothing(), &with_held_paper(channel), rule);
    }
    let mut loose = Given::default();
    loose.world.procedure.cases[0].components[3].held_by = None;
    let filed = loose.nothing().does(&with_held_paper(Channel::Direct));
    let scene = Scene {
        world: &given.world,
        ..filed
    };
    refused(&scene, &Command::Accept, rule);
}

#[test]
fn tn_06_a_channel_on_offer_is_allowed() {
    let given = Given::default();
    allowed(&given.nothing(), &Command::Receive(filed(&COMPLETE)));
    let online = given
        .nothing()
        .does(&Command::Submit(filed_online(&COMPLETE)));
    allowed(&online, &Command::Accept);
}

#[test]
fn tn_06_what_is_filed_online_at_a_counter_or_on_paper_is_refused() {
    let given = Given::default();
    let no = |filed: Filed| {
        let submit = Command::Submit(filed);
        refused(&given.nothing(), &submit, Rule::ChannelOffered)
    };
    let other = Refusal::OtherWay { component: 2 };
    for handed in [
        HandedAs::Paper,
        HandedAs::Seen,
        scanned(true),
        scanned(false),
    ] {
        let mut online = filed_online(&COMPLETE);
        online.handed[1].handed = handed;
        assert_eq!(no(online), other);
    }
    for channel in [Channel::Direct, Channel::Post] {
        let mut attached = filed(&COMPLETE);
        attached.channel = channel;
        attached.handed[1].handed = HandedAs::Attached { file: hash('2') };
        assert_eq!(no(attached), other);
    }
    let receive = Command::Receive(filed_online(&COMPLETE));
    let no = refused(&given.nothing(), &receive, Rule::ChannelOffered);
    assert_eq!(no, Refusal::OnlineAtCounter);
}

fn scanned(paper: bool) -> HandedAs {
    HandedAs::Scanned {
        file: hash('4'),
        pages: 1,
        paper,
    }
}

#[test]
fn tn_06_a_channel_not_on_offer_is_refused() {
    let filed = Filed {
        channel: Channel::Post,
        ..filed(&COMPLETE)
    };
    let given = Given::default();
    let no = refused(
        &given.nothing(),
        &Command::Receive(filed),
        Rule::ChannelOffered,
    );
    assert_eq!(
        no,
        Refusal::ChannelNotOffered {
            channel: Channel::Post
        }
    );
}

#[test]
fn tn_01_filing_at_a_centre_that_ended_is_refused() {
    let mut given = Given::default();
    let submit = Command::Submit(filed(&COMPLETE));
    allowed(&given.nothing(), &submit);
    let centre = given.world.receiving.take();
    let last = Some(date(2026, 11, 15));
    for receiving in [
        None,
        centre.map(|unit| Unit {
            valid_to: last,
            ..unit
        }),
    ] {
        given.world.receiving = receiving;
        let no = refused(&given.nothing(), &submit, Rule::ProcedureReceived);
        assert_eq!(no, Refusal::NotReceivedHere);
    }
}

#[test]
fn tn_01_a_department_without_a_counter_receives_nothing() {
    let mut given = Given::default();
    let receive = Command::Receive(filed(&COMPLETE));
    for receiving in [Some(unit(UnitKind::Department)), None] {
        given.world.receiving = receiving;
        let no = refused(&given.nothing(), &receive, Rule::ProcedureReceived);
        assert_eq!(no, Refusal::NotReceivedHere);
    }
}

#[test]
fn tn_07_an_agency_of_the_level_that_decides_is_allowed() {
    let mut given = Given::default();
    given.world.procedure.levels = vec![Level::Province];
    given.world.competent = Some(unit(UnitKind::Department));
    given.world.receiving = Some(unit(UnitKind::ProvincialCentre));
    allowed(&given.nothing(), &Command::Receive(filed(&COMPLETE)));
    given.world.procedure.levels = Vec::new();
    given.world.competent = Some(unit(UnitKind::Commune));
    allowed(&given.nothing(), &Command::Receive(filed(&COMPLETE)));
}

#[test]
fn tn_07_an_agency_of_another_level_or_an_unknown_one_is_refused() {
    let mut given = Given::default();
    given.world.procedure.levels = vec![Level::Commune];
    let receive = Command::Receive(filed(&COMPLETE));
    for competent in [Some(unit(UnitKind::Province)), None] {
        given.world.competent = competent;
        let no = refused(&given.nothing(), &receive, Rule::Competence);
        assert_eq!(no, Refusal::NotCompetent);
    }
}

/// A unit of province `province`.
pub(super) fn unit_of(kind: UnitKind, id: &str, province: &str) -> Unit {
    Unit {
        id: UnitId::parse(id).unwrap(),
        parent: UnitId::parse(province).ok(),
        ..unit(kind)
    }
}

#[test]
fn tn_07_any_centre_of_the_province_receives_for_any_commune_of_it() {
    let mut given = Given::default();
    for (kind, id) in [
        (UnitKind::ProvincialCentre, "H56.99"),
        (UnitKind::Commune, "H56.102"),
    ] {
        given.world.receiving = Some(unit_of(kind, id, "H56"));
        given.world.competent = Some(unit_of(UnitKind::Commune, "H56.140", "H56"));
        allowed(&given.nothing(), &Command::Receive(filed(&COMPLETE)));
        allowed(&given.submitted(&COMPLETE), &Command::Accept);
    }
    let mut given = Given::default();
    given.world.procedure.levels = vec![Level::Province];
    given.world.receiving = Some(unit_of(UnitKind::ProvincialCentre, "H56.99", "H56"));
    given.world.competent = Some(Unit {
        parent: None,
        ..unit_of(UnitKind::Province, "H56", "H56")
    });
    allowed(&given.nothing(), &Command::Receive(filed(&COMPLETE)));
}

#[test]
fn tn_07_an_agency_of_another_province_or_a_dissolved_one_is_refused() {
    let mut given = Given::default();
    let receive = Command::Receive(filed(&COMPLETE));
    given.world.receiving = Some(unit_of(UnitKind::ProvincialCentre, "H56.99", "H56"));
    given.world.competent = Some(unit_of(UnitKind::Commune, "H40.101", "H40"));
    let no = refused(&given.nothing(), &receive, Rule::Competence);
    assert_eq!(no, Refusal::OtherProvince);
    let commune = unit_of(UnitKind::Commune, "H56.140", "H56");
    for (valid_from, valid_to) in [
        (date(2026, 1, 1), Some(date(2026, 11, 15))),
        (date(2026, 11, 17), None),
    ] {
        given.world.competent = Some(Unit {
            valid_from,
            valid_to,
            ..commune.clone()
        });
        let no = refused(&given.nothing(), &receive, Rule::Competence);
        assert_eq!(no, Refusal::AgencyClosed);
        let no = refused(
            &given.submitted(&COMPLETE),
            &Command::Accept,
            Rule::Competence,
        );
        assert_eq!(no, Refusal::AgencyClosed);
    }
    given.world.competent = Some(commune.clone());
    given.world.receiving = Some(Unit {
        valid_to: Some(date(2026, 11, 15)),
        ..commune
    });
    let no = refused(&given.nothing(), &receive, Rule::ProcedureReceived);
    assert_eq!(no, Refusal::NotReceivedHere);
}

#[test]
fn tn_08_work_on_what_was_handed_over_is_allowed() {
    allowed(
        &Given::default().at_step(1),
        &Command::Assign {
            to: staff("officer"),
        },
    );
}

#[test]
fn tn_08_work_on_what_was_not_handed_over_is_refused() {
    let given = Given::default();
    for command in [
        Command::Assign {
            to: staff("officer"),
        },
        asking(&[2]),
        draft(Outcome::Granted),
        Command::Forward,
        sending_back(),
        drafting(&[2]),
        noticing(),
        Command::Issue,
    ] {
        let no = refused(&given.received(), &command, Rule::HandOver);
        assert_eq!(no, Refusal::NotHandedOver, "{command:?}");
    }
}

#[test]
fn bs_01_a_first_supplement_request_is_allowed() {
    let given = Given::default();
    allowed(&given.submitted(&[1]), &asking(&[2]));
    allowed(&given.at_step(1), &drafting(&[2]));
    let drafted = given.at_step(1).does(&drafting(&[2]));
    allowed(&drafted.approved(), &asking(&[]));
}

#[test]
fn bs_01_a_second_supplement_request_is_refused() {
    let given = Given::default();
    let before = given.incomplete().does(&supplying(&[2]));
    let after = given.paused().does(&supplying(&[2]));
    let received = given
        .incomplete()
        .does(&supplying(&[2]))
        .does(&Command::Accept);
    let again = received.does(&Command::HandOver).does(&with_basis(&[2]));
    let third = again.approved().does(&asking(&[])).by("officer");
    let third = third.does(&supplying(&[2])).does(&Command::Forward);
    for (scene, command) in [
        (before, asking(&[2])),
        (after, with_basis(&[2])),
        (third, with_basis(&[2])),
    ] {
        let no = refused(&scene, &command, Rule::SupplementOnce);
        assert_eq!(no, Refusal::AlreadyAsked { at: scene.now });
    }
}

#[test]
fn bs_02_a_request_on_the_last_day_is_allowed() {
    let given = Given::default();
    let scene = given.at_step(1).hours_later(3 * 24 + 9);
    assert_eq!(scene.now, date(2026, 11, 19).at(17, 0, 0, 0));
    allowed(&scene, &drafting(&[2]));
    allowed(&scene.does(&drafting(&[2])).approved(), &asking(&[]));
}

#[test]
fn bs_02_a_request_after_the_last_day_is_refused() {
    let given = Given::default();
    let scene = given.at_step(1).hours_later(3 * 24 + 10);
    let until = date(2026, 11, 19).at(17, 0, 0, 0);
    let no = refused(&scene, &drafting(&[2]), Rule::SupplementInTime);
    assert_eq!(no, Refusal::AskedTooLate { until });
    let drafted = given.at_step(1).does(&drafting(&[2])).approved();
    let late = drafted.hours_later(3 * 24 + 10);
    let no = refused(&late, &asking(&[]), Rule::SupplementInTime);
    assert_eq!(no, Refusal::AskedTooLate { until });
}

#[test]
fn bs_02_before_reception_there_is_no_last_day() {
    allowed(
        &Given::default().submitted(&[1]).hours_later(24 * 14),
        &asking(&[2]),
    );
}

#[test]
fn bs_03_all_that_was_asked_for_coming_back_at_once_is_allowed() {
    let given = Given::default();
    allowed(&given.incomplete(), &supplying(&[2]));
    allowed(&given.at_step(1).asks(&[1, 3]), &supplying(&[3, 1]));
}

#[test]
fn bs_03_a_part_of_what_was_asked_for_is_refused() {
    let given = Given::default();
    let scene = given.at_step(1).asks(&[1, 3]);
    let no = refused(&scene, &supplying(&[3]), Rule::SupplementExact);
    assert_eq!(no, Refusal::StillMissing { missing: vec![1] });
}

#[test]
fn bs_03_what_was_not_asked_for_is_refused() {
    let given = Given::default();
    let scene = given.incomplete();
    let no = refused(&scene, &supplying(&[2, 3]), Rule::SupplementExact);
    assert_eq!(no, Refusal::NotAsked { component: 3 });
}

#[test]
fn bs_03_a_request_names_something() {
    let given = Given::default();
    let scene = given.at_step(1);
    assert_eq!(
        refused(&scene, &drafting(&[]), Rule::SupplementExact),
        Refusal::NothingAsked
    );
}

#[test]
fn bs_03_a_request_names_all_that_is_missing() {
    let given = Given::default();
    allowed(&given.submitted(&[3]), &asking(&[1, 2]));
    let no = refused(&given.submitted(&[3]), &asking(&[2]), Rule::SupplementExact);
    assert_eq!(no, Refusal::AskedInPart { missing: vec![1] });
}

#[test]
fn bs_03_what_is_there_is_asked_for_again_only_with_what_is_wrong() {
    let given = Given::default();
    let asked = |corrections: Vec<Correction>| Command::AskSupplement {
        components: vec![1, 2],
        corrections,
        reason: Some(text("reason")),
    };
    let drafted = |corrections: Vec<Correction>| {
        Command::DraftSupplement(Asking {
            components: vec![1],
            corrections,
            reason: Some(text("reason")),
            basis: None,
        })
    };
    let no = Refusal::WrongUnsaid { component: 1 };
    let (before, after) = (given.submitted(&[1]), given.at_step(1));
    assert_eq!(
        refused(&before, &asked(Vec::new()), Rule::SupplementExact),
        no
    );
    assert_eq!(
        refused(&after, &drafted(Vec::new()), Rule::SupplementExact),
        no
    );
    allowed(&after, &drafted(wrong(&[1])));
    let sent = before.does(&asked(wrong(&[1])));
    let request = sent.dossier.record().unwrap().asked.clone().unwrap();
    assert_eq!(request.components, vec![1, 2], "what is missing, too");
    assert_eq!(request.corrections, wrong(&[1]));
}

#[test]
fn bs_04_closing_when_the_time_to_answer_is_over_is_allowed() {
    let given = Given::default();
    let decline = Command::Decline {
        reason: Some(text("reason")),
    };
    let incomplete = given.incomplete().hours_later(24 * 40);
    allowed(&incomplete, &decline);
    allowed(&incomplete, &Command::CloseUnanswered);
    allowed(
        &given.paused().hours_later(24 * 40),
        &Command::CloseUnanswered,
    );
}

#[test]
fn bs_04_closing_before_the_time_to_answer_is_over_is_refused() {
    let given = Given::default();
    let decline = Command::Decline {
        reason: Some(text("reason")),
    };
    let until = date(2026, 12, 16).at(17, 0, 0, 0);
    let last_minute = 30 * 24 + 9;
    for (scene, command) in [
        (given.incomplete().hours_later(last_minute), decline),
        (
            given.incomplete().hours_later(last_minute),
            Command::CloseUnanswered,
        ),
        (
            given.paused().hours_later(last_minute),
            Command::CloseUnanswered,
        ),
    ] {
        assert_eq!(scene.now, until);
        let no = refused(&scene, &command, Rule::AnswerPeriod);
        assert_eq!(no, Refusal::AnswerPeriod { until });
    }
}

#[test]
fn tc_01_a_refusal_with_its_reason_is_allowed() {
    let given = Given::default();
    allowed(
        &given.submitted(&[1]),
        &Command::Decline {
            reason: Some(text("reason")),
        },
    );
    allowed(&given.at_step(3), &sending_back());
}

#[test]
fn tc_01_a_refusal_without_a_reason_is_refused() {
    let given = Given::default();
    let document = Some(File {
        hash: hash('d'),
        bytes: 1,
    });
    let no_summary = Command::DraftResult {
        outcome: Outcome::Refused,
        document,
        uploaded: false,
        summary: None,
        attachments: Vec::new(),
        last_day: None,
    };
    let asked = Command::AskSupplement {
        components: vec![2],
        corrections: Vec::new(),
        reason: None,
    };
    let unreasoned = Command::DraftSupplement(Asking {
        components: vec![3],
        ..Asking::default()
    });
    let unreasoned_all = vec![
        (given.submitted(&[1]), Command::Decline { reason: None }),
        (given.submitted(&[1]), asked),
        (given.at_step(1), unreasoned),
        (
            given.at_step(1),
            Command::NoticeObligation(ObligationNotice::default()),
        ),
        (given.at_step(2), no_summary),
        (given.at_step(3), Command::SendBack { reason: None }),
    ];
    for (scene, command) in unreasoned_all {
        let no = refused(&scene, &command, Rule::ReasonGiven);
        assert_eq!(no, Refusal::ReasonMissing, "{command:?}");
    }
}

#[test]
fn xl_01_each_step_is_allowed_its_own_end() {
    let given = Given::default();
    allowed(&given.at_step(1), &Command::Forward);
    allowed(&given.at_step(2), &draft(Outcome::Granted));
    allowed(&given.at_step(2), &sending_back());
    allowed(&given.at_step(4), &Command::Issue);
}

#[test]
fn xl_01_ending_a_step_in_the_way_of_another_is_refused() {
    let given = Given::default();
    for (step, command, no) in [
        (1, draft(Outcome::Granted), Refusal::NotDraftingStep),
        (3, draft(Outcome::Granted), Refusal::NotDraftingStep),
        (2, signing(), Refusal::NotApprovingStep),
        (4, signing(), Refusal::NotApprovingStep),
        (3, Command::Issue, Refusal::NotIssuingStep),
        (4, Command::Forward, Refusal::OtherEnd),
        (1, sending_back(), Refusal::FirstStep),
    ] {
        let refused = refused(&given.at_step(step), &command, Rule::StepOrder);
        assert_eq!(refused, no, "{command:?}");
    }
    let no = refused(&given.drafted(), &Command::Issue, Rule::StepOrder);
    assert_eq!(no, Refusal::NotIssuingStep);
}

#[test]
fn xl_01_requests_and_obligations_are_refused_from_approval_on() {
    let given = Given::default();
    for (step, command) in [(3, noticing()), (4, noticing()), (4, drafting(&[2]))] {
        let no = refused(&given.at_step(step), &command, Rule::StepOrder);
        assert_eq!(no, Refusal::NotExaminingStep, "{command:?}");
    }
}

#[test]
fn xl_02_work_by_who_was_given_the_step_is_allowed() {
    let given = Given::default();
    let scene = given.at_step(1).does(&Command::Assign {
        to: staff("officer"),
    });
    allowed(&scene, &Command::Forward);
}

#[test]
fn xl_02_work_by_anybody_else_on_a_given_step_is_refused() {
    let given = Given::default();
    let to = Command::Assign { to: staff("other") };
    for (step, command) in [
        (1, Command::Forward),
        (1, drafting(&[2])),
        (1, noticing()),
        (2, draft(Outcome::Granted)),
        (2, sending_back()),
        (4, Command::Issue),
    ] {
        let scene = given.at_step(step).does(&to);
        let no = refused(&scene, &command, Rule::StepHolder);
        assert_eq!(no, Refusal::NotHolder, "{command:?}");
    }
}

#[test]
fn xl_03_approval_of_a_draft_and_issue_of_what_was_approved_are_allowed() {
    let given = Given::default();
    allowed(&given.drafted(), &Command::Forward);
    allowed(&given.at_step(3), &signing());
    allowed(&given.at_step(4), &Command::Issue);
}

#[test]
fn xl_03_approval_without_a_draft_is_refused() {
    let given = Given::default();
    let scene = given.at_step(2);
    assert_eq!(
        refused(&scene, &Command::Forward, Rule::DraftFirst),
        Refusal::DraftMissing
    );
}

#[test]
fn xl_03_nothing_is_issued_without_approval_even_under_a_faulty_process() {
    let mut given = Given::default();
    given.world.process.steps[3].product = Product::Work;
    let scene = given.at_step(4);
    assert_eq!(
        refused(&scene, &Command::Issue, Rule::DraftFirst),
        Refusal::NotApproved
    );
}

#[test]
fn kq_01_a_settlement_with_its_document_is_allowed() {
    let given = Given::default();
    for outcome in [Outcome::Granted, Outcome::Refused] {
        allowed(&given.at_step(2), &draft(outcome));
    }
}

#[test]
fn kq_01_a_settlement_without_its_document_is_refused() {
    let mut given = Given::default();
    let summary = Some(text("summary"));
    let bare = Command::DraftResult {
        outcome: Outcome::Granted,
        document: None,
        uploaded: false,
        summary,
        attachments: Vec::new(),
        last_day: None,
    };
    let no = refused(&given.at_step(2), &bare, Rule::ResultDocument);
    assert_eq!(no, Refusal::ResultMissing);
    given.world.process.steps[2].product = Product::Work;
    given.world.process.steps.remove(3);
    let no = refused(&given.at_step(3), &Command::Issue, Rule::ResultDocument);
    assert_eq!(no, Refusal::ResultMissing, "even under a faulty process");
}

#[test]
fn kq_02_returning_what_was_settled_is_allowed() {
    let to = returning(Receiver::Applicant);
    allowed(&Given::default().back(), &to);
}

#[test]
fn kq_02_returning_what_was_not_settled_is_refused() {
    let given = Given::default();
    let to = returning(Receiver::Applicant);
    for scene in [
        given.submitted(&COMPLETE),
        given.incomplete(),
        given.received(),
        given.at_step(4),
        given.paused(),
        given.obliged(),
    ] {
        assert_eq!(
            refused(&scene, &to, Rule::SettledFirst),
            Refusal::NotSettled
        );
    }
}

#[test]
fn kq_04_approving_and_issuing_what_the_approver_signed_are_allowed() {
    let given = Given::default();
    let signed = given.at_step(3).does(&signing());
    assert_eq!(signed.step().signed.unwrap().by, staff("officer"));
    allowed(&signed, &Command::Forward);
    let issued = signed.does(&Command::Forward).does(&Command::Issue);
    assert_eq!(issued.dossier.issued().unwrap().document.hash, hash('e'));
    let again = given.at_step(3).does(&signing());
    allowed(&again, &signing());
}

#[test]
fn kq_04_approving_or_issuing_without_the_approver_s_signature_is_refused() {
    let given = Given::default();
    let unsigned = given.at_step(3);
    let no = |scene: &Scene<'_>, command| refused(scene, &command, Rule::ResultSigned);
    assert_eq!(no(&unsigned, Command::Forward), Refusal::NotSigned);
    let of_another = unsigned.does(&signing()).by("leader");
    assert_eq!(no(&of_another, Command::Forward), Refusal::NotSigned);
    let redrawn = of_another
        .does(&sending_back())
        .by("officer")
        .does(&draft(Outcome::Granted))
        .does(&Command::Forward);
    assert_eq!(no(&redrawn, Command::Forward), Refusal::NotSigned);
    let mut scene = given.at_step(4);
    if let Dossier::Processing(_, at) = &mut scene.dossier {
        at.signed = None;
    }
    assert_eq!(no(&scene, Command::Issue), Refusal::NotSigned);
}

#[test]
fn kq_04_a_procedure_without_result_paper_is_approved_and_returned_unsigned() {
    let mut given = Given::default();
    given.world.procedure.without_paper = true;
    let approved = given.at_step(2).does(&draft(Outcome::Granted));
    let approved = approved.does(&Command::Forward).does(&Command::Forward);
    let events = approved.ask(&Command::Issue).unwrap();
    let to = returning(Receiver::Applicant);
    let issued = approved.after(&events);
    allowed(&issued.does(&Command::AcknowledgeResult), &to);
}

/// Signed on a day in November, and what waits to be issued.
fn signed_on(given: &Given, day: i8) -> Scene<'_> {
    let mut scene = given.at_step(3);
    scene.now = date(2026, 11, day).at(16, 30, 0, 0);
    scene.does(&signing()).does(&Command::Forward)
}

#[test]
fn kq_06_issuing_on_the_next_working_day_is_allowed_and_in_time() {
    let given = Given::default();
    // Tuesday 24 November 2026 is a day off, and 28 November a Saturday.
    for (day, last) in [(16, 17), (23, 25), (27, 30)] {
        let mut scene = signed_on(&given, day);
        let by = scene.step().signed.unwrap().issue_by.unwrap();
        assert_eq!(by, date(2026, 11, last).at(17, 0, 0, 0));
        assert!(scene.step().due <= by, "no step goes beyond the law");
        scene.now = by;
        allowed(&scene, &Command::Issue);
        let issued = scene.does(&Command::Issue);
        let issued = issued.dossier.issued().unwrap();
        assert_eq!(issued.issue_by, Some(by));
        assert!(!issued.is_late(), "{day}");
    }
}

#[test]
fn kq_06_issuing_later_is_not_refused_and_stays_marked() {
    let given = Given::default();
    let mut scene = signed_on(&given, 16);
    scene.now = date(2026, 11, 18).at(8, 0, 0, 0);
    allowed(&scene, &Command::Issue);
    assert!(
        scene
            .clone()
            .does(&Command::Issue)
            .dossier
            .issued()
            .unwrap()
            .is_late()
    );
    // What was numbered in time and sealed a week later was no document before.
    scene.now = date(2026, 11, 17).at(8, 0, 0, 0);
    let events = scene.ask(&Command::Issue).unwrap();
    let numbered = scene.after(&events);
    assert!(!numbered.dossier.issued().unwrap().is_late());
    let made = |day, completes| Event::ResultMade {
        at: date(2026, 11, day).at(9, 0, 0, 0),
        file: File {
            hash: hash('f'),
            bytes: 1,
        },
        seal: None,
        completes,
        attachments: Vec::new(),
    };
    let late = numbered.clone().after(&[made(26, None)]);
    let issued = late.dossier.issued().unwrap();
    assert_eq!(issued.at.date(), date(2026, 11, 17));
    assert!(issued.is_late());
    // Proof that is added later makes nothing late.
    let proved = numbered.after(&[made(17, None), made(26, Some(hash('f')))]);
    assert!(!proved.dossier.issued().unwrap().is_late());
}

#[test]
fn kq_05_returning_what_the_agency_sealed_is_allowed() {
    let to = returning(Receiver::Electronic);
    allowed(&Given::default().back(), &to);
}

#[test]
fn kq_05_returning_what_bears_no_seal_yet_is_refused() {
    let given = Given::default();
    let issuing = given.at_step(4);
    let events = issuing.ask(&Command::Issue).unwrap();
    let unsealed = issuing.after(&events);
    for receiver in [Receiver::Applicant, Receiver::Post, Receiver::Electronic] {
        let to = returning(receiver);
        let no = refused(&unsealed, &to, Rule::ResultSealed);
        assert_eq!(no, Refusal::NotSealed);
    }
    let back = Command::AcknowledgeResult;
    let no = refused(&unsealed, &back, Rule::ResultSealed);
    assert_eq!(no, Refusal::NotSealed, "the centre has no result either");
    allowed(
        &unsealed.sealed().does(&Command::AcknowledgeResult),
        &returning(Receiver::Applicant),
    );
}

fn collected_by_another(shown: bool) -> Command {
    let party = PartyId::parse("binh").unwrap();
    returning(Receiver::Authorised { party, shown })
}

#[test]
fn tr_01_a_collector_who_shows_the_authorisation_is_allowed() {
    allowed(&Given::default().back(), &collected_by_another(true));
}

#[test]
fn tr_01_a_collector_who_shows_no_authorisation_is_refused() {
    let given = Given::default();
    let scene = given.back();
    let no = refused(
        &scene,
        &collected_by_another(false),
        Rule::CollectorAuthorised,
    );
    assert_eq!(no, Refusal::AuthorisationMissing);
}

#[test]
fn rh_01_a_withdrawal_with_its_request_on_file_is_allowed_until_settlement() {
    let given = Given::default();
    let withdraw = Command::Withdraw {
        request: Some(hash('e')),
    };
    for scene in [
        given.incomplete(),
        given.received(),
        given.at_step(4),
        given.paused(),
        given.obliged(),
    ] {
        allowed(&scene, &withdraw);
    }
}

#[test]
fn rh_01_a_withdrawal_without_a_request_is_refused() {
    let given = Given::default();
    let scene = given.at_step(1);
    let no = refused(
        &scene,
        &Command::Withdraw { request: None },
        Rule::WithdrawalRequest,
    );
    assert_eq!(no, Refusal::RequestMissing);
}

#[test]
fn han_01_a_date_within_the_published_calendar_is_allowed() {
    let given = Given::default();
    let december = Scene {
        now: date(2027, 12, 1).at(8, 0, 0, 0),
        ..given.nothing()
    };
    allowed(&december, &Command::Receive(filed(&COMPLETE)));
}

#[test]
fn han_01_a_date_beyond_the_published_calendar_is_refused() {
    let given = Given::default();
    let now = date(2027, 12, 30).at(8, 0, 0, 0);
    let scene = Scene {
        now,
        ..given.nothing()
    };
    let no = refused(&scene, &Command::Receive(filed(&COMPLETE)), Rule::Calendar);
    assert_eq!(no, Refusal::NoCalendar { year: 2028 });
    let submitted = Scene {
        now,
        ..given.submitted(&[1])
    };
    assert_eq!(refused(&submitted, &asking(&[2]), Rule::Calendar), no);
}

#[test]
fn tt_01_a_move_that_the_state_has_is_allowed() {
    allowed(&Given::default().received(), &Command::HandOver);
}

#[test]
fn tt_01_a_move_that_the_state_does_not_have_is_refused() {
    let given = Given::default();
    let no = refused(&given.settled(), &Command::HandOver, Rule::Transition);
    let (command, state) = (CommandKind::HandOver, StateKind::Settled);
    assert_eq!(no, Refusal::NoSuchMove { command, state });
}

#[test]
fn tt_02_returning_a_result_before_the_dossier_is_closed_is_allowed() {
    let given = Given::default();
    allowed(&given.back(), &returning(Receiver::Applicant));
    assert!(!given.settled().dossier.kind().is_closed());
}

#[test]
fn tt_02_every_move_of_what_is_closed_is_refused() {
    let given = Given::default();
    for scene in [
        given.declined(),
        given.withdrawn(),
        given.stopped(),
        given.returned(),
    ] {
        let state = scene.dossier.kind();
        assert!(state.is_closed());
        for command in [
            Command::Accept,
            Command::Issue,
            Command::Submit(filed(&COMPLETE)),
        ] {
            let no = refused(&scene, &command, Rule::Closed);
            assert_eq!(no, Refusal::Finished { state });
        }
    }
}

#[test]
fn being_overdue_blocks_neither_work_nor_issue_nor_return() {
    let world = World::new(PauseMode::Restart, Some(Limit::Hours(1)));
    let mut scene = Scene::new(&world);
    while !scene.dossier.kind().is_closed() {
        let next = scene.natural();
        scene = scene.does(&next).hours_later(24 * 20);
    }
    assert_eq!(scene.dossier.kind(), StateKind::Returned);
}

/// Lists every refusal once; one that is missing here does not compile.
macro_rules! refusals {
    ($($name:ident $({ $($field:ident: $value:expr),+ })?,)+) => {{
        let name = |refusal: &Refusal| match refusal {
            $(Refusal::$name $({ $($field: _),+ })? => stringify!($name),)+
        };
        let all = vec![$(Refusal::$name $({ $($field: $value),+ })?,)+];
        assert!(all.iter().map(name).eq([$(stringify!($name)),+]));
        all
    }};
}

fn correction() -> DossierId {
    DossierId::parse("correction").unwrap()
}

#[expect(clippy::too_many_lines, reason = "a line for each refusal")]
fn every_refusal() -> Vec<Refusal> {
    let at = date(2026, 11, 16).at(8, 0, 0, 0);
    refusals![
        NoSuchMove {
            command: CommandKind::Accept,
            state: StateKind::Received
        },
        Finished {
            state: StateKind::Returned
        },
        NotInForce,
        NotReceivedHere,
        NotCompetent,
        OtherProvince,
        NotReceivedElsewhere,
        AgencyClosed,
        NoSuchCase,
        ChannelNotOffered {
            channel: Channel::Post
        },
        OnlineAtCounter,
        OtherWay { component: 1 },
        MandateMissing,
        Incomplete { missing: vec![1] },
        NotPublished { component: 9 },
        HeldByDatabase {
            component: 4,
            database: Database::Population
        },
        AlreadyAsked { at: at },
        AskedTooLate { until: at },
        NotHandedOver,
        NothingAsked,
        AskedInPart { missing: vec![1] },
        WrongUnsaid { component: 1 },
        NotAsked { component: 3 },
        StillMissing { missing: vec![1] },
        AnswerPeriod { until: at },
        ReasonMissing,
        NotHolder,
        FirstStep,
        OtherEnd,
        DraftMissing,
        NotApproved,
        NotSigned,
        SignedForAnother,
        OtherAttachments,
        NothingToAttachTo,
        NotSealed,
        NotApprovingStep,
        NotDraftingStep,
        NotExaminingStep,
        NotIssuingStep,
        NotSettled,
        LastDayNotOwn,
        LastDayPast,
        LastDayBeyond { most: at.date() },
        ResultMissing,
        AuthorisationMissing,
        IdentityUnseen,
        IdentityOther,
        PapersKept { missing: vec![1] },
        OtherDelivery,
        RequestMissing,
        BasisMissing,
        RequestNotDrafted,
        OwnDraft,
        DraftOfAnother,
        RequestNotApproved,
        ApproverMissing,
        RequestApproved,
        OtherThanDrafted,
        NotHeldThere { component: 1 },
        ScanOfNothing { component: 1 },
        ScanOfShown { component: 1 },
        ScanOfShared { component: 1 },
        ScanOfCopy { component: 1 },
        LookupUnsaid { component: 4 },
        StopDocumentMissing,
        AmountMissing,
        ProofMissing,
        NothingPromised,
        ApologyTooLate { until: at },
        AlreadyApologised { at: at },
        NewDateTooEarly { after: at },
        NewDateOff { day: at.date() },
        NoTask,
        OwnTask,
        TaskWithoutLimit { task: 1 },
        SilenceIsNoConsent { task: 1 },
        SilenceTooSoon { task: 1, least: at },
        TaskTime {
            task: 1,
            until: Some(at)
        },
        NoSuchTask { task: 1 },
        NotItsTurn { task: 1 },
        TaskOver { task: 1 },
        NothingToAcknowledge { task: 1 },
        OpinionMissing,
        TasksOpen { tasks: vec![1] },
        NoSuchLane,
        InLane,
        LaneNotForOwner,
        LaneProjectMissing,
        LaneNotDecider { role: Role::Leader },
        NotIssuer,
        CorrectionOpen { by: correction() },
        BeingCorrected { by: correction() },
        ResultSuperseded {
            by: correction(),
            kind: CorrectionKind::Replace
        },
        ReceiptNotOnPaper,
        ReceiptScanMissing,
        NoElectronicOriginal,
        OriginalOnPaper,
        HasElectronicOriginal,
        BeingDigitised,
        CopyScanMissing,
        NotCompared,
        CopyUndecided,
        NoCorrectionOpen,
        ApologyMissing,
        CorrectionNotFree,
        SigningNotDelegated,
        NotByPost,
        PostRecordSigned,
        PostRecordUnsigned,
        PostRecordWaits,
        ResultNeverAway,
        ResultBack,
        ResultNotBack,
        OwnHands,
        NothingHeld,
        OtherVersion,
        StepNotReached,
        NothingChanges,
        MovedSince,
        NotMoved,
        NoCalendar { year: 2028 },
    ]
}

#[test]
fn every_refusal_has_a_name_of_its_own() {
    let all = every_refusal();
    let names: BTreeSet<&str> = all.iter().map(Refusal::key).collect();
    assert_eq!(names.len(), all.len());
}

#[test]
fn every_rule_that_judges_a_dossier_is_behind_a_refusal() {
    let behind: BTreeSet<Rule> = every_refusal().iter().map(Refusal::rule).collect();
    let judges = |rule: &&Rule| !rule.governs().is_empty();
    let every: BTreeSet<Rule> = Rule::ALL.iter().filter(judges).copied().collect();
    assert_eq!(behind, every);
}

#[test]
fn bc_01_a_record_signed_by_both_is_allowed_and_submits_what_the_post_filed() {
    let given = Given::default();
    let filed = given.by_post();
    let record = |scene: &Scene<'_>| scene.dossier.record().unwrap().clone();
    assert_eq!(record(&filed).answer_by, None, "the post has the papers");
    let later = filed.clone().hours_later(24);
    allowed(&later, &handing_by_post("agent"));
    let handed = later.does(&handing_by_post("agent"));
    let (before, after) = (record(&filed), record(&handed));
    assert_eq!(after.submitted_at, before.submitted_at);
    assert_eq!(
        (before.legal_at(), after.legal_at()),
        (filed.now, handed.now)
    );
    let within = crate::deadline::after_working_minutes(handed.now, 480, &given.world.clock());
    assert_eq!(after.answer_by, within.ok());
    assert_eq!(handed.dossier.kind(), StateKind::Submitted);
}

#[test]
fn bc_01_a_second_record_or_one_of_one_hand_is_refused() {
    let given = Given::default();
    let (rule, handing) = (Rule::PostRecord, handing_by_post("agent"));
    let direct = given.submitted(&COMPLETE);
    assert_eq!(refused(&direct, &handing, rule), Refusal::NotByPost);
    let filed = given.by_post();
    let own = filed.clone().by("agent");
    assert_eq!(refused(&own, &handing, rule), Refusal::OwnHands);
    let handed = filed.does(&handing);
    assert_eq!(refused(&handed, &handing, rule), Refusal::PostRecordSigned);
    refused(&given.received(), &handing, Rule::Transition);
}
