//! `cargo xtask bench`: a release server with many dossiers, driven over HTTP from this process,
//! beside `pgbench` on the same cluster.
//!
//! Clients sign in with a password, send cookie, secret and one-time key, and act in their own
//! posts. The server does not work off the outbox unless a line says so; what a command puts into
//! it is written all the same.

mod cluster;
mod http;
mod load;
mod measure;
mod office;
mod province;
mod report;
mod signing;
mod stats;
mod usage;

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use self::load::Time;
use self::measure::Bench;
use self::province::{Engine, Workshop};
use crate::assets;
use crate::shell::{self, cargo, heading, root, say, target_folder};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// How many dossiers are stored before the measurements.
    #[arg(long, value_delimiter = ',', default_value = "2000,1000000")]
    dossiers: Vec<u32>,
    /// How many clients work at the same time.
    #[arg(long, value_delimiter = ',', default_value = "1,8,50")]
    clients: Vec<usize>,
    /// Seconds of each point.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        default_value = "sqlite,postgres"
    )]
    engines: Vec<Engine>,
    /// Invents all dossiers anew.
    #[arg(long)]
    fresh: bool,
    /// A small run that shows whether everything works: 2 thousand dossiers, 3 seconds.
    #[arg(long)]
    quick: bool,
    /// Measures this alone.
    #[arg(long, value_enum)]
    only: Option<Only>,
    /// Uses the programs that are built already.
    #[arg(long)]
    built: bool,
}

/// What is measured by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Only {
    /// Signing in batches.
    Signing,
}

/// Builds what is measured and measured with, optimised, and measures.
pub(crate) fn run(options: &Options) -> Result<()> {
    if options.only == Some(Only::Signing) {
        return signing::run();
    }
    if !options.built {
        return build_and_begin_again();
    }
    let (dossiers, seconds) = if options.quick {
        (vec![2_000], 3)
    } else {
        (options.dossiers.clone(), options.seconds)
    };
    if options
        .clients
        .iter()
        .any(|clients| *clients == 0 || *clients > province::OFFICES)
    {
        bail!("1 to {} clients can be told apart", province::OFFICES);
    }
    let target = target_folder()?;
    let bench = Bench {
        workshop: Workshop::open(&target, &options.engines)?,
        clients: options.clients.clone(),
        time: Time {
            warm_up: Duration::from_secs(seconds.min(2)),
            measured: Duration::from_secs(seconds),
        },
    };
    let mut rows = Vec::new();
    for stored in dossiers {
        for engine in &options.engines {
            let address = bench.workshop.database(*engine, stored, options.fresh)?;
            heading(format!("{} with {stored} dossiers", engine.name()));
            rows.extend(bench.database(*engine, stored, &address)?);
        }
    }
    tell(&rows, &target.join("bench/report.json"))
}

/// Says what was measured and how it stands against the targets, and keeps it in the file.
fn tell(rows: &[report::Row], file: &Path) -> Result<()> {
    say("");
    report::table(rows).iter().for_each(say);
    say("");
    report::targets(rows).iter().for_each(say);
    fs::write(file, serde_json::to_string_pretty(&report::json(rows))?)?;
    say(format!("as JSON: {}", file.display()));
    Ok(())
}

/// A client that is not optimised would take time from the server: the bench becomes its own
/// release build.
fn build_and_begin_again() -> Result<()> {
    assets::build()?;
    heading("release build");
    let packages = ["--package", "server", "--package", "xtask"];
    shell::run(
        cargo()
            .args(["build", "--release", "--locked"])
            .args(packages),
    )?;
    let mut optimised = Command::new(target_folder()?.join("release/xtask"));
    optimised.current_dir(root());
    optimised.args(std::env::args_os().skip(1)).arg("--built");
    Err(optimised.exec()).context("cannot start the bench")
}
