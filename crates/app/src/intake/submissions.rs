//! What an agent of the post submitted, as far as an agent may know.

use std::collections::BTreeSet;

use domain::dossier::StateKind;
use domain::ids::{DossierCode, DossierId, UnitId};
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
    fn of(row: &FilingRow) -> Self {
        let code = row.code.as_deref();
        let id = DossierId::parse(&row.id).ok();
        Self {
            to_scan: id.filter(|_| row.is_in_hand()),
            at: row.submitted(),
            code: code.and_then(|code| DossierCode::parse(code).ok()),
            procedure: row.procedure_name.clone(),
            state: row.state().unwrap_or(StateKind::Absent),
            due: row.due(),
        }
    }
}

/// The newest dossiers that the agent of the post filed herself, at whichever centre, also one that
/// ended, newest first: by their state, without anybody's name (QĐ 45/2016/QĐ-TTg Điều 16: the post
/// discloses nothing).
///
/// # Errors
/// [`No::Denied`] for whoever is no agent of the post, [`No::Broken`].
pub async fn submissions(app: &App, actor: &Actor) -> Result<Vec<Submission>, No> {
    let mut posts = actor.desks();
    posts.retain(|unit| actor.desk_at(unit) == Some(Desk::Post));
    if posts.is_empty() {
        return Err(Denied::Seen.into());
    }
    let places: BTreeSet<UnitId> = posts
        .iter()
        .flat_map(|unit| app.with_forerunners(unit))
        .collect();
    let mut rows = Vec::new();
    for place in &places {
        let views = app.store().views();
        rows.extend(views.filed_by(&actor.staff, place, LISTED).await?);
    }
    rows.sort_by_key(|row| std::cmp::Reverse((row.submitted(), row.id.clone())));
    rows.truncate(LISTED as usize);
    Ok(rows.iter().map(Submission::of).collect())
}
