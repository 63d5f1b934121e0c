//! `motcua due`: the same deadline as on the page, with the same derivation.

use std::process::ExitCode;

use anyhow::{anyhow, bail};
use app::derivation::told;
use app::facts::Settings;
use app::words::{Language, fill, promise};
use clap::Args;
use domain::deadline::{Limit, Pause, PauseMode};
use jiff::civil::DateTime;

use super::say;

#[derive(Debug, Args)]
pub(super) struct DueArgs {
    /// When the dossier was received, local time: 2026-02-13T09:00.
    #[arg(long)]
    received: DateTime,
    /// The limit: 5wd, 2.5wd, 16h, 20d, 2mo or sameday.
    #[arg(long)]
    limit: Limit,
    /// A time in which the clock stood still, FROM/TO; may repeat, in order of time.
    #[arg(long = "pause", value_name = "FROM/TO")]
    pauses: Vec<String>,
    /// What each pause does: exclude (the time is not counted) or restart (the limit begins again).
    /// One for all pauses, or one for each.
    #[arg(long = "mode", value_enum, requires = "pauses")]
    modes: Vec<Mode>,
    /// Print each line of the derivation.
    #[arg(long)]
    why: bool,
    /// Print everything as JSON.
    #[arg(long, conflicts_with = "why")]
    json: bool,
    /// Words in English.
    #[arg(long)]
    english: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Mode {
    Exclude,
    Restart,
}

impl From<Mode> for PauseMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Exclude => Self::Exclude,
            Mode::Restart => Self::Restart,
        }
    }
}

pub(super) fn due(args: &DueArgs) -> anyhow::Result<ExitCode> {
    let settings = Settings::default();
    let pauses = pauses(args)?;
    let found = domain::deadline::due(args.received, args.limit, &pauses, &settings.clock())?;
    if args.json {
        say(&serde_json::to_string_pretty(&found)?);
        return Ok(ExitCode::SUCCESS);
    }
    let language = if args.english {
        Language::En
    } else {
        Language::Vi
    };
    say(&format!(
        "{}  {}",
        found.due.strftime("%Y-%m-%dT%H:%M"),
        promise(language, found.due)
    ));
    if args.why {
        for line in told(language, &found.derivation) {
            say(&format!(
                "  {:<13} {} · {} · {}",
                line.when, line.what, line.how, line.basis
            ));
        }
        let version = found.derivation.calendar.clone();
        let calendar = fill(language, "due.calendar", &[("version", &version)]);
        say(&format!("  {calendar}"));
    }
    Ok(ExitCode::SUCCESS)
}

fn pauses(args: &DueArgs) -> anyhow::Result<Vec<Pause>> {
    let (pauses, modes) = (args.pauses.len(), args.modes.len());
    if modes > 1 && modes != pauses {
        bail!("{pauses} pauses but {modes} modes: give one mode for all, or one for each");
    }
    let mode = |index: usize| {
        let mode = args.modes.get(index).or(args.modes.first());
        mode.map_or(PauseMode::Exclude, |mode| PauseMode::from(*mode))
    };
    args.pauses
        .iter()
        .enumerate()
        .map(|(index, text)| pause(text, mode(index)))
        .collect()
}

fn pause(text: &str, mode: PauseMode) -> anyhow::Result<Pause> {
    let (from, to) = text
        .split_once('/')
        .ok_or_else(|| anyhow!("a pause is written FROM/TO, not `{text}`"))?;
    let at = |text: &str| {
        text.parse()
            .map_err(|cause| anyhow!("`{text}` is no time: {cause}"))
    };
    let to = if to.is_empty() { None } else { Some(at(to)?) };
    Ok(Pause {
        from: at(from)?,
        to,
        mode,
    })
}
