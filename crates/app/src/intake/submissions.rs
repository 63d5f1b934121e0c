//! What an agent of the post submitted, as far as an agent may know.

use domain::dossier::StateKind;
use domain::ids::{DossierCode, DossierId};
use jiff::civil::DateTime;
use store::PostLine;
use store::views::FilingRow;

use crate::access::{Actor, Desk};
use crate::no::{Denied, No};
use crate::state::App;

/// The most that the list shows.
const LISTED: u32 = 100;

/// A dossier as the agent who filed it may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The dossier, while its papers are with the agent, so that she may scan them.
    pub to_scan: Option<DossierId>,
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
    fn of(row: &FilingRow, with_her: &[PostLine]) -> Self {
        let code = row.code.as_deref();
        let mut with_her = with_her.iter();
        let to_scan = with_her.find(|line| line.id == row.id);
        Self {
            to_scan: to_scan.and_then(|line| line.dossier().ok()),
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
    let with_her = app.store().unhanded(unit, &actor.staff, LISTED).await?;
    let rows = rows.iter();
    Ok(rows.map(|row| Submission::of(row, &with_her)).collect())
}
