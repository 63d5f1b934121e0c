//! Joint records of the post and a centre: what an agent hands over, listed and signed once.

mod sql;

use std::sync::Arc;

use domain::dossier::Handed;
use domain::ids::{DossierId, StaffId, UnitId};
use domain::money::Dong;
use jiff::civil::DateTime;

use crate::append::{self, AppendError, Batch};
use crate::audit::{self, AuditLine};
use crate::backend::{Tx, on, row};
use crate::numbers;
use crate::rows::{self, Cell, write_row};
use crate::time::to_millis;
use crate::{Store, StoreError};

use sql::{
    ADD, ADD_LINE, AWAITING, DROP, DROP_LINES, FILERS, HOLD, LINES, LISTED, ONE, SIGN, SIGNED,
    STRIKE, UNHANDED, UNSIGNED,
};

/// A record to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPostRecord {
    /// Its identifier.
    pub id: String,
    /// The centre that takes over.
    pub unit: UnitId,
    /// Who hands over.
    pub agent: StaffId,
    /// What, in the order of the list.
    pub lines: Vec<NewPostLine>,
}

/// A line of a record to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPostLine {
    /// Of which dossier.
    pub dossier: DossierId,
    /// 0 for what was filed; the order of the request for what came as a supplement to it.
    pub part: u32,
    /// The money that goes with it.
    pub collected: Option<Dong>,
    /// Of a supplement, what came.
    pub handed: Vec<Handed>,
}

/// The signature of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostSigning {
    /// Which record.
    pub record: String,
    /// Who signs for the centre.
    pub by: StaffId,
    /// When: the legal time of everything on it.
    pub at: DateTime,
    /// Dossiers on it, with the parts, that wait no more and are not handed over by it.
    pub struck: Vec<(DossierId, u32)>,
    /// The line for the audit log.
    pub audit: AuditLine,
}

/// What came of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostSigned {
    /// The record is signed, and everything on it is handed over.
    Done,
    /// It was signed or taken back meanwhile: nothing is written.
    NotOpen,
}

row! {
    /// A record. Times are epoch milliseconds.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct PostRecordRow {
        /// Its identifier.
        pub id: String,
        /// Its number, by which events name it.
        pub number: String,
        /// The centre that takes over.
        pub unit: String,
        /// Who hands over.
        pub agent: String,
        /// Her name.
        pub agent_name: String,
        /// When it was made.
        pub made_at: i64,
        /// When it was signed.
        pub signed_at: Option<i64>,
        /// Who signed it, by name.
        pub signer_name: Option<String>,
    }
}

row! {
    /// What an agent of the post hands over of a dossier. Times are epoch milliseconds.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct PostLine {
        /// Which.
        pub id: String,
        /// Its number, once received.
        pub code: Option<String>,
        /// Title of the procedure.
        pub procedure_name: String,
        /// Name of its state.
        pub state: String,
        /// When it was filed.
        pub submitted_at: i64,
        /// Who filed it, by name.
        pub filer_name: String,
        /// 0 for what was filed; the order of the request for what came as a supplement to it.
        pub part: i64,
        /// The money that goes with it, in dong.
        pub collected: Option<i64>,
        /// Of a supplement, what came; JSON.
        pub handed: String,
        /// Whether it waited no more when the record was signed, so that it was not handed over: 1.
        pub struck: i64,
    }
}

impl Store {
    /// Makes a record, which gets the next number of its centre's day. False when one of the dossiers
    /// is on another record: nothing is written then.
    pub async fn add_post_record(
        &self,
        new: NewPostRecord,
        (at, audit): (DateTime, AuditLine),
    ) -> Result<bool, StoreError> {
        let done: Result<(), StoreError> = self
            .write(move |tx| {
                Box::pin(async move {
                    let day = at.date().strftime("%y%m%d").to_string();
                    let sequence = format!("post:{}:{day}", new.unit);
                    let number = numbers::draw(tx, &sequence).await?;
                    let cells = vec![
                        Cell::Text(new.id.clone()),
                        Cell::Text(format!("{}-{day}-{number}", new.unit)),
                        Cell::Text(new.unit.to_string()),
                        Cell::Text(new.agent.to_string()),
                        Cell::Number(to_millis(at)),
                    ];
                    write_row(tx, ADD, cells).await?;
                    for line in &new.lines {
                        write_row(tx, ADD_LINE, line_cells(line, &new.id)).await?;
                    }
                    audit::insert(tx, at, &[audit]).await
                })
            })
            .await;
        match done {
            Ok(()) => Ok(true),
            Err(error) if error.is_clash() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Takes back a record that nobody has signed; its dossiers may stand on another one then.
    pub async fn drop_post_record(
        &self,
        id: &str,
        (at, audit): (DateTime, AuditLine),
    ) -> Result<bool, StoreError> {
        let id = id.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let key = || vec![Cell::Text(id.clone())];
                // Held first, so that whoever signs meanwhile finds the record gone, or this finds
                // it signed: never its lines away and itself there.
                if write_row(tx, HOLD, key()).await? == 0 {
                    return Ok(false);
                }
                write_row(tx, DROP_LINES, key()).await?;
                write_row(tx, DROP, key()).await?;
                audit::insert(tx, at, &[audit]).await?;
                Ok(true)
            })
        })
        .await
    }

    /// Signs a record and moves everything on it in one transaction: all of it or nothing.
    ///
    /// # Errors
    /// Those of [`Store::append_together`].
    pub async fn sign_post_record(
        &self,
        signing: PostSigning,
        batches: Vec<Batch>,
    ) -> Result<PostSigned, AppendError> {
        let writing = Arc::new((signing, batches));
        let all = Arc::clone(&writing);
        let done = self
            .write_again_when_undone(move |tx| {
                let all = Arc::clone(&all);
                Box::pin(async move { sign(tx, &all.0, &all.1).await })
            })
            .await;
        match done {
            Err(AppendError::Broken(cause)) if cause.is_clash() => {
                Err(self.why_one_clashed(&writing.1, cause).await)
            }
            done => done,
        }
    }

    /// A record.
    pub async fn post_record(&self, id: &str) -> Result<Option<PostRecordRow>, StoreError> {
        Ok(on!(&self.reads, pool => sqlx::query_as(ONE).bind(id).fetch_optional(pool).await)?)
    }

    /// The newest records of a centre, of one agent or of all: those to be signed first.
    pub async fn post_records(
        &self,
        unit: &UnitId,
        agent: Option<&StaffId>,
        most: u32,
    ) -> Result<Vec<PostRecordRow>, StoreError> {
        let agent = agent.map_or("", StaffId::as_str);
        let mut found: Vec<PostRecordRow> = Vec::new();
        // Each from its own index: a centre signs thousands a year, and a few wait.
        for sql in [UNSIGNED, SIGNED] {
            let listed = u32::try_from(found.len()).unwrap_or(u32::MAX);
            let left = most.saturating_sub(listed);
            let more: Vec<PostRecordRow> = on!(&self.reads, pool => sqlx::query_as(sql)
                .bind(unit.as_str())
                .bind(agent)
                .bind(i64::from(left))
                .fetch_all(pool)
                .await)?;
            found.extend(more);
        }
        Ok(found)
    }

    /// The dossiers on a record, by the time of filing.
    pub async fn post_lines(&self, record: &str) -> Result<Vec<PostLine>, StoreError> {
        Ok(on!(&self.reads, pool => sqlx::query_as(LINES).bind(record).fetch_all(pool).await)?)
    }

    /// The agents who filed at a centre what is on no signed record yet, or waits for a supplement.
    pub async fn post_filers(&self, unit: &UnitId) -> Result<Vec<StaffId>, StoreError> {
        let found: Vec<(String,)> = on!(&self.reads, pool => sqlx::query_as(FILERS)
            .bind(unit.as_str())
            .fetch_all(pool)
            .await)?;
        let ids = found.iter().map(|(id,)| rows::typed("dossier.agent", id));
        ids.collect()
    }

    /// Whether a record that is to be signed lists the dossier.
    pub async fn is_on_post_record(&self, dossier: &DossierId) -> Result<bool, StoreError> {
        let found: Option<(i64,)> = on!(&self.reads, pool => sqlx::query_as(LISTED)
            .bind(dossier.as_str())
            .fetch_optional(pool)
            .await)?;
        Ok(found.is_some())
    }

    /// What an agent filed at a centre that waits for a supplement, which is on no record that is to
    /// be signed, the oldest first.
    pub async fn awaiting_by_post(
        &self,
        unit: &UnitId,
        agent: &StaffId,
        most: u32,
    ) -> Result<Vec<PostLine>, StoreError> {
        Ok(on!(&self.reads, pool => sqlx::query_as(AWAITING)
            .bind(unit.as_str())
            .bind(agent.as_str())
            .bind(i64::from(most))
            .fetch_all(pool)
            .await)?)
    }

    /// What an agent filed at a centre and has on no record yet, the oldest first.
    pub async fn unhanded(
        &self,
        unit: &UnitId,
        agent: &StaffId,
        most: u32,
    ) -> Result<Vec<PostLine>, StoreError> {
        Ok(on!(&self.reads, pool => sqlx::query_as(UNHANDED)
            .bind(unit.as_str())
            .bind(agent.as_str())
            .bind(i64::from(most))
            .fetch_all(pool)
            .await)?)
    }
}

impl PostLine {
    /// Which dossier, typed.
    pub fn dossier(&self) -> Result<DossierId, StoreError> {
        rows::typed("dossier.id", &self.id)
    }

    /// Of a supplement, what came.
    pub fn handed(&self) -> Result<Vec<Handed>, StoreError> {
        rows::json("post_record_line.handed", &self.id, &self.handed)
    }

    /// The money that goes with it.
    pub fn collected(&self) -> Option<Dong> {
        self.collected.map(Dong)
    }

    /// Whether the signed record does not hand it over.
    pub fn is_struck(&self) -> bool {
        self.struck != 0
    }
}

fn line_cells(line: &NewPostLine, record: &str) -> Vec<Cell> {
    vec![
        Cell::Text(line.dossier.to_string()),
        Cell::Number(i64::from(line.part)),
        Cell::Text(record.to_owned()),
        Cell::MaybeNumber(line.collected.map(|dong| dong.0)),
        Cell::Text(rows::to_json(&line.handed)),
    ]
}

async fn sign(
    tx: &mut Tx,
    signing: &PostSigning,
    batches: &[Batch],
) -> Result<PostSigned, AppendError> {
    let cells = vec![
        Cell::Text(signing.record.clone()),
        Cell::Text(signing.by.to_string()),
        Cell::Number(to_millis(signing.at)),
    ];
    if write_row(tx, SIGN, cells).await? == 0 {
        return Ok(PostSigned::NotOpen);
    }
    for batch in batches {
        append::apply(tx, batch).await?;
    }
    for (dossier, part) in &signing.struck {
        let cells = vec![
            Cell::Text(signing.record.clone()),
            Cell::Text(dossier.to_string()),
            Cell::Number(i64::from(*part)),
        ];
        write_row(tx, STRIKE, cells).await?;
    }
    audit::insert(tx, signing.at, std::slice::from_ref(&signing.audit)).await?;
    Ok(PostSigned::Done)
}
