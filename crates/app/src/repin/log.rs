//! Batches as the audit log has them.

use std::collections::BTreeMap;

use domain::ids::{DossierCode, DossierId, StaffId};
use domain::office::Role;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use store::Audited;

use crate::access::Actor;
use crate::no::{Denied, No};
use crate::state::App;

use super::job::{CANCELLED, FAILED, MOVED, REFUSED};
use super::may_move;

/// The audit line that orders a batch; the store writes it once.
pub(super) const ORDERED: &str = "repin.ordered";
/// The audit line on a batch that another takes back; the store writes it once.
pub(super) const UNDONE: &str = "repin.undone";
/// The audit line that lists a batch among all.
pub(super) const LISTED: &str = "repin.listed";
/// Under which subject all batches are found.
pub(super) const ALL: &str = "repin";
/// Batches that are listed.
const SHOWN: u32 = 20;
/// What the log says of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) procedure: String,
    /// Versions to come; none when it takes another batch back.
    pub(super) to: Option<(u32, u32)>,
    pub(super) undoes: Option<String>,
    pub(super) dossiers: Vec<Member>,
}

/// A dossier of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Member {
    pub(super) id: DossierId,
    /// Its number when it was ordered.
    pub(super) code: Option<DossierCode>,
}

/// What came of a dossier in a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The worker has not come to it.
    Waiting,
    /// It moved.
    Moved {
        /// When.
        at: DateTime,
    },
    /// A rule keeps it where it is.
    Refused {
        /// The rule's id.
        rule: String,
        /// The refusal's name in the message catalogue.
        why: String,
    },
    /// It could not be moved for good; the operator sees why.
    Failed,
    /// It had not moved when the batch was taken back, and will not.
    Cancelled,
}

impl Outcome {
    pub(super) fn is_moved(&self) -> bool {
        matches!(self, Self::Moved { .. })
    }
}

/// A dossier of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ordered {
    /// Which.
    pub id: DossierId,
    /// Its number.
    pub code: Option<DossierCode>,
    /// What came of it.
    pub outcome: Outcome,
}

/// A batch as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its name.
    pub id: String,
    /// Code of the procedure.
    pub procedure: String,
    /// Versions of procedure and process to come; none when it takes another batch back.
    pub to: Option<(u32, u32)>,
    /// The batch that it takes back.
    pub undoes: Option<String>,
    /// The batch that takes it back.
    pub undone_by: Option<String>,
    /// Who ordered it, by name.
    pub by: String,
    /// The same, by identifier.
    pub ordered_by: String,
    /// When.
    pub at: DateTime,
    /// Its dossiers, in the order of the preview.
    pub dossiers: Vec<Ordered>,
}

impl Batch {
    /// Dossiers that moved.
    pub fn moved(&self) -> usize {
        self.dossiers
            .iter()
            .filter(|one| one.outcome.is_moved())
            .count()
    }

    /// Whether it can be taken back, as far as it tells itself.
    pub fn may_undo(&self) -> bool {
        let stands = self.undoes.is_none() && self.undone_by.is_none();
        stands && (self.waiting() > 0 || self.moved() > 0)
    }

    /// Whether it keeps the earlier batch from being taken back: it has dossiers of that batch still
    /// to move, or moved them further and stands.
    pub(super) fn holds(&self, earlier: &Self) -> bool {
        let of_earlier = |dossier: &DossierId| {
            let mut theirs = earlier.dossiers.iter();
            theirs.any(|one| one.id == *dossier && one.outcome.is_moved())
        };
        let stands = self.undoes.is_none() && self.undone_by.is_none();
        self.dossiers.iter().any(|one| {
            let holds = match one.outcome {
                Outcome::Waiting => true,
                Outcome::Moved { .. } => stands,
                Outcome::Refused { .. } | Outcome::Failed | Outcome::Cancelled => false,
            };
            holds && of_earlier(&one.id)
        })
    }

    /// Dossiers that the worker has not come to.
    pub fn waiting(&self) -> usize {
        let waits = |one: &&Ordered| one.outcome == Outcome::Waiting;
        self.dossiers.iter().filter(waits).count()
    }
}

/// A batch in the list of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Short {
    /// Its name.
    pub id: String,
    /// Code of the procedure.
    pub procedure: String,
    /// When it was ordered.
    pub at: DateTime,
}

/// A batch as it stands.
///
/// # Errors
/// [`No::Denied`], also when it is another's and the actor does not answer for the province;
/// [`No::Broken`].
pub async fn batch(app: &App, actor: &Actor, id: &str) -> Result<Batch, No> {
    may_move(actor)?;
    let found = read(app, id).await?;
    let own = found.ordered_by == actor.staff.as_str();
    if own || actor.is(Role::ProvinceController) {
        Ok(found)
    } else {
        Err(Denied::Unseen.into())
    }
}

pub(super) async fn read(app: &App, id: &str) -> Result<Batch, No> {
    let lines = app.store().audited(id).await?;
    let first = lines.iter().find(|one| one.line.action == ORDERED);
    let first = first.ok_or(Denied::Unseen)?;
    let ordered: Order =
        serde_json::from_str(&first.line.detail).map_err(|fault| No::Broken(Box::new(fault)))?;
    let outcomes = outcomes(&lines);
    let outcome = |one: Member| {
        let found = outcomes.get(one.id.as_str());
        Ordered {
            outcome: found.cloned().unwrap_or(Outcome::Waiting),
            id: one.id,
            code: one.code,
        }
    };
    let undone = lines.iter().find(|one| one.line.action == UNDONE);
    Ok(Batch {
        id: id.to_owned(),
        procedure: ordered.procedure,
        to: ordered.to,
        undoes: ordered.undoes,
        undone_by: undone.map(|one| one.line.detail.clone()),
        by: name(app, &first.line.actor).await?,
        ordered_by: first.line.actor.clone(),
        at: first.at,
        dossiers: ordered.dossiers.into_iter().map(outcome).collect(),
    })
}

/// A dossier that moved stays so, whatever was noted beside it.
fn outcomes(lines: &[Audited]) -> BTreeMap<&str, Outcome> {
    let mut outcomes = BTreeMap::new();
    for one in lines {
        let dossier = one.line.detail.as_str();
        match one.line.action.as_str() {
            MOVED => {
                outcomes.insert(dossier, Outcome::Moved { at: one.at });
            }
            REFUSED => {
                let (rule, why) = one.line.purpose.split_once(' ').unwrap_or_default();
                let (rule, why) = (rule.to_owned(), why.to_owned());
                let refused = Outcome::Refused { rule, why };
                outcomes.entry(dossier).or_insert(refused);
            }
            FAILED => {
                outcomes.entry(dossier).or_insert(Outcome::Failed);
            }
            CANCELLED => {
                outcomes.entry(dossier).or_insert(Outcome::Cancelled);
            }
            _ => {}
        }
    }
    outcomes
}

async fn name(app: &App, staff: &str) -> Result<String, No> {
    let Ok(id) = StaffId::parse(staff) else {
        return Ok(staff.to_owned());
    };
    let found = app.store().staff(&[id]).await?.pop();
    Ok(found.map_or_else(|| staff.to_owned(), |member| member.name))
}

/// The last batches, newest first; the own ones for whoever does not answer for the province.
///
/// # Errors
/// [`No::Denied`], [`No::Broken`].
pub async fn batches(app: &App, actor: &Actor) -> Result<Vec<Short>, No> {
    may_move(actor)?;
    let all = actor.is(Role::ProvinceController);
    let lines = app.store().last_audited(ALL, SHOWN).await?;
    let seen = lines
        .into_iter()
        .filter(|one| all || one.line.actor == actor.staff.as_str());
    let short = seen.map(|one| Short {
        id: one.line.detail,
        procedure: one.line.purpose,
        at: one.at,
    });
    Ok(short.collect())
}
