//! Green lanes: a shorter, published date beside the legal one. Components and charges stay.

use jiff::civil::DateTime;

use crate::deadline::Limit;
use crate::dossier::commands::{Admitting, CommandKind};
use crate::dossier::course::Admitted;
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::refusal::Refusal;
use crate::dossier::state::{Dossier, Record};
use crate::procedure::Lane;

use super::Judged;

impl Dossier {
    pub(super) fn admit_to_lane(&self, asked: &Admitting, facts: &Facts<'_>) -> Judged {
        let (record, _) = self.begun(CommandKind::AdmitToLane)?;
        if record.course.lane.is_some() {
            return Err(Refusal::InLane);
        }
        let mut lanes = facts.procedure.lanes.iter();
        let lane = lanes.find(|lane| lane.code == asked.lane);
        let lane = lane.ok_or(Refusal::NoSuchLane)?;
        judge_admission(lane, asked)?;
        let legal = record.limit.ok_or(Refusal::NothingPromised)?;
        let limit = lane.limit.beside(legal);
        let due = lane_due(record, limit, facts)?;
        Ok(vec![Event::LaneAdmitted(Admitted {
            at: facts.now,
            lane: lane.code.clone(),
            ground: asked.ground.clone().ok_or(Refusal::ReasonMissing)?,
            project: asked.project.clone(),
            limit,
            // A published time is never longer than the legal one.
            due: record.due.map_or(due, |legal| due.min(legal)),
            by: facts.by.clone(),
            behalf: facts.behalf(),
        })])
    }
}

/// Whether the plan lets the dossier in, and lets these posts decide it.
fn judge_admission(lane: &Lane, asked: &Admitting) -> Result<(), Refusal> {
    if !asked.posts.contains(&lane.decided_by) {
        let role = lane.decided_by;
        return Err(Refusal::LaneNotDecider { role });
    }
    if !lane.eligible.takes(asked.owner) {
        return Err(Refusal::LaneNotForOwner);
    }
    if lane.eligible.lacks_project(asked.project.as_deref()) {
        return Err(Refusal::LaneProjectMissing);
    }
    Ok(())
}

/// The published date: counted like the legal one, from the same reception over the same pauses.
pub(super) fn lane_due(
    record: &Record,
    limit: Limit,
    facts: &Facts<'_>,
) -> Result<DateTime, Refusal> {
    let received = record.received_at.unwrap_or(record.submitted_at);
    facts.due(received, limit, &record.pauses)
}
