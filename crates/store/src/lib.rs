//! Appends and reads events and keeps the derived tables, identically on SQLite and PostgreSQL.
//!
//! [`Store`] is the narrow waist: `load` and `append` for dossiers, the outbox, the audit log, and
//! typed queries. This crate must not know rules, permissions or HTTP.

mod accounts;
mod alerts;
mod append;
mod audit;
mod backend;
mod backup;
mod bulk;
mod catalogue;
mod certificates;
mod check;
mod deliveries;
mod dialect;
mod digests;
mod drafts;
pub mod faults;
mod files;
mod fold;
mod head;
mod load;
mod looks;
mod notices;
mod numbers;
mod office;
mod once;
mod outbox;
mod parties;
mod post_records;
mod register;
mod rows;
mod seal_keys;
mod sealed;
mod settings;
mod signing;
mod slips;
mod store;
mod texts;
pub mod time;
mod together;
mod validations;
pub mod views;
mod write;

pub use accounts::{
    Account, AccountChange, Failures, Lock, NewAccount, NewSession, SignInChange, SignedIn,
    StandsIn, StepUse, TokenHash,
};
pub use alerts::{
    AlertCounts, AlertFilter, AlertKey, AlertRow, AlertScope, DueLook, Look, NewAlert,
};
pub use append::{AppendError, Appended, Batch, MakeEvents, Meanwhile, NewEvents};
pub use audit::{AuditLine, Audited};
pub use backend::{BadDatabase, Database};
pub use backup::restore;
pub use catalogue::{
    CatalogueCounts, ImportRun, NewProcedure, ProcedureLine, ProcedureSearch, Published, Version,
};
pub use certificates::{CertificateRow, CertificateScope, CertificatesOf, EndedKey, Registered};
pub use check::{Difference, Report};
pub use deliveries::{Attempt, Delivery, DeliveryFilter, DeliveryState, NewDelivery};
pub use digests::{Addressed, Digest, NewDigest};
pub use drafts::{ActDraft, ActDraftKey, DraftLine, DraftSaved, IntakeDraft, NewDraft};
pub use files::{FileDeletion, HeldFiles, Removals};
pub use load::{BadPosition, Loaded, Position, Recorded};
pub use looks::{Noted, StoreLook};
pub use notices::SavedTemplate;
pub use office::{
    Counter, GivenDelegation, JudgeDelegation, NewDelegation, NewPost, NotGiven, ReceptionPoint,
    StaffMember, StaffPost, UnitEnd,
};
pub use once::{BadOnceKey, OnceKey};
pub use outbox::{Kinds, Message, NewMessage};
pub use parties::{KeyedHash, PartyRow};
pub use post_records::{
    NewPostLine, NewPostRecord, PostLine, PostRecordRow, PostSigned, PostSigning,
};
pub use register::{Book, BookAsked, Entry, Stuck};
pub use seal_keys::{PinState, PinTurn, SealPin, StoppedKey, WaitingSeal};
pub use sealed::{SealedColumn, SealedRow};
pub use settings::Setting;
pub use signing::{
    LocalApproval, LocalSigning, LocalState, NewLocalSigning, NewRequestItem, NewSigningBatch,
    NewSigningRequest, RequestEnd, RequestItemRow, RequestState, SigningBatchRow, SigningEnd,
    SigningItemRow, SigningRequestRow, SigningRun, SigningState, ToSignRow,
};
pub use slips::{NewSlip, Slip, SlipKey};
pub use store::{NotPrepared, Store, StoreError};
pub use texts::NewText;
pub use validations::Validation;
pub use views::Names;
