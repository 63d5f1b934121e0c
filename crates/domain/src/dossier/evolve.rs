//! `evolve`: folds one event into the state. The decision was made when the event was; nothing is
//! judged here.

use crate::deadline::Pause;
use crate::ids::StaffId;
use jiff::civil::DateTime;

use super::events::Event;
use super::state::{AtStep, Dossier, Handed, Issued, Record, Request};

/// A state taken apart, so that an event can build the next one.
#[derive(Default)]
struct Parts {
    record: Option<Record>,
    at: Option<AtStep>,
    issued: Option<Issued>,
}

impl Dossier {
    /// The state after `event`. An event that could not have followed leaves the dossier absent,
    /// which a check of the log reports.
    #[must_use]
    pub fn evolve(self, event: &Event) -> Self {
        match event {
            Event::Submitted { at, filed } => Self::Submitted(Record {
                filed: filed.clone(),
                submitted_at: *at,
                code: None,
                received_at: None,
                limit: None,
                due: None,
                pauses: Vec::new(),
                asked: None,
            }),
            Event::Declined { .. } => self.closed(Self::Declined),
            Event::Withdrawn { .. } => self.closed(Self::Withdrawn),
            Event::Stopped { .. } => self.closed(Self::Stopped),
            Event::SlipIssued { .. } => self,
            Event::Received { .. } => self.received(event).unwrap_or_default(),
            Event::SupplementRequested { request } => self.asked(request).unwrap_or_default(),
            Event::Supplied { .. } => self.supplied(event).unwrap_or_default(),
            Event::ObligationNoticed { .. } | Event::ObligationMet { .. } => {
                self.obligation(event).unwrap_or_default()
            }
            Event::HandedOver { .. }
            | Event::Assigned { .. }
            | Event::StepFinished { .. }
            | Event::SentBack { .. }
            | Event::ResultDrafted { .. } => self.stepped(event).unwrap_or_default(),
            Event::Settled { .. } | Event::Returned { .. } => self.ended(event).unwrap_or_default(),
        }
    }

    fn parts(self) -> Parts {
        match self {
            Self::Absent => Parts::default(),
            Self::Submitted(r)
            | Self::Incomplete(r, _)
            | Self::Declined(r)
            | Self::Withdrawn(r)
            | Self::Stopped(r) => Parts { record: Some(r), ..Parts::default() },
            Self::Received(r, at)
            | Self::Processing(r, at)
            | Self::Paused(r, at, _)
            | Self::Obliged(r, at) => Parts { record: Some(r), at: Some(at), issued: None },
            Self::Settled(r, at, issued) => {
                Parts { record: Some(r), at: Some(at), issued: Some(issued) }
            }
            Self::Returned(r, issued) => Parts { record: Some(r), at: None, issued: Some(issued) },
        }
    }

    fn closed(self, state: fn(Record) -> Self) -> Self {
        self.parts().record.map(state).unwrap_or_default()
    }

    fn received(self, event: &Event) -> Option<Self> {
        let Event::Received { at, code, limit, due, step_due } = event else { return None };
        let record = Record {
            code: Some(code.clone()),
            received_at: Some(*at),
            limit: *limit,
            due: *due,
            ..self.parts().record?
        };
        Some(Self::Received(record, AtStep::new(0, *at, *step_due, None)))
    }

    fn asked(self, request: &Request) -> Option<Self> {
        let parts = self.parts();
        let mut record = parts.record?;
        record.asked = Some(request.clone());
        Some(match parts.at {
            None => Self::Incomplete(record, request.clone()),
            Some(at) => {
                record.pauses.push(Pause { from: request.at, to: None, mode: request.mode });
                Self::Paused(record, at, request.clone())
            }
        })
    }

    fn supplied(self, event: &Event) -> Option<Self> {
        let Event::Supplied { at, handed, due, step_due } = event else { return None };
        let parts = self.parts();
        let mut record = parts.record?;
        merge(&mut record.filed.handed, handed);
        Some(match parts.at {
            None => Self::Submitted(record),
            Some(step) => Self::Processing(
                resumed(record, *at, *due),
                AtStep { due: step_due.unwrap_or(step.due), ..step },
            ),
        })
    }

    fn obligation(self, event: &Event) -> Option<Self> {
        let parts = self.parts();
        let (mut record, step) = (parts.record?, parts.at?);
        if let Event::ObligationMet { at, due, step_due } = event {
            let step = AtStep { due: *step_due, ..step };
            return Some(Self::Processing(resumed(record, *at, *due), step));
        }
        let mode = crate::deadline::PauseMode::Exclude;
        record.pauses.push(Pause { from: event.at(), to: None, mode });
        Some(Self::Obliged(record, step))
    }

    fn stepped(self, event: &Event) -> Option<Self> {
        let parts = self.parts();
        let (record, step) = (parts.record?, parts.at?);
        let next = match event {
            Event::HandedOver { at, step, step_due, .. } => {
                Some(AtStep::new(*step, *at, *step_due, None))
            }
            Event::Assigned { to, .. } => Some(AtStep { holder: Some(to.clone()), ..step }),
            Event::ResultDrafted { draft, .. } => {
                Some(AtStep { draft: Some(draft.clone()), approved_by: None, ..step })
            }
            Event::StepFinished { at, by, approved, step_due, .. } => {
                let approved_by = if *approved { Some(by.clone()) } else { step.approved_by.clone() };
                let index = step.index.saturating_add(1);
                Some(AtStep { approved_by, ..step.moved(index, *at, *step_due, None) })
            }
            Event::SentBack { at, holder, step_due, .. } => {
                let index = step.index.saturating_sub(1);
                let moved = step.moved(index, *at, *step_due, holder.clone());
                Some(AtStep { approved_by: None, ..moved })
            }
            Event::Submitted { .. }
            | Event::Received { .. }
            | Event::SupplementRequested { .. }
            | Event::Supplied { .. }
            | Event::Declined { .. }
            | Event::ObligationNoticed { .. }
            | Event::ObligationMet { .. }
            | Event::Settled { .. }
            | Event::Returned { .. }
            | Event::Withdrawn { .. }
            | Event::Stopped { .. }
            | Event::SlipIssued { .. } => None,
        };
        next.map(|at| Self::Processing(record, at))
    }

    fn ended(self, event: &Event) -> Option<Self> {
        let parts = self.parts();
        if let Event::Settled { issued, step_due } = event {
            let step = parts.at?;
            let index = step.index.saturating_add(1);
            let at = step.moved(index, issued.at, *step_due, None);
            return Some(Self::Settled(parts.record?, at, issued.clone()));
        }
        Some(Self::Returned(parts.record?, parts.issued?))
    }
}

impl AtStep {
    fn new(index: usize, since: DateTime, due: DateTime, holder: Option<StaffId>) -> Self {
        Self { index, since, due, holder, draft: None, approved_by: None }
    }

    fn moved(self, index: usize, since: DateTime, due: DateTime, holder: Option<StaffId>) -> Self {
        Self { index, since, due, holder, ..self }
    }
}

fn resumed(mut record: Record, at: DateTime, due: Option<DateTime>) -> Record {
    if let Some(pause) = record.pauses.last_mut() {
        pause.to = Some(at);
    }
    record.due = due;
    record
}

fn merge(there: &mut Vec<Handed>, came: &[Handed]) {
    there.retain(|old| came.iter().all(|new| new.component != old.component));
    there.extend(came.iter().cloned());
    there.sort_by_key(|handed| handed.component);
}
