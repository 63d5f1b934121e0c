//! Certificates as people read them.

use jiff::Timestamp;
use x509_cert::Certificate;
use x509_cert::der::asn1::{PrintableStringRef, TeletexStringRef, Utf8StringRef};
use x509_cert::name::Name;
use x509_cert::time::Time;

use super::verdict::Holder;

const COMMON_NAME: const_oid::ObjectIdentifier = const_oid::ObjectIdentifier::new_unwrap("2.5.4.3");

/// Whose certificate it is.
pub(crate) fn holder(certificate: &Certificate, der: &[u8]) -> Holder {
    let found = &certificate.tbs_certificate;
    let time = |time: &Time| moment(time).unwrap_or(Timestamp::UNIX_EPOCH);
    Holder {
        subject: found.subject.to_string(),
        common_name: common_name(&found.subject),
        issuer: found.issuer.to_string(),
        serial: hex::encode(found.serial_number.as_bytes()),
        not_before: time(&found.validity.not_before),
        not_after: time(&found.validity.not_after),
        certificate: der.to_vec(),
    }
}

/// A time of a certificate.
pub(crate) fn moment(time: &Time) -> Option<Timestamp> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).ok()?;
    Timestamp::from_second(seconds).ok()
}

fn common_name(name: &Name) -> Option<String> {
    let mut parts = name.0.iter().flat_map(|part| part.0.iter());
    let value = &parts.find(|part| part.oid == COMMON_NAME)?.value;
    let utf8 = value.decode_as::<Utf8StringRef<'_>>().ok();
    let text = utf8.map(|text| text.as_str().to_owned());
    text.or_else(|| {
        let text = value.decode_as::<PrintableStringRef<'_>>().ok()?;
        Some(text.as_str().to_owned())
    })
    .or_else(|| {
        let text = value.decode_as::<TeletexStringRef<'_>>().ok()?;
        Some(text.as_str().to_owned())
    })
}
