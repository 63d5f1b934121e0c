//! Results through the port: the person signs, then number and day come with the seal.

use app::certificates::Signer;
use app::signing::{Pin, SignError, Signatures as _, SigningAct, Sure, ToSign};
use domain::certificate::{Certificate, Holder, KeyAt};
use domain::ids::{CertificateId, UnitId};
use domain::slip::Slip;
use gateways::pdf;
use gateways::sign::TimeStamps;
use gateways::slips::Press;
use gateways::verify::{Conclusion, Evidence, Overall, Trust, validate};
use gateways::{PdfSignatures, SigningParts, SoftKeys};
use ring::digest::{SHA256, digest};

use super::{AUTHORITY, PATIENCE, all_valid, at, keep, signer};
use crate::authority::{Issued, Kind, pem};
use crate::{samples, tools};

pub(super) const PIN: &str = "135790";

/// Signatures with soft keys of these, kept in a folder of the test's own, and stamped.
pub(super) fn signatures(name: &str, issued: &[&Issued]) -> PdfSignatures {
    let folder = tools::folder(name);
    for one in issued {
        let named = hex::encode(digest(&SHA256, one.certificate()));
        std::fs::write(folder.join(format!("{named}.p8")), &one.key).unwrap();
    }
    PdfSignatures::new(SigningParts {
        stamps: Some(TimeStamps::new(&AUTHORITY.stamps(), PATIENCE)),
        soft: Some(SoftKeys {
            folder,
            pin: PIN.to_owned(),
        }),
        trust: Trust::parse(&pem(AUTHORITY.root())).unwrap(),
        ..SigningParts::default()
    })
}

pub(super) fn registered(issued: &Issued) -> Signer {
    Signer {
        certificate: Certificate {
            id: CertificateId::parse("c-1").unwrap(),
            unit: UnitId::parse("H56.14").unwrap(),
            holder: Holder::Agency,
            subject: String::new(),
            issuer: String::new(),
            serial: String::new(),
            valid_from: at(),
            valid_to: at(),
            key: KeyAt::Soft,
            ended: None,
        },
        chain: issued.chain.clone(),
    }
}

pub(super) fn seal() -> SigningAct {
    SigningAct::Seal {
        agency: "Ủy ban nhân dân phường Hạc Thành".to_owned(),
        number: "07".to_owned(),
        symbol: "KQ-H56.14".to_owned(),
        day: "ngày 23 tháng 11 năm 2026".to_owned(),
    }
}

/// Signed by a leader and sealed by her agency.
pub(super) async fn issued(name: &str, document: Vec<u8>, kind: Kind) -> Vec<u8> {
    let (leader, agency) = (signer("Bùi Hữu Nghĩa", kind), signer("UBND", Kind::Ec));
    let signatures = signatures(name, &[&leader, &agency]);
    let hand = signatures
        .unlock(&registered(&leader), &Pin::new(PIN))
        .await;
    let person = SigningAct::Person {
        name: "Bùi Hữu Nghĩa".to_owned(),
        attachments: Vec::new(),
    };
    let to_sign = |document, act| ToSign {
        document,
        act,
        at: at(),
    };
    let signed = hand.unwrap().sign(to_sign(document.clone(), person)).await;
    let signed = signed.unwrap();
    assert!(signed.starts_with(&document), "nothing is rewritten");
    let agency = registered(&agency);
    let pin = signatures.seal_pin(&agency.certificate.key).await.unwrap();
    let hand = signatures.seal(&agency, (&pin, Sure::Yes)).await.unwrap();
    let sealed = hand.sign(to_sign(signed.clone(), seal())).await.unwrap();
    assert!(sealed.starts_with(&signed), "nothing is rewritten");
    sealed
}

/// Both of its signatures are valid for us, and nothing was changed after them.
fn is_valid_for_us(sealed: &[u8]) {
    let text = pem(AUTHORITY.root());
    let trust = Trust::parse(&text).unwrap();
    let when = at().to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
    let verdict = validate(sealed, &trust, when, &Evidence::default());
    assert_eq!(verdict.signatures.len(), 2);
    let known = Overall::Signed(Conclusion::RevocationUnknown);
    assert_eq!(verdict.overall, known, "{verdict:#?}");
    let mut changed = sealed.to_vec();
    let at = changed.len() / 3;
    changed[at] ^= 1;
    let verdict = validate(&changed, &trust, when, &Evidence::default());
    assert_ne!(verdict.overall, known);
}

pub(super) fn letter() -> Vec<u8> {
    let Slip::ResultLetter(mut letter) = samples::letter() else {
        panic!("the sample is no letter");
    };
    letter.to_sign = true;
    Press::new().render(&Slip::ResultLetter(letter)).unwrap()
}

#[tokio::test]
async fn a_letter_is_signed_then_numbered_dated_and_sealed() {
    for kind in [Kind::Rsa, Kind::Ec] {
        let name = format!("letter-{kind:?}");
        let sealed = issued(&name, letter(), kind).await;
        let said = all_valid(&name, &sealed, 2);
        assert!(said.iter().all(|one| one["stamped"] == true), "{said:#?}");
        is_valid_for_us(&sealed);
        let text = tools::text(&keep(&name, &sealed));
        assert!(text.contains("07"), "{text}");
        assert!(text.contains("ngày 23 tháng 11 năm 2026"), "{text}");
        assert!(text.contains("Bùi Hữu Nghĩa"), "{text}");
    }
}

#[tokio::test]
async fn a_document_made_elsewhere_gets_its_places_and_is_signed_likewise() {
    let signatures = signatures("elsewhere", &[]);
    let made = Press::new().render(&samples::result()).unwrap();
    let ready = signatures.ready(made.clone()).await.unwrap();
    assert!(ready.starts_with(&made));
    assert_eq!(ready, signatures.ready(made).await.unwrap());
    let sealed = issued("elsewhere-signed", ready, Kind::Ec).await;
    all_valid("elsewhere", &sealed, 2);
    is_valid_for_us(&sealed);
    let text = tools::text(&keep("elsewhere", &sealed));
    assert!(text.contains("Số: 07/KQ-H56.14"), "{text}");
    let again = signatures.ready(sealed).await;
    assert!(matches!(again, Err(SignError::Document(_))), "{again:?}");
    let broken = signatures.ready(b"%PDF-1.7 and no more".to_vec()).await;
    assert!(matches!(broken, Err(SignError::Document(_))));
}

#[tokio::test]
async fn what_was_signed_elsewhere_is_what_was_given_with_one_sound_signature() {
    let (leader, other) = (signer("Bùi Hữu Nghĩa", Kind::Rsa), signer("B", Kind::Ec));
    let signatures = signatures("signed-elsewhere", &[&leader, &other]);
    let by = async |issued, document: Vec<u8>, act| {
        let opened = signatures.unlock(&registered(issued), &Pin::new(PIN)).await;
        let at = at();
        let what = ToSign { document, act, at };
        opened.unwrap().sign(what).await.unwrap()
    };
    let person = || SigningAct::Person {
        name: "Bùi Hữu Nghĩa".to_owned(),
        attachments: Vec::new(),
    };
    let given = letter();
    let judged = async |signed: Vec<u8>, issued| {
        let what = ToSign {
            document: given.clone(),
            act: person(),
            at: at(),
        };
        let signer = registered(issued);
        signatures.signed_elsewhere(what, signed, &signer).await
    };
    let not_whole = |found: Result<Vec<u8>, SignError>| match found {
        Err(SignError::NotWhole(why)) => why.to_string(),
        other => panic!("{:?}", other.map(|bytes| bytes.len())),
    };
    let signed = by(&leader, given.clone(), person()).await;
    let kept = judged(signed.clone(), &leader).await.unwrap();
    assert_eq!(kept, signed, "it had its time stamp");
    let sealed = by(&other, kept, seal()).await;
    all_valid("signed-elsewhere", &sealed, 2);
    assert_eq!(
        not_whole(judged(signed.clone(), &other).await),
        "another certificate signed"
    );
    assert_eq!(
        not_whole(judged(given.clone(), &leader).await),
        "other bytes"
    );
    let two = by(&other, signed.clone(), seal()).await;
    let more = "more or less than one signature was added";
    assert_eq!(not_whole(judged(two, &leader).await), more);
    let filled = by(&leader, given.clone(), seal()).await;
    let elsewhere = "the signature is not in the place of the person";
    assert_eq!(not_whole(judged(filled, &leader).await), elsewhere);
    let mut changed = signed.clone();
    changed[given.len() / 2] ^= 1;
    assert_eq!(not_whole(judged(changed, &leader).await), "other bytes");
    let mut spoilt = signed;
    // A digit of the visible part of the new revision.
    let at = given.len() + 40;
    spoilt[at] ^= 1;
    let why = not_whole(judged(spoilt, &leader).await);
    assert_ne!(why, "other bytes");
}

#[tokio::test]
async fn a_key_opens_with_its_pin_alone_and_only_where_it_lies() {
    let (leader, other) = (signer("Lê Văn A", Kind::Ec), signer("Trần Văn B", Kind::Ec));
    let signatures = signatures("pins", &[&leader]);
    let opened = async |issued, pin: &str| {
        let opened = signatures.unlock(&registered(issued), &Pin::new(pin)).await;
        opened.map(|_| ())
    };
    assert_eq!(opened(&leader, PIN).await, Ok(()));
    assert_eq!(opened(&leader, "000000").await, Err(SignError::WrongPin));
    assert!(matches!(
        opened(&other, PIN).await,
        Err(SignError::NoKey(_))
    ));
    let guarded = PdfSignatures::new(SigningParts::default());
    let opened = guarded.unlock(&registered(&leader), &Pin::new(PIN)).await;
    assert_eq!(
        opened.err(),
        Some(SignError::OtherWay),
        "no soft keys in production"
    );
    assert!(
        pdf::open(&letter()).is_ok(),
        "the guarded reader takes our own"
    );
}
