//! The points of one database, in their order.

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::{self, ScopedJoinHandle};

use anyhow::{Context as _, Result};

use super::cluster::Postgres;
use super::http::{Connection, Session};
use super::load::{self, Did, Time};
use super::office::{self, Mover, Office};
use super::province::{Engine, OFFICES, Server, Workshop};
use super::report::{FIRST_PAGE, Row, TRANSITIONS};
use super::usage;
use crate::shell::say;

/// The wards whose lists are read; no client files or moves anything there.
const WARDS: [&str; 2] = ["tiepnhan.hacthanh", "tiepnhan.nguyetvien"];
/// The first communes of the province, by the ends of their identifiers; the wards are skipped.
const FIRST_COMMUNE: usize = 101;
/// Transitions a second that one client may reach; so many dossiers are made ready.
const FASTEST: u64 = 1_500;
/// Clients of the points that are measured at one size alone.
const USUAL: usize = 8;

/// What does not change from database to database.
pub(super) struct Bench {
    pub(super) workshop: Workshop,
    pub(super) clients: Vec<usize>,
    pub(super) time: Time,
}

/// A database under measurement.
struct Site<'a> {
    bench: &'a Bench,
    server: Server,
    engine: Engine,
    dossiers: u32,
    offices: Vec<Arc<Office>>,
    readers: Vec<Session>,
}

impl Bench {
    /// Measures every point of a database.
    pub(super) fn database(
        &self,
        engine: Engine,
        dossiers: u32,
        address: &str,
    ) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        let site = self.open(engine, dossiers, address, false)?;
        for clients in &self.clients {
            rows.push(site.first_page(*clients)?);
        }
        for clients in &self.clients {
            rows.push(site.create(*clients)?);
        }
        for clients in &self.clients {
            let pgbench = self.pgbench(*clients)?;
            rows.push(site.transitions(*clients, (TRANSITIONS, pgbench))?);
        }
        rows.push(site.drafts()?);
        drop(site);
        let site = self.open(engine, dossiers, address, true)?;
        rows.push(site.transitions(USUAL, ("transition + worker", None))?);
        Ok(rows)
    }

    fn open(&self, engine: Engine, dossiers: u32, address: &str, worker: bool) -> Result<Site<'_>> {
        let server = self.workshop.serve(address, worker)?;
        let most = self.clients.iter().copied().max().unwrap_or(1).max(USUAL);
        let mut offices = Vec::new();
        for number in (FIRST_COMMUNE..).take(OFFICES * 2) {
            if offices.len() == most {
                break;
            }
            // A ward has accounts of other names.
            match Office::open(server.address, &number.to_string()) {
                Ok(office) => offices.push(Arc::new(office)),
                Err(error) if offices.is_empty() && number > FIRST_COMMUNE + 2 => {
                    return Err(error);
                }
                Err(_) => {}
            }
        }
        let readers = WARDS
            .iter()
            .map(|login| office::sign_in(server.address, login));
        Ok(Site {
            readers: readers.collect::<Result<_>>()?,
            bench: self,
            server,
            engine,
            dossiers,
            offices,
        })
    }

    /// The reference: by its usual protocol for the reader, and with prepared statements, as the
    /// server works, for the judgement.
    fn pgbench(&self, clients: usize) -> Result<Option<f64>> {
        let Some(postgres) = &self.workshop.postgres else {
            return Ok(None);
        };
        let mut reference = 0.0;
        for protocol in ["simple", "prepared"] {
            let asked = (clients, protocol);
            let (tps, latency) = postgres.pgbench(asked, self.time.measured.as_secs())?;
            say(format!(
                "pgbench -M {protocol}, {clients} clients: {tps:.0} tps, mean {latency:.2} ms"
            ));
            reference = tps;
        }
        Ok(Some(reference))
    }
}

impl Site<'_> {
    fn first_page(&self, clients: usize) -> Result<Row> {
        let readers = (0..clients).map(|nth| {
            let session = self
                .readers
                .get(nth % self.readers.len())
                .context("no reader")?;
            let mut connection = self.connect()?;
            Ok(move || Office::first_page(&mut connection, session))
        });
        Ok(self.measure((FIRST_PAGE, None), readers.collect::<Result<Vec<_>>>()?))
    }

    fn create(&self, clients: usize) -> Result<Row> {
        let creators = self.offices.iter().take(clients).map(|office| {
            let mut connection = self.connect()?;
            Ok(move || office.create(&mut connection))
        });
        Ok(self.measure(("create", None), creators.collect::<Result<Vec<_>>>()?))
    }

    fn transitions(&self, clients: usize, what: (&'static str, Option<f64>)) -> Result<Row> {
        let seconds = (self.bench.time.warm_up + self.bench.time.measured).as_secs();
        let share = u64::try_from(clients).unwrap_or(1).min(4);
        let enough = usize::try_from(FASTEST * seconds / 5 / share).unwrap_or(usize::MAX);
        self.make_ready(clients, enough.min(2_000))?;
        let address = self.server.address;
        let movers = self.offices.iter().take(clients).map(|office| {
            let mut mover = Mover::new(address, office)?;
            Ok(move || mover.step())
        });
        Ok(self.measure(what, movers.collect::<Result<Vec<_>>>()?))
    }

    /// Drafts lay out a document each; they are far slower than what only writes rows.
    fn drafts(&self) -> Result<Row> {
        for office in &self.offices {
            office.clear();
        }
        self.make_ready(USUAL, 150)?;
        let offices = self.offices.iter().take(USUAL);
        let drafters = offices.map(|office| {
            let mut connection = self.connect()?;
            office.hand_all_over(&mut connection)?;
            Ok(move || office.draft(&mut connection))
        });
        let drafters = drafters.collect::<Result<Vec<_>>>()?;
        Ok(self.measure(("draft result", None), drafters))
    }

    /// Receives dossiers until each of the first offices has so many that wait; not measured.
    fn make_ready(&self, offices: usize, each: usize) -> Result<()> {
        thread::scope(|scope| {
            let offices = self.offices.iter().take(offices);
            let filling: Vec<_> = offices
                .map(|office| {
                    scope.spawn(move || -> Result<()> {
                        let mut connection = self.connect()?;
                        while office.waiting() < each {
                            office.create(&mut connection)?;
                        }
                        Ok(())
                    })
                })
                .collect();
            let mut ended = filling.into_iter().map(ScopedJoinHandle::join);
            ended.try_for_each(|end| end.expect("filling does not panic"))
        })
    }

    fn connect(&self) -> Result<Connection> {
        let address: SocketAddr = self.server.address;
        Connection::open(address)
    }

    /// The process of the database that is measured, where it has one of its own.
    fn postmaster(&self) -> Option<u32> {
        let postgres = self.bench.workshop.postgres.as_ref();
        let measured = postgres.filter(|_| self.engine == Engine::Postgres);
        measured.map(Postgres::postmaster)
    }

    fn measure<C>(&self, (operation, pgbench): (&'static str, Option<f64>), clients: Vec<C>) -> Row
    where
        C: FnMut() -> Result<Did> + Send,
    {
        let (pid, postmaster) = (self.server.pid(), self.postmaster());
        let used = || {
            let database = postmaster.map_or(0.0, usage::family_seconds);
            (usage::cpu_seconds(pid), database)
        };
        let (before, many) = (used(), clients.len());
        let (sample, over) = load::run(clients, self.bench.time);
        let after = used();
        let said = sample.said.clone();
        let summary = sample.summary(over);
        let row = Row {
            engine: self.engine.name(),
            dossiers: self.dossiers,
            operation,
            clients: many,
            summary,
            server_cpu: after.0 - before.0,
            database_cpu: after.1 - before.1,
            memory: usage::resident(pid),
            to_pgbench: pgbench.map(|tps| summary.per_second / tps),
        };
        say(format!(
            "{operation}, {many} clients: {:.0} a second, p95 {:.2} ms, {} errors",
            summary.per_second, summary.p95, summary.errors
        ));
        if let Some(said) = said {
            say(format!("  the first error: {said}"));
        }
        row
    }
}
