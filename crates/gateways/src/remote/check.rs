//! What a service hands back is checked before anybody uses it.

use app::ports::PortError;
use const_oid::db::rfc5912::{ID_EC_PUBLIC_KEY, RSA_ENCRYPTION, SECP_256_R_1};
use der::asn1::UintRef;
use der::{Decode as _, Encode as _, Sequence};
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use x509_cert::Certificate;

use super::port::{Begun, Request};
use super::trouble::Trouble;
use crate::sign::Algorithm;

/// Bytes of each half of an ECDSA signature that comes without its structure.
const HALF: usize = 32;

#[derive(Sequence)]
struct Halves<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

/// How the key of a certificate signs; none when we know no such key.
pub(crate) fn algorithm(certificate: &[u8]) -> Option<Algorithm> {
    let certificate = Certificate::from_der(certificate).ok()?;
    let key = certificate.tbs_certificate.subject_public_key_info;
    match key.algorithm.oid {
        RSA_ENCRYPTION => Some(Algorithm::RsaSha256),
        ID_EC_PUBLIC_KEY => {
            let curve = key.algorithm.parameters?.decode_as().ok()?;
            (SECP_256_R_1 == curve).then_some(Algorithm::EcdsaP256Sha256)
        }
        _ => None,
    }
}

/// One signature for each document, each by the request's key.
pub(super) fn signatures(
    request: &Request,
    given: Vec<Vec<u8>>,
) -> Result<Vec<Vec<u8>>, PortError> {
    if given.len() != request.documents.len() {
        return Err(Trouble::Count.error());
    }
    let own = request.certificate.chain.first().map(Vec::as_slice);
    let own = own.and_then(|own| Certificate::from_der(own).ok());
    let own = own.ok_or_else(|| Trouble::Unusable.error())?;
    let key = own.tbs_certificate.subject_public_key_info;
    let key = key.subject_public_key.raw_bytes();
    let each = request.documents.iter().zip(given);
    let checked = each.map(|(document, signature)| {
        let signature = structured(request.certificate.algorithm, signature);
        let algorithm: &dyn VerificationAlgorithm = match request.certificate.algorithm {
            Algorithm::RsaSha256 => &RSA_PKCS1_2048_8192_SHA256,
            Algorithm::EcdsaP256Sha256 => &ECDSA_P256_SHA256_ASN1,
        };
        let public = UnparsedPublicKey::new(algorithm, key);
        let right = public.verify(&document.attributes, &signature);
        right
            .map(|()| signature)
            .map_err(|_| Trouble::Signature.error())
    });
    checked.collect()
}

/// Signatures that came at once.
pub(super) fn signed(request: &Request, given: Vec<Vec<u8>>) -> Result<Begun, PortError> {
    signatures(request, given).map(Begun::Signed)
}

/// An ECDSA signature in DER, whichever of the two ways the service writes it.
fn structured(algorithm: Algorithm, signature: Vec<u8>) -> Vec<u8> {
    if algorithm != Algorithm::EcdsaP256Sha256 || signature.len() != HALF * 2 {
        return signature;
    }
    let (r, s) = signature.split_at(HALF);
    let halves = UintRef::new(r).and_then(|r| {
        Ok(Halves {
            r,
            s: UintRef::new(s)?,
        })
    });
    let der = halves.and_then(|halves| halves.to_der());
    der.unwrap_or(signature)
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};

    use super::*;

    #[test]
    fn an_ecdsa_signature_without_its_structure_is_given_one() {
        let random = SystemRandom::new();
        let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let key = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(kind, key.as_ref(), &random).unwrap();
        // Halves with leading zeros and with high bits come up among so many.
        for n in 0..600_u32 {
            let message = n.to_be_bytes();
            let plain = key.sign(&random, &message).unwrap().as_ref().to_vec();
            let der = structured(Algorithm::EcdsaP256Sha256, plain);
            let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key.public_key());
            assert!(public.verify(&message, &der).is_ok());
        }
    }
}
