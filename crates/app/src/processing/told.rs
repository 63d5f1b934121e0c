//! What happened to a dossier, with the words that were written.

use std::collections::BTreeMap;

use domain::dossier::{Discarded, Event, Noticed, Proof};
use domain::ids::TextId;
use jiff::civil::DateTime;
use store::Loaded;

use crate::no::No;
use crate::state::App;
use crate::tasks;

/// One line of the story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The dossier's version with it.
    pub version: u32,
    /// When.
    pub at: DateTime,
    /// What happened.
    pub event: Event,
    /// Who did it, by name; empty when the program did.
    pub who: String,
    /// For whom, by name; empty when nobody was stood in for.
    pub behalf: String,
    /// The free text that belongs to it, opened.
    pub text: String,
}

fn text_of(event: &Event) -> Option<&TextId> {
    match event {
        Event::SupplementRequested { request } => Some(&request.reason),
        Event::SupplementDrafted(draft) => Some(&draft.reason),
        Event::SupplementDiscarded(Discarded { reason, .. })
        | Event::TaskRecalled { reason, .. }
        | Event::CorrectionOpened { reason, .. }
        | Event::Declined { reason, .. }
        | Event::SentBack { reason, .. } => Some(reason),
        Event::Stopped {
            order: Some(order), ..
        } => Some(&order.reason),
        Event::Apologised(apology) => Some(&apology.reason),
        Event::TaskAnswered { answer, .. } => Some(&answer.text),
        Event::LaneAdmitted(admitted) => Some(&admitted.ground),
        Event::Repinned(repinned) => Some(&repinned.reason),
        Event::ObligationNoticed(Noticed { notice, .. }) => Some(notice),
        Event::ResultDrafted { draft, .. } => Some(&draft.summary),
        Event::LookupRecorded { lookup, .. } => lookup.note.as_ref(),
        Event::CopiedToPaper(copy) => copy.asked.as_ref(),
        Event::ObligationMet {
            proof: Some(Proof::Note { text }),
            ..
        } => Some(text),
        _ => None,
    }
}

/// Texts that belong to an event besides.
fn more_texts(event: &Event) -> Vec<&TextId> {
    let (corrections, basis) = match event {
        Event::SupplementDrafted(draft) => (&draft.corrections, &draft.basis),
        Event::SupplementRequested { request } => (&request.corrections, &request.basis),
        Event::CorrectionOpened { apology, .. } => return vec![apology],
        Event::ResultDrafted { draft, .. } => {
            return draft.attachments.iter().map(|one| &one.title).collect();
        }
        other => return tasks::contents(other),
    };
    let wrong = corrections.iter().map(|wrong| &wrong.what);
    wrong.chain(basis).collect()
}

/// Every free text of a dossier, opened.
pub(super) async fn words(app: &App, loaded: &Loaded) -> Result<BTreeMap<String, String>, No> {
    let events = loaded.events.iter().map(|recorded| &recorded.event);
    let ids = events.flat_map(|event| text_of(event).into_iter().chain(more_texts(event)));
    let ids: Vec<TextId> = ids.cloned().collect();
    texts(app, &ids).await
}

/// The story, newest first, with names and words that are known.
pub(super) fn story(
    loaded: &Loaded,
    names: &BTreeMap<String, String>,
    words: &BTreeMap<String, String>,
) -> Vec<Told> {
    let called = |who: &str| names.get(who).cloned().unwrap_or_default();
    let said = |text: &TextId| words.get(text.as_str()).cloned();
    let told = loaded.events.iter().rev().map(|recorded| Told {
        version: recorded.version,
        at: recorded.event.at(),
        event: recorded.event.clone(),
        who: called(&recorded.actor),
        behalf: recorded.behalf.as_deref().map_or_else(String::new, called),
        text: text_of(&recorded.event).and_then(said).unwrap_or_default(),
    });
    told.collect()
}

/// Opens free texts.
pub(crate) async fn texts(app: &App, ids: &[TextId]) -> Result<BTreeMap<String, String>, No> {
    let mut opened = BTreeMap::new();
    for text in app.store().texts(ids).await? {
        let words = app
            .keys()
            .open(&format!("text:{}", text.id), &text.sealed)?;
        opened.insert(text.id.to_string(), words);
    }
    Ok(opened)
}
