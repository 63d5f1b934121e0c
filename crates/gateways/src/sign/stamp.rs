//! Time stamps from an authority, over HTTP (RFC 3161, section 3.4).

use std::time::Duration;

use const_oid::ObjectIdentifier;
use ring::rand::{SecureRandom as _, SystemRandom};

use super::cms::sha256;
use super::fault::SignFault;
use super::fetch::{Fetcher, Question, later, refused};
use super::tsp::Asked;

/// Bytes of an answer that are read.
const MOST: usize = 64 * 1024;

/// A time-stamp authority.
pub struct TimeStamps {
    fetcher: Fetcher,
    uri: String,
    policy: Option<ObjectIdentifier>,
    credentials: Option<String>,
}

impl TimeStamps {
    /// The authority at that address, which gives up after `patience`.
    pub fn new(uri: &str, patience: Duration) -> Self {
        Self {
            fetcher: Fetcher::new(patience),
            uri: uri.to_owned(),
            policy: None,
            credentials: None,
        }
    }

    /// Wants stamps under this policy, an object identifier such as `1.2.3.4.1`.
    pub fn under(mut self, policy: &str) -> Result<Self, SignFault> {
        let policy = ObjectIdentifier::new(policy).map_err(|_| refused("no policy"))?;
        self.policy = Some(policy);
        Ok(self)
    }

    /// Says who asks: the value of the header `Authorization`.
    pub fn authorised(mut self, credentials: &str) -> Self {
        self.credentials = Some(credentials.to_owned());
        self
    }

    /// The token, in DER, of a signature as its key made it.
    pub async fn stamp(&self, signature: &[u8]) -> Result<Vec<u8>, SignFault> {
        self.stamp_digest(sha256(signature)).await
    }

    /// The token, in DER, of something with that SHA-256.
    pub async fn stamp_digest(&self, digest: [u8; 32]) -> Result<Vec<u8>, SignFault> {
        let mut nonce = [0; 8];
        let filled = SystemRandom::new().fill(&mut nonce);
        filled.map_err(|_| later("no randomness"))?;
        let asked = Asked {
            digest,
            nonce,
            policy: self.policy,
        };
        let question = Question {
            uri: &self.uri,
            body: Some(("application/timestamp-query", asked.to_der()?)),
            credentials: self.credentials.as_deref(),
            most: MOST,
        };
        asked.token(&self.fetcher.ask(question).await?)
    }
}
