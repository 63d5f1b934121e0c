//! What is late or will be: an officer's own, what has reached the head of a unit, what has reached
//! the province in numbers.

#[cfg(test)]
mod samples;

use app::alerts::{self, AlertQuery, AlertRow, Part, TaskAlerts, UnitAlerts};
use app::words::Language;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use domain::dossier::{Escalation, Warning, Watch};
use serde::Deserialize;

use super::certificates::warned;
use super::common::page;
use super::held::told;
use super::stopped::{StopView, stopped};
use crate::error::Answer;
use crate::layout::{Frame, Place};
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// The routes of this page.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/canh-bao", get(show))
}

/// Which alerts, and where to go on.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// `mine`, `unit` or `province`; the widest that the person sees when it is empty.
    phan: String,
    /// The place after which the page begins.
    sau: String,
}

async fn show(State(web): State<Web>, staff: Staff, Query(asked): Query<Asked>) -> Answer {
    let query = AlertQuery {
        part: Part::parse(&asked.phan),
        after: asked.sau.parse().ok(),
    };
    let found = alerts::alerts(&web.app, &staff.actor, &query).await?;
    let frame = Frame::desk(&web, &staff, Place::Alerts).await?;
    let certificates = warned(&web, &staff).await?;
    let unsealed = told(&web, &staff).await?;
    let stops = stopped(&web, &staff).await?;
    page(&AlertsPage {
        certificates,
        unsealed,
        stops,
        ..AlertsPage::new(frame, &found)
    })
}

/// A part of the alerts that the person may choose.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PartView {
    href: String,
    words: String,
    here: bool,
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    dossier: String,
    code: String,
    /// Class of the mark.
    class: &'static str,
    warning: String,
    watch: String,
    procedure: String,
    step: String,
    due: String,
    level: String,
    next: String,
}

/// Alerts of a unit, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
struct UnitLine {
    name: String,
    dossiers: i64,
    steps: i64,
    unissued: i64,
    tasks: i64,
}

/// Tasks of agencies, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
struct TaskLine {
    href: String,
    side: String,
    /// What is late, in words; empty where nothing is.
    late: String,
    /// What is due today.
    today: String,
}

#[derive(Template)]
#[template(path = "alerts/page.html")]
struct AlertsPage {
    frame: Frame,
    w: Words,
    meta: String,
    parts: Vec<PartView>,
    province: bool,
    lines: Vec<Line>,
    units: Vec<UnitLine>,
    tasks: Vec<TaskLine>,
    next: String,
    /// What is to be said of certificates.
    certificates: Vec<String>,
    /// How many results have no seal, in words; empty for none.
    unsealed: String,
    /// Keys of seals that have stopped.
    stops: Vec<StopView>,
}

impl AlertsPage {
    fn new(frame: Frame, found: &alerts::AlertPage) -> Self {
        let w = frame.w;
        let address = |part: Part| format!("{}?phan={}", alerts::ADDRESS, part.as_str());
        let part = |part: &Part| PartView {
            href: address(*part),
            words: w.of("alert.part", part.as_str()),
            here: *part == found.part,
        };
        let parts = found.parts.iter().map(part).collect();
        let next = found.next.as_ref();
        let next = next.map(|key| format!("{}&sau={key}", address(found.part)));
        Self {
            meta: w.promise(&found.now),
            parts,
            province: found.part == Part::Province,
            lines: found
                .rows
                .iter()
                .map(|row| line(w, found.part, row))
                .collect(),
            units: found.units.iter().map(unit).collect(),
            tasks: found.tasks.iter().map(|one| tasks(w, one)).collect(),
            next: next.unwrap_or_default(),
            certificates: Vec::new(),
            unsealed: String::new(),
            stops: Vec::new(),
            frame,
            w,
        }
    }

    fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.units.is_empty()
    }
}

fn unit(unit: &UnitAlerts) -> UnitLine {
    UnitLine {
        name: unit.name.clone(),
        dossiers: unit.counts.dossiers,
        steps: unit.counts.steps,
        unissued: unit.counts.unissued,
        tasks: unit.tasks,
    }
}

fn tasks(w: Words, found: &TaskAlerts) -> TaskLine {
    let side = found.side.as_str();
    let said = |key: &str, count: i64| match count {
        0 => String::new(),
        _ => w.fill(key, "n", count),
    };
    TaskLine {
        href: format!("/viec-phoi-hop?phia={side}"),
        side: w.of("tasks.side", side),
        late: said("alert.tasks.late", found.late),
        today: said("alert.tasks.today", found.today),
    }
}

fn line(w: Words, part: Part, row: &AlertRow) -> Line {
    let english = w.0 == Language::En && !row.step_name_en.is_empty();
    let step = if english {
        &row.step_name_en
    } else {
        &row.step_name
    };
    let due = row.due();
    Line {
        dossier: row.dossier.clone(),
        code: row.code.clone().unwrap_or_default(),
        class: class(row.warning()),
        warning: w.of("alert.warning", row.warning().as_str()),
        watch: w.of("alert.watch", row.watch().as_str()),
        procedure: row.procedure_name.clone(),
        step: step.clone(),
        due: due.map_or_else(|| "–".to_owned(), |due| w.moment(&due)),
        level: w.of("alert.level", row.level().as_str()),
        next: w
            .t(advice(part, (row.watch(), row.warning(), row.level())))
            .to_owned(),
    }
}

/// The class of a warning's mark.
fn class(warning: Warning) -> &'static str {
    match warning {
        Warning::Overdue => "due-late",
        Warning::Second => "due-today",
        Warning::First | Warning::None => "due-soon",
    }
}

/// What to do next, as the key of its words.
fn advice(part: Part, (watch, warning, level): (Watch, Warning, Escalation)) -> &'static str {
    if watch == Watch::Answer {
        return "alert.next.close";
    }
    let leads = part != Part::Mine;
    if watch == Watch::Issue {
        return if leads {
            "alert.next.urge_issue"
        } else {
            "alert.next.issue"
        };
    }
    if leads && (warning == Warning::Overdue || level >= Escalation::Centre) {
        "alert.next.apologise"
    } else if leads {
        "alert.next.assign"
    } else {
        "alert.next.open"
    }
}
