//! Laws of the pure core, over random histories and calendars.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test helper that fails is a failed test"
)]

mod course;
mod deadline;
mod dossier;
mod groups;
mod model;
mod oracle;
#[path = "../../src/dossier/tests/usual.rs"]
mod usual;
#[path = "../../src/dossier/tests/world.rs"]
mod world;
