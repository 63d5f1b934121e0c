//! Locking and unlocking accounts, and lost devices.

use domain::ids::StaffId;
use store::{AccountChange, AuditLine, Lock, SignInChange};

use super::view::{logged, manages, seen};
use crate::access::Actor;
use crate::no::{Denied, No};
use crate::state::App;

/// The audit line of what the actor does to somebody's account, once it is allowed.
async fn managing(
    app: &App,
    actor: &Actor,
    staff: &StaffId,
    action: &str,
) -> Result<AuditLine, No> {
    let held = seen(app, actor, staff).await?;
    let permit = manages(app, actor, &held, app.clock().now().date())?;
    Ok(AuditLine {
        purpose: permit.right().to_owned(),
        ..logged(actor, staff, action, String::new())
    })
}

/// Locks an account until it is unlocked; whoever is signed in with it is so no longer.
///
/// # Errors
/// [`No::Denied`], unseen or seen.
pub async fn lock_account(app: &App, actor: &Actor, staff: &StaffId) -> Result<(), No> {
    lock(app, actor, staff, (Lock::Closed, "account.locked")).await
}

/// Unlocks an account, whoever or whatever locked it.
///
/// # Errors
/// [`No::Denied`], unseen or seen.
pub async fn unlock_account(app: &App, actor: &Actor, staff: &StaffId) -> Result<(), No> {
    lock(app, actor, staff, (Lock::Open, "account.unlocked")).await
}

async fn lock(
    app: &App,
    actor: &Actor,
    staff: &StaffId,
    (lock, action): (Lock, &str),
) -> Result<(), No> {
    let line = managing(app, actor, staff, action).await?;
    let now = app.clock().now();
    let there = app.store().lock_account(staff.clone(), lock, now, line);
    if there.await? {
        Ok(())
    } else {
        Err(Denied::Unseen.into())
    }
}

/// Asks for no one-time code any more, because the device is lost; the person enrols another.
///
/// # Errors
/// [`No::Denied`], unseen or seen.
pub async fn reset_totp(app: &App, actor: &Actor, staff: &StaffId) -> Result<(), No> {
    let line = managing(app, actor, staff, "account.totp_reset").await?;
    let change = AccountChange {
        staff: staff.clone(),
        to: SignInChange::Totp(None),
        keep: None,
    };
    let now = app.clock().now();
    if app.store().change_account(change, now, line).await? {
        Ok(())
    } else {
        Err(Denied::Unseen.into())
    }
}
