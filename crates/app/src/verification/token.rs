//! The name by which the public asks for a paper: which dossier, which kind, and a seal on both that
//! nobody makes without our key. Nothing is stored for it, and nothing is looked up for a wrong one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ids::DossierId;
use domain::slip::Form;

use crate::keys::Keyring;
use crate::state::App;

/// A kind of paper that the public verifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperKind {
    /// The result.
    Result,
    /// A form or letter.
    Form(Form),
}

impl PaperKind {
    /// Every kind; its place is its number in tokens, so new ones go to the end.
    const ALL: [Self; 11] = [
        Self::Result,
        Self::Form(Form::Receipt),
        Self::Form(Form::Supplement),
        Self::Form(Form::Refusal),
        Self::Form(Form::Apology),
        Self::Form(Form::Stop),
        Self::Form(Form::Control),
        Self::Form(Form::Collection),
        Self::Form(Form::Mended),
        Self::Form(Form::Payment),
        Self::Form(Form::PaperCopy),
    ];

    fn number(self) -> u8 {
        let mut numbers = (0_u8..).zip(Self::ALL);
        let own = numbers.find(|(_, kind)| *kind == self);
        own.expect("every kind is among them").0
    }

    /// Its name in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Result => "result",
            Self::Form(form) => form.number(),
        }
    }
}

/// Bytes of the seal: 80 bits. More would make the code on paper finer.
const SEAL: usize = 10;

/// The public address at which the paper is verified.
pub fn address(app: &App, dossier: &DossierId, kind: PaperKind) -> String {
    let token = written(app.keys(), dossier, kind);
    format!("{}/xac-thuc/{token}", app.public_address())
}

/// The token of a paper.
pub(super) fn written(keys: &Keyring, dossier: &DossierId, kind: PaperKind) -> String {
    let mut about = vec![kind.number()];
    about.extend(short(dossier));
    let seal = seal(keys, &about);
    about.extend_from_slice(&seal);
    URL_SAFE_NO_PAD.encode(about)
}

/// The paper that a token names; none when the token is not ours.
pub(super) fn read(keys: &Keyring, token: &str) -> Option<(DossierId, PaperKind)> {
    // Whatever is wrong, a seal is made and compared: no wrong token is answered sooner.
    let decoded = URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
    let at = decoded.len().saturating_sub(SEAL);
    let (about, given) = decoded.split_at_checked(at)?;
    let ours = same(&seal(keys, about), given);
    let (kind, id) = about.split_first().filter(|_| ours)?;
    let kind = PaperKind::ALL.get(usize::from(*kind)).copied()?;
    Some((long(id)?, kind))
}

fn seal(keys: &Keyring, about: &[u8]) -> [u8; SEAL] {
    let whole = keys.paper_seal(about);
    *whole.first_chunk().expect("a seal is longer than that")
}

/// In a time that does not tell where they differ.
fn same(ours: &[u8; SEAL], given: &[u8]) -> bool {
    let differing = ours.iter().zip(given).fold(0, |all, (a, b)| all | (a ^ b));
    std::hint::black_box(differing) == 0 && given.len() == SEAL
}

/// Our identifiers are sixteen bytes in hexadecimal digits; written as bytes the code stays coarse
/// enough to be read from paper.
const ID: usize = 16;

fn short(dossier: &DossierId) -> Vec<u8> {
    let text = dossier.as_str();
    match hex::decode(text) {
        Ok(bytes) if bytes.len() == ID && hex::encode(&bytes) == text => bytes,
        _ => text.as_bytes().to_vec(),
    }
}

fn long(bytes: &[u8]) -> Option<DossierId> {
    let text = if bytes.len() == ID {
        hex::encode(bytes)
    } else {
        String::from_utf8(bytes.to_vec()).ok()?
    };
    DossierId::parse(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(digit: &str) -> Keyring {
        Keyring::parse(&digit.repeat(64)).unwrap()
    }

    fn dossier() -> DossierId {
        DossierId::parse("0192f3a4b5c6d7e8f9000102030405ff").unwrap()
    }

    #[test]
    fn a_token_names_one_paper_and_stays_when_master_keys_change() {
        let first = "a".repeat(64);
        let old = keys("a");
        for kind in PaperKind::ALL {
            let token = written(&old, &dossier(), kind);
            assert_eq!(token.len(), 36, "36 characters keep the code coarse");
            assert_eq!(read(&old, &token), Some((dossier(), kind)));
            assert_eq!(read(&keys("b"), &token), None, "another installation");
            let both = Keyring::with_new_key(&first, &crate::clock::Ids::default()).unwrap();
            let both = Keyring::parse(&both).unwrap();
            assert_eq!(read(&both, &token), Some((dossier(), kind)));
        }
        for form in Form::ALL {
            assert!(PaperKind::ALL.contains(&PaperKind::Form(form)), "{form:?}");
        }
        let odd = DossierId::parse("d-1").unwrap();
        let token = written(&old, &odd, PaperKind::Result);
        assert_eq!(read(&old, &token), Some((odd, PaperKind::Result)));
    }

    #[test]
    fn no_token_is_made_from_another() {
        let keys = keys("a");
        let token = written(&keys, &dossier(), PaperKind::Result);
        let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let changed = URL_SAFE_NO_PAD.encode(changed);
            assert_eq!(read(&keys, &changed), None, "bit {bit}");
        }
        for length in 0..token.len() {
            assert_eq!(read(&keys, &token[..length]), None, "{length} characters");
        }
        for wrong in ["", "x", "!!", &format!("{token}A"), &"A".repeat(4_000)] {
            assert_eq!(read(&keys, wrong), None, "{wrong}");
        }
    }
}
