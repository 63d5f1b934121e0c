//! Where people are received: the points of a centre and their counters.

use domain::ids::{CounterId, PointId, UnitId};

use crate::backend::on;
use crate::rows;
use crate::{Store, StoreError};

/// A place where a centre receives people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceptionPoint {
    /// Which.
    pub id: PointId,
    /// Of which centre.
    pub unit: UnitId,
    /// Name.
    pub name: String,
}

/// A counter of a reception point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    /// Which.
    pub id: CounterId,
    /// Of which point.
    pub point: PointId,
    /// Name: `Quầy 1`.
    pub name: String,
}

impl Store {
    /// Writes a reception point, new or again.
    pub async fn save_point(&self, point: ReceptionPoint) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                on!(tx, c => sqlx::query(SAVE_POINT)
                    .bind(point.id.as_str())
                    .bind(point.unit.as_str())
                    .bind(point.name)
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                Ok(())
            })
        })
        .await
    }

    /// Writes a counter, new or again.
    pub async fn save_counter(&self, counter: Counter) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                on!(tx, c => sqlx::query(SAVE_COUNTER)
                    .bind(counter.id.as_str())
                    .bind(counter.point.as_str())
                    .bind(counter.name)
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                Ok(())
            })
        })
        .await
    }

    /// The reception points of a centre, by id.
    pub async fn points_of(&self, unit: &UnitId) -> Result<Vec<ReceptionPoint>, StoreError> {
        let found: Vec<(String, String, String)> = on!(&self.reads, pool => sqlx::query_as(POINTS)
            .bind(unit.as_str())
            .fetch_all(pool)
            .await)?;
        found
            .into_iter()
            .map(|(id, unit, name)| {
                let id = rows::typed("reception_point.id", &id)?;
                Ok(ReceptionPoint {
                    id,
                    unit: rows::typed("reception_point.unit", &unit)?,
                    name,
                })
            })
            .collect()
    }

    /// The counters of all points of a centre, by point and id.
    pub async fn counters_of(&self, unit: &UnitId) -> Result<Vec<Counter>, StoreError> {
        let found: Vec<(String, String, String)> = on!(&self.reads, pool => sqlx::query_as(COUNTERS)
                .bind(unit.as_str())
                .fetch_all(pool)
                .await)?;
        found
            .into_iter()
            .map(|(id, point, name)| {
                let id = rows::typed("counter.id", &id)?;
                Ok(Counter {
                    id,
                    point: rows::typed("counter.point", &point)?,
                    name,
                })
            })
            .collect()
    }
}

const SAVE_POINT: &str = "
    INSERT INTO reception_point (id, unit, name) VALUES ($1, $2, $3)
    ON CONFLICT (id) DO UPDATE SET unit = excluded.unit, name = excluded.name";
const SAVE_COUNTER: &str = "
    INSERT INTO counter (id, point, name) VALUES ($1, $2, $3)
    ON CONFLICT (id) DO UPDATE SET point = excluded.point, name = excluded.name";
const POINTS: &str = "SELECT id, unit, name FROM reception_point WHERE unit = $1 ORDER BY id";
const COUNTERS: &str = "
    SELECT c.id, c.point, c.name FROM counter c JOIN reception_point p ON p.id = c.point
    WHERE p.unit = $1 ORDER BY c.point, c.id";
