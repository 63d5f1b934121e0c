//! `evolve` of what happens beside the steps of the process: the state stays, its record tells.

use jiff::civil::DateTime;

use crate::ids::DossierId;

use super::course::{Course, Linked};
use super::events::Event;
use super::filed::Filed;
use super::pins::{Pins, Promise, Resumed};
use super::state::{Dossier, Record};
use super::tasks::{Lapsed, Task, TaskState, TasksSent};

impl Dossier {
    /// The same state with what the event adds to its record.
    pub(super) fn coursed(mut self, event: &Event) -> Option<Self> {
        let record = self.record_mut()?;
        if let Event::LookupRecorded { lookup, .. } = event {
            record.filed.lookups.push(lookup.clone());
        }
        if let Event::ComponentScanned(made) = event {
            record.filed.scanned(&made.scan);
        }
        if let Event::HandedByPost(signed) = event {
            record.answer_by = signed.answer_by;
        }
        let course = &mut record.course;
        if let Event::HandedByPost(signed) = event {
            course.posts.push(signed.clone());
        }
        if let Event::SupplementHandedByPost(signed) = event {
            course.supplied_by_post.push(signed.clone());
        }
        if let Event::ResultAcknowledged(acknowledged) = event {
            course.result_back = Some(acknowledged.clone());
        }
        if let Event::ReceiptScanned(scanned) = event {
            course.receipt = Some(scanned.clone());
        }
        if let Event::CopiedToPaper(copy) = event {
            course.copies.push(copy.clone());
        }
        if let Event::ResultDigitised(digitised) = event {
            course.digitised = Some(digitised.clone());
        }
        if let Event::SupplementDrafted(draft) = event {
            course.asking = Some(draft.clone());
        }
        if let (Event::SupplementApproved(approval), Some(draft)) = (event, &mut course.asking) {
            draft.approved = Some(approval.clone());
        }
        if let Event::SupplementDiscarded { .. } = event {
            course.asking = None;
        }
        if let Event::HandOverAcknowledged(acknowledged) = event {
            course.acknowledged = Some(acknowledged.clone());
        }
        if let Event::Apologised(apology) = event {
            course.apologies.push(apology.clone());
        }
        if let Event::LaneAdmitted(admitted) = event {
            course.lane = Some(admitted.clone());
        }
        corrected(course, event)?;
        Some(self)
    }

    /// The same state with what the event does to a task.
    pub(super) fn tasked(mut self, event: &Event) -> Option<Self> {
        let course = &mut self.record_mut()?.course;
        if let Event::TasksSent(sent) = event {
            course.tasks.extend(tasks(sent));
        }
        if let Event::TaskOpened { at, task, due } = event {
            let task = course.task(*task)?;
            task.sent.due = Some(*due);
            task.opened_at = Some(*at);
            task.state = TaskState::Open;
        }
        if let Event::AnswerAcknowledged { at, task, by, .. } = event {
            let TaskState::Answered { acknowledged, .. } = &mut course.task(*task)?.state else {
                return None;
            };
            *acknowledged = Some((by.clone(), *at));
        }
        if let Some((task, state)) = became(event) {
            course.task(task)?.state = state;
        }
        Some(self)
    }

    /// The step is nobody's.
    pub(super) fn released(mut self) -> Option<Self> {
        self.step_mut()?.holder = None;
        Some(self)
    }

    /// Held to other versions, at another place, by other dates.
    pub(super) fn repinned_to(mut self, event: &Event) -> Option<Self> {
        let Event::Repinned(repinned) = event else {
            return None;
        };
        let new: &Pins = &repinned.new;
        let record = self.record_mut()?;
        record.filed.procedure_version = new.procedure_version;
        record.filed.process_version = new.process_version;
        promised(record, &new.promise);
        let moves = &mut record.course.moves;
        match repinned.undoes {
            // The last move alone is taken back.
            Some(_) => drop(moves.pop()),
            None => moves.push(repinned.clone()),
        }
        if new.step != repinned.old.step {
            // A draft belongs to its step.
            record.course.asking = None;
        }
        let step = self.step_mut()?;
        step.index = new.step;
        step.due = new.step_due;
        Some(self)
    }
}

/// The record with this promise.
fn promised(record: &mut Record, promise: &Promise) {
    record.limit = promise.limit;
    record.due = promise.due;
    record.calendar.clone_from(&promise.calendar);
    let course = &mut record.course;
    course.recounted_on = promise.recounted_on;
    course.first.clone_from(&promise.first);
    if let (Some(lane), Some(due)) = (&mut course.lane, promise.lane_due) {
        lane.due = due;
    }
}

impl Course {
    fn task(&mut self, number: u16) -> Option<&mut Task> {
        let mut tasks = self.tasks.iter_mut();
        tasks.find(|task| task.sent.number == number)
    }

    fn correction(&mut self, by: &DossierId) -> Option<&mut Linked> {
        let mut linked = self.corrections.iter_mut().rev();
        linked.find(|linked| linked.by == *by)
    }
}

/// What becomes of a correction; none when there is no such correction.
fn corrected(course: &mut Course, event: &Event) -> Option<()> {
    if let Event::CorrectionOpened {
        at, by, correction, ..
    } = event
    {
        course.corrections.push(Linked {
            by: by.clone(),
            kind: *correction,
            opened_at: *at,
            done_at: None,
            dropped_at: None,
        });
    }
    if let Event::Corrected { at, by, .. } = event {
        course.correction(by)?.done_at = Some(*at);
    }
    if let Event::CorrectionDropped { at, by } = event {
        course.correction(by)?.dropped_at = Some(*at);
    }
    Some(())
}

/// The state that the event gives to a task.
fn became(event: &Event) -> Option<(u16, TaskState)> {
    if let Event::TaskAccepted { at, task, by, .. } = event {
        let (by, at) = (by.clone(), *at);
        return Some((*task, TaskState::Accepted { by, at }));
    }
    if let Event::TaskAnswered { task, answer } = event {
        let answered = TaskState::Answered {
            answer: answer.clone(),
            acknowledged: None,
        };
        return Some((*task, answered));
    }
    if let Event::TaskRecalled {
        at, task, reason, ..
    } = event
    {
        let (at, reason) = (*at, reason.clone());
        return Some((*task, TaskState::Recalled { at, reason }));
    }
    if let Event::TaskLapsed(Lapsed { at, task, .. }) = event {
        return Some((*task, TaskState::Lapsed { at: *at }));
    }
    None
}

fn tasks(sent: &TasksSent) -> impl Iterator<Item = Task> {
    let batch = sent.tasks.first().map_or(0, |first| first.number);
    sent.tasks.iter().map(move |task| Task {
        sent: task.clone(),
        sent_at: sent.at,
        batch,
        lead: sent.lead.clone(),
        opened_at: task.due.map(|_| sent.at),
        state: match task.due {
            Some(_) => TaskState::Open,
            None => TaskState::Waiting,
        },
    })
}

/// The record of what was just filed.
pub(super) fn filed_at(filed: &Filed, (at, answer_by): (DateTime, Option<DateTime>)) -> Record {
    Record {
        filed: filed.clone(),
        submitted_at: at,
        answer_by,
        code: None,
        received_at: None,
        limit: None,
        due: None,
        calendar: String::new(),
        pauses: Vec::new(),
        asked: None,
        course: Course::default(),
    }
}

/// The date published by a green lane moves with the legal one, and so does what was promised first.
pub(super) fn hastened(record: &mut Record, promised: &Resumed) {
    if let (Some(lane), Some(due)) = (&mut record.course.lane, promised.lane_due) {
        lane.due = due;
    }
    if promised.first.is_some() {
        record.course.first.clone_from(&promised.first);
    }
}
