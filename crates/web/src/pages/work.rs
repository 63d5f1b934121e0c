//! Work lists: the person's own, the unit's, approvals, results to return.

mod place;

pub(crate) use place::UnitView;

use app::access::RECEIVING;
use app::facts::Settings;
use app::processing::{self, WorkList, WorkQuery};
use app::words::Language;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use domain::dossier::Warning;
use domain::office::Role;
use jiff::ToSpan as _;
use jiff::civil::DateTime;
use serde::Deserialize;

use super::common::page;
use crate::api::unit_of;
use crate::error::Answer;
use crate::layout::{Frame, Place};
use crate::present::{Mark, Marker, local_time, short_kind};
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

use place::Shown;

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/viec-cua-toi", get(mine))
        .route("/viec-don-vi", get(unit))
        .route("/ky-duyet", get(approvals))
        .route("/tra-ket-qua", get(returns))
}

/// Which part of a list, and where to go on.
#[derive(Debug, Clone, Default, Deserialize)]
struct Part {
    /// `late`, `today`, `soon`, `far`, `paused`, `done`; anything else is all.
    #[serde(default)]
    phan: String,
    /// The place after which the page begins.
    #[serde(default)]
    sau: String,
    /// The unit, for who works at several; the first one when it is empty.
    #[serde(default)]
    dv: String,
}

/// One of the lists.
#[derive(Debug, Clone, Copy)]
struct List {
    place: Place,
    path: &'static str,
    title: &'static str,
    unit: bool,
    roles: &'static [Role],
    /// The part it shows when none is asked for.
    part: &'static str,
}

const MINE: List = List {
    place: Place::Mine,
    path: "/viec-cua-toi",
    title: "web.nav.mine",
    unit: false,
    roles: &[],
    part: "",
};
const UNIT: List = List {
    place: Place::Unit,
    path: "/viec-don-vi",
    title: "web.nav.unit",
    unit: true,
    ..MINE
};
const APPROVALS: List = List {
    place: Place::Approvals,
    path: "/ky-duyet",
    title: "web.nav.approvals",
    roles: &[Role::Leader],
    ..MINE
};
const RETURNS: List = List {
    place: Place::Returns,
    path: "/tra-ket-qua",
    title: "web.nav.returns",
    roles: &RECEIVING,
    part: "done",
    ..MINE
};

async fn mine(state: State<Web>, staff: Staff, part: Query<Part>) -> Answer {
    show(state, staff, part, MINE).await
}

async fn unit(state: State<Web>, staff: Staff, part: Query<Part>) -> Answer {
    show(state, staff, part, UNIT).await
}

async fn approvals(state: State<Web>, staff: Staff, part: Query<Part>) -> Answer {
    show(state, staff, part, APPROVALS).await
}

async fn returns(state: State<Web>, staff: Staff, part: Query<Part>) -> Answer {
    show(state, staff, part, RETURNS).await
}

async fn show(
    State(web): State<Web>,
    staff: Staff,
    Query(part): Query<Part>,
    list: List,
) -> Answer {
    let asked = if list.part.is_empty() {
        part.phan.as_str()
    } else {
        list.part
    };
    let at = unit_of(&part.dv)?;
    let query = WorkQuery {
        unit: list.unit,
        at: at.clone(),
        part: asked.to_owned(),
        roles: list.roles.to_vec(),
        after: part.sau.parse().ok(),
    };
    let work = processing::work(&web.app, &staff.actor, &query).await?;
    let frame = Frame::desk(&web, &staff, list.place).await?;
    let receives = RECEIVING.iter().any(|role| staff.actor.is(*role));
    let further = query.after.is_some();
    let place = Shown {
        list,
        part: asked,
        at: at.as_ref(),
    };
    let shown = WorkPage::new(&web, frame, place, &work);
    let units = staff.actor.seeing();
    page(&WorkPage {
        further,
        receives,
        units: place.units(&units, |unit| web.app.unit_name(unit)),
        ..shown
    })
}

/// A saved filter with how much it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FilterView {
    pub(crate) href: String,
    pub(crate) words: String,
    /// Key of the words when it is empty.
    pub(crate) nothing: &'static str,
    /// Key of the words that lead there.
    pub(crate) show: &'static str,
    /// Class of its mark; none for all.
    pub(crate) due: &'static str,
    pub(crate) count: i64,
    pub(crate) here: bool,
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) mark: Mark,
    pub(crate) due: String,
    pub(crate) procedure: String,
    pub(crate) owner: String,
    pub(crate) step: String,
    pub(crate) note: String,
    pub(crate) channel: String,
    pub(crate) came: String,
}

#[derive(Template)]
#[template(path = "pages/work.html")]
pub(crate) struct WorkPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) title: String,
    pub(crate) meta: String,
    pub(crate) units: Vec<UnitView>,
    pub(crate) filters: Vec<FilterView>,
    pub(crate) rows: Vec<Row>,
    pub(crate) count: i64,
    pub(crate) first: String,
    pub(crate) next: String,
    pub(crate) further: bool,
    pub(crate) receives: bool,
}

impl WorkPage {
    fn new(web: &Web, frame: Frame, place: Shown<'_>, work: &WorkList) -> Self {
        let (w, list) = (frame.w, place.list);
        let marker = Marker::new(&web.app, w, work.now);
        let filters = if list.part.is_empty() {
            filters(w, place, work)
        } else {
            Vec::new()
        };
        let here = filters.iter().find(|filter| filter.here);
        let count = here.map_or(work.counts.done, |filter| filter.count);
        let next = work.next.as_ref();
        let first = place.part(place.part);
        let joint = if first.contains('?') { '&' } else { '?' };
        let next = next.map(|key| format!("{first}{joint}sau={key}"));
        Self {
            title: w.t(list.title).to_owned(),
            meta: meta(w, &web.app.settings(), work.now),
            rows: rows(w, &marker, work),
            count,
            first,
            next: next.unwrap_or_default(),
            further: false,
            receives: false,
            units: Vec::new(),
            filters,
            frame,
            w,
        }
    }

    /// The heading of an empty list.
    pub(crate) fn nothing(&self) -> String {
        let here = self.filters.iter().find(|filter| filter.here);
        self.w
            .t(here.map_or("web.work.nothing.done", |filter| filter.nothing))
            .to_owned()
    }

    /// The next useful list when this part is empty: the most urgent that is not.
    pub(crate) fn elsewhere(&self) -> Option<&FilterView> {
        let urgent = self.filters.iter().skip(1).find(|filter| filter.count > 0);
        urgent.or_else(|| {
            self.filters
                .iter()
                .find(|filter| filter.count > 0 && !filter.here)
        })
    }
}

/// A part of a list: its name in addresses, its keys, the class of its mark.
struct PartOf {
    name: &'static str,
    words: &'static str,
    nothing: &'static str,
    show: &'static str,
    due: &'static str,
}

macro_rules! parts {
    ($($name:literal, $words:literal, $due:literal;)+) => {
        [$(PartOf {
            name: $name,
            words: $words,
            nothing: concat!("web.work.nothing.", $name),
            show: concat!("web.work.show.", $name),
            due: $due,
        },)+]
    };
}

/// Parts in the order of their keys 2 to 7; the first filter is the whole list.
const PARTS: [PartOf; 6] = parts! {
    "late", "web.work.late", "due-late dot-late";
    "today", "web.work.today", "due-today dot-today";
    "soon", "web.work.soon", "due-soon dot-soon";
    "far", "web.work.far", "due-far";
    "paused", "urgency.paused", "due-paused dot-paused";
    "done", "web.work.done", "due-done dot-done";
};

/// The part that holds drafted requests to be approved or sent.
const REVIEW: &str = "review";
/// The part that holds requests that were not answered in time.
const UNANSWERED: &str = "unanswered";

fn filters(w: Words, place: Shown<'_>, work: &WorkList) -> Vec<FilterView> {
    let part = place.part;
    let counts = &work.counts;
    let counts = [
        counts.late,
        counts.today,
        counts.soon,
        counts.far,
        counts.paused,
        counts.done,
    ];
    let all = FilterView {
        href: place.part(""),
        words: w.t("web.work.all").to_owned(),
        nothing: "web.work.nothing.all",
        show: "web.work.show.all",
        due: "",
        count: work.counts.open,
        here: PARTS.iter().all(|known| known.name != part) && ![REVIEW, UNANSWERED].contains(&part),
    };
    // Requests stand in the list of one's own alone, and only for who approves, sends or closes them.
    let own = !place.list.unit && place.list.roles.is_empty();
    let reviews = work.reviews.filter(|_| own).map(|count| FilterView {
        href: place.part(REVIEW),
        words: w.t("web.work.review").to_owned(),
        nothing: "web.work.nothing.review",
        show: "web.work.show.review",
        due: "",
        count,
        here: part == REVIEW,
    });
    let unanswered = work.unanswered.filter(|_| own).map(|count| FilterView {
        href: place.part(UNANSWERED),
        words: w.t("web.work.unanswered").to_owned(),
        nothing: "web.work.nothing.unanswered",
        show: "web.work.show.unanswered",
        due: "",
        count,
        here: part == UNANSWERED,
    });
    let part = PARTS.iter().zip(counts).map(|(known, count)| FilterView {
        href: place.part(known.name),
        words: w.t(known.words).to_owned(),
        nothing: known.nothing,
        show: known.show,
        due: known.due,
        count,
        here: known.name == part,
    });
    let all = std::iter::once(all).chain(part);
    all.chain(reviews).chain(unanswered).collect()
}

fn rows(w: Words, marker: &Marker, work: &WorkList) -> Vec<Row> {
    let row = work.rows.iter().map(|row| {
        let mark = match row.clock {
            1 => marker.paused(),
            2 => marker.done(),
            _ => marker.running(row.due()),
        };
        let english = w.0 == Language::En && !row.step_name_en.is_empty();
        // While the clock stands still nothing is promised.
        let due = row.due().filter(|_| row.clock == 0);
        Row {
            id: row.dossier.clone(),
            code: row.code.clone().unwrap_or_default(),
            mark,
            due: due.map_or_else(|| "–".to_owned(), |due| w.moment(&due)),
            procedure: row.procedure_name.clone(),
            owner: row.owner_name.clone(),
            step: if english {
                row.step_name_en.clone()
            } else {
                row.step_name.clone()
            },
            note: noted(w, work.warning(row), (row.issue_by(), &row.note)),
            channel: w.of("channel", &row.channel),
            came: w.short_date(local_time(row.came_at)),
        }
    });
    row.collect()
}

/// A warning about the time, until when what is signed is to be issued, and what is worth saying about the last move.
fn noted(w: Words, warning: Option<Warning>, (by, kind): (Option<DateTime>, &str)) -> String {
    let warned = warning.map(|warning| w.of("alert.warning", warning.as_str()));
    let issue = by.map(|by| w.fill("web.work.issue_by", "day", w.short_date(by)));
    let said = Some(note(w, kind)).filter(|said| !said.is_empty());
    let parts: Vec<String> = warned.into_iter().chain(issue).chain(said).collect();
    parts.join(" · ")
}

/// What is worth saying about the last move; most moves are the usual ones and say nothing.
fn note(w: Words, kind: &str) -> String {
    let key = format!("web.note.{}", short_kind(kind));
    if app::words::has(&key) {
        w.t(&key).to_owned()
    } else {
        String::new()
    }
}

/// Now, and a holiday tomorrow.
fn meta(w: Words, settings: &Settings, now: DateTime) -> String {
    let at = w.promise(&now);
    let tomorrow = now.date().saturating_add(1.day());
    let off = settings.calendar.is_working_day(tomorrow) == Ok(false);
    match settings.calendar.special_day(tomorrow).filter(|_| off) {
        Some(_) => w.fills(
            "web.work.holiday",
            &[("at", &at), ("day", &w.short_date(tomorrow))],
        ),
        None => at,
    }
}
