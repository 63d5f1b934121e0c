//! Internal processes: versions of their own, pinned by running dossiers.

use std::collections::BTreeMap;

use domain::ids::ProcedureCode;
use domain::process::Process;
use jiff::civil::{Date, DateTime};

use super::Version;
use crate::audit::{self, AuditLine};
use crate::backend::{Tx, on};
use crate::rows::{self, Cell};
use crate::time::to_millis;
use crate::{Store, StoreError};

impl Store {
    /// Publishes internal processes in one transaction; one that says what its newest version says
    /// changes nothing. The store gives the version. Returns the versions that are new; the audit
    /// line is written when there are any.
    pub async fn publish_processes(
        &self,
        processes: Vec<Process>,
        at: DateTime,
        audit: AuditLine,
    ) -> Result<Vec<Version>, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let new = differing(newest(tx).await?, processes);
                let cells = new.iter().map(|process| cells(process, at)).collect();
                rows::insert_rows(tx, INSERT, "", cells).await?;
                if !new.is_empty() {
                    audit::insert(tx, at, &[audit]).await?;
                }
                Ok(new.into_iter().map(version).collect())
            })
        })
        .await
    }

    /// One version of an internal process.
    pub async fn process(
        &self,
        code: &ProcedureCode,
        version: u32,
    ) -> Result<Option<Process>, StoreError> {
        let found: Option<(String,)> = on!(&self.reads, pool => sqlx::query_as(ONE)
            .bind(code.as_str())
            .bind(i64::from(version))
            .fetch_optional(pool)
            .await)?;
        found
            .map(|(body,)| rows::json("process.body", code.as_str(), &body))
            .transpose()
    }

    /// The process under which dossiers are received on `day`.
    pub async fn process_in_force(
        &self,
        code: &ProcedureCode,
        day: Date,
    ) -> Result<Option<Process>, StoreError> {
        let found: Option<(String,)> = on!(&self.reads, pool => sqlx::query_as(IN_FORCE)
            .bind(code.as_str())
            .bind(day.to_string())
            .fetch_optional(pool)
            .await)?;
        found
            .map(|(body,)| rows::json("process.body", code.as_str(), &body))
            .transpose()
    }

    /// The processes that begin after `day`, in their order.
    pub async fn processes_after(
        &self,
        code: &ProcedureCode,
        day: Date,
    ) -> Result<Vec<Process>, StoreError> {
        let found: Vec<(String,)> = on!(&self.reads, pool => sqlx::query_as(FROM)
            .bind(code.as_str())
            .bind(day.to_string())
            .fetch_all(pool)
            .await)?;
        let read = |(body,): &(String,)| rows::json("process.body", code.as_str(), body);
        found.iter().map(read).collect()
    }
}

const NEWEST: &str = "
    SELECT p.body FROM process p
    WHERE p.version = (SELECT MAX(n.version) FROM process n WHERE n.procedure = p.procedure)";
const INSERT: &str = "INSERT INTO process (procedure, version, valid_from, published_at, body) ";
const ONE: &str = "SELECT body FROM process WHERE procedure = $1 AND version = $2";
const IN_FORCE: &str = "
    SELECT body FROM process WHERE procedure = $1 AND valid_from <= $2
    ORDER BY valid_from DESC, version DESC LIMIT 1";
const FROM: &str = "
    SELECT body FROM process WHERE procedure = $1 AND valid_from > $2 ORDER BY valid_from, version";

async fn newest(tx: &mut Tx) -> Result<BTreeMap<ProcedureCode, Process>, StoreError> {
    let found: Vec<(String,)> = on!(tx, c => sqlx::query_as(NEWEST).fetch_all(&mut **c).await)?;
    found
        .into_iter()
        .map(|(body,)| {
            let process: Process = rows::json("process.body", "newest", &body)?;
            Ok((process.procedure.clone(), process))
        })
        .collect()
}

/// Those that say something new, with their versions.
fn differing(
    mut newest: BTreeMap<ProcedureCode, Process>,
    processes: Vec<Process>,
) -> Vec<Process> {
    let mut new = Vec::new();
    for mut process in processes {
        let before = newest.get(&process.procedure);
        let same = |before: &Process| {
            Process {
                version: before.version,
                ..process.clone()
            } == *before
        };
        if before.is_some_and(same) {
            continue;
        }
        process.version = before.map_or(1, |before| before.version + 1);
        newest.insert(process.procedure.clone(), process.clone());
        new.push(process);
    }
    new
}

fn cells(process: &Process, at: DateTime) -> Vec<Cell> {
    vec![
        Cell::Text(process.procedure.to_string()),
        Cell::Number(i64::from(process.version)),
        Cell::Text(process.valid_from.to_string()),
        Cell::Number(to_millis(at)),
        Cell::Text(rows::to_json(process)),
    ]
}

fn version(process: Process) -> Version {
    Version {
        procedure: process.procedure,
        version: process.version,
    }
}
