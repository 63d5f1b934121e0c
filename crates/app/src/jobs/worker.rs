//! Takes messages, hands them to their handlers, tries again with growing pauses, and puts aside
//! what can never work.

use std::fmt::Display;
use std::time::Duration;

use jiff::ToSpan;
use store::{Kinds, Message};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::absence;
use crate::no::No;
use crate::notices::{self, NOTIFY};
use crate::papers::{KEEP_VOLUME, keep_volume};
use crate::ports::PortError;
use crate::repin::{REPIN, repin};
use crate::signing::batch::retention::remove_finished;
use crate::signing::{SealStopped, remote};
use crate::state::App;
use crate::tasks;

use super::ISSUE_SLIP;
use super::lateness::watch_lateness;
use super::proof::{PROVE_RESULT, Unproved, prove_result};
use super::result::{MAKE_RESULT, make_result};
use super::slip::issue_slip;

/// How long a claimed message is nobody else's, in milliseconds.
const LEASE: i64 = 60_000;
/// Messages claimed at once.
const CLAIM: u32 = 16;
/// Kinds of messages that wait for authorities, and have a worker of their own: one that does not answer
/// keeps no slip waiting.
const SEALING: [&str; 2] = [MAKE_RESULT, PROVE_RESULT];
/// How long claimed messages of these kinds are nobody else's, in milliseconds, and how many at once:
/// each may wait for an authority and a time stamp.
const SEALING_LEASE: i64 = 180_000;
const SEALING_CLAIM: u32 = 4;
/// The longest pause between two tries, in seconds. What may work later is tried for ever: a full
/// disk or a missing folder loses no slip.
const LONGEST_PAUSE: i64 = 1800;
/// The pause before a seal that has stopped is asked for again, in seconds: its PIN is not tried by
/// that, and what was mended goes on.
const STOPPED_PAUSE: i64 = 60;
/// Tries, most of a day of them, after which the authority of a proof is asked once a day alone: the
/// results of weeks may wait for one. How long that is, in seconds.
const AWAY: i64 = 50;
const AWAY_PAUSE: i64 = 86_400;
/// Between two looks when nobody announces anything.
const IDLE: Duration = Duration::from_secs(1);
/// Days for which a draft is kept that nobody comes back to.
const DRAFT_DAYS: i64 = 30;
/// How often the audit log is sealed and the house kept.
const HOUSE: Duration = Duration::from_mins(3);
/// How often what is due to be looked at for being late is looked at.
const WATCH: Duration = Duration::from_secs(15);

/// Works until `stop` resolves, finishing the messages at hand. Notices have a worker of their own: a
/// mail server that does not answer keeps no slip waiting.
pub async fn run(app: &App, stop: impl Future<Output = ()>) {
    let (tell, told) = watch::channel(false);
    let stopping = async move {
        stop.await;
        tell.send(true).ok();
    };
    tokio::join!(
        stopping,
        work_outbox(app, told.clone()),
        seal_results(app, told.clone()),
        send_notices(app, told.clone()),
        ask_services(app, told.clone()),
        watch(app, told)
    );
}

/// Resolves when the worker is told to stop.
async fn told(stop: &mut watch::Receiver<bool>) {
    stop.wait_for(|stop| *stop).await.ok();
}

async fn send_notices(app: &App, mut stop: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = told(&mut stop) => return,
            () = app.notices_told() => {}
            () = tokio::time::sleep(IDLE) => {}
        }
        let sent = async {
            notices::send_due(app).await?;
            notices::send_digests(app).await
        };
        if let Err(cause) = sent.await {
            tracing::error!(%cause, "Could not send notices");
        }
    }
}

/// Looks after what signing services were asked. They have a worker of their own: one that does not
/// answer keeps no slip waiting. What is under way when the worker stops is looked after by the next
/// one, as after a crash.
async fn ask_services(app: &App, mut stop: watch::Receiver<bool>) {
    let mut under_way = JoinSet::new();
    loop {
        tokio::select! {
            () = told(&mut stop) => return,
            () = tokio::time::sleep(IDLE) => {}
        }
        if let Err(cause) = remote::begin(app, &mut under_way).await {
            tracing::error!(%cause, "Could not look after requests for signatures");
        }
    }
}

/// Looks after what is late, and tells those whom it concerns.
async fn watch(app: &App, mut stop: watch::Receiver<bool>) {
    let mut watch = tokio::time::interval(WATCH);
    loop {
        tokio::select! {
            () = told(&mut stop) => return,
            _ = watch.tick() => {}
        }
        if let Err(cause) = watch_lateness(app).await {
            tracing::error!(%cause, "Could not look for what is late");
        }
    }
}

async fn work_outbox(app: &App, mut stop: watch::Receiver<bool>) {
    let mut house = tokio::time::interval(HOUSE);
    loop {
        tokio::select! {
            () = told(&mut stop) => return,
            _ = house.tick() => keep_house(app).await,
            () = app.announced() => {}
            () = tokio::time::sleep(IDLE) => {}
        }
        work_all(app, ((LEASE, CLAIM), Kinds::Except(SEALING)), &stop).await;
    }
}

/// Seals the audit log, forgets what nobody came back to, offers work anew whose holder has left the
/// post, and ends what is over.
async fn keep_house(app: &App) {
    let (now, store) = (app.clock().now(), app.store());
    let (kept, typed) = (
        now.saturating_sub(DRAFT_DAYS.days()),
        now.saturating_sub(1.day()),
    );
    chore("audit", store.seal_audit(now).await);
    chore("sessions", store.purge_sessions(now).await);
    chore("drafts", store.purge_drafts(kept, typed).await);
    chore("held", absence::release_held(app).await);
    chore("tasks", tasks::end_overdue(app).await);
    chore("batches", remove_finished(app).await);
}

/// A chore that fails keeps no other from being done.
fn chore<T>(chore: &'static str, done: Result<T, impl Display>) {
    if let Err(cause) = done {
        tracing::error!(chore, %cause, "Could not keep house");
    }
}

/// Handles what is available, until nothing is left or the worker is told to stop.
async fn work_all(app: &App, (take, kinds): ((i64, u32), Kinds), stop: &watch::Receiver<bool>) {
    while !*stop.borrow() {
        match work_some(app, take, kinds).await {
            Ok(0) => return,
            Ok(_) => {}
            Err(cause) => {
                tracing::error!(%cause, "Could not read the outbox");
                return;
            }
        }
    }
}

/// Handles results that are to be sealed or proved.
async fn seal_results(app: &App, mut stop: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = told(&mut stop) => return,
            () = app.sealing_announced() => {}
            () = tokio::time::sleep(IDLE) => {}
        }
        let take = (SEALING_LEASE, SEALING_CLAIM);
        work_all(app, (take, Kinds::Of(SEALING)), &stop).await;
    }
}

/// Handles the messages that are available now, once each, and says how many.
///
/// # Errors
/// [`No::Broken`] when the outbox cannot be read or written.
pub async fn work_off(app: &App) -> Result<usize, No> {
    work_some(app, (LEASE, CLAIM), Kinds::All).await
}

async fn work_some(app: &App, (lease, most): (i64, u32), kinds: Kinds) -> Result<usize, No> {
    let take = (app.clock().now(), lease, most);
    let messages = app.store().claim_kinds(take, kinds).await?;
    for message in &messages {
        handle(app, message).await?;
    }
    Ok(messages.len())
}

async fn handle(app: &App, message: &Message) -> Result<(), No> {
    let done = match message.kind.as_str() {
        ISSUE_SLIP => Box::pin(issue_slip(app, message)).await,
        MAKE_RESULT => Box::pin(make_result(app, message)).await,
        PROVE_RESULT => Box::pin(prove_result(app, message)).await,
        REPIN => Box::pin(repin(app, message)).await,
        KEEP_VOLUME => Box::pin(keep_volume(app, message)).await,
        NOTIFY => notices::prepare(app, message).await,
        other => Err(No::Broken(
            format!("no handler for messages `{other}`").into(),
        )),
    };
    store::faults::reach("between_claim_and_finish").await?;
    let Err(no) = done else {
        return Ok(app.store().finish(message.id).await?);
    };
    let cause = describe(&no);
    if is_hopeless(&no) {
        tracing::error!(message = message.id, %cause, "Put a message aside");
        return Ok(app.store().bury(message.id, cause).await?);
    }
    let pause = pause(&no, message.attempts);
    let at = app.clock().now().saturating_add(pause.seconds());
    if is_stopped(&no) || is_unproved(&no) {
        tracing::debug!(message = message.id, %cause, pause, "A result waits for its seal or its proof");
    } else {
        tracing::warn!(message = message.id, %cause, pause, "Will handle a message again");
    }
    Ok(app.store().retry(message.id, at, cause).await?)
}

/// Seconds until a message is handled again that failed so.
fn pause(no: &No, attempts: i64) -> i64 {
    if is_stopped(no) {
        return STOPPED_PAUSE;
    }
    if is_unproved(no) && attempts > AWAY {
        return AWAY_PAUSE;
    }
    let tries = u32::try_from(attempts).unwrap_or(1).min(16);
    2_i64.saturating_pow(tries).min(LONGEST_PAUSE)
}

/// Whether nothing is sealed until somebody does something: that was said when the seal stopped.
fn is_stopped(no: &No) -> bool {
    matches!(no, No::Broken(cause) if cause.is::<SealStopped>())
}

/// Whether a proof waits for an authority, which was said when that fell silent.
fn is_unproved(no: &No) -> bool {
    matches!(no, No::Broken(cause) if cause.is::<Unproved>())
}

fn describe(no: &No) -> String {
    match no {
        No::Broken(cause) => cause.to_string(),
        other => other.to_string(),
    }
}

/// Whether a message that fails so never succeeds.
pub(crate) fn is_hopeless(no: &No) -> bool {
    let No::Broken(cause) = no else { return true };
    matches!(cause.downcast_ref::<PortError>(), Some(PortError::Fail(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::proof::TRIES;
    use crate::people::testing::empty;

    #[test]
    fn a_proof_is_waited_for_a_month_with_few_tries() {
        let no = No::Broken(Box::new(Unproved("no answer".to_owned())));
        let pauses: Vec<i64> = (1..TRIES).map(|tries| pause(&no, tries)).collect();
        assert_eq!(pauses[..3], [2, 4, 8]);
        let day = 86_400;
        let days = pauses.iter().sum::<i64>() / day;
        assert!((29..=31).contains(&days), "{days}");
        let first: i64 = pauses.iter().take(50).sum();
        assert!((day / 2..=day).contains(&first), "{first}");
        let other = No::Broken(Box::new(PortError::Retry("no disk".to_owned())));
        assert_eq!(pause(&other, TRIES), LONGEST_PAUSE);
    }

    #[tokio::test]
    async fn a_worker_that_is_told_to_stop_begins_nothing_more() {
        let (app, _) = empty().await;
        let dossier = domain::ids::DossierId::parse("d-1").unwrap();
        let message = store::NewMessage {
            kind: ISSUE_SLIP,
            body: "none".to_owned(),
        };
        let now = app.clock().now();
        let sent = app
            .store()
            .send_messages(now, vec![(dossier, message)], Vec::new());
        sent.await.unwrap();
        let (tell, told) = watch::channel(true);
        let what = ((LEASE, CLAIM), Kinds::All);
        work_all(&app, what, &told).await;
        tell.send(false).unwrap();
        assert_eq!(work_off(&app).await.unwrap(), 1, "it is there still");
    }
}
