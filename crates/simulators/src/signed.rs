//! CMS signed data, for time stamps and for signatures of documents.

use std::io;

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911::{
    ID_AA_SIGNING_CERTIFICATE_V_2, ID_CONTENT_TYPE, ID_MESSAGE_DIGEST, ID_SIGNED_DATA,
};
use const_oid::db::rfc5912::{ECDSA_WITH_SHA_256, ID_SHA_256, RSA_ENCRYPTION};
use der::asn1::{Null, OctetString, SetOfVec};
use der::{Any, Decode as _, Encode as _, Sequence};
use ring::digest::{SHA256, digest};
use x509_cert::Certificate;
use x509_cert::attr::Attribute;
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::authority::{Identity, other};

/// What is signed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Content<'a> {
    /// Data that stands elsewhere.
    Detached(&'a [u8]),
    /// Content of that type, carried along.
    Attached(ObjectIdentifier, &'a [u8]),
}

/// Whether certificates are carried along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Certificates {
    All,
    None,
}

#[derive(Sequence)]
struct CertificateHash {
    hash: OctetString,
}

#[derive(Sequence)]
struct SigningCertificate {
    certificates: Vec<CertificateHash>,
}

const DATA: ObjectIdentifier = const_oid::db::rfc5911::ID_DATA;

/// The signed message in DER.
pub(crate) fn signed(
    content: Content<'_>,
    by: &Identity,
    carried: Certificates,
) -> io::Result<Vec<u8>> {
    let (kind, bytes) = match content {
        Content::Detached(bytes) => (DATA, bytes),
        Content::Attached(kind, bytes) => (kind, bytes),
    };
    let econtent = match content {
        Content::Detached(_) => None,
        Content::Attached(..) => Some(any(&OctetString::new(bytes).map_err(other)?)?),
    };
    let sha256 = AlgorithmIdentifierOwned {
        oid: ID_SHA_256,
        parameters: None,
    };
    let data = SignedData {
        version: if kind == DATA {
            CmsVersion::V1
        } else {
            CmsVersion::V3
        },
        digest_algorithms: set(sha256.clone())?,
        encap_content_info: EncapsulatedContentInfo {
            econtent_type: kind,
            econtent,
        },
        certificates: (carried == Certificates::All)
            .then(|| chain(by))
            .transpose()?,
        crls: None,
        signer_infos: SignerInfos(set(signer(kind, bytes, by, sha256)?)?),
    };
    let message = ContentInfo {
        content_type: ID_SIGNED_DATA,
        content: any(&data)?,
    };
    message.to_der().map_err(other)
}

fn signer(
    kind: ObjectIdentifier,
    content: &[u8],
    by: &Identity,
    digest_alg: AlgorithmIdentifierOwned,
) -> io::Result<SignerInfo> {
    let certificate = by.certificate()?;
    let own = by.chain.first().map(Vec::as_slice).unwrap_or_default();
    let hash = OctetString::new(digest(&SHA256, content).as_ref()).map_err(other)?;
    let signing = SigningCertificate {
        certificates: vec![CertificateHash {
            hash: OctetString::new(digest(&SHA256, own).as_ref()).map_err(other)?,
        }],
    };
    let attributes = [
        attribute(ID_CONTENT_TYPE, any(&kind)?)?,
        attribute(ID_MESSAGE_DIGEST, any(&hash)?)?,
        attribute(ID_AA_SIGNING_CERTIFICATE_V_2, any(&signing)?)?,
    ];
    let attributes = SetOfVec::try_from(attributes.to_vec()).map_err(other)?;
    let signature = by.sign(&attributes.to_der().map_err(other)?)?;
    let (oid, parameters) = if by.is_rsa() {
        (RSA_ENCRYPTION, Some(any(&Null)?))
    } else {
        (ECDSA_WITH_SHA_256, None)
    };
    Ok(SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: certificate.tbs_certificate.issuer,
            serial_number: certificate.tbs_certificate.serial_number,
        }),
        digest_alg,
        signed_attrs: Some(attributes),
        signature_algorithm: AlgorithmIdentifierOwned { oid, parameters },
        signature: OctetString::new(signature).map_err(other)?,
        unsigned_attrs: None,
    })
}

fn chain(by: &Identity) -> io::Result<CertificateSet> {
    let mut choices = Vec::new();
    for one in &by.chain {
        let certificate = Certificate::from_der(one).map_err(other)?;
        choices.push(CertificateChoices::Certificate(certificate));
    }
    Ok(CertificateSet(SetOfVec::try_from(choices).map_err(other)?))
}

fn attribute(oid: ObjectIdentifier, value: Any) -> io::Result<Attribute> {
    Ok(Attribute {
        oid,
        values: set(value)?,
    })
}

fn set<T: der::DerOrd>(one: T) -> io::Result<SetOfVec<T>> {
    let mut set = SetOfVec::new();
    set.insert(one).map_err(other)?;
    Ok(set)
}

fn any(value: &impl der::Encode) -> io::Result<Any> {
    let der = value.to_der().map_err(other)?;
    Any::from_der(&der).map_err(other)
}
