//! Counts every deadline of a dossier a second time, the slow way, from its events alone.

use app::catalogue::{processes, starter};
use domain::deadline::{Limit, Pause, PauseMode};
use domain::dossier::{Event, HandedOver, Noticed, Repinned, Request, TasksSent};
use domain::ids::DossierId;
use domain::process::Process;
use jiff::ToSpan;
use jiff::civil::DateTime;
use store::Loaded;

use crate::oracle;

/// Within which time a centre answers what was filed.
const ANSWER: Limit = Limit::Hours(8);

/// A dossier as the slow count sees it.
struct Count<'a> {
    id: &'a DossierId,
    process: Process,
    received: Option<DateTime>,
    limit: Option<Limit>,
    lane: Option<Limit>,
    pauses: Vec<Pause>,
    /// The step that it stands at, and when its clock ends.
    step: (usize, Option<DateTime>),
    /// The limits of the tasks of other agencies, in their order.
    tasks: Vec<Limit>,
    counted: u32,
}

/// Compares every deadline of a dossier with the slow count; how many there were.
pub(crate) fn counted_again(loaded: &Loaded) -> u32 {
    let Some(record) = loaded.dossier.record() else {
        return 0;
    };
    let mut procedures = starter::procedures().iter();
    let procedure = procedures.find(|one| one.code == record.filed.procedure);
    let mut count = Count {
        id: &loaded.id,
        process: processes::default_process(procedure.unwrap()),
        received: None,
        limit: None,
        lane: None,
        pauses: Vec::new(),
        step: (0, None),
        tasks: Vec::new(),
        counted: 0,
    };
    for recorded in &loaded.events {
        count.event(&recorded.event);
    }
    count.counted
}

impl Count<'_> {
    fn event(&mut self, event: &Event) {
        match event {
            Event::Submitted { at, answer_by, .. } => self.answered(*at, *answer_by),
            Event::HandedByPost(record) => self.answered(record.at, record.answer_by),
            Event::Received {
                at,
                limit,
                due,
                step_due,
                ..
            } => {
                (self.received, self.limit) = (Some(*at), *limit);
                self.promised(*due);
                self.reception(*at, *step_due);
            }
            Event::SupplementRequested { request } => self.asked(request),
            Event::ObligationNoticed(Noticed { at, .. }) => self.stands(*at, PauseMode::Exclude),
            Event::Supplied {
                at,
                promised,
                step_due,
                answer_by,
                ..
            } => {
                self.answered(*at, *answer_by);
                self.runs_again(*at, (promised.due, promised.lane_due), *step_due);
            }
            Event::ObligationMet {
                at,
                promised,
                step_due,
                ..
            } => self.runs_again(*at, (promised.due, promised.lane_due), Some(*step_due)),
            Event::LaneAdmitted(admitted) => {
                self.lane = Some(admitted.limit);
                self.published(admitted.due);
            }
            Event::Repinned(repinned) => self.moved(repinned),
            _ => self.beside(event),
        }
    }

    /// The clocks of steps and of other agencies, and apologies.
    fn beside(&mut self, event: &Event) {
        match event {
            Event::HandedOver(HandedOver {
                at,
                step,
                step_due,
                late,
                ..
            }) => {
                let by_law = hand_over_by(self.received.unwrap());
                assert_eq!(*late, (by_law < *at).then_some(by_law), "{}", self.id);
                self.counted += 1;
                self.begins(*at, *step, *step_due);
            }
            Event::StepFinished {
                at, step, step_due, ..
            } => self.begins(*at, step + 1, *step_due),
            Event::SentBack {
                at,
                step,
                to,
                step_due,
                ..
            } => self.begins(*at, to.unwrap_or(step - 1), *step_due),
            Event::Settled {
                issued, step_due, ..
            } => self.begins(issued.at, self.step.0 + 1, *step_due),
            Event::TasksSent(sent) => self.sent(sent),
            Event::TaskOpened { at, task, due } => {
                let limit = self.tasks[usize::from(*task) - 1];
                self.same(*due, oracle::due(*at, limit, &[]));
            }
            Event::Apologised(apology) => {
                assert!(oracle::is_worked(apology.until.date()), "{}", self.id);
                let due = self.due(self.limit.unwrap());
                assert!(apology.until > due, "{}", self.id);
                assert_eq!(apology.late, apology.at > due, "{}", self.id);
                self.counted += 1;
            }
            _ => {}
        }
    }

    fn answered(&mut self, at: DateTime, answer_by: Option<DateTime>) {
        if let Some(by) = answer_by {
            self.same(by, oracle::due(at, ANSWER, &[]));
        }
    }

    fn asked(&mut self, request: &Request) {
        let answer = Limit::working_days(5);
        self.same(request.answer_by, oracle::due(request.at, answer, &[]));
        if self.received.is_some() {
            self.stands(request.at, request.mode);
        }
    }

    fn sent(&mut self, sent: &TasksSent) {
        for task in &sent.tasks {
            self.tasks.push(task.limit);
            if let Some(due) = task.due {
                self.same(due, oracle::due(sent.at, task.limit, &[]));
            }
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
        step_due: Option<DateTime>,
    ) {
        let Some(pause) = self.pauses.last_mut() else {
            assert_eq!((due, lane_due, step_due), (None, None, None), "{}", self.id);
            return;
        };
        pause.to = Some(at);
        let pause = *pause;
        self.promised(due);
        assert_eq!(lane_due.is_some(), self.lane.is_some(), "{}", self.id);
        if let Some(published) = lane_due {
            self.published(published);
        }
        self.step_again(pause, at, step_due.unwrap());
    }

    /// A step begins anew with its dossier, or has the time back in which its clock could not run.
    fn step_again(&mut self, pause: Pause, at: DateTime, step_due: DateTime) {
        let (index, before) = self.step;
        let before = before.unwrap();
        if pause.mode == PauseMode::Restart {
            self.begins(at, index, step_due);
            return;
        }
        let waited = oracle::working_minutes(pause.from, at);
        if waited == 0 || before <= pause.from {
            self.same(step_due, before);
        } else {
            self.ends_after(before, waited, step_due);
        }
        self.step.1 = Some(step_due);
    }

    /// The versions are others, the limits and the process of the month are the same: so are the
    /// dates.
    fn moved(&mut self, repinned: &Repinned) {
        let promise = &repinned.new.promise;
        self.limit = promise.limit;
        self.promised(promise.due);
        if let Some(published) = promise.lane_due {
            self.published(published);
        }
        self.same(repinned.new.step_due, self.step.1.unwrap());
    }

    fn due(&self, limit: Limit) -> DateTime {
        oracle::due(self.received.unwrap(), limit, &self.pauses)
    }

    fn promised(&mut self, due: Option<DateTime>) {
        let counted = self.limit.map(|limit| self.due(limit));
        assert_eq!(
            due, counted,
            "{}: {:?} {:?} {:?}",
            self.id, self.received, self.limit, self.pauses
        );
        self.counted += u32::from(due.is_some());
    }

    fn published(&mut self, due: DateTime) {
        let (lane, legal) = (self.lane.unwrap(), self.limit.unwrap());
        let counted = self.due(lane).min(self.due(legal));
        self.same(due, counted);
    }

    /// The reception ends by its own time, at the latest when the law wants the hand-over.
    fn reception(&mut self, at: DateTime, step_due: DateTime) {
        let by_law = hand_over_by(at);
        if oracle::working_minutes(at, by_law) < self.minutes(0) {
            self.same(step_due, by_law);
            self.step = (0, Some(step_due));
        } else {
            assert!(step_due <= by_law, "{}: {step_due} {by_law}", self.id);
            self.begins(at, 0, step_due);
        }
    }

    /// A step's own clock: its minutes from now on.
    fn begins(&mut self, at: DateTime, step: usize, step_due: DateTime) {
        self.ends_after(at, self.minutes(step), step_due);
        self.step = (step, Some(step_due));
    }

    fn minutes(&self, step: usize) -> usize {
        self.process.steps[step].minutes as usize
    }

    /// So many minutes, all of them worked, the last one among them.
    fn ends_after(&mut self, from: DateTime, minutes: usize, due: DateTime) {
        assert_eq!(
            oracle::working_minutes(from, due),
            minutes,
            "{}: from {from} to {due}",
            self.id
        );
        let last = due - 1.minute();
        assert_eq!(
            oracle::working_minutes(last, due),
            1,
            "{}: {due} is no working time",
            self.id
        );
        self.counted += 1;
    }

    fn same(&mut self, promised: DateTime, counted: DateTime) {
        assert_eq!(promised, counted, "{}", self.id);
        self.counted += 1;
    }
}

/// The close of the working day on which the office first had it, of the next one from 15:00 on.
fn hand_over_by(at: DateTime) -> DateTime {
    let mut opening = at;
    while oracle::working_minutes(opening, opening + 1.minute()) == 0 {
        opening += 1.minute();
    }
    let mut day = opening.date();
    if opening.hour() >= 15 {
        day += 1.day();
        while !oracle::is_worked(day) {
            day += 1.day();
        }
    }
    day.at(17, 0, 0, 0)
}
