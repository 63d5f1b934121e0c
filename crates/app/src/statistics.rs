//! Figures for those who answer for the work.

use domain::ids::UnitId;
use domain::office::Role;
use jiff::ToSpan as _;
use jiff::civil::Date;
pub use store::views::LookupCount;

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
    /// By month, centre and database, latest month first.
    pub counts: Vec<LookupCount>,
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
/// controller, of their own units for leaders and directors.
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
    let mut counts = Vec::new();
    if actor.is(Role::ProvinceController) {
        counts = views.failed_lookups(days, None).await?;
    } else {
        for unit in answered_for(actor) {
            counts.extend(views.failed_lookups(days, Some(&unit)).await?);
        }
        counts.sort_by(|a, b| (b.month, &a.unit, &a.source).cmp(&(a.month, &b.unit, &b.source)));
    }
    Ok(FailedLookups {
        counts,
        first,
        last,
    })
}

fn answered_for(actor: &Actor) -> Vec<UnitId> {
    let posts = actor.acting().filter(|(_, role)| ANSWERING.contains(role));
    let mut units: Vec<UnitId> = posts.map(|(unit, _)| unit.clone()).collect();
    units.sort();
    units.dedup();
    units
}
