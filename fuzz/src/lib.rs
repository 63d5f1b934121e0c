//! The parsers under fuzzing, compiled from their place without the rest of their crates, and what
//! they are given in place of a network and a typesetter.

pub mod files;
pub mod network;
pub mod posted;
pub mod seeds;
pub mod sign;
pub mod tokens;

mod calls;
mod error;
mod session;

/// What the parsers of `app` find at its root.
use app::keys;

mod state {
    pub(crate) use app::App;
}

#[path = "../../crates/gateways/src/secrets.rs"]
mod secrets;

#[path = "../../crates/gateways/src/slips/drawing.rs"]
mod drawing;

#[path = "../../crates/gateways/src/slips/flat.rs"]
mod flatten;

#[path = "../../crates/gateways/src/pdf/mod.rs"]
pub mod pdf;

#[path = "../../crates/gateways/src/verify/mod.rs"]
pub mod verify;

#[path = "../../crates/gateways/src/slips/names.rs"]
pub mod slips;

#[path = "../../crates/gateways/src/certificates/read.rs"]
pub mod certificates;

#[path = "../../crates/gateways/src/remote/mod.rs"]
pub mod remote;

/// Judges a document of the fuzzer, in which messages of the seeds may lie.
///
/// # Panics
/// When somebody is said to have signed it.
pub fn nobody_signed(document: &[u8]) {
    static TRUST: std::sync::LazyLock<verify::Trust> = std::sync::LazyLock::new(seeds::trust);
    let evidence = verify::Evidence::default();
    for one in verify::validate(document, &TRUST, seeds::now(), &evidence).signatures {
        assert!(!(one.intact && one.genuine), "{one:?}");
        assert!(
            one.conclusion > verify::Conclusion::RevocationUnknown,
            "{one:?}"
        );
        let stamp = one
            .stamp
            .filter(|_| one.kind == verify::Kind::DocumentTimeStamp);
        assert!(stamp.is_none_or(|stamp| stamp.conclusion > verify::Conclusion::RevocationUnknown));
    }
}

/// A drawn signature as it is kept.
pub fn redrawn(picture: &[u8]) -> Option<Vec<u8>> {
    drawing::redrawn(picture).ok()
}

/// A document as it is seen on paper.
pub fn flat(document: &[u8]) -> Option<Vec<u8>> {
    flatten::flat(document).ok()
}

/// An address that may be asked, without its end.
pub fn secure(url: &str) -> Option<String> {
    calls::secure(url)
}
