//! Who signs at the remote services, and with which key.

use std::io;
use std::sync::Arc;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use x509_cert::Certificate;
use x509_cert::time::Time;

use crate::authority::{Identity, now, other};
use crate::control::Fault;

/// A person with a key at a service.
#[derive(Debug, Clone)]
pub struct Person {
    /// How the service knows her.
    pub user: String,
    /// What unlocks her key.
    pub pin: String,
    /// The code that is sent to her phone.
    pub otp: Option<String>,
    /// Number of the key.
    pub credential: String,
    /// The key.
    pub identity: Arc<Identity>,
    /// How many hashes one approval may be for.
    pub multisign: u32,
    /// Whether an approval is for named hashes alone.
    pub bound: bool,
    /// Whether the key is switched on.
    pub enabled: bool,
}

impl Person {
    /// A person with one key, approved by PIN and for named hashes alone, 20 at most.
    pub fn new(user: &str, credential: &str, identity: Arc<Identity>) -> Self {
        Self {
            user: user.to_owned(),
            pin: "12345678".to_owned(),
            otp: None,
            credential: credential.to_owned(),
            identity,
            multisign: 20,
            bound: true,
            enabled: true,
        }
    }

    /// Certificates in base64: her own first.
    pub(crate) fn chain(&self) -> Vec<String> {
        let chain = self.identity.chain.iter();
        chain.map(|one| STANDARD.encode(one)).collect()
    }

    /// The parts of the certificate that services spell out.
    pub(crate) fn facts(&self) -> io::Result<Facts> {
        let certificate = self.identity.certificate()?;
        Ok(Facts {
            serial: self.identity.serial()?,
            expired: expiry(&certificate) < now(),
            certificate,
        })
    }

    /// `key` of a credential.
    pub(crate) fn key(&self) -> Value {
        let status = if self.enabled { "enabled" } else { "disabled" };
        if self.identity.is_rsa() {
            let algorithms = ["1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11"];
            json!({"status": status, "algo": algorithms, "len": 2048})
        } else {
            let curve = "1.2.840.10045.3.1.7";
            json!({"status": status, "algo": ["1.2.840.10045.4.3.2"], "len": 256, "curve": curve})
        }
    }

    /// `cert` of a credential.
    pub(crate) fn cert(&self) -> io::Result<Value> {
        let facts = self.facts()?;
        let body = &facts.certificate.tbs_certificate;
        Ok(json!({
            "status": if facts.expired { "expired" } else { "valid" },
            "certificates": self.chain(),
            "issuerDN": body.issuer.to_string(),
            "serialNumber": facts.serial,
            "subjectDN": body.subject.to_string(),
            "validFrom": compact(body.validity.not_before),
            "validTo": compact(body.validity.not_after),
        }))
    }
}

/// What a certificate says.
pub(crate) struct Facts {
    pub(crate) certificate: Certificate,
    pub(crate) serial: String,
    pub(crate) expired: bool,
}

fn expiry(certificate: &Certificate) -> SystemTime {
    let until = certificate.tbs_certificate.validity.not_after;
    until.to_system_time()
}

/// `20261122083000Z`.
pub(crate) fn compact(time: Time) -> String {
    time.to_date_time().to_string().replace(['-', ':', 'T'], "")
}

/// Signatures over the digests, spoilt as the fault says.
pub(crate) async fn signatures(
    by: &Identity,
    digests: &[Vec<u8>],
    fault: Option<Fault>,
) -> io::Result<Vec<Vec<u8>>> {
    let mut made = Vec::new();
    for digest in digests {
        made.push(by.sign_digest(digest).await?);
    }
    match fault {
        Some(Fault::Fewer) => {
            made.pop();
        }
        Some(Fault::Swapped) => made.reverse(),
        Some(Fault::Signature) => {
            let last = made.last_mut().ok_or_else(|| other("nothing signed"))?;
            *last = by.sign(b"something else")?;
        }
        _ => {}
    }
    Ok(made)
}

/// Faults of what a service signs.
pub(crate) const OF_SIGNATURES: [Fault; 3] = [Fault::Fewer, Fault::Swapped, Fault::Signature];

/// Base64 as the protocols carry it.
pub(crate) fn in_base64(signatures: &[Vec<u8>]) -> Vec<String> {
    signatures.iter().map(|one| STANDARD.encode(one)).collect()
}

/// Texts of a JSON list as bytes.
pub(crate) fn from_base64(texts: &[String]) -> Option<Vec<Vec<u8>>> {
    texts
        .iter()
        .map(|text| STANDARD.decode(text).ok())
        .collect()
}
