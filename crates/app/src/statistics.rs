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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::{AtCounter, Ending, receive};
    use crate::people::testing::{clerk, key, printing, typed};

    const WARD: &str = "Phường Hạc Thành";
    const OTHER: &str = "Phường Nguyệt Viên";

    #[tokio::test]
    async fn the_leader_of_the_agency_sees_the_lookups_of_its_dossiers_by_who_recorded_them() {
        let (app, _) = printing().await;
        let here = clerk(&app, WARD);
        let there = clerk(&app, OTHER).counter().unwrap().clone();
        let input = AtCounter {
            scans: Vec::new(),
            ending: Ending::Receive,
            typed: typed(&[
                ("name", "Nguyễn Thị An"),
                ("number", "038199000017"),
                ("procedure", "1.000689"),
                ("c1", "paper"),
                ("c2", "paper"),
                ("c3", "paper"),
                ("c4", "paper"),
                ("tc4", "failed"),
                ("tn4", "Hệ thống báo lỗi 500"),
                ("competent", OTHER),
            ]),
            draft: None,
            key: key(),
        };
        receive(&app, &here, input).await.unwrap();
        let leading = |unit: &UnitId| Actor {
            posts: vec![(unit.clone(), Role::Leader)],
            ..here.clone()
        };
        let found = failed_lookups(&app, &leading(&there)).await.unwrap();
        let [count] = found.counts.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!((count.failed, count.wrong), (1, 0));
        assert_eq!(count.competent, there.as_str());
        assert_eq!(found.clerks.len(), 1);
        assert_eq!(found.clerks[0].clerk, here.staff.as_str());
        // Who answers for both sees it once.
        let own = here.counter().unwrap().clone();
        let mut both = leading(&there);
        both.posts.push((own, Role::CentreDirector));
        let found = failed_lookups(&app, &both).await.unwrap();
        assert_eq!((found.counts.len(), found.clerks.len()), (1, 1));
        let units = app.units();
        let third = units.iter().find(|unit| unit.name == "Sở Tư pháp");
        let third = third.map(|unit| unit.id.clone()).unwrap();
        let found = failed_lookups(&app, &leading(&third)).await.unwrap();
        assert_eq!((found.counts.len(), found.clerks.len()), (0, 0));
    }
}
