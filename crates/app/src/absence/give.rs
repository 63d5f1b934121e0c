//! Giving a delegation, or recording an absence without one, and ending it before its last day.

use domain::delegation::{Delegation, DelegationFacts, NotDelegated};
use domain::ids::{DelegationId, StaffId, UnitId};
use domain::office::{Post, Role};
use jiff::civil::Date;
use store::{AuditLine, JudgeDelegation, NewDelegation, NotGiven, StaffPost};

use super::{line, most_days, own_units};
use crate::access::{Actor, Permit, may_delegate};
use crate::forms::Typed;
use crate::no::{Denied, Fault, No};
use crate::state::App;
use crate::words::short_date;

/// In the place of a delegate: nobody stands in.
const NOBODY: &str = "-";

/// Gives a delegation: `post` as `staff/unit/role`, `to`, `first`, `last` and, when authority to
/// sign goes with it, `signing`. With `-` as `to` the absence alone is recorded, and no authority
/// moves.
///
/// # Errors
/// [`No::Denied`] for a post of others, [`No::Invalid`] at its field, with the rule that says no.
pub async fn give(app: &App, actor: &Actor, typed: &Typed) -> Result<DelegationId, No> {
    if own_units(actor).is_empty() {
        return Err(Denied::Seen.into());
    }
    let delegation = read(typed).map_err(No::Invalid)?;
    let permit = may_delegate(actor, &delegation)?;
    if let Some(to) = &delegation.to {
        let found = app.store().staff(std::slice::from_ref(to)).await?;
        if found.is_empty() {
            return Err(fault("to", "fault.delegation.to"));
        }
    }
    let now = app.clock().now();
    let id = app.ids().delegation(now);
    let audit = logged(&permit, &delegation, "given");
    let judge = judge(app, (&delegation, &permit), now.date()).await?;
    let new = NewDelegation {
        id: id.clone(),
        delegation,
        by: permit.by().clone(),
        at: now,
    };
    match app.store().give_delegation(new, judge, audit).await {
        Ok(()) => Ok(id),
        Err(NotGiven::Refused(why)) => Err(No::Invalid(vec![refused(why)])),
        Err(NotGiven::Broken(error)) => Err(error.into()),
    }
}

/// Ends a delegation now; what was ended before, or is over, stays as it is.
///
/// # Errors
/// [`No::Denied`], unseen, for a delegation of others.
pub async fn end(app: &App, actor: &Actor, id: &DelegationId) -> Result<(), No> {
    let found = app.store().delegation(id).await?.ok_or(Denied::Unseen)?;
    let permit = may_delegate(actor, &found.delegation)?;
    let now = app.clock().now();
    if found.delegation.last < now.date() {
        return Ok(());
    }
    let audit = logged(&permit, &found.delegation, "ended");
    app.store().end_delegation(id, now, audit).await?;
    Ok(())
}

fn fault(field: &'static str, key: &'static str) -> No {
    No::Invalid(vec![Fault::new(field, key)])
}

/// What a form says, or what is wrong with each field.
fn read(typed: &Typed) -> Result<Delegation, Vec<Fault>> {
    let post = post(typed.get("post"));
    let to = match typed.get("to") {
        NOBODY => Some(None),
        to => StaffId::parse(to).ok().map(Some),
    };
    let (first, last) = (day(typed.get("first")), day(typed.get("last")));
    let missing = [
        (post.is_none(), "post", "fault.delegation.post"),
        (to.is_none(), "to", "fault.delegation.to"),
        (first.is_none(), "first", "fault.delegation.first"),
        (last.is_none(), "last", "fault.delegation.last"),
    ];
    let faults = missing.into_iter().filter(|(missing, ..)| *missing);
    let faults: Vec<Fault> = faults
        .map(|(_, field, key)| Fault::new(field, key))
        .collect();
    let (Some((from, unit, role)), Some(to), Some(first), Some(last)) = (post, to, first, last)
    else {
        return Err(faults);
    };
    Ok(Delegation {
        from,
        to,
        unit,
        role,
        first,
        last,
        signing: !typed.get("signing").is_empty(),
    })
}

fn post(text: &str) -> Option<(StaffId, UnitId, Role)> {
    let (staff, rest) = text.split_once('/')?;
    let (unit, role) = rest.split_once('/')?;
    let (staff, unit) = (StaffId::parse(staff).ok()?, UnitId::parse(unit).ok()?);
    Some((staff, unit, Role::parse(role)?))
}

/// A day as typed, `23/11/2026` or `2026-11-23`.
fn day(text: &str) -> Option<Date> {
    let plain = text.parse().ok();
    plain.or_else(|| Date::strptime("%d/%m/%Y", text).ok())
}

/// Judges by the posts of both as they are now, beside the delegations that are there when it is
/// written.
async fn judge(
    app: &App,
    (asked, permit): (&Delegation, &Permit),
    today: Date,
) -> Result<JudgeDelegation, No> {
    let posts = async |staff: &StaffId| {
        let held = app.store().all_posts_of(staff).await?;
        let posts = held.into_iter().map(|held: StaffPost| held.post);
        Ok::<Vec<Post>, No>(posts.collect())
    };
    let absent = posts(&asked.from).await?;
    let delegate = match &asked.to {
        Some(to) => posts(to).await?,
        None => Vec::new(),
    };
    let (line, asked, by) = (line(app, &asked.unit), asked.clone(), permit.by().clone());
    let most_days = most_days(app, today);
    Ok(Box::new(move |others| {
        asked.judge(&DelegationFacts {
            today,
            by: &by,
            most_days,
            absent: &absent,
            delegate: &delegate,
            line: &line,
            others,
        })
    }))
}

/// A refusal at the field where it is mended.
fn refused(why: NotDelegated) -> Fault {
    let (field, key) = match why {
        NotDelegated::EndsBeforeItBegins => ("last", "fault.delegation.ends_before_it_begins"),
        NotDelegated::Past => ("first", "fault.delegation.past"),
        NotDelegated::TooLong { .. } => ("last", "fault.delegation.too_long"),
        NotDelegated::NotDelegable => ("post", "fault.delegation.not_delegable"),
        NotDelegated::NotOwnPost => ("post", "fault.delegation.not_own_post"),
        NotDelegated::Oneself => ("to", "fault.delegation.oneself"),
        NotDelegated::Stranger => ("to", "fault.delegation.stranger"),
        NotDelegated::DelegateAway { .. } => ("to", "fault.delegation.delegate_away"),
        NotDelegated::StandsIn { .. } => ("post", "fault.delegation.stands_in"),
        NotDelegated::Taken { .. } => ("first", "fault.delegation.taken"),
        NotDelegated::Recorded { .. } => ("first", "fault.delegation.recorded"),
        NotDelegated::SigningOfAnother => ("signing", "fault.delegation.signing_of_another"),
        NotDelegated::NothingToSign => ("signing", "fault.delegation.nothing_to_sign"),
        NotDelegated::MayNotSign => ("signing", "fault.delegation.may_not_sign"),
    };
    let fault = Fault::new(field, key).with("rule", &why.rule());
    match why {
        NotDelegated::TooLong { most } => fault.with("most", &most),
        NotDelegated::DelegateAway { last }
        | NotDelegated::StandsIn { last }
        | NotDelegated::Taken { last }
        | NotDelegated::Recorded { last } => fault.with("last", &short_date(last)),
        _ => fault,
    }
}

/// A line for each of the two, whose rights change; for the absent person alone where nobody stands
/// in.
fn logged(permit: &Permit, delegation: &Delegation, what: &str) -> Vec<AuditLine> {
    let signing = if delegation.signing { ", signing" } else { "" };
    let Delegation {
        from,
        to,
        unit,
        role,
        first,
        last,
        ..
    } = delegation;
    let (kind, who) = match to {
        Some(to) => ("delegation", to.as_str()),
        None => ("absence", "nobody"),
    };
    let role = role.as_str();
    let line = |subject: &StaffId| AuditLine {
        actor: permit.by().to_string(),
        action: format!("{kind}.{what}"),
        subject: subject.to_string(),
        purpose: permit.right().to_owned(),
        detail: format!("{who} for {from}, {role} at {unit}, {first} to {last}{signing}"),
    };
    std::iter::once(from).chain(to).map(line).collect()
}
