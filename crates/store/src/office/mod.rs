//! The organisation: agencies as a tree, where people are received, and who works in which post,
//! and who stands in for whom.
//!
//! This module must not know what a role may do.

mod delegations;
mod points;
mod posts;
mod units;

pub use delegations::{GivenDelegation, JudgeDelegation, NewDelegation, NotGiven};
pub use points::{Counter, ReceptionPoint};
pub use posts::{NewPost, StaffMember, StaffPost};
pub use units::UnitEnd;
