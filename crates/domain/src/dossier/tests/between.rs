//! What comes and goes between places: by post, from another centre, back from another agency, and in
//! which time.

use jiff::civil::{Date, date};

use super::commands::{Given, asking, handing_by_post};
use super::rules::{allowed, refused, unit_of};
use super::world::{COMPLETE, Scene, draft, filed, filed_by_agent, handed, returning, text};
use crate::dossier::{
    ByPost, Command, Escalation, Event, Filed, Outcome, Receiver, Refusal, StateKind, Watch,
};
use crate::ids::UnitId;
use crate::money::Dong;
use crate::office::UnitKind;
use crate::parameters::{Override, Parameters};
use crate::procedure::{Channel, Level, Offer};
use crate::rules::Rule;

#[test]
fn bc_01_what_the_post_filed_is_judged_once_its_record_is_signed() {
    let mut given = Given::default();
    given.world.procedure.offers.push(Offer {
        channel: Channel::Post,
        limit: None,
        note: String::new(),
        fees: Vec::new(),
    });
    let filed = given.by_post();
    let declining = Command::Decline {
        reason: Some(text("reason")),
    };
    for command in [Command::Accept, asking(&[2]), declining] {
        let no = refused(&filed, &command, Rule::PostRecord);
        assert_eq!(no, Refusal::PostRecordUnsigned, "{command:?}");
    }
    let handed = filed.does(&handing_by_post("agent"));
    allowed(&handed, &Command::Accept);
    let posts = &handed.dossier.record().unwrap().course.posts;
    assert_eq!(posts[0].collected, Some(Dong(8_000)));
}

/// What came to the agent as a supplement.
fn supplying_by_post(components: &[u16]) -> Command {
    let Command::HandByPost(handing) = handing_by_post("agent") else {
        panic!("the post hands over");
    };
    Command::HandByPost(ByPost {
        record: "H56.102-261117-2".to_owned(),
        collected: None,
        handed: handed(components),
        ..handing
    })
}

/// What the post filed, received and paused for a supplement.
fn paused_by_post(given: &Given) -> Scene<'_> {
    given
        .by_post()
        .does(&handing_by_post("agent"))
        .does(&Command::Accept)
        .does(&Command::HandOver)
        .by("officer")
        .asks(&[2])
        .hours_later(24)
        .by("clerk")
}

#[test]
fn bc_01_a_supplement_that_the_post_brings_came_when_both_have_signed() {
    let mut given = Given::default();
    let direct = given.world.procedure.offers[0].clone();
    given.world.procedure.offers.push(Offer {
        channel: Channel::Post,
        ..direct
    });
    let paused = paused_by_post(&given);
    let legal = paused.dossier.record().unwrap().legal_at();
    let supplied = paused.clone().does(&supplying_by_post(&[2]));
    let record = supplied.dossier.record().unwrap();
    assert_eq!(supplied.dossier.kind(), StateKind::Processing);
    assert_eq!(record.pauses[0].to, Some(paused.now));
    assert_eq!(record.course.supplied_by_post[0].at, paused.now);
    assert_eq!(record.course.supplied_by_post[0].record, "H56.102-261117-2");
    assert_eq!(record.legal_at(), legal, "reception is not undone");
    // Before reception the dossier is submitted when it is complete.
    let post = Command::Submit(filed_by_agent(&[1]));
    let filed = given.nothing().does(&post).by("clerk");
    let incomplete = filed
        .does(&handing_by_post("agent"))
        .does(&asking(&[2]))
        .hours_later(5);
    let handed_at = incomplete.dossier.record().unwrap().legal_at();
    let complete = incomplete.clone().does(&supplying_by_post(&[2]));
    let record = complete.dossier.record().unwrap();
    assert_eq!(record.legal_at(), handed_at, "submitted by the first one");
    assert_eq!(record.answer_began(), incomplete.now, "answered anew");
    assert!(record.answer_by > Some(incomplete.now));
    allowed(&complete, &Command::Accept);
}

#[test]
fn bc_01_a_second_record_keeps_the_money_of_the_first_and_both_are_on_file() {
    let given = with_post();
    let filed = given
        .nothing()
        .by("agent")
        .does(&Command::Submit(filed_by_agent(&[1])))
        .by("clerk")
        .does(&handing_by_post("agent"));
    let asked = filed.does(&asking(&[2])).hours_later(5);
    let complete = asked.does(&supplying_by_post(&[2]));
    let record = complete.dossier.record().unwrap();
    let numbers: Vec<&str> = record
        .course
        .posts
        .iter()
        .map(|signed| signed.record.as_str())
        .collect();
    assert_eq!(numbers.len(), 2);
    assert_ne!(numbers[0], numbers[1]);
    assert_eq!(record.collected(), Some(Dong(8_000)));
}

#[test]
fn tn_01_what_the_post_handed_over_in_time_and_completed_later_is_allowed() {
    let mut given = with_post();
    given.world.procedure.valid_to = Some(date(2026, 11, 16));
    let asked = given
        .nothing()
        .by("agent")
        .does(&Command::Submit(filed_by_agent(&[1])))
        .by("clerk")
        .does(&handing_by_post("agent"))
        .does(&asking(&[2]));
    let complete = asked.hours_later(48).does(&supplying_by_post(&[2]));
    allowed(&complete, &Command::Accept);
}

/// The procedure is served by post.
fn with_post() -> Given {
    let mut given = Given::default();
    let direct = given.world.procedure.offers[0].clone();
    given.world.procedure.offers.push(Offer {
        channel: Channel::Post,
        ..direct
    });
    given
}

#[test]
fn bc_01_a_letter_opened_at_the_counter_is_answered_without_a_record() {
    let given = with_post();
    let letter = Command::Submit(Filed {
        channel: Channel::Post,
        ..filed(&[1])
    });
    let filed = given.nothing().does(&letter);
    let record = filed.dossier.record().unwrap();
    assert!(
        record.answer_by > Some(filed.now),
        "somebody answers in time"
    );
    assert_eq!(watched_level(&filed.clone().hours_later(24)).1, Watch::Step);
    allowed(&filed, &asking(&[2]));
    let declining = Command::Decline {
        reason: Some(text("reason")),
    };
    allowed(&filed, &declining);
    let no = refused(&filed, &handing_by_post("agent"), Rule::PostRecord);
    assert_eq!(no, Refusal::NotByPost);
    allowed(
        &given.nothing(),
        &Command::Receive(Filed {
            channel: Channel::Post,
            ..self::filed(&COMPLETE)
        }),
    );
}

/// The first clock that runs, and up to whom it concerns.
fn watched_level(scene: &Scene<'_>) -> (Escalation, Watch) {
    let clock = scene.world.clock();
    let watched = scene
        .dossier
        .watched(scene.now, &clock, Parameters::shipped());
    let watched = watched.unwrap();
    (watched[0].level, watched[0].watch)
}

#[test]
fn bc_01_what_an_agent_never_brings_is_watched_and_declined_by_the_centre_in_the_end() {
    let given = with_post();
    let filed = given.by_post();
    let declining = Command::Decline {
        reason: Some(text("reason")),
    };
    assert_eq!(watched_level(&filed).0, Escalation::Nobody);
    refused(&filed, &declining, Rule::PostRecord);
    // The van may still be on its way when a centre would have had to answer.
    let on_its_way = filed.clone().hours_later(26);
    assert_eq!(watched_level(&on_its_way).0, Escalation::Nobody);
    refused(&on_its_way, &declining, Rule::PostRecord);
    let late = filed.hours_later(72);
    assert_eq!(watched_level(&late).0, Escalation::Centre);
    refused(&late, &Command::Accept, Rule::PostRecord);
    let events = late.ask(&declining).unwrap();
    let Event::Declined { late, refund, .. } = &events[0] else {
        panic!("{events:?}");
    };
    assert_eq!((*late, *refund), (false, None), "no time of the centre ran");
}

#[test]
fn bc_01_what_a_record_on_the_centre_s_desk_lists_is_not_ended_before_it_is_signed() {
    let given = with_post();
    let declining = Command::Decline {
        reason: Some(text("reason")),
    };
    let late = given.by_post().hours_later(96);
    allowed(&late, &declining);
    let on_the_desk = Scene {
        listed: true,
        ..late
    };
    let no = refused(&on_the_desk, &declining, Rule::PostRecord);
    assert_eq!(no, Refusal::PostRecordWaits);
    // Nor is what lies there as a supplement: the applicant was not silent.
    let silent = paused_by_post(&given).hours_later(24 * 60);
    allowed(&silent, &Command::CloseUnanswered);
    let brought = Scene {
        listed: true,
        ..silent
    };
    let no = refused(&brought, &Command::CloseUnanswered, Rule::PostRecord);
    assert_eq!(no, Refusal::PostRecordWaits);
    allowed(&brought, &supplying_by_post(&[2]));
}

#[test]
fn bc_01_an_agent_of_the_post_files_by_post_and_never_receives() {
    let given = with_post();
    let agent = given.nothing().by("agent");
    let receive = Command::Receive(filed_by_agent(&COMPLETE));
    let no = refused(&agent, &receive, Rule::PostRecord);
    assert_eq!(no, Refusal::PostRecordUnsigned);
    let direct = Command::Submit(Filed {
        channel: Channel::Direct,
        ..filed_by_agent(&COMPLETE)
    });
    let no = refused(&agent, &direct, Rule::PostRecord);
    assert_eq!(no, Refusal::NotByPost);
}

#[test]
fn bc_01_a_supplement_by_post_is_whole_and_of_two_hands() {
    let mut given = Given::default();
    let direct = given.world.procedure.offers[0].clone();
    given.world.procedure.offers.push(Offer {
        channel: Channel::Post,
        ..direct
    });
    let paused = paused_by_post(&given);
    let no = refused(&paused, &supplying_by_post(&[]), Rule::SupplementExact);
    assert_eq!(no, Refusal::StillMissing { missing: vec![2] });
    let own = paused.by("agent");
    let no = refused(&own, &supplying_by_post(&[2]), Rule::PostRecord);
    assert_eq!(no, Refusal::OwnHands);
    let counter = given.paused().by("clerk");
    let no = refused(&counter, &supplying_by_post(&[2]), Rule::PostRecord);
    assert_eq!(no, Refusal::NotByPost);
}

#[test]
fn kq_03_acknowledging_a_result_that_comes_back_is_allowed_once() {
    let given = Given::default();
    let settled = given.settled().by("clerk").hours_later(3);
    allowed(&settled, &Command::AcknowledgeResult);
    let back = settled.clone().does(&Command::AcknowledgeResult);
    let acknowledged = back.dossier.record().unwrap().course.result_back.clone();
    assert_eq!(acknowledged.unwrap().at, settled.now);
}

#[test]
fn kq_03_returning_what_the_centre_acknowledged_or_decided_itself_is_allowed() {
    let given = Given::default();
    let to = returning(Receiver::Applicant);
    let events = given.back().ask(&to).unwrap();
    assert!(matches!(events.as_slice(), [Event::Returned(_)]));
    allowed(&at_home(&given), &to);
}

#[test]
fn kq_03_returning_what_is_still_with_the_agency_is_refused() {
    let given = Given::default();
    for receiver in [Receiver::Applicant, Receiver::Post, Receiver::Electronic] {
        let to = returning(receiver);
        let no = refused(&given.settled(), &to, Rule::ResultBack);
        assert_eq!(no, Refusal::ResultNotBack);
    }
}

/// Settled by the agency at whose own centre it was received.
fn at_home(given: &Given) -> Scene<'_> {
    let at_home = Filed {
        receiving: UnitId::parse("H56.14").unwrap(),
        ..filed(&COMPLETE)
    };
    let mut scene = given.nothing().does(&Command::Receive(at_home));
    while scene.dossier.kind() != StateKind::Settled {
        let next = match scene
            .dossier
            .at_step()
            .map(|at| (at.index, at.draft.is_some()))
        {
            Some((2, false)) => draft(Outcome::Granted),
            _ => scene.natural(),
        };
        scene = scene.does(&next);
    }
    scene
}

#[test]
fn kq_03_acknowledging_a_result_never_away_or_back_already_is_refused() {
    let given = Given::default();
    let back = given.back();
    let no = refused(&back, &Command::AcknowledgeResult, Rule::ResultBack);
    assert_eq!(no, Refusal::ResultBack);
    let home = at_home(&given);
    let no = refused(&home, &Command::AcknowledgeResult, Rule::ResultBack);
    assert_eq!(no, Refusal::ResultNeverAway);
}

/// Parameters with a row of the province about what is received regardless of boundaries.
fn listed(what: &str, value: &str, from: Date) -> Parameters {
    let one = Override {
        key: format!("boundary.{what}"),
        value: value.to_owned(),
        valid_from: from,
        citation: "QĐ 3407/QĐ-UBND".to_owned(),
    };
    Parameters::shipped().with(&[one]).unwrap()
}

#[test]
fn tn_07_what_the_province_lists_is_received_at_any_centre_from_its_day_on() {
    let mut given = Given::default();
    given.world.procedure.levels = vec![Level::Province];
    given.world.receiving = Some(unit_of(UnitKind::Commune, "H56.102", "H56"));
    given.world.competent = Some(unit_of(UnitKind::Department, "H56.03", "H56"));
    let receive = Command::Receive(filed(&COMPLETE));
    let no = refused(&given.nothing(), &receive, Rule::Competence);
    assert_eq!(no, Refusal::NotReceivedElsewhere);
    for (from, is_allowed) in [(date(2026, 11, 16), true), (date(2026, 11, 17), false)] {
        let parameters = listed("2.000815", "yes", from);
        let scene = Scene {
            parameters: &parameters,
            ..given.nothing()
        };
        assert_eq!(scene.ask(&receive).is_ok(), is_allowed, "{from}");
    }
}

#[test]
fn tn_07_what_the_province_unlists_is_received_at_its_own_centre_alone() {
    let mut given = Given::default();
    given.world.competent = Some(unit_of(UnitKind::Commune, "H56.140", "H56"));
    let receive = Command::Receive(filed(&COMPLETE));
    let parameters = listed("2.000815", "no", date(2026, 11, 1));
    for (centre, is_allowed) in [("H56.140", true), ("H56.102", false)] {
        given.world.receiving = Some(unit_of(UnitKind::Commune, centre, "H56"));
        let scene = Scene {
            parameters: &parameters,
            ..given.nothing()
        };
        assert_eq!(scene.ask(&receive).is_ok(), is_allowed, "{centre}");
    }
}

#[test]
fn tn_07_what_was_listed_on_the_day_of_its_filing_is_received_after_its_end() {
    let mut given = Given::default();
    given.world.procedure.levels = vec![Level::Province];
    given.world.receiving = Some(unit_of(UnitKind::Commune, "H56.102", "H56"));
    given.world.competent = Some(unit_of(UnitKind::Department, "H56.03", "H56"));
    let row = |value: &str, from| Override {
        key: "boundary.2.000815".to_owned(),
        value: value.to_owned(),
        valid_from: from,
        citation: "QĐ 3407/QĐ-UBND".to_owned(),
    };
    let filed_on = given.submitted(&COMPLETE).now.date();
    let next = filed_on.tomorrow().unwrap();
    let rows = [row("yes", date(2026, 11, 1)), row("no", next)];
    let parameters = Parameters::shipped().with(&rows).unwrap();
    let later = next.at(9, 0, 0, 0);
    let filed_before = Scene {
        parameters: &parameters,
        now: later,
        ..given.submitted(&COMPLETE)
    };
    allowed(&filed_before, &Command::Accept);
    let filed_since = Scene {
        parameters: &parameters,
        now: later,
        ..given.nothing()
    };
    let receive = Command::Receive(filed(&COMPLETE));
    let no = refused(&filed_since, &receive, Rule::Competence);
    assert_eq!(no, Refusal::NotReceivedElsewhere);
}

#[test]
fn tn_08_what_came_before_the_cut_off_goes_the_same_day_and_the_rest_the_next() {
    let given = Given::default();
    let monday = date(2026, 11, 16);
    for (hour, minute, until) in [
        (8, 0, monday.at(17, 0, 0, 0)),
        (14, 59, monday.at(17, 0, 0, 0)),
        (15, 0, date(2026, 11, 17).at(17, 0, 0, 0)),
        (18, 0, date(2026, 11, 17).at(17, 0, 0, 0)),
    ] {
        let mut scene = given.nothing();
        scene.now = monday.at(hour, minute, 0, 0);
        let mut received = scene.does(&Command::Receive(filed(&COMPLETE)));
        assert!(received.step().due <= until, "{hour}:{minute}");
        received.now = until;
        let in_time = received.clone().does(&Command::HandOver);
        let late_of = |scene: &Scene<'_>| scene.dossier.record().unwrap().course.handed_over_late;
        assert_eq!(late_of(&in_time), None, "{hour}:{minute}");
        // Late, it is handed over all the same, and marked.
        received = received.hours_later(1);
        let late = received.does(&Command::HandOver);
        assert_eq!(late_of(&late), Some(until), "{hour}:{minute}");
    }
}
