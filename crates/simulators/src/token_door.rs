//! The door of a token's local service: TLS under a certificate that nobody issued, as the real one has
//! it (`wss://127.0.0.1:8987`). A person tells her browser once that she trusts it.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{CertificateParams, KeyPair, PublicKeyData as _};
use ring::digest::{SHA256, digest};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::server::TlsStream;

use crate::authority::other;

/// File of the key in the folder of the simulators.
const KEY: &str = "token-door.key";

/// Who opens the door, and under which key.
#[derive(Clone)]
pub struct Door {
    acceptor: TlsAcceptor,
    /// SHA-256 of the public key in base64, by which a browser of a test trusts it.
    pub fingerprint: String,
    /// The certificate, DER.
    pub certificate: Vec<u8>,
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Door")
            .field("fingerprint", &self.fingerprint)
            .finish_non_exhaustive()
    }
}

impl Door {
    /// A door with the key kept in the folder, which is made when there is none.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn kept(folder: &Path) -> io::Result<Self> {
        let file = folder.join(KEY);
        if !file.exists() {
            let key = KeyPair::generate().map_err(other)?;
            std::fs::write(&file, key.serialize_pem())?;
        }
        let key = KeyPair::from_pem(&std::fs::read_to_string(&file)?).map_err(other)?;
        Self::with(&key)
    }

    fn with(key: &KeyPair) -> io::Result<Self> {
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let own = CertificateParams::new(names).map_err(other)?;
        let own = own.self_signed(key).map_err(other)?;
        let private = PrivateKeyDer::try_from(key.serialize_der()).map_err(other)?;
        let settings = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(other)?
            .with_no_client_auth()
            .with_single_cert(vec![own.der().clone()], private)
            .map_err(other)?;
        let public = key.subject_public_key_info();
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(settings)),
            fingerprint: STANDARD.encode(digest(&SHA256, &public)),
            certificate: own.der().to_vec(),
        })
    }

    pub(crate) async fn opened(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.acceptor.accept(stream).await
    }
}
