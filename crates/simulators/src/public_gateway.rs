//! The public signing gateway (`/get_certificate`, `/sign_file`, below `/gateway`): it is given whole
//! documents and hands them back signed, while the person approves on her phone.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::authority::other;
use crate::control::{Desk, Fault, Refused, controlled, text};
use crate::pdf;
use crate::people::Person;

/// The token of who asks.
const TOKEN: &str = "Bearer demo";
const MOST: usize = 256 * 1024 * 1024;

/// The gateway.
#[derive(Debug)]
pub struct PublicGateway {
    /// Faults and log.
    pub desk: Arc<Desk>,
    people: Vec<Person>,
}

impl PublicGateway {
    /// A gateway to those people's keys.
    pub fn new(people: Vec<Person>) -> Self {
        Self {
            desk: Arc::default(),
            people,
        }
    }

    fn person(&self, body: &Value, headers: &HeaderMap) -> Result<&Person, Refused> {
        let given = headers.get(AUTHORIZATION).and_then(|it| it.to_str().ok());
        if given != Some(TOKEN) || self.desk.has("", Fault::Token) {
            return Err(Refused::new(StatusCode::UNAUTHORIZED));
        }
        let (user, serial) = (text(body, "user_id"), text(body, "serial_number"));
        let fits = |person: &&Person| {
            let own = person.identity.serial().unwrap_or_default();
            person.user == user && (serial.is_empty() || serial == own)
        };
        let found = self.people.iter().find(fits);
        found.ok_or_else(|| Refused::new(answer(60000, "Credential not found", &Value::Null)))
    }
}

/// The site.
pub fn site(gateway: &Arc<PublicGateway>) -> Router {
    let routes = Router::new()
        .route("/gateway/get_certificate", post(certificate))
        .route("/gateway/sign_file", post(sign_file))
        .layer(DefaultBodyLimit::max(MOST))
        .with_state(gateway.clone());
    controlled("gateway", &gateway.desk, routes)
}

type Service = State<Arc<PublicGateway>>;
type Answer = Result<Json<Value>, Refused>;

fn answer(code: i64, message: &str, data: &Value) -> Json<Value> {
    Json(json!({"status_code": code, "message": message, "data": data}))
}

async fn certificate(State(gateway): Service, headers: HeaderMap, body: Json<Value>) -> Answer {
    let user = &gateway.person(&body, &headers)?.user;
    let id = text(&body, "transaction_id");
    let theirs = gateway.people.iter().filter(|one| &one.user == user);
    let certificates = theirs.map(|person| {
        let serial = person.identity.serial().unwrap_or_default();
        let own = person.chain().into_iter().next();
        json!({
            "cert_id": person.credential, "cert_data": own, "serial_number": serial,
            "transaction_id": id,
        })
    });
    let certificates: Vec<Value> = certificates.collect();
    let data = json!({"transaction_id": id, "user_certificates": certificates});
    Ok(answer(200, "SUCCESS", &data))
}

async fn sign_file(State(gateway): Service, headers: HeaderMap, body: Json<Value>) -> Answer {
    let person = gateway.person(&body, &headers)?;
    let faults = [Fault::Rejected, Fault::Expired];
    let data = |code: i64, words: &str, files: Vec<Value>| {
        let id = text(&body, "transaction_id");
        let serial = text(&body, "serial_number");
        Json(json!({"data": {
            "status_code": code, "message": words, "serial_number": serial,
            "transaction_id": id, "signFiles": files,
        }}))
    };
    match gateway.desk.next("sign_file", &faults) {
        Some(Fault::Rejected) => return Ok(data(1, "REJECTED", Vec::new())),
        Some(_) => return Ok(data(62002, "EXPIRED", Vec::new())),
        None => {}
    }
    let spoilt = [Fault::Altered, Fault::Fewer];
    let fault = gateway.desk.next("sign_file", &spoilt);
    let files = body.get("sign_files").and_then(Value::as_array);
    let files = files.into_iter().flatten();
    let signed: std::io::Result<Vec<Value>> =
        files.map(|file| signed(file, person, fault)).collect();
    let Ok(mut signed) = signed else {
        return Ok(data(62010, "Bad format", Vec::new()));
    };
    if fault == Some(Fault::Fewer) {
        signed.pop();
    }
    gateway
        .desk
        .note(json!({"call": "sign_file", "count": signed.len()}));
    Ok(data(200, "SUCCESS", signed))
}

fn signed(file: &Value, person: &Person, fault: Option<Fault>) -> std::io::Result<Value> {
    let pdf = STANDARD.decode(text(file, "file_base64")).map_err(other)?;
    let mut made = pdf::sign(&pdf, &person.identity, "")?;
    if fault == Some(Fault::Altered) {
        let middle = pdf.len() / 2;
        if let Some(byte) = made.get_mut(middle) {
            *byte ^= 1;
        }
    }
    Ok(json!({
        "doc_id": text(file, "doc_id"),
        "file_name": text(file, "file_name"),
        "file_base64": STANDARD.encode(made),
    }))
}
