//! Documents given out to be signed at the signer's own desk.

use domain::ids::{CertificateId, FileHash};
use store::{LocalApproval, LocalSigning, LocalState, NewLocalSigning, OnceKey, Store, TokenHash};

use crate::certificates::row;
use crate::samples::office;
use crate::world::{after, id, line, noon, staff};

const DOWN: TokenHash = TokenHash([1; 32]);
const UP: TokenHash = TokenHash([2; 32]);
const SESSION: TokenHash = TokenHash([3; 32]);

fn what() -> LocalApproval {
    LocalApproval {
        staff: staff("binh"),
        dossier: id("d1"),
        version: 5,
        document: FileHash::parse(&"a".repeat(64)).unwrap(),
        certificate: CertificateId::parse("c1").unwrap(),
        once: OnceKey::parse("one-time-key").unwrap(),
    }
}

async fn prepared(store: &Store) {
    office(store).await;
    let audit = line("root", "certificate");
    store.register_certificate(row("c1"), audit).await.unwrap();
}

/// Given out at noon, for an hour.
async fn given(store: &Store) {
    prepared(store).await;
    let new = NewLocalSigning {
        id: "l1".to_owned(),
        download: DOWN,
        upload: UP,
        session: SESSION,
        what: what(),
        until: after(1),
    };
    let when = (noon(), line("binh", "d1"));
    let most = (3, "replaced");
    store.give_local_signing(new, most, when).await.unwrap();
}

/// An attempt with that number, begun so many minutes after noon, for an hour.
async fn begun(store: &Store, (number, minutes): (u8, i64), what: LocalApproval) {
    let at = noon().saturating_add(jiff::Span::new().minutes(minutes));
    let new = NewLocalSigning {
        id: format!("l{number}"),
        download: TokenHash([number; 32]),
        upload: TokenHash([100 + number; 32]),
        session: SESSION,
        what,
        until: at.saturating_add(jiff::Span::new().hours(1)),
    };
    let (most, when) = ((3, "replaced"), (at, line("binh", "d1")));
    store.give_local_signing(new, most, when).await.unwrap();
}

pub(crate) async fn of_open_attempts_at_a_dossier_the_newest_stay(store: &Store) {
    prepared(store).await;
    let other = LocalApproval {
        dossier: id("d2"),
        ..what()
    };
    begun(store, (9, 0), other).await;
    for number in 1..=4 {
        begun(store, (number, i64::from(number)), what()).await;
    }
    let found = async |id: &str| {
        let found = store.local_signing(id, &staff("binh")).await.unwrap();
        let found = found.unwrap();
        (found.state, found.reason)
    };
    let ended = (LocalState::Refused, "replaced".to_owned());
    assert_eq!(found("l1").await, ended, "the oldest");
    for open in ["l2", "l3", "l4", "l9"] {
        let state = (LocalState::Open, String::new());
        assert_eq!(found(open).await, state, "{open}");
    }
    // What is over takes the place of none, and stays what it was.
    begun(store, (5, 63), what()).await;
    assert_eq!(found("l2").await.0, LocalState::Open, "over by itself");
    assert_eq!(found("l3").await.0, LocalState::Open, "the third");
    assert!(uploadable(store, TokenHash([104; 32]), 1).await.is_some());
}

async fn downloaded(store: &Store, word: TokenHash, hours: i64) -> Option<LocalSigning> {
    let found = store.download_local_signing(word, after(hours), 2).await;
    found.unwrap()
}

async fn uploadable(store: &Store, word: TokenHash, hours: i64) -> Option<LocalSigning> {
    store
        .upload_local_signing(word, after(hours))
        .await
        .unwrap()
}

pub(crate) async fn a_word_gives_its_document_a_few_times_and_not_after_its_time(store: &Store) {
    given(store).await;
    assert_eq!(downloaded(store, UP, 0).await, None, "the other word");
    assert_eq!(downloaded(store, DOWN, 2).await, None, "its time is over");
    for hours in [0, 1] {
        let found = downloaded(store, DOWN, hours).await.unwrap();
        assert_eq!((found.what, found.session), (what(), SESSION));
        assert_eq!((found.id.as_str(), found.state), ("l1", LocalState::Open));
    }
    assert_eq!(downloaded(store, DOWN, 0).await, None, "often enough");
    assert!(uploadable(store, UP, 0).await.is_some());
}

pub(crate) async fn a_word_takes_one_document_back_and_no_more_once_it_is_taken(store: &Store) {
    given(store).await;
    assert_eq!(uploadable(store, DOWN, 0).await, None, "the other word");
    assert_eq!(uploadable(store, UP, 2).await, None, "its time is over");
    assert_eq!(uploadable(store, UP, 1).await.unwrap().what, what());
    let end = async |state, reason| {
        let audit = Some((after(1), line("binh", "d1")));
        let ended = store.end_local_signing("l1", (state, reason), audit);
        ended.await.unwrap()
    };
    assert!(end(LocalState::Refused, "fault.document_not_whole").await);
    assert!(!end(LocalState::Approved, "").await, "it is ended once");
    assert_eq!(uploadable(store, UP, 0).await, None);
    assert_eq!(downloaded(store, DOWN, 0).await, None);
    let found = store.local_signing("l1", &staff("binh")).await.unwrap();
    let found = found.unwrap();
    assert_eq!(
        (found.state, found.reason.as_str()),
        (LocalState::Refused, "fault.document_not_whole")
    );
    let log = store.last_audited("d1", 10).await.unwrap();
    assert_eq!(log.len(), 2, "given out, and ended once");
}

pub(crate) async fn an_attempt_is_its_signer_s_own_and_forgotten_after_days(store: &Store) {
    given(store).await;
    let seen = async |who| store.local_signing("l1", &staff(who)).await.unwrap();
    assert!(seen("binh").await.is_some());
    assert!(seen("an").await.is_none());
    let later = after(24 * 8);
    let new = NewLocalSigning {
        id: "l2".to_owned(),
        download: TokenHash([4; 32]),
        upload: TokenHash([5; 32]),
        session: SESSION,
        what: what(),
        until: later,
    };
    let (most, when) = ((3, "replaced"), (later, line("binh", "d1")));
    store.give_local_signing(new, most, when).await.unwrap();
    assert!(seen("binh").await.is_none());
}
