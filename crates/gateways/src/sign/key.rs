//! Keys that sign.

use ring::rand::SystemRandom;
use ring::rsa;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256};

use super::fault::{KeyFault, SignFault};
use super::order::Algorithm;

/// A private key, wherever it is.
pub trait Key: Send + Sync {
    /// How it signs.
    fn algorithm(&self) -> Algorithm;

    /// Signs these bytes, whose SHA-256 it takes itself. May wait for a device: call it where
    /// blocking is allowed.
    fn sign(&self, tbs: &[u8]) -> Result<Vec<u8>, SignFault>;
}

/// A key in the memory of this program: for the demonstration and for tests.
pub struct SoftKey {
    pair: Pair,
    random: SystemRandom,
}

enum Pair {
    Rsa(Box<rsa::KeyPair>),
    Ecdsa(Box<EcdsaKeyPair>),
}

impl SoftKey {
    /// Reads a private key in PKCS #8, DER: RSA of at least 2048 bits, or P-256.
    pub fn parse(pkcs8: &[u8]) -> Result<Self, SignFault> {
        let random = SystemRandom::new();
        let ecdsa = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8, &random);
        let pair = if let Ok(pair) = ecdsa {
            Pair::Ecdsa(Box::new(pair))
        } else {
            let pair = rsa::KeyPair::from_pkcs8(pkcs8).map_err(|_| KeyFault::Unusable)?;
            Pair::Rsa(Box::new(pair))
        };
        Ok(Self { pair, random })
    }
}

impl Key for SoftKey {
    fn algorithm(&self) -> Algorithm {
        match self.pair {
            Pair::Rsa(_) => Algorithm::RsaSha256,
            Pair::Ecdsa(_) => Algorithm::EcdsaP256Sha256,
        }
    }

    fn sign(&self, tbs: &[u8]) -> Result<Vec<u8>, SignFault> {
        let signed = match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                let signed = pair.sign(&RSA_PKCS1_SHA256, &self.random, tbs, &mut signature);
                signed.map(|()| signature)
            }
            Pair::Ecdsa(pair) => {
                let signed = pair.sign(&self.random, tbs);
                signed.map(|signature| signature.as_ref().to_vec())
            }
        };
        signed.map_err(|_| KeyFault::Unusable.into())
    }
}
