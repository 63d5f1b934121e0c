//! `motcua simulate`: one month of one ward at its real size, in a fresh database. Dossiers arrive,
//! people are busy, away or late, and everything that can happen to a dossier happens to some: some come
//! by post under joint records, some are received at another centre than that of the ward.
//!
//! Every act is judged by the rules and written through the store's own append. Slips, messages,
//! signatures and the audit of reading are left out: they have tests of their own. Results are as they
//! were given before they were signed, under no certificate.

#![expect(
    clippy::indexing_slicing,
    reason = "every index was given out by the list that it is used on, and no list shrinks"
)]

mod beats;
mod casework;
mod linked;
mod month;
mod orders;
mod post;
mod report;
mod turns;
mod ward;
mod writing;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use app::App;
use app::clock::ManualClock;
use clap::Args;
use gateways::SigningParts;
use store::{Position, Store};

use self::month::Month;
use self::report::Report;
use self::ward::{FIRST, LAST, NAME, Ward};
use self::writing::Writer;
use super::say;
use crate::config::{DataArgs, DatabaseArgs};
use crate::wiring;

#[derive(Debug, Args)]
pub(super) struct SimulateArgs {
    /// How many dossiers come in the month.
    #[arg(long, default_value_t = 5_000)]
    dossiers: u32,
    /// Another number gives another month.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn simulate(
    database: &DatabaseArgs,
    args: SimulateArgs,
) -> anyhow::Result<ExitCode> {
    let store = Store::open(&database.parse()?)
        .await
        .context("cannot open the database")?;
    store
        .migrate()
        .await
        .context("cannot prepare the database")?;
    args.data.make_key()?;
    let clock = Arc::new(ManualClock::new(FIRST.at(6, 0, 0, 0)));
    let parts = ("", clock as Arc<_>, SigningParts::default());
    let app = wiring::app_with_clock(store, args.data.keys()?, args.data.shelf()?, parts).await?;
    if !app
        .store()
        .events_after(Position::START, 1)
        .await?
        .is_empty()
    {
        bail!("the database has dossiers already; a month begins in an empty one");
    }
    app::demo::seed(&app).await?;
    let report = live(&app, &args).await?;
    for line in report.lines() {
        say(&line);
    }
    say(&format!("digest {}", report.digest));
    checked(&app).await
}

async fn live(app: &App, args: &SimulateArgs) -> anyhow::Result<Report> {
    let ward = Ward::open(app).await?;
    say(&format!(
        "{NAME}, {FIRST} to {LAST}, seed {}: {} dossiers, {} people.",
        args.seed, args.dossiers, ward.own
    ));
    let settings = app.settings();
    let mut month = Month::begin(&ward, &settings, (args.seed, args.dossiers))?;
    let mut writer = Writer::new(app, args.seed);
    while let Some(deeds) = month.next_day()? {
        writer.write(&month.cases, deeds).await?;
    }
    app.store().raise_sequences(month.registers.clone()).await?;
    for (rule, count) in &month.refused {
        say(&format!("refused by rule {rule} {count}"));
    }
    let written = month.cases.iter().filter(|case| case.version > 0);
    Report::read(app, written.map(|case| &case.id), LAST.at(17, 0, 0, 0)).await
}

async fn checked(app: &App) -> anyhow::Result<ExitCode> {
    let report = app.store().check().await?;
    let (dossiers, events, found) = (report.dossiers, report.events, report.differences.len());
    say(&format!(
        "check: {dossiers} dossiers, {events} events, {found} differences."
    ));
    Ok(if report.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
