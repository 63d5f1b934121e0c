//! In a bucket of a real S3 server, which runs in a process of its own, over a line that fails.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use app::ports::{Condition, FileKeeping, Files, PortError};
use gateways::FileStore;
use gateways::files::{Bucket, Patience, Place};

use super::proxy::{Mood, Proxy};
use super::{empty, hello, keys, next_keys, noise};

/// The server; it dies with the test.
struct Server {
    process: Child,
    address: SocketAddr,
    root: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// `cargo xtask test` installs it in the target folder.
fn program() -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent()?;
    let program = target.join("test-s3/bin/s3s-fs");
    let there = program.exists();
    assert!(
        there || std::env::var_os("CI").is_none(),
        "CI needs s3s-fs, which `cargo xtask test` installs"
    );
    if !there {
        eprintln!("skipped: s3s-fs is not installed");
    }
    there.then_some(program)
}

impl Server {
    fn start(name: &str) -> Option<Self> {
        let program = program()?;
        let root = empty(name);
        fs::create_dir_all(root.join("motcua")).unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let port = address.port().to_string();
        let process = Command::new(program)
            .args(["--host", "127.0.0.1", "--port", &port])
            .args(["--access-key", "motcua", "--secret-key", "very-secret"])
            .arg(&root)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self {
            process,
            address,
            root,
        };
        for _ in 0..2_400 {
            if std::net::TcpStream::connect(address).is_ok() {
                return Some(server);
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        panic!("the S3 server does not listen");
    }

    /// Objects in the bucket, whole or not.
    fn objects(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.root.join("motcua")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path);
                }
            }
        }
        found
    }
}

fn bucket(address: SocketAddr) -> Bucket {
    Bucket {
        name: "motcua".to_owned(),
        endpoint: Some(format!("http://{address}")),
        region: "us-east-1".to_owned(),
        access_key: "motcua".to_owned(),
        secret: "very-secret".to_owned(),
        patience: Patience {
            request: Duration::from_secs(8),
            whole: Duration::from_mins(1),
            retries: 4,
        },
    }
}

fn open(bucket: Bucket) -> FileStore {
    FileStore::open(&Place::Bucket(bucket), keys()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_keeps_what_a_folder_keeps() {
    let Some(server) = Server::start("s3-round-trip") else {
        return;
    };
    let files = open(bucket(server.address));
    let port: &dyn Files = &files;
    assert!(matches!(port.get(&hello()).await, Err(PortError::Fail(_))));
    let (hash, _) = files.put(b"hello".to_vec()).await.unwrap();
    assert_eq!(files.put(b"hello".to_vec()).await.unwrap().0, hash);
    let content = noise(20_000_001);
    let (large, _) = files.put(content.clone()).await.unwrap();
    assert!(open(bucket(server.address)).get(&large).await.unwrap() == content);
    assert_eq!(files.get(&hash).await.unwrap(), b"hello");
    let mut listed = Vec::new();
    for shard in 0..=u8::MAX {
        listed.extend(files.shard(shard).await.unwrap());
    }
    let mut names = [files.object(&hash), files.object(&large)];
    names.sort();
    let found: Vec<&str> = listed.iter().map(|kept| kept.object.as_str()).collect();
    assert_eq!(found, names);

    let (both, alone) = next_keys();
    let place = Place::Bucket(bucket(server.address));
    let turning = FileStore::open(&place, both).unwrap();
    for name in &names {
        assert_eq!(turning.rewrap(name).await, Ok(true));
        assert_eq!(turning.rewrap(name).await, Ok(false));
    }
    let newest = FileStore::open(&place, alone).unwrap();
    assert!(newest.get(&large).await.unwrap() == content);
    newest.remove(&newest.object(&hash)).await.unwrap();
    let gone = newest.condition(&newest.object(&hash)).await;
    assert_eq!(gone, Ok(Condition::Missing));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_know_the_secret_is_refused() {
    let Some(server) = Server::start("s3-secret") else {
        return;
    };
    let stranger = Bucket {
        secret: "guessed".to_owned(),
        ..bucket(server.address)
    };
    let refused = open(stranger).put(b"hello".to_vec()).await;
    assert!(refused.is_err());
    assert_eq!(server.objects(), [""; 0].map(PathBuf::from));
}

/// Parts that a file of 9 MiB is sent in.
const PARTS: usize = 2;

#[tokio::test(flavor = "multi_thread")]
async fn over_a_failing_line_nothing_is_lost_and_nothing_is_half() {
    let Some(server) = Server::start("s3-faults") else {
        return;
    };
    let line = Proxy::to(server.address).await;
    let slow = Mood::Slow(Duration::from_secs(9));
    let faults: [&[Mood]; 8] = [
        &[Mood::Refuse, Mood::Refuse],
        &[Mood::Error, Mood::Error],
        &[slow],
        &[Mood::Cut(100)],
        &[Mood::Cut(70_000), Mood::Error],
        &[Mood::Cut(200_000), Mood::Refuse],
        &[Mood::Unheard(0)],
        // The file is looked for, its upload is begun, its parts are sent, and then it is completed.
        &[Mood::Unheard(PARTS + 2)],
    ];
    for (nth, moods) in faults.into_iter().enumerate() {
        // Each with connections of its own.
        let files = open(bucket(line.address));
        let length = if nth % 2 == 0 { 300_000 } else { 9 << 20 };
        let mut content = noise(length);
        content[0] = u8::try_from(nth).unwrap();
        line.next(moods);
        let (hash, _) = files.put(content.clone()).await.unwrap();
        assert!(line.done(), "{moods:?}");
        let reading = open(bucket(line.address));
        line.next(&[Mood::Refuse, Mood::Error]);
        assert!(reading.get(&hash).await.unwrap() == content, "{moods:?}");
        assert!(line.done(), "{moods:?}");
    }
    let files = open(bucket(server.address));
    let mut listed = 0;
    for shard in 0..=u8::MAX {
        for kept in files.shard(shard).await.unwrap() {
            let condition = files.condition(&kept.object).await.unwrap();
            assert!(
                matches!(condition, Condition::Whole { .. }),
                "{condition:?}"
            );
            listed += 1;
        }
    }
    assert_eq!(listed, faults.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_may_be_tried_again_and_a_lost_upload_is_no_object() {
    let Some(server) = Server::start("s3-away") else {
        return;
    };
    let line = Proxy::to(server.address).await;
    let impatient = Bucket {
        patience: Patience {
            retries: 1,
            ..bucket(line.address).patience
        },
        ..bucket(line.address)
    };
    let files = open(impatient);
    let port: &dyn Files = &files;
    let content = noise(9 << 20);
    let hash = port.name(&content);
    for mood in [Mood::Refuse, Mood::Error, Mood::Cut(150_000)] {
        line.next(&[mood; 12]);
        let failed = port.put(content.clone()).await;
        assert!(matches!(failed, Err(PortError::Retry(_))), "{failed:?}");
        assert_eq!(
            open(bucket(server.address))
                .condition(&files.object(&hash))
                .await,
            Ok(Condition::Missing)
        );
    }
    line.next(&[]);
    assert_eq!(port.put(content.clone()).await.unwrap().0, hash);
    assert!(port.get(&hash).await.unwrap() == content);
    line.next(&[Mood::Error; 12]);
    let answer = open(Bucket {
        patience: Patience {
            retries: 1,
            ..bucket(line.address).patience
        },
        ..bucket(line.address)
    });
    let answer = Files::get(&answer, &hash).await;
    assert!(matches!(answer, Err(PortError::Retry(_))), "{answer:?}");
}

/// Who looks after objects that nobody refers to goes by their age.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_object_is_not_taken_for_the_upload_that_failed() {
    let Some(server) = Server::start("s3-old") else {
        return;
    };
    let content = noise(9 << 20);
    let direct = open(bucket(server.address));
    let (hash, _) = direct.put(content.clone()).await.unwrap();
    let [object] = &server.objects()[..] else {
        panic!("one object is there")
    };
    let written = || fs::metadata(object).unwrap().modified().unwrap();
    let long_ago = written() - Duration::from_hours(48);
    let kept = fs::File::options().write(true).open(object).unwrap();
    kept.set_modified(long_ago).unwrap();

    let line = Proxy::to(server.address).await;
    let once = open(Bucket {
        patience: Patience {
            retries: 0,
            ..bucket(line.address).patience
        },
        ..bucket(line.address)
    });
    // The file is looked for; then the upload cannot begin.
    line.next(&[Mood::Unheard(1), Mood::Error]);
    let port: &dyn Files = &once;
    let failed = port.put(content.clone()).await;
    assert!(matches!(failed, Err(PortError::Retry(_))), "{failed:?}");
    assert_eq!(written(), long_ago);
    line.next(&[]);
    assert_eq!(port.put(content).await.unwrap().0, hash);
    assert!(written() > long_ago);
}
