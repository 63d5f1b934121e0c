//! Everything the page of a dossier shows.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::deadline::{self, Deadline, Limit};
use domain::dossier::{CommandKind, Dossier, Event, HandedAs, Record};
use domain::ids::{DossierId, FileHash, StaffId, TextId, UnitId};
use domain::office::Role;
use domain::procedure::{Component, Procedure};
use domain::process::Process;
use jiff::civil::{Date, DateTime};
use store::{Loaded, Slip, StaffPost};

use crate::absence::{Away, away_at};
use crate::access::{Actor, Resource, may_see};
use crate::facts::Settings;
use crate::no::{Denied, No};
use crate::notices::{self, DeliveryLine};
use crate::people::{PartyView, party_view};
use crate::state::App;
use crate::tasks::{self, TaskView};
use crate::verification::{Found, found_of, signable};

use super::correct::{Link, links};
use super::issuing::Issuing;
use super::offered::{actions, waits_for_seal};
use super::told::{Told, story, words};

/// A dossier as its page shows it.
#[derive(Debug, Clone)]
pub struct DossierPage {
    /// Its id.
    pub id: DossierId,
    /// Its version, which every form of the page sends back.
    pub version: u32,
    /// Its state.
    pub dossier: Dossier,
    /// The procedure's version.
    pub procedure: Arc<Procedure>,
    /// The process's version.
    pub process: Arc<Process>,
    /// Who applies.
    pub applicant: PartyView,
    /// For whom.
    pub owner: PartyView,
    /// What was published to the applicant, with its derivation.
    pub deadline: Option<Deadline>,
    /// Working minutes used of each step, where known.
    pub used: Vec<Option<u32>>,
    /// Commands that the actor may give in this state, in the order of the page.
    pub actions: Vec<CommandKind>,
    /// Tasks of other agencies, in the order in which they were sent.
    pub tasks: Vec<TaskView>,
    /// The story, newest first.
    pub story: Vec<Told>,
    /// Slips that were made.
    pub slips: Vec<Slip>,
    /// What is known of the signatures of its files.
    pub signatures: BTreeMap<FileHash, Found>,
    /// What the applicant was told, oldest first.
    pub notices: Vec<DeliveryLine>,
    /// Dossiers on the other side of corrections.
    pub links: Vec<Link>,
    /// Staff to whom the current step can be given.
    pub colleagues: Vec<Colleague>,
    /// Leaders of the agency, who decide that a result on paper is copied, where that is offered.
    pub deciders: Vec<Colleague>,
    /// Free texts of the dossier, opened, by identifier.
    pub words: BTreeMap<String, String>,
    /// Names of everybody in the story, by identifier.
    pub names: BTreeMap<String, String>,
    /// The name of the one who holds the current step.
    pub holder: String,
    /// How the time for issuing what was signed stands; none before somebody signed.
    pub issuing: Option<Issuing>,
    /// Now, once for the page.
    pub now: DateTime,
}

/// Somebody to whom a step can be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// Who.
    pub staff: StaffId,
    /// Her name.
    pub name: String,
    /// Until when she is away, and who stands in; none when she is there.
    pub away: Option<Away>,
}

impl DossierPage {
    /// What the dossier carries.
    ///
    /// A page is made of dossiers that exist alone.
    pub fn record(&self) -> &Record {
        self.dossier
            .record()
            .expect("a page is made of a dossier that exists")
    }

    /// Whether the result is issued and does not bear the agency's seal yet: nobody gets it before.
    pub fn waits_for_seal(&self) -> bool {
        waits_for_seal(&self.dossier, &self.procedure)
    }

    /// A free text, opened; empty when it is not known.
    pub fn said(&self, text: &TextId) -> &str {
        self.words.get(text.as_str()).map_or("", String::as_str)
    }

    /// Components of its case and in which form each is there.
    pub fn components(&self) -> Vec<(&Component, Option<&HandedAs>)> {
        let filed = &self.record().filed;
        let case = self.procedure.case(filed.case);
        let there = |number: u16| filed.handed.iter().find(|h| h.component == number);
        let components = case
            .map(|case| case.components.as_slice())
            .unwrap_or_default();
        components
            .iter()
            .map(|c| (c, there(c.number).map(|h| &h.handed)))
            .collect()
    }
}

/// The deadline of a dossier as it stands, counted by the calendar and the hours that held when it
/// was promised: at the reception, when the clock last ran again, or when a move to another version
/// promised less. None without a limit.
///
/// After a move to a shorter limit the first one still bounds what a restart promises; where it does,
/// it is what explains the date.
fn deadline_of(settings: &Settings, record: &Record) -> Option<Deadline> {
    let own = counted(settings, record, record.limit?)?;
    let first = record.course.first.as_ref();
    let bounds = first.filter(|first| record.due == Some(first.due) && first.due < own.due);
    bounds
        .and_then(|first| counted(settings, record, first.limit))
        .or(Some(own))
}

/// The deadline published to the applicant: that of the green lane, where it is before the legal one.
pub(crate) fn published_of(settings: &Settings, record: &Record) -> Option<Deadline> {
    let lane = record.course.lane.as_ref();
    let sooner = lane.filter(|lane| record.due.is_none_or(|legal| lane.due < legal));
    let Some(lane) = sooner else {
        return deadline_of(settings, record);
    };
    let explained = counted(settings, record, lane.limit)?;
    Some(Deadline {
        due: lane.due,
        ..explained
    })
}

fn counted(settings: &Settings, record: &Record, limit: Limit) -> Option<Deadline> {
    let received = record.received_at?;
    let resumed = record.pauses.iter().rev().find_map(|pause| pause.to);
    let promised = record
        .course
        .recounted_on
        .unwrap_or_else(|| resumed.unwrap_or(received).date());
    let clock = settings.clock_of(&record.calendar, promised);
    deadline::due(received, limit, &record.pauses, &clock).ok()
}

/// Reads the page of a dossier; opening the persons' records is logged.
///
/// # Errors
/// [`No::Denied`], unseen; [`No::Broken`].
pub async fn dossier_page(app: &App, actor: &Actor, id: &DossierId) -> Result<DossierPage, No> {
    let loaded = app.store().load(id).await?;
    let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
    let filed = &record.filed;
    let process = app.process(&filed.procedure, filed.process_version).await?;
    let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
    let resource = resource.passed_on(app);
    may_see(actor, &resource)?;
    let settings = app.settings();
    let applicant = party_view(app, actor, &filed.applicant, id).await?;
    let owner = if filed.owner == filed.applicant {
        applicant.clone()
    } else {
        party_view(app, actor, &filed.owner, id).await?
    };
    let names = names(app, &loaded).await?;
    let holder = loaded.dossier.at_step().and_then(|at| at.holder.as_ref());
    let now = app.clock().now();
    let procedure = app
        .procedure(&filed.procedure, filed.procedure_version)
        .await?;
    let words = words(app, &loaded).await?;
    let tasks = tasks::views(actor, &loaded.dossier, &resource);
    let anew = record.may_promise_anew(settings.parameters(), now);
    let versions = (&*procedure, &*process);
    let mut actions = actions(actor, (&loaded.dossier, anew), versions, &resource);
    actions.extend(tasks::offered(&tasks));
    let leaders = actions
        .contains(&CommandKind::DigitiseResult)
        .then(|| (Role::Leader, resource.competent.clone()));
    let deciders = colleagues(app, leaders.as_ref(), now.date()).await?;
    Ok(DossierPage {
        id: id.clone(),
        version: loaded.version,
        applicant,
        owner,
        deadline: published_of(&settings, record),
        used: used(&loaded, &process, &settings, now),
        actions,
        tasks,
        story: story(&loaded, &names, &words),
        procedure,
        words,
        slips: app.store().slips(id).await?,
        signatures: found_of(app, &signable(&loaded)).await?,
        notices: notices::of_dossier(app, id).await?,
        links: links(app, record).await?,
        colleagues: colleagues(app, resource.step.as_ref(), now.date()).await?,
        deciders,
        holder: holder
            .map(|id| name_of(&names, id.as_str()))
            .unwrap_or_default(),
        names,
        process,
        issuing: Issuing::of(&loaded, settings.clock().calendar, now),
        now,
        dossier: loaded.dossier,
    })
}

fn name_of(names: &BTreeMap<String, String>, id: &str) -> String {
    names.get(id).cloned().unwrap_or_default()
}

async fn names(app: &App, loaded: &Loaded) -> Result<BTreeMap<String, String>, No> {
    let mut ids: Vec<StaffId> = loaded
        .events
        .iter()
        .flat_map(|r| std::iter::once(&r.actor).chain(&r.behalf))
        .filter_map(|who| StaffId::parse(who).ok())
        .collect();
    ids.extend(
        loaded
            .events
            .iter()
            .filter_map(|recorded| match &recorded.event {
                Event::Assigned { to, .. } => Some(to.clone()),
                Event::ResultDigitised(digitised) => Some(digitised.decided_by.clone()),
                Event::Submitted { filed, .. } => filed.help.as_ref().map(|help| help.by.clone()),
                _ => None,
            }),
    );
    ids.extend(loaded.dossier.at_step().and_then(|at| at.holder.clone()));
    let staff = app.store().staff(&ids).await?;
    Ok(staff
        .into_iter()
        .map(|member| (member.id.to_string(), member.name))
        .collect())
}

async fn colleagues(
    app: &App,
    at: Option<&(Role, UnitId)>,
    today: Date,
) -> Result<Vec<Colleague>, No> {
    let Some((role, unit)) = at else {
        return Ok(Vec::new());
    };
    let staff = app.store().staff_of(unit, Some(*role), today).await?;
    let away = away_at(app, (unit, *role), today).await?;
    let colleague = |found: StaffPost| Colleague {
        away: away
            .iter()
            .find(|one| one.staff == found.post.staff)
            .cloned(),
        staff: found.post.staff,
        name: found.name,
    };
    Ok(staff.into_iter().map(colleague).collect())
}

/// Working minutes that each step has used, from the events that began and ended it.
fn used(
    loaded: &Loaded,
    process: &Process,
    settings: &Settings,
    now: DateTime,
) -> Vec<Option<u32>> {
    let mut used: Vec<Option<u32>> = vec![None; process.steps.len()];
    let mut began: Option<(usize, DateTime)> = None;
    let mut dossier = Dossier::Absent;
    let clock = settings.clock();
    let mut add = |began: Option<(usize, DateTime)>, until: DateTime| {
        let Some((index, since)) = began else { return };
        let minutes = deadline::working_minutes_between(since, until, &clock).unwrap_or(0);
        if let Some(slot) = used.get_mut(index) {
            *slot = Some(slot.unwrap_or(0).saturating_add(minutes));
        }
    };
    for recorded in &loaded.events {
        dossier = dossier.evolve(&recorded.event);
        let running = !matches!(dossier, Dossier::Paused(..) | Dossier::Obliged(..));
        let at = dossier.at_step().filter(|_| running).map(|at| at.index);
        if at != began.map(|(index, _)| index) {
            add(began, recorded.event.at());
            began = at.map(|index| (index, recorded.event.at()));
        }
    }
    add(began, now);
    used
}
