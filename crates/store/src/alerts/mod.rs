//! Alerts: thresholds of time that open work has reached. Work is looked at when a threshold may be
//! reached and after each move, so that nobody goes through all of it; what a look finds and when the
//! next one comes is one write.

mod lists;

use domain::dossier::{Escalation, Warning, Watch};
use domain::ids::{DossierId, UnitId};
use jiff::civil::DateTime;

use crate::backend::{Tx, on};
use crate::rows::{self, Cell, write_row};
use crate::time::to_millis;
use crate::{Store, StoreError};

pub use lists::{AlertCounts, AlertFilter, AlertKey, AlertRow, AlertScope};

/// Work whose time to be looked at has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueLook {
    /// Which dossier.
    pub dossier: DossierId,
    /// What tells this look from one after the next move.
    pub mark: i64,
}

/// A threshold that was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAlert {
    /// Whose time.
    pub watch: Watch,
    /// Since when it is counted.
    pub began: DateTime,
    /// Every post that it concerns, from the holder up.
    pub levels: Vec<Escalation>,
    /// How urgent it is.
    pub warning: Warning,
}

/// What a look found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The look that was due.
    pub due: DueLook,
    /// When the next one comes; none until the dossier moves.
    pub next: Option<DateTime>,
    /// Clocks that run, and since when: alerts of others are over.
    pub running: Vec<(Watch, DateTime)>,
    /// The step it is at.
    pub step: Option<usize>,
    /// Where the work is.
    pub unit: UnitId,
    /// The centre that received.
    pub receiving: UnitId,
    /// Thresholds reached.
    pub alerts: Vec<NewAlert>,
}

impl Store {
    /// Work whose time to be looked at has come, longest ago first.
    pub async fn due_looks(&self, now: DateTime, most: u32) -> Result<Vec<DueLook>, StoreError> {
        let found: Vec<(String, i64)> = on!(&self.reads, pool => sqlx::query_as(DUE)
            .bind(to_millis(now))
            .bind(i64::from(most))
            .fetch_all(pool)
            .await)?;
        let due = |(dossier, mark): (String, i64)| {
            Ok(DueLook {
                dossier: rows::typed("work_item.dossier", &dossier)?,
                mark,
            })
        };
        found.into_iter().map(due).collect()
    }

    /// Writes what looks found, all of them or none; a look at a dossier that moved meanwhile is
    /// left out, since another one is due. Says how many alerts were not there before.
    pub async fn record_looks(&self, looks: Vec<Look>, now: DateTime) -> Result<u64, StoreError> {
        if looks.is_empty() {
            return Ok(0);
        }
        let now = to_millis(now);
        self.write(move |tx| {
            Box::pin(async move {
                let mut new = 0_u64;
                for look in looks {
                    new = new.saturating_add(record(tx, look, now).await?);
                }
                Ok(new)
            })
        })
        .await
    }

    /// Has all open work looked at anew when the next looks were counted by another basis: calendar,
    /// hours, parameters. Says whether they were.
    pub async fn look_anew(&self, basis: &str) -> Result<bool, StoreError> {
        let known: Option<(String,)> =
            on!(&self.reads, pool => sqlx::query_as(BASIS).fetch_optional(pool).await)?;
        if known.is_some_and(|(known,)| known == basis) {
            return Ok(false);
        }
        let basis = basis.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                on!(&mut *tx, c => sqlx::query(ANEW).execute(&mut **c).await.map(drop))?;
                on!(tx, c => sqlx::query(SAVE_BASIS)
                    .bind(basis)
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                Ok(true)
            })
        })
        .await
    }

    /// Closes the alerts of dossiers that nobody has to work on now.
    pub async fn clear_ended_alerts(&self, now: DateTime) -> Result<u64, StoreError> {
        let ended: Option<(String,)> =
            on!(&self.reads, pool => sqlx::query_as(ENDED).fetch_optional(pool).await)?;
        if ended.is_none() {
            return Ok(0);
        }
        let now = to_millis(now);
        self.write(move |tx| {
            Box::pin(async move { write_row(tx, CLEAR_ENDED, vec![Cell::Number(now)]).await })
        })
        .await
    }
}

async fn record(tx: &mut Tx, look: Look, now: i64) -> Result<u64, StoreError> {
    let dossier = look.due.dossier.to_string();
    let text = |text: &str| Cell::Text(text.to_owned());
    let next = look.next.map_or(i64::MAX, to_millis);
    let cells = vec![
        text(&dossier),
        Cell::Number(look.due.mark),
        Cell::Number(next),
    ];
    if write_row(tx, NEXT, cells).await? == 0 {
        return Ok(0);
    }
    let began = |watch| {
        let mut running = look.running.iter();
        let found = running.find(|(runs, _)| *runs == watch);
        Cell::Number(found.map_or(i64::MIN, |(_, began)| to_millis(*began)))
    };
    let over = vec![
        text(&dossier),
        Cell::Number(now),
        began(Watch::Step),
        began(Watch::Dossier),
        began(Watch::Legal),
        began(Watch::Answer),
        began(Watch::Issue),
    ];
    write_row(tx, CLEAR_OVER, over).await?;
    let mut new = 0_u64;
    for alert in &look.alerts {
        for level in &alert.levels {
            let key = || {
                vec![
                    text(&dossier),
                    text(alert.watch.as_str()),
                    Cell::Number(to_millis(alert.began)),
                    text(level.as_str()),
                    text(alert.warning.as_str()),
                ]
            };
            let mut cells = key();
            cells.extend([
                Cell::MaybeNumber(look.step.and_then(|step| i64::try_from(step).ok())),
                text(look.unit.as_str()),
                text(look.receiving.as_str()),
                Cell::Number(now),
            ]);
            let added = write_row(tx, ADD, cells).await?;
            if added == 0 {
                write_row(tx, OPEN_AGAIN, key()).await?;
            }
            new = new.saturating_add(added);
            let mut lower = key();
            lower.push(Cell::Number(now));
            write_row(tx, CLEAR_LOWER, lower).await?;
        }
    }
    Ok(new)
}

const DUE: &str = "SELECT dossier, look_at FROM work_item WHERE look_at <= $1 \
     ORDER BY look_at, dossier LIMIT $2";
const NEXT: &str = "UPDATE work_item SET look_at = $3 WHERE dossier = $1 AND look_at = $2";
const BASIS: &str = "SELECT basis FROM look_basis WHERE one = 1";
const SAVE_BASIS: &str = "INSERT INTO look_basis (one, basis) VALUES (1, $1) \
     ON CONFLICT (one) DO UPDATE SET basis = excluded.basis";
// 9223372036854775807 waits for the next move and is not counted by anything.
const ANEW: &str = "UPDATE work_item SET look_at = 0 \
     WHERE look_at > 0 AND look_at < 9223372036854775807";
const ADD: &str = "INSERT INTO alert \
     (dossier, watch, began_at, level, warning, step, unit, receiving, at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
     ON CONFLICT (dossier, watch, began_at, level, warning) DO NOTHING";
/// After a wait for the applicant the same threshold concerns the same posts; it is not reached again.
const OPEN_AGAIN: &str = "UPDATE alert SET cleared_at = NULL WHERE dossier = $1 AND watch = $2 \
     AND began_at = $3 AND level = $4 AND warning = $5 AND cleared_at IS NOT NULL";
const CLEAR_LOWER: &str = "UPDATE alert SET cleared_at = $6 WHERE dossier = $1 AND watch = $2 \
     AND began_at = $3 AND level = $4 AND warning <> $5 AND cleared_at IS NULL";
const CLEAR_OVER: &str = "UPDATE alert SET cleared_at = $2 WHERE dossier = $1 \
     AND cleared_at IS NULL AND NOT (watch = 'step' AND began_at = $3) \
     AND NOT (watch = 'dossier' AND began_at = $4) AND NOT (watch = 'legal' AND began_at = $5) \
     AND NOT (watch = 'answer' AND began_at = $6) AND NOT (watch = 'issue' AND began_at = $7)";
macro_rules! ended {
    ($head:literal) => {
        concat!(
            $head,
            " WHERE cleared_at IS NULL AND NOT EXISTS \
             (SELECT 1 FROM work_item w WHERE w.dossier = alert.dossier \
             AND (w.clock = 0 OR (w.clock = 1 AND alert.watch = 'answer')))"
        )
    };
}
const ENDED: &str = concat!(ended!("SELECT dossier FROM alert"), " LIMIT 1");
const CLEAR_ENDED: &str = ended!("UPDATE alert SET cleared_at = $1");
