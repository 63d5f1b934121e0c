//! Drafts: what a clerk types is safe on the server, sealed, and resumed at any counter of the
//! unit.

use domain::ids::{DraftId, UnitId};
use jiff::civil::DateTime;
use store::{Draft as Row, DraftSaved, NewDraft};

use crate::access::{Actor, RECEIVING};
use crate::forms::Typed;
use crate::no::{Denied, Fault, No};
use crate::state::App;

/// The most characters that a draft holds.
const MOST: usize = 200_000;
/// The most drafts that the list shows.
const LISTED: u32 = 20;

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

/// Loads a draft of the actor's unit.
///
/// # Errors
/// [`No::Denied`], unseen, when there is none.
pub async fn load_draft(app: &App, actor: &Actor, id: &DraftId) -> Result<Draft, No> {
    let row = app.store().draft(id).await?.ok_or(Denied::Unseen)?;
    if !actor.holds_any(&RECEIVING, &row.line.unit) {
        return Err(Denied::Unseen.into());
    }
    opened(app, row)
}

/// The newest drafts of the actor's unit, newest first; opened, so that a list can name the applicant.
///
/// # Errors
/// [`No::Broken`].
pub async fn drafts(app: &App, actor: &Actor) -> Result<Vec<Draft>, No> {
    let mut drafts = Vec::new();
    let unit = counter(actor)?;
    for line in app.store().drafts_of_unit(&unit, LISTED).await? {
        if let Some(row) = app.store().draft(&line.id).await? {
            drafts.push(opened(app, row)?);
        }
    }
    Ok(drafts)
}

/// Throws a draft away.
///
/// # Errors
/// [`No::Denied`], unseen, when there is none.
pub async fn remove_draft(app: &App, actor: &Actor, id: &DraftId) -> Result<(), No> {
    load_draft(app, actor, id).await?;
    app.store().remove_draft(id.clone()).await?;
    Ok(())
}
