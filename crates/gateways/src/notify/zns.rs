//! Messages of Zalo's notification service: texts that the provider approved, filled with parameters.
//!
//! A refresh token is good for one use; see `tokens`. `tracking_id` stays the same when a message is
//! sent again.

use std::path::PathBuf;
use std::time::Duration;

use app::ports::{Notifier, Outgoing, PortError};
use async_trait::async_trait;
use domain::notice::{Approved, Channel, Parameter};
use http::Request;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::BadChannel;
use super::http::{Caller, international, provider};
use super::tokens::{Keeper, Refreshed, Renewal};

const VARIABLE: &str = "MOTCUA_ZNS_ACCOUNT";
/// How often one message asks for another access token: once for what another node has written, once
/// for a new pair.
const RENEWALS: u8 = 2;
/// The access token is no longer good.
const TOKEN_INVALID: i64 = -124;
/// No such text, or none of this application.
const NO_SUCH_TEXT: [i64; 3] = [-109, -112, -117];
/// The text waits for the provider's approval.
const NOT_APPROVED: i64 = -131;
/// The state of a text with which messages are taken.
const ENABLED: &str = "ENABLE";
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

/// Sends messages through the provider.
pub struct ZnsNotifier {
    caller: Caller,
    account: ZnsAccount,
    tokens: Keeper,
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
        let tokens = Keeper::open(&account.token_file).map_err(bad)?;
        let account = ZnsAccount {
            url: provider(&account.url, VARIABLE)?,
            oauth_url: provider(&account.oauth_url, VARIABLE)?,
            ..account
        };
        Ok(Self {
            caller: Caller::new(patience),
            account,
            tokens,
        })
    }

    /// Asks the provider with the access token in force, and with another one when it says that this
    /// one is no longer good: what another node has written may be as old.
    async fn asked(&self, request: impl Fn(&str) -> Made) -> Result<Reply, PortError> {
        let mut token = self.tokens.access().await;
        let mut reply = self.caller.ask::<Reply>(made(request(&token))?).await?;
        for _ in 0..RENEWALS {
            if reply.error != TOKEN_INVALID {
                break;
            }
            token = match self.tokens.renew(&token).await {
                Renewal::Known(token) => token,
                Renewal::Ask(asking) => {
                    let refreshed = self.refreshed(asking.refresh_token()).await?;
                    asking.ended(refreshed).await?
                }
            };
            reply = self.caller.ask(made(request(&token))?).await?;
        }
        Ok(reply)
    }

    /// A new pair of tokens from the provider.
    async fn refreshed(&self, refresh_token: &str) -> Result<Refreshed, PortError> {
        let form = [
            ("refresh_token", refresh_token),
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
        let answer: Value = match self.caller.ask(made(request)?).await {
            Ok(answer) => answer,
            Err(PortError::Fail(_)) => return Ok(Refreshed::Refused),
            Err(later) => return Err(later),
        };
        let pair = serde_json::from_value(answer).ok();
        Ok(pair.map_or(Refreshed::Refused, Refreshed::New))
    }
}

/// A request as it was built.
type Made = Result<Request<String>, http::Error>;

fn made(request: Made) -> Result<Request<String>, PortError> {
    request.map_err(|cause| PortError::Fail(cause.to_string()))
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
        let body = message.to_string();
        let request = |token: &str| {
            Request::post(format!("{}/message/template", self.account.url))
                .header(CONTENT_TYPE, "application/json")
                .header("access_token", token)
                .body(body.clone())
        };
        let reply = self.asked(request).await?;
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

    async fn approved(&self, text: &str) -> Result<Option<Approved>, PortError> {
        let url = format!("{}/template/info/v2", self.account.url);
        let request = |token: &str| {
            Request::get(format!("{url}?template_id={}", escaped(text)))
                .header("access_token", token)
                .body(String::new())
        };
        let reply = self.asked(request).await?;
        let reason = format!("{} {}", reply.error, reply.message);
        match reply.error {
            0 => {
                let told: Told = serde_json::from_value(reply.data)
                    .map_err(|_| PortError::Retry("unreadable_answer".to_owned()))?;
                Ok(Some(told.into()))
            }
            NOT_APPROVED => Ok(Some(Approved::default())),
            error if NO_SUCH_TEXT.contains(&error) => Err(PortError::Fail(reason)),
            _ => Err(PortError::Retry(reason)),
        }
    }
}

/// What the provider tells of an approved text.
#[derive(Deserialize)]
struct Told {
    status: String,
    #[serde(rename = "listParams", default)]
    parameters: Vec<ToldParameter>,
}

#[derive(Deserialize)]
struct ToldParameter {
    name: String,
    #[serde(default)]
    require: bool,
    #[serde(rename = "maxLength", default)]
    longest: Option<usize>,
}

impl From<Told> for Approved {
    fn from(told: Told) -> Self {
        let parameters = told.parameters.into_iter().map(|one| Parameter {
            name: one.name,
            required: one.require,
            longest: one.longest.filter(|longest| *longest > 0),
        });
        Self {
            enabled: told.status == ENABLED,
            parameters: parameters.collect(),
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
