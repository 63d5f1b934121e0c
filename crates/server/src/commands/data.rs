//! Keeping the data: migrate, check, backup, restore; and the rule book.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use app::clock::{Clock as _, SystemClock};
use app::signing::batch::retention::check_batches;
use clap::Args;
use store::{Database, Store};

use super::{files, say};
use crate::config::{DataArgs, DatabaseArgs};
use crate::wiring;

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Leave the stored files out, which takes the time to read them all.
    #[arg(long)]
    no_files: bool,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn migrate(database: &DatabaseArgs) -> anyhow::Result<ExitCode> {
    let store = Store::open(&database.parse()?)
        .await
        .context("cannot open the database")?;
    store
        .migrate()
        .await
        .context("cannot prepare the database")?;
    say("The database is prepared.");
    Ok(ExitCode::SUCCESS)
}

pub(super) fn new_key(file: &Path) -> anyhow::Result<ExitCode> {
    DataArgs::new_key(file)?;
    say(&format!(
        "{} holds a new master key. Keep a copy apart from the database.",
        file.display()
    ));
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn check(database: &DatabaseArgs, args: CheckArgs) -> anyhow::Result<ExitCode> {
    let store = wiring::prepared(&database.parse()?).await?;
    let mut report = store.check().await?;
    let batches = check_batches(&store, SystemClock.now()).await?;
    report.differences.extend(batches);
    let (dossiers, events, blocks) = (report.dossiers, report.events, report.blocks);
    say(&format!(
        "{dossiers} dossiers, {events} events and {blocks} audit blocks were checked."
    ));
    for found in &report.differences {
        let (table, row, column) = (&found.table, &found.row, &found.column);
        let (is, ought) = (&found.found, &found.expected);
        say(&format!(
            "{table} {row}, {column}: found {is}, the log says {ought}"
        ));
    }
    say(&format!("{} differences.", report.differences.len()));
    let files_are_clean = args.no_files || files::check(store, &args.data).await?;
    Ok(if report.is_clean() && files_are_clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

pub(super) async fn rebuild(database: &DatabaseArgs) -> anyhow::Result<ExitCode> {
    let store = wiring::prepared(&database.parse()?).await?;
    let dossiers = store.rebuild_views().await?;
    say(&format!(
        "The derived tables of {dossiers} dossiers were made anew."
    ));
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn audit(database: &DatabaseArgs, subject: &str) -> anyhow::Result<ExitCode> {
    let store = wiring::prepared(&database.parse()?).await?;
    let lines = store.audited(subject).await?;
    for audited in &lines {
        let (at, line) = (audited.at, &audited.line);
        let words = [&line.actor, &line.action, &line.purpose, &line.detail];
        let words = words.map(String::as_str).join("  ");
        say(format!("{at}  {words}").trim_end());
    }
    say(&format!("{} lines.", lines.len()));
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn backup(database: &DatabaseArgs, file: &Path) -> anyhow::Result<ExitCode> {
    let store = wiring::prepared(&database.parse()?).await?;
    store
        .backup(file)
        .await
        .with_context(|| format!("no backup was made at {}", file.display()))?;
    say(&format!("{} holds a checked copy.", file.display()));
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn restore(database: &DatabaseArgs, file: &Path) -> anyhow::Result<ExitCode> {
    let Database::SqliteFile(target) = database.parse()? else {
        bail!("restore PostgreSQL with pg_restore, then prepare it with `motcua migrate`");
    };
    store::restore(file, &target)
        .await
        .context("nothing was restored")?;
    say("The database is restored.");
    Ok(ExitCode::SUCCESS)
}
