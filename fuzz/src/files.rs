//! Stored files.

#[path = "../../crates/gateways/src/files/envelope.rs"]
mod envelope;

use app::keys::Wrapped;
use envelope::{Opener, Sealer};

/// Plain bytes of a piece.
pub const PIECE: usize = envelope::PIECE;

/// The header of an object.
pub fn header(wrapped: &Wrapped) -> Vec<u8> {
    envelope::header(wrapped)
}

/// The wrapped key in a header, and the length of the header.
pub fn read_header(object: &[u8]) -> Option<(Wrapped, usize)> {
    envelope::read_header(object).ok()
}

/// Content, sealed.
pub fn sealed(key: &[u8; 32], content: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::new();
    Sealer::new(key).seal(content, true, &mut sealed);
    sealed
}

/// The content, if it opens when it comes in parts of that size.
pub fn opened(key: &[u8; 32], sealed: &[u8], at_once: usize) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    let mut keep = |piece: &[u8]| content.extend_from_slice(piece);
    let mut opener = Opener::new(key);
    for part in sealed.chunks(at_once) {
        opener.push(part, &mut keep).ok()?;
    }
    opener.finish(&mut keep).ok()?;
    Some(content)
}
