//! Steps that were given to somebody whose post there has ended.

use domain::ids::DossierId;
use jiff::civil::Date;

use super::Views;
use crate::backend::on;
use crate::rows;
use crate::store::StoreError;

impl Views<'_> {
    /// Dossiers whose step is held by somebody who does not hold its post on `day`, up to `most`
    /// after `after`, in the order of their ids. Settled ones are left alone: whoever is there
    /// returns them.
    pub async fn held_without_post(
        &self,
        day: Date,
        after: &str,
        most: u32,
    ) -> Result<Vec<DossierId>, StoreError> {
        let found: Vec<(String,)> = on!(self.pools, pool => sqlx::query_as(WITHOUT_POST)
            .bind(day.to_string())
            .bind(after)
            .bind(i64::from(most))
            .fetch_all(pool)
            .await)?;
        let ids = found
            .iter()
            .map(|(id,)| rows::typed("work_item.dossier", id));
        ids.collect()
    }
}

/// A post at the unit that took the work over is one at the unit that ended.
const WITHOUT_POST: &str = "
    WITH RECURSIVE taken (unit, heir) AS (
        SELECT id, successor FROM unit WHERE valid_to < $1 AND successor IS NOT NULL
        UNION SELECT t.unit, u.successor FROM taken t JOIN unit u ON u.id = t.heir
            WHERE u.valid_to < $1 AND u.successor IS NOT NULL)
    SELECT w.dossier FROM work_item w
    WHERE w.holder IS NOT NULL AND w.clock < 2 AND w.dossier > $2
        AND NOT EXISTS (SELECT 1 FROM post p
            WHERE p.staff = w.holder AND p.role = w.role
                AND (p.unit = w.unit OR EXISTS (
                    SELECT 1 FROM taken t WHERE t.unit = w.unit AND t.heir = p.unit))
                AND p.valid_from <= $1 AND (p.valid_to IS NULL OR p.valid_to >= $1))
    ORDER BY w.dossier LIMIT $3";
