//! Batches that somebody signs with one unlocking of the key.

use domain::ids::{CertificateId, FileHash};
use domain::office::Role;
use store::{
    NewRequestItem, NewSigningBatch, NewSigningRequest, RequestEnd, RequestState, SigningEnd,
    SigningItemRow, SigningRun, SigningState, Store, ToSignRow,
};

use crate::certificates::row;
use crate::samples::office;
use crate::world::{
    DECIDES, after, drafted, finished, go_on, handed_over, id, line, noon, publish, receive, staff,
    unit,
};

/// A dossier that waits for its leader.
async fn to_approve(store: &Store, name: &str) {
    receive(store, name, "An").await;
    go_on(store, name, vec![handed_over(), drafted(), finished(1)])
        .await
        .unwrap();
}

async fn made(store: &Store, batch: &str, dossiers: &[&str]) -> bool {
    let new = NewSigningBatch {
        id: batch.to_owned(),
        staff: staff("binh"),
        dossiers: dossiers.iter().map(|name| id(name)).collect(),
    };
    let when = (noon(), line("binh", batch));
    store.add_signing_batch(new, when).await.unwrap()
}

async fn ready(store: &Store) {
    office(store).await;
    publish(store).await;
    for name in ["d1", "d2", "d3"] {
        to_approve(store, name).await;
    }
    let audit = line("root", "certificate");
    store.register_certificate(row("c1"), audit).await.unwrap();
}

fn hash(digit: &str) -> FileHash {
    FileHash::parse(&digit.repeat(64)).unwrap()
}

fn end(places: &[i64], state: SigningState, reason: &str) -> SigningEnd {
    SigningEnd {
        batch: "b1".to_owned(),
        places: places.to_vec(),
        state,
        reason: reason.to_owned(),
    }
}

async fn listed(store: &Store, who: &str) -> Vec<ToSignRow> {
    let (at, who) = (unit(DECIDES), staff(who));
    let mut all = Vec::new();
    loop {
        // Page by page: none is left out or listed twice.
        let page = store.to_sign((&at, Role::Leader), &who, (all.last(), 2));
        let page = page.await.unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

async fn waiting(store: &Store) -> Vec<String> {
    let found = listed(store, "binh").await.into_iter();
    found.map(|row| row.dossier).collect()
}

async fn items(store: &Store) -> Vec<SigningItemRow> {
    store.signing_items("b1").await.unwrap()
}

pub(crate) async fn what_waits_for_a_signature_is_listed_until_it_lies_in_a_batch(store: &Store) {
    ready(store).await;
    assert_eq!(waiting(store).await, ["d1", "d2", "d3"]);
    assert!(made(store, "b1", &["d3", "d1"]).await);
    assert_eq!(waiting(store).await, ["d2"]);
    let places: Vec<(i64, String)> = items(store)
        .await
        .into_iter()
        .map(|item| (item.place, item.dossier))
        .collect();
    assert_eq!(places, [(1, "d3".to_owned()), (2, "d1".to_owned())]);
    let others = listed(store, "an").await;
    assert_eq!(others.len(), 3, "only her own batch hides it");
    let left = end(&[2], SigningState::Left, "");
    let when = (after(1), Some(line("binh", "left")));
    assert_eq!(store.end_signing(left, when).await.unwrap(), 1);
    assert_eq!(waiting(store).await, ["d1", "d2"]);
    let batch = store.signing_batch("b1").await.unwrap().unwrap();
    assert_eq!((batch.listed, batch.signed, batch.open), (1, 0, 1));
}

pub(crate) async fn a_batch_is_made_once(store: &Store) {
    ready(store).await;
    assert!(made(store, "b1", &["d1"]).await);
    assert!(!made(store, "b1", &["d1", "d2"]).await);
    assert_eq!(items(store).await.len(), 1);
    let mine = store.signing_batches(&staff("binh"), 10).await.unwrap();
    assert_eq!(mine.len(), 1);
    assert!(
        store
            .signing_batches(&staff("an"), 10)
            .await
            .unwrap()
            .is_empty()
    );
}

pub(crate) async fn what_was_read_is_read_again_when_it_changed(store: &Store) {
    ready(store).await;
    made(store, "b1", &["d1"]).await;
    let at = ("b1", 1);
    store
        .prepare_signing(at, (5, &hash("a"), ""))
        .await
        .unwrap();
    store.see_signing(at, &hash("b"), after(1)).await.unwrap();
    assert_eq!(
        items(store).await[0].seen_at,
        None,
        "that was another document"
    );
    store.see_signing(at, &hash("a"), after(1)).await.unwrap();
    store
        .prepare_signing(at, (6, &hash("a"), ""))
        .await
        .unwrap();
    let item = items(store).await.remove(0);
    assert_eq!(item.made(), Some((6, hash("a"))));
    assert!(item.seen_at.is_some(), "the same document stays read");
    store
        .prepare_signing(at, (7, &hash("a"), "1 x"))
        .await
        .unwrap();
    let item = items(store).await.remove(0);
    assert_eq!((item.seen_at, item.attachments.as_str()), (None, "1 x"));
    store.see_signing(at, &hash("a"), after(1)).await.unwrap();
    store
        .prepare_signing(at, (8, &hash("c"), "1 x"))
        .await
        .unwrap();
    assert_eq!(items(store).await[0].seen_at, None);
}

pub(crate) async fn what_became_of_a_document_is_noted_once(store: &Store) {
    ready(store).await;
    made(store, "b1", &["d1", "d2"]).await;
    let when = || (after(1), None);
    let failed = end(&[1], SigningState::Failed, "signing.failed");
    assert_eq!(store.end_signing(failed, when()).await.unwrap(), 1);
    let signed = end(&[1], SigningState::Signed, "");
    assert_eq!(store.end_signing(signed, when()).await.unwrap(), 1);
    let late = end(&[1, 2], SigningState::Left, "");
    assert_eq!(store.end_signing(late, when()).await.unwrap(), 1);
    let states: Vec<SigningState> = items(store)
        .await
        .iter()
        .map(SigningItemRow::state)
        .collect();
    assert_eq!(states, [SigningState::Signed, SigningState::Left]);
}

pub(crate) async fn one_run_at_a_time_has_the_turn_at_a_batch(store: &Store) {
    ready(store).await;
    made(store, "b1", &["d1"]).await;
    let run = |holder: &str, hours| SigningRun {
        batch: "b1".to_owned(),
        holder: holder.to_owned(),
        until: after(hours),
    };
    let certificate = CertificateId::parse("c1").unwrap();
    let take = async |holder: &str, until, at| {
        let when = (after(at), line("binh", "sign"));
        let taken = store.take_signing_turn((run(holder, until), &certificate), when);
        taken.await.unwrap()
    };
    assert!(take("one", 2, 0).await);
    assert!(!take("two", 3, 1).await, "the first one lives");
    assert!(store.keep_signing_turn(run("one", 3)).await.unwrap());
    assert!(!take("two", 4, 3).await);
    assert!(take("two", 5, 4).await, "the first one went silent");
    assert!(!store.keep_signing_turn(run("one", 6)).await.unwrap());
    let when = || (after(4), line("binh", "stopped"));
    let late = store.end_signing_turn(&run("one", 0), "x", when()).await;
    assert!(!late.unwrap());
    let done = store.end_signing_turn(&run("two", 0), "told", when()).await;
    assert!(done.unwrap());
    let batch = store.signing_batch("b1").await.unwrap().unwrap();
    assert_eq!((batch.held_until, batch.told.as_str()), (None, "told"));
    assert_eq!(batch.certificate.as_deref(), Some("c1"));
}

fn request(id: &str, places: &[i64], most: (u32, u32)) -> NewSigningRequest {
    let item = |place: &i64| NewRequestItem {
        place: *place,
        name: format!("document {place}"),
        asked: vec![1, 2, 3],
        unfinished: hash("d"),
    };
    NewSigningRequest {
        id: id.to_owned(),
        batch: "b1".to_owned(),
        staff: staff("binh"),
        certificate: CertificateId::parse("c1").unwrap(),
        service: "phone".to_owned(),
        title: "two documents".to_owned(),
        state: RequestState::Asked,
        items: places.iter().map(item).collect(),
        next: noon(),
        until: after(1),
        most,
    }
}

async fn ask(store: &Store, id: &str, places: &[i64], most: (u32, u32)) -> bool {
    let new = request(id, places, most);
    let when = (noon(), line("binh", id));
    store.add_signing_request(new, when).await.unwrap()
}

async fn due(store: &Store, hours: i64) -> Vec<String> {
    let found = store.claim_signing_requests(after(hours), 60_000, 10).await;
    found.unwrap().into_iter().map(|one| one.id).collect()
}

pub(crate) async fn requests_of_a_batch_come_one_after_the_other_and_are_kept(store: &Store) {
    ready(store).await;
    made(store, "b1", &["d1", "d2", "d3"]).await;
    assert!(ask(store, "r1", &[1], (2, 9)).await);
    assert!(!ask(store, "r1", &[1], (2, 9)).await, "noted once");
    assert!(ask(store, "r2", &[2], (2, 9)).await);
    assert!(
        !ask(store, "r3", &[3], (2, 9)).await,
        "too many of one person"
    );
    assert!(!ask(store, "r3", &[3], (9, 2)).await, "too many of all");
    assert_eq!(due(store, 0).await, ["r1"]);
    assert!(due(store, 0).await.is_empty(), "somebody looks after it");
    let later = store.put_off_signing_request("r1", (Some("w-1"), 1), after(1));
    assert!(later.await.unwrap());
    let row = store.signing_request_of("b1").await.unwrap().unwrap();
    assert_eq!((row.state.as_str(), row.tries), ("waiting", 1));
    assert_eq!((row.waiting.as_deref(), row.documents), (Some("w-1"), 1));
    let batch = store.signing_batch("b1").await.unwrap().unwrap();
    assert_eq!((batch.asked, batch.finishing), (2, 0));
    let pieces = vec![(1, hash("e"))];
    let kept = store.keep_signing_pieces("r1", pieces, after(1)).await;
    assert!(kept.unwrap());
    let held: Vec<FileHash> = store.held_files().await.unwrap().iter().collect();
    assert!(held.contains(&hash("d")) && held.contains(&hash("e")));
    let end = |id: &str, state, reason: &str| RequestEnd {
        id: id.to_owned(),
        state,
        reason: reason.to_owned(),
    };
    let when = || (after(1), line("system", "request"));
    let done = end("r1", RequestState::Done, "");
    assert!(
        store
            .end_signing_request(done.clone(), when())
            .await
            .unwrap()
    );
    assert!(!store.end_signing_request(done, when()).await.unwrap());
    let held: Vec<FileHash> = store.held_files().await.unwrap().iter().collect();
    assert!(!held.contains(&hash("e")), "nothing is kept after it");
    assert_eq!(due(store, 2).await, ["r2"]);
    let no = end("r2", RequestState::Rejected, "remote.rejected");
    assert!(store.end_signing_request(no, when()).await.unwrap());
    let items = items(store).await;
    let states: Vec<SigningState> = items.iter().map(SigningItemRow::state).collect();
    let waiting = SigningState::Waiting;
    assert_eq!(states, [waiting, SigningState::Failed, waiting]);
    let batch = store.signing_batch("b1").await.unwrap().unwrap();
    assert_eq!((batch.asked, batch.told.as_str()), (0, "remote.rejected"));
}

pub(crate) async fn a_finished_batch_is_removed_once_its_time_is_over(store: &Store) {
    ready(store).await;
    made(store, "b1", &["d1", "d2"]).await;
    made(store, "b2", &["d3"]).await;
    let ended = async |places, state, hours| {
        let when = (after(hours), None);
        store
            .end_signing(end(places, state, ""), when)
            .await
            .unwrap()
    };
    let over = async |hours| store.finished_batches(after(hours), 10).await.unwrap();
    assert_eq!(over(99).await, [""; 0], "both are open");
    ended(&[1], SigningState::Refused, 2).await;
    assert_eq!(over(99).await, [""; 0], "one is left to be signed");
    ended(&[2], SigningState::Signed, 5).await;
    assert_eq!(over(5).await, [""; 0], "the last was done then");
    assert_eq!(over(6).await, ["b1"]);
    let checked = async |hours| {
        let found = store.check_batches(after(hours)).await.unwrap();
        found.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let unsigned = "signing_item b1/2, state: expected a signature in dossier d2, found none";
    let kept = "signing_batch b1, row: expected removed under its retention rule, found a row";
    assert_eq!(checked(5).await, [unsigned]);
    assert_eq!(checked(6).await, [kept, unsigned]);
    let remove = async |id: &str| {
        let when = (after(7), line("system", id));
        store.remove_batch(id.to_owned(), when).await.unwrap()
    };
    assert!(remove("b1").await);
    assert!(!remove("b1").await, "once");
    assert!(store.signing_batch("b1").await.unwrap().is_none());
    assert_eq!(items(store).await, []);
    assert_eq!(checked(99).await, [""; 0]);
    assert!(store.signing_batch("b2").await.unwrap().is_some());
    let lines = store.audited("b1").await.unwrap();
    assert_eq!(lines.len(), 2, "that it was made and removed stays");
}

pub(crate) async fn a_code_is_sent_to_one_person_once_in_a_while(store: &Store) {
    ready(store).await;
    assert!(made(store, "b1", &["d1"]).await);
    assert!(made(store, "b2", &["d2"]).await);
    let send = async |batch: &str, hours: i64| {
        let when = (after(hours), after(hours - 1));
        store.note_signing_code(batch, when).await.unwrap()
    };
    assert!(send("b1", 1).await);
    assert!(!send("b1", 1).await, "a moment later");
    assert!(!send("b2", 1).await, "nor for another batch of hers");
    assert!(send("b2", 2).await);
    assert!(!send("b0", 9).await, "there is none");
}

pub(crate) async fn batches_that_are_open_stand_before_the_newest(store: &Store) {
    ready(store).await;
    for (hours, batch, dossier) in [(0, "b1", "d1"), (1, "b2", "d2"), (2, "b3", "d3")] {
        let new = NewSigningBatch {
            id: batch.to_owned(),
            staff: staff("binh"),
            dossiers: vec![id(dossier)],
        };
        let when = (after(hours), line("binh", batch));
        assert!(store.add_signing_batch(new, when).await.unwrap());
    }
    for batch in ["b2", "b3"] {
        let left = SigningEnd {
            batch: batch.to_owned(),
            ..end(&[1], SigningState::Left, "")
        };
        store.end_signing(left, (after(3), None)).await.unwrap();
    }
    let mine = async |most| {
        let found = store.signing_batches(&staff("binh"), most).await.unwrap();
        found.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert_eq!(mine(9).await, ["b1", "b3", "b2"]);
    assert_eq!(mine(2).await, ["b1", "b3"]);
    assert_eq!(mine(1).await, ["b1"]);
    let others = store.signing_batches(&staff("an"), 9).await.unwrap();
    assert!(others.is_empty());
}
