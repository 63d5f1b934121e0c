//! What the worker does with messages of the outbox. A message may come twice; its effect comes
//! once.

mod compose;
mod decided;
mod digest;
mod lateness;
mod letter;
mod paper;
mod record;
mod result;
mod slip;
mod way;
mod worker;

use domain::dossier::{Event, Outcome};
use domain::ids::DossierId;
use domain::slip::Form;
use serde::{Deserialize, Serialize};
use store::NewMessage;

use crate::notices;

pub(crate) use compose::{centre_name, list_heading, staff_name};
pub use lateness::watch_lateness;
pub(crate) use letter::{letter, result_kind};
pub(crate) use own::{Own, act_alone};
pub(crate) use record::SYSTEM;
pub use slip::{log_slip_print, slip_content, wait_for_slip};
pub use way::progress;
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
    let forms = events.iter().flat_map(forms_of).copied();
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

/// The papers that the event asks for. The control slip is made when the dossier sets out, when an
/// agency's answer is back, and when its way is at an end.
fn forms_of(event: &Event) -> &'static [Form] {
    match event {
        Event::Received { .. } => &[Form::Receipt],
        Event::SupplementRequested { .. } => &[Form::Supplement],
        Event::Declined { .. } => &[Form::Refusal],
        Event::HandedOver { .. } | Event::AnswerAcknowledged { .. } => &[Form::Control],
        Event::Apologised(_) => &[Form::Apology],
        Event::Settled { issued, .. } if issued.outcome == Outcome::Refused => {
            &[Form::Refusal, Form::Control]
        }
        Event::Settled { .. } => &[Form::Control],
        Event::Returned { .. } => &[Form::Collection],
        Event::Stopped { order: Some(_), .. } => &[Form::Stop],
        _ => &[],
    }
}

/// Whether the event asks for the form.
fn asks(event: &Event, form: Form) -> bool {
    forms_of(event).contains(&form)
}
