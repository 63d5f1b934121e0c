//! Joint records of the post and a centre: what an agent hands over, listed and signed once.

use domain::ids::{DossierId, StaffId, UnitId};
use jiff::civil::DateTime;

use crate::audit::{self, AuditLine};
use crate::backend::{on, row};
use crate::numbers;
use crate::rows::{self, Cell, write_row};
use crate::time::to_millis;
use crate::{Store, StoreError};

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
    pub dossiers: Vec<DossierId>,
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
    }
}

row! {
    /// A dossier that an agent of the post filed. Times are epoch milliseconds.
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
                    for dossier in &new.dossiers {
                        let line =
                            vec![Cell::Text(dossier.to_string()), Cell::Text(new.id.clone())];
                        write_row(tx, ADD_LINE, line).await?;
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
                write_row(tx, DROP_LINES, key()).await?;
                if write_row(tx, DROP, key()).await? == 0 {
                    return Ok(false);
                }
                audit::insert(tx, at, &[audit]).await?;
                Ok(true)
            })
        })
        .await
    }

    /// Records that a record was signed; who signs again changes nothing.
    pub async fn sign_post_record(
        &self,
        id: &str,
        by: &StaffId,
        at: DateTime,
    ) -> Result<(), StoreError> {
        let cells = vec![
            Cell::Text(id.to_owned()),
            Cell::Text(by.to_string()),
            Cell::Number(to_millis(at)),
        ];
        self.write(move |tx| Box::pin(async move { write_row(tx, SIGN, cells).await.map(drop) }))
            .await
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
        Ok(on!(&self.reads, pool => sqlx::query_as(OF_UNIT)
            .bind(unit.as_str())
            .bind(agent.map_or("", StaffId::as_str))
            .bind(i64::from(most))
            .fetch_all(pool)
            .await)?)
    }

    /// The dossiers on a record, by the time of filing.
    pub async fn post_lines(&self, record: &str) -> Result<Vec<PostLine>, StoreError> {
        Ok(on!(&self.reads, pool => sqlx::query_as(LINES).bind(record).fetch_all(pool).await)?)
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
}

const ADD: &str =
    "INSERT INTO post_record (id, number, unit, agent, made_at) VALUES ($1, $2, $3, $4, $5)";
const ADD_LINE: &str = "INSERT INTO post_record_line (dossier, record) VALUES ($1, $2)";
const DROP_LINES: &str = "DELETE FROM post_record_line WHERE record = $1 AND EXISTS \
     (SELECT 1 FROM post_record WHERE id = $1 AND signed_at IS NULL)";
const DROP: &str = "DELETE FROM post_record WHERE id = $1 AND signed_at IS NULL";
const SIGN: &str = "UPDATE post_record SET signed_by = $2, signed_at = $3 \
     WHERE id = $1 AND signed_at IS NULL";
macro_rules! records {
    ($tail:literal) => {
        concat!(
            "SELECT r.id, r.number, r.unit, r.agent, s.name AS agent_name, r.made_at, r.signed_at \
             FROM post_record r JOIN staff s ON s.id = r.agent ",
            $tail
        )
    };
}
const ONE: &str = records!("WHERE r.id = $1");
const OF_UNIT: &str = records!(
    "WHERE r.unit = $1 AND ($2 = '' OR r.agent = $2) \
     ORDER BY CASE WHEN r.signed_at IS NULL THEN 0 ELSE 1 END, r.made_at DESC, r.id LIMIT $3"
);
const LINES: &str = "SELECT d.id, d.code, d.procedure_name, d.state, d.submitted_at \
     FROM post_record_line l JOIN dossier d ON d.id = l.dossier \
     WHERE l.record = $1 ORDER BY d.submitted_at, d.id";
/// Only what came by post is asked, which an index holds apart.
const UNHANDED: &str = "SELECT d.id, d.code, d.procedure_name, d.state, d.submitted_at \
     FROM dossier d JOIN event ON event.stream = d.id AND event.version = 1 \
     WHERE d.channel = 'post' AND d.receiving = $1 AND d.state = 'submitted' AND event.actor = $2 \
     AND NOT EXISTS (SELECT 1 FROM post_record_line l WHERE l.dossier = d.id) \
     ORDER BY d.submitted_at, d.id LIMIT $3";
