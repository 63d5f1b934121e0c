//! One run over a batch, with the key open in its memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::ids::CertificateId;
use jiff::ToSpan as _;
use store::{SigningEnd, SigningItemRow, SigningRun, SigningState};
use tokio::task::{JoinHandle, JoinSet};

use crate::access::Actor;
use crate::certificates::Signer;
use crate::no::{Fault, No};
use crate::signing::paper::valid;
use crate::signing::{Pin, Unlocked, approve, unlock};
use crate::state::App;

use super::reasons::why_not;
use super::{BatchPage, Stage, approval_of, audit, note_moved, own, signer_for};

/// Documents that are on their way at once: while the key signs one, others are laid out, stamped
/// and written.
const AT_ONCE: usize = 4;
/// How long a run has the turn that says nothing more, in seconds.
const TURN: i64 = 15;
/// How often it says that it lives.
const BEAT: Duration = Duration::from_secs(4);
/// Failures of the key or the machine in a row after which a run stops.
const MOST_FAILURES: u32 = 3;

/// Says that a batch is being signed already.
const RUNNING: &str = "fault.signing_running";

/// Which documents of a batch are signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// All that may still be signed.
    All,
    /// Those at these places; the others are taken out of the batch.
    These(Vec<i64>),
}

/// The turn at a batch, kept for as long as this lives.
pub(in crate::signing) struct Held {
    pub(in crate::signing) app: App,
    pub(in crate::signing) actor: Actor,
    pub(in crate::signing) turn: SigningRun,
    lost: Arc<AtomicBool>,
    keeper: JoinHandle<()>,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

impl Held {
    /// Takes the turn at a batch to sign so many documents of it, and the places in `left` out of it.
    ///
    /// # Errors
    /// [`No::Invalid`] when another has the turn, [`No::Broken`].
    pub(in crate::signing) async fn take(
        app: &App,
        actor: &Actor,
        (batch, many): (&str, usize),
        (certificate, left): (&CertificateId, Vec<i64>),
    ) -> Result<Self, No> {
        let run = SigningRun {
            batch: batch.to_owned(),
            holder: app.ids().token(),
            until: turn(app),
        };
        let now = app.clock().now();
        let line = audit(actor, "signing.begun", batch, &format!("n={many}"));
        let store = app.store();
        let taken = store.take_signing_turn((run.clone(), certificate), (now, line));
        if !taken.await? {
            return Err(running());
        }
        if !left.is_empty() {
            let line = audit(actor, "signing.left", batch, &format!("n={}", left.len()));
            let end = SigningEnd {
                batch: batch.to_owned(),
                places: left,
                state: SigningState::Left,
                reason: String::new(),
            };
            store.end_signing(end, (now, Some(line))).await?;
        }
        let lost = Arc::new(AtomicBool::new(false));
        Ok(Self {
            keeper: keep(app, &run, &lost),
            app: app.clone(),
            actor: actor.clone(),
            turn: run,
            lost,
        })
    }

    /// Whether another has the turn by now.
    pub(in crate::signing) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// Ends the turn; `told` says why it stopped early.
    ///
    /// # Errors
    /// [`No::Broken`].
    pub(in crate::signing) async fn end(self, told: &str) -> Result<(), No> {
        let line = audit(&self.actor, "signing.ended", &self.turn.batch, told);
        let when = (self.app.clock().now(), line);
        let store = self.app.store();
        store.end_signing_turn(&self.turn, told, when).await?;
        Ok(())
    }
}

/// A run that has the turn and the key.
pub struct Run {
    held: Held,
    key: Unlocked,
    items: Vec<SigningItemRow>,
}

/// Signs the chosen documents of a batch in the background.
///
/// # Errors
/// As [`open_run`]: nothing is signed then.
pub async fn sign_batch(
    app: &App,
    actor: &Actor,
    (batch, chosen): (&str, &Chosen),
    pin: &Pin,
) -> Result<(), No> {
    let run = open_run(app, actor, (batch, chosen), pin).await?;
    tokio::spawn(async move {
        let batch = run.held.turn.batch.clone();
        if let Err(no) = run.go().await {
            tracing::error!(
                error = &no as &dyn std::error::Error,
                "Cannot go on signing batch {batch}"
            );
        }
    });
    Ok(())
}

/// Opens the key and takes the turn at a batch; takes what is not chosen out of it.
///
/// # Errors
/// [`No::Denied`], unseen for a batch of somebody else; [`No::Invalid`] at the PIN, at the documents
/// that are not ready or not read, or when the batch is being signed already; [`No::Broken`].
pub async fn open_run(
    app: &App,
    actor: &Actor,
    (batch, chosen): (&str, &Chosen),
    pin: &Pin,
) -> Result<Run, No> {
    let page = own(app, actor, batch).await?;
    let (items, left) = choose(&page, chosen)?;
    let Some(signer) = signer_for(app, actor, &items).await? else {
        note_moved(app, actor, &page).await?;
        let moved = Fault::new("dossier", "fault.signing_moved");
        return Err(No::Invalid(vec![moved]));
    };
    let signer = valid(signer)?;
    let key = unlock(app, signer, pin).await?;
    let certificate = key.signer.certificate.id.clone();
    let many = (batch, items.len());
    let held = Held::take(app, actor, many, (&certificate, left)).await?;
    Ok(Run { held, key, items })
}

/// Whether the only fault is that the batch is being signed already.
pub fn is_running(no: &No) -> bool {
    matches!(no, No::Invalid(faults) if faults.iter().all(|fault| fault.key == RUNNING))
}

pub(in crate::signing) fn running() -> No {
    No::Invalid(vec![Fault::new("dossier", RUNNING)])
}

fn turn(app: &App) -> jiff::civil::DateTime {
    app.clock().now().saturating_add(TURN.seconds())
}

/// The documents to be signed, and the places of those to be taken out.
pub(in crate::signing) fn choose(
    page: &BatchPage,
    chosen: &Chosen,
) -> Result<(Vec<SigningItemRow>, Vec<i64>), No> {
    if matches!(page.stage, Stage::Running | Stage::Asked) {
        return Err(running());
    }
    let open = page.items.iter().filter(|item| item.state().is_open());
    let is_chosen = |item: &&SigningItemRow| match chosen {
        Chosen::All => true,
        Chosen::These(places) => places.contains(&item.place),
    };
    let (items, left): (Vec<_>, Vec<_>) = open.cloned().partition(|item| is_chosen(&item));
    let fault = |key, n: usize| No::Invalid(vec![Fault::new("dossier", key).with("n", &n)]);
    if items.is_empty() {
        return Err(fault("fault.signing_none", 0));
    }
    let unmade = items.iter().filter(|item| item.made().is_none()).count();
    if unmade > 0 {
        return Err(fault("fault.signing_unmade", unmade));
    }
    let unread = items.iter().filter(|item| item.seen_at.is_none()).count();
    if unread > 0 {
        return Err(fault("fault.signing_unread", unread));
    }
    Ok((items, left.iter().map(|item| item.place).collect()))
}

/// Says that the run lives as long as it does.
fn keep(app: &App, run: &SigningRun, lost: &Arc<AtomicBool>) -> JoinHandle<()> {
    let (app, run, lost) = (app.clone(), run.clone(), Arc::clone(lost));
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(BEAT).await;
            let renewed = SigningRun {
                until: turn(&app),
                ..run.clone()
            };
            if let Ok(false) = app.store().keep_signing_turn(renewed).await {
                lost.store(true, Ordering::Relaxed);
            }
        }
    })
}

/// What came of one document.
enum Came {
    /// It is done with, one way or the other.
    Settled,
    /// The key or the machine failed.
    Failed(String),
}

impl Run {
    /// Signs one document after the other, several on their way at once, until all are done with or
    /// the key fails.
    ///
    /// # Errors
    /// [`No::Broken`] when not even that could be noted.
    pub async fn go(mut self) -> Result<(), No> {
        let mut items = std::mem::take(&mut self.items).into_iter();
        let (mut on_way, mut failures, mut told) = (JoinSet::new(), 0, String::new());
        loop {
            let stop = failures >= MOST_FAILURES || self.held.is_lost();
            while !stop && on_way.len() < AT_ONCE {
                let Some(item) = items.next() else { break };
                let (app, actor) = (self.held.app.clone(), self.held.actor.clone());
                let (batch, key) = (self.held.turn.batch.clone(), self.key.clone());
                on_way.spawn(async move { signed(&app, &actor, (&batch, &item), key).await });
            }
            let Some(done) = on_way.join_next().await else {
                break;
            };
            match done.map_err(|panic| No::Broken(Box::new(panic)))?? {
                Came::Settled => failures = 0,
                Came::Failed(why) => {
                    failures += 1;
                    told = why;
                }
            }
        }
        if failures < MOST_FAILURES {
            told.clear();
        }
        self.held.end(&told).await
    }
}

async fn signed(
    app: &App,
    actor: &Actor,
    (batch, item): (&str, &SigningItemRow),
    key: Unlocked,
) -> Result<Came, No> {
    // Whoever slept over the end of the turn finds out here what was taken out meanwhile.
    let open = app.store().is_signing_open((batch, item.place)).await?;
    if item.made().is_none() || !open {
        return Ok(Came::Settled);
    }
    let approval = approval_of(batch, item)?;
    let open = async |signer: Signer| same(&signer, key);
    let done = Box::pin(approve(app, actor, approval, open)).await;
    let (state, reason, came) = match done {
        Ok(_) => (SigningState::Signed, String::new(), Came::Settled),
        Err(no) => failed(batch, &no),
    };
    let end = SigningEnd {
        batch: batch.to_owned(),
        places: vec![item.place],
        state,
        reason,
    };
    let when = (app.clock().now(), None);
    app.store().end_signing(end, when).await?;
    Ok(came)
}

/// Notes what became of a document of a batch: it is signed, or why not.
pub(in crate::signing) async fn end_item(
    app: &App,
    (batch, place): (&str, i64),
    no: Option<&No>,
) -> Result<(), No> {
    let (state, reason) = match no {
        None => (SigningState::Signed, String::new()),
        Some(no) => {
            let (state, reason, _) = failed(batch, no);
            (state, reason)
        }
    };
    let end = SigningEnd {
        batch: batch.to_owned(),
        places: vec![place],
        state,
        reason,
    };
    let when = (app.clock().now(), None);
    app.store().end_signing(end, when).await?;
    Ok(())
}

/// The key that is open, where the document asks for its certificate.
fn same(signer: &Signer, key: Unlocked) -> Result<Unlocked, No> {
    if signer.certificate.id == key.signer.certificate.id {
        return Ok(key);
    }
    let other = Fault::new("document", "signing.why.other_certificate");
    Err(No::Invalid(vec![other]))
}

fn failed(batch: &str, no: &No) -> (SigningState, String, Came) {
    let Some((state, reason)) = why_not(no) else {
        tracing::error!(
            error = no as &dyn std::error::Error,
            "Cannot sign a document of batch {batch}"
        );
        let reason = "signing.why.broken".to_owned();
        return (SigningState::Failed, reason.clone(), Came::Failed(reason));
    };
    let by_key =
        matches!(no, No::Invalid(faults) if faults.iter().any(|fault| fault.field != "document"));
    let came = if by_key {
        Came::Failed(reason.clone())
    } else {
        Came::Settled
    };
    (state, reason, came)
}
