//! Files with certificates: whatever is read from one is read again from its own bytes, and all of
//! them from one PEM file, and says the same.
#![no_main]

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fuzz::certificates::read;
use ring::digest::{SHA256, digest};

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    let Ok(all) = read(file) else {
        return;
    };
    assert!((1..=16).contains(&all.len()));
    let mut together = String::new();
    for one in &all {
        assert!(read(&one.content).is_ok_and(|again| again == [one.clone()]));
        assert_eq!(one.fingerprint, hex::encode(digest(&SHA256, &one.content)));
        let text = STANDARD.encode(&one.content);
        assert!(read(text.as_bytes()).is_ok_and(|again| again == [one.clone()]));
        let block =
            format!("-----BEGIN CERTIFICATE-----\r\n{text}\r\n-----END CERTIFICATE-----\r\n");
        write!(together, "{block}").expect("text is written to");
    }
    assert!(read(together.as_bytes()).is_ok_and(|again| again == all));
    assert!(read(format!("{together}{}", together.repeat(16)).as_bytes()).is_err());
});
