//! `motcua set` and `motcua settings`: opening hours and the parameters of rules, as the province
//! sets them.

use std::process::ExitCode;

use app::clock::{Clock as _, SystemClock};
use app::office::{self, DigestHours, NewValue};
use clap::{Args, Subcommand};
use domain::deadline::OpeningHours;
use jiff::civil::Date;

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
    /// When staff are told what is late.
    Digests {
        /// Times in their order: `07:30,13:30`.
        hours: DigestHours,
        #[command(flatten)]
        decided: Decided,
    },
    /// A parameter of a rule; `motcua rules` lists them.
    Parameter {
        /// Its key: `same_day.cutoff`.
        key: String,
        /// The value in its unit: `3wd`, `8h`, `70%`, `1`, `15:30`.
        value: String,
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
        What::Hours { hours, decided } => (NewValue::Hours(hours), decided),
        What::Digests { hours, decided } => (NewValue::Digests(hours), decided),
        What::Parameter {
            key,
            value,
            decided,
        } => (NewValue::Parameter(key, value), decided),
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
        say("Nothing was set: 07:00-11:30,13:30-17:00 and what `motcua rules` lists hold.");
    }
    Ok(ExitCode::SUCCESS)
}
