//! Documents that a remote service was asked to sign. What was asked outlives the process that asked.
//!
//! This module must not know services, nor what makes a signature good.

mod statements;

use domain::ids::{CertificateId, FileHash, StaffId};
use jiff::civil::DateTime;

use crate::audit::{self, AuditLine};
use crate::backend::{Tx, on, row};
use crate::rows::{self, Cell, write_row};
use crate::time::to_millis;
use crate::{Store, StoreError};

use statements::{
    ADD, ADD_ITEMS, CLAIM, DUE, END_LATER, END_REQUEST, FAIL_ITEMS, FORGET, ITEMS, KEEP_PIECE,
    OF_BATCH, PUT_OFF, SIGNED, TELL,
};

/// How far a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestState {
    /// The person typed what unlocks her key, and one process asks the service with it.
    Typed,
    /// The service is to be asked.
    Asked,
    /// The service waits for the person.
    Waiting,
    /// What the service gave is kept; the documents are to be finished and approved.
    Signed,
    /// Every document came to its end.
    Done,
    /// The person said no.
    Rejected,
    /// She did not decide in time.
    Expired,
    /// Nothing came of it for another reason.
    Failed,
}

impl RequestState {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Typed,
        Self::Asked,
        Self::Waiting,
        Self::Signed,
        Self::Done,
        Self::Rejected,
        Self::Expired,
        Self::Failed,
    ];

    /// Its name on disk.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Typed => "typed",
            Self::Asked => "asked",
            Self::Waiting => "waiting",
            Self::Signed => "signed",
            Self::Done => "done",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::Failed => "failed",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// A request to be noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSigningRequest {
    /// What we call it.
    pub id: String,
    /// Of which batch.
    pub batch: String,
    /// Who signs.
    pub staff: StaffId,
    /// With which certificate.
    pub certificate: CertificateId,
    /// Name of the service.
    pub service: String,
    /// What the person reads above the documents.
    pub title: String,
    /// [`RequestState::Typed`] or [`RequestState::Asked`].
    pub state: RequestState,
    /// Its documents.
    pub items: Vec<NewRequestItem>,
    /// When somebody else looks after it.
    pub next: DateTime,
    /// How long a silent service is asked.
    pub until: DateTime,
    /// Requests of one person, and of all, that may be under way.
    pub most: (u32, u32),
}

/// A document of a new request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRequestItem {
    /// Its place in the batch.
    pub place: i64,
    /// What the person reads on her phone.
    pub name: String,
    /// What the service signs; empty where it takes the whole document.
    pub asked: Vec<u8>,
    /// The document without its signature.
    pub unfinished: FileHash,
}

row! {
    /// A request under way. Times are epoch milliseconds.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct SigningRequestRow {
        /// What we call it.
        pub id: String,
        /// Of which batch.
        pub batch: String,
        /// Who signs.
        pub staff: String,
        /// With which certificate.
        pub certificate: String,
        /// Name of the service.
        pub service: String,
        /// What the person reads above the documents.
        pub title: String,
        /// Name of its [`RequestState`].
        pub state: String,
        /// What the service calls it while it waits.
        pub waiting: Option<String>,
        /// How often the service said that she has not decided.
        pub tries: i64,
        /// How long a silent service is asked.
        pub until: i64,
        /// How many documents it is for.
        pub documents: i64,
    }
}

row! {
    /// A document of a request.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct RequestItemRow {
        /// Its place in the batch.
        pub place: i64,
        /// What the person reads on her phone.
        pub name: String,
        /// What the service signs, hexadecimal digits.
        pub asked: String,
        /// The document without its signature; none after the request.
        pub unfinished_file: Option<String>,
        /// What the service gave for it.
        pub piece_file: Option<String>,
    }
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestEnd {
    /// Which.
    pub id: String,
    /// What: none of those under way.
    pub state: RequestState,
    /// Why, by the key of a message; empty when every document came to its end.
    pub reason: String,
}

impl Store {
    /// Notes a request with its documents. False when too many are under way already, or this one was
    /// noted before: nothing is written then.
    pub async fn add_signing_request(
        &self,
        new: NewSigningRequest,
        (at, audit): (DateTime, AuditLine),
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let (own, all) = new.most;
                let cells = vec![
                    Cell::Text(new.id.clone()),
                    Cell::Text(new.batch),
                    Cell::Text(new.staff.into()),
                    Cell::Text(new.certificate.to_string()),
                    Cell::Text(new.service),
                    Cell::Text(new.title),
                    Cell::Text(new.state.as_str().to_owned()),
                    Cell::Number(to_millis(at)),
                    Cell::Number(to_millis(new.next)),
                    Cell::Number(to_millis(new.until)),
                    Cell::Number(i64::from(own)),
                    Cell::Number(i64::from(all)),
                ];
                if write_row(tx, ADD, cells).await? == 0 {
                    return Ok(false);
                }
                let items = new.items.into_iter().map(|item| {
                    vec![
                        Cell::Text(new.id.clone()),
                        Cell::Number(item.place),
                        Cell::Text(item.name),
                        Cell::Text(hex::encode(item.asked)),
                        Cell::Text(item.unfinished.to_string()),
                    ]
                });
                rows::insert_rows(tx, ADD_ITEMS, "", items.collect()).await?;
                audit::insert(tx, at, &[audit]).await?;
                Ok(true)
            })
        })
        .await
    }

    /// Takes at most `max` requests that are due, for `lease` milliseconds: of each batch the first.
    pub async fn claim_signing_requests(
        &self,
        now: DateTime,
        lease: i64,
        max: u32,
    ) -> Result<Vec<SigningRequestRow>, StoreError> {
        let now = to_millis(now);
        let due: Option<(String,)> = on!(&self.reads, pool => {
            sqlx::query_as(DUE).bind(now).fetch_optional(pool).await
        })?;
        if due.is_none() {
            return Ok(Vec::new());
        }
        let sql = CLAIM.on(&self.reads);
        let until = now.saturating_add(lease);
        self.write(move |tx| {
            Box::pin(async move {
                let taken = on!(tx, c => {
                    sqlx::query_as(sql)
                        .bind(now)
                        .bind(until)
                        .bind(i64::from(max))
                        .fetch_all(&mut **c)
                        .await
                });
                taken.map_err(StoreError::from)
            })
        })
        .await
    }

    /// The request of a batch that is under way, the first of several.
    pub async fn signing_request_of(
        &self,
        batch: &str,
    ) -> Result<Option<SigningRequestRow>, StoreError> {
        Ok(on!(&self.reads, pool => {
            sqlx::query_as(OF_BATCH).bind(batch).fetch_optional(pool).await
        })?)
    }

    /// The documents of a request in their order.
    pub async fn signing_request_items(
        &self,
        request: &str,
    ) -> Result<Vec<RequestItemRow>, StoreError> {
        Ok(on!(&self.reads, pool => {
            sqlx::query_as(ITEMS).bind(request).fetch_all(pool).await
        })?)
    }

    /// Notes when a request is looked after again; and with `waiting` that the service took it under
    /// that name, with `tries` how often it has said that nothing is decided.
    pub async fn put_off_signing_request(
        &self,
        id: &str,
        (waiting, tries): (Option<&str>, i64),
        next: DateTime,
    ) -> Result<bool, StoreError> {
        let cells = vec![
            Cell::Text(id.to_owned()),
            Cell::MaybeText(waiting.map(str::to_owned)),
            Cell::Number(tries),
            Cell::Number(to_millis(next)),
        ];
        self.one(PUT_OFF, cells, None).await
    }

    /// Keeps what a service gave for each document of a request, which is then to be finished.
    pub async fn keep_signing_pieces(
        &self,
        id: &str,
        pieces: Vec<(i64, FileHash)>,
        next: DateTime,
    ) -> Result<bool, StoreError> {
        let id = id.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let cells = vec![Cell::Text(id.clone()), Cell::Number(to_millis(next))];
                if write_row(tx, SIGNED, cells).await? == 0 {
                    return Ok(false);
                }
                for (place, piece) in pieces {
                    let cells = vec![
                        Cell::Text(id.clone()),
                        Cell::Number(place),
                        Cell::Text(piece.to_string()),
                    ];
                    write_row(tx, KEEP_PIECE, cells).await?;
                }
                Ok(true)
            })
        })
        .await
    }

    /// Ends a request under way. When nothing came of it, its documents can be signed again, the batch
    /// says why, and what else was to be asked for the batch is asked no more.
    pub async fn end_signing_request(
        &self,
        end: RequestEnd,
        (at, audit): (DateTime, AuditLine),
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let ended = |sql, reason: &str| {
                    let cells = vec![
                        Cell::Text(end.id.clone()),
                        Cell::Text(end.state.as_str().to_owned()),
                        Cell::Text(reason.to_owned()),
                    ];
                    (sql, cells)
                };
                let (sql, cells) = ended(END_REQUEST, &end.reason);
                if write_row(tx, sql, cells).await? == 0 {
                    return Ok(false);
                }
                if end.state != RequestState::Done {
                    failed(tx, &end, at).await?;
                }
                let cells = vec![Cell::Text(end.id.clone())];
                write_row(tx, FORGET, cells).await?;
                audit::insert(tx, at, &[audit]).await?;
                Ok(true)
            })
        })
        .await
    }
}

async fn failed(tx: &mut Tx, end: &RequestEnd, at: DateTime) -> Result<(), StoreError> {
    let id = || Cell::Text(end.id.clone());
    let reason = || Cell::Text(end.reason.clone());
    write_row(tx, END_LATER, vec![id(), reason()]).await?;
    let items = vec![id(), reason(), Cell::Number(to_millis(at))];
    write_row(tx, FAIL_ITEMS, items).await?;
    write_row(tx, TELL, vec![id(), reason()]).await?;
    Ok(())
}
