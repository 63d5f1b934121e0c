//! The binary itself, as an operator runs it, on a database of the test's own.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};

use axum::body::{Body, Bytes};
use axum::http::Response;
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use store::{Database, Store};
use tokio::sync::Mutex;

use crate::http::browser::Sent;
use crate::support::{Engine, Folder, database};

/// A folder with everything that one installation has.
#[derive(Debug)]
pub(crate) struct Installation {
    pub(crate) database: Database,
    pub(crate) folder: Folder,
    /// What is set beside, for every command.
    pub(crate) environment: Vec<(&'static str, String)>,
}

impl Installation {
    pub(crate) fn new(engine: Engine) -> Self {
        let folder = Folder::new();
        let database = database(engine, &folder);
        Self {
            database,
            folder,
            environment: Vec::new(),
        }
    }

    pub(crate) fn address(&self) -> String {
        match &self.database {
            Database::SqliteFile(file) => format!("sqlite:{}", file.display()),
            Database::Postgres(url) => url.clone(),
            Database::SqliteMemory => unreachable!("another process cannot see it"),
        }
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.0.join(name)
    }

    /// The command line, ready for its arguments.
    pub(crate) fn motcua(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_motcua"));
        command.args(arguments);
        command.env("MOTCUA_DATABASE", self.address());
        command.env("MOTCUA_KEY_FILE", self.file("motcua.key"));
        command.env("MOTCUA_FILES", self.file("files"));
        command.env_remove("MOTCUA_FAULT");
        // What a test counts is its own.
        command.env("MOTCUA_DEMO_EMPTY", "true");
        command.envs(self.environment.clone());
        command.current_dir(&self.folder.0);
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran(self.motcua(arguments).output().unwrap())
    }

    pub(crate) async fn store(&self) -> Store {
        Store::open(&self.database).await.unwrap()
    }
}

/// A command that ended.
#[derive(Debug)]
pub(crate) struct Ran(Output);

impl Ran {
    pub(crate) fn out(&self) -> &str {
        std::str::from_utf8(&self.0.stdout).unwrap()
    }

    pub(crate) fn err(&self) -> &str {
        std::str::from_utf8(&self.0.stderr).unwrap()
    }

    /// Insists on success.
    #[track_caller]
    pub(crate) fn succeeds(&self) -> &Self {
        assert!(self.0.status.success(), "{} {}", self.out(), self.err());
        self
    }

    /// Insists on failure, and on words for a person: a line, and no panic.
    #[track_caller]
    pub(crate) fn fails_with(&self, text: &str) -> &Self {
        assert!(
            self.0.status.code().is_some_and(|code| code > 0),
            "{:?}",
            self.0
        );
        assert!(self.err().contains(text), "{} is not: {text}", self.err());
        assert!(!self.err().contains("panicked"), "{}", self.err());
        self
    }
}

/// A server that listens. It dies with the test.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    _out: BufReader<std::process::ChildStdout>,
}

impl Server {
    /// Starts `serve` or `demo`, and waits until it says where it listens.
    pub(crate) fn start(at: &Installation, command: &str, fault: Option<&str>) -> Self {
        Self::start_with(at, command, |process| {
            if let Some(fault) = fault {
                process.env("MOTCUA_FAULT", fault);
            }
        })
    }

    /// Starts it again under the address at which it was: papers name it.
    fn start_again(at: &Installation, command: &str, address: SocketAddr) -> Self {
        Self::start_at(at, (command, &address.to_string()), |_| {})
    }

    /// The same, in another environment.
    pub(crate) fn start_with(
        at: &Installation,
        command: &str,
        prepare: impl FnOnce(&mut Command),
    ) -> Self {
        Self::start_at(at, (command, "127.0.0.1:0"), prepare)
    }

    fn start_at(
        at: &Installation,
        (command, address): (&str, &str),
        prepare: impl FnOnce(&mut Command),
    ) -> Self {
        let log = File::options()
            .create(true)
            .append(true)
            .open(at.file("log"));
        let mut process = at.motcua(&[command, "--address", address]);
        process.stdout(Stdio::piped()).stderr(log.unwrap());
        prepare(&mut process);
        let mut child = process.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut said = String::new();
        let address = loop {
            let before = said.len();
            let read = out.read_line(&mut said).unwrap();
            assert!(read > 0, "{command} ended: {said}{}", log_of(at));
            if let Some((_, address)) = said[before..].split_once("http://") {
                break address.trim().parse().unwrap();
            }
        };
        Self {
            child,
            address,
            _out: out,
        }
    }

    /// Asks it to stop, as a service manager does, and waits.
    pub(crate) fn stop(mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        self.child.wait().unwrap()
    }

    /// Kills it, as a power failure does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// How it ended, once it has.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn log_of(at: &Installation) -> String {
    std::fs::read_to_string(at.file("log")).unwrap_or_default()
}

/// A server that may be killed by its fault, and is then started again without one. A request that
/// was not answered is sent again as it was.
#[derive(Debug)]
pub(crate) struct Phoenix {
    pub(crate) at: Installation,
    running: Mutex<Running>,
}

#[derive(Debug)]
struct Running {
    server: Option<Server>,
    deaths: u32,
}

impl Phoenix {
    pub(crate) fn start(at: Installation, fault: Option<&str>) -> Self {
        // Only the demonstration signs with keys in files.
        let server = Some(Server::start(&at, "demo", fault));
        Self {
            at,
            running: Mutex::new(Running { server, deaths: 0 }),
        }
    }

    pub(crate) async fn ask(&self, sent: &Sent, cookies: &str) -> (Response<()>, Bytes) {
        for _ in 0..3 {
            let (address, life) = self.life().await;
            let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
            let request = sent.request(&format!("http://{address}"), cookies);
            if let Ok(answer) = client.request(request).await {
                let (parts, body) = answer.into_parts();
                if let Ok(body) = body.collect().await {
                    return (Response::from_parts(parts, ()), body.to_bytes());
                }
            }
            self.rise(life).await;
        }
        panic!("{} is never answered: {}", sent.path, log_of(&self.at))
    }

    async fn life(&self) -> (SocketAddr, u32) {
        let running = self.running.lock().await;
        (running.server.as_ref().unwrap().address, running.deaths)
    }

    /// Starts the server again, unless another request has done so.
    async fn rise(&self, life: u32) {
        let mut running = self.running.lock().await;
        if running.deaths == life {
            let mut dead = running.server.take().unwrap();
            let ended = dead.child.wait().unwrap();
            assert_eq!(ended.signal(), Some(9), "{}", log_of(&self.at));
            running.server = Some(Server::start_again(&self.at, "demo", dead.address));
            running.deaths += 1;
        }
    }

    /// Where it listens now.
    pub(crate) async fn address(&self) -> SocketAddr {
        self.life().await.0
    }

    /// Kills it, as a power failure does; the next request starts it again.
    pub(crate) async fn kill(&self) {
        let mut running = self.running.lock().await;
        running.server.as_mut().unwrap().kill();
    }

    /// Whether it died, noticed or not.
    pub(crate) async fn died(&self) -> bool {
        let mut running = self.running.lock().await;
        running.deaths > 0 || running.server.as_mut().unwrap().ended().is_some()
    }

    /// Stops the server, if it still runs.
    pub(crate) async fn stop(&self) {
        let mut running = self.running.lock().await;
        let mut server = running.server.take().unwrap();
        if server.ended().is_none() {
            assert!(server.stop().success(), "{}", log_of(&self.at));
        }
    }
}
