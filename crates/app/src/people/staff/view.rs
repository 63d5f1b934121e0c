//! Lists and pages of staff, for who keeps their units.

use std::collections::BTreeMap;

use domain::ids::{StaffId, UnitId};
use domain::office::{Post, Role, Unit};
use domain::text::fold;
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};
use store::{Account, AuditLine, StaffPost};

use crate::access::{Actor, Permit, may_administer};
use crate::no::{Denied, No};
use crate::state::App;

/// Days for which somebody whose post has ended is still listed.
const LISTED_DAYS: i64 = 365;
/// Lines of an account's history on its page.
const HISTORY: u32 = 20;

/// Whether somebody can sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState {
    /// There is no account.
    None,
    /// Yes.
    Open,
    /// Not for a while, after too many failures.
    Paused(DateTime),
    /// Not until an administrator unlocks it.
    Locked,
}

impl AccountState {
    fn of(account: Option<&Account>, now: DateTime) -> Self {
        let Some(account) = account else {
            return Self::None;
        };
        match account.locked_until.filter(|until| now < *until) {
            Some(DateTime::MAX) => Self::Locked,
            Some(until) => Self::Paused(until),
            None => Self::Open,
        }
    }
}

/// A member of staff on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffLine {
    /// Who.
    pub id: StaffId,
    /// Full name.
    pub name: String,
    /// Name to sign in with; empty without an account.
    pub login: String,
    /// Whether it can be signed in with.
    pub account: AccountState,
    /// Whether a one-time code is asked for.
    pub totp: bool,
    /// Posts, in order.
    pub posts: Vec<Post>,
}

/// The staff of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffList {
    /// Of which unit.
    pub unit: Unit,
    /// The units that the actor keeps, by name.
    pub units: Vec<Unit>,
    /// Who works there, by name.
    pub people: Vec<StaffLine>,
    /// Today.
    pub today: Date,
}

/// The units that the actor keeps: where an administrator, and everything below.
fn kept(app: &App, actor: &Actor) -> Vec<Unit> {
    let units = app.units();
    let mut kept: Vec<Unit> = units
        .iter()
        .filter(|unit| may_administer(actor, &line(app, &unit.id)).is_ok())
        .cloned()
        .collect();
    kept.sort_by_cached_key(|unit| {
        let below = !actor.holds(Role::Administrator, &unit.id);
        (below, fold(&unit.name))
    });
    kept
}

/// A unit and those above it; a loop in the tree ends.
pub(super) fn line(app: &App, unit: &UnitId) -> Vec<UnitId> {
    let mut line = vec![unit.clone()];
    while let Some(above) = line.last().and_then(|last| app.unit(last)?.parent) {
        if line.contains(&above) {
            break;
        }
        line.push(above);
    }
    line
}

/// The staff of `unit`, or of the actor's own unit when none is named.
///
/// # Errors
/// [`No::Denied`]: seen without any unit to keep, unseen for a unit of others.
pub async fn staff_list(app: &App, actor: &Actor, unit: Option<&UnitId>) -> Result<StaffList, No> {
    let units = kept(app, actor);
    let first = units.first().ok_or(Denied::Seen)?;
    let found = unit.map_or(Some(first), |asked| units.iter().find(|u| u.id == *asked));
    let unit = found.ok_or(Denied::Unseen)?.clone();
    let now = app.clock().now();
    let since = now.date().saturating_sub(LISTED_DAYS.days());
    let posts = app.store().posts_at(&unit.id, since).await?;
    Ok(StaffList {
        people: lines(app, posts, now).await?,
        today: now.date(),
        unit,
        units,
    })
}

/// One line for each holder, in the order in which they first appear.
async fn lines(app: &App, posts: Vec<StaffPost>, now: DateTime) -> Result<Vec<StaffLine>, No> {
    let ids: Vec<StaffId> = posts.iter().map(|held| held.post.staff.clone()).collect();
    let accounts = app.store().accounts_of(&ids).await?;
    let accounts: BTreeMap<&StaffId, &Account> = accounts.iter().map(|a| (&a.staff, a)).collect();
    let mut lines: Vec<StaffLine> = Vec::new();
    for held in posts {
        let id = &held.post.staff;
        if let Some(line) = lines.iter_mut().find(|line| line.id == *id) {
            line.posts.push(held.post);
            continue;
        }
        let account = accounts.get(id).copied();
        lines.push(StaffLine {
            id: id.clone(),
            name: held.name,
            login: account.map(|a| a.login.clone()).unwrap_or_default(),
            account: AccountState::of(account, now),
            totp: account.is_some_and(|a| a.totp_sealed.is_some()),
            posts: vec![held.post],
        });
    }
    Ok(lines)
}

/// A post on the page of who holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostLine {
    /// The post.
    pub post: Post,
    /// The title under which its holder signs.
    pub title: Option<String>,
    /// Whether the actor may end it.
    pub may_end: bool,
}

/// What was once done to or with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastLine {
    /// When.
    pub at: DateTime,
    /// What, by the name that the audit log has for it.
    pub action: String,
    /// By whom.
    pub by: String,
    /// More of it.
    pub detail: String,
}

/// The page of a member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffPage {
    /// Who, with every post ever held.
    pub line: StaffLine,
    /// The posts once more, the latest first.
    pub posts: Vec<PostLine>,
    /// Whether the actor may lock the account and reset its codes: who keeps every unit where the
    /// person works, and is not the person.
    pub may_manage: bool,
    /// Whether the actor may give the person posts.
    pub may_give: bool,
    /// The units where.
    pub units: Vec<Unit>,
    /// What was done to and with the account lately, newest first.
    pub history: Vec<PastLine>,
    /// Today.
    pub today: Date,
}

/// The page of a member of staff, for an administrator of a unit where the person worked, works or
/// will work.
///
/// # Errors
/// [`No::Denied`], unseen.
pub async fn staff_page(app: &App, actor: &Actor, staff: &StaffId) -> Result<StaffPage, No> {
    let held = seen(app, actor, staff).await?;
    let now = app.clock().now();
    let other = actor.staff != *staff;
    let posts = held.iter().map(|held| PostLine {
        post: held.post.clone(),
        title: held.title.clone(),
        may_end: other
            && held.post.valid_to.is_none_or(|last| now.date() <= last)
            && may_administer(actor, &line(app, &held.post.unit)).is_ok(),
    });
    let posts = posts.collect();
    let may_manage = manages(app, actor, &held, now.date()).is_ok();
    let logged = app.store().last_audited(staff.as_str(), HISTORY).await?;
    let past = logged.into_iter().map(|logged| PastLine {
        at: logged.at,
        action: logged.line.action,
        by: logged.line.actor,
        detail: logged.line.detail,
    });
    let line = lines(app, held, now).await?.pop().ok_or(Denied::Unseen)?;
    Ok(StaffPage {
        line,
        posts,
        may_manage,
        may_give: other,
        units: kept(app, actor),
        history: past.collect(),
        today: now.date(),
    })
}

/// Every post of the person, when the actor keeps the unit of any of them.
pub(super) async fn seen(app: &App, actor: &Actor, staff: &StaffId) -> Result<Vec<StaffPost>, No> {
    let held = app.store().all_posts_of(staff).await?;
    let keeps = |held: &StaffPost| may_administer(actor, &line(app, &held.post.unit)).is_ok();
    if held.iter().any(keeps) {
        Ok(held)
    } else {
        Err(Denied::Unseen.into())
    }
}

/// Whether the actor may manage the account of who holds these posts: every post that has not ended
/// is in a unit that the actor keeps, so that nobody locks out somebody of a higher unit.
pub(super) fn manages(
    app: &App,
    actor: &Actor,
    held: &[StaffPost],
    today: Date,
) -> Result<Permit, Denied> {
    let runs = |held: &&StaffPost| held.post.valid_to.is_none_or(|last| today <= last);
    let mut running = held.iter().filter(runs).peekable();
    let own = held.iter().any(|held| held.post.staff == actor.staff);
    if own {
        return Err(Denied::Seen);
    }
    // Who has no post any more is kept by whoever kept the last one.
    let last = held.first().filter(|_| running.peek().is_none());
    let mut permit = Err(Denied::Seen);
    for post in running.chain(last) {
        permit = may_administer(actor, &line(app, &post.post.unit));
        if permit.is_err() {
            return Err(Denied::Seen);
        }
    }
    permit
}

/// The audit line of what the actor does to somebody.
pub(super) fn logged(actor: &Actor, staff: &StaffId, action: &str, detail: String) -> AuditLine {
    AuditLine {
        actor: actor.staff.to_string(),
        action: action.to_owned(),
        subject: staff.to_string(),
        purpose: String::new(),
        detail,
    }
}
