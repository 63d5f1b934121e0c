//! Letters of ours that another program signs: pyHanko, with what it writes and how it writes it.

use app::signing::{NotWhole, SignError, Signatures as _, SigningAct, Sure, ToSign};
use gateways::PdfSignatures;
use gateways::verify::{Conclusion, Evidence, Overall, Trust, stamp_paths, validate};

use super::results::{letter, registered, seal, signatures};
use super::{AUTHORITY, all_valid, at, signer};
use crate::authority::{Issued, Kind, pem};
use crate::judge::signed_by_pyhanko;
use crate::tools;

/// The document as pyHanko signs it in that field.
fn signed(
    name: &str,
    document: &[u8],
    field: &str,
    (by, stamp): (&Issued, Option<&str>),
) -> Vec<u8> {
    let folder = tools::folder(&format!("outside-{name}"));
    let (given, key) = (folder.join("given.pdf"), folder.join("key.der"));
    let chain = folder.join("chain.pem");
    std::fs::write(&given, document).unwrap();
    std::fs::write(&key, &by.key).unwrap();
    let listed: String = by.chain.iter().map(|der| pem(der)).collect();
    std::fs::write(&chain, listed).unwrap();
    signed_by_pyhanko(&given, field, (&key, &chain), stamp)
}

async fn taken(
    signatures: &PdfSignatures,
    (given, found): (&[u8], Vec<u8>),
    by: &Issued,
) -> Result<Vec<u8>, SignError> {
    let what = ToSign {
        document: given.to_vec(),
        act: SigningAct::Person {
            name: "Bùi Hữu Nghĩa".to_owned(),
            attachments: Vec::new(),
        },
        at: at(),
    };
    let signer = registered(by);
    signatures.signed_elsewhere(what, found, &signer).await
}

async fn sealed(signatures: &PdfSignatures, document: Vec<u8>, agency: &Issued) -> Vec<u8> {
    let agency = registered(agency);
    let pin = signatures.seal_pin(&agency.certificate.key).await.unwrap();
    let hand = signatures.seal(&agency, (&pin, Sure::Yes)).await.unwrap();
    let what = ToSign {
        document,
        act: seal(),
        at: at(),
    };
    hand.sign(what).await.unwrap()
}

fn verdict(document: &[u8]) -> Overall {
    let trust = Trust::parse(&pem(AUTHORITY.root())).unwrap();
    let when = at().to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
    validate(document, &trust, when, &Evidence::default()).overall
}

#[tokio::test(flavor = "multi_thread")]
async fn what_pyhanko_signs_in_the_place_of_the_person_is_taken_and_sealed() {
    let (leader, agency) = (signer("Bùi Hữu Nghĩa", Kind::Rsa), signer("UBND", Kind::Ec));
    let stranger = signer("Công dân", Kind::Ec);
    let signatures = signatures("outside", &[&leader, &agency]);
    let given = letter();
    let known = Overall::Signed(Conclusion::RevocationUnknown);
    for (name, stamp, count) in [
        // It comes without a stamp and gets one of the document.
        ("plain", None, 3),
        ("stamped", Some(AUTHORITY.stamps()), 2),
    ] {
        let found = signed(name, &given, "person", (&leader, stamp.as_deref()));
        let kept = taken(&signatures, (&given, found.clone()), &leader).await;
        let kept = kept.unwrap();
        assert!(kept.starts_with(&found), "nothing is rewritten");
        assert_eq!(signatures.sealable(kept.clone()).await, Ok(()));
        let sealed = sealed(&signatures, kept, &agency).await;
        all_valid(&format!("outside-{name}"), &sealed, count);
        assert_eq!(verdict(&sealed), known);
        let no = signatures.sealable(sealed.clone()).await;
        assert!(matches!(no, Err(SignError::Document(_))), "{no:?}");
        // Nobody adds a signature that is seen, nor any other, and the result stays good.
        let late = signed(&format!("{name}-late"), &sealed, "Khac", (&stranger, None));
        assert_ne!(verdict(&late), known, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_pyhanko_signs_elsewhere_or_stamps_by_a_stranger_is_refused_in_words() {
    let leader = signer("Bùi Hữu Nghĩa", Kind::Ec);
    let signatures = signatures("outside-refused", &[&leader]);
    let given = letter();
    for (name, field, stamp, why) in [
        ("agency", "agency", None, NotWhole::OtherPlace),
        ("own", "Token7", None, NotWhole::OtherPlace),
        ("stranger", "person", Some("stranger"), NotWhole::Stamp),
    ] {
        let found = signed(name, &given, field, (&leader, stamp));
        let no = taken(&signatures, (&given, found), &leader).await;
        assert_eq!(no, Err(SignError::NotWhole(why)), "{name}");
    }
    // A stranger's stamp sends nobody anywhere.
    for (name, stamp, paths) in [("far", "stranger", 0), ("near", &AUTHORITY.stamps(), 1)] {
        let found = signed(name, &given, "person", (&leader, Some(stamp)));
        let trust = Trust::parse(&pem(AUTHORITY.root())).unwrap();
        assert_eq!(stamp_paths(&found, &trust).len(), paths, "{name}");
    }
    // Who signed in the place of the agency by another way is told before a number is drawn.
    let agency = signed("closed", &given, "agency", (&leader, None));
    let no = signatures.sealable(agency).await;
    assert!(matches!(no, Err(SignError::Document(_))), "{no:?}");
    assert_eq!(signatures.sealable(given).await, Ok(()));
}
