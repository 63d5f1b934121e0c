//! How a result is handed out: in the way that was chosen, to somebody who showed who that is, with
//! the papers that were left for comparison.

use crate::dossier::commands::CommandKind;
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::filed::Delivery;
use crate::dossier::handing::{Compared, Handing, ReceiptScanned, ReceiptSigned, Seen};
use crate::dossier::refusal::Refusal;
use crate::dossier::state::{Dossier, Receiver, Record};
use crate::ids::FileHash;

use super::Judged;

impl Dossier {
    /// The receipt that was signed on paper comes on file; a better scan takes the place of an earlier
    /// one. Whoever signed has the result: nothing moves.
    pub(super) fn scan_receipt(&self, scan: Option<&FileHash>, facts: &Facts<'_>) -> Judged {
        match self {
            Self::Returned(record, _) => {
                if record.course.receipt_signed != Some(ReceiptSigned::Paper) {
                    return Err(Refusal::ReceiptNotOnPaper);
                }
                let file = scan.cloned().ok_or(Refusal::ReceiptScanMissing)?;
                Ok(vec![Event::ReceiptScanned(ReceiptScanned {
                    at: facts.now,
                    file,
                })])
            }
            Self::Absent
            | Self::Submitted(_)
            | Self::Incomplete(..)
            | Self::Declined(_)
            | Self::Received(..)
            | Self::Processing(..)
            | Self::Paused(..)
            | Self::Obliged(..)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Settled(..) => Err(self.no_move(CommandKind::ScanReceipt)),
        }
    }
}

/// What is recorded of a result handed out as `told`, if that is lawful.
pub(super) fn handed(
    record: &Record,
    (receiver, told): (&Receiver, &Handing),
) -> Result<Handing, Refusal> {
    let way = way_of(receiver);
    let is_other_way = way.is_some_and(|way| way != record.filed.delivery);
    if is_other_way && told.wish.is_none() {
        return Err(Refusal::OtherDelivery);
    }
    if matches!(receiver, Receiver::Authorised { shown: false, .. }) {
        return Err(Refusal::AuthorisationMissing);
    }
    let comes = way.is_none();
    if comes {
        judge_identity(told.seen.as_ref())?;
    }
    let papers = record.filed.handed.iter();
    let papers = papers.filter(|there| there.handed.is_kept_paper());
    let (given_back, kept): (Vec<u16>, Vec<u16>) = papers
        .map(|there| there.component)
        .partition(|component| told.given_back.contains(component));
    if !kept.is_empty() && told.kept_reason.is_none() {
        return Err(Refusal::PapersKept { missing: kept });
    }
    Ok(Handing {
        seen: told.seen.clone().filter(|_| comes),
        kept_reason: told.kept_reason.clone().filter(|_| !kept.is_empty()),
        wish: told.wish.clone().filter(|_| is_other_way),
        receipt: told.receipt.clone().filter(|_| comes),
        given_back,
        kept,
    })
}

/// The way that must have been chosen; none where somebody comes, which everybody may.
fn way_of(receiver: &Receiver) -> Option<Delivery> {
    match receiver {
        Receiver::Applicant | Receiver::Authorised { .. } => None,
        Receiver::Post => Some(Delivery::Post),
        Receiver::Electronic => Some(Delivery::Electronic),
    }
}

fn judge_identity(seen: Option<&Seen>) -> Result<(), Refusal> {
    match seen.ok_or(Refusal::IdentityUnseen)?.compared {
        Compared::Same | Compared::ByName => Ok(()),
        Compared::Other => Err(Refusal::IdentityOther),
    }
}
