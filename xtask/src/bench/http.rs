//! The least HTTP/1.1 client that can measure: one kept connection, one request at a time, blocking.
//!
//! It shares no code with the server, and costs little beside it on the same two cores.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// A session: its cookie and the secret that proves a request is ours.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) cookie: String,
    pub(super) csrf: String,
}

/// A request to be sent.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub(super) path: &'a str,
    pub(super) session: Option<&'a Session>,
    /// The one-time key and the body of a POST; a GET without.
    pub(super) post: Option<(&'a str, &'a Value)>,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    /// The value of `Set-Cookie`, without attributes.
    pub(super) cookie: Option<String>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    /// The body, when the request was carried out.
    pub(super) fn good(self) -> Result<Value> {
        if (200..300).contains(&self.status) {
            return Ok(serde_json::from_slice(&self.body)?);
        }
        let said: String = String::from_utf8_lossy(&self.body)
            .chars()
            .take(300)
            .collect();
        bail!("status {}: {said}", self.status)
    }
}

/// A kept connection.
pub(super) struct Connection {
    stream: BufReader<TcpStream>,
    address: SocketAddr,
}

impl Connection {
    pub(super) fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).context("cannot reach the server")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_mins(1)))?;
        Ok(Self {
            stream: BufReader::new(stream),
            address,
        })
    }

    /// Sends one request and waits for its answer.
    pub(super) fn send(&mut self, request: &Request<'_>) -> Result<Reply> {
        let text = written(request, self.address);
        self.stream.get_mut().write_all(text.as_bytes())?;
        read(&mut self.stream)
    }
}

fn written(request: &Request<'_>, host: SocketAddr) -> String {
    let verb = if request.post.is_some() {
        "POST"
    } else {
        "GET"
    };
    let mut lines = vec![
        format!("{verb} {} HTTP/1.1", request.path),
        format!("host: {host}"),
    ];
    if let Some(session) = request.session {
        lines.push(format!("cookie: {}", session.cookie));
        lines.push(format!("x-csrf-token: {}", session.csrf));
    }
    let mut content = String::new();
    if let Some((key, body)) = request.post {
        content = body.to_string();
        lines.push("content-type: application/json".to_owned());
        lines.push(format!("idempotency-key: {key}"));
        lines.push(format!("content-length: {}", content.len()));
    }
    format!("{}\r\n\r\n{content}", lines.join("\r\n"))
}

fn read(stream: &mut impl BufRead) -> Result<Reply> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|code| code.parse().ok());
    let status = status.context("the server closed the connection")?;
    let (mut length, mut cookie) = (None, None);
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse::<usize>().ok(),
            "set-cookie" => cookie = value.split(';').next().map(|pair| pair.trim().to_owned()),
            _ => {}
        }
    }
    let mut body = vec![0; length.context("an answer without content-length")?];
    stream.read_exact(&mut body)?;
    Ok(Reply {
        status,
        cookie,
        body,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_to_its_length_and_no_further() {
        let mut stream: &[u8] = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\
            Set-Cookie: motcua=t; Path=/\r\n\r\n{}HTTP/1.1 404 Not Found\r\ncontent-length: 1\r\n\r\nx";
        let first = read(&mut stream).unwrap();
        assert_eq!(
            (first.status, first.cookie.as_deref()),
            (201, Some("motcua=t"))
        );
        assert!(first.good().unwrap().is_object());
        let second = read(&mut stream).unwrap();
        assert!(second.good().unwrap_err().to_string().contains("404"));
        assert!(read(&mut stream).is_err());
    }

    #[test]
    fn a_post_carries_session_key_and_length() {
        let session = Session {
            cookie: "motcua=t".to_owned(),
            csrf: "c".to_owned(),
        };
        let body = serde_json::json!({"version": 1});
        let request = Request {
            path: "/api/v1/x",
            session: Some(&session),
            post: Some(("key-0001", &body)),
        };
        let text = written(&request, SocketAddr::from(([127, 0, 0, 1], 80)));
        assert!(text.starts_with("POST /api/v1/x HTTP/1.1\r\n"));
        for line in [
            "cookie: motcua=t",
            "x-csrf-token: c",
            "idempotency-key: key-0001",
            "content-length: 13",
        ] {
            assert!(text.contains(line), "{text}");
        }
    }
}
