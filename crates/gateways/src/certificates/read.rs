//! X.509 certificates as files bring them.

use app::ports::{CertificateFacts, PortError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use const_oid::db::rfc5912::{
    ID_EC_PUBLIC_KEY, RSA_ENCRYPTION, SECP_256_R_1, SECP_384_R_1, SECP_521_R_1,
};
use const_oid::db::{DB, rfc4519};
use der::asn1::{BmpString, ObjectIdentifier};
use der::{Decode as _, Encode as _};
use jiff::civil::DateTime;
use jiff::tz::{self, TimeZone};
use ring::digest;
use x509_cert::Certificate;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};
use x509_cert::name::Name;
use x509_cert::time::Time;

/// Certificates that one file holds at most: a signer's with its chain is four.
const MOST: usize = 16;

/// The certificates in a file.
///
/// # Errors
/// [`PortError::Fail`] when it holds none or too many, or one of them cannot be read.
pub fn read(file: &[u8]) -> Result<Vec<CertificateFacts>, PortError> {
    let certificates = match std::str::from_utf8(file) {
        Ok(text) if text.contains("-----BEGIN ") => of_pem(text)?,
        Ok(text) => of_der(&plain(text)?)?,
        Err(_) => of_der(file)?,
    };
    if certificates.is_empty() || certificates.len() > MOST {
        return Err(unread("no certificate, or too many"));
    }
    certificates.iter().map(facts).collect()
}

fn unread(why: &str) -> PortError {
    PortError::Fail(format!("this is no certificate: {why}"))
}

/// The blocks of a PEM file; keys and requests among them are passed over.
fn of_pem(text: &str) -> Result<Vec<Certificate>, PortError> {
    let mut found = Vec::new();
    for block in text.split("-----BEGIN ").skip(1) {
        let Some((label, rest)) = block.split_once("-----") else {
            return Err(unread("a block without a label"));
        };
        let body = rest.split("-----END ").next().unwrap_or_default();
        match label {
            "CERTIFICATE" | "X509 CERTIFICATE" | "PKCS7" | "CMS" => {
                found.extend(of_der(&plain(body)?)?);
            }
            _ => {}
        }
        if found.len() > MOST {
            break;
        }
    }
    Ok(found)
}

fn plain(text: &str) -> Result<Vec<u8>, PortError> {
    let joined: String = text.split_whitespace().collect();
    STANDARD
        .decode(joined)
        .map_err(|_| unread("neither DER nor base64"))
}

/// One certificate, or those of a PKCS#7 message.
fn of_der(content: &[u8]) -> Result<Vec<Certificate>, PortError> {
    if let Ok(one) = Certificate::from_der(content) {
        return Ok(vec![one]);
    }
    let failed = |_| unread("neither a certificate nor PKCS#7");
    let message = ContentInfo::from_der(content).map_err(failed)?;
    let signed: SignedData = message.content.decode_as().map_err(failed)?;
    let choices = signed.certificates.map(|set| set.0.into_vec());
    let certificate = |choice| match choice {
        CertificateChoices::Certificate(one) => Some(one),
        CertificateChoices::Other(_) => None,
    };
    let choices = choices.unwrap_or_default().into_iter();
    Ok(choices.filter_map(certificate).collect())
}

/// What a certificate says.
fn facts(certificate: &Certificate) -> Result<CertificateFacts, PortError> {
    let failed = |_| unread("its parts cannot be read");
    let content = certificate.to_der().map_err(failed)?;
    let tbs = &certificate.tbs_certificate;
    let subject: Vec<(String, String)> = parts(&tbs.subject).collect();
    let usage = tbs.get::<KeyUsage>().map_err(failed)?;
    let basic = tbs.get::<BasicConstraints>().map_err(failed)?;
    let signs = usage.is_none_or(|(_, usage)| usage.digital_signature() || usage.non_repudiation());
    Ok(CertificateFacts {
        name: name(&subject),
        issuer: name(&parts(&tbs.issuer).collect::<Vec<_>>()),
        serial: hex::encode(tbs.serial_number.as_bytes()),
        fingerprint: hex::encode(digest::digest(&digest::SHA256, &content)),
        algorithm: algorithm(certificate),
        valid_from: moment(tbs.validity.not_before)?,
        valid_to: moment(tbs.validity.not_after)?,
        authority: basic.is_some_and(|(_, basic)| basic.ca),
        signs,
        subject,
        content,
    })
}

/// The parts of a name as somebody reads them: what it is, and what it says.
fn parts(name: &Name) -> impl Iterator<Item = (String, String)> {
    let all = name.0.iter().flat_map(|part| part.0.iter());
    all.filter_map(|part| Some((label(part.oid), text(part)?)))
}

fn label(oid: ObjectIdentifier) -> String {
    match oid {
        rfc4519::CN => "CN".to_owned(),
        rfc4519::O => "O".to_owned(),
        rfc4519::OU => "OU".to_owned(),
        rfc4519::L => "L".to_owned(),
        rfc4519::ST => "ST".to_owned(),
        rfc4519::C => "C".to_owned(),
        rfc4519::UID => "UID".to_owned(),
        other => DB
            .by_oid(&other)
            .map_or_else(|| other.to_string(), ToOwned::to_owned),
    }
}

/// The text of a part. Some authorities still write UTF-16.
fn text(part: &AttributeTypeAndValue) -> Option<String> {
    let value = &part.value;
    if let Ok(wide) = value.decode_as::<BmpString>() {
        return Some(wide.to_string());
    }
    String::from_utf8(value.value().to_vec()).ok()
}

/// The common name, or the whole where there is none.
fn name(parts: &[(String, String)]) -> String {
    let common = parts.iter().find(|(label, _)| label == "CN");
    common.map_or_else(
        || {
            let all: Vec<&str> = parts.iter().map(|(_, text)| text.as_str()).collect();
            all.join(", ")
        },
        |(_, text)| text.clone(),
    )
}

fn algorithm(certificate: &Certificate) -> String {
    let key = &certificate.tbs_certificate.subject_public_key_info;
    let curve = || {
        let parameters = key.algorithm.parameters.as_ref()?;
        parameters.decode_as::<ObjectIdentifier>().ok()
    };
    match key.algorithm.oid {
        RSA_ENCRYPTION => {
            let bits = pkcs1_bits(key.subject_public_key.raw_bytes()).unwrap_or_default();
            format!("RSA {bits}")
        }
        ID_EC_PUBLIC_KEY => match curve() {
            Some(SECP_256_R_1) => "ECDSA P-256".to_owned(),
            Some(SECP_384_R_1) => "ECDSA P-384".to_owned(),
            Some(SECP_521_R_1) => "ECDSA P-521".to_owned(),
            _ => "ECDSA".to_owned(),
        },
        other => other.to_string(),
    }
}

/// Bits of the modulus of an RSA key.
fn pkcs1_bits(key: &[u8]) -> Option<usize> {
    #[derive(der::Sequence)]
    struct RsaKey<'a> {
        modulus: der::asn1::UintRef<'a>,
        exponent: der::asn1::UintRef<'a>,
    }
    let key = RsaKey::from_der(key).ok()?;
    let modulus = key.modulus.as_bytes();
    let unused = modulus.first()?.leading_zeros() as usize;
    (!key.exponent.as_bytes().is_empty()).then_some(modulus.len() * 8 - unused)
}

fn moment(time: Time) -> Result<DateTime, PortError> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).ok();
    let stamp = seconds.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    let stamp = stamp.ok_or_else(|| unread("its days cannot be read"))?;
    Ok(TimeZone::fixed(tz::offset(7)).to_datetime(stamp))
}
