//! At the counter: a draft that survives everything, the form read, the dossier received.

mod agency;
mod certified;
mod draft;
mod filing;
mod form;
mod looking;
mod lookups;
mod number;
mod post_record;
mod preview;
mod procedures;
mod receive;
mod reuse;
mod scan;
mod submissions;
mod understood;

pub use agency::{AgencyLine, find_agencies};
pub use certified::CERTIFIED;
pub use draft::{
    DraftLine, IntakeDraft, Saving, Scanned, drafts, hand_draft_over, helper_name, load_draft,
    open_draft, open_draft_at, remove_draft, save_draft,
};
pub(crate) use filing::{Recorded, audit_with, person};
pub(crate) use form::LONGEST_WORDS;
pub use form::{Counter, Read, handed_of};
pub use looking::{CONSENT, consented};
pub(crate) use post_record::in_hand;
pub use post_record::{
    HandingOver, PostLine, RecordPage, RecordView, ToHand, make_post_record, post_record_paper,
    post_records, post_slip, sees_post_records, sign_post_record, take_back_post_record,
};
pub use preview::{ComponentRow, Preview, preview, promise};
pub use procedures::{ProcedureLine, find_procedures, not_by_post};
pub use receive::{AtCounter, Ending, Filed, asked, receive, wrongs};
pub use reuse::{Offered, REUSE_NUMBER, offered, offered_to_file, reuse_value};
pub use scan::scan;
pub use submissions::{Submission, submissions};
