//! Publishing procedures: new versions in, older versions closed, nothing else changed.

use std::collections::BTreeMap;

use domain::ids::ProcedureCode;
use domain::procedure::{Channel, Level, Procedure};
use domain::text::fold;
use jiff::civil::{Date, DateTime};

use super::Version;
use crate::audit::{self, AuditLine};
use crate::backend::{Tx, on};
use crate::rows::{self, Cell};
use crate::time::to_millis;
use crate::{Store, StoreError};

/// A record to publish. The store gives the version; whatever version the body names is ignored.
#[derive(Debug, Clone)]
pub struct NewProcedure {
    /// What is published.
    pub procedure: Procedure,
    /// Hash of what makes two records the same publication; equal hashes publish nothing.
    pub content_hash: String,
}

/// What a publication did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// Codes that were not in the catalogue before.
    pub added: Vec<Version>,
    /// Codes that have a new version.
    pub changed: Vec<Version>,
    /// Records that say what the catalogue says already.
    pub unchanged: usize,
}

impl Published {
    /// Whether the catalogue is as it was.
    pub fn is_nothing(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty()
    }
}

/// Newest version and content hash by code.
type Newest = BTreeMap<ProcedureCode, (u32, String)>;

impl Store {
    /// Publishes records in one transaction. A record whose hash differs from its newest version's
    /// becomes the next version, and those before end on the day before; equal ones change
    /// nothing. The audit line is written when anything changed.
    pub async fn publish_procedures(
        &self,
        records: Vec<NewProcedure>,
        at: DateTime,
        audit: AuditLine,
    ) -> Result<Published, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let plan = plan(newest(tx).await?, records, at);
                rows::insert_rows(tx, INSERT, "", plan.rows).await?;
                for (version, valid_from) in plan.superseding {
                    supersede(tx, &version, valid_from).await?;
                }
                if !plan.published.is_nothing() {
                    audit::insert(tx, at, &[audit]).await?;
                }
                Ok(plan.published)
            })
        })
        .await
    }

    /// The newest version of every code, with its content hash.
    pub async fn procedure_hashes(&self) -> Result<Newest, StoreError> {
        let found = on!(&self.reads, pool => sqlx::query_as(HASHES).fetch_all(pool).await)?;
        read_newest(found)
    }
}

type HashRow = (String, i64, String);
const HASHES: &str = "
    SELECT p.code, p.version, p.content_hash FROM procedure p
    WHERE p.version = (SELECT MAX(n.version) FROM procedure n WHERE n.code = p.code)";
const INSERT: &str = "
    INSERT INTO procedure (code, version, valid_from, valid_to, name, name_folded, search, field,
        commune, province, channels, content_hash, source, published_at, body) ";
const SUPERSEDE: &str = "
    UPDATE procedure SET valid_to = $3
    WHERE code = $1 AND version < $2 AND (valid_to IS NULL OR valid_to > $3)";

struct Plan {
    published: Published,
    rows: Vec<Vec<Cell>>,
    superseding: Vec<(Version, Date)>,
}

/// Compares with what is there; a code given twice is compared with its first record.
fn plan(mut newest: Newest, records: Vec<NewProcedure>, at: DateTime) -> Plan {
    let mut plan = Plan {
        published: Published::default(),
        rows: Vec::new(),
        superseding: Vec::new(),
    };
    for NewProcedure {
        mut procedure,
        content_hash,
    } in records
    {
        let before = newest.get(&procedure.code);
        if before.is_some_and(|(_, hash)| *hash == content_hash) {
            plan.published.unchanged += 1;
            continue;
        }
        procedure.version = before.map_or(1, |(version, _)| version + 1);
        let version = Version {
            procedure: procedure.code.clone(),
            version: procedure.version,
        };
        if before.is_some() {
            plan.superseding
                .push((version.clone(), procedure.valid_from));
            plan.published.changed.push(version);
        } else {
            plan.published.added.push(version);
        }
        plan.rows.push(cells(&procedure, &content_hash, at));
        newest.insert(procedure.code, (procedure.version, content_hash));
    }
    plan
}

fn cells(procedure: &Procedure, content_hash: &str, at: DateTime) -> Vec<Cell> {
    let name_folded = fold(&procedure.name);
    let decided = |level| Cell::Number(i64::from(procedure.levels.contains(&level)));
    let channels = Channel::ALL
        .into_iter()
        .filter(|channel| procedure.offer(*channel).is_some());
    let channels: Vec<&str> = channels.map(Channel::as_str).collect();
    vec![
        Cell::Text(procedure.code.to_string()),
        Cell::Number(i64::from(procedure.version)),
        Cell::Text(procedure.valid_from.to_string()),
        Cell::MaybeText(procedure.valid_to.map(|day| day.to_string())),
        Cell::Text(procedure.name.clone()),
        Cell::Text(name_folded.clone()),
        // The blank in front lets `% word%` mean "a word that begins so".
        Cell::Text(format!(" {} {name_folded}", fold(procedure.code.as_str()))),
        Cell::Text(procedure.field.clone()),
        decided(Level::Commune),
        decided(Level::Province),
        Cell::Text(channels.join(",")),
        Cell::Text(content_hash.to_owned()),
        Cell::Text(procedure.source.clone()),
        Cell::Number(to_millis(at)),
        Cell::Text(rows::to_json(procedure)),
    ]
}

/// Ends what came before `next` on the day before `next` begins: also the version in force, which a
/// version to come had ended on a later day. What began on the same day or later thereby covers no
/// day at all.
async fn supersede(tx: &mut Tx, next: &Version, valid_from: Date) -> Result<(), StoreError> {
    let last = valid_from.yesterday().unwrap_or(Date::MIN);
    on!(tx, c => sqlx::query(SUPERSEDE)
        .bind(next.procedure.as_str())
        .bind(i64::from(next.version))
        .bind(last.to_string())
        .execute(&mut **c)
        .await
        .map(drop))?;
    Ok(())
}

async fn newest(tx: &mut Tx) -> Result<Newest, StoreError> {
    read_newest(on!(tx, c => sqlx::query_as(HASHES).fetch_all(&mut **c).await)?)
}

fn read_newest(found: Vec<HashRow>) -> Result<Newest, StoreError> {
    found
        .into_iter()
        .map(|(code, version, hash)| {
            let version = rows::number("procedure.version", &code, version)?;
            Ok((rows::typed("procedure.code", &code)?, (version, hash)))
        })
        .collect()
}
