//! The register of certificates: registered once for a post, ended at any moment, never removed.
//!
//! This module must not know what may be signed.

mod listed;

use domain::certificate::{Certificate, EndReason, Ended, Holder, KeyAt};
use domain::ids::{CertificateId, StaffId, UnitId};
use jiff::civil::{Date, DateTime};

use crate::audit::{self, AuditLine};
use crate::backend::{on, row};
use crate::office::StaffPost;
use crate::rows::{self, Cell};
use crate::time::{from_millis, to_millis};
use crate::{Store, StoreError};

pub use listed::{CertificateScope, EndedKey};

/// A certificate as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateRow {
    /// What it says. What a signing service knows its holder by is empty here and sealed instead.
    pub certificate: Certificate,
    /// Name of its subject.
    pub name: String,
    /// SHA-256 of it, hexadecimal digits.
    pub fingerprint: String,
    /// Algorithm and size of its key.
    pub algorithm: String,
    /// What is sealed of it; empty on lists, which read nothing of it.
    pub sealed: Vec<u8>,
    /// Who registered it.
    pub registered_by: String,
    /// When.
    pub registered_at: DateTime,
}

/// A certificate on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// The certificate.
    pub row: CertificateRow,
    /// Name of who holds it; empty for an agency's.
    pub holder_name: String,
    /// The last day of the holder's post, among its days that have begun; [`Date::MAX`] where it has
    /// none.
    pub post_last: Option<Date>,
}

/// Which certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificatesOf<'a> {
    /// Everybody's.
    Everybody,
    /// Those of a unit and its posts.
    Unit(&'a UnitId),
    /// A person's own.
    Staff(&'a StaffId),
}

impl Store {
    /// Registers a certificate; says whether it was not in use for the post before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn register_certificate(
        &self,
        new: CertificateRow,
        audit: AuditLine,
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let at = new.registered_at;
                let written = rows::write_row(tx, INSERT, cells(new)).await?;
                if written > 0 {
                    audit::insert(tx, at, &[audit]).await?;
                }
                Ok(written > 0)
            })
        })
        .await
    }

    /// Takes a certificate out of use; says whether that changed anything: an end gives way to an earlier
    /// one alone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_certificate(
        &self,
        id: &CertificateId,
        ended: Ended,
        (at, audit): (DateTime, AuditLine),
    ) -> Result<bool, StoreError> {
        let id = id.to_string();
        self.write(move |tx| {
            Box::pin(async move {
                let done = on!(&mut *tx, c => sqlx::query(END)
                    .bind(id)
                    .bind(to_millis(ended.from))
                    .bind(ended.why.as_str())
                    .execute(&mut **c)
                    .await
                    .map(|done| done.rows_affected()))?;
                if done > 0 {
                    audit::insert(tx, at, &[audit]).await?;
                }
                Ok(done > 0)
            })
        })
        .await
    }

    /// A certificate, ended or not, with its holder's post as it stands on `today`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn certificate(
        &self,
        id: &CertificateId,
        today: Date,
    ) -> Result<Option<Registered>, StoreError> {
        let found = self.select(ONE, id.as_str(), today).await?;
        Ok(found.into_iter().next())
    }

    /// Certificates, ended or not, what ends first before the rest, with their holders' posts as they
    /// stand on `today`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn certificates(
        &self,
        of: CertificatesOf<'_>,
        today: Date,
    ) -> Result<Vec<Registered>, StoreError> {
        match of {
            CertificatesOf::Everybody => self.select(ALL, "", today).await,
            CertificatesOf::Unit(unit) => self.select(AT_UNIT, unit.as_str(), today).await,
            CertificatesOf::Staff(staff) => self.select(OF_STAFF, staff.as_str(), today).await,
        }
    }

    async fn select(
        &self,
        sql: &'static str,
        key: &str,
        today: Date,
    ) -> Result<Vec<Registered>, StoreError> {
        let found: Vec<Row> = on!(&self.reads, pool => sqlx::query_as(sql)
            .bind(key)
            .bind(today.to_string())
            .fetch_all(pool)
            .await)?;
        found.into_iter().map(registered).collect()
    }
}

row! {
    struct Row {
        id: String,
        unit: String,
        staff: Option<String>,
        role: Option<String>,
        name: String,
        subject: String,
        issuer: String,
        serial: String,
        fingerprint: String,
        algorithm: String,
        valid_from: i64,
        valid_to: i64,
        key_at: String,
        sealed: Option<Vec<u8>>,
        registered_by: String,
        registered_at: i64,
        ended_from: Option<i64>,
        ended_why: Option<String>,
        holder_name: Option<String>,
        post_last: Option<String>,
    }
}

row! {
    struct PostRow {
        staff: String,
        name: String,
        unit: String,
        role: String,
        valid_from: String,
        valid_to: Option<String>,
        title: Option<String>,
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.unit, c.staff, c.role, c.name, c.subject, c.issuer, c.serial, \
             c.fingerprint, c.algorithm, c.valid_from, c.valid_to, c.key_at, c.sealed, \
             c.registered_by, c.registered_at, c.ended_from, c.ended_why, s.name AS holder_name, \
             (SELECT MAX(COALESCE(p.valid_to, '9999-12-31')) FROM post p \
                 WHERE p.staff = c.staff AND p.unit = c.unit AND p.role = c.role \
                     AND p.valid_from <= $2) AS post_last \
             FROM certificate c LEFT JOIN staff s ON s.id = c.staff WHERE ",
            $rest,
            " ORDER BY c.valid_to, c.id"
        )
    };
}

const ONE: &str = select!("c.id = $1");
const AT_UNIT: &str = select!("c.unit = $1");
const OF_STAFF: &str = select!("c.staff = $1");
const ALL: &str = select!("c.id > $1");
const INSERT: &str = "
    INSERT INTO certificate (id, unit, staff, role, name, subject, issuer, serial, fingerprint,
        algorithm, valid_from, valid_to, key_at, sealed, registered_by, registered_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
    ON CONFLICT DO NOTHING";
const END: &str = "
    UPDATE certificate SET ended_from = $2, ended_why = $3
    WHERE id = $1 AND (ended_from IS NULL OR ended_from > $2)";
fn cells(new: CertificateRow) -> Vec<Cell> {
    let one = new.certificate;
    let (staff, role) = match one.holder {
        Holder::Person { staff, role } => (Some(staff.to_string()), Some(role.as_str().to_owned())),
        Holder::Agency => (None, None),
    };
    vec![
        Cell::Text(one.id.into()),
        Cell::Text(one.unit.into()),
        Cell::MaybeText(staff),
        Cell::MaybeText(role),
        Cell::Text(new.name),
        Cell::Text(one.subject),
        Cell::Text(one.issuer),
        Cell::Text(one.serial),
        Cell::Text(new.fingerprint),
        Cell::Text(new.algorithm),
        Cell::Number(to_millis(one.valid_from)),
        Cell::Number(to_millis(one.valid_to)),
        Cell::Text(rows::to_json(&one.key)),
        Cell::Bytes(new.sealed),
        Cell::Text(new.registered_by),
        Cell::Number(to_millis(new.registered_at)),
    ]
}

fn holder(row: &Row) -> Result<Holder, StoreError> {
    match (&row.staff, &row.role) {
        (Some(staff), Some(role)) => Ok(Holder::Person {
            staff: rows::typed("certificate.staff", staff)?,
            role: rows::typed("certificate.role", role)?,
        }),
        _ => Ok(Holder::Agency),
    }
}

fn ended(row: &Row) -> Result<Option<Ended>, StoreError> {
    let why: Option<EndReason> = rows::maybe("certificate.ended_why", row.ended_why.as_deref())?;
    let from = row.ended_from.map(from_millis);
    Ok(from.zip(why).map(|(from, why)| Ended { from, why }))
}

fn registered(row: Row) -> Result<Registered, StoreError> {
    let key: KeyAt = rows::json("certificate.key_at", &row.id, &row.key_at)?;
    let certificate = Certificate {
        id: rows::typed("certificate.id", &row.id)?,
        unit: rows::typed("certificate.unit", &row.unit)?,
        holder: holder(&row)?,
        ended: ended(&row)?,
        subject: row.subject,
        issuer: row.issuer,
        serial: row.serial,
        valid_from: from_millis(row.valid_from),
        valid_to: from_millis(row.valid_to),
        key,
    };
    Ok(Registered {
        row: CertificateRow {
            certificate,
            name: row.name,
            fingerprint: row.fingerprint,
            algorithm: row.algorithm,
            sealed: row.sealed.unwrap_or_default(),
            registered_by: row.registered_by,
            registered_at: from_millis(row.registered_at),
        },
        holder_name: row.holder_name.unwrap_or_default(),
        post_last: rows::maybe("post.valid_to", row.post_last.as_deref())?,
    })
}

fn post(row: PostRow) -> Result<StaffPost, StoreError> {
    Ok(StaffPost {
        post: domain::office::Post {
            staff: rows::typed("post.staff", &row.staff)?,
            unit: rows::typed("post.unit", &row.unit)?,
            role: rows::typed("post.role", &row.role)?,
            valid_from: rows::typed("post.valid_from", &row.valid_from)?,
            valid_to: rows::maybe("post.valid_to", row.valid_to.as_deref())?,
        },
        name: row.name,
        counter: None,
        title: row.title,
    })
}
