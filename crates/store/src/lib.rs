//! Appends and reads events and keeps the derived tables, identically on SQLite and PostgreSQL.
//!
//! [`Store`] is the narrow waist: `load` and `append` for dossiers, the outbox, the audit log, and
//! typed queries. This crate must not know rules, permissions or HTTP.

#[macro_use]
mod backend;
mod dialect;
pub mod faults;
mod store;
pub mod time;
mod write;

pub use backend::{BadDatabase, Database};
pub use store::{NotPrepared, Store, StoreError};
