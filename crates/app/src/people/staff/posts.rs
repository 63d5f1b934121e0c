//! Giving and ending posts.

use domain::ids::{StaffId, UnitId};
use domain::office::{Post, Role, Unit, UnitKind};
use jiff::civil::Date;
use store::{NewPost, StaffPost};

use super::view::{line, logged, seen};
use crate::access::{Actor, may_administer};
use crate::forms::Typed;
use crate::no::{Denied, Fault, No};
use crate::state::App;

/// Gives a post: `unit`, `role`, `valid_from`, when it ends `valid_to`, and the `title` under which
/// its holder signs, if there is one.
///
/// # Errors
/// [`No::Denied`], unseen, or seen for the own posts; [`No::Invalid`] at its field.
pub async fn give_post(app: &App, actor: &Actor, staff: &StaffId, typed: &Typed) -> Result<(), No> {
    let held = seen(app, actor, staff).await?;
    if actor.staff == *staff {
        return Err(Denied::Seen.into());
    }
    let now = app.clock().now();
    let post = read(app, actor, staff, typed)?;
    if post.valid_from < now.date() {
        return Err(fault("valid_from", "fault.post_past"));
    }
    // Sent twice: it is given already, with its counter and its title.
    if held.iter().any(|held| held.post == post) {
        return Ok(());
    }
    let same = |held: &&StaffPost| held.post.unit == post.unit && held.post.role == post.role;
    if held
        .iter()
        .filter(same)
        .any(|held| overlaps(&held.post, &post))
    {
        return Err(fault("valid_from", "fault.post_held"));
    }
    let title = title(typed)?;
    let audit = logged(actor, staff, "post.given", told(&post));
    let new = NewPost {
        post,
        counter: None,
        title,
    };
    Ok(app.store().give_post(new, now, audit).await?)
}

/// The most characters of a title.
const LONGEST_TITLE: usize = 100;

fn title(typed: &Typed) -> Result<Option<String>, No> {
    let title = domain::text::tidy(typed.get("title"));
    if title.chars().count() > LONGEST_TITLE {
        let long = Fault::new("title", "fault.long").with("most", &LONGEST_TITLE);
        return Err(No::Invalid(vec![long]));
    }
    Ok((!title.is_empty()).then_some(title))
}

fn fault(field: &'static str, key: &'static str) -> No {
    No::Invalid(vec![Fault::new(field, key)])
}

fn read(app: &App, actor: &Actor, staff: &StaffId, typed: &Typed) -> Result<Post, No> {
    let kept = |unit: &Unit| may_administer(actor, &line(app, &unit.id)).is_ok();
    let unit = UnitId::parse(typed.get("unit")).ok();
    let unit = unit.and_then(|id| app.unit(&id)).filter(kept);
    let role = Role::parse(typed.get("role"));
    let from = day(typed.get("valid_from"));
    let to = match typed.get("valid_to") {
        "" => Some(None),
        text => day(text).map(Some),
    };
    let mut faults = Vec::new();
    if unit.is_none() {
        faults.push(Fault::new("unit", "fault.post_unit"));
    }
    match (role, &unit) {
        (None, _) => faults.push(Fault::new("role", "fault.post_role")),
        (Some(role), Some(unit)) if !exists_at(role, unit.kind) => {
            faults.push(Fault::new("role", "fault.post_not_here"));
        }
        (Some(_), _) => {}
    }
    if from.is_none() {
        faults.push(Fault::new("valid_from", "fault.post_day"));
    }
    if to.is_none() || to.flatten().zip(from).is_some_and(|(to, from)| to < from) {
        faults.push(Fault::new("valid_to", "fault.post_last"));
    }
    match (unit, role, from, to) {
        (Some(unit), Some(role), Some(valid_from), Some(valid_to)) if faults.is_empty() => {
            Ok(Post {
                staff: staff.clone(),
                unit: unit.id,
                role,
                valid_from,
                valid_to,
            })
        }
        _ => Err(No::Invalid(faults)),
    }
}

/// Centres receive, agencies decide, communes do both; the whole province is watched from the
/// province alone.
fn exists_at(role: Role, kind: UnitKind) -> bool {
    let commune = kind == UnitKind::Commune;
    match role {
        Role::ReceptionClerk | Role::CentreDirector | Role::PostAgent | Role::Volunteer => {
            commune || kind == UnitKind::ProvincialCentre
        }
        Role::CaseOfficer | Role::Leader | Role::SealClerk => kind != UnitKind::ProvincialCentre,
        Role::ProvinceController => kind == UnitKind::Province,
        Role::Administrator => true,
    }
}

/// A day as typed, `23/11/2026` or `2026-11-23`.
fn day(text: &str) -> Option<Date> {
    let plain = text.parse().ok();
    plain.or_else(|| Date::strptime("%d/%m/%Y", text).ok())
}

/// Whether two posts are held on a common day.
fn overlaps(held: &Post, new: &Post) -> bool {
    let before = |last: Option<Date>, first: Date| last.is_some_and(|last| last < first);
    !before(held.valid_to, new.valid_from) && !before(new.valid_to, held.valid_from)
}

fn told(post: &Post) -> String {
    let until = post
        .valid_to
        .map_or_else(String::new, |last| format!(" to {last}"));
    let (role, unit, from) = (post.role.as_str(), &post.unit, post.valid_from);
    format!("{role} at {unit} from {from}{until}")
}

/// Ends a post, named by `unit`, `role` and `valid_from`, with the day `valid_to`.
///
/// # Errors
/// [`No::Denied`], unseen, or seen for the own posts; [`No::Invalid`] when the day is past or
/// before the post began.
pub async fn end_post(app: &App, actor: &Actor, staff: &StaffId, typed: &Typed) -> Result<(), No> {
    let held = seen(app, actor, staff).await?;
    if actor.staff == *staff {
        return Err(Denied::Seen.into());
    }
    let from = day(typed.get("valid_from"));
    let named = |held: &StaffPost| {
        let (unit, role) = (held.post.unit.as_str(), held.post.role.as_str());
        (unit, role, Some(held.post.valid_from)) == (typed.get("unit"), typed.get("role"), from)
    };
    let held = held.into_iter().find(named).ok_or(Denied::Unseen)?;
    may_administer(actor, &line(app, &held.post.unit))?;
    let now = app.clock().now();
    let last = day(typed.get("valid_to")).filter(|last| *last >= now.date());
    let last = last.filter(|last| held.post.valid_from <= *last);
    // A post is ended, never prolonged: the days after its end may be somebody else's by now.
    let last = last.filter(|last| held.post.valid_to.is_none_or(|end| *last <= end));
    let Some(last) = last else {
        return Err(fault("last_day", "fault.post_end"));
    };
    let post = Post {
        valid_to: Some(last),
        ..held.post
    };
    let audit = logged(actor, staff, "post.ended", told(&post));
    let ended = NewPost {
        post,
        counter: held.counter,
        title: held.title,
    };
    Ok(app.store().give_post(ended, now, audit).await?)
}
