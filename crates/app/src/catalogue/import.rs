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

/// The published versions that do not say only what the national catalogue says.
#[derive(Debug, Clone, Default)]
pub struct Curated {
    /// What holds on the day of the import.
    pub in_force: BTreeMap<ProcedureCode, Procedure>,
    /// What holds from a later day on, in the order of the days.
    pub to_come: BTreeMap<ProcedureCode, Vec<Procedure>>,
}

impl Curated {
    /// Of what holds on the day and of what begins after it, in the order of the days.
    pub fn of(in_force: Vec<Procedure>, to_come: Vec<Procedure>) -> Self {
        let by_code = |own: Procedure| (own.code.clone(), own);
        let mut curated = Self {
            in_force: in_force.into_iter().map(by_code).collect(),
            to_come: BTreeMap::new(),
        };
        for own in to_come {
            let code = own.code.clone();
            curated.to_come.entry(code).or_default().push(own);
        }
        curated
    }
}

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

/// Compares what was read with what is published; of what the province curated nothing is lost, and
/// nothing holds before its first day.
pub fn plan(records: Vec<Record>, existing: &Published, curated: &Curated, today: Date) -> Plan {
    let read: Vec<Read> = records
        .into_iter()
        .map(|record| Read::of(record, curated, today))
        .collect();
    let mut report = Report::of(read.iter().map(|one| &one.record));
    let seen: BTreeSet<&str> = read.iter().map(|one| one.record.code.as_str()).collect();
    let gone: Vec<ProcedureCode> = existing
        .keys()
        .filter(|code| !seen.contains(code.as_str()))
        .cloned()
        .collect();
    let mut publish = Vec::new();
    for Read { record, versions } in read {
        if let Outcome::Quarantined(reasons) = record.outcome {
            report.quarantine.push(QuarantinedRecord {
                line: record.line,
                code: record.code,
                reasons,
            });
            continue;
        }
        publish.extend(new_versions(versions, existing, &mut report));
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

/// A record, judged with what the province's version in force keeps of its own, and what would be
/// published of it: from today on, then each version to come, merged anew, from its own day on.
struct Read {
    record: Record,
    versions: Vec<(Procedure, Vec<Reason>)>,
}

impl Read {
    fn of(mut record: Record, curated: &Curated, today: Date) -> Self {
        let (said, reasons) = match &record.outcome {
            Outcome::Accepted(procedure) => (procedure, Vec::new()),
            Outcome::AcceptedWithWarnings(procedure, reasons) => (procedure, reasons.clone()),
            Outcome::Quarantined(_) => {
                let versions = Vec::new();
                return Self { record, versions };
            }
        };
        let own = curated.in_force.get(&said.code);
        let to_come = curated.to_come.get(&said.code).into_iter().flatten();
        let first = merged((**said).clone(), &reasons, own, today);
        let later = to_come.map(|own| {
            let day = own.valid_from;
            merged((**said).clone(), &reasons, Some(own), day)
        });
        let versions: Vec<_> = [first.clone()].into_iter().chain(later).collect();
        let (procedure, reasons) = first;
        record.outcome = if reasons.is_empty() {
            Outcome::Accepted(Box::new(procedure))
        } else {
            Outcome::AcceptedWithWarnings(Box::new(procedure), reasons)
        };
        Self { record, versions }
    }
}

/// Fills the record with what the province's own version has and the record lacks.
fn merged(
    mut procedure: Procedure,
    reasons: &[Reason],
    own: Option<&Procedure>,
    from: Date,
) -> (Procedure, Vec<Reason>) {
    let mut reasons = reasons.to_vec();
    let kept = own.map_or_else(Vec::new, |own| curated::keep(&mut procedure, own));
    if !kept.is_empty() {
        reasons.push(Reason {
            places: u32::try_from(kept.len()).unwrap_or(u32::MAX),
            ..Reason::new(Cause::KeptCurated, &kept.join(", "))
        });
    }
    procedure.valid_from = from;
    (procedure, reasons)
}

/// The versions under their numbers; none when the newest of them says what the newest published one
/// says, for then the same record was imported over it before.
fn new_versions(
    versions: Vec<(Procedure, Vec<Reason>)>,
    existing: &Published,
    report: &mut Report,
) -> Vec<NewVersion> {
    let mut new: Vec<NewVersion> = versions
        .into_iter()
        .map(|(procedure, warnings)| NewVersion {
            content_hash: content_hash(&procedure),
            procedure,
            warnings,
        })
        .collect();
    let Some(newest) = new.last() else {
        return Vec::new();
    };
    let before = existing.get(&newest.procedure.code);
    let (count, mut number) = match before {
        Some((_, hash)) if *hash == newest.content_hash => {
            report.unchanged = report.unchanged.saturating_add(1);
            return Vec::new();
        }
        Some((number, _)) => (&mut report.changed, *number),
        None => (&mut report.new, 0),
    };
    *count = count.saturating_add(1);
    for one in &mut new {
        number = number.saturating_add(1);
        one.procedure.version = number;
    }
    new
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
