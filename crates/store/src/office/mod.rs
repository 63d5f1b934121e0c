//! The organisation: agencies as a tree, where people are received, and who works in which post.
//!
//! This module must not know what a role may do.

mod points;
mod posts;
mod units;

pub use points::{Counter, ReceptionPoint};
pub use posts::{NewPost, StaffMember, StaffPost};
