//! From a certificate to an anchor of the trust list.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeIdIter, ring as methods};
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::ext::pkix::{ExtendedKeyUsage, KeyUsage};

use super::trust::{Anchor, Trust};
use super::verdict::Doubt;

/// What a certificate is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Usage {
    Signing,
    TimeStamping,
}

/// A path: the certificate, those between, and the anchor's own.
pub(crate) struct Path<'a> {
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) anchor: &'a Anchor,
}

/// Purposes are checked by us, since signatures of persons have no purpose of their own.
struct AnyPurpose;

impl ExtendedKeyUsageValidator for AnyPurpose {
    fn validate(&self, purposes: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        purposes
            .into_iter()
            .try_for_each(|purpose| purpose.map(drop))
    }
}

const METHODS: &[&dyn SignatureVerificationAlgorithm] = &[
    methods::ECDSA_P256_SHA256,
    methods::ECDSA_P256_SHA384,
    methods::ECDSA_P384_SHA256,
    methods::ECDSA_P384_SHA384,
    methods::RSA_PKCS1_2048_8192_SHA256,
    methods::RSA_PKCS1_2048_8192_SHA384,
    methods::RSA_PKCS1_2048_8192_SHA512,
    methods::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    methods::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    methods::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
];

/// Finds the path of a certificate at a time.
pub(crate) fn path<'a>(
    leaf: &[u8],
    others: &[Vec<u8>],
    trust: &'a Trust,
    at: Timestamp,
    usage: Usage,
) -> Result<Path<'a>, Doubt> {
    may_be_used(leaf, usage)?;
    let leaf_der = CertificateDer::from(leaf);
    let end = EndEntityCert::try_from(&leaf_der).map_err(|_| Doubt::Untrusted)?;
    let others: Vec<CertificateDer<'_>> = others
        .iter()
        .map(|der| CertificateDer::from(der.as_slice()))
        .collect();
    let ders: Vec<CertificateDer<'_>> = trust
        .anchors
        .iter()
        .map(|anchor| CertificateDer::from(anchor.certificate.as_slice()))
        .collect();
    let anchors: Vec<(&Anchor, TrustAnchor<'_>)> = trust
        .anchors
        .iter()
        .zip(&ders)
        .filter_map(|(anchor, der)| Some((anchor, webpki::anchor_from_trusted_cert(der).ok()?)))
        .collect();
    let roots: Vec<TrustAnchor<'_>> = anchors.iter().map(|(_, root)| root.clone()).collect();
    let time = u64::try_from(at.as_second()).unwrap_or(0);
    let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(time));
    let verified = end
        .verify_for_usage(METHODS, &roots, &others, time, AnyPurpose, None, None)
        .map_err(|error| doubt(&error))?;
    let mut certificates = vec![leaf.to_vec()];
    for between in verified.intermediate_certificates() {
        let der = between.der().to_vec();
        may_issue(&der)?;
        certificates.push(der);
    }
    let (anchor, _) = anchors
        .iter()
        .find(|(_, root)| {
            root.subject == verified.anchor().subject
                && root.subject_public_key_info == verified.anchor().subject_public_key_info
        })
        .ok_or(Doubt::Untrusted)?;
    certificates.push(anchor.certificate.clone());
    Ok(Path {
        certificates,
        anchor,
    })
}

fn doubt(error: &Error) -> Doubt {
    match error {
        Error::CertExpired { .. } => Doubt::Expired,
        Error::CertNotValidYet { .. } => Doubt::NotYetValid,
        _ => Doubt::Untrusted,
    }
}

/// What a certificate that names purposes may be for to sign documents: one of these is enough.
const FOR_DOCUMENTS: [ObjectIdentifier; 5] = [
    // Protection of mail.
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4"),
    // Signing of documents, RFC 9336, Microsoft's and Adobe's.
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36"),
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.10.3.12"),
    ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.5"),
    // Anything.
    ObjectIdentifier::new_unwrap("2.5.29.37.0"),
];

/// Whether a certificate may sign documents or time stamps at all.
pub(crate) fn may_be_used(der: &[u8], usage: Usage) -> Result<(), Doubt> {
    let certificate = Certificate::from_der(der).map_err(|_| Doubt::Untrusted)?;
    let found = &certificate.tbs_certificate;
    let uses = found.get::<KeyUsage>().map_err(|_| Doubt::WrongUsage)?;
    if uses.is_some_and(|(_, uses)| !uses.digital_signature() && !uses.non_repudiation()) {
        return Err(Doubt::WrongUsage);
    }
    let purposes = found.get::<ExtendedKeyUsage>();
    let purposes = purposes.map_err(|_| Doubt::WrongUsage)?;
    let fits = match (usage, purposes) {
        (Usage::Signing, None) => true,
        (Usage::Signing, Some((_, named))) => named.0.iter().any(|one| FOR_DOCUMENTS.contains(one)),
        // RFC 3161: critical, and no other.
        (Usage::TimeStamping, Some((critical, named))) => critical && named.0 == [TIME_STAMPING],
        (Usage::TimeStamping, None) => false,
    };
    if fits { Ok(()) } else { Err(Doubt::WrongUsage) }
}

const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");

/// Whether a certificate names an extended purpose.
pub(crate) fn has_purpose(certificate: &Certificate, purpose: ObjectIdentifier) -> bool {
    let purposes = certificate.tbs_certificate.get::<ExtendedKeyUsage>();
    purposes.is_ok_and(|found| found.is_some_and(|(_, found)| found.0.contains(&purpose)))
}

fn may_issue(der: &[u8]) -> Result<(), Doubt> {
    let certificate = Certificate::from_der(der).map_err(|_| Doubt::Untrusted)?;
    let uses = certificate.tbs_certificate.get::<KeyUsage>();
    match uses {
        Ok(Some((_, uses))) if !uses.key_cert_sign() => Err(Doubt::Untrusted),
        Ok(_) => Ok(()),
        Err(_) => Err(Doubt::Untrusted),
    }
}
