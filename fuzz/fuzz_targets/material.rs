//! What is given beside a document: the trust list, and lists and answers about a certificate
//! whose issuer is trusted.
#![no_main]

use std::sync::LazyLock;

use fuzz::verify::{Evidence, Trust, validate};

/// A signed document of the seeds and its trust list, named by the one who runs this.
static SIGNED: LazyLock<Option<(Vec<u8>, Trust)>> = LazyLock::new(|| {
    let folder = std::env::var("MOTCUA_FUZZ_SEEDS").ok()?;
    let text = std::fs::read_to_string(format!("{folder}/trust.pem")).ok()?;
    let document = std::fs::read(format!("{folder}/pades-ec.pdf")).ok()?;
    Some((document, Trust::parse(&text).ok()?))
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Trust::parse(text);
    }
    let Some((document, trust)) = &*SIGNED else {
        return;
    };
    let evidence = Evidence {
        certificates: vec![bytes.to_vec()],
        lists: vec![bytes.to_vec()],
        answers: vec![bytes.to_vec()],
    };
    let at = "2026-06-01T00:00:00Z".parse().expect("a time");
    let verdict = validate(document, trust, at, &evidence);
    assert_eq!(verdict.signatures.len(), 1);
});
