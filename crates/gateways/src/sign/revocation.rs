//! Whether certificates are revoked, asked where they say it is told: OCSP, or a revocation list.

use std::collections::BTreeMap;
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
use super::heard::{Asked, Heard, Who};
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
    heard: Heard,
}

/// Questions that belong together: who asks them, and the lists that were fetched for them, by their
/// addresses.
struct Round {
    who: Who,
    lists: BTreeMap<String, Vec<u8>>,
}

impl Round {
    fn of(who: Who) -> Self {
        Self {
            who,
            lists: BTreeMap::new(),
        }
    }
}

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
            heard: Heard::default(),
        }
    }

    /// Asks nobody twice about the same within that time, nor who did not answer; what comes back by
    /// itself asks a silent authority once in a growing pause, up to an hour.
    #[must_use]
    pub fn remembering(mut self, hold: Duration) -> Self {
        self.heard = Heard::holding(hold);
        self
    }

    /// The proof that these certificates were good, with them and their issuers. Each is asked about
    /// with its issuer, which must be among them; roots are not asked about, nor certificates that
    /// do not say where.
    ///
    /// # Errors
    /// [`SignFault::Revoked`] when one was revoked by then; otherwise why one is not proved: a reason
    /// that does not pass before one that may.
    pub async fn gather(
        &self,
        certificates: &[Vec<u8>],
        moments: Moments,
    ) -> Result<Material, SignFault> {
        let parsed = certificates.iter().map(|der| certificate(der));
        let parsed: Vec<Certificate> = parsed.collect::<Result<_, _>>()?;
        let (mut material, mut fault) = (Material::default(), None);
        let mut round = Round::of(Who::Waiting);
        for (subject, issuer) in pairs(&parsed) {
            let found = self.of((subject, issuer), moments.now, &mut round);
            match found.await {
                Ok(Some(found)) => {
                    judge(&found, moments.then)?;
                    material.extend(found.material);
                }
                Ok(None) => {}
                // Whoever else was revoked matters more than who does not answer, and who never will
                // more than who may.
                Err(other) if !other.passes() => fault = Some(other),
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
        let mut round = Round::of(Who::Acting);
        for pair in pairs(&parsed) {
            match self.of(pair, moments.now, &mut round).await {
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

    /// Adds what authorities say of these certificates, good or bad, for whoever judges it, as soon as
    /// each has said it: who has no more patience keeps what came. What does not answer is left out.
    /// Certificates are asked about as in [`Revocation::gather`].
    pub async fn said(&self, certificates: &[Vec<u8>], material: &mut Material) {
        let parsed = certificates.iter().filter_map(|der| certificate(der).ok());
        let parsed: Vec<Certificate> = parsed.collect();
        for pair in pairs(&parsed) {
            material.extend(self.said_of(pair).await);
        }
    }

    /// What the first says of a certificate that says anything of it.
    async fn said_of(&self, (subject, issuer): (&Certificate, &Certificate)) -> Material {
        let speaks = |answer: &Vec<u8>| said(answer, subject, issuer).is_some();
        for uri in responders(subject) {
            let answer = self.answer(&uri, (subject, issuer), Who::Acting).await;
            if let Some(answer) = answer.ok().filter(speaks) {
                return answered(answer);
            }
        }
        for uri in lists(subject) {
            if let Some(list) = self.list(&uri, Who::Acting).await.ok().filter(speaks) {
                return listed(list);
            }
        }
        Material::default()
    }

    /// What the first says that answers rightly; nothing of a certificate that names nobody. As long as
    /// one may answer later, it is not too late.
    async fn of(
        &self,
        (subject, issuer): (&Certificate, &Certificate),
        now: Timestamp,
        round: &mut Round,
    ) -> Result<Option<Found>, SignFault> {
        let mut fault: Option<SignFault> = None;
        let hopeful =
            |known: Option<SignFault>, other| known.filter(SignFault::passes).or(Some(other));
        for uri in responders(subject) {
            let answer = self.answer(&uri, (subject, issuer), round.who).await;
            let judged = answer.and_then(|answer| {
                let said = fresh(said(&answer, subject, issuer), now)?;
                Ok((answered(answer), said.revoked))
            });
            match judged {
                Ok((material, revoked)) => return Ok(Some(Found { material, revoked })),
                Err(other) => fault = hopeful(fault, other),
            }
        }
        for uri in lists(subject) {
            let list = match round.lists.get(&uri) {
                Some(list) => Ok(list.clone()),
                None => self.list(&uri, round.who).await,
            };
            let judged = list.and_then(|list| {
                let said = fresh(said(&list, subject, issuer), now)?;
                round.lists.insert(uri, list.clone());
                Ok((listed(list), said.revoked))
            });
            match judged {
                Ok((material, revoked)) => return Ok(Some(Found { material, revoked })),
                Err(other) => fault = hopeful(fault, other),
            }
        }
        fault.map_or(Ok(None), Err)
    }

    async fn list(&self, uri: &str, who: Who) -> Result<Vec<u8>, SignFault> {
        let question = Question {
            uri,
            body: None,
            credentials: None,
            most: MOST_CRL,
        };
        self.ask((uri.to_owned(), Vec::new()), question, who).await
    }

    /// What was answered a moment ago, or is now.
    async fn ask(
        &self,
        asked: Asked,
        question: Question<'_>,
        who: Who,
    ) -> Result<Vec<u8>, SignFault> {
        if let Some(answer) = self.heard.answer(&asked, Instant::now()) {
            return Ok(answer);
        }
        if self.heard.is_silent(&asked.0, who, Instant::now()) {
            return Err(later("it did not answer a moment ago"));
        }
        let answer = self.fetcher.ask_within(&self.reach, question).await;
        match &answer {
            Ok(answer) => self.heard.keep(asked, answer.clone(), Instant::now()),
            Err(fault) if fault.passes() => self.heard.nothing(&asked.0, fault, Instant::now()),
            Err(fault) => self.heard.refused(&asked.0, fault),
        }
        answer
    }

    async fn answer(
        &self,
        uri: &str,
        (subject, issuer): (&Certificate, &Certificate),
        who: Who,
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
            body: Some(("application/ocsp-request", body.clone())),
            credentials: None,
            most: MOST_OCSP,
        };
        self.ask((uri.to_owned(), body), question, who).await
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
