//! Channels to people: mail over SMTP, text messages and messages of a social network over their
//! providers' HTTP interfaces. A channel exists when its environment names it.

mod http;
mod mail;
mod sms;
mod tokens;
mod zns;

use std::env;
use std::sync::Arc;
use std::time::Duration;

use app::ports::Notifier;

pub use mail::MailNotifier;
pub use sms::{SmsAccount, SmsNotifier};
pub use zns::{ZnsAccount, ZnsNotifier};

/// Why a channel cannot be used as it is configured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable}: {why}")]
pub struct BadChannel {
    /// The variable that names it.
    pub variable: &'static str,
    /// What is wrong.
    pub why: String,
}

impl BadChannel {
    #[expect(
        clippy::needless_pass_by_value,
        reason = "causes are handed over by map_err"
    )]
    fn new(variable: &'static str, why: impl ToString) -> Self {
        Self {
            variable,
            why: why.to_string(),
        }
    }
}

/// How long a server or provider may take for one notice, unless `MOTCUA_NOTICE_TIMEOUT` says
/// otherwise: a mail server that is given up while it takes a mail gets it twice.
const PATIENCE: Duration = Duration::from_mins(2);
/// The longest: whoever sends has its own end.
const LONGEST: u64 = 170;

/// The channels that the environment names.
///
/// # Errors
/// [`BadChannel`] when one of them is named wrongly.
pub fn from_environment() -> Result<Vec<Arc<dyn Notifier>>, BadChannel> {
    let patience = patience()?;
    let mut channels: Vec<Arc<dyn Notifier>> = Vec::new();
    if let Some(url) = given("MOTCUA_SMTP") {
        let from = given("MOTCUA_MAIL_FROM")
            .ok_or_else(|| BadChannel::new("MOTCUA_MAIL_FROM", "names no sender"))?;
        let authority = given("MOTCUA_SMTP_CA")
            .map(|_| file("MOTCUA_SMTP_CA"))
            .transpose()?;
        let mail = MailNotifier::open(&url, &from, authority.as_deref(), patience)?;
        channels.push(Arc::new(mail));
    }
    if let Some(url) = given("MOTCUA_SMS_URL") {
        let account = SmsAccount::parse(&file("MOTCUA_SMS_ACCOUNT")?)?;
        channels.push(Arc::new(SmsNotifier::open(&url, account, patience)?));
    }
    if given("MOTCUA_ZNS_ACCOUNT").is_some() {
        let account = ZnsAccount::parse(&file("MOTCUA_ZNS_ACCOUNT")?)?;
        channels.push(Arc::new(ZnsNotifier::open(account, patience)?));
    }
    Ok(channels)
}

fn given(variable: &str) -> Option<String> {
    env::var(variable)
        .ok()
        .filter(|value| !value.trim().is_empty())
}

fn patience() -> Result<Duration, BadChannel> {
    const VARIABLE: &str = "MOTCUA_NOTICE_TIMEOUT";
    let Some(seconds) = given(VARIABLE) else {
        return Ok(PATIENCE);
    };
    let seconds: Option<u64> = seconds.parse().ok();
    let seconds = seconds.filter(|seconds| (1..=LONGEST).contains(seconds));
    let bad = || BadChannel::new(VARIABLE, "seconds from 1 to 170 are needed");
    seconds.map(Duration::from_secs).ok_or_else(bad)
}

/// The content of the file that a variable names.
fn file(variable: &'static str) -> Result<String, BadChannel> {
    let path = given(variable).ok_or_else(|| BadChannel::new(variable, "names no file"))?;
    std::fs::read_to_string(&path).map_err(|cause| BadChannel::new(variable, cause))
}
