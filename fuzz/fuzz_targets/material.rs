//! What is given beside a document: the trust list, and certificates, lists and answers about its
//! signer. Only what an authority of the seeds signed has a say.
#![no_main]

use std::sync::LazyLock;

use fuzz::seeds;
use fuzz::verify::{Conclusion, Evidence, Revocation, Signature, Trust, validate};

struct Signed {
    document: Vec<u8>,
    trust: Trust,
    /// What the seeds say of its signer.
    said: Vec<Revocation>,
}

static SIGNED: LazyLock<Signed> = LazyLock::new(|| {
    let mut signed = Signed {
        document: seeds::read("pades-ec.pdf"),
        trust: seeds::trust(),
        said: Vec::new(),
    };
    let parts = seeds::all("parts").into_iter();
    signed.said = parts.map(|part| signed.judged(&part).revocation).collect();
    signed
});

impl Signed {
    fn judged(&self, given: &[u8]) -> Signature {
        let evidence = Evidence {
            certificates: vec![given.to_vec()],
            lists: vec![given.to_vec()],
            answers: vec![given.to_vec()],
        };
        let verdict = validate(&self.document, &self.trust, seeds::now(), &evidence);
        let mut signatures = verdict.signatures;
        assert_eq!(signatures.len(), 1);
        signatures.remove(0)
    }
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Trust::parse(text);
    }
    let judged = SIGNED.judged(bytes);
    assert!(judged.intact && judged.genuine);
    assert!(matches!(
        judged.conclusion,
        Conclusion::Valid | Conclusion::RevocationUnknown | Conclusion::Revoked
    ));
    let silent = judged.revocation == Revocation::Unknown;
    assert!(
        silent || SIGNED.said.contains(&judged.revocation),
        "{:?}",
        judged.revocation
    );
});
