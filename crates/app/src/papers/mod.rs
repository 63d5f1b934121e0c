//! Papers about many dossiers: the register, lists of what is handed over, and slips printed
//! together.

mod batch;
mod close;
mod handover;
mod register;
#[cfg(test)]
mod tests;

pub use batch::{Printed, print_slips};
pub use close::close_book;
pub(crate) use close::{KEEP_VOLUME, keep_volume};
pub use handover::handover_list;
pub(crate) use handover::{JointRecord, post_list};
pub use register::{
    BookLine, RegisterAsked, RegisterPage, register_page, register_volume, volume_of,
};

pub use store::{Book, Entry, Stuck};

use domain::ids::PartyId;
use domain::party::{Party, PartyKind};
use store::AuditLine;

use crate::access::Actor;
use crate::no::{Denied, Fault, No};
use crate::people::party;
use crate::state::App;
use crate::words::{self, Language};

/// The most dossiers of one print.
pub const MOST: usize = 100;

/// What was printed, in the log.
fn printed(actor: &Actor, action: &str, subject: &str, detail: String) -> AuditLine {
    AuditLine {
        actor: actor.staff.to_string(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        purpose: "print".to_owned(),
        detail,
    }
}

/// A person as a paper about many dossiers names her. Her data may be erased while the dossier and its
/// number stay; then the paper says so.
async fn person(app: &App, id: &PartyId) -> Result<Party, No> {
    let found = match party(app, id).await {
        Err(No::Denied(Denied::Unseen)) => None,
        found => Some(found?),
    };
    let erased = || words::t(Language::Vi, "party.erased").to_owned();
    Ok(match found {
        Some(party) if party.name.is_empty() => Party {
            name: erased(),
            ..party
        },
        Some(party) => party,
        None => Party {
            kind: PartyKind::Citizen,
            name: erased(),
            number: None,
            birth: None,
            sex: None,
            address: String::new(),
            phone: None,
            email: None,
        },
    })
}

/// Somebody chose nothing, or too much.
fn counted(chosen: usize) -> Result<(), No> {
    let fault = |key| {
        Err(No::Invalid(vec![
            Fault::new("ho-so", key).with("most", &MOST),
        ]))
    };
    match chosen {
        0 => fault("fault.print_none"),
        n if n > MOST => fault("fault.print_many"),
        _ => Ok(()),
    }
}
