//! Dossiers received and processed, each counted once at each (domain: no double counting of what is
//! received regardless of boundaries).

use domain::office::Role;
use jiff::ToSpan as _;
use jiff::civil::Date;
use store::views::UnitCount;

use crate::access::Actor;
use crate::no::{Denied, Fault, No};
use crate::state::App;

use super::{answered_for, sees_statistics};

/// The longest time that is counted at once, in days: a year.
const LONGEST: i32 = 366;

/// What units received and processed in a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DossierCounts {
    /// By unit.
    pub counts: Vec<UnitCount>,
    /// First day.
    pub first: Date,
    /// Last day.
    pub last: Date,
}

/// Dossiers received at each centre and processed at each agency: of the whole province for its
/// controller, of their own units for leaders and directors. Without days, of this month.
///
/// # Errors
/// [`No::Denied`] for everybody else; [`No::Invalid`] when the days are out of order or more than a
/// year; [`No::Broken`].
pub async fn dossier_counts(
    app: &App,
    actor: &Actor,
    (first, last): (Option<Date>, Option<Date>),
) -> Result<DossierCounts, No> {
    if !sees_statistics(actor) {
        return Err(Denied::Seen.into());
    }
    let today = app.clock().now().date();
    let last = last.unwrap_or(today);
    let first = first.unwrap_or_else(|| last.first_of_month());
    if first > last || first < last.saturating_sub(LONGEST.days()) {
        return Err(No::Invalid(vec![Fault::new("tu", "fault.period")]));
    }
    let (views, days) = (app.store().views(), (first, last));
    let mut counts = Vec::new();
    if actor.is(Role::ProvinceController) {
        counts = views.unit_counts(days, None).await?;
    } else {
        for unit in answered_for(actor) {
            counts.extend(views.unit_counts(days, Some(&unit)).await?);
        }
    }
    Ok(DossierCounts {
        counts,
        first,
        last,
    })
}

#[cfg(test)]
mod tests {
    use domain::ids::UnitId;

    use super::*;
    use crate::intake::{AtCounter, Ending, receive};
    use crate::people::testing::{clerk, faults, key, printing, typed};
    use crate::processing;

    const WARD: &str = "Phường Hạc Thành";
    const OTHER: &str = "Phường Nguyệt Viên";

    fn director(actor: &Actor, unit: &UnitId) -> Actor {
        Actor {
            posts: vec![(unit.clone(), Role::CentreDirector)],
            ..actor.clone()
        }
    }

    fn of(found: &DossierCounts, unit: &UnitId) -> Option<(i64, i64, i64, i64)> {
        let count = found.counts.iter().find(|c| c.unit == unit.as_str())?;
        Some((
            count.received,
            count.for_others,
            count.processed,
            count.from_others,
        ))
    }

    #[tokio::test]
    async fn a_dossier_counts_once_where_it_was_received_and_once_where_it_is_decided() {
        let (app, _) = printing().await;
        let here = clerk(&app, WARD);
        let unit = here.counter().unwrap().clone();
        let there = clerk(&app, OTHER).counter().unwrap().clone();
        let mut filed = Vec::new();
        for (competent, number) in [("", "038199000017"), (OTHER, "038199000018")] {
            let input = AtCounter {
                scans: Vec::new(),
                ending: Ending::Receive,
                typed: typed(&[
                    ("name", "Nguyễn Thị An"),
                    ("number", number),
                    ("procedure", "2.000815"),
                    ("c1", "paper"),
                    ("pages1", "1"),
                    ("competent", competent),
                ]),
                draft: None,
                key: key(),
            };
            filed.push(receive(&app, &here, input).await.unwrap().dossier);
        }
        for dossier in filed {
            let act = processing::Act {
                dossier,
                version: 2,
                key: key(),
                order: processing::Order::Withdraw {
                    request: b"%PDF-1.7".to_vec(),
                },
            };
            processing::act(&app, &here, act).await.unwrap();
        }
        let all = director(&here, &unit);
        let found = dossier_counts(&app, &all, (None, None)).await.unwrap();
        assert_eq!(of(&found, &unit), Some((2, 1, 1, 0)));
        assert_eq!(of(&found, &there), None, "not answered for");
        let head = director(&here, &there);
        let found = dossier_counts(&app, &head, (None, None)).await.unwrap();
        assert_eq!(of(&found, &there), Some((0, 0, 1, 1)));
        let controller = Actor {
            posts: vec![(unit.clone(), Role::ProvinceController)],
            ..here.clone()
        };
        let found = dossier_counts(&app, &controller, (None, None)).await;
        let found = found.unwrap();
        let sum = |of: fn(&UnitCount) -> i64| found.counts.iter().map(of).sum::<i64>();
        assert_eq!((sum(|c| c.received), sum(|c| c.processed)), (2, 2));
        let no = dossier_counts(&app, &here, (None, None)).await;
        assert!(matches!(no, Err(No::Denied(Denied::Seen))), "{no:?}");
        let days = (Some(found.last.saturating_add(1.day())), Some(found.last));
        let no = dossier_counts(&app, &controller, days).await;
        assert_eq!(faults(no.unwrap_err()), [("tu", "fault.period")]);
    }
}
