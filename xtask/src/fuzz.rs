//! `cargo xtask fuzz`: feeds the parsers with mutated documents, guided by what they reach. What each
//! target reads and checks is in `docs/fuzzing.md`.
//!
//! The stable compiler instruments through LLVM's own pass; libFuzzer is built by its crate.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell::{cargo, heading, output, root, run, target_folder};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// One of the files in `fuzz/fuzz_targets`, without its ending; all of them when left out.
    target: Option<String>,
    /// How long each target runs.
    #[arg(long, default_value_t = 600)]
    seconds: u32,
}

const INSTRUMENTS: &str = "-C passes=sancov-module \
    -C llvm-args=-sanitizer-coverage-level=4 \
    -C llvm-args=-sanitizer-coverage-inline-8bit-counters \
    -C llvm-args=-sanitizer-coverage-pc-table \
    -C llvm-args=-sanitizer-coverage-trace-compares \
    -C debug-assertions --cfg fuzzing";

pub(crate) fn run_targets(options: &Options) -> Result<()> {
    let folder = target_folder()?.join("fuzz");
    let seeds = folder.join("seeds");
    heading("making the seeds");
    make_seeds(&seeds)?;
    heading("building the fuzz targets");
    let host = host()?;
    run(cargo()
        .current_dir(root().join("fuzz"))
        .args(["build", "--target", &host])
        .env("CARGO_TARGET_DIR", &folder)
        .env("RUSTFLAGS", INSTRUMENTS))?;
    for target in targets()? {
        if options.target.as_ref().is_none_or(|named| *named == target) {
            heading(format!("fuzzing {target}"));
            fuzz(&folder, &host, &target, options.seconds)?;
        }
    }
    Ok(())
}

/// The names of the targets, in their order.
fn targets() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for file in fs::read_dir(root().join("fuzz/fuzz_targets"))? {
        let path = file?.path();
        names.extend(path.file_stem().and_then(OsStr::to_str).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// The signed documents of the tests and what the other parsers read, made anew.
fn make_seeds(folder: &Path) -> Result<()> {
    let python = target_folder()?.join("test-python/bin/python");
    let script = root().join("crates/gateways/tests/python/seeds.py");
    run(Command::new(python).arg(script).arg(folder))
}

fn fuzz(folder: &Path, host: &str, target: &str, seconds: u32) -> Result<()> {
    let corpus = folder.join("corpus").join(target);
    let artifacts = folder.join("artifacts").join(target);
    // What an earlier run found was signed with the keys of its own seeds.
    if corpus.is_dir() {
        fs::remove_dir_all(&corpus)?;
    }
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&artifacts)?;
    let seeds = folder.join("seeds");
    // Targets that read no documents have seeds of their own.
    let own = seeds.join(target);
    let given = if own.is_dir() { &own } else { &seeds };
    let program = folder.join(host).join("debug").join(target);
    run(Command::new(program)
        .arg(&corpus)
        .arg(given)
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", artifacts.display()))
        .args([
            "-rss_limit_mb=2048",
            "-timeout=20",
            "-max_len=40000",
            "-print_final_stats=1",
        ])
        .env("MOTCUA_FUZZ_SEEDS", &seeds))
}

/// The platform for which we build; naming it keeps the flags away from build scripts.
fn host() -> Result<String> {
    let said = output(Command::new("rustc").arg("-vV"))?;
    let mut lines = said.lines();
    let host = lines.find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not say its host")?.to_owned())
}
