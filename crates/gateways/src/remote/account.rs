//! Which services there are, from a file:
//!
//! ```json
//! {"services": [
//!   {"name": "smartca", "service": "smart_ca", "sp_id": "…", "sp_password": "…"},
//!   {"name": "csc", "service": "csc", "url": "https://…/csc/v1", "login": "…", "password": "…"}
//! ]}
//! ```

use std::collections::BTreeMap;
use std::env;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;

use super::csc::{Csc, CscAccount};
use super::my_sign::{MySign, MySignAccount};
use super::port::{Polling, RemoteSigning};
use super::public_gateway::{GatewayAccount, PublicGateway};
use super::smart_ca::{SmartCa, SmartCaAccount};
use crate::{calls, secrets};

/// The variable that names the file.
const VARIABLE: &str = "MOTCUA_REMOTE_SIGNING";

/// Why services of remote signing cannot be used as they are configured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("MOTCUA_REMOTE_SIGNING: {why}")]
pub struct BadService {
    why: String,
}

impl BadService {
    #[expect(
        clippy::needless_pass_by_value,
        reason = "causes are handed over by map_err"
    )]
    pub(super) fn new(why: impl ToString) -> Self {
        let why = why.to_string();
        Self { why }
    }
}

/// The services by the names that the configuration gives them.
#[derive(Default)]
pub struct Services {
    /// Those that sign digests.
    pub signing: BTreeMap<String, Arc<dyn RemoteSigning>>,
    /// Those that sign whole documents.
    pub gateways: BTreeMap<String, Arc<PublicGateway>>,
}

impl std::fmt::Debug for Services {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Services")
            .field("signing", &self.signing.keys())
            .field("gateways", &self.gateways.keys())
            .finish()
    }
}

/// How long and how often a service is asked.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Asked {
    /// Seconds that one answer may take.
    patience_seconds: u64,
    /// Seconds between two questions for a request that waits.
    every_seconds: u64,
    /// How many of them.
    times: u32,
}

impl Default for Asked {
    /// As the services ask for it: every 10 seconds, 24 times.
    fn default() -> Self {
        Self {
            patience_seconds: 30,
            every_seconds: 10,
            times: 24,
        }
    }
}

impl Asked {
    pub(super) fn patience(&self) -> Duration {
        Duration::from_secs(self.patience_seconds)
    }

    pub(super) fn polling(&self) -> Polling {
        Polling {
            every: Duration::from_secs(self.every_seconds),
            times: self.times,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    services: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    name: String,
    #[serde(default)]
    asked: Asked,
    #[serde(flatten)]
    account: Account,
}

#[derive(Deserialize)]
#[serde(tag = "service", rename_all = "snake_case")]
enum Account {
    Csc(CscAccount),
    SmartCa(SmartCaAccount),
    MySign(MySignAccount),
    Gateway(GatewayAccount),
}

/// The services that the environment names; none when it names no file.
///
/// # Errors
/// [`BadService`] when the file cannot be read, others than its owner can, or one of them is configured
/// wrongly.
pub fn from_environment() -> Result<Services, BadService> {
    let path = env::var(VARIABLE).unwrap_or_default();
    if path.trim().is_empty() {
        return Ok(Services::default());
    }
    of_file(path.as_ref())
}

fn of_file(path: &Path) -> Result<Services, BadService> {
    parse(&secrets::read(path).map_err(BadService::new)?)
}

/// The services of such a file.
///
/// # Errors
/// [`BadService`] when one of them is configured wrongly.
pub fn parse(json: &str) -> Result<Services, BadService> {
    let file: File = serde_json::from_str(json).map_err(BadService::new)?;
    let mut services = Services::default();
    for Entry {
        name,
        asked,
        account,
    } in file.services
    {
        if asked.patience_seconds == 0 || asked.every_seconds == 0 || asked.times == 0 {
            return Err(BadService::new(format!(
                "{name}: asked needs numbers above 0"
            )));
        }
        let signing: Arc<dyn RemoteSigning> = match account {
            Account::Csc(account) => Arc::new(Csc::open(account, asked)?),
            Account::SmartCa(account) => Arc::new(SmartCa::open(account, asked)?),
            Account::MySign(account) => Arc::new(MySign::open(account, asked)?),
            Account::Gateway(account) => {
                let gateway = Arc::new(PublicGateway::open(account, &asked)?);
                services.gateways.insert(name, gateway);
                continue;
            }
        };
        if services.signing.insert(name.clone(), signing).is_some() {
            return Err(BadService::new(format!("{name} is there twice")));
        }
    }
    Ok(services)
}

/// An address that is asked over TLS, or is on this machine.
pub(super) fn address(url: &str) -> Result<String, BadService> {
    calls::secure(url).ok_or_else(|| BadService::new("write an address https://…"))
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_with_passwords_that_others_can_read_is_not_used() {
        let name = format!("motcua-remote-signing-{}.json", std::process::id());
        let file = env::temp_dir().join(name);
        fs::write(&file, r#"{"services": []}"#).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        let open = of_file(&file).unwrap_err().to_string();
        assert!(open.contains("open to others"), "{open}");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(of_file(&file).is_ok());
        fs::remove_file(&file).unwrap();
    }
}
