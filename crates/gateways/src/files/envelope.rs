//! How a file is sealed: a data key of its own, wrapped by a master key, and the content under the
//! data key in pieces, so that large files pass through in a stream.
//!
//! `MCF1`, the master key's id, the length of the wrapped data key, the wrapped data key; then pieces
//! of 64 KiB, each with its tag. The nonce of a piece is its order and whether it is the last, so that
//! none can be left out, moved or cut off; the data key is wrapped for the object's name, so that an
//! object under another name does not open.

use app::keys::{KeyId, Wrapped};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

const MAGIC: [u8; 4] = *b"MCF1";
/// Plain bytes of a piece.
pub(super) const PIECE: usize = 64 << 10;
const TAG: usize = 16;
/// Bytes before the wrapped data key.
const FIXED: usize = MAGIC.len() + KeyId::LEN + 1;
/// No header is longer.
pub(super) const LONGEST_HEADER: usize = FIXED + u8::MAX as usize;

/// The object was altered, cut off, or is none of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken;

/// The header of an object.
pub(super) fn header(wrapped: &Wrapped) -> Vec<u8> {
    let length = u8::try_from(wrapped.key.len()).expect("wrapped keys are short");
    [&MAGIC, wrapped.by.0.as_slice(), &[length], &wrapped.key].concat()
}

/// The wrapped data key at the beginning of an object, and the length of the header.
pub(super) fn read_header(object: &[u8]) -> Result<(Wrapped, usize), Broken> {
    let rest = object.strip_prefix(&MAGIC).ok_or(Broken)?;
    let (id, rest) = rest.split_first_chunk().ok_or(Broken)?;
    let (length, rest) = rest.split_first().ok_or(Broken)?;
    let key = rest.get(..usize::from(*length)).ok_or(Broken)?;
    let wrapped = Wrapped {
        by: KeyId(*id),
        key: key.to_vec(),
    };
    Ok((wrapped, FIXED + key.len()))
}

/// The pieces of one object, in their order.
struct Pieces {
    key: LessSafeKey,
    next: u64,
}

impl Pieces {
    fn of(key: &[u8; 32]) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, key).expect("a data key has the cipher's length");
        let key = LessSafeKey::new(key);
        Self { key, next: 0 }
    }

    fn nonce(&mut self, last: bool) -> Nonce {
        let mut nonce = [0; NONCE_LEN];
        let (flag, order) = nonce.split_at_mut(NONCE_LEN - 8);
        flag.fill(u8::from(last));
        order.copy_from_slice(&self.next.to_be_bytes());
        self.next = self.next.saturating_add(1);
        Nonce::assume_unique_for_key(nonce)
    }
}

/// Seals content.
pub(super) struct Sealer(Pieces);

impl Sealer {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self(Pieces::of(key))
    }

    /// Seals a stretch of whole pieces; the last stretch may end within one and may be empty.
    pub(super) fn seal(&mut self, stretch: &[u8], last: bool, sealed: &mut Vec<u8>) {
        let mut rest = stretch;
        loop {
            let (piece, after) = rest.split_at(rest.len().min(PIECE));
            if piece.is_empty() && !(last && self.0.next == 0) {
                return;
            }
            let ends = last && after.is_empty();
            let nonce = self.0.nonce(ends);
            let mut piece = piece.to_vec();
            self.0
                .key
                .seal_in_place_append_tag(nonce, Aad::empty(), &mut piece)
                .expect("a piece is far below the cipher's limit");
            sealed.extend_from_slice(&piece);
            rest = after;
            if ends {
                return;
            }
        }
    }
}

/// Opens content as it comes.
pub(super) struct Opener {
    pieces: Pieces,
    held: Vec<u8>,
}

impl Opener {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        let held = Vec::with_capacity(PIECE + TAG);
        Self {
            pieces: Pieces::of(key),
            held,
        }
    }

    /// Takes more of the object in and hands every piece that is surely not the last to `plain`.
    pub(super) fn push(
        &mut self,
        mut more: &[u8],
        plain: &mut impl FnMut(&[u8]),
    ) -> Result<(), Broken> {
        while !more.is_empty() {
            if self.held.len() == PIECE + TAG {
                self.open(false, plain)?;
            }
            let room = (PIECE + TAG).saturating_sub(self.held.len());
            let (now, after) = more.split_at(more.len().min(room));
            self.held.extend_from_slice(now);
            more = after;
        }
        Ok(())
    }

    /// The object has ended: what is held is its last piece.
    pub(super) fn finish(mut self, plain: &mut impl FnMut(&[u8])) -> Result<(), Broken> {
        self.open(true, plain)
    }

    fn open(&mut self, last: bool, plain: &mut impl FnMut(&[u8])) -> Result<(), Broken> {
        let nonce = self.pieces.nonce(last);
        let opened = self
            .pieces
            .key
            .open_in_place(nonce, Aad::empty(), &mut self.held);
        plain(opened.map_err(|_| Broken)?);
        self.held.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    fn sealed(content: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::new();
        Sealer::new(&KEY).seal(content, true, &mut sealed);
        sealed
    }

    fn opened(object: &[u8], at_once: usize) -> Result<Vec<u8>, Broken> {
        let mut content = Vec::new();
        let mut keep = |piece: &[u8]| content.extend_from_slice(piece);
        let mut opener = Opener::new(&KEY);
        for part in object.chunks(at_once) {
            opener.push(part, &mut keep)?;
        }
        opener.finish(&mut keep)?;
        Ok(content)
    }

    #[test]
    fn content_of_every_length_opens_however_it_comes() {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 5] {
            let content: Vec<u8> = (0..=250).cycle().take(length).collect();
            let object = sealed(&content);
            assert_eq!(object.len(), length + TAG * length.div_ceil(PIECE).max(1));
            for at_once in [1000, PIECE, PIECE + TAG, 1 << 20] {
                assert_eq!(opened(&object, at_once), Ok(content.clone()), "{length}");
            }
            let mut sealer = Sealer::new(&KEY);
            let mut parts = Vec::new();
            let (first, second) = content.split_at(PIECE.min(length));
            sealer.seal(first, second.is_empty(), &mut parts);
            sealer.seal(second, true, &mut parts);
            if !second.is_empty() {
                assert_eq!(parts, object, "{length}");
            }
        }
    }

    #[test]
    fn what_is_cut_off_moved_or_altered_does_not_open() {
        let object = sealed(&vec![5; 3 * PIECE]);
        let piece = PIECE + TAG;
        let (first, rest) = object.split_at(piece);
        let (second, third) = rest.split_at(piece);
        assert_eq!(opened(&[], 9), Err(Broken));
        assert_eq!(opened(&[first, second].concat(), piece), Err(Broken));
        assert_eq!(opened(&[second, first, third].concat(), piece), Err(Broken));
        assert_eq!(opened(&[first, third].concat(), piece), Err(Broken));
        assert_eq!(
            opened(&[first, second, third, third].concat(), 7),
            Err(Broken)
        );
        for at in (0..object.len()).step_by(9973) {
            let mut altered = object.clone();
            altered[at] ^= 1;
            assert_eq!(opened(&altered, piece), Err(Broken), "{at}");
        }
    }

    #[test]
    fn a_header_is_read_as_written_and_a_short_one_is_refused() {
        let wrapped = Wrapped {
            by: KeyId([3; KeyId::LEN]),
            key: vec![9; 60],
        };
        let written = header(&wrapped);
        assert_eq!(read_header(&written), Ok((wrapped, written.len())));
        for length in 0..written.len() {
            assert_eq!(read_header(&written[..length]), Err(Broken), "{length}");
        }
        assert_eq!(
            read_header(b"%PDF-1.7 is not an object of ours"),
            Err(Broken)
        );
    }
}
