//! A month of one ward: lawful, the same on both engines, and every deadline in it counted a second
//! time, minute by minute.

use app::catalogue::{processes, starter};
use domain::deadline::{Limit, Pause, PauseMode};
use domain::dossier::{Event, Request};
use domain::ids::DossierId;
use domain::process::Process;
use jiff::civil::DateTime;
use store::Loaded;

use crate::oracle;
use crate::program::Installation;
use crate::support::{Engine, on_both_engines};

on_both_engines!(a_month_of_one_ward_is_lawful_and_every_deadline_is_counted_twice);

const DOSSIERS: u32 = 300;
/// Deadlines that a month of this size has at the least.
const COUNTED: u32 = 1_500;
/// What every month has some of, so that the count means something.
const EVENTS: [&str; 16] = [
    "dossier.apologised.v1",
    "dossier.corrected.v1",
    "dossier.declined.v1",
    "dossier.lane_admitted.v1",
    "dossier.obligation_met.v1",
    "dossier.repinned.v1",
    "dossier.returned.v1",
    "dossier.sent_back.v1",
    "dossier.stopped.v1",
    "dossier.supplement_discarded.v1",
    "dossier.supplement_requested.v1",
    "dossier.supplied.v1",
    "dossier.task_answered.v1",
    "dossier.task_lapsed.v1",
    "dossier.task_recalled.v1",
    "dossier.withdrawn.v1",
];

async fn a_month_of_one_ward_is_lawful_and_every_deadline_is_counted_twice(engine: Engine) {
    let at = Installation::new(engine);
    let digest = live(&at, 3);
    assert_eq!(
        digest,
        live(&Installation::new(Engine::Sqlite), 3),
        "reproducible"
    );
    if engine == Engine::Sqlite {
        assert_ne!(
            digest,
            live(&Installation::new(engine), 4),
            "the seed decides"
        );
    }
    let store = at.store().await;
    let (mut counted, mut happened) = (0, std::collections::BTreeSet::new());
    for nth in 0..DOSSIERS {
        for end in ["", "-dc"] {
            let id = DossierId::parse(&format!("thang-3-{nth:05}{end}")).unwrap();
            let loaded = store.load(&id).await.unwrap();
            happened.extend(loaded.events.iter().map(|recorded| recorded.event.kind()));
            counted += counted_again(&loaded);
        }
    }
    let missing: Vec<_> = EVENTS
        .iter()
        .filter(|kind| !happened.contains(*kind))
        .collect();
    assert_eq!(missing, Vec::<&&str>::new());
    assert!(counted > COUNTED, "{counted}");
    store.close().await;
}

/// Lives through the month; its digest.
fn live(at: &Installation, seed: u32) -> String {
    let (seed, dossiers) = (seed.to_string(), DOSSIERS.to_string());
    let ran = at.run(&["simulate", "--seed", &seed, "--dossiers", &dossiers]);
    ran.succeeds();
    assert!(ran.out().contains(" 0 differences."), "{}", ran.out());
    let digest = ran.out().lines().find(|line| line.starts_with("digest "));
    digest.unwrap().to_owned()
}

/// A dossier as the slow count sees it.
struct Count {
    process: Process,
    received: Option<DateTime>,
    limit: Option<Limit>,
    lane: Option<Limit>,
    pauses: Vec<Pause>,
    counted: u32,
}

/// Compares every deadline of a dossier with the slow count; how many there were.
fn counted_again(loaded: &Loaded) -> u32 {
    let Some(record) = loaded.dossier.record() else {
        return 0;
    };
    let mut procedures = starter::procedures().iter();
    let procedure = procedures.find(|one| one.code == record.filed.procedure);
    let mut count = Count {
        process: processes::default_process(procedure.unwrap()),
        received: None,
        limit: None,
        lane: None,
        pauses: Vec::new(),
        counted: 0,
    };
    for recorded in &loaded.events {
        count.event(&recorded.event, &loaded.id);
    }
    count.counted
}

impl Count {
    fn event(&mut self, event: &Event, id: &DossierId) {
        match event {
            Event::Submitted {
                at,
                answer_by: Some(by),
                ..
            } => {
                self.same(*by, oracle::due(*at, Limit::Hours(8), &[]), id);
            }
            Event::Received {
                at,
                limit,
                due,
                step_due,
                ..
            } => {
                (self.received, self.limit) = (Some(*at), *limit);
                self.promised(*due, id);
                self.step(*at, 0, *step_due, id);
            }
            Event::SupplementRequested { request } => self.asked(request, id),
            Event::ObligationNoticed { at, .. } => self.stands(*at, PauseMode::Exclude),
            Event::Supplied {
                at, due, lane_due, ..
            }
            | Event::ObligationMet {
                at, due, lane_due, ..
            } => {
                self.runs_again(*at, (*due, *lane_due), id);
            }
            Event::LaneAdmitted(admitted) => {
                self.lane = Some(admitted.limit);
                self.published(admitted.due, id);
            }
            Event::Repinned(repinned) => {
                self.limit = repinned.new.limit;
                self.promised(repinned.new.due, id);
            }
            Event::TasksSent(sent) => {
                for task in &sent.tasks {
                    self.same(task.due.unwrap(), oracle::due(sent.at, task.limit, &[]), id);
                }
            }
            _ => self.beside(event, id),
        }
    }

    /// The clocks of steps, and apologies.
    fn beside(&mut self, event: &Event, id: &DossierId) {
        match event {
            Event::HandedOver {
                at, step, step_due, ..
            } => self.step(*at, *step, *step_due, id),
            Event::StepFinished {
                at, step, step_due, ..
            } => {
                self.step(*at, step + 1, *step_due, id);
            }
            Event::SentBack {
                at, step, step_due, ..
            } => self.step(*at, step - 1, *step_due, id),
            Event::Apologised(apology) => {
                assert!(oracle::is_worked(apology.until.date()), "{id}");
                let due = self.due(self.limit.unwrap());
                assert!(apology.until > due, "{id}");
                assert_eq!(apology.late, apology.at > due, "{id}");
                self.counted += 1;
            }
            _ => {}
        }
    }

    fn asked(&mut self, request: &Request, id: &DossierId) {
        let answer = Limit::working_days(5);
        self.same(request.answer_by, oracle::due(request.at, answer, &[]), id);
        if self.received.is_some() {
            self.stands(request.at, request.mode);
        }
    }

    fn stands(&mut self, from: DateTime, mode: PauseMode) {
        self.pauses.push(Pause {
            from,
            to: None,
            mode,
        });
    }

    fn runs_again(
        &mut self,
        at: DateTime,
        (due, lane_due): (Option<DateTime>, Option<DateTime>),
        id: &DossierId,
    ) {
        let Some(pause) = self.pauses.last_mut() else {
            assert_eq!(
                (due, lane_due),
                (None, None),
                "{id}: supplied before reception"
            );
            return;
        };
        pause.to = Some(at);
        self.promised(due, id);
        assert_eq!(lane_due.is_some(), self.lane.is_some(), "{id}");
        if let Some(published) = lane_due {
            self.published(published, id);
        }
    }

    fn due(&self, limit: Limit) -> DateTime {
        oracle::due(self.received.unwrap(), limit, &self.pauses)
    }

    fn promised(&mut self, due: Option<DateTime>, id: &DossierId) {
        let counted = self.limit.map(|limit| self.due(limit));
        assert_eq!(
            due, counted,
            "{id}: {:?} {:?} {:?}",
            self.received, self.limit, self.pauses
        );
        self.counted += u32::from(due.is_some());
    }

    fn published(&mut self, due: DateTime, id: &DossierId) {
        let (lane, legal) = (self.lane.unwrap(), self.limit.unwrap());
        let counted = self.due(lane).min(self.due(legal));
        self.same(due, counted, id);
    }

    /// The step's own clock: its minutes, all of them worked, the last one among them.
    fn step(&mut self, at: DateTime, step: usize, due: DateTime, id: &DossierId) {
        let minutes = self.process.steps[step].minutes as usize;
        assert_eq!(
            oracle::working_minutes(at, due),
            minutes,
            "{id}: step {step} of {at}"
        );
        let last = due - jiff::ToSpan::minutes(1);
        assert_eq!(
            oracle::working_minutes(last, due),
            1,
            "{id}: {due} is no working time"
        );
        self.counted += 1;
    }

    fn same(&mut self, promised: DateTime, counted: DateTime, id: &DossierId) {
        assert_eq!(promised, counted, "{id}");
        self.counted += 1;
    }
}
