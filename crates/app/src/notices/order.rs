//! Which events order a notice.

use domain::dossier::{Event, Outcome, Receiver};
use domain::ids::DossierId;
use domain::notice::Kind;
use domain::rules::Rule;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use store::NewMessage;

/// Messages of the outbox that order a notice.
pub(crate) const NOTIFY: &str = "notify";

/// A notice to be made, as the outbox carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Notify {
    pub(super) dossier: DossierId,
    /// Name on disk of the event that it tells of; the last such event is meant.
    pub(super) event: String,
}

/// The notices that events order.
pub(crate) fn messages(dossier: &DossierId, events: &[Event]) -> Vec<NewMessage> {
    let telling = events.iter().filter(|event| kind_of(event, None).is_some());
    telling
        .map(|event| {
            let order = Notify {
                dossier: dossier.clone(),
                event: event.kind().to_owned(),
            };
            NewMessage {
                kind: NOTIFY,
                body: serde_json::to_string(&order).expect("a message is plain data"),
            }
        })
        .collect()
}

/// What an event tells the applicant, if anything; `due` is the promised time. What is put into the
/// applicant's own hands needs no notice.
pub fn kind_of(event: &Event, due: Option<DateTime>) -> Option<Kind> {
    match event {
        Event::Received { .. } => Some(Kind::Received),
        Event::SupplementRequested { .. } => Some(Kind::SupplementAsked),
        Event::Declined { .. } => Some(Kind::Declined),
        Event::ObligationNoticed { .. } => Some(Kind::ObligationNoticed),
        Event::Settled { issued, .. } => Some(match issued.outcome {
            Outcome::Refused => Kind::ResultRefused,
            Outcome::Granted if due.is_some_and(|due| issued.at.date() < due.date()) => {
                Kind::ResultEarly
            }
            Outcome::Granted => Kind::ResultReady,
        }),
        Event::Returned { receiver, .. } => match receiver {
            Receiver::Applicant => None,
            Receiver::Authorised { .. } | Receiver::Electronic => Some(Kind::Returned),
            Receiver::Post => Some(Kind::HandedToPost),
        },
        Event::Apologised(_) => Some(Kind::Apology),
        Event::CorrectionOpened { .. } => Some(Kind::Corrected),
        Event::Withdrawn { .. } => Some(Kind::Withdrawn),
        Event::Stopped { rule, .. } if rule == Rule::AnswerPeriod.id() => {
            Some(Kind::ClosedUnanswered)
        }
        Event::Stopped { .. } => Some(Kind::Stopped),
        _ => None,
    }
}
