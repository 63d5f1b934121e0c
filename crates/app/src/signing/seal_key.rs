//! The keys of agencies' seals, which nobody is there to unlock: the PIN of each stands in the
//! configuration. One that was wrong once is tried no more until it is another one or a person has it
//! tried, since a token locks itself after a few. Results wait meanwhile, and who keeps the seal and who
//! administers the agency are told. No PIN is kept: it is known again by a keyed hash.

use std::sync::Arc;

use async_trait::async_trait;
use domain::certificate::KeyAt;
use domain::ids::{DossierId, UnitId};
use domain::office::Role;
use jiff::ToSpan as _;
use jiff::civil::DateTime;
pub use store::PinState;
use store::{AuditLine, PinTurn, SealPin, StoppedKey, StoreError, WaitingSeal};

use crate::absence::line;
use crate::access::{Actor, may_administer};
use crate::certificates::Signer;
use crate::no::{Denied, Fault, No};
use crate::state::App;

use super::port::{Hand, Pin, SignError, Sure, ToSign};

/// How long a try of a PIN may take, in seconds; then its server has died.
const TRY: i64 = 60;
/// Results that are named to whoever is told.
const NAMED: usize = 10;

/// Nothing is sealed with a key until somebody does something.
#[derive(Debug, thiserror::Error)]
#[error("the key `{place}` seals nothing: {}", .state.as_str())]
pub(crate) struct SealStopped {
    place: String,
    state: PinState,
}

/// A key that seals nothing, as whoever can mend it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoppedSeal {
    /// Where the key is, as it is named when it is ordered to be tried.
    pub place: String,
    /// The token or the service, as people call it.
    pub name: String,
    /// The agency.
    pub unit: UnitId,
    /// Why.
    pub state: PinState,
    /// Since when.
    pub since: DateTime,
    /// How many results wait.
    pub waiting: usize,
    /// Numbers of the first of them, with their dossiers where the actor works with them.
    pub named: Vec<(String, Option<DossierId>)>,
}

/// Where a key is, without what a service knows its holder by; none for those of the demonstration,
/// which count no wrong PIN.
fn place(signer: &Signer) -> Option<String> {
    match &signer.certificate.key {
        KeyAt::Token { token, .. } => Some(format!("token:{token}")),
        KeyAt::Remote { service, .. } => Some(format!("{service}:{}", signer.certificate.id)),
        KeyAt::LocalToken | KeyAt::Soft => None,
    }
}

/// What people call it.
fn name(place: &str) -> &str {
    match place.split_once(':') {
        Some(("token", label)) => label,
        Some((service, _)) => service,
        None => place,
    }
}

fn known(app: &App, (place, unit): (&str, &UnitId), pin: &Pin) -> SealPin {
    SealPin {
        place: place.to_owned(),
        unit: unit.clone(),
        pin: app
            .keys()
            .look_up("seal-pin", &format!("{place}\n{}", pin.reveal())),
    }
}

/// Opens the key of an agency's seal for a result.
///
/// # Errors
/// [`No::Broken`]; with [`SealStopped`] in it while somebody has to do something first.
pub(super) async fn opened(
    app: &App,
    signer: &Signer,
    (dossier, unit): (&DossierId, &UnitId),
) -> Result<Arc<dyn Hand>, No> {
    let signatures = app.signatures();
    let found = signatures.seal_pin(&signer.certificate.key).await;
    let Some(place) = place(signer) else {
        let pin = found.map_err(broken)?;
        let hand = signatures.seal(signer, (&pin, Sure::Yes)).await;
        return hand.map_err(broken);
    };
    let empty = Pin::new("");
    let key = known(app, (&place, unit), found.as_ref().unwrap_or(&empty));
    let now = app.clock().now();
    let until = now.saturating_add(TRY.seconds());
    let turn = app.store().seal_turn(&key, (now, until)).await?;
    let sure = match turn {
        PinTurn::Good | PinTurn::Try { sure: true } => Sure::Yes,
        PinTurn::Try { sure: false } => Sure::No,
        PinTurn::Stopped(state) => return Err(stop(app, &key, (dossier, state)).await?),
        PinTurn::Wait => {
            let why = SignError::Unavailable("the PIN is being tried".to_owned());
            return Err(broken(why));
        }
    };
    let tried = match &found {
        Ok(pin) => signatures.seal(signer, (pin, sure)).await,
        Err(why) => Err(why.clone()),
    };
    let at_service = matches!(signer.certificate.key, KeyAt::Remote { .. });
    match tried {
        Ok(hand) if at_service => Ok(at_its_service(app, hand, (key, turn), dossier)),
        tried => came(app, (&key, turn), dossier, tried).await,
    }
}

fn at_its_service(
    app: &App,
    hand: Arc<dyn Hand>,
    (key, turn): (SealPin, PinTurn),
    dossier: &DossierId,
) -> Arc<dyn Hand> {
    Arc::new(AtService {
        app: app.clone(),
        hand,
        key,
        turn,
        dossier: dossier.clone(),
    })
}

/// Keeps what came of a PIN.
async fn came(
    app: &App,
    (key, turn): (&SealPin, PinTurn),
    dossier: &DossierId,
    tried: Result<Arc<dyn Hand>, SignError>,
) -> Result<Arc<dyn Hand>, No> {
    let state = came_of(tried.as_ref().err());
    // A token that is away for a while says nothing of a PIN that was right.
    let news = turn != PinTurn::Good || state.is_stopped();
    if news {
        let now = app.clock().now();
        app.store().seal_tried(key, state, now).await?;
    }
    if state.is_stopped() {
        tracing::error!(
            place = key.place,
            state = state.as_str(),
            "A seal has stopped"
        );
        return Err(stop(app, key, (dossier, state)).await?);
    }
    tried.map_err(broken)
}

/// The key of a seal at a service, which is told the PIN with each document alone.
struct AtService {
    app: App,
    hand: Arc<dyn Hand>,
    key: SealPin,
    turn: PinTurn,
    dossier: DossierId,
}

#[async_trait]
impl Hand for AtService {
    async fn sign(&self, what: ToSign) -> Result<Vec<u8>, SignError> {
        let signed = self.hand.sign(what).await;
        let state = came_of(signed.as_ref().err());
        if self.turn == PinTurn::Good && !state.is_stopped() {
            return signed;
        }
        let (app, now) = (&self.app, self.app.clock().now());
        let kept = async {
            app.store().seal_tried(&self.key, state, now).await?;
            if state.is_stopped() {
                let place = (self.key.place.as_str(), &self.key.unit);
                let waits = app.store().wait_for_seal(&self.dossier, place, now);
                waits.await?;
            }
            Ok::<(), StoreError>(())
        };
        // What the database cannot keep, it cannot read: nothing is tried then.
        kept.await
            .map_err(|cause| SignError::Unavailable(cause.to_string()))?;
        signed
    }
}

/// What a try says of the PIN.
fn came_of(error: Option<&SignError>) -> PinState {
    match error {
        None => PinState::Good,
        Some(SignError::WrongPin) => PinState::Wrong,
        Some(SignError::Locked) => PinState::Locked,
        Some(SignError::LastTry) => PinState::LastTry,
        Some(SignError::WrongBefore) => PinState::Counted,
        Some(SignError::NoPin(_)) => PinState::Missing,
        Some(_) => PinState::Untried,
    }
}

/// The result waits, and who can mend it is told which.
async fn stop(
    app: &App,
    key: &SealPin,
    (dossier, state): (&DossierId, PinState),
) -> Result<No, No> {
    let now = app.clock().now();
    let place = (key.place.as_str(), &key.unit);
    app.store().wait_for_seal(dossier, place, now).await?;
    Ok(No::Broken(Box::new(SealStopped {
        place: key.place.clone(),
        state,
    })))
}

fn broken(error: SignError) -> No {
    No::Broken(Box::new(error))
}

/// Whether the key seals at all now: what is issued is sealed at once after.
///
/// # Errors
/// [`No::Invalid`] while somebody has to do something first; [`No::Broken`].
pub(super) async fn judge(app: &App, signer: &Signer) -> Result<(), No> {
    let Some(place) = place(signer) else {
        return Ok(());
    };
    let stopped = || No::Invalid(vec![Fault::new("certificate", "fault.seal_stopped")]);
    let found = app.signatures().seal_pin(&signer.certificate.key).await;
    let Ok(pin) = found else {
        return Err(stopped());
    };
    let key = known(app, (&place, &signer.certificate.unit), &pin);
    let state = app.store().seal_state(&key).await?;
    if state.is_some_and(PinState::is_stopped) {
        return Err(stopped());
    }
    Ok(())
}

/// Whether the actor keeps the seal of an agency.
fn keeps(actor: &Actor, unit: &UnitId) -> bool {
    actor.acts_as_any(&[Role::SealClerk], unit)
}

/// Whether the actor is told of the keys of an agency.
fn is_told(app: &App, actor: &Actor, unit: &UnitId) -> bool {
    keeps(actor, unit) || may_administer(actor, &line(app, unit)).is_ok()
}

/// Whether the actor is told of any agency's keys.
fn may_be_told(actor: &Actor) -> bool {
    actor.is(Role::SealClerk) || actor.is(Role::Administrator)
}

/// The keys that seal nothing now, of agencies whose seal the actor keeps or which she administers.
///
/// # Errors
/// [`No::Broken`].
pub async fn stopped_seals(app: &App, actor: &Actor) -> Result<Vec<StoppedSeal>, No> {
    if !may_be_told(actor) {
        return Ok(Vec::new());
    }
    let stopped = app.store().stopped_keys().await?;
    Ok(stopped
        .iter()
        .filter_map(|key| seen(app, actor, key))
        .collect())
}

fn seen(app: &App, actor: &Actor, key: &StoppedKey) -> Option<StoppedSeal> {
    let waiting: Vec<&WaitingSeal> = key
        .waiting
        .iter()
        .filter(|one| is_told(app, actor, &one.unit))
        .collect();
    if waiting.is_empty() && !is_told(app, actor, &key.unit) {
        return None;
    }
    // Administrators see no dossiers.
    let dossier = |one: &WaitingSeal| keeps(actor, &one.unit).then(|| one.dossier.clone());
    let first = waiting.iter().take(NAMED);
    Some(StoppedSeal {
        place: key.place.clone(),
        name: name(&key.place).to_owned(),
        unit: waiting.first().map_or(&key.unit, |one| &one.unit).clone(),
        state: key.state,
        since: key.since,
        waiting: waiting.len(),
        named: first
            .map(|one| (one.number.clone(), dossier(one)))
            .collect(),
    })
}

/// Has the PIN of a key tried once more, which stopped at `since` as the person was told. The results
/// that wait are sealed within a minute when it is right. Nothing changes where the key has not stopped,
/// or has been tried meanwhile: whoever presses twice has it tried once.
///
/// # Errors
/// [`No::Denied`] for whoever is not told of it; [`No::Broken`].
pub async fn order_try(
    app: &App,
    actor: &Actor,
    (place, since): (&str, DateTime),
) -> Result<(), No> {
    let stopped = stopped_seals(app, actor).await?;
    if !may_be_told(actor) {
        return Err(Denied::Seen.into());
    }
    if !stopped
        .iter()
        .any(|key| key.place == place && key.since == since)
    {
        return Ok(());
    }
    let (now, line) = (app.clock().now(), order_line(actor, place));
    app.store().order_seal_try(place, now, line).await?;
    app.announce();
    Ok(())
}

fn order_line(actor: &Actor, place: &str) -> AuditLine {
    AuditLine {
        actor: actor.staff.to_string(),
        action: "seal.try_ordered".to_owned(),
        subject: place.to_owned(),
        purpose: String::new(),
        detail: String::new(),
    }
}
