//! What everybody may read of a procedure: the version in force, with the process it runs under.

use domain::ids::ProcedureCode;
use domain::procedure::Procedure;
use domain::process::Process;

use crate::App;
use crate::no::{Denied, No};

/// A procedure as dossiers are received under it today.
#[derive(Debug, Clone)]
pub struct InForce {
    /// The version in force.
    pub procedure: Procedure,
    /// The internal process in force; none until one is published.
    pub process: Option<Process>,
}

/// The procedure of that code as it is in force today.
///
/// # Errors
/// [`Denied::Unseen`] when none is; [`No::Broken`].
pub async fn in_force(app: &App, code: &str) -> Result<InForce, No> {
    let unseen = || No::Denied(Denied::Unseen);
    let code = ProcedureCode::parse(code.trim()).map_err(|_| unseen())?;
    let today = app.clock().now().date();
    let found = app.store().procedure_in_force(&code, today).await?;
    let procedure = found.ok_or_else(unseen)?;
    let process = app.store().process_in_force(&code, today).await?;
    Ok(InForce { procedure, process })
}
