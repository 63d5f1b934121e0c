//! The message of a signature (CMS): who signed what, and whether the calculation is right.

use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{EncapsulatedContentInfo, SignerIdentifier, SignerInfo, SignerInfos};
use const_oid::ObjectIdentifier;
use der::asn1::{Any, OctetString};
use der::{Decode, Encode, Sequence, Tag, Tagged};
use jiff::Timestamp;
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectKeyIdentifier;

use super::algorithms::{Check, Hash, check, element, hash_of};

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
pub(crate) const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
pub(crate) const STAMP_CONTENT: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
const SIGNING_CERTIFICATE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const TIME_STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
const ADOBE_REVOCATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.8");

/// SignedData of RFC 5652, whose sets we take with repetitions: some signers write a certificate
/// twice.
#[derive(Sequence)]
struct SignedData {
    version: CmsVersion,
    digest_algorithms: Any,
    encap_content_info: EncapsulatedContentInfo,
    #[asn1(
        context_specific = "0",
        tag_mode = "IMPLICIT",
        constructed = "true",
        optional = "true"
    )]
    certificates: Option<Vec<Any>>,
    #[asn1(
        context_specific = "1",
        tag_mode = "IMPLICIT",
        constructed = "true",
        optional = "true"
    )]
    crls: Option<Vec<Any>>,
    signer_infos: SignerInfos,
}

/// Revocation lists and responders' answers, DER.
type Material = (Vec<Vec<u8>>, Vec<Vec<u8>>);

/// A signed message with exactly one signer, whose certificate it carries.
pub(crate) struct Message {
    data: SignedData,
    signer: SignerInfo,
    /// All certificates, DER.
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) signer_certificate: Certificate,
    pub(crate) signer_der: Vec<u8>,
    hash: Option<Hash>,
}

impl Message {
    /// Reads a message; what follows it (the zeros of a PDF) is ignored.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let (whole, _) = element(bytes)?;
        let info = ContentInfo::from_der(whole).ok()?;
        if info.content_type != SIGNED_DATA {
            return None;
        }
        let data: SignedData = info.content.decode_as().ok()?;
        let mut signers = data.signer_infos.0.iter();
        let (Some(signer), None) = (signers.next().cloned(), signers.next()) else {
            return None;
        };
        let certificates = certificates(&data);
        let (signer_der, signer_certificate) = certificates.iter().find_map(|der| {
            let certificate = Certificate::from_der(der).ok()?;
            is_named(&signer.sid, &certificate).then(|| (der.clone(), certificate))
        })?;
        let hash = Hash::of(signer.digest_alg.oid);
        Some(Self {
            data,
            signer,
            certificates,
            signer_certificate,
            signer_der,
            hash,
        })
    }

    /// What is inside the message, when it is not apart from it.
    pub(crate) fn content(&self) -> Option<(ObjectIdentifier, Vec<u8>)> {
        let inside = self.data.encap_content_info.econtent.as_ref()?;
        let octets: OctetString = inside.decode_as().ok()?;
        let kind = self.data.encap_content_info.econtent_type;
        Some((kind, octets.into_bytes()))
    }

    pub(crate) fn is_detached(&self) -> bool {
        self.data.encap_content_info.econtent.is_none()
    }

    /// Whether the digest in it is that of these parts.
    pub(crate) fn agrees_with(&self, parts: &[&[u8]], kind: ObjectIdentifier) -> bool {
        let Some(hash) = self.hash else { return false };
        if self.signer.signed_attrs.is_none() {
            // The signature itself is over the content.
            return self.check_parts(parts) == Check::Right;
        }
        let digest = self
            .attribute(MESSAGE_DIGEST)
            .and_then(|value| value.decode_as::<OctetString>().ok());
        let named = self
            .attribute(CONTENT_TYPE)
            .and_then(|value| value.decode_as::<ObjectIdentifier>().ok());
        named == Some(kind)
            && digest.is_some_and(|found| found.as_bytes() == hash.digest(parts).as_slice())
    }

    /// Whether the signature was made with the key of the certificate; `parts` is what is signed
    /// where the message has no attributes.
    pub(crate) fn check_parts(&self, parts: &[&[u8]]) -> Check {
        let algorithm = &self.signer.signature_algorithm;
        let same = hash_of(algorithm).is_none_or(|named| Some(named) == self.hash);
        if self.hash.is_none() || !same {
            return Check::Unsupported;
        }
        let message = match &self.signer.signed_attrs {
            Some(attributes) => attributes.to_der().unwrap_or_default(),
            None => parts.concat(),
        };
        check(
            &self
                .signer_certificate
                .tbs_certificate
                .subject_public_key_info,
            algorithm,
            self.hash,
            &message,
            self.signer.signature.as_bytes(),
        )
    }

    pub(crate) fn is_weak(&self) -> bool {
        self.hash == Some(Hash::Sha1)
    }

    /// Whether the certificate that the signer bound into the signature is the one that we found;
    /// nothing when none is bound.
    pub(crate) fn binds_certificate(&self) -> Option<bool> {
        let named = [
            (SIGNING_CERTIFICATE_V2, Hash::Sha256),
            (SIGNING_CERTIFICATE, Hash::Sha1),
        ];
        let (oid, usual) = named.into_iter().find(|(oid, _)| self.has(*oid))?;
        let bound = self.attribute(oid);
        Some(bound.and_then(|value| self.bound(value, usual)) == Some(true))
    }

    fn bound(&self, value: &Any, usual: Hash) -> Option<bool> {
        let fields: Vec<Any> = value.decode_as().ok()?;
        let listed: Vec<Any> = fields.first()?.decode_as().ok()?;
        let first: Vec<Any> = listed.first()?.decode_as().ok()?;
        let head = first.first()?;
        let (hash, digest) = if let Ok(digest) = head.decode_as::<OctetString>() {
            (usual, digest)
        } else {
            let algorithm: Vec<Any> = head.decode_as().ok()?;
            let named = algorithm.first()?.decode_as().ok()?;
            (Hash::of(named)?, first.get(1)?.decode_as().ok()?)
        };
        Some(hash.digest(&[&self.signer_der]) == digest.as_bytes())
    }

    /// When the signer says it was.
    pub(crate) fn claimed(&self) -> Option<Timestamp> {
        let value = self.attribute(SIGNING_TIME)?;
        let time = x509_cert::time::Time::from_der(&value.to_der().ok()?).ok()?;
        super::holder::moment(&time)
    }

    /// The time stamp over the signature, DER; empty where its attribute is.
    pub(crate) fn stamp(&self) -> Option<Vec<u8>> {
        let attributes = self.signer.unsigned_attrs.as_ref()?;
        let attribute = attributes.iter().find(|each| each.oid == TIME_STAMP)?;
        let first = attribute.values.iter().next();
        Some(first.map_or(Vec::new(), |value| value.to_der().unwrap_or_default()))
    }

    /// What a time stamp is over.
    pub(crate) fn signature(&self) -> &[u8] {
        self.signer.signature.as_bytes()
    }

    /// Revocation lists and responder's answers that the message carries, DER.
    pub(crate) fn revocation(&self) -> Material {
        let (mut lists, mut answers) = self.archived().unwrap_or_default();
        for each in self.data.crls.iter().flatten() {
            if each.tag() == Tag::Sequence {
                lists.extend(each.to_der().ok());
            } else {
                // Another kind: its name and the thing itself.
                let mut parts = Vec::new();
                let mut rest = each.value();
                while let Some((whole, _)) = element(rest) {
                    parts.push(whole.to_vec());
                    rest = rest.get(whole.len()..).unwrap_or_default();
                }
                answers.extend(parts.into_iter().nth(1));
            }
        }
        (lists, answers)
    }

    /// The attribute in which older programs keep revocation material.
    fn archived(&self) -> Option<Material> {
        let parts: Vec<Any> = self.attribute(ADOBE_REVOCATION)?.decode_as().ok()?;
        let mut kept = (Vec::new(), Vec::new());
        for part in parts {
            let each = Vec::<Any>::from_der(part.value()).ok()?;
            let each = each.iter().filter_map(|one| one.to_der().ok());
            match part.tag().octet() & 0x1f {
                0 => kept.0.extend(each),
                1 => kept.1.extend(each),
                _ => {}
            }
        }
        Some(kept)
    }

    fn has(&self, oid: ObjectIdentifier) -> bool {
        let mut attributes = self.signer.signed_attrs.iter().flat_map(|all| all.iter());
        attributes.any(|each| each.oid == oid)
    }

    /// The value of an attribute that is there once and has one value.
    fn attribute(&self, oid: ObjectIdentifier) -> Option<&Any> {
        let attributes = self.signer.signed_attrs.iter().flat_map(|all| all.iter());
        let mut values = attributes
            .filter(|each| each.oid == oid)
            .flat_map(|each| each.values.iter());
        match (values.next(), values.next()) {
            (Some(value), None) => Some(value),
            _ => None,
        }
    }
}

fn certificates(data: &SignedData) -> Vec<Vec<u8>> {
    let set = data.certificates.iter().flatten();
    set.filter(|each| each.tag() == Tag::Sequence)
        .filter_map(|each| each.to_der().ok())
        .collect()
}

fn is_named(identifier: &SignerIdentifier, certificate: &Certificate) -> bool {
    let found = &certificate.tbs_certificate;
    match identifier {
        SignerIdentifier::IssuerAndSerialNumber(named) => {
            named.issuer == found.issuer && named.serial_number == found.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(named) => {
            let own = found.get::<SubjectKeyIdentifier>();
            own.is_ok_and(|own| own.is_some_and(|(_, own)| &own == named))
        }
    }
}
