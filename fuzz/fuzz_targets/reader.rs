//! The guarded reader: any bytes are opened or refused, and what is opened has its pages.
#![no_main]

use fuzz::pdf::{Limits, open_within};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let limits = Limits {
        stream: 1 << 20,
        inflated: 4 << 20,
        values: 200_000,
        objects: 20_000,
        ..Limits::default()
    };
    if let Ok(opened) = open_within(bytes, &limits) {
        assert!(opened.pages() > 0);
        assert_eq!(opened.bytes(), bytes);
    }
});
