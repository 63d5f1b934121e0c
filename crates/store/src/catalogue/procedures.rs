//! Reading the catalogue: one version, what is in force, search, counts.

use domain::ids::ProcedureCode;
use domain::procedure::{Channel, Level, Procedure};
use domain::text::fold;
use jiff::civil::Date;

use super::Version;
use crate::backend::on;
use crate::rows;
use crate::{Store, StoreError};

/// What to look for in the catalogue.
#[derive(Debug, Clone)]
pub struct ProcedureSearch<'a> {
    /// Words of the name or of the code, in any order and case, with or without marks. All must be
    /// there. Empty finds everything.
    pub words: &'a str,
    /// Only what this level decides; only [`Level::Commune`] and [`Level::Province`] narrow.
    pub level: Option<Level>,
    /// In force on this day.
    pub on: Date,
    /// At most so many.
    pub limit: u32,
}

/// A line of a list of procedures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcedureLine {
    /// Code and version.
    pub version: Version,
    /// Title.
    pub name: String,
    /// Field.
    pub field: String,
    /// Whether communes decide.
    pub commune: bool,
    /// Whether the province decides.
    pub province: bool,
    /// Ways in.
    pub channels: Vec<Channel>,
}

/// How much is in the catalogue on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CatalogueCounts {
    /// Codes, whether in force or not.
    pub procedures: u64,
    /// Versions of them.
    pub versions: u64,
    /// Codes in force.
    pub in_force: u64,
    /// Codes in force that have an internal process in force.
    pub with_process: u64,
}

impl Store {
    /// One version of a procedure.
    pub async fn procedure(
        &self,
        code: &ProcedureCode,
        version: u32,
    ) -> Result<Option<Procedure>, StoreError> {
        let found: Option<BodyRow> = on!(&self.reads, pool => sqlx::query_as(ONE)
            .bind(code.as_str())
            .bind(i64::from(version))
            .fetch_optional(pool)
            .await)?;
        found.map(|row| procedure(code, &row)).transpose()
    }

    /// The version under which dossiers are received on `day`.
    pub async fn procedure_in_force(
        &self,
        code: &ProcedureCode,
        day: Date,
    ) -> Result<Option<Procedure>, StoreError> {
        let found: Option<BodyRow> = on!(&self.reads, pool => sqlx::query_as(IN_FORCE)
            .bind(code.as_str())
            .bind(day.to_string())
            .fetch_optional(pool)
            .await)?;
        found.map(|row| procedure(code, &row)).transpose()
    }

    /// The version of every code under which dossiers are received on `day`, or were received last,
    /// where its source is another than `source`; in order of codes.
    pub async fn procedures_not_from(
        &self,
        source: &str,
        day: Date,
    ) -> Result<Vec<Procedure>, StoreError> {
        self.procedures_by(NOT_FROM, source, day).await
    }

    /// The versions that begin after `day` and that nothing has overtaken since, where their source is
    /// another than `source`; in order of codes, then of days.
    pub async fn procedures_to_come_not_from(
        &self,
        source: &str,
        day: Date,
    ) -> Result<Vec<Procedure>, StoreError> {
        self.procedures_by(TO_COME, source, day).await
    }

    async fn procedures_by(
        &self,
        sql: &'static str,
        source: &str,
        day: Date,
    ) -> Result<Vec<Procedure>, StoreError> {
        let found: Vec<(String, String, Option<String>)> = on!(&self.reads, pool => sqlx::query_as(sql)
            .bind(source)
            .bind(day.to_string())
            .fetch_all(pool)
            .await)?;
        let read = |(code, body, valid_to): (String, String, Option<String>)| {
            let code = rows::typed("procedure.code", &code)?;
            procedure(&code, &(body, valid_to))
        };
        let mut found: Vec<Procedure> = found
            .into_iter()
            .map(read)
            .collect::<Result<_, StoreError>>()?;
        found.sort_by(|a, b| (&a.code, a.valid_from).cmp(&(&b.code, b.valid_from)));
        Ok(found)
    }

    /// The versions of a procedure and of its internal process under which dossiers are received on
    /// `day`; none when either is missing.
    pub async fn versions_in_force(
        &self,
        code: &ProcedureCode,
        day: Date,
    ) -> Result<Option<(u32, u32)>, StoreError> {
        let found: Option<(i64, Option<i64>)> = on!(&self.reads, pool => sqlx::query_as(VERSIONS)
            .bind(code.as_str())
            .bind(day.to_string())
            .fetch_optional(pool)
            .await)?;
        let Some((procedure, Some(process))) = found else {
            return Ok(None);
        };
        Ok(Some((
            rows::number("procedure.version", code.as_str(), procedure)?,
            rows::number("process.version", code.as_str(), process)?,
        )))
    }

    /// Searches what is in force; names that begin with the words come first, then by name.
    pub async fn search_procedures(
        &self,
        search: &ProcedureSearch<'_>,
    ) -> Result<Vec<ProcedureLine>, StoreError> {
        let asked = fold(search.words);
        let words = patterns(&asked);
        let level = |wanted| i64::from(search.level == Some(wanted));
        let found: Vec<LineRow> = on!(&self.reads, pool => {
            let mut query = sqlx::query_as(SEARCH)
                .bind(search.on.to_string())
                .bind(level(Level::Commune))
                .bind(level(Level::Province))
                .bind(format!("{asked}%"))
                .bind(i64::from(search.limit));
            for word in &words {
                query = query.bind(word.as_str());
            }
            query.fetch_all(pool).await
        })?;
        found.into_iter().map(line).collect()
    }

    /// Codes in force on `day` that have no internal process in force, in order.
    pub async fn procedures_without_process(
        &self,
        day: Date,
    ) -> Result<Vec<ProcedureCode>, StoreError> {
        let found: Vec<(String,)> = on!(&self.reads, pool => sqlx::query_as(WITHOUT_PROCESS)
            .bind(day.to_string())
            .fetch_all(pool)
            .await)?;
        let codes = found
            .iter()
            .map(|(code,)| rows::typed("procedure.code", code));
        let mut codes = codes.collect::<Result<Vec<ProcedureCode>, StoreError>>()?;
        codes.sort();
        Ok(codes)
    }

    /// How much is in the catalogue on `day`.
    pub async fn catalogue_counts(&self, day: Date) -> Result<CatalogueCounts, StoreError> {
        let (procedures, versions, in_force, with_process): (i64, i64, i64, i64) = on!(&self.reads, pool => sqlx::query_as(COUNTS)
                .bind(day.to_string())
                .fetch_one(pool)
                .await)?;
        Ok(CatalogueCounts {
            procedures: procedures.unsigned_abs(),
            versions: versions.unsigned_abs(),
            in_force: in_force.unsigned_abs(),
            with_process: with_process.unsigned_abs(),
        })
    }
}

type BodyRow = (String, Option<String>);
const ONE: &str = "SELECT body, valid_to FROM procedure WHERE code = $1 AND version = $2";
const IN_FORCE: &str = "
    SELECT body, valid_to FROM procedure
    WHERE code = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2)
    ORDER BY version DESC LIMIT 1";

/// A version that ends before it begins was overtaken and never holds.
const NOT_FROM: &str = "
    SELECT p.code, p.body, p.valid_to FROM procedure p
    WHERE p.source <> $1
        AND p.version = (SELECT MAX(n.version) FROM procedure n
            WHERE n.code = p.code AND n.valid_from <= $2
                AND (n.valid_to IS NULL OR n.valid_to >= n.valid_from))";
const TO_COME: &str = "
    SELECT code, body, valid_to FROM procedure
    WHERE source <> $1 AND valid_from > $2 AND (valid_to IS NULL OR valid_to >= valid_from)";

const VERSIONS: &str = "
    SELECT version, (SELECT process.version FROM process
        WHERE process.procedure = $1 AND process.valid_from <= $2
        ORDER BY process.valid_from DESC, process.version DESC LIMIT 1)
    FROM procedure
    WHERE code = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2)
    ORDER BY procedure.version DESC LIMIT 1";

type LineRow = (String, i64, String, String, i64, i64, String);
const SEARCH: &str = "
    SELECT code, version, name, field, commune, province, channels FROM procedure
    WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to >= $1)
        AND commune >= $2 AND province >= $3
        AND search LIKE $6 AND search LIKE $7 AND search LIKE $8 AND search LIKE $9
        AND search LIKE $10 AND search LIKE $11 AND search LIKE $12 AND search LIKE $13
    ORDER BY CASE WHEN name_folded LIKE $4 THEN 0 ELSE 1 END, name_folded, code
    LIMIT $5";
/// Patterns that [`SEARCH`] has places for.
const WORDS: usize = 8;

const WITHOUT_PROCESS: &str = "
    SELECT DISTINCT code FROM procedure
    WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to >= $1)
        AND NOT EXISTS (SELECT 1 FROM process
            WHERE process.procedure = procedure.code AND process.valid_from <= $1)";
const COUNTS: &str = "
    SELECT (SELECT COUNT(DISTINCT code) FROM procedure),
        (SELECT COUNT(*) FROM procedure),
        (SELECT COUNT(DISTINCT code) FROM procedure
            WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to >= $1)),
        (SELECT COUNT(DISTINCT code) FROM procedure
            WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to >= $1)
                AND EXISTS (SELECT 1 FROM process
                    WHERE process.procedure = procedure.code AND process.valid_from <= $1))";

/// The body as published, with the end of validity that came later.
fn procedure(code: &ProcedureCode, (body, valid_to): &BodyRow) -> Result<Procedure, StoreError> {
    let mut procedure: Procedure = rows::json("procedure.body", code.as_str(), body)?;
    procedure.valid_to = rows::maybe("procedure.valid_to", valid_to.as_deref())?;
    Ok(procedure)
}

fn line(row: LineRow) -> Result<ProcedureLine, StoreError> {
    let (code, version, name, field, commune, province, channels) = row;
    let channels = channels
        .split(',')
        .filter(|channel| !channel.is_empty())
        .map(|channel| rows::typed("procedure.channels", channel))
        .collect::<Result<_, _>>()?;
    let version = Version {
        procedure: rows::typed("procedure.code", &code)?,
        version: rows::number("procedure.version", &code, version)?,
    };
    let (commune, province) = (commune != 0, province != 0);
    Ok(ProcedureLine {
        version,
        name,
        field,
        commune,
        province,
        channels,
    })
}

/// One pattern a word, and those beyond the last place as one phrase. A word of digits may stand
/// anywhere in a code; other words are the beginnings of words.
fn patterns(folded: &str) -> [String; WORDS] {
    let mut words = folded.splitn(WORDS, ' ').filter(|word| !word.is_empty());
    std::array::from_fn(|_| match words.next() {
        None => "%".to_owned(),
        Some(word) if word.bytes().all(|b| b.is_ascii_digit()) => format!("%{word}%"),
        Some(word) => format!("% {word}%"),
    })
}
