//! Sends what is due. Servers that are slow or dead keep nothing else waiting: deliveries have a
//! worker of their own, and each attempt an end.

use std::time::Duration;

use domain::notice::{MOST_ATTEMPTS, pause};
use jiff::ToSpan as _;
use store::{Attempt, Delivery, DeliveryState};
use tokio::task::JoinSet;

use crate::no::{Denied, No};
use crate::people::party;
use crate::ports::{Notifier, Outgoing, PortError};
use crate::state::App;

use super::compose::address;
use super::hours::quiet_hours;

/// The end of an attempt that is not answered.
const PATIENCE: Duration = Duration::from_mins(3);
/// How long a claimed delivery is nobody else's, in milliseconds: longer than any attempt lasts.
pub(super) const LEASE: i64 = 300_000;
/// Deliveries sent at once.
pub(super) const CLAIM: u32 = 16;
/// Characters of a server's answer that are kept.
const REASON: usize = 300;

/// Tries the deliveries whose time has come, and says how many. At night none is tried.
///
/// # Errors
/// [`No::Broken`] when deliveries cannot be read or written.
pub async fn send_due(app: &App) -> Result<usize, No> {
    let now = app.clock().now();
    if quiet_hours(app).await?.after(now) > now {
        return Ok(0);
    }
    let claimed = app.store().claim_deliveries(now, LEASE, CLAIM).await?;
    let count = claimed.len();
    let mut attempts = JoinSet::new();
    for delivery in claimed {
        let app = app.clone();
        attempts.spawn(async move { attempt(&app, &delivery).await });
    }
    let mut first = Ok(count);
    while let Some(done) = attempts.join_next().await {
        let done = done.unwrap_or_else(|panic| Err(No::Broken(Box::new(panic))));
        if let (Err(no), Ok(_)) = (done, &first) {
            first = Err(no);
        }
    }
    first
}

/// One attempt and its record. Whoever is killed between the two leaves a delivery that is sent again
/// under the same code: a provider that keeps codes sends it once, a mail server may send it twice,
/// both with the same `Message-ID`.
async fn attempt(app: &App, delivery: &Delivery) -> Result<(), No> {
    store::faults::reach("between_claim_and_send").await?;
    let came = try_once(app, delivery).await?;
    store::faults::reach("between_send_and_record").await?;
    let came = judged(app, delivery.attempts, came);
    if came.state != DeliveryState::Sent {
        let (state, reason) = (came.state.as_str(), came.reason.as_str());
        let channel = delivery.channel.as_str();
        tracing::warn!(delivery = delivery.id, channel, state, reason, "Not sent");
    }
    let at = app.clock().now();
    Ok(app.store().record_attempt(delivery, came, at).await?)
}

/// What the outside did.
pub(super) enum Came {
    Taken(String),
    Refused(String),
    Failed(String),
    Impossible(&'static str),
}

async fn try_once(app: &App, delivery: &Delivery) -> Result<Came, No> {
    let Some(notifier) = app.notifier(delivery.channel) else {
        return Ok(Came::Impossible("no_channel"));
    };
    let person = match party(app, &delivery.party).await {
        Err(No::Denied(Denied::Unseen)) => return Ok(Came::Impossible("no_address")),
        other => other?,
    };
    let Some(to) = address(&person, delivery.channel) else {
        return Ok(Came::Impossible("no_address"));
    };
    let outgoing = Outgoing {
        code: delivery.code.clone(),
        to: to.to_owned(),
        subject: delivery.subject.clone(),
        body: delivery.body.clone(),
    };
    Ok(hand_over(notifier, &outgoing).await)
}

/// Hands something over and says what came of it, without anybody's address.
pub(super) async fn hand_over(notifier: &dyn Notifier, outgoing: &Outgoing) -> Came {
    let (to, sent) = (&outgoing.to, notifier.send(outgoing));
    match tokio::time::timeout(PATIENCE, sent).await {
        Ok(Ok(provider)) => Came::Taken(provider),
        Ok(Err(PortError::Fail(reason))) => Came::Refused(without_persons(&reason, to)),
        Ok(Err(gone @ PortError::Deleted { .. })) => Came::Refused(gone.to_string()),
        Ok(Err(PortError::Retry(reason))) => Came::Failed(without_persons(&reason, to)),
        Err(_) => Came::Failed("no_answer".to_owned()),
    }
}

/// What an attempt is recorded as, after so many.
pub(super) fn judged(app: &App, attempts: u32, came: Came) -> Attempt {
    let end = |state, reason: String, provider| Attempt {
        state,
        next_try: None,
        reason,
        provider,
    };
    match came {
        Came::Taken(provider) => end(DeliveryState::Sent, String::new(), provider),
        Came::Refused(reason) => end(DeliveryState::Refused, reason, String::new()),
        Came::Impossible(reason) => end(DeliveryState::GivenUp, reason.to_owned(), String::new()),
        Came::Failed(reason) if attempts >= MOST_ATTEMPTS => {
            end(DeliveryState::GivenUp, reason, String::new())
        }
        Came::Failed(reason) => {
            let now = app.clock().now();
            let next = now.saturating_add(pause(attempts).minutes());
            Attempt {
                next_try: Some(next),
                ..end(DeliveryState::Failed, reason, String::new())
            }
        }
    }
}

/// A server's answer without what names somebody: the address, every other address, long numbers.
fn without_persons(reason: &str, to: &str) -> String {
    let reason = reason.replace(to, "***");
    let words = reason.split_whitespace().map(|word| {
        let digits = word.chars().filter(char::is_ascii_digit).count();
        if word.contains('@') || digits >= 8 {
            "***"
        } else {
            word
        }
    });
    let kept = words.collect::<Vec<_>>().join(" ");
    kept.chars().take(REASON).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_kept_without_addresses_and_numbers() {
        let said = "550 5.1.1 <an@noi.vn>: user an@noi.vn unknown, call 0912345678 or 84912345678";
        assert_eq!(
            without_persons(said, "0912345678"),
            "550 5.1.1 *** user *** unknown, call *** or ***"
        );
        assert_eq!(without_persons(&"x".repeat(999), "a").len(), REASON);
    }
}
