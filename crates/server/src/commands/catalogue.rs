//! `motcua import procedures FILE`.

use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use app::catalogue::{import as plan, national, processes};
use app::clock::{Clock as _, SystemClock};
use app::words::{Language, t};
use clap::{Args, Subcommand};
use domain::procedure::Procedure;
use jiff::civil::DateTime;
use store::{AuditLine, ImportRun, NewProcedure, Store};

use super::say;
use crate::config::DatabaseArgs;
use crate::wiring;

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Records of the national catalogue in the adapter's `LayThuTuc` shape: JSON lines, plain or
    /// gzip. All of the file or nothing.
    Procedures {
        /// The file.
        file: PathBuf,
        /// Only report; publish nothing.
        #[arg(long)]
        dry_run: bool,
        /// The report as JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn import(database: &DatabaseArgs, args: ImportArgs) -> anyhow::Result<ExitCode> {
    let What::Procedures {
        file,
        dry_run,
        json,
    } = args.what;
    let store = wiring::prepared(&database.parse()?).await?;
    let now = SystemClock.now();
    let opened = File::open(&file).with_context(|| format!("cannot open {}", file.display()))?;
    let records = national::read_file(opened, &national::Limits::default()).with_context(|| {
        format!(
            "{} was not imported; the catalogue is unchanged",
            file.display()
        )
    })?;
    let existing = store.procedure_hashes().await?;
    let plan = plan::plan(records, &existing, now.date());
    if !dry_run {
        publish(&store, &plan, now).await?;
    }
    if json {
        say(&serde_json::to_string_pretty(&plan.report)?);
    } else {
        say(&plan.report.table(|key| t(Language::Vi, key).to_owned()));
    }
    Ok(ExitCode::SUCCESS)
}

async fn publish(store: &Store, plan: &plan::Plan, now: DateTime) -> anyhow::Result<()> {
    let records: Vec<NewProcedure> = plan
        .publish
        .iter()
        .map(|new| NewProcedure {
            procedure: new.procedure.clone(),
            content_hash: new.content_hash.clone(),
        })
        .collect();
    let procedures: Vec<Procedure> = plan
        .publish
        .iter()
        .map(|new| new.procedure.clone())
        .collect();
    let published = store
        .publish_procedures(records, now, line("catalogue.published"))
        .await?;
    // A procedure without an approved process runs under the default one until there is one.
    let new: Vec<_> = procedures
        .iter()
        .filter(|procedure| {
            published
                .added
                .iter()
                .any(|v| v.procedure == procedure.code)
        })
        .map(processes::default_process)
        .collect();
    store
        .publish_processes(new, now, line("processes.published"))
        .await?;
    Ok(())
}

fn line(action: &str) -> AuditLine {
    AuditLine {
        actor: "operator".to_owned(),
        action: action.to_owned(),
        subject: "catalogue".to_owned(),
        purpose: String::new(),
        detail: String::new(),
    }
}
