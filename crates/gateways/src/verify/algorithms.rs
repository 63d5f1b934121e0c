//! Digests and signatures that we can check.

use der::asn1::{Any, ObjectIdentifier};
use der::{Decode, Encode, Sequence};
use ring::{digest, signature};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

/// A digest algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

/// How a check of a signature ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    Right,
    Wrong,
    Unsupported,
}

const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.5");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const EC_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const EC_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");

impl Hash {
    pub(crate) fn of(oid: ObjectIdentifier) -> Option<Self> {
        match oid {
            SHA1 => Some(Self::Sha1),
            SHA256 => Some(Self::Sha256),
            SHA384 => Some(Self::Sha384),
            SHA512 => Some(Self::Sha512),
            _ => None,
        }
    }

    pub(crate) fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        let algorithm = match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        };
        let mut context = digest::Context::new(algorithm);
        for part in parts {
            context.update(part);
        }
        context.finish().as_ref().to_vec()
    }
}

/// What RSASSA-PSS says about itself.
#[derive(Sequence)]
struct PssParameters {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    hash: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    mask: Option<AlgorithmIdentifierOwned>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    salt: Option<u32>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    trailer: Option<Any>,
}

/// The family of a signature and the digest inside it.
enum Scheme {
    Pkcs1(Hash),
    Pss(Hash),
    Ecdsa(Hash),
}

fn scheme(algorithm: &AlgorithmIdentifierOwned, hash: Option<Hash>) -> Option<Scheme> {
    match algorithm.oid {
        RSA => hash.map(Scheme::Pkcs1),
        RSA_SHA1 => Some(Scheme::Pkcs1(Hash::Sha1)),
        RSA_SHA256 => Some(Scheme::Pkcs1(Hash::Sha256)),
        RSA_SHA384 => Some(Scheme::Pkcs1(Hash::Sha384)),
        RSA_SHA512 => Some(Scheme::Pkcs1(Hash::Sha512)),
        RSA_PSS => {
            let encoded = algorithm.parameters.as_ref()?.to_der().ok()?;
            let parameters = PssParameters::from_der(&encoded).ok()?;
            let hash = Hash::of(parameters.hash?.oid)?;
            // Our library knows salts as long as the digest alone.
            let salt = usize::try_from(parameters.salt?).ok()?;
            (salt == hash.digest(&[]).len()).then_some(Scheme::Pss(hash))
        }
        EC => hash.map(Scheme::Ecdsa),
        EC_SHA256 => Some(Scheme::Ecdsa(Hash::Sha256)),
        EC_SHA384 => Some(Scheme::Ecdsa(Hash::Sha384)),
        _ => None,
    }
}

/// The digest that a signature algorithm names, if it names one.
pub(crate) fn hash_of(algorithm: &AlgorithmIdentifierOwned) -> Option<Hash> {
    match scheme(algorithm, None)? {
        Scheme::Pkcs1(hash) | Scheme::Pss(hash) | Scheme::Ecdsa(hash) => Some(hash),
    }
}

/// Checks a signature with a public key; `hash` is the digest algorithm where the signature's own
/// name does not say it.
pub(crate) fn check(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierOwned,
    hash: Option<Hash>,
    message: &[u8],
    signed: &[u8],
) -> Check {
    let method = scheme(algorithm, hash).and_then(|scheme| method(key, &scheme));
    let Some(method) = method else {
        return Check::Unsupported;
    };
    let key = signature::UnparsedPublicKey::new(method, key.subject_public_key.raw_bytes());
    match key.verify(message, signed) {
        Ok(()) => Check::Right,
        Err(_) => Check::Wrong,
    }
}

fn method(
    key: &SubjectPublicKeyInfoOwned,
    scheme: &Scheme,
) -> Option<&'static dyn signature::VerificationAlgorithm> {
    let rsa = matches!(key.algorithm.oid, RSA | RSA_PSS);
    let curve = || {
        let curve = key.algorithm.parameters.as_ref()?;
        curve.decode_as::<ObjectIdentifier>().ok()
    };
    Some(match scheme {
        Scheme::Pkcs1(hash) if rsa => match hash {
            Hash::Sha1 => &signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
            Hash::Sha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
            Hash::Sha384 => &signature::RSA_PKCS1_2048_8192_SHA384,
            Hash::Sha512 => &signature::RSA_PKCS1_2048_8192_SHA512,
        },
        Scheme::Pss(hash) if rsa => match hash {
            Hash::Sha1 => return None,
            Hash::Sha256 => &signature::RSA_PSS_2048_8192_SHA256,
            Hash::Sha384 => &signature::RSA_PSS_2048_8192_SHA384,
            Hash::Sha512 => &signature::RSA_PSS_2048_8192_SHA512,
        },
        Scheme::Ecdsa(hash) if key.algorithm.oid == EC => match (curve()?, hash) {
            (P256, Hash::Sha256) => &signature::ECDSA_P256_SHA256_ASN1,
            (P256, Hash::Sha384) => &signature::ECDSA_P256_SHA384_ASN1,
            (P384, Hash::Sha256) => &signature::ECDSA_P384_SHA256_ASN1,
            (P384, Hash::Sha384) => &signature::ECDSA_P384_SHA384_ASN1,
            _ => return None,
        },
        _ => return None,
    })
}

/// The first element inside an outer sequence, as its bytes stand: what was signed.
pub(crate) fn signed_part(der: &[u8]) -> Option<&[u8]> {
    let outer = element(der)?;
    element(outer.1).map(|(whole, _)| whole)
}

/// The first element of some DER: the whole of it, and what is inside.
pub(crate) fn element(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = der
        .split_at_checked(1)
        .and_then(|(_, rest)| Some((rest.first()?, rest)))?;
    let (length, head) = if first < 0x80 {
        (usize::from(first), 2)
    } else {
        let count = usize::from(first & 0x7f);
        let digits = rest.get(1..=count).filter(|_| (1..=4).contains(&count))?;
        let length = digits
            .iter()
            .fold(0_usize, |length, digit| length << 8 | usize::from(*digit));
        (length, 2 + count)
    };
    let whole = der.get(..head.checked_add(length)?)?;
    Some((whole, whole.get(head..)?))
}
