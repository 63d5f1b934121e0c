//! Who is away and who stands in: given for days to come, ended at any moment, never removed.

use domain::delegation::{Delegation, NotDelegated};
use domain::ids::{DelegationId, StaffId, UnitId};
use jiff::civil::{Date, DateTime};

use crate::accounts::StandsIn;
use crate::audit::{self, AuditLine};
use crate::backend::{Engine, Tx, on, row};
use crate::rows;
use crate::time::{from_millis, to_millis};
use crate::{Store, StoreError};

/// A delegation to give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelegation {
    /// Which.
    pub id: DelegationId,
    /// Who, for whom, where, when.
    pub delegation: Delegation,
    /// Who gives it.
    pub by: StaffId,
    /// When.
    pub at: DateTime,
}

/// A delegation as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenDelegation {
    /// Which.
    pub id: DelegationId,
    /// Who, for whom, where, when.
    pub delegation: Delegation,
    /// Name of the absent person.
    pub from_name: String,
    /// Name of the delegate; empty where nobody stands in.
    pub to_name: String,
    /// Name of who gave it.
    pub by_name: String,
    /// When it was ended before its last day was over.
    pub ended_at: Option<DateTime>,
}

/// Why a delegation was not given; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum NotGiven {
    /// It is not lawful beside those that are there.
    #[error("refused by rule {}", .0.rule())]
    Refused(NotDelegated),
    /// The database failed.
    #[error(transparent)]
    Broken(#[from] StoreError),
}

/// Judges a delegation beside those of both persons that were not ended.
pub type JudgeDelegation = Box<dyn FnOnce(&[Delegation]) -> Result<(), NotDelegated> + Send>;

impl Store {
    /// Gives a delegation, unless `judge` refuses it. Two given at once are judged one after the
    /// other.
    ///
    /// # Errors
    /// [`NotGiven`].
    pub async fn give_delegation(
        &self,
        new: NewDelegation,
        judge: JudgeDelegation,
        audit: Vec<AuditLine>,
    ) -> Result<(), NotGiven> {
        self.write(move |tx| {
            Box::pin(async move {
                let others = of_both(tx, &new.delegation).await?;
                judge(&others).map_err(NotGiven::Refused)?;
                insert(tx, &new).await?;
                Ok(audit::insert(tx, new.at, &audit).await?)
            })
        })
        .await
    }

    /// Ends a delegation now; says whether it was not ended before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_delegation(
        &self,
        id: &DelegationId,
        at: DateTime,
        audit: Vec<AuditLine>,
    ) -> Result<bool, StoreError> {
        let id = id.to_string();
        self.write(move |tx| {
            Box::pin(async move {
                let ended = on!(&mut *tx, c => sqlx::query(END)
                    .bind(id)
                    .bind(to_millis(at))
                    .execute(&mut **c)
                    .await
                    .map(|done| done.rows_affected()))?;
                if ended > 0 {
                    audit::insert(tx, at, &audit).await?;
                }
                Ok(ended > 0)
            })
        })
        .await
    }

    /// A delegation, ended or not.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delegation(
        &self,
        id: &DelegationId,
    ) -> Result<Option<GivenDelegation>, StoreError> {
        let found: Option<Row> = on!(&self.reads, pool => sqlx::query_as(ONE)
            .bind(id.as_str())
            .fetch_optional(pool)
            .await)?;
        found.map(given).transpose()
    }

    /// Delegations from or to a person whose last day is not before `since`, the latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delegations_of(
        &self,
        staff: &StaffId,
        since: Date,
    ) -> Result<Vec<GivenDelegation>, StoreError> {
        self.delegations(OF_STAFF, staff.as_str(), since).await
    }

    /// Delegations that run on `day`, of posts that the absent person holds, by delegate.
    pub(crate) async fn standing_in(&self, day: Date) -> Result<Vec<StandsIn>, StoreError> {
        let found: Vec<Row> = on!(&self.reads, pool => sqlx::query_as(STANDING)
            .bind(day.to_string())
            .fetch_all(pool)
            .await)?;
        let standing = found.into_iter().map(|row| {
            let given = given(row)?;
            Ok(StandsIn {
                delegation: given.delegation,
                from_name: given.from_name,
            })
        });
        standing.collect()
    }

    /// Delegations of posts at a unit whose last day is not before `since`, the latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delegations_at(
        &self,
        unit: &UnitId,
        since: Date,
    ) -> Result<Vec<GivenDelegation>, StoreError> {
        self.delegations(AT_UNIT, unit.as_str(), since).await
    }

    async fn delegations(
        &self,
        sql: &'static str,
        key: &str,
        since: Date,
    ) -> Result<Vec<GivenDelegation>, StoreError> {
        let found: Vec<Row> = on!(&self.reads, pool => sqlx::query_as(sql)
            .bind(key)
            .bind(since.to_string())
            .fetch_all(pool)
            .await)?;
        found.into_iter().map(given).collect()
    }
}

row! {
    struct Row {
        id: String,
        absent: String,
        absent_name: String,
        delegate: Option<String>,
        delegate_name: Option<String>,
        unit: String,
        role: String,
        first_day: String,
        last_day: String,
        signing: i64,
        by_name: String,
        ended_at: Option<i64>,
    }
}

row! {
    struct Bare {
        absent: String,
        delegate: Option<String>,
        unit: String,
        role: String,
        first_day: String,
        last_day: String,
        signing: i64,
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.absent, a.name AS absent_name, d.delegate, s.name AS delegate_name, \
             d.unit, d.role, d.first_day, d.last_day, d.signing, g.name AS by_name, d.ended_at \
             FROM delegation d JOIN staff a ON a.id = d.absent \
             LEFT JOIN staff s ON s.id = d.delegate \
             JOIN staff g ON g.id = d.given_by WHERE ",
            $rest
        )
    };
}

const ONE: &str = select!("d.id = $1");
const OF_STAFF: &str = select!(
    "(d.absent = $1 OR d.delegate = $1) AND d.last_day >= $2 ORDER BY d.first_day DESC, d.id DESC"
);
const AT_UNIT: &str =
    select!("d.unit = $1 AND d.last_day >= $2 ORDER BY d.first_day DESC, d.id DESC");
const STANDING: &str = select!(
    "d.delegate IS NOT NULL AND d.ended_at IS NULL AND d.first_day <= $1 AND d.last_day >= $1 \
     AND EXISTS (SELECT 1 FROM post p \
         WHERE p.staff = d.absent AND p.unit = d.unit AND p.role = d.role \
             AND p.valid_from <= $1 AND (p.valid_to IS NULL OR p.valid_to >= $1)) \
     ORDER BY d.delegate, d.unit, d.role"
);
const OF_BOTH: &str = "
    SELECT absent, delegate, unit, role, first_day, last_day, signing FROM delegation
    WHERE ended_at IS NULL AND last_day >= $3
        AND (absent IN ($1, $2) OR delegate IN ($1, $2))
    ORDER BY first_day, id";
const INSERT: &str = "
    INSERT INTO delegation (id, absent, delegate, unit, role, first_day, last_day, signing,
        given_by, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const END: &str = "UPDATE delegation SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";

/// What both persons have from the first day on. On PostgreSQL the table is locked against other
/// writers: delegations are few, and two that are judged at once could form a chain.
async fn of_both(tx: &mut Tx, new: &Delegation) -> Result<Vec<Delegation>, StoreError> {
    if let Engine::Postgres(c) = &mut *tx {
        sqlx::query("LOCK TABLE delegation IN SHARE ROW EXCLUSIVE MODE")
            .execute(&mut **c)
            .await?;
    }
    let found: Vec<Bare> = on!(tx, c => sqlx::query_as(OF_BOTH)
        .bind(new.from.as_str())
        .bind(new.to.as_ref().map(StaffId::as_str))
        .bind(new.first.to_string())
        .fetch_all(&mut **c)
        .await)?;
    found.iter().map(delegation).collect()
}

async fn insert(tx: &mut Tx, new: &NewDelegation) -> Result<(), StoreError> {
    let given = &new.delegation;
    on!(tx, c => sqlx::query(INSERT)
        .bind(new.id.as_str())
        .bind(given.from.as_str())
        .bind(given.to.as_ref().map(StaffId::as_str))
        .bind(given.unit.as_str())
        .bind(given.role.as_str())
        .bind(given.first.to_string())
        .bind(given.last.to_string())
        .bind(i64::from(given.signing))
        .bind(new.by.as_str())
        .bind(to_millis(new.at))
        .execute(&mut **c)
        .await
        .map(drop))?;
    Ok(())
}

fn delegation(row: &Bare) -> Result<Delegation, StoreError> {
    Ok(Delegation {
        from: rows::typed("delegation.absent", &row.absent)?,
        to: rows::maybe("delegation.delegate", row.delegate.as_deref())?,
        unit: rows::typed("delegation.unit", &row.unit)?,
        role: rows::typed("delegation.role", &row.role)?,
        first: rows::typed("delegation.first_day", &row.first_day)?,
        last: rows::typed("delegation.last_day", &row.last_day)?,
        signing: row.signing != 0,
    })
}

fn given(row: Row) -> Result<GivenDelegation, StoreError> {
    Ok(GivenDelegation {
        id: rows::typed("delegation.id", &row.id)?,
        from_name: row.absent_name,
        to_name: row.delegate_name.unwrap_or_default(),
        by_name: row.by_name,
        ended_at: row.ended_at.map(from_millis),
        delegation: delegation(&Bare {
            absent: row.absent,
            delegate: row.delegate,
            unit: row.unit,
            role: row.role,
            first_day: row.first_day,
            last_day: row.last_day,
            signing: row.signing,
        })?,
    })
}
