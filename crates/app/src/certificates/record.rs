//! What of a certificate is sealed: the certificate itself, whose subject names identity numbers, with
//! those of its issuers, and what a signing service knows its holder by.

use domain::certificate::{Certificate, KeyAt};
use domain::ids::CertificateId;
use domain::party::mask;
use serde::{Deserialize, Serialize};

use crate::keys::{KeyError, Keyring};
use crate::ports::CertificateFacts;

/// Digits in a row from which on a part of a subject is somebody's number.
const FEWEST_DIGITS: usize = 8;

/// What is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Private {
    /// The certificate and those of its issuers, DER in hexadecimal digits, its own first.
    chain: Vec<String>,
    /// What a signing service knows the key or its holder by.
    credential: Option<String>,
}

fn about(id: &CertificateId) -> String {
    format!("certificate:{id}")
}

impl Private {
    pub(super) fn new(chain: &[&CertificateFacts], key: &KeyAt) -> Self {
        let credential = match key {
            KeyAt::Remote { credential, .. } => Some(credential.clone()),
            KeyAt::Token { .. } | KeyAt::LocalToken | KeyAt::Soft => None,
        };
        Self {
            chain: chain.iter().map(|one| hex::encode(&one.content)).collect(),
            credential,
        }
    }

    pub(super) fn seal(&self, keys: &Keyring, id: &CertificateId) -> Vec<u8> {
        keys.seal(&about(id), self)
    }

    pub(super) fn open(
        keys: &Keyring,
        id: &CertificateId,
        sealed: &[u8],
    ) -> Result<Self, KeyError> {
        keys.open(&about(id), sealed)
    }

    /// The certificate and those of its issuers, DER.
    pub(super) fn chain(&self) -> Result<Vec<Vec<u8>>, KeyError> {
        let one = |text: &String| hex::decode(text).map_err(|_| KeyError::Form);
        self.chain.iter().map(one).collect()
    }

    /// The certificate with what a signing service knows its holder by.
    pub(super) fn whole(&self, certificate: &Certificate) -> Certificate {
        let mut whole = certificate.clone();
        if let KeyAt::Remote { credential, .. } = &mut whole.key {
            *credential = self.credential.clone().unwrap_or_default();
        }
        whole
    }

    /// What a signing service knows the holder by, masked; empty for other keys.
    pub(super) fn masked(&self) -> String {
        self.credential.as_deref().map(mask).unwrap_or_default()
    }
}

/// A key without what is sealed of it.
pub(super) fn bare(key: KeyAt) -> KeyAt {
    match key {
        KeyAt::Remote { service, .. } => KeyAt::Remote {
            service,
            credential: String::new(),
        },
        KeyAt::Token { .. } | KeyAt::LocalToken | KeyAt::Soft => key,
    }
}

/// The subject as pages show it: numbers masked.
pub(super) fn subject(facts: &CertificateFacts) -> String {
    let part = |(label, text): &(String, String)| format!("{label}={}", masked(text));
    let parts: Vec<String> = facts.subject.iter().map(part).collect();
    parts.join(", ")
}

/// The text with each long run of digits masked.
pub(super) fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut digits = String::new();
    let flush = |digits: &mut String, out: &mut String| {
        if digits.len() < FEWEST_DIGITS {
            out.push_str(digits);
        } else {
            out.push_str(&mask(digits));
        }
        digits.clear();
    };
    for letter in text.chars() {
        if letter.is_ascii_digit() {
            digits.push(letter);
        } else {
            flush(&mut digits, &mut out);
            out.push(letter);
        }
    }
    flush(&mut digits, &mut out);
    out
}
