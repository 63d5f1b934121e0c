//! The national public signing gateway: it is given whole documents with the certificate that is to
//! sign them, waits for the person, and hands them back with its own signature at their end.

use std::fmt;
use std::time::Duration;

use app::ports::PortError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::BadService;
use super::account::Asked;
use super::line::{Line, Pass, decoded, list, number, text};
use super::secret::Secret;
use super::trouble::Trouble;

/// Bytes of an answer: documents of a batch, in base64.
const MOST: usize = 256 * 1024 * 1024;
const DONE: [i64; 2] = [200, 0];

/// Our account with the gateway.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GatewayAccount {
    /// Address of the two calls.
    pub(super) url: String,
    token: Secret,
    /// The service behind the gateway that keeps the keys.
    ca_name: String,
}

/// A document for the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToSign {
    /// Its name for the person.
    pub name: String,
    /// The PDF document.
    pub document: Vec<u8>,
}

/// A certificate behind the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayCertificate {
    /// How the gateway names it.
    pub credential: String,
    /// Its serial number as the gateway writes it.
    pub serial: String,
    /// The certificate in DER.
    pub certificate: Vec<u8>,
}

/// The national public signing gateway.
pub struct PublicGateway {
    line: Line,
    account: GatewayAccount,
    patience: Duration,
}

impl fmt::Debug for PublicGateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicGateway").finish_non_exhaustive()
    }
}

impl PublicGateway {
    pub(super) fn open(account: GatewayAccount, asked: &Asked) -> Result<Self, BadService> {
        let base = super::account::address(&account.url)?;
        Ok(Self {
            line: Line::reading(base, asked.patience(), MOST),
            account,
            patience: asked.patience(),
        })
    }

    /// How long one answer may take: the person decides meanwhile.
    pub fn patience(&self) -> Duration {
        self.patience
    }

    async fn ask(&self, path: &str, body: &Value) -> Result<Value, PortError> {
        let pass = Pass::Bearer(&self.account.token);
        let answer = self.line.post(path, pass, body).await?;
        if answer.status == 401 {
            return Err(Trouble::Account.error());
        }
        let code = number(&answer.body, "/status_code");
        let code = code.or_else(|| number(&answer.body, "/data/status_code"));
        match code.ok_or_else(|| Trouble::Broken.error())? {
            code if DONE.contains(&code) => Ok(answer.body),
            code => Err(trouble(code).error()),
        }
    }

    /// The certificates of a person.
    ///
    /// # Errors
    /// [`PortError::Fail`] when the gateway does not know her; reasons are keys of the catalogue.
    pub async fn certificates(&self, user: &str) -> Result<Vec<GatewayCertificate>, PortError> {
        let body = json!({"user_id": user, "ca_name": self.account.ca_name});
        let told = self.ask("/get_certificate", &body).await?;
        let each = list(&told, "/data/user_certificates").iter();
        let each = each.filter_map(|one| {
            Some(GatewayCertificate {
                credential: text(one, "/cert_id").to_owned(),
                serial: text(one, "/serial_number").to_owned(),
                certificate: decoded(text(one, "/cert_data"))?,
            })
        });
        Ok(each.collect())
    }

    /// The signed documents, in the order of the given ones, each with what was given unchanged at its
    /// beginning. Whether the signature is good is for the validator to say.
    ///
    /// # Errors
    /// [`PortError`] with a key of the catalogue.
    pub async fn sign(
        &self,
        user: &str,
        with: &GatewayCertificate,
        reference: &str,
        documents: &[ToSign],
    ) -> Result<Vec<Vec<u8>>, PortError> {
        let files = (1..).zip(documents).map(|(n, one): (u32, _)| {
            json!({
                "doc_id": n.to_string(), "file_name": one.name,
                "file_base64": STANDARD.encode(&one.document),
            })
        });
        let files: Vec<Value> = files.collect();
        let body = json!({
            "user_id": user, "ca_name": self.account.ca_name,
            "cert_data": STANDARD.encode(&with.certificate), "serial_number": with.serial,
            "transaction_id": reference, "sign_files": files,
        });
        let told = self.ask("/sign_file", &body).await?;
        let given = list(&told, "/data/signFiles");
        if given.len() != documents.len() {
            return Err(Trouble::Count.error());
        }
        let each = (1..).zip(documents).map(|(n, one): (u32, _)| {
            let number = n.to_string();
            let found = given.iter().find(|file| text(file, "/doc_id") == number);
            let signed = found.and_then(|file| decoded(text(file, "/file_base64")));
            let signed = signed.ok_or_else(|| Trouble::Count.error())?;
            let grown = signed.len() > one.document.len();
            let kept = grown && signed.starts_with(&one.document);
            kept.then_some(signed)
                .ok_or_else(|| Trouble::Changed.error())
        });
        each.collect()
    }
}

/// The codes are those of the service behind it.
fn trouble(code: i64) -> Trouble {
    let trouble = match code {
        1 => Trouble::Rejected,
        60000 => Trouble::NoCredential,
        60001 => Trouble::Mismatch,
        60002 => Trouble::Broken,
        60003 => Trouble::Unusable,
        61000 | 62000 => Trouble::NotFound,
        62002 => Trouble::Expired,
        63000 => Trouble::Account,
        _ => Trouble::Refused,
    };
    tracing::warn!(code, reason = trouble.key(), "Signing gateway refuses");
    trouble
}
