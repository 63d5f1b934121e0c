//! A line to the S3 server that can be made to misbehave.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

/// What happens to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    /// Everything passes.
    Pass,
    /// It is closed at once.
    Refuse,
    /// Nothing passes for a while.
    Slow(Duration),
    /// The server says that it failed.
    Error,
    /// After so many bytes towards the server the line is cut.
    Cut(usize),
    /// So many answers pass; the next one is given and not heard.
    Unheard(usize),
}

/// The line; its moods are used up one a connection, then everything passes.
#[derive(Clone)]
pub(super) struct Proxy {
    pub(super) address: SocketAddr,
    moods: Arc<Mutex<Vec<Mood>>>,
}

impl Proxy {
    pub(super) async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let moods: Arc<Mutex<Vec<Mood>>> = Arc::default();
        let next = Arc::clone(&moods);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let mood = next.lock().unwrap().pop().unwrap_or(Mood::Pass);
                tokio::spawn(pass(client, server, mood));
            }
        });
        Self { address, moods }
    }

    /// What happens to the next connections, one after the other.
    pub(super) fn next(&self, moods: &[Mood]) {
        *self.moods.lock().unwrap() = moods.iter().rev().copied().collect();
    }

    /// Whether all of it has happened.
    pub(super) fn done(&self) -> bool {
        self.moods.lock().unwrap().is_empty()
    }
}

async fn pass(mut client: TcpStream, server: SocketAddr, mood: Mood) {
    match mood {
        Mood::Refuse => return,
        Mood::Slow(time) => tokio::time::sleep(time).await,
        Mood::Error => {
            let mut request = vec![0; 65_536];
            let read = client.read(&mut request).await.unwrap_or_default();
            request.truncate(read);
            let answer = b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\
                connection: close\r\n\r\n";
            client.write_all(answer).await.ok();
            return;
        }
        Mood::Pass | Mood::Cut(_) | Mood::Unheard(_) => {}
    }
    let Ok(mut upstream) = TcpStream::connect(server).await else {
        return;
    };
    if let Mood::Cut(after) = mood {
        let mut some = vec![0; 4096];
        let mut passed = 0;
        while passed < after {
            let Ok(read @ 1..) = client.read(&mut some).await else {
                return;
            };
            if upstream.write_all(&some[..read]).await.is_err() {
                return;
            }
            passed += read;
        }
        return;
    }
    if let Mood::Unheard(after) = mood {
        unheard(client, upstream, after).await;
        return;
    }
    copy_bidirectional(&mut client, &mut upstream).await.ok();
}

/// One answer comes after the other on a line: each begins where the client has asked again.
async fn unheard(mut client: TcpStream, mut upstream: TcpStream, after: usize) {
    let (mut asked, mut answers) = (false, 0);
    let (mut there, mut back) = (vec![0; 65_536], vec![0; 65_536]);
    loop {
        tokio::select! {
            read = client.read(&mut there) => {
                let Ok(read @ 1..) = read else { return };
                if upstream.write_all(&there[..read]).await.is_err() {
                    return;
                }
                asked = true;
            }
            read = upstream.read(&mut back) => {
                let Ok(read @ 1..) = read else { return };
                answers += usize::from(std::mem::take(&mut asked));
                if answers > after || client.write_all(&back[..read]).await.is_err() {
                    return;
                }
            }
        }
    }
}
