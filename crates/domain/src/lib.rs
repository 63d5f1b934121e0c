//! The law as values and pure functions.
//!
//! | noun | Vietnamese | module |
//! |---|---|---|
//! | dossier | hồ sơ | [`dossier`] |
//! | procedure | thủ tục hành chính | [`procedure`] |
//! | internal process | quy trình nội bộ | [`process`] |
//! | deadline, limit | hạn, thời hạn | [`deadline`] |
//! | regardless of boundaries | không phụ thuộc địa giới hành chính | [`boundaries`] |
//! | calendar | lịch làm việc | [`calendar`] |
//! | party | người nộp, chủ hồ sơ | [`party`] |
//! | unit, post, role | đơn vị, vị trí, vai trò | [`office`] |
//! | delegation | ủy quyền, người thay | [`delegation`] |
//! | certificate | chứng thư chữ ký số | [`certificate`] |
//! | notice | thông báo | [`notice`] |
//! | retention of files | thời hạn bảo quản | [`retention`] |
//! | document of the store in place of a paper | sử dụng lại | [`reuse`] |
//! | rule | quy tắc | [`rules`] |
//! | parameter of a rule | tham số | [`parameters`] |
//! | slip | phiếu | [`slip`] |
//!
//! This crate must not know what time it is, who asks, or where anything is stored.

#![deny(
    missing_docs,
    clippy::float_arithmetic,
    clippy::wildcard_enum_match_arm
)]

/// The name that the integration tests have for this crate: unit tests and laws share one world.
#[cfg(test)]
extern crate self as domain;

pub mod boundaries;
pub mod calendar;
pub mod certificate;
pub mod deadline;
pub mod delegation;
pub mod dossier;
pub mod ids;
pub mod money;
pub mod notice;
pub mod office;
pub mod parameters;
pub mod party;
pub mod procedure;
pub mod process;
pub mod retention;
pub mod reuse;
pub mod rules;
pub mod slip;
pub mod text;
