//! Figures for those who answer for the work.

mod dossiers;

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::{StaffId, UnitId};
use domain::office::Role;
pub use dossiers::{DossierCounts, dossier_counts};
use jiff::ToSpan as _;
use jiff::civil::Date;
pub use store::views::{ClerkLookups, LookupCount, UnitCount};

use crate::access::Actor;
use crate::no::{Denied, No};
use crate::state::App;

/// Who sees the figures of her unit.
const ANSWERING: [Role; 2] = [Role::Leader, Role::CentreDirector];
/// Months that are shown, this one among them.
const MONTHS: i64 = 12;

/// How often lookups in databases failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedLookups {
    /// By month, centre, agency and database, latest month first.
    pub counts: Vec<LookupCount>,
    /// The same of all months by who recorded them.
    pub clerks: Vec<ClerkLookups>,
    /// Names of those, by identifier.
    pub names: BTreeMap<String, String>,
    /// First day of the first month.
    pub first: Date,
    /// The day on which this was read.
    pub last: Date,
}

/// Whether the actor sees figures at all.
pub fn sees_statistics(actor: &Actor) -> bool {
    actor.is(Role::ProvinceController) || ANSWERING.iter().any(|role| actor.is(*role))
}

/// Lookups that failed or gave wrong data in the last twelve months: of the whole province for its
/// controller; for leaders and directors those for dossiers that their own units received or decide.
///
/// # Errors
/// [`No::Denied`] for everybody else; [`No::Broken`].
pub async fn failed_lookups(app: &App, actor: &Actor) -> Result<FailedLookups, No> {
    if !sees_statistics(actor) {
        return Err(Denied::Seen.into());
    }
    let last = app.clock().now().date();
    let first = last.first_of_month().saturating_sub((MONTHS - 1).months());
    let (views, days) = (app.store().views(), (first, last));
    let units: Vec<Option<UnitId>> = if actor.is(Role::ProvinceController) {
        vec![None]
    } else {
        answered_for(actor).into_iter().map(Some).collect()
    };
    // What one unit received and another decides is one row, though the actor answers for both.
    let (mut counts, mut clerks) = (BTreeSet::new(), BTreeSet::new());
    for unit in &units {
        counts.extend(views.failed_lookups(days, unit.as_ref()).await?);
        clerks.extend(views.lookups_by_clerk(days, unit.as_ref()).await?);
    }
    let mut counts: Vec<LookupCount> = counts.into_iter().collect();
    counts.sort_by_key(|count| std::cmp::Reverse(count.month));
    let clerks: Vec<ClerkLookups> = clerks.into_iter().collect();
    Ok(FailedLookups {
        names: names(app, &clerks).await?,
        counts,
        clerks,
        first,
        last,
    })
}

async fn names(app: &App, clerks: &[ClerkLookups]) -> Result<BTreeMap<String, String>, No> {
    let known = clerks
        .iter()
        .filter_map(|one| StaffId::parse(&one.clerk).ok());
    let mut known: Vec<StaffId> = known.collect();
    known.sort();
    known.dedup();
    let found = app.store().staff(&known).await?;
    let named = found
        .into_iter()
        .map(|member| (member.id.to_string(), member.name));
    Ok(named.collect())
}

fn answered_for(actor: &Actor) -> Vec<UnitId> {
    let posts = actor.acting().filter(|(_, role)| ANSWERING.contains(role));
    let mut units: Vec<UnitId> = posts.map(|(unit, _)| unit.clone()).collect();
    units.sort();
    units.dedup();
    units
}
