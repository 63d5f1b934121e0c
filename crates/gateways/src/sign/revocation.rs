//! Whether certificates are revoked, asked where they say it is told: OCSP, or a revocation list.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5280, rfc5912};
use der::Encode as _;
use der::asn1::{Null, OctetString};
use jiff::{SignedDuration, Timestamp};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use x509_cert::Certificate;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{AuthorityInfoAccessSyntax, CrlDistributionPoints};
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_ocsp::{CertId, OcspRequest, Request, TbsRequest, Version};

use super::cms::certificate;
use super::dss::Material;
use super::fault::SignFault;
use super::fetch::{Fetcher, Question, Reach, later};
use crate::verify::{Said, issued, said};

/// Bytes of an OCSP answer that are read.
const MOST_OCSP: usize = 64 * 1024;
/// Bytes of a revocation list that are read.
const MOST_CRL: usize = 8 * 1024 * 1024;
const SHA_1: ObjectIdentifier = rfc5912::ID_SHA_1;
const OCSP: ObjectIdentifier = rfc5280::ID_AD_OCSP;
/// How far an authority's clock may be ahead of ours.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// Asks about revocation.
pub struct Revocation {
    fetcher: Fetcher,
    reach: Reach,
    hold: Duration,
    known: Mutex<BTreeMap<Asked, Known>>,
}

/// The address that was asked, and about which serial number; none for a list, nor for an address that
/// does not answer.
type Asked = (String, Vec<u8>);

/// When it was asked, and what was answered, if anything was.
type Known = (Instant, Option<Vec<u8>>);

/// Lists that were fetched for other certificates, by their addresses.
type Lists = BTreeMap<String, Vec<u8>>;

/// The two times that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moments {
    /// When the certificates had to be good.
    pub then: Timestamp,
    /// When they are asked about.
    pub now: Timestamp,
}

/// What an authority said, fit to be kept.
struct Found {
    material: Material,
    revoked: Option<Timestamp>,
}

impl Revocation {
    /// Asks within that reach; each question ends after `patience`.
    pub fn new(reach: Reach, patience: Duration) -> Self {
        Self {
            fetcher: Fetcher::new(patience),
            reach,
            hold: Duration::ZERO,
            known: Mutex::default(),
        }
    }

    /// Asks nobody twice about the same within that time, nor who did not answer.
    #[must_use]
    pub fn remembering(mut self, hold: Duration) -> Self {
        self.hold = hold;
        self
    }

    /// The proof that these certificates were good, with them and their issuers. Each is asked about
    /// with its issuer, which must be among them; roots are not asked about, nor certificates that
    /// do not say where.
    ///
    /// # Errors
    /// [`SignFault::Revoked`] when one was revoked by then; otherwise why one is not proved.
    pub async fn gather(
        &self,
        certificates: &[Vec<u8>],
        moments: Moments,
    ) -> Result<Material, SignFault> {
        let parsed = certificates.iter().map(|der| certificate(der));
        let parsed: Vec<Certificate> = parsed.collect::<Result<_, _>>()?;
        let (mut material, mut fault) = (Material::default(), None);
        let mut fetched = Lists::new();
        for (subject, issuer) in pairs(&parsed) {
            let found = self.of((subject, issuer), moments.now, &mut fetched);
            match found.await {
                Ok(Some(found)) => {
                    judge(&found, moments.then)?;
                    material.extend(found.material);
                }
                Ok(None) => {}
                // Whoever else was revoked matters more than who does not answer.
                Err(other) => fault = fault.or(Some(other)),
            }
            let both = [subject, issuer].map(der::Encode::to_der);
            let both: Result<Vec<_>, _> = both.into_iter().collect();
            material.extend(Material {
                certs: both.map_err(SignFault::certificate)?,
                ..Material::default()
            });
        }
        fault.map_or(Ok(material), Err)
    }

    /// Since when one of these certificates is revoked, if it was by then, as far as anybody says.
    pub async fn revoked(&self, certificates: &[Vec<u8>], moments: Moments) -> Option<Timestamp> {
        let parsed = certificates.iter().filter_map(|der| certificate(der).ok());
        let parsed: Vec<Certificate> = parsed.collect();
        let mut fetched = Lists::new();
        for pair in pairs(&parsed) {
            match self.of(pair, moments.now, &mut fetched).await {
                Ok(Some(found)) => {
                    if let Err(SignFault::Revoked(since)) = judge(&found, moments.then) {
                        return Some(since);
                    }
                }
                Ok(None) => {}
                Err(fault) => {
                    let subject = &pair.0.tbs_certificate.subject;
                    tracing::warn!(%subject, %fault, "Nobody says whether a certificate is revoked");
                }
            }
        }
        None
    }

    /// What authorities say of these certificates, good or bad, for whoever judges it; what does not
    /// answer is left out. Certificates are asked about as in [`Revocation::gather`].
    pub async fn said(&self, certificates: &[Vec<u8>]) -> Material {
        let parsed = certificates.iter().filter_map(|der| certificate(der).ok());
        let parsed: Vec<Certificate> = parsed.collect();
        let mut material = Material::default();
        for pair in pairs(&parsed) {
            material.extend(self.said_of(pair).await);
        }
        material
    }

    async fn said_of(&self, (subject, issuer): (&Certificate, &Certificate)) -> Material {
        for uri in responders(subject) {
            if let Ok(answer) = self.answer(&uri, subject, issuer).await {
                return answered(answer);
            }
        }
        for uri in lists(subject) {
            if let Ok(list) = self.list(&uri).await {
                return listed(list);
            }
        }
        Material::default()
    }

    /// What the first says that answers rightly; nothing of a certificate that names nobody.
    async fn of(
        &self,
        (subject, issuer): (&Certificate, &Certificate),
        now: Timestamp,
        fetched: &mut Lists,
    ) -> Result<Option<Found>, SignFault> {
        let mut fault = None;
        for uri in responders(subject) {
            let answer = self.answer(&uri, subject, issuer).await;
            let judged = answer.and_then(|answer| {
                let said = fresh(said(&answer, subject, issuer), now)?;
                Ok((answered(answer), said.revoked))
            });
            match judged {
                Ok((material, revoked)) => return Ok(Some(Found { material, revoked })),
                Err(other) => fault = Some(other),
            }
        }
        for uri in lists(subject) {
            let list = match fetched.get(&uri) {
                Some(list) => Ok(list.clone()),
                None => self.list(&uri).await,
            };
            let judged = list.and_then(|list| {
                let said = fresh(said(&list, subject, issuer), now)?;
                fetched.insert(uri, list.clone());
                Ok((listed(list), said.revoked))
            });
            match judged {
                Ok((material, revoked)) => return Ok(Some(Found { material, revoked })),
                Err(other) => fault = Some(other),
            }
        }
        fault.map_or(Ok(None), Err)
    }

    async fn list(&self, uri: &str) -> Result<Vec<u8>, SignFault> {
        let question = Question {
            uri,
            body: None,
            credentials: None,
            most: MOST_CRL,
        };
        self.ask((uri.to_owned(), Vec::new()), question).await
    }

    /// What was answered a moment ago, or is now.
    async fn ask(&self, asked: Asked, question: Question<'_>) -> Result<Vec<u8>, SignFault> {
        let silent = (asked.0.clone(), Vec::new());
        if let Some(known) = self.known(&asked).or_else(|| self.known(&silent)) {
            return known;
        }
        let answer = self.fetcher.ask_within(&self.reach, question).await;
        match &answer {
            Ok(answer) => self.keep(asked, Some(answer.clone())),
            Err(fault) if fault.passes() => self.keep(silent, None),
            Err(_) => {}
        }
        answer
    }

    fn known(&self, asked: &Asked) -> Option<Result<Vec<u8>, SignFault>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, answer) = known.get(asked)?;
        let silent = || later("it did not answer a moment ago");
        (since.elapsed() < self.hold).then(|| answer.clone().ok_or_else(silent))
    }

    fn keep(&self, asked: Asked, answer: Option<Vec<u8>>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, (since, _)| since.elapsed() < self.hold);
        if !self.hold.is_zero() {
            known.insert(asked, (Instant::now(), answer));
        }
    }

    async fn answer(
        &self,
        uri: &str,
        subject: &Certificate,
        issuer: &Certificate,
    ) -> Result<Vec<u8>, SignFault> {
        let about = certificate_id(subject, issuer)?;
        let serial = about.serial_number.as_bytes().to_vec();
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
        self.ask((uri.to_owned(), serial), question).await
    }
}

/// Each certificate with its issuer: the one whose key signed it, since an authority that renews its key
/// keeps its name.
fn pairs(all: &[Certificate]) -> impl Iterator<Item = (&Certificate, &Certificate)> {
    all.iter().filter_map(|subject| {
        let name = &subject.tbs_certificate.issuer;
        let named = || {
            all.iter()
                .filter(|one| one.tbs_certificate.subject == *name)
        };
        let signed = named().find(|issuer| issued(subject, issuer));
        // What we cannot calculate with is asked about all the same, and believed by nobody.
        let issuer = signed.or_else(|| named().next())?;
        (issuer != subject).then_some((subject, issuer))
    })
}

fn judge(found: &Found, then: Timestamp) -> Result<(), SignFault> {
    match found.revoked {
        Some(since) if since <= then => Err(SignFault::Revoked(since)),
        _ => Ok(()),
    }
}

/// What was said, if it is signed rightly, holds now and does not come from the future.
fn fresh(said: Option<Said>, now: Timestamp) -> Result<Said, SignFault> {
    let said = said.ok_or_else(|| later("no answer that is signed rightly"))?;
    let latest = now.saturating_add(AHEAD).unwrap_or(now);
    let holds = said.until.is_none_or(|until| until >= now);
    if holds && said.made <= latest {
        Ok(said)
    } else {
        Err(later("an answer of another time"))
    }
}

fn answered(answer: Vec<u8>) -> Material {
    Material {
        ocsps: vec![answer],
        ..Material::default()
    }
}

fn listed(list: Vec<u8>) -> Material {
    Material {
        crls: vec![list],
        ..Material::default()
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
