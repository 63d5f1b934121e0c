//! What the worker does with messages of the outbox. A message may come twice; its effect comes
//! once.

mod compose;
mod paper;
mod slip;
mod worker;

use domain::dossier::{Event, Outcome};
use domain::ids::DossierId;
use domain::slip::Form;
use serde::{Deserialize, Serialize};
use store::NewMessage;

pub(crate) use slip::letter;
pub use slip::{log_slip_print, slip_content, wait_for_slip};
pub use worker::{run, work_off};

/// A slip to be made, as the outbox carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct IssueSlip {
    dossier: DossierId,
    form: Form,
}

const ISSUE_SLIP: &str = "issue_slip";

/// The messages that events cause: the slips that the law names.
pub(crate) fn messages_of(dossier: &DossierId, events: &[Event]) -> Vec<NewMessage> {
    let forms = events.iter().filter_map(form_of);
    forms.map(|form| message(dossier, form)).collect()
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
