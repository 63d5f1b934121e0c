//! The databases that are measured, and the server in front of one of them.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use super::cluster::Postgres;
use crate::shell::{self, heading, root};

/// Dossiers up to which a database is invented anew for each run.
const CHEAP: u32 = 20_000;
/// Communes with accounts: one a client, so that no two clients share a register of numbers.
pub(super) const OFFICES: usize = 50;

/// Where a database lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// Where everything of the bench is kept.
pub(super) struct Workshop {
    folder: PathBuf,
    motcua: PathBuf,
    pub(super) postgres: Option<Postgres>,
}

impl Workshop {
    /// Opens the folder, and starts the cluster when it is needed.
    pub(super) fn open(target: &Path, engines: &[Engine]) -> Result<Self> {
        let folder = target.join("bench");
        fs::create_dir_all(&folder)?;
        let postgres = engines.contains(&Engine::Postgres);
        let cluster = folder.join("postgres");
        Ok(Self {
            postgres: postgres.then(|| Postgres::start(&cluster)).transpose()?,
            motcua: target.join("release/motcua"),
            folder,
        })
    }

    /// The address of a database with so many invented dossiers. A large one is kept for the next
    /// run; what a run adds to it is little beside what is there.
    pub(super) fn database(&self, engine: Engine, dossiers: u32, fresh: bool) -> Result<String> {
        let name = format!("motcua_{dossiers}_{}", shape()?);
        // What was not invented to its end cannot be continued.
        let done = self.folder.join(format!("{}-{name}.done", engine.name()));
        let anew = fresh || dossiers <= CHEAP || !done.exists();
        self.forget_others(&format!("motcua_{dossiers}_"), &name)?;
        let (address, there) = match (engine, &self.postgres) {
            (Engine::Postgres, Some(postgres)) => {
                if anew {
                    postgres.drop(&name)?;
                }
                let there = postgres.has(&name)?;
                if !there {
                    postgres.create(&name)?;
                }
                (postgres.address(&name), there)
            }
            (Engine::Postgres | Engine::Sqlite, _) => {
                let file = self.folder.join(format!("{name}.db"));
                for end in ["", "-wal", "-shm"].into_iter().filter(|_| anew) {
                    fs::remove_file(self.folder.join(format!("{name}.db{end}"))).ok();
                }
                (format!("sqlite:{}", file.display()), file.exists())
            }
        };
        if !there || anew {
            fs::remove_file(&done).ok();
            self.invent(&address, dossiers)?;
            if let (Engine::Postgres, Some(postgres)) = (engine, &self.postgres) {
                postgres.settle(&name)?;
            }
            fs::write(done, "")?;
        }
        Ok(address)
    }

    /// Removes what was invented for another shape of the database: it takes gigabytes.
    fn forget_others(&self, head: &str, name: &str) -> Result<()> {
        let other = |found: &str| found.starts_with(head) && !found.starts_with(name);
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if other(&entry.file_name().to_string_lossy()) {
                fs::remove_file(entry.path())?;
            }
        }
        let Some(postgres) = &self.postgres else {
            return Ok(());
        };
        for database in postgres.databases()?.iter().filter(|found| other(found)) {
            postgres.drop(database)?;
        }
        Ok(())
    }

    fn invent(&self, address: &str, dossiers: u32) -> Result<()> {
        heading(format!("inventing {dossiers} dossiers"));
        let (dossiers, accounts) = (dossiers.to_string(), OFFICES.to_string());
        shell::run(
            self.motcua(address)
                .args(["seed", "--dossiers", &dossiers, "--accounts", &accounts])
                .args(self.data()),
        )
    }

    /// Serves the database.
    pub(super) fn serve(&self, address: &str, worker: bool) -> Result<Server> {
        let mut command = self.motcua(address);
        command.args(["serve", "--address", "127.0.0.1:0"]);
        command.args(self.data());
        if !worker {
            command.arg("--no-worker");
        }
        Server::start(&mut command)
    }

    fn motcua(&self, address: &str) -> Command {
        let mut command = Command::new(&self.motcua);
        command.args(["--database", address]);
        command
    }

    fn data(&self) -> [String; 4] {
        let place = |name: &str| self.folder.join(name).display().to_string();
        let (key, files) = (place("master.key"), place("files"));
        ["--key-file".to_owned(), key, "--files".to_owned(), files]
    }
}

/// A running server; dropping it ends it.
pub(super) struct Server {
    child: Child,
    pub(super) address: SocketAddr,
}

impl Server {
    fn start(command: &mut Command) -> Result<Self> {
        let mut child = command
            .stdout(Stdio::piped())
            .env("RUST_LOG", "warn")
            .spawn()
            .context("cannot start the server")?;
        let stdout = child.stdout.take().expect("stdout was asked for");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim().rsplit_once("http://");
        let address = address.and_then(|(_, address)| address.parse().ok());
        let Some(address) = address else {
            child.kill().ok();
            bail!("the server did not start: {line}");
        };
        Ok(Self { child, address })
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing to do about a server that has ended by itself: its last answers were errors.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Tells apart databases of different shape: what was invented for another one is of no use.
fn shape() -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for folder in [
        "crates/store/migrations/sqlite",
        "crates/store/migrations/postgres",
        "crates/server/src/commands/seed",
    ] {
        let mut files: Vec<PathBuf> = fs::read_dir(root().join(folder))?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        files.sort();
        for file in files {
            fs::read(file)?.hash(&mut hasher);
        }
    }
    Ok(format!("{:08x}", hasher.finish() >> 32))
}
