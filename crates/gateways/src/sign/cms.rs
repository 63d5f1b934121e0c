//! The CMS message inside a PAdES signature (ETSI EN 319 142-1, baseline).

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5911, rfc5912, rfc6268};
use der::asn1::{Any, Null, OctetString, SetOfVec};
use der::{Decode, Encode, Sequence};
use ring::digest;
use ring::signature::{ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use x509_cert::Certificate;
use x509_cert::attr::Attribute;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::fault::SignFault;
use super::order::Algorithm;

const SIGNING_CERTIFICATE_V2: ObjectIdentifier = rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2;
const TIME_STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");

/// RFC 5035, without the parts that have defaults.
#[derive(Sequence)]
struct SigningCertificateV2 {
    certs: Vec<EssCertIdV2>,
}

/// The hash is SHA-256, which is the default and therefore not written.
#[derive(Sequence)]
struct EssCertIdV2 {
    cert_hash: OctetString,
}

/// Who signs, and how.
#[derive(Clone, Debug)]
pub(super) struct Signer {
    chain: Vec<Certificate>,
    first: Certificate,
    hash: Vec<u8>,
    algorithm: Algorithm,
}

impl Signer {
    pub(super) fn parse(chain: &[Vec<u8>], algorithm: Algorithm) -> Result<Self, SignFault> {
        let der = chain.first();
        let der = der.ok_or_else(|| SignFault::certificate("there is none"))?;
        let first = certificate(der)?;
        let mut all = Vec::with_capacity(chain.len());
        for der in chain {
            let certificate = certificate(der)?;
            if !all.contains(&certificate) {
                all.push(certificate);
            }
        }
        let signer = Self {
            chain: all,
            first,
            hash: sha256(der).to_vec(),
            algorithm,
        };
        let key = signer
            .first
            .tbs_certificate
            .subject_public_key_info
            .algorithm
            .oid;
        if key == signer.key_kind() {
            Ok(signer)
        } else {
            Err(SignFault::certificate("its key signs in another way"))
        }
    }

    /// The signer's name, as the certificate has it.
    pub(super) fn name(&self) -> Option<String> {
        let subject = &self.first.tbs_certificate.subject;
        let mut names = subject.0.iter().flat_map(|part| part.0.iter());
        let common = names.find(|name| name.oid == const_oid::db::rfc4519::COMMON_NAME)?;
        let text = String::from_utf8(common.value.value().to_vec());
        text.ok()
    }

    /// The attributes that the key signs, in DER: content type, digest of the document, hash of
    /// the certificate. PAdES forbids the time of signing here; it is in the PDF.
    pub(super) fn attributes(&self, document: &[u8; 32]) -> Result<Vec<u8>, SignFault> {
        let certificate = SigningCertificateV2 {
            certs: vec![EssCertIdV2 {
                cert_hash: OctetString::new(self.hash.clone()).map_err(coding)?,
            }],
        };
        let digest = OctetString::new(document.as_slice()).map_err(coding)?;
        let attributes = [
            attribute(rfc5911::ID_CONTENT_TYPE, &rfc5911::ID_DATA)?,
            attribute(rfc5911::ID_MESSAGE_DIGEST, &digest)?,
            attribute(SIGNING_CERTIFICATE_V2, &certificate)?,
        ];
        let set = SetOfVec::try_from(attributes).map_err(coding)?;
        set.to_der().map_err(coding)
    }

    /// Whether the signature is over these attributes and by this certificate's key.
    pub(super) fn check(&self, attributes: &[u8], signature: &[u8]) -> Result<(), SignFault> {
        let key = self
            .first
            .tbs_certificate
            .subject_public_key_info
            .subject_public_key
            .raw_bytes();
        let checked = match self.algorithm {
            Algorithm::RsaSha256 => UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)
                .verify(attributes, signature),
            Algorithm::EcdsaP256Sha256 => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key).verify(attributes, signature)
            }
        };
        checked.map_err(|_| SignFault::Mismatch)
    }

    /// The whole message, with a time stamp on the signature if there is one.
    pub(super) fn message(
        &self,
        attributes: &[u8],
        signature: &[u8],
        stamp: Option<&[u8]>,
    ) -> Result<Vec<u8>, SignFault> {
        let digest_algorithm = algorithm(rfc5912::ID_SHA_256, false);
        let signer = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                issuer: self.first.tbs_certificate.issuer.clone(),
                serial_number: self.first.tbs_certificate.serial_number.clone(),
            }),
            digest_alg: digest_algorithm.clone(),
            signed_attrs: Some(SetOfVec::from_der(attributes).map_err(coding)?),
            signature_algorithm: self.signature_algorithm(),
            signature: OctetString::new(signature).map_err(coding)?,
            unsigned_attrs: stamp.map(stamp_attribute).transpose()?,
        };
        let chain = self
            .chain
            .iter()
            .cloned()
            .map(CertificateChoices::Certificate);
        let chain = SetOfVec::try_from(chain.collect::<Vec<_>>()).map_err(coding)?;
        let message = SignedData {
            version: CmsVersion::V1,
            digest_algorithms: SetOfVec::try_from([digest_algorithm]).map_err(coding)?,
            encap_content_info: EncapsulatedContentInfo {
                econtent_type: rfc5911::ID_DATA,
                econtent: None,
            },
            certificates: Some(CertificateSet(chain)),
            crls: None,
            signer_infos: SignerInfos(SetOfVec::try_from([signer]).map_err(coding)?),
        };
        let wrapped = ContentInfo {
            content_type: rfc6268::ID_SIGNED_DATA,
            content: Any::encode_from(&message).map_err(coding)?,
        };
        wrapped.to_der().map_err(coding)
    }

    /// Bytes that the message takes at most, without a time stamp.
    pub(super) fn room(&self) -> Result<usize, SignFault> {
        let key = &self
            .first
            .tbs_certificate
            .subject_public_key_info
            .subject_public_key;
        // An RSA signature is shorter than the public key's encoding; one of P-256 has 72 bytes.
        let signature = vec![0; key.raw_bytes().len().max(72)];
        let message = self.message(&self.attributes(&[0; 32])?, &signature, None)?;
        Ok(message.len())
    }

    fn key_kind(&self) -> ObjectIdentifier {
        match self.algorithm {
            Algorithm::RsaSha256 => rfc5912::RSA_ENCRYPTION,
            Algorithm::EcdsaP256Sha256 => rfc5912::ID_EC_PUBLIC_KEY,
        }
    }

    fn signature_algorithm(&self) -> AlgorithmIdentifierOwned {
        match self.algorithm {
            Algorithm::RsaSha256 => algorithm(rfc5912::SHA_256_WITH_RSA_ENCRYPTION, true),
            Algorithm::EcdsaP256Sha256 => algorithm(rfc5912::ECDSA_WITH_SHA_256, false),
        }
    }
}

/// The certificates that a message carries, such as a time stamp's, in DER.
pub fn certificates(message: &[u8]) -> Result<Vec<Vec<u8>>, SignFault> {
    let outer = ContentInfo::from_der(message).map_err(coding)?;
    let inner: SignedData = outer.content.decode_as().map_err(coding)?;
    let all = inner.certificates.iter().flat_map(|set| set.0.iter());
    let plain = all.filter_map(|choice| match choice {
        CertificateChoices::Certificate(certificate) => Some(certificate.to_der()),
        CertificateChoices::Other(_) => None,
    });
    plain.collect::<Result<_, _>>().map_err(coding)
}

pub(super) fn certificate(der: &[u8]) -> Result<Certificate, SignFault> {
    let certificate = Certificate::from_der(der).map_err(SignFault::certificate)?;
    let again = certificate.to_der().map_err(SignFault::certificate)?;
    // What is written must be what the hash was taken of.
    if again == der {
        Ok(certificate)
    } else {
        Err(SignFault::certificate("it is not in DER"))
    }
}

pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let hash = digest::digest(&digest::SHA256, bytes);
    hash.as_ref().try_into().expect("SHA-256 has 32 bytes")
}

fn stamp_attribute(token: &[u8]) -> Result<SetOfVec<Attribute>, SignFault> {
    let token = Any::from_der(token).map_err(|_| SignFault::Refused("no time stamp".to_owned()))?;
    SetOfVec::try_from([attribute(TIME_STAMP, &token)?]).map_err(coding)
}

fn attribute(
    oid: ObjectIdentifier,
    value: &(impl der::EncodeValue + der::Tagged),
) -> Result<Attribute, SignFault> {
    let value = Any::encode_from(value).map_err(coding)?;
    let values = SetOfVec::try_from([value]).map_err(coding)?;
    Ok(Attribute { oid, values })
}

fn algorithm(oid: ObjectIdentifier, null: bool) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned {
        oid,
        parameters: null.then(|| Any::from(Null)),
    }
}

fn coding(error: der::Error) -> SignFault {
    SignFault::Certificate(error.to_string())
}
