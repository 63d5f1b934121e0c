//! Closing the book of a year. A book has hundreds of volumes, more than a request can wait for: the
//! close is ordered, and the worker draws one volume after the other as it was at that moment.

use domain::dossier::File;
use domain::ids::{DossierId, StaffId, UnitId};
use serde::{Deserialize, Serialize};
use store::{AuditLine, Book, Message, NewMessage, Stuck};

use crate::access::{Actor, may_close_register};
use crate::no::{Denied, Fault, No};
use crate::state::App;

use super::printed;
use super::register::{Undrawn, between, drawn};

/// Kind of the messages.
pub(crate) const KEEP_VOLUME: &str = "keep_volume";

/// The volume that is to be drawn and kept next, as the outbox carries it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct KeepVolume {
    unit: UnitId,
    year: i16,
    volume: u32,
}

/// Orders that the book of a year that is over is closed as it is now. It is closed when its last
/// volume is kept.
///
/// # Errors
/// [`No::Denied`]; [`No::Invalid`] while the year runs, or when the close was ordered already.
pub async fn close_book(app: &App, actor: &Actor, unit: &UnitId, year: i16) -> Result<(), No> {
    let permit = may_close_register(actor, unit)?;
    let now = app.clock().now();
    let fault = |key| No::Invalid(vec![Fault::new("nam", key).with("year", &year)]);
    let book = found(app, unit, year).await?;
    if year >= now.year() {
        return Err(fault("fault.book_running"));
    }
    if book.is_closed {
        return Err(fault("fault.book_closed"));
    }
    let entries = book.entries;
    let detail = format!(r#"{{"year":{year},"entries":{entries}}}"#);
    let line = printed(actor, "register.close_ordered", unit.as_str(), detail);
    let first = message(app, (unit, year), 1).await?;
    let by = (permit.by().clone(), now);
    let ordered = app
        .store()
        .order_close((unit.clone(), year), by, first, line);
    if !ordered.await? {
        return Err(fault("fault.book_closing"));
    }
    app.announce();
    Ok(())
}

/// Draws the volume of a message, keeps it and orders the next one; the last one closes the book.
pub(crate) async fn keep_volume(app: &App, message: &Message) -> Result<(), No> {
    let job: KeepVolume =
        serde_json::from_str(&message.body).map_err(|fault| No::Broken(Box::new(fault)))?;
    let KeepVolume { unit, year, volume } = job;
    let book = found(app, &unit, year).await?;
    let Some((_, by)) = &book.ordered else {
        return Err(Denied::Unseen.into());
    };
    let kept = app.store().kept_volume(&unit, (year, volume));
    if kept.await?.is_some() {
        return Ok(());
    }
    let of = (unit, year);
    let next = if volume < book.volumes() {
        let next = volume.saturating_add(1);
        Some(self::message(app, (&of.0, year), next).await?)
    } else {
        None
    };
    let pdf = match drawn(app, "", (&of.0, &book), volume).await {
        Ok(pdf) => pdf,
        Err(no) => {
            let stuck = stuck(app, volume, &no);
            app.store().stick_volume((of, stuck), next).await?;
            app.announce();
            return Err(no);
        }
    };
    let (hash, bytes) = app.files().put(pdf).await?;
    let (file, now) = (File { hash, bytes }, app.clock().now());
    let closed = closed(&of.0, &book, by);
    let kept = app
        .store()
        .keep_volume((of, volume), file, now, (next, closed));
    if kept.await? {
        app.announce();
    }
    Ok(())
}

/// What stands in the way of a volume: the others are drawn, and this one again and again.
fn stuck(app: &App, volume: u32, no: &No) -> Stuck {
    let mut stuck = Stuck {
        volume,
        number: 0,
        dossier: String::new(),
        why: no.to_string(),
        since: app.clock().now(),
    };
    if let No::Broken(cause) = no {
        stuck.why = cause.to_string();
        if let Some(undrawn) = cause.downcast_ref::<Undrawn>() {
            stuck.number = undrawn.number;
            stuck.dossier.clone_from(&undrawn.dossier);
        }
    }
    stuck
}

async fn found(app: &App, unit: &UnitId, year: i16) -> Result<Book, No> {
    let books = app.store().books(unit).await?;
    let book = books.into_iter().find(|book| book.year == year);
    Ok(book.ok_or(Denied::Unseen)?)
}

fn closed(unit: &UnitId, book: &Book, by: &StaffId) -> AuditLine {
    let (year, entries, volumes) = (book.year, book.entries, book.volumes());
    AuditLine {
        actor: by.to_string(),
        action: "register.closed".to_owned(),
        subject: unit.to_string(),
        purpose: "print".to_owned(),
        detail: format!(r#"{{"year":{year},"entries":{entries},"volumes":{volumes}}}"#),
    }
}

/// The message for a volume; it belongs to the first dossier in it.
async fn message(
    app: &App,
    (unit, year): (&UnitId, i16),
    volume: u32,
) -> Result<(DossierId, NewMessage), No> {
    let entries = app.store().entries(unit, year, &between(volume)).await?;
    let first = entries.first().ok_or(Denied::Unseen)?;
    let dossier = DossierId::parse(&first.dossier).map_err(|fault| No::Broken(Box::new(fault)))?;
    let job = KeepVolume {
        unit: unit.clone(),
        year,
        volume,
    };
    let body = serde_json::to_string(&job).expect("a message is plain data");
    let kind = KEEP_VOLUME;
    Ok((dossier, NewMessage { kind, body }))
}
