//! Issued results carry the proof of their signatures: what other judges say of it, and what is asked.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use app::clock::{Clock as _, SystemClock};
use app::signing::{Pin, Proof, Proofs as _, Signatures as _, SignedBy, SigningAct, Sure, ToSign};
use gateways::sign::{Reach, Revocation, SignFault, TimeStamps};
use gateways::verify::{Anchor, Conclusion, Evidence, Overall, Profile, Root, Trust, validate};
use gateways::{Authorities, PdfSignatures, SigningParts, SoftKeys};
use ring::digest::{SHA256, digest};
use simulators::authority::{KeyKind, Purpose, Subject};

use super::results::{PIN, letter, registered, seal};
use super::{AUTHORITY, PATIENCE, keep, now, signer};
use crate::authority::{Authority, Issued, Kind, Term, Told};
use crate::judge::pyhanko;
use crate::tools;

fn trust() -> Trust {
    let anchor = Anchor {
        name: "test".to_owned(),
        root: Root::Other,
        certificate: AUTHORITY.root().to_vec(),
    };
    Trust {
        anchors: vec![anchor],
    }
}

/// Signatures with the keys of these, stamped or not, which ask within that reach.
fn asking(name: &str, issued: &[&Issued], (stamped, reach): (bool, Reach)) -> PdfSignatures {
    let folder = tools::folder(name);
    for one in issued {
        let named = hex::encode(digest(&SHA256, one.certificate()));
        std::fs::write(folder.join(format!("{named}.p8")), &one.key).unwrap();
    }
    let asks = Revocation::new(reach, PATIENCE);
    PdfSignatures::new(SigningParts {
        stamps: stamped.then(|| TimeStamps::new(&AUTHORITY.stamps(), PATIENCE)),
        soft: Some(SoftKeys {
            folder,
            pin: PIN.to_owned(),
        }),
        authorities: Some(Authorities::new(asks, &trust())),
        ..SigningParts::default()
    })
}

/// A letter, signed by the first and sealed by the second.
async fn sealed(signatures: &PdfSignatures, (leader, agency): (&Issued, &Issued)) -> Vec<u8> {
    let at = SystemClock.now();
    let to_sign = |document, act| ToSign { document, act, at };
    let person = SigningAct::Person {
        name: "Bùi Hữu Nghĩa".to_owned(),
        attachments: Vec::new(),
    };
    let pin = Pin::new(PIN);
    let hand = signatures.unlock(&registered(leader), &pin).await.unwrap();
    let signed = hand.sign(to_sign(letter(), person)).await.unwrap();
    let agency = registered(agency);
    let hand = signatures.seal(&agency, (&pin, Sure::Yes)).await.unwrap();
    hand.sign(to_sign(signed, seal())).await.unwrap()
}

fn by(issued: &[&Issued]) -> Vec<SignedBy> {
    let at = SystemClock.now();
    let each = issued.iter().map(|one| SignedBy {
        chain: one.chain.clone(),
        at,
    });
    each.collect()
}

async fn carried(signatures: &PdfSignatures, document: Vec<u8>, signed: Vec<SignedBy>) -> Vec<u8> {
    let proved = signatures.prove(document, signed, SystemClock.now());
    match proved.await {
        Proof::Carried(proved) => proved,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issued_result_proves_itself_to_other_judges() {
    for told in [Told::ByList, Told::ByResponder] {
        let issue = |name, kind| AUTHORITY.issue(name, kind, Term::Now, told);
        let (leader, agency) = (issue("Bùi Hữu Nghĩa", Kind::Rsa), issue("UBND", Kind::Ec));
        let both = [&leader, &agency];
        let name = format!("proved-{told:?}");
        let signatures = asking(&name, &both, (true, Reach::Everywhere));
        let sealed = sealed(&signatures, (&leader, &agency)).await;
        let proved = carried(&signatures, sealed.clone(), by(&both)).await;
        assert!(proved.starts_with(&sealed), "nothing is rewritten");
        // With material in the file pyHanko believes nothing that is not proved by it.
        let said = pyhanko(&AUTHORITY.roots(), &keep(&name, &proved));
        assert_eq!(said.len(), 2, "{said:#?}");
        for one in &said {
            assert_eq!(one["bottom_line"], true, "{one:#}");
            assert_eq!(one["stamped"], true, "{one:#}");
        }
        assert_eq!(said[1]["changed"], "LTA_UPDATES", "{said:#?}");
        // The same again finds everything there.
        let again = carried(&signatures, proved.clone(), by(&both)).await;
        for document in [proved, again] {
            let verdict = validate(&document, &trust(), now().now, &Evidence::default());
            let valid = Overall::Signed(Conclusion::Valid);
            assert_eq!(verdict.overall, valid, "{verdict:#?}");
            for one in &verdict.signatures {
                assert_eq!(one.profile, Profile::BaselineLt, "{one:#?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_proved_stays_as_it_is() {
    let (leader, agency) = (signer("Lê Thị Hoà", Kind::Ec), signer("UBND", Kind::Ec));
    let both = [&leader, &agency];
    let unstamped = asking("unstamped", &both, (false, Reach::Everywhere));
    let document = sealed(&unstamped, (&leader, &agency)).await;
    let proved = unstamped.prove(document, by(&both), SystemClock.now());
    assert_eq!(proved.await, Proof::None);
    // Addresses in certificates lead nowhere inside, unless the operator named them.
    let outside = asking("outside", &both, (true, Reach::Public));
    let document = sealed(&outside, (&leader, &agency)).await;
    let proved = outside.prove(document, by(&both), SystemClock.now());
    assert_eq!(proved.await, Proof::None, "nor ever will");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_be_answered_later_is_told_from_what_never_is() {
    let responder = |status| {
        let told = format!("http://{}", answering(status));
        let authority = simulators::authority::Authority::generate("Answers", Some(&told));
        let subject = Subject::new("Ai đó", Purpose::Signature);
        let issued = authority.unwrap().issue(&subject, &KeyKind::P256);
        issued.unwrap().chain
    };
    let asks = Revocation::new(Reach::Everywhere, PATIENCE);
    for (status, passes) in [("404 No", false), ("410 Gone", false), ("503 Busy", true)] {
        let fault = asks.gather(&responder(status), now()).await.unwrap_err();
        assert_eq!(fault.passes(), passes, "{status}: {fault}");
    }
    // One that never answers makes it hopeless, whoever else may.
    let both = [responder("503 Busy"), responder("404 No")].concat();
    let fault = asks.gather(&both, now()).await.unwrap_err();
    assert!(matches!(fault, SignFault::Refused(_)), "{fault}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_was_revoked_when_it_signed_proves_nothing() {
    let authority = Authority::new("proof-revoking");
    let leader = signer("Lê Thị Hoà", Kind::Ec);
    for told in [Told::ByList, Told::ByResponder] {
        let agency = authority.issue("UBND", Kind::Ec, Term::Now, told);
        let name = format!("revoked-{told:?}");
        let signatures = asking(&name, &[&leader, &agency], (true, Reach::Everywhere));
        let document = sealed(&signatures, (&leader, &agency)).await;
        authority.revoke(&agency);
        // The chain of another authority ends in its own root.
        let mut both = by(&[&leader, &agency]);
        both[1].chain.push(authority.root().to_vec());
        let since = "2026-01-02T07:00:00".parse().unwrap();
        let now = SystemClock.now();
        assert_eq!(signatures.revoked(&both[0], now).await, None);
        assert_eq!(signatures.revoked(&both[1], now).await, Some(since));
        let proved = signatures.prove(document, both, now).await;
        assert_eq!(proved, Proof::Revoked(since));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_that_renewed_its_key_under_its_name_is_asked_all_the_same() {
    let authority = Authority::new("renewed");
    let asks = Revocation::new(Reach::Everywhere, PATIENCE);
    for told in [Told::ByList, Told::ByResponder] {
        let issued = authority.issue("Lê Thị Hoà", Kind::Ec, Term::Now, told);
        let mut chain = vec![issued.certificate().to_vec(), authority.namesake()];
        chain.extend(issued.chain[1..].to_vec());
        chain.push(authority.root().to_vec());
        let found = asks.gather(&chain, now()).await;
        assert!(found.is_ok(), "{told:?}: {found:?}");
        assert_eq!(asks.revoked(&chain, now()).await, None, "{told:?}");
        authority.revoke(&issued);
        assert!(asks.revoked(&chain, now()).await.is_some(), "{told:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_too_long_is_not_kept_in_every_result() {
    let authority = Authority::new("proof-long");
    let leader = signer("Lê Thị Hoà", Kind::Ec);
    let agency = authority.issue("UBND", Kind::Ec, Term::Now, Told::ByList);
    let signatures = asking("long", &[&leader, &agency], (true, Reach::Everywhere));
    let document = sealed(&signatures, (&leader, &agency)).await;
    let mut both = by(&[&leader, &agency]);
    both[1].chain.push(authority.root().to_vec());
    let now = SystemClock.now();
    let proved = signatures.prove(document.clone(), both.clone(), now).await;
    let Proof::Carried(short) = proved else {
        panic!("{proved:?}");
    };
    assert!(short.len() < document.len() + 64 * 1024);
    authority.revoke_many(20_000);
    let proved = signatures.prove(document, both, now).await;
    assert!(
        matches!(&proved, Proof::Later(why) if why.contains("too long")),
        "{proved:?}"
    );
}

/// A place that says nothing but that status.
fn answering(status: &'static str) -> SocketAddr {
    counting(status).0
}

/// A place that counts who comes, and has no answer.
fn busy() -> (SocketAddr, Arc<AtomicUsize>) {
    counting("503 Busy")
}

fn counting(status: &'static str) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let came = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&came);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            counted.fetch_add(1, Ordering::Relaxed);
            let _ = stream.read(&mut [0; 4096]);
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (address, came)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_answer_is_not_asked_for_every_document() {
    let (address, came) = busy();
    let told = format!("http://{address}");
    let authority = simulators::authority::Authority::generate("Busy", Some(&told)).unwrap();
    let subject = Subject::new("Ai đó", Purpose::Signature);
    let chain = authority.issue(&subject, &KeyKind::P256).unwrap().chain;
    // Leaf and intermediate have a responder in common and a list each.
    for (hold, expected) in [(Duration::ZERO, 12), (Duration::from_mins(1), 3)] {
        came.store(0, Ordering::Relaxed);
        let asks = Revocation::new(Reach::And(vec![address]), PATIENCE).remembering(hold);
        for _ in 0..3 {
            assert!(asks.gather(&chain, now()).await.unwrap_err().passes());
        }
        assert_eq!(came.load(Ordering::Relaxed), expected);
    }
}
