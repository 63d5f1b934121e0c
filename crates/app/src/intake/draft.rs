//! Drafts: what a clerk types is safe on the server, sealed, and resumed at any counter of the
//! unit.

use domain::ids::{DraftId, StaffId, UnitId};
use jiff::civil::DateTime;
use store::{AuditLine, DraftSaved, IntakeDraft as Row, NewDraft};

use crate::access::{Actor, Desk, RECEIVING};
use crate::forms::Typed;
use crate::no::{Denied, Fault, No};
use crate::state::App;

/// The most characters that a draft holds.
const MOST: usize = 200_000;
/// The most drafts that the list shows.
const LISTED: usize = 20;
/// Lines read for them: intakes that were opened and left empty are passed over.
const READ: u32 = 100;

/// The field that names who helps with filling in; only the program sets it.
const HELPER: &str = "helper";
/// The field that says that the helper is done.
const HANDED: &str = "handed";

/// A draft as its typist sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeDraft {
    /// Its id.
    pub id: DraftId,
    /// How often it was saved; the next save must name it.
    pub version: u32,
    /// When it was saved last.
    pub saved: DateTime,
    /// What was typed.
    pub typed: Typed,
}

impl IntakeDraft {
    /// Who helps with filling in, when that is no clerk.
    pub(super) fn helper(&self) -> Option<StaffId> {
        StaffId::parse(self.typed.get(HELPER)).ok()
    }

    /// Whether the actor may open it: a clerk once the helper is done, a helper until then.
    fn opens_to(&self, actor: &Actor, desk: Desk) -> bool {
        let handed = !self.typed.get(HANDED).is_empty();
        match (desk, self.helper()) {
            (Desk::Counter, None) => true,
            (Desk::Counter, Some(_)) => handed,
            (Desk::Post | Desk::Help, helper) => !handed && helper.as_ref() == Some(&actor.staff),
        }
    }
}

fn desk(actor: &Actor) -> Result<(UnitId, Desk), No> {
    let (unit, desk) = actor.desk().ok_or(No::Denied(Denied::Seen))?;
    Ok((unit.clone(), desk))
}

/// What is typed with who helps, which no form can say.
fn typed_with(typed: Typed, helper: Option<&StaffId>) -> Typed {
    let mut typed = typed;
    typed.drop_fields(|name| name == HELPER || name == HANDED);
    if let Some(helper) = helper {
        typed.set(HELPER, helper.as_str());
    }
    typed
}

/// Opens an empty draft where the actor fills in intakes.
///
/// # Errors
/// [`No::Denied`] for whoever fills in none, [`No::Broken`].
pub async fn open_draft(app: &App, actor: &Actor) -> Result<IntakeDraft, No> {
    let (unit, desk) = desk(actor)?;
    let now = app.clock().now();
    let helper = (desk != Desk::Counter).then_some(&actor.staff);
    let draft = IntakeDraft {
        id: app.ids().draft(),
        version: 0,
        saved: now,
        typed: typed_with(Typed::default(), helper),
    };
    save(app, new(app, actor, unit, &draft), draft).await
}

/// Saves what was typed, over whatever was saved before: a draft is one form at one counter.
///
/// # Errors
/// [`No::Denied`] for a draft of another unit, [`No::Invalid`] when it is too large.
pub async fn save_draft(
    app: &App,
    actor: &Actor,
    id: &DraftId,
    typed: Typed,
) -> Result<IntakeDraft, No> {
    if typed.size() > MOST {
        return Err(No::Invalid(vec![
            Fault::new("draft", "fault.draft_size").with("most", &MOST),
        ]));
    }
    let draft = load_draft(app, actor, id).await?;
    let (unit, desk) = desk(actor)?;
    let mut typed = typed_with(typed, draft.helper().as_ref());
    if desk == Desk::Counter && draft.helper().is_some() {
        typed.set(HANDED, "1");
    }
    let draft = IntakeDraft {
        typed,
        saved: app.clock().now(),
        ..draft
    };
    save(app, new(app, actor, unit, &draft), draft).await
}

/// Gives a draft that a volunteer filled in to the clerks of the unit, who see from then on who
/// helped; the volunteer sees it no more.
///
/// # Errors
/// [`No::Denied`] for whoever is no volunteer, or did not fill it in.
pub async fn hand_draft_over(app: &App, actor: &Actor, id: &DraftId) -> Result<(), No> {
    let (unit, desk) = desk(actor)?;
    if desk != Desk::Help {
        return Err(Denied::Seen.into());
    }
    let mut draft = load_draft(app, actor, id).await?;
    draft.typed.set(HANDED, "1");
    draft.saved = app.clock().now();
    save(app, new(app, actor, unit, &draft), draft).await?;
    Ok(())
}

async fn save(app: &App, row: NewDraft, draft: IntakeDraft) -> Result<IntakeDraft, No> {
    match app.store().save_draft(row.clone()).await? {
        DraftSaved::Saved(version) => Ok(IntakeDraft { version, ..draft }),
        DraftSaved::Gone => Err(Denied::Unseen.into()),
        // Two saves of one form overtook each other: the later one holds.
        DraftSaved::Stale(there) => {
            let row = NewDraft {
                seen: there.line.version,
                ..row
            };
            match app.store().save_draft(row).await? {
                DraftSaved::Saved(version) => Ok(IntakeDraft { version, ..draft }),
                DraftSaved::Stale(_) | DraftSaved::Gone => Err(Denied::Unseen.into()),
            }
        }
    }
}

fn new(app: &App, actor: &Actor, unit: UnitId, draft: &IntakeDraft) -> NewDraft {
    NewDraft {
        id: draft.id.clone(),
        staff: actor.staff.clone(),
        unit,
        sealed: app.keys().seal(&about(&draft.id), &draft.typed),
        seen: draft.version,
        at: draft.saved,
    }
}

fn about(id: &DraftId) -> String {
    format!("draft:{id}")
}

fn opened(app: &App, row: Row) -> Result<IntakeDraft, No> {
    let typed = app.keys().open(&about(&row.line.id), &row.sealed)?;
    let line = row.line;
    Ok(IntakeDraft {
        id: line.id,
        version: line.version,
        saved: line.updated_at,
        typed,
    })
}

/// Loads a draft of the actor's counter, or one that the helper fills in; another is unseen.
///
/// # Errors
/// [`No::Denied`], unseen, when there is none.
pub async fn load_draft(app: &App, actor: &Actor, id: &DraftId) -> Result<IntakeDraft, No> {
    let row = app.store().draft(id).await?.ok_or(Denied::Unseen)?;
    let unit = row.line.unit.clone();
    let draft = opened(app, row)?;
    let desk = if actor.acts_as_any(&RECEIVING, &unit) {
        Some(Desk::Counter)
    } else {
        let here = actor.desk().filter(|(at, _)| **at == unit);
        here.map(|(_, desk)| desk)
    };
    if desk.is_some_and(|desk| draft.opens_to(actor, desk)) {
        Ok(draft)
    } else {
        Err(Denied::Unseen.into())
    }
}

/// The newest drafts of the actor's counter into which something was typed, or those that a helper
/// fills in, newest first; opened, so that a list can name the applicant, and logged.
///
/// # Errors
/// [`No::Denied`] for whoever fills in no intakes, [`No::Broken`].
pub async fn drafts(app: &App, actor: &Actor) -> Result<Vec<IntakeDraft>, No> {
    let mut drafts = Vec::new();
    let (unit, desk) = desk(actor)?;
    let own = |staff: &StaffId| desk == Desk::Counter || *staff == actor.staff;
    let lines = app.store().drafts_of_unit(&unit, READ).await?.into_iter();
    // The first version is the empty form.
    for line in lines.filter(|line| line.version > 1 && own(&line.staff)) {
        if let Some(row) = app.store().draft(&line.id).await? {
            let draft = opened(app, row)?;
            drafts.extend(draft.opens_to(actor, desk).then_some(draft));
        }
        if drafts.len() == LISTED {
            break;
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
mod tests {
    use super::*;
    use crate::people::testing::{audited, clerk, office, typed};
    use domain::office::Role;

    #[tokio::test]
    async fn a_helper_sees_her_own_draft_until_it_is_handed_over_and_a_clerk_from_then_on() {
        let app = office().await;
        let clerk = clerk(&app, "Phường Hạc Thành");
        let helps = |name: &str, role| Actor {
            staff: StaffId::parse(name).unwrap(),
            posts: vec![(clerk.counter().unwrap().clone(), role)],
            ..clerk.clone()
        };
        let volunteer = helps("volunteer", Role::Volunteer);
        let other = helps("other", Role::Volunteer);
        let agent = helps("agent", Role::PostAgent);
        let id = open_draft(&app, &volunteer).await.unwrap().id;
        let fields = typed(&[("name", "An"), ("helper", "clerk"), ("handed", "1")]);
        save_draft(&app, &volunteer, &id, fields).await.unwrap();
        for other in [&clerk, &other, &agent] {
            let no = load_draft(&app, other, &id).await.unwrap_err();
            assert!(matches!(no, No::Denied(Denied::Unseen)), "{no:?}");
            assert_eq!(drafts(&app, other).await.unwrap(), []);
        }
        assert_eq!(drafts(&app, &volunteer).await.unwrap().len(), 1);
        let no = hand_draft_over(&app, &agent, &id).await.unwrap_err();
        assert!(matches!(no, No::Denied(Denied::Seen)), "{no:?}");
        hand_draft_over(&app, &volunteer, &id).await.unwrap();
        let no = load_draft(&app, &volunteer, &id).await.unwrap_err();
        assert!(matches!(no, No::Denied(Denied::Unseen)), "{no:?}");
        assert_eq!(drafts(&app, &clerk).await.unwrap().len(), 1);
        let saved = save_draft(&app, &clerk, &id, typed(&[("name", "Bình")])).await;
        assert_eq!(saved.unwrap().helper(), Some(volunteer.staff.clone()));
        assert_eq!(
            load_draft(&app, &clerk, &id)
                .await
                .unwrap()
                .typed
                .get("name"),
            "Bình"
        );
    }

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
