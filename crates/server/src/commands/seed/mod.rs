//! `motcua seed`: fills a fresh demonstration province with invented dossiers, for measurements.
//!
//! Every history is decided by the rules and written through the store's own append path; only
//! slips, the audit log and the outbox of what never happened are left out. Nothing is signed: results
//! are as they were given before signatures, and what waits for a signature waits for a real one.

mod history;
pub(super) mod people;
pub(super) mod province;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, anyhow, bail};
use app::App;
use app::people::party_row;
use app::processing::{dossier_sequence, result_sequence, sealed_text};
use clap::Args;
use domain::dossier::{Dossier, Event, File};
use domain::ids::{DossierId, UnitId};
use domain::office::Role;
use jiff::civil::DateTime;
use store::{Batch, Names, NewEvents, Position, Store};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use self::history::{Invented, Life, Setting};
use self::people::{Dice, person};
use self::province::{Plan, Spot};
use super::say;
use crate::config::{DataArgs, DatabaseArgs};
use crate::wiring;

/// Dossiers of one transaction.
const GROUP: usize = 1_000;
/// Groups written at the same time.
const WRITERS: usize = 2;

#[derive(Debug, Args)]
pub(super) struct SeedArgs {
    /// How many dossiers to invent.
    #[arg(long)]
    dossiers: u32,
    /// Another number invents other dossiers.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// In how many communes a clerk and an officer get accounts without one-time codes:
    /// `tiepnhan.101`, `chuyenvien.101` and so on.
    #[arg(long, default_value_t = 0)]
    accounts: usize,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn seed(database: &DatabaseArgs, args: SeedArgs) -> anyhow::Result<ExitCode> {
    let store = Store::open(&database.parse()?)
        .await
        .context("cannot open the database")?;
    store
        .migrate()
        .await
        .context("cannot prepare the database")?;
    args.data.make_key()?;
    let app = wiring::app(store, args.data.keys()?, args.data.shelf()?, "").await?;
    app::demo::seed(&app).await?;
    fill(&app, &args).await?;
    say(&format!("{} dossiers were invented.", args.dossiers));
    Ok(ExitCode::SUCCESS)
}

/// Fills a database that has no dossiers yet.
async fn fill(app: &App, args: &SeedArgs) -> anyhow::Result<()> {
    let begun = app.store().events_after(Position::START, 1).await?;
    if !begun.is_empty() {
        bail!("the database has dossiers already; only an empty one is filled");
    }
    let plan = Plan::read(app, args.dossiers).await?;
    province::enrol(app, &plan, args.accounts).await?;
    let (document, bytes) = app.files().put(DOCUMENT.to_vec()).await?;
    let inventor = Inventor {
        app: app.clone(),
        plan,
        document: File {
            hash: document,
            bytes,
        },
        dice: Dice::new(args.seed),
        registers: BTreeMap::new(),
    };
    let (sender, groups) = mpsc::channel(WRITERS);
    let inventing = tokio::task::spawn_blocking(move || inventor.invent(&sender));
    write(app, groups).await?;
    let registers = inventing.await??;
    Ok(app.store().raise_sequences(registers).await?)
}

/// What stands in the place of every invented result.
const DOCUMENT: &[u8] = b"%PDF-1.7\n% An invented result.\n";

async fn write(app: &App, mut groups: mpsc::Receiver<Vec<Batch>>) -> anyhow::Result<()> {
    let mut writing = JoinSet::new();
    while let Some(group) = groups.recv().await {
        if writing.len() == WRITERS {
            writing.join_next().await.transpose()?.transpose()?;
        }
        let app = app.clone();
        writing.spawn(async move { app.store().append_all(group).await.map(drop) });
    }
    while let Some(written) = writing.join_next().await {
        written??;
    }
    Ok(())
}

/// Invents dossiers in the order of their reception, so that neighbours in time are neighbours on
/// disk, as they would be.
struct Inventor {
    app: App,
    plan: Plan,
    document: File,
    dice: Dice,
    /// The last number of every register.
    registers: BTreeMap<String, u32>,
}

impl Inventor {
    /// Hands groups on until all are invented; says where the registers stand then.
    fn invent(
        mut self,
        groups: &mpsc::Sender<Vec<Batch>>,
    ) -> anyhow::Result<BTreeMap<String, u32>> {
        let mut group = Vec::with_capacity(GROUP);
        for nth in 0..self.plan.dossiers() {
            let spot = self.plan.spot(nth, &mut self.dice);
            group.push(self.dossier(nth, &spot)?);
            if group.len() == GROUP {
                let full = std::mem::replace(&mut group, Vec::with_capacity(GROUP));
                // A writer that has gone away reports its own error.
                if groups.blocking_send(full).is_err() {
                    return Ok(self.registers);
                }
            }
        }
        groups.blocking_send(group).ok();
        Ok(self.registers)
    }

    fn dossier(&mut self, nth: u32, spot: &Spot) -> anyhow::Result<Batch> {
        let at = self.plan.begins(spot, &mut self.dice)?;
        let dossier = self.app.ids().dossier(at);
        let party = person(nth, &spot.receiving.name, &mut self.dice);
        let party = party_row(self.app.keys(), &self.app.ids().party(at), &party, at);
        let words = "Đồng ý giải quyết theo đề nghị.";
        let text = sealed_text(&self.app, &dossier, words, at);
        let number = next(
            &mut self.registers,
            dossier_sequence(&spot.receiving.id, at),
        );
        let settings = self.app.settings();
        let clock = settings.clock();
        let staff = |role, unit: &UnitId| self.plan.staff(role, unit);
        let mut life = Life::new(
            Setting {
                procedure: &spot.paper.procedure,
                process: &spot.paper.process,
                clock: &clock,
                receiving: &spot.receiving,
                competent: &spot.competent,
                document: &self.document,
                staff: &staff,
                now: self.plan.now(),
                number,
            },
            at,
        );
        let mut invented = Invented {
            party: party.id.clone(),
            text: text.id.clone(),
            dice: &mut self.dice,
        };
        let registers = &mut self.registers;
        let mut issue = |unit: &_, at| next(registers, result_sequence(unit, at));
        life.live(spot.until, &mut invented, &mut issue)
            .map_err(|refusal| anyhow!("{}: rule {}", spot.paper.procedure.code, refusal.rule()))?;
        let last = life.events.last().map_or(at, Event::at);
        let texts = if life.wrote { vec![text] } else { Vec::new() };
        let batch = Batch {
            events: NewEvents::Ready(life.events),
            names: Some(Names {
                procedure_name: spot.paper.procedure.name.clone(),
                field: spot.paper.procedure.field.clone(),
                owner_name: party.name.clone(),
            }),
            texts,
            parties: vec![party],
            ..self.empty(dossier, spot, last)
        };
        Ok(batch)
    }

    fn empty(&self, dossier: DossierId, spot: &Spot, now: DateTime) -> Batch {
        let clerk = Role::ReceptionClerk;
        Batch {
            dossier,
            expected: 0,
            head: String::new(),
            before: Dossier::Absent,
            events: NewEvents::Ready(Vec::new()),
            actor: self.plan.staff(clerk, &spot.receiving.id).to_string(),
            behalf: None,
            now,
            messages: Vec::new(),
            audit: Vec::new(),
            once: None,
            texts: Vec::new(),
            parties: Vec::new(),
            drop_draft: None,
            names: None,
            process: Arc::clone(&spot.paper.process),
        }
    }
}

fn next(registers: &mut BTreeMap<String, u32>, name: String) -> u32 {
    let last = registers.entry(name).or_default();
    *last = last.saturating_add(1);
    *last
}

#[cfg(test)]
mod tests;
