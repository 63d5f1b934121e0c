//! What an import of the national catalogue would change: new versions, and nothing else.
//!
//! Published versions are immutable, so a changed record becomes the next version from today on,
//! an unchanged one becomes nothing, and a procedure that the file no longer has is listed for a
//! person to decide about. This module must not know how a version is stored.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::ProcedureCode;
use domain::procedure::Procedure;
use jiff::civil::Date;
use ring::digest::{SHA256, digest};

use super::curated;
use super::national::{Outcome, Record};
use super::reason::{Cause, Reason};
use super::report::{QuarantinedRecord, Report};

/// The newest published version of each procedure: its order and its [`content_hash`].
pub type Published = BTreeMap<ProcedureCode, (u32, String)>;

/// The newest published versions that do not say only what the national catalogue says.
pub type Curated = BTreeMap<ProcedureCode, Procedure>;

/// A version to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVersion {
    /// The procedure, with its version and the first day of its validity.
    pub procedure: Procedure,
    /// What it says, as a hash.
    pub content_hash: String,
    /// What was not taken as it stood.
    pub warnings: Vec<Reason>,
}

/// What an import would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Versions to publish, in the order of their codes.
    pub publish: Vec<NewVersion>,
    /// How many procedures stay as they are.
    pub unchanged: usize,
    /// Published procedures the file does not have; never deleted.
    pub gone: Vec<ProcedureCode>,
    /// The figures.
    pub report: Report,
}

/// Compares what was read with what is published; of what the province curated nothing is lost.
pub fn plan(
    mut records: Vec<Record>,
    existing: &Published,
    curated: &Curated,
    today: Date,
) -> Plan {
    for record in &mut records {
        keep_curated(record, curated);
    }
    let mut report = Report::of(&records);
    let seen: BTreeSet<&str> = records.iter().map(|record| record.code.as_str()).collect();
    let gone: Vec<ProcedureCode> = existing
        .keys()
        .filter(|code| !seen.contains(code.as_str()))
        .cloned()
        .collect();
    let mut publish = Vec::new();
    for record in records {
        let (mut procedure, warnings) = match record.outcome {
            Outcome::Accepted(procedure) => (*procedure, Vec::new()),
            Outcome::AcceptedWithWarnings(procedure, warnings) => (*procedure, warnings),
            Outcome::Quarantined(reasons) => {
                report.quarantine.push(QuarantinedRecord {
                    line: record.line,
                    code: record.code,
                    reasons,
                });
                continue;
            }
        };
        let content_hash = content_hash(&procedure);
        let published = existing.get(&procedure.code);
        match published {
            Some((_, hash)) if *hash == content_hash => {
                report.unchanged = report.unchanged.saturating_add(1);
                continue;
            }
            Some(_) => report.changed = report.changed.saturating_add(1),
            None => report.new = report.new.saturating_add(1),
        }
        procedure.version = published.map_or(1, |(version, _)| version.saturating_add(1));
        procedure.valid_from = today;
        publish.push(NewVersion {
            procedure,
            content_hash,
            warnings,
        });
    }
    publish.sort_by(|a, b| a.procedure.code.cmp(&b.procedure.code));
    report.gone = gone.len();
    Plan {
        publish,
        unchanged: report.unchanged,
        gone,
        report,
    }
}

/// Fills the record with what the province's own version has and the record lacks.
fn keep_curated(record: &mut Record, curated: &Curated) {
    let (procedure, mut reasons) = match &record.outcome {
        Outcome::Accepted(procedure) => (procedure, Vec::new()),
        Outcome::AcceptedWithWarnings(procedure, reasons) => (procedure, reasons.clone()),
        Outcome::Quarantined(_) => return,
    };
    let Some(own) = curated.get(&procedure.code) else {
        return;
    };
    let mut procedure = procedure.clone();
    let kept = curated::keep(&mut procedure, own);
    if !kept.is_empty() {
        reasons.push(Reason {
            places: u32::try_from(kept.len()).unwrap_or(u32::MAX),
            ..Reason::new(Cause::KeptCurated, &kept.join(", "))
        });
    }
    record.outcome = if reasons.is_empty() {
        Outcome::Accepted(procedure)
    } else {
        Outcome::AcceptedWithWarnings(procedure, reasons)
    };
}

/// SHA-256 over what the procedure says, in hexadecimal: its JSON without version and validity.
/// The order of keys is that of the type, so equal procedures have equal hashes in one release;
/// compute it from the stored procedure instead of storing it across releases.
///
/// # Panics
/// Never: a procedure always has a JSON form.
pub fn content_hash(procedure: &Procedure) -> String {
    let bare = Procedure {
        version: 0,
        valid_from: Date::ZERO,
        valid_to: None,
        ..procedure.clone()
    };
    let json = serde_json::to_vec(&bare).expect("a procedure has no map keys and no floats");
    hex::encode(digest(&SHA256, &json))
}
