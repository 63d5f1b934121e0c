//! Drafts: saved by whoever saw the last version.

use domain::dossier::CommandKind;
use domain::ids::DraftId;
use store::{ActDraft, ActDraftKey, DraftSaved, NewDraft, Store};

use crate::samples::{at, staff_id, unit_id};
use crate::world::{go_on, handed_over, id, receive};

fn draft(id: &str, staff: &str, seen: u32) -> NewDraft {
    NewDraft {
        id: DraftId::parse(id).unwrap(),
        staff: staff_id(staff),
        unit: unit_id("H56.112"),
        sealed: format!("{staff} {seen}").into_bytes(),
        label: format!("label {id}").into_bytes(),
        seen,
        at: at(i64::from(seen)),
    }
}

async fn save(store: &Store, draft: NewDraft) -> DraftSaved {
    store.save_draft(draft).await.unwrap()
}

/// Opens a draft and types into it.
async fn typed(store: &Store, id: &str, staff: &str, minute: i64) {
    for seen in [0, 1] {
        let new = NewDraft {
            at: at(minute),
            ..draft(id, staff, seen)
        };
        assert_eq!(save(store, new).await, DraftSaved::Saved(seen + 1));
    }
}

/// The drafts of the centre that are listed.
async fn listed(store: &Store, staff: Option<&str>, limit: u32) -> Vec<String> {
    let staff = staff.map(staff_id);
    let unit = unit_id("H56.112");
    let lines = store.drafts_of_unit(&unit, staff.as_ref(), limit).await;
    let lines = lines.unwrap();
    lines.into_iter().map(|line| line.id.to_string()).collect()
}

pub(crate) async fn a_draft_is_saved_over_the_version_seen(store: &Store) {
    assert_eq!(
        save(store, draft("d1", "an", 0)).await,
        DraftSaved::Saved(1)
    );
    assert_eq!(
        save(store, draft("d1", "an", 1)).await,
        DraftSaved::Saved(2)
    );
    let id = DraftId::parse("d1").unwrap();
    let whole = store.draft(&id).await.unwrap().unwrap();
    assert_eq!((whole.line.version, whole.line.updated_at), (2, at(1)));
    assert_eq!(whole.sealed, b"an 1");

    let DraftSaved::Stale(there) = save(store, draft("d1", "binh", 1)).await else {
        panic!("another version is there");
    };
    assert_eq!(*there, whole, "whose, when and what is reported");
    assert_eq!(
        store.draft(&id).await.unwrap(),
        Some(whole),
        "nothing was written"
    );
    let again = save(store, draft("d1", "binh", 0)).await;
    assert!(
        matches!(again, DraftSaved::Stale(_)),
        "a new draft never overwrites"
    );
}

pub(crate) async fn of_twenty_racing_saves_one_wins_and_nineteen_are_stale(store: &Store) {
    save(store, draft("d1", "an", 0)).await;
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.save_draft(draft("d1", "binh", 1)).await.unwrap() })
        })
        .collect();
    let (mut saved, mut stale) = (0, 0);
    for task in tasks {
        match task.await.unwrap() {
            DraftSaved::Saved(version) => {
                assert_eq!(version, 2);
                saved += 1;
            }
            DraftSaved::Stale(there) => {
                assert_eq!(there.line.version, 2);
                stale += 1;
            }
            DraftSaved::Gone => panic!("nobody removed it"),
        }
    }
    assert_eq!((saved, stale), (1, 19));
}

pub(crate) async fn a_removed_draft_is_gone(store: &Store) {
    save(store, draft("d1", "an", 0)).await;
    let id = DraftId::parse("d1").unwrap();
    assert!(store.remove_draft(id.clone()).await.unwrap());
    assert!(!store.remove_draft(id.clone()).await.unwrap());
    assert_eq!(store.draft(&id).await.unwrap(), None);
    assert_eq!(save(store, draft("d1", "an", 1)).await, DraftSaved::Gone);
}

pub(crate) async fn drafts_are_listed_by_centre(store: &Store) {
    for (id, staff, minute) in [("d1", "an", 1), ("d2", "an", 3), ("d3", "binh", 2)] {
        typed(store, id, staff, minute).await;
    }
    assert_eq!(listed(store, None, 9).await, ["d2", "d3", "d1"]);
    assert_eq!(listed(store, Some("an"), 9).await, ["d2", "d1"]);
    let here = unit_id("H56.112");
    let lines = store.drafts_of_unit(&here, None, 1).await.unwrap();
    assert_eq!(lines[0].label, b"label d2");
    let there = unit_id("H56.113");
    let elsewhere = store.drafts_of_unit(&there, None, 9).await;
    assert!(elsewhere.unwrap().is_empty());
}

/// At a busy centre every person called opens an intake: the held ones do not drown in them.
pub(crate) async fn empty_drafts_hide_none_into_which_something_was_typed(store: &Store) {
    typed(store, "held", "an", 0).await;
    for minute in 1..150 {
        let new = NewDraft {
            at: at(minute),
            ..draft(&format!("d{minute}"), "binh", 0)
        };
        save(store, new).await;
    }
    for staff in [None, Some("an")] {
        assert_eq!(listed(store, staff, 9).await, ["held"]);
    }
    assert!(listed(store, Some("binh"), 9).await.is_empty());
}

pub(crate) async fn the_newest_drafts_of_a_centre_are_listed(store: &Store) {
    for minute in 0..30 {
        typed(store, &format!("d{minute}"), "an", minute).await;
    }
    let unit = unit_id("H56.112");
    let newest = store.drafts_of_unit(&unit, None, 20).await.unwrap();
    let times: Vec<_> = newest.iter().map(|line| line.updated_at).collect();
    assert_eq!(times, (10..30).rev().map(at).collect::<Vec<_>>());
}

pub(crate) async fn drafts_that_nobody_came_back_to_are_forgotten(store: &Store) {
    for (id, minute) in [("old", 0), ("empty", 5), ("typed", 5), ("fresh", 20)] {
        let new = NewDraft {
            at: at(minute),
            ..draft(id, "an", 0)
        };
        save(store, new).await;
    }
    let again = NewDraft {
        at: at(5),
        ..draft("typed", "an", 1)
    };
    assert_eq!(save(store, again).await, DraftSaved::Saved(2));
    assert_eq!(store.purge_drafts(at(1), at(10)).await.unwrap(), 2);
    for (name, left) in [
        ("old", false),
        ("empty", false),
        ("typed", true),
        ("fresh", true),
    ] {
        let id = DraftId::parse(name).unwrap();
        assert_eq!(store.draft(&id).await.unwrap().is_some(), left, "{name}");
    }
}

fn act(dossier: &str, command: CommandKind, staff: &str) -> ActDraftKey {
    ActDraftKey {
        dossier: id(dossier),
        command,
        staff: staff_id(staff),
    }
}

fn words(text: &str, minute: i64) -> ActDraft {
    ActDraft {
        sealed: text.as_bytes().to_vec(),
        updated_at: at(minute),
    }
}

pub(crate) async fn words_for_an_act_are_a_person_s_own(store: &Store) {
    let version = receive(store, "d-1", "An").await.version;
    let thu = act("d-1", CommandKind::Decline, "thu");
    assert_eq!(store.act_draft(&thu).await.unwrap(), None);
    for draft in [words("Thiếu", 1), words("Thiếu bản chính", 2)] {
        let saved = store.save_act_draft(thu.clone(), version, draft);
        assert!(saved.await.unwrap());
    }
    let kept = store.act_draft(&thu).await.unwrap();
    assert_eq!(kept, Some(words("Thiếu bản chính", 2)), "the later holds");
    for other in [
        act("d-1", CommandKind::Decline, "an"),
        act("d-1", CommandKind::SendBack, "thu"),
        act("d-2", CommandKind::Decline, "thu"),
    ] {
        assert_eq!(store.act_draft(&other).await.unwrap(), None, "{other:?}");
    }
    assert!(store.remove_act_draft(thu.clone()).await.unwrap());
    assert!(!store.remove_act_draft(thu.clone()).await.unwrap());
    assert_eq!(store.act_draft(&thu).await.unwrap(), None);
}

pub(crate) async fn words_that_come_after_the_act_are_not_kept(store: &Store) {
    let version = receive(store, "d-1", "An").await.version;
    let thu = act("d-1", CommandKind::Decline, "thu");
    go_on(store, "d-1", vec![handed_over()]).await.unwrap();
    let late = store.save_act_draft(thu.clone(), version, words("x", 1));
    assert!(!late.await.unwrap());
    let nowhere = act("d-9", CommandKind::Decline, "thu");
    let lost = store.save_act_draft(nowhere, 1, words("x", 1));
    assert!(!lost.await.unwrap());
    let now = store.load(&id("d-1")).await.unwrap().version;
    let saved = store.save_act_draft(thu.clone(), now, words("y", 5));
    assert!(saved.await.unwrap());
    assert_eq!(store.purge_drafts(at(5), at(5)).await.unwrap(), 0);
    assert_eq!(store.purge_drafts(at(6), at(6)).await.unwrap(), 1);
    assert_eq!(store.act_draft(&thu).await.unwrap(), None);
}
