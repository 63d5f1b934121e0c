//! What proves for ever that the signatures of a document were good (PAdES B-LT). Only the addresses
//! in certificates of our own register are asked, and in those of time stamps that lead to an anchor.

use std::time::Duration;

use app::clock::VIET_NAM;
use app::signing::{Proof, Proofs, SignedBy};
use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::DateTime;

use super::PdfSignatures;
use crate::sign::{Material, Moments, Reach, Revocation, SignFault, add_validation};
use crate::verify::{Evidence, Overall, Trust, stamp_paths, validate};

/// Bytes of the material that one document carries. Long lists are not kept in every result: an
/// authority with such lists has a responder, which may answer later.
const MOST: usize = 512 * 1024;
/// Patience with one answer.
const PATIENCE: Duration = Duration::from_secs(4);
/// How long the proof of one document may take; the worker has others to make.
const LONGEST: Duration = Duration::from_secs(12);
/// How long somebody at a desk waits for it.
const AT_DESK: Duration = Duration::from_secs(5);
/// How long what an authority said is taken for what it says, and that it says nothing: a batch asks
/// once.
const HOLD: Duration = Duration::from_mins(1);

/// Who tells whether certificates that sign are revoked.
pub struct Authorities {
    asks: Revocation,
    trust: Trust,
}

impl Authorities {
    /// How authorities within that reach are asked while results are issued.
    pub fn patiently(reach: Reach) -> Revocation {
        Revocation::new(reach, PATIENCE).remembering(HOLD)
    }

    /// Asks in that way; the anchors complete the chains of certificates.
    pub fn new(asks: Revocation, trust: &Trust) -> Self {
        let trust = trust.clone();
        Self { asks, trust }
    }

    async fn prove(
        &self,
        document: Vec<u8>,
        signed: Vec<SignedBy>,
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>, SignFault> {
        let trust = self.trust.clone();
        let read = move || (stamp_paths(&document, &trust), document);
        let (stamps, document) = beside(read).await?;
        if stamps.is_empty() {
            return Ok(None);
        }
        let mut chains: Vec<_> = stamps.into_iter().map(|path| (path, now)).collect();
        for by in signed {
            chains.push((by.chain, timestamp(by.at)?));
        }
        let mut material = Material::default();
        for (chain, then) in chains {
            let whole = self.whole(chain);
            material.extend(self.asks.gather(&whole, Moments { then, now }).await?);
        }
        if material.ocsps.is_empty() && material.crls.is_empty() {
            return Ok(None);
        }
        if material.bytes() > MOST {
            return Err(SignFault::Later("what proves it is too long".to_owned()));
        }
        let trust = self.trust.clone();
        let proved = beside(move || carrying(&document, &material, (&trust, now)));
        proved.await?.map(Some)
    }

    fn whole(&self, mut chain: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        let anchors = self.trust.anchors.iter().map(|anchor| &anchor.certificate);
        let others: Vec<_> = anchors
            .filter(|one| !chain.contains(one))
            .cloned()
            .collect();
        chain.extend(others);
        chain
    }
}

/// Works on a document where it holds nobody up.
async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, SignFault> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|panic| SignFault::Document(panic.to_string()))
}

/// The document with the material, if it is worth no less than before: what we could not read again
/// never becomes the official one.
fn carrying(
    document: &[u8],
    material: &Material,
    (trust, now): (&Trust, Timestamp),
) -> Result<Vec<u8>, SignFault> {
    let proved = add_validation(document, material)?;
    let judged = |document: &[u8]| validate(document, trust, now, &Evidence::default()).overall;
    match (judged(document), judged(&proved)) {
        (Overall::Signed(before), Overall::Signed(after)) if after <= before => Ok(proved),
        _ => Err(SignFault::Document("its proof would spoil it".to_owned())),
    }
}

fn timestamp(at: DateTime) -> Result<Timestamp, SignFault> {
    let at = VIET_NAM.to_timestamp(at);
    at.map_err(|why| SignFault::Document(why.to_string()))
}

#[async_trait]
impl Proofs for PdfSignatures {
    async fn revoked(&self, by: &SignedBy, now: DateTime) -> Option<DateTime> {
        let authorities = self.0.authorities.as_ref()?;
        let chain = authorities.whole(by.chain.clone());
        let moments = Moments {
            then: timestamp(by.at).ok()?,
            now: timestamp(now).ok()?,
        };
        let asked = authorities.asks.revoked(&chain, moments);
        let since = tokio::time::timeout(AT_DESK, asked).await.ok()??;
        Some(VIET_NAM.to_datetime(since))
    }

    async fn prove(&self, document: Vec<u8>, signed: Vec<SignedBy>, now: DateTime) -> Proof {
        let Some(authorities) = &self.0.authorities else {
            return Proof::None;
        };
        let Ok(now) = timestamp(now) else {
            return Proof::None;
        };
        let proved = authorities.prove(document, signed, now);
        match tokio::time::timeout(LONGEST, proved).await {
            Ok(Ok(Some(proved))) => Proof::Carried(proved),
            // Who cannot be asked is named once, and nobody waits for an answer.
            Ok(Ok(None) | Err(SignFault::Refused(_))) => Proof::None,
            Ok(Err(SignFault::Revoked(since))) => Proof::Revoked(VIET_NAM.to_datetime(since)),
            Ok(Err(fault)) => Proof::Later(fault.to_string()),
            Err(_) => Proof::Later("no answer in time".to_owned()),
        }
    }
}
