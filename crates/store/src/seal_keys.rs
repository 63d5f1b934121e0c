//! Keys that seal for agencies: what came of the PIN that is configured for each, and which results wait
//! for it. A PIN that was wrong once is tried no more until it is another one or a person has it tried.
//! PINs come as keyed hashes. This module must not know where keys are.

use domain::ids::{DossierId, UnitId};
use jiff::civil::DateTime;

use crate::audit::{self, AuditLine};
use crate::backend::{Tx, on, row};
use crate::rows::{self, Cell, write_row};
use crate::time::{from_millis, to_millis};
use crate::{KeyedHash, Store, StoreError};

/// PINs that may be wrong one after the other before a person is needed: who mends the configuration in
/// haste locks the token else.
const MOST_WRONG: i64 = 3;

/// What came of a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PinState {
    /// It is being tried.
    Trying,
    /// Nobody knows: the token could not be asked.
    Untried,
    /// It unlocks the key.
    Good,
    /// It is wrong.
    Wrong,
    /// The token is locked after too many wrong ones.
    Locked,
    /// The next wrong one would lock the token.
    LastTry,
    /// The token counts a wrong one that was not ours.
    Counted,
    /// The configuration names none, or names it where others could read it.
    Missing,
    /// It is tried once more by order of a person.
    Ordered,
}

impl PinState {
    const ALL: [Self; 9] = [
        Self::Trying,
        Self::Untried,
        Self::Good,
        Self::Wrong,
        Self::Locked,
        Self::LastTry,
        Self::Counted,
        Self::Missing,
        Self::Ordered,
    ];

    /// Its name in the database and in keys of messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trying => "trying",
            Self::Untried => "untried",
            Self::Good => "good",
            Self::Wrong => "wrong",
            Self::Locked => "locked",
            Self::LastTry => "last_try",
            Self::Counted => "counted",
            Self::Missing => "missing",
            Self::Ordered => "ordered",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether sealing has stopped until somebody does something.
    pub fn is_stopped(self) -> bool {
        matches!(
            self,
            Self::Wrong | Self::Locked | Self::LastTry | Self::Counted | Self::Missing
        )
    }
}

/// A key, the agency that seals with it, and the PIN that is configured for it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealPin {
    /// Where the key is, without anything secret.
    pub place: String,
    /// The agency.
    pub unit: UnitId,
    /// Keyed hash of place and PIN.
    pub pin: KeyedHash,
}

/// Whether a PIN is tried now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinTurn {
    /// It was right before.
    Good,
    /// Try it and say what came of it. `sure` where a token that counts a wrong PIN may be asked all
    /// the same: the count is of a PIN of ours that was mended, or a person orders it.
    Try {
        /// Whether.
        sure: bool,
    },
    /// Somebody else tries it at this moment.
    Wait,
    /// Do not.
    Stopped(PinState),
}

/// A key that seals nothing until somebody does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoppedKey {
    /// Where the key is.
    pub place: String,
    /// The agency that tried first.
    pub unit: UnitId,
    /// Why.
    pub state: PinState,
    /// Since when.
    pub since: DateTime,
    /// Results that wait for it, the longest waiting first.
    pub waiting: Vec<WaitingSeal>,
}

/// A result that waits for a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingSeal {
    /// The dossier.
    pub dossier: DossierId,
    /// The agency.
    pub unit: UnitId,
    /// Number of the result.
    pub number: String,
}

row! {
    struct KeyRow {
        place: String,
        unit: String,
        pin: String,
        state: String,
        wrong: i64,
        at: i64,
        until: Option<i64>,
    }
}

row! {
    struct WaitRow {
        place: String,
        dossier: String,
        unit: String,
        number: String,
    }
}

const ONE: &str = "SELECT place, unit, pin, state, wrong, at, until FROM seal_key WHERE place = $1";
const ALL: &str = "SELECT place, unit, pin, state, wrong, at, until FROM seal_key \
     WHERE state IN ('wrong', 'locked', 'last_try', 'counted', 'missing') ORDER BY at, place";
/// Whoever asks for the same key waits until this write has ended, and sees what it wrote.
const HOLD: &str = "
    INSERT INTO seal_key (place, unit, pin, state, at) VALUES ($1, $2, '', 'untried', $3)
    ON CONFLICT (place) DO UPDATE SET place = excluded.place";
const TAKE: &str = "UPDATE seal_key SET pin = $2, state = 'trying', until = $3 WHERE place = $1";
const CAME: &str = "UPDATE seal_key SET state = $3, at = $4, until = NULL, \
     wrong = CASE $3 WHEN 'good' THEN 0 WHEN 'wrong' THEN wrong + 1 ELSE wrong END \
     WHERE place = $1 AND pin = $2";
const ORDER: &str = "UPDATE seal_key SET state = 'ordered', at = $2 \
     WHERE place = $1 AND state IN ('wrong', 'locked', 'last_try', 'counted', 'missing')";
const WAIT: &str = "INSERT INTO seal_wait (dossier, place, unit, since) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (dossier) DO UPDATE SET place = excluded.place";
const WAITS: &str = "SELECT place FROM seal_wait WHERE dossier = $1";
const SEALED: &str = "DELETE FROM seal_wait WHERE dossier = $1";
const WAITING: &str = "SELECT w.place, w.dossier, w.unit, r.number FROM seal_wait w \
     JOIN result_document r ON r.dossier = w.dossier \
     WHERE r.state = 'unsealed' ORDER BY w.place, w.since, w.dossier";

impl KeyRow {
    fn state(&self) -> Result<PinState, StoreError> {
        let bad = || StoreError::inconsistent("seal_key", &self.place, "no such state");
        PinState::parse(&self.state).ok_or_else(bad)
    }

    /// Whether the PIN may be tried, as far as this row knows.
    fn turn(&self, pin: &str, now: i64) -> Result<PinTurn, StoreError> {
        let (state, same) = (self.state()?, self.pin == pin);
        Ok(match state {
            PinState::Trying if self.until.is_some_and(|until| until > now) => PinTurn::Wait,
            PinState::Ordered => PinTurn::Try { sure: true },
            PinState::Good if same => PinTurn::Good,
            PinState::Wrong | PinState::Locked if same => PinTurn::Stopped(state),
            // What is on the token alone is asked of it again: it tries nothing by that.
            PinState::LastTry | PinState::Counted | PinState::Missing if same => {
                PinTurn::Try { sure: false }
            }
            _ if self.wrong >= MOST_WRONG => PinTurn::Stopped(PinState::Wrong),
            _ => PinTurn::Try {
                sure: self.wrong > 0 && !same,
            },
        })
    }
}

async fn row_of(tx: &mut Tx, place: &str) -> Result<KeyRow, StoreError> {
    Ok(on!(tx, c => sqlx::query_as(ONE).bind(place).fetch_one(&mut **c).await)?)
}

impl Store {
    /// Whether the PIN is tried now. Who is told to has the turn until then, and says what came of it.
    pub async fn seal_turn(
        &self,
        key: &SealPin,
        (now, until): (DateTime, DateTime),
    ) -> Result<PinTurn, StoreError> {
        let (now, until, pin) = (to_millis(now), to_millis(until), hex::encode(key.pin.0));
        let known: Option<KeyRow> = on!(&self.reads, pool => {
            sqlx::query_as(ONE).bind(&key.place).fetch_optional(pool).await
        })?;
        match known.map(|row| row.turn(&pin, now)).transpose()? {
            Some(told @ (PinTurn::Good | PinTurn::Wait | PinTurn::Stopped(_))) => return Ok(told),
            Some(PinTurn::Try { .. }) | None => {}
        }
        let key = key.clone();
        self.write(move |tx| {
            Box::pin(async move {
                let place = || Cell::Text(key.place.clone());
                let unit = Cell::Text(key.unit.to_string());
                write_row(tx, HOLD, vec![place(), unit, Cell::Number(now)]).await?;
                let turn = row_of(tx, &key.place).await?.turn(&pin, now)?;
                if matches!(turn, PinTurn::Try { .. }) {
                    let cells = vec![place(), Cell::Text(pin), Cell::Number(until)];
                    write_row(tx, TAKE, cells).await?;
                }
                Ok(turn)
            })
        })
        .await
    }

    /// Records what came of a PIN.
    pub async fn seal_tried(
        &self,
        key: &SealPin,
        state: PinState,
        now: DateTime,
    ) -> Result<(), StoreError> {
        let key = key.clone();
        self.write(move |tx| {
            Box::pin(async move {
                on!(tx, c => sqlx::query(CAME)
                    .bind(&key.place)
                    .bind(hex::encode(key.pin.0))
                    .bind(state.as_str())
                    .bind(to_millis(now))
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                Ok(())
            })
        })
        .await
    }

    /// What came of the PIN that is configured for a key; none where it was never tried, and may be.
    pub async fn seal_state(&self, key: &SealPin) -> Result<Option<PinState>, StoreError> {
        let known: Option<KeyRow> = on!(&self.reads, pool => {
            sqlx::query_as(ONE).bind(&key.place).fetch_optional(pool).await
        })?;
        let pin = hex::encode(key.pin.0);
        let Some(row) = known else {
            return Ok(None);
        };
        if row.pin == pin {
            return row.state().map(Some);
        }
        match row.turn(&pin, i64::MAX)? {
            PinTurn::Stopped(state) => Ok(Some(state)),
            PinTurn::Good | PinTurn::Wait | PinTurn::Try { .. } => Ok(None),
        }
    }

    /// Has the PIN of a key tried once more, by order of a person; false where nothing had stopped.
    pub async fn order_seal_try(
        &self,
        place: &str,
        now: DateTime,
        line: AuditLine,
    ) -> Result<bool, StoreError> {
        let place = place.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let ordered = on!(tx, c => sqlx::query(ORDER)
                    .bind(&place)
                    .bind(to_millis(now))
                    .execute(&mut **c)
                    .await
                    .map(|done| done.rows_affected()))?;
                if ordered > 0 {
                    audit::insert(tx, now, &[line]).await?;
                }
                Ok(ordered > 0)
            })
        })
        .await
    }

    /// Records that a result waits for a key; one that waits for it already is asked for often, and
    /// writes nothing.
    pub async fn wait_for_seal(
        &self,
        dossier: &DossierId,
        (place, unit): (&str, &UnitId),
        now: DateTime,
    ) -> Result<(), StoreError> {
        let waits = self.waits_for(dossier).await?;
        if waits.is_some_and(|known| known == place) {
            return Ok(());
        }
        let (dossier, place, unit) = (dossier.clone(), place.to_owned(), unit.clone());
        self.write(move |tx| {
            Box::pin(async move {
                on!(tx, c => sqlx::query(WAIT)
                    .bind(dossier.as_str())
                    .bind(&place)
                    .bind(unit.as_str())
                    .bind(to_millis(now))
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                Ok(())
            })
        })
        .await
    }

    async fn waits_for(&self, dossier: &DossierId) -> Result<Option<String>, StoreError> {
        let waits: Option<(String,)> = on!(&self.reads, pool => sqlx::query_as(WAITS)
            .bind(dossier.as_str())
            .fetch_optional(pool)
            .await)?;
        Ok(waits.map(|(place,)| place))
    }

    /// Forgets that a result waited for a key.
    pub async fn no_longer_waits(&self, dossier: &DossierId) -> Result<(), StoreError> {
        if self.waits_for(dossier).await?.is_none() {
            return Ok(());
        }
        let dossier = dossier.clone();
        self.write(move |tx| {
            Box::pin(async move {
                on!(tx, c => sqlx::query(SEALED)
                    .bind(dossier.as_str())
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                Ok(())
            })
        })
        .await
    }

    /// Keys that seal nothing until somebody does something, the longest stopped first. They are few.
    pub async fn stopped_keys(&self) -> Result<Vec<StoppedKey>, StoreError> {
        let keys: Vec<KeyRow> =
            on!(&self.reads, pool => sqlx::query_as(ALL).fetch_all(pool).await)?;
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let waits: Vec<WaitRow> =
            on!(&self.reads, pool => sqlx::query_as(WAITING).fetch_all(pool).await)?;
        let mut stopped = Vec::new();
        for key in keys {
            let of_key = waits.iter().filter(|wait| wait.place == key.place);
            let waiting: Result<Vec<WaitingSeal>, StoreError> = of_key.map(WaitRow::read).collect();
            stopped.push(StoppedKey {
                unit: rows::typed("seal_key.unit", &key.unit)?,
                state: key.state()?,
                since: from_millis(key.at),
                waiting: waiting?,
                place: key.place,
            });
        }
        Ok(stopped)
    }
}

impl WaitRow {
    fn read(&self) -> Result<WaitingSeal, StoreError> {
        Ok(WaitingSeal {
            dossier: rows::typed("seal_wait.dossier", &self.dossier)?,
            unit: rows::typed("seal_wait.unit", &self.unit)?,
            number: self.number.clone(),
        })
    }
}
