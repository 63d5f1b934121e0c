//! What the counter sees while the form is filled: the case's components, the promise, the fee.

use std::sync::Arc;

use domain::deadline::{self, Deadline};
use domain::dossier::LookupOutcome;
use domain::ids::UnitId;
use domain::money::Dong;
use domain::procedure::{Certified, Channel, Component, Database, Procedure};

use crate::access::{Actor, Desk};
use crate::facts::Settings;
use crate::forms::Typed;
use crate::no::{Denied, No};
use crate::state::App;

use super::agency::Agencies;
use super::certified::certified_of;
use super::filing::{certified, versions};
use super::form::{channel_of, procedure_code};
use super::lookups::{lookup_of, note_of};

/// One component and how it was ticked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentRow {
    /// The component.
    pub component: Component,
    /// The value of its field: empty, `paper` or `seen`.
    pub ticked: String,
    /// What came of its lookup, where the clerk says that it failed.
    pub lookup: Option<LookupOutcome>,
    /// What the clerk says about it.
    pub lookup_note: String,
}

impl ComponentRow {
    /// The database that holds it, so that its paper is not asked for; none once a lookup failed.
    pub fn held(&self) -> Option<Database> {
        let open = self.lookup.is_some_and(LookupOutcome::opens_the_paper);
        self.component.held_by.filter(|_| !open)
    }
}

/// What the form leads to, as far as it is filled.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The procedure.
    pub procedure: Arc<Procedure>,
    /// The chosen case.
    pub case: u16,
    /// By which way it comes.
    pub channel: Channel,
    /// Its components.
    pub components: Vec<ComponentRow>,
    /// The agency that decides; none while the form names none that can be told.
    pub competent: Option<UnitId>,
    /// The agency that decides unless the form names another.
    pub usual: Option<UnitId>,
    /// Whether that agency is of a level that decides the procedure.
    pub fit: bool,
    /// What is certified, where the charge goes by pages and copies.
    pub certified: Vec<Certified>,
    /// The date that would be promised now; none when no limit is published.
    pub promise: Option<Deadline>,
    /// What is charged.
    pub fee: Dong,
}

impl Preview {
    /// Mandatory components that are not there, without what a database holds and gave.
    pub fn missing(&self) -> Vec<u16> {
        self.components
            .iter()
            .filter(|row| row.component.mandatory && row.held().is_none())
            .filter(|row| row.ticked.is_empty())
            .map(|row| row.component.number)
            .collect()
    }
}

/// Looks ahead at what would be received at `receiving`. No procedure chosen yet, or an unknown one:
/// no preview.
///
/// # Errors
/// [`No::Denied`] for whoever fills in no intakes there, [`No::Broken`].
pub async fn preview(
    app: &App,
    actor: &Actor,
    (receiving, typed): (&UnitId, &Typed),
) -> Result<Option<Preview>, No> {
    let desk = actor.desk_at(receiving).ok_or(Denied::Seen)?;
    let now = app.clock().now();
    let Some(code) = procedure_code(typed.get("procedure")) else {
        return Ok(None);
    };
    let Some(versions) = versions(app, &code, now).await? else {
        return Ok(None);
    };
    let procedure = versions.procedure;
    let wanted = typed.get("case").parse().unwrap_or(1);
    let Some(case) = procedure.case(wanted).or_else(|| procedure.cases.first()) else {
        return Ok(None);
    };
    let components = case.components.iter().map(|component| ComponentRow {
        component: component.clone(),
        ticked: typed.get(&format!("c{}", component.number)).to_owned(),
        lookup: lookup_of(typed, component.number),
        lookup_note: note_of(typed, component.number).to_owned(),
    });
    let channel = match desk {
        Desk::Post => Channel::Post,
        Desk::Counter | Desk::Help => channel_of(typed.get("channel")),
    };
    let agencies = Agencies {
        app,
        procedure: &procedure,
        receiving,
        today: now.date(),
    };
    let competent = agencies.named(typed.get("competent")).ok();
    let certified = certified(&procedure, channel, &certified_of(typed));
    let limit = procedure.offer(channel).and_then(|offer| offer.limit);
    let promise = limit.and_then(|limit| promise(&app.settings(), now, limit));
    Ok(Some(Preview {
        case: case.number,
        channel,
        components: components.collect(),
        fit: competent
            .as_ref()
            .and_then(|id| app.unit(id))
            .is_some_and(|unit| procedure.decided_at(&unit)),
        competent,
        usual: agencies.usual(),
        promise,
        fee: procedure.charge(channel, &certified),
        certified,
        procedure,
    }))
}

/// The deadline of what is received at `now`; none when the calendar does not reach that far.
pub fn promise(
    settings: &Settings,
    now: jiff::civil::DateTime,
    limit: deadline::Limit,
) -> Option<Deadline> {
    deadline::due(now, limit, &[], &settings.clock()).ok()
}
