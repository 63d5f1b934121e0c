//! What administrators do about the staff of their units: accounts and posts. They see no dossiers,
//! and do none of it to themselves.

mod locks;
mod posts;
#[cfg(test)]
mod tests;
mod view;

pub use locks::{lock_account, reset_totp, unlock_account};
pub use posts::{end_post, give_post};
pub use view::{
    AccountState, PastLine, PostLine, StaffLine, StaffList, StaffPage, staff_list, staff_page,
};
