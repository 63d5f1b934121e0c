//! `cargo xtask bench --only signing`: a batch of results signed by an RSA key on a SoftHSM2 token, each
//! with a time stamp. The test that measures prints the time, and the share of it inside the token.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::shell::{self, cargo, heading, target_folder};

const TEST: &str = "signing_batches::five_hundred_are_signed_in_a_minute";

pub(super) fn run() -> Result<()> {
    let folder = target_folder()?.join("bench-tokens");
    if folder.exists() {
        fs::remove_dir_all(&folder).context("cannot clear the folder of tokens")?;
    }
    let store = folder.join("store");
    fs::create_dir_all(&store).context("cannot make a folder of tokens")?;
    let settings = folder.join("softhsm2.conf");
    let text = format!(
        "directories.tokendir = {}\nobjectstore.backend = file\n",
        store.display()
    );
    fs::write(&settings, text).context("cannot write the settings of tokens")?;
    let token = ["--init-token", "--free", "--label", "motcua"];
    let pins = ["--pin", "246810", "--so-pin", "135791"];
    shell::run(
        Command::new("softhsm2-util")
            .env("SOFTHSM2_CONF", &settings)
            .args(token)
            .args(pins),
    )?;
    heading("500 results signed in a batch");
    let building = ["test", "--release", "--locked", "--package", "server"];
    // The tests beside it damage stores on purpose, which only builds with assertions can.
    let damaging = [
        "--config",
        "profile.release.package.store.debug-assertions=true",
    ];
    let only = ["--test", "it", "--", "--ignored", "--exact", "--nocapture"];
    shell::run(
        cargo()
            .env("SOFTHSM2_CONF", &settings)
            .args(building)
            .args(damaging)
            .args(only)
            .arg(TEST),
    )
}
