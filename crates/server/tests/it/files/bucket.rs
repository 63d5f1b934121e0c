//! Files in a bucket: a server that dies in the middle of an upload loses and doubles nothing.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use app::clock::{Clock as _, ManualClock, SystemClock};
use app::intake::Ending;
use gateways::SigningParts;
use gateways::files::{Bucket, Patience, Place};
use jiff::ToSpan as _;
use server::wiring::{self, Shelf};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::program::{Installation, Server};
use crate::support::{Engine, file_copies};

/// How long an upload may take to begin.
const PATIENCE: Duration = Duration::from_mins(1);

/// A real S3 server; it dies with the test.
struct S3(Child, SocketAddr);

impl Drop for S3 {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl S3 {
    /// `cargo xtask test` installs it in the target folder; in CI it must be there.
    fn start(root: &Path) -> Option<Self> {
        let target = Path::new(env!("CARGO_BIN_EXE_motcua")).ancestors().nth(2)?;
        let program = target.join("test-s3/bin/s3s-fs");
        if !program.exists() {
            assert!(std::env::var_os("CI").is_none(), "CI needs s3s-fs");
            eprintln!("skipped: s3s-fs is not installed");
            return None;
        }
        std::fs::create_dir_all(root.join("motcua")).unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let child = Command::new(program)
            .args(["--host", "127.0.0.1", "--port"])
            .arg(address.port().to_string())
            .args(["--access-key", "motcua", "--secret-key", "secret"])
            .arg(root)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self(child, address);
        let listens = (0..200).any(|_| {
            std::thread::sleep(Duration::from_millis(25));
            TcpStream::connect(address).is_ok()
        });
        assert!(listens);
        Some(server)
    }
}

/// A line on which uploads stop halfway and never end; says how many have.
async fn stalling(server: SocketAddr) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stalled = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&stalled);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let count = Arc::clone(&count);
            tokio::spawn(async move {
                let upstream = tokio::net::TcpStream::connect(server).await.unwrap();
                let (mut from_client, mut to_client) = client.into_split();
                let (mut from_server, mut to_server) = upstream.into_split();
                tokio::spawn(async move {
                    tokio::io::copy(&mut from_server, &mut to_client).await.ok();
                });
                let mut some = vec![0; 2048];
                while let Ok(read @ 1..) = from_client.read(&mut some).await {
                    to_server.write_all(&some[..read]).await.ok();
                    if some.starts_with(b"PUT ") {
                        count.fetch_add(1, Ordering::SeqCst);
                        std::future::pending::<()>().await;
                    }
                }
            });
        }
    });
    (address, stalled)
}

fn with_bucket(process: &mut Command, address: SocketAddr) {
    process
        .env("MOTCUA_S3_BUCKET", "motcua")
        .env("MOTCUA_S3_ENDPOINT", format!("http://{address}"))
        .env("MOTCUA_S3_ACCESS_KEY", "motcua")
        .env("MOTCUA_S3_SECRET", "secret");
}

fn shelf(address: SocketAddr) -> Shelf {
    let place = Place::Bucket(Bucket {
        name: "motcua".to_owned(),
        endpoint: Some(format!("http://{address}")),
        region: "us-east-1".to_owned(),
        access_key: "motcua".to_owned(),
        secret: "secret".to_owned(),
        patience: Patience::default(),
    });
    Shelf { place, token: None }
}

fn objects(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(objects(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_in_the_middle_of_an_upload_loses_and_doubles_nothing() {
    let at = Installation::new(Engine::Sqlite);
    let Some(s3) = S3::start(&at.file("s3")) else {
        return;
    };
    let demo = Server::start_with(&at, "demo", |process| with_bucket(process, s3.1));
    assert!(demo.stop().success());
    let before = objects(&at.file("s3/motcua")).len();
    let app = |clock: Arc<ManualClock>| {
        let keys = at.keys();
        async {
            let store = at.store().await;
            let parts = (
                "http://motcua.test",
                clock as Arc<_>,
                SigningParts::default(),
            );
            wiring::app_with_clock(store, keys, shelf(s3.1), parts)
                .await
                .unwrap()
        }
    };
    let now = Arc::new(ManualClock::new(SystemClock.now()));
    let filing = app(Arc::clone(&now)).await;
    let dossier = file_copies(&filing, Ending::Receive).await;
    filing.store().close().await;

    let (line, stalled) = stalling(s3.1).await;
    let mut server = Server::start_with(&at, "serve", |process| with_bucket(process, line));
    let begun = Instant::now();
    while stalled.load(Ordering::SeqCst) == 0 {
        assert!(begun.elapsed() < PATIENCE, "no upload begins");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    server.kill();
    assert_eq!(objects(&at.file("s3/motcua")).len(), before);

    // Another life, when the leases of the dead one have ended.
    let later = ManualClock::new(SystemClock.now().saturating_add(10.minutes()));
    let risen = app(Arc::new(later)).await;
    while app::jobs::work_off(&risen).await.unwrap() > 0 {}
    assert_eq!(risen.store().messages_left().await.unwrap(), 0);
    let slips = risen.store().slips(&dossier).await.unwrap();
    assert!(!slips.is_empty());
    for slip in &slips {
        let pdf = risen.files().get(&slip.file).await.unwrap();
        assert!(pdf.starts_with(b"%PDF-"));
    }
    let held = risen.store().held_files().await.unwrap();
    risen.store().close().await;
    let mut check = at.motcua(&["check"]);
    with_bucket(&mut check, s3.1);
    let checked = check.output().unwrap();
    let said = String::from_utf8(checked.stdout).unwrap();
    assert!(checked.status.success(), "{said}");
    assert!(
        said.contains(&format!("{} files were read, 0 are", held.len())),
        "{said}"
    );
}
