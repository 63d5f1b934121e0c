//! Documents given out to be signed with a token at the signer's own desk. Words of addresses come as
//! hashes: nothing here opens a door by being read.

use domain::ids::{CertificateId, DossierId, FileHash, StaffId};
use jiff::ToSpan as _;
use jiff::civil::DateTime;

use crate::accounts::{TokenHash, hexed};
use crate::audit::{self, AuditLine};
use crate::backend::{on, row};
use crate::rows::{self, Cell, write_row};
use crate::time::to_millis;
use crate::{OnceKey, Store, StoreError};

/// Days after which what was given out is forgotten.
const KEPT_DAYS: i64 = 7;

/// A document that is given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLocalSigning {
    /// Identifier of the attempt.
    pub id: String,
    /// Hash of the word that gives the document.
    pub download: TokenHash,
    /// Hash of the word that takes the signed one.
    pub upload: TokenHash,
    /// The signer's session.
    pub session: TokenHash,
    /// What is approved with it.
    pub what: LocalApproval,
    /// The last moment for both words.
    pub until: DateTime,
}

/// The approval that a document is signed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalApproval {
    /// Who signs.
    pub staff: StaffId,
    /// The dossier.
    pub dossier: DossierId,
    /// The dossier's version that the signer saw.
    pub version: u32,
    /// Hash of the document.
    pub document: FileHash,
    /// The certificate.
    pub certificate: CertificateId,
    /// One-time key of the approval.
    pub once: OnceKey,
}

/// What became of a document that was given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalState {
    /// Nothing has come back yet.
    Open,
    /// It came back and is approved.
    Approved,
    /// What came back was not taken.
    Refused,
}

impl LocalState {
    /// Its name on disk and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Refused => "refused",
        }
    }

    fn parse(name: &str) -> Self {
        match name {
            "open" => Self::Open,
            "approved" => Self::Approved,
            _ => Self::Refused,
        }
    }
}

/// A document that was given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalSigning {
    /// Identifier of the attempt.
    pub id: String,
    /// The signer's session.
    pub session: TokenHash,
    /// What is approved with it.
    pub what: LocalApproval,
    /// The last moment for both words, epoch milliseconds.
    pub until: i64,
    /// What became of it.
    pub state: LocalState,
    /// Why a document was not taken, by the key of a message; empty for no reason.
    pub reason: String,
}

row! {
    struct Row {
        id: String,
        session: String,
        staff: String,
        dossier: String,
        version: i64,
        document: String,
        certificate: String,
        once: String,
        until: i64,
        state: String,
        reason: String,
    }
}

impl Store {
    /// Gives a document out; what was given out long ago is forgotten. Of the signer's open attempts
    /// at the dossier the newest `most` stay, this one among them: older ones end for `reason`, the
    /// key of a message.
    pub async fn give_local_signing(
        &self,
        new: NewLocalSigning,
        (most, reason): (u32, &str),
        (at, audit): (DateTime, AuditLine),
    ) -> Result<(), StoreError> {
        let what = new.what;
        let older = vec![
            Cell::Text(what.staff.to_string()),
            Cell::Text(what.dossier.to_string()),
            Cell::Number(to_millis(at)),
            Cell::Text(reason.to_owned()),
            Cell::Number(i64::from(most.saturating_sub(1))),
        ];
        let cells = vec![
            Cell::Text(new.id),
            Cell::Text(hexed(new.download)),
            Cell::Text(hexed(new.upload)),
            Cell::Text(hexed(new.session)),
            Cell::Text(what.staff.into()),
            Cell::Text(what.dossier.into()),
            Cell::Number(i64::from(what.version)),
            Cell::Text(what.document.to_string()),
            Cell::Text(what.certificate.to_string()),
            Cell::Text(what.once.into()),
            Cell::Number(to_millis(at)),
            Cell::Number(to_millis(new.until)),
        ];
        let forgotten = to_millis(at.saturating_sub(KEPT_DAYS.days()));
        self.write(move |tx| {
            Box::pin(async move {
                write_row(tx, FORGET, vec![Cell::Number(forgotten)]).await?;
                write_row(tx, END_OLDER, older).await?;
                write_row(tx, GIVE, cells).await?;
                audit::insert(tx, at, &[audit]).await
            })
        })
        .await
    }

    /// What the word for downloads names, counted as one download more; none when it names nothing
    /// that is open at `at`, or was used `most` times.
    pub async fn download_local_signing(
        &self,
        word: TokenHash,
        at: DateTime,
        most: u32,
    ) -> Result<Option<LocalSigning>, StoreError> {
        let cells = vec![
            Cell::Text(hexed(word)),
            Cell::Number(to_millis(at)),
            Cell::Number(i64::from(most)),
        ];
        let counted = self.write(move |tx| Box::pin(write_row(tx, DOWNLOAD, cells)));
        if counted.await? == 0 {
            return Ok(None);
        }
        let found: Option<Row> = on!(&self.reads, pool => sqlx::query_as(BY_DOWNLOAD)
            .bind(hexed(word))
            .fetch_optional(pool)
            .await)?;
        found.map(read).transpose()
    }

    /// What the word for the upload names; none when it names nothing that is open at `at`.
    pub async fn upload_local_signing(
        &self,
        word: TokenHash,
        at: DateTime,
    ) -> Result<Option<LocalSigning>, StoreError> {
        let found: Option<Row> = on!(&self.reads, pool => sqlx::query_as(BY_UPLOAD)
            .bind(hexed(word))
            .bind(to_millis(at))
            .fetch_optional(pool)
            .await)?;
        found.map(read).transpose()
    }

    /// An attempt of somebody's own.
    pub async fn local_signing(
        &self,
        id: &str,
        staff: &StaffId,
    ) -> Result<Option<LocalSigning>, StoreError> {
        let found: Option<Row> = on!(&self.reads, pool => sqlx::query_as(OF_STAFF)
            .bind(id)
            .bind(staff.as_str())
            .fetch_optional(pool)
            .await)?;
        found.map(read).transpose()
    }

    /// Notes what became of an attempt that is open; says whether it was.
    pub async fn end_local_signing(
        &self,
        id: &str,
        (state, reason): (LocalState, &str),
        audit: Option<(DateTime, AuditLine)>,
    ) -> Result<bool, StoreError> {
        let cells = vec![
            Cell::Text(id.to_owned()),
            Cell::Text(state.as_str().to_owned()),
            Cell::Text(reason.to_owned()),
        ];
        self.write(move |tx| {
            Box::pin(async move {
                let done = write_row(tx, END, cells).await? > 0;
                if let Some((at, line)) = audit.filter(|_| done) {
                    audit::insert(tx, at, &[line]).await?;
                }
                Ok(done)
            })
        })
        .await
    }
}

fn read(row: Row) -> Result<LocalSigning, StoreError> {
    let bad = |why: &str| StoreError::inconsistent("local_signing", &row.id, why.to_owned());
    let mut session = [0; 32];
    hex::decode_to_slice(&row.session, &mut session).map_err(|_| bad("session"))?;
    let once = OnceKey::parse(&row.once).map_err(|_| bad("once"))?;
    let version = u32::try_from(row.version).map_err(|_| bad("version"))?;
    Ok(LocalSigning {
        session: TokenHash(session),
        what: LocalApproval {
            staff: rows::typed("local_signing.staff", &row.staff)?,
            dossier: rows::typed("local_signing.dossier", &row.dossier)?,
            version,
            document: rows::typed("local_signing.document", &row.document)?,
            certificate: rows::typed("local_signing.certificate", &row.certificate)?,
            once,
        },
        until: row.until,
        state: LocalState::parse(&row.state),
        reason: row.reason,
        id: row.id,
    })
}

macro_rules! attempt {
    ($rest:literal) => {
        concat!(
            "SELECT id, session, staff, dossier, version, document, certificate, once, until, \
             state, reason FROM local_signing WHERE ",
            $rest
        )
    };
}

const BY_DOWNLOAD: &str = attempt!("download = $1");
const BY_UPLOAD: &str = attempt!("upload = $1 AND state = 'open' AND until >= $2");
const OF_STAFF: &str = attempt!("id = $1 AND staff = $2");
const FORGET: &str = "DELETE FROM local_signing WHERE until < $1";
const GIVE: &str = "
    INSERT INTO local_signing (id, download, upload, session, staff, dossier, version, document,
        certificate, once, created_at, until)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const END_OLDER: &str = "
    UPDATE local_signing SET state = 'refused', reason = $4
    WHERE staff = $1 AND dossier = $2 AND state = 'open' AND until >= $3 AND id NOT IN
        (SELECT newer.id FROM local_signing newer
            WHERE newer.staff = $1 AND newer.dossier = $2 AND newer.state = 'open'
            ORDER BY newer.created_at DESC, newer.id LIMIT $5)";
const DOWNLOAD: &str = "
    UPDATE local_signing SET downloads = downloads + 1
    WHERE download = $1 AND state = 'open' AND until >= $2 AND downloads < $3";
const END: &str = "
    UPDATE local_signing SET state = $2, reason = $3 WHERE id = $1 AND state = 'open'";
