//! What the worker does with messages of the outbox. A message may come twice; its effect comes
//! once.

mod compose;
mod letter;
mod paper;
mod record;
mod result;
mod slip;
mod worker;

use domain::dossier::{Event, Outcome};
use domain::ids::DossierId;
use domain::slip::Form;
use serde::{Deserialize, Serialize};
use store::NewMessage;

use crate::notices;

pub(crate) use compose::centre_name;
pub(crate) use letter::letter;
pub use slip::{log_slip_print, slip_content, wait_for_slip};
pub use worker::{run, work_off};

/// A slip to be made, as the outbox carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct IssueSlip {
    dossier: DossierId,
    form: Form,
}

const ISSUE_SLIP: &str = "issue_slip";

/// The messages that events cause: the slips and the notices that the law names, and the document of
/// a result.
pub(crate) fn messages_of(dossier: &DossierId, events: &[Event]) -> Vec<NewMessage> {
    let forms = events.iter().filter_map(form_of);
    let slips = forms.map(|form| message(dossier, form));
    let settled = events
        .iter()
        .filter(|event| matches!(event, Event::Settled { .. }));
    let results = settled.map(|_| result::message(dossier));
    let told = notices::messages(dossier, events);
    slips.chain(results).chain(told).collect()
}

fn message(dossier: &DossierId, form: Form) -> NewMessage {
    let body = IssueSlip {
        dossier: dossier.clone(),
        form,
    };
    let body = serde_json::to_string(&body).expect("a message is plain data");
    NewMessage {
        kind: ISSUE_SLIP,
        body,
    }
}

fn form_of(event: &Event) -> Option<Form> {
    match event {
        Event::Received { .. } => Some(Form::Receipt),
        Event::SupplementRequested { .. } => Some(Form::Supplement),
        Event::Declined { .. } => Some(Form::Refusal),
        Event::HandedOver { .. } => Some(Form::Control),
        Event::Settled { issued, .. } if issued.outcome == Outcome::Refused => Some(Form::Refusal),
        _ => None,
    }
}
