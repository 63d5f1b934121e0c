//! What a simulator of signing services is told from outside: faults, one used up by each request that
//! it applies to, and what it took.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How long an answer is withheld.
const LONG: Duration = Duration::from_mins(1);

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Nothing is taken, and no answer comes for a long time.
    Slow,
    /// The server answers 503.
    Dead,
    /// The server answers 500 with a page.
    Broken,
    /// The answer is not what the protocol says.
    Garbage,
    /// The request is taken, and its answer is lost.
    Lost,
    /// The access token is no longer good.
    Token,
    /// The person rejects on her phone.
    Rejected,
    /// The request, or the certificate, has expired.
    Expired,
    /// The approval given for the signature has expired.
    SadExpired,
    /// A signature of something else.
    Signature,
    /// One signature too few.
    Fewer,
    /// Signatures in another order.
    Swapped,
    /// Nothing is decided yet.
    Pending,
    /// The service refuses.
    Refused,
    /// The number of the request is not repeated.
    Nonce,
    /// Something else is stamped.
    Imprint,
    /// The certificate is said to be revoked.
    Revoked,
    /// The certificate is said to be unknown.
    Unknown,
    /// The responder asks for patience.
    TryLater,
    /// The person cancels at her machine.
    Cancelled,
    /// The signed file is altered before it is handed back.
    Altered,
}

/// A fault that waits for its request.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "String")]
struct Planned {
    fault: Option<Fault>,
    /// End of the path that it waits for; any when empty.
    at: String,
}

impl From<String> for Planned {
    /// `dead`, or `dead@signHash` for one call.
    fn from(text: String) -> Self {
        let (fault, at) = text.split_once('@').unwrap_or((&text, ""));
        Self {
            fault: serde_json::from_value(Value::String(fault.to_owned())).ok(),
            at: at.to_owned(),
        }
    }
}

#[derive(Debug, Default)]
struct Memory {
    faults: Vec<Planned>,
    log: Vec<Value>,
}

/// The faults and the log of one simulator.
#[derive(Debug, Default)]
pub struct Desk {
    memory: Mutex<Memory>,
}

impl Desk {
    fn remember<T>(&self, change: impl FnOnce(&mut Memory) -> T) -> T {
        change(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The first waiting fault among those that the call at `path` can have.
    pub fn next(&self, path: &str, among: &[Fault]) -> Option<Fault> {
        self.remember(|memory| {
            let fits = |planned: &Planned| {
                let known = planned.fault.is_some_and(|fault| among.contains(&fault));
                known && path.ends_with(&planned.at)
            };
            let found = memory.faults.iter().position(fits)?;
            memory.faults.remove(found).fault
        })
    }

    /// Whether this fault waits for the call at `path`; it is used up.
    pub fn has(&self, path: &str, fault: Fault) -> bool {
        self.next(path, &[fault]).is_some()
    }

    /// Lets a fault wait for its request, as `dead` or `dead@signHash`.
    pub fn plan(&self, fault: &str) {
        let planned = Planned::from(fault.to_owned());
        self.remember(|memory| memory.faults.push(planned));
    }

    /// Notes what was taken.
    pub fn note(&self, taken: Value) {
        self.remember(|memory| memory.log.push(taken));
    }

    /// Forgets the faults that wait, and what was taken.
    pub fn forget(&self) {
        self.remember(|memory| *memory = Memory::default());
    }

    /// What was taken so far.
    pub fn log(&self) -> Vec<Value> {
        self.remember(|memory| memory.log.clone())
    }
}

/// A service's routes with the faults of its line, and what tells it of them under `/_sim/NAME`.
pub fn controlled(name: &str, desk: &Arc<Desk>, service: Router) -> Router {
    let line = middleware::from_fn_with_state(desk.clone(), faulty);
    let control = Router::new()
        .route(&format!("/_sim/{name}/faults"), post(faults))
        .route(&format!("/_sim/{name}/log"), get(log))
        .route(&format!("/_sim/{name}/reset"), post(reset))
        .with_state(desk.clone());
    service.layer(line).merge(control)
}

async fn faults(State(desk): State<Arc<Desk>>, Json(faults): Json<Vec<Planned>>) -> StatusCode {
    if faults.iter().any(|planned| planned.fault.is_none()) {
        return StatusCode::UNPROCESSABLE_ENTITY;
    }
    desk.remember(|memory| memory.faults.extend(faults));
    StatusCode::NO_CONTENT
}

async fn log(State(desk): State<Arc<Desk>>) -> Json<Vec<Value>> {
    Json(desk.log())
}

async fn reset(State(desk): State<Arc<Desk>>) -> StatusCode {
    desk.forget();
    StatusCode::NO_CONTENT
}

/// The faults that every line has.
async fn faulty(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let among = [
        Fault::Slow,
        Fault::Dead,
        Fault::Broken,
        Fault::Garbage,
        Fault::Lost,
    ];
    let path = request.uri().path().to_owned();
    match desk.next(&path, &among) {
        None => next.run(request).await,
        Some(Fault::Dead) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(Fault::Broken) => {
            (StatusCode::INTERNAL_SERVER_ERROR, "<html>500</html>").into_response()
        }
        Some(Fault::Garbage) => "<html>sign in first</html>".into_response(),
        fault => {
            if fault == Some(Fault::Lost) {
                next.run(request).await;
            }
            tokio::time::sleep(LONG).await;
            StatusCode::GATEWAY_TIMEOUT.into_response()
        }
    }
}

/// An answer that says no; it travels in results, so it is kept small.
#[derive(Debug)]
pub(crate) struct Refused(Box<Response>);

impl Refused {
    /// The answer with what it says.
    pub(crate) fn new(answer: impl IntoResponse) -> Self {
        Self(Box::new(answer.into_response()))
    }

    /// Something of the simulator itself failed.
    pub(crate) fn broken<E>(_: E) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// A text in a JSON body, empty when it is not there.
pub(crate) fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    body.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A list of texts in a JSON body.
pub(crate) fn texts(body: &Value, name: &str) -> Vec<String> {
    let list = body.get(name).and_then(Value::as_array);
    let texts = list.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}
