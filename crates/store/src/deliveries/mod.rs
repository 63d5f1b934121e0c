//! Deliveries of notices: one row for each notice and channel, from waiting to sent, refused or given
//! up. The address is read from the party's record when it is sent, and stands nowhere here.

mod sending;

use domain::ids::{DossierId, PartyId, UnitId};
use domain::notice::{Channel, Kind};
use jiff::civil::DateTime;

use crate::backend::{on, row};
use crate::notices::{channel, kind};
use crate::rows;
use crate::time::from_millis;
use crate::{Store, StoreError};

/// How far a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeliveryState {
    /// Not tried yet.
    Waiting,
    /// Being sent; after a crash it is sent again under the same code.
    Sending,
    /// Taken over by the server or provider.
    Sent,
    /// Refused for good.
    Refused,
    /// Not taken over; it is tried again.
    Failed,
    /// Tried too often, or impossible; a person may have it tried again.
    GivenUp,
}

impl DeliveryState {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Waiting,
        Self::Sending,
        Self::Sent,
        Self::Refused,
        Self::Failed,
        Self::GivenUp,
    ];

    /// The name on disk, in addresses and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::GivenUp => "given_up",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether a person may have it tried again: nothing was taken over, and nobody is at it.
    pub fn may_be_sent_again(self) -> bool {
        matches!(self, Self::Refused | Self::Failed | Self::GivenUp)
    }
}

/// A delivery to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// The outbox message that asked for it; the same message makes one delivery on a channel.
    pub message: i64,
    /// By what it travels.
    pub channel: Channel,
    /// What servers and providers know it by; kept when it is sent again.
    pub code: String,
    /// Of which dossier.
    pub dossier: DossierId,
    /// Its number at the time; empty before reception.
    pub dossier_code: String,
    /// Whose dossier it is: the centre that received.
    pub unit: UnitId,
    /// To whom.
    pub party: PartyId,
    /// What it tells.
    pub kind: Kind,
    /// Subject, or number of the approved text.
    pub subject: String,
    /// Text.
    pub body: String,
    /// When it is first tried; none when it cannot be sent, for `reason`.
    pub first_try: Option<DateTime>,
    /// Why it cannot be sent.
    pub reason: String,
    /// When it was ordered.
    pub created_at: DateTime,
}

/// A delivery on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its number.
    pub id: i64,
    /// By what it travels.
    pub channel: Channel,
    /// What servers and providers know it by.
    pub code: String,
    /// Of which dossier.
    pub dossier: DossierId,
    /// Its number at the time; empty before reception.
    pub dossier_code: String,
    /// Whose dossier it is.
    pub unit: UnitId,
    /// To whom.
    pub party: PartyId,
    /// What it tells.
    pub kind: Kind,
    /// Subject, or number of the approved text.
    pub subject: String,
    /// Text.
    pub body: String,
    /// How far it is.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next.
    pub next_try: Option<DateTime>,
    /// What went wrong last.
    pub reason: String,
    /// What the provider calls it.
    pub provider: String,
    /// When it was ordered.
    pub created_at: DateTime,
    /// When it was sent, refused or given up.
    pub ended_at: Option<DateTime>,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// How far the delivery is now.
    pub state: DeliveryState,
    /// When it is tried next.
    pub next_try: Option<DateTime>,
    /// What went wrong.
    pub reason: String,
    /// What the provider calls it.
    pub provider: String,
}

/// Which deliveries of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// Of one centre; of all when none.
    pub unit: Option<UnitId>,
    /// In one state.
    pub state: Option<DeliveryState>,
    /// On one channel.
    pub channel: Option<Channel>,
    /// Older than this one.
    pub before: Option<i64>,
}

impl Store {
    /// One delivery.
    pub async fn delivery(&self, id: i64) -> Result<Option<Delivery>, StoreError> {
        let found: Option<Row> = on!(&self.reads, pool => sqlx::query_as(ONE)
            .bind(id)
            .fetch_optional(pool)
            .await)?;
        found.map(delivery).transpose()
    }

    /// The deliveries of a dossier, oldest first.
    pub async fn deliveries_of(&self, dossier: &DossierId) -> Result<Vec<Delivery>, StoreError> {
        let found: Vec<Row> = on!(&self.reads, pool => sqlx::query_as(OF_DOSSIER)
            .bind(dossier.as_str())
            .fetch_all(pool)
            .await)?;
        found.into_iter().map(delivery).collect()
    }

    /// The log, newest first.
    pub async fn deliveries(
        &self,
        filter: &DeliveryFilter,
        max: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        let before = filter.before.unwrap_or(i64::MAX);
        let state = filter.state.map_or("", DeliveryState::as_str);
        let by = filter.channel.map_or("", Channel::as_str);
        let found: Vec<Row> = match &filter.unit {
            Some(unit) => on!(&self.reads, pool => sqlx::query_as(OF_UNIT)
                .bind(before)
                .bind(state)
                .bind(by)
                .bind(i64::from(max))
                .bind(unit.as_str())
                .fetch_all(pool)
                .await)?,
            None => on!(&self.reads, pool => sqlx::query_as(ALL)
                .bind(before)
                .bind(state)
                .bind(by)
                .bind(i64::from(max))
                .fetch_all(pool)
                .await)?,
        };
        found.into_iter().map(delivery).collect()
    }
}

const ONE: &str = "SELECT * FROM delivery WHERE id = $1";
const OF_DOSSIER: &str = "SELECT * FROM delivery WHERE dossier = $1 ORDER BY id";
const ALL: &str = "SELECT * FROM delivery WHERE id < $1 AND ($2 = '' OR state = $2) \
    AND ($3 = '' OR channel = $3) ORDER BY id DESC LIMIT $4";
const OF_UNIT: &str = "SELECT * FROM delivery WHERE id < $1 AND ($2 = '' OR state = $2) \
    AND ($3 = '' OR channel = $3) AND unit = $5 ORDER BY id DESC LIMIT $4";

row! {
    #[derive(Debug, Clone)]
    struct Row {
        id: i64,
        channel: String,
        code: String,
        dossier: String,
        dossier_code: String,
        unit: String,
        party: String,
        kind: String,
        subject: String,
        body: String,
        state: String,
        attempts: i64,
        next_try: Option<i64>,
        reason: String,
        provider: String,
        created_at: i64,
        ended_at: Option<i64>,
    }
}

fn delivery(row: Row) -> Result<Delivery, StoreError> {
    let bad = |why: &str| StoreError::inconsistent("delivery", &row.id.to_string(), why);
    Ok(Delivery {
        channel: channel(&row.channel)?,
        dossier: rows::typed("delivery.dossier", &row.dossier)?,
        unit: rows::typed("delivery.unit", &row.unit)?,
        party: rows::typed("delivery.party", &row.party)?,
        kind: kind(&row.kind)?,
        state: DeliveryState::parse(&row.state).ok_or_else(|| bad("unknown state"))?,
        attempts: rows::number("delivery.attempts", &row.dossier, row.attempts)?,
        next_try: row.next_try.map(from_millis),
        created_at: from_millis(row.created_at),
        ended_at: row.ended_at.map(from_millis),
        id: row.id,
        code: row.code,
        dossier_code: row.dossier_code,
        subject: row.subject,
        body: row.body,
        reason: row.reason,
        provider: row.provider,
    })
}
