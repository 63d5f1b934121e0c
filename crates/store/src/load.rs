//! Reading dossiers back from the log, one by one or all in the order of their positions.

use std::fmt;
use std::str::FromStr;

use domain::dossier::{Dossier, Event};
use domain::ids::DossierId;
use jiff::civil::DateTime;

use crate::backend::{on, row};
use crate::dialect::Two;
use crate::store::{Store, StoreError};
use crate::time::from_millis;

/// A place in the log: everything at or before it has been read. On PostgreSQL rows are ordered by
/// the transaction that wrote them first, because row numbers are not given in commit order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position {
    xact: i64,
    row: i64,
}

impl Position {
    /// Before the first event.
    pub const START: Self = Self { xact: 0, row: 0 };

    pub(crate) fn at(xact: i64, row: i64) -> Self {
        Self { xact, row }
    }

    pub(crate) fn parts(self) -> (i64, i64) {
        (self.xact, self.row)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.xact, self.row)
    }
}

/// The text is no position.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a position of the log")]
pub struct BadPosition;

impl FromStr for Position {
    type Err = BadPosition;
    fn from_str(text: &str) -> Result<Self, BadPosition> {
        let (xact, row) = text.split_once('.').ok_or(BadPosition)?;
        let number = |part: &str| part.parse::<i64>().map_err(|_| BadPosition);
        Ok(Self {
            xact: number(xact)?,
            row: number(row)?,
        })
    }
}

/// An event as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Where in the log.
    pub position: Position,
    /// Whose event.
    pub dossier: DossierId,
    /// Its number in the dossier, from 1.
    pub version: u32,
    /// What happened.
    pub event: Event,
    /// Who did it.
    pub actor: String,
    /// For whom, when somebody absent was stood in for.
    pub behalf: Option<String>,
    /// When it was recorded.
    pub at: DateTime,
    /// Hash of the event and of everything before it in the dossier.
    pub hash: String,
}

/// A dossier folded from its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// Which dossier.
    pub id: DossierId,
    /// Its state.
    pub dossier: Dossier,
    /// The number of its last event; 0 when there is none.
    pub version: u32,
    /// All its events.
    pub events: Vec<Recorded>,
    /// Hash of the last event; empty when there is none.
    pub head: String,
    /// When it was closed.
    pub closed_at: Option<DateTime>,
}

impl Loaded {
    /// A dossier of which nothing has been written.
    pub fn absent(id: DossierId) -> Self {
        let (dossier, events) = (Dossier::Absent, Vec::new());
        Self {
            id,
            dossier,
            version: 0,
            events,
            head: String::new(),
            closed_at: None,
        }
    }

    /// Folds events of one dossier.
    pub(crate) fn fold(id: DossierId, events: Vec<Recorded>) -> Self {
        let mut loaded = Self::absent(id);
        for recorded in events {
            loaded.evolve(recorded);
        }
        loaded
    }

    /// Folds one more event.
    pub(crate) fn evolve(&mut self, recorded: Recorded) {
        self.dossier = std::mem::take(&mut self.dossier).evolve(&recorded.event);
        self.version = self.version.saturating_add(1);
        if self.dossier.kind().is_closed() {
            self.closed_at.get_or_insert(recorded.event.at());
        }
        self.head.clone_from(&recorded.hash);
        self.events.push(recorded);
    }
}

row! {
    /// A row of the log.
    #[derive(Debug, Clone)]
    pub(crate) struct EventRow {
        pub(crate) xact: i64,
        pub(crate) position: i64,
        pub(crate) stream: String,
        pub(crate) version: i64,
        pub(crate) kind: String,
        pub(crate) body: String,
        pub(crate) actor: String,
        pub(crate) behalf: Option<String>,
        pub(crate) at: i64,
        pub(crate) hash: String,
    }
}

impl EventRow {
    /// The row's place in the log.
    pub(crate) fn place(&self) -> Position {
        Position {
            xact: self.xact,
            row: self.position,
        }
    }

    /// The event that the row keeps.
    pub(crate) fn read(self) -> Result<Recorded, StoreError> {
        let name = format!("{}/{}", self.stream, self.version);
        let bad = |why: &dyn fmt::Display| StoreError::inconsistent("event", &name, why);
        let event: Event = serde_json::from_str(&self.body).map_err(|cause| bad(&cause))?;
        if event.kind() != self.kind {
            return Err(bad(&"kind and body differ"));
        }
        Ok(Recorded {
            position: self.place(),
            dossier: DossierId::parse(&self.stream).map_err(|cause| bad(&cause))?,
            version: u32::try_from(self.version).map_err(|cause| bad(&cause))?,
            event,
            actor: self.actor,
            behalf: self.behalf,
            at: from_millis(self.at),
            hash: self.hash,
        })
    }
}

const OF_STREAM: &str = "SELECT xact, position, stream, version, kind, body, actor, behalf, at, hash \
     FROM event WHERE stream = $1 ORDER BY version";

/// A transaction that is still running may yet write rows before those already visible, so readers
/// on PostgreSQL stop below the oldest one.
const AFTER: Two = Two {
    sqlite: "SELECT xact, position, stream, version, kind, body, actor, behalf, at, hash FROM event \
         WHERE xact >= $1 AND position > $2 ORDER BY position LIMIT $3",
    postgres: "SELECT xact, position, stream, version, kind, body, actor, behalf, at, hash FROM event \
         WHERE (xact, position) > ($1, $2) \
         AND xact < (pg_snapshot_xmin(pg_current_snapshot())::text::bigint) \
         ORDER BY xact, position LIMIT $3",
};

impl Store {
    /// Reads a dossier; an unknown one is absent, at version 0.
    pub async fn load(&self, id: &DossierId) -> Result<Loaded, StoreError> {
        let rows: Vec<EventRow> = on!(&self.reads, pool => {
            sqlx::query_as(OF_STREAM).bind(id.as_str()).fetch_all(pool).await
        })?;
        let events: Result<Vec<Recorded>, StoreError> =
            rows.into_iter().map(EventRow::read).collect();
        Ok(Loaded::fold(id.clone(), events?))
    }

    /// The next events in the order of the log. None is ever skipped: what commits later than an
    /// event already read comes after it.
    pub async fn events_after(
        &self,
        position: Position,
        max: u32,
    ) -> Result<Vec<Recorded>, StoreError> {
        let sql = AFTER.on(&self.reads);
        let rows: Vec<EventRow> = on!(&self.reads, pool => {
            sqlx::query_as(sql)
                .bind(position.xact)
                .bind(position.row)
                .bind(i64::from(max))
                .fetch_all(pool)
                .await
        })?;
        rows.into_iter().map(EventRow::read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_read_as_it_is_written() {
        let position = Position { xact: 731, row: 12 };
        assert_eq!(position.to_string().parse(), Ok(position));
        assert_eq!("12".parse::<Position>(), Err(BadPosition));
        assert!(Position::START < position);
    }
}
