//! Who has results sealed that were issued without a seal.

use domain::office::Role;

use super::{Actor, Permit, Resource, judged, may_see, permit};
use crate::no::Denied;

/// Whether the actor may have the result of a dossier sealed anew: who keeps the seal of the agency that
/// answers for it.
///
/// # Errors
/// [`Denied`], unseen before seen.
pub fn may_seal_anew(actor: &Actor, resource: &Resource) -> Result<Permit, Denied> {
    may_see(actor, resource)?;
    judged(actor, None, |actor| {
        if actor.holds(Role::SealClerk, &resource.competent) {
            Ok(permit(actor, "seal"))
        } else {
            Err(Denied::Seen)
        }
    })
}
