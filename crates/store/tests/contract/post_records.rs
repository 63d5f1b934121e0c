//! Joint records of the post: listed once, signed once, with everything on them.

use domain::dossier::{Event, Handed, HandedAs, PostRecord};
use domain::money::Dong;
use domain::procedure::Channel;
use store::{
    AppendError, Batch, Loaded, NewPostLine, NewPostRecord, PostSigned, PostSigning, Store, faults,
};

use crate::samples::office;
use crate::world::{CENTRE, after, batch, id, line, names, party, publish, staff, submitted, unit};

/// Files by post what came to the agent `an`, so many hours after noon.
async fn file(store: &Store, name: &str, hours: i64) {
    file_as(store, name, hours, Some("an")).await;
}

/// Files by post what came to an agent, or what `an` opened at a counter.
async fn file_as(store: &Store, name: &str, hours: i64, agent: Option<&str>) {
    let mut event = submitted("An", after(hours));
    if let Event::Submitted { filed, .. } = &mut event {
        filed.channel = Channel::Post;
        filed.agent = agent.map(staff);
    }
    let filed = Batch {
        actor: "an".to_owned(),
        names: Some(names("An")),
        parties: vec![party("An")],
        ..batch(Loaded::absent(id(name)), vec![event])
    };
    store.append(filed).await.unwrap();
}

fn of(dossier: &str, part: u32) -> NewPostLine {
    let handed = Handed {
        component: 2,
        handed: HandedAs::Paper,
    };
    NewPostLine {
        dossier: id(dossier),
        part,
        collected: (part == 0).then_some(Dong(15_000)),
        handed: if part == 0 { Vec::new() } else { vec![handed] },
    }
}

async fn made(store: &Store, record: &str, lines: Vec<NewPostLine>) -> bool {
    let new = NewPostRecord {
        id: record.to_owned(),
        unit: unit(CENTRE),
        agent: staff("an"),
        lines,
    };
    let when = (after(3), line("an", "made"));
    store.add_post_record(new, when).await.unwrap()
}

fn signing(record: &str, hours: i64) -> PostSigning {
    PostSigning {
        record: record.to_owned(),
        by: staff("binh"),
        at: after(hours),
        struck: Vec::new(),
        audit: line("binh", "signed"),
    }
}

/// Hands those dossiers over by that record.
async fn handed(store: &Store, record: &str, dossiers: &[&str], hours: i64) -> Vec<Batch> {
    let mut batches = Vec::new();
    for dossier in dossiers {
        let event = Event::HandedByPost(PostRecord {
            at: after(hours),
            record: record.to_owned(),
            by: staff("binh"),
            behalf: None,
            from: staff("an"),
            collected: None,
            answer_by: None,
        });
        batches.push(batch(store.load(&id(dossier)).await.unwrap(), vec![event]));
    }
    batches
}

async fn two(store: &Store) {
    publish(store).await;
    office(store).await;
    file(store, "d-1", 1).await;
    file(store, "d-2", 2).await;
}

async fn is_handed(store: &Store, dossier: &str) -> bool {
    let loaded = store.load(&id(dossier)).await.unwrap();
    !loaded.dossier.record().unwrap().course.posts.is_empty()
}

pub(crate) async fn a_record_is_signed_with_everything_on_it_or_not_at_all(store: &Store) {
    two(store).await;
    assert!(made(store, "r-1", vec![of("d-1", 0), of("d-2", 0)]).await);
    for point in ["after_rows", "before_commit"] {
        let batches = handed(store, "r-1", &["d-1", "d-2"], 4).await;
        faults::arm(point);
        let done = store.sign_post_record(signing("r-1", 4), batches).await;
        assert!(done.is_err(), "{point}");
        let record = store.post_record("r-1").await.unwrap().unwrap();
        assert_eq!(
            (record.signed_at, is_handed(store, "d-1").await),
            (None, false)
        );
    }
    let stale = handed(store, "r-1", &["d-1", "d-2"], 4).await;
    let batches = handed(store, "r-1", &["d-1", "d-2"], 5).await;
    let done = store.sign_post_record(signing("r-1", 5), batches).await;
    assert_eq!(done.unwrap(), PostSigned::Done);
    let record = store.post_record("r-1").await.unwrap().unwrap();
    assert!(record.signed_at.is_some() && record.signer_name.is_some());
    for dossier in ["d-1", "d-2"] {
        assert!(is_handed(store, dossier).await);
        let loaded = store.load(&id(dossier)).await.unwrap();
        assert_eq!(loaded.dossier.record().unwrap().legal_at(), after(5));
    }
    // Whoever signs again writes nothing, whatever she wanted to write.
    let again = store.sign_post_record(signing("r-1", 4), stale).await;
    assert_eq!(again.unwrap(), PostSigned::NotOpen);
    assert_eq!(store.check().await.unwrap().differences, []);
}

pub(crate) async fn what_waits_no_more_is_struck_when_its_record_is_signed(store: &Store) {
    two(store).await;
    assert!(made(store, "r-1", vec![of("d-1", 0), of("d-2", 0)]).await);
    let listed = async |dossier| store.is_on_post_record(&id(dossier)).await.unwrap();
    assert!(listed("d-1").await && listed("d-2").await);
    let batches = handed(store, "r-1", &["d-1"], 4).await;
    let signing = PostSigning {
        struck: vec![(id("d-2"), 0)],
        ..signing("r-1", 4)
    };
    let done = store.sign_post_record(signing, batches).await;
    assert_eq!(done.unwrap(), PostSigned::Done);
    let lines = store.post_lines("r-1").await.unwrap();
    let struck: Vec<(&str, bool)> = lines
        .iter()
        .map(|line| (line.id.as_str(), line.is_struck()))
        .collect();
    assert_eq!(struck, [("d-1", false), ("d-2", true)]);
    assert!(!listed("d-1").await && !listed("d-2").await);
    assert_eq!(store.check().await.unwrap().differences, []);
}

pub(crate) async fn a_record_that_is_gone_hands_nothing_over(store: &Store) {
    two(store).await;
    assert!(made(store, "r-1", vec![of("d-1", 0)]).await);
    let batches = handed(store, "r-1", &["d-1"], 4).await;
    let when = (after(4), line("an", "taken back"));
    assert!(store.drop_post_record("r-1", when).await.unwrap());
    let done = store.sign_post_record(signing("r-1", 4), batches).await;
    assert_eq!(done.unwrap(), PostSigned::NotOpen);
    assert!(!is_handed(store, "d-1").await);
    assert!(made(store, "r-2", vec![of("d-1", 0)]).await, "listed anew");
    let batches = handed(store, "r-2", &["d-1"], 5).await;
    let moved = handed(store, "r-2", &["d-1"], 5).await;
    store.append_together(moved).await.unwrap();
    let Err(AppendError::Stale(_)) = store.sign_post_record(signing("r-2", 5), batches).await
    else {
        panic!("the dossier moved meanwhile");
    };
    let open = store.post_record("r-2").await.unwrap().unwrap();
    assert_eq!(open.signed_at, None);
}

pub(crate) async fn of_signing_and_taking_back_at_once_one_is_done(store: &Store) {
    two(store).await;
    for round in 0..8 {
        let record = format!("r-{round}");
        let dossier = format!("race-{round}");
        file(store, &dossier, 1).await;
        assert!(made(store, &record, vec![of(&dossier, 0)]).await);
        let batches = handed(store, &record, &[&dossier], 4).await;
        let when = (after(4), line("an", "taken back"));
        let (signed, dropped) = tokio::join!(
            store.sign_post_record(signing(&record, 4), batches),
            store.drop_post_record(&record, when)
        );
        let (signed, dropped) = (signed.unwrap() == PostSigned::Done, dropped.unwrap());
        assert_ne!(signed, dropped, "{record}");
        assert_eq!(is_handed(store, &dossier).await, signed, "{record}");
        let lines = store.post_lines(&record).await.unwrap();
        assert_eq!(lines.len(), usize::from(signed), "{record}");
    }
}

pub(crate) async fn what_was_filed_is_listed_once_and_a_supplement_once_a_request(store: &Store) {
    two(store).await;
    let (centre, agent) = (unit(CENTRE), staff("an"));
    let unhanded = store.unhanded(&centre, &agent, 9).await.unwrap();
    let ids: Vec<&str> = unhanded.iter().map(|line| line.id.as_str()).collect();
    assert_eq!(ids, ["d-1", "d-2"]);
    assert!(!unhanded[0].filer_name.is_empty());
    let filers = store.post_filers(&centre).await.unwrap();
    assert_eq!(filers, std::slice::from_ref(&agent));
    assert!(made(store, "r-1", vec![of("d-1", 0), of("d-2", 1)]).await);
    assert!(
        !made(store, "r-2", vec![of("d-1", 0)]).await,
        "listed before"
    );
    assert!(
        !made(store, "r-3", vec![of("d-2", 1)]).await,
        "listed before"
    );
    assert!(
        made(store, "r-4", vec![of("d-2", 2)]).await,
        "another request"
    );
    let lines = store.post_lines("r-1").await.unwrap();
    assert_eq!(lines[0].collected(), Some(Dong(15_000)));
    assert_eq!(lines[1].handed().unwrap().len(), 1);
    let waits = store.awaiting_by_post(&centre, &agent, 9).await.unwrap();
    assert_eq!(waits, [], "nothing was asked for");
}

pub(crate) async fn a_letter_that_a_clerk_opened_is_no_agent_s(store: &Store) {
    publish(store).await;
    office(store).await;
    file_as(store, "d-1", 1, None).await;
    let (centre, clerk) = (unit(CENTRE), staff("an"));
    assert_eq!(store.unhanded(&centre, &clerk, 9).await.unwrap(), []);
    assert_eq!(store.post_filers(&centre).await.unwrap(), []);
    let filings = store.views().filed_by(&clerk, &centre, 9).await.unwrap();
    assert_eq!(filings, []);
    file(store, "d-2", 2).await;
    assert_eq!(store.unhanded(&centre, &clerk, 9).await.unwrap().len(), 1);
    assert_eq!(store.post_filers(&centre).await.unwrap(), [clerk]);
    assert_eq!(store.check().await.unwrap().differences, []);
}
