//! Terms that a province or a sector sets for a procedure beside what the national record says: how
//! it is supplemented, how long its results are valid, which charges are given back, how other
//! agencies are asked, green lanes.
//!
//! The file is a JSON list; each entry names the procedure, the decision with its date, the first
//! day, and the terms. A part that is left out stays as it is. An entry is published as a new version
//! or refused by itself, and a running dossier keeps the version it was received under.

mod parts;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use domain::ids::ProcedureCode;
use domain::procedure::{OwnTerms, Procedure};
use domain::process::Process;
use jiff::civil::{Date, DateTime};
use serde::Deserialize;
use serde_json::Value;
use store::{Store, Version};

use super::record::SOURCE;
use crate::no::No;

use parts::Terms;

/// What the published records of the starter procedures say in so many words, as terms.
const SHIPPED: &[u8] = include_bytes!("../../../data/starter-terms.json");

static SHIPPED_TERMS: LazyLock<BTreeMap<ProcedureCode, Terms>> = LazyLock::new(|| {
    let shipped: Vec<Shipped> =
        serde_json::from_slice(SHIPPED).expect("a test reads the shipped file");
    let pair = |one: Shipped| (one.procedure, one.terms);
    shipped.into_iter().map(pair).collect()
});

/// The source of a version whose national record has terms of the province laid over it.
const OVER_NATIONAL: &str = "Điều khoản riêng theo quyết định của tỉnh";

/// Why an entry was refused.
#[derive(Debug, thiserror::Error)]
pub enum NotSet {
    /// It is not of the documented form.
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// It names no decision.
    #[error("it names no decision")]
    NoDecision,
    /// The decision is younger than what it decides.
    #[error("the decision is of {0}, after its first day")]
    DecidedLater(Date),
    /// It sets nothing.
    #[error("it sets no terms")]
    Nothing,
    /// The file has an entry for the procedure already.
    #[error("the file names this procedure twice")]
    Repeated,
    /// No such procedure is in force on its first day.
    #[error("no such procedure is in force on {0}")]
    NoProcedure(Date),
    /// A version that begins later is published already, and would be lost.
    #[error("version {0} of the procedure begins after the first day of these terms")]
    Overtaken(u32),
    /// What it says does not fit the procedure.
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

/// What terms say that does not fit the procedure or its process.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The process has no such step.
    #[error("the process has no step {0} that a supplement can be asked for at")]
    NoStep(usize),
    /// A step has terms twice.
    #[error("step {0} has terms twice")]
    StepTwice(usize),
    /// Silence would be consent at no time at all.
    #[error("silence is consent only after a limit")]
    SilenceWithoutLimit,
    /// The procedure has no such charge.
    #[error("no charge is the one of refund {0}")]
    NoCharge(usize),
    /// The procedure has no such kind of result.
    #[error("validity {0} is of a kind of result that the procedure has not")]
    NoResult(usize),
    /// Results that would be valid for no time at all.
    #[error("validity {0} lasts no month")]
    NoMonths(usize),
    /// A lane without a code or a name.
    #[error("lane {0} has no code or no name")]
    NamelessLane(usize),
    /// Two lanes of one code.
    #[error("lane `{0}` stands twice")]
    LaneTwice(String),
    /// A text asks for data that no dossier has.
    #[error("the text of results has no place `{{{0}}}`")]
    NoPlace(String),
    /// A lane that is no faster than the law.
    #[error("lane `{0}` is not shorter than the legal limit")]
    SlowLane(String),
}

/// An entry that was refused.
#[derive(Debug)]
pub struct RefusedTerms {
    /// Its place in the file, from 1.
    pub place: usize,
    /// The procedure's code as written; empty when there is none.
    pub procedure: String,
    /// Why.
    pub why: NotSet,
}

/// What a file of terms comes to.
#[derive(Debug, Default)]
pub struct Judged {
    /// Versions that may be published, in the order of the file.
    pub sound: Vec<Procedure>,
    /// What may not.
    pub refused: Vec<RefusedTerms>,
}

/// An entry as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    procedure: ProcedureCode,
    decision: String,
    decided: Date,
    valid_from: Date,
    terms: Terms,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shipped {
    procedure: ProcedureCode,
    terms: Terms,
}

/// Lays the shipped terms over a starter procedure.
pub(super) fn ship(procedure: &mut Procedure) {
    if let Some(terms) = SHIPPED_TERMS.get(&procedure.code) {
        terms.lay_over(procedure, "");
    }
}

/// Judges the entries of a file by what is published on `today`. Terms whose first day is past hold
/// from `today` on: what was received before keeps the version that it was received under.
///
/// # Errors
/// [`No::Broken`] when the catalogue cannot be read.
pub async fn judge(store: &Store, entries: Vec<Value>, today: Date) -> Result<Judged, No> {
    let newest = store.procedure_hashes().await?;
    let mut judged = Judged::default();
    let mut seen = BTreeSet::new();
    for (index, entry) in entries.into_iter().enumerate() {
        let procedure = entry.get("procedure").and_then(Value::as_str);
        let procedure = procedure.unwrap_or_default().to_owned();
        let found = match read(entry) {
            Ok(entry) if !seen.insert(entry.procedure.clone()) => Err(NotSet::Repeated),
            Ok(entry) => {
                let last = newest.get(&entry.procedure).map(|(version, _)| *version);
                fits(store, &entry, (today, last)).await?
            }
            Err(why) => Err(why),
        };
        match found {
            Ok(procedure) => judged.sound.push(procedure),
            Err(why) => judged.refused.push(RefusedTerms {
                place: index.saturating_add(1),
                procedure,
                why,
            }),
        }
    }
    Ok(judged)
}

fn read(entry: Value) -> Result<Entry, NotSet> {
    let entry: Entry = serde_json::from_value(entry)?;
    if entry.decision.trim().is_empty() {
        return Err(NotSet::NoDecision);
    }
    if entry.decided > entry.valid_from {
        return Err(NotSet::DecidedLater(entry.decided));
    }
    if entry.terms.is_nothing() {
        return Err(NotSet::Nothing);
    }
    Ok(entry)
}

/// The version that the terms make of what is in force on their first day.
async fn fits(
    store: &Store,
    entry: &Entry,
    (today, last): (Date, Option<u32>),
) -> Result<Result<Procedure, NotSet>, No> {
    let day = entry.valid_from.max(today);
    let Some(procedure) = store.procedure_in_force(&entry.procedure, day).await? else {
        return Ok(Err(NotSet::NoProcedure(day)));
    };
    if let Some(last) = last.filter(|last| *last > procedure.version) {
        return Ok(Err(NotSet::Overtaken(last)));
    }
    let process = store.process_in_force(&entry.procedure, day).await?;
    Ok(set(entry, procedure, process.as_ref(), day).map_err(NotSet::from))
}

fn set(
    entry: &Entry,
    mut procedure: Procedure,
    process: Option<&Process>,
    day: Date,
) -> Result<Procedure, Unfit> {
    entry.terms.check(&procedure, process)?;
    let decided = entry.decided.strftime("%d/%m/%Y");
    let basis = format!("{} ngày {decided}", entry.decision.trim());
    entry.terms.lay_over(&mut procedure, &basis);
    procedure.own_terms = Some(OwnTerms {
        decision: entry.decision.trim().to_owned(),
        decided: entry.decided,
        first_day: entry.valid_from,
    });
    if procedure.source == SOURCE {
        procedure.source = format!("{OVER_NATIONAL}; {SOURCE}");
    }
    (procedure.valid_from, procedure.valid_to) = (day, None);
    Ok(procedure)
}

/// Publishes what was judged sound; terms that stand already publish nothing. Returns the versions
/// that are new. The audit line names `by`.
///
/// # Errors
/// [`No::Broken`]; nothing is published then.
pub async fn publish(
    store: &Store,
    sound: Vec<Procedure>,
    now: DateTime,
    by: &str,
) -> Result<Vec<Version>, No> {
    let published = super::publish::publish(store, sound, now, by).await?;
    Ok(published.procedures.changed)
}
