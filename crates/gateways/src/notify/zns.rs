//! Messages of Zalo's notification service: texts that the provider approved, filled with parameters.
//!
//! A refresh token is good for one use: the new pair is on disk before the access token is used.
//! `tracking_id` stays the same when a message is sent again.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use app::ports::{Notifier, Outgoing, PortError};
use async_trait::async_trait;
use domain::notice::Channel;
use http::Request;
use http::header::CONTENT_TYPE;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio::sync::Mutex;

use super::BadChannel;
use super::http::{Caller, international, provider, retry};

const VARIABLE: &str = "MOTCUA_ZNS_ACCOUNT";
/// The access token is no longer good.
const TOKEN_INVALID: i64 = -124;
/// Number unknown, account absent, stopped or closed to such messages, text not approved, parameters
/// not those of the text. Codes as the provider published them; the contract may name others.
const REFUSED: [i64; 8] = [-108, -114, -118, -119, -131, -132, -139, -141];

/// The contract with the provider, from a file.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZnsAccount {
    /// Number of the application.
    app_id: String,
    /// Its secret.
    secret_key: String,
    /// File with the pair of tokens; it is written anew at each refresh.
    token_file: PathBuf,
    /// Where messages go.
    #[serde(default = "messages_at")]
    url: String,
    /// Where tokens are refreshed.
    #[serde(default = "tokens_at")]
    oauth_url: String,
    /// Codes by which the provider refuses for good, instead of the published ones.
    #[serde(default = "refused")]
    refused: Vec<i64>,
    /// Codes by which the provider says that it has the message already.
    #[serde(default)]
    repeated: Vec<i64>,
}

fn messages_at() -> String {
    "https://business.openapi.zalo.me".to_owned()
}

fn tokens_at() -> String {
    "https://oauth.zaloapp.com".to_owned()
}

fn refused() -> Vec<i64> {
    REFUSED.to_vec()
}

impl std::fmt::Debug for ZnsAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ZnsAccount").finish_non_exhaustive()
    }
}

impl ZnsAccount {
    /// Reads the file's JSON.
    ///
    /// # Errors
    /// [`BadChannel`] naming what is missing.
    pub fn parse(json: &str) -> Result<Self, BadChannel> {
        serde_json::from_str(json).map_err(|cause| BadChannel::new(VARIABLE, cause))
    }
}

/// The pair of tokens.
#[derive(Clone, Serialize, Deserialize)]
struct Tokens {
    access_token: String,
    refresh_token: String,
}

/// Sends messages through the provider.
pub struct ZnsNotifier {
    caller: Caller,
    account: ZnsAccount,
    /// One refresh at a time.
    tokens: Mutex<Tokens>,
}

impl std::fmt::Debug for ZnsNotifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ZnsNotifier").finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Reply {
    error: i64,
    #[serde(default)]
    message: String,
    #[serde(default)]
    data: Value,
}

impl ZnsNotifier {
    /// Sends with the tokens of the account's file.
    ///
    /// # Errors
    /// [`BadChannel`] when an address is none, or the file of tokens cannot be read.
    pub fn open(account: ZnsAccount, patience: Duration) -> Result<Self, BadChannel> {
        let bad = |why: String| BadChannel::new(VARIABLE, format!("token_file: {why}"));
        let text = fs::read_to_string(&account.token_file).map_err(|e| bad(e.to_string()))?;
        let tokens = serde_json::from_str(&text).map_err(|e| bad(e.to_string()))?;
        let account = ZnsAccount {
            url: provider(&account.url, VARIABLE)?,
            oauth_url: provider(&account.oauth_url, VARIABLE)?,
            ..account
        };
        Ok(Self {
            caller: Caller::new(patience),
            account,
            tokens: Mutex::new(tokens),
        })
    }

    async fn try_with(&self, token: &str, message: &Value) -> Result<Reply, PortError> {
        let request = Request::post(format!("{}/message/template", self.account.url))
            .header(CONTENT_TYPE, "application/json")
            .header("access_token", token)
            .body(message.to_string());
        let request = request.map_err(|cause| PortError::Fail(cause.to_string()))?;
        self.caller.post(request).await
    }

    /// A new pair of tokens, unless another message has fetched one since `used` was read.
    async fn refreshed(&self, used: &str) -> Result<String, PortError> {
        let mut tokens = self.tokens.lock().await;
        if tokens.access_token != used {
            return Ok(tokens.access_token.clone());
        }
        let form = [
            ("refresh_token", tokens.refresh_token.as_str()),
            ("app_id", &self.account.app_id),
            ("grant_type", "refresh_token"),
        ];
        let form: Vec<String> = form
            .iter()
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .collect();
        let request = Request::post(format!("{}/v4/oa/access_token", self.account.oauth_url))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("secret_key", &self.account.secret_key)
            .body(form.join("&"));
        let request = request.map_err(|cause| PortError::Fail(cause.to_string()))?;
        let answer: Value = self.caller.post(request).await?;
        let new: Tokens = serde_json::from_value(answer).map_err(|_| retry("token_refused"))?;
        self.keep(&new).map_err(|cause| retry(&cause.to_string()))?;
        *tokens = new;
        Ok(tokens.access_token.clone())
    }

    /// Writes the pair beside the old one and puts it in its place.
    fn keep(&self, tokens: &Tokens) -> std::io::Result<()> {
        use std::os::unix::fs::OpenOptionsExt as _;
        let (place, new) = (
            &self.account.token_file,
            self.account.token_file.with_extension("new"),
        );
        let mut options = fs::OpenOptions::new();
        let options = options.write(true).create(true).truncate(true).mode(0o600);
        let mut file = options.open(&new)?;
        file.write_all(&serde_json::to_vec(tokens)?)?;
        file.sync_all()?;
        fs::rename(&new, place)
    }
}

#[async_trait]
impl Notifier for ZnsNotifier {
    fn channel(&self) -> Channel {
        Channel::Social
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<String, PortError> {
        let Some(number) = international(&outgoing.to) else {
            return Err(PortError::Fail("bad_address".to_owned()));
        };
        let message = json!({
            "phone": number,
            "template_id": outgoing.subject,
            "template_data": parameters(&outgoing.body),
            "tracking_id": outgoing.code,
        });
        let token = self.tokens.lock().await.access_token.clone();
        let mut reply = self.try_with(&token, &message).await?;
        if reply.error == TOKEN_INVALID {
            let token = self.refreshed(&token).await?;
            reply = self.try_with(&token, &message).await?;
        }
        let reason = format!("{} {}", reply.error, reply.message);
        let id = reply.data.get("msg_id").and_then(Value::as_str);
        match reply.error {
            error if error == 0 || self.account.repeated.contains(&error) => {
                Ok(id.unwrap_or_default().to_owned())
            }
            error if self.account.refused.contains(&error) => Err(PortError::Fail(reason)),
            _ => Err(PortError::Retry(reason)),
        }
    }
}

/// `parameter=value` lines as an object.
fn parameters(body: &str) -> Map<String, Value> {
    let lines = body.lines().filter_map(|line| line.split_once('='));
    lines
        .map(|(name, value)| (name.trim().to_owned(), json!(value.trim())))
        .collect()
}

/// A value of a form.
fn escaped(value: &str) -> String {
    let byte = |b: u8| match b {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(b).to_string()
        }
        b => format!("%{b:02X}"),
    };
    value.bytes().map(byte).collect()
}
