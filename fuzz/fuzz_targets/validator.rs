//! The validator: any bytes get a verdict, and what was only mutated is never valid.
#![no_main]

use fuzz::verify::{Evidence, Overall, Trust, validate};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let at = jiff::Timestamp::UNIX_EPOCH;
    let verdict = validate(bytes, &Trust::default(), at, &Evidence::default());
    // Without an anchor nothing can be more than doubtful.
    if let Overall::Signed(conclusion) = verdict.overall {
        assert!(conclusion > fuzz::verify::Conclusion::RevocationUnknown);
    }
});
