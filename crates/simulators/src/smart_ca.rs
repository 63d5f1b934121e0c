//! A remote signing service whose person approves on her phone (`/sca/sp769/v1`): a request is taken,
//! and asked for until it is decided.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Path, State};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::control::{Desk, Fault, controlled, text};
use crate::people::{OF_SIGNATURES, Person, compact, in_base64, signatures};

/// The account of who asks.
const ACCOUNT: (&str, &str) = ("motcua", "demo");
const OK: i64 = 200;
const REJECTED: i64 = 1;
const NO_CREDENTIAL: i64 = 60000;
const NO_TRANSACTION: i64 = 62000;
const REPEATED: i64 = 62001;
const EXPIRED: i64 = 62002;
const BAD_FORMAT: i64 = 62010;
const NOT_AUTHENTIC: i64 = 63000;

#[derive(Debug, Clone)]
struct Transaction {
    person: usize,
    documents: Vec<(String, Vec<u8>)>,
    asked: u32,
}

/// The service.
#[derive(Debug)]
pub struct SmartCa {
    /// Faults and log.
    pub desk: Arc<Desk>,
    people: Vec<Person>,
    /// How often a request is asked for before the person has approved.
    pending: u32,
    transactions: Mutex<HashMap<String, Transaction>>,
}

impl SmartCa {
    /// A service with those people, who approve after being asked for so often.
    pub fn new(people: Vec<Person>, pending: u32) -> Self {
        Self {
            desk: Arc::default(),
            people,
            pending,
            transactions: Mutex::default(),
        }
    }

    fn remember<T>(&self, change: impl FnOnce(&mut HashMap<String, Transaction>) -> T) -> T {
        let transactions = self.transactions.lock();
        change(&mut transactions.unwrap_or_else(PoisonError::into_inner))
    }

    /// The person's place, when who asks is known and she is.
    fn place(&self, body: &Value) -> Result<usize, Json<Value>> {
        if (text(body, "sp_id"), text(body, "sp_password")) != ACCOUNT {
            return Err(answer(NOT_AUTHENTIC, "Authentication failed", &Value::Null));
        }
        let (user, serial) = (text(body, "user_id"), text(body, "serial_number"));
        let fits = |person: &Person| {
            let own = person.identity.serial().unwrap_or_default();
            person.user == user && (serial.is_empty() || serial == own)
        };
        let found = self.people.iter().position(fits);
        found.ok_or_else(|| answer(NO_CREDENTIAL, "Credential not found", &Value::Null))
    }
}

/// The site.
pub fn site(service: &Arc<SmartCa>) -> Router {
    let at = |path: &str| format!("/sca/sp769/v1{path}");
    let routes = Router::new()
        .route(&at("/credentials/get_certificate"), post(certificate))
        .route(&at("/signatures/sign"), post(sign))
        .route(&at("/signatures/sign/{transaction}/status"), post(status))
        .with_state(service.clone());
    controlled("smart_ca", &service.desk, routes)
}

type Service = State<Arc<SmartCa>>;

fn answer(code: i64, message: &str, data: &Value) -> Json<Value> {
    Json(json!({"status_code": code, "message": message, "data": data}))
}

async fn certificate(State(service): Service, Json(body): Json<Value>) -> Json<Value> {
    let place = match service.place(&body) {
        Ok(place) => place,
        Err(refused) => return refused,
    };
    let user = service.people.get(place).map(|one| one.user.clone());
    let theirs = service
        .people
        .iter()
        .filter(|one| Some(&one.user) == user.as_ref());
    let certificates: Vec<Value> = theirs.filter_map(described).collect();
    let data = json!({"user_certificates": certificates});
    answer(OK, "SUCCESS", &data)
}

fn described(person: &Person) -> Option<Value> {
    let facts = person.facts().ok()?;
    let body = &facts.certificate.tbs_certificate;
    let chain = person.chain();
    let (own, above) = chain.split_first()?;
    let status = match (person.enabled, facts.expired) {
        (true, false) => "VALID",
        (true, true) => "EXPIRED",
        (false, _) => "SUSPENDED",
    };
    Some(json!({
        "service_type": "SMARTCA",
        "service_name": "SmartCA cá nhân",
        "cert_id": person.credential,
        "cert_status": status,
        "cert_status_code": status,
        "serial_number": facts.serial,
        "cert_subject": body.subject.to_string(),
        "cert_valid_from": compact(body.validity.not_before),
        "cert_valid_to": compact(body.validity.not_after),
        "cert_data": own,
        "chain_data": {"ca_cert": above.first(), "root_cert": above.get(1)},
    }))
}

/// A document of the request: its number, and its digest in hexadecimal.
fn document(file: &Value) -> Option<(String, Vec<u8>)> {
    let digest = hex::decode(text(file, "data_to_be_signed")).ok()?;
    let right = digest.len() == 32 && text(file, "sign_type") == "hash";
    let known = ["pdf", "xml", "json", "office"].contains(&text(file, "file_type"));
    (right && known).then(|| (text(file, "doc_id").to_owned(), digest))
}

async fn sign(State(service): Service, Json(body): Json<Value>) -> Json<Value> {
    let person = match service.place(&body) {
        Ok(place) => place,
        Err(refused) => return refused,
    };
    let files = body.get("sign_files").and_then(Value::as_array);
    let documents: Option<Vec<_>> = files.into_iter().flatten().map(document).collect();
    let documents = documents.filter(|documents| !documents.is_empty());
    let Some(documents) = documents else {
        return answer(BAD_FORMAT, "Bad format", &Value::Null);
    };
    let id = text(&body, "transaction_id").to_owned();
    let new = Transaction {
        person,
        documents,
        asked: 0,
    };
    let names: Vec<String> = new.documents.iter().map(|one| one.0.clone()).collect();
    let taken = service.remember(|transactions| {
        let free = !id.is_empty() && !transactions.contains_key(&id);
        free.then(|| transactions.insert(id.clone(), new)).is_some()
    });
    if !taken {
        return answer(REPEATED, "Transaction exists", &Value::Null);
    }
    let description = text(&body, "transaction_desc");
    service
        .desk
        .note(json!({"transaction": id, "documents": names, "words": description}));
    let code = format!("T{}", id.len());
    let data = json!({"transaction_id": id, "tran_code": code});
    answer(OK, "SUCCESS", &data)
}

async fn status(State(service): Service, Path(id): Path<String>) -> Json<Value> {
    let asked = service.remember(|transactions| {
        let found = transactions.get_mut(&id)?;
        found.asked = found.asked.saturating_add(1);
        Some(found.clone())
    });
    let Some(found) = asked else {
        return answer(NO_TRANSACTION, "Transaction not found", &Value::Null);
    };
    let none = json!({"transaction_id": id, "signatures": null});
    let decided = [Fault::Rejected, Fault::Expired, Fault::Pending];
    match service.desk.next("status", &decided) {
        Some(Fault::Rejected) => return answer(REJECTED, "REJECTED", &none),
        Some(Fault::Expired) => return answer(EXPIRED, "EXPIRED", &none),
        Some(_) => return answer(OK, "PENDING", &none),
        None if found.asked <= service.pending => return answer(OK, "PENDING", &none),
        None => {}
    }
    let Some(person) = service.people.get(found.person) else {
        return answer(NO_CREDENTIAL, "Credential not found", &none);
    };
    let fault = service.desk.next("status", &OF_SIGNATURES);
    let digests: Vec<Vec<u8>> = found.documents.iter().map(|one| one.1.clone()).collect();
    match signatures(&person.identity, &digests, fault).await {
        Ok(made) => answer(OK, "SUCCESS", &results(&id, &found, &made)),
        Err(_) => answer(60002, "No result", &none),
    }
}

fn results(id: &str, of: &Transaction, made: &[Vec<u8>]) -> Value {
    let names = of.documents.iter().map(|one| &one.0);
    let each = names.zip(in_base64(made)).map(|(name, value)| {
        json!({"doc_id": name, "signature_value": value, "timestamp_signature": null})
    });
    let each: Vec<Value> = each.collect();
    json!({"transaction_id": id, "signatures": each})
}
