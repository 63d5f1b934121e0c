//! `motcua set` and `motcua settings`: opening hours and the same-day cut-off of the province.

use std::process::ExitCode;

use app::clock::{Clock as _, SystemClock};
use app::office::{self, OfficeTime};
use clap::{Args, Subcommand};
use domain::deadline::OpeningHours;
use jiff::civil::{Date, Time};

use super::say;
use crate::config::DatabaseArgs;
use crate::wiring;

#[derive(Debug, Args)]
pub(super) struct SetArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// When counters are open.
    Hours {
        /// One stretch or two: `07:30-11:30,13:30-17:30`.
        hours: OpeningHours,
        #[command(flatten)]
        decided: Decided,
    },
    /// From when on a same-day result is due the next working day.
    Cutoff {
        /// A time within the opening hours: `15:30`.
        time: Time,
        #[command(flatten)]
        decided: Decided,
    },
}

#[derive(Debug, Args)]
struct Decided {
    /// First day on which it holds, after today: dates promised before stay explained as they were.
    #[arg(long)]
    from: Date,
    /// The decision it rests on.
    #[arg(long)]
    basis: String,
}

pub(super) async fn set(database: &DatabaseArgs, args: SetArgs) -> anyhow::Result<ExitCode> {
    let store = wiring::prepared(&database.parse()?).await?;
    let (value, decided) = match args.what {
        What::Hours { hours, decided } => (OfficeTime::Hours(hours), decided),
        What::Cutoff { time, decided } => (OfficeTime::SameDayCutoff(time), decided),
    };
    let said = format!("From {} on: {} {value}.", decided.from, value.key());
    let from = (value, decided.from);
    office::set(&store, from, &decided.basis, SystemClock.now(), "operator").await?;
    say(&said);
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn list(database: &DatabaseArgs) -> anyhow::Result<ExitCode> {
    let store = wiring::prepared(&database.parse()?).await?;
    let settings = store.settings().await?;
    for setting in &settings {
        let (key, value, basis) = (&setting.key, &setting.value, &setting.basis);
        say(&format!("{}  {key}  {value}  {basis}", setting.valid_from));
    }
    if settings.is_empty() {
        say("Nothing was set: 07:00-11:30,13:30-17:00 and 15:00 hold.");
    }
    Ok(ExitCode::SUCCESS)
}
