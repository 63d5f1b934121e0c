//! `cargo xtask demo`: from a clean clone to a running demonstration province.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
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
    Command::new(programs.join("motcua-simulators"))
        .arg(providers.to_string())
        .spawn()
        .context("cannot start the simulators")?;
    let mut server = Command::new(programs.join("motcua"));
    Err(server
        .current_dir(root())
        .envs(channels(root(), providers)?)
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
        forget(&folder).unwrap();
        assert!(
            !folder.join(KEY).exists()
                && !folder.join(DATABASE).exists()
                && !folder.join(FILES).exists()
        );
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
    fn the_server_listens_on_this_machine_only_and_keeps_its_key_with_its_data() {
        assert!(arguments(9000).contains(&KEY.to_owned()));
        assert!(arguments(9000).contains(&"127.0.0.1:9000".to_owned()));
    }
}
