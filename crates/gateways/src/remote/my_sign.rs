//! Viettel MySign: a token for each person, a request that waits for her approval on her phone, and
//! questions how far it is.

use std::fmt;

use app::ports::PortError;
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::account::Asked;
use super::line::{Answer, Line, Pass, decoded_list, life, list, text};
use super::port::{
    Approval, Asks, Begun, Polling, Progress, RemoteCertificate, RemoteSigning, Request,
};
use super::secret::Secret;
use super::tokens::{Given, Tokens};
use super::trouble::Trouble;
use super::{BadService, check};
use crate::sign::Algorithm;

const SHA256: &str = "2.16.840.1.101.3.4.2.1";
const RSA: &str = "1.2.840.113549.1.1.1";
const ECDSA_WITH_SHA256: &str = "1.2.840.10045.4.3.2";
/// Documents in one request.
const MOST: usize = 100;
/// The service does not know our account, or the person.
const NO_CLIENT: &str = "58071";
const NO_USER: &str = "59033";

/// Our account with the service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MySignAccount {
    /// Address up to and with `/vtss/service`.
    pub(super) url: String,
    client_id: String,
    client_secret: Secret,
    #[serde(default = "profile")]
    profile_id: String,
    /// States by which the service says that the person did not decide in time. The published text
    /// names those of a request that waits and of one that is signed; others count as rejected.
    #[serde(default = "expired")]
    expired: Vec<String>,
}

fn profile() -> String {
    "ADSS RAS Profile 001".to_owned()
}

fn expired() -> Vec<String> {
    vec!["3".to_owned()]
}

/// Viettel MySign.
pub struct MySign {
    line: Line,
    account: MySignAccount,
    asked: Asked,
    /// By user.
    tokens: Tokens,
}

impl fmt::Debug for MySign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MySign").finish_non_exhaustive()
    }
}

impl MySign {
    pub(super) fn open(account: MySignAccount, asked: Asked) -> Result<Self, BadService> {
        Ok(Self {
            line: Line::new(super::account::address(&account.url)?, asked.patience()),
            account,
            asked,
            tokens: Tokens::default(),
        })
    }

    /// The account's part of every body.
    fn body(&self, more: Value) -> Value {
        let mut body = json!({
            "client_id": self.account.client_id,
            "client_secret": self.account.client_secret.reveal(),
        });
        if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
            body.extend(more);
        }
        body
    }

    async fn token(&self, user: &str, stale: Option<&Secret>) -> Result<Secret, PortError> {
        let ask = async || self.log_in(user).await;
        self.tokens.token(user, stale, ask).await
    }

    async fn log_in(&self, user: &str) -> Result<Given, PortError> {
        let body = json!({"profile_id": self.account.profile_id, "user_id": user});
        let body = self.body(body);
        let answer = self.line.post("/ras/v1/login", Pass::None, &body).await?;
        let answer = taken(answer)?;
        let word = Secret::new(text(&answer, "/access_token"));
        Ok((word, life(&answer)))
    }

    /// Asks with the person's token, and once more with a new one when it is no longer good.
    async fn ask(&self, user: &str, path: &str, body: &Value) -> Result<Value, PortError> {
        let token = self.token(user, None).await?;
        let mut answer = self.line.post(path, Pass::Bearer(&token), body).await?;
        if answer.status == 401 {
            let token = self.token(user, Some(&token)).await?;
            answer = self.line.post(path, Pass::Bearer(&token), body).await?;
        }
        taken(answer)
    }
}

/// The body of an answer that is no refusal.
fn taken(answer: Answer) -> Result<Value, PortError> {
    let code = match answer.body.get("error") {
        None | Some(Value::Null) if answer.status < 300 => return Ok(answer.body),
        Some(Value::String(code)) => code.clone(),
        Some(code) => code.to_string(),
        None => String::new(),
    };
    let trouble = match code.as_str() {
        NO_CLIENT => Trouble::Account,
        NO_USER => Trouble::NoCredential,
        _ if answer.status == 401 => Trouble::Account,
        _ => Trouble::Refused,
    };
    tracing::warn!(code, reason = trouble.key(), "Signing service refuses");
    Err(trouble.error())
}

/// The user as the service writes him: what kind of number it is stands before it.
fn user(number: &str) -> String {
    let digits = number.chars().all(|c| c.is_ascii_digit() || c == '-');
    match number.len() {
        12 if digits => format!("CMT_{number}"),
        10 | 13 | 14 if digits => format!("MST_{number}"),
        _ => number.to_owned(),
    }
}

/// A key as the service describes it.
fn certificate(told: &Value) -> Option<RemoteCertificate> {
    let chain = decoded_list(told, "/cert/certificates")?;
    let algorithm = check::algorithm(chain.first()?)?;
    let in_use = |pointer: &str, word: &str| {
        let status = text(told, pointer);
        status.is_empty() || status.eq_ignore_ascii_case(word)
    };
    Some(RemoteCertificate {
        credential: text(told, "/credential_id").to_owned(),
        serial: text(told, "/cert/serialNumber").to_owned(),
        chain,
        algorithm,
        methods: Vec::new(),
        valid: in_use("/key/status", "enabled") && in_use("/cert/status", "valid"),
        most: MOST,
        asks: Asks::Phone,
    })
}

#[async_trait]
impl RemoteSigning for MySign {
    fn polling(&self) -> Polling {
        self.asked.polling()
    }

    async fn certificates(&self, number: &str) -> Result<Vec<RemoteCertificate>, PortError> {
        let user = user(number);
        let body = self.body(json!({
            "profile_id": self.account.profile_id, "user_id": user, "certificates": "chain",
            "certInfo": true, "authInfo": true,
        }));
        let told = self.ask(&user, "/certificates/info", &body).await?;
        Ok(list(&told, "").iter().filter_map(certificate).collect())
    }

    async fn begin(&self, request: &Request, _: &Approval) -> Result<Begun, PortError> {
        if request.documents.len() > request.certificate.most {
            return Err(Trouble::TooMany.error());
        }
        let documents = (1..).zip(&request.documents).map(|(n, document): (u32, _)| {
            json!({"document_id": format!("{}-{n}", request.reference), "document_name": document.name})
        });
        let documents: Vec<Value> = documents.collect();
        let hashes = request.documents.iter();
        let hashes: Vec<String> = hashes.map(|one| STANDARD.encode(one.digest())).collect();
        let body = self.body(json!({
            "credentialID": request.who.credential,
            "numSignatures": hashes.len(),
            "documents": documents,
            "hash": hashes,
            "hashAlgo": SHA256,
            "signAlgo": match request.certificate.algorithm {
                Algorithm::RsaSha256 => RSA,
                Algorithm::EcdsaP256Sha256 => ECDSA_WITH_SHA256,
            },
            "async": 1,
        }));
        let user = user(&request.who.user);
        let told = self.ask(&user, "/signHash", &body).await?;
        match text(&told, "/transactionId") {
            "" => {
                let given = decoded_list(&told, "/signatures");
                let given = given.filter(|given| !given.is_empty());
                check::signed(request, given.ok_or_else(|| Trouble::Broken.error())?)
            }
            waiting => Ok(Begun::Waiting(waiting.to_owned())),
        }
    }

    async fn poll(&self, request: &Request, waiting: &str) -> Result<Progress, PortError> {
        let body = json!({"transactionId": waiting});
        let user = user(&request.who.user);
        let told = self.ask(&user, "/requests/status", &body).await?;
        let state = match told.get("status") {
            Some(Value::String(state)) => state.clone(),
            Some(state) => state.to_string(),
            None => return Err(Trouble::Broken.error()),
        };
        match state.as_str() {
            "0" => Ok(Progress::Pending),
            "1" => {
                let given = decoded_list(&told, "/signatures");
                let given = given.ok_or_else(|| Trouble::Broken.error())?;
                check::signatures(request, given).map(Progress::Signed)
            }
            other if self.account.expired.iter().any(|one| one == other) => Ok(Progress::Expired),
            _ => Ok(Progress::Rejected {
                reason: Trouble::Rejected.key().to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::user;

    #[test]
    fn the_kind_of_a_number_stands_before_it() {
        assert_eq!(user("038080000011"), "CMT_038080000011");
        assert_eq!(user("2800112233"), "MST_2800112233");
        assert_eq!(user("2800112233-001"), "MST_2800112233-001");
        assert_eq!(user("CMT_038080000011"), "CMT_038080000011");
    }
}
