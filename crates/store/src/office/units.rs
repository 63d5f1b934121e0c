//! Agencies as a tree, each valid for a time.

use domain::ids::UnitId;
use domain::office::Unit;
use domain::text::fold;
use jiff::civil::{Date, DateTime};

use crate::audit::{self, AuditLine};
use crate::backend::on;
use crate::rows::{self, Cell};
use crate::{Store, StoreError};

/// The end of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitEnd {
    /// Which.
    pub unit: UnitId,
    /// Its last day.
    pub last: Date,
    /// Who takes its work over.
    pub successor: UnitId,
}

impl Store {
    /// Writes units, new or again, in one transaction. The caller names each id once.
    pub async fn save_units(
        &self,
        units: Vec<Unit>,
        at: DateTime,
        audit: AuditLine,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let cells = units.iter().map(cells).collect();
                rows::insert_rows(tx, INSERT, OR_UPDATE, cells).await?;
                audit::insert(tx, at, &[audit]).await
            })
        })
        .await
    }

    /// A unit, whether valid today or not.
    pub async fn unit(&self, id: &UnitId) -> Result<Option<Unit>, StoreError> {
        let found: Option<Row> = on!(&self.reads, pool => sqlx::query_as(ONE)
            .bind(id.as_str())
            .fetch_optional(pool)
            .await)?;
        found.map(unit).transpose()
    }

    /// Units valid on `day`, by name.
    pub async fn units(&self, day: Date) -> Result<Vec<Unit>, StoreError> {
        let found: Vec<Row> = on!(&self.reads, pool => sqlx::query_as(VALID)
            .bind(day.to_string())
            .fetch_all(pool)
            .await)?;
        found.into_iter().map(unit).collect()
    }

    /// Every unit, whether valid or not, in the order of identifiers.
    pub async fn all_units(&self) -> Result<Vec<Unit>, StoreError> {
        let found: Vec<Row> = on!(&self.reads, pool => sqlx::query_as(ALL)
            .fetch_all(pool)
            .await)?;
        found.into_iter().map(unit).collect()
    }

    /// Ends a unit, names its successor, and ends the posts there that would last longer; says how
    /// many these were.
    pub async fn end_unit(
        &self,
        end: UnitEnd,
        at: DateTime,
        audit: AuditLine,
    ) -> Result<u64, StoreError> {
        let (unit, last) = (end.unit.to_string(), end.last.to_string());
        let heir = end.successor.to_string();
        self.write(move |tx| {
            Box::pin(async move {
                on!(&mut *tx, c => sqlx::query(END)
                    .bind(unit.as_str())
                    .bind(last.as_str())
                    .bind(heir)
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                let posts = on!(&mut *tx, c => sqlx::query(END_POSTS)
                    .bind(unit)
                    .bind(last)
                    .execute(&mut **c)
                    .await
                    .map(|done| done.rows_affected()))?;
                audit::insert(tx, at, &[audit]).await?;
                Ok(posts)
            })
        })
        .await
    }

    /// Units directly below `parent` that are valid on `day`, by name.
    pub async fn child_units(&self, parent: &UnitId, day: Date) -> Result<Vec<Unit>, StoreError> {
        let found: Vec<Row> = on!(&self.reads, pool => sqlx::query_as(CHILDREN)
            .bind(day.to_string())
            .bind(parent.as_str())
            .fetch_all(pool)
            .await)?;
        found.into_iter().map(unit).collect()
    }

    /// The unit and everything below it that is valid on `day`, by name: a whole province when it
    /// is one.
    pub async fn units_under(&self, top: &UnitId, day: Date) -> Result<Vec<Unit>, StoreError> {
        let found: Vec<Row> = on!(&self.reads, pool => sqlx::query_as(UNDER)
            .bind(day.to_string())
            .bind(top.as_str())
            .fetch_all(pool)
            .await)?;
        found.into_iter().map(unit).collect()
    }
}

type Row = (
    String,
    Option<String>,
    String,
    String,
    String,
    String,
    Option<String>,
    Option<String>,
);

const INSERT: &str = "
    INSERT INTO unit (id, parent, kind, name, name_folded, area_code, valid_from, valid_to,
        successor) ";
const OR_UPDATE: &str = "
    ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, kind = excluded.kind,
        name = excluded.name, name_folded = excluded.name_folded, area_code = excluded.area_code,
        valid_from = excluded.valid_from, valid_to = excluded.valid_to,
        successor = excluded.successor";
const ONE: &str =
    "SELECT id, parent, kind, name, area_code, valid_from, valid_to, successor FROM unit
    WHERE id = $1";
const VALID: &str = "
    SELECT id, parent, kind, name, area_code, valid_from, valid_to, successor FROM unit
    WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to >= $1) ORDER BY name_folded, id";
const ALL: &str = "
    SELECT id, parent, kind, name, area_code, valid_from, valid_to, successor FROM unit
    ORDER BY id";
const END: &str = "UPDATE unit SET valid_to = $2, successor = $3 WHERE id = $1";
const END_POSTS: &str = "
    UPDATE post SET valid_to = $2 WHERE unit = $1 AND (valid_to IS NULL OR valid_to > $2)";
const CHILDREN: &str = "
    SELECT id, parent, kind, name, area_code, valid_from, valid_to, successor FROM unit
    WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to >= $1) AND parent = $2
    ORDER BY name_folded, id";
/// `UNION`, not `UNION ALL`: a loop in the tree ends the search instead of going round for ever.
const UNDER: &str = "
    WITH RECURSIVE below (id) AS (
        SELECT id FROM unit WHERE id = $2
        UNION SELECT u.id FROM unit u JOIN below b ON u.parent = b.id)
    SELECT u.id, u.parent, u.kind, u.name, u.area_code, u.valid_from, u.valid_to, u.successor
    FROM unit u JOIN below b ON b.id = u.id
    WHERE u.valid_from <= $1 AND (u.valid_to IS NULL OR u.valid_to >= $1)
    ORDER BY u.name_folded, u.id";

fn cells(unit: &Unit) -> Vec<Cell> {
    vec![
        Cell::Text(unit.id.to_string()),
        Cell::MaybeText(unit.parent.as_ref().map(UnitId::to_string)),
        Cell::Text(rows::name_of(&unit.kind)),
        Cell::Text(unit.name.clone()),
        Cell::Text(fold(&unit.name)),
        Cell::Text(unit.area_code.clone()),
        Cell::Text(unit.valid_from.to_string()),
        Cell::MaybeText(unit.valid_to.map(|day| day.to_string())),
        Cell::MaybeText(unit.successor.as_ref().map(UnitId::to_string)),
    ]
}

fn unit(row: Row) -> Result<Unit, StoreError> {
    let (id, parent, kind, name, area_code, valid_from, valid_to, successor) = row;
    Ok(Unit {
        id: rows::typed("unit.id", &id)?,
        parent: rows::maybe("unit.parent", parent.as_deref())?,
        kind: rows::typed("unit.kind", &kind)?,
        name,
        area_code,
        valid_from: rows::typed("unit.valid_from", &valid_from)?,
        valid_to: rows::maybe("unit.valid_to", valid_to.as_deref())?,
        successor: rows::maybe("unit.successor", successor.as_deref())?,
    })
}
