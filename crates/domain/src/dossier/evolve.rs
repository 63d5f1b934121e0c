//! `evolve`: folds one event into the state. The decision was made when the event was; nothing is
//! judged here.

use crate::deadline::Pause;
use crate::ids::StaffId;
use jiff::civil::DateTime;

use super::course::{HandedOver, Noticed, Obligation};
use super::events::Event;
use super::evolve_course::{filed_at, hastened};
use super::filed::Handed;
use super::pins::Resumed;
use super::request::Request;
use super::result::{File, Issued};
use super::state::{AtStep, Dossier, Record};

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
            Event::Submitted {
                at,
                filed,
                answer_by,
            } => Self::Submitted(filed_at(filed, (*at, *answer_by))),
            Event::Declined { .. } => self.closed(Self::Declined),
            Event::Withdrawn { .. } => self.closed(Self::Withdrawn),
            Event::Stopped { .. } => self.closed(Self::Stopped),
            Event::SlipIssued { .. } => self,
            Event::ResultMade {
                at,
                file,
                attachments,
                ..
            } => self.made(*at, (file, attachments)).unwrap_or_default(),
            Event::Received { .. } => self.received(event).unwrap_or_default(),
            Event::SupplementRequested { request } => self.asked(request).unwrap_or_default(),
            Event::Supplied { .. } => self.supplied(event).unwrap_or_default(),
            Event::ObligationNoticed(_) | Event::ObligationMet { .. } => {
                self.obligation(event).unwrap_or_default()
            }
            Event::Assigned { .. } | Event::ResultDrafted { .. } | Event::ResultSigned(_) => {
                self.worked_on(event).unwrap_or_default()
            }
            Event::HandedOver(_) | Event::StepFinished { .. } | Event::SentBack { .. } => {
                self.moved(event).unwrap_or_default()
            }
            Event::Settled { .. } | Event::Returned(_) => self.ended(event).unwrap_or_default(),
            Event::SupplementDrafted(_)
            | Event::SupplementApproved(_)
            | Event::SupplementDiscarded { .. }
            | Event::LookupRecorded { .. }
            | Event::ComponentScanned(_)
            | Event::HandedByPost(_)
            | Event::SupplementHandedByPost(_)
            | Event::ResultAcknowledged(_)
            | Event::ReceiptScanned(_)
            | Event::CopiedToPaper(_)
            | Event::ResultDigitised(_)
            | Event::HandOverAcknowledged(_)
            | Event::Apologised(_)
            | Event::LaneAdmitted(_)
            | Event::CorrectionOpened { .. }
            | Event::Corrected { .. }
            | Event::CorrectionDropped { .. } => self.coursed(event).unwrap_or_default(),
            Event::TasksSent(_)
            | Event::TaskOpened { .. }
            | Event::TaskAccepted { .. }
            | Event::TaskAnswered { .. }
            | Event::AnswerAcknowledged { .. }
            | Event::TaskRecalled { .. }
            | Event::TaskLapsed { .. } => self.tasked(event).unwrap_or_default(),
            Event::Released { .. } => self.released().unwrap_or_default(),
            Event::Repinned(_) => self.repinned_to(event).unwrap_or_default(),
        }
    }

    fn parts(self) -> Parts {
        match self {
            Self::Absent => Parts::default(),
            Self::Submitted(r)
            | Self::Incomplete(r, _)
            | Self::Declined(r)
            | Self::Withdrawn(r)
            | Self::Stopped(r) => Parts {
                record: Some(r),
                ..Parts::default()
            },
            Self::Received(r, at)
            | Self::Processing(r, at)
            | Self::Paused(r, at, _)
            | Self::Obliged(r, at) => Parts {
                record: Some(r),
                at: Some(at),
                issued: None,
            },
            Self::Settled(r, at, issued) => Parts {
                record: Some(r),
                at: Some(at),
                issued: Some(issued),
            },
            Self::Returned(r, issued) => Parts {
                record: Some(r),
                at: None,
                issued: Some(issued),
            },
        }
    }

    fn closed(self, state: fn(Record) -> Self) -> Self {
        self.parts().record.map(state).unwrap_or_default()
    }

    fn received(self, event: &Event) -> Option<Self> {
        let Event::Received {
            at,
            code,
            limit,
            due,
            calendar,
            step_due,
        } = event
        else {
            return None;
        };
        let record = Record {
            code: Some(code.clone()),
            received_at: Some(*at),
            limit: *limit,
            due: *due,
            calendar: calendar.clone(),
            ..self.parts().record?
        };
        Some(Self::Received(record, AtStep::new(0, *at, *step_due)))
    }

    fn asked(self, request: &Request) -> Option<Self> {
        let parts = self.parts();
        let mut record = parts.record?;
        record.asked = Some(request.clone());
        record.course.asking = None;
        let stage = request.stage.or(parts.at.as_ref().map(|at| at.index));
        record.course.asked_at.push(stage);
        Some(match parts.at {
            None => Self::Incomplete(record, request.clone()),
            Some(at) => {
                record.pauses.push(Pause {
                    from: request.at,
                    to: None,
                    mode: request.mode,
                });
                Self::Paused(record, at, request.clone())
            }
        })
    }

    fn supplied(self, event: &Event) -> Option<Self> {
        let Event::Supplied {
            at,
            handed,
            promised,
            step_due,
            answer_by,
        } = event
        else {
            return None;
        };
        let parts = self.parts();
        let mut record = parts.record?;
        merge(&mut record.filed.handed, handed);
        hastened(&mut record, promised);
        Some(match parts.at {
            None => Self::Submitted(answered_anew(record, *at, *answer_by)),
            Some(step) => Self::Processing(
                resumed(record, *at, promised),
                AtStep {
                    due: step_due.unwrap_or(step.due),
                    ..step
                },
            ),
        })
    }

    fn obligation(self, event: &Event) -> Option<Self> {
        let parts = self.parts();
        let (mut record, step) = (parts.record?, parts.at?);
        if let Event::ObligationMet {
            at,
            promised,
            step_due,
            proof,
        } = event
        {
            let step = AtStep {
                due: *step_due,
                ..step
            };
            hastened(&mut record, promised);
            if let Some(obligation) = &mut record.course.obligation {
                obligation.proof.clone_from(proof);
            }
            return Some(Self::Processing(resumed(record, *at, promised), step));
        }
        if let Event::ObligationNoticed(Noticed {
            notice,
            amount,
            pay_by,
            document,
            ..
        }) = event
        {
            record.course.obligation = Some(Obligation {
                notice: notice.clone(),
                amount: *amount,
                pay_by: *pay_by,
                document: document.clone(),
                proof: None,
            });
        }
        let mode = crate::deadline::PauseMode::Exclude;
        record.pauses.push(Pause {
            from: event.at(),
            to: None,
            mode,
        });
        Some(Self::Obliged(record, step))
    }

    /// The step goes on, with another holder or another draft.
    fn worked_on(self, event: &Event) -> Option<Self> {
        let parts = self.parts();
        let mut step = parts.at?;
        if let Event::Assigned { to, .. } = event {
            step.holder = Some(to.clone());
        }
        if let Event::ResultDrafted { draft, .. } = event {
            step.draft = Some(draft.clone());
            step.approved_by = None;
            step.signed = None;
        }
        if let Event::ResultSigned(signature) = event {
            step.signed = Some(signature.clone());
        }
        Some(Self::Processing(parts.record?, step))
    }

    /// Another step begins.
    fn moved(self, event: &Event) -> Option<Self> {
        let parts = self.parts();
        let mut step = parts.at?;
        let (before, after) = (step.index.saturating_sub(1), step.index.saturating_add(1));
        if let Event::HandedOver(HandedOver {
            at,
            step: first,
            step_due,
            ..
        }) = event
        {
            step = AtStep::new(*first, *at, *step_due);
        }
        if let Event::StepFinished {
            at,
            by,
            approved,
            step_due,
            ..
        } = event
        {
            step = step.moved(after, *at, *step_due, None);
            if *approved {
                step.approved_by = Some(by.clone());
            }
        }
        if let Event::SentBack {
            at,
            to,
            holder,
            step_due,
            ..
        } = event
        {
            let back = to.unwrap_or(before);
            step = step.moved(back, *at, *step_due, holder.clone());
            step.approved_by = None;
            step.signed = None;
        }
        let mut record = parts.record?;
        // A draft belongs to its step.
        record.course.asking = None;
        if let Event::HandedOver(HandedOver { late, .. }) = event {
            record.course.handed_over_late = *late;
        }
        Some(Self::Processing(record, step))
    }

    fn ended(self, event: &Event) -> Option<Self> {
        let parts = self.parts();
        if let Event::Settled {
            issued, step_due, ..
        } = event
        {
            let (mut record, step) = (parts.record?, parts.at?);
            // A draft belongs to its step.
            record.course.asking = None;
            record.course.signed = step.signed.is_some();
            let index = step.index.saturating_add(1);
            let at = step.moved(index, issued.at, *step_due, None);
            return Some(Self::Settled(record, at, issued.clone()));
        }
        let mut record = parts.record?;
        if let Event::Returned(returned) = event {
            record
                .course
                .receipt_signed
                .clone_from(&returned.handing.receipt);
        }
        Some(Self::Returned(record, parts.issued?))
    }

    /// The result has its official document; the applicant may have got the result before.
    /// It was sealed when it had one first: what comes after completes it alone.
    fn made(self, at: DateTime, (file, sealed): (&File, &[File])) -> Option<Self> {
        let parts = self.parts();
        let mut issued = parts.issued?;
        for (attachment, made) in issued.attachments.iter_mut().zip(sealed) {
            attachment.official = Some(made.clone());
        }
        let issued = Issued {
            official: Some(file.clone()),
            sealed: issued.sealed.or(Some(at)),
            ..issued
        };
        Some(match parts.at {
            Some(at) => Self::Settled(parts.record?, at, issued),
            None => Self::Returned(parts.record?, issued),
        })
    }
}

impl AtStep {
    fn new(index: usize, since: DateTime, due: DateTime) -> Self {
        Self {
            index,
            since,
            due,
            holder: None,
            draft: None,
            approved_by: None,
            signed: None,
        }
    }

    fn moved(self, index: usize, since: DateTime, due: DateTime, holder: Option<StaffId>) -> Self {
        Self {
            index,
            since,
            due,
            holder,
            ..self
        }
    }
}

/// The clock runs again: the last pause ends and a new time is promised, by this calendar.
fn resumed(mut record: Record, at: DateTime, promised: &Resumed) -> Record {
    if let Some(pause) = record.pauses.last_mut() {
        pause.to = Some(at);
    }
    record.due = promised.due;
    record.calendar.clone_from(&promised.calendar);
    record.course.recounted_on = None;
    record
}

/// The applicant's wait is not the centre's: from the supply on it has its whole time to answer.
fn answered_anew(mut record: Record, at: DateTime, answer_by: Option<DateTime>) -> Record {
    if answer_by.is_some() {
        record.answer_by = answer_by;
        record.course.supplied_at = Some(at);
    }
    record
}

fn merge(there: &mut Vec<Handed>, came: &[Handed]) {
    there.retain(|old| came.iter().all(|new| new.component != old.component));
    there.extend(came.iter().cloned());
    there.sort_by_key(|handed| handed.component);
}
