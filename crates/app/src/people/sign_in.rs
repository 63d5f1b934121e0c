//! Signing in with a password and, where enrolled, a one-time code.

use domain::ids::StaffId;
use jiff::civil::DateTime;
use jiff::{SignedDuration, ToSpan};
use ring::digest;
use serde::Serialize;
use store::{Account, AuditLine, NewSession, StepUse, TokenHash};
use totp_rs::{Builder, Totp};

use crate::absence::standing;
use crate::access::Actor;
use crate::clock::epoch_millis;
use crate::no::No;
use crate::state::App;
use crate::words::Language;

use super::password::{NO_ACCOUNT, verified};

/// Hours after which a session must be opened anew: a working day with its lunch, and some.
pub const SESSION_HOURS: i64 = 12;
/// Hours without use after which a session ends. A clerk who helps somebody fill a form in, or has
/// lunch, is not asked again; a counter that was left open overnight, or by who went to a meeting,
/// is nobody's.
const IDLE_HOURS: i64 = 2;
/// Minutes for which one note of use is exact enough: no write on every request.
const NOTED_MINUTES: i64 = 10;
/// Failures in a row after which an account is locked.
const MOST_FAILURES: u32 = 5;
/// Minutes for which it is locked.
const LOCKED_MINUTES: i64 = 15;

/// The longest password, in bytes: nobody makes the machine hash a book.
pub const LONGEST_PASSWORD: usize = 1_024;

/// What a person typed to sign in.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The account's name.
    pub login: String,
    /// The password.
    pub password: String,
    /// The one-time code, empty when none was asked for.
    pub code: String,
    /// Language of the sign-in page.
    pub language: Language,
}

/// Why somebody is not signed in.
#[derive(Debug)]
pub enum NotSignedIn {
    /// Name, password or code are wrong; which one is not said.
    Wrong,
    /// A one-time code is needed as well.
    CodeNeeded,
    /// Too many failures; until when. Told only to who knows the password, so that a lock does not
    /// tell strangers which accounts exist.
    Locked(DateTime),
    /// The machine is broken.
    Broken(No),
}

impl<T: Into<No>> From<T> for NotSignedIn {
    fn from(error: T) -> Self {
        Self::Broken(error.into())
    }
}

/// A session that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The secret of the cookie.
    pub token: String,
    /// The secret of the forms.
    pub csrf: String,
}

/// A session that was presented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Session {
    /// Who.
    #[serde(skip)]
    pub actor: Actor,
    /// The secret of the forms.
    pub csrf: String,
}

/// What is kept of a secret token.
pub(crate) fn token_hash(token: &str) -> TokenHash {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, token.as_bytes()).as_ref());
    TokenHash(hash)
}

/// Opens a session.
///
/// # Errors
/// [`NotSignedIn`]; every failure counts towards the lock, a missing code alone does not.
pub async fn sign_in(app: &App, given: Credentials) -> Result<Opened, NotSignedIn> {
    if given.password.len() > LONGEST_PASSWORD {
        return Err(NotSignedIn::Wrong);
    }
    let now = app.clock().now();
    let found = app.store().find_account(&given.login).await?;
    let hash = found
        .as_ref()
        .map_or(NO_ACCOUNT, |a| a.password_hash.as_str())
        .to_owned();
    let right = verified(hash, given.password).await?;
    let Some(account) = found else {
        return Err(NotSignedIn::Wrong);
    };
    if let Some(until) = account.locked_until.filter(|until| now < *until) {
        log(app, &account, "session.refused", now).await?;
        let told = right.then_some(NotSignedIn::Locked(until));
        return Err(told.unwrap_or(NotSignedIn::Wrong));
    }
    if !right {
        failed(app, &account, now).await?;
        return Err(NotSignedIn::Wrong);
    }
    let step = match code_step(app, &account, &given.code, now)? {
        Code::Good(step) => step,
        Code::Needed => return Err(NotSignedIn::CodeNeeded),
        Code::Bad => {
            let locked = failed(app, &account, now).await?;
            return Err(locked.map_or(NotSignedIn::Wrong, NotSignedIn::Locked));
        }
    };
    if app.store().record_success(&account.login, step).await? == StepUse::Replayed {
        log(app, &account, "session.failed", now).await?;
        return Err(NotSignedIn::Wrong);
    }
    Ok(open(app, &account.staff, given.language, now).await?)
}

async fn open(app: &App, staff: &StaffId, language: Language, now: DateTime) -> Result<Opened, No> {
    let opened = Opened {
        token: app.ids().token(),
        csrf: app.ids().token(),
    };
    let session = NewSession {
        token: token_hash(&opened.token),
        staff: staff.clone(),
        csrf: opened.csrf.clone(),
        language: language.code().to_owned(),
        at: now,
        expires_at: ends(now, now),
    };
    app.store()
        .open_session(session, line(staff, "session.opened"))
        .await?;
    Ok(opened)
}

/// When a session opened at `opened` and used at `now` ends, unless it is used again.
fn ends(opened: DateTime, now: DateTime) -> DateTime {
    let idle = now.saturating_add(IDLE_HOURS.hours());
    idle.min(opened.saturating_add(SESSION_HOURS.hours()))
}

fn line(staff: &StaffId, action: &str) -> AuditLine {
    AuditLine {
        actor: staff.to_string(),
        action: action.to_owned(),
        subject: staff.to_string(),
        purpose: String::new(),
        detail: String::new(),
    }
}

/// Counts and logs a failure; says until when the account is locked now.
pub(super) async fn failed(
    app: &App,
    account: &Account,
    now: DateTime,
) -> Result<Option<DateTime>, No> {
    let until = now.saturating_add(LOCKED_MINUTES.minutes());
    let failures = app
        .store()
        .record_failure(&account.login, MOST_FAILURES, now, until)
        .await?;
    let locked = failures.and_then(|failures| failures.locked_until);
    let locked = locked.filter(|until| now < *until);
    log(app, account, "session.failed", now).await?;
    if locked.is_some() {
        log(app, account, "account.locked", now).await?;
    }
    Ok(locked)
}

/// Logs what somebody who is not signed in did to an account.
async fn log(app: &App, account: &Account, action: &str, now: DateTime) -> Result<(), No> {
    let line = AuditLine {
        actor: "visitor".to_owned(),
        ..line(&account.staff, action)
    };
    Ok(app.store().audit(now, vec![line]).await?)
}

enum Code {
    Good(Option<i64>),
    Needed,
    Bad,
}

fn code_step(app: &App, account: &Account, code: &str, now: DateTime) -> Result<Code, No> {
    let Some(sealed) = &account.totp_sealed else {
        return Ok(Code::Good(None));
    };
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if code.is_empty() {
        return Ok(Code::Needed);
    }
    let totp = totp_of(app, &account.login, sealed)?;
    let step = totp
        .check(&code, seconds(now))
        .and_then(|step| i64::try_from(step).ok());
    Ok(step.map_or(Code::Bad, |step| Code::Good(Some(step))))
}

/// The generator of an account's one-time codes.
pub(super) fn totp_of(app: &App, login: &str, sealed: &[u8]) -> Result<Totp, No> {
    totp_from(app.keys().open(&format!("totp:{login}"), sealed)?, login)
}

/// The generator that a secret makes.
pub(super) fn totp_from(secret: Vec<u8>, login: &str) -> Result<Totp, No> {
    let built = Builder::new()
        .with_secret(secret)
        .with_issuer(Some("Mot Cua"))
        .with_account_name(login)
        .build();
    built.map_err(|fault| No::Broken(fault.to_string().into()))
}

/// Seconds of the epoch, which one-time codes are counted by.
pub(super) fn seconds(now: DateTime) -> u64 {
    u64::try_from(epoch_millis(now) / 1_000).unwrap_or_default()
}

/// The session of a cookie's token, with the posts held today, the own ones and those held for
/// colleagues who are away.
///
/// # Errors
/// [`No::Broken`].
pub async fn session(app: &App, token: &str) -> Result<Option<Session>, No> {
    of_hash(app, token_hash(token)).await
}

/// Who has the session of that token's hash, when it is open; fails as [`session`] does.
pub(crate) async fn actor_of(app: &App, token: TokenHash) -> Result<Option<Actor>, No> {
    Ok(of_hash(app, token).await?.map(|session| session.actor))
}

async fn of_hash(app: &App, token: TokenHash) -> Result<Option<Session>, No> {
    let now = app.clock().now();
    let Some(found) = app.store().session(token, now).await? else {
        return Ok(None);
    };
    if now.duration_since(found.seen_at) > SignedDuration::from_mins(NOTED_MINUTES) {
        let until = ends(found.created_at, now);
        app.store().touch_session(token, now, until).await?;
    }
    let posts = found.posts.into_iter().map(|post| (post.unit, post.role));
    let posts = app.posts_with_forerunners(posts.collect());
    Ok(Some(Session {
        actor: Actor {
            standing: standing(app, &posts, found.standing),
            staff: found.staff,
            name: found.name,
            posts,
            language: Language::parse(&found.language),
        },
        csrf: found.csrf,
    }))
}

/// Remembers the language chosen.
///
/// # Errors
/// [`No::Broken`].
pub async fn set_language(app: &App, token: &str, language: Language) -> Result<(), No> {
    Ok(app
        .store()
        .settle_session(token_hash(token), language.code().to_owned())
        .await?)
}

/// Closes a session.
///
/// # Errors
/// [`No::Broken`].
pub async fn sign_out(app: &App, token: &str) -> Result<(), No> {
    let now = app.clock().now();
    let found = app.store().session(token_hash(token), now).await?;
    app.store().close_session(token_hash(token)).await?;
    let line = found.map(|session| line(&session.staff, "session.closed"));
    Ok(app.store().audit(now, line.into_iter().collect()).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::clock::ManualClock;
    use crate::people::testing::{audited, empty};
    use crate::people::{NewStaff, enrol};
    use std::sync::Arc;

    const LOGIN: &str = "ngan";
    const RIGHT: &str = "motcua-2026";

    async fn office() -> (App, Arc<ManualClock>) {
        let (app, clock) = empty().await;
        let ngan = NewStaff {
            staff: StaffId::parse(LOGIN).unwrap(),
            name: "Hoàng Thị Ngân".to_owned(),
            login: LOGIN.to_owned(),
            password: RIGHT.to_owned(),
            totp: false,
            posts: Vec::new(),
            title: None,
        };
        enrol(&app, ngan, "test").await.unwrap();
        (app, clock)
    }

    async fn attempt(app: &App, login: &str, password: &str) -> Result<Opened, NotSignedIn> {
        let given = Credentials {
            login: login.to_owned(),
            password: password.to_owned(),
            code: String::new(),
            language: Language::Vi,
        };
        sign_in(app, given).await
    }

    #[tokio::test]
    async fn a_lock_is_told_only_to_who_knows_the_password() {
        let (app, clock) = office().await;
        for _ in 0..=MOST_FAILURES {
            let wrong = attempt(&app, LOGIN, "sai").await;
            assert!(matches!(wrong, Err(NotSignedIn::Wrong)), "{wrong:?}");
        }
        let nobody = attempt(&app, "khong.co", "sai").await;
        assert!(matches!(nobody, Err(NotSignedIn::Wrong)), "{nobody:?}");
        let locked = attempt(&app, LOGIN, RIGHT).await;
        let Err(NotSignedIn::Locked(until)) = locked else {
            panic!("{locked:?}");
        };
        clock.set(until);
        attempt(&app, LOGIN, RIGHT).await.unwrap();
    }

    #[tokio::test]
    async fn failures_the_lock_and_signing_out_are_logged() {
        let (app, _) = office().await;
        let opened = attempt(&app, LOGIN, RIGHT).await.unwrap();
        sign_out(&app, &opened.token).await.unwrap();
        sign_out(&app, &opened.token).await.unwrap();
        for _ in 0..MOST_FAILURES {
            attempt(&app, LOGIN, "sai").await.unwrap_err();
        }
        attempt(&app, LOGIN, RIGHT).await.unwrap_err();
        let mut expected = vec!["account.saved", "session.opened", "session.closed"];
        expected.extend(["session.failed"; 5]);
        expected.extend(["account.locked", "session.refused"]);
        assert_eq!(audited(&app, LOGIN).await, expected);
    }

    #[tokio::test]
    async fn a_session_ends_two_hours_after_its_last_use_and_after_twelve_in_any_case() {
        let (app, clock) = office().await;
        let open = async |token: &str, minutes: i64| {
            clock.set(app.clock().now().saturating_add(minutes.minutes()));
            session(&app, token).await.unwrap().is_some()
        };
        let left = attempt(&app, LOGIN, RIGHT).await.unwrap().token;
        assert!(open(&left, 119).await);
        assert!(!open(&left, 120).await, "idle for two hours");
        let used = attempt(&app, LOGIN, RIGHT).await.unwrap().token;
        for _ in 0..7 {
            assert!(open(&used, 100).await);
        }
        assert!(open(&used, 19).await);
        assert!(!open(&used, 1).await, "twelve hours after it was opened");
    }

    #[tokio::test]
    async fn a_password_as_long_as_a_book_is_wrong_without_hashing_it() {
        let (app, _) = office().await;
        let long = "a".repeat(LONGEST_PASSWORD + 1);
        let wrong = attempt(&app, LOGIN, &long).await;
        assert!(matches!(wrong, Err(NotSignedIn::Wrong)), "{wrong:?}");
        assert_eq!(audited(&app, LOGIN).await, ["account.saved"]);
    }
}
