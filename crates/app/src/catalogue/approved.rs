//! Internal processes that the province approved, read from a file and published.
//!
//! The file is a JSON list; each entry names the procedure, the decision, the first day and the
//! steps. An entry is published or refused by itself, and a running dossier keeps the version it
//! was received under.

use std::collections::BTreeSet;

use domain::ids::ProcedureCode;
use domain::office::Role;
use domain::process::{Place, Process, ProcessFault, Product, Step};
use jiff::civil::{Date, DateTime};
use serde::Deserialize;
use serde_json::Value;
use store::{AuditLine, Store, Version};

use super::publish::check;
use crate::no::No;

/// Why an entry was refused.
#[derive(Debug, thiserror::Error)]
pub enum NotApproved {
    /// It is not of the documented form.
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// It names no decision.
    #[error("it names no decision")]
    NoDecision,
    /// A step has no name.
    #[error("step {0} has no name")]
    Nameless(usize),
    /// The file has an entry for the procedure already.
    #[error("the file names this procedure twice")]
    Repeated,
    /// No such procedure is in force on its first day.
    #[error("no such procedure is in force on {0}")]
    NoProcedure(Date),
    /// The steps may not be published under what the procedure promises.
    #[error(transparent)]
    Steps(#[from] ProcessFault),
}

/// An entry that was refused.
#[derive(Debug)]
pub struct RefusedEntry {
    /// Its place in the file, from 1.
    pub place: usize,
    /// The procedure's code as written; empty when there is none.
    pub procedure: String,
    /// Why.
    pub why: NotApproved,
}

/// What a file of processes comes to.
#[derive(Debug, Default)]
pub struct Judged {
    /// What may be published, in the order of the file.
    pub approved: Vec<Process>,
    /// What may not.
    pub refused: Vec<RefusedEntry>,
}

/// An entry as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    procedure: ProcedureCode,
    decision: String,
    valid_from: Date,
    steps: Vec<EntryStep>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryStep {
    name: String,
    /// Without one, the Vietnamese name serves in both languages.
    #[serde(default)]
    name_en: String,
    role: Role,
    place: Place,
    minutes: u32,
    product: Product,
}

/// Judges the entries of a file by what is published on `today`.
///
/// # Errors
/// [`No::Broken`] when the catalogue cannot be read.
pub async fn judge(store: &Store, entries: Vec<Value>, today: Date) -> Result<Judged, No> {
    let mut judged = Judged::default();
    let mut seen = BTreeSet::new();
    for (index, entry) in entries.into_iter().enumerate() {
        let procedure = entry.get("procedure").and_then(Value::as_str);
        let procedure = procedure.unwrap_or_default().to_owned();
        let found = match read(entry) {
            Ok(process) if !seen.insert(process.procedure.clone()) => Err(NotApproved::Repeated),
            Ok(process) => fits(store, process, today).await?,
            Err(why) => Err(why),
        };
        match found {
            Ok(process) => judged.approved.push(process),
            Err(why) => judged.refused.push(RefusedEntry {
                place: index.saturating_add(1),
                procedure,
                why,
            }),
        }
    }
    Ok(judged)
}

/// The process that an entry describes; the store gives the version.
fn read(entry: Value) -> Result<Process, NotApproved> {
    let entry: Entry = serde_json::from_value(entry)?;
    if entry.decision.trim().is_empty() {
        return Err(NotApproved::NoDecision);
    }
    let is_nameless = |step: &EntryStep| step.name.trim().is_empty();
    if let Some(index) = entry.steps.iter().position(is_nameless) {
        return Err(NotApproved::Nameless(index.saturating_add(1)));
    }
    let step = |step: EntryStep| Step {
        name_en: if step.name_en.trim().is_empty() {
            step.name.clone()
        } else {
            step.name_en
        },
        name: step.name,
        role: step.role,
        place: step.place,
        minutes: step.minutes,
        product: step.product,
    };
    Ok(Process {
        procedure: entry.procedure,
        version: 0,
        valid_from: entry.valid_from,
        decision: entry.decision,
        steps: entry.steps.into_iter().map(step).collect(),
    })
}

/// Whether the process keeps the limits of the procedure that is in force when it begins.
async fn fits(
    store: &Store,
    process: Process,
    today: Date,
) -> Result<Result<Process, NotApproved>, No> {
    let day = process.valid_from.max(today);
    let Some(procedure) = store.procedure_in_force(&process.procedure, day).await? else {
        return Ok(Err(NotApproved::NoProcedure(day)));
    };
    Ok(match check(&process, &procedure) {
        Ok(()) => Ok(process),
        Err(bad) => Err(bad.fault.into()),
    })
}

/// Publishes what was approved; one that says what its newest version says changes nothing.
/// Returns the versions that are new. The audit line names `by`.
///
/// # Errors
/// [`No::Broken`]; nothing is published then.
pub async fn publish(
    store: &Store,
    approved: Vec<Process>,
    now: DateTime,
    by: &str,
) -> Result<Vec<Version>, No> {
    let line = AuditLine {
        actor: by.to_owned(),
        action: "processes.published".to_owned(),
        subject: "catalogue".to_owned(),
        purpose: String::new(),
        detail: String::new(),
    };
    Ok(store.publish_processes(approved, now, line).await?)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;
    use crate::catalogue::{processes, starter};
    use crate::people::testing::office;

    /// The default process of 2.000815 as its province would approve it.
    fn entry() -> Value {
        let code = |p: &&domain::procedure::Procedure| p.code.as_str() == "2.000815";
        let procedure = starter::procedures().iter().find(code).unwrap();
        let process = processes::default_process(procedure);
        json!({
            "procedure": "2.000815",
            "decision": "QĐ 3120/QĐ-UBND",
            "valid_from": "2026-12-01",
            "steps": process.steps,
        })
    }

    #[tokio::test]
    async fn each_entry_is_published_or_refused_by_itself() {
        let app = office().await;
        let with = |change: fn(&mut Value)| {
            let mut changed = entry();
            change(&mut changed);
            changed
        };
        let file = vec![
            entry(),
            entry(),
            with(|e| e["procedure"] = json!("1.999999")),
            with(|e| {
                e["procedure"] = json!("2.000884");
                e["steps"][1]["minutes"] = json!(100_000);
            }),
            with(|e| {
                e["procedure"] = json!("2.000927");
                e["steps"][0]["name"] = json!(" ");
            }),
            with(|e| e["decision"] = json!("")),
            with(|e| e["steps"][0]["role"] = json!("clerk")),
            with(|e| {
                e["procedure"] = json!("2.000913");
                e["steps"].as_array_mut().unwrap().swap(1, 2);
            }),
            with(|e| e["limit"] = json!("5wd")),
        ];
        let today = app.clock().now().date();
        let judged = judge(app.store(), file, today).await.unwrap();
        assert_eq!(judged.approved.len(), 1);
        assert_eq!(judged.approved[0].valid_from, date(2026, 12, 1));
        let said = judged
            .refused
            .iter()
            .map(|r| format!("{} {}: {}", r.place, r.procedure, r.why));
        let said = said.collect::<Vec<_>>();
        for (line, words) in said.iter().zip([
            "2 2.000815: the file names this procedure twice",
            "3 1.999999: no such procedure is in force on 2026-12-01",
            "4 2.000884: the steps take ",
            "5 2.000927: step 1 has no name",
            "6 2.000815: it names no decision",
            "7 2.000815: it cannot be read: unknown variant `clerk`",
            "8 2.000913: a process needs reception, draft",
            "9 2.000815: it cannot be read: unknown field `limit`",
        ]) {
            assert!(line.starts_with(words), "{line}");
        }
        assert_eq!(said.len(), 8);
    }
}
