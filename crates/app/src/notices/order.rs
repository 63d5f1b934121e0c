//! Which events order a notice.

use domain::dossier::{Dossier, Event, HandedOver, Outcome, Receiver};
use domain::ids::DossierId;
use domain::notice::Kind;
use domain::procedure::Channel;
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
    /// The number in the dossier of the event that it tells of: two of one kind are told both.
    pub(super) version: u32,
}

/// The notices that events after version `seen` order.
pub(crate) fn messages(dossier: &DossierId, seen: u32, events: &[Event]) -> Vec<NewMessage> {
    let numbered = (seen.saturating_add(1)..).zip(events);
    let telling = numbered.filter(|(_, event)| may_tell(event));
    telling
        .map(|(version, _)| {
            let order = Notify {
                dossier: dossier.clone(),
                version,
            };
            NewMessage {
                kind: NOTIFY,
                body: serde_json::to_string(&order).expect("a message is plain data"),
            }
        })
        .collect()
}

/// Whether the event may tell something, for all that it says itself.
fn may_tell(event: &Event) -> bool {
    match event {
        Event::ResultAcknowledged(_) => true,
        // The same document, with the proof of its signatures after it.
        Event::ResultMade { completes, .. } => completes.is_none(),
        event => kind_of(event, None).is_some(),
    }
}

/// What an event tells the applicant, if anything; `dossier` is as the event left it, none while it is
/// not at hand: then everything that may be told. What is put into the applicant's own hands needs no
/// notice. A result is ready when it can be handed out: when the agency sealed it, and where another
/// agency decided, when the centre has it too.
pub fn kind_of(event: &Event, dossier: Option<&Dossier>) -> Option<Kind> {
    let record = dossier.and_then(Dossier::record);
    match event {
        Event::Submitted {
            filed,
            answer_by: Some(_),
            ..
        } => (filed.channel == Channel::Online).then_some(Kind::Filed),
        Event::Received { .. } => Some(Kind::Received),
        Event::SupplementRequested { .. } => Some(Kind::SupplementAsked),
        Event::Declined { .. } => Some(Kind::Declined),
        Event::HandedOver(HandedOver { to, .. }) => record
            .is_none_or(|record| record.filed.receiving != *to)
            .then_some(Kind::Transferred),
        Event::ObligationNoticed(_) => Some(Kind::ObligationNoticed),
        Event::ResultAcknowledged(_)
        | Event::ResultMade {
            completes: None, ..
        } => ready(event.at(), dossier?),
        Event::Returned(returned) => match returned.receiver {
            Receiver::Applicant => None,
            Receiver::Authorised { .. } | Receiver::Electronic => Some(Kind::Returned),
            Receiver::Post => Some(Kind::HandedToPost),
        },
        Event::Apologised(_) => Some(Kind::Apology),
        Event::Repinned(repinned) if repinned.promises_anew() => Some(Kind::DateMoved),
        Event::LaneAdmitted(_) => Some(Kind::DateMoved),
        Event::CorrectionOpened { .. } => Some(Kind::Corrected),
        Event::Withdrawn { .. } => Some(Kind::Withdrawn),
        Event::Stopped { rule, .. } if rule == Rule::AnswerPeriod.id() => {
            Some(Kind::ClosedUnanswered)
        }
        Event::Stopped { .. } => Some(Kind::Stopped),
        _ => None,
    }
}

/// How a result is told of that can be handed out since `at`; none while it cannot, or was.
fn ready(at: DateTime, dossier: &Dossier) -> Option<Kind> {
    let Dossier::Settled(record, _, issued) = dossier else {
        return None;
    };
    let away = record.goes_between() && record.course.result_back.is_none();
    if away || issued.official.is_none() {
        return None;
    }
    let due = record.published_due();
    Some(match issued.outcome {
        Outcome::Refused => Kind::ResultRefused,
        Outcome::Granted if due.is_some_and(|due| at.date() < due.date()) => Kind::ResultEarly,
        Outcome::Granted => Kind::ResultReady,
    })
}
