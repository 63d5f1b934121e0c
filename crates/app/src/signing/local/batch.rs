//! A batch that is signed with the token at the desk: one document goes out after the other, each by
//! words of its own, under the one-time key of its place. What is signed is signed once, whoever stops
//! in between; what is refused stays in the batch with its reason.

use store::{SigningEnd, SigningState};

use crate::access::Actor;
use crate::no::{Fault, No};
use crate::signing::batch::{BatchPage, SigningItemRow, Stage};
use crate::signing::batch::{approval_of, dossier_of, end_item, open_item, own, running};
use crate::signing::{Approval, approved};
use crate::state::App;

use super::{Attempt, GivenOut, attempt, begin};

/// What became of asking for a document of a batch.
#[derive(Debug)]
pub enum Next {
    /// It is given out.
    Given(GivenOut),
    /// It is signed already: who asked before did not hear of it.
    Signed,
}

/// Gives out the document at a place of the actor's own batch, which she read.
///
/// # Errors
/// All kinds of [`No`]; where the document can be signed no more, the batch says why.
pub async fn begin_item(
    app: &App,
    actor: &Actor,
    session: &str,
    (batch, place): (&str, i64),
) -> Result<Next, No> {
    let page = own(app, actor, batch).await?;
    if matches!(page.stage, Stage::Running | Stage::Asked) {
        return Err(running());
    }
    let (item, approval) = asked(&page, place)?;
    if approved(app, actor, &approval).await?.is_some() {
        end_item(app, (batch, place), None).await?;
        return Ok(Next::Signed);
    }
    if item.seen_at.is_none() {
        let unread = Fault::new("dossier", "fault.signing_unread").with("n", &1);
        return Err(No::Invalid(vec![unread]));
    }
    match begin(app, actor, session, &approval).await {
        Ok(given) => Ok(Next::Given(given)),
        Err(no @ (No::Stale(_) | No::Refused(_))) => {
            end_item(app, (batch, place), Some(&no)).await?;
            Err(no)
        }
        Err(no) => Err(no),
    }
}

/// Where an attempt at a document of the actor's own batch stands; what came of it is noted there.
///
/// # Errors
/// [`No::Denied`], unseen for one of somebody else, or of another document; [`No::Broken`].
pub async fn attempt_at(
    app: &App,
    actor: &Actor,
    (batch, place): (&str, i64),
    id: &str,
) -> Result<Attempt, No> {
    let page = own(app, actor, batch).await?;
    let mut items = page.items.iter();
    let item = items.find(|item| item.place == place);
    let item = item.ok_or(crate::no::Denied::Unseen)?;
    let found = attempt(app, actor, (&dossier_of(item)?, id)).await?;
    match &found {
        Attempt::Approved => end_item(app, (batch, place), None).await?,
        Attempt::Refused { reason } => {
            let end = SigningEnd {
                batch: batch.to_owned(),
                places: vec![place],
                state: SigningState::Failed,
                reason: reason.clone(),
            };
            let when = (app.clock().now(), None);
            app.store().end_signing(end, when).await?;
        }
        Attempt::Waiting { .. } | Attempt::Over => {}
    }
    Ok(found)
}

fn asked(page: &BatchPage, place: i64) -> Result<(&SigningItemRow, Approval), No> {
    let item = open_item(page, place)?;
    Ok((item, approval_of(&page.row.id, item)?))
}
