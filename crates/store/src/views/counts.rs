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
    /// Of these, those settled after the time that was published first.
    pub late: i64,
    /// Of these, those settled after the legal time that was promised first.
    pub unlawful: i64,
    /// Of the results that it issued, those issued after the day on which the law wants what is signed
    /// to be issued.
    pub issued_late: i64,
    /// Beside these, corrections of what it had issued in error, that it has settled or that ended.
    pub corrections: i64,
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
        unlawful: i64,
        corrections: i64,
    }
}

/// Unit by unit, so that each reads its own part of the index; a unit is one of few.
const RECEIVED: &str = "SELECT u.id AS unit, COUNT(*) AS n, \
     CAST(SUM(CASE WHEN d.competent = u.id THEN 0 ELSE 1 END) AS BIGINT) AS others \
     FROM unit u CROSS JOIN dossier d WHERE ($3 = '' OR u.id = $3) \
     AND d.receiving = u.id AND d.received_at IS NOT NULL \
     AND d.received_at >= $1 AND d.received_at < $2 AND d.corrects = 0 GROUP BY u.id";
/// A result is late by its first time; what is withdrawn or stopped is none. What is settled and what
/// ended without a result are in an index each.
const PROCESSED: &str = "SELECT unit, CAST(SUM(1 - corrects) AS BIGINT) AS n, \
     CAST(SUM(CASE WHEN corrects = 1 OR receiving = unit THEN 0 ELSE 1 END) AS BIGINT) AS others, \
     CAST(SUM(CASE WHEN corrects = 0 THEN late ELSE 0 END) AS BIGINT) AS late, \
     CAST(SUM(CASE WHEN corrects = 0 THEN unlawful ELSE 0 END) AS BIGINT) AS unlawful, \
     CAST(SUM(corrects) AS BIGINT) AS corrections FROM (\
     SELECT u.id AS unit, d.receiving, d.corrects, \
     CASE WHEN d.settled_at > d.first_due_at THEN 1 ELSE 0 END AS late, \
     CASE WHEN d.settled_at > d.first_legal_at THEN 1 ELSE 0 END AS unlawful \
     FROM unit u CROSS JOIN dossier d WHERE ($3 = '' OR u.id = $3) AND d.competent = u.id \
     AND d.settled_at IS NOT NULL AND d.settled_at >= $1 AND d.settled_at < $2 \
     UNION ALL \
     SELECT u.id AS unit, d.receiving, d.corrects, 0 AS late, 0 AS unlawful \
     FROM unit u CROSS JOIN dossier d WHERE ($3 = '' OR u.id = $3) AND d.competent = u.id \
     AND d.received_at IS NOT NULL AND d.settled_at IS NULL \
     AND d.closed_at IS NOT NULL AND d.closed_at >= $1 AND d.closed_at < $2) ended GROUP BY unit";

const ISSUED_LATE: &str = "SELECT u.id AS unit, COUNT(*) AS n FROM unit u \
     CROSS JOIN result_number r WHERE ($3 = '' OR u.id = $3) AND r.competent = u.id AND r.late = 1 \
     AND r.issued_at >= $1 AND r.issued_at < $2 GROUP BY u.id";

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
        let late: Vec<(String, i64)> = on!(self.pools, pool => {
            sqlx::query_as(ISSUED_LATE).bind(from).bind(to).bind(unit).fetch_all(pool).await
        })?;
        let mut counts: BTreeMap<String, UnitCount> = BTreeMap::new();
        for row in received {
            let count = counts.entry(row.unit).or_default();
            (count.received, count.for_others) = (row.n, row.others);
        }
        for row in processed {
            let count = counts.entry(row.unit).or_default();
            (count.processed, count.from_others) = (row.n, row.others);
            (count.late, count.unlawful) = (row.late, row.unlawful);
            count.corrections = row.corrections;
        }
        for (unit, late) in late {
            counts.entry(unit).or_default().issued_late = late;
        }
        let named = counts.into_iter();
        Ok(named
            .map(|(unit, count)| UnitCount { unit, ..count })
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::search::plan;
    use crate::{Database, Store};

    /// A province has millions of dossiers, and each leader looks at hers.
    #[tokio::test]
    async fn figures_are_read_from_the_indexes_of_each_unit() {
        let store = Store::open(&Database::SqliteMemory).await.unwrap();
        store.migrate().await.unwrap();
        let own = "receiving=? AND received_at>? AND received_at<?";
        let settled = "competent=? AND settled_at>? AND settled_at<?";
        let closed = "competent=? AND closed_at>? AND closed_at<?";
        let late = "competent=? AND issued_at>? AND issued_at<?";
        for (sql, index) in [
            (RECEIVED, format!("INDEX dossier_by_reception ({own})")),
            (
                PROCESSED,
                format!("INDEX dossier_by_settlement ({settled})"),
            ),
            (PROCESSED, format!("INDEX dossier_by_end ({closed})")),
            (ISSUED_LATE, format!("INDEX result_number_late ({late})")),
        ] {
            let plan = plan(&store, sql).await;
            let index = format!("COVERING {index}");
            assert!(plan.iter().any(|step| step.contains(&index)), "{plan:#?}");
            let table =
                |step: &&String| step.contains("SCAN d") || step.contains("SEARCH d USING INDEX");
            assert_eq!(plan.iter().filter(table).count(), 0, "{plan:#?}");
        }
    }
}
