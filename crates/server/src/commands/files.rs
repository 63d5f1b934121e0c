//! `motcua files` and the files' part of `motcua check`.

use std::process::ExitCode;
use std::sync::Arc;

use app::files::{How, Keeping, expire};
use clap::{Args, Subcommand};
use store::Store;

use super::say;
use crate::config::{DataArgs, DatabaseArgs};
use crate::wiring;

#[derive(Debug, Args)]
pub(super) struct FilesArgs {
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Debug, Subcommand)]
enum Deed {
    /// Remove the files whose time is over.
    Expire {
        /// Only list them.
        #[arg(long)]
        dry_run: bool,
        /// In whose name.
        #[arg(long, default_value = "operator")]
        by: String,
        #[command(flatten)]
        data: DataArgs,
    },
}

pub(super) async fn files(database: &DatabaseArgs, args: FilesArgs) -> anyhow::Result<ExitCode> {
    let Deed::Expire { dry_run, by, data } = args.deed;
    let store = wiring::prepared(&database.parse()?).await?;
    let keeping = keeping(store, &data)?;
    let how = if dry_run { How::DryRun } else { How::By(&by) };
    let expired = expire(&keeping, how).await?;
    for one in &expired.files {
        let (file, bytes, kind) = (&one.file, one.bytes, one.rule.kind.as_str());
        say(&format!(
            "{file}  {bytes} bytes  {kind}  {}",
            one.rule.line()
        ));
    }
    for object in &expired.unopened {
        say(&format!(
            "{object}  does not open and nothing refers to it; it was left there"
        ));
    }
    for name in &expired.unfinished {
        say(&format!("{name}  the beginning of a file that never came"));
    }
    let (over, removed) = (expired.files.len(), expired.removed);
    say(&format!(
        "The time of {over} files is over; {removed} were removed."
    ));
    let begun = expired.unfinished.len();
    let what = if dry_run { "are over" } else { "were removed" };
    say(&format!("{begun} beginnings of files {what}."));
    Ok(ExitCode::SUCCESS)
}

/// What commands on files work with.
pub(super) fn keeping(store: Store, data: &DataArgs) -> anyhow::Result<Keeping> {
    let keys = data.keys()?;
    Ok(Keeping {
        store,
        files: Arc::new(data.shelf()?.open(keys.clone())?),
        keys,
    })
}

/// Reads every file; says whether all are there and open.
pub(super) async fn check(store: Store, data: &DataArgs) -> anyhow::Result<bool> {
    let report = app::files::check(&keeping(store, data)?).await?;
    for file in &report.missing {
        say(&format!("file {file} is missing"));
    }
    for file in &report.altered {
        say(&format!("file {file} was altered"));
    }
    for (file, why) in &report.unopened {
        say(&format!("file {file} does not open: {why}"));
    }
    let (files, removed, orphans) = (report.files, report.removed, report.orphans);
    let faults = report.faults();
    say(&format!(
        "{files} files were read, {faults} are missing, altered or locked; {removed} were removed under a \
         retention rule; nothing refers to {orphans} objects older than a day; {} uploads never ended.",
        report.unfinished
    ));
    Ok(faults == 0)
}
