//! A real SMTP server in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::support::Folder;

/// What the server does with a recipient.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Mode {
    Accept,
    Refuse,
    Later,
    Slow,
}

impl Mode {
    fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Refuse => "refuse",
            Self::Later => "later",
            Self::Slow => "slow",
        }
    }
}

/// The server, with everything that it took. It dies with the test.
pub(crate) struct Mailbox {
    folder: Folder,
    port: u16,
    tls: bool,
    process: Option<Child>,
}

/// A Python that has the SMTP server's library: `cargo xtask test` makes one.
fn python() -> PathBuf {
    let target = Path::new(env!("CARGO_BIN_EXE_motcua")).ancestors().nth(2);
    let made = target.unwrap().join("test-python/bin/python");
    if made.exists() {
        made
    } else {
        PathBuf::from("python3")
    }
}

/// Whether a mail server can be started here; in CI it must.
pub(crate) fn has_mail_server() -> bool {
    let has = Command::new(python())
        .args(["-c", "import aiosmtpd"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|ended| ended.success());
    assert!(
        has || std::env::var_os("CI").is_none(),
        "CI needs aiosmtpd, which `cargo xtask test` installs"
    );
    if !has {
        eprintln!("skipped: no Python with aiosmtpd; `cargo xtask test` installs it");
    }
    has
}

impl Mailbox {
    pub(crate) fn start(mode: Mode) -> Self {
        Self::start_with(mode, false)
    }

    /// A server that wants STARTTLS, with a certificate of its own.
    pub(crate) fn start_tls(mode: Mode) -> Self {
        Self::start_with(mode, true)
    }

    fn start_with(mode: Mode, tls: bool) -> Self {
        let mut mailbox = Self {
            folder: Folder::new(),
            port: 0,
            tls,
            process: None,
        };
        if tls {
            mailbox.certify();
        }
        mailbox.set(mode);
        mailbox.live();
        mailbox
    }

    /// A key and a certificate for `localhost`, signed by itself.
    fn certify(&self) {
        let folder = self.folder.0.display();
        let (key, certificate) = (format!("{folder}/key.pem"), format!("{folder}/cert.pem"));
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"])
            .args(["-pkeyopt", "ec_paramgen_curve:prime256v1"])
            .args(["-subj", "/CN=localhost"])
            .args(["-addext", "subjectAltName=DNS:localhost"])
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .args(["-keyout", &key, "-out", &certificate])
            .stderr(Stdio::null())
            .status();
        assert!(made.unwrap().success(), "openssl made no certificate");
    }

    /// The certificate of a server with TLS.
    pub(crate) fn certificate(&self) -> Option<String> {
        std::fs::read_to_string(self.folder.0.join("cert.pem")).ok()
    }

    pub(crate) fn set(&self, mode: Mode) {
        std::fs::write(self.folder.0.join("mode"), mode.word()).unwrap();
    }

    /// Starts the server, at the port it had before.
    pub(crate) fn live(&mut self) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/notices/smtp_server.py");
        let mut child = Command::new(python())
            .arg(script)
            .arg(&self.folder.0)
            .arg(self.port.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut said)
            .unwrap();
        self.port = said.trim().parse().expect("the server says its port");
        self.process = Some(child);
    }

    pub(crate) fn die(&mut self) {
        if let Some(mut child) = self.process.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    pub(crate) fn address(&self) -> String {
        if self.tls {
            format!("smtp://localhost:{}?tls=required", self.port)
        } else {
            format!("smtp://127.0.0.1:{}", self.port)
        }
    }

    /// What it took, in order.
    pub(crate) fn mails(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.folder.0.join("mails")).unwrap_or_default();
        let mails = text.lines().map(|line| serde_json::from_str(line).unwrap());
        mails.collect()
    }

    /// The `Message-ID` of each mail.
    pub(crate) fn ids(&self) -> Vec<String> {
        let mails = self.mails().into_iter();
        mails
            .map(|mail| mail["id"].as_str().unwrap().to_owned())
            .collect()
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.die();
    }
}
