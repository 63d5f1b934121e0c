//! Reads X.509 certificates: one as DER, several as PEM, with their issuers as PKCS#7.

mod read;

use app::ports::{CertificateFacts, Certificates, OnToken, PortError};
use async_trait::async_trait;

pub use read::read;

use crate::tokens::{self, TokenPlace};

/// Certificates from files, and from the tokens of one PKCS#11 module where one is configured.
#[derive(Debug, Clone, Default)]
pub struct X509Certificates {
    tokens: Option<TokenPlace>,
}

impl X509Certificates {
    /// With the tokens that the environment names.
    pub fn from_environment() -> Self {
        Self {
            tokens: TokenPlace::from_environment(),
        }
    }

    /// With tokens at a place.
    pub fn with_tokens(place: TokenPlace) -> Self {
        Self {
            tokens: Some(place),
        }
    }
}

#[async_trait]
impl Certificates for X509Certificates {
    fn read(&self, file: &[u8]) -> Result<Vec<CertificateFacts>, PortError> {
        read(file)
    }

    async fn on_token(&self) -> Result<Vec<OnToken>, PortError> {
        match &self.tokens {
            None => Ok(Vec::new()),
            Some(place) => tokens::list(place.clone()).await,
        }
    }
}
