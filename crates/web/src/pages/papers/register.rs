//! The register of a centre, by year: looked at, searched, printed by volumes, closed.

use app::papers::{
    BookLine, RegisterAsked, RegisterPage as Shown, Stuck, close_book, register_page,
    register_volume, volume_of,
};
use app::processing::{question, sealed_question};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use domain::ids::UnitId;
use jiff::civil::Date;
use serde::Deserialize;

use crate::api::unit_of;
use crate::error::{Answer, Trouble};
use crate::extract::Posted;
use crate::layout::{Frame, Place};
use crate::pages::{document, page};
use crate::present::local_time;
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/so-theo-doi", get(show).post(act))
        .route("/so-theo-doi/{unit}/{year}/{volume}", get(print))
}

/// The most characters of a question.
const MOST: usize = 100;
/// Entries of a day that are chosen to begin with: as many as one print takes.
const CHOSEN: usize = app::papers::MOST;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// The centre.
    dv: String,
    /// The year.
    nam: Option<i16>,
    /// The volume.
    quyen: Option<u32>,
    /// A question, sealed.
    hoi: String,
    /// A day, `2026-11-23`.
    ngay: Option<Date>,
    /// What was done just before.
    da: String,
}

/// A link to a book, a centre, a volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) href: String,
    pub(crate) words: String,
    pub(crate) here: bool,
}

/// An entry as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) number: i64,
    /// Where the volume that it stands in is printed.
    pub(crate) volume: String,
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) procedure: String,
    pub(crate) owner: String,
    pub(crate) agency: String,
    pub(crate) received: String,
    pub(crate) due: String,
    pub(crate) settled: String,
    pub(crate) closed: String,
    pub(crate) state: String,
    pub(crate) chosen: bool,
}

#[derive(Template)]
#[template(path = "papers/register.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a page says of each part whether it is there"
)]
pub(crate) struct RegisterPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) unit: String,
    pub(crate) unit_name: String,
    pub(crate) units: Vec<Link>,
    pub(crate) years: Vec<Link>,
    pub(crate) volumes: Vec<Link>,
    pub(crate) year: i16,
    /// Open, closed by whom and when, or not opened.
    pub(crate) book: String,
    pub(crate) may_close: bool,
    /// Where the volume shown is printed; empty for what was searched.
    pub(crate) print: String,
    /// Hash of the print that was kept of the volume shown, when the book was closed.
    pub(crate) frozen: String,
    /// Volumes that cannot be drawn: what stands in the way, and where that is.
    pub(crate) stuck: Vec<(String, String)>,
    /// Whether the book is closed, so that entries only lead to its prints.
    pub(crate) closed: bool,
    /// Where today's entries are.
    pub(crate) today: String,
    pub(crate) asked: String,
    pub(crate) searched: bool,
    pub(crate) done: bool,
    pub(crate) rows: Vec<Row>,
}

/// `GET /so-theo-doi`.
async fn show(State(web): State<Web>, staff: Staff, Query(asked): Query<Asked>) -> Answer {
    let like = question(&web.app, &staff.actor, &asked.hoi).unwrap_or_default();
    let query = RegisterAsked {
        unit: unit_of(&asked.dv)?,
        year: asked.nam.or_else(|| asked.ngay.map(Date::year)),
        like: like.clone(),
        day: asked.ngay,
        volume: asked.quyen.unwrap_or(0),
    };
    let shown = register_page(&web.app, &staff.actor, &query).await?;
    let frame = Frame::desk(&web, &staff, Place::Register).await?;
    let day = asked.ngay.is_some();
    let name = |unit: &UnitId| web.app.unit_name(unit);
    let built = RegisterPage::new(frame, &shown, (like, day), name);
    page(&RegisterPage {
        done: asked.da == "khoa",
        ..built
    })
}

impl RegisterPage {
    /// `name` gives the name of a unit; `day` says that the entries are those of one day.
    pub(crate) fn new(
        frame: Frame,
        shown: &Shown,
        (asked, day): (String, bool),
        name: impl Fn(&UnitId) -> String,
    ) -> Self {
        let w = frame.w;
        let (units, years, volumes) = choosers(w, shown, &name);
        let book = shown.books.iter().find(|line| line.book.year == shown.year);
        let print = match shown.volume {
            0 => String::new(),
            _ if book.is_none() => String::new(),
            volume => format!("/so-theo-doi/{}/{}/{volume}", shown.unit, shown.year),
        };
        Self {
            unit: shown.unit.to_string(),
            unit_name: name(&shown.unit),
            units,
            years,
            volumes,
            year: shown.year,
            book: book.map_or_else(|| w.t("register.none_yet").to_owned(), |line| told(w, line)),
            may_close: book.is_some_and(|line| line.may_close),
            print,
            frozen: shown
                .frozen
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            stuck: shown.stuck.iter().map(|one| stuck(w, one)).collect(),
            closed: book.is_some_and(|line| line.book.is_closed),
            today: format!("/so-theo-doi?dv={}&ngay={}", shown.unit, shown.now.date()),
            searched: day || !asked.is_empty(),
            asked,
            done: false,
            rows: rows(w, shown, day, name),
            frame,
            w,
        }
    }
}

/// What to go to: other units, years, volumes; nothing where there is one alone.
fn choosers(
    w: Words,
    shown: &Shown,
    name: &impl Fn(&UnitId) -> String,
) -> (Vec<Link>, Vec<Link>, Vec<Link>) {
    let at = |unit: &UnitId, year: i16| format!("/so-theo-doi?dv={unit}&nam={year}");
    let here = at(&shown.unit, shown.year);
    let words = |unit: &UnitId| {
        if shown.ended.contains(unit) {
            w.fill("register.unit_ended", "unit", name(unit))
        } else {
            name(unit)
        }
    };
    let units = shown.units.iter().map(|unit| Link {
        href: at(unit, shown.year),
        words: words(unit),
        here: *unit == shown.unit,
    });
    let years = shown.books.iter().map(|line| Link {
        href: at(&shown.unit, line.book.year),
        words: line.book.year.to_string(),
        here: line.book.year == shown.year,
    });
    let volumes = (1..=shown.volumes).map(|volume| Link {
        href: format!("{here}&quyen={volume}"),
        words: volume.to_string(),
        here: volume == shown.volume,
    });
    let units: Vec<Link> = units.collect();
    let volumes: Vec<Link> = volumes.collect();
    let several = |links: Vec<Link>| if links.len() > 1 { links } else { Vec::new() };
    (several(units), years.collect(), several(volumes))
}

/// What stands in the way of a volume, and the address of the dossier that does.
fn stuck(w: Words, one: &Stuck) -> (String, String) {
    let when = format!("{} {}", w.time(&one.since), w.date(one.since));
    let (volume, number) = (one.volume.to_string(), one.number.to_string());
    let values = [
        ("volume", volume.as_str()),
        ("number", &number),
        ("since", &when),
    ];
    if one.dossier.is_empty() {
        (w.fills("register.stuck", &values), String::new())
    } else {
        let address = format!("/ho-so/{}", one.dossier);
        (w.fills("register.stuck_by", &values), address)
    }
}

/// How a book stands.
fn told(w: Words, line: &BookLine) -> String {
    let entries = line.book.entries.to_string();
    let Some((at, _)) = &line.book.ordered else {
        return w.fill("register.open", "n", entries);
    };
    let when = format!("{} {}", w.time(at), w.date(*at));
    let (kept, volumes) = (line.book.kept.to_string(), line.book.volumes().to_string());
    let values = [
        ("n", entries.as_str()),
        ("at", &when),
        ("who", &line.closer),
        ("kept", &kept),
        ("volumes", &volumes),
    ];
    if line.book.is_closing() {
        w.fills("register.closing", &values)
    } else {
        w.fills("register.closed", &values)
    }
}

fn rows(w: Words, shown: &Shown, day: bool, name: impl Fn(&UnitId) -> String) -> Vec<Row> {
    let moment = |at: Option<i64>| at.map(|at| w.moment(&local_time(at))).unwrap_or_default();
    let rows = shown.entries.iter().enumerate().map(|(nth, entry)| Row {
        number: entry.number,
        volume: format!(
            "/so-theo-doi/{}/{}/{}",
            shown.unit,
            shown.year,
            volume_of(entry)
        ),
        id: entry.dossier.clone(),
        code: entry.code.clone().unwrap_or_default(),
        procedure: entry.procedure_name.clone(),
        owner: entry.owner_name.clone(),
        agency: UnitId::parse(&entry.competent).map_or_else(|_| String::new(), |unit| name(&unit)),
        received: moment(entry.received_at),
        due: moment(entry.due_at),
        settled: moment(entry.settled_at),
        closed: moment(entry.closed_at),
        state: match entry.state.as_str() {
            "" => String::new(),
            state => w.of("state", state),
        },
        chosen: day && nth < CHOSEN,
    });
    rows.collect()
}

/// `POST /so-theo-doi`: searches, by a question that never stands in an address, or closes a book.
async fn act(State(web): State<Web>, posted: Posted) -> Answer {
    let (app, actor, typed) = (&web.app, &posted.staff.actor, &posted.typed);
    let unit = unit_of(typed.get("dv"))?.ok_or(Trouble::Missing)?;
    let year: i16 = typed.get("nam").parse().map_err(|_| Trouble::Missing)?;
    let here = format!("/so-theo-doi?dv={unit}&nam={year}");
    let to = match typed.get("action") {
        "tim" => {
            let asked: String = typed.get("q").chars().take(MOST).collect();
            let asked = asked.trim().to_owned();
            if asked.is_empty() {
                here
            } else {
                format!("{here}&hoi={}", sealed_question(app, actor, &asked))
            }
        }
        "khoa" => {
            close_book(app, actor, &unit, year).await?;
            format!("{here}&da=khoa")
        }
        _ => return Err(Trouble::Missing),
    };
    Ok(Redirect::to(&to).into_response())
}

/// `GET /so-theo-doi/{unit}/{year}/{volume}`: a volume of the book, to be printed.
async fn print(
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
