//! Drafts: what a clerk types is safe on the server, sealed, resumed at any counter of the unit.

use domain::ids::{DraftId, StaffId, UnitId};
use domain::office::Role;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use store::{AuditLine, DraftSaved, IntakeDraft as Row, Meanwhile, NewDraft};

use crate::access::{Actor, Desk};
use crate::forms::Typed;
use crate::no::{Denied, Fault, No};
use crate::state::App;

/// The most characters that a draft holds.
const MOST: usize = 200_000;
/// The most drafts that the list shows.
const LISTED: usize = 20;
/// Lines read for them: those of helpers who are not done are passed over.
const READ: u32 = 100;

/// The field that names who helps with filling in; only the program sets it, as the next three.
const HELPER: &str = "helper";
/// The field that says that the helper is done.
const HANDED: &str = "handed";
/// The field with the text of the applicant's card.
const CARD: &str = "card_text";
/// The field that says at what time it was scanned.
const SCANNED: &str = "source";

/// A draft as its typist sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeDraft {
    /// Its id.
    pub id: DraftId,
    /// At which centre it is received.
    pub unit: UnitId,
    /// How often it was saved.
    pub version: u32,
    /// When it was saved last.
    pub saved: DateTime,
    /// What was typed.
    pub typed: Typed,
}

/// A draft in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftLine {
    /// Its id.
    pub id: DraftId,
    /// The applicant's name; empty when it is not typed yet.
    pub name: String,
    /// When it was saved last.
    pub saved: DateTime,
}

/// What is saved over a draft.
#[derive(Debug, Clone, Default)]
pub struct Saving {
    /// What was typed.
    pub typed: Typed,
    /// The version that was typed into, when what was typed there meanwhile must hold: a page saves
    /// by itself, and late. None when a person sends the form.
    pub seen: Option<u32>,
    /// What becomes of the applicant's card.
    pub card: Scanned,
}

/// What becomes of the card that was scanned before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Scanned {
    /// It still says who applies.
    #[default]
    Kept,
    /// Another one was scanned: its text.
    Card(String),
    /// Who applies is typed by hand.
    Forgotten,
}

impl From<Typed> for Saving {
    fn from(typed: Typed) -> Self {
        Self {
            typed,
            ..Self::default()
        }
    }
}

/// What of a draft a list shows, and to whom.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Label {
    name: String,
    started: bool,
    helper: Option<StaffId>,
    handed: bool,
}

impl Label {
    fn of(typed: &Typed) -> Self {
        let name = typed.get("name").to_owned();
        Self {
            started: !name.is_empty() || !typed.get("procedure").is_empty(),
            name,
            helper: StaffId::parse(typed.get(HELPER)).ok(),
            handed: !typed.get(HANDED).is_empty(),
        }
    }

    /// Whether the actor may open it: a clerk once the helper is done, a helper until then.
    fn opens_to(&self, actor: &Actor, desk: Desk) -> bool {
        match (desk, &self.helper) {
            (Desk::Counter, None) => true,
            (Desk::Counter, Some(_)) => self.handed,
            (Desk::Post | Desk::Help, helper) => {
                !self.handed && helper.as_ref() == Some(&actor.staff)
            }
        }
    }
}

impl IntakeDraft {
    /// Who helps with filling in, when that is no clerk.
    pub(super) fn helper(&self) -> Option<StaffId> {
        Label::of(&self.typed).helper
    }

    /// The text of the applicant's card; empty when none was scanned.
    pub(super) fn card(&self) -> &str {
        self.typed.get(CARD)
    }

    /// At what time the applicant's card was scanned, `10:40`; empty when none was.
    pub fn scanned(&self) -> &str {
        self.typed.get(SCANNED)
    }
}

fn is_program_s(name: &str) -> bool {
    matches!(name, HELPER | HANDED | CARD | SCANNED)
}

/// What is typed, with what no form can say: who helps, and the card.
fn merged(saving: &Saving, before: &IntakeDraft, desk: Desk, now: DateTime) -> Typed {
    let mut typed = saving.typed.clone();
    typed.drop_fields(is_program_s);
    if let Some(helper) = before.helper() {
        typed.set(HELPER, helper.as_str());
        if desk == Desk::Counter {
            typed.set(HANDED, "1");
        }
    }
    let (text, time) = match &saving.card {
        Scanned::Kept => (before.card().to_owned(), before.scanned().to_owned()),
        Scanned::Card(text) => (text.clone(), now.strftime("%H:%M").to_string()),
        Scanned::Forgotten => (String::new(), String::new()),
    };
    for (name, value) in [(CARD, text), (SCANNED, time)] {
        if !value.is_empty() {
            typed.set(name, value);
        }
    }
    typed
}

/// Opens an empty draft where the actor fills in intakes first.
///
/// # Errors
/// [`No::Denied`] for whoever fills in none, [`No::Broken`].
pub async fn open_draft(app: &App, actor: &Actor) -> Result<IntakeDraft, No> {
    let (unit, _) = actor.desk().ok_or(No::Denied(Denied::Seen))?;
    open_draft_at(app, actor, unit).await
}

/// Opens an empty draft at one of the units where the actor fills in intakes.
///
/// # Errors
/// [`No::Denied`] for another unit, [`No::Broken`].
pub async fn open_draft_at(app: &App, actor: &Actor, unit: &UnitId) -> Result<IntakeDraft, No> {
    let desk = actor.desk_at(unit).ok_or(No::Denied(Denied::Seen))?;
    app.unit(unit).ok_or(No::Denied(Denied::Seen))?;
    let mut typed = Typed::default();
    if desk != Desk::Counter {
        typed.set(HELPER, actor.staff.as_str());
    }
    let draft = IntakeDraft {
        id: app.ids().draft(),
        unit: unit.clone(),
        version: 0,
        saved: app.clock().now(),
        typed,
    };
    match app.store().save_draft(new(app, actor, &draft)).await? {
        DraftSaved::Saved(version) => Ok(IntakeDraft { version, ..draft }),
        DraftSaved::Stale(_) | DraftSaved::Gone => Err(Denied::Unseen.into()),
    }
}

/// Saves what was typed.
///
/// # Errors
/// [`No::Denied`] for a draft of another unit, [`No::Invalid`] when it is too large, [`No::Stale`]
/// when it is no more what was typed into.
pub async fn save_draft(
    app: &App,
    actor: &Actor,
    id: &DraftId,
    saving: impl Into<Saving>,
) -> Result<IntakeDraft, No> {
    let saving = saving.into();
    if saving.typed.size() > MOST {
        return Err(No::Invalid(vec![
            Fault::new("draft", "fault.draft_size").with("most", &MOST),
        ]));
    }
    let now = app.clock().now();
    write(app, actor, id, saving.seen, &|before, desk| {
        merged(&saving, before, desk, now)
    })
    .await
}

/// Gives a draft that a volunteer filled in to the clerks of the unit, who see from then on who
/// helped; the volunteer sees it no more.
///
/// # Errors
/// [`No::Denied`] for whoever is no volunteer, or did not fill it in.
pub async fn hand_draft_over(app: &App, actor: &Actor, id: &DraftId) -> Result<(), No> {
    if !actor.is(Role::Volunteer) {
        return Err(Denied::Seen.into());
    }
    let draft = load_draft(app, actor, id).await?;
    if actor.desk_at(&draft.unit) != Some(Desk::Help) {
        return Err(Denied::Seen.into());
    }
    let handed = |before: &IntakeDraft, _| {
        let mut typed = before.typed.clone();
        typed.set(HANDED, "1");
        typed
    };
    write(app, actor, id, None, &handed).await?;
    Ok(())
}

/// What is written over what is there.
type Over<'a> = &'a (dyn Fn(&IntakeDraft, Desk) -> Typed + Sync);

/// Writes over the draft as it is now; with `seen`, over that version alone.
async fn write(
    app: &App,
    actor: &Actor,
    id: &DraftId,
    seen: Option<u32>,
    over: Over<'_>,
) -> Result<IntakeDraft, No> {
    let mut row = app.store().draft(id).await?.ok_or(Denied::Unseen)?;
    // A person's own two saves may overtake each other; then the later one holds.
    for _ in 0..TRIES {
        let stale = Meanwhile {
            by: row.line.staff.to_string(),
            at: row.line.updated_at,
            kind: "draft".to_owned(),
        };
        let (before, desk) = opened_to(app, actor, row).await?;
        let typed = over(&before, desk);
        if seen.is_some_and(|seen| seen != before.version) {
            // What is there already is not late: a page that closed sends its last words twice.
            return if typed == before.typed {
                Ok(before)
            } else {
                Err(No::Stale(Box::new(stale)))
            };
        }
        let draft = IntakeDraft {
            typed,
            saved: app.clock().now(),
            ..before
        };
        row = match app.store().save_draft(new(app, actor, &draft)).await? {
            DraftSaved::Saved(version) => return Ok(IntakeDraft { version, ..draft }),
            DraftSaved::Gone => return Err(Denied::Unseen.into()),
            DraftSaved::Stale(there) => *there,
        };
    }
    Err(Denied::Unseen.into())
}

/// How often a draft is written over.
const TRIES: u8 = 3;

fn new(app: &App, actor: &Actor, draft: &IntakeDraft) -> NewDraft {
    let keys = app.keys();
    NewDraft {
        id: draft.id.clone(),
        staff: actor.staff.clone(),
        unit: draft.unit.clone(),
        sealed: keys.seal(&about(&draft.id), &draft.typed),
        label: keys.seal(&label_of(&draft.id), &Label::of(&draft.typed)),
        seen: draft.version,
        at: draft.saved,
    }
}

fn about(id: &DraftId) -> String {
    format!("draft:{id}")
}

fn label_of(id: &DraftId) -> String {
    format!("draft-label:{id}")
}

/// What the row says, if it opens to the actor. Whoever opens what somebody else typed is logged.
async fn opened_to(app: &App, actor: &Actor, row: Row) -> Result<(IntakeDraft, Desk), No> {
    let line = row.line;
    let typed: Typed = app.keys().open(&about(&line.id), &row.sealed)?;
    let unit = app.heir(&line.unit);
    let desk = actor.desk_at(&unit).ok_or(Denied::Unseen)?;
    if !Label::of(&typed).opens_to(actor, desk) {
        return Err(Denied::Unseen.into());
    }
    if line.staff != actor.staff {
        let read = AuditLine {
            actor: actor.staff.to_string(),
            action: "draft.read".to_owned(),
            subject: line.id.to_string(),
            purpose: "intake".to_owned(),
            detail: line.staff.to_string(),
        };
        app.store().audit(app.clock().now(), vec![read]).await?;
    }
    let draft = IntakeDraft {
        id: line.id,
        unit,
        version: line.version,
        saved: line.updated_at,
        typed,
    };
    Ok((draft, desk))
}

/// Loads a draft of the actor's counter, or one that the helper fills in; another is unseen.
///
/// # Errors
/// [`No::Denied`], unseen, when there is none.
pub async fn load_draft(app: &App, actor: &Actor, id: &DraftId) -> Result<IntakeDraft, No> {
    let row = app.store().draft(id).await?.ok_or(Denied::Unseen)?;
    Ok(opened_to(app, actor, row).await?.0)
}

/// The newest drafts of a centre into which something was typed, or those that a helper fills in
/// there, newest first: by the applicant's name, none of them opened.
///
/// # Errors
/// [`No::Denied`] for whoever fills in no intakes there, [`No::Broken`].
pub async fn drafts(app: &App, actor: &Actor, unit: &UnitId) -> Result<Vec<DraftLine>, No> {
    let desk = actor.desk_at(unit).ok_or(No::Denied(Denied::Seen))?;
    let own = (desk != Desk::Counter).then_some(&actor.staff);
    let mut lines = Vec::new();
    for unit in app.with_forerunners(unit) {
        lines.extend(app.store().drafts_of_unit(&unit, own, READ).await?);
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.updated_at));
    let mut drafts = Vec::new();
    for line in lines {
        let label: Label = app.keys().open(&label_of(&line.id), &line.label)?;
        if label.started && label.opens_to(actor, desk) {
            drafts.push(DraftLine {
                id: line.id,
                name: label.name,
                saved: line.updated_at,
            });
        }
    }
    drafts.truncate(LISTED);
    Ok(drafts)
}

/// The name of who helps with a draft; none when that is a clerk.
///
/// # Errors
/// [`No::Broken`].
pub async fn helper_name(app: &App, draft: &IntakeDraft) -> Result<Option<String>, No> {
    let Some(helper) = draft.helper() else {
        return Ok(None);
    };
    let mut found = app.store().staff(&[helper]).await?.into_iter();
    Ok(found.next().map(|member| member.name))
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

#[cfg(test)]
mod tests;
