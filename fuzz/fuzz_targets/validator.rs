//! The validator: any bytes get a verdict, and what a signature is said to cover whole is, but for the
//! digits of messages, what its signer signed.
#![no_main]

use std::sync::OnceLock;

use fuzz::verify::{Conclusion, Coverage, Evidence, Trust, validate};

/// The signed documents of the tests, and whom they trust.
struct Seeds {
    trust: Trust,
    documents: Vec<Vec<u8>>,
}

fn seeds() -> &'static Seeds {
    static SEEDS: OnceLock<Seeds> = OnceLock::new();
    SEEDS.get_or_init(|| {
        let folder = std::env::var("MOTCUA_FUZZ_SEEDS").expect("the folder of seeds is named");
        let list = std::fs::read_to_string(format!("{folder}/trust.pem"));
        let files = std::fs::read_dir(&folder).expect("the folder of seeds is there");
        let read = files.filter_map(|file| std::fs::read(file.ok()?.path()).ok());
        Seeds {
            trust: Trust::parse(&list.expect("the trust list is there")).expect("it is one"),
            documents: read.collect(),
        }
    })
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let seeds = seeds();
    let at = "2026-06-01T00:00:00Z".parse().expect("a time");
    let verdict = validate(bytes, &seeds.trust, at, &Evidence::default());
    let whole = verdict.signatures.iter().any(|one| {
        one.coverage == Coverage::WholeFile && one.conclusion <= Conclusion::RevocationUnknown
    });
    if whole {
        assert!(seeds.documents.iter().any(|seed| same(seed, bytes)));
    }
});

/// Whether the bytes are a beginning of the seed, but for hexadecimal digits: a message has room behind
/// it, its digits have two cases, and blanks between them say nothing.
fn same(seed: &[u8], bytes: &[u8]) -> bool {
    let free = |byte: u8| byte.is_ascii_hexdigit() || byte.is_ascii_whitespace() || byte == 0;
    let mut pairs = seed.iter().zip(bytes);
    seed.len() >= bytes.len()
        && pairs.all(|(one, other)| one == other || (free(*one) && free(*other)))
}
