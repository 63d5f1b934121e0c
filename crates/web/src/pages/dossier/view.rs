//! A dossier as its page shows it.

use app::access::Actor;
use app::processing::DossierPage;
use app::words;
use domain::dossier::{Course, Dossier, Event, HandedAs, Outcome};
use domain::ids::UnitId;
use domain::procedure::{Component, Database};
use jiff::civil::DateTime;

use crate::error::RefusalPanel;
use crate::pages::correction::{self, LinkLine};
use crate::present::{Mark, Marker};
use crate::state::Web;
use crate::words::Words;

use super::acts::{ActView, acts};
use super::course::{Sheet, sheets};
use super::files::{FileLine, files};
use super::promise::{Promise, WIDE};
use super::scans::{address, state};
use super::steps::{StepView, steps};
use super::story::{StoryLine, story};
use super::task_view::{TaskShown, tasks};
use super::{signed, validity};

/// Everything between the bar and the end of the page.
#[derive(Debug, Clone, Default)]
pub(crate) struct DossierView {
    pub(crate) id: String,
    pub(crate) version: u32,
    /// Title of the procedure.
    pub(crate) title: String,
    /// The number; empty before reception.
    pub(crate) code: String,
    pub(crate) state: String,
    /// What was just done, in words.
    pub(crate) done: String,
    pub(crate) due_class: String,
    pub(crate) due: String,
    pub(crate) facts: Vec<Fact>,
    pub(crate) steps: Vec<StepView>,
    pub(crate) promise: Option<Promise>,
    pub(crate) why_title: String,
    pub(crate) why_open: bool,
    /// What holds beside the promised date.
    pub(crate) course: Vec<Sheet>,
    pub(crate) components: Vec<Paper>,
    pub(crate) components_note: String,
    /// What the draft of the result says.
    pub(crate) draft: String,
    pub(crate) draft_title: String,
    /// How long the result is valid.
    pub(crate) validity: String,
    pub(super) acts: Vec<ActView>,
    pub(super) links: Vec<ActView>,
    /// What the next act waits for; empty for nothing.
    pub(crate) waits: String,
    /// Why nothing can be done here.
    pub(crate) no_acts: String,
    pub(crate) refusal: Option<RefusalPanel>,
    pub(crate) files: Vec<FileLine>,
    /// Whether signatures of its files can be checked again.
    pub(crate) signed: bool,
    pub(super) story: Vec<StoryLine>,
    /// Dossiers on the other side of corrections.
    pub(crate) corrections: Vec<LinkLine>,
    /// Tasks of other agencies.
    pub(crate) tasks: Vec<TaskShown>,
}

/// A label over a value.
#[derive(Debug, Clone)]
pub(crate) struct Fact {
    pub(crate) label: String,
    pub(crate) value: String,
}

impl Fact {
    /// From a message key; nothing when the value is empty.
    pub(crate) fn of(w: Words, key: &str, value: impl Into<String>) -> Option<Self> {
        let value = value.into();
        (!value.is_empty()).then(|| Self {
            label: w.t(key).to_owned(),
            value,
        })
    }
}

/// A component.
#[derive(Debug, Clone)]
pub(crate) struct Paper {
    pub(crate) name: String,
    pub(crate) class: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) state: String,
    /// Whether it is data of a database and no paper.
    pub(crate) data: bool,
    /// Where its scan is read; empty where there is none.
    pub(crate) url: String,
    /// What the signatures of its file are worth, a line each.
    pub(crate) signatures: Vec<String>,
}

/// Who reads the page, and what only the application knows.
pub(super) struct Reader<'a> {
    pub(super) w: Words,
    pub(super) actor: &'a Actor,
    /// How the deadline stands.
    pub(super) mark: Mark,
    /// Makes one-time keys.
    pub(super) once: &'a dyn Fn() -> String,
    /// Names units.
    pub(super) unit: &'a dyn Fn(&UnitId) -> String,
    /// Marks due times of clocks that run.
    pub(super) marks: &'a dyn Fn(Option<DateTime>) -> Mark,
}

impl DossierView {
    /// The page as `actor` reads it.
    pub(crate) fn of(web: &Web, w: Words, actor: &Actor, page: &DossierPage) -> Self {
        let marker = Marker::new(&web.app, w, page.now);
        let reader = Reader {
            w,
            actor,
            mark: due_mark(&marker, page),
            once: &|| web.app.ids().token(),
            unit: &|id| web.app.unit_name(id),
            marks: &|due| marker.running(due),
        };
        Self::drawn(&reader, page)
    }

    /// The same without an application.
    pub(super) fn drawn(reader: &Reader<'_>, page: &DossierPage) -> Self {
        let w = reader.w;
        let promise = page
            .deadline
            .as_ref()
            .map(|d| Promise::of(w.0, d, page.now.date(), WIDE));
        let components = page.components();
        let (acts, links) = acts(w, page, reader.once);
        let (draft_title, draft) = draft(w, page);
        Self {
            id: page.id.to_string(),
            version: page.version,
            title: page.procedure.name.clone(),
            code: page
                .record()
                .code
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            state: w.of("state", page.dossier.kind().as_str()),
            due: due_words(w, page, &reader.mark),
            due_class: reader.mark.class.clone(),
            facts: facts(w, page),
            steps: steps(w, reader.actor, page),
            why_title: promise
                .as_ref()
                .map(|promise| why_title(w, promise))
                .unwrap_or_default(),
            why_open: promise
                .as_ref()
                .is_some_and(|promise| promise.lines.len() <= WHY_OPEN),
            promise,
            course: sheets(w, page),
            components_note: components_note(w, &components),
            components: components
                .iter()
                .map(|(c, handed)| Paper {
                    url: scan(page, c, *handed),
                    signatures: signed::of_component(w, page, *handed),
                    ..paper(w, c, (*handed, page.record().filed.held(c)))
                })
                .collect(),
            draft,
            draft_title,
            validity: validity::said(w, page),
            waits: waits(w, page),
            no_acts: no_acts(w, page),
            acts,
            links,
            files: files(w, page),
            signed: signed::any(page),
            story: story(reader, page),
            corrections: correction::lines(w, page),
            tasks: tasks(reader, page),
            ..Self::default()
        }
    }
}

/// Lines up to which the derivation stands open.
const WHY_OPEN: usize = 7;

fn due_mark(marker: &Marker, page: &DossierPage) -> Mark {
    match &page.dossier {
        Dossier::Paused(..) | Dossier::Obliged(..) | Dossier::Incomplete(..) => marker.paused(),
        Dossier::Settled(..) => marker.done(),
        other if other.kind().is_closed() => marker.done(),
        _ => marker.running(page.record().published_due()),
    }
}

/// `Còn 2 ngày · T5 26/11, 17:00`.
fn due_words(w: Words, page: &DossierPage, mark: &Mark) -> String {
    match (page.record().published_due(), page.record().received_at) {
        (Some(due), _) => {
            let day = words::short_weekday(w.0, due.date());
            format!(
                "{} · {day} {}, {}",
                mark.words,
                w.short_date(due),
                w.time(&due)
            )
        }
        (None, Some(_)) => w.t("dossier.due_none").to_owned(),
        (None, None) => w.t("dossier.due_not_yet").to_owned(),
    }
}

fn why_title(w: Words, promise: &Promise) -> String {
    let key = if promise.paused {
        "dossier.why_paused"
    } else {
        "dossier.why"
    };
    w.fills(key, &[("date", &promise.date), ("time", &promise.time)])
}

/// Whose it is, how to reach her, and when it came in.
pub(crate) fn facts(w: Words, page: &DossierPage) -> Vec<Fact> {
    let record = page.record();
    let channel = w
        .of("channel", record.filed.channel.as_str())
        .to_lowercase();
    let at = record.received_at.unwrap_or(record.submitted_at);
    let key = if record.received_at.is_some() {
        "dossier.received"
    } else {
        "dossier.filed"
    };
    let came = format!("{}, {} · {channel}", w.short_date(at), w.time(&at));
    let same = record.filed.owner == record.filed.applicant;
    let applicant = if same {
        String::new()
    } else {
        page.applicant.name.clone()
    };
    let facts = [
        Fact::of(w, "dossier.owner", page.owner.name.clone()),
        Fact::of(w, "party.number", page.owner.number.clone()),
        Fact::of(w, "dossier.applicant", applicant),
        Fact::of(w, "party.phone", page.applicant.phone.clone()),
        Fact::of(w, key, came),
    ];
    facts.into_iter().flatten().collect()
}

fn components_note(w: Words, components: &[(&Component, Option<&HandedAs>)]) -> String {
    let there = components
        .iter()
        .filter(|(_, handed)| handed.is_some())
        .count()
        .to_string();
    let all = components.len().to_string();
    w.fills(
        "dossier.components_note",
        &[("there", &there), ("all", &all)],
    )
}

fn paper(
    w: Words,
    component: &Component,
    (handed, held): (Option<&HandedAs>, Option<Database>),
) -> Paper {
    let missing = ("state-missing", "circle-alert");
    let ((class, icon), key) = match (handed, held) {
        (Some(handed), _) => (look(handed), ""),
        (None, Some(_)) => (("state-db", "database"), "component.not_asked"),
        (None, None) if component.held_by.is_some() => (missing, "component.lookup_failed"),
        (None, None) if component.mandatory => (missing, "component.missing"),
        (None, None) => (("state-seen", "x"), "component.not_here"),
    };
    Paper {
        name: component.name.clone(),
        class,
        icon,
        state: handed.map_or_else(|| w.t(key).to_owned(), |handed| state(w, handed)),
        url: String::new(),
        signatures: Vec::new(),
        data: held.is_some() || matches!(handed, Some(HandedAs::Read { .. })),
    }
}

/// Class and icon of a component that is there.
fn look(handed: &HandedAs) -> (&'static str, &'static str) {
    match handed {
        HandedAs::Seen => ("state-seen", "eye"),
        HandedAs::Paper | HandedAs::Attached { .. } => ("state-scan", "file-text"),
        HandedAs::Scanned { .. } => ("state-scan", "scan-line"),
        HandedAs::Reused { .. } => ("state-reuse", "rotate-cw"),
        HandedAs::Read { .. } => ("state-db", "database"),
    }
}

/// Where the scan of a component is read.
fn scan(page: &DossierPage, component: &Component, handed: Option<&HandedAs>) -> String {
    match handed {
        Some(HandedAs::Scanned { .. } | HandedAs::Attached { .. } | HandedAs::Reused { .. }) => {
            address(&page.id, component.number)
        }
        _ => String::new(),
    }
}

/// The last draft of the result, which leaders read before they approve, or the result it became.
fn draft(w: Words, page: &DossierPage) -> (String, String) {
    let drafted = page.story.iter().find_map(|told| match &told.event {
        Event::ResultDrafted { draft, .. } => Some((draft.outcome, told.text.clone())),
        _ => None,
    });
    let Some((outcome, text)) = drafted else {
        return Default::default();
    };
    let key = match (page.dossier.issued().is_some(), outcome) {
        (false, Outcome::Granted) => "dossier.draft_granted",
        (false, Outcome::Refused) => "dossier.draft_refused",
        (true, Outcome::Granted) => "dossier.result_granted",
        (true, Outcome::Refused) => "dossier.result_refused",
    };
    (w.t(key).to_owned(), text)
}

/// What is still to come of the result: its seal, or the scan of its receipt.
fn waits(w: Words, page: &DossierPage) -> String {
    let course = page.dossier.record().map(|record| &record.course);
    if page.waits_for_seal() {
        return w.t("dossier.waits_for_seal").to_owned();
    }
    if course.is_some_and(Course::lacks_receipt) {
        return w.t("dossier.receipt_missing").to_owned();
    }
    String::new()
}

fn no_acts(w: Words, page: &DossierPage) -> String {
    let step = page
        .dossier
        .at_step()
        .and_then(|at| page.process.step(at.index));
    match step {
        Some(step) => w.fill("dossier.no_acts", "role", w.of("role", step.role.as_str())),
        None => w.t("dossier.closed").to_owned(),
    }
}

/// How the result goes out.
pub(super) fn delivery(page: &DossierPage) -> &'static str {
    match page.record().filed.delivery {
        domain::dossier::Delivery::Centre => "delivery.centre",
        domain::dossier::Delivery::Post => "delivery.post",
        domain::dossier::Delivery::Electronic => "delivery.electronic",
    }
}
