//! From reception to the result: one use case for every move, and what is read on the way.

mod act;
mod attached;
mod copies;
mod correct;
mod course;
mod document;
mod draft;
mod drafted;
mod issuing;
mod lane;
mod offered;
mod order;
mod prepare;
mod returned;
mod reviews;
mod scans;
mod search;
mod template;
mod told;
mod track;
mod view;
mod work;

use domain::dossier::{CommandKind, Record, book_of};
use domain::ids::{DossierId, TextId, UnitId};
use jiff::civil::DateTime;
use ring::digest::{Context, SHA256};
use store::{AuditLine, NewText, OnceKey};

use crate::access::{Actor, Permit};
use crate::facts::World;
use crate::state::App;

pub(crate) use act::world_for;
pub use act::{Act, Acted, act};
pub use attached::{Attached, AttachedRow, MOST_ATTACHMENTS};
pub(crate) use correct::corrected as result_corrected;
pub use correct::{Letter, Link, Side};
pub(crate) use course::corrected;
pub use document::{
    Made, OnFile, as_it_stands, attachment_of_result, attachments, document, document_on_file,
    result_document, wait_for_result,
};
pub use draft::{ActDraft, Typing, act_draft, remove_act_draft, save_act_draft};
pub use issuing::Issuing;
pub use order::{Collector, Handout, Order};
pub(crate) use prepare::capped;
pub use scans::{NewScan, ScanPage, attachment_of_reused, component_scan, scan_of, scan_page};
pub(crate) use scans::{read_scans, scanned_with};
pub use search::{Found, question, sealed_question, search};
pub use template::draft_text;
pub(crate) use template::unknown_place;
pub use told::Told;
pub(crate) use told::texts;
pub use track::{Progress, Stage, track};
pub(crate) use view::published_of;
pub use view::{Colleague, DossierPage, dossier_page};
pub(crate) use work::bounds;
pub use work::{Waiting, WorkList, WorkQuery, counts, work};

/// The register that numbers dossiers received by `unit` on the day of `now`.
pub fn dossier_sequence(unit: &UnitId, now: DateTime) -> String {
    format!("dossier:{unit}:{}", now.date())
}

/// The register that numbers results of `unit` in the year of `now`.
pub fn result_sequence(unit: &UnitId, now: DateTime) -> String {
    format!("result:{unit}:{}", now.year())
}

/// The register that numbers the paper which a command makes; none when it makes none with a number.
pub(crate) fn paper_sequence(
    world: &World,
    record: &Record,
    command: CommandKind,
) -> Option<String> {
    let (book, unit) = book_of(command, world.units(record))?;
    Some(book.sequence(unit, world.now.year()))
}

/// A typed text as a reference and its sealed record; nothing when it is empty.
pub(crate) fn text(app: &App, dossier: &DossierId, typed: &str) -> (Option<TextId>, Vec<NewText>) {
    let typed = domain::text::tidy(typed);
    if typed.is_empty() {
        return (None, Vec::new());
    }
    let new = sealed_text(app, dossier, &typed, app.clock().now());
    (Some(new.id.clone()), vec![new])
}

/// A new text of a dossier, sealed.
pub fn sealed_text(app: &App, dossier: &DossierId, words: &str, at: DateTime) -> NewText {
    let id = app.ids().text(at);
    NewText {
        sealed: app.keys().seal(&format!("text:{id}"), &words),
        dossier: dossier.clone(),
        created_at: at,
        id,
    }
}

/// A client's one-time key as the log keeps it: of this person, for this act on this dossier. What
/// somebody else chose, or the program itself, never clashes with it.
pub(crate) fn once(actor: &Actor, act: CommandKind, dossier: &str, key: &OnceKey) -> OnceKey {
    let mut context = Context::new(&SHA256);
    for part in [actor.staff.as_str(), act.as_str(), dossier, key.as_str()] {
        context.update(&part.len().to_be_bytes());
        context.update(part.as_bytes());
    }
    OnceKey::parse(&hex::encode(context.finish())).expect("hexadecimal digits are a key")
}

/// The audit line of an act on a dossier.
pub(crate) fn audit(permit: &Permit, action: &'static str, dossier: &DossierId) -> AuditLine {
    AuditLine {
        actor: permit.by().to_string(),
        action: action.to_owned(),
        subject: dossier.to_string(),
        purpose: permit.right().to_owned(),
        detail: permit
            .for_whom()
            .map_or_else(String::new, |whom| format!("for {whom}")),
    }
}
