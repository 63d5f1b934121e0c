//! How many dossiers each unit received, and how many each agency processed: a dossier counts once at
//! the centre that received it and once at the agency that decides, and nowhere twice.

use std::collections::BTreeMap;

use domain::ids::UnitId;
use jiff::ToSpan as _;
use jiff::civil::{Date, Time};

use super::Views;
use crate::backend::{on, row};
use crate::store::StoreError;
use crate::time::to_millis;

/// What a unit received and processed in a time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnitCount {
    /// Which unit.
    pub unit: String,
    /// Dossiers that it received.
    pub received: i64,
    /// Of these, those that another agency decides.
    pub for_others: i64,
    /// Dossiers that it decides and has settled, or that ended there without a result.
    pub processed: i64,
    /// Of these, those that another centre received.
    pub from_others: i64,
    /// Of these, those settled after the promised time.
    pub late: i64,
}

row! {
    struct Received {
        unit: String,
        n: i64,
        others: i64,
    }
}

row! {
    struct Processed {
        unit: String,
        n: i64,
        others: i64,
        late: i64,
    }
}

const RECEIVED: &str = "SELECT receiving AS unit, COUNT(*) AS n, \
     CAST(SUM(CASE WHEN competent = receiving THEN 0 ELSE 1 END) AS BIGINT) AS others \
     FROM dossier WHERE received_at >= $1 AND received_at < $2 AND ($3 = '' OR receiving = $3) \
     GROUP BY receiving";
/// A result is late by its promised time; what is withdrawn or stopped is none.
const PROCESSED: &str = "SELECT competent AS unit, COUNT(*) AS n, \
     CAST(SUM(CASE WHEN competent = receiving THEN 0 ELSE 1 END) AS BIGINT) AS others, \
     CAST(SUM(CASE WHEN settled_at > due_at THEN 1 ELSE 0 END) AS BIGINT) AS late \
     FROM dossier WHERE received_at IS NOT NULL \
     AND COALESCE(settled_at, closed_at) >= $1 AND COALESCE(settled_at, closed_at) < $2 \
     AND ($3 = '' OR competent = $3) GROUP BY competent";

impl Views<'_> {
    /// What each unit received and processed from the first day to the last, by unit; of one unit, or
    /// of all.
    pub async fn unit_counts(
        &self,
        (first, last): (Date, Date),
        unit: Option<&UnitId>,
    ) -> Result<Vec<UnitCount>, StoreError> {
        let midnight = |day: Date| to_millis(day.to_datetime(Time::midnight()));
        let (from, to) = (midnight(first), midnight(last.saturating_add(1.day())));
        let unit = unit.map_or("", UnitId::as_str);
        let received: Vec<Received> = on!(self.pools, pool => {
            sqlx::query_as(RECEIVED).bind(from).bind(to).bind(unit).fetch_all(pool).await
        })?;
        let processed: Vec<Processed> = on!(self.pools, pool => {
            sqlx::query_as(PROCESSED).bind(from).bind(to).bind(unit).fetch_all(pool).await
        })?;
        let mut counts: BTreeMap<String, UnitCount> = BTreeMap::new();
        for row in received {
            let count = counts.entry(row.unit).or_default();
            (count.received, count.for_others) = (row.n, row.others);
        }
        for row in processed {
            let count = counts.entry(row.unit).or_default();
            (count.processed, count.from_others, count.late) = (row.n, row.others, row.late);
        }
        let named = counts.into_iter();
        Ok(named
            .map(|(unit, count)| UnitCount { unit, ..count })
            .collect())
    }
}
