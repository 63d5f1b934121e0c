//! Lists of tasks of other agencies: what was asked of us, what we asked, what is late.

use app::tasks::{self, Side, TaskCounts, TaskLine, TaskList, TaskQuery, sides, task_units};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use domain::ids::UnitId;
use serde::Deserialize;

use super::common::page;
use super::work::UnitView;
use crate::error::Answer;
use crate::layout::{Frame, Place};
use crate::present::{Mark, Marker};
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

const PATH: &str = "/viec-phoi-hop";

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/viec-phoi-hop", get(list))
}

/// Which list, which part of it, and where to go on.
#[derive(Debug, Clone, Default, Deserialize)]
struct Asked {
    /// `asked`, `sent` or `received`; the first that the person sees when it is empty.
    #[serde(default)]
    phia: String,
    /// `late`, `today`, `soon`, `far`; anything else is all.
    #[serde(default)]
    phan: String,
    /// At which of the person's units; the first when it is empty.
    #[serde(default)]
    dv: String,
    /// The place after which the page begins.
    #[serde(default)]
    sau: String,
}

async fn list(State(web): State<Web>, staff: Staff, Query(asked): Query<Asked>) -> Answer {
    let seen = sides(&staff.actor);
    let named = seen.iter().find(|side| side.as_str() == asked.phia);
    let side = *named.or(seen.first()).unwrap_or(&Side::Asked);
    let units = task_units(&staff.actor, side);
    let at = units.iter().find(|unit| unit.as_str() == asked.dv);
    let query = TaskQuery {
        side,
        at: at.cloned(),
        part: asked.phan.clone(),
        after: asked.sau.parse().ok(),
    };
    let found = tasks::tasks(&web.app, &staff.actor, &query).await?;
    let frame = Frame::desk(&web, &staff, Place::Tasks).await?;
    let marker = Marker::new(&web.app, frame.w, found.now);
    let shown = Shown {
        side,
        part: &asked.phan,
        sides: &seen,
        at,
        units: &units,
        further: query.after.is_some(),
    };
    page(&TasksPage::new(
        frame,
        &marker,
        &shown,
        (&found, &|id| web.app.unit_name(id)),
    ))
}

/// What of which list is shown.
pub(crate) struct Shown<'a> {
    pub(crate) side: Side,
    pub(crate) part: &'a str,
    pub(crate) sides: &'a [Side],
    /// The unit that was chosen.
    pub(crate) at: Option<&'a UnitId>,
    /// Those that can be.
    pub(crate) units: &'a [UnitId],
    pub(crate) further: bool,
}

impl Shown<'_> {
    /// The address of a part of this list, at the same unit.
    fn part(&self, part: &str) -> String {
        address(self.side, part, self.at)
    }

    /// The units between which the list is switched; none for who works at one.
    fn switch(&self, named: &dyn Fn(&UnitId) -> String) -> Vec<UnitView> {
        if self.units.len() < 2 {
            return Vec::new();
        }
        let here = self.at.or(self.units.first());
        let unit = |unit: &UnitId| UnitView {
            href: address(self.side, "", Some(unit)),
            name: named(unit),
            here: here == Some(unit),
        };
        self.units.iter().map(unit).collect()
    }
}

/// A list, or a part of it, with how much it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tab {
    pub(crate) href: String,
    pub(crate) words: String,
    /// Class of its mark; none for all.
    pub(crate) due: &'static str,
    pub(crate) count: i64,
    pub(crate) here: bool,
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TaskRow {
    pub(crate) href: String,
    pub(crate) code: String,
    pub(crate) mark: Mark,
    pub(crate) due: String,
    pub(crate) procedure: String,
    pub(crate) owner: String,
    /// The other agency.
    pub(crate) agency: String,
    pub(crate) kind: String,
    pub(crate) state: String,
}

#[derive(Template)]
#[template(path = "pages/tasks.html")]
pub(crate) struct TasksPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) title: String,
    /// What the list is for, in a sentence.
    pub(crate) lead: String,
    pub(crate) meta: String,
    pub(crate) sides: Vec<Tab>,
    pub(crate) units: Vec<UnitView>,
    pub(crate) parts: Vec<Tab>,
    pub(crate) other: String,
    pub(crate) rows: Vec<TaskRow>,
    pub(crate) count: i64,
    pub(crate) first: String,
    pub(crate) next: String,
    pub(crate) further: bool,
}

impl TasksPage {
    /// The page; `named` names units.
    pub(crate) fn new(
        frame: Frame,
        marker: &Marker,
        shown: &Shown<'_>,
        (found, named): (&TaskList, &dyn Fn(&UnitId) -> String),
    ) -> Self {
        let w = frame.w;
        let parts = parts(w, shown, &found.counts);
        let here = parts.iter().find(|part| part.here);
        let count = here.map_or(found.counts.open, |part| part.count);
        let first = shown.part(shown.part);
        let next = found.next.as_ref();
        let next = next.map(|key| format!("{first}&sau={key}"));
        let name = shown.side.as_str();
        let rows = found.rows.iter();
        Self {
            title: w.of("tasks.title", name),
            lead: w.of("tasks.lead", name),
            meta: w.promise(&found.now),
            other: w.of("tasks.other", name),
            rows: rows
                .map(|line| row(w, marker, shown.side, (line, named)))
                .collect(),
            sides: switched(w, shown),
            units: shown.switch(named),
            parts,
            count,
            next: next.unwrap_or_default(),
            further: shown.further,
            first,
            frame,
            w,
        }
    }
}

fn address(side: Side, part: &str, at: Option<&UnitId>) -> String {
    let mut address = format!("{PATH}?phia={}", side.as_str());
    if !part.is_empty() {
        address = format!("{address}&phan={part}");
    }
    at.map_or(address.clone(), |at| format!("{address}&dv={at}"))
}

/// The sides between which the list is switched; none for who sees one.
fn switched(w: Words, shown: &Shown<'_>) -> Vec<Tab> {
    if shown.sides.len() < 2 {
        return Vec::new();
    }
    let tab = |side: &Side| Tab {
        href: address(*side, "", None),
        words: w.of("tasks.side", side.as_str()),
        due: "",
        count: 0,
        here: *side == shown.side,
    };
    shown.sides.iter().map(tab).collect()
}

fn parts(w: Words, shown: &Shown<'_>, counts: &TaskCounts) -> Vec<Tab> {
    let known = [
        ("late", "web.work.late", "due-late dot-late", counts.late),
        (
            "today",
            "web.work.today",
            "due-today dot-today",
            counts.today,
        ),
        ("soon", "web.work.soon", "due-soon dot-soon", counts.soon),
        ("far", "web.work.far", "due-far", counts.far),
    ];
    let all = Tab {
        href: shown.part(""),
        words: w.t("web.work.all").to_owned(),
        due: "",
        count: counts.open,
        here: known.iter().all(|(name, ..)| *name != shown.part),
    };
    let part = known.into_iter().map(|(name, words, due, count)| Tab {
        href: shown.part(name),
        words: w.t(words).to_owned(),
        due,
        count,
        here: name == shown.part,
    });
    std::iter::once(all).chain(part).collect()
}

fn row(
    w: Words,
    marker: &Marker,
    side: Side,
    (line, named): (&TaskLine, &dyn Fn(&UnitId) -> String),
) -> TaskRow {
    let mark = match line.ended_at {
        Some(_) => Mark {
            class: "due-done".to_owned(),
            words: w.t("task.state.answered").to_owned(),
        },
        None => marker.running(line.due()),
    };
    let other = if side == Side::Asked {
        &line.sender
    } else {
        &line.agency
    };
    let kind = w.of("task.kind", &line.kind);
    TaskRow {
        href: format!("/ho-so/{}#viec-{}", line.dossier, line.number),
        code: line.code.clone().unwrap_or_default(),
        mark,
        due: line
            .due()
            .map_or_else(|| "–".to_owned(), |due| w.moment(&due)),
        procedure: line.procedure_name.clone(),
        owner: line.owner_name.clone(),
        agency: UnitId::parse(other).map_or_else(|_| other.clone(), |id| named(&id)),
        kind: if line.consents == 1 {
            format!("{kind} · {}", w.t("task.consents").to_lowercase())
        } else {
            kind
        },
        state: w.of("task.state", &line.state),
    }
}
