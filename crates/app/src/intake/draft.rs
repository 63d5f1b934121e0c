//! Drafts: what a clerk types is safe on the server, sealed, and resumed at any counter of the
//! unit.

use domain::ids::{DraftId, UnitId};
use jiff::civil::DateTime;
use store::{AuditLine, Draft as Row, DraftSaved, NewDraft};

use crate::access::{Actor, RECEIVING};
use crate::forms::Typed;
use crate::no::{Denied, Fault, No};
use crate::state::App;

/// The most characters that a draft holds.
const MOST: usize = 200_000;
/// The most drafts that the list shows.
const LISTED: usize = 20;
/// Lines read for them: intakes that were opened and left empty are passed over.
const READ: u32 = 100;

/// A draft as its typist sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// How often it was saved; the next save must name it.
    pub version: u32,
    /// When it was saved last.
    pub saved: DateTime,
    /// What was typed.
    pub typed: Typed,
}

fn counter(actor: &Actor) -> Result<UnitId, No> {
    actor.counter().cloned().ok_or(No::Denied(Denied::Seen))
}

/// Opens an empty draft at the actor's counter.
///
/// # Errors
/// [`No::Denied`] without a counter, [`No::Broken`].
pub async fn open_draft(app: &App, actor: &Actor) -> Result<Draft, No> {
    let unit = counter(actor)?;
    let now = app.clock().now();
    let draft = Draft {
        id: app.ids().draft(),
        version: 0,
        saved: now,
        typed: Typed::default(),
    };
    save(app, new(app, actor, unit, &draft), draft).await
}

/// Saves what was typed, over whatever was saved before: a draft is one form at one counter.
///
/// # Errors
/// [`No::Denied`] for a draft of another unit, [`No::Invalid`] when it is too large.
pub async fn save_draft(app: &App, actor: &Actor, id: &DraftId, typed: Typed) -> Result<Draft, No> {
    if typed.size() > MOST {
        return Err(No::Invalid(vec![
            Fault::new("draft", "fault.draft_size").with("most", &MOST),
        ]));
    }
    let draft = load_draft(app, actor, id).await?;
    let unit = counter(actor)?;
    let now = app.clock().now();
    let draft = Draft {
        typed,
        saved: now,
        ..draft
    };
    save(app, new(app, actor, unit, &draft), draft).await
}

async fn save(app: &App, row: NewDraft, draft: Draft) -> Result<Draft, No> {
    match app.store().save_draft(row.clone()).await? {
        DraftSaved::Saved(version) => Ok(Draft { version, ..draft }),
        DraftSaved::Gone => Err(Denied::Unseen.into()),
        // Two saves of one form overtook each other: the later one holds.
        DraftSaved::Stale(there) => {
            let row = NewDraft {
                seen: there.line.version,
                ..row
            };
            match app.store().save_draft(row).await? {
                DraftSaved::Saved(version) => Ok(Draft { version, ..draft }),
                DraftSaved::Stale(_) | DraftSaved::Gone => Err(Denied::Unseen.into()),
            }
        }
    }
}

fn new(app: &App, actor: &Actor, unit: UnitId, draft: &Draft) -> NewDraft {
    NewDraft {
        id: draft.id.clone(),
        staff: actor.staff.clone(),
        unit,
        counter: None,
        sealed: app.keys().seal(&about(&draft.id), &draft.typed),
        seen: draft.version,
        at: draft.saved,
    }
}

fn about(id: &DraftId) -> String {
    format!("draft:{id}")
}

fn opened(app: &App, row: Row) -> Result<Draft, No> {
    let typed = app.keys().open(&about(&row.line.id), &row.sealed)?;
    let line = row.line;
    Ok(Draft {
        id: line.id,
        version: line.version,
        saved: line.updated_at,
        typed,
    })
}

/// The stored draft, sealed; unseen unless it is of the actor's unit.
async fn own(app: &App, actor: &Actor, id: &DraftId) -> Result<Row, No> {
    let row = app.store().draft(id).await?.ok_or(Denied::Unseen)?;
    if actor.holds_any(&RECEIVING, &row.line.unit) {
        Ok(row)
    } else {
        Err(Denied::Unseen.into())
    }
}

/// Whether the actor may file the draft, and with that end it.
pub(super) async fn may_end(app: &App, actor: &Actor, id: &DraftId) -> Result<(), No> {
    own(app, actor, id).await.map(drop)
}

/// Loads a draft of the actor's unit.
///
/// # Errors
/// [`No::Denied`], unseen, when there is none.
pub async fn load_draft(app: &App, actor: &Actor, id: &DraftId) -> Result<Draft, No> {
    opened(app, own(app, actor, id).await?)
}

/// The newest drafts of the actor's unit into which something was typed, newest first; opened, so
/// that a list can name the applicant, and logged.
///
/// # Errors
/// [`No::Denied`] without a counter, [`No::Broken`].
pub async fn drafts(app: &App, actor: &Actor) -> Result<Vec<Draft>, No> {
    let mut drafts = Vec::new();
    let unit = counter(actor)?;
    let lines = app.store().drafts_of_unit(&unit, READ).await?.into_iter();
    // The first version is the empty form.
    for line in lines.filter(|line| line.version > 1).take(LISTED) {
        if let Some(row) = app.store().draft(&line.id).await? {
            drafts.push(opened(app, row)?);
        }
    }
    if !drafts.is_empty() {
        let line = AuditLine {
            actor: actor.staff.to_string(),
            action: "draft.read".to_owned(),
            subject: unit.to_string(),
            purpose: "intake".to_owned(),
            detail: drafts.len().to_string(),
        };
        app.store().audit(app.clock().now(), vec![line]).await?;
    }
    Ok(drafts)
}

/// Throws a draft away.
///
/// # Errors
/// [`No::Denied`], unseen, when there is none.
pub async fn remove_draft(app: &App, actor: &Actor, id: &DraftId) -> Result<(), No> {
    own(app, actor, id).await?;
    app.store().remove_draft(id.clone()).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::testing::{audited, clerk, office, typed};

    #[tokio::test]
    async fn a_list_opens_twenty_typed_drafts_and_logs_it_once() {
        let app = office().await;
        let actor = clerk(&app, "Phường Hạc Thành");
        let unit = actor.counter().unwrap().to_string();
        open_draft(&app, &actor).await.unwrap();
        assert_eq!(drafts(&app, &actor).await.unwrap(), []);
        assert!(audited(&app, &unit).await.is_empty());
        for number in 0..=LISTED {
            let id = open_draft(&app, &actor).await.unwrap().id;
            let name = format!("Người {number}");
            save_draft(&app, &actor, &id, typed(&[("name", &name)]))
                .await
                .unwrap();
        }
        open_draft(&app, &actor).await.unwrap();
        assert_eq!(drafts(&app, &actor).await.unwrap().len(), LISTED);
        assert_eq!(audited(&app, &unit).await, ["draft.read"]);
    }
}
