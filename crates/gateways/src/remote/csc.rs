//! Services after the API of the Cloud Signature Consortium, version 1.0.4: we sign in with our
//! account, the person approves with her PIN, and the approval (SAD) is bound to the digests.

use std::fmt;

use app::ports::PortError;
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::account::Asked;
use super::line::{Answer, Line, Pass, decoded_list, life, list, number, text};
use super::port::{
    Approval, Asks, Begun, Identity, Polling, Progress, RemoteCertificate, RemoteSigning, Request,
};
use super::secret::Secret;
use super::tokens::{Given, Tokens};
use super::trouble::Trouble;
use super::{BadService, check};
use crate::sign::Algorithm;

const SHA256: &str = "2.16.840.1.101.3.4.2.1";
const RSA: &str = "1.2.840.113549.1.1.1";
const SHA256_WITH_RSA: &str = "1.2.840.113549.1.1.11";
const ECDSA_WITH_SHA256: &str = "1.2.840.10045.4.3.2";
/// Keys of one person that are looked at.
const KEYS: usize = 20;

/// Our account with the service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CscAccount {
    /// Address up to and with `/csc/v1`.
    pub(super) url: String,
    login: String,
    password: Secret,
}

/// A service after the API of the Cloud Signature Consortium.
pub struct Csc {
    line: Line,
    account: CscAccount,
    asked: Asked,
    tokens: Tokens,
}

impl fmt::Debug for Csc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Csc").finish_non_exhaustive()
    }
}

impl Csc {
    pub(super) fn open(account: CscAccount, asked: Asked) -> Result<Self, BadService> {
        Ok(Self {
            line: Line::new(super::account::address(&account.url)?, asked.patience()),
            account,
            asked,
            tokens: Tokens::default(),
        })
    }

    /// The token in force; a new one when there is none, or when `stale` is the one we have.
    async fn token(&self, stale: Option<&Secret>) -> Result<Secret, PortError> {
        let ask = async || self.log_in().await;
        self.tokens.token("", stale, ask).await
    }

    async fn log_in(&self) -> Result<Given, PortError> {
        let pass = Pass::Basic(&self.account.login, &self.account.password);
        let body = json!({"rememberMe": true});
        let answer = self.line.post("/auth/login", pass, &body).await?;
        if answer.status != 200 {
            tracing::error!(
                code = text(&answer.body, "/error"),
                "Signing service refuses our account"
            );
            return Err(Trouble::Account.error());
        }
        let word = Secret::new(text(&answer.body, "/access_token"));
        Ok((word, life(&answer.body)))
    }

    /// Asks with the token in force, and once more with a new one when it is no longer good.
    async fn ask(&self, path: &str, body: &Value) -> Result<Value, PortError> {
        let token = self.token(None).await?;
        let mut answer = self.line.post(path, Pass::Bearer(&token), body).await?;
        if is_stale(&answer) {
            let token = self.token(Some(&token)).await?;
            answer = self.line.post(path, Pass::Bearer(&token), body).await?;
        }
        if (200..300).contains(&answer.status) {
            return Ok(answer.body);
        }
        let trouble = trouble(&answer);
        tracing::warn!(
            code = text(&answer.body, "/error"),
            reason = trouble.key(),
            "Signing service refuses"
        );
        Err(trouble.error())
    }

    async fn certificate(&self, credential: &str) -> Result<Option<RemoteCertificate>, PortError> {
        let body = json!({
            "credentialID": credential, "certificates": "chain", "certInfo": true, "authInfo": true,
        });
        let told = self.ask("/credentials/info", &body).await?;
        let chain = decoded_list(&told, "/cert/certificates").unwrap_or_default();
        let Some(algorithm) = chain.first().and_then(|own| check::algorithm(own)) else {
            return Ok(None);
        };
        let methods = list(&told, "/key/algo").iter().filter_map(Value::as_str);
        let code = text(&told, "/OTP/presence") == "true";
        let most = number(&told, "/multisign").unwrap_or(1);
        Ok(Some(RemoteCertificate {
            credential: credential.to_owned(),
            serial: text(&told, "/cert/serialNumber").to_owned(),
            algorithm,
            methods: methods.map(str::to_owned).collect(),
            valid: text(&told, "/key/status") == "enabled"
                && ["valid", ""].contains(&text(&told, "/cert/status")),
            most: usize::try_from(most).unwrap_or(1),
            asks: if code { Asks::PinAndCode } else { Asks::Pin },
            chain,
        }))
    }

    /// An approval for these digests.
    async fn approval(&self, request: &Request, given: &Approval) -> Result<Secret, PortError> {
        let Approval::Typed { pin, code } = given else {
            return Err(Trouble::Pin.error());
        };
        let mut body = json!({
            "credentialID": request.who.credential,
            "numSignatures": request.documents.len(),
            "hash": hashes(request),
            "PIN": pin.reveal(),
        });
        if let (Some(code), Value::Object(body)) = (code, &mut body) {
            body.insert("OTP".to_owned(), json!(code.reveal()));
        }
        let told = self.ask("/credentials/authorize", &body).await?;
        Ok(Secret::new(text(&told, "/SAD")))
    }

    async fn signatures(&self, request: &Request, sad: &Secret) -> Result<Begun, PortError> {
        let mut body = json!({
            "credentialID": request.who.credential,
            "SAD": sad.reveal(),
            "hash": hashes(request),
            "signAlgo": method(&request.certificate),
        });
        if let Value::Object(body) = &mut body {
            body.insert("hashAlgo".to_owned(), json!(SHA256));
        }
        let told = self.ask("/signatures/signHash", &body).await?;
        let given = decoded_list(&told, "/signatures");
        check::signed(request, given.ok_or_else(|| Trouble::Broken.error())?)
    }
}

fn hashes(request: &Request) -> Vec<String> {
    let documents = request.documents.iter();
    documents.map(|one| STANDARD.encode(one.digest())).collect()
}

/// The name of the way to sign, among those that the service knows for this key.
fn method(certificate: &RemoteCertificate) -> &'static str {
    let knows = |name: &str| certificate.methods.iter().any(|method| method == name);
    match certificate.algorithm {
        Algorithm::EcdsaP256Sha256 => ECDSA_WITH_SHA256,
        Algorithm::RsaSha256 if knows(SHA256_WITH_RSA) => SHA256_WITH_RSA,
        Algorithm::RsaSha256 => RSA,
    }
}

/// Whether our token is what is refused: with a PIN or a code in it nothing is sent twice, whatever the
/// status is, since a wrong one would count twice.
fn is_stale(answer: &Answer) -> bool {
    let typed = [Trouble::Pin, Trouble::Code, Trouble::Locked];
    let refused = answer.status == 401 || text(&answer.body, "/error") == "invalid_token";
    refused && !typed.contains(&trouble(answer))
}

/// What a refusal means. The protocol has few codes and says the rest in words.
fn trouble(answer: &Answer) -> Trouble {
    let words = text(&answer.body, "/error_description");
    let says = |part: &str| words.to_lowercase().contains(part);
    match text(&answer.body, "/error") {
        "invalid_pin" | "invalid_otp" | "invalid_request" if says("locked") => Trouble::Locked,
        "invalid_pin" => Trouble::Pin,
        "invalid_otp" => Trouble::Code,
        "access_denied" => Trouble::Rejected,
        "authentication_error" | "invalid_client" | "invalid_token" => Trouble::Account,
        "server_error" | "temporarily_unavailable" => Trouble::Broken,
        "invalid_request" if says("numsignatures") => Trouble::TooMany,
        "invalid_request" if says("credentialid") || says("userid") => Trouble::NoCredential,
        "invalid_request" if says("sad") => Trouble::Approval,
        _ if answer.status == 401 => Trouble::Account,
        _ => Trouble::Refused,
    }
}

#[async_trait]
impl RemoteSigning for Csc {
    fn polling(&self) -> Polling {
        self.asked.polling()
    }

    fn is_typed(&self) -> bool {
        true
    }

    async fn certificates(&self, user: &str) -> Result<Vec<RemoteCertificate>, PortError> {
        let body = json!({"userID": user, "maxResults": KEYS});
        let told = self.ask("/credentials/list", &body).await?;
        let mut found = Vec::new();
        for one in list(&told, "/credentialIDs").iter().take(KEYS) {
            let credential = one.as_str().unwrap_or_default();
            found.extend(self.certificate(credential).await?);
        }
        Ok(found)
    }

    async fn send_code(&self, who: &Identity) -> Result<(), PortError> {
        let body = json!({"credentialID": who.credential});
        self.ask("/credentials/sendOTP", &body).await.map(drop)
    }

    async fn begin(&self, request: &Request, approval: &Approval) -> Result<Begun, PortError> {
        if request.documents.len() > request.certificate.most {
            return Err(Trouble::TooMany.error());
        }
        let sad = self.approval(request, approval).await?;
        let signed = self.signatures(request, &sad).await;
        let again = matches!(approval, Approval::Typed { code: None, .. });
        match signed {
            // The PIN is at hand; a code is good for one approval.
            Err(error) if again && error == Trouble::Approval.error() => {
                let sad = self.approval(request, approval).await?;
                self.signatures(request, &sad).await
            }
            signed => signed,
        }
    }

    /// Nothing waits at such a service.
    async fn poll(&self, _: &Request, _: &str) -> Result<Progress, PortError> {
        Err(Trouble::NotFound.error())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_that_is_refused_is_not_sent_again_with_another_token() {
        let answer = |status, error: &str, words: &str| Answer {
            status,
            body: json!({"error": error, "error_description": words}),
        };
        for stale in [
            answer(401, "invalid_token", ""),
            answer(400, "invalid_token", ""),
            answer(401, "", ""),
        ] {
            assert!(is_stale(&stale), "{}", stale.body);
        }
        for said in [
            answer(401, "invalid_pin", "Wrong PIN"),
            answer(401, "invalid_otp", "Wrong OTP"),
            answer(401, "invalid_request", "The credential is locked"),
            answer(400, "invalid_pin", ""),
        ] {
            assert!(!is_stale(&said), "{}", said.body);
        }
    }
}
