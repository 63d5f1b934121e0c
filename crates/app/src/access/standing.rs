//! Standing in: the posts that somebody holds for colleagues who are away. Nothing is handed over:
//! they are read with every request, so that they are gone the day after the last.

use domain::delegation::{Delegation, SIGNING};
use domain::dossier::CommandKind;
use domain::ids::{StaffId, UnitId};
use domain::office::Role;
use domain::process::Product;
use jiff::civil::Date;

use super::{Actor, Permit, Resource};
use crate::no::Denied;

/// A post that somebody holds for a colleague who is away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandIn {
    /// Where.
    pub unit: UnitId,
    /// As what.
    pub role: Role,
    /// For whom.
    pub whom: StaffId,
    /// The absent person's name.
    pub name: String,
    /// Last day.
    pub last: Date,
    /// Whether authority to sign goes with it.
    pub signing: bool,
}

impl Actor {
    /// The posts held, the own ones first.
    pub fn acting(&self) -> impl Iterator<Item = (&UnitId, Role)> {
        let own = self.posts.iter().map(|(unit, role)| (unit, *role));
        own.chain(self.standing.iter().map(|held| (&held.unit, held.role)))
    }

    /// Whether the actor holds any of `roles` at `unit`, or stands in for somebody who does.
    pub fn acts_as_any(&self, roles: &[Role], unit: &UnitId) -> bool {
        self.acting()
            .any(|(at, role)| at == unit && roles.contains(&role))
    }

    /// The actor and everybody stood in for: whose work is offered.
    pub fn working_for(&self) -> Vec<StaffId> {
        let mut all = vec![self.staff.clone()];
        all.extend(self.absent().cloned());
        all
    }

    /// Whom the actor stands in for, each once.
    fn absent(&self) -> impl Iterator<Item = &StaffId> {
        let of = |index: usize, held: &StandIn| {
            let earlier = self.standing.iter().take(index);
            earlier.clone().all(|other| other.whom != held.whom)
        };
        let all = self.standing.iter().enumerate();
        all.filter(move |(index, held)| of(*index, held))
            .map(|(_, held)| &held.whom)
    }

    /// The same person with the own posts alone, or with those of somebody absent alone.
    fn only(&self, whom: Option<&StaffId>) -> Self {
        let held = |whom: &StaffId| {
            let held = self.standing.iter().filter(|held| held.whom == *whom);
            held.map(|held| (held.unit.clone(), held.role)).collect()
        };
        Self {
            posts: whom.map_or_else(|| self.posts.clone(), held),
            standing: Vec::new(),
            ..self.clone()
        }
    }
}

/// Judges the actor by the own posts, and then by those of each person stood in for; what that
/// person holds is done for her before anything else.
pub(super) fn judged(
    actor: &Actor,
    holder: Option<&StaffId>,
    judge: impl Fn(&Actor) -> Result<Permit, Denied>,
) -> Result<Permit, Denied> {
    if actor.standing.is_empty() {
        return judge(actor);
    }
    let mut whom: Vec<Option<&StaffId>> = vec![None];
    whom.extend(actor.absent().map(Some));
    whom.sort_by_key(|whom| whom.is_none_or(|whom| Some(whom) != holder));
    let mut no = Denied::Unseen;
    for whom in whom {
        match judge(&actor.only(whom)) {
            Ok(permit) => {
                return Ok(Permit {
                    whom: whom.cloned(),
                    ..permit
                });
            }
            Err(Denied::Seen) => no = Denied::Seen,
            Err(Denied::Unseen) => {}
        }
    }
    Err(no)
}

/// Whether what is done needs authority to sign that was not delegated: approving a draft, and the
/// other decisions of leaders and directors that bind the agency (NĐ 30/2020/NĐ-CP Điều 13).
pub fn lacks_signing(
    actor: &Actor,
    permit: &Permit,
    (command, product): (CommandKind, Option<Product>),
    resource: &Resource,
) -> bool {
    let Some(whom) = permit.for_whom() else {
        return false;
    };
    let approves = matches!(command, CommandKind::SignResult | CommandKind::Forward);
    let approval = approves && product == Some(Product::Approval);
    let decision = matches!(
        command,
        CommandKind::Stop
            | CommandKind::ApproveSupplement
            | CommandKind::Apologise
            | CommandKind::AdmitToLane
            | CommandKind::OpenCorrection
            | CommandKind::CopyResult
    );
    if !approval && !decision {
        return false;
    }
    let of_step = |held: &&StandIn| {
        let post = (held.role, held.unit.clone());
        !approval || resource.step.as_ref() == Some(&post)
    };
    let near = |held: &&StandIn| {
        SIGNING.contains(&held.role)
            && (held.unit == resource.competent || held.unit == resource.receiving)
    };
    let mut held = actor.standing.iter().filter(|held| held.whom == *whom);
    !held.any(|held| held.signing && (of_step(&held) && (approval || near(&held))))
}

/// Whether the actor, in a post of her own, has people stand in for `role` at `unit`: a leader for
/// everybody, the director of a centre for whoever does not sign.
pub fn leads(actor: &Actor, unit: &UnitId, role: Role) -> bool {
    let director = actor.holds(Role::CentreDirector, unit) && !SIGNING.contains(&role);
    director || actor.holds(Role::Leader, unit)
}

/// Whether the actor may give or end the delegation: of an own post, or as who leads its holder.
/// Nobody gives herself the post of somebody who signs.
///
/// # Errors
/// [`Denied::Unseen`]: who works where is nobody else's business.
pub fn may_delegate(actor: &Actor, delegation: &Delegation) -> Result<Permit, Denied> {
    let Delegation {
        from,
        to,
        unit,
        role,
        ..
    } = delegation;
    let takes = to.as_ref() == Some(&actor.staff) && SIGNING.contains(role);
    if *from == actor.staff || (leads(actor, unit, *role) && !takes) {
        Ok(Permit {
            by: actor.staff.clone(),
            whom: None,
            right: "delegation",
        })
    } else {
        Err(Denied::Unseen)
    }
}
