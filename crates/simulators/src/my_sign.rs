//! A remote signing service with tokens, whose person approves on her phone (`/vtss/service`): a
//! request waits, or is answered at once when it is not asked to wait.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::control::{Desk, Fault, Refused, controlled, text, texts};
use crate::people::{OF_SIGNATURES, Person, from_base64, in_base64, signatures};

/// The account of who asks, and the profile it signs under.
const ACCOUNT: (&str, &str) = ("motcua", "demo");
const PROFILE: &str = "ADSS RAS Profile 001";
const NO_CLIENT: &str = "58071";
const NO_USER: &str = "59033";

#[derive(Debug, Clone)]
struct Waiting {
    person: usize,
    digests: Vec<Vec<u8>>,
    asked: u32,
}

#[derive(Debug, Default)]
struct Memory {
    count: u64,
    /// Tokens in force, each with the user that it is for.
    tokens: HashMap<String, String>,
    waiting: HashMap<String, Waiting>,
}

/// The service.
#[derive(Debug)]
pub struct MySign {
    /// Faults and log.
    pub desk: Arc<Desk>,
    people: Vec<Person>,
    /// How often a request is asked for before the person has approved.
    pending: u32,
    memory: Mutex<Memory>,
}

impl MySign {
    /// A service with those people, who approve after being asked for so often.
    pub fn new(people: Vec<Person>, pending: u32) -> Self {
        Self {
            desk: Arc::default(),
            people,
            pending,
            memory: Mutex::default(),
        }
    }

    fn remember<T>(&self, change: impl FnOnce(&mut Memory) -> T) -> T {
        change(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn known(body: &Value) -> Result<(), Refused> {
        if (text(body, "client_id"), text(body, "client_secret")) == ACCOUNT {
            Ok(())
        } else {
            Err(problem(NO_CLIENT, "Client authentication failed"))
        }
    }

    /// The user whose token this is.
    fn holder(&self, call: &str, headers: &HeaderMap) -> Result<String, Refused> {
        let stale = self.desk.has(call, Fault::Token);
        let given = headers.get(AUTHORIZATION).and_then(|it| it.to_str().ok());
        let given = given.and_then(|it| it.strip_prefix("Bearer "));
        let user = self.remember(|memory| {
            if stale {
                memory.tokens.clear();
            }
            memory.tokens.get(given.unwrap_or_default()).cloned()
        });
        user.ok_or_else(|| Refused::new(StatusCode::UNAUTHORIZED))
    }
}

/// The site.
pub fn site(service: &Arc<MySign>) -> Router {
    let routes = Router::new()
        .route("/vtss/service/ras/v1/login", post(login))
        .route("/vtss/service/certificates/info", post(certificates))
        .route("/vtss/service/signHash", post(sign_hash))
        .route("/vtss/service/requests/status", post(status))
        .with_state(service.clone());
    controlled("my_sign", &service.desk, routes)
}

type Service = State<Arc<MySign>>;
type Answer = Result<Json<Value>, Refused>;

fn problem(error: &str, words: &str) -> Refused {
    let body = json!({"error": error, "error_description": words});
    Refused::new((StatusCode::BAD_REQUEST, Json(body)))
}

async fn login(State(service): Service, Json(body): Json<Value>) -> Answer {
    MySign::known(&body)?;
    let user = text(&body, "user_id");
    let known = service.people.iter().any(|one| one.user == user);
    if text(&body, "profile_id") != PROFILE || !known {
        return Err(problem(NO_USER, "User is not registered"));
    }
    let token = service.remember(|memory| {
        memory.count += 1;
        let token = format!("token-{}", memory.count);
        memory.tokens.insert(token.clone(), user.to_owned());
        token
    });
    service.desk.note(json!({"call": "login"}));
    Ok(Json(json!({
        "access_token": token,
        "refresh_token": format!("refresh-{token}"),
        "token_type": "bearer",
        "expires_in": "3600",
    })))
}

async fn certificates(State(service): Service, Json(body): Json<Value>) -> Answer {
    MySign::known(&body)?;
    let user = text(&body, "user_id");
    let theirs = service.people.iter().filter(|one| one.user == user);
    let all: std::io::Result<Vec<Value>> = theirs.map(described).collect();
    Ok(Json(Value::Array(all.map_err(Refused::broken)?)))
}

fn described(person: &Person) -> std::io::Result<Value> {
    Ok(json!({
        "credential_id": person.credential,
        "description": "MySign",
        "key": person.key(),
        "cert": person.cert()?,
        "authMode": "explicit",
    }))
}

async fn sign_hash(State(service): Service, headers: HeaderMap, Json(body): Json<Value>) -> Answer {
    let user = service.holder("signHash", &headers)?;
    MySign::known(&body)?;
    let credential = text(&body, "credentialID");
    let fits = |one: &Person| one.user == user && one.credential == credential;
    let place = service.people.iter().position(fits);
    let place = place.ok_or_else(|| problem(NO_USER, "Credential is not the user's"))?;
    let (hashes, named) = (texts(&body, "hash"), body.get("documents"));
    let documents = named.and_then(Value::as_array).map_or(0, Vec::len);
    let count = body.get("numSignatures").and_then(Value::as_u64);
    let digests = from_base64(&hashes).filter(|digests| {
        let right = |digest: &Vec<u8>| digest.len() == 32;
        let counted = digests.len() == documents && count == Some(digests.len() as u64);
        !digests.is_empty() && counted && digests.iter().all(right)
    });
    let digests = digests.ok_or_else(|| problem("59001", "Bad hashes"))?;
    service
        .desk
        .note(json!({"call": "signHash", "documents": named, "hash": hashes}));
    if body.get("async").and_then(Value::as_u64) == Some(0) {
        let person = service
            .people
            .get(place)
            .ok_or(())
            .map_err(Refused::broken)?;
        let made = signatures(&person.identity, &digests, None).await;
        return Ok(Json(
            json!({"signatures": in_base64(&made.map_err(Refused::broken)?)}),
        ));
    }
    let id = service.remember(|memory| {
        memory.count += 1;
        let id = format!("request-{}", memory.count);
        let waiting = Waiting {
            person: place,
            digests,
            asked: 0,
        };
        memory.waiting.insert(id.clone(), waiting);
        id
    });
    Ok(Json(json!({"transactionId": id})))
}

async fn status(State(service): Service, headers: HeaderMap, Json(body): Json<Value>) -> Answer {
    service.holder("status", &headers)?;
    let id = text(&body, "transactionId");
    let found = service.remember(|memory| {
        let found = memory.waiting.get_mut(id)?;
        found.asked = found.asked.saturating_add(1);
        Some(found.clone())
    });
    let found = found.ok_or_else(|| problem("59020", "No such transaction"))?;
    let plain =
        |status: &str, words: &str| json!({"status": status, "signatures": [], "message": words});
    let decided = [Fault::Rejected, Fault::Expired, Fault::Pending];
    match service.desk.next("status", &decided) {
        Some(Fault::Rejected) => return Ok(Json(plain("2", "rejected"))),
        Some(Fault::Expired) => return Ok(Json(plain("3", "expired"))),
        Some(_) => return Ok(Json(plain("0", "pending"))),
        None if found.asked <= service.pending => return Ok(Json(plain("0", "pending"))),
        None => {}
    }
    let person = service
        .people
        .get(found.person)
        .ok_or(())
        .map_err(Refused::broken)?;
    let fault = service.desk.next("status", &OF_SIGNATURES);
    let made = signatures(&person.identity, &found.digests, fault).await;
    let made = in_base64(&made.map_err(Refused::broken)?);
    Ok(Json(
        json!({"status": "1", "signatures": made, "message": "signed"}),
    ))
}
