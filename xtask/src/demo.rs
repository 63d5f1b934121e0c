//! `cargo xtask demo`: from a clean clone to a running demonstration province.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

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

/// Builds what is not built and becomes the server; keeps the data unless asked otherwise.
pub(crate) fn run(options: &Options) -> Result<()> {
    assets::build()?;
    heading("server");
    shell::run(cargo().args([
        "build",
        "--locked",
        "--package",
        "server",
        "--bin",
        "motcua",
    ]))?;
    if options.fresh {
        forget(root())?;
    }
    fs::create_dir_all(root().join(FILES))?;
    heading("demonstration");
    let mut server = Command::new(target_folder()?.join("debug/motcua"));
    Err(server
        .current_dir(root())
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
    fn the_server_listens_on_this_machine_only_and_keeps_its_key_with_its_data() {
        assert!(arguments(9000).contains(&KEY.to_owned()));
        assert!(arguments(9000).contains(&"127.0.0.1:9000".to_owned()));
    }
}
