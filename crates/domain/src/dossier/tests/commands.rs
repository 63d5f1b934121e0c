//! What each command makes happen, event by event.

use jiff::civil::{DateTime, date};

use super::world::{
    COMPLETE, Scene, World, draft, drafting, filed, filed_by_agent, handed, handing, hash, meeting,
    noticing, returning, signing, staff, text,
};
use crate::calendar::Calendar;
use crate::deadline::{Limit, Pause, PauseMode};
use crate::dossier::{
    AtStep, ByPost, Command, CommandKind, Dossier, Draft, Event, File, HandedOver, Handing, Issued,
    NationalStatus, Noticed, Outcome, Proof, Receiver, Refund, Refusal, Request, Resumed, Returned,
    StateKind,
};
use crate::ids::{DossierCode, UnitId};
use crate::money::Dong;
use crate::process::{Product, Step};
use crate::slip::Form;

/// What a test starts from.
pub(super) struct Given {
    pub(super) world: World,
}

impl Default for Given {
    fn default() -> Self {
        Self::under(PauseMode::Restart)
    }
}

impl Given {
    pub(super) fn under(mode: PauseMode) -> Self {
        Self {
            world: World::new(mode, Some(Limit::working_days(5))),
        }
    }

    pub(super) fn nothing(&self) -> Scene<'_> {
        Scene::new(&self.world)
    }

    pub(super) fn submitted(&self, components: &[u16]) -> Scene<'_> {
        self.nothing().does(&Command::Submit(filed(components)))
    }

    /// Filed by an agent of the post, who still has the papers.
    pub(super) fn by_post(&self) -> Scene<'_> {
        self.nothing()
            .by("agent")
            .does(&Command::Submit(filed_by_agent(&COMPLETE)))
            .by("clerk")
    }

    pub(super) fn incomplete(&self) -> Scene<'_> {
        self.submitted(&[1]).does(&asking(&[2]))
    }

    pub(super) fn declined(&self) -> Scene<'_> {
        self.submitted(&[1]).does(&Command::Decline {
            reason: Some(text("reason")),
        })
    }

    pub(super) fn received(&self) -> Scene<'_> {
        self.nothing().does(&Command::Receive(filed(&COMPLETE)))
    }

    /// At the step of that index: 1 a check, 2 the examination, 3 the approval, 4 the issue.
    pub(super) fn at_step(&self, index: usize) -> Scene<'_> {
        let mut scene = self.received();
        while scene.dossier.kind() == StateKind::Received || scene.step().index < index {
            let next = scene.natural();
            scene = scene.does(&next);
        }
        scene
    }

    /// At the first step of the agency, which has acknowledged it.
    pub(super) fn taken(&self) -> Scene<'_> {
        self.at_step(1).does(&Command::Assign {
            to: staff("officer"),
        })
    }

    pub(super) fn drafted(&self) -> Scene<'_> {
        self.at_step(2).does(&draft(Outcome::Granted))
    }

    pub(super) fn paused(&self) -> Scene<'_> {
        self.at_step(1).asks(&[2])
    }

    pub(super) fn obliged(&self) -> Scene<'_> {
        self.at_step(1).does(&noticing())
    }

    pub(super) fn withdrawn(&self) -> Scene<'_> {
        self.at_step(1).does(&Command::Withdraw {
            request: Some(hash('e')),
        })
    }

    pub(super) fn stopped(&self) -> Scene<'_> {
        self.paused()
            .hours_later(24 * 40)
            .does(&Command::CloseUnanswered)
    }

    pub(super) fn settled(&self) -> Scene<'_> {
        self.at_step(4).does(&Command::Issue)
    }

    /// Settled, and the centre has the result.
    pub(super) fn back(&self) -> Scene<'_> {
        self.settled().does(&Command::AcknowledgeResult)
    }

    pub(super) fn returned(&self) -> Scene<'_> {
        self.back().does(&returning(Receiver::Applicant))
    }
}

impl Scene<'_> {
    /// Does what must be possible here; the worker seals what is issued.
    pub(super) fn does(self, command: &Command) -> Self {
        let events = self
            .ask(command)
            .unwrap_or_else(|no| panic!("{command:?}: {no:?}"));
        let scene = self.after(&events);
        if command.kind() == CommandKind::Issue {
            return scene.sealed();
        }
        scene
    }

    /// Signs the draft and approves it.
    pub(super) fn signs(self) -> Self {
        self.does(&signing()).does(&Command::Forward)
    }

    /// The worker seals what was issued.
    pub(super) fn sealed(self) -> Self {
        let at = self.now;
        self.after(&[Event::ResultMade {
            at,
            file: document(),
            seal: None,
            completes: None,
            attachments: Vec::new(),
        }])
    }

    /// Drafts a request, has it approved and lets the centre send it.
    pub(super) fn asks(self, components: &[u16]) -> Self {
        let by = self.by.as_str().to_owned();
        let drafted = self.does(&drafting(components));
        drafted.approved().does(&asking(&[])).by(&by)
    }

    /// The draft of a request approved by the leader; a clerk is next.
    pub(super) fn approved(self) -> Self {
        self.by("leader")
            .does(&Command::ApproveSupplement)
            .by("clerk")
    }

    pub(super) fn step(&self) -> AtStep {
        self.dossier.at_step().cloned().unwrap()
    }

    pub(super) fn due(&self) -> Option<DateTime> {
        self.dossier.record().unwrap().due
    }
}

pub(super) fn asking(components: &[u16]) -> Command {
    Command::AskSupplement {
        components: components.to_vec(),
        corrections: Vec::new(),
        reason: Some(text("reason")),
    }
}

/// A time in November 2026.
fn november(day: i8, hour: i8, minute: i8) -> DateTime {
    date(2026, 11, day).at(hour, minute, 0, 0)
}

/// The charge of 8.000 đ after reception, where the source says nothing of refunds.
fn not_given_back() -> Refund {
    Refund {
        back: Dong(0),
        kept: Dong(8_000),
    }
}

fn document() -> File {
    File {
        hash: hash('d'),
        bytes: 20_480,
    }
}

#[test]
fn filing_from_afar_is_one_event_and_promises_nothing() {
    let given = Given::default();
    let scene = given.nothing();
    let filed = filed(&COMPLETE);
    assert_eq!(
        scene.ask(&Command::Submit(filed.clone())),
        Ok(vec![Event::Submitted {
            at: november(16, 8, 0),
            filed,
            answer_by: Some(november(17, 8, 0)),
        }])
    );
    let submitted = given.submitted(&COMPLETE);
    let record = submitted.dossier.record().unwrap();
    assert_eq!((record.code.clone(), record.due), (None, None));
}

#[test]
fn reception_at_the_counter_files_numbers_and_promises_in_one_act() {
    let given = Given::default();
    let filed = filed(&COMPLETE);
    let received = Event::Received {
        at: november(16, 8, 0),
        code: DossierCode::parse("H56.112-261116-0007").unwrap(),
        limit: Some(Limit::working_days(5)),
        due: Some(november(23, 17, 0)),
        calendar: Calendar::national().version().to_owned(),
        step_due: november(16, 14, 0),
    };
    let submitted = Event::Submitted {
        at: november(16, 8, 0),
        filed: filed.clone(),
        answer_by: None,
    };
    assert_eq!(
        given.nothing().ask(&Command::Receive(filed)),
        Ok(vec![submitted, received])
    );
}

#[test]
fn accepting_what_was_filed_counts_from_the_acceptance() {
    let given = Given::default();
    let scene = given.submitted(&COMPLETE).hours_later(25);
    let [Event::Received { at, code, due, .. }] = &scene.ask(&Command::Accept).unwrap()[..] else {
        panic!("one reception");
    };
    assert_eq!(
        (*at, code.as_str()),
        (november(17, 9, 0), "H56.112-261117-0007")
    );
    assert_eq!(*due, Some(november(25, 17, 0)), "24 November is a day off");
}

#[test]
fn a_procedure_without_a_published_limit_promises_no_date() {
    let world = World::new(PauseMode::Exclude, None);
    let scene = Scene::new(&world).does(&Command::Receive(filed(&COMPLETE)));
    assert_eq!(scene.due(), None);
    let scene = scene.does(&Command::HandOver).asks(&[2]).hours_later(2);
    assert_eq!(
        scene
            .does(&Command::Supply {
                handed: handed(&[2])
            })
            .due(),
        None
    );
}

#[test]
fn what_the_population_database_holds_is_not_missing() {
    let given = Given::default();
    assert!(
        !COMPLETE.contains(&4),
        "component 4 is mandatory and held by a database"
    );
    assert_eq!(given.received().dossier.kind(), StateKind::Received);
}

#[test]
fn a_request_before_reception_keeps_the_dossier_unnumbered() {
    let given = Given::default();
    let request = Request {
        at: november(16, 8, 0),
        number: Some("07/HDHS".to_owned()),
        components: vec![2, 3],
        reason: text("reason"),
        answer_by: date(2026, 12, 16).at(17, 0, 0, 0),
        mode: PauseMode::Restart,
        corrections: Vec::new(),
        stage: None,
        basis: None,
        drafted_by: None,
        approved: None,
        sent_by: Some(staff("officer")),
    };
    let scene = given.submitted(&[1]);
    let asked = Event::SupplementRequested { request };
    assert_eq!(
        scene.ask(&asking(&[3, 2, 3])),
        Ok(vec![asked]),
        "in order and once each"
    );
    let scene = given.incomplete().hours_later(24);
    let supply = Command::Supply {
        handed: handed(&[2]),
    };
    let supplied = Event::Supplied {
        at: november(17, 8, 0),
        handed: handed(&[2]),
        promised: Resumed::nothing(Calendar::national().version().to_owned()),
        step_due: None,
        answer_by: Some(november(18, 8, 0)),
    };
    assert_eq!(scene.ask(&supply), Ok(vec![supplied]));
    let scene = scene.does(&supply).does(&Command::Accept);
    assert_eq!(
        scene.dossier.record().unwrap().filed.handed,
        handed(&[1, 2])
    );
}

#[test]
fn after_a_supplement_under_restart_the_promise_is_that_of_a_new_reception() {
    let given = Given::default();
    let scene = given.paused().hours_later(48).does(&Command::Supply {
        handed: handed(&[2]),
    });
    assert_eq!(scene.due(), Some(november(26, 17, 0)));
    assert_eq!(
        scene.step().due,
        november(18, 14, 0),
        "the step has its whole time again"
    );
    let pause = Pause {
        from: november(16, 8, 0),
        to: Some(november(18, 8, 0)),
        mode: PauseMode::Restart,
    };
    assert_eq!(scene.dossier.record().unwrap().pauses, vec![pause]);
}

#[test]
fn after_a_supplement_under_exclude_the_promise_moves_by_the_time_waited() {
    let given = Given::under(PauseMode::Exclude);
    let scene = given.paused().hours_later(48).does(&Command::Supply {
        handed: handed(&[2]),
    });
    assert_eq!(
        scene.due(),
        Some(november(26, 17, 0)),
        "two working days after 23 November"
    );
    assert_eq!(scene.step().due, november(18, 14, 0));
}

#[test]
fn a_wait_outside_working_hours_moves_no_clock() {
    let given = Given::under(PauseMode::Exclude);
    let scene = given.at_step(1).hours_later(12);
    let scene = scene.does(&noticing());
    let scene = scene.hours_later(8).does(&meeting());
    assert_eq!(scene.due(), Some(november(23, 17, 0)));
    assert_eq!(scene.step().due, november(16, 14, 0));
}

#[test]
fn the_expired_clock_of_a_step_cannot_be_stopped() {
    let given = Given::under(PauseMode::Exclude);
    let scene = given.at_step(1).hours_later(24);
    let scene = scene.asks(&[2]).hours_later(24);
    let scene = scene.does(&Command::Supply {
        handed: handed(&[2]),
    });
    assert_eq!(scene.step().due, november(16, 14, 0));
    assert_eq!(
        scene.due(),
        Some(november(25, 17, 0)),
        "the promise itself had not expired"
    );
    let scene = given.at_step(1).hours_later(6);
    assert_eq!(scene.now, scene.step().due, "it expires as the wait begins");
    let scene = scene.does(&noticing());
    let scene = scene.hours_later(24).does(&meeting());
    assert_eq!(scene.step().due, november(16, 14, 0));
}

#[test]
fn a_supply_after_the_answer_period_is_taken_until_somebody_closes() {
    let given = Given::default();
    let late = given.incomplete().hours_later(24 * 40);
    let late = late.does(&Command::Supply {
        handed: handed(&[2]),
    });
    assert_eq!(late.dossier.kind(), StateKind::Submitted);
}

#[test]
fn a_financial_obligation_stops_the_clock_until_it_is_met() {
    let given = Given::default();
    let notice = noticing();
    let noticed = Event::ObligationNoticed(Noticed {
        at: november(16, 8, 0),
        notice: text("tax"),
        amount: Some(Dong(150_000)),
        pay_by: Some(date(2026, 12, 7)),
        document: None,
    });
    assert_eq!(given.taken().ask(&notice), Ok(vec![noticed]));
    let scene = given.obliged().hours_later(24);
    let met = Event::ObligationMet {
        at: november(17, 8, 0),
        promised: Resumed {
            due: Some(november(25, 17, 0)),
            ..Resumed::nothing(Calendar::national().version().to_owned())
        },
        step_due: november(17, 14, 0),
        proof: Some(Proof::Note { text: text("paid") }),
    };
    assert_eq!(scene.ask(&meeting()), Ok(vec![met]));
    let again = scene.does(&meeting()).does(&notice);
    assert_eq!(
        again.dossier.kind(),
        StateKind::Obliged,
        "an obligation may follow another"
    );
}

#[test]
fn hand_over_names_who_gave_what_to_whom() {
    let given = Given::default();
    let handed_over = Event::HandedOver(HandedOver {
        at: november(16, 8, 0),
        by: staff("clerk"),
        to: UnitId::parse("H56.14").unwrap(),
        step: 1,
        step_due: november(16, 14, 0),
        behalf: None,
        late: None,
    });
    assert_eq!(
        given.received().by("clerk").ask(&Command::HandOver),
        Ok(vec![handed_over])
    );
}

#[test]
fn a_step_may_be_assigned_again() {
    let given = Given::default();
    let scene = given
        .at_step(1)
        .does(&Command::Assign { to: staff("first") });
    let second = Command::Assign {
        to: staff("second"),
    };
    let assigned = Event::Assigned {
        at: november(16, 8, 0),
        step: 1,
        to: staff("second"),
    };
    assert_eq!(scene.ask(&second), Ok(vec![assigned]));
    assert_eq!(scene.does(&second).step().holder, Some(staff("second")));
}

#[test]
fn finishing_a_step_frees_it_for_the_next_worker() {
    let given = Given::default();
    let scene = given.at_step(1).does(&Command::Assign {
        to: staff("officer"),
    });
    let finished = Event::StepFinished {
        at: november(16, 8, 0),
        step: 1,
        by: staff("officer"),
        approved: false,
        step_due: november(16, 17, 0)
            .checked_add(jiff::Span::new().hours(15))
            .unwrap(),
        behalf: None,
    };
    assert_eq!(scene.ask(&Command::Forward), Ok(vec![finished]));
    let step = scene.does(&Command::Forward).step();
    assert_eq!((step.index, step.holder), (2, None));
}

#[test]
fn a_negative_result_is_drafted_approved_and_issued_like_any_other() {
    let given = Given::default();
    let drafted = given.at_step(2).does(&draft(Outcome::Refused));
    let by = staff("officer");
    let kept = Draft {
        outcome: Outcome::Refused,
        document: document(),
        uploaded: false,
        summary: text("summary"),
        by,
        behalf: None,
        validity: None,
        attachments: Vec::new(),
    };
    assert_eq!(drafted.step().draft, Some(kept));
    let approved = drafted.does(&Command::Forward).by("leader").signs();
    assert_eq!(approved.step().approved_by, Some(staff("leader")));
    let issued = Issued {
        outcome: Outcome::Refused,
        document: approved.step().signed.unwrap().file,
        official: None,
        attachments: Vec::new(),
        number: "07/KQ-H56.14".to_owned(),
        at: november(16, 8, 0),
        approved_by: staff("leader"),
        validity: None,
        issue_by: Some(november(17, 17, 0)),
        sealed: None,
    };
    let settled = Event::Settled {
        issued: issued.clone(),
        refund: Some(not_given_back()),
        step_due: november(16, 10, 0),
    };
    let scene = approved.by("seal");
    assert_eq!(scene.ask(&Command::Issue), Ok(vec![settled]));
    let scene = scene.does(&Command::Issue);
    let sealed = Issued {
        official: Some(document()),
        sealed: Some(november(16, 8, 0)),
        ..issued
    };
    assert_eq!(scene.dossier.issued(), Some(&sealed));
    assert_eq!(scene.step().index, 5, "the step of return");
    assert_eq!(
        scene.dossier.national_status(),
        Some(NationalStatus::Settled)
    );
}

#[test]
fn what_is_sent_back_from_approval_returns_to_who_drafted_it() {
    let given = Given::default();
    let sent = Event::SentBack {
        at: november(16, 8, 0),
        step: 3,
        to: None,
        reason: text("reason"),
        holder: Some(staff("officer")),
        step_due: november(17, 8, 0),
    };
    let back = Command::SendBack {
        reason: Some(text("reason")),
    };
    let scene = given.at_step(3).by("leader");
    assert_eq!(scene.ask(&back), Ok(vec![sent]));
    let scene = scene.does(&back);
    assert_eq!(scene.ask(&draft(Outcome::Refused)), Err(Refusal::NotHolder));
    assert!(scene.by("officer").ask(&draft(Outcome::Refused)).is_ok());
}

#[test]
fn what_is_not_approved_returns_to_its_drafter_past_whoever_checked_it() {
    let mut given = Given::default();
    let check = Step {
        product: Product::Work,
        ..given.world.process.steps[3].clone()
    };
    given.world.process.steps.insert(3, check);
    let back = Command::SendBack {
        reason: Some(text("reason")),
    };
    let scene = given.at_step(4).by("leader").does(&back);
    assert_eq!(scene.step().index, 2, "the step of the draft");
    assert!(scene.by("officer").ask(&draft(Outcome::Refused)).is_ok());
    // Whoever checks gives back by one step.
    let scene = given.at_step(3).by("leader").does(&back);
    assert_eq!(scene.step().index, 2);
}

#[test]
fn sending_back_from_the_seal_takes_the_approval_away() {
    let given = Given::default();
    let back = Command::SendBack {
        reason: Some(text("reason")),
    };
    let scene = given.at_step(4).does(&back);
    let step = scene.step();
    assert_eq!((step.index, step.approved_by, step.holder), (3, None, None));
    assert!(
        step.draft.is_some(),
        "the draft is approved again or sent back further"
    );
}

#[test]
fn a_new_draft_replaces_the_old_one() {
    let given = Given::default();
    let scene = given.drafted().by("second").does(&draft(Outcome::Refused));
    let kept = scene.step().draft.unwrap();
    assert_eq!((kept.outcome, kept.by), (Outcome::Refused, staff("second")));
}

#[test]
fn the_result_is_returned_to_whoever_is_entitled() {
    let given = Given::default();
    let party = crate::ids::PartyId::parse("binh").unwrap();
    let told = Handing {
        given_back: COMPLETE.to_vec(),
        ..handing()
    };
    let at_counter = Handing {
        wish: None,
        ..told.clone()
    };
    let away = Handing {
        seen: None,
        receipt: None,
        ..told
    };
    for (receiver, handing) in [
        (Receiver::Applicant, at_counter.clone()),
        (Receiver::Authorised { party, shown: true }, at_counter),
        (Receiver::Post, away.clone()),
        (Receiver::Electronic, away),
    ] {
        let returned = Event::Returned(Returned {
            at: november(16, 8, 0),
            receiver: receiver.clone(),
            handing,
        });
        let asked = given.back().ask(&returning(receiver));
        assert_eq!(asked, Ok(vec![returned]));
    }
}

#[test]
fn withdrawal_and_silence_close_with_what_justifies_them() {
    let given = Given::default();
    let withdraw = Command::Withdraw {
        request: Some(hash('e')),
    };
    let withdrawn = Event::Withdrawn {
        at: november(16, 8, 0),
        request: hash('e'),
        refund: Some(not_given_back()),
        number: Some("07/TB-H56.112".to_owned()),
    };
    assert_eq!(given.received().ask(&withdraw), Ok(vec![withdrawn]));
    let scene = given.paused().hours_later(24 * 40);
    let stopped = Event::Stopped {
        at: scene.now,
        rule: "BS-04".to_owned(),
        order: None,
        refund: Some(not_given_back()),
        number: Some("07/TB-H56.112".to_owned()),
    };
    assert_eq!(scene.ask(&Command::CloseUnanswered), Ok(vec![stopped]));
}

#[test]
fn a_slip_changes_nothing_but_the_log() {
    let given = Given::default();
    let at = november(16, 8, 0);
    let slip = Event::SlipIssued {
        at,
        form: Form::Receipt,
        file: hash('f'),
    };
    for scene in [
        given.received(),
        given.paused(),
        given.settled(),
        given.returned(),
    ] {
        assert_eq!(
            scene.clone().after(std::slice::from_ref(&slip)).dossier,
            scene.dossier
        );
    }
}

#[test]
fn the_official_document_joins_the_result_before_or_after_its_return() {
    let given = Given::default();
    let file = File {
        hash: hash('e'),
        bytes: 40_960,
    };
    let made = Event::ResultMade {
        at: november(16, 8, 0),
        file: file.clone(),
        seal: None,
        completes: None,
        attachments: Vec::new(),
    };
    assert!(made.is_paper());
    for scene in [given.settled(), given.returned()] {
        let kind = scene.dossier.kind();
        let before = scene.dossier.issued().unwrap().clone();
        let after = scene.after(std::slice::from_ref(&made)).dossier;
        assert_eq!(after.kind(), kind);
        let expected = Issued {
            official: Some(file.clone()),
            ..before.clone()
        };
        assert_eq!(after.issued(), Some(&expected));
    }
}

#[test]
fn an_event_that_cannot_follow_leaves_the_dossier_absent() {
    let given = Given::default();
    let at = november(16, 8, 0);
    let made = Event::ResultMade {
        at,
        file: document(),
        seal: None,
        completes: None,
        attachments: Vec::new(),
    };
    assert_eq!(given.received().after(&[made]).dossier, Dossier::Absent);
    let returned = Event::Returned(Returned {
        at,
        receiver: Receiver::Applicant,
        handing: handing(),
    });
    let assigned = Event::Assigned {
        at,
        step: 1,
        to: staff("officer"),
    };
    let declined = Event::Declined {
        at,
        reason: text("reason"),
        refund: None,
        late: false,
        number: None,
    };
    assert_eq!(given.received().after(&[returned]).dossier, Dossier::Absent);
    assert_eq!(
        given.submitted(&COMPLETE).after(&[assigned]).dossier,
        Dossier::Absent
    );
    assert_eq!(given.nothing().after(&[declined]).dossier, Dossier::Absent);
}

#[test]
fn the_national_status_follows_the_state() {
    let codes = StateKind::ALL.map(|kind| NationalStatus::of(kind).map(NationalStatus::code));
    let expected = [
        None,
        Some(1),
        Some(5),
        Some(3),
        Some(2),
        Some(4),
        Some(5),
        Some(6),
        Some(7),
    ];
    assert_eq!(codes[..9], expected);
    assert_eq!(codes[9..], [Some(8), Some(9), Some(10)]);
}

pub(super) fn handing_by_post(from: &str) -> Command {
    Command::HandByPost(ByPost {
        record: "H56.102-261116-1".to_owned(),
        from: staff(from),
        collected: Some(Dong(8_000)),
        handed: Vec::new(),
    })
}
