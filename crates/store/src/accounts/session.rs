//! Who is signed in, with the posts held today: one statement a request.

use domain::delegation::Delegation;
use domain::ids::StaffId;
use domain::office::Post;
use jiff::civil::DateTime;

use crate::audit::{self, AuditLine};
use crate::backend::{on, row};
use crate::rows;
use crate::time::{from_millis, to_millis};
use crate::{Store, StoreError};

/// SHA-256 of a session's token; the token itself is only in the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenHash(pub [u8; 32]);

/// A session to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// By what it is found.
    pub token: TokenHash,
    /// Who signs in.
    pub staff: StaffId,
    /// What forms carry.
    pub csrf: String,
    /// Language of the desk: `vi` or `en`.
    pub language: String,
    /// When.
    pub at: DateTime,
    /// When it ends by itself.
    pub expires_at: DateTime,
}

/// A session that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub staff: StaffId,
    /// Full name.
    pub name: String,
    /// What forms carry.
    pub csrf: String,
    /// Language of the desk: `vi` or `en`.
    pub language: String,
    /// When it was opened.
    pub created_at: DateTime,
    /// When it was last used, as far as that was written.
    pub seen_at: DateTime,
    /// When it ends by itself.
    pub expires_at: DateTime,
    /// Posts held today, by unit and role.
    pub posts: Vec<Post>,
    /// Delegations to the holder that run today, of posts that the absent person still holds.
    pub standing: Vec<StandsIn>,
}

/// A delegation that somebody who is signed in acts under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandsIn {
    /// For whom, where, until when.
    pub delegation: Delegation,
    /// Name of the absent person.
    pub from_name: String,
}

impl Store {
    /// Opens a session.
    pub async fn open_session(
        &self,
        session: NewSession,
        audit: AuditLine,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                on!(&mut *tx, c => sqlx::query(OPEN)
                    .bind(hexed(session.token))
                    .bind(session.staff.as_str())
                    .bind(session.csrf)
                    .bind(session.language)
                    .bind(to_millis(session.at))
                    .bind(to_millis(session.expires_at))
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                audit::insert(tx, session.at, &[audit]).await
            })
        })
        .await
    }

    /// The open session of that token, with its holder, the posts held on the day of `now`, and
    /// those held for somebody else.
    pub async fn session(
        &self,
        token: TokenHash,
        now: DateTime,
    ) -> Result<Option<SignedIn>, StoreError> {
        let found: Vec<Row> = on!(&self.reads, pool => sqlx::query_as(ONE)
            .bind(hexed(token))
            .bind(to_millis(now))
            .bind(now.date().to_string())
            .fetch_all(pool)
            .await)?;
        signed_in(found)
    }

    /// Somebody as if signed in now, with the posts held today; none where nobody is, or the account
    /// is closed.
    pub async fn member(
        &self,
        staff: &StaffId,
        now: DateTime,
    ) -> Result<Option<SignedIn>, StoreError> {
        let found: Vec<Row> = on!(&self.reads, pool => sqlx::query_as(MEMBER)
            .bind(staff.as_str())
            .bind(now.date().to_string())
            .fetch_all(pool)
            .await)?;
        signed_in(found)
    }

    /// Writes that the session was used, and until when it lives on.
    pub async fn touch_session(
        &self,
        token: TokenHash,
        now: DateTime,
        expires_at: DateTime,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                on!(tx, c => sqlx::query(TOUCH)
                    .bind(hexed(token))
                    .bind(to_millis(now))
                    .bind(to_millis(expires_at))
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                Ok(())
            })
        })
        .await
    }

    /// Changes the language that the holder chose.
    pub async fn settle_session(
        &self,
        token: TokenHash,
        language: String,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                on!(tx, c => sqlx::query(CHOOSE)
                    .bind(hexed(token))
                    .bind(language)
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                Ok(())
            })
        })
        .await
    }

    /// Signs out; closing twice is no fault.
    pub async fn close_session(&self, token: TokenHash) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                on!(tx, c => sqlx::query(CLOSE)
                    .bind(hexed(token))
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                Ok(())
            })
        })
        .await
    }

    /// Removes sessions that have ended by themselves; returns how many.
    pub async fn purge_sessions(&self, now: DateTime) -> Result<u64, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                Ok(on!(tx, c => sqlx::query(PURGE)
                    .bind(to_millis(now))
                    .execute(&mut **c)
                    .await
                    .map(|done| done.rows_affected()))?)
            })
        })
        .await
    }
}

row! {
    struct Row {
        staff: String,
        name: String,
        csrf: String,
        language: String,
        created_at: i64,
        seen_at: i64,
        expires_at: i64,
        unit: Option<String>,
        role: Option<String>,
        valid_from: Option<String>,
        valid_to: Option<String>,
        absent: Option<String>,
        absent_name: Option<String>,
        signing: Option<i64>,
    }
}

const OPEN: &str = "
    INSERT INTO session (token_hash, staff, csrf, language, created_at, seen_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $5, $6)";
const ONE: &str = "
    SELECT s.staff, m.name, s.csrf, s.language, s.created_at, s.seen_at, s.expires_at,
        p.unit, p.role, p.valid_from, p.valid_to,
        NULL AS absent, NULL AS absent_name, CAST(NULL AS BIGINT) AS signing
    FROM session s JOIN staff m ON m.id = s.staff
    LEFT JOIN post p ON p.staff = s.staff
        AND p.valid_from <= $3 AND (p.valid_to IS NULL OR p.valid_to >= $3)
    WHERE s.token_hash = $1 AND s.expires_at > $2
    UNION ALL
    SELECT s.staff, m.name, s.csrf, s.language, s.created_at, s.seen_at, s.expires_at,
        d.unit, d.role, d.first_day, d.last_day, d.absent, a.name, d.signing
    FROM session s JOIN staff m ON m.id = s.staff
    JOIN delegation d ON d.delegate = s.staff
        AND d.first_day <= $3 AND d.last_day >= $3 AND d.ended_at IS NULL
    JOIN staff a ON a.id = d.absent
    WHERE s.token_hash = $1 AND s.expires_at > $2
        AND EXISTS (SELECT 1 FROM post p
            WHERE p.staff = d.absent AND p.unit = d.unit AND p.role = d.role
                AND p.valid_from <= $3 AND (p.valid_to IS NULL OR p.valid_to >= $3))
    ORDER BY unit, role, valid_from, absent";
const MEMBER: &str = "
    SELECT m.id AS staff, m.name, '' AS csrf, 'vi' AS language,
        CAST(0 AS BIGINT) AS created_at, CAST(0 AS BIGINT) AS seen_at,
        CAST(0 AS BIGINT) AS expires_at, p.unit, p.role, p.valid_from, p.valid_to,
        NULL AS absent, NULL AS absent_name, CAST(NULL AS BIGINT) AS signing
    FROM staff m
    LEFT JOIN post p ON p.staff = m.id
        AND p.valid_from <= $2 AND (p.valid_to IS NULL OR p.valid_to >= $2)
    WHERE m.id = $1 AND NOT EXISTS (SELECT 1 FROM account c
        WHERE c.staff = m.id AND c.locked_until = 9223372036854775807)
    UNION ALL
    SELECT m.id, m.name, '', 'vi', CAST(0 AS BIGINT), CAST(0 AS BIGINT), CAST(0 AS BIGINT),
        d.unit, d.role, d.first_day, d.last_day, d.absent, a.name, d.signing
    FROM staff m
    JOIN delegation d ON d.delegate = m.id
        AND d.first_day <= $2 AND d.last_day >= $2 AND d.ended_at IS NULL
    JOIN staff a ON a.id = d.absent
    WHERE m.id = $1 AND NOT EXISTS (SELECT 1 FROM account c
        WHERE c.staff = m.id AND c.locked_until = 9223372036854775807)
        AND EXISTS (SELECT 1 FROM post p
            WHERE p.staff = d.absent AND p.unit = d.unit AND p.role = d.role
                AND p.valid_from <= $2 AND (p.valid_to IS NULL OR p.valid_to >= $2))
    ORDER BY unit, role, valid_from, absent";
const TOUCH: &str = "UPDATE session SET seen_at = $2, expires_at = $3 WHERE token_hash = $1";
const CHOOSE: &str = "UPDATE session SET language = $2 WHERE token_hash = $1";
const CLOSE: &str = "DELETE FROM session WHERE token_hash = $1";
const PURGE: &str = "DELETE FROM session WHERE expires_at <= $1";

/// The hash as it stands on disk.
pub(crate) fn hexed(token: TokenHash) -> String {
    hex::encode(token.0)
}

/// One row a post, held or stood in for; a holder without posts has one row without.
fn signed_in(rows: Vec<Row>) -> Result<Option<SignedIn>, StoreError> {
    let posts = rows.iter().filter_map(|row| post(row).transpose());
    let posts = posts.collect::<Result<Vec<Post>, StoreError>>()?;
    let standing = rows.iter().filter_map(|row| stands_in(row).transpose());
    let standing = standing.collect::<Result<Vec<StandsIn>, StoreError>>()?;
    let Some(row) = rows.into_iter().next() else {
        return Ok(None);
    };
    Ok(Some(SignedIn {
        staff: rows::typed("session.staff", &row.staff)?,
        name: row.name,
        csrf: row.csrf,
        language: row.language,
        created_at: from_millis(row.created_at),
        seen_at: from_millis(row.seen_at),
        expires_at: from_millis(row.expires_at),
        posts,
        standing,
    }))
}

fn post(row: &Row) -> Result<Option<Post>, StoreError> {
    let own = row.valid_from.as_ref().filter(|_| row.absent.is_none());
    let (Some(unit), Some(role), Some(valid_from)) = (&row.unit, &row.role, own) else {
        return Ok(None);
    };
    Ok(Some(Post {
        staff: rows::typed("post.staff", &row.staff)?,
        unit: rows::typed("post.unit", unit)?,
        role: rows::typed("post.role", role)?,
        valid_from: rows::typed("post.valid_from", valid_from)?,
        valid_to: rows::maybe("post.valid_to", row.valid_to.as_deref())?,
    }))
}

fn stands_in(row: &Row) -> Result<Option<StandsIn>, StoreError> {
    let days = row.valid_from.as_ref().zip(row.valid_to.as_ref());
    let whom = row.absent.as_ref().zip(row.absent_name.as_ref());
    let (Some((absent, name)), Some((first, last))) = (whom, days) else {
        return Ok(None);
    };
    let (Some(unit), Some(role)) = (&row.unit, &row.role) else {
        return Ok(None);
    };
    let delegation = Delegation {
        from: rows::typed("delegation.absent", absent)?,
        to: Some(rows::typed("session.staff", &row.staff)?),
        unit: rows::typed("delegation.unit", unit)?,
        role: rows::typed("delegation.role", role)?,
        first: rows::typed("delegation.first_day", first)?,
        last: rows::typed("delegation.last_day", last)?,
        signing: row.signing == Some(1),
    };
    Ok(Some(StandsIn {
        delegation,
        from_name: name.clone(),
    }))
}
