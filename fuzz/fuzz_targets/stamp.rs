//! Answers of time-stamp authorities: what is taken is, signed byte for signed byte, what an authority
//! of the seeds said of what was asked.
#![no_main]

use std::sync::LazyLock;

use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use der::{Decode, Encode};
use fuzz::seeds;
use fuzz::sign::{certificates_of_token, token};
use fuzz::verify::is_stamp_over;
use x509_cert::Certificate;

/// As the seeds have them.
const DIGEST: [u8; 32] = [b'd'; 32];
const NONCE: [u8; 8] = [b'A'; 8];

/// What the authorities of the seeds signed.
static SAID: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let answers = seeds::all("stamp").into_iter();
    let said = answers.filter_map(|answer| Some(signed(&token(DIGEST, NONCE, &answer).ok()?)));
    let said: Vec<Vec<u8>> = said.collect();
    assert!(!said.is_empty(), "no seed answers the question");
    said
});

fn signed(token: &[u8]) -> Vec<u8> {
    let outer = ContentInfo::from_der(token).expect("a token is a message");
    let inner: SignedData = outer.content.decode_as().expect("it is signed");
    let content = inner.encap_content_info.econtent;
    content
        .expect("it has a content")
        .to_der()
        .expect("as read")
}

libfuzzer_sys::fuzz_target!(|answer: &[u8]| {
    let _ = certificates_of_token(answer);
    let Ok(token_of) = token(DIGEST, NONCE, answer) else {
        return;
    };
    assert!(SAID.contains(&signed(&token_of)), "nobody said this");
    assert!(is_stamp_over(&token_of, &DIGEST));
    assert!(!is_stamp_over(&token_of, &[b'e'; 32]));
    assert!(token([b'e'; 32], NONCE, answer).is_err());
    assert!(token(DIGEST, [b'B'; 8], answer).is_err());
    let mut parts = answer.windows(token_of.len());
    assert!(parts.any(|part| part == token_of), "a token of our own");
    for certificate in certificates_of_token(&token_of).unwrap_or_default() {
        assert!(Certificate::from_der(&certificate).is_ok());
    }
});
