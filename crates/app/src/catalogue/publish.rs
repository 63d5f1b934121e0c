//! Publishes procedures and the processes they run under, after the check that the law asks for.

use std::collections::BTreeSet;

use domain::ids::ProcedureCode;
use domain::procedure::Procedure;
use domain::process::{Process, ProcessFault};
use jiff::civil::{Date, DateTime};
use store::{AuditLine, NewProcedure, Published, Store, Version};

use super::{import, processes};
use crate::no::No;

/// A process that may not be published.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the process of {procedure} cannot be published")]
pub struct BadProcess {
    /// Of which procedure.
    pub procedure: ProcedureCode,
    /// Why.
    #[source]
    pub fault: ProcessFault,
}

/// Checks the process against every limit that the procedure publishes: the steps together never
/// take longer (TT 01/2018/TT-VPCP Điều 8).
///
/// # Errors
/// [`BadProcess`] with the first fault.
pub fn check(process: &Process, procedure: &Procedure) -> Result<(), BadProcess> {
    let bad = |fault| BadProcess {
        procedure: procedure.code.clone(),
        fault,
    };
    let mut limits = procedure.offers.iter().map(|offer| offer.limit).peekable();
    if limits.peek().is_none() {
        process.check(None).map_err(bad)?;
    }
    limits.try_for_each(|limit| process.check(limit).map_err(bad))
}

/// What was published.
#[derive(Debug)]
pub struct Done {
    /// The procedures.
    pub procedures: Published,
    /// Processes that take longer than is now allowed, in force or to come: the default process runs
    /// in their place.
    pub outgrown: Vec<Version>,
}

/// Publishes procedures. What has no process runs under the default one until another is approved;
/// what changed keeps its processes unless they take longer than is now allowed.
///
/// # Errors
/// [`No::Broken`], also when a process does not pass its check; nothing is published then.
pub async fn publish(
    store: &Store,
    procedures: Vec<Procedure>,
    now: DateTime,
    by: &str,
) -> Result<Done, No> {
    for procedure in &procedures {
        let process = processes::default_process(procedure);
        check(&process, procedure).map_err(|fault| No::Broken(Box::new(fault)))?;
    }
    let line = |action: &str, outgrown: &[Version]| AuditLine {
        actor: by.to_owned(),
        action: action.to_owned(),
        subject: "catalogue".to_owned(),
        purpose: String::new(),
        detail: outgrown.iter().map(told).collect::<Vec<_>>().join(", "),
    };
    let hashed = procedures.iter().cloned().map(|procedure| NewProcedure {
        content_hash: import::content_hash(&procedure),
        procedure,
    });
    let published = store
        .publish_procedures(hashed.collect(), now, line("catalogue.published", &[]))
        .await?;
    // Asked of the store, not of what is new: a crash may have come between the two.
    let without = store.procedures_without_process(now.date()).await?;
    let without: BTreeSet<ProcedureCode> = without.into_iter().collect();
    let (mut needed, mut outgrown) = (Vec::new(), Vec::new());
    for procedure in &procedures {
        let is = |version: &Version| version.procedure == procedure.code;
        if without.contains(&procedure.code) || published.added.iter().any(is) {
            needed.push(processes::default_process(procedure));
        }
        for process in outgrown_by(store, procedure, now.date()).await? {
            outgrown.push(Version {
                procedure: process.procedure,
                version: process.version,
            });
            needed.push(Process {
                valid_from: process.valid_from.max(now.date()),
                ..processes::default_process(procedure)
            });
        }
    }
    store
        .publish_processes(needed, now, line("processes.published", &outgrown))
        .await?;
    Ok(Done {
        procedures: published,
        outgrown,
    })
}

fn told(version: &Version) -> String {
    format!("{} v{} outgrown", version.procedure, version.version)
}

/// The processes from `today` on that take longer than the procedure allows.
async fn outgrown_by(
    store: &Store,
    procedure: &Procedure,
    today: Date,
) -> Result<Vec<Process>, No> {
    let mut running = store.processes_after(&procedure.code, today).await?;
    running.extend(store.process_in_force(&procedure.code, today).await?);
    running.retain(|process| check(process, procedure).is_err());
    Ok(running)
}

#[cfg(test)]
mod tests {
    use domain::deadline::Limit;
    use jiff::civil::date;

    use super::*;
    use crate::catalogue::starter;
    use crate::people::testing::office;

    #[test]
    fn a_process_longer_than_the_limit_is_not_published() {
        let procedure = &starter::procedures()[0];
        let mut process = processes::default_process(procedure);
        assert_eq!(check(&process, procedure), Ok(()));
        process.steps[1].minutes += 480;
        assert!(matches!(
            check(&process, procedure),
            Err(BadProcess {
                fault: ProcessFault::TooLong { .. },
                ..
            })
        ));
    }

    /// An approved process that begins later runs on its day, whatever was published before that
    /// day; one that a changed limit leaves no time for is named and does not run.
    #[tokio::test]
    async fn an_approved_process_to_come_is_kept_unless_outgrown() {
        let app = office().await;
        let (store, now) = (app.store(), app.clock().now());
        let procedure = starter::procedures()
            .iter()
            .find(|one| one.code.as_str() == "1.011607")
            .unwrap();
        let begins = date(2026, 12, 1);
        let approved = Process {
            valid_from: begins,
            decision: "QĐ 3120/QĐ-UBND".to_owned(),
            ..processes::default_process(procedure)
        };
        let line = AuditLine {
            actor: "operator".to_owned(),
            action: "processes.published".to_owned(),
            subject: "catalogue".to_owned(),
            purpose: String::new(),
            detail: String::new(),
        };
        let new = store.publish_processes(vec![approved], now, line).await;
        assert_eq!(new.unwrap().len(), 1);
        let decided = async |day| {
            let process = store.process_in_force(&procedure.code, day).await.unwrap();
            process.unwrap().decision
        };
        let with_limit = |limit| {
            let mut changed = procedure.clone();
            for offer in &mut changed.offers {
                offer.limit = Some(limit);
            }
            vec![changed]
        };
        let longer = with_limit(Limit::working_days(90));
        let done = publish(store, longer, now, "operator").await.unwrap();
        assert!(done.outgrown.is_empty());
        assert_eq!(decided(begins).await, "QĐ 3120/QĐ-UBND");
        let shorter = with_limit(Limit::working_days(2));
        let done = publish(store, shorter, now, "operator").await.unwrap();
        assert_eq!(done.outgrown.len(), 2);
        assert_ne!(decided(begins).await, "QĐ 3120/QĐ-UBND");
        for day in [now.date(), begins] {
            let process = store.process_in_force(&procedure.code, day).await.unwrap();
            let minutes: u32 = process.unwrap().steps.iter().map(|step| step.minutes).sum();
            assert!(minutes <= 960, "{day}: {minutes}");
        }
    }
}
