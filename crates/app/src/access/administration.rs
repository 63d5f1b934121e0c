//! Who keeps accounts, posts and certificates, and who sees the register of certificates.

use domain::certificate::{Certificate, Holder};
use domain::ids::UnitId;
use domain::office::Role;

use super::{Actor, Permit, permit};
use crate::no::Denied;

/// Whether the actor keeps the accounts and posts of a unit: as administrator of it or of a unit
/// above. `line` is the unit and those above it.
///
/// # Errors
/// [`Denied::Unseen`]: who works where is told to its administrators alone.
pub fn may_administer(actor: &Actor, line: &[UnitId]) -> Result<Permit, Denied> {
    let keeps = |unit: &UnitId| actor.holds(Role::Administrator, unit);
    if line.iter().any(keeps) {
        Ok(permit(actor, "administrator"))
    } else {
        Err(Denied::Unseen)
    }
}

/// Whether the actor may see a certificate: the own one, the seal that the actor keeps, or as
/// administrator of its unit or of one above. `line` is the unit and those above it.
///
/// # Errors
/// [`Denied::Unseen`].
pub fn may_see_certificate(
    actor: &Actor,
    certificate: &Certificate,
    line: &[UnitId],
) -> Result<Permit, Denied> {
    match &certificate.holder {
        Holder::Person { staff, .. } if *staff == actor.staff => Ok(permit(actor, "own")),
        Holder::Agency if actor.holds(Role::SealClerk, &certificate.unit) => {
            Ok(permit(actor, "seal"))
        }
        Holder::Person { .. } | Holder::Agency => may_administer(actor, line),
    }
}

/// Whether the actor may register a certificate of `holder`: as administrator, and never one of her
/// own, so that nobody gives herself what to sign with.
///
/// # Errors
/// [`Denied::Unseen`] at units of others, [`Denied::Seen`] for the own ones.
pub fn may_register_certificate(
    actor: &Actor,
    holder: &Holder,
    line: &[UnitId],
) -> Result<Permit, Denied> {
    let permit = may_administer(actor, line)?;
    match holder {
        Holder::Person { staff, .. } if *staff == actor.staff => Err(Denied::Seen),
        Holder::Person { .. } | Holder::Agency => Ok(permit),
    }
}

/// Whether the actor may take a certificate out of use: its holder may too, who is the first to know
/// that the key is lost.
///
/// # Errors
/// [`Denied::Unseen`].
pub fn may_end_certificate(
    actor: &Actor,
    certificate: &Certificate,
    line: &[UnitId],
) -> Result<Permit, Denied> {
    may_see_certificate(actor, certificate, line)
}
