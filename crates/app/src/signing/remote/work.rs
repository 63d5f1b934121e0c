//! The worker looks after requests for signatures: it asks, asks again, keeps what was given, and
//! approves.

use domain::certificate::KeyAt;
use domain::ids::{CertificateId, FileHash, StaffId};
use jiff::civil::DateTime;
use jiff::{SignedDuration, ToSpan as _};
use store::{
    AuditLine, RequestEnd, RequestItemRow, RequestState, SigningItemRow, SigningRequestRow,
};
use tokio::task::JoinSet;

use super::{Ask, AskedFor, Given, Reply, Terms, keys, reason};
use crate::access::Actor;
use crate::certificates::{Signer, registered};
use crate::clock::local_time;
use crate::no::{Denied, No};
use crate::people::absent_actor;
use crate::ports::PortError;
use crate::signing::approve::no as sign_fault;
use crate::signing::batch::{approval_of, end_item, why_not};
use crate::signing::{approve_signed, approved};
use crate::state::App;

/// Requests that are looked after at once: a gateway answers when the person has decided.
const AT_ONCE: usize = 64;
/// How long nobody else looks after a request that one worker has taken, in milliseconds.
const LEASE: i64 = 120_000;
/// Beside a service's own patience.
const SPARE: SignedDuration = SignedDuration::from_mins(1);
/// Between two tries to finish what the time stamps or the machine kept from being finished.
const AGAIN: SignedDuration = SignedDuration::from_secs(20);
/// Hours for which a service that took a request and then fell silent is asked.
const SILENT: i64 = 24;

/// Looks once after every request that is due, to the end; says how many those were.
///
/// # Errors
/// [`No::Broken`] when they cannot be read.
pub async fn work(app: &App) -> Result<usize, No> {
    let mut steps = JoinSet::new();
    let many = begin(app, &mut steps).await?;
    while steps.join_next().await.is_some() {}
    Ok(many)
}

/// Begins to look after requests that are due, beside those that `steps` has under way: one that takes
/// minutes keeps no other waiting. Says how many were begun.
///
/// # Errors
/// [`No::Broken`] when they cannot be read.
pub async fn begin(app: &App, steps: &mut JoinSet<()>) -> Result<usize, No> {
    while steps.try_join_next().is_some() {}
    let free = AT_ONCE.saturating_sub(steps.len());
    if free == 0 {
        return Ok(0);
    }
    let free = u32::try_from(free).unwrap_or(u32::MAX);
    let now = app.clock().now();
    let due = app.store().claim_signing_requests(now, LEASE, free).await?;
    let many = due.len();
    for request in due {
        let app = app.clone();
        steps.spawn(async move {
            if let Err(no) = Box::pin(step(&app, &request)).await {
                tracing::error!(
                    error = &no as &dyn std::error::Error,
                    "Cannot go on with the request for signatures {}",
                    request.id
                );
            }
        });
    }
    Ok(many)
}

async fn step(app: &App, row: &SigningRequestRow) -> Result<(), No> {
    let state = RequestState::parse(&row.state);
    // Whoever asked with what was typed did not come back: what was typed is gone.
    if state == Some(RequestState::Typed) {
        return ended(app, row, (RequestState::Failed, "remote.interrupted")).await;
    }
    let id = CertificateId::parse(&row.certificate).map_err(|fault| No::Broken(Box::new(fault)))?;
    let signer = registered(app, &id).await?;
    if !app.store().is_signing_request_open(&row.id).await? {
        return ended(app, row, (RequestState::Done, "")).await;
    }
    if state == Some(RequestState::Signed) {
        return finish(app, row, &signer).await;
    }
    let Ok(keys) = keys(app) else {
        return ended(app, row, (RequestState::Failed, "remote.no_service")).await;
    };
    let terms = match keys.terms(&signer).await {
        Ok(terms) => terms,
        Err(error) => return refused(app, row, (None, &error)).await,
    };
    if terms.whole {
        let until = app
            .clock()
            .now()
            .saturating_add(terms.patience.saturating_add(SPARE));
        let store = app.store();
        store
            .put_off_signing_request(&row.id, (None, row.tries), until)
            .await?;
    }
    let ask = request_of(app, (&row.id, &row.title), terms.whole).await?;
    let reply = match &row.waiting {
        Some(waiting) => keys.poll(&signer, ask, waiting).await,
        None => keys.begin(&signer, ask, Given::OnPhone).await,
    };
    match reply {
        Ok(reply) => {
            let told = answered(app, (&row.id, row.tries, terms), reply).await?;
            tracing::debug!(request = row.id, told, "A signing service answered");
            Ok(())
        }
        Err(error) => refused(app, row, (Some(terms), &error)).await,
    }
}

/// The documents of a request as the service is asked for them.
pub(super) async fn request_of(
    app: &App,
    (id, title): (&str, &str),
    whole: bool,
) -> Result<Ask, No> {
    let mut documents = Vec::new();
    for item in app.store().signing_request_items(id).await? {
        let asked = hex::decode(&item.asked).map_err(|fault| No::Broken(Box::new(fault)))?;
        let content = if whole {
            file(app, item.unfinished_file.as_deref()).await?
        } else {
            Vec::new()
        };
        documents.push(AskedFor {
            name: item.name,
            asked,
            whole: content,
        });
    }
    Ok(Ask {
        reference: id.to_owned(),
        title: title.to_owned(),
        documents,
    })
}

/// Notes what a service answered; says why nothing came of the request.
pub(super) async fn answered(
    app: &App,
    (id, tries, terms): (&str, i64, Terms),
    reply: Reply,
) -> Result<Option<&'static str>, No> {
    let (store, next) = (app.store(), app.clock().now().saturating_add(terms.every));
    let (state, why) = match reply {
        Reply::Waiting(waiting) => {
            store::faults::reach("between_begin_and_note").await?;
            store
                .put_off_signing_request(id, (Some(&waiting), tries), next)
                .await?;
            return Ok(None);
        }
        Reply::Pending if tries.saturating_add(1) < i64::from(terms.times) => {
            let tries = (None, tries.saturating_add(1));
            store.put_off_signing_request(id, tries, next).await?;
            return Ok(None);
        }
        Reply::Signed(pieces) => return keep(app, id, pieces).await,
        Reply::Pending | Reply::Expired => (RequestState::Expired, "remote.expired"),
        Reply::Rejected(_) => (RequestState::Rejected, "remote.rejected"),
    };
    end(app, id, (state, why)).await?;
    Ok(Some(why))
}

/// Keeps what a service gave before anything is made of it: it may not give it again.
async fn keep(app: &App, id: &str, pieces: Vec<Vec<u8>>) -> Result<Option<&'static str>, No> {
    store::faults::reach("between_poll_and_keep").await?;
    let items = app.store().signing_request_items(id).await?;
    if items.len() != pieces.len() {
        end(app, id, (RequestState::Failed, "remote.count")).await?;
        return Ok(Some("remote.count"));
    }
    let mut kept = Vec::new();
    for (item, piece) in items.iter().zip(pieces) {
        kept.push((item.place, app.files().put(piece).await?.0));
    }
    let now = app.clock().now();
    app.store().keep_signing_pieces(id, kept, now).await?;
    Ok(None)
}

/// A service that does not answer is asked again; one that refuses is not.
async fn refused(
    app: &App,
    row: &SigningRequestRow,
    (terms, error): (Option<Terms>, &PortError),
) -> Result<(), No> {
    let now = app.clock().now();
    let until = local_time(row.until);
    // Once the service has it, the person may have approved: her signature is waited for.
    let until = match row.waiting {
        Some(_) => until.saturating_add(SILENT.hours()),
        None => until,
    };
    if !matches!(error, PortError::Retry(_)) || now > until {
        return ended(app, row, (RequestState::Failed, reason(error))).await;
    }
    let every = terms.map_or(AGAIN, |terms| terms.every);
    let (store, next) = (app.store(), now.saturating_add(every));
    store
        .put_off_signing_request(&row.id, (None, row.tries), next)
        .await?;
    Ok(())
}

async fn ended(
    app: &App,
    row: &SigningRequestRow,
    how: (RequestState, &'static str),
) -> Result<(), No> {
    end(app, &row.id, how).await
}

async fn end(app: &App, id: &str, (state, why): (RequestState, &'static str)) -> Result<(), No> {
    let end = RequestEnd {
        id: id.to_owned(),
        state,
        reason: why.to_owned(),
    };
    let line = AuditLine {
        actor: crate::jobs::SYSTEM.to_owned(),
        action: "signing.answered".to_owned(),
        subject: id.to_owned(),
        purpose: String::new(),
        detail: format!("{} {why}", state.as_str()).trim_end().to_owned(),
    };
    let when = (app.clock().now(), line);
    app.store().end_signing_request(end, when).await?;
    Ok(())
}

/// Puts the signatures in and approves, each document by itself: one that the machine keeps from being
/// finished is tried again, and what was approved before is approved once.
async fn finish(app: &App, row: &SigningRequestRow, signer: &Signer) -> Result<(), No> {
    let staff = StaffId::parse(&row.staff).map_err(|fault| No::Broken(Box::new(fault)))?;
    let actor = absent_actor(app, &staff).await?;
    let listed = app.store().signing_items(&row.batch).await?;
    let (mut left, now) = (None, app.clock().now());
    let store = app.store();
    for item in app.store().signing_request_items(&row.id).await? {
        let open = |one: &&SigningItemRow| one.place == item.place && one.state().is_open();
        let Some(listed) = listed.iter().find(open) else {
            continue;
        };
        if !store.is_signing_open((&row.batch, item.place)).await? {
            continue;
        }
        hold(app, row).await?;
        let done = match &actor {
            Some(actor) => Box::pin(one(app, (actor, signer), (&row.batch, listed), &item)).await,
            None => Err(Denied::Seen.into()),
        };
        match done {
            Ok(()) => end_item(app, (&row.batch, item.place), None).await?,
            Err(no) if why_not(&no).is_some() => {
                end_item(app, (&row.batch, item.place), Some(&no)).await?;
            }
            Err(no) => left = Some(no),
        }
    }
    let Some(no) = left else {
        return ended(app, row, (RequestState::Done, "")).await;
    };
    if now > silent(row) {
        return ended(app, row, (RequestState::Failed, "signing.why.broken")).await;
    }
    let next = now.saturating_add(AGAIN);
    store
        .put_off_signing_request(&row.id, (None, row.tries), next)
        .await?;
    Err(no)
}

/// Puts off when another may look after the request: many documents take longer than one lease.
async fn hold(app: &App, row: &SigningRequestRow) -> Result<(), No> {
    let until = app.clock().now();
    let until = until.saturating_add(SignedDuration::from_millis(LEASE));
    let store = app.store();
    store
        .put_off_signing_request(&row.id, (None, row.tries), until)
        .await?;
    Ok(())
}

fn silent(row: &SigningRequestRow) -> DateTime {
    local_time(row.until).saturating_add(SILENT.hours())
}

async fn one(
    app: &App,
    (actor, signer): (&Actor, &Signer),
    (batch, listed): (&str, &SigningItemRow),
    item: &RequestItemRow,
) -> Result<(), No> {
    let approval = approval_of(batch, listed)?;
    if approved(app, actor, &approval).await?.is_some() {
        return Ok(());
    }
    let unfinished = file(app, item.unfinished_file.as_deref()).await?;
    let piece = file(app, item.piece_file.as_deref()).await?;
    let made = keys(app)?.finish(signer, unfinished, piece).await;
    let document = made.map_err(|error| sign_fault(&error))?;
    store::faults::reach("between_keep_and_approve").await?;
    let certificate = &signer.certificate.id;
    Box::pin(approve_signed(app, actor, approval, certificate, document)).await?;
    store::faults::reach("between_approve_and_note")
        .await
        .map_err(No::from)
}

async fn file(app: &App, hash: Option<&str>) -> Result<Vec<u8>, No> {
    let hash = FileHash::parse(hash.unwrap_or_default());
    let hash = hash.map_err(|fault| No::Broken(Box::new(fault)))?;
    Ok(app.files().get(&hash).await?)
}

/// The service at which a key lies.
pub(super) fn service(signer: &Signer) -> &str {
    match &signer.certificate.key {
        KeyAt::Remote { service, .. } => service,
        KeyAt::Token { .. } | KeyAt::LocalToken | KeyAt::Soft => "",
    }
}
