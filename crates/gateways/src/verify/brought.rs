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

/// The certificates of the time stamps that a document's signatures carry, and of those of the document,
/// with those above them, DER: of those that lead to an anchor alone, each way once.
pub fn stamp_paths(document: &[u8], trust: &Trust) -> Vec<Vec<Vec<u8>>> {
    let tokens = contents(document).into_iter().filter_map(|contents| {
        let own = Token::read(&contents);
        own.or_else(|| Token::read(&Message::read(&contents)?.stamp()?))
    });
    let mut paths: Vec<Vec<Vec<u8>>> = Vec::new();
    for token in tokens {
        let (own, others) = (&token.message.signer_der, &token.message.certificates);
        let found = path(own, others, trust, token.time, Usage::TimeStamping);
        if let Ok(found) = found
            && !paths.contains(&found.certificates)
        {
            paths.push(found.certificates);
        }
    }
    paths
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
    let each = contents(document).into_iter();
    each.filter_map(|contents| Message::read(&contents))
        .collect()
}

/// What each signature holds.
fn contents(document: &[u8]) -> Vec<Vec<u8>> {
    let Ok(file) = File::read(document, &Limits::default()) else {
        return Vec::new();
    };
    let embedded = signatures(&file).unwrap_or_default();
    let read = embedded.iter().filter_map(|signature| {
        let contents = signature.value.as_dict()?.get(b"Contents".as_slice());
        Some(contents?.as_text()?.bytes.clone())
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
