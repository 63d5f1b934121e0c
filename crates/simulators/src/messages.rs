//! Providers of text messages (`POST /sms`, JSON `send_sms_list`) and of approved texts on a social
//! network (`POST /message/template`, tokens from `POST /v4/oa/access_token`).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What goes wrong with the next message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The provider refuses the number for good.
    Refuse,
    /// The provider is busy.
    Busy,
    /// Nothing is taken, and no answer comes for a long time.
    Slow,
    /// The server answers 503.
    Dead,
    /// The message is taken, and its answer is lost.
    Lost,
    /// The access token is no longer good.
    Token,
}

/// A message that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// `sms` or `approved`.
    pub provider: String,
    /// What the sender calls it.
    pub code: String,
    /// To which number.
    pub to: String,
    /// The text, or the parameters as JSON.
    pub text: String,
}

#[derive(Debug, Default)]
struct Memory {
    faults: Vec<Fault>,
    taken: Vec<Taken>,
    /// How often tokens were refreshed; the pair in force has this number.
    pair: u32,
}

type Shared = Arc<Mutex<Memory>>;

/// How long an answer is withheld.
const LONG: Duration = Duration::from_mins(1);
/// The provider's code for a number that it does not reach.
const SMS_REFUSED: &str = "3";
/// The provider's code for a request that it has already.
const SMS_REPEATED: &str = "15";
const SMS_BUSY: &str = "99";

/// The site of both providers.
pub fn site() -> Router {
    Router::new()
        .route("/sms", post(text_message))
        .route("/message/template", post(approved_text))
        .route("/template/info/v2", get(text_info))
        .route("/v4/oa/access_token", post(tokens))
        .route("/_sim/faults", post(faults))
        .route("/_sim/log", get(log))
        .route("/_sim/reset", post(reset))
        .with_state(Shared::default())
}

fn remember<T>(shared: &Shared, change: impl FnOnce(&mut Memory) -> T) -> T {
    change(&mut shared.lock().unwrap_or_else(PoisonError::into_inner))
}

async fn faults(State(shared): State<Shared>, Json(faults): Json<Vec<Fault>>) -> StatusCode {
    remember(&shared, |memory| memory.faults.extend(faults));
    StatusCode::NO_CONTENT
}

async fn log(State(shared): State<Shared>) -> Json<Vec<Taken>> {
    Json(remember(&shared, |memory| memory.taken.clone()))
}

async fn reset(State(shared): State<Shared>) -> StatusCode {
    remember(&shared, |memory| *memory = Memory::default());
    StatusCode::NO_CONTENT
}

/// The next fault, if one waits.
fn next(shared: &Shared) -> Option<Fault> {
    remember(shared, |memory| {
        (!memory.faults.is_empty()).then(|| memory.faults.remove(0))
    })
}

/// Takes a message; false when it was taken before.
fn take(shared: &Shared, message: Taken) -> bool {
    remember(shared, |memory| {
        let known =
            |taken: &Taken| taken.code == message.code && taken.provider == message.provider;
        if memory.taken.iter().any(known) {
            return false;
        }
        memory.taken.push(message);
        true
    })
}

async fn withheld() -> Response {
    tokio::time::sleep(LONG).await;
    StatusCode::GATEWAY_TIMEOUT.into_response()
}

fn text_of(value: &Value, path: &str) -> String {
    let found = value.pointer(path).and_then(Value::as_str);
    found.unwrap_or_default().to_owned()
}

async fn text_message(State(shared): State<Shared>, Json(body): Json<Value>) -> Response {
    let reply = |code: &str, words: &str| {
        Json(json!({"RPLY": {"name": "send_sms_list", "ERROR": code, "ERROR_DESC": words}}))
            .into_response()
    };
    if text_of(&body, "/RQST/name") != "send_sms_list" {
        return reply("1", "unknown request");
    }
    let message = Taken {
        provider: "sms".to_owned(),
        code: text_of(&body, "/RQST/REQID"),
        to: text_of(&body, "/RQST/MOBILELIST"),
        text: text_of(&body, "/RQST/PARAMS/0/CONTENT"),
    };
    match next(&shared) {
        Some(Fault::Refuse) => reply(SMS_REFUSED, "number not reached"),
        Some(Fault::Busy) => reply(SMS_BUSY, "busy"),
        Some(Fault::Slow) => withheld().await,
        Some(Fault::Dead) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(Fault::Lost) => {
            take(&shared, message);
            withheld().await
        }
        Some(Fault::Token) | None => {
            if take(&shared, message) {
                reply("0", "success")
            } else {
                reply(SMS_REPEATED, "REQID was used before")
            }
        }
    }
}

/// The message that a request carries, its text as the values of the template.
fn approved_message(body: &Value) -> Taken {
    let values = body.get("template_data");
    Taken {
        provider: "approved".to_owned(),
        code: text_of(body, "/tracking_id"),
        to: text_of(body, "/phone"),
        text: values.map(Value::to_string).unwrap_or_default(),
    }
}

async fn approved_text(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    let reply = |error: i64, words: &str, data: Value| {
        Json(json!({"error": error, "message": words, "data": data})).into_response()
    };
    let fault = next(&shared);
    let given = headers
        .get("access_token")
        .and_then(|value| value.to_str().ok());
    let good = remember(&shared, |memory| format!("access-{}", memory.pair));
    if fault == Some(Fault::Token) || given != Some(good.as_str()) {
        return reply(-124, "Access token is invalid", Value::Null);
    }
    let message = approved_message(&body);
    match fault {
        Some(Fault::Refuse) => reply(-118, "Account not existed", Value::Null),
        Some(Fault::Busy) => reply(-100, "Unknown error", Value::Null),
        Some(Fault::Slow) => withheld().await,
        Some(Fault::Dead) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(Fault::Lost) => {
            take(&shared, message);
            withheld().await
        }
        Some(Fault::Token) | None => {
            let id = format!("m-{}", message.code);
            take(&shared, message);
            reply(0, "Success", json!({"msg_id": id, "sent_time": "0"}))
        }
    }
}

/// Which text is asked for.
#[derive(Debug, Deserialize)]
struct Asked {
    template_id: String,
}

/// What is known of an approved text: 100001 is in use, 100002 switched off, others unknown.
async fn text_info(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    let reply = |error: i64, words: &str, data: Value| {
        Json(json!({"error": error, "message": words, "data": data})).into_response()
    };
    let fault = next(&shared);
    let given = headers
        .get("access_token")
        .and_then(|value| value.to_str().ok());
    let good = remember(&shared, |memory| format!("access-{}", memory.pair));
    if fault == Some(Fault::Token) || given != Some(good.as_str()) {
        return reply(-124, "Access token is invalid", Value::Null);
    }
    if fault == Some(Fault::Busy) {
        return reply(-100, "Unknown error", Value::Null);
    }
    let status = match asked.template_id.as_str() {
        "100001" => "ENABLE",
        "100002" => "DISABLE",
        _ => return reply(-109, "Template is invalid", Value::Null),
    };
    let parameter = |name: &str, longest: u32| json!({"name": name, "require": true, "type": "STRING", "maxLength": longest});
    let parameters = [
        parameter("ma_ho_so", 30),
        parameter("co_quan", 200),
        parameter("ngay_hen_tra", 30),
    ];
    reply(
        0,
        "Success",
        json!({"templateId": asked.template_id, "status": status, "listParams": parameters}),
    )
}

/// A new pair of tokens for the refresh token in force, which is good for one use.
async fn tokens(State(shared): State<Shared>, body: String) -> Response {
    let given = body
        .split('&')
        .find_map(|pair| pair.strip_prefix("refresh_token="));
    let pair = remember(&shared, |memory| {
        let good = format!("refresh-{}", memory.pair);
        (given == Some(good.as_str())).then(|| {
            memory.pair = memory.pair.saturating_add(1);
            memory.pair
        })
    });
    match pair {
        Some(pair) => Json(json!({
            "access_token": format!("access-{pair}"),
            "refresh_token": format!("refresh-{pair}"),
            "expires_in": "90000",
        }))
        .into_response(),
        None => {
            Json(json!({"error": -14014, "error_name": "Invalid refresh token"})).into_response()
        }
    }
}
