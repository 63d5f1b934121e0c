//! New events of a dossier: the state after them, and the rows of the log that say them, each
//! chained to the one before.

use domain::dossier::Event;
use jiff::civil::DateTime;
use ring::digest::{Context, SHA256};

use crate::load::{Loaded, Position, Recorded};
use crate::once::OnceKey;
use crate::rows::Cell;
use crate::store::StoreError;
use crate::time::to_millis;

pub(crate) const HEAD: &str = "INSERT INTO event \
     (stream, version, kind, body, actor, behalf, at, hash, once_last, once_key) ";

/// Hash of an event and of everything before it in its dossier; `fields` name for whom it was done
/// when that is somebody else than who did it.
pub(crate) fn chained(previous: &str, version: i64, fields: &[&str], at: i64) -> String {
    let mut context = Context::new(&SHA256);
    for text in [previous].iter().chain(fields) {
        context.update(&text.len().to_be_bytes());
        context.update(text.as_bytes());
    }
    context.update(&version.to_be_bytes());
    context.update(&at.to_be_bytes());
    hex::encode(context.finish())
}

/// Folds new events onto what was seen, and the rows of the log that say them; the key stands on
/// the first of them.
pub(crate) fn fold_events(
    before: Loaded,
    events: Vec<Event>,
    ((actor, behalf), now, once): ((&str, Option<&str>), DateTime, Option<OnceKey>),
) -> Result<(Loaded, Vec<Vec<Cell>>), StoreError> {
    let last =
        i64::from(before.version).saturating_add(i64::try_from(events.len()).unwrap_or(i64::MAX));
    let (mut after, mut once, at) = (before, once, to_millis(now));
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        let version = i64::from(after.version).saturating_add(1);
        let body = serde_json::to_string(&event)
            .map_err(|cause| StoreError::inconsistent("event", after.id.as_str(), cause))?;
        let mut fields = vec![after.id.as_str(), event.kind(), body.as_str(), actor];
        fields.extend(behalf);
        let recorded = Recorded {
            position: Position::START,
            dossier: after.id.clone(),
            version: after.version.saturating_add(1),
            hash: chained(&after.head, version, &fields, at),
            event,
            actor: actor.to_owned(),
            behalf: behalf.map(str::to_owned),
            at: now,
        };
        let key = once.take().map(|key| (last, key));
        rows.push(row(&recorded, body, (version, at), key));
        after.evolve(recorded);
    }
    Ok((after, rows))
}

/// The row of an event, in the order of [`HEAD`]; the key goes with the last version of its write.
fn row(
    recorded: &Recorded,
    body: String,
    (version, at): (i64, i64),
    key: Option<(i64, OnceKey)>,
) -> Vec<Cell> {
    let (last, key) = key.unzip();
    vec![
        Cell::Text(recorded.dossier.to_string()),
        Cell::Number(version),
        Cell::Text(recorded.event.kind().to_owned()),
        Cell::Text(body),
        Cell::Text(recorded.actor.clone()),
        Cell::MaybeText(recorded.behalf.clone()),
        Cell::Number(at),
        Cell::Text(recorded.hash.clone()),
        Cell::MaybeNumber(last),
        Cell::MaybeText(key.map(String::from)),
    ]
}
