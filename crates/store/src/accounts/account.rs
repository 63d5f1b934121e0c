//! Accounts, their locks, and one-time codes that may be used once.

use domain::ids::StaffId;
use jiff::civil::DateTime;

use crate::audit::{self, AuditLine};
use crate::backend::on;
use crate::rows;
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
    /// Until when nobody signs in.
    pub locked_until: Option<DateTime>,
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
    /// The code, or a later one, was used before; nothing changed.
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
                super::session::close_all(tx, &account.staff).await?;
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

    /// Forgets the failures. `step` is the time step of the one-time code that was shown, when one
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
const FAIL: &str = "
    UPDATE account SET
        failures = CASE WHEN locked_until <= $4 THEN 1 ELSE failures + 1 END,
        locked_until = CASE
            WHEN (CASE WHEN locked_until <= $4 THEN 1 ELSE failures + 1 END) >= $2 THEN $3
            WHEN locked_until <= $4 THEN NULL
            ELSE locked_until END
    WHERE login = $1 RETURNING failures, locked_until";
const SUCCEED: &str = "
    UPDATE account SET failures = 0, locked_until = NULL,
        last_totp_step = COALESCE($2, last_totp_step)
    WHERE login = $1 AND ($2 IS NULL OR last_totp_step IS NULL OR last_totp_step < $2)";

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
