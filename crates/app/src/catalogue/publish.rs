//! Publishes procedures and the processes they run under, after the check that the law asks for.

use domain::ids::ProcedureCode;
use domain::procedure::Procedure;
use domain::process::{Process, ProcessFault};
use jiff::civil::DateTime;
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

/// Publishes procedures. What is new runs under the default process until another is approved; what
/// changed keeps its process unless that takes longer than is now allowed.
///
/// # Errors
/// [`No::Broken`], also when a process does not pass its check; nothing is published then.
pub async fn publish(
    store: &Store,
    procedures: Vec<Procedure>,
    now: DateTime,
    by: &str,
) -> Result<Published, No> {
    let mut defaults = Vec::with_capacity(procedures.len());
    for procedure in &procedures {
        let process = processes::default_process(procedure);
        check(&process, procedure).map_err(|fault| No::Broken(Box::new(fault)))?;
        defaults.push((process, procedure.clone()));
    }
    let hashed = procedures.into_iter().map(|procedure| NewProcedure {
        content_hash: import::content_hash(&procedure),
        procedure,
    });
    let line = |action: &str| AuditLine {
        actor: by.to_owned(),
        action: action.to_owned(),
        subject: "catalogue".to_owned(),
        purpose: String::new(),
        detail: String::new(),
    };
    let published = store
        .publish_procedures(hashed.collect(), now, line("catalogue.published"))
        .await?;
    let mut needed = Vec::new();
    for (process, procedure) in defaults {
        let is = |version: &Version| version.procedure == process.procedure;
        let outgrown = published.changed.iter().any(is) && outgrown(store, &procedure, now).await?;
        if outgrown || published.added.iter().any(is) {
            needed.push(process);
        }
    }
    store
        .publish_processes(needed, now, line("processes.published"))
        .await?;
    Ok(published)
}

/// Whether the process in force takes longer than the changed procedure now allows.
async fn outgrown(store: &Store, procedure: &Procedure, now: DateTime) -> Result<bool, No> {
    let in_force = store.process_in_force(&procedure.code, now.date()).await?;
    Ok(in_force.is_none_or(|process| check(&process, procedure).is_err()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::starter;

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
}
