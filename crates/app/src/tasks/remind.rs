//! Of which tasks somebody is reminded, before their time is over and after.

use domain::deadline::UrgencyBounds;
use domain::ids::{StaffId, UnitId};
use domain::office::Role;
use jiff::civil::DateTime;
use store::views::{TaskFilter, TaskLine, TaskScope};

use crate::access::Actor;
use crate::no::No;
use crate::processing::bounds;
use crate::state::App;

/// How soon a task is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Nearness {
    /// Its time is over.
    Late,
    /// Today.
    Today,
    /// By the end of the next working day.
    Soon,
}

impl Nearness {
    /// Every one, the most urgent first.
    pub(crate) const ALL: [Self; 3] = [Self::Late, Self::Today, Self::Soon];

    /// The name in message keys.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Today => "today",
            Self::Soon => "soon",
        }
    }

    fn of(line: &TaskLine, bounds: &UrgencyBounds) -> Option<Self> {
        let due = line.due()?;
        if due < bounds.late_before {
            Some(Self::Late)
        } else if due < bounds.today_until {
            Some(Self::Today)
        } else {
            (due < bounds.soon_until).then_some(Self::Soon)
        }
    }
}

/// A task of which somebody is reminded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reminder {
    /// How soon it is due.
    pub(crate) near: Nearness,
    /// The dossier's number.
    pub(crate) code: Option<String>,
    dossier: String,
    number: i64,
}

/// The tasks of which somebody is reminded, the most urgent first: what the agency was asked for and
/// nobody else has taken, and what is late of those that it asked or that the centre received
/// (NĐ 61/2018 Điều 19.5). Up to `most` of each list.
pub(crate) async fn reminders(
    app: &App,
    actor: &Actor,
    (now, most): (DateTime, u32),
) -> Result<Vec<Reminder>, No> {
    let bounds = bounds(app, now);
    let working_for = actor.working_for();
    let mut found = Vec::new();
    for (unit, role) in actor.acting() {
        for scope in scopes(role, unit) {
            let asked = matches!(scope, TaskScope::Asked(_));
            let until = if asked {
                bounds.soon_until
            } else {
                bounds.late_before
            };
            let filter = TaskFilter {
                scope,
                due: Some(DateTime::MIN..until),
                after: None,
                limit: most,
            };
            let lines = app.store().views().tasks(&filter).await?;
            let hers = |line: &&TaskLine| {
                !asked || role == Role::Leader || is_free_for(&working_for, line)
            };
            found.extend(lines.iter().filter(hers).filter_map(|line| {
                Some(Reminder {
                    near: Nearness::of(line, &bounds)?,
                    code: line.code.clone(),
                    dossier: line.dossier.clone(),
                    number: line.number,
                })
            }));
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// Whether nobody has taken the task, or one of these did.
fn is_free_for(staff: &[StaffId], line: &TaskLine) -> bool {
    let holder = line.holder.as_deref();
    holder.is_none_or(|holder| staff.iter().any(|one| one.as_str() == holder))
}

fn scopes(role: Role, unit: &UnitId) -> Vec<TaskScope> {
    match role {
        Role::CaseOfficer | Role::Leader => vec![
            TaskScope::Asked(unit.clone()),
            TaskScope::Sent(unit.clone()),
        ],
        Role::CentreDirector => vec![TaskScope::Received(unit.clone())],
        _ => Vec::new(),
    }
}
