//! VNPT SmartCA, version 1: a request is taken, the person approves it in the phone's app, and we ask
//! for it until she has.

use std::fmt;

use app::ports::PortError;
use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};

use super::account::Asked;
use super::line::{Line, Pass, decoded, list, number, text};
use super::port::{
    Approval, Asks, Begun, Named, Polling, Progress, RemoteCertificate, RemoteSigning, Request,
};
use super::secret::Secret;
use super::trouble::Trouble;
use super::{BadService, check};

/// Documents in one request.
const MOST: usize = 100;
const DONE: [i64; 2] = [200, 0];
const REJECTED: i64 = 1;
const EXPIRED: i64 = 62002;

/// Our account with the service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SmartCaAccount {
    /// Address up to and with `/sca/sp769/v1`.
    #[serde(default = "production")]
    pub(super) url: String,
    sp_id: String,
    sp_password: Secret,
    /// Codes by which the service says that it has the request already.
    #[serde(default = "repeated")]
    repeated: Vec<i64>,
}

fn production() -> String {
    "https://gwsca.vnpt.vn/sca/sp769/v1".to_owned()
}

/// The published table has the number and no words for it; the contract may name another.
fn repeated() -> Vec<i64> {
    vec![62001]
}

/// VNPT SmartCA.
pub struct SmartCa {
    line: Line,
    account: SmartCaAccount,
    asked: Asked,
}

impl fmt::Debug for SmartCa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmartCa").finish_non_exhaustive()
    }
}

/// What was answered: the code, the words, the data.
struct Said {
    code: i64,
    words: String,
    data: Value,
}

impl SmartCa {
    pub(super) fn open(account: SmartCaAccount, asked: Asked) -> Result<Self, BadService> {
        Ok(Self {
            line: Line::new(super::account::address(&account.url)?, asked.patience()),
            account,
            asked,
        })
    }

    async fn ask(&self, path: &str, body: &Value) -> Result<Said, PortError> {
        let answer = self.line.post(path, Pass::None, body).await?;
        let code = number(&answer.body, "/status_code");
        // Refusals of the gateway before the service have a status and no code.
        let code = code.or((answer.status >= 400).then_some(63000));
        Ok(Said {
            code: code.ok_or_else(|| Trouble::Broken.error())?,
            words: text(&answer.body, "/message").to_uppercase(),
            data: answer.body.get("data").cloned().unwrap_or_default(),
        })
    }

    fn trouble(&self, code: i64) -> PortError {
        let trouble = match code {
            code if self.account.repeated.contains(&code) => Trouble::Repeated,
            REJECTED => Trouble::Rejected,
            60000 => Trouble::NoCredential,
            60001 => Trouble::Mismatch,
            // No result yet: the service has lost its own thread for a moment.
            60002 => Trouble::Broken,
            60003 => Trouble::Unusable,
            61000 | 62000 => Trouble::NotFound,
            EXPIRED => Trouble::Expired,
            63000 => Trouble::Account,
            _ => Trouble::Refused,
        };
        tracing::warn!(code, reason = trouble.key(), "Signing service refuses");
        trouble.error()
    }

    /// The signatures of an answer, by the names of their documents.
    fn signatures(request: &Request, data: &Value) -> Result<Progress, PortError> {
        let given = list(data, "/signatures");
        if given.len() != request.documents.len() {
            return Err(Trouble::Count.error());
        }
        let names = (0..)
            .zip(&request.documents)
            .map(|(n, one)| numbered(n, one));
        let each = names.map(|name| {
            let found = given.iter().find(|one| text(one, "/doc_id") == name);
            decoded(text(found?, "/signature_value"))
        });
        let each: Option<Vec<_>> = each.collect();
        let each = each.ok_or_else(|| Trouble::Count.error())?;
        check::signatures(request, each).map(Progress::Signed)
    }
}

/// What a document is called, so that no two are called alike.
fn numbered(n: usize, document: &Named) -> String {
    format!("{}. {}", n.saturating_add(1), document.name)
}

/// A key as the service describes it.
fn certificate(told: &Value) -> Option<RemoteCertificate> {
    let own = decoded(text(told, "/cert_data"))?;
    let algorithm = check::algorithm(&own)?;
    let above = ["/chain_data/ca_cert", "/chain_data/root_cert"];
    let above = above.iter().filter_map(|part| decoded(text(told, part)));
    let above = above.filter(|one| !one.is_empty());
    Some(RemoteCertificate {
        credential: text(told, "/cert_id").to_owned(),
        serial: text(told, "/serial_number").to_owned(),
        chain: std::iter::once(own.clone()).chain(above).collect(),
        algorithm,
        methods: Vec::new(),
        valid: text(told, "/cert_status_code") == "VALID",
        most: MOST,
        asks: Asks::Phone,
    })
}

#[async_trait]
impl RemoteSigning for SmartCa {
    fn polling(&self) -> Polling {
        self.asked.polling()
    }

    async fn certificates(&self, user: &str) -> Result<Vec<RemoteCertificate>, PortError> {
        let body = json!({
            "sp_id": self.account.sp_id, "sp_password": self.account.sp_password.reveal(),
            "user_id": user, "serial_number": "", "transaction_id": "",
        });
        let said = self.ask("/credentials/get_certificate", &body).await?;
        if !DONE.contains(&said.code) {
            return Err(self.trouble(said.code));
        }
        let told = list(&said.data, "/user_certificates").iter();
        Ok(told.filter_map(certificate).collect())
    }

    async fn begin(&self, request: &Request, _: &Approval) -> Result<Begun, PortError> {
        if request.documents.len() > request.certificate.most {
            return Err(Trouble::TooMany.error());
        }
        let files = (0..).zip(&request.documents).map(|(n, document)| {
            json!({
                "data_to_be_signed": hex::encode(document.digest()),
                "doc_id": numbered(n, document), "file_type": "pdf", "sign_type": "hash",
            })
        });
        let files: Vec<Value> = files.collect();
        let body = json!({
            "sp_id": self.account.sp_id, "sp_password": self.account.sp_password.reveal(),
            "user_id": request.who.user, "transaction_desc": request.title,
            "transaction_id": request.reference, "sign_files": files,
            "serial_number": request.certificate.serial,
        });
        let said = self.ask("/signatures/sign", &body).await?;
        // What was taken before, and its answer lost, waits under the same name.
        if DONE.contains(&said.code) || self.account.repeated.contains(&said.code) {
            return Ok(Begun::Waiting(request.reference.clone()));
        }
        Err(self.trouble(said.code))
    }

    async fn poll(&self, request: &Request, waiting: &str) -> Result<Progress, PortError> {
        let path = format!("/signatures/sign/{}/status", escaped(waiting));
        let said = self.ask(&path, &json!({})).await?;
        let rejected = || Progress::Rejected {
            reason: Trouble::Rejected.key().to_owned(),
        };
        match said.code {
            REJECTED => Ok(rejected()),
            EXPIRED => Ok(Progress::Expired),
            code if !DONE.contains(&code) => Err(self.trouble(code)),
            _ if said.words.starts_with("EXPIRED") => Ok(Progress::Expired),
            _ if said.words.starts_with("REJECT") => Ok(rejected()),
            _ if said.data.get("signatures").is_some_and(Value::is_array) => {
                Self::signatures(request, &said.data)
            }
            _ => Ok(Progress::Pending),
        }
    }
}

/// A name as part of a path.
fn escaped(name: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || ['-', '_'].contains(c);
    name.chars().filter(plain).collect()
}
