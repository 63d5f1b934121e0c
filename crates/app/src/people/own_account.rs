//! What everybody keeps of the own account: the password, and the one-time codes.

use store::{Account, AccountChange, AuditLine, SignInChange};
use totp_rs::Totp;

use crate::access::Actor;
use crate::no::{Denied, Fault, No};
use crate::state::App;

use super::accounts::SECRET;
use super::password::{SHORTEST_PASSWORD, hashed, verified};
use super::sign_in::{LONGEST_PASSWORD, failed, seconds, token_hash, totp_from};

/// The account of who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnAccount {
    /// Name to sign in with.
    pub login: String,
    /// Whether a one-time code is asked for.
    pub has_totp: bool,
}

/// The account of the actor.
///
/// # Errors
/// [`No::Broken`].
pub async fn own_account(app: &App, actor: &Actor) -> Result<OwnAccount, No> {
    let account = account(app, actor).await?;
    Ok(OwnAccount {
        login: account.login,
        has_totp: account.totp_sealed.is_some(),
    })
}

async fn account(app: &App, actor: &Actor) -> Result<Account, No> {
    let own = std::slice::from_ref(&actor.staff);
    let found = app.store().accounts_of(own).await?.pop();
    Ok(found.ok_or(Denied::Unseen)?)
}

/// A new password, as it was typed.
#[derive(Debug, Clone)]
pub struct PasswordChange {
    /// The password until now.
    pub old: String,
    /// The password from now on.
    pub new: String,
    /// The same again.
    pub again: String,
}

/// Changes the own password; `token` is that of the session that stays open, all others end.
///
/// # Errors
/// [`No::Invalid`]: `old_password` is wrong, `new_password` too short, too long or the old one,
/// `again_password` another. A wrong old password counts towards the lock.
pub async fn change_password(
    app: &App,
    actor: &Actor,
    token: &str,
    typed: PasswordChange,
) -> Result<(), No> {
    let fault = |field, key| Err(No::Invalid(vec![Fault::new(field, key)]));
    if typed.new.chars().count() < SHORTEST_PASSWORD {
        let short = Fault::new("new_password", "fault.password_short");
        return Err(No::Invalid(vec![short.with("least", &SHORTEST_PASSWORD)]));
    }
    if typed.new.len() > LONGEST_PASSWORD {
        return fault("new_password", "fault.password_long");
    }
    if typed.new == typed.old {
        return fault("new_password", "fault.password_same");
    }
    if typed.new != typed.again {
        return fault("again_password", "fault.password_again");
    }
    proven(app, actor, "old_password", typed.old).await?;
    let to = SignInChange::Password(hashed(typed.new).await?);
    change(app, actor, token, (to, "account.password_changed")).await
}

/// The account of the actor, who proves by the password to be its owner.
async fn proven(
    app: &App,
    actor: &Actor,
    field: &'static str,
    password: String,
) -> Result<Account, No> {
    let fault = |key| Err(No::Invalid(vec![Fault::new(field, key)]));
    let (account, now) = (account(app, actor).await?, app.clock().now());
    if account.locked_until.is_some_and(|until| now < until) {
        return fault("fault.account_locked");
    }
    if password.len() > LONGEST_PASSWORD {
        return fault("fault.password_wrong");
    }
    if verified(account.password_hash.clone(), password).await? {
        return Ok(account);
    }
    let locked = failed(app, &account, now).await?;
    match locked {
        Some(_) => fault("fault.account_locked"),
        None => fault("fault.password_wrong"),
    }
}

async fn change(
    app: &App,
    actor: &Actor,
    token: &str,
    (to, action): (SignInChange, &str),
) -> Result<(), No> {
    let change = AccountChange {
        staff: actor.staff.clone(),
        to,
        keep: Some(token_hash(token)),
    };
    let line = AuditLine {
        actor: actor.staff.to_string(),
        action: action.to_owned(),
        subject: actor.staff.to_string(),
        purpose: String::new(),
        detail: String::new(),
    };
    let now = app.clock().now();
    app.store().change_account(change, now, line).await?;
    Ok(())
}

/// A secret of one-time codes that is offered and does not count before a code of it was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TotpOffer {
    /// As a device reads it (`otpauth://…`).
    pub address: String,
    /// As it is typed into a device that cannot read it, in groups of four.
    pub secret: String,
    /// The secret as the form brings it back; only this account's can be opened.
    pub sealed: String,
}

/// Offers a new secret.
///
/// # Errors
/// [`No::Broken`].
pub async fn offer_totp(app: &App, actor: &Actor) -> Result<TotpOffer, No> {
    let login = account(app, actor).await?.login;
    let secret = app.ids().bytes::<SECRET>().to_vec();
    let sealed = hex::encode(app.keys().seal(&about(&login), &secret));
    offer(&totp_from(secret, &login)?, sealed)
}

/// The same offer once more, after a wrong code; none when it is not one of ours.
///
/// # Errors
/// [`No::Broken`].
pub async fn offered_totp(app: &App, actor: &Actor, sealed: &str) -> Result<Option<TotpOffer>, No> {
    let login = account(app, actor).await?.login;
    let Some(secret) = opened(app, &login, sealed) else {
        return Ok(None);
    };
    offer(&totp_from(secret, &login)?, sealed.to_owned()).map(Some)
}

fn about(login: &str) -> String {
    format!("totp-offer:{login}")
}

fn opened(app: &App, login: &str, sealed: &str) -> Option<Vec<u8>> {
    let sealed = hex::decode(sealed).ok()?;
    app.keys().open(&about(login), &sealed).ok()
}

fn offer(totp: &Totp, sealed: String) -> Result<TotpOffer, No> {
    let address = totp.to_url();
    let address = address.map_err(|fault| No::Broken(fault.to_string().into()))?;
    let secret = address.split_once("secret=").map_or("", |(_, rest)| rest);
    let secret = secret.split('&').next().unwrap_or_default();
    Ok(TotpOffer {
        secret: in_fours(secret),
        address,
        sealed,
    })
}

fn in_fours(text: &str) -> String {
    let mut grouped = String::with_capacity(text.len().saturating_mul(2));
    for (index, letter) in text.chars().enumerate() {
        if index > 0 && index % 4 == 0 {
            grouped.push(' ');
        }
        grouped.push(letter);
    }
    grouped
}

/// What proves that a device has the secret that was offered, and that the owner asks.
#[derive(Debug, Clone)]
pub struct TotpProof {
    /// The secret as the form brought it back.
    pub sealed: String,
    /// A code that the device shows now.
    pub code: String,
    /// The password.
    pub password: String,
}

/// Asks for one-time codes of the offered secret from now on, instead of those before; `token` is
/// that of the session that stays open, all others end.
///
/// # Errors
/// [`No::Invalid`]: `code` is wrong or the offer is none of ours, `totp_password` is wrong.
pub async fn enrol_totp(app: &App, actor: &Actor, token: &str, proof: TotpProof) -> Result<(), No> {
    let fault = || No::Invalid(vec![Fault::new("code", "fault.totp_code")]);
    let login = account(app, actor).await?.login;
    let secret = opened(app, &login, &proof.sealed).ok_or_else(fault)?;
    let totp = totp_from(secret.clone(), &login)?;
    let code: String = proof.code.chars().filter(|c| !c.is_whitespace()).collect();
    let step = totp.check(&code, seconds(app.clock().now()));
    let step = step.and_then(|step| i64::try_from(step).ok());
    let step = step.ok_or_else(fault)?;
    proven(app, actor, "totp_password", proof.password).await?;
    let sealed = app.keys().seal(&format!("totp:{login}"), &secret);
    let to = SignInChange::Totp(Some((sealed, step)));
    change(app, actor, token, (to, "account.totp_enrolled")).await
}

#[cfg(test)]
mod tests;
