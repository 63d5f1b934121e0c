//! Whether certificates are revoked, asked where they say it is told: OCSP, or a revocation list.

use std::collections::BTreeMap;
use std::time::Duration;

use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5280, rfc5912};
use der::asn1::{Null, OctetString};
use der::{Decode, Encode};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use x509_cert::Certificate;
use x509_cert::crl::CertificateList;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{AuthorityInfoAccessSyntax, CrlDistributionPoints};
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_ocsp::{
    BasicOcspResponse, CertId, CertStatus, OcspRequest, OcspResponse, Request, TbsRequest, Version,
};

use super::cms::certificate;
use super::dss::Material;
use super::fault::SignFault;
use super::fetch::{Fetcher, Question, Reach, later, refused};

/// Bytes of an OCSP answer that are read.
const MOST_OCSP: usize = 64 * 1024;
/// Bytes of a revocation list that are read.
const MOST_CRL: usize = 8 * 1024 * 1024;
const SHA_1: ObjectIdentifier = rfc5912::ID_SHA_1;
const OCSP: ObjectIdentifier = rfc5280::ID_AD_OCSP;

/// Asks about revocation.
pub struct Revocation {
    fetcher: Fetcher,
    reach: Reach,
}

impl Revocation {
    /// Asks within that reach; each question ends after `patience`.
    pub fn new(reach: Reach, patience: Duration) -> Self {
        Self {
            fetcher: Fetcher::new(patience),
            reach,
        }
    }

    /// The proof that these certificates are good now, with the certificates. Each is asked about
    /// with its issuer, which must be among them; roots are not asked about, nor certificates
    /// that do not say where.
    pub async fn gather(&self, certificates: &[Vec<u8>]) -> Result<Material, SignFault> {
        let parsed = certificates.iter().map(|der| certificate(der));
        let parsed: Vec<Certificate> = parsed.collect::<Result<_, _>>()?;
        let mut material = Material::default();
        let mut lists = BTreeMap::new();
        for subject in &parsed {
            let name = &subject.tbs_certificate.issuer;
            let issuer = parsed
                .iter()
                .find(|other| other.tbs_certificate.subject == *name);
            let Some(issuer) = issuer.filter(|issuer| *issuer != subject) else {
                continue;
            };
            material.extend(self.of((subject, issuer), &mut lists).await?);
        }
        material.certs = Vec::new();
        material.extend(Material {
            certs: certificates.to_vec(),
            ..Material::default()
        });
        Ok(material)
    }

    /// What authorities say of these certificates, good or bad, for whoever judges it; what does not
    /// answer is left out. Certificates are asked about as in [`Revocation::gather`].
    pub async fn said(&self, certificates: &[Vec<u8>]) -> Material {
        let parsed = certificates.iter().filter_map(|der| certificate(der).ok());
        let parsed: Vec<Certificate> = parsed.collect();
        let mut material = Material::default();
        for subject in &parsed {
            let name = &subject.tbs_certificate.issuer;
            let mut issuers = parsed.iter();
            let issuer = issuers.find(|other| other.tbs_certificate.subject == *name);
            if let Some(issuer) = issuer.filter(|issuer| *issuer != subject) {
                material.extend(self.said_of((subject, issuer)).await);
            }
        }
        material
    }

    async fn said_of(&self, (subject, issuer): (&Certificate, &Certificate)) -> Material {
        let mut material = Material::default();
        for uri in responders(subject) {
            if let Ok(answer) = self.answer(&uri, subject, issuer).await {
                material.ocsps.push(answer);
                return material;
            }
        }
        for uri in lists(subject) {
            if let Ok(list) = self.fetch(&uri).await {
                material.crls.push(list);
                return material;
            }
        }
        material
    }

    /// `known` holds the lists that were fetched for other certificates.
    async fn of(
        &self,
        (subject, issuer): (&Certificate, &Certificate),
        known: &mut BTreeMap<String, Vec<u8>>,
    ) -> Result<Material, SignFault> {
        let mut fault = None;
        for uri in responders(subject) {
            match self.ocsp(&uri, subject, issuer).await {
                Ok(answer) => {
                    return Ok(Material {
                        ocsps: vec![answer],
                        ..Material::default()
                    });
                }
                Err(revoked @ SignFault::Certificate(_)) => return Err(revoked),
                Err(other) => fault = Some(other),
            }
        }
        for uri in lists(subject) {
            let list = match known.get(&uri) {
                Some(list) => Ok(list.clone()),
                None => self.fetch(&uri).await,
            };
            let judged = list.and_then(|list| not_listed(&list, subject, issuer).map(|()| list));
            match judged {
                Ok(list) => {
                    known.insert(uri, list.clone());
                    return Ok(Material {
                        crls: vec![list],
                        ..Material::default()
                    });
                }
                Err(revoked @ SignFault::Certificate(_)) => return Err(revoked),
                Err(other) => fault = Some(other),
            }
        }
        fault.map_or_else(|| Ok(Material::default()), Err)
    }

    async fn ocsp(
        &self,
        uri: &str,
        subject: &Certificate,
        issuer: &Certificate,
    ) -> Result<Vec<u8>, SignFault> {
        let answer = self.answer(uri, subject, issuer).await?;
        check(&answer, &certificate_id(subject, issuer)?)?;
        Ok(answer)
    }

    async fn answer(
        &self,
        uri: &str,
        subject: &Certificate,
        issuer: &Certificate,
    ) -> Result<Vec<u8>, SignFault> {
        let about = certificate_id(subject, issuer)?;
        let request = OcspRequest {
            tbs_request: TbsRequest {
                version: Version::V1,
                requestor_name: None,
                request_list: vec![Request {
                    req_cert: about,
                    single_request_extensions: None,
                }],
                request_extensions: None,
            },
            optional_signature: None,
        };
        let body = request.to_der().map_err(SignFault::certificate)?;
        let question = Question {
            uri,
            body: Some(("application/ocsp-request", body)),
            credentials: None,
            most: MOST_OCSP,
        };
        self.fetcher.ask_within(self.reach, question).await
    }

    async fn fetch(&self, uri: &str) -> Result<Vec<u8>, SignFault> {
        let question = Question {
            uri,
            body: None,
            credentials: None,
            most: MOST_CRL,
        };
        self.fetcher.ask_within(self.reach, question).await
    }
}

/// Whether the list is the issuer's and does not name the certificate.
fn not_listed(bytes: &[u8], subject: &Certificate, issuer: &Certificate) -> Result<(), SignFault> {
    let list = CertificateList::from_der(bytes);
    let list = list
        .map_err(|_| later("an unreadable revocation list"))?
        .tbs_cert_list;
    if list.issuer != issuer.tbs_certificate.subject {
        return Err(refused("a revocation list of another issuer"));
    }
    let serial = &subject.tbs_certificate.serial_number;
    let mut revoked = list.revoked_certificates.iter().flatten();
    if revoked.any(|entry| entry.serial_number == *serial) {
        return Err(SignFault::certificate("it is revoked"));
    }
    Ok(())
}

/// Judges an answer by what it says; whoever validates the document judges its signature.
fn check(answer: &[u8], about: &CertId) -> Result<(), SignFault> {
    let unreadable = |_| later("an unreadable OCSP answer");
    let answer = OcspResponse::from_der(answer).map_err(unreadable)?;
    let bytes = answer
        .response_bytes
        .ok_or_else(|| later("the responder does not answer"))?;
    let basic = BasicOcspResponse::from_der(bytes.response.as_bytes()).map_err(unreadable)?;
    let mut said = basic.tbs_response_data.responses.iter();
    let said = said.find(|one| {
        one.cert_id.serial_number == about.serial_number
            && one.cert_id.issuer_key_hash == about.issuer_key_hash
    });
    match said.map(|one| &one.cert_status) {
        Some(CertStatus::Good(_)) => Ok(()),
        Some(CertStatus::Revoked(_)) => Err(SignFault::certificate("it is revoked")),
        Some(CertStatus::Unknown(_)) | None => Err(refused("the responder does not know it")),
    }
}

/// RFC 5019 wants SHA-1 here, and responders know no other; it hides nothing and proves nothing.
fn certificate_id(subject: &Certificate, issuer: &Certificate) -> Result<CertId, SignFault> {
    let name = subject
        .tbs_certificate
        .issuer
        .to_der()
        .map_err(SignFault::certificate)?;
    let key = &issuer
        .tbs_certificate
        .subject_public_key_info
        .subject_public_key;
    let hash = |bytes: &[u8]| {
        let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes);
        OctetString::new(hash.as_ref()).map_err(SignFault::certificate)
    };
    Ok(CertId {
        hash_algorithm: AlgorithmIdentifierOwned {
            oid: SHA_1,
            parameters: Some(Null.into()),
        },
        issuer_name_hash: hash(&name)?,
        issuer_key_hash: hash(key.raw_bytes())?,
        serial_number: subject.tbs_certificate.serial_number.clone(),
    })
}

fn responders(certificate: &Certificate) -> Vec<String> {
    let found = certificate
        .tbs_certificate
        .get::<AuthorityInfoAccessSyntax>();
    let Ok(Some((_, access))) = found else {
        return Vec::new();
    };
    let ways = access.0.iter().filter(|way| way.access_method == OCSP);
    ways.filter_map(|way| address(&way.access_location))
        .collect()
}

fn lists(certificate: &Certificate) -> Vec<String> {
    let found = certificate.tbs_certificate.get::<CrlDistributionPoints>();
    let Ok(Some((_, points))) = found else {
        return Vec::new();
    };
    let names = points
        .0
        .iter()
        .filter_map(|point| match &point.distribution_point {
            Some(DistributionPointName::FullName(names)) => Some(names),
            _ => None,
        });
    names.flatten().filter_map(address).collect()
}

fn address(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::UniformResourceIdentifier(uri) => Some(uri.to_string()),
        _ => None,
    }
}
