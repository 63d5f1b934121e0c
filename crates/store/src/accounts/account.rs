//! Accounts, their locks, and one-time codes that may be used once.

use domain::ids::StaffId;
use jiff::civil::DateTime;

use super::session::TokenHash;
use crate::audit::{self, AuditLine};
use crate::backend::{Tx, on};
use crate::rows::{self, KEYS};
use crate::time::{from_millis, to_millis};
use crate::{Store, StoreError};

/// An account to create, or to give another password or secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// Name to sign in with; case does not matter.
    pub login: String,
    /// Whose. A member of staff has one account.
    pub staff: StaffId,
    /// Hash with its salt and parameters (PHC text).
    pub password_hash: String,
    /// Secret of the one-time codes, encrypted by the caller; none before it is set up.
    pub totp_sealed: Option<Vec<u8>>,
}

/// An account as signing in needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Name to sign in with, in lower case.
    pub login: String,
    /// Whose.
    pub staff: StaffId,
    /// Name of the member of staff.
    pub name: String,
    /// Hash with its salt and parameters (PHC text).
    pub password_hash: String,
    /// Secret of the one-time codes, as the caller sealed it.
    pub totp_sealed: Option<Vec<u8>>,
    /// Failures since the last success.
    pub failures: u32,
    /// Until when nobody signs in; [`DateTime::MAX`] until an administrator unlocks it.
    pub locked_until: Option<DateTime>,
}

/// What somebody signs in with from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInChange {
    /// Hash of the new password (PHC text). Failures are forgotten.
    Password(String),
    /// Secret of the one-time codes, as the caller sealed it, and the time step of the code that
    /// proved it; both none when no code is asked for any more.
    Totp(Option<(Vec<u8>, i64)>),
}

/// A change to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountChange {
    /// Whose.
    pub staff: StaffId,
    /// What changes.
    pub to: SignInChange,
    /// The one session that stays open: that of who made the change.
    pub keep: Option<TokenHash>,
}

/// Whether an account may be signed in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// Nobody signs in until it is unlocked, and whoever was signed in is so no longer.
    Closed,
    /// Signing in is possible; failures are forgotten.
    Open,
}

/// Where an account stands after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    /// Failures since the last success, this one included.
    pub count: u32,
    /// Until when nobody signs in.
    pub locked_until: Option<DateTime>,
}

/// Whether a sign-in may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepUse {
    /// The code's time step was not used before; the failures are forgotten.
    Fresh,
    /// The code, or a later one, was used before, or the account was locked; nothing changed.
    Replayed,
}

impl Store {
    /// Creates the account, or replaces what it signs in with. Locks and failures are forgotten,
    /// and whoever was signed in with it is so no longer.
    pub async fn save_account(
        &self,
        account: NewAccount,
        at: DateTime,
        audit: AuditLine,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                on!(&mut *tx, c => sqlx::query(SAVE)
                    .bind(lower(&account.login))
                    .bind(account.staff.as_str())
                    .bind(account.password_hash)
                    .bind(account.totp_sealed)
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                close_others(tx, &account.staff, None).await?;
                audit::insert(tx, at, &[audit]).await
            })
        })
        .await
    }

    /// The account of that name.
    pub async fn find_account(&self, login: &str) -> Result<Option<Account>, StoreError> {
        let found: Option<Row> = on!(&self.reads, pool => sqlx::query_as(ONE)
            .bind(lower(login))
            .fetch_optional(pool)
            .await)?;
        found.map(account).transpose()
    }

    /// The accounts of these members of staff, in the order of their ids; who has none is left out.
    pub async fn accounts_of(&self, staff: &[StaffId]) -> Result<Vec<Account>, StoreError> {
        let mut ids: Vec<&str> = staff.iter().map(StaffId::as_str).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut accounts = Vec::with_capacity(ids.len());
        for keys in ids.chunks(KEYS) {
            let found: Vec<Row> = on!(&self.reads, pool => {
                let mut query = sqlx::query_as(OF_STAFF);
                for slot in 0..KEYS {
                    query = query.bind(keys.get(slot).copied());
                }
                query.fetch_all(pool).await
            })?;
            for row in found {
                accounts.push(account(row)?);
            }
        }
        accounts.sort_by(|a, b| a.staff.cmp(&b.staff));
        Ok(accounts)
    }

    /// Changes what somebody signs in with, and closes every session but the one that is kept.
    /// False when there is no such account, or a password was to be changed that an administrator
    /// has locked meanwhile; then nothing is written.
    pub async fn change_account(
        &self,
        change: AccountChange,
        at: DateTime,
        audit: AuditLine,
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let AccountChange { staff, to, keep } = change;
                let done = match to {
                    SignInChange::Password(hash) => on!(&mut *tx, c => sqlx::query(PASSWORD)
                        .bind(staff.as_str())
                        .bind(hash)
                        .execute(&mut **c)
                        .await
                        .map(|done| done.rows_affected()))?,
                    SignInChange::Totp(secret) => {
                        let (sealed, step) = secret.unzip();
                        on!(&mut *tx, c => sqlx::query(TOTP)
                            .bind(staff.as_str())
                            .bind(sealed)
                            .bind(step)
                            .execute(&mut **c)
                            .await
                            .map(|done| done.rows_affected()))?
                    }
                };
                if done == 0 {
                    return Ok(false);
                }
                close_others(tx, &staff, keep).await?;
                audit::insert(tx, at, &[audit]).await?;
                Ok(true)
            })
        })
        .await
    }

    /// Locks an account until it is unlocked, or unlocks it. False when there is no such account;
    /// then nothing is written.
    pub async fn lock_account(
        &self,
        staff: StaffId,
        lock: Lock,
        at: DateTime,
        audit: AuditLine,
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let until = (lock == Lock::Closed).then(|| to_millis(DateTime::MAX));
                let done = on!(&mut *tx, c => sqlx::query(LOCK)
                    .bind(staff.as_str())
                    .bind(until)
                    .execute(&mut **c)
                    .await
                    .map(|done| done.rows_affected()))?;
                if done == 0 {
                    return Ok(false);
                }
                if lock == Lock::Closed {
                    close_others(tx, &staff, None).await?;
                }
                audit::insert(tx, at, &[audit]).await?;
                Ok(true)
            })
        })
        .await
    }

    /// Counts a failure. From the `most`-th on, every one locks the account until `until`; once a
    /// lock has expired, the count starts anew. None when there is no such account.
    pub async fn record_failure(
        &self,
        login: &str,
        most: u32,
        now: DateTime,
        until: DateTime,
    ) -> Result<Option<Failures>, StoreError> {
        let login = lower(login);
        self.write(move |tx| {
            Box::pin(async move {
                let found: Option<(i64, Option<i64>)> = on!(tx, c => sqlx::query_as(FAIL)
                    .bind(login.as_str())
                    .bind(i64::from(most))
                    .bind(to_millis(until))
                    .bind(to_millis(now))
                    .fetch_optional(&mut **c)
                    .await)?;
                let Some((count, locked_until)) = found else {
                    return Ok(None);
                };
                let count = rows::number("account.failures", &login, count)?;
                Ok(Some(Failures {
                    count,
                    locked_until: locked_until.map(from_millis),
                }))
            })
        })
        .await
    }

    /// Forgets the failures; an account that an administrator locked meanwhile stays locked. `step`
    /// is the time step of the one-time code that was shown, when one
    /// was: of several sign-ins with one code, one is fresh.
    pub async fn record_success(
        &self,
        login: &str,
        step: Option<i64>,
    ) -> Result<StepUse, StoreError> {
        let login = lower(login);
        self.write(move |tx| {
            Box::pin(async move {
                let done = on!(tx, c => sqlx::query(SUCCEED)
                    .bind(login)
                    .bind(step)
                    .execute(&mut **c)
                    .await
                    .map(|done| done.rows_affected()))?;
                Ok(if done > 0 {
                    StepUse::Fresh
                } else {
                    StepUse::Replayed
                })
            })
        })
        .await
    }
}

/// Closes the sessions of a member of staff within a write, but the one to keep.
async fn close_others(
    tx: &mut Tx,
    staff: &StaffId,
    keep: Option<TokenHash>,
) -> Result<(), StoreError> {
    let kept = keep.map(|token| hex::encode(token.0)).unwrap_or_default();
    Ok(on!(tx, c => sqlx::query(CLOSE_OTHERS)
        .bind(staff.as_str())
        .bind(kept)
        .execute(&mut **c)
        .await
        .map(drop))?)
}

type Row = (
    String,
    String,
    String,
    String,
    Option<Vec<u8>>,
    i64,
    Option<i64>,
);

const SAVE: &str = "
    INSERT INTO account (login, staff, password_hash, totp_sealed) VALUES ($1, $2, $3, $4)
    ON CONFLICT (login) DO UPDATE SET staff = excluded.staff,
        password_hash = excluded.password_hash, totp_sealed = excluded.totp_sealed,
        failures = 0, locked_until = NULL, last_totp_step = NULL";
const ONE: &str = "
    SELECT a.login, a.staff, s.name, a.password_hash, a.totp_sealed, a.failures, a.locked_until
    FROM account a JOIN staff s ON s.id = a.staff WHERE a.login = $1";
const OF_STAFF: &str = "
    SELECT a.login, a.staff, s.name, a.password_hash, a.totp_sealed, a.failures, a.locked_until
    FROM account a JOIN staff s ON s.id = a.staff
    WHERE a.staff IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
const PASSWORD: &str = "
    UPDATE account SET password_hash = $2, failures = 0, locked_until = NULL
    WHERE staff = $1 AND (locked_until IS NULL OR locked_until <> 9223372036854775807)";
const TOTP: &str = "UPDATE account SET totp_sealed = $2, last_totp_step = $3 WHERE staff = $1";
const LOCK: &str = "UPDATE account SET locked_until = $2, failures = 0 WHERE staff = $1";
const CLOSE_OTHERS: &str = "DELETE FROM session WHERE staff = $1 AND token_hash <> $2";
// 9223372036854775807 is the end of time: locked by an administrator, whatever happens meanwhile.
const FAIL: &str = "
    UPDATE account SET
        failures = CASE WHEN locked_until <= $4 THEN 1 ELSE failures + 1 END,
        locked_until = CASE
            WHEN locked_until = 9223372036854775807 THEN locked_until
            WHEN (CASE WHEN locked_until <= $4 THEN 1 ELSE failures + 1 END) >= $2 THEN $3
            WHEN locked_until <= $4 THEN NULL
            ELSE locked_until END
    WHERE login = $1 RETURNING failures, locked_until";
const SUCCEED: &str = "
    UPDATE account SET failures = 0, locked_until = NULL,
        last_totp_step = COALESCE($2, last_totp_step)
    WHERE login = $1 AND (locked_until IS NULL OR locked_until <> 9223372036854775807)
        AND ($2 IS NULL OR last_totp_step IS NULL OR last_totp_step < $2)";

fn lower(login: &str) -> String {
    login.trim().to_lowercase()
}

fn account(row: Row) -> Result<Account, StoreError> {
    let (login, staff, name, password_hash, totp_sealed, failures, locked_until) = row;
    Ok(Account {
        staff: rows::typed("account.staff", &staff)?,
        name,
        password_hash,
        totp_sealed,
        failures: rows::number("account.failures", &login, failures)?,
        locked_until: locked_until.map(from_millis),
        login,
    })
}
