//! Questions and answers in JSON.

use std::time::Duration;

use app::ports::PortError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::Value;

use super::secret::Secret;
use super::trouble::{Trouble, of_line};
use crate::calls::Caller;

/// Bytes of an answer: signatures of a large batch.
const MOST: usize = 8 * 1024 * 1024;
/// A token is renewed so many seconds before it ends.
const EARLY: i64 = 30;
/// How many seconds a token is good whose end is not told.
const UNTOLD: i64 = 300;
/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// What a request says of who asks.
pub(super) enum Pass<'a> {
    /// Nothing outside the body.
    None,
    /// A token.
    Bearer(&'a Secret),
    /// A user with her password.
    Basic(&'a str, &'a Secret),
}

/// What was answered.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
}

/// The line to one service.
pub(super) struct Line {
    caller: Caller,
    base: String,
}

impl Line {
    pub(super) fn new(base: String, patience: Duration) -> Self {
        Self::reading(base, patience, MOST)
    }

    /// A line whose answers may have so many bytes.
    pub(super) fn reading(base: String, patience: Duration, most: usize) -> Self {
        let caller = Caller::new(patience).reading(most);
        Self { caller, base }
    }

    /// Posts JSON and reads what is answered; a fault of the service is an error, a refusal is not.
    pub(super) async fn post(
        &self,
        path: &str,
        pass: Pass<'_>,
        body: &Value,
    ) -> Result<Answer, PortError> {
        let mut request = Request::post(format!("{}{path}", self.base));
        let word = match pass {
            Pass::None => None,
            Pass::Bearer(token) => Some(format!("Bearer {}", token.reveal())),
            Pass::Basic(user, password) => {
                let pair = format!("{user}:{}", password.reveal());
                Some(format!("Basic {}", STANDARD.encode(pair)))
            }
        };
        if let Some(word) = word {
            request = request.header(AUTHORIZATION, word);
        }
        let request = request
            .header(CONTENT_TYPE, "application/json")
            .body(body.to_string());
        let request = request.map_err(|_| Trouble::Refused.error())?;
        let (status, body) = self.caller.answer(request).await.map_err(of_line)?;
        let broken = status >= 500 || [408, 425, 429].contains(&status);
        if broken {
            tracing::warn!(status, "A signing service has a fault of its own");
            return Err(Trouble::Broken.error());
        }
        let read = serde_json::from_slice(&body).ok();
        // Some calls answer nothing, and an expired token is told by the status alone.
        let silent = (body.is_empty() || status == 401).then_some(Value::Null);
        match read.or(silent) {
            Some(body) => Ok(Answer { status, body }),
            None => Err(Trouble::Broken.error()),
        }
    }
}

/// A text of the answer.
pub(super) fn text<'a>(body: &'a Value, pointer: &str) -> &'a str {
    body.pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// A number that services write as one, or as text.
pub(super) fn number(body: &Value, pointer: &str) -> Option<i64> {
    match body.pointer(pointer)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// How long the token of an answer is used: a little less than it is good, and a day at most, whatever
/// the service says.
pub(super) fn life(body: &Value) -> Duration {
    let seconds = number(body, "/expires_in").unwrap_or(UNTOLD);
    let seconds = seconds.saturating_sub(EARLY).clamp(0, DAY);
    Duration::from_secs(u64::try_from(seconds).unwrap_or_default())
}

/// The elements of a list; none when it is no list.
pub(super) fn list<'a>(body: &'a Value, pointer: &str) -> &'a [Value] {
    let list = body.pointer(pointer).and_then(Value::as_array);
    list.map(Vec::as_slice).unwrap_or_default()
}

/// Base64 as services write it, wrapped or not.
pub(super) fn decoded(text: &str) -> Option<Vec<u8>> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    STANDARD.decode(plain).ok()
}

/// Base64 texts of a list, all of them or none.
pub(super) fn decoded_list(body: &Value, pointer: &str) -> Option<Vec<Vec<u8>>> {
    let texts = list(body, pointer).iter();
    texts.map(|text| decoded(text.as_str()?)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_token_is_used_for_a_day_at_most() {
        for (told, seconds) in [
            (json!({"expires_in": 3600}), 3570),
            (json!({"expires_in": "60"}), 30),
            (json!({"expires_in": 5}), 0),
            (json!({"expires_in": i64::MIN}), 0),
            (json!({"expires_in": i64::MAX}), 86_400),
            (json!({}), 270),
        ] {
            assert_eq!(life(&told), Duration::from_secs(seconds), "{told}");
        }
    }
}
