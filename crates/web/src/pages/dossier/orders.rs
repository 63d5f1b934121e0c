//! Orders of forms with more than a reason: a draft of a result, and who takes it.

use app::forms::Typed;
use app::intake::Read;
use app::no::Fault;
use app::processing::{Attached, Collector, Order};
use domain::dossier::Outcome;

use crate::extract::Posted;

use super::beside;

pub(super) fn drafted(posted: &Posted) -> Result<Order, Vec<Fault>> {
    let typed = &posted.typed;
    let outcome = match typed.get("outcome") {
        "refused" => Outcome::Refused,
        _ => Outcome::Granted,
    };
    // The form is filled with the last day that may be; a refusal has none.
    let last_day = match outcome {
        Outcome::Granted => beside::last_day(typed.get("last_day"))?,
        Outcome::Refused => None,
    };
    Ok(Order::DraftResult {
        outcome,
        last_day,
        summary: typed.get("summary").to_owned(),
        document: posted.file("document").to_vec(),
        attached: Attached::default(),
    })
}

pub(super) fn collector(typed: &Typed) -> Result<Collector, Vec<Fault>> {
    match typed.get("receiver") {
        "authorised" => {
            let mut read = Read::new(typed);
            match read.party("collector_") {
                Some(party) => {
                    let shown = typed.get("shown") == "yes";
                    Ok(Collector::Authorised {
                        party: Box::new(party),
                        shown,
                        card: typed.get("collector_source").to_owned(),
                    })
                }
                None => Err(read.faults()),
            }
        }
        "post" => Ok(Collector::Post),
        "electronic" => Ok(Collector::Electronic),
        _ => Ok(Collector::Applicant),
    }
}
