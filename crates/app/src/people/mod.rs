//! People: staff who sign in, and the records of those who apply.

mod absent;
mod accounts;
mod own_account;
mod parties;
mod password;
mod sign_in;
mod staff;
#[cfg(test)]
pub(crate) mod testing;

pub(crate) use absent::absent_actor;
pub use accounts::{NewStaff, enrol, set_email, totp_address, totp_now};
pub use own_account::{
    OwnAccount, PasswordChange, TotpOffer, TotpProof, change_password, enrol_totp, offer_totp,
    offered_totp, own_account,
};
pub use parties::{Known, PartyView, known, party_row, party_view};
pub(crate) use parties::{number_hash, opened, party, party_keys};
pub use password::SHORTEST_PASSWORD;
pub use sign_in::{
    Credentials, LONGEST_PASSWORD, NotSignedIn, Opened, SESSION_HOURS, Session, session,
    set_language, sign_in, sign_out,
};
pub(crate) use sign_in::{actor_of, token_hash};
pub use staff::{
    AccountState, PastLine, PostLine, StaffLine, StaffList, StaffPage, end_post, give_post,
    lock_account, reset_totp, staff_list, staff_page, unlock_account,
};
