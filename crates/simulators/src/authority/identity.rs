//! A key with its certificates.

use std::io;
use std::path::Path;
use std::process::Stdio;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use der::{Decode as _, Encode as _};
use rcgen::{KeyPair, SigningKey as _};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use x509_cert::Certificate;

use super::other;

/// Which key is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyKind {
    /// ECDSA on P-256.
    P256,
    /// The given key, PKCS#8 in PEM; RSA keys come this way.
    Given(String),
}

/// A new RSA key of 2048 bits, PKCS#8 in PEM, made by `openssl`.
///
/// # Errors
/// When the program is missing or fails.
pub async fn rsa_key() -> io::Result<String> {
    let arguments = ["genpkey", "-algorithm", "RSA", "-pkeyopt"];
    let made = Command::new("openssl")
        .args(arguments)
        .arg("rsa_keygen_bits:2048")
        .stderr(Stdio::null())
        .output()
        .await?;
    String::from_utf8(made.stdout).map_err(other)
}

/// A key, its certificate and those above it.
#[derive(Debug)]
pub struct Identity {
    pub(super) key: KeyPair,
    /// Certificates in DER: its own first, the root last.
    pub chain: Vec<Vec<u8>>,
}

impl Identity {
    /// The key, PKCS#8 in PEM.
    pub fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }

    /// The key, PKCS#8 in DER.
    pub fn key_der(&self) -> Vec<u8> {
        self.key.serialize_der()
    }

    /// Its own certificate.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn certificate(&self) -> io::Result<Certificate> {
        let own = self.chain.first().ok_or_else(|| other("no certificate"))?;
        Certificate::from_der(own).map_err(other)
    }

    /// The serial number in hexadecimal.
    ///
    /// # Errors
    /// When the certificate cannot be read.
    pub fn serial(&self) -> io::Result<String> {
        let certificate = self.certificate()?;
        let serial = certificate.tbs_certificate.serial_number;
        Ok(hex::encode(serial.as_bytes()))
    }

    /// Whether the key is RSA; otherwise it is ECDSA on P-256.
    pub fn is_rsa(&self) -> bool {
        self.key.algorithm() == &rcgen::PKCS_RSA_SHA256
    }

    /// Signs a message: RSA with PKCS#1 v1.5, or ECDSA in DER, with SHA-256.
    ///
    /// # Errors
    /// When the key cannot be used.
    pub fn sign(&self, message: &[u8]) -> io::Result<Vec<u8>> {
        self.key.sign(message).map_err(other)
    }

    /// Signs what has the SHA-256 digest, which signing services are given instead of the message.
    /// `openssl` does it: the library at hand signs messages alone.
    ///
    /// # Errors
    /// When the digest has another length, or the program fails.
    pub async fn sign_digest(&self, digest: &[u8]) -> io::Result<Vec<u8>> {
        let folder = private_folder().await?;
        let file = folder.join("key.pem");
        let signed = async {
            tokio::fs::write(&file, self.key_pem()).await?;
            pkeyutl(&file, digest).await
        };
        let signed = signed.await;
        tokio::fs::remove_dir_all(&folder).await?;
        signed
    }

    /// Writes `NAME.pem` (certificates) and `NAME.key`.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn save(&self, folder: &Path, name: &str) -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let chain: String = self.chain.iter().map(|one| pem(one)).collect();
        std::fs::write(folder.join(format!("{name}.pem")), chain)?;
        std::fs::write(folder.join(format!("{name}.key")), self.key_pem())
    }

    /// Reads what [`save`](Self::save) wrote.
    ///
    /// # Errors
    /// When a file is missing or unreadable.
    pub fn load(folder: &Path, name: &str) -> io::Result<Self> {
        let chain = std::fs::read_to_string(folder.join(format!("{name}.pem")))?;
        let key = std::fs::read_to_string(folder.join(format!("{name}.key")))?;
        let chain = Certificate::load_pem_chain(chain.as_bytes()).map_err(other)?;
        let der: Result<Vec<_>, _> = chain.iter().map(Certificate::to_der).collect();
        Ok(Self {
            key: KeyPair::from_pem(&key).map_err(other)?,
            chain: der.map_err(other)?,
        })
    }
}

/// A folder that nobody else reads, for one key at a time.
async fn private_folder() -> io::Result<std::path::PathBuf> {
    let mut lot = [0_u8; 12];
    ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut lot).map_err(other)?;
    let folder = std::env::temp_dir().join(format!("motcua-sim-{}", hex::encode(lot)));
    let mut builder = tokio::fs::DirBuilder::new();
    builder.mode(0o700);
    builder.create(&folder).await?;
    Ok(folder)
}

async fn pkeyutl(key: &Path, digest: &[u8]) -> io::Result<Vec<u8>> {
    let mut child = Command::new("openssl")
        .args(["pkeyutl", "-sign", "-pkeyopt", "digest:sha256", "-inkey"])
        .arg(key)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(digest).await?;
    }
    let output = child.wait_with_output().await?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(other("the digest was not signed"))
    }
}

fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut lines = String::from("-----BEGIN CERTIFICATE-----\n");
    for (n, letter) in text.chars().enumerate() {
        if n > 0 && n % 64 == 0 {
            lines.push('\n');
        }
        lines.push(letter);
    }
    lines + "\n-----END CERTIFICATE-----\n"
}
