//! Supplement requests, financial obligations, and the clock that stands still meanwhile.

use std::collections::BTreeSet;

use jiff::civil::DateTime;

use crate::deadline::PauseMode;
use crate::dossier::commands::{CommandKind, Facts};
use crate::dossier::events::Event;
use crate::dossier::filed::Handed;
use crate::dossier::refusal::Refusal;
use crate::dossier::state::{AtStep, Dossier, Record, Request};
use crate::ids::TextId;
use crate::rules::Rule;

use super::Judged;
use super::reception::missing;

impl Dossier {
    pub(super) fn ask_supplement(
        &self,
        components: &[u16],
        reason: Option<&TextId>,
        facts: &Facts<'_>,
    ) -> Judged {
        match self {
            Self::Submitted(record) => ask(record, components, reason, facts),
            Self::Processing(record, at) => {
                judge_holder(at, facts)?;
                judge_in_time(record, facts)?;
                ask(record, components, reason, facts)
            }
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
            Self::Incomplete(_, request) => {
                judge_supplied(request, handed)?;
                let handed = handed.to_vec();
                Ok(vec![Event::Supplied {
                    at: facts.now,
                    handed,
                    due: None,
                    calendar: facts.calendar(),
                    step_due: None,
                }])
            }
            Self::Paused(record, at, request) => {
                judge_supplied(request, handed)?;
                let due = resumed_due(record, facts)?;
                let step_due = match request.mode {
                    PauseMode::Exclude => facts.step_resumed(at.due, request.at)?,
                    PauseMode::Restart => facts.step_due(at.index),
                };
                let handed = handed.to_vec();
                let step_due = Some(step_due);
                Ok(vec![Event::Supplied {
                    at: facts.now,
                    handed,
                    due,
                    calendar: facts.calendar(),
                    step_due,
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

    pub(super) fn close_unanswered(&self, facts: &Facts<'_>) -> Judged {
        match self {
            Self::Incomplete(_, request) | Self::Paused(_, _, request) => {
                judge_silence(request, facts)?;
                Ok(vec![Event::stopped(facts.now, Rule::AnswerPeriod)])
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
            | Self::Returned(..) => Err(self.no_move(CommandKind::CloseUnanswered)),
        }
    }

    pub(super) fn notice_obligation(&self, notice: Option<&TextId>, facts: &Facts<'_>) -> Judged {
        match self {
            Self::Processing(_, at) => {
                judge_holder(at, facts)?;
                let notice = notice.ok_or(Refusal::ReasonMissing)?.clone();
                Ok(vec![Event::ObligationNoticed {
                    at: facts.now,
                    notice,
                }])
            }
            Self::Absent
            | Self::Submitted(_)
            | Self::Incomplete(..)
            | Self::Declined(_)
            | Self::Received(..)
            | Self::Paused(..)
            | Self::Obliged(..)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Settled(..)
            | Self::Returned(..) => Err(self.no_move(CommandKind::NoticeObligation)),
        }
    }

    pub(super) fn meet_obligation(&self, facts: &Facts<'_>) -> Judged {
        match self {
            Self::Obliged(record, at) => {
                let from = record.pauses.last().map_or(facts.now, |pause| pause.from);
                let step_due = facts.step_resumed(at.due, from)?;
                let due = resumed_due(record, facts)?;
                Ok(vec![Event::ObligationMet {
                    at: facts.now,
                    due,
                    calendar: facts.calendar(),
                    step_due,
                }])
            }
            Self::Absent
            | Self::Submitted(_)
            | Self::Incomplete(..)
            | Self::Declined(_)
            | Self::Received(..)
            | Self::Processing(..)
            | Self::Paused(..)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Settled(..)
            | Self::Returned(..) => Err(self.no_move(CommandKind::MeetObligation)),
        }
    }
}

/// A step that was given to somebody is worked on by nobody else.
pub(super) fn judge_holder(at: &AtStep, facts: &Facts<'_>) -> Result<(), Refusal> {
    match &at.holder {
        Some(holder) if holder != facts.by => Err(Refusal::NotHolder),
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

fn judge_in_time(record: &Record, facts: &Facts<'_>) -> Result<(), Refusal> {
    let received = record.received_at.unwrap_or(record.submitted_at);
    let until = facts.due(received, facts.procedure.supplement.within, &[])?;
    if facts.now > until {
        Err(Refusal::AskedTooLate { until })
    } else {
        Ok(())
    }
}

fn ask(record: &Record, components: &[u16], reason: Option<&TextId>, facts: &Facts<'_>) -> Judged {
    if let Some(asked) = &record.asked {
        return Err(Refusal::AlreadyAsked { at: asked.at });
    }
    judge_list(record, components, facts)?;
    let reason = reason.ok_or(Refusal::ReasonMissing)?.clone();
    let rule = &facts.procedure.supplement;
    let request = Request {
        at: facts.now,
        components: components
            .iter()
            .copied()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        reason,
        answer_by: facts.due(facts.now, rule.answer, &[])?,
        mode: rule.mode,
    };
    Ok(vec![Event::SupplementRequested { request }])
}

/// Exactly what the published list has, nothing that a database holds, and all that is missing:
/// there is no second request.
fn judge_list(record: &Record, components: &[u16], facts: &Facts<'_>) -> Result<(), Refusal> {
    if components.is_empty() {
        return Err(Refusal::NothingAsked);
    }
    let case = facts
        .procedure
        .case(record.filed.case)
        .ok_or(Refusal::NoSuchCase)?;
    for &component in components {
        let Some(published) = case.components.iter().find(|c| c.number == component) else {
            return Err(Refusal::NotPublished { component });
        };
        if let Some(database) = published.held_by {
            return Err(Refusal::HeldByDatabase {
                component,
                database,
            });
        }
    }
    let mut missing = missing(&record.filed, case);
    missing.retain(|number| !components.contains(number));
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Refusal::AskedInPart { missing })
    }
}

fn judge_supplied(request: &Request, handed: &[Handed]) -> Result<(), Refusal> {
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
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Refusal::StillMissing { missing })
    }
}

/// The promised time once the last pause ends now.
fn resumed_due(record: &Record, facts: &Facts<'_>) -> Result<Option<DateTime>, Refusal> {
    let (Some(limit), Some(received)) = (record.limit, record.received_at) else {
        return Ok(None);
    };
    let mut pauses = record.pauses.clone();
    if let Some(last) = pauses.last_mut() {
        last.to = Some(facts.now);
    }
    facts.due(received, limit, &pauses).map(Some)
}
