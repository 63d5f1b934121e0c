//! A dossier: its commands, its events, the two functions that join them, and what is derived.
//!
//! `decide` judges a command and answers with events or a [`Refusal`]; `evolve` folds an event into
//! the state. Neither can wait, fail for technical reasons or look anything up: the world comes in
//! as [`Facts`].

mod authority;
mod commands;
mod copies;
mod course;
mod decide;
mod event_names;
mod events;
mod evolve;
mod evolve_course;
mod facts;
mod filed;
mod handing;
mod lateness;
mod numbers;
mod pins;
mod preview;
mod refusal;
mod refusal_key;
mod refusal_rule;
mod request;
mod result;
mod state;
mod state_kind;
mod status;
mod tasks;
mod watch;

pub use commands::{
    Admitting, Apologising, ByPost, Command, CommandKind, Correcting, ObligationNotice, Repinning,
    Stopping,
};
pub use copies::{CopyForm, Digitised, Digitising, PaperCopy};
pub use course::{
    Acknowledged, Admitted, Apology, CorrectionEnd, CorrectionKind, Corrects, Course, HandedOver,
    Linked, Lookup, LookupOutcome, Noticed, Obligation, PostRecord, Proof, Refund, StopGround,
    StopOrder,
};
pub use events::Event;
pub use facts::Facts;
pub use filed::{Delivery, Filed, Handed, HandedAs, Help, Mandate, Payment, Scan, ScanMade};
pub use handing::{Compared, Handing, ReceiptScanned, ReceiptSigned, Returned, Seen, SeenBy};
pub use lateness::{Escalation, Used, Warning};
pub use numbers::{Book, book_of};
pub use pins::{FirstPromise, Pins, Promise, Repinned, Resumed};
pub use preview::{NewLimit, Preview};
pub use refusal::Refusal;
pub use request::{Approval, Asking, Correction, Discarded, Request, SupplementDraft};
pub use result::{Attachment, Draft, File, Issued, Outcome, Signature};
pub use state::{AtStep, Dossier, Receiver, Record};
pub use state_kind::StateKind;
pub use status::NationalStatus;
pub use tasks::{
    Answer, Answering, Lapsed, NewTask, SentTask, Task, TaskAct, TaskKind, TaskOrder, TaskState,
    TasksSent,
};
pub use watch::{Watch, Watched};

#[cfg(test)]
mod tests;
