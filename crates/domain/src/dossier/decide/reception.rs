//! Submission and reception, with the checks in the order of NĐ 61/2018 Điều 15, 17 as carried on
//! by NĐ 118/2025 Điều 15, 17.

use jiff::civil::{Date, DateTime};

use crate::dossier::commands::CommandKind;
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::filed::{Filed, Handed, HandedAs, Mandate};
use crate::dossier::refusal::Refusal;
use crate::dossier::state::Dossier;
use crate::office::Unit;
use crate::procedure::{Case, Channel};

use super::Judged;
use super::correction::judge_corrects;
use super::lookup::{judge_lookup, judge_papers};
use super::post::judge_submitted;
use super::scan::judge_scans;

impl Dossier {
    pub(super) fn submit(&self, filed: &Filed, facts: &Facts<'_>) -> Judged {
        match self {
            Self::Absent => {
                // Nothing is filed at a centre that has ended, not even to be declined.
                let is_open = |unit: &Unit| unit.in_force(facts.now.date());
                if !facts.receiving.is_some_and(is_open) {
                    return Err(Refusal::NotReceivedHere);
                }
                let case = judge_filed(filed, facts)?;
                judge_way(filed)?;
                judge_papers(filed, case)?;
                judge_scans(&filed.handed, filed, case)?;
                Ok(vec![Event::Submitted {
                    at: facts.now,
                    filed: filed.clone(),
                    // The post has the papers still: its record starts the centre's time.
                    answer_by: facts.answer_by().filter(|_| filed.agent.is_none()),
                }])
            }
            Self::Submitted(_)
            | Self::Incomplete(..)
            | Self::Declined(_)
            | Self::Received(..)
            | Self::Processing(..)
            | Self::Paused(..)
            | Self::Obliged(..)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Settled(..)
            | Self::Returned(..) => Err(self.no_move(CommandKind::Submit)),
        }
    }

    pub(super) fn receive(&self, filed: &Filed, facts: &Facts<'_>) -> Judged {
        match self {
            Self::Absent => {
                if filed.agent.is_some() {
                    return Err(Refusal::PostRecordUnsigned);
                }
                if filed.channel == Channel::Online && filed.corrects.is_none() {
                    return Err(Refusal::OnlineAtCounter);
                }
                let case = judge_reception(filed, facts.now.date(), facts)?;
                judge_way(filed)?;
                judge_papers(filed, case)?;
                judge_scans(&filed.handed, filed, case)?;
                let submitted = Event::Submitted {
                    at: facts.now,
                    filed: filed.clone(),
                    answer_by: None,
                };
                Ok(vec![submitted, received(filed, facts)?])
            }
            Self::Submitted(_)
            | Self::Incomplete(..)
            | Self::Declined(_)
            | Self::Received(..)
            | Self::Processing(..)
            | Self::Paused(..)
            | Self::Obliged(..)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Settled(..)
            | Self::Returned(..) => Err(self.no_move(CommandKind::Receive)),
        }
    }

    pub(super) fn accept(&self, facts: &Facts<'_>) -> Judged {
        match self {
            Self::Submitted(record) => {
                judge_submitted(record)?;
                let day = record.legal_at().date();
                let case = judge_reception(&record.filed, day, facts)?;
                judge_papers(&record.filed, case)?;
                Ok(vec![received(&record.filed, facts)?])
            }
            Self::Absent
            | Self::Incomplete(..)
            | Self::Declined(_)
            | Self::Received(..)
            | Self::Processing(..)
            | Self::Paused(..)
            | Self::Obliged(..)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Settled(..)
            | Self::Returned(..) => Err(self.no_move(CommandKind::Accept)),
        }
    }
}

/// Who files online attaches files, and puts no paper before anybody; nobody attaches files at a
/// counter.
fn judge_way(filed: &Filed) -> Result<(), Refusal> {
    let is_online = filed.channel == Channel::Online;
    let another = filed.handed.iter().find(|there| match there.handed {
        HandedAs::Seen | HandedAs::Paper | HandedAs::Scanned { .. } => is_online,
        HandedAs::Attached { .. } => !is_online,
        HandedAs::Reused { .. } | HandedAs::Read { .. } => false,
    });
    match another {
        Some(Handed { component, .. }) => Err(Refusal::OtherWay {
            component: *component,
        }),
        None => Ok(()),
    }
}

/// What can be filed at all: a case of the procedure with its own components. Anything more is
/// judged at reception, so that a dossier that may not be received can be declined in writing.
fn judge_filed<'a>(filed: &Filed, facts: &'a Facts<'_>) -> Result<&'a Case, Refusal> {
    let case = facts
        .procedure
        .case(filed.case)
        .ok_or(Refusal::NoSuchCase)?;
    let published = |number: u16| case.components.iter().any(|c| c.number == number);
    let mut handed = filed.handed.iter();
    if let Some(handed) = handed.find(|handed| !published(handed.component)) {
        return Err(Refusal::NotPublished {
            component: handed.component,
        });
    }
    for lookup in &filed.lookups {
        judge_lookup(lookup, case)?;
    }
    if filed.agent.is_some() && filed.channel != Channel::Post {
        return Err(Refusal::NotByPost);
    }
    judge_corrects(filed)?;
    Ok(case)
}

/// The checks of reception in the order of the law: in force on the day of the legal submission,
/// received here, decided there, by this channel; mandate; components. What was rightly filed under
/// a version is received under it, though another may have taken its place since.
fn judge_reception<'a>(
    filed: &Filed,
    submitted: Date,
    facts: &'a Facts<'_>,
) -> Result<&'a Case, Refusal> {
    if filed.corrects.is_some() {
        // The error is the agency's (NĐ 61/2018 Điều 21.1): neither a later version nor the end of
        // an agency stands in the way of mending it.
        return judge_filed(filed, facts);
    }
    if !facts.procedure.in_force(submitted) {
        return Err(Refusal::NotInForce);
    }
    judge_agencies(submitted, facts)?;
    let case = judge_filed(filed, facts)?;
    if facts.procedure.offer(filed.channel).is_none() {
        return Err(Refusal::ChannelNotOffered {
            channel: filed.channel,
        });
    }
    judge_mandate(filed)?;
    judge_complete(filed, case)?;
    Ok(case)
}

/// Received at the usual centre of the agency, or at any of the province where the province lists the
/// procedure; decided by an agency of a level that the procedure names: neither follows from the
/// other (NĐ 118/2025, tiếp nhận không phụ thuộc địa giới hành chính). The agencies are those of today,
/// because the work of one that ended is its successor's; the list is that of the legal submission.
fn judge_agencies(submitted: Date, facts: &Facts<'_>) -> Result<(), Refusal> {
    let today = facts.now.date();
    let receives = |unit: &&Unit| unit.receives() && unit.in_force(today);
    let receiving = facts.receiving.filter(receives);
    let receiving = receiving.ok_or(Refusal::NotReceivedHere)?;
    let decides = |unit: &&Unit| facts.procedure.decided_at(unit);
    let competent = facts.competent.filter(decides);
    let competent = competent.ok_or(Refusal::NotCompetent)?;
    if !competent.in_force(today) {
        return Err(Refusal::AgencyClosed);
    }
    if competent.province() != receiving.province() {
        return Err(Refusal::OtherProvince);
    }
    let boundaries = facts.parameters.boundaries();
    if boundaries.allows(&facts.procedure.code, (receiving, competent), submitted) {
        Ok(())
    } else {
        Err(Refusal::NotReceivedElsewhere)
    }
}

fn judge_mandate(filed: &Filed) -> Result<(), Refusal> {
    match filed.mandate {
        Mandate::Own | Mandate::Relative | Mandate::Authorised => Ok(()),
        Mandate::Missing => Err(Refusal::MandateMissing),
    }
}

/// Complete, but for what a database holds.
fn judge_complete(filed: &Filed, case: &Case) -> Result<(), Refusal> {
    let missing = missing(filed, case);
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Incomplete { missing })
    }
}

/// Mandatory components that are not there. What a database holds is never missing, because it may
/// not be asked for; and a correction at the agency's cost asks for nothing.
pub(super) fn missing(filed: &Filed, case: &Case) -> Vec<u16> {
    if filed.corrects.is_some() {
        return Vec::new();
    }
    let there = |number: u16| filed.handed.iter().any(|handed| handed.component == number);
    let components = case.components.iter();
    let absent = components.filter(|c| c.mandatory && filed.held(c).is_none() && !there(c.number));
    absent.map(|c| c.number).collect()
}

fn received(filed: &Filed, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let limit = facts
        .procedure
        .offer(filed.channel)
        .and_then(|offer| offer.limit);
    let due = limit
        .map(|limit| facts.due(facts.now, limit, &[]))
        .transpose()?;
    Ok(Event::Received {
        at: facts.now,
        code: facts.dossier_code(filed),
        limit,
        due,
        calendar: facts.calendar(),
        step_due: reception_due(facts),
    })
}

/// When the reception step ends: by its own time, and never after the law wants the dossier handed
/// over (TN-08).
fn reception_due(facts: &Facts<'_>) -> DateTime {
    let own = facts.step_due(0);
    facts
        .hand_over_by(facts.now)
        .map_or(own, |by_law| own.min(by_law))
}
