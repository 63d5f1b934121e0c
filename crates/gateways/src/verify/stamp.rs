//! Time stamps (RFC 3161).

use der::asn1::{Any, ObjectIdentifier, OctetString};
use der::{Decode, Tag, Tagged};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::algorithms::{Check, Hash};
use super::chain::{Usage, may_be_used};
use super::holder::moment;
use super::message::{Message, STAMP_CONTENT};
use super::verdict::{Conclusion, Doubt, Fault};

/// A time-stamp token.
pub(crate) struct Token {
    pub(crate) message: Message,
    pub(crate) time: Timestamp,
    content: Vec<u8>,
    hash: Option<Hash>,
    imprint: Vec<u8>,
}

impl Token {
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let message = Message::read(bytes)?;
        let (kind, content) = message.content()?;
        if kind != STAMP_CONTENT {
            return None;
        }
        let fields = Vec::<Any>::from_der(&content).ok()?;
        let imprint: Vec<Any> = fields.get(2)?.decode_as().ok()?;
        let algorithm: Vec<Any> = imprint.first()?.decode_as().ok()?;
        let named: ObjectIdentifier = algorithm.first()?.decode_as().ok()?;
        let digest: OctetString = imprint.get(1)?.decode_as().ok()?;
        Some(Self {
            time: time(fields.get(4)?)?,
            hash: Hash::of(named),
            imprint: digest.into_bytes(),
            message,
            content,
        })
    }

    /// Whether this token is over these bytes and unchanged itself.
    pub(crate) fn agrees_with(&self, parts: &[&[u8]]) -> bool {
        let over = self.hash.map(|hash| hash.digest(parts));
        over.as_ref() == Some(&self.imprint)
            && self.message.agrees_with(&[&self.content], STAMP_CONTENT)
    }

    /// What its signature is over where it has no attributes.
    pub(crate) fn content(&self) -> &[u8] {
        &self.content
    }

    /// What is wrong with the token itself, the worst of it; `right` when it is over what it is
    /// held to be over.
    pub(crate) fn fault(&self, right: bool) -> Option<Conclusion> {
        let check = self.message.check_parts(&[&self.content]);
        let found = [
            (check == Check::Unsupported)
                .then_some(Conclusion::Indeterminate(Doubt::UnsupportedAlgorithm)),
            (check == Check::Wrong).then_some(Conclusion::Broken(Fault::Signature)),
            (!right).then_some(Conclusion::Broken(Fault::Digest)),
            // RFC 3161 wants the certificate bound.
            (self.message.binds_certificate() != Some(true))
                .then_some(Conclusion::Broken(Fault::SigningCertificate)),
            self.is_weak()
                .then_some(Conclusion::Indeterminate(Doubt::WeakAlgorithm)),
        ];
        found.into_iter().flatten().max()
    }

    pub(crate) fn is_weak(&self) -> bool {
        self.hash == Some(Hash::Sha1) || self.message.is_weak()
    }
}

/// Whether this is a sound time stamp over what has that SHA-256: rightly signed, by a certificate that
/// it brings, that is for stamps and had not ended. Whether its authority is trusted is not asked.
pub fn is_stamp_over(token: &[u8], digest: &[u8]) -> bool {
    let Some(token) = Token::read(token) else {
        return false;
    };
    let same = token.hash == Some(Hash::Sha256) && token.imprint == digest;
    let whole = token.message.agrees_with(&[&token.content], STAMP_CONTENT);
    let validity = &token.message.signer_certificate.tbs_certificate.validity;
    let (from, to) = (moment(&validity.not_before), moment(&validity.not_after));
    let lasts =
        from.is_some_and(|from| from <= token.time) && to.is_some_and(|to| token.time <= to);
    let usable = may_be_used(&token.message.signer_der, Usage::TimeStamping).is_ok();
    token.fault(same && whole).is_none() && lasts && usable
}

/// `20260131235959.123Z`; fractions of a second are cut off.
fn time(value: &Any) -> Option<Timestamp> {
    if value.tag() != Tag::GeneralizedTime {
        return None;
    }
    let text = std::str::from_utf8(value.value()).ok()?.strip_suffix('Z')?;
    let whole = text.split('.').next()?;
    let civil = DateTime::strptime("%Y%m%d%H%M%S", whole).ok()?;
    let zoned = civil.to_zoned(TimeZone::UTC).ok()?;
    Some(zoned.timestamp())
}
