//! The certificates that signatures bring: those about whose revocation somebody may be asked, and those
//! of their time stamps.

use jiff::Timestamp;

use super::chain::{Usage, path};
use super::fields::signatures;
use super::message::Message;
use super::stamp::Token;
use super::trust::Trust;
use crate::pdf::{File, Limits};

/// The most certificates that are asked about, with those above them.
const MOST_ASKED: usize = 16;

/// Every certificate in the time stamps that a document's signatures carry, DER; none where no
/// signature is stamped.
pub fn stamp_certificates(document: &[u8]) -> Vec<Vec<u8>> {
    let each = messages(document).into_iter();
    let stamps = each.filter_map(|message| Token::read(&message.stamp()?));
    distinct(stamps.flat_map(|token| token.message.certificates))
}

/// The certificates of the signatures and their time stamps, and those above them, DER: of those that
/// lead to an anchor alone, since who asks about others is sent wherever the file likes.
pub fn asked_about(document: &[u8], trust: &Trust, at: Timestamp) -> Vec<Vec<u8>> {
    let on_path = |message: &Message, usage| {
        let others = &message.certificates;
        path(&message.signer_der, others, trust, at, usage).map_or(Vec::new(), |on| on.certificates)
    };
    let each = messages(document).into_iter().flat_map(|message| {
        let stamp = message.stamp().and_then(|stamp| Token::read(&stamp));
        let mut both = on_path(&message, Usage::Signing);
        both.extend(stamp.map_or(Vec::new(), |token| {
            on_path(&token.message, Usage::TimeStamping)
        }));
        both
    });
    let mut asked = distinct(each);
    asked.truncate(MOST_ASKED);
    asked
}

fn messages(document: &[u8]) -> Vec<Message> {
    let Ok(file) = File::read(document, &Limits::default()) else {
        return Vec::new();
    };
    let embedded = signatures(&file).unwrap_or_default();
    let read = embedded.iter().filter_map(|signature| {
        let contents = signature.value.as_dict()?.get(b"Contents".as_slice());
        Message::read(&contents?.as_text()?.bytes)
    });
    read.collect()
}

fn distinct(certificates: impl Iterator<Item = Vec<u8>>) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    for der in certificates {
        if !all.contains(&der) {
            all.push(der);
        }
    }
    all
}
