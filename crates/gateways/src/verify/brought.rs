//! The certificates that signatures bring, about whose revocation somebody may be asked.

use super::fields::signatures;
use super::message::Message;
use crate::pdf::{File, Limits};

/// Every certificate in the messages of a document's signatures, DER; none of what cannot be read.
pub fn certificates(document: &[u8]) -> Vec<Vec<u8>> {
    let Ok(file) = File::read(document, &Limits::default()) else {
        return Vec::new();
    };
    let embedded = signatures(&file).unwrap_or_default();
    let mut all: Vec<Vec<u8>> = Vec::new();
    for signature in &embedded {
        let dict = signature.value.as_dict();
        let contents = dict.and_then(|dict| dict.get(b"Contents".as_slice())?.as_text());
        let message = contents.and_then(|text| Message::read(&text.bytes));
        for der in message.into_iter().flat_map(|message| message.certificates) {
            if !all.contains(&der) {
                all.push(der);
            }
        }
    }
    all
}
