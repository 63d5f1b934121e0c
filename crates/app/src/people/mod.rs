//! People: staff who sign in, and the records of those who apply.

mod accounts;
mod parties;
mod password;
mod sign_in;
#[cfg(test)]
pub(crate) mod testing;

pub use accounts::{NewStaff, enrol, totp_address, totp_now};
pub use parties::{Known, PartyView, known, party_row, party_view};
pub(crate) use parties::{number_hash, opened, party};
pub use sign_in::{
    Credentials, LONGEST_PASSWORD, NotSignedIn, Opened, SESSION_HOURS, Session, session,
    set_language, sign_in, sign_out,
};
