//! Laws of the dossier: whatever is asked, by whom and when, these hold.

use domain::deadline::{Limit, PauseMode, due, working_minutes_between};
use domain::dossier::{
    Asking, ByPost, Command, CommandKind, CorrectionEnd, CorrectionKind, Dossier, Event, Mandate,
    ObligationNotice, Outcome, Receiver, Record, Refusal, StateKind, StopGround, Stopping,
    TaskState,
};
use domain::ids::PartyId;
use domain::procedure::{Channel, Offer};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::usual;
use crate::world::{
    COMPLETE, Scene, World, draft, filed, filed_by_agent, filed_online, handed, hash, meeting,
    noticing, returning, signing, staff, text, wrong,
};

/// Moves between national status codes; 0 is a dossier that does not exist yet. The table of
/// transitions of the law, and one move more: who filed from afar may withdraw before reception.
const MOVES: [(u8, u8); 24] = [
    (0, 1),
    (0, 2),
    (1, 2),
    (1, 3),
    (1, 5),
    (1, 7),
    (2, 4),
    (2, 7),
    (2, 8),
    (4, 4),
    (4, 5),
    (4, 6),
    (4, 7),
    (4, 8),
    (4, 9),
    (5, 1),
    (5, 3),
    (5, 4),
    (5, 7),
    (5, 8),
    (6, 4),
    (6, 7),
    (6, 8),
    (9, 10),
];

/// Moves that one code hides: a supplement asked for before reception and one asked for after.
fn is_legal(before: StateKind, after: StateKind) -> bool {
    if before == after {
        return true;
    }
    match before {
        StateKind::Incomplete => matches!(
            after,
            StateKind::Submitted | StateKind::Declined | StateKind::Stopped | StateKind::Withdrawn
        ),
        StateKind::Paused => matches!(
            after,
            StateKind::Processing | StateKind::Stopped | StateKind::Withdrawn
        ),
        StateKind::Submitted => after != StateKind::Paused,
        StateKind::Processing => after != StateKind::Incomplete,
        StateKind::Absent
        | StateKind::Declined
        | StateKind::Received
        | StateKind::Obliged
        | StateKind::Withdrawn
        | StateKind::Stopped
        | StateKind::Settled
        | StateKind::Returned => true,
    }
}

#[derive(Debug, Clone)]
enum Wish {
    /// What the office does next when nothing is in the way.
    Natural,
    Command(Box<Command>),
    /// A supplement request that is in order, unless there was one.
    Supplement,
    /// Who leads the agency approves what was drafted.
    Approve,
    /// Somebody of the centre sends what was drafted and approved.
    Send,
    /// Another agency goes on with its task, or the one in charge asks it.
    Task,
    /// A month and more passes before somebody closes what was not answered.
    Silence,
}

#[derive(Debug, Clone)]
pub(crate) struct Ask {
    wish: Wish,
    by: &'static str,
    hours_later: i64,
    number: u32,
}

fn any_components() -> impl Strategy<Value = Vec<u16>> {
    prop_oneof![
        2 => Just(COMPLETE.to_vec()),
        1 => Just(vec![2]),
        2 => prop::sample::subsequence(vec![1, 2, 3, 4, 9], 0..=5),
    ]
}

fn any_filing() -> impl Strategy<Value = Command> {
    let mandate = prop_oneof![4 => Just(Mandate::Own), 1 => Just(Mandate::Missing)];
    (any_components(), mandate, 1..=2_u16, 0..5_u8).prop_map(|(components, mandate, case, way)| {
        let mut filed = match way {
            0 => filed_by_agent(&components),
            1 => filed_online(&components),
            _ => filed(&components),
        };
        filed.mandate = mandate;
        filed.case = case;
        if way < 3 {
            Command::Submit(filed)
        } else {
            Command::Receive(filed)
        }
    })
}

fn handing_by_post(from: &str) -> Command {
    Command::HandByPost(ByPost {
        record: "H56.102-261116-1".to_owned(),
        from: staff(from),
        collected: None,
        handed: handed(&COMPLETE),
    })
}

fn any_command() -> impl Strategy<Value = Command> {
    let reason = || prop_oneof![4 => Just(Some(text("reason"))), 1 => Just(None)];
    let person = prop::sample::select(vec!["officer", "leader", "clerk"]);
    let receiver = prop_oneof![
        Just(Receiver::Applicant),
        Just(Receiver::Post),
        any::<bool>().prop_map(|shown| {
            Receiver::Authorised {
                party: PartyId::parse("binh").unwrap(),
                shown,
            }
        }),
    ];
    let outcome = prop_oneof![Just(Outcome::Granted), Just(Outcome::Refused)];
    prop_oneof![
        4 => any_filing(),
        4 => (any_components(), reason())
            .prop_map(|(components, reason)| Command::AskSupplement {
                corrections: wrong(&components),
                components,
                reason,
            }),
        2 => prop::sample::select(vec!["officer", "clerk"]).prop_map(handing_by_post),
        2 => any_components().prop_map(|c| Command::Supply { handed: handed(&c) }),
        2 => reason().prop_map(|reason| Command::Decline { reason }),
        2 => reason().prop_map(|reason| Command::SendBack { reason }),
        2 => Just(noticing()),
        6 => any_usual(),
        2 => person.prop_map(|name| Command::Assign { to: staff(name) }),
        2 => outcome.prop_map(draft),
        3 => receiver.prop_map(returning),
        1 => prop::option::of(Just(hash('e'))).prop_map(|request| Command::Withdraw { request }),
        6 => prop::sample::select(vec![
            Command::Accept,
            Command::HandOver,
            Command::Forward,
            signing(),
            meeting(),
            Command::Issue,
            Command::AcknowledgeResult,
            Command::CloseUnanswered,
        ]),
        1 => prop::sample::select(bare()),
    ]
}

/// Without the paper, the amount, the proof or the publication that the rule wants.
fn bare() -> Vec<Command> {
    let text = Some(text("tax"));
    vec![
        Command::Stop(Stopping {
            ground: StopGround::Decision,
            document: None,
            reason: text.clone(),
        }),
        Command::NoticeObligation(ObligationNotice {
            text,
            ..ObligationNotice::default()
        }),
        Command::MeetObligation { proof: None },
        usual::admitting("unpublished"),
        usual::course(CommandKind::ScanReceipt),
        long_past(),
    ]
}

/// A result that would have been valid until a day that is past.
fn long_past() -> Command {
    let mut command = draft(Outcome::Granted);
    if let Command::DraftResult { last_day, .. } = &mut command {
        *last_day = Some(jiff::civil::date(2020, 1, 31));
    }
    command
}

/// What happens beside the steps, as a person who knows the rules would ask for it.
fn any_usual() -> impl Strategy<Value = Command> {
    let kinds = vec![
        CommandKind::DraftSupplement,
        CommandKind::ApproveSupplement,
        CommandKind::DiscardSupplement,
        CommandKind::RecordLookup,
        CommandKind::Stop,
        CommandKind::Apologise,
        CommandKind::Release,
        CommandKind::AdmitToLane,
        CommandKind::OpenCorrection,
        CommandKind::ScanReceipt,
        CommandKind::CopyResult,
        CommandKind::DigitiseResult,
        CommandKind::FinishCorrection,
    ];
    let tasks = vec![
        CommandKind::SendTasks,
        CommandKind::AcceptTask,
        CommandKind::AnswerTask,
        CommandKind::AcknowledgeAnswer,
        CommandKind::RecallTask,
        CommandKind::LapseTask,
    ];
    prop_oneof![
        prop::sample::select(kinds).prop_map(usual::course),
        prop::sample::select(tasks).prop_map(usual::task),
        (1..=5_u16).prop_map(usual::scanning),
        (0..6_usize).prop_map(|step| usual::repinning(1, 1, step)),
        any_correction(),
    ]
}

/// A correction of any kind is opened, or ends with effect or without.
fn any_correction() -> impl Strategy<Value = Command> {
    let kinds = [
        CorrectionKind::Amend,
        CorrectionKind::Withdraw,
        CorrectionKind::Replace,
    ];
    let opening = prop::sample::select(kinds.to_vec()).prop_map(usual::correcting_by);
    let ends = [CorrectionEnd::Done, CorrectionEnd::Dropped];
    let ending = prop::sample::select(ends.to_vec()).prop_map(|end| Command::FinishCorrection {
        by: usual::correction(),
        end,
    });
    prop_oneof![opening, ending]
}

pub(crate) fn any_asks() -> impl Strategy<Value = Vec<Ask>> {
    let wish = prop_oneof![
        10 => Just(Wish::Natural),
        8 => any_command().prop_map(|command| Wish::Command(Box::new(command))),
        3 => Just(Wish::Supplement),
        2 => Just(Wish::Approve),
        2 => Just(Wish::Send),
        3 => Just(Wish::Task),
        1 => Just(Wish::Silence),
    ];
    let hours = prop_oneof![8 => 0..5_i64, 4 => 5..30_i64, 1 => 30..200_i64];
    let by = prop::sample::select(vec!["officer", "leader", "clerk"]);
    let ask = (wish, by, hours, 1..20_000_u32).prop_map(|(wish, by, hours_later, number)| Ask {
        wish,
        by,
        hours_later,
        number,
    });
    prop::collection::vec(ask, 0..40)
}

/// Somebody whom nobody saw the authorisation of.
fn unauthorised() -> Receiver {
    let party = PartyId::parse("binh").expect("an identifier");
    Receiver::Authorised {
        party,
        shown: false,
    }
}

/// How a history begins that is to stay for a while where random ones seldom stay: at the counter,
/// waiting for papers or money, settled.
pub(crate) fn any_beginning() -> impl Strategy<Value = Vec<Ask>> {
    let ask = |wish| Ask {
        wish,
        by: "clerk",
        hours_later: 1,
        number: 1,
    };
    let give = move |command| ask(Wish::Command(Box::new(command)));
    let declined = || {
        give(Command::Decline {
            reason: Some(text("reason")),
        })
    };
    let late = |asked: Ask| Ask {
        hours_later: 24 * 40,
        ..asked
    };
    let posted = |components: &[u16]| give(Command::Submit(filed_by_agent(components)));
    let by_post = posted(&COMPLETE);
    let handed_over = || give(handing_by_post("agent"));
    let filed = || give(Command::Submit(filed(&[1])));
    let online = |components: &[u16]| give(Command::Submit(filed_online(components)));
    let given = || give(Command::Assign { to: staff("clerk") });
    let correcting = || give(usual::course(CommandKind::OpenCorrection));
    let asked = || vec![ask(Wish::Supplement), ask(Wish::Approve), ask(Wish::Send)];
    let natural = |count| vec![ask(Wish::Natural); count];
    prop::sample::select(vec![
        Vec::new(),
        vec![filed()],
        vec![online(&[1])],
        vec![online(&COMPLETE), ask(Wish::Natural)],
        vec![by_post.clone()],
        vec![posted(&[1]), handed_over(), ask(Wish::Supplement)],
        [
            vec![by_post, handed_over(), give(Command::Accept)],
            natural(1),
            asked(),
        ]
        .concat(),
        vec![filed(), ask(Wish::Supplement)],
        vec![filed(), ask(Wish::Supplement), late(declined())],
        vec![filed(), declined()],
        [natural(2), vec![ask(Wish::Task), given()], asked()].concat(),
        [natural(2), vec![ask(Wish::Task), given(), give(noticing())]].concat(),
        natural(8),
        [natural(9), vec![give(returning(unauthorised()))]].concat(),
        [natural(8), vec![correcting()]].concat(),
    ])
}

pub(crate) fn any_world() -> impl Strategy<Value = World> {
    let mode = prop_oneof![Just(PauseMode::Restart), Just(PauseMode::Exclude)];
    let limit = prop::sample::select(vec!["5wd", "2.5wd", "16h", "20d", "1mo", "sameday", ""]);
    (mode, limit).prop_map(|(mode, limit)| {
        let mut world = World::new(mode, limit.parse().ok());
        let direct = world.procedure.offers[0].clone();
        world.procedure.offers.push(Offer {
            channel: Channel::Post,
            ..direct
        });
        world
    })
}

/// One thing that was asked, and what came of it.
pub(crate) struct Asked<'w> {
    pub(crate) before: Scene<'w>,
    pub(crate) command: Command,
    pub(crate) said: Result<Vec<Event>, Refusal>,
    /// What the worker did then.
    pub(crate) worker: Vec<Event>,
    pub(crate) after: Scene<'w>,
}

pub(crate) fn history<'w>(world: &'w World, asks: &[Ask]) -> Vec<Asked<'w>> {
    let mut scene = Scene::new(world);
    let mut history = Vec::new();
    for ask in asks {
        scene = scene.hours_later(ask.hours_later).by(ask.by);
        scene.number = ask.number;
        let command = match &ask.wish {
            Wish::Natural => {
                scene = scene.by_holder();
                scene.natural()
            }
            Wish::Task => {
                scene = scene.by_holder();
                scene.elsewhere()
            }
            Wish::Approve => {
                scene = scene.by("approver");
                Command::ApproveSupplement
            }
            Wish::Send => {
                scene = scene.by("sender");
                Command::AskSupplement {
                    components: Vec::new(),
                    corrections: Vec::new(),
                    reason: None,
                }
            }
            Wish::Command(command) => command.as_ref().clone(),
            Wish::Supplement => {
                scene = scene.by_holder();
                scene.supplement()
            }
            Wish::Silence => {
                scene = scene.hours_later(24 * 40);
                Command::CloseUnanswered
            }
        };
        let before = scene.clone();
        let said = before.ask(&command);
        let mut worker = Vec::new();
        if let Ok(events) = &said {
            worker = sealed(events);
            scene = scene.after(events).after(&worker);
        }
        history.push(Asked {
            before,
            command,
            said,
            worker,
            after: scene.clone(),
        });
    }
    history
}

/// The worker seals what is issued.
fn sealed(events: &[Event]) -> Vec<Event> {
    let issued = events.iter().filter_map(|event| match event {
        Event::Settled { issued, .. } => Some(issued),
        _ => None,
    });
    let sealed = issued.map(|issued| Event::ResultMade {
        at: issued.at,
        file: issued.document.clone(),
        seal: None,
        completes: None,
        attachments: Vec::new(),
    });
    sealed.collect()
}

pub(crate) fn events(history: &[Asked<'_>]) -> Vec<Event> {
    let one = |asked: &Asked<'_>| {
        let said = asked.said.clone().unwrap_or_default();
        [said, asked.worker.clone()].concat()
    };
    history.iter().flat_map(one).collect()
}

fn code(dossier: &Dossier) -> u8 {
    dossier
        .national_status()
        .map_or(0, domain::dossier::NationalStatus::code)
}

impl Scene<'_> {
    /// Acted by whoever was given the step.
    fn by_holder(mut self) -> Self {
        if let Some(holder) = self.dossier.at_step().and_then(|at| at.holder.clone()) {
            self.by = holder;
        }
        self
    }

    /// A request for everything mandatory: at once before reception, as a draft after it.
    fn supplement(&self) -> Command {
        let (components, reason) = (COMPLETE.to_vec(), Some(text("reason")));
        let corrections = wrong(&components);
        if matches!(self.dossier, Dossier::Processing(..)) {
            let basis = Some(text("basis"));
            return Command::DraftSupplement(Asking {
                components,
                corrections,
                reason,
                basis,
            });
        }
        Command::AskSupplement {
            components,
            corrections,
            reason,
        }
    }

    /// What is done by other agencies, and to a result that was returned.
    fn elsewhere(&self) -> Command {
        let Dossier::Returned(record, _) = &self.dossier else {
            return usual::task(self.next_of_task());
        };
        let corrections = &record.course.corrections;
        usual::course(match corrections.last() {
            Some(last) if last.is_open() => CommandKind::FinishCorrection,
            Some(_) | None => CommandKind::OpenCorrection,
        })
    }

    /// What comes next for the first task.
    fn next_of_task(&self) -> CommandKind {
        let record = self.dossier.record();
        let first = record.and_then(|record| record.course.tasks.first());
        match first.map(|task| (&task.state, task.is_overdue(self.now))) {
            None => CommandKind::SendTasks,
            Some((TaskState::Open | TaskState::Accepted { .. }, true)) => CommandKind::LapseTask,
            Some((TaskState::Open, false)) => CommandKind::AcceptTask,
            Some((TaskState::Accepted { .. }, false)) => CommandKind::AnswerTask,
            Some(_) => CommandKind::AcknowledgeAnswer,
        }
    }

    pub(crate) fn record(&self) -> &Record {
        self.dossier.record().unwrap()
    }

    /// Goes on until the dossier is closed, by the usual way where it is open.
    fn driven_to_its_end(mut self) -> Self {
        for _ in 0..30 {
            self = self.by_holder();
            let ways = [
                self.natural(),
                handing_by_post("agent"),
                Command::Withdraw {
                    request: Some(hash('e')),
                },
                Command::Decline {
                    reason: Some(text("reason")),
                },
                Command::FinishCorrection {
                    by: usual::correction(),
                    end: CorrectionEnd::Dropped,
                },
                returning(Receiver::Applicant),
            ];
            let Some(events) = ways.iter().find_map(|way| self.ask(way).ok()) else {
                return self;
            };
            self = self.after(&events).after(&sealed(&events));
        }
        self
    }
}

proptest! {
    #[test]
    fn whatever_is_asked_a_closed_dossier_stays_closed(world in any_world(), asks in any_asks()) {
        for asked in history(&world, &asks) {
            let state = asked.before.dossier.kind();
            let corrects = matches!(
                asked.command,
                Command::OpenCorrection(_)
                    | Command::FinishCorrection { .. }
                    | Command::ScanReceipt { .. }
                    | Command::CopyResult { .. }
                    | Command::DigitiseResult(_)
            );
            if state == StateKind::Returned && corrects {
                prop_assert_eq!(asked.after.dossier.kind(), state, "linked, not opened again");
            } else if state.is_closed() {
                prop_assert_eq!(asked.said, Err(Refusal::Finished { state }));
                prop_assert_eq!(asked.after.dossier, asked.before.dossier);
            }
        }
    }

    #[test]
    fn a_refusal_changes_nothing_and_a_yes_makes_something_happen(
        world in any_world(),
        asks in any_asks(),
    ) {
        for asked in history(&world, &asks) {
            prop_assert_eq!(&asked.before.ask(&asked.command), &asked.said, "asked twice");
            if let Ok(events) = &asked.said {
                prop_assert!(!events.is_empty());
                prop_assert!(events.iter().all(|event| event.at() == asked.before.now));
            } else {
                prop_assert_eq!(&asked.after.dossier, &asked.before.dossier);
            }
        }
    }

    #[test]
    fn no_history_leaves_the_table_of_the_law(world in any_world(), asks in any_asks()) {
        let mut dossier = Dossier::Absent;
        for event in events(&history(&world, &asks)) {
            let (before, from) = (dossier.kind(), code(&dossier));
            dossier = dossier.evolve(&event);
            let (after, to) = (dossier.kind(), code(&dossier));
            prop_assert_ne!(after, StateKind::Absent, "{:?}", event);
            let same = before == after;
            prop_assert!(same || MOVES.contains(&(from, to)), "{} -> {} by {:?}", from, to, event);
            prop_assert!(is_legal(before, after), "{:?} -> {:?} by {:?}", before, after, event);
        }
    }

    #[test]
    fn a_number_is_given_once_at_reception_and_kept(world in any_world(), asks in any_asks()) {
        let mut number = None;
        for asked in history(&world, &asks) {
            for event in asked.said.iter().flatten() {
                if let Event::Received { code, at, .. } = event {
                    prop_assert_eq!(&number, &None, "received twice");
                    let day = at.date();
                    let head = format!("{:02}{:02}{:02}", day.year() % 100, day.month(), day.day());
                    prop_assert!(code.as_str().contains(&head));
                    number = Some(code.clone());
                }
            }
            let carried = asked.after.dossier.record().and_then(|record| record.code.clone());
            prop_assert_eq!(&carried, &number);
        }
    }

    #[test]
    fn supplements_are_asked_for_once_a_stage_and_twice_in_a_lifetime(
        world in any_world(),
        asks in any_asks(),
    ) {
        let mut stages = Vec::new();
        for event in events(&history(&world, &asks)) {
            if let Event::SupplementRequested { request } = event {
                prop_assert!(!stages.contains(&request.stage));
                prop_assert!(stages.is_empty() || request.basis.is_some());
                prop_assert!(request.drafted_by.is_none() || request.drafted_by != request.sent_by);
                stages.push(request.stage);
            }
        }
        prop_assert!(stages.len() <= 2);
    }

    #[test]
    fn what_is_stored_and_read_again_is_the_same_dossier(world in any_world(), asks in any_asks()) {
        let history = history(&world, &asks);
        let mut dossier = Dossier::Absent;
        for event in events(&history) {
            let text = serde_json::to_string(&event).unwrap();
            let read: Event = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&read, &event);
            dossier = dossier.evolve(&read);
        }
        let last = history.last().map(|asked| asked.after.dossier.clone()).unwrap_or_default();
        prop_assert_eq!(dossier, last);
    }

    #[test]
    fn what_was_issued_was_drafted_signed_and_then_approved(
        world in any_world(),
        asks in any_asks(),
    ) {
        let (mut draft, mut signed, mut approved_by) = (None, None, None);
        for event in events(&history(&world, &asks)) {
            match &event {
                Event::ResultDrafted { draft: new, .. } => {
                    draft = Some(new.clone());
                    (signed, approved_by) = (None, None);
                }
                Event::ResultSigned(signature) => signed = Some(signature.clone()),
                Event::StepFinished { by, approved: true, .. } => approved_by = Some(by.clone()),
                Event::SentBack { .. } => (signed, approved_by) = (None, None),
                Event::Settled { issued, .. } => {
                    let draft = draft.clone().unwrap();
                    let signed = signed.clone().unwrap();
                    prop_assert_eq!(&issued.document, &signed.file);
                    prop_assert_eq!(Some(&signed.by), approved_by.as_ref());
                    prop_assert_eq!(issued.outcome, draft.outcome);
                    prop_assert_eq!(Some(&issued.approved_by), approved_by.as_ref());
                }
                _ => {}
            }
        }
    }

    #[test]
    fn no_promise_falls_on_a_day_off(world in any_world(), asks in any_asks()) {
        for asked in history(&world, &asks) {
            let promised = asked.after.dossier.record().and_then(|record| record.due);
            let step = asked.after.dossier.at_step().map(|at| at.due);
            for due in promised.into_iter().chain(step) {
                let worked = world.clock().calendar.is_working_day(due.date());
                prop_assert_eq!(worked, Ok(true), "{}", due);
            }
        }
    }

    #[test]
    fn a_wait_that_does_not_count_moves_the_promise_by_exactly_itself(
        world in any_world(),
        asks in any_asks(),
    ) {
        for asked in history(&world, &asks) {
            if asked.said.is_err() {
                continue;
            }
            let (Dossier::Paused(record, ..) | Dossier::Obliged(record, _)) =
                &asked.before.dossier
            else {
                continue;
            };
            let (Some(pause), Some(old)) = (record.pauses.last(), record.due) else { continue };
            if asked.after.dossier.kind() != StateKind::Processing
                || pause.mode != PauseMode::Exclude
            {
                continue;
            }
            let new = asked.after.record().due.unwrap();
            if pause.from >= old {
                prop_assert_eq!(new, old, "an expired clock cannot be stopped");
            } else if matches!(record.limit, Some(Limit::Days(_) | Limit::Months(_))) {
                prop_assert!(new >= old);
            } else {
                let minutes = |from, to| working_minutes_between(from, to, &world.clock());
                prop_assert_eq!(minutes(old, new), minutes(pause.from, asked.after.now));
            }
        }
    }

    #[test]
    fn a_wait_that_restarts_promises_what_a_new_reception_would(
        world in any_world(),
        asks in any_asks(),
    ) {
        for asked in history(&world, &asks) {
            let Dossier::Paused(record, _, request) = &asked.before.dossier else { continue };
            if request.mode == PauseMode::Restart
                && let (Command::Supply { .. }, Ok(_)) = (&asked.command, &asked.said)
            {
                let anew = |limit| due(asked.before.now, limit, &[], &world.clock()).unwrap().due;
                prop_assert_eq!(asked.after.record().due, record.limit.map(anew));
            }
        }
    }

    #[test]
    fn being_overdue_never_blocks_the_way_to_the_applicant(
        world in any_world(),
        delays in prop::collection::vec(0..24 * 30_i64, 10),
    ) {
        let mut scene = Scene::new(&world);
        for delay in delays {
            let events = scene.ask(&scene.natural());
            prop_assert!(events.is_ok(), "{:?}", events);
            let events = events.unwrap();
            scene = scene.after(&events).after(&sealed(&events)).hours_later(delay);
        }
        prop_assert_eq!(scene.dossier.kind(), StateKind::Returned);
    }

    #[test]
    fn every_history_can_be_brought_to_an_end(world in any_world(), asks in any_asks()) {
        let scene = history(&world, &asks).pop().map_or(Scene::new(&world), |asked| asked.after);
        let end = scene.driven_to_its_end();
        // A result that was withdrawn or replaced is handed out no more: it stays settled.
        let gone = end.dossier.record().is_some_and(|record| record.course.superseded().is_some());
        prop_assert!(gone || end.dossier.kind().is_closed(), "{:?}", end.dossier);
    }
}

#[test]
fn random_histories_reach_every_state() {
    let mut runner = TestRunner::deterministic();
    let mut reached = std::collections::BTreeSet::new();
    for _ in 0..2_000 {
        let world = any_world().new_tree(&mut runner).unwrap().current();
        let asks = any_asks().new_tree(&mut runner).unwrap().current();
        for asked in history(&world, &asks) {
            reached.extend([asked.before.dossier.kind(), asked.after.dossier.kind()]);
        }
    }
    assert_eq!(reached.into_iter().collect::<Vec<_>>(), StateKind::ALL);
}
