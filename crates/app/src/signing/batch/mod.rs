//! Signing in batches: read, tick, sign with one unlocking of the key.
//!
//! A batch is a record of its own and the key is open in the memory of one run alone. Each document is
//! approved by the usual use case under a one-time key of its place in the batch: whatever crashes in
//! the middle, what is signed is signed once, and the rest waits for the PIN again.

mod dissolve;
mod give_back;
mod one;
mod prepare;
mod reasons;
pub mod retention;
mod run;
#[cfg(test)]
mod tests;
mod waiting;

use std::collections::{BTreeMap, BTreeSet};

use domain::certificate::NotSigning;
use domain::delegation::SIGNING;
use domain::dossier::CommandKind;
use domain::ids::{DossierId, UnitId};
use domain::office::Role;
use jiff::civil::DateTime;
use store::{AuditLine, NewSigningBatch, OnceKey, SigningEnd};

use crate::access::Actor;
use crate::certificates::Signer;
use crate::clock::local_time;
use crate::no::{Denied, Fault, No};
use crate::processing::once;
use crate::state::App;

pub use dissolve::dissolve;
pub use give_back::give_back;
use one::key_of;
pub(super) use one::{approval_of, dossier_of, make_one, named, open_item};
pub use prepare::{batch_document, prepare_batch};
pub(super) use reasons::why_not;
pub use run::{Chosen, Run, is_running, open_run, sign_batch};
pub(super) use run::{Held, choose, end_item, running};
pub use store::{SigningBatchRow, SigningItemRow, SigningRequestRow, SigningState, ToSignRow};

use self::waiting::waiting;
use super::paper::{ReadWith, signer_of};
use super::remote::{Asks, asks};

/// Documents of one batch: up to 500 are signed with one unlocking of the key, as the product was
/// asked for.
pub const MOST: usize = 500;
/// Batches that the page lists.
const SHOWN: u32 = 20;
/// Digits of a batch's identifier.
const ID: usize = 32;

/// What waits for the actor's signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToSignList {
    /// Dossiers that lie in no open batch of hers, the most urgent first.
    pub rows: Vec<ToSignRow>,
    /// Her newest batches.
    pub batches: Vec<BatchLine>,
    /// Now, once for the page.
    pub now: DateTime,
}

/// A batch on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchLine {
    /// The batch.
    pub row: SigningBatchRow,
    /// Where it stands.
    pub stage: Stage,
}

/// Where a batch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Its documents are still being made.
    Preparing,
    /// It is read, and waits for the PIN.
    Ready,
    /// It is being signed.
    Running,
    /// A signing service was asked, and the person decides on her phone.
    Asked,
    /// It stopped in the middle, and goes on with the PIN.
    Stopped,
    /// Nothing is left to be signed.
    Done,
}

impl Stage {
    /// Its name in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Asked => "asked",
            Self::Stopped => "stopped",
            Self::Done => "done",
        }
    }

    fn of(row: &SigningBatchRow, unmade: bool, now: DateTime) -> Self {
        let held = row.held_until.map(local_time);
        match row {
            _ if row.asked > 0 => Self::Asked,
            _ if row.finishing > 0 || held.is_some_and(|until| now <= until) => Self::Running,
            _ if row.open == 0 => Self::Done,
            _ if row.certificate.is_some() => Self::Stopped,
            _ if unmade => Self::Preparing,
            _ => Self::Ready,
        }
    }
}

/// A batch on its page.
#[derive(Clone)]
pub struct BatchPage {
    /// The batch.
    pub row: SigningBatchRow,
    /// Where it stands.
    pub stage: Stage,
    /// Its documents, in their order.
    pub items: Vec<SigningItemRow>,
    /// Attachments of documents that are still to be signed, by their places.
    pub attachments: BTreeMap<i64, Vec<ReadWith>>,
    /// What it would be signed with now, or what stands in the way; none when nothing is left.
    pub signer: Option<Result<Signer, NotSigning>>,
    /// How its use is approved where the key lies at a service, or by the key of a message why the
    /// service does not say; none for keys that are opened here.
    pub remote: Option<Result<Asks, &'static str>>,
    /// What a service was asked for and has not answered; none where nothing is under way.
    pub request: Option<SigningRequestRow>,
    /// Now, once for the page.
    pub now: DateTime,
}

/// How far a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Where it stands.
    pub stage: Stage,
    /// Documents that were not taken out.
    pub listed: i64,
    /// Documents that are made and may be read, or done with.
    pub made: i64,
    /// Documents that are signed.
    pub signed: i64,
    /// Documents that may still be signed.
    pub open: i64,
}

impl BatchPage {
    /// How far it is.
    pub fn progress(&self) -> Progress {
        let unmade = self.items.iter().filter(|item| is_unmade(item)).count();
        Progress {
            stage: self.stage,
            listed: self.row.listed,
            made: self.row.listed - i64::try_from(unmade).unwrap_or(i64::MAX),
            signed: self.row.signed,
            open: self.row.open,
        }
    }
}

fn is_unmade(item: &SigningItemRow) -> bool {
    item.state() == SigningState::Waiting && item.document.is_none()
}

/// Whether the actor signs results, of her own right or standing in.
pub fn signs(actor: &Actor) -> bool {
    !signing_posts(actor).is_empty()
}

/// The posts in which the actor signs, each once.
fn signing_posts(actor: &Actor) -> Vec<(UnitId, Role)> {
    let own = actor.posts.iter().map(|(unit, role)| (unit.clone(), *role));
    let standing = actor.standing.iter().filter(|held| held.signing);
    let standing = standing.map(|held| (held.unit.clone(), held.role));
    let mut known = BTreeSet::new();
    own.chain(standing)
        .filter(|(_, role)| SIGNING.contains(role))
        .filter(|(unit, role)| known.insert((unit.clone(), role.as_str())))
        .collect()
}

/// What waits for the actor's signature, and her batches.
///
/// # Errors
/// [`No::Denied`] to who signs nothing, [`No::Broken`].
pub async fn to_sign(app: &App, actor: &Actor) -> Result<ToSignList, No> {
    let now = app.clock().now();
    let rows = waiting(app, actor).await?;
    let batches = app.store().signing_batches(&actor.staff, SHOWN).await?;
    let line = |row: SigningBatchRow| BatchLine {
        stage: Stage::of(&row, false, now),
        row,
    };
    Ok(ToSignList {
        rows,
        batches: batches.into_iter().map(line).collect(),
        now,
    })
}

/// Makes a batch of dossiers that wait for the actor's signature, and begins to make its documents.
/// The same key makes it once.
///
/// # Errors
/// [`No::Denied`]; [`No::Invalid`] when none is named, too many, or one that waits no more;
/// [`No::Broken`].
pub async fn make_batch(
    app: &App,
    actor: &Actor,
    new: (&OnceKey, Vec<DossierId>),
) -> Result<String, No> {
    let id = make(app, actor, new).await?;
    prepare::begin(app, actor, &id);
    Ok(id)
}

async fn make(
    app: &App,
    actor: &Actor,
    (key, dossiers): (&OnceKey, Vec<DossierId>),
) -> Result<String, No> {
    let id = named(&once(actor, CommandKind::SignResult, "batch", key));
    match listed(app, actor, (id.clone(), dossiers)).await {
        // What was sent twice at once waits no more: it lies in the batch that the other one made.
        Err(no) if app.store().signing_batch(&id).await?.is_none() => Err(no),
        _ => Ok(id),
    }
}

async fn listed(
    app: &App,
    actor: &Actor,
    (id, dossiers): (String, Vec<DossierId>),
) -> Result<(), No> {
    if app.store().signing_batch(&id).await?.is_some() {
        return Ok(());
    }
    let fault = |key| Fault::new("dossier", key);
    let mut chosen: Vec<DossierId> = Vec::new();
    let rows = waiting(app, actor).await?;
    let asked: BTreeSet<DossierId> = dossiers.into_iter().collect();
    // In the order of the list: what is due first is read first.
    for row in rows {
        let id = DossierId::parse(&row.dossier).map_err(|fault| No::Broken(Box::new(fault)))?;
        if asked.contains(&id) {
            chosen.push(id);
        }
    }
    if asked.is_empty() {
        return Err(No::Invalid(vec![fault("fault.signing_none")]));
    }
    if asked.len() > MOST {
        let many = fault("fault.signing_most").with("most", &MOST);
        return Err(No::Invalid(vec![many]));
    }
    if chosen.len() < asked.len() {
        let gone = fault("fault.signing_gone").with("n", &(asked.len() - chosen.len()));
        return Err(No::Invalid(vec![gone]));
    }
    let line = audit(actor, "signing.made", &id, &format!("n={}", chosen.len()));
    let new = NewSigningBatch {
        id: id.clone(),
        staff: actor.staff.clone(),
        dossiers: chosen,
    };
    let at = app.clock().now();
    app.store().add_signing_batch(new, (at, line)).await?;
    Ok(())
}

/// A batch of the actor's own. Documents that are not made yet are made from now on.
///
/// # Errors
/// [`No::Denied`], unseen for a batch of somebody else; [`No::Broken`].
pub async fn batch(app: &App, actor: &Actor, id: &str) -> Result<BatchPage, No> {
    let page = own(app, actor, id).await?;
    if page.stage == Stage::Preparing {
        prepare::begin(app, actor, id);
    }
    let signer = signer_for(app, actor, &page.items).await?;
    let busy = matches!(page.stage, Stage::Running | Stage::Asked);
    if signer.is_none() && page.row.open > 0 && !busy {
        note_moved(app, actor, &page).await?;
        return own(app, actor, id).await;
    }
    let remote = match &signer {
        Some(Ok(signer)) if !busy => asks(app, signer).await,
        _ => None,
    };
    let request = app.store().signing_request_of(id).await?;
    Ok(BatchPage {
        attachments: prepare::attached(app, &page.items).await?,
        signer,
        remote,
        request,
        ..page
    })
}

/// How far a batch of the actor's own is.
///
/// # Errors
/// As [`batch`].
pub async fn progress(app: &App, actor: &Actor, id: &str) -> Result<Progress, No> {
    let page = own(app, actor, id).await?;
    if page.stage == Stage::Preparing {
        prepare::begin(app, actor, id);
    }
    Ok(page.progress())
}

pub(super) async fn own(app: &App, actor: &Actor, id: &str) -> Result<BatchPage, No> {
    let row = app.store().signing_batch(id).await?;
    let row = row.filter(|row| row.staff == actor.staff.as_str());
    let row = row.ok_or(Denied::Unseen)?;
    let items = app.store().signing_items(id).await?;
    let now = app.clock().now();
    let unmade = items.iter().any(is_unmade);
    Ok(BatchPage {
        stage: Stage::of(&row, unmade, now),
        attachments: BTreeMap::new(),
        signer: None,
        remote: None,
        request: None,
        row,
        items,
        now,
    })
}

/// What the first document that can still be signed would be signed with.
pub(super) async fn signer_for(
    app: &App,
    actor: &Actor,
    items: &[SigningItemRow],
) -> Result<Option<Result<Signer, NotSigning>>, No> {
    for item in items.iter().filter(|item| item.state().is_open()) {
        match signer_of(app, actor, &dossier_of(item)?).await {
            Ok(signer) => return Ok(Some(signer)),
            // Somebody moved this one; the next one tells.
            Err(No::Broken(cause)) => return Err(No::Broken(cause)),
            Err(_) => {}
        }
    }
    Ok(None)
}

/// Where nothing is left that the actor could sign: what a run signed that died before it could say
/// so is signed, the rest was moved by somebody.
pub(super) async fn note_moved(app: &App, actor: &Actor, page: &BatchPage) -> Result<(), No> {
    for item in page.items.iter().filter(|item| item.state().is_open()) {
        let key = key_of(&page.row.id, item.place)?;
        let once = once(actor, CommandKind::SignResult, &item.dossier, &key);
        let (state, reason) = match app.store().answered(&once).await? {
            Some(_) => (SigningState::Signed, ""),
            None => (SigningState::Stale, "signing.why.elsewhere"),
        };
        let end = SigningEnd {
            batch: page.row.id.clone(),
            places: vec![item.place],
            state,
            reason: reason.to_owned(),
        };
        let when = (app.clock().now(), None);
        app.store().end_signing(end, when).await?;
    }
    Ok(())
}

pub(super) fn audit(actor: &Actor, action: &str, batch: &str, detail: &str) -> AuditLine {
    AuditLine {
        actor: actor.staff.to_string(),
        action: action.to_owned(),
        subject: batch.to_owned(),
        purpose: String::new(),
        detail: detail.to_owned(),
    }
}
