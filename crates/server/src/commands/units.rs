//! `motcua units end`: a unit ends, and another takes its work over.

use std::process::ExitCode;

use app::clock::{Clock as _, SystemClock};
use app::office::{Ending, end_unit};
use clap::{Args, Subcommand};
use domain::ids::UnitId;
use jiff::civil::Date;

use super::say;
use crate::config::DatabaseArgs;
use crate::wiring;

#[derive(Debug, Args)]
pub(super) struct UnitsArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// End a unit. From the day on its open dossiers and tasks are the successor's, and posts at it
    /// have ended: give those who go over their posts at the successor.
    End {
        /// The unit: `H56.101`.
        #[arg(value_parser = UnitId::parse)]
        unit: UnitId,
        /// Who takes its work over.
        #[arg(long, value_parser = UnitId::parse)]
        successor: UnitId,
        /// First day of the successor, after today.
        #[arg(long)]
        from: Date,
        /// The resolution or decision it rests on.
        #[arg(long)]
        basis: String,
    },
}

pub(super) async fn units(database: &DatabaseArgs, args: UnitsArgs) -> anyhow::Result<ExitCode> {
    let store = wiring::prepared(&database.parse()?).await?;
    let What::End {
        unit,
        successor,
        from,
        basis,
    } = args.what;
    let ending = Ending {
        unit,
        successor,
        from,
        basis,
    };
    let ended = end_unit(&store, ending, SystemClock.now(), "operator").await?;
    let (unit, posts) = (&ended.unit, ended.posts);
    say(&format!(
        "From {from} on {} answers for {} {}; {posts} posts end with it.",
        ended.heir, unit.id, unit.name
    ));
    Ok(ExitCode::SUCCESS)
}
