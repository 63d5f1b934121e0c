//! The way of a dossier from hand to hand: the table of Form 06, and every step of it.

use std::collections::BTreeMap;

use domain::dossier::{
    Acknowledged, Answer, Event, HandedOver, Record, SentTask, TaskState, TasksSent,
};
use domain::ids::{DossierId, StaffId};
use domain::process::Process;
use domain::slip::{HandoverLine, Progress, ProgressLine, Punctuality, Slip};
use jiff::civil::DateTime;
use store::{AuditLine, Loaded, Recorded};

use crate::access::{Actor, Resource, may_see};
use crate::no::{Denied, No};
use crate::state::App;
use crate::words::{self, Language};

use super::compose::{Sheet, sheet};
use super::paper::punctual;

const VI: Language = Language::Vi;

/// Names of staff by identifier.
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    async fn of(app: &App, loaded: &Loaded) -> Result<Self, No> {
        let mut ids: Vec<StaffId> = Vec::new();
        for recorded in &loaded.events {
            ids.extend(StaffId::parse(&recorded.actor).ok());
            if let Event::Assigned { to, .. } = &recorded.event {
                ids.push(to.clone());
            }
        }
        let staff = app.store().staff(&ids).await?;
        let named = staff.into_iter().map(|one| (one.id.to_string(), one.name));
        Ok(Self(named.collect()))
    }

    fn get(&self, id: &str) -> String {
        self.0.get(id).cloned().unwrap_or_default()
    }
}

/// Every hand-over so far, in order of time, with who gave and who acknowledged.
pub(super) async fn handovers(sheet: &Sheet<'_>, loaded: &Loaded) -> Result<Vec<HandoverLine>, No> {
    let names = Names::of(sheet.app, loaded).await?;
    let mut rows = Vec::new();
    let mut reception_ends = None;
    for recorded in &loaded.events {
        match &recorded.event {
            Event::Received { step_due, .. } => reception_ends = Some(*step_due),
            Event::HandedOver(HandedOver { at, to, late, .. }) => {
                let (receiver, at_hand) = acknowledged(loaded, &names);
                rows.push(HandoverLine {
                    agency: sheet.app.unit_name(to),
                    at: *at,
                    received: at_hand,
                    outcome: reception_ends.map(|due| punctual(*at, due)),
                    note: late.map_or_else(String::new, late_words),
                    giver: names.get(&recorded.actor),
                    receiver,
                });
            }
            Event::TasksSent(sent) => {
                let tasks = sent.tasks.iter();
                rows.extend(tasks.flat_map(|task| task_rows(sheet, loaded, &names, (sent, task))));
            }
            Event::Settled { issued, .. } => {
                let (receiver, at_hand) = result_back(loaded, &names);
                rows.push(HandoverLine {
                    agency: sheet.centre_name(),
                    at: issued.at,
                    received: at_hand,
                    outcome: sheet
                        .record
                        .published_due()
                        .map(|due| punctual(issued.at, due)),
                    note: words::fill(VI, "way.result", &[("number", &issued.number)]),
                    giver: names.get(&recorded.actor),
                    receiver,
                });
            }
            _ => {}
        }
    }
    rows.sort_by_key(|row| row.at);
    Ok(rows)
}

/// Until when the law wanted it handed over, when that was over (TN-08).
fn late_words(until: DateTime) -> String {
    let at = until.strftime("%H:%M %d/%m/%Y").to_string();
    words::fill(VI, "way.late", &[("until", &at)])
}

/// Who of the agency acknowledged that it has the dossier, and when.
fn acknowledged(loaded: &Loaded, names: &Names) -> (String, Option<DateTime>) {
    let record = loaded.dossier.record();
    named(
        record.and_then(|record| record.course.acknowledged.as_ref()),
        names,
    )
}

/// Who of the centre acknowledged that the result is back, and when; where the centre's own agency
/// decides, who returned it had it.
fn result_back(loaded: &Loaded, names: &Names) -> (String, Option<DateTime>) {
    let record = loaded.dossier.record();
    let back = record.and_then(|record| record.course.result_back.as_ref());
    if back.is_some() || record.is_some_and(Record::goes_between) {
        return named(back, names);
    }
    let mut events = loaded.events.iter().rev();
    let returned = events.find(|one| matches!(one.event, Event::Returned(_)));
    let by = returned
        .map(|one| names.get(&one.actor))
        .unwrap_or_default();
    (by, returned.map(|one| one.event.at()))
}

fn named(by: Option<&Acknowledged>, names: &Names) -> (String, Option<DateTime>) {
    let name = by.map(|by| names.get(by.by.as_str())).unwrap_or_default();
    (name, by.map(|by| by.at))
}

/// To another agency, and back from it: each side by name.
fn task_rows(
    sheet: &Sheet<'_>,
    loaded: &Loaded,
    names: &Names,
    (sent, task): (&TasksSent, &SentTask),
) -> Vec<HandoverLine> {
    let opened = |recorded: &Recorded| match &recorded.event {
        Event::TaskOpened {
            at, task: number, ..
        } if *number == task.number => Some(*at),
        _ => None,
    };
    let at = match task.due {
        Some(_) => Some(sent.at),
        None => loaded.events.iter().find_map(opened),
    };
    // Its turn has not come: nothing was handed over.
    let Some(at) = at else {
        return Vec::new();
    };
    let accepted = loaded.events.iter().find_map(|one| match &one.event {
        Event::TaskAccepted {
            task: number,
            by,
            at,
            ..
        } if *number == task.number => Some((by, *at)),
        _ => None,
    });
    let there = HandoverLine {
        agency: sheet.app.unit_name(&task.agency),
        at,
        received: accepted.map(|(_, at)| at),
        outcome: None,
        note: words::t(VI, &format!("way.{}", task.kind.as_str())).to_owned(),
        giver: names.get(sent.by.as_str()),
        receiver: accepted
            .map(|(by, _)| names.get(by.as_str()))
            .unwrap_or_default(),
    };
    let back = answer_row(sheet, loaded, names, (sent, task));
    [there].into_iter().chain(back).collect()
}

fn answer_row(
    sheet: &Sheet<'_>,
    loaded: &Loaded,
    names: &Names,
    (sent, task): (&TasksSent, &SentTask),
) -> Option<HandoverLine> {
    let tasks = loaded.dossier.record().map(|record| &record.course.tasks);
    let known = tasks?.iter().find(|one| one.sent.number == task.number)?;
    let row = |at, outcome, note: &str, (people, received): ((String, String), _)| HandoverLine {
        agency: sheet.app.unit_name(&sent.lead),
        at,
        received,
        outcome,
        note: words::fill(VI, note, &[("agency", &sheet.app.unit_name(&task.agency))]),
        giver: people.0,
        receiver: people.1,
    };
    match &known.state {
        TaskState::Answered {
            answer,
            acknowledged,
        } => {
            let receiver = acknowledged.as_ref();
            let people = (
                names.get(answer.by.as_str()),
                receiver
                    .map(|(by, _)| names.get(by.as_str()))
                    .unwrap_or_default(),
            );
            let outcome = known.sent.due.map(|due| kept(answer, due));
            let at_hand = receiver.map(|(_, at)| *at);
            Some(row(answer.at, outcome, "way.answer", (people, at_hand)))
        }
        TaskState::Lapsed { at } => {
            let nobody = (String::new(), String::new());
            Some(row(
                *at,
                Some(Punctuality::Late),
                "way.lapsed",
                (nobody, None),
            ))
        }
        TaskState::Waiting
        | TaskState::Open
        | TaskState::Accepted { .. }
        | TaskState::Recalled { .. } => None,
    }
}

/// How the agency kept its own time.
fn kept(answer: &Answer, due: DateTime) -> Punctuality {
    if answer.late {
        Punctuality::Late
    } else {
        punctual(answer.at, due)
    }
}

/// Draws the way of a dossier so far, for whoever may see it; every reading is logged.
///
/// # Errors
/// [`No::Denied`], unseen; [`No::Broken`].
pub async fn progress(app: &App, actor: &Actor, dossier: &DossierId) -> Result<Vec<u8>, No> {
    let loaded = app.store().load(dossier).await?;
    let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
    let filed = &record.filed;
    let process = app.process(&filed.procedure, filed.process_version).await?;
    let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
    may_see(actor, &resource.passed_on(app))?;
    let now = app.clock().now();
    let last = loaded.events.last().ok_or(Denied::Unseen)?;
    let sheet = sheet(app, record, last).await?;
    let mut heading = sheet.heading();
    heading.at = now;
    let owner = sheet.owner.as_ref().unwrap_or(&sheet.applicant);
    let slip = Progress {
        heading,
        request: sheet.request(),
        owner: owner.name.clone(),
        rows: rows(app, &loaded, &process).await?,
    };
    let pdf = app.slips().render(Slip::Progress(slip)).await?;
    let read = AuditLine {
        actor: actor.staff.to_string(),
        action: "progress.printed".to_owned(),
        subject: dossier.to_string(),
        purpose: String::new(),
        detail: String::new(),
    };
    app.store().audit(now, vec![read]).await?;
    Ok(pdf)
}

/// What happened, without the papers that a machine made.
async fn rows(app: &App, loaded: &Loaded, process: &Process) -> Result<Vec<ProgressLine>, No> {
    let names = Names::of(app, loaded).await?;
    let events = loaded.events.iter().filter(|one| !one.event.is_paper());
    let rows = (1_u32..).zip(events).map(|(number, recorded)| {
        let (receiver, until) = onwards(app, &names, process, &recorded.event);
        let sender = names.get(&recorded.actor);
        ProgressLine {
            number,
            at: recorded.event.at(),
            sender: if sender.is_empty() {
                words::t(VI, "dossier.system").to_owned()
            } else {
                sender
            },
            act: act_words(&recorded.event),
            receiver,
            until,
        }
    });
    Ok(rows.collect())
}

/// What an event is called in the story.
fn act_words(event: &Event) -> String {
    let kind = event.kind().trim_start_matches("dossier.");
    let kind = kind.trim_end_matches(".v1");
    words::t(VI, &format!("web.event.{kind}")).to_owned()
}

/// To whom the dossier went, and until when it has to be done there.
fn onwards(
    app: &App,
    names: &Names,
    process: &Process,
    event: &Event,
) -> (String, Option<DateTime>) {
    let step = |index: usize| {
        let step = process.step(index);
        step.map(|step| step.name.clone()).unwrap_or_default()
    };
    match event {
        Event::HandedOver(HandedOver { to, step_due, .. }) => (app.unit_name(to), Some(*step_due)),
        Event::Assigned { to, .. } => (names.get(to.as_str()), None),
        Event::StepFinished {
            step: done,
            step_due,
            ..
        } => (step(done.saturating_add(1)), Some(*step_due)),
        Event::SentBack {
            step: from,
            to,
            step_due,
            ..
        } => {
            let back = to.unwrap_or(from.saturating_sub(1));
            (step(back), Some(*step_due))
        }
        Event::TasksSent(sent) => {
            let agencies = sent.tasks.iter().map(|task| app.unit_name(&task.agency));
            let agencies: Vec<String> = agencies.collect();
            (agencies.join("; "), None)
        }
        Event::Received { due, .. } => (String::new(), *due),
        Event::Settled { step_due, .. } => (String::new(), Some(*step_due)),
        _ => (String::new(), None),
    }
}
