//! What an agent of the post may still do with a dossier that she filed, while its papers are with her.

use domain::office::Role;

use super::{Actor, Permit, Resource, may_see, permit};
use crate::no::Denied;

impl Resource {
    /// Whether the actor is the agent who has its papers.
    pub(super) fn is_with(&self, actor: &Actor) -> bool {
        self.with_agent.as_ref() == Some(&actor.staff)
            && actor.holds(Role::PostAgent, &self.receiving)
    }
}

/// Whether the actor may open scans of its components: who sees the dossier, and the agent who made
/// them.
///
/// # Errors
/// [`Denied::Unseen`].
pub fn may_read_scans(actor: &Actor, resource: &Resource) -> Result<Permit, Denied> {
    if resource.is_with(actor) {
        return Ok(permit(actor, "post"));
    }
    may_see(actor, resource)
}
