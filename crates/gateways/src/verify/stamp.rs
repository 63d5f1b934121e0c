//! Time stamps (RFC 3161).

use der::asn1::{Any, ObjectIdentifier, OctetString};
use der::{Decode, Tag, Tagged};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::algorithms::Hash;
use super::message::{Message, STAMP_CONTENT};

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

    pub(crate) fn is_weak(&self) -> bool {
        self.hash == Some(Hash::Sha1) || self.message.is_weak()
    }
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
