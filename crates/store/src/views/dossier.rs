//! One row for each dossier: what lists, searches and the public page show of it.

use domain::dossier::{Dossier, NationalStatus, Record};
use domain::ids::{DossierCode, DossierId, PartyId, ProcedureCode};
use domain::process::Process;
use domain::text::fold;

use super::{Views, compared};
use crate::backend::{Tx, on, row};
use crate::load::Loaded;
use crate::rows::{self, Cell};
use crate::store::StoreError;
use crate::time::to_millis;
use crate::together::Together;

/// What the rows of a dossier show and its events do not hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// Title of the procedure.
    pub procedure_name: String,
    /// Its field.
    pub field: String,
    /// Name of the owner.
    pub owner_name: String,
}

row! {
    /// A dossier as lists show it. Times are epoch milliseconds.
    #[derive(Debug, Clone, PartialEq, Eq, Default)]
    pub struct DossierRow {
        /// Which dossier.
        pub id: String,
        /// The number of its last event.
        pub version: i64,
        /// Its number, once received.
        pub code: Option<String>,
        /// The order of the day in its number.
        pub code_order: Option<String>,
        /// Name of the state.
        pub state: String,
        /// National status, 1 to 10.
        pub status: i64,
        /// The procedure.
        pub procedure_code: String,
        /// The version of the procedure that the dossier keeps.
        pub procedure_version: i64,
        /// The version of the process that the dossier keeps.
        pub process_version: i64,
        /// Title of the procedure.
        pub procedure_name: String,
        /// Its field.
        pub field: String,
        /// How it came in.
        pub channel: String,
        /// The centre that received.
        pub receiving: String,
        /// The agency that decides.
        pub competent: String,
        /// The agent of the post who filed it; none of what nobody of the post brought.
        pub agent: Option<String>,
        /// The applicant's record.
        pub applicant: String,
        /// The owner's record.
        pub owner: String,
        /// The owner's name.
        pub owner_name: String,
        /// The owner's name, folded for search.
        pub owner_folded: String,
        /// Index of the step it is at.
        pub step: Option<i64>,
        /// Name of that step; empty when it is at none.
        pub step_name: String,
        /// Its English name.
        pub step_name_en: String,
        /// When it was filed.
        pub submitted_at: i64,
        /// When it was received.
        pub received_at: Option<i64>,
        /// The time published to the applicant now, by which work is sorted.
        pub due_at: Option<i64>,
        /// The time that the law gives; a green lane publishes an earlier one.
        pub legal_due_at: Option<i64>,
        /// The time published first, by which on time is counted; a move to a shorter limit leaves it.
        pub first_due_at: Option<i64>,
        /// The legal time promised first, by which legality is counted.
        pub first_legal_at: Option<i64>,
        /// 1 for a correction of a result issued in error, which is no reception of its own in figures.
        pub corrects: i64,
        /// When the result was issued.
        pub settled_at: Option<i64>,
        /// When it was closed: returned, declined, withdrawn or stopped.
        pub closed_at: Option<i64>,
    }
}

compared!(DossierRow: version code code_order state status procedure_code procedure_version
    process_version procedure_name field channel receiving competent agent applicant owner
    owner_name owner_folded step step_name step_name_en submitted_at received_at due_at
    legal_due_at first_due_at first_legal_at corrects settled_at closed_at);

macro_rules! columns {
    () => {
        "id, version, code, code_order, state, status, procedure_code, procedure_version, \
         process_version, procedure_name, field, channel, receiving, competent, agent, \
         applicant, owner, owner_name, owner_folded, step, step_name, step_name_en, \
         submitted_at, received_at, due_at, legal_due_at, first_due_at, first_legal_at, \
         corrects, settled_at, closed_at"
    };
}
pub(crate) use columns;

const HEAD: &str = concat!("INSERT INTO dossier (", columns!(), ") ");
const UPDATE: &str = "UPDATE dossier SET version = $2, code = $3, code_order = $4, state = $5, \
     status = $6, competent = $7, step = $8, step_name = $9, step_name_en = $10, \
     received_at = $11, due_at = $12, settled_at = $13, closed_at = COALESCE(closed_at, $14), \
     procedure_version = $15, process_version = $16, \
     procedure_name = COALESCE(NULLIF($17, ''), procedure_name), \
     field = COALESCE(NULLIF($18, ''), field), legal_due_at = $20, \
     first_due_at = $21, first_legal_at = $22 \
     WHERE id = $1 AND version = $19";
pub(crate) const BY_ID: &str = concat!("SELECT ", columns!(), " FROM dossier WHERE id = $1");
pub(crate) const RANGE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM dossier WHERE id > $1 AND id <= $2"
);
const BY_CODE: &str = concat!("SELECT ", columns!(), " FROM dossier WHERE code = $1");
/// Received and not settled.
const RUNNING: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM dossier WHERE procedure_code = $1 AND received_at IS NOT NULL \
      AND settled_at IS NULL AND closed_at IS NULL AND id > $2 ORDER BY id LIMIT $3"
);
const RENAME: &str = "UPDATE dossier SET owner_name = $2, owner_folded = $3 \
     WHERE owner = $1 AND closed_at IS NULL AND owner_name <> $2";
const FORGET: &str = "UPDATE dossier SET owner_name = '', owner_folded = '' WHERE owner = $1";
/// Only open dossiers have work.
const RENAME_WORK: &str = "UPDATE work_item SET owner_name = $2 WHERE dossier IN \
     (SELECT id FROM dossier WHERE owner = $1 AND closed_at IS NULL)";

impl DossierRow {
    /// The row of a dossier; an absent one has none.
    pub(crate) fn of(
        loaded: &Loaded,
        process: &Process,
        names: &Names,
    ) -> Result<Option<Self>, StoreError> {
        let Some(record) = loaded.dossier.record() else {
            return Ok(None);
        };
        let mut row = Self::filed(record, names);
        loaded.id.as_str().clone_into(&mut row.id);
        row.version = i64::from(loaded.version);
        loaded.dossier.kind().as_str().clone_into(&mut row.state);
        row.status = status(&loaded.dossier);
        row.settled_at = loaded.dossier.issued().map(|issued| to_millis(issued.at));
        row.closed_at = loaded.closed_at.map(to_millis);
        if let Some(at) = loaded.dossier.at_step() {
            let why = || format!("the process has no step {}", at.index);
            let step = process
                .step(at.index)
                .ok_or_else(|| StoreError::inconsistent("process", loaded.id.as_str(), why()))?;
            row.step = Some(i64::try_from(at.index).unwrap_or(i64::MAX));
            row.step_name.clone_from(&step.name);
            row.step_name_en.clone_from(&step.name_en);
        }
        Ok(Some(row))
    }

    fn filed(record: &Record, names: &Names) -> Self {
        let filed = &record.filed;
        Self {
            code: record.code.as_ref().map(|code| code.as_str().to_owned()),
            code_order: record.code.as_ref().map(|code| code.order().to_owned()),
            procedure_code: filed.procedure.as_str().to_owned(),
            procedure_version: i64::from(filed.procedure_version),
            process_version: i64::from(filed.process_version),
            procedure_name: names.procedure_name.clone(),
            field: names.field.clone(),
            channel: filed.channel.as_str().to_owned(),
            receiving: filed.receiving.as_str().to_owned(),
            competent: filed.competent.as_str().to_owned(),
            agent: filed.agent.as_ref().map(ToString::to_string),
            applicant: filed.applicant.as_str().to_owned(),
            owner: filed.owner.as_str().to_owned(),
            owner_name: names.owner_name.clone(),
            owner_folded: fold(&names.owner_name),
            submitted_at: to_millis(record.submitted_at),
            received_at: record.received_at.map(to_millis),
            due_at: record.published_due().map(to_millis),
            legal_due_at: record.due.map(to_millis),
            first_due_at: record.first_published().map(to_millis),
            first_legal_at: record.first_due().map(to_millis),
            corrects: i64::from(filed.corrects.is_some()),
            ..Self::default()
        }
    }

    pub(crate) fn insert(self, together: &mut Together) {
        together.add_rows(HEAD, vec![self.cells()]);
    }

    /// Inserts rows many at a time.
    pub(crate) async fn insert_all(tx: &mut Tx, rows: Vec<Self>) -> Result<(), StoreError> {
        let cells = rows.into_iter().map(Self::cells).collect();
        rows::insert_rows(tx, HEAD, "", cells).await.map(drop)
    }

    fn cells(self) -> Vec<Cell> {
        vec![
            Cell::Text(self.id),
            Cell::Number(self.version),
            Cell::MaybeText(self.code),
            Cell::MaybeText(self.code_order),
            Cell::Text(self.state),
            Cell::Number(self.status),
            Cell::Text(self.procedure_code),
            Cell::Number(self.procedure_version),
            Cell::Number(self.process_version),
            Cell::Text(self.procedure_name),
            Cell::Text(self.field),
            Cell::Text(self.channel),
            Cell::Text(self.receiving),
            Cell::Text(self.competent),
            Cell::MaybeText(self.agent),
            Cell::Text(self.applicant),
            Cell::Text(self.owner),
            Cell::Text(self.owner_name),
            Cell::Text(self.owner_folded),
            Cell::MaybeNumber(self.step),
            Cell::Text(self.step_name),
            Cell::Text(self.step_name_en),
            Cell::Number(self.submitted_at),
            Cell::MaybeNumber(self.received_at),
            Cell::MaybeNumber(self.due_at),
            Cell::MaybeNumber(self.legal_due_at),
            Cell::MaybeNumber(self.first_due_at),
            Cell::MaybeNumber(self.first_legal_at),
            Cell::Number(self.corrects),
            Cell::MaybeNumber(self.settled_at),
            Cell::MaybeNumber(self.closed_at),
        ]
    }

    /// Brings the row from version `seen` to this one; touches none that is not at `seen`.
    pub(crate) fn update(self, seen: u32, together: &mut Together) {
        let cells = vec![
            Cell::Text(self.id),
            Cell::Number(self.version),
            Cell::MaybeText(self.code),
            Cell::MaybeText(self.code_order),
            Cell::Text(self.state),
            Cell::Number(self.status),
            Cell::Text(self.competent),
            Cell::MaybeNumber(self.step),
            Cell::Text(self.step_name),
            Cell::Text(self.step_name_en),
            Cell::MaybeNumber(self.received_at),
            Cell::MaybeNumber(self.due_at),
            Cell::MaybeNumber(self.settled_at),
            Cell::MaybeNumber(self.closed_at),
            Cell::Number(self.procedure_version),
            Cell::Number(self.process_version),
            Cell::Text(self.procedure_name),
            Cell::Text(self.field),
            Cell::Number(i64::from(seen)),
            Cell::MaybeNumber(self.legal_due_at),
            Cell::MaybeNumber(self.first_due_at),
            Cell::MaybeNumber(self.first_legal_at),
        ];
        together.add_sure(UPDATE, cells);
    }
}

fn status(dossier: &Dossier) -> i64 {
    dossier
        .national_status()
        .map_or(0, |status: NationalStatus| i64::from(status.code()))
}

/// Carries the corrected name of a party into the rows of its open dossiers.
pub(crate) async fn rename_owner(
    tx: &mut Tx,
    owner: &PartyId,
    name: &str,
) -> Result<(), StoreError> {
    let renamed = on!(tx, c => {
        let query = sqlx::query(RENAME).bind(owner.as_str()).bind(name).bind(fold(name));
        query.execute(&mut **c).await.map(|done| done.rows_affected())
    })?;
    if renamed > 0 {
        rename_work(tx, owner, name).await?;
    }
    Ok(())
}

/// Takes the name of an erased party out of the rows of all its dossiers, closed ones too.
pub(crate) async fn forget_owner(tx: &mut Tx, owner: &PartyId) -> Result<(), StoreError> {
    on!(tx, c => sqlx::query(FORGET).bind(owner.as_str()).execute(&mut **c).await.map(drop))?;
    rename_work(tx, owner, "").await
}

async fn rename_work(tx: &mut Tx, owner: &PartyId, name: &str) -> Result<(), StoreError> {
    on!(tx, c => {
        let query = sqlx::query(RENAME_WORK).bind(owner.as_str()).bind(name);
        query.execute(&mut **c).await.map(drop)
    })?;
    Ok(())
}

impl Views<'_> {
    /// The row of a dossier.
    pub async fn dossier_row(&self, id: &DossierId) -> Result<Option<DossierRow>, StoreError> {
        Ok(on!(self.pools, pool => {
            sqlx::query_as(BY_ID).bind(id.as_str()).fetch_optional(pool).await
        })?)
    }

    /// Rows of the dossiers under way of a procedure, up to `most` after `after`, in the order of
    /// their ids.
    pub async fn running(
        &self,
        procedure: &ProcedureCode,
        after: &str,
        most: u32,
    ) -> Result<Vec<DossierRow>, StoreError> {
        Ok(on!(self.pools, pool => sqlx::query_as(RUNNING)
            .bind(procedure.as_str())
            .bind(after)
            .bind(i64::from(most))
            .fetch_all(pool)
            .await)?)
    }

    /// The row of the dossier with that number.
    pub async fn dossier_by_code(
        &self,
        code: &DossierCode,
    ) -> Result<Option<DossierRow>, StoreError> {
        Ok(on!(self.pools, pool => {
            sqlx::query_as(BY_CODE).bind(code.as_str()).fetch_optional(pool).await
        })?)
    }

    /// What the public page may show of a dossier: nothing that names or describes a person.
    pub async fn public_progress(
        &self,
        code: &DossierCode,
    ) -> Result<Option<Progress>, StoreError> {
        Ok(on!(self.pools, pool => {
            sqlx::query_as(PROGRESS).bind(code.as_str()).fetch_optional(pool).await
        })?)
    }
}

row! {
    /// Progress of a dossier, without personal data. Times are epoch milliseconds.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Progress {
        /// Which dossier.
        pub id: String,
        /// Its number.
        pub code: String,
        /// Name of the state.
        pub state: String,
        /// National status, 1 to 10.
        pub status: i64,
        /// Title of the procedure.
        pub procedure_name: String,
        /// The centre that received.
        pub receiving: String,
        /// The agency that decides.
        pub competent: String,
        /// Name of the step it is at.
        pub step_name: String,
        /// Its English name.
        pub step_name_en: String,
        /// When it was received.
        pub received_at: Option<i64>,
        /// The promised time.
        pub due_at: Option<i64>,
        /// When the result was issued.
        pub settled_at: Option<i64>,
        /// When it was closed.
        pub closed_at: Option<i64>,
    }
}

const PROGRESS: &str = "SELECT id, code, state, status, procedure_name, receiving, competent, \
     step_name, step_name_en, received_at, due_at, settled_at, closed_at \
     FROM dossier WHERE code = $1";
