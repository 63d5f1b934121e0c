//! What a move to another version would change for one dossier, before it is made.

use jiff::civil::DateTime;

use crate::deadline::Limit;
use crate::procedure::{Case, Procedure};
use crate::process::Process;

use super::commands::Repinning;
use super::decide::promised;
use super::facts::Facts;
use super::pins::Pins;
use super::refusal::Refusal;
use super::state::Dossier;

/// What a move makes of the limit of the new version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewLimit {
    /// It is the one that was promised.
    Same,
    /// It ends earlier, and is promised.
    Shorter,
    /// It ends no earlier: what was promised stays.
    Longer,
    /// It would be over already: what was promised stays.
    Over,
}

impl NewLimit {
    /// The name in message keys and in answers to programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Shorter => "shorter",
            Self::Longer => "longer",
            Self::Over => "over",
        }
    }
}

/// What would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// What would hold afterwards.
    pub new: Pins,
    /// Name of the step now and then, where they differ.
    pub step: Option<(String, String)>,
    /// Names of all steps now and then, where they differ.
    pub steps: Option<(Vec<String>, Vec<String>)>,
    /// The time that is promised now.
    pub due: Option<DateTime>,
    /// When the step's own clock ends now.
    pub step_due: Option<DateTime>,
    /// What becomes of the limit of the new version.
    pub new_limit: NewLimit,
    /// The limit of the new version; none when it publishes none.
    pub offered: Option<Limit>,
    /// Components that the new version lists and the old one does not. What was received is never
    /// asked to bring them.
    pub added: Vec<u16>,
    /// Components that the new version lists no more.
    pub dropped: Vec<u16>,
}

impl Dossier {
    /// What the move would change; `procedure` and `process` are those that hold now, `facts` hold
    /// those to come.
    ///
    /// # Errors
    /// The [`Refusal`] that the move itself would meet.
    pub fn preview(
        &self,
        asked: &Repinning,
        (procedure, process): (&Procedure, &Process),
        facts: &Facts<'_>,
    ) -> Result<Preview, Refusal> {
        let new = self.repinned(asked, facts)?;
        let record = self.record().ok_or(Refusal::NothingChanges)?;
        let offer = facts.procedure.offer(record.filed.channel);
        let name = |process: &Process, index: usize| {
            process
                .step(index)
                .map(|s| s.name.clone())
                .unwrap_or_default()
        };
        let now = self.at_step().map_or(0, |at| at.index);
        let (before, after) = (name(process, now), name(facts.process, asked.step));
        let names = |process: &Process| process.steps.iter().map(|s| s.name.clone()).collect();
        let (old_steps, new_steps): (Vec<String>, Vec<String>) =
            (names(process), names(facts.process));
        let (old, to_come) = (
            listed(procedure.case(record.filed.case)),
            listed(facts.procedure.case(record.filed.case)),
        );
        let beyond = |some: &[(u16, &str)], others: &[(u16, &str)]| {
            let some = some.iter().filter(|one| !others.contains(one));
            some.map(|one| one.0).collect()
        };
        Ok(Preview {
            due: record.due,
            step_due: self.at_step().map(|at| at.due),
            new_limit: promised(record, facts)?.1,
            offered: offer.and_then(|offer| offer.limit),
            new,
            step: (before != after).then_some((before, after)),
            steps: (old_steps != new_steps).then_some((old_steps, new_steps)),
            added: beyond(&to_come, &old),
            dropped: beyond(&old, &to_come),
        })
    }
}

/// Components by number and name: another paper under the same number is another component.
fn listed(case: Option<&Case>) -> Vec<(u16, &str)> {
    let components = case.map(|case| case.components.as_slice());
    let listed = components.unwrap_or_default().iter();
    listed.map(|c| (c.number, c.name.as_str())).collect()
}
