//! What the worker does with messages of the outbox. A message may come twice; its effect comes
//! once.

mod asked;
mod compose;
mod copy;
mod decided;
mod digest;
mod handed;
mod lateness;
mod letter;
mod mended;
mod own;
mod paper;
mod payment;
mod post;
mod proof;
mod record;
mod result;
mod slip;
mod way;
mod worker;

use domain::dossier::{Event, Outcome};
use domain::ids::{DossierId, StaffId};
use domain::slip::Form;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::NewMessage;

use crate::no::No;
use crate::notices;
use crate::ports::PortError;

pub use crate::signing::remote::work as work_requests;
pub(crate) use compose::{centre_name, list_heading, staff_name};
pub use lateness::watch_lateness;
pub(crate) use letter::{DraftSaid, issuing_agency, letter, result_kind, to_sign};
pub(crate) use own::{Own, act_alone};
pub(crate) use post::{post_slip, post_slip_number};
pub(crate) use record::SYSTEM;
pub use slip::{log_slip_print, slip_content, wait_for_slip};
pub use way::progress;
pub(crate) use worker::is_hopeless;
pub use worker::{run, work_off};

/// A slip to be made, as the outbox carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct IssueSlip {
    dossier: DossierId,
    form: Form,
    /// The event that asks for it: the same form may be made of the next one.
    version: u32,
}

const ISSUE_SLIP: &str = "issue_slip";

/// The messages that events after version `seen` cause: the slips and the notices that the law names,
/// and the document of a result.
pub(crate) fn messages_of(dossier: &DossierId, seen: u32, events: &[Event]) -> Vec<NewMessage> {
    let numbered = (seen.saturating_add(1)..).zip(events);
    let slips = numbered.flat_map(|(version, event)| {
        let forms = forms_of(event).iter();
        forms.map(move |form| message(dossier, *form, version))
    });
    let results = events.iter().filter_map(|event| match event {
        Event::Settled { .. } => Some(result::message(dossier, None)),
        Event::ResultDigitised(copy) => {
            let keeper = copy.behalf.as_ref().unwrap_or(&copy.by);
            Some(result::message(dossier, Some(keeper)))
        }
        _ => None,
    });
    let told = notices::messages(dossier, seen, events);
    results.chain(slips).chain(told).collect()
}

/// The message that has the document of an issued result made again, under the seal of `by`.
pub(crate) fn seal_anew(dossier: &DossierId, by: &StaffId) -> NewMessage {
    result::message(dossier, Some(by))
}

fn message(dossier: &DossierId, form: Form, version: u32) -> NewMessage {
    let body = IssueSlip {
        dossier: dossier.clone(),
        form,
        version,
    };
    let body = serde_json::to_string(&body).expect("a message is plain data");
    NewMessage {
        kind: ISSUE_SLIP,
        body,
    }
}

/// What a message says.
fn read<T: DeserializeOwned>(body: &str) -> Result<T, No> {
    serde_json::from_str(body).map_err(|fault| hopeless(&format!("the message is none: {fault}")))
}

/// What will not succeed however often it is tried: the message is put aside for a person to see.
pub(crate) fn hopeless(why: &str) -> No {
    No::Broken(Box::new(PortError::Fail(why.to_owned())))
}

/// The papers that the event asks for. The control slip is made when the dossier sets out, when an
/// agency's answer is back, and when its way is at an end.
fn forms_of(event: &Event) -> &'static [Form] {
    match event {
        Event::Received { .. } | Event::LaneAdmitted(_) => &[Form::Receipt],
        // The receipt that the applicant has names a date that no longer holds.
        Event::Repinned(repinned) if repinned.promises_anew() => &[Form::Receipt],
        Event::SupplementRequested { .. } => &[Form::Supplement],
        Event::Declined { .. } => &[Form::Refusal],
        Event::Apologised(_) => &[Form::Apology],
        Event::ObligationNoticed(_) => &[Form::Payment],
        Event::Settled { issued, .. } if issued.outcome == Outcome::Refused => {
            &[Form::Refusal, Form::Control]
        }
        Event::Settled { .. }
        | Event::HandedOver(_)
        | Event::AnswerAcknowledged { .. }
        | Event::ResultAcknowledged(_) => &[Form::Control],
        Event::Returned(_) => &[Form::Collection],
        Event::Withdrawn { .. } | Event::Stopped { .. } => &[Form::Stop],
        Event::Corrected { .. } => &[Form::Mended],
        Event::CopiedToPaper(_) => &[Form::PaperCopy],
        _ => &[],
    }
}

/// Whether the event asks for the form.
fn asks(event: &Event, form: Form) -> bool {
    forms_of(event).contains(&form)
}
