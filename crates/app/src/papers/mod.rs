//! Papers about many dossiers: the register, lists of what is handed over, and slips printed
//! together.

mod batch;
mod handover;
mod register;
#[cfg(test)]
mod tests;

pub use batch::{Printed, print_slips};
pub use handover::handover_list;
pub use register::{
    BookLine, RegisterAsked, RegisterPage, close_book, register_page, register_volume,
};

pub use store::{Book, Entry};

use store::AuditLine;

use crate::access::Actor;
use crate::no::{Fault, No};

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
