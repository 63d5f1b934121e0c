//! Papers about many dossiers: the register, and what is printed of several at once.

#![expect(
    unused_qualifications,
    reason = "the expansion of `utoipa::path` writes Query so"
)]

use app::jobs::progress;
use app::papers::{Entry, RegisterAsked, close_book, register_page, register_volume};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::ids::{DossierId, UnitId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{Body, stamp};
use super::work::unit_of;
use crate::error::{Answer, Problem, Trouble};
use crate::pages::{document, wanted};
use crate::present::local_time;
use crate::session::Staff;
use crate::state::Web;

/// Which part of which book.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct BookAsked {
    /// Identifier of the centre; the person's own when it is empty.
    unit: String,
    /// The year; the newest book when there is none.
    year: Option<i16>,
    /// Which volume, from 1; the last one when there is none.
    volume: Option<u32>,
    /// Only what was received on that day, `2026-11-23`.
    #[param(value_type = Option<String>)]
    day: Option<Date>,
}

/// An entry of the register.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntryItem {
    /// Its number in the year, without gaps.
    number: i64,
    /// Identifier of the dossier.
    dossier: String,
    /// Its number.
    code: Option<String>,
    /// Title of the procedure.
    procedure: String,
    /// Name of the owner; none of a closed book.
    owner: Option<String>,
    /// The agency that decides.
    agency: String,
    /// Name of the state; none of a closed book, whose print alone says what was so.
    state: Option<String>,
    /// When it was received.
    received: Option<String>,
    /// The promised time.
    due: Option<String>,
    /// When the result was issued.
    settled: Option<String>,
    /// When it was returned, withdrawn or stopped.
    closed: Option<String>,
}

impl From<Entry> for EntryItem {
    fn from(entry: Entry) -> Self {
        let at = |millis: Option<i64>| millis.map(|millis| stamp(local_time(millis)));
        Self {
            number: entry.number,
            dossier: entry.dossier,
            code: entry.code,
            procedure: entry.procedure_name,
            owner: Some(entry.owner_name).filter(|name| !name.is_empty()),
            agency: entry.competent,
            state: Some(entry.state).filter(|state| !state.is_empty()),
            received: at(entry.received_at),
            due: at(entry.due_at),
            settled: at(entry.settled_at),
            closed: at(entry.closed_at),
        }
    }
}

/// A book of the register.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BookItem {
    /// The year.
    year: i16,
    /// Entries.
    entries: u32,
    /// As of when it was closed; none while it is open or being closed.
    closed: Option<String>,
    /// Whether its close was ordered and volumes are still to be kept.
    closing: bool,
    /// Volumes that are printed and kept.
    kept: u32,
}

/// A volume that cannot be drawn.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StuckItem {
    /// Which volume.
    volume: u32,
    /// The number of the entry that stands in the way; 0 where it is none.
    number: u32,
    /// Identifier of its dossier; empty where it is none.
    dossier: String,
    /// Since when.
    since: String,
}

/// A volume of the register.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BookPage {
    /// Identifier of the centre.
    unit: String,
    /// The year shown.
    year: i16,
    /// The volume shown; 0 for the entries of a day.
    volume: u32,
    /// Volumes of the book.
    volumes: u32,
    /// Of a closed book the SHA-256 of the print that was kept of this volume; print it under
    /// `/register/{unit}/{year}/{volume}`.
    print: Option<String>,
    /// Of a book that is being closed, volumes that cannot be drawn.
    stuck: Vec<StuckItem>,
    /// Books of the centre, the newest first.
    books: Vec<BookItem>,
    /// The entries, by number.
    entries: Vec<EntryItem>,
}

/// A volume of the register of a centre, or what was received on a day.
#[utoipa::path(get, path = "/api/v1/register", tag = "papers", security(("session" = [])),
    params(BookAsked),
    responses((status = 200, body = BookPage, description = "The entries"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "No post at a centre"),
        (status = 404, body = Problem, description = "A centre of others")))]
pub(crate) async fn register(
    State(web): State<Web>,
    staff: Staff,
    Query(asked): Query<BookAsked>,
) -> Answer<Json<BookPage>> {
    let query = RegisterAsked {
        unit: unit_of(&asked.unit)?,
        year: asked.year.or_else(|| asked.day.map(Date::year)),
        like: String::new(),
        day: asked.day,
        volume: asked.volume.unwrap_or(0),
    };
    let shown = register_page(&web.app, &staff.actor, &query).await?;
    let books = shown.books.iter().map(|line| BookItem {
        year: line.book.year,
        entries: line.book.entries,
        closed: line.book.closed().map(|(at, _)| stamp(*at)),
        closing: line.book.is_closing(),
        kept: line.book.kept,
    });
    let books = books.collect();
    let stuck = shown.stuck.into_iter().map(|one| StuckItem {
        volume: one.volume,
        number: one.number,
        dossier: one.dossier,
        since: stamp(one.since),
    });
    let entries = shown.entries.into_iter().map(EntryItem::from);
    Ok(Json(BookPage {
        unit: shown.unit.to_string(),
        year: shown.year,
        volume: shown.volume,
        volumes: shown.volumes,
        stuck: stuck.collect(),
        print: shown.frozen.as_ref().map(ToString::to_string),
        books,
        entries: entries.collect(),
    }))
}

/// A volume of the register as PDF (form 07); every print is logged.
#[utoipa::path(get, path = "/api/v1/register/{unit}/{year}/{volume}", tag = "papers",
    security(("session" = [])),
    params(("unit" = String, Path), ("year" = i16, Path), ("volume" = u32, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>, description = "The volume"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "No such volume that the person may see")))]
pub(crate) async fn volume(
    State(web): State<Web>,
    staff: Staff,
    Path((unit, year, volume)): Path<(String, String, String)>,
) -> Answer {
    let unit = UnitId::parse(&unit).map_err(|_| Trouble::Missing)?;
    let (Ok(year), Ok(volume)) = (year.parse::<i16>(), volume.parse::<u32>()) else {
        return Err(Trouble::Missing);
    };
    let pdf = register_volume(&web.app, &staff.actor, &unit, (year, volume)).await?;
    Ok(document(&format!("so-theo-doi-{year}-{volume}.pdf"), pdf))
}

/// Orders that the book of a year that is over is closed as it is now. Its volumes are printed one
/// after the other; it is closed when all are kept.
#[utoipa::path(post, path = "/api/v1/register/{unit}/{year}/close", tag = "papers",
    security(("session" = [])),
    params(("unit" = String, Path), ("year" = i16, Path), ("X-CSRF-Token" = String, Header)),
    responses((status = 204, description = "Ordered"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "Not the head of the centre"),
        (status = 404, body = Problem, description = "No such book that the person may see"),
        (status = 422, body = Problem, description = "The year runs, or the book is closed or being closed")))]
pub(crate) async fn close(
    State(web): State<Web>,
    staff: Staff,
    Path((unit, year)): Path<(String, String)>,
) -> Answer<StatusCode> {
    let unit = UnitId::parse(&unit).map_err(|_| Trouble::Missing)?;
    let year = year.parse().map_err(|_| Trouble::Missing)?;
    close_book(&web.app, &staff.actor, &unit, year).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is printed of which dossiers.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct PrintBody {
    /// A form that was issued to each, `01` to `06` or `bien-nhan`, or a list of hand-over:
    /// `dossiers`, `results`, `from_post` or `to_post`.
    paper: String,
    /// Identifiers of dossiers, in the order of print; 100 at most.
    dossiers: Vec<String>,
}

/// Prints a form of several dossiers as one PDF, or a list that goes with them. All or none; every
/// print is logged.
#[utoipa::path(post, path = "/api/v1/prints", tag = "papers", request_body = PrintBody,
    security(("session" = [])), params(("X-CSRF-Token" = String, Header)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>, description = "The print"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "No such paper, or a dossier that the person may not see"),
        (status = 422, body = Problem, description = "Nothing or too much, or a dossier without that paper")))]
pub(crate) async fn print(
    State(web): State<Web>,
    staff: Staff,
    Body(asked): Body<PrintBody>,
) -> Answer {
    let paper = wanted(&asked.paper).ok_or(Trouble::Missing)?;
    let ids: Result<Vec<DossierId>, _> = asked
        .dossiers
        .iter()
        .map(|id| DossierId::parse(id))
        .collect();
    let ids = ids.map_err(|_| Trouble::Missing)?;
    let (name, pdf) = paper.print(&web, &staff, &ids).await?;
    Ok(document(&name, pdf))
}

/// Every step of a dossier so far, as PDF; every print is logged.
#[utoipa::path(get, path = "/api/v1/dossiers/{dossier}/progress", tag = "papers",
    security(("session" = [])), params(("dossier" = String, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>, description = "The way"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "None that the person may see")))]
pub(crate) async fn way(
    State(web): State<Web>,
    staff: Staff,
    Path(dossier): Path<String>,
) -> Answer {
    let dossier = DossierId::parse(&dossier).map_err(|_| Trouble::Missing)?;
    let pdf = progress(&web.app, &staff.actor, &dossier).await?;
    Ok(document("qua-trinh.pdf", pdf))
}
