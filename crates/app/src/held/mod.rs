//! The electronic store of documents of a person or organisation: results that were granted, with
//! number, day, agency and what became of them. Nobody browses people here: it is read at an intake for
//! the one who stands there, and from a dossier for its own applicant; every reading is logged.

mod attached;
mod documents;
mod unsealed;

#[cfg(test)]
mod attached_tests;
#[cfg(test)]
mod copies_tests;
#[cfg(test)]
mod looking_tests;
#[cfg(test)]
mod offers_tests;
#[cfg(test)]
mod returned_tests;
#[cfg(test)]
mod reuse_tests;
#[cfg(test)]
mod tests;

pub use documents::{Held, HeldPage, Listed, StandIns, held_page};
pub(crate) use documents::{one_of, stand_ins};
pub use store::views::{Key as UnsealedKey, Standing};
pub use unsealed::{
    SealOrder, Unsealed, UnsealedPage, UnsealedUnit, seal_anew, sees_unsealed, unsealed,
    unsealed_count,
};
