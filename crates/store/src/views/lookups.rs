//! Lookups in databases that failed or gave wrong data: who made them, for which centre and agency.

use domain::dossier::{Event, Lookup};
use domain::ids::UnitId;
use jiff::civil::Date;

use super::Views;
use crate::backend::{on, row};
use crate::load::Loaded;
use crate::rows::Cell;
use crate::store::StoreError;

row! {
    /// A lookup that failed or gave wrong data.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub(crate) struct LookupRow {
        pub(crate) dossier: String,
        version: i64,
        number: i64,
        month: i64,
        unit: String,
        competent: String,
        clerk: String,
        source: String,
        found: String,
    }
}

row! {
    /// How often lookups in a database failed for dossiers of a centre and an agency in a month.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
    pub struct LookupCount {
        /// Year and month, as 202611.
        pub month: i64,
        /// The centre that received.
        pub unit: String,
        /// The agency that decides.
        pub competent: String,
        /// Name of the database.
        pub source: String,
        /// How many did not answer or did not know the person.
        pub failed: i64,
        /// How many gave wrong data.
        pub wrong: i64,
    }
}

row! {
    /// How often somebody recorded failed lookups in a database, in all the months asked for.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
    pub struct ClerkLookups {
        /// Who.
        pub clerk: String,
        /// The centre that received.
        pub unit: String,
        /// The agency that decides.
        pub competent: String,
        /// Name of the database.
        pub source: String,
        /// How many did not answer or did not know the person.
        pub failed: i64,
        /// How many gave wrong data.
        pub wrong: i64,
    }
}

macro_rules! lookups {
    ($rest:literal) => {
        concat!(
            "SELECT dossier, version, number, month, unit, competent, clerk, source, found \
             FROM lookup_item ",
            $rest,
            " ORDER BY dossier, version, number"
        )
    };
}
// `$3` is a unit, or empty for every one.
macro_rules! counted {
    ($columns:literal, $order:literal) => {
        concat!(
            "SELECT ",
            $columns,
            ", CAST(SUM(CASE WHEN found = 'failed' THEN 1 ELSE 0 END) AS BIGINT) AS failed, \
             CAST(SUM(CASE WHEN found = 'wrong' THEN 1 ELSE 0 END) AS BIGINT) AS wrong \
             FROM lookup_item WHERE month >= $1 AND month <= $2 \
             AND ($3 = '' OR unit = $3 OR competent = $3) GROUP BY ",
            $columns,
            " ORDER BY ",
            $order
        )
    };
}
pub(super) const HEAD: &str = "INSERT INTO lookup_item \
     (dossier, version, number, month, unit, competent, clerk, source, found) ";
pub(crate) const LOOKUPS: &str = lookups!("WHERE dossier > $1 AND dossier <= $2");
pub(crate) const LOOKUPS_OF: &str = lookups!("WHERE dossier = $1");
const BY_UNIT: &str = counted!(
    "month, unit, competent, source",
    "month DESC, unit, competent, source"
);
const BY_CLERK: &str = counted!(
    "clerk, unit, competent, source",
    "unit, competent, clerk, source"
);

impl LookupRow {
    pub(super) fn all_of(loaded: &Loaded) -> Vec<Self> {
        let Some(record) = loaded.dossier.record() else {
            return Vec::new();
        };
        let mut rows = Vec::new();
        for recorded in &loaded.events {
            let lookups = match &recorded.event {
                Event::Submitted { filed, .. } => filed.lookups.as_slice(),
                Event::LookupRecorded { lookup, .. } => std::slice::from_ref(lookup),
                _ => continue,
            };
            let failed = |one: &(usize, &Lookup)| one.1.found.opens_the_paper();
            let row = |(number, lookup): (usize, &Lookup)| Self {
                dossier: loaded.id.to_string(),
                version: i64::from(recorded.version),
                number: i64::try_from(number).unwrap_or(i64::MAX),
                month: month(recorded.event.at().date()),
                unit: record.filed.receiving.to_string(),
                competent: record.filed.competent.to_string(),
                clerk: recorded.actor.clone(),
                source: lookup.database.as_str().to_owned(),
                found: lookup.found.as_str().to_owned(),
            };
            rows.extend(lookups.iter().enumerate().filter(failed).map(row));
        }
        rows
    }

    pub(super) fn cells(self) -> Vec<Cell> {
        vec![
            Cell::Text(self.dossier),
            Cell::Number(self.version),
            Cell::Number(self.number),
            Cell::Number(self.month),
            Cell::Text(self.unit),
            Cell::Text(self.competent),
            Cell::Text(self.clerk),
            Cell::Text(self.source),
            Cell::Text(self.found),
        ]
    }
}

/// Year and month, as 202611.
fn month(day: Date) -> i64 {
    i64::from(day.year()) * 100 + i64::from(day.month())
}

impl Views<'_> {
    /// Lookups that failed in the months of these days, latest month first; of one centre or agency,
    /// or of all. What it reads grows with those months alone.
    pub async fn failed_lookups(
        &self,
        (first, last): (Date, Date),
        unit: Option<&UnitId>,
    ) -> Result<Vec<LookupCount>, StoreError> {
        Ok(on!(self.pools, pool => {
            sqlx::query_as(BY_UNIT)
                .bind(month(first))
                .bind(month(last))
                .bind(unit.map_or("", UnitId::as_str))
                .fetch_all(pool)
                .await
        })?)
    }

    /// The same by who recorded them.
    pub async fn lookups_by_clerk(
        &self,
        (first, last): (Date, Date),
        unit: Option<&UnitId>,
    ) -> Result<Vec<ClerkLookups>, StoreError> {
        Ok(on!(self.pools, pool => {
            sqlx::query_as(BY_CLERK)
                .bind(month(first))
                .bind(month(last))
                .bind(unit.map_or("", UnitId::as_str))
                .fetch_all(pool)
                .await
        })?)
    }
}
