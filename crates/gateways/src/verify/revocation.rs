//! Whether a certificate had been revoked, from lists and responders' answers at hand.

use const_oid::ObjectIdentifier;
use der::asn1::GeneralizedTime;
use der::{Decode, Encode};
use jiff::Timestamp;
use x509_cert::Certificate;
use x509_cert::crl::CertificateList;
use x509_cert::ext::Extensions;
use x509_cert::ext::pkix::{IssuingDistributionPoint, KeyUsage};
use x509_cert::time::Time;
use x509_ocsp::SingleResponse;
use x509_ocsp::{BasicOcspResponse, CertId, CertStatus, OcspResponse, OcspResponseStatus};

use super::algorithms::{Check, Hash, check, signed_part};
use super::chain::has_purpose;
use super::holder::moment;
use super::verdict::Revocation;

/// Material for validation from outside the document, DER each.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    pub certificates: Vec<Vec<u8>>,
    /// Certificate revocation lists.
    pub lists: Vec<Vec<u8>>,
    /// Answers of OCSP responders.
    pub answers: Vec<Vec<u8>>,
}

impl Evidence {
    /// Bytes of the lists and answers.
    pub(crate) fn bytes(&self) -> usize {
        let material = self.lists.iter().chain(&self.answers);
        material.map(Vec::len).sum()
    }
}

const OCSP_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9");
const DELTA_LIST: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.27");
const DISTRIBUTION_POINT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.28");
const ENDED_ON_LIST: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.60");
const ARCHIVE_CUTOFF: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.6");

/// When material was made, until when it holds, and the two times at which we ask.
#[derive(Clone, Copy)]
pub(crate) struct When {
    /// The time at which the certificate had to be good.
    pub(crate) then: Timestamp,
    /// The time of the validation.
    pub(crate) now: Timestamp,
}

impl When {
    /// Material from the future is ignored; material that had ended before the time in question
    /// says nothing about it.
    fn admits(self, made: Timestamp, until: Option<Timestamp>) -> bool {
        made <= self.now && (made >= self.then || until.is_some_and(|until| until >= self.then))
    }

    /// Judges a certificate that ends then.
    fn judge(self, said: Said, ends: Timestamp) -> Option<Revocation> {
        let Some(time) = said.revoked else {
            // Authorities forget certificates that have ended, unless they say how long they do not.
            let speaks = said.made <= ends || said.kept.is_some_and(|since| since <= ends);
            let admitted = speaks && self.admits(said.made, said.until);
            return admitted.then_some(Revocation::Good);
        };
        // A revocation is not undone by the end of what says it.
        (said.made <= self.now).then_some(if time <= self.then {
            Revocation::Revoked(time)
        } else {
            Revocation::Good
        })
    }
}

/// What a responder or a list says of one certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// When it was said.
    pub made: Timestamp,
    /// Until when it holds.
    pub until: Option<Timestamp>,
    /// Since when the certificate is revoked.
    pub revoked: Option<Timestamp>,
    /// Certificates that ended since then are still spoken of.
    pub kept: Option<Timestamp>,
}

/// What an OCSP answer or a revocation list says of a certificate, if its issuer signed it or who the
/// issuer made its responder.
pub fn said(material: &[u8], certificate: &Certificate, issuer: &Certificate) -> Option<Said> {
    answer(material, certificate, issuer).or_else(|| list(material, certificate, issuer))
}

/// Judges every certificate of a path below its anchor.
pub(crate) fn judge(path: &[Vec<u8>], evidence: &Evidence, when: When) -> Revocation {
    let mut judged = Revocation::Good;
    for pair in path.windows(2) {
        let [der, issuer] = pair else { continue };
        let (Ok(certificate), Ok(issuer)) =
            (Certificate::from_der(der), Certificate::from_der(issuer))
        else {
            return Revocation::Unknown;
        };
        match one(&certificate, &issuer, evidence, when) {
            Revocation::Good => {}
            revoked @ Revocation::Revoked(_) => return revoked,
            Revocation::Unknown => judged = Revocation::Unknown,
        }
    }
    judged
}

fn one(
    certificate: &Certificate,
    issuer: &Certificate,
    evidence: &Evidence,
    when: When,
) -> Revocation {
    let Some(ends) = moment(&certificate.tbs_certificate.validity.not_after) else {
        return Revocation::Unknown;
    };
    let answers = evidence.answers.iter();
    let said = answers.filter_map(|der| answer(der, certificate, issuer));
    let lists = evidence.lists.iter();
    let listed = lists.filter_map(|der| list(der, certificate, issuer));
    let mut judged = Revocation::Unknown;
    let judge = |said| when.judge(said, ends);
    for each in said.chain(listed).filter_map(judge) {
        match each {
            Revocation::Revoked(_) => return each,
            Revocation::Good => judged = Revocation::Good,
            Revocation::Unknown => {}
        }
    }
    judged
}

fn answer(der: &[u8], certificate: &Certificate, issuer: &Certificate) -> Option<Said> {
    // Messages carry the inner part alone; documents and responders the whole.
    let basic_der = match OcspResponse::from_der(der) {
        Ok(whole) if whole.response_status == OcspResponseStatus::Successful => {
            whole.response_bytes?.response.into_bytes()
        }
        Ok(_) => return None,
        Err(_) => der.to_vec(),
    };
    let basic = BasicOcspResponse::from_der(&basic_der).ok()?;
    let single = basic
        .tbs_response_data
        .responses
        .iter()
        .find(|single| is_about(&single.cert_id, certificate, issuer))?;
    if !answered_rightly(&basic, signed_part(&basic_der)?, issuer) {
        return None;
    }
    status(single)
}

fn status(single: &SingleResponse) -> Option<Said> {
    let time = |time: &x509_ocsp::OcspGeneralizedTime| {
        let seconds = time.0.to_unix_duration().as_secs();
        Timestamp::from_second(i64::try_from(seconds).ok()?).ok()
    };
    let revoked = match &single.cert_status {
        CertStatus::Revoked(info) => Some(time(&info.revocation_time)?),
        CertStatus::Good(_) => None,
        CertStatus::Unknown(_) => return None,
    };
    Some(Said {
        made: time(&single.this_update)?,
        until: single.next_update.as_ref().and_then(time),
        revoked,
        kept: said_since(single.single_extensions.as_ref(), ARCHIVE_CUTOFF),
    })
}

fn is_about(id: &CertId, certificate: &Certificate, issuer: &Certificate) -> bool {
    let Some(hash) = Hash::of(id.hash_algorithm.oid) else {
        return false;
    };
    let Ok(name) = issuer.tbs_certificate.subject.to_der() else {
        return false;
    };
    let key = &issuer.tbs_certificate.subject_public_key_info;
    let key = key.subject_public_key.raw_bytes();
    id.serial_number == certificate.tbs_certificate.serial_number
        && id.issuer_name_hash.as_bytes() == hash.digest(&[&name])
        && id.issuer_key_hash.as_bytes() == hash.digest(&[key])
}

/// Whether the issuer, or who it made its responder, signed the answer.
fn answered_rightly(basic: &BasicOcspResponse, part: &[u8], issuer: &Certificate) -> bool {
    let by = |signer: &Certificate| {
        let key = &signer.tbs_certificate.subject_public_key_info;
        let signature = basic.signature.raw_bytes();
        check(key, &basic.signature_algorithm, None, part, signature) == Check::Right
    };
    let produced = basic.tbs_response_data.produced_at.0.to_unix_duration();
    let delegated = |each: &Certificate| {
        let valid = &each.tbs_certificate.validity;
        let lasts = valid.not_before.to_unix_duration() <= produced
            && produced <= valid.not_after.to_unix_duration();
        lasts && has_purpose(each, OCSP_SIGNING) && issued(each, issuer) && by(each)
    };
    by(issuer) || basic.certs.iter().flatten().any(delegated)
}

/// Whether a certificate was signed with the key of the other, which has the name of its issuer.
pub(crate) fn issued(certificate: &Certificate, issuer: &Certificate) -> bool {
    let Ok(der) = certificate.to_der() else {
        return false;
    };
    let key = &issuer.tbs_certificate.subject_public_key_info;
    let signature = certificate.signature.raw_bytes();
    certificate.tbs_certificate.issuer == issuer.tbs_certificate.subject
        && signed_part(&der).is_some_and(|part| {
            check(key, &certificate.signature_algorithm, None, part, signature) == Check::Right
        })
}

fn list(der: &[u8], certificate: &Certificate, issuer: &Certificate) -> Option<Said> {
    let list = CertificateList::from_der(der).ok()?;
    let named = list.tbs_cert_list.issuer == issuer.tbs_certificate.subject;
    if !named || !is_complete(&list) || !may_list(issuer) {
        return None;
    }
    let key = &issuer.tbs_certificate.subject_public_key_info;
    let signature = list.signature.raw_bytes();
    let right = check(
        key,
        &list.signature_algorithm,
        None,
        signed_part(der)?,
        signature,
    );
    if right != Check::Right {
        return None;
    }
    let time = |time: &Time| moment(time);
    let serial = &certificate.tbs_certificate.serial_number;
    let mut entries = list.tbs_cert_list.revoked_certificates.iter().flatten();
    let revoked = match entries.find(|entry| entry.serial_number == *serial) {
        Some(entry) => Some(time(&entry.revocation_date)?),
        None => None,
    };
    Some(Said {
        made: time(&list.tbs_cert_list.this_update)?,
        until: list.tbs_cert_list.next_update.as_ref().and_then(time),
        revoked,
        kept: said_since(list.tbs_cert_list.crl_extensions.as_ref(), ENDED_ON_LIST),
    })
}

/// The time that an extension says.
fn said_since(extensions: Option<&Extensions>, named: ObjectIdentifier) -> Option<Timestamp> {
    let found = extensions?.iter().find(|each| each.extn_id == named)?;
    let time = GeneralizedTime::from_der(found.extn_value.as_bytes()).ok()?;
    let seconds = time.to_unix_duration().as_secs();
    Timestamp::from_second(i64::try_from(seconds).ok()?).ok()
}

/// Whether the list speaks of all certificates of its issuer for all reasons.
fn is_complete(list: &CertificateList) -> bool {
    let extensions = list.tbs_cert_list.crl_extensions.iter().flatten();
    extensions.into_iter().all(|each| match each.extn_id {
        DELTA_LIST => false,
        DISTRIBUTION_POINT => {
            let point = IssuingDistributionPoint::from_der(each.extn_value.as_bytes());
            point.is_ok_and(|point| {
                !point.indirect_crl
                    && !point.only_contains_attribute_certs
                    && !point.only_contains_user_certs
                    && !point.only_contains_ca_certs
                    && point.only_some_reasons.is_none()
            })
        }
        _ => !each.critical,
    })
}

fn may_list(issuer: &Certificate) -> bool {
    let uses = issuer.tbs_certificate.get::<KeyUsage>();
    uses.is_ok_and(|uses| uses.is_none_or(|(_, uses)| uses.crl_sign()))
}
