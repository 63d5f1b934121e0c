//! The log of deliveries: who was told what, by what, and what came of it; never at which address.

use std::cmp::Reverse;

use domain::ids::DossierId;
use domain::notice::{Channel, Kind};
use jiff::civil::DateTime;
use store::{Delivery, DeliveryFilter, DeliveryState};

use crate::access::Actor;
use crate::no::{Denied, No};
use crate::state::App;

use super::hours::quiet_hours;
use super::rights::{Readable, may_read};
use super::wording::line;

/// Lines of a page of the log.
const PAGE: u32 = 50;

/// What of the log is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogQuery {
    /// In one state.
    pub state: Option<DeliveryState>,
    /// On one channel.
    pub channel: Option<Channel>,
    /// Older than this one.
    pub before: Option<i64>,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryLine {
    /// Its number.
    pub id: i64,
    /// The dossier.
    pub dossier: DossierId,
    /// Its number at the time; empty before reception.
    pub code: String,
    /// What was told.
    pub kind: Kind,
    /// By what.
    pub channel: Channel,
    /// How far it is.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// What went wrong last: a name of ours, or a server's answer.
    pub reason: String,
    /// When it is tried next.
    pub next_try: Option<DateTime>,
    /// When it was ordered.
    pub created_at: DateTime,
    /// When it was sent, refused or given up.
    pub ended_at: Option<DateTime>,
}

/// A page of the log, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeLog {
    /// Its lines.
    pub lines: Vec<DeliveryLine>,
    /// Where the next page begins.
    pub next: Option<i64>,
}

/// What came of an order to send again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sendable {
    /// It is tried again.
    Again,
    /// It was sent meanwhile, or is being sent.
    NotNow,
}

fn shown(delivery: Delivery) -> DeliveryLine {
    DeliveryLine {
        id: delivery.id,
        dossier: delivery.dossier,
        code: delivery.dossier_code,
        kind: delivery.kind,
        channel: delivery.channel,
        state: delivery.state,
        attempts: delivery.attempts,
        reason: delivery.reason,
        next_try: delivery.next_try,
        created_at: delivery.created_at,
        ended_at: delivery.ended_at,
    }
}

/// A page of the log, of the units whose log the actor may read.
///
/// # Errors
/// [`No::Denied`], [`No::Broken`].
pub async fn delivery_log(app: &App, actor: &Actor, query: &LogQuery) -> Result<NoticeLog, No> {
    let units = match may_read(app, actor)? {
        Readable::All => vec![None],
        Readable::Units(units) => units.into_iter().map(Some).collect(),
    };
    let mut found = Vec::new();
    for unit in units {
        let filter = DeliveryFilter {
            unit,
            state: query.state,
            channel: query.channel,
            before: query.before,
        };
        let page = app.store().deliveries(&filter, PAGE.saturating_add(1));
        found.extend(page.await?);
    }
    found.sort_by_key(|delivery| Reverse(delivery.id));
    let further = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let next = found.last().filter(|_| further).map(|last| last.id);
    Ok(NoticeLog {
        lines: found.into_iter().map(shown).collect(),
        next,
    })
}

/// Has a delivery tried again; at night in the morning.
///
/// # Errors
/// [`No::Denied`]: unseen when it is another centre's or does not exist.
pub async fn send_again(app: &App, actor: &Actor, id: i64) -> Result<Sendable, No> {
    let readable = may_read(app, actor)?;
    let found = app.store().delivery(id).await?.ok_or(Denied::Unseen)?;
    if !readable.has(&found.unit) {
        return Err(Denied::Unseen.into());
    }
    let now = app.clock().now();
    let at = quiet_hours(app).await?.after(now);
    let audit = line(actor, "notice.sent_again", found.dossier.as_str());
    let again = app.store().send_again(id, at, (now, audit)).await?;
    app.tell_notices();
    Ok(if again {
        Sendable::Again
    } else {
        Sendable::NotNow
    })
}

/// The deliveries of a dossier, oldest first; that the actor may see it is the caller's to see to.
pub(crate) async fn of_dossier(app: &App, dossier: &DossierId) -> Result<Vec<DeliveryLine>, No> {
    let found = app.store().deliveries_of(dossier).await?;
    Ok(found.into_iter().map(shown).collect())
}
