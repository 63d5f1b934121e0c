//! What a province put together by hand is not lost to a national record that leaves it out.
//!
//! A record that is empty where the curated version has something keeps the curated part; where it
//! says something else, the record holds. Each kept part is named, so that nothing is kept
//! silently. Keeping twice changes nothing.

use domain::procedure::{Case, Offer, OnlineClass, Procedure};
use domain::text::fold;

use super::record::SOURCE;

/// Puts what `curated` has and `record` lacks into the record; names the parts, in reading order.
pub(super) fn keep(record: &mut Procedure, curated: &Procedure) -> Vec<&'static str> {
    let filled = [
        ("field", fill(&mut record.field, &curated.field)),
        ("decision", fill(&mut record.decision, &curated.decision)),
        ("levels", fill_list(&mut record.levels, &curated.levels)),
        ("online", keep_online(record, curated)),
        (
            "audience",
            fill_list(&mut record.audience, &curated.audience),
        ),
        ("limit", keep_limits(&mut record.offers, curated)),
        ("fees", keep_fees(&mut record.offers, curated)),
        ("components", keep_cases(record, curated)),
        ("held_by", keep_holders(&mut record.cases, curated)),
        ("results", fill_list(&mut record.results, &curated.results)),
        (
            "legal_basis",
            fill_list(&mut record.legal_basis, &curated.legal_basis),
        ),
        (
            "agencies",
            fill_list(&mut record.agencies, &curated.agencies),
        ),
        (
            "conditions",
            fill(&mut record.conditions, &curated.conditions),
        ),
    ];
    // National records say nothing of supplements and of asking other agencies.
    record.supplement.clone_from(&curated.supplement);
    record.consultation.clone_from(&curated.consultation);
    let kept: Vec<&str> = filled
        .into_iter()
        .filter_map(|(part, kept)| kept.then_some(part))
        .collect();
    if !kept.is_empty() {
        record.source = both_sources(&curated.source);
    }
    kept
}

/// The sources of a version that has parts of both.
fn both_sources(curated: &str) -> String {
    if curated.ends_with(SOURCE) {
        curated.to_owned()
    } else {
        format!("{curated}; {SOURCE}")
    }
}

fn fill(text: &mut String, curated: &str) -> bool {
    let keeps = text.is_empty() && !curated.is_empty();
    if keeps {
        curated.clone_into(text);
    }
    keeps
}

fn fill_list<T: Clone>(list: &mut Vec<T>, curated: &[T]) -> bool {
    let keeps = list.is_empty() && !curated.is_empty();
    if keeps {
        curated.clone_into(list);
    }
    keeps
}

fn keep_online(record: &mut Procedure, curated: &Procedure) -> bool {
    let unknown = OnlineClass::Unknown;
    let keeps = record.online == unknown && curated.online != unknown;
    if keeps {
        record.online = curated.online;
    }
    keeps
}

/// A channel without any limit keeps the curated one in its general case, which promises the date.
fn keep_limits(offers: &mut [Offer], curated: &Procedure) -> bool {
    keep_in_channels(
        offers,
        curated,
        |offer| offer.limit.is_some(),
        |to, from| {
            to.limit = from.limit;
        },
    )
}

/// A channel without any charge keeps the curated ones.
fn keep_fees(offers: &mut [Offer], curated: &Procedure) -> bool {
    keep_in_channels(
        offers,
        curated,
        |offer| !offer.fees.is_empty(),
        |to, from| {
            to.fees.clone_from(&from.fees);
        },
    )
}

/// Copies a part into the first offer of each channel of which no offer has it.
fn keep_in_channels(
    offers: &mut [Offer],
    curated: &Procedure,
    has: impl Fn(&Offer) -> bool,
    copy: impl Fn(&mut Offer, &Offer),
) -> bool {
    let mut kept = false;
    for from in curated.offers.iter().filter(|offer| has(offer)) {
        let of_channel = |offer: &&mut Offer| offer.channel == from.channel;
        if offers.iter().any(|o| o.channel == from.channel && has(o)) {
            continue;
        }
        if let Some(to) = offers.iter_mut().find(of_channel) {
            copy(to, from);
            kept = true;
        }
    }
    kept
}

fn keep_cases(record: &mut Procedure, curated: &Procedure) -> bool {
    let is_empty = |cases: &[Case]| cases.iter().all(|case| case.components.is_empty());
    let keeps = is_empty(&record.cases) && !is_empty(&curated.cases);
    if keeps {
        record.cases.clone_from(&curated.cases);
    }
    keeps
}

/// A component of the same name stays one that a database holds: it may not be asked for.
fn keep_holders(cases: &mut [Case], curated: &Procedure) -> bool {
    let known = curated.cases.iter().flat_map(|case| &case.components);
    let held: Vec<_> = known
        .filter(|component| component.held_by.is_some())
        .map(|component| (fold(&component.name), component))
        .collect();
    let mut kept = false;
    for component in cases.iter_mut().flat_map(|case| &mut case.components) {
        let name = fold(&component.name);
        let same = held.iter().find(|(known, _)| *known == name);
        if let Some((_, from)) = same.filter(|_| component.held_by.is_none()) {
            component.held_by = from.held_by;
            (component.originals, component.copies) = (from.originals, from.copies);
            kept = true;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use domain::deadline::Limit;
    use domain::money::Dong;
    use domain::procedure::{Channel, Database, FeeKind, FeeLine};

    use super::*;
    use crate::catalogue::starter;
    use crate::catalogue::tests::{judged, sound};

    fn record() -> Procedure {
        let record = judged(&sound("2.000815"));
        record.outcome.procedure().unwrap().clone()
    }

    fn curated() -> Procedure {
        let mut curated = record();
        curated.source = "Quyết định 12/QĐ-UBND".to_owned();
        curated
    }

    #[test]
    fn what_the_record_leaves_out_is_kept_and_named_once() {
        let mut published = record();
        published.offers[0].limit = None;
        published.offers[0].fees.clear();
        published.cases[0].components.clear();
        let mut first = published.clone();
        let kept = keep(&mut first, &curated());
        assert_eq!(kept, ["limit", "fees", "components"]);
        assert_eq!(first.offers, curated().offers);
        assert_eq!(first.cases, curated().cases);
        assert_eq!(first.source, format!("Quyết định 12/QĐ-UBND; {SOURCE}"));
        let mut second = published;
        assert_eq!(keep(&mut second, &first), kept);
        assert_eq!(second, first);
    }

    #[test]
    fn what_the_record_says_holds() {
        let mut published = record();
        published.offers[0].limit = Some(Limit::Days(7));
        published.offers[0].fees = vec![FeeLine {
            code: None,
            kind: FeeKind::Fee,
            amount: Some(Dong(1_000)),
            by_page: None,
            refund: domain::procedure::RefundRule::default(),
            note: String::new(),
        }];
        let said = published.clone();
        assert_eq!(keep(&mut published, &curated()), Vec::<&str>::new());
        assert_eq!(published, said);
    }

    #[test]
    fn a_channel_keeps_its_own_and_only_where_no_offer_has_one() {
        let mut published = record();
        let mut online = published.offers[0].clone();
        online.channel = Channel::Online;
        online.limit = None;
        published.offers[0].limit = None;
        let second = Offer {
            limit: Some(Limit::Days(9)),
            ..published.offers[0].clone()
        };
        published.offers.extend([second, online]);
        let before = published.clone();
        assert_eq!(keep(&mut published, &curated()), Vec::<&str>::new());
        assert_eq!(published, before);
    }

    #[test]
    fn a_paper_that_a_database_holds_is_still_not_asked_for() {
        let mut curated = curated();
        let component = &mut curated.cases[0].components[0];
        component.name = "TỜ KHAI".to_owned();
        component.held_by = Some(Database::CivilStatus);
        component.originals = 0;
        let mut published = record();
        assert_eq!(keep(&mut published, &curated), ["held_by"]);
        let kept = &published.cases[0].components[0];
        assert_eq!(
            (kept.held_by, kept.originals, kept.name.as_str()),
            (Some(Database::CivilStatus), 0, "Tờ khai")
        );
    }

    #[test]
    fn no_starter_procedure_names_the_national_source() {
        let national = |p: &&Procedure| p.source.ends_with(SOURCE);
        assert_eq!(starter::procedures().iter().find(national), None);
    }
}
