//! Papers to certify: pages and copies, with what they cost.

use app::forms::Typed;
use app::intake::{CERTIFIED, Preview};
use domain::money::{Dong, PageFee};

use crate::error::FaultLine;
use crate::words::Words;

use super::field::at;

/// The part of the form, where the charge goes by pages and copies.
#[derive(Debug, Clone)]
pub(crate) struct Certifying {
    /// The formula, for the script that adds up while one types.
    pub(crate) fee: PageFee,
    /// Papers typed, and one more.
    pub(crate) rows: Vec<Paper>,
    /// Whether there is no room for one more.
    pub(crate) full: bool,
}

/// A paper to certify.
#[derive(Debug, Clone)]
pub(crate) struct Paper {
    /// Its order.
    pub(crate) number: usize,
    /// Its pages and its copies.
    pub(crate) counts: [Count; 2],
    /// What it costs; empty when that cannot be counted yet.
    pub(crate) fee: String,
}

/// A field that counts.
#[derive(Debug, Clone)]
pub(crate) struct Count {
    /// Its name and id.
    pub(crate) name: &'static str,
    /// Its label.
    pub(crate) label: &'static str,
    /// What was typed.
    pub(crate) value: String,
    /// What is wrong with it.
    pub(crate) error: String,
}

/// The part as the form says; none where nothing is charged by pages.
pub(super) fn certifying(
    w: Words,
    typed: &Typed,
    preview: &Preview,
    faults: &[FaultLine],
) -> Option<Certifying> {
    let fee = preview.procedure.page_fee(preview.channel)?;
    let there = |(pages, copies): &(&str, &str)| {
        !typed.get(pages).is_empty() || !typed.get(copies).is_empty()
    };
    let typed_in = CERTIFIED.iter().rposition(there).map_or(0, |last| last + 1);
    let rows = CERTIFIED
        .into_iter()
        .take((typed_in + 1).max(1))
        .enumerate();
    let count = |name, label| Count {
        name,
        label,
        value: typed.get(name).to_owned(),
        error: at(faults, name),
    };
    let row = |(index, (pages, copies))| {
        let pages = count(pages, "intake.pages");
        let copies = count(copies, "intake.copies");
        Paper {
            number: index + 1,
            fee: cost(fee, &pages, &copies).map_or_else(String::new, |cost| w.money(cost)),
            counts: [pages, copies],
        }
    };
    Some(Certifying {
        fee,
        rows: rows.map(row).collect(),
        full: typed_in == CERTIFIED.len(),
    })
}

/// Whether nobody has counted yet what is charged by pages and copies.
pub(super) fn uncounted(typed: &Typed, preview: &Preview) -> bool {
    let fields = CERTIFIED.into_iter().flat_map(<[&str; 2]>::from);
    preview.procedure.page_fee(preview.channel).is_some()
        && fields.into_iter().all(|name| typed.get(name).is_empty())
}

/// What one paper costs; nothing typed beside a count is one.
fn cost(fee: PageFee, pages: &Count, copies: &Count) -> Option<Dong> {
    if pages.value.is_empty() && copies.value.is_empty() {
        return None;
    }
    let number = |count: &Count| match count.value.as_str() {
        "" => Some(1),
        typed => typed.parse().ok(),
    };
    fee.of(number(pages)?, number(copies)?)
}
