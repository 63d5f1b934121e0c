//! A remote signing service after the API of the Cloud Signature Consortium, version 1.0.4
//! (`/csc/v1/*`). The service's account signs in; the person approves with her PIN, and a code where
//! her key wants one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::control::{Desk, Fault, Refused, controlled, text, texts};
use crate::people::{OF_SIGNATURES, Person, from_base64, in_base64, signatures};
use crate::tsa::TimeStamps;

/// The account that signs in.
const LOGIN: &str = "motcua";
const PASSWORD: &str = "demo";
/// How long a token or an approval is said to be good, in seconds.
const TOKEN_SECONDS: u32 = 3600;
const APPROVAL_SECONDS: u32 = 300;

/// An approval for signatures.
#[derive(Debug, Clone)]
struct Approval {
    credential: String,
    hashes: Vec<String>,
    left: u64,
}

#[derive(Debug, Default)]
struct Memory {
    count: u64,
    token: Option<String>,
    approvals: HashMap<String, Approval>,
}

/// The service.
#[derive(Debug)]
pub struct Csc {
    /// Faults and log.
    pub desk: Arc<Desk>,
    people: Vec<Person>,
    stamps: Arc<TimeStamps>,
    memory: Mutex<Memory>,
}

impl Csc {
    /// A service with those people.
    pub fn new(people: Vec<Person>, stamps: Arc<TimeStamps>) -> Self {
        Self {
            desk: Arc::default(),
            people,
            stamps,
            memory: Mutex::default(),
        }
    }

    fn remember<T>(&self, change: impl FnOnce(&mut Memory) -> T) -> T {
        change(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether the caller has a good token.
    fn admitted(&self, call: &str, headers: &HeaderMap) -> Result<(), Refused> {
        let stale = self.desk.has(call, Fault::Token);
        let given = headers.get(AUTHORIZATION).and_then(|it| it.to_str().ok());
        let given = given.and_then(|it| it.strip_prefix("Bearer "));
        let good = self.remember(|memory| {
            if stale {
                memory.token = None;
            }
            given.is_some() && memory.token.as_deref() == given
        });
        if good {
            return Ok(());
        }
        let words = "The access or refresh token is expired or has been revoked";
        Err(problem(StatusCode::UNAUTHORIZED, "invalid_token", words))
    }

    fn person(&self, credential: &str) -> Result<&Person, Refused> {
        let found = self.people.iter().find(|one| one.credential == credential);
        found.ok_or_else(|| refused("Invalid parameter credentialID"))
    }

    fn number(&self, kind: &str) -> String {
        self.remember(|memory| {
            memory.count += 1;
            format!("{kind}-{}", memory.count)
        })
    }
}

/// The site.
pub fn site(service: &Arc<Csc>) -> Router {
    let routes = Router::new()
        .route("/csc/v1/info", post(info))
        .route("/csc/v1/auth/login", post(login))
        .route("/csc/v1/auth/revoke", post(revoke))
        .route("/csc/v1/credentials/list", post(list))
        .route("/csc/v1/credentials/info", post(credential))
        .route("/csc/v1/credentials/sendOTP", post(send_otp))
        .route("/csc/v1/credentials/authorize", post(authorize))
        .route("/csc/v1/credentials/extendTransaction", post(extend))
        .route("/csc/v1/signatures/signHash", post(sign_hash))
        .route("/csc/v1/signatures/timestamp", post(timestamp))
        .with_state(service.clone());
    controlled("csc", &service.desk, routes)
}

type Service = State<Arc<Csc>>;
type Answer = Result<Json<Value>, Refused>;

fn problem(status: StatusCode, error: &str, words: &str) -> Refused {
    let body = json!({"error": error, "error_description": words});
    Refused::new((status, Json(body)))
}

fn refused(words: &str) -> Refused {
    problem(StatusCode::BAD_REQUEST, "invalid_request", words)
}

async fn info() -> Json<Value> {
    let methods = [
        "auth/login",
        "auth/revoke",
        "credentials/list",
        "credentials/info",
        "credentials/sendOTP",
        "credentials/authorize",
        "credentials/extendTransaction",
        "signatures/signHash",
        "signatures/timestamp",
    ];
    Json(json!({
        "specs": "1.0.4.0",
        "name": "Signing service of the demonstration",
        "logo": "https://localhost/logo.png",
        "region": "VN",
        "lang": "vi-VN",
        "description": "A simulator",
        "authType": ["basic"],
        "methods": methods,
    }))
}

async fn login(State(csc): Service, headers: HeaderMap) -> Answer {
    let right = format!("Basic {}", STANDARD.encode(format!("{LOGIN}:{PASSWORD}")));
    let given = headers.get(AUTHORIZATION).and_then(|it| it.to_str().ok());
    if given != Some(right.as_str()) {
        let words = "The username or password is incorrect";
        return Err(problem(
            StatusCode::BAD_REQUEST,
            "authentication_error",
            words,
        ));
    }
    let token = csc.number("token");
    csc.remember(|memory| memory.token = Some(token.clone()));
    csc.desk.note(json!({"call": "login"}));
    Ok(Json(
        json!({"access_token": token, "expires_in": TOKEN_SECONDS}),
    ))
}

async fn revoke(State(csc): Service, headers: HeaderMap) -> Result<StatusCode, Refused> {
    csc.admitted("revoke", &headers)?;
    csc.remember(|memory| memory.token = None);
    Ok(StatusCode::NO_CONTENT)
}

async fn list(State(csc): Service, headers: HeaderMap, Json(body): Json<Value>) -> Answer {
    csc.admitted("list", &headers)?;
    let user = text(&body, "userID");
    let theirs = csc.people.iter().filter(|one| one.user == user);
    let ids: Vec<&str> = theirs.map(|one| one.credential.as_str()).collect();
    if ids.is_empty() {
        return Err(refused("Invalid parameter userID"));
    }
    Ok(Json(json!({"credentialIDs": ids})))
}

async fn credential(State(csc): Service, headers: HeaderMap, Json(body): Json<Value>) -> Answer {
    csc.admitted("info", &headers)?;
    let person = csc.person(text(&body, "credentialID"))?;
    let mut cert = person.cert().map_err(Refused::broken)?;
    let wanted = match text(&body, "certificates") {
        "chain" => usize::MAX,
        "none" => 0,
        _ => 1,
    };
    if let Some(Value::Array(chain)) = cert.get_mut("certificates") {
        chain.truncate(wanted);
    }
    Ok(Json(json!({
        "description": "Signing key",
        "key": person.key(),
        "cert": cert,
        "authMode": "explicit",
        "SCAL": if person.bound { "2" } else { "1" },
        "PIN": {"presence": "true", "format": "N", "label": "PIN"},
        "OTP": {"presence": if person.otp.is_some() { "true" } else { "false" }, "type": "online"},
        "multisign": person.multisign,
        "lang": "vi-VN",
    })))
}

async fn send_otp(
    State(csc): Service,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Result<StatusCode, Refused> {
    csc.admitted("sendOTP", &headers)?;
    let credential = &csc.person(text(&body, "credentialID"))?.credential;
    csc.desk
        .note(json!({"call": "sendOTP", "credential": credential}));
    Ok(StatusCode::NO_CONTENT)
}

async fn authorize(State(csc): Service, headers: HeaderMap, Json(body): Json<Value>) -> Answer {
    csc.admitted("authorize", &headers)?;
    let person = csc.person(text(&body, "credentialID"))?;
    let count = body.get("numSignatures").and_then(Value::as_u64);
    let count = count.filter(|count| (1..=u64::from(person.multisign)).contains(count));
    let count = count.ok_or_else(|| refused("Numsignatures is too high"))?;
    let hashes = texts(&body, "hash");
    if person.bound && hashes.len() as u64 != count {
        return Err(refused("Missing (or invalid type) array parameter hash"));
    }
    if text(&body, "PIN") != person.pin {
        let words = "The PIN is invalid";
        return Err(problem(StatusCode::BAD_REQUEST, "invalid_pin", words));
    }
    if person.otp.is_some() && person.otp.as_deref() != Some(text(&body, "OTP")) {
        let words = "The OTP is invalid";
        return Err(problem(StatusCode::BAD_REQUEST, "invalid_otp", words));
    }
    if csc.desk.has("authorize", Fault::Rejected) {
        let words = "The user declined the authorization";
        return Err(problem(StatusCode::BAD_REQUEST, "access_denied", words));
    }
    let approval = Approval {
        credential: person.credential.clone(),
        hashes,
        left: count,
    };
    csc.desk
        .note(json!({"call": "authorize", "credential": person.credential, "count": count}));
    Ok(Json(granted(&csc, approval)))
}

fn granted(csc: &Csc, approval: Approval) -> Value {
    let sad = csc.number("sad");
    csc.remember(|memory| memory.approvals.insert(sad.clone(), approval));
    json!({"SAD": sad, "expiresIn": APPROVAL_SECONDS})
}

/// Another approval for what is left of one.
async fn extend(State(csc): Service, headers: HeaderMap, Json(body): Json<Value>) -> Answer {
    csc.admitted("extendTransaction", &headers)?;
    let old = csc.remember(|memory| memory.approvals.remove(text(&body, "SAD")));
    let mut approval = old.ok_or_else(|| refused("Invalid parameter SAD"))?;
    let hashes = texts(&body, "hash");
    if !hashes.is_empty() {
        approval.hashes = hashes;
    }
    Ok(Json(granted(&csc, approval)))
}

async fn sign_hash(State(csc): Service, headers: HeaderMap, Json(body): Json<Value>) -> Answer {
    csc.admitted("signHash", &headers)?;
    let person = csc.person(text(&body, "credentialID"))?;
    let hashes = texts(&body, "hash");
    let digests = from_base64(&hashes).filter(|digests| !digests.is_empty());
    let digests = digests.ok_or_else(|| refused("Empty hash array"))?;
    if !algorithm_fits(person, &body) {
        return Err(refused("Invalid parameter signAlgo"));
    }
    if csc.desk.has("signHash", Fault::SadExpired) {
        return Err(refused("SAD expired"));
    }
    spent(&csc, person, text(&body, "SAD"), &hashes)?;
    let fault = csc.desk.next("signHash", &OF_SIGNATURES);
    let made = signatures(&person.identity, &digests, fault).await;
    csc.desk
        .note(json!({"call": "signHash", "credential": person.credential, "hash": hashes}));
    Ok(Json(
        json!({"signatures": in_base64(&made.map_err(Refused::broken)?)}),
    ))
}

/// Plain RSA wants the digest's algorithm beside it.
fn algorithm_fits(person: &Person, body: &Value) -> bool {
    let hash = text(body, "hashAlgo");
    match text(body, "signAlgo") {
        "1.2.840.113549.1.1.1" => person.identity.is_rsa() && hash == "2.16.840.1.101.3.4.2.1",
        "1.2.840.113549.1.1.11" => person.identity.is_rsa(),
        "1.2.840.10045.4.3.2" => !person.identity.is_rsa(),
        _ => false,
    }
}

/// Uses the approval up for so many signatures, of those hashes where it names them.
fn spent(csc: &Csc, person: &Person, sad: &str, hashes: &[String]) -> Result<(), Refused> {
    csc.remember(|memory| {
        let approval = memory.approvals.get_mut(sad);
        let approval = approval.filter(|it| it.credential == person.credential);
        let approval = approval.ok_or_else(|| refused("Invalid parameter SAD"))?;
        let known = |hash: &String| approval.hashes.contains(hash);
        if person.bound && !hashes.iter().all(known) {
            return Err(refused("Hash is not authorized by the SAD"));
        }
        let left = approval.left.checked_sub(hashes.len() as u64);
        approval.left = left.ok_or_else(|| refused("Number of signatures exceeded"))?;
        Ok(())
    })
}

async fn timestamp(State(csc): Service, headers: HeaderMap, Json(body): Json<Value>) -> Answer {
    csc.admitted("timestamp", &headers)?;
    let digest = STANDARD.decode(text(&body, "hash")).ok();
    let digest = digest.filter(|digest| digest.len() == 32);
    let digest = digest.ok_or_else(|| refused("Invalid Base64 hash string parameter"))?;
    let token = csc.stamps.token(&digest).map_err(Refused::broken)?;
    Ok(Json(json!({"timestamp": STANDARD.encode(token)})))
}
