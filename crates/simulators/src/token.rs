//! The local service of the government's token, which a page speaks to over WebSocket
//! (`wss://127.0.0.1:8987/FUNCTION`, or `ws://` where no door is given): one text in, one text out, then the connection is closed. It
//! downloads the document, signs it and uploads the signed one, without the page's cookies.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Method, Request, header};
use futures_util::{SinkExt as _, StreamExt as _};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server;

use crate::authority::{Identity, other};
use crate::control::{Desk, Fault, text};
use crate::pdf;
use crate::token_door::Door;

/// What it says of its version.
const VERSION: &str = "1.2.0";
/// How long it does nothing when it is slow.
const LONG: Duration = Duration::from_mins(1);
/// Functions that sign one document.
const ONE: [&str; 5] = [
    "SignApproved",
    "SignIssued",
    "SignAppendix",
    "SignCopy",
    "SignIncome",
];

/// The service with the key in its token.
#[derive(Debug)]
pub struct Token {
    /// Faults, and what was asked.
    pub desk: Arc<Desk>,
    identity: Identity,
}

/// A service that runs in this process; it stops when this is dropped.
#[derive(Debug)]
pub struct RunningToken {
    /// Where it listens.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for RunningToken {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Token {
    /// A service with that key.
    pub fn new(identity: Identity) -> Self {
        Self {
            desk: Arc::default(),
            identity,
        }
    }

    /// Starts it on loopback, without TLS; port 0 takes any that is free.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn start(self: Arc<Self>, port: u16) -> io::Result<RunningToken> {
        self.started(port, None).await
    }

    /// Starts it on loopback behind that door.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn start_behind(self: Arc<Self>, door: Door, port: u16) -> io::Result<RunningToken> {
        self.started(port, Some(door)).await
    }

    async fn started(self: Arc<Self>, port: u16, door: Option<Door>) -> io::Result<RunningToken> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (token, door) = (self.clone(), door.clone());
                tokio::spawn(async move { token.visited(stream, door).await.ok() });
            }
        });
        Ok(RunningToken { address, task })
    }

    async fn visited(&self, stream: TcpStream, door: Option<Door>) -> io::Result<()> {
        match door {
            Some(door) => self.served(door.opened(stream).await?).await,
            None => self.served(stream).await,
        }
    }

    async fn served(&self, stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
        let function = Mutex::new(String::new());
        #[expect(
            clippy::result_large_err,
            reason = "the library decides what a refusal is"
        )]
        let look = |request: &server::Request, answer: server::Response| {
            let path = request.uri().path().trim_matches('/').to_owned();
            *function.lock().unwrap_or_else(PoisonError::into_inner) = path;
            Ok(answer)
        };
        let accepted = tokio_tungstenite::accept_hdr_async(stream, look).await;
        let mut socket = accepted.map_err(other)?;
        let function = function
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let Some(Ok(Message::Text(said))) = socket.next().await else {
            return Ok(());
        };
        let answer = self.answer(&function, said.as_str()).await;
        let answer = Message::Text(answer.to_string().into());
        socket.send(answer).await.map_err(other)?;
        socket.close(None).await.map_err(other)
    }

    /// What it answers to a text at a function, once it has done what the text says.
    pub async fn answer(&self, function: &str, said: &str) -> Value {
        if self.desk.has(function, Fault::Slow) {
            tokio::time::sleep(LONG).await;
        }
        self.desk.note(json!({"function": function}));
        let cancelled = [Fault::Cancelled, Fault::Expired];
        match function {
            "GetVersion" => return json!({"Status": 0, "Message": VERSION, "Version": VERSION}),
            "GetCertInfo" => return json!({"Status": 0, "Message": "", "CertBase64": self.own()}),
            "Config" => return json!({"Status": 0, "Message": ""}),
            _ => {}
        }
        match self.desk.next(function, &cancelled) {
            Some(Fault::Cancelled) => return refused(1, "Người dùng hủy ký số"),
            Some(_) => return refused(10, "Chứng thư số đã hết hạn"),
            None => {}
        }
        let asked: Value = serde_json::from_str(said).unwrap_or(Value::Null);
        let done = match function {
            name if ONE.contains(&name) => self.one(function, &asked).await,
            "SignFiles" => self.many(&asked).await,
            _ => Err(other("Chức năng không được hỗ trợ")),
        };
        done.unwrap_or_else(|cause| refused(2, &cause.to_string()))
    }

    /// What a program of its own makes of a document, without any page.
    ///
    /// # Errors
    /// When the document cannot be read.
    pub fn signs(&self, pdf: &[u8]) -> io::Result<Vec<u8>> {
        pdf::sign(pdf, &self.identity, "")
    }

    fn own(&self) -> String {
        use base64::Engine as _;
        let own = self.identity.chain.first().map(Vec::as_slice);
        base64::engine::general_purpose::STANDARD.encode(own.unwrap_or_default())
    }

    async fn one(&self, function: &str, asked: &Value) -> io::Result<Value> {
        let signed = self.signed(text(asked, "FileName"), function).await?;
        let upload = text(asked, "FileUploadHandler");
        let server = uploaded(upload, &named(text(asked, "FileName")), &signed).await?;
        Ok(json!({
            "Status": 0,
            "Message": "",
            "FileName": named(text(asked, "FileName")),
            "FileServer": server,
            "DocumentNumber": text(asked, "DocNumber"),
            "DocumentDate": text(asked, "IssuedDate"),
            "CertBase64": self.own(),
        }))
    }

    async fn many(&self, asked: &Value) -> io::Result<Value> {
        let upload = text(asked, "FileUploadHandler");
        let files = asked.get("Files").and_then(Value::as_array);
        let mut done = Vec::new();
        for file in files.into_iter().flatten() {
            let signed = self.signed(text(file, "URL"), "SignFiles").await?;
            let server = uploaded(upload, text(file, "FileName"), &signed).await?;
            done.push(json!({
                "FileID": text(file, "FileID"), "FileName": text(file, "FileName"),
                "FileServer": server, "Status": 0,
            }));
        }
        Ok(json!({"Status": 0, "Message": "", "Files": done}))
    }

    async fn signed(&self, url: &str, function: &str) -> io::Result<Vec<u8>> {
        let pdf = call(Method::GET, url, "", Vec::new()).await?;
        let mut signed = self.signs(&pdf)?;
        let altered = self.desk.has(function, Fault::Altered);
        if let Some(byte) = signed.get_mut(pdf.len() / 2).filter(|_| altered) {
            *byte ^= 1;
        }
        Ok(signed)
    }
}

fn refused(status: u8, words: &str) -> Value {
    json!({"Status": status, "Message": words, "FileName": "", "FileServer": ""})
}

/// The last part of an address.
fn named(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

/// Uploads the document as the field `uploadfile`; the answer goes to the page as it is.
async fn uploaded(url: &str, name: &str, pdf: &[u8]) -> io::Result<String> {
    const BORDER: &str = "----motcua-simulator";
    let head = format!(
        "--{BORDER}\r\nContent-Disposition: form-data; name=\"uploadfile\"; filename=\"{name}\"\r\n\
         Content-Type: application/pdf\r\n\r\n"
    );
    let tail = format!("\r\n--{BORDER}--\r\n");
    let body = [head.as_bytes(), pdf, tail.as_bytes()].concat();
    let kind = format!("multipart/form-data; boundary={BORDER}");
    let answer = call(Method::POST, url, &kind, body).await?;
    String::from_utf8(answer).map_err(other)
}

async fn call(method: Method, url: &str, kind: &str, body: Vec<u8>) -> io::Result<Vec<u8>> {
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let mut request = Request::builder().method(method).uri(url);
    if !kind.is_empty() {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    let request = request.body(Full::new(Bytes::from(body))).map_err(other)?;
    let answer = client.request(request).await.map_err(other)?;
    let status = answer.status();
    let body = answer.into_body().collect().await.map_err(other)?;
    if status.is_success() {
        Ok(body.to_bytes().to_vec())
    } else {
        Err(other(format!("HTTP {}", status.as_u16())))
    }
}
