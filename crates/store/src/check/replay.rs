//! The log, dossier by dossier, with its hash chain verified on the way.

use domain::dossier::Dossier;
use domain::ids::DossierId;

use super::Difference;
use crate::fold::chained;
use crate::load::{EventRow, Loaded};
use crate::store::StoreError;

pub(super) const PAGE: i64 = 2_000;
pub(super) const EVENTS: &str = "SELECT xact, position, stream, version, kind, body, actor, behalf, at, \
     hash FROM event WHERE (stream, version) > ($1, $2) ORDER BY stream, version LIMIT $3";
pub(super) const EVENTS_OF: &str = "SELECT xact, position, stream, version, kind, body, actor, behalf, at, \
     hash FROM event WHERE stream = $1 ORDER BY version";

/// A dossier replayed.
pub(super) struct Replayed {
    /// Its state, as far as its events can be read.
    pub(super) loaded: Loaded,
    /// What is wrong with its events.
    pub(super) faults: Vec<Difference>,
}

/// Cuts a stream of rows, ordered by dossier and version, into dossiers.
#[derive(Default)]
pub(super) struct Cutter {
    rows: Vec<EventRow>,
}

impl Cutter {
    /// Takes rows in and gives the dossiers that are complete.
    pub(super) fn feed(&mut self, rows: Vec<EventRow>) -> Result<Vec<Replayed>, StoreError> {
        let mut complete = Vec::new();
        for row in rows {
            if self
                .rows
                .last()
                .is_some_and(|last| last.stream != row.stream)
            {
                complete.extend(replay(std::mem::take(&mut self.rows))?);
            }
            self.rows.push(row);
        }
        Ok(complete)
    }

    /// The last dossier, when no more rows come.
    pub(super) fn end(self) -> Result<Option<Replayed>, StoreError> {
        replay(self.rows)
    }
}

/// Folds the rows of one dossier and verifies their chain; none when there are no rows.
pub(super) fn replay(rows: Vec<EventRow>) -> Result<Option<Replayed>, StoreError> {
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let id = DossierId::parse(&first.stream)
        .map_err(|why| StoreError::inconsistent("event", &first.stream, why))?;
    let mut replayed = Replayed {
        loaded: Loaded::absent(id),
        faults: Vec::new(),
    };
    for row in rows {
        replayed.take(row);
    }
    Ok(Some(replayed))
}

impl Replayed {
    fn take(&mut self, row: EventRow) {
        let name = format!("{}/{}", row.stream, row.version);
        let expected = i64::from(self.loaded.version).saturating_add(1);
        if row.version != expected {
            self.fault(&name, "version", (expected, row.version));
        }
        let mut fields = vec![row.stream.as_str(), &row.kind, &row.body, &row.actor];
        fields.extend(row.behalf.as_deref());
        let hash = chained(&self.loaded.head, row.version, &fields, row.at);
        if hash != row.hash {
            self.fault(&name, "hash", (hash, &row.hash));
        }
        match row.read() {
            Ok(recorded) => self.loaded.evolve(recorded),
            Err(cause) => self.fault(&name, "body", ("an event", cause)),
        }
        if self.loaded.dossier == Dossier::Absent {
            self.fault(
                &name,
                "kind",
                ("an event that may follow", "one that may not"),
            );
        }
    }

    fn fault(&mut self, row: &str, column: &'static str, pair: (impl ToString, impl ToString)) {
        self.faults
            .push(Difference::new("event", row, column, pair));
    }
}
