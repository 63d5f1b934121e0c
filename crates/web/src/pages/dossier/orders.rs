//! Orders of forms with more than a reason: a draft of a result, and who takes it.

use app::forms::Typed;
use app::intake::Read;
use app::no::Fault;
use app::processing::{Attached, AttachedRow, Collector, MOST_ATTACHMENTS, Order};
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
        attached: attached(posted),
    })
}

/// Rows of attachments, by the numbers in the names of their fields.
fn attached(posted: &Posted) -> Attached {
    let typed = &posted.typed;
    let sent = posted.uploads.iter();
    let sent = sent.filter_map(|upload| upload.field.strip_prefix("attachment")?.parse().ok());
    let last = sent.chain([MOST_ATTACHMENTS]).max().unwrap_or_default();
    // One number too many is enough to be told so.
    let rows = (1..=last.min(MOST_ATTACHMENTS.saturating_add(1))).map(|number| AttachedRow {
        number,
        title: typed.get(&format!("attachment_title{number}")).to_owned(),
        place: typed
            .get(&format!("attachment_place{number}"))
            .trim()
            .parse()
            .ok(),
        off: typed.get(&format!("attachment_off{number}")) == "yes",
        content: posted.file(&format!("attachment{number}")).to_vec(),
    });
    let told = |row: &AttachedRow| {
        *row != AttachedRow {
            number: row.number,
            ..AttachedRow::default()
        }
    };
    Attached {
        same_document: typed.get("same_document") == "yes",
        rows: rows.filter(told).collect(),
    }
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
