//! `motcua repin`: what a move of running dossiers to other versions would change, dossier by dossier.
//! Moves themselves are ordered by who answers for them, on the page of moves.

use std::process::ExitCode;

use app::repin::{Line, Plan, rehearse};
use clap::Args;
use domain::dossier::Preview;
use domain::ids::{ProcedureCode, UnitId};
use jiff::civil::DateTime;

use super::say;
use crate::config::{DataArgs, DatabaseArgs};
use crate::wiring;

#[derive(Debug, Args)]
pub(super) struct RepinArgs {
    /// Dossiers of this procedure: `1.001612`.
    #[arg(value_parser = ProcedureCode::parse)]
    procedure: ProcedureCode,
    /// Only say what would change. Moves are ordered on the page of moves, by who answers for them.
    #[arg(long, required = true)]
    dry_run: bool,
    /// Received or decided there.
    #[arg(long, value_parser = UnitId::parse)]
    unit: Option<UnitId>,
    /// Under this version of the procedure now.
    #[arg(long)]
    procedure_version: Option<u32>,
    /// Under this version of the process now.
    #[arg(long)]
    process_version: Option<u32>,
    /// At this step now, counted from 1.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    step: Option<u16>,
    /// The version of the procedure to come; the one in force when it is left out.
    #[arg(long)]
    to_procedure: Option<u32>,
    /// The version of the process to come; likewise.
    #[arg(long)]
    to_process: Option<u32>,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn repin(database: &DatabaseArgs, args: RepinArgs) -> anyhow::Result<ExitCode> {
    let store = wiring::prepared(&database.parse()?).await?;
    let app = wiring::app(store, args.data.keys()?, &args.data.files, "").await?;
    let plan = Plan {
        procedure: args.procedure,
        unit: args.unit,
        procedure_version: args.procedure_version,
        process_version: args.process_version,
        // People count steps from one.
        step: args.step.map(|step| usize::from(step).saturating_sub(1)),
        to_procedure: args.to_procedure,
        to_process: args.to_process,
    };
    let found = rehearse(&app, &plan).await?;
    for line in &found.lines {
        say(&told(line));
    }
    let moved = found
        .lines
        .iter()
        .filter(|line| line.change.is_ok())
        .count();
    let kept = found.lines.len().saturating_sub(moved);
    let (procedure, process) = found.to;
    say(&format!(
        "To version {procedure} of the procedure and {process} of the process: {moved} dossiers would \
         move, {kept} would stay; nothing was written."
    ));
    if found.more {
        say("There are more than fit one batch.");
    }
    Ok(ExitCode::SUCCESS)
}

/// `H56.101-261123-0001  1/1  Thẩm định  promised 2026-11-30 17:00 -> 2026-11-26 17:00 (shorter)`.
fn told(line: &Line) -> String {
    let code = line.code.as_ref();
    let code = code.map_or_else(|| line.dossier.to_string(), ToString::to_string);
    let (procedure, process) = line.from;
    let what = match &line.change {
        Ok(preview) => changed(preview),
        Err(refusal) => format!("stays: rule {}", refusal.rule()),
    };
    format!("{code}  {procedure}/{process}  {}  {what}", line.step)
}

fn changed(preview: &Preview) -> String {
    let step = preview.step.as_ref();
    let step = step.map(|(now, then)| format!("step {now} -> {then}"));
    let promise = format!(
        "promised {} -> {} ({})",
        date(preview.due),
        date(preview.new.promise.due),
        preview.new_limit.as_str()
    );
    let components = |sign: char, numbers: &[u16]| {
        let numbers = numbers.iter().map(|number| format!("{sign}{number}"));
        numbers.collect::<Vec<_>>()
    };
    let mut changed = components('+', &preview.added);
    changed.extend(components('-', &preview.dropped));
    let components = (!changed.is_empty()).then(|| format!("components {}", changed.join(" ")));
    let parts = [step, Some(promise), components];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn date(due: Option<DateTime>) -> String {
    due.map_or_else(
        || "none".to_owned(),
        |due| due.strftime("%Y-%m-%d %H:%M").to_string(),
    )
}
