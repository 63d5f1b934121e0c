//! What a province put together by hand is not lost to a national record that leaves it out.
//!
//! A record that is empty where the curated version has something keeps the curated part; where it
//! says something else, the record holds. Each kept part is named, so that nothing is kept
//! silently. Keeping twice changes nothing.

mod validity;

use domain::procedure::{Case, FeeLine, Offer, OnlineClass, Procedure, SupplementRule};
use domain::text::fold;

use super::record::SOURCE;
use validity::keep_validity;

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
        ("refund", keep_refunds(&mut record.offers, curated)),
        ("validity", keep_validity(&mut record.results, curated)),
        ("terms", keep_terms(record, curated)),
    ];
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

/// National records say nothing of supplements, of asking other agencies and of green lanes.
fn keep_terms(record: &mut Procedure, curated: &Procedure) -> bool {
    record.supplement.clone_from(&curated.supplement);
    record.consultation.clone_from(&curated.consultation);
    record.lanes.clone_from(&curated.lanes);
    record.own_terms.clone_from(&curated.own_terms);
    record.result_text.clone_from(&curated.result_text);
    record.without_paper = curated.without_paper;
    curated.supplement != SupplementRule::default()
        || curated.consultation.is_some()
        || !curated.lanes.is_empty()
        || curated.own_terms.is_some()
        || !curated.result_text.is_empty()
        || curated.without_paper
}

/// A charge keeps the rule of refund of the curated charge that it is: the one of the same code, or
/// of the same kind and amount, or any where all of the channel have the same rule. The record has
/// no such rule of its own.
fn keep_refunds(offers: &mut [Offer], curated: &Procedure) -> bool {
    let mut kept = false;
    for offer in offers {
        let own = curated.offers.iter();
        let own = own.filter(|own| own.channel == offer.channel);
        let own: Vec<&FeeLine> = own.flat_map(|own| &own.fees).collect();
        for fee in &mut offer.fees {
            if let Some(from) = same_charge(fee, &own) {
                kept |= !from.refund.is_usual();
                fee.refund = from.refund;
                fee.refund_basis.clone_from(&from.refund_basis);
            }
        }
    }
    kept
}

fn same_charge<'a>(fee: &FeeLine, own: &[&'a FeeLine]) -> Option<&'a FeeLine> {
    let by_code = own
        .iter()
        .find(|one| fee.code.is_some() && one.code == fee.code);
    let alike = |one: &&&FeeLine| one.kind == fee.kind && one.amount == fee.amount;
    let first = own.first();
    let agree = first.filter(|first| own.iter().all(|one| one.refund == first.refund));
    by_code
        .or_else(|| own.iter().find(alike))
        .or(agree)
        .copied()
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
    use domain::deadline::{Limit, PauseMode};
    use domain::money::Dong;
    use domain::office::Role;
    use domain::procedure::{
        Channel, Database, Eligibility, FeeKind, Lane, LaneLimit, OwnTerms, RefundRule,
    };
    use jiff::civil::date;

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
            refund: RefundRule::default(),
            refund_basis: String::new(),
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

    /// A record never says how a procedure is supplemented or hastened, nor what is given back: what
    /// the province set stands, however often the record changes.
    #[test]
    fn the_terms_of_the_province_outlive_the_record() {
        let mut curated = curated();
        curated.supplement.mode = PauseMode::Exclude;
        curated.lanes = vec![Lane {
            code: "xanh".to_owned(),
            name: "Luồng xanh".to_owned(),
            limit: LaneLimit::Half,
            eligible: Eligibility::default(),
            decided_by: Role::Leader,
            basis: "Kế hoạch 12/KH-UBND".to_owned(),
        }];
        curated.own_terms = Some(OwnTerms {
            decision: "QĐ 12/QĐ-UBND".to_owned(),
            decided: date(2026, 11, 10),
            first_day: date(2026, 12, 1),
        });
        let charge = &mut curated.offers[0].fees[0];
        charge.refund = RefundRule::Never;
        "QĐ 12/QĐ-UBND".clone_into(&mut charge.refund_basis);
        let mut first = record();
        first.offers[0].fees[0].amount = Some(Dong(9_000));
        assert_eq!(keep(&mut first, &curated), ["refund", "terms"]);
        let mut second = record();
        second.name.push('!');
        assert_eq!(keep(&mut second, &first), ["refund", "terms"]);
        for kept in [&first, &second] {
            assert_eq!(kept.supplement.mode, PauseMode::Exclude);
            assert_eq!(kept.lanes, curated.lanes);
            assert_eq!(kept.own_terms, curated.own_terms);
            let charge = &kept.offers[0].fees[0];
            assert_eq!(charge.refund, RefundRule::Never);
            assert_eq!(charge.refund_basis, "QĐ 12/QĐ-UBND");
            assert_ne!(kept.source, SOURCE, "the next import still knows it");
        }
    }

    #[test]
    fn a_charge_keeps_the_refund_of_the_charge_that_it_is() {
        let charge = |code: &str, amount, refund| FeeLine {
            code: Some(code.to_owned()),
            kind: FeeKind::Fee,
            amount: Some(Dong(amount)),
            by_page: None,
            refund,
            refund_basis: String::new(),
            note: String::new(),
        };
        let mut curated = curated();
        curated.offers[0].fees = vec![
            charge("A", 1_000, RefundRule::Never),
            charge("B", 2_000, RefundRule::Always),
        ];
        let mut record = record();
        let usual = RefundRule::default();
        record.offers[0].fees = vec![
            charge("B", 9_000, usual),
            charge("C", 1_000, usual),
            charge("D", 7_000, usual),
        ];
        keep(&mut record, &curated);
        let kept = record.offers[0].fees.iter().map(|fee| fee.refund);
        assert_eq!(
            kept.collect::<Vec<_>>(),
            [RefundRule::Always, RefundRule::Never, usual]
        );
    }

    #[test]
    fn no_starter_procedure_names_the_national_source() {
        let national = |p: &&Procedure| p.source.ends_with(SOURCE);
        assert_eq!(starter::procedures().iter().find(national), None);
    }
}
