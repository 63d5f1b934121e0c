//! What validation says. Every kind is vocabulary; its words stand in the message catalogue.

use jiff::Timestamp;

use super::trust::Root;
use crate::pdf::Refused;

/// What is known of a signed document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The worst conclusion about any signature, or why there is none.
    pub overall: Overall,
    /// In the order in which they were made.
    pub signatures: Vec<Signature>,
    /// How often the document was saved.
    pub revisions: usize,
}

/// The document in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overall {
    /// Nobody has signed.
    NotSigned,
    /// It cannot be read safely, so nothing can be said about its signatures.
    Unreadable(Refused),
    /// It is signed, and this is the conclusion.
    Signed(Conclusion),
}

/// One signature in one word, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Conclusion {
    Valid,
    /// Valid, except that nobody said whether a certificate was revoked.
    RevocationUnknown,
    Indeterminate(Doubt),
    /// A certificate had been revoked.
    Revoked,
    /// The document was changed after this signature in a way that it does not permit.
    Changed,
    Broken(Fault),
}

/// Why a sound signature is not enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// SHA-1.
    WeakAlgorithm,
    /// Its own time stamp proves nothing.
    TimeStamp,
    /// We cannot calculate with its algorithm.
    UnsupportedAlgorithm,
    /// Its certificate had expired at the proven time, or now when no time is proven.
    Expired,
    NotYetValid,
    /// Its certificate is not for signing.
    WrongUsage,
    /// No path leads to an anchor of the trust list.
    Untrusted,
}

/// Why a signature is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The bytes it claims are not those around itself up to the end of its revision.
    Coverage,
    /// Its message cannot be read.
    Message,
    /// The certificate it names is not the one that signed.
    SigningCertificate,
    /// Its calculation is wrong.
    Signature,
    /// The document is not the one that was signed.
    Digest,
}

/// One signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each answers a question of its own"
)]
pub struct Signature {
    /// The full name of its form field.
    pub field: String,
    pub kind: Kind,
    /// Who signed, when the message could be read.
    pub signer: Option<Holder>,
    /// When the signer says it was.
    pub claimed: Option<Timestamp>,
    /// The time stamp in the message.
    pub stamp: Option<Stamp>,
    /// The earliest time before which a trusted time stamp proves that it existed.
    pub proven: Option<Timestamp>,
    pub coverage: Coverage,
    /// What was done to the document after it.
    pub changes: Changes,
    /// Whether what was done is what it permits.
    pub permitted: bool,
    /// The digest of the document agrees.
    pub intact: bool,
    /// The signature agrees with the key.
    pub genuine: bool,
    /// It rests on SHA-1.
    pub weak: bool,
    pub chain: Chain,
    pub revocation: Revocation,
    pub profile: Profile,
    pub conclusion: Conclusion,
}

/// What a signature is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Approval,
    /// By the author, who says what may be changed afterwards.
    Certification(Permission),
    /// Proves the time of everything before it.
    DocumentTimeStamp,
}

/// What may be changed after a certification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    Nothing,
    /// Fields may be filled and signatures added.
    Forms,
    /// Annotations may be added, too; we report those as suspicious all the same.
    Annotations,
}

/// A certificate and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The distinguished name as RFC 4514 writes it.
    pub subject: String,
    pub common_name: Option<String>,
    pub issuer: String,
    /// Hexadecimal, without separators.
    pub serial: String,
    pub not_before: Timestamp,
    pub not_after: Timestamp,
    /// The certificate itself, DER.
    pub certificate: Vec<u8>,
}

/// A time stamp and what it is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    pub time: Timestamp,
    pub authority: Option<Holder>,
    pub conclusion: Conclusion,
}

/// Which bytes a signature covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// The file to its end.
    WholeFile,
    /// The file as it was saved then.
    WholeRevision,
    /// Something else, which proves nothing.
    Unclear,
}

/// What was done after a signature, the gravest of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Changes {
    None,
    /// Material for validation, time stamps, metadata.
    Archival,
    /// Fields filled, signatures added.
    Forms,
    /// Anything else: pages, annotations, structure.
    Suspicious,
}

/// Where the path of a certificate leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chain {
    Trusted { anchor: String, root: Root },
    Doubtful(Doubt),
}

/// Whether certificates of the path had been revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    Good,
    Revoked(Timestamp),
    /// Nothing that we have says so.
    Unknown,
}

/// How much a signature brings with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    /// Older than PAdES, or without what binds the certificate to it.
    Legacy,
    BaselineB,
    /// With a time stamp.
    BaselineT,
    /// With a time stamp and what shows that nothing was revoked.
    BaselineLt,
}

impl Overall {
    /// The key of its words.
    pub fn key(self) -> &'static str {
        match self {
            Self::NotSigned => "signature.none",
            Self::Unreadable(refused) => refused.key(),
            Self::Signed(conclusion) => conclusion.key(),
        }
    }
}

impl Conclusion {
    /// The key of its words.
    pub fn key(self) -> &'static str {
        match self {
            Self::Valid => "signature.valid",
            Self::RevocationUnknown => "signature.revocation-unknown",
            Self::Indeterminate(Doubt::WeakAlgorithm) => "signature.doubt.weak-algorithm",
            Self::Indeterminate(Doubt::UnsupportedAlgorithm) => "signature.doubt.unsupported",
            Self::Indeterminate(Doubt::TimeStamp) => "signature.doubt.time-stamp",
            Self::Indeterminate(Doubt::Expired) => "signature.doubt.expired",
            Self::Indeterminate(Doubt::NotYetValid) => "signature.doubt.not-yet-valid",
            Self::Indeterminate(Doubt::WrongUsage) => "signature.doubt.wrong-usage",
            Self::Indeterminate(Doubt::Untrusted) => "signature.doubt.untrusted",
            Self::Revoked => "signature.revoked",
            Self::Changed => "signature.changed",
            Self::Broken(Fault::Coverage) => "signature.broken.coverage",
            Self::Broken(Fault::Message) => "signature.broken.message",
            Self::Broken(Fault::SigningCertificate) => "signature.broken.signing-certificate",
            Self::Broken(Fault::Signature) => "signature.broken.signature",
            Self::Broken(Fault::Digest) => "signature.broken.digest",
        }
    }
}
