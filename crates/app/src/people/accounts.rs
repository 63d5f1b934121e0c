//! Staff and their accounts, kept by administrators.

use domain::ids::{StaffId, UnitId};
use domain::office::{Post, Role};
use store::{AuditLine, NewAccount, NewPost, StaffMember};
use totp_rs::Totp;

use crate::no::{Fault, No};
use crate::state::App;

use super::password::hashed;
use super::sign_in::{seconds, totp_of};

/// Bytes of a one-time-code secret (RFC 4226 asks for 160 bits).
pub(super) const SECRET: usize = 20;

/// A member of staff to be enrolled with an account and posts.
#[derive(Debug, Clone)]
pub struct NewStaff {
    /// Identifier.
    pub staff: StaffId,
    /// Name.
    pub name: String,
    /// Name of the account.
    pub login: String,
    /// First password.
    pub password: String,
    /// Whether a one-time code is asked for as well.
    pub totp: bool,
    /// Posts.
    pub posts: Vec<(UnitId, Role)>,
    /// The title under which the person signs (chức vụ), in each of the posts.
    pub title: Option<String>,
}

/// Enrols somebody; the audit line names `by`.
///
/// # Errors
/// [`No::Broken`].
pub async fn enrol(app: &App, new: NewStaff, by: &str) -> Result<(), No> {
    let now = app.clock().now();
    let line = |action: &str| AuditLine {
        actor: by.to_owned(),
        action: action.to_owned(),
        subject: new.staff.to_string(),
        purpose: String::new(),
        detail: String::new(),
    };
    let member = StaffMember {
        id: new.staff.clone(),
        name: new.name.clone(),
    };
    app.store().save_staff(member).await?;
    for (unit, role) in &new.posts {
        let post = Post {
            staff: new.staff.clone(),
            unit: unit.clone(),
            role: *role,
            valid_from: now.date(),
            valid_to: None,
        };
        app.store()
            .give_post(
                NewPost {
                    post,
                    counter: None,
                    title: new.title.clone(),
                },
                now,
                line("post.given"),
            )
            .await?;
    }
    let login = new.login.to_lowercase();
    let secret = app.ids().bytes::<SECRET>().to_vec();
    let account = NewAccount {
        staff: new.staff.clone(),
        password_hash: hashed(new.password.clone()).await?,
        totp_sealed: new
            .totp
            .then(|| app.keys().seal(&format!("totp:{login}"), &secret)),
        login,
    };
    Ok(app
        .store()
        .save_account(account, now, line("account.saved"))
        .await?)
}

/// Writes the address at which somebody is told what is late; the audit line names `by`.
///
/// # Errors
/// [`No::Invalid`] when it is no address; [`No::Broken`].
pub async fn set_email(app: &App, staff: &StaffId, email: &str, by: &str) -> Result<(), No> {
    let email = email.trim();
    let whole = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
    let parts = email.split_once('@');
    if !parts.is_some_and(|(name, host)| whole(name) && whole(host) && !host.contains('@')) {
        return Err(No::Invalid(vec![Fault::new("email", "fault.email")]));
    }
    let line = AuditLine {
        actor: by.to_owned(),
        action: "staff.email_saved".to_owned(),
        subject: staff.to_string(),
        purpose: String::new(),
        detail: String::new(),
    };
    let when = (app.clock().now(), line);
    let saved = app
        .store()
        .save_staff_email(staff, Some(email.to_owned()), when);
    Ok(saved.await?)
}

/// The one-time code of an account now, for an operator who holds the master key.
///
/// # Errors
/// [`No::Broken`] when there is no such account or it has no secret.
pub async fn totp_now(app: &App, login: &str) -> Result<String, No> {
    let totp = generator(app, login).await?;
    Ok(totp.generate(seconds(app.clock().now())).to_string())
}

/// The secret of an account's one-time codes, as its holder's device reads it (`otpauth://…`).
///
/// # Errors
/// [`No::Broken`] when there is no such account or it has no secret.
pub async fn totp_address(app: &App, login: &str) -> Result<String, No> {
    let address = generator(app, login).await?.to_url();
    address.map_err(|fault| No::Broken(fault.to_string().into()))
}

async fn generator(app: &App, login: &str) -> Result<Totp, No> {
    let account = app.store().find_account(login).await?;
    let account = account.ok_or_else(|| No::Broken(format!("no account `{login}`").into()))?;
    let sealed = account.totp_sealed.as_deref();
    let sealed =
        sealed.ok_or_else(|| No::Broken(format!("`{login}` has no one-time code").into()))?;
    totp_of(app, &account.login, sealed)
}
