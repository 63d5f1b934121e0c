//! Text messages through a provider's JSON interface (`send_sms_list`).
//!
//! `REQID` stays the same when a message is sent again: a provider that answers with one of the codes
//! named `repeated` has taken it before, and it counts as sent.

use std::time::Duration;

use app::ports::{Notifier, Outgoing, PortError};
use async_trait::async_trait;
use domain::notice::Channel;
use http::Request;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::{Value, json};

use super::BadChannel;
use super::http::{Caller, international, provider};

/// The contract with the provider, from a file.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsAccount {
    /// Number of the brand name.
    label: String,
    /// Number of the kind of contract.
    contract_type: String,
    /// Number of the contract.
    contract: String,
    /// Number of the approved text; its one place takes the message.
    template: String,
    /// Number of the agent.
    agent: String,
    /// User of the interface.
    user: String,
    /// Its password.
    password: String,
    /// The customer's name with the provider.
    customer: String,
    /// Codes by which the provider refuses for good.
    #[serde(default)]
    refused: Vec<String>,
    /// Codes by which the provider says that it has the message already.
    #[serde(default)]
    repeated: Vec<String>,
}

impl std::fmt::Debug for SmsAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmsAccount").finish_non_exhaustive()
    }
}

impl SmsAccount {
    /// Reads the file's JSON.
    ///
    /// # Errors
    /// [`BadChannel`] naming what is missing.
    pub fn parse(json: &str) -> Result<Self, BadChannel> {
        serde_json::from_str(json).map_err(|cause| BadChannel::new("MOTCUA_SMS_ACCOUNT", cause))
    }
}

/// Sends text messages through one provider.
pub struct SmsNotifier {
    caller: Caller,
    url: String,
    account: SmsAccount,
}

impl std::fmt::Debug for SmsNotifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmsNotifier").finish_non_exhaustive()
    }
}

impl SmsNotifier {
    /// Sends through the provider at `url`.
    ///
    /// # Errors
    /// [`BadChannel`] when the address is none, or elsewhere without TLS.
    pub fn open(url: &str, account: SmsAccount, patience: Duration) -> Result<Self, BadChannel> {
        Ok(Self {
            caller: Caller::new(patience),
            url: provider(url, "MOTCUA_SMS_URL")?,
            account,
        })
    }

    fn request(&self, outgoing: &Outgoing, number: &str) -> Value {
        let account = &self.account;
        json!({"RQST": {
            "name": "send_sms_list",
            "REQID": outgoing.code,
            "LABELID": account.label,
            "CONTRACTTYPEID": account.contract_type,
            "CONTRACTID": account.contract,
            "TEMPLATEID": account.template,
            "PARAMS": [{"NUM": "1", "CONTENT": outgoing.body}],
            "SCHEDULETIME": "",
            "MOBILELIST": number,
            "ISTELCOSUB": "0",
            "AGENTID": account.agent,
            "APIUSER": account.user,
            "APIPASS": account.password,
            "USERNAME": account.customer,
            "DATACODING": if outgoing.body.is_ascii() { "0" } else { "8" },
        }})
    }
}

#[derive(Deserialize)]
struct Reply {
    #[serde(rename = "RPLY")]
    reply: Said,
}

/// Codes come as numbers or as texts.
#[derive(Deserialize)]
struct Said {
    #[serde(rename = "ERROR")]
    error: Value,
    #[serde(rename = "ERROR_DESC", default)]
    words: String,
}

#[async_trait]
impl Notifier for SmsNotifier {
    fn channel(&self) -> Channel {
        Channel::Sms
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<String, PortError> {
        let Some(number) = international(&outgoing.to) else {
            return Err(PortError::Fail("bad_address".to_owned()));
        };
        let request = Request::post(&self.url)
            .header(CONTENT_TYPE, "application/json")
            .body(self.request(outgoing, &number).to_string());
        let request = request.map_err(|cause| PortError::Fail(cause.to_string()))?;
        let said = self.caller.ask::<Reply>(request).await?.reply;
        let code = match &said.error {
            Value::String(code) => code.clone(),
            other => other.to_string(),
        };
        let reason = format!("{code} {}", said.words);
        match code {
            code if code == "0" || self.account.repeated.contains(&code) => Ok(said.words),
            code if self.account.refused.contains(&code) => Err(PortError::Fail(reason)),
            _ => Err(PortError::Retry(reason)),
        }
    }
}
