//! `cargo xtask demo`: from a clean clone to a running demonstration province.

use std::fs;
use std::io::ErrorKind;
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::assets;
use crate::shell::{self, cargo, heading, root, target_folder};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Throws the demonstration's data away and starts anew.
    #[arg(long)]
    fresh: bool,
    /// The port on this machine.
    #[arg(long, default_value_t = 8080)]
    port: u16,
}

const DATABASE: &str = "var/demo.db";
const FILES: &str = "var/files";
/// Where the server keeps the keys that sign, beside its files; the simulators certify with the same.
const SIGNING: &str = "var/files.signing";
const KEY: &str = "var/demo.key";
const SMS_ACCOUNT: &str = "var/demo-sms.json";
const ZNS_ACCOUNT: &str = "var/demo-zns.json";
const TOKENS: &str = "var/demo-zns-tokens.json";

/// Builds what is not built and becomes the server; keeps the data unless asked otherwise.
pub(crate) fn run(options: &Options) -> Result<()> {
    assets::build()?;
    heading("server");
    let programs = ["--package", "server", "--package", "simulators", "--bins"];
    shell::run(cargo().args(["build", "--locked"]).args(programs))?;
    if options.fresh {
        forget(root())?;
    }
    fs::create_dir_all(root().join(FILES))?;
    heading("demonstration");
    let programs = target_folder()?.join("debug");
    let providers = options.port.saturating_add(10);
    // It ends with the terminal, as the server does.
    let simulators = Command::new(programs.join("motcua-simulators"))
        .current_dir(root())
        .args([&providers.to_string(), SIGNING])
        .spawn()
        .context("cannot start the simulators")?;
    // They make the test authority that the server certifies with.
    ready(simulators, providers)?;
    let mut server = Command::new(programs.join("motcua"));
    Err(server
        .current_dir(root())
        .envs(channels(root(), providers)?)
        .envs(authorities(providers))
        .args(arguments(options.port))
        .exec())
    .context("cannot start the server")
}

fn arguments(port: u16) -> Vec<String> {
    let address = format!("127.0.0.1:{port}");
    let database = format!("sqlite:{DATABASE}");
    let places = ["--database", &database, "--files", FILES, "--key-file", KEY];
    let words = ["demo"]
        .into_iter()
        .chain(places)
        .chain(["--address", &address]);
    words.map(str::to_owned).collect()
}

/// Waits until the simulators listen.
fn ready(mut simulators: Child, port: u16) -> Result<()> {
    for _ in 0..100 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Ok(());
        }
        if let Some(ended) = simulators.try_wait()? {
            bail!("the simulators ended: {ended}");
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    bail!("the simulators do not listen")
}

/// Who stamps the time and tells about certificates: the simulators, which are on this machine.
fn authorities(port: u16) -> [(&'static str, String); 3] {
    let here = format!("127.0.0.1:{port}");
    [
        ("MOTCUA_TIMESTAMPS", format!("http://{here}/tsa")),
        ("MOTCUA_DEMO_AUTHORITY", format!("http://{here}")),
        ("MOTCUA_OWN_AUTHORITIES", here),
    ]
}

/// Contracts with the simulated providers of messages, and where the server finds them.
fn channels(root: &Path, port: u16) -> Result<[(&'static str, String); 3]> {
    let at = format!("http://127.0.0.1:{port}");
    let text_messages = json!({
        "label": "1", "contract_type": "1", "contract": "1", "template": "1", "agent": "1",
        "user": "demo", "password": "demo", "customer": "motcua",
        "refused": ["3"], "repeated": ["15"],
    });
    let tokens = json!({"access_token": "access-0", "refresh_token": "refresh-0"});
    let approved_texts = json!({
        "app_id": "1", "secret_key": "demo", "token_file": TOKENS, "url": at, "oauth_url": at,
    });
    let files = [
        (SMS_ACCOUNT, text_messages),
        (TOKENS, tokens),
        (ZNS_ACCOUNT, approved_texts),
    ];
    for (name, content) in files {
        fs::write(root.join(name), content.to_string())
            .with_context(|| format!("cannot write {name}"))?;
    }
    Ok([
        ("MOTCUA_SMS_URL", format!("{at}/sms")),
        ("MOTCUA_SMS_ACCOUNT", SMS_ACCOUNT.to_owned()),
        ("MOTCUA_ZNS_ACCOUNT", ZNS_ACCOUNT.to_owned()),
    ])
}

/// Removes the demonstration's data and nothing else.
fn forget(root: &Path) -> Result<()> {
    for end in ["", "-wal", "-shm"] {
        gone(fs::remove_file(root.join(format!("{DATABASE}{end}"))))?;
    }
    gone(fs::remove_file(root.join(KEY)))?;
    gone(fs::remove_dir_all(root.join(SIGNING)))?;
    gone(fs::remove_dir_all(root.join(FILES)))
}

fn gone(removed: std::io::Result<()>) -> Result<()> {
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).context("cannot remove the demonstration's data")
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_start_removes_the_demonstration_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("motcua-demo-{}", std::process::id()));
        fs::create_dir_all(folder.join(FILES)).unwrap();
        fs::write(folder.join(DATABASE), "data").unwrap();
        fs::write(folder.join(KEY), "key").unwrap();
        fs::write(folder.join("var/other.db"), "data").unwrap();
        fs::create_dir_all(folder.join(SIGNING)).unwrap();
        forget(&folder).unwrap();
        for gone in [KEY, DATABASE, FILES, SIGNING] {
            assert!(!folder.join(gone).exists(), "{gone}");
        }
        assert!(folder.join("var/other.db").exists());
        forget(&folder).unwrap();
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn the_demonstration_has_providers_of_messages_on_this_machine() {
        let folder = std::env::temp_dir().join(format!("motcua-channels-{}", std::process::id()));
        fs::create_dir_all(folder.join("var")).unwrap();
        let named = channels(&folder, 9010).unwrap();
        assert_eq!(named[0].1, "http://127.0.0.1:9010/sms");
        for file in [SMS_ACCOUNT, ZNS_ACCOUNT, TOKENS] {
            assert!(folder.join(file).exists(), "{file}");
        }
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn the_demonstration_has_its_authorities_on_this_machine() {
        let named = authorities(9010);
        assert_eq!(named[0].1, "http://127.0.0.1:9010/tsa");
        assert_eq!(named[2].1, "127.0.0.1:9010");
    }

    #[test]
    fn the_server_listens_on_this_machine_only_and_keeps_its_key_with_its_data() {
        assert!(arguments(9000).contains(&KEY.to_owned()));
        assert!(arguments(9000).contains(&"127.0.0.1:9000".to_owned()));
    }
}
