//! The bench's PostgreSQL: durable commits, kept between runs so that a million dossiers are
//! invented once.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell;
use crate::test::postgres::{Cluster, programs};

/// Settings that differ from the server's own; `fsync` and `synchronous_commit` stay on.
const SETTINGS: &str = "-c shared_buffers=1GB -c effective_cache_size=4GB -c max_wal_size=4GB \
     -c checkpoint_timeout=15min -c random_page_cost=1.1";
/// Clients at most; pgbench wants at least so many branches.
const SCALE: &str = "50";

/// The cluster with its programs.
pub(super) struct Postgres {
    cluster: Cluster,
    postmaster: u32,
}

impl Postgres {
    /// Starts the cluster of `folder`, made when it is not there.
    pub(super) fn start(folder: &Path) -> Result<Self> {
        let cluster = Cluster::kept(folder, SETTINGS)?;
        let file = fs::read_to_string(folder.join("data/postmaster.pid"))?;
        let postmaster = file
            .lines()
            .next()
            .and_then(|line| line.trim().parse().ok());
        Ok(Self {
            cluster,
            postmaster: postmaster.context("the cluster has no process")?,
        })
    }

    pub(super) fn postmaster(&self) -> u32 {
        self.postmaster
    }

    /// The address of a database.
    pub(super) fn address(&self, database: &str) -> String {
        let maintenance = self.cluster.address();
        let server = maintenance
            .rsplit_once('/')
            .map_or("", |(server, _)| server);
        format!("{server}/{database}")
    }

    /// The names of all databases.
    pub(super) fn databases(&self) -> Result<Vec<String>> {
        let said =
            shell::output(program("psql")?.args(["-lqAt", "-d", &self.address("postgres")]))?;
        let names = said.lines().filter_map(|line| line.split('|').next());
        Ok(names.map(str::to_owned).collect())
    }

    /// Whether the database is there.
    pub(super) fn has(&self, database: &str) -> Result<bool> {
        Ok(self.databases()?.iter().any(|name| name == database))
    }

    pub(super) fn create(&self, database: &str) -> Result<()> {
        let maintenance = self.cluster.address();
        shell::run(program("createdb")?.args(["--maintenance-db", &maintenance, database]))
    }

    pub(super) fn drop(&self, database: &str) -> Result<()> {
        let maintenance = self.cluster.address();
        let named = ["--if-exists", "--maintenance-db", &maintenance, database];
        shell::run(program("dropdb")?.args(named))
    }

    /// What autovacuum would have done long ago on data that came day by day.
    pub(super) fn settle(&self, database: &str) -> Result<()> {
        let address = self.address(database);
        shell::run(program("vacuumdb")?.args(["-q", "--analyze", "-d", &address]))
    }

    /// Transactions per second and mean latency in milliseconds of the built-in TPC-B-like script by a
    /// protocol of pgbench.
    pub(super) fn pgbench(
        &self,
        (clients, protocol): (usize, &str),
        seconds: u64,
    ) -> Result<(f64, f64)> {
        let address = self.address("pgbench");
        if !self.has("pgbench")? {
            self.create("pgbench")?;
            shell::run(program("pgbench")?.args(["-i", "-q", "-s", SCALE, &address]))?;
        }
        let (clients, seconds) = (clients.to_string(), seconds.to_string());
        let threads = if clients == "1" { "1" } else { "2" };
        let said = shell::output(program("pgbench")?.args([
            "-n", "-M", protocol, "-c", &clients, "-j", threads, "-T", &seconds, &address,
        ]))?;
        figures(&said).with_context(|| format!("pgbench said: {said}"))
    }
}

fn program(name: &str) -> Result<Command> {
    let folder = programs().context("PostgreSQL is not installed")?;
    Ok(Command::new(folder.join(name)))
}

fn figures(said: &str) -> Option<(f64, f64)> {
    let after = |start: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(start))?;
        line.split_whitespace().next()?.parse::<f64>().ok()
    };
    Some((after("tps = ")?, after("latency average = ")?))
}

#[cfg(test)]
mod tests {
    use super::figures;

    #[test]
    fn the_figures_of_pgbench_are_read() {
        let said = "number of clients: 8\nlatency average = 5.123 ms\n\
            initial connection time = 8.1 ms\ntps = 1561.543 (without initial connection time)\n";
        assert_eq!(figures(said), Some((1561.543, 5.123)));
        assert_eq!(figures("pgbench: error"), None);
    }
}
