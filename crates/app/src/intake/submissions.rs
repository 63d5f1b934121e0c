//! What an agent of the post submitted, as far as an agent may know.

use domain::dossier::StateKind;
use domain::ids::DossierCode;
use jiff::civil::DateTime;
use store::views::FilingRow;

use crate::access::{Actor, Desk};
use crate::no::{Denied, No};
use crate::state::App;

/// The most that the list shows.
const LISTED: u32 = 100;

/// A dossier as the agent who filed it may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// When it was filed.
    pub at: DateTime,
    /// Its number, once received.
    pub code: Option<DossierCode>,
    /// Title of the procedure.
    pub procedure: String,
    /// Where it is.
    pub state: StateKind,
    /// The promised time, once received.
    pub due: Option<DateTime>,
}

impl Submission {
    fn of(row: &FilingRow) -> Self {
        let code = row.code.as_deref();
        Self {
            at: row.submitted(),
            code: code.and_then(|code| DossierCode::parse(code).ok()),
            procedure: row.procedure_name.clone(),
            state: row.state().unwrap_or(StateKind::Absent),
            due: row.due(),
        }
    }
}

/// The newest dossiers that the agent of the post filed herself, newest first: by their state,
/// without anybody's name (QĐ 45/2016/QĐ-TTg Điều 16: the post discloses nothing).
///
/// # Errors
/// [`No::Denied`] for whoever is no agent of the post, [`No::Broken`].
pub async fn submissions(app: &App, actor: &Actor) -> Result<Vec<Submission>, No> {
    let Some((unit, Desk::Post)) = actor.desk() else {
        return Err(Denied::Seen.into());
    };
    let views = app.store().views();
    let rows = views.filed_by(&actor.staff, unit, LISTED).await?;
    Ok(rows.iter().map(Submission::of).collect())
}
