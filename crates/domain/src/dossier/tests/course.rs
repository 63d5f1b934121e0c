//! The rules of what happens beside the steps of the process: each allows a case and refuses one.

use jiff::civil::{DateTime, date};

use super::commands::{Given, asking};
use super::rules::{allowed, refused, with_basis};
use super::usual::{
    admission, admitting, agency, apologising, correcting, correction, course, looked, lookup,
    stopping,
};
use super::world::{
    COMPLETE, Scene, World, drafting, filed, handed, hash, meeting, noticing, staff, text,
};
use crate::deadline::{Limit, PauseMode};
use crate::dossier::{
    Admitting, Asking, Command, CommandKind, Correcting, Correction, CorrectionEnd, CorrectionKind,
    Corrects, Event, Filed, LookupOutcome, ObligationNotice, Outcome, Proof, Refusal, StateKind,
    StopGround, Stopping,
};
use crate::ids::DossierId;
use crate::money::Dong;
use crate::office::Role;
use crate::parameters::{Override, Parameters};
use crate::party::PartyKind;
use crate::procedure::StageRule;
use crate::rules::Rule;

fn november(day: i8, hour: i8) -> DateTime {
    date(2026, 11, day).at(hour, 0, 0, 0)
}

#[test]
fn bs_05_sending_what_another_drafted_and_the_leader_approved_is_allowed() {
    let given = Given::default();
    let drafted = given.at_step(1).does(&drafting(&[2]));
    assert!(drafted.dossier.record().unwrap().course.asking.is_some());
    let sent = drafted.hours_later(1).approved().does(&asking(&[2]));
    let request = sent.dossier.record().unwrap().asked.clone().unwrap();
    assert_eq!(request.drafted_by, Some(staff("officer")));
    assert_eq!(request.sent_by, Some(staff("clerk")));
    let approved = request.approved.unwrap();
    assert_eq!(
        (approved.at, approved.by),
        (november(16, 9), staff("leader"))
    );
    assert_eq!((request.stage, request.components), (Some(1), vec![2]));
    assert!(sent.dossier.record().unwrap().course.asking.is_none());
}

#[test]
fn bs_05_sending_without_draft_approval_or_another_hand_is_refused() {
    let given = Given::default();
    let rule = Rule::SupplementReviewed;
    let bare = given.at_step(1);
    assert_eq!(
        refused(&bare, &asking(&[2]), rule),
        Refusal::RequestNotDrafted
    );
    let discard = course(CommandKind::DiscardSupplement);
    assert_eq!(refused(&bare, &discard, rule), Refusal::RequestNotDrafted);
    let drafted = bare.does(&drafting(&[2]));
    assert_eq!(refused(&drafted, &asking(&[]), rule), Refusal::OwnDraft);
    let clerk = drafted.clone().by("clerk");
    assert_eq!(
        refused(&clerk, &asking(&[1, 2]), rule),
        Refusal::OtherThanDrafted
    );
    let mut stand_in = clerk.clone();
    stand_in.for_whom = Some(staff("officer"));
    assert_eq!(refused(&stand_in, &asking(&[]), rule), Refusal::OwnDraft);
    let approve = Command::ApproveSupplement;
    assert_eq!(refused(&drafted, &approve, rule), Refusal::OwnDraft);
    assert_eq!(refused(&stand_in, &approve, rule), Refusal::OwnDraft);
    assert_eq!(
        refused(&clerk, &asking(&[]), rule),
        Refusal::RequestNotApproved
    );
    let approved = drafted.clone().approved();
    assert_eq!(refused(&approved, &approve, rule), Refusal::RequestApproved);
    let anew = approved.by("officer").does(&drafting(&[1])).by("clerk");
    assert_eq!(
        refused(&anew, &asking(&[]), rule),
        Refusal::RequestNotApproved,
        "another draft is approved anew"
    );
    assert_eq!(
        refused(&clerk, &drafting(&[2]), rule),
        Refusal::DraftOfAnother
    );
    let back = clerk.does(&discard);
    allowed(&back, &drafting(&[2]));
    assert_eq!(refused(&back, &approve, rule), Refusal::RequestNotDrafted);
    assert_eq!(
        refused(&back, &asking(&[]), rule),
        Refusal::RequestNotDrafted
    );
    let moved = drafted.does(&Command::Forward).by("clerk");
    assert_eq!(
        refused(&moved, &asking(&[]), rule),
        Refusal::RequestNotDrafted
    );
}

#[test]
fn bs_06_a_second_request_of_another_stage_with_basis_and_approver_is_allowed() {
    let given = Given::default();
    let supplied = given.incomplete().does(&Command::Supply {
        handed: handed(&[2]),
    });
    let received = supplied.does(&Command::Accept).does(&Command::HandOver);
    allowed(&received, &with_basis(&[2]));
    let drafted = received.does(&with_basis(&[2]));
    allowed(&drafted.approved(), &asking(&[]));
}

#[test]
fn bs_06_a_second_request_without_its_basis_is_refused() {
    let given = Given::default();
    let asked = given.paused().does(&Command::Supply {
        handed: handed(&[2]),
    });
    let next = asked.does(&Command::Forward);
    let rule = Rule::SupplementSecond;
    assert_eq!(refused(&next, &drafting(&[2]), rule), Refusal::BasisMissing);
}

#[test]
fn bs_06_a_second_request_without_its_approver_is_refused() {
    let given = Given::default();
    let asked = given.paused().does(&Command::Supply {
        handed: handed(&[2]),
    });
    let next = asked.does(&Command::Forward).does(&with_basis(&[2]));
    let no = refused(&next.by("clerk"), &asking(&[]), Rule::SupplementSecond);
    assert_eq!(no, Refusal::ApproverMissing);
}

#[test]
fn a_correction_of_a_component_asks_for_the_component() {
    let given = Given::default();
    let wrong = Command::DraftSupplement(Asking {
        components: vec![3],
        corrections: vec![Correction {
            component: 1,
            what: text("page-2"),
        }],
        reason: Some(text("reason")),
        basis: None,
    });
    let sent = given.at_step(1).does(&wrong).approved().does(&asking(&[]));
    let request = sent.dossier.record().unwrap().asked.clone().unwrap();
    assert_eq!(request.components, vec![1, 3]);
    assert_eq!(request.corrections.len(), 1);
}

#[test]
fn a_stage_has_its_own_mode_and_its_own_times() {
    let mut given = Given::default();
    given.world.procedure.supplement.stages = vec![StageRule {
        step: 1,
        mode: Some(PauseMode::Exclude),
        within: Some(Limit::working_days(1)),
        answer: Some(Limit::Days(10)),
        basis: "luật chuyên ngành".to_owned(),
    }];
    let scene = given.at_step(1);
    let late = scene.clone().hours_later(24 + 10);
    let until = november(17, 17);
    let no = refused(&late, &drafting(&[2]), Rule::SupplementInTime);
    assert_eq!(no, Refusal::AskedTooLate { until });
    let asked = scene.asks(&[2]);
    let request = asked.dossier.record().unwrap().asked.clone().unwrap();
    assert_eq!(request.mode, PauseMode::Exclude);
    assert_eq!(request.answer_by, november(26, 17));
}

#[test]
fn a_value_of_the_province_holds_for_what_is_received_from_its_day_on() {
    let world = World::new(PauseMode::Restart, Some(Limit::working_days(5)));
    let own = Parameters::shipped().with(&[Override {
        key: "supplement.within".to_owned(),
        value: "1wd".to_owned(),
        valid_from: date(2026, 11, 17),
        citation: "QĐ 12/2026/QĐ-UBND".to_owned(),
    }]);
    let own = own.unwrap();
    for (later, allowed) in [(0, true), (24, false)] {
        let mut scene = Scene::new(&world).hours_later(later);
        scene.parameters = &own;
        let scene = scene.does(&Command::Receive(filed(&COMPLETE)));
        let scene = scene.does(&Command::HandOver).hours_later(48);
        assert_eq!(scene.ask(&drafting(&[2])).is_ok(), allowed, "{later}");
    }
}

#[test]
fn tn_09_a_lookup_of_what_the_database_holds_is_allowed() {
    let given = Given::default();
    for scene in [given.submitted(&[1]), given.received(), given.paused()] {
        allowed(&scene, &looked(LookupOutcome::Confirmed));
    }
}

#[test]
fn tn_09_a_lookup_of_what_the_database_does_not_hold_is_refused() {
    let given = Given::default();
    let mut other = lookup(LookupOutcome::Failed);
    other.component = 2;
    let no = Refusal::NotHeldThere { component: 2 };
    let command = Command::RecordLookup(other.clone());
    assert_eq!(refused(&given.at_step(1), &command, Rule::Lookup), no);
    let receive = Command::Receive(Filed {
        lookups: vec![other],
        ..filed(&COMPLETE)
    });
    assert_eq!(refused(&given.nothing(), &receive, Rule::Lookup), no);
}

#[test]
fn tn_09_a_failed_lookup_without_a_word_about_it_is_refused() {
    let given = Given::default();
    let no = Refusal::LookupUnsaid { component: 4 };
    for found in [LookupOutcome::Failed, LookupOutcome::Wrong] {
        let mut silent = lookup(found);
        silent.note = None;
        let receive = Command::Receive(Filed {
            lookups: vec![silent.clone()],
            ..filed(&COMPLETE)
        });
        assert_eq!(refused(&given.nothing(), &receive, Rule::Lookup), no);
        let record = Command::RecordLookup(silent);
        assert_eq!(refused(&given.at_step(1), &record, Rule::Lookup), no);
    }
    let mut found = lookup(LookupOutcome::Confirmed);
    found.note = None;
    allowed(&given.at_step(1), &Command::RecordLookup(found));
}

#[test]
fn tn_05_a_failed_lookup_on_record_opens_the_paper() {
    let given = Given::default();
    let failed = given.at_step(1).does(&looked(LookupOutcome::Failed));
    allowed(&failed, &drafting(&[4]));
    let no = refused(&failed, &drafting(&[3]), Rule::SupplementExact);
    assert_eq!(no, Refusal::AskedInPart { missing: vec![4] });
    let found = failed.does(&looked(LookupOutcome::Confirmed));
    refused(&found, &drafting(&[4]), Rule::HeldByDatabase);
    let with_paper = |lookups| {
        Command::Receive(Filed {
            lookups,
            ..filed(&[1, 2, 4])
        })
    };
    allowed(
        &given.nothing(),
        &with_paper(vec![lookup(LookupOutcome::Wrong)]),
    );
    for lookups in [Vec::new(), vec![lookup(LookupOutcome::Confirmed)]] {
        refused(&given.nothing(), &with_paper(lookups), Rule::HeldByDatabase);
    }
}

#[test]
fn dn_01_a_stop_with_its_document_is_allowed() {
    let given = Given::default();
    for scene in [given.at_step(1), given.at_step(3)] {
        for ground in [StopGround::Request, StopGround::Decision] {
            let stopped = scene.clone().does(&stopping(ground));
            assert_eq!(stopped.dossier.kind(), StateKind::Stopped);
        }
    }
}

#[test]
fn dn_01_a_stop_without_its_document_is_refused() {
    let given = Given::default();
    let bare = Command::Stop(Stopping {
        ground: StopGround::Decision,
        document: None,
        reason: Some(text("reason")),
    });
    let no = refused(&given.at_step(1), &bare, Rule::StopDocument);
    assert_eq!(no, Refusal::StopDocumentMissing);
}

#[test]
fn nv_01_a_notice_with_its_amount_is_allowed() {
    let given = Given::default();
    let obliged = given.at_step(1).does(&noticing());
    let obligation = obliged.dossier.record().unwrap().course.obligation.clone();
    assert_eq!(obligation.unwrap().amount, Some(Dong(150_000)));
}

#[test]
fn nv_01_a_notice_without_an_amount_is_refused() {
    let given = Given::default();
    for amount in [None, Some(Dong(0))] {
        let notice = Command::NoticeObligation(ObligationNotice {
            text: Some(text("tax")),
            amount,
            pay_by: None,
            document: Some(hash('a')),
        });
        let no = refused(&given.at_step(1), &notice, Rule::ObligationNotice);
        assert_eq!(no, Refusal::AmountMissing);
    }
}

#[test]
fn nv_02_meeting_an_obligation_with_its_proof_is_allowed() {
    let given = Given::default();
    let by_file = Command::MeetObligation {
        proof: Some(Proof::File { file: hash('a') }),
    };
    allowed(&given.obliged(), &by_file);
    let met = given.obliged().does(&meeting());
    let obligation = met.dossier.record().unwrap().course.obligation.clone();
    assert!(obligation.unwrap().proof.is_some());
}

#[test]
fn nv_02_meeting_an_obligation_without_proof_is_refused() {
    let bare = Command::MeetObligation { proof: None };
    let no = refused(&Given::default().obliged(), &bare, Rule::ObligationProof);
    assert_eq!(no, Refusal::ProofMissing);
}

#[test]
fn qh_01_an_apology_is_allowed_until_a_working_day_before_the_end_and_again_once_it_is_late() {
    let given = Given::default();
    let sorry = apologising(november(27, 9));
    // Due Monday 23 November 17:00: until Friday 20 at the same time.
    let last = given.at_step(1).hours_later(4 * 24 + 9);
    assert_eq!(last.now, november(20, 17));
    let early = last.does(&sorry);
    let record = early.dossier.record().unwrap();
    assert!(!record.course.apologies[0].late);
    assert_eq!(record.due, Some(november(23, 17)), "the first date stays");
    let late = given.at_step(1).hours_later(7 * 24 + 10).does(&sorry);
    assert!(late.dossier.record().unwrap().course.apologies[0].late);
}

#[test]
fn qh_01_an_apology_on_the_last_day_is_refused() {
    let given = Given::default();
    let scene = given.at_step(1).hours_later(7 * 24 + 1);
    let no = refused(&scene, &apologising(november(27, 9)), Rule::ApologyInTime);
    let until = november(20, 17);
    assert_eq!(no, Refusal::ApologyTooLate { until });
}

#[test]
fn qh_02_a_first_new_date_is_given() {
    allowed(&Given::default().received(), &apologising(november(27, 9)));
}

#[test]
fn qh_02_a_second_new_date_is_refused() {
    let given = Given::default();
    let scene = given.received().does(&apologising(november(27, 9)));
    let no = refused(&scene, &apologising(november(30, 9)), Rule::ApologyOnce);
    assert_eq!(no, Refusal::AlreadyApologised { at: scene.now });
}

#[test]
fn qh_03_a_new_date_on_a_later_working_day_is_allowed() {
    allowed(&Given::default().at_step(1), &apologising(november(25, 9)));
}

#[test]
fn qh_03_a_new_date_on_a_day_off_or_before_the_old_one_is_refused() {
    let given = Given::default();
    let rule = Rule::NewDate;
    let off = refused(&given.received(), &apologising(november(24, 9)), rule);
    let day = date(2026, 11, 24);
    assert_eq!(off, Refusal::NewDateOff { day });
    let early = refused(&given.received(), &apologising(november(23, 17)), rule);
    let after = november(23, 17);
    assert_eq!(early, Refusal::NewDateTooEarly { after });
    let late = given.received().hours_later(10 * 24);
    let after = late.now;
    let past = refused(&late, &apologising(november(25, 9)), rule);
    assert_eq!(past, Refusal::NewDateTooEarly { after });
    let world = World::new(PauseMode::Restart, None);
    let open = Scene::new(&world).does(&Command::Receive(filed(&COMPLETE)));
    let no = refused(&open, &apologising(november(27, 9)), rule);
    assert_eq!(no, Refusal::NothingPromised);
}

#[test]
fn qh_03_in_a_green_lane_a_new_date_before_the_legal_one_is_allowed() {
    let given = Given::default();
    let lane = given.received().by("leader").does(&admitting("xanh"));
    let published = lane.dossier.record().unwrap().published_due().unwrap();
    assert!(published < november(20, 9), "{published}");
    allowed(&lane, &apologising(november(20, 9)));
    let early = refused(&lane, &apologising(published), Rule::NewDate);
    assert_eq!(early, Refusal::NewDateTooEarly { after: published });
    // Past the published date the applicant waits, whatever the law still allows.
    let waits = lane.hours_later(24 * 4 + 1);
    assert!(waits.now > published && waits.now < november(23, 17));
    let said = waits.ask(&apologising(november(25, 9))).unwrap();
    let marked = |event: &Event| matches!(event, Event::Apologised(apology) if !apology.late);
    assert!(said.iter().any(marked), "the law is kept: {said:?}");
}

#[test]
fn qh_02_an_apology_for_the_published_date_of_a_lane_leaves_that_for_the_legal_one() {
    let given = Given::default();
    let lane = given.received().by("leader").does(&admitting("xanh"));
    let parameters = Parameters::shipped();
    let room = |scene: &Scene<'_>| {
        let record = scene.dossier.record().unwrap();
        record.may_promise_anew(parameters, scene.now)
    };
    let once = lane.does(&apologising(november(20, 9)));
    // Another date before the legal one is refused; that the law is missed is still to be said.
    let again = refused(&once, &apologising(november(20, 10)), Rule::ApologyOnce);
    assert_eq!(again, Refusal::AlreadyApologised { at: once.now });
    assert!(room(&once));
    let both = once.does(&apologising(november(27, 9)));
    let apologies = &both.dossier.record().unwrap().course.apologies;
    let said: Vec<(bool, bool)> = apologies.iter().map(|a| (a.late, a.within_law)).collect();
    assert_eq!(said, [(false, true), (false, false)]);
    assert!(!room(&both));
    refused(&both, &apologising(november(30, 9)), Rule::ApologyOnce);
    let past = both.hours_later(24 * 10);
    refused(&past, &apologising(november(30, 9)), Rule::ApologyOnce);
}

#[test]
fn lx_01_a_published_lane_is_allowed_hastens_and_touches_nothing_else() {
    let given = Given::default();
    let before = given.at_step(1);
    for (lane, due) in [
        ("xanh", date(2026, 11, 19).at(11, 30, 0, 0)),
        ("16h", november(18, 8)),
    ] {
        let after = before.clone().does(&admitting(lane));
        let (old, new) = (
            before.dossier.record().unwrap(),
            after.dossier.record().unwrap(),
        );
        assert_eq!(new.course.lane.as_ref().unwrap().due, due);
        assert_eq!((&new.filed, new.due), (&old.filed, old.due));
    }
}

#[test]
fn lx_01_a_lane_that_nobody_published_is_refused() {
    let no = refused(
        &Given::default().at_step(1),
        &admitting("red"),
        Rule::LaneOffered,
    );
    assert_eq!(no, Refusal::NoSuchLane);
}

#[test]
fn lx_02_a_first_lane_is_allowed() {
    allowed(&Given::default().received(), &admitting("xanh"));
}

#[test]
fn lx_02_a_second_lane_is_refused() {
    let given = Given::default();
    let scene = given.received().does(&admitting("xanh"));
    let no = refused(&scene, &admitting("16h"), Rule::LaneOnce);
    assert_eq!(no, Refusal::InLane);
}

fn admitted_as(change: impl FnOnce(&mut Admitting)) -> Command {
    let mut asked = admission("16h");
    change(&mut asked);
    Command::AdmitToLane(asked)
}

#[test]
fn lx_03_the_owners_and_projects_of_the_plan_are_allowed() {
    let given = Given::default();
    let second = |asked: &mut Admitting| asked.project = Some("P-2".to_owned());
    allowed(&given.at_step(1), &admitted_as(second));
    let anybody = Admitting {
        project: None,
        owner: PartyKind::Citizen,
        ..admission("xanh")
    };
    allowed(&given.received(), &Command::AdmitToLane(anybody));
}

#[test]
fn lx_03_other_owners_and_other_projects_are_refused() {
    let (given, rule) = (Given::default(), Rule::LaneEligible);
    let citizen = admitted_as(|asked| asked.owner = PartyKind::Citizen);
    let no = refused(&given.at_step(1), &citizen, rule);
    assert_eq!(no, Refusal::LaneNotForOwner);
    for project in [None, Some("P-9".to_owned())] {
        let other = admitted_as(|asked| asked.project = project);
        let no = refused(&given.at_step(1), &other, rule);
        assert_eq!(no, Refusal::LaneProjectMissing);
    }
}

#[test]
fn lx_04_who_the_plan_names_is_allowed_to_admit() {
    let also = |asked: &mut Admitting| asked.posts = vec![Role::CentreDirector, Role::Leader];
    allowed(&Given::default().at_step(1), &admitted_as(also));
}

#[test]
fn lx_04_admission_by_anybody_else_is_refused() {
    let director = admitted_as(|asked| asked.posts = vec![Role::CentreDirector]);
    let no = refused(&Given::default().at_step(1), &director, Rule::LaneDecided);
    let role = Role::Leader;
    assert_eq!(no, Refusal::LaneNotDecider { role });
}

#[test]
fn the_published_date_is_never_after_a_legal_one_that_moved() {
    let given = Given::default();
    let scene = given.at_step(1).does(&admitting("xanh"));
    let mut record = scene.dossier.record().unwrap().clone();
    let sooner = november(18, 17);
    assert!(record.published_due() > Some(sooner));
    record.due = Some(sooner);
    assert_eq!(record.published_due(), Some(sooner));
}

#[test]
fn the_published_date_waits_with_the_legal_one() {
    let given = Given::default();
    let scene = given.at_step(1).does(&admitting("xanh")).does(&noticing());
    let scene = scene.hours_later(24).does(&meeting());
    let record = scene.dossier.record().unwrap();
    let published = date(2026, 11, 20).at(11, 30, 0, 0);
    assert_eq!(record.course.lane.as_ref().unwrap().due, published);
    assert_eq!(record.due, Some(november(25, 17)));
    let settled = date(2026, 11, 23).at(8, 0, 0, 0);
    assert_eq!(
        record.on_time(settled),
        Some(false),
        "late by the published date"
    );
    assert_eq!(record.lawful(settled), Some(true), "in time by the law");
}

#[test]
fn dc_01_the_issuing_agency_is_allowed_to_correct_a_result_settled_or_returned() {
    let given = Given::default();
    for scene in [given.settled(), given.returned()] {
        let state = scene.dossier.kind();
        let open = scene.does(&correcting());
        assert_eq!(open.dossier.kind(), state);
        let done = open.does(&course(CommandKind::FinishCorrection));
        let linked = &done.dossier.record().unwrap().course.corrections[0];
        assert_eq!(
            (&linked.by, linked.kind),
            (&correction(), CorrectionKind::Amend)
        );
        assert_eq!(linked.done_at, Some(done.now));
        allowed(&done, &correcting());
    }
}

#[test]
fn dc_01_another_agency_or_a_second_correction_at_once_is_refused() {
    let given = Given::default();
    let rule = Rule::CorrectionOwn;
    let other = Command::OpenCorrection(Correcting {
        by: correction(),
        agency: agency("H56.02"),
        kind: CorrectionKind::Withdraw,
        reason: Some(text("reason")),
        apology: Some(text("apology")),
    });
    assert_eq!(refused(&given.returned(), &other, rule), Refusal::NotIssuer);
    let open = given.returned().does(&correcting());
    let by = correction();
    assert_eq!(
        refused(&open, &correcting(), rule),
        Refusal::CorrectionOpen { by }
    );
    let stranger = Command::FinishCorrection {
        by: DossierId::parse("other").unwrap(),
        end: CorrectionEnd::Done,
    };
    assert_eq!(refused(&open, &stranger, rule), Refusal::NoCorrectionOpen);
}

/// A dossier that corrects another, with this charge and these components.
pub(super) fn correcting_dossier(fee: i64, components: &[u16]) -> Command {
    Command::Receive(Filed {
        fee: Dong(fee),
        corrects: Some(Corrects {
            dossier: DossierId::parse("original").unwrap(),
            kind: CorrectionKind::Replace,
            reason: text("reason"),
        }),
        ..filed(components)
    })
}

#[test]
fn dc_02_a_correction_without_charge_and_without_papers_is_allowed() {
    allowed(&Given::default().nothing(), &correcting_dossier(0, &[]));
}

#[test]
fn dc_02_a_correction_that_costs_something_or_has_no_apology_is_refused() {
    let given = Given::default();
    let rule = Rule::CorrectionFree;
    for command in [correcting_dossier(8_000, &[]), correcting_dossier(0, &[1])] {
        let no = refused(&given.nothing(), &command, rule);
        assert_eq!(no, Refusal::CorrectionNotFree);
    }
    let silent = Command::OpenCorrection(Correcting {
        by: correction(),
        agency: agency("H56.14"),
        kind: CorrectionKind::Amend,
        reason: Some(text("reason")),
        apology: None,
    });
    assert_eq!(
        refused(&given.returned(), &silent, rule),
        Refusal::ApologyMissing
    );
}

#[test]
fn dc_02_a_correction_under_way_asks_the_applicant_for_nothing() {
    let given = Given::default();
    let rule = Rule::CorrectionFree;
    let Command::Receive(free) = correcting_dossier(0, &[]) else {
        panic!("it is received");
    };
    let filed = given.nothing().does(&Command::Submit(free));
    let no = refused(&filed, &asking(&[2]), rule);
    assert_eq!(no, Refusal::CorrectionNotFree);
    let received = given.nothing().does(&correcting_dossier(0, &[]));
    let working = received.does(&Command::HandOver).by("officer");
    for command in [drafting(&[2]), noticing()] {
        let no = refused(&working, &command, rule);
        assert_eq!(no, Refusal::CorrectionNotFree, "{command:?}");
    }
}

#[test]
fn xl_02_who_stands_in_for_the_holder_works_on_the_step_and_both_are_named() {
    let given = Given::default();
    let held = given.at_step(1).does(&Command::Assign {
        to: staff("officer"),
    });
    let mut deputy = held.by("deputy");
    refused(&deputy, &Command::Forward, Rule::StepHolder);
    deputy.for_whom = Some(staff("officer"));
    let events = deputy.ask(&Command::Forward).unwrap();
    let [Event::StepFinished { by, behalf, .. }] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!((by, behalf), (&staff("deputy"), &Some(staff("officer"))));
    let next = deputy
        .after(&events)
        .does(&super::world::draft(Outcome::Granted));
    let draft = next.step().draft.unwrap();
    assert_eq!(
        (draft.by, draft.behalf),
        (staff("deputy"), Some(staff("officer")))
    );
}

#[test]
fn what_a_stand_in_drafted_is_sent_back_to_the_absent_person() {
    let given = Given::default();
    let mut deputy = given.at_step(2).by("deputy");
    deputy.for_whom = Some(staff("officer"));
    let drafted = deputy.does(&super::world::draft(Outcome::Granted));
    let back = Command::SendBack {
        reason: Some(text("reason")),
    };
    let mut leader = drafted.does(&Command::Forward).by("leader");
    leader.for_whom = None;
    let returned = leader.does(&back);
    assert_eq!(returned.step().holder, Some(staff("officer")));
    // The absence is over: she goes on, and the one who stood in does not.
    let again = super::world::draft(Outcome::Refused);
    refused(&returned.clone().by("deputy"), &again, Rule::StepHolder);
    assert!(returned.by("officer").ask(&again).is_ok());
}

#[test]
fn qh_02_another_new_date_is_allowed_where_the_province_says_so() {
    let own = Parameters::shipped().with(&[Override {
        key: "apology.most".to_owned(),
        value: "2".to_owned(),
        valid_from: date(2026, 11, 1),
        citation: "QĐ 12/2026/QĐ-UBND".to_owned(),
    }]);
    let own = own.unwrap();
    let given = Given::default();
    let once = given.received().does(&apologising(november(27, 9)));
    let left = |parameters| {
        let record = once.dossier.record().unwrap();
        record.may_promise_anew(parameters, once.now)
    };
    assert_eq!((left(Parameters::shipped()), left(&own)), (false, true));
    let mut more = once.clone();
    more.parameters = &own;
    allowed(&more, &apologising(november(30, 9)));
}

#[test]
fn xl_02_a_step_whose_holder_left_is_anybody_s_and_one_without_a_holder_is_not_released() {
    let given = Given::default();
    let held = given.at_step(1).does(&Command::Assign {
        to: staff("officer"),
    });
    let free = held.does(&Command::Release).by("other");
    assert_eq!(free.step().holder, None);
    allowed(&free, &Command::Forward);
    let no = refused(&free, &Command::Release, Rule::StepHolder);
    assert_eq!(no, Refusal::NothingHeld);
}

#[test]
fn the_first_act_of_the_agency_acknowledges_the_hand_over_once() {
    let given = Given::default();
    let events = given.at_step(1).ask(&Command::Forward).unwrap();
    let [
        Event::HandOverAcknowledged(taken),
        Event::StepFinished { .. },
    ] = &events[..]
    else {
        panic!("{events:?}");
    };
    assert_eq!(taken.by, staff("officer"));
    let next = given.at_step(1).after(&events);
    let events = next.ask(&super::world::draft(Outcome::Granted)).unwrap();
    assert_eq!(events.len(), 1, "{events:?}");
}

#[test]
fn a_refusal_cites_the_term_of_the_procedure_the_value_of_the_province_or_the_rule() {
    let mut given = Given::default();
    let late = 3 * 24 + 10;
    let no = |scene: &Scene<'_>| scene.ask(&drafting(&[2])).unwrap_err();
    let scene = given.at_step(1).hours_later(late);
    assert_eq!(scene.cited(&no(&scene)), "NĐ 118/2025/NĐ-CP, Điều 19");
    let own = Parameters::shipped().with(&[Override {
        key: "supplement.within".to_owned(),
        value: "2wd".to_owned(),
        valid_from: date(2026, 1, 1),
        citation: "QĐ 12/2026/QĐ-UBND".to_owned(),
    }]);
    let own = own.unwrap();
    let mut set = scene.clone();
    set.parameters = &own;
    assert_eq!(set.cited(&no(&set)), "QĐ 12/2026/QĐ-UBND");
    given.world.procedure.supplement.within = Some(Limit::working_days(1));
    given.world.procedure.supplement.basis = "Luật Nuôi con nuôi".to_owned();
    let scene = given.at_step(1).hours_later(late);
    assert_eq!(scene.cited(&no(&scene)), "Luật Nuôi con nuôi");
    let early = given.paused();
    let no = early.ask(&Command::CloseUnanswered).unwrap_err();
    assert_eq!(early.cited(&no), "NĐ 118/2025/NĐ-CP, Điều 17");
    given.world.procedure.supplement.answer = Some(Limit::Days(15));
    let early = given.paused();
    let no = early.ask(&Command::CloseUnanswered).unwrap_err();
    assert_eq!(early.cited(&no), "Luật Nuôi con nuôi");
}
