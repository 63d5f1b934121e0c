//! What must not become a signature.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use der::Decode as _;
use gateways::sign::{
    Algorithm, Key, Material, Moments, Order, Prepared, Reach, Revocation, SignFault, SoftKey,
    TimeStamps, prepare,
};
use x509_cert::crl::CertificateList;

use super::{AUTHORITY, PAPER, PATIENCE, all_valid, authority, keep, now, order, sign, signer};
use crate::authority::{Authority, Kind, Term, Told};
use crate::judge::pyhanko;
use crate::tools::{self, path};

#[test]
fn a_signature_of_another_key_or_another_text_is_refused() {
    let (one, other) = (signer("Một", Kind::Ec), signer("Hai", Kind::Ec));
    let prepared = prepare(&PAPER, &order("person", &one, Kind::Ec)).unwrap();
    let strange = SoftKey::parse(&other.key).unwrap();
    let signature = strange.sign(prepared.attributes()).unwrap();
    assert!(matches!(
        prepared.clone().finish(&signature, None),
        Err(SignFault::Mismatch)
    ));
    let own = SoftKey::parse(&one.key).unwrap();
    let signature = own.sign(b"something else").unwrap();
    assert!(matches!(
        prepared.finish(&signature, None),
        Err(SignFault::Mismatch)
    ));
    let wrong = Order {
        algorithm: Algorithm::RsaSha256,
        ..order("person", &one, Kind::Ec)
    };
    assert!(matches!(
        prepare(&PAPER, &wrong),
        Err(SignFault::Certificate(_))
    ));
    let nobody = Order {
        chain: Vec::new(),
        ..wrong
    };
    assert!(matches!(
        prepare(&PAPER, &nobody),
        Err(SignFault::Certificate(_))
    ));
}

#[test]
fn a_certificate_out_of_its_term_makes_a_whole_signature_that_nobody_trusts() {
    for term in [Term::Past, Term::Future] {
        let issued = AUTHORITY.issue("Hết hạn", Kind::Ec, term, Told::Nowhere);
        let signed = sign(&PAPER, &order("person", &issued, Kind::Ec), &issued);
        let said = pyhanko(&AUTHORITY.roots(), &keep(&format!("{term:?}"), &signed));
        assert_eq!(said[0]["intact"], true, "{said:#?}");
        assert_eq!(said[0]["trusted"], false, "{said:#?}");
    }
}

#[test]
fn what_waits_for_approval_is_taken_up_again() {
    let issued = signer("Từ xa", Kind::Rsa);
    let order = order("person", &issued, Kind::Rsa);
    let prepared = prepare(&PAPER, &order).unwrap();
    assert_eq!(
        prepare(&PAPER, &order).unwrap().unfinished(),
        prepared.unfinished()
    );
    let kept = prepared.unfinished().to_vec();
    let again = Prepared::resume(kept, &order.chain, order.algorithm).unwrap();
    assert_eq!(again.digest(), prepared.digest());
    let key = SoftKey::parse(&issued.key).unwrap();
    let signature = key.sign(again.attributes()).unwrap();
    let signed = again.finish(&signature, None).unwrap();
    all_valid("resumed", &signed, 1);
    for finished in [signed, PAPER.clone()] {
        assert!(Prepared::resume(finished, &order.chain, order.algorithm).is_err());
    }
}

#[test]
fn what_is_no_document_gets_no_signature() {
    let issued = signer("Người ký", Kind::Ec);
    let order = order("person", &issued, Kind::Ec);
    let locked = {
        let from = keep("open", &PAPER);
        let to = from.with_file_name("locked-up.pdf");
        tools::run(
            "qpdf",
            &["--encrypt", "a", "b", "256", "--", path(&from), path(&to)],
        );
        std::fs::read(to).unwrap()
    };
    let torn = PAPER[..PAPER.len() - 200].to_vec();
    for document in [Vec::new(), b"%PDF-1.7".to_vec(), locked, torn] {
        let fault = prepare(&document, &order).map(|_| ());
        assert!(matches!(fault, Err(SignFault::Document(_))), "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stamp_that_finds_no_room_is_said() {
    let issued = signer("Người ký", Kind::Ec);
    let prepared = prepare(&PAPER, &order("person", &issued, Kind::Ec)).unwrap();
    let signature = SoftKey::parse(&issued.key)
        .unwrap()
        .sign(prepared.attributes())
        .unwrap();
    let stamp = authority().stamp(&signature).await.unwrap();
    let fault = prepared.finish(&signature, Some(&stamp));
    assert!(matches!(fault, Err(SignFault::Room { needed, room }) if needed > room));
}

/// Answers every question with these bytes.
fn answering(status: &'static str, body: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut question = [0; 4096];
            let _ = stream.read(&mut question);
            let head = format!(
                "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(&[head.as_bytes(), &body].concat());
        }
    });
    address
}

/// The answer to another question: granted and signed, but with another nonce.
fn anothers_answer() -> Vec<u8> {
    let query = AUTHORITY.roots().with_file_name("replay.tsq");
    let reply = query.with_extension("tsr");
    let digest = hex::encode(ring::digest::digest(&ring::digest::SHA256, b"signature"));
    tools::run(
        "openssl",
        &[
            "ts",
            "-query",
            "-digest",
            &digest,
            "-sha256",
            "-cert",
            "-out",
            path(&query),
        ],
    );
    let settings = AUTHORITY.roots().with_file_name("tsa.cnf");
    tools::run(
        "openssl",
        &[
            "ts",
            "-reply",
            "-config",
            path(&settings),
            "-queryfile",
            path(&query),
            "-out",
            path(&reply),
        ],
    );
    std::fs::read(reply).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_that_answers_wrongly_is_not_believed() {
    let stamps = |uri: &str, patience| TimeStamps::new(uri, patience);
    let replayed = anothers_answer();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("http://{}/", silent.local_addr().unwrap());
    for (uri, passes, words) in [
        (answering("200 OK", replayed), false, "another question"),
        (
            answering("200 OK", vec![0x30, 3, 0x30, 1, 2]),
            true,
            "unreadable",
        ),
        // PKIStatusInfo 2: rejection.
        (
            answering("200 OK", vec![0x30, 5, 0x30, 3, 2, 1, 2]),
            false,
            "status 2",
        ),
        (
            answering("200 OK", vec![0x30, 5, 0x30, 3, 2, 1, 3]),
            true,
            "not ready",
        ),
        (answering("503 Busy", Vec::new()), true, "HTTP 503"),
        (answering("403 No", Vec::new()), false, "HTTP 403"),
        (answering("200 OK", vec![0; 100_000]), true, "too long"),
        (silent, true, "no "),
    ] {
        // Who never answers is not waited for as long.
        let patience = match words {
            "no " => Duration::from_secs(1),
            _ => PATIENCE,
        };
        let fault = stamps(&uri, patience).stamp(b"signature").await;
        let fault = fault.unwrap_err();
        assert_eq!(fault.passes(), passes, "{words}: {fault}");
        assert!(fault.to_string().contains(words), "{words}: {fault}");
    }
    let policy = authority().under("1.2.3.4.9").unwrap();
    assert!(policy.stamp(b"signature").await.is_err());
    let policy = authority().under("1.2.3.4.1").unwrap();
    policy.stamp(b"signature").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_certificate_is_found_by_list_and_by_responder() {
    let authority = Authority::new("revoking");
    let revocation = Revocation::new(Reach::Everywhere, PATIENCE);
    for told in [Told::ByList, Told::ByResponder] {
        let issued = authority.issue("Bị thu hồi", Kind::Ec, Term::Now, told);
        let mut chain = issued.chain.clone();
        chain.push(authority.root().to_vec());
        revocation.gather(&chain, now()).await.unwrap();
        authority.revoke(&issued);
        let fault = revocation.gather(&chain, now()).await.unwrap_err();
        assert!(matches!(fault, SignFault::Revoked(_)), "{fault}");
        let since = revocation.revoked(&chain, now()).await;
        assert_eq!(since, Some("2026-01-02T00:00:00Z".parse().unwrap()));
        // What was signed before stays good.
        let before = Moments {
            then: "2026-01-01T23:59:59Z".parse().unwrap(),
            ..now()
        };
        assert_eq!(revocation.revoked(&chain, before).await, None);
        revocation.gather(&chain, before).await.unwrap();
    }
    let list = CertificateList::from_der(&authority.list()).unwrap();
    let revoked = list.tbs_cert_list.revoked_certificates.unwrap();
    assert_eq!(revoked.len(), 2);
}

#[test]
fn the_place_of_a_signature_is_found_among_words_like_it() {
    let issued = signer("Người ký", Kind::Ec);
    let order = Order {
        reason: "/ByteRange [0 9999999999 9999999999 9999999999] <00>".to_owned(),
        ..order("person", &issued, Kind::Ec)
    };
    let waiting = prepare(&PAPER, &order).unwrap().unfinished().to_vec();
    let resumed = Prepared::resume(waiting, &issued.chain, Algorithm::EcdsaP256Sha256).unwrap();
    let key = SoftKey::parse(&issued.key).unwrap();
    let signature = key.sign(resumed.attributes()).unwrap();
    let signed = resumed.finish(&signature, None).unwrap();
    all_valid("words-like-a-place", &signed, 1);
}

/// The port of an address.
fn port(address: &str) -> u16 {
    let digits = address.trim_end_matches('/').rsplit(':').next();
    digits.unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_responder_that_says_nothing_hides_no_list() {
    let authority = Authority::new("muttering");
    let mute = answering("200 OK", b"<html>sign in first</html>".to_vec());
    let told = Told::AtOrByList(port(&mute));
    let issued = authority.issue("Bị thu hồi", Kind::Ec, Term::Now, told);
    authority.revoke(&issued);
    let revocation = Revocation::new(Reach::Everywhere, PATIENCE);
    let mut heard = Material::default();
    revocation.said(&issued.chain, &mut heard).await;
    assert_eq!((heard.ocsps.len(), heard.crls.len()), (0, 1), "{heard:?}");
    let list = CertificateList::from_der(&heard.crls[0]).unwrap();
    assert_eq!(list.tbs_cert_list.revoked_certificates.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_said_stays_when_another_never_does() {
    let authority = Authority::new("half-silent");
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let told = Told::AtOrByList(silent.local_addr().unwrap().port());
    let quick = authority.issue("Được trả lời", Kind::Ec, Term::Now, Told::ByList);
    let slow = authority.issue("Không ai trả lời", Kind::Ec, Term::Now, told);
    let chain = [quick.chain, slow.chain].concat();
    let revocation = Revocation::new(Reach::Everywhere, PATIENCE);
    let mut heard = Material::default();
    tokio::select! {
        () = revocation.said(&chain, &mut heard) => panic!("nobody answers"),
        asked = silent.accept() => drop(asked.unwrap()),
    }
    assert_eq!(heard.crls.len(), 1, "{heard:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_lead_nowhere_inside_unless_that_is_wanted() {
    let issued = signer("Người ký", Kind::Ec);
    let mut chain = issued.chain.clone();
    chain.push(AUTHORITY.root().to_vec());
    let outside = Revocation::new(Reach::Public, PATIENCE);
    let fault = outside.gather(&chain, now()).await.unwrap_err();
    assert!(fault.to_string().contains("may not be asked"), "{fault}");
}
