//! Records a paper that was made in the log of its dossier, once.

use domain::dossier::Event;
use jiff::civil::DateTime;
use store::{AppendError, Appended, AuditLine, Batch, Loaded, NewEvents, NewMessage, OnceKey};

use crate::no::{Denied, No};
use crate::notices;
use crate::state::App;

/// Who records: the program.
pub(crate) const SYSTEM: &str = "system";

/// A paper to be recorded.
pub(super) struct Paper<'a> {
    /// The same key records once.
    pub(super) once: OnceKey,
    pub(super) audit: AuditLine,
    /// The event, at the time that it gets.
    pub(super) event: &'a (dyn Fn(DateTime) -> Event + Sync),
    /// What is to be done after it.
    pub(super) messages: Vec<NewMessage>,
}

/// Appends the paper's event. A person may have moved the dossier meanwhile: the paper is of an
/// event that stays, so it is recorded after her move. Gives the event on record: a paper is frozen
/// once, and one that was recorded before a crash stays, however it would be made today.
pub(super) async fn record(app: &App, loaded: Loaded, paper: Paper<'_>) -> Result<Event, No> {
    let mut loaded = loaded;
    for _ in 0..5 {
        let id = loaded.id.clone();
        let (batch, event) = batch(app, loaded, &paper).await?;
        match app.store().append(batch).await {
            Ok(_) => return Ok(event),
            Err(AppendError::Repeated(first)) => return frozen(app, &first).await,
            Err(AppendError::Stale(_)) => loaded = app.store().load(&id).await?,
            Err(error) => return Err(No::of_append(error)),
        }
    }
    Err(No::Broken(
        "the dossier moved five times while its paper was recorded".into(),
    ))
}

async fn batch(app: &App, loaded: Loaded, paper: &Paper<'_>) -> Result<(Batch, Event), No> {
    let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
    let process = app.process(&filed.procedure, filed.process_version).await?;
    let now = app.clock().now();
    let last = loaded.events.last().map(|recorded| recorded.event.at());
    let at = last.map_or(now, |last| last.max(now));
    let event = (paper.event)(at);
    let mut messages = paper.messages.clone();
    let told = notices::messages(&loaded.id, loaded.version, std::slice::from_ref(&event));
    messages.extend(told);
    let batch = Batch {
        dossier: loaded.id,
        expected: loaded.version,
        head: loaded.head,
        before: loaded.dossier,
        events: NewEvents::Ready(vec![event.clone()]),
        actor: SYSTEM.to_owned(),
        behalf: None,
        now: at,
        messages,
        audit: vec![paper.audit.clone()],
        once: Some(paper.once.clone()),
        texts: Vec::new(),
        parties: Vec::new(),
        drop_draft: None,
        names: None,
        process,
    };
    Ok((batch, event))
}

/// The paper that was recorded then.
async fn frozen(app: &App, first: &Appended) -> Result<Event, No> {
    let loaded = app.store().load(&first.dossier).await?;
    let mut events = loaded.events.into_iter();
    let recorded = events.find(|recorded| recorded.version == first.version);
    match recorded.map(|recorded| recorded.event) {
        Some(event) if event.is_paper() => Ok(event),
        _ => Err(No::Broken("the record of a paper is no paper".into())),
    }
}
