//! A step is given back when the post of its holder ended.

use crate::dossier::commands::CommandKind;
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::refusal::Refusal;
use crate::dossier::state::Dossier;

use super::Judged;

impl Dossier {
    pub(super) fn release(&self, facts: &Facts<'_>) -> Judged {
        let (_, at) = self.begun(CommandKind::Release)?;
        Ok(vec![Event::Released {
            at: facts.now,
            step: at.index,
            holder: at.holder.clone().ok_or(Refusal::NothingHeld)?,
        }])
    }
}
