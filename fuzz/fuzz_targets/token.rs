//! Tokens in the codes on papers: any text is read or refused; what is read is the one name of its paper,
//! no other key reads it, and none changed is read.
#![no_main]

use std::sync::LazyLock;

use app::keys::Keyring;
use domain::ids::DossierId;
use domain::slip::Form;
use fuzz::tokens::{PaperKind, read, written};

static KEYS: LazyLock<Keyring> = LazyLock::new(|| keys("5a"));
static OTHER: LazyLock<Keyring> = LazyLock::new(|| keys("a5"));

fn keys(digits: &str) -> Keyring {
    Keyring::parse(&digits.repeat(32)).expect("it is a key")
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    if let Some((dossier, kind)) = read(&KEYS, &text) {
        assert_eq!(written(&KEYS, &dossier, kind), text);
    }
    let Some(([kind, place, other], id)) = bytes.split_first_chunk() else {
        return;
    };
    let Some(dossier) = dossier(id) else {
        return;
    };
    let token = written(&KEYS, &dossier, kind_of(*kind));
    assert_eq!(
        read(&KEYS, &token),
        Some((dossier.clone(), kind_of(*kind))),
        "{token}"
    );
    assert_eq!(read(&OTHER, &token), None, "{token}");
    changed(&token, (usize::from(*place), *other));
});

/// An identifier as ours are, of sixteen bytes; or as it is written, of another length.
fn dossier(id: &[u8]) -> Option<DossierId> {
    let ours = id.first_chunk::<16>().map(hex::encode);
    let text = match ours {
        Some(ours) if id.len() < 24 => ours,
        _ => std::str::from_utf8(id)
            .ok()
            .filter(|id| id.len() != 16)?
            .to_owned(),
    };
    DossierId::parse(&text).ok()
}

fn kind_of(number: u8) -> PaperKind {
    let forms = Form::ALL.map(PaperKind::Form);
    let nth = usize::from(number) % (forms.len() + 1);
    forms.get(nth).copied().unwrap_or(PaperKind::Result)
}

/// One character is another one, is put in, or is left out.
fn changed(token: &str, (place, other): (usize, u8)) {
    let place = place % token.len();
    let (before, rest) = token.split_at(place);
    let other = char::from(other);
    for changed in [
        format!("{before}{other}{}", &rest[1..]),
        format!("{before}{other}{rest}"),
        format!("{before}{}", &rest[1..]),
    ] {
        assert!(
            changed == token || read(&KEYS, &changed).is_none(),
            "{changed}"
        );
    }
}
