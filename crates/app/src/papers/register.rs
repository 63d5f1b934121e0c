//! The register of a centre (sổ theo dõi hồ sơ, Mẫu 07): opened by the first reception of a year,
//! numbered from 01 without gaps, closed once the year is over. A closed book says what was so when
//! it was closed, whatever happens afterwards.

use std::collections::BTreeSet;

use domain::dossier::{Dossier, Event, HandedOver, Receiver, Returned};
use domain::ids::{DossierId, FileHash, UnitId};
use domain::office::Role;
use domain::slip::{Register, RegisterLine, Slip};
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Time};
use store::{Book, BookAsked, Entry, Recorded, Stuck};

use crate::access::{Actor, may_close_register, may_read_register};
use crate::jobs::{list_heading, staff_name};
use crate::no::{Denied, No};
use crate::state::App;
use crate::words::{self, Language};

use super::{person, printed};

const VI: Language = Language::Vi;

/// Entries of one volume, and of one page on the screen.
const VOLUME: u32 = Book::VOLUME;

/// Which entries of which book.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegisterAsked {
    /// Which centre; none is the actor's own.
    pub unit: Option<UnitId>,
    /// Which year; none is the newest.
    pub year: Option<i16>,
    /// Number in the book, last digits of a dossier's number, or beginning of an owner's name.
    pub like: String,
    /// Only what was received on that day.
    pub day: Option<Date>,
    /// Which volume, from 1; 0 is the last one.
    pub volume: u32,
}

/// A book of the centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookLine {
    /// The book.
    pub book: Book,
    /// Who ordered its close, by name; empty while it is open.
    pub closer: String,
    /// Whether the actor may close it now.
    pub may_close: bool,
}

/// Entries of a book, and what is beside it.
#[derive(Debug, Clone)]
pub struct RegisterPage {
    /// The centre.
    pub unit: UnitId,
    /// The centres whose books the actor may read.
    pub units: Vec<UnitId>,
    /// Those of them that ended.
    pub ended: Vec<UnitId>,
    /// Its books, the newest first.
    pub books: Vec<BookLine>,
    /// The year of the book shown.
    pub year: i16,
    /// The volume shown; 0 when entries were searched for.
    pub volume: u32,
    /// Volumes of the book.
    pub volumes: u32,
    /// Of a closed book the print of the volume shown, which alone says what was so.
    pub frozen: Option<FileHash>,
    /// Of a book that is being closed, volumes that cannot be drawn.
    pub stuck: Vec<Stuck>,
    /// The entries; of a closed book only what leads to the print and never changes.
    pub entries: Vec<Entry>,
    /// Now, once for the page.
    pub now: DateTime,
}

/// The first and the last moment of a day.
fn day_of(day: Date) -> (DateTime, DateTime) {
    let next = day.saturating_add(1.day());
    let midnight = |day: Date| day.to_datetime(Time::midnight());
    (midnight(day), midnight(next))
}

/// Entries of a book; a search by name is logged.
///
/// # Errors
/// [`No::Denied`], unseen; [`No::Broken`].
pub async fn register_page(
    app: &App,
    actor: &Actor,
    asked: &RegisterAsked,
) -> Result<RegisterPage, No> {
    let units = readable(app, actor);
    let unit = match &asked.unit {
        Some(unit) => unit.clone(),
        None => units.first().cloned().ok_or(Denied::Seen)?,
    };
    may_read_register(actor, &unit)?;
    let now = app.clock().now();
    let books = app.store().books(&unit).await?;
    let newest = books.first().map_or(now.year(), |book| book.year);
    let year = asked.year.unwrap_or(newest);
    let book = books.iter().find(|book| book.year == year);
    let volumes = book.map_or(0, Book::volumes);
    let closed = book.is_some_and(|book| book.is_closed);
    let searched = !asked.like.is_empty() || asked.day.is_some();
    let volume = match asked.volume {
        _ if searched => 0,
        0 => volumes.max(1),
        volume => volume,
    };
    let which = match asked.day {
        Some(day) => BookAsked::Received(day_of(day)),
        None if searched => BookAsked::Like(asked.like.clone()),
        None => between(volume),
    };
    let mut entries = app.store().entries(&unit, year, &which).await?;
    let frozen = match volume {
        volume if closed && volume > 0 => app.store().kept_volume(&unit, (year, volume)).await?,
        _ => None,
    };
    if closed {
        entries = entries.into_iter().map(index).collect();
    }
    if !asked.like.is_empty() {
        let found = format!(r#"{{"found":{}}}"#, entries.len());
        let line = printed(actor, "register.searched", unit.as_str(), found);
        app.store().audit(now, vec![line]).await?;
    }
    let ended = units.iter().filter(|unit| app.heir(unit) != **unit);
    Ok(RegisterPage {
        ended: ended.cloned().collect(),
        stuck: app.store().stuck_volumes(&unit, year).await?,
        books: lines(app, actor, &unit, books).await?,
        entries,
        unit,
        units,
        year,
        volume,
        volumes,
        frozen,
        now,
    })
}

/// The volume in which an entry stands.
pub fn volume_of(entry: &Entry) -> u32 {
    let number = u32::try_from(entry.number).unwrap_or(u32::MAX);
    number.max(1).div_ceil(VOLUME)
}

/// What of an entry of a closed book stays true whatever happens: where it is in the print. Its state
/// of today is the dossier's to tell, and that of the day of closing the print's.
fn index(entry: Entry) -> Entry {
    Entry {
        owner_name: String::new(),
        state: String::new(),
        due_at: None,
        settled_at: None,
        closed_at: None,
        ..entry
    }
}

/// The entries of a volume.
pub(super) fn between(volume: u32) -> BookAsked {
    let last = volume.saturating_mul(VOLUME);
    BookAsked::Between(last.saturating_sub(VOLUME).saturating_add(1), last)
}

/// The centres whose books the actor reads without naming them, the own ones first; of whoever watches
/// the province, all. After those in force come those that ended and left their books to one of them.
fn readable(app: &App, actor: &Actor) -> Vec<UnitId> {
    let mut units = actor.seeing();
    if actor.is(Role::ProvinceController) {
        units.extend(app.units().iter().map(|unit| unit.id.clone()));
    }
    let ended = units.iter().flat_map(|unit| app.with_forerunners(unit));
    let ended: Vec<UnitId> = ended.collect();
    units.extend(ended);
    let mut known = BTreeSet::new();
    let receives = |id: &UnitId| app.known_unit(id).is_some_and(|unit| unit.receives());
    units.retain(|unit| {
        known.insert(unit.clone()) && receives(unit) && may_read_register(actor, unit).is_ok()
    });
    units.sort_by_key(|unit| app.heir(unit) != *unit);
    units
}

async fn lines(
    app: &App,
    actor: &Actor,
    unit: &UnitId,
    books: Vec<Book>,
) -> Result<Vec<BookLine>, No> {
    let this_year = app.clock().now().year();
    let mut lines = Vec::with_capacity(books.len());
    for book in books {
        let closer = match &book.ordered {
            Some((_, by)) => staff_name(app, by.as_str()).await?,
            None => String::new(),
        };
        let over = book.ordered.is_none() && book.year < this_year;
        lines.push(BookLine {
            may_close: over && may_close_register(actor, unit).is_ok(),
            closer,
            book,
        });
    }
    Ok(lines)
}

/// One volume of a book as PDF: as it is now, or the very file that was kept when the book was closed;
/// every print is logged.
///
/// # Errors
/// [`No::Denied`], unseen; [`No::Broken`].
pub async fn register_volume(
    app: &App,
    actor: &Actor,
    unit: &UnitId,
    (year, volume): (i16, u32),
) -> Result<Vec<u8>, No> {
    may_read_register(actor, unit)?;
    let books = app.store().books(unit).await?;
    let book = books.into_iter().find(|book| book.year == year);
    let book = book.ok_or(Denied::Unseen)?;
    if volume == 0 || volume > book.volumes() {
        return Err(Denied::Unseen.into());
    }
    let kept = app.store().kept_volume(unit, (year, volume)).await?;
    let pdf = match kept {
        Some(file) => app.files().get(&file).await?,
        None => drawn(app, &actor.name, (unit, &book), volume).await?,
    };
    let detail = format!(r#"{{"year":{year},"volume":{volume}}}"#);
    let logged = printed(actor, "register.printed", unit.as_str(), detail);
    app.store().audit(app.clock().now(), vec![logged]).await?;
    Ok(pdf)
}

/// A volume as it is now, or as it was when the close of the book was ordered; `reader` signs an open
/// one.
pub(super) async fn drawn(
    app: &App,
    reader: &str,
    (unit, book): (&UnitId, &Book),
    volume: u32,
) -> Result<Vec<u8>, No> {
    let year = book.year;
    let entries = app.store().entries(unit, year, &between(volume)).await?;
    let now = app.clock().now();
    let at = book.ordered.as_ref().map_or(now, |(at, _)| *at);
    let mut rows = Vec::with_capacity(entries.len());
    for entry in &entries {
        let row = line(app, entry, at).await;
        rows.push(row.map_err(|no| undrawn(entry, &no))?);
    }
    let closer = match &book.ordered {
        Some((_, by)) => staff_name(app, by.as_str()).await?,
        None => reader.to_owned(),
    };
    let first = app
        .store()
        .entries(unit, year, &BookAsked::Between(1, 1))
        .await?;
    let opened = first.first().and_then(|entry| entry.received_at);
    let register = Register {
        heading: list_heading(app, unit, at, &format!("so-theo-doi?nam={year}")),
        year,
        volume,
        opened: opened.map_or(at, store::time::from_millis).date(),
        closed: book.ordered.as_ref().map(|(at, _)| *at),
        entries: book.entries,
        closer,
        rows,
    };
    Ok(app.slips().render(Slip::Register(register)).await?)
}

/// An entry that cannot be drawn, which keeps its volume from being printed.
#[derive(Debug, thiserror::Error)]
#[error("entry {number} cannot be drawn: {cause}")]
pub(super) struct Undrawn {
    /// Its number in the book.
    pub(super) number: u32,
    /// Its dossier.
    pub(super) dossier: String,
    cause: String,
}

fn undrawn(entry: &Entry, no: &No) -> No {
    let cause = match no {
        No::Broken(cause) => cause.to_string(),
        other => other.to_string(),
    };
    No::Broken(Box::new(Undrawn {
        number: u32::try_from(entry.number).unwrap_or(u32::MAX),
        dossier: entry.dossier.clone(),
        cause,
    }))
}

/// The row of an entry as it was at that time.
async fn line(app: &App, entry: &Entry, at: DateTime) -> Result<RegisterLine, No> {
    let id = DossierId::parse(&entry.dossier).map_err(|_| Denied::Unseen)?;
    let loaded = app.store().load(&id).await?;
    let until = loaded.events.iter().filter(|one| one.event.at() <= at);
    let events: Vec<&Recorded> = until.collect();
    let dossier = events
        .iter()
        .fold(Dossier::Absent, |dossier, one| dossier.evolve(&one.event));
    let record = dossier.record().ok_or(Denied::Unseen)?;
    let owner = person(app, &record.filed.owner).await?;
    let address = [Some(owner.address), owner.phone].into_iter().flatten();
    let address: Vec<String> = address.filter(|part| !part.is_empty()).collect();
    let between = record.goes_between();
    let (mut forwarded, mut settled, mut returned, mut taken) = (None, None, None, String::new());
    for one in &events {
        match &one.event {
            Event::HandedOver(HandedOver { at, .. }) => forwarded = Some(*at),
            // What another agency decided is back when the centre says so.
            Event::Settled { issued, .. } if !between => settled = Some(issued.at),
            Event::ResultAcknowledged(back) => settled = Some(back.at),
            Event::Returned(Returned { at, receiver, .. }) => {
                returned = Some(*at);
                words::t(VI, taken_key(receiver)).clone_into(&mut taken);
            }
            _ => {}
        }
    }
    Ok(RegisterLine {
        number: u32::try_from(entry.number).unwrap_or(u32::MAX),
        code: record
            .code
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        procedure: entry.procedure_name.clone(),
        sets: u16::from(record.filed.sets),
        owner: owner.name,
        address: address.join("; "),
        agency: app.unit_name(&record.filed.competent),
        received: record.received_at.unwrap_or(record.submitted_at),
        due: record.published_due(),
        forwarded,
        settled,
        returned,
        taken,
        note: note(&dossier),
    })
}

fn taken_key(receiver: &Receiver) -> &'static str {
    match receiver {
        Receiver::Applicant => "collected.applicant",
        Receiver::Authorised { .. } => "collected.authorised",
        Receiver::Post => "collected.post",
        Receiver::Electronic => "collected.electronic",
    }
}

/// How the dossier ended without a result; nothing otherwise.
fn note(dossier: &Dossier) -> String {
    match dossier {
        Dossier::Withdrawn(_) | Dossier::Stopped(_) | Dossier::Declined(_) => {
            words::t(VI, &format!("state.{}", dossier.kind().as_str())).to_owned()
        }
        _ => String::new(),
    }
}
