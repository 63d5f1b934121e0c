//! Permissions: a person in posts, a command, a dossier's agencies. A use case cannot go on without
//! the [`Permit`] that only this module makes.

mod administration;
mod post;
mod sealing;
mod standing;

use std::collections::BTreeSet;

use domain::dossier::{CommandKind, Dossier};
use domain::ids::{StaffId, UnitId};
use domain::office::Role;
use domain::process::{Place, Process};

use crate::no::Denied;
use crate::state::App;
use crate::words::Language;

pub use administration::{
    may_administer, may_end_certificate, may_register_certificate, may_see_certificate,
};
pub use post::may_read_scans;
pub use sealing::may_seal_anew;
use standing::judged;
pub use standing::{StandIn, lacks_signing, leads, may_delegate};

/// A signed-in member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub staff: StaffId,
    /// Name, as shown.
    pub name: String,
    /// Posts held today, and behind them the same posts at units that ended and left their work to one
    /// of these.
    pub posts: Vec<(UnitId, Role)>,
    /// Posts held today for colleagues who are away.
    pub standing: Vec<StandIn>,
    /// Language of the interface.
    pub language: Language,
}

impl Actor {
    /// Whether the actor holds `role` at `unit`, standing in not counted.
    pub fn holds(&self, role: Role, unit: &UnitId) -> bool {
        self.posts
            .iter()
            .any(|(at, held)| at == unit && *held == role)
    }

    /// Whether the actor holds any of `roles` at `unit`, standing in not counted.
    pub fn holds_any(&self, roles: &[Role], unit: &UnitId) -> bool {
        roles.iter().any(|role| self.holds(*role, unit))
    }

    /// Whether the actor holds `role` anywhere, or stands in for somebody who does.
    pub fn is(&self, role: Role) -> bool {
        self.acting().any(|(_, held)| held == role)
    }

    /// The unit of the first post: where the person works.
    pub fn unit(&self) -> Option<&UnitId> {
        self.posts.first().map(|(unit, _)| unit)
    }

    /// The units whose dossiers the actor sees.
    pub fn seeing(&self) -> Vec<UnitId> {
        let near = self.acting().filter(|(_, role)| SEEING.contains(role));
        let mut units: Vec<UnitId> = near.map(|(unit, _)| unit.clone()).collect();
        // In the order of the posts, so that the first is where the person works.
        let mut known = BTreeSet::new();
        units.retain(|unit| known.insert(unit.clone()));
        units
    }

    /// Where the actor fills in intakes, and as what: a counter before anything else.
    pub fn desk(&self) -> Option<(&UnitId, Desk)> {
        let at = |role: Role| self.posts.iter().find(|(_, held)| *held == role);
        let counter = self.counter().map(|unit| (unit, Desk::Counter));
        let post = at(Role::PostAgent).map(|(unit, _)| (unit, Desk::Post));
        let help = at(Role::Volunteer).map(|(unit, _)| (unit, Desk::Help));
        counter.or(post).or(help)
    }

    /// As what the actor fills in intakes at `unit`; none where the actor does not.
    pub fn desk_at(&self, unit: &UnitId) -> Option<Desk> {
        let helps = |role| self.holds(role, unit);
        if self.acts_as_any(&RECEIVING, unit) {
            Some(Desk::Counter)
        } else if helps(Role::PostAgent) {
            Some(Desk::Post)
        } else {
            helps(Role::Volunteer).then_some(Desk::Help)
        }
    }

    /// The units where the actor fills in intakes, each once, the first post before others.
    pub fn desks(&self) -> Vec<UnitId> {
        let mut units: Vec<UnitId> = self
            .desk()
            .map(|(unit, _)| unit.clone())
            .into_iter()
            .collect();
        for (unit, _) in self.acting() {
            if !units.contains(unit) && self.desk_at(unit).is_some() {
                units.push(unit.clone());
            }
        }
        units
    }

    /// The unit at whose counter the actor receives.
    pub fn counter(&self) -> Option<&UnitId> {
        self.acting()
            .find(|(_, role)| RECEIVING.contains(role))
            .map(|(unit, _)| unit)
    }
}

/// As what somebody fills in intakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Desk {
    /// At a counter: everything.
    Counter,
    /// For the post (QĐ 45/2016/QĐ-TTg): files, and never decides.
    Post,
    /// Helps citizens to fill in, and hands what was typed to a clerk.
    Help,
}

/// Who receives and returns at a centre.
pub const RECEIVING: [Role; 2] = [Role::ReceptionClerk, Role::CentreDirector];

/// Roles that see the dossiers of their unit.
const SEEING: [Role; 5] = [
    Role::ReceptionClerk,
    Role::CaseOfficer,
    Role::Leader,
    Role::SealClerk,
    Role::CentreDirector,
];

/// The agencies and the step that permissions depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// The centre that received.
    pub receiving: UnitId,
    /// The agency that decides.
    pub competent: UnitId,
    /// Who works on the current step, and where.
    pub step: Option<(Role, UnitId)>,
    /// Who holds the current step.
    pub holder: Option<StaffId>,
    /// Other agencies that have, or had, a task in it.
    pub tasks: Vec<UnitId>,
    /// The agent of the post who filed it and has its papers still.
    pub with_agent: Option<StaffId>,
}

impl Resource {
    /// What permissions on this dossier depend on; none while it is absent.
    pub fn of(dossier: &Dossier, process: &Process) -> Option<Self> {
        let record = dossier.record()?;
        let filed = &record.filed;
        let tasks = record.course.tasks.iter();
        let tasks = tasks.filter(|task| task.shows_the_dossier());
        let step = dossier
            .at_step()
            .and_then(|at| process.step(at.index))
            .map(|step| {
                let unit = match step.place {
                    Place::Centre => filed.receiving.clone(),
                    Place::Competent => filed.competent.clone(),
                };
                (step.role, unit)
            });
        Some(Self {
            receiving: filed.receiving.clone(),
            competent: filed.competent.clone(),
            step,
            holder: dossier.at_step().and_then(|at| at.holder.clone()),
            tasks: tasks.map(|task| task.sent.agency.clone()).collect(),
            with_agent: filed.agent.clone().filter(|_| record.is_with_agent()),
        })
    }

    /// The same, where agencies that ended left what they did to others: who took over sees it and
    /// answers for it.
    #[must_use]
    pub fn passed_on(self, app: &App) -> Self {
        Self {
            receiving: app.heir(&self.receiving),
            competent: app.heir(&self.competent),
            step: self.step.map(|(role, unit)| (role, app.heir(&unit))),
            tasks: self.tasks.iter().map(|agency| app.heir(agency)).collect(),
            ..self
        }
    }

    /// Whether the actor examines or leads at an agency that has a task in the dossier.
    fn has_task(&self, actor: &Actor) -> bool {
        let roles = [Role::CaseOfficer, Role::Leader];
        self.tasks
            .iter()
            .any(|agency| actor.holds_any(&roles, agency))
    }
}

/// Proof that the actor may; made here alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    by: StaffId,
    whom: Option<StaffId>,
    right: &'static str,
}

impl Permit {
    /// Who acts.
    pub fn by(&self) -> &StaffId {
        &self.by
    }

    /// For whom, when somebody absent is stood in for.
    pub fn for_whom(&self) -> Option<&StaffId> {
        self.whom.as_ref()
    }

    /// By which right, for the audit log.
    pub fn right(&self) -> &'static str {
        self.right
    }
}

/// Whether the actor may see the dossier.
///
/// # Errors
/// [`Denied::Unseen`].
pub fn may_see(actor: &Actor, resource: &Resource) -> Result<Permit, Denied> {
    judged(actor, None, |actor| sees(actor, resource))
}

fn sees(actor: &Actor, resource: &Resource) -> Result<Permit, Denied> {
    let near = actor.holds_any(&SEEING, &resource.receiving)
        || actor.holds_any(&SEEING, &resource.competent)
        || resource.has_task(actor);
    if near {
        return Ok(permit(actor, "unit"));
    }
    if actor.is(Role::ProvinceController) {
        return Ok(permit(actor, "control"));
    }
    Err(Denied::Unseen)
}

/// Whether the actor may file or receive at `unit`.
///
/// # Errors
/// [`Denied::Seen`]: that there are counters is no secret.
pub fn may_file(actor: &Actor, command: CommandKind, unit: &UnitId) -> Result<Permit, Denied> {
    judged(actor, None, |actor| files(actor, command, unit))
}

fn files(actor: &Actor, command: CommandKind, unit: &UnitId) -> Result<Permit, Denied> {
    let agent = command == CommandKind::Submit && actor.holds(Role::PostAgent, unit);
    if agent || actor.holds_any(&RECEIVING, unit) {
        Ok(permit(actor, "counter"))
    } else {
        Err(Denied::Seen)
    }
}

/// Whether the actor may give `command` to the dossier.
///
/// # Errors
/// [`Denied`], unseen before seen.
pub fn may_act(actor: &Actor, command: CommandKind, resource: &Resource) -> Result<Permit, Denied> {
    let holder = resource.holder.as_ref();
    judged(actor, holder, |actor| acts(actor, command, resource))
}

/// Whether the actor may give a command that is for one agency with a task alone.
///
/// # Errors
/// [`Denied`], unseen before seen.
pub fn may_act_for(
    actor: &Actor,
    command: CommandKind,
    resource: &Resource,
    agency: &UnitId,
) -> Result<Permit, Denied> {
    may_see(actor, resource)?;
    let mut alone = resource.clone();
    alone.tasks.retain(|has| has == agency);
    may_act(actor, command, &alone).map_err(|_| Denied::Seen)
}

fn acts(actor: &Actor, command: CommandKind, resource: &Resource) -> Result<Permit, Denied> {
    if command == CommandKind::Scan && resource.is_with(actor) {
        return Ok(permit(actor, command.as_str()));
    }
    let seen = sees(actor, resource)?;
    let counter = actor.holds_any(&RECEIVING, &resource.receiving);
    let worker = resource
        .step
        .as_ref()
        .is_some_and(|(role, unit)| actor.holds(*role, unit));
    let leader = actor.holds(Role::Leader, &resource.competent);
    let director = actor.holds(Role::CentreDirector, &resource.receiving);
    let may = match command {
        // The agency never turns to the applicant past the centre (NĐ 61/2018 Điều 5.1e).
        CommandKind::AskSupplement
        | CommandKind::Submit
        | CommandKind::Receive
        | CommandKind::HandByPost
        | CommandKind::Accept
        | CommandKind::Decline
        | CommandKind::Supply
        | CommandKind::HandOver
        | CommandKind::AcknowledgeResult
        | CommandKind::Return
        | CommandKind::ScanReceipt
        | CommandKind::Scan
        | CommandKind::Withdraw => counter,
        CommandKind::ApproveSupplement => leader && resource.step.is_some(),
        CommandKind::DiscardSupplement => counter || leader || worker,
        CommandKind::Assign => leader || worker,
        CommandKind::DraftSupplement
        | CommandKind::DraftResult
        | CommandKind::SignResult
        | CommandKind::Forward
        | CommandKind::SendBack
        | CommandKind::NoticeObligation
        | CommandKind::SendTasks
        | CommandKind::AcknowledgeAnswer
        | CommandKind::RecallTask
        | CommandKind::Issue => worker,
        CommandKind::MeetObligation | CommandKind::RecordLookup => counter || worker,
        CommandKind::CloseUnanswered => counter || leader,
        CommandKind::Stop | CommandKind::OpenCorrection | CommandKind::CopyResult => leader,
        CommandKind::DigitiseResult => actor.holds(Role::SealClerk, &resource.competent),
        CommandKind::Apologise | CommandKind::AdmitToLane => leader || director,
        CommandKind::AcceptTask | CommandKind::AnswerTask => resource.has_task(actor),
        CommandKind::Repin => director || actor.is(Role::ProvinceController),
        // Given by the program alone, or together with a command to another dossier.
        CommandKind::LapseTask | CommandKind::Release | CommandKind::FinishCorrection => false,
    };
    if may {
        Ok(Permit {
            right: command.as_str(),
            ..seen
        })
    } else {
        Err(Denied::Seen)
    }
}

/// Whether the actor may read the register of a centre: who sees its dossiers, and who watches the
/// province.
///
/// # Errors
/// [`Denied::Unseen`].
pub fn may_read_register(actor: &Actor, unit: &UnitId) -> Result<Permit, Denied> {
    judged(actor, None, |actor| {
        if actor.holds_any(&SEEING, unit) {
            Ok(permit(actor, "unit"))
        } else if actor.is(Role::ProvinceController) {
            Ok(permit(actor, "control"))
        } else {
            Err(Denied::Unseen)
        }
    })
}

/// Whether the actor may close a book of the register: its centre's head.
///
/// # Errors
/// [`Denied`], unseen before seen.
pub fn may_close_register(actor: &Actor, unit: &UnitId) -> Result<Permit, Denied> {
    may_read_register(actor, unit)?;
    judged(actor, None, |actor| {
        if actor.holds(Role::CentreDirector, unit) {
            Ok(permit(actor, "register"))
        } else {
            Err(Denied::Seen)
        }
    })
}

fn permit(actor: &Actor, right: &'static str) -> Permit {
    Permit {
        by: actor.staff.clone(),
        whom: None,
        right,
    }
}
