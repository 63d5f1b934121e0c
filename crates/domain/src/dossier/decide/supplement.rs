//! Supplements: sent, answered or not, and the clock that stands still meanwhile.

use jiff::civil::DateTime;

use crate::deadline::PauseMode;
use crate::dossier::commands::CommandKind;
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::filed::Handed;
use crate::dossier::pins::{FirstPromise, Resumed};
use crate::dossier::refusal::Refusal;
use crate::dossier::request::{Asking, Correction, Request};
use crate::dossier::state::{AtStep, Dossier, Record};
use crate::ids::TextId;

use super::Judged;
use super::asking;
use super::lane::lane_due;
use super::post::judge_submitted;
use super::scan::judge_scans;

impl Dossier {
    /// A request that names no legal basis: the first one, or the draft that is sent.
    pub(super) fn ask_at_once(
        &self,
        (components, corrections, reason): (&[u16], &[Correction], Option<&TextId>),
        facts: &Facts<'_>,
    ) -> Judged {
        let asking = Asking {
            components: components.to_vec(),
            corrections: corrections.to_vec(),
            reason: reason.cloned(),
            basis: None,
        };
        self.ask_supplement(&asking, facts)
    }

    pub(super) fn ask_supplement(&self, asked: &Asking, facts: &Facts<'_>) -> Judged {
        match self {
            Self::Submitted(record) => {
                judge_submitted(record)?;
                asking::at_counter(record, asked, facts)
            }
            Self::Processing(record, at) => asking::sent(record, at, asked, facts),
            Self::Absent
            | Self::Incomplete(..)
            | Self::Declined(_)
            | Self::Received(..)
            | Self::Paused(..)
            | Self::Obliged(..)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Settled(..)
            | Self::Returned(..) => Err(self.no_move(CommandKind::AskSupplement)),
        }
    }

    pub(super) fn supply(&self, handed: &[Handed], facts: &Facts<'_>) -> Judged {
        match self {
            Self::Incomplete(record, request) => {
                judge_supplied((record, request), handed, facts)?;
                let handed = handed.to_vec();
                Ok(vec![Event::Supplied {
                    at: facts.now,
                    handed,
                    promised: Resumed::nothing(facts.calendar()),
                    step_due: None,
                    answer_by: facts.answer_by(),
                }])
            }
            Self::Paused(record, at, request) => {
                judge_supplied((record, request), handed, facts)?;
                let promised = resumed(record, facts)?;
                let step_due = match request.mode {
                    PauseMode::Exclude => facts.step_resumed(at.due, request.at)?,
                    PauseMode::Restart => facts.step_due(at.index),
                };
                let handed = handed.to_vec();
                let step_due = Some(step_due);
                Ok(vec![Event::Supplied {
                    at: facts.now,
                    handed,
                    promised,
                    step_due,
                    answer_by: None,
                }])
            }
            Self::Absent
            | Self::Submitted(_)
            | Self::Declined(_)
            | Self::Received(..)
            | Self::Processing(..)
            | Self::Obliged(..)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Settled(..)
            | Self::Returned(..) => Err(self.no_move(CommandKind::Supply)),
        }
    }
}

/// A step that was given to somebody is worked on by nobody else, unless for her while she is away.
pub(super) fn judge_holder(at: &AtStep, facts: &Facts<'_>) -> Result<(), Refusal> {
    let holds = |holder| holder == facts.by || Some(holder) == facts.for_whom;
    match &at.holder {
        Some(holder) if !holds(holder) => Err(Refusal::NotHolder),
        Some(_) | None => Ok(()),
    }
}

/// A request ends unanswered only when the applicant's time is over.
pub(super) fn judge_silence(request: &Request, facts: &Facts<'_>) -> Result<(), Refusal> {
    if facts.now > request.answer_by {
        Ok(())
    } else {
        Err(Refusal::AnswerPeriod {
            until: request.answer_by,
        })
    }
}

fn judge_supplied(
    (record, request): (&Record, &Request),
    handed: &[Handed],
    facts: &Facts<'_>,
) -> Result<(), Refusal> {
    if let Some(other) = handed
        .iter()
        .find(|h| !request.components.contains(&h.component))
    {
        return Err(Refusal::NotAsked {
            component: other.component,
        });
    }
    let came = |number: &u16| handed.iter().any(|h| h.component == *number);
    let missing: Vec<u16> = request
        .components
        .iter()
        .filter(|n| !came(n))
        .copied()
        .collect();
    if !missing.is_empty() {
        return Err(Refusal::StillMissing { missing });
    }
    match facts.procedure.case(record.filed.case) {
        Some(filed_case) => judge_scans(handed, &record.filed, filed_case),
        None => Ok(()),
    }
}

/// What is promised once the last pause ends now.
pub(super) fn resumed(record: &Record, facts: &Facts<'_>) -> Result<Resumed, Refusal> {
    let first = resumed_first(record, facts)?;
    let due = resumed_due(record, first.as_ref(), facts)?;
    Ok(Resumed {
        due,
        calendar: facts.calendar(),
        lane_due: resumed_lane(record, due, facts)?,
        first,
    })
}

/// The promised time once the last pause ends now. A move that promised less never ends in more: the
/// limits before and after it may be counted in different days, so that from another start the one
/// that was shorter ends later, and then the first one holds.
fn resumed_due(
    record: &Record,
    first: Option<&FirstPromise>,
    facts: &Facts<'_>,
) -> Result<Option<DateTime>, Refusal> {
    let (Some(limit), Some(_)) = (record.limit, record.received_at) else {
        return Ok(None);
    };
    let due = lane_due(&unpaused(record, facts), limit, facts)?;
    Ok(Some(first.map_or(due, |first| due.min(first.due))))
}

/// The date published by a green lane once the last pause ends now.
fn resumed_lane(
    record: &Record,
    legal: Option<DateTime>,
    facts: &Facts<'_>,
) -> Result<Option<DateTime>, Refusal> {
    let Some(lane) = &record.course.lane else {
        return Ok(None);
    };
    let published = lane_due(&unpaused(record, facts), lane.limit, facts)?;
    Ok(Some(legal.map_or(published, |legal| published.min(legal))))
}

/// What was promised first, where a move to another version promises less, once the last pause ends
/// now.
fn resumed_first(record: &Record, facts: &Facts<'_>) -> Result<Option<FirstPromise>, Refusal> {
    let Some(first) = &record.course.first else {
        return Ok(None);
    };
    let record = unpaused(record, facts);
    let due = lane_due(&record, first.limit, facts)?;
    let lane = record
        .course
        .lane
        .as_ref()
        .filter(|_| first.lane_due.is_some());
    let published = lane.map(|lane| lane_due(&record, lane.limit, facts));
    Ok(Some(FirstPromise {
        limit: first.limit,
        due,
        lane_due: published.transpose()?.map(|published| published.min(due)),
    }))
}

fn unpaused(record: &Record, facts: &Facts<'_>) -> Record {
    let mut record = record.clone();
    if let Some(last) = record.pauses.last_mut() {
        last.to = Some(facts.now);
    }
    record
}
