//! The writer of further revisions, over documents from outside that the guarded reader lets through:
//! what it writes begins as it was given and is read by both, its signature is sound, and what is only
//! kept for later changes no other signature's standing.
#![no_main]

use std::sync::LazyLock;

use fuzz::pdf::{Limits, open, open_within};
use fuzz::seeds;
use fuzz::sign::{
    Algorithm, Along, EmptyField, FieldKind, Key, Material, Order, Place, SignFault, SoftKey,
    Standing, add_fields, add_validation, prepare, prepare_stamp,
};
use fuzz::verify::{Changes, Conclusion, Coverage, Evidence, Overall, Signature, Trust, validate};

struct Known {
    trust: Trust,
    chain: Vec<Vec<u8>>,
    key: SoftKey,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| Known {
    trust: seeds::trust(),
    chain: ["known/leader.der", "known/issuer.der"]
        .map(seeds::read)
        .into(),
    key: SoftKey::parse(&seeds::read("known/leader.p8")).expect("a key of the seeds"),
});

fn judged(document: &[u8]) -> Vec<Signature> {
    let verdict = validate(document, &KNOWN.trust, seeds::now(), &Evidence::default());
    assert!(
        !matches!(verdict.overall, Overall::Unreadable(_)),
        "{:?}",
        verdict.overall
    );
    verdict.signatures
}

/// Whether it is the given document with more behind it, which is read like it.
fn grown(written: &[u8], given: &[u8], pages: usize) {
    assert!(written.len() > given.len() && written.starts_with(given));
    match open(written) {
        Ok(opened) => assert_eq!(opened.pages(), pages),
        Err(why) => panic!("what was written is refused: {why:?}"),
    }
}

fn signed(given: &[u8], standing: Standing) -> Result<Vec<u8>, SignFault> {
    let prepared = prepare(
        given,
        &Order {
            chain: KNOWN.chain.clone(),
            algorithm: Algorithm::EcdsaP256Sha256,
            field: "moc".to_owned(),
            fill: Vec::new(),
            appearance: None,
            reason: "Ký".to_owned(),
            at: jiff::civil::date(2026, 5, 31).at(8, 0, 0, 0),
            standing,
            lock: Vec::new(),
            stamp_room: 0,
        },
    )?;
    let signature = KNOWN.key.sign(prepared.attributes())?;
    prepared.finish(&signature, None)
}

libfuzzer_sys::fuzz_target!(|given: &[u8]| {
    let limits = Limits {
        stream: 1 << 20,
        inflated: 4 << 20,
        values: 100_000,
        objects: 5_000,
        ..Limits::default()
    };
    let Ok(opened) = open_within(given, &limits) else {
        return;
    };
    let pages = opened.pages();
    let verdict = validate(given, &KNOWN.trust, seeds::now(), &Evidence::default());
    if matches!(verdict.overall, Overall::Unreadable(_)) {
        return;
    }
    let before = verdict.signatures;
    for standing in [Standing::Approves, Standing::Certifies] {
        let Ok(written) = signed(given, standing) else {
            continue;
        };
        grown(&written, given, pages);
        let after = judged(&written);
        assert_eq!(after.len(), before.len() + 1);
        let own = after.iter().find(|one| one.coverage == Coverage::WholeFile);
        let own = own.expect("one covers the whole");
        assert!(own.intact && own.changes == Changes::None);
        // The seeds bring lists that revoke the certificate.
        let good = own.conclusion <= Conclusion::RevocationUnknown;
        assert!(
            good || own.conclusion == Conclusion::Revoked,
            "{:?}",
            own.conclusion
        );
    }
    if let Ok(stamp) = prepare_stamp(given, "moc") {
        let written = stamp.finish(&[0x30, 0]).expect("there is room for nothing");
        grown(&written, given, pages);
        assert_eq!(judged(&written).len(), before.len() + 1);
    }
    let material = Material {
        certs: KNOWN.chain.clone(),
        ..Material::default()
    };
    if let Ok(written) = add_validation(given, &material) {
        grown(&written, given, pages);
        let after = judged(&written);
        assert_eq!(after.len(), before.len());
        // What was never signed may be made of anything, of the catalogue too.
        let both = after
            .iter()
            .zip(&before)
            .filter(|(_, before)| before.intact);
        for (after, before) in both {
            assert!(
                after.changes <= before.changes.max(Changes::Archival),
                "{:?}",
                after.changes
            );
            assert_eq!(
                (after.intact, after.permitted),
                (before.intact, before.permitted)
            );
        }
    }
    let place = Place {
        page: 1,
        x: 10.0,
        y: 10.0,
        width: 90.0,
        height: 20.0,
    };
    let text = FieldKind::Text {
        size: 12.0,
        along: Along::Start,
        slanted: false,
    };
    let fields = [("so", text), ("ky", FieldKind::Signature)].map(|(name, kind)| EmptyField {
        name: name.to_owned(),
        place,
        kind,
    });
    if let Ok(written) = add_fields(given, &fields) {
        grown(&written, given, pages);
        assert_eq!(judged(&written).len(), before.len());
    }
});
