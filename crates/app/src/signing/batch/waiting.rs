//! What waits for somebody's signature.

use domain::ids::{ProcedureCode, UnitId};
use domain::office::Role;
use domain::process::Product;
use store::ToSignRow;

use crate::access::Actor;
use crate::no::{Denied, No};
use crate::state::App;

use super::{MOST, signing_posts};

/// Pages that are looked through for one post: leaders have steps that sign nothing, too.
const MOST_PAGES: usize = 20;

/// What waits for the actor's signature, the most urgent first.
pub(super) async fn waiting(app: &App, actor: &Actor) -> Result<Vec<ToSignRow>, No> {
    let posts = signing_posts(actor);
    if posts.is_empty() {
        return Err(Denied::Seen.into());
    }
    let mut rows = Vec::new();
    for post in posts {
        rows.extend(of_post(app, actor, post).await?);
    }
    rows.sort_by(|one, other| (one.rank, &one.dossier).cmp(&(other.rank, &other.dossier)));
    rows.dedup_by(|one, other| one.dossier == other.dossier);
    rows.truncate(MOST);
    Ok(rows)
}

async fn of_post(
    app: &App,
    actor: &Actor,
    (unit, role): (UnitId, Role),
) -> Result<Vec<ToSignRow>, No> {
    let most = u32::try_from(MOST).expect("a batch is small");
    let (mut rows, mut last) = (Vec::new(), None);
    for _ in 0..MOST_PAGES {
        let page = app
            .store()
            .to_sign((&unit, role), &actor.staff, (last.as_ref(), most));
        let page = page.await?;
        let is_last = page.len() < MOST;
        last = page.last().cloned();
        for row in page {
            if asks_signature(app, actor, &row).await? {
                rows.push(row);
            }
        }
        if is_last || rows.len() >= MOST {
            break;
        }
    }
    Ok(rows)
}

/// Whether a dossier stands where it is approved by a signature, and by the actor.
async fn asks_signature(app: &App, actor: &Actor, row: &ToSignRow) -> Result<bool, No> {
    let mut working = actor.working_for().into_iter();
    let held = row.holder.as_deref();
    if held.is_some_and(|held| working.all(|staff| staff.as_str() != held)) {
        return Ok(false);
    }
    let broken = |what: &str| No::Broken(format!("{what} of {}", row.dossier).into());
    let code = ProcedureCode::parse(&row.procedure_code).map_err(|_| broken("procedure"))?;
    let version = |number| u32::try_from(number).map_err(|_| broken("version"));
    let process = app.process(&code, version(row.process_version)?).await?;
    let index = row.step.and_then(|step| usize::try_from(step).ok());
    let step = index.and_then(|index| process.step(index));
    if step.is_none_or(|step| step.product != Product::Approval) {
        return Ok(false);
    }
    let procedure = app.procedure(&code, version(row.procedure_version)?);
    Ok(!procedure.await?.without_paper)
}
