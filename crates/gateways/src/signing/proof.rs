//! What proves for ever that the signatures of a document were good (PAdES B-LT). Only the addresses
//! in certificates of our own register and in those of our time-stamp authority are asked.

use std::time::Duration;

use app::clock::VIET_NAM;
use app::signing::{Proof, Proofs, SignedBy};
use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::DateTime;

use super::PdfSignatures;
use crate::sign::{Material, Moments, Reach, Revocation, SignFault, add_validation};
use crate::verify::{Trust, stamp_certificates};

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
    anchors: Vec<Vec<u8>>,
}

impl Authorities {
    /// How authorities within that reach are asked while results are issued.
    pub fn patiently(reach: Reach) -> Revocation {
        Revocation::new(reach, PATIENCE).remembering(HOLD)
    }

    /// Asks in that way; the anchors complete the chains of certificates.
    pub fn new(asks: Revocation, trust: &Trust) -> Self {
        let anchors = trust.anchors.iter();
        let anchors = anchors.map(|anchor| anchor.certificate.clone()).collect();
        Self { asks, anchors }
    }

    async fn prove(
        &self,
        document: Vec<u8>,
        signed: Vec<SignedBy>,
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>, SignFault> {
        let stamps = stamp_certificates(&document);
        if stamps.is_empty() {
            return Ok(None);
        }
        let mut chains = vec![(stamps, now)];
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
        let proved = tokio::task::spawn_blocking(move || add_validation(&document, &material));
        let proved = proved
            .await
            .map_err(|panic| SignFault::Document(panic.to_string()))?;
        proved.map(Some)
    }

    fn whole(&self, mut chain: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        let others = self.anchors.iter().filter(|one| !chain.contains(one));
        let others: Vec<_> = others.cloned().collect();
        chain.extend(others);
        chain
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
            Ok(Ok(None)) => Proof::None,
            Ok(Err(SignFault::Revoked(since))) => Proof::Revoked(VIET_NAM.to_datetime(since)),
            Ok(Err(fault)) => Proof::Later(fault.to_string()),
            Err(_) => Proof::Later("no answer in time".to_owned()),
        }
    }
}
