//! What proves for ever that the signatures of a result were good: the authorities say it while they
//! still can, and the document keeps it.

use async_trait::async_trait;
use domain::dossier::{Event, Signature};
use domain::ids::CertificateId;
use domain::rules::Rule;
use jiff::civil::DateTime;
use store::Loaded;

use crate::certificates::{Signer, chain_of};
use crate::no::{Fault, No};
use crate::state::App;
use crate::words::short_moment;

/// With which certificates was signed, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedBy {
    /// The certificate and those of its issuers, DER, its own first.
    pub chain: Vec<Vec<u8>>,
    /// When, local time of Viet Nam.
    pub at: DateTime,
}

/// What became of a document that is to carry its proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// The document with it: what was there stays byte for byte.
    Carried(Vec<u8>),
    /// There is none: no time stamp says when it was signed, no certificate says who tells, or who does
    /// cannot be asked.
    None,
    /// Who tells does not answer; it may do so later.
    Later(String),
    /// A certificate was revoked when it signed: since then.
    Revoked(DateTime),
}

/// Asks the authorities of certificates about revocation. They are asked at the addresses in
/// certificates of the register and of time-stamp authorities in the trust list, never in a stranger's.
#[async_trait]
pub trait Proofs: Send + Sync {
    /// Since when one of these certificates is revoked, if it was when it signed; none also where
    /// nobody answers.
    async fn revoked(&self, by: &SignedBy, now: DateTime) -> Option<DateTime>;

    /// Lets the document carry what the authorities say now of who signed it.
    async fn prove(&self, document: Vec<u8>, signed: Vec<SignedBy>, now: DateTime) -> Proof;
}

/// Nothing is signed with a certificate that its issuer has revoked.
///
/// # Errors
/// [`No::Invalid`] with the rule in words.
pub(super) async fn not_revoked(app: &App, signer: &Signer) -> Result<(), No> {
    let now = app.clock().now();
    let by = SignedBy {
        chain: signer.chain.clone(),
        at: now,
    };
    match app.signatures().revoked(&by, now).await {
        None => Ok(()),
        Some(since) => Err(No::Invalid(vec![
            Fault::new("certificate", "certificate.no.revoked")
                .with("since", &short_moment(since))
                .with("rule", &Rule::CertificateValid),
        ])),
    }
}

/// Nothing is sealed that was signed with a certificate that had been revoked.
///
/// # Errors
/// [`No::Invalid`] in words; [`No::Broken`].
pub(super) async fn signed_rightly(app: &App, signed: &Signature) -> Result<(), No> {
    let Some(by) = signed_by(app, &signed.certificate, signed.at).await? else {
        return Ok(());
    };
    match app.signatures().revoked(&by, app.clock().now()).await {
        None => Ok(()),
        Some(since) => Err(No::Invalid(vec![
            Fault::new("certificate", "fault.signer_revoked").with("since", &short_moment(since)),
        ])),
    }
}

/// The signature of the person under what was issued.
pub(crate) fn signature_of(loaded: &Loaded) -> Option<&Signature> {
    let document = &loaded.dossier.issued()?.document;
    loaded.events.iter().find_map(|one| match &one.event {
        Event::ResultSigned(signed) if signed.file == *document => Some(signed),
        _ => None,
    })
}

/// Lets the sealed document of an issued result carry its proof. One whose signers are not in the
/// register has none.
///
/// # Errors
/// [`No::Broken`].
pub(crate) async fn prove(
    app: &App,
    loaded: &Loaded,
    document: Vec<u8>,
    sealed: (&CertificateId, DateTime),
) -> Result<Proof, No> {
    let person = signature_of(loaded).map(|signed| (&signed.certificate, signed.at));
    let mut signed = Vec::new();
    for (id, at) in person.into_iter().chain([sealed]) {
        match signed_by(app, id, at).await? {
            Some(by) => signed.push(by),
            None => return Ok(Proof::None),
        }
    }
    let now = app.clock().now();
    Ok(app.signatures().prove(document, signed, now).await)
}

/// Lets a document carry its proof that the agency alone sealed.
///
/// # Errors
/// [`No::Broken`].
pub(crate) async fn prove_seal(
    app: &App,
    document: Vec<u8>,
    (seal, at): (&CertificateId, DateTime),
) -> Result<Proof, No> {
    let Some(by) = signed_by(app, seal, at).await? else {
        return Ok(Proof::None);
    };
    let now = app.clock().now();
    Ok(app.signatures().prove(document, vec![by], now).await)
}

async fn signed_by(app: &App, id: &CertificateId, at: DateTime) -> Result<Option<SignedBy>, No> {
    let chain = chain_of(app, id).await?;
    Ok(chain.map(|chain| SignedBy { chain, at }))
}
