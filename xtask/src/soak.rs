//! `cargo xtask soak`: the month of one ward at its real size, on both engines, with its time; then
//! every deadline in it is counted again by the slow count of the tests.

use std::fs;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::shell::{self, cargo, heading, root, say};
use crate::test::postgres::Cluster;

/// The test that counts again.
const RECOUNT: &str = "month::the_month_of_the_soak_is_counted_again";

/// Seconds that a month may take on an engine.
const MOST: u64 = 120;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// How many dossiers come in the month.
    #[arg(long, default_value_t = 5_000)]
    dossiers: u32,
    /// Another number gives another month.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    heading("release build");
    shell::run(cargo().args(["build", "--release", "--locked", "-p", "server"]))?;
    let cluster = Cluster::start()?;
    let folder = std::env::temp_dir().join(format!("motcua-soak-{}", std::process::id()));
    fs::create_dir_all(&folder).context("cannot make a folder for the month")?;
    let sqlite = format!("sqlite:{}", folder.join("month.db").display());
    let postgres = cluster.address();
    let mut digests = Vec::new();
    for (engine, database) in [("SQLite", sqlite.as_str()), ("PostgreSQL", &postgres)] {
        heading(format!("a month on {engine}"));
        let begun = Instant::now();
        let said = month(options, database, &folder)?;
        let took = begun.elapsed();
        say(&said);
        say(format!("{engine}: {:.1} s", took.as_secs_f64()));
        if took.as_secs() >= MOST {
            bail!("the month took longer than {MOST} s on {engine}");
        }
        let digest = said.lines().find(|line| line.starts_with("digest "));
        digests.push(digest.context("no digest was printed")?.to_owned());
        heading(format!("its deadlines on {engine}, minute by minute"));
        recount(options, database)?;
    }
    fs::remove_dir_all(&folder).ok();
    if digests.windows(2).any(|pair| pair.first() != pair.last()) {
        bail!("the engines do not agree: {digests:?}");
    }
    Ok(())
}

/// Runs the slow count over the month that was lived, in the tests that hold it.
fn recount(options: &Options, database: &str) -> Result<()> {
    let begun = Instant::now();
    shell::run(
        cargo()
            .args(["test", "--locked", "-p", "server", "--test", "it"])
            .args(["--", "--ignored", "--exact", "--nocapture", RECOUNT])
            .env("MOTCUA_SOAK", database)
            .env("MOTCUA_SOAK_SEED", options.seed.to_string())
            .env("MOTCUA_SOAK_DOSSIERS", options.dossiers.to_string()),
    )?;
    say(format!(
        "counted again, with the build: {:.1} s",
        begun.elapsed().as_secs_f64()
    ));
    Ok(())
}

fn month(options: &Options, database: &str, folder: &std::path::Path) -> Result<String> {
    let program = root().join("target/release/motcua");
    let done = Command::new(program)
        .args(["simulate", "--database", database])
        .args(["--dossiers", &options.dossiers.to_string()])
        .args(["--seed", &options.seed.to_string()])
        .arg("--key-file")
        .arg(folder.join("motcua.key"))
        .arg("--files")
        .arg(folder.join("files"))
        .output()
        .context("cannot run the month")?;
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    if !done.status.success() {
        bail!("{said}{}", String::from_utf8_lossy(&done.stderr));
    }
    Ok(said)
}
