//! Answers and lists about a certificate, and certificates that say who is asked: nothing is believed
//! that an authority of the seeds did not sign, and all who ask hear the same.
#![no_main]

use std::sync::LazyLock;
use std::time::Duration;

use der::Decode;
use fuzz::network::answered;
use fuzz::seeds;
use fuzz::sign::{Moments, Reach, Revocation, SignFault};
use fuzz::verify::{Said, said};
use x509_cert::Certificate;

/// A certificate of the seeds, its issuer, and what the seeds say of it.
struct Known {
    der: [Vec<u8>; 2],
    subject: Certificate,
    issuer: Certificate,
    said: Vec<Said>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let der = ["known/leader.der", "known/issuer.der"].map(seeds::read);
    let [subject, issuer] = [0, 1].map(|one| Certificate::from_der(&der[one]).expect("one"));
    let material = seeds::all("revocation").into_iter();
    let said: Vec<Said> = material
        .filter_map(|one| said(one.get(1..)?, &subject, &issuer))
        .collect();
    assert!(said.len() > 2, "the seeds say nothing");
    Known {
        der,
        subject,
        issuer,
        said,
    }
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // The first byte says what the others are.
    let Some((kind, bytes)) = bytes.split_first() else {
        return;
    };
    let now = seeds::now();
    let moments = Moments { then: now, now };
    let asking = Revocation::new(Reach::Everywhere, Duration::ZERO);
    let known = &*KNOWN;
    if kind % 2 == 1 {
        let asked = [bytes.to_vec(), known.der[0].clone(), known.der[1].clone()];
        let answers = vec![(200, bytes.to_vec()); 8];
        let _ = answered(answers, asking.gather(&asked, moments));
        return;
    }
    let heard = said(bytes, &known.subject, &known.issuer);
    if let Some(heard) = &heard {
        assert!(known.said.contains(heard), "nobody said {heard:?}");
    }
    // The responder and the list both answer so.
    let answers = || vec![(200, bytes.to_vec()); 4];
    let gathered = answered(answers(), asking.gather(&known.der, moments));
    let revoked = answered(answers(), asking.revoked(&known.der, moments));
    match (gathered, revoked) {
        (Ok(material), None) => {
            let kept = material.ocsps.iter().chain(&material.crls);
            assert!(kept.into_iter().all(|one| one == bytes));
            assert!(heard.is_some_and(|heard| heard.revoked.is_none_or(|since| since > now)));
        }
        (Err(SignFault::Revoked(since)), Some(same)) => {
            assert_eq!(since, same);
            assert!(heard.is_some_and(|heard| heard.revoked == Some(since)));
        }
        (Err(SignFault::Later(_) | SignFault::Refused(_)), None) => {}
        other => panic!("{other:?}"),
    }
});
