//! Batches of documents that somebody signs with one unlocking of the key.
//!
//! This module must not know what may be signed, or how.

mod code;
mod dissolve;
mod listed;
mod local;
mod request;
mod retention;
mod state;
mod waiting;

use domain::ids::{CertificateId, DossierId, FileHash, StaffId};
use jiff::civil::DateTime;

use crate::audit::{self, AuditLine};
use crate::backend::{on, row};
use crate::rows::{self, Cell, write_row};
use crate::time::to_millis;
use crate::{Store, StoreError};

pub use listed::SigningBatchRow;
pub use local::{LocalApproval, LocalSigning, LocalState, NewLocalSigning};
pub use request::{
    NewRequestItem, NewSigningRequest, RequestEnd, RequestItemRow, RequestState, SigningRequestRow,
};
pub use state::SigningState;
pub use waiting::ToSignRow;

/// A batch to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSigningBatch {
    /// Its identifier.
    pub id: String,
    /// Who signs.
    pub staff: StaffId,
    /// What, in its order; each once.
    pub dossiers: Vec<DossierId>,
}

/// What became of some documents of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningEnd {
    /// Which batch.
    pub batch: String,
    /// Their places in it.
    pub places: Vec<i64>,
    /// What became of them.
    pub state: SigningState,
    /// Why, by keys of messages; empty for no reason.
    pub reason: String,
}

/// A run that signs a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningRun {
    /// Which batch.
    pub batch: String,
    /// Name of the run.
    pub holder: String,
    /// How long it has the turn unless it says more.
    pub until: DateTime,
}

row! {
    /// A document of a batch, with its dossier as lists show it. Times are epoch milliseconds.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct SigningItemRow {
        /// Its place, from 1.
        pub place: i64,
        /// The dossier.
        pub dossier: String,
        /// The dossier's version that the document is made of; none until it is made.
        pub version: Option<i64>,
        /// SHA-256 of the document; none until it is made.
        pub document: Option<String>,
        /// How many attachments the document had when it was made, and a digest of them; empty for
        /// none.
        pub attachments: String,
        /// When it was read.
        pub seen_at: Option<i64>,
        /// Name of its [`SigningState`].
        pub state: String,
        /// Why it was not signed, by keys of messages; empty for no reason.
        pub reason: String,
        /// When it was signed, given back or given up.
        pub done_at: Option<i64>,
        /// The dossier's number.
        pub code: Option<String>,
        /// Title of the procedure.
        pub procedure_name: String,
        /// Name of the owner.
        pub owner_name: String,
        /// The time published to the applicant.
        pub due_at: Option<i64>,
    }
}

impl SigningItemRow {
    /// What became of it; one whose state is unknown is not signed.
    pub fn state(&self) -> SigningState {
        SigningState::parse(&self.state).unwrap_or(SigningState::Refused)
    }

    /// The document that was read, once it is made: the dossier's version and the hash.
    pub fn made(&self) -> Option<(u32, FileHash)> {
        let version = u32::try_from(self.version?).ok()?;
        Some((version, FileHash::parse(self.document.as_deref()?).ok()?))
    }
}

impl Store {
    /// Makes a batch of what it names, in that order. False when it was made before: nothing is
    /// written then.
    pub async fn add_signing_batch(
        &self,
        new: NewSigningBatch,
        (at, audit): (DateTime, AuditLine),
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let cells = vec![
                    Cell::Text(new.id.clone()),
                    Cell::Text(new.staff.to_string()),
                    Cell::Number(to_millis(at)),
                ];
                if write_row(tx, ADD, cells).await? == 0 {
                    return Ok(false);
                }
                let items = (1..).zip(new.dossiers).map(|(place, dossier)| {
                    vec![
                        Cell::Text(new.id.clone()),
                        Cell::Number(place),
                        Cell::Text(dossier.into()),
                        Cell::Text(SigningState::Waiting.as_str().to_owned()),
                        Cell::Text(new.staff.to_string()),
                    ]
                });
                rows::insert_rows(tx, ADD_ITEMS, "", items.collect()).await?;
                audit::insert(tx, at, &[audit]).await?;
                Ok(true)
            })
        })
        .await
    }

    /// Notes of which version of its dossier a document is made, its hash and what its attachments are.
    /// What was read before, with others, is another document and has to be read again.
    pub async fn prepare_signing(
        &self,
        (batch, place): (&str, i64),
        (version, document, attachments): (u32, &FileHash, &str),
    ) -> Result<(), StoreError> {
        let cells = vec![
            Cell::Text(batch.to_owned()),
            Cell::Number(place),
            Cell::Number(i64::from(version)),
            Cell::Text(document.to_string()),
            Cell::Text(attachments.to_owned()),
        ];
        self.one(PREPARE, cells, None).await.map(drop)
    }

    /// Notes that a document of this hash was read.
    pub async fn see_signing(
        &self,
        (batch, place): (&str, i64),
        document: &FileHash,
        at: DateTime,
    ) -> Result<(), StoreError> {
        let cells = vec![
            Cell::Text(batch.to_owned()),
            Cell::Number(place),
            Cell::Text(document.to_string()),
            Cell::Number(to_millis(at)),
        ];
        self.one(SEE, cells, None).await.map(drop)
    }

    /// Notes what became of documents that may still be signed; says how many those were.
    pub async fn end_signing(
        &self,
        end: SigningEnd,
        (at, audit): (DateTime, Option<AuditLine>),
    ) -> Result<u64, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let mut done = 0;
                for place in end.places {
                    let cells = vec![
                        Cell::Text(end.batch.clone()),
                        Cell::Number(place),
                        Cell::Text(end.state.as_str().to_owned()),
                        Cell::Text(end.reason.clone()),
                        Cell::Number(to_millis(at)),
                    ];
                    done += write_row(tx, END, cells).await?;
                }
                if done > 0 {
                    audit::insert(tx, at, audit.as_slice()).await?;
                }
                Ok(done)
            })
        })
        .await
    }

    /// Gives the turn to a run with that certificate, when no other has it at `at` and no service is
    /// asked for documents of the batch.
    pub async fn take_signing_turn(
        &self,
        (run, certificate): (SigningRun, &CertificateId),
        (at, audit): (DateTime, AuditLine),
    ) -> Result<bool, StoreError> {
        let cells = vec![
            Cell::Text(run.batch),
            Cell::Text(run.holder),
            Cell::Number(to_millis(run.until)),
            Cell::Number(to_millis(at)),
            Cell::Text(certificate.to_string()),
        ];
        self.one(TAKE, cells, Some((at, audit))).await
    }

    /// Puts the end of a run's turn off; says whether it had it.
    pub async fn keep_signing_turn(&self, run: SigningRun) -> Result<bool, StoreError> {
        let cells = vec![
            Cell::Text(run.batch),
            Cell::Text(run.holder),
            Cell::Number(to_millis(run.until)),
        ];
        self.one(KEEP, cells, None).await
    }

    /// Ends a run's turn; `told` says why it stopped early.
    pub async fn end_signing_turn(
        &self,
        run: &SigningRun,
        told: &str,
        (at, audit): (DateTime, AuditLine),
    ) -> Result<bool, StoreError> {
        let cells = vec![
            Cell::Text(run.batch.clone()),
            Cell::Text(run.holder.clone()),
            Cell::Text(told.to_owned()),
        ];
        self.one(RELEASE, cells, Some((at, audit))).await
    }

    async fn one(
        &self,
        sql: &'static str,
        cells: Vec<Cell>,
        audit: Option<(DateTime, AuditLine)>,
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let done = write_row(tx, sql, cells).await? > 0;
                if let Some((at, line)) = audit.filter(|_| done) {
                    audit::insert(tx, at, &[line]).await?;
                }
                Ok(done)
            })
        })
        .await
    }

    /// The documents of a batch in their order.
    pub async fn signing_items(&self, batch: &str) -> Result<Vec<SigningItemRow>, StoreError> {
        Ok(on!(&self.reads, pool => sqlx::query_as(ITEMS).bind(batch).fetch_all(pool).await)?)
    }
}

const ADD: &str = "
    INSERT INTO signing_batch (id, staff, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const ADD_ITEMS: &str = "INSERT INTO signing_item (batch, place, dossier, state, staff) ";
const PREPARE: &str = "
    UPDATE signing_item SET version = $3, document = $4, attachments = $5,
        seen_at = CASE WHEN document = $4 AND attachments = $5 THEN seen_at END
    WHERE batch = $1 AND place = $2 AND state IN ('waiting', 'failed')";
const SEE: &str = "
    UPDATE signing_item SET seen_at = $4
    WHERE batch = $1 AND place = $2 AND document = $3 AND seen_at IS NULL";
const END: &str = "
    UPDATE signing_item SET state = $3, reason = $4, done_at = $5
    WHERE batch = $1 AND place = $2 AND state IN ('waiting', 'failed')";
const TAKE: &str = "
    UPDATE signing_batch SET holder = $2, held_until = $3, certificate = $5, told = ''
    WHERE id = $1 AND (held_until IS NULL OR held_until < $4) AND NOT EXISTS
        (SELECT 1 FROM signing_request r WHERE r.batch = $1
            AND r.state IN ('typed', 'asked', 'waiting', 'signed'))";
const KEEP: &str = "UPDATE signing_batch SET held_until = $3 WHERE id = $1 AND holder = $2";
const RELEASE: &str = "
    UPDATE signing_batch SET holder = NULL, held_until = NULL, told = $3
    WHERE id = $1 AND holder = $2";
const ITEMS: &str = "
    SELECT i.place, i.dossier, i.version, i.document, i.attachments, i.seen_at, i.state, i.reason, i.done_at,
        d.code, d.procedure_name, d.owner_name, d.due_at
    FROM signing_item i JOIN dossier d ON d.id = i.dossier
    WHERE i.batch = $1 ORDER BY i.place";
