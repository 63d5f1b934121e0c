//! The store of documents of one owner: page by page, by kind and validity, and who looked into it.

use domain::dossier::Event;
use domain::ids::ProcedureCode;
use domain::procedure::Validity;
use futures_util::future::join_all;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use store::faults::spoil;
use store::views::{Asked, KindOf, ResultRow, Standing};
use store::{Noted, StaffMember, Store, StoreLook};

use crate::world::{
    after, file, go_on, id, line, made, noon, party, publish, receive, settled, staff, to_settled,
};

const TODAY: Date = date(2026, 11, 22);

/// The same settlement under another number, valid so long.
fn issued(number: &str, validity: Option<Validity>) -> Vec<Event> {
    let mut events = to_settled();
    let mut last = settled();
    if let Event::Settled { issued, .. } = &mut last {
        number.clone_into(&mut issued.number);
        issued.validity = validity;
    }
    events.pop();
    events.push(last);
    events.push(made());
    events
}

async fn has(store: &Store, name: &str, validity: Option<Validity>) {
    receive(store, name, "An").await;
    let number = format!("{name}/GCN");
    go_on(store, name, issued(&number, validity)).await.unwrap();
}

fn names(rows: Vec<ResultRow>) -> Vec<String> {
    rows.into_iter().map(|row| row.dossier).collect()
}

fn kind(version: u32) -> KindOf {
    KindOf {
        procedure: ProcedureCode::parse("2.000815").unwrap(),
        version,
    }
}

pub(crate) async fn the_documents_of_an_owner_come_page_by_page(store: &Store) {
    publish(store).await;
    for name in ["d-1", "d-2", "d-3"] {
        has(store, name, None).await;
    }
    let owner = party("An").id;
    let (mut seen, mut key) = (Vec::new(), None);
    loop {
        let views = store.views();
        let page = views.documents_of(&owner, key.as_ref(), 2);
        let page = page.await.unwrap();
        let Some(last) = page.last() else { break };
        key = Some(last.key());
        seen.push(names(page));
    }
    assert_eq!(seen, [vec!["d-3", "d-2"], vec!["d-1"]]);
}

pub(crate) async fn a_document_says_its_file_and_how_long_it_is_valid(store: &Store) {
    publish(store).await;
    let until = Validity::Until(date(2027, 5, 22));
    for (name, validity) in [
        ("d-1", None),
        ("d-2", Some(Validity::Unlimited)),
        ("d-3", Some(until)),
    ] {
        has(store, name, validity).await;
        let row = store.views().result_row(&id(name)).await.unwrap().unwrap();
        assert_eq!(row.validity().unwrap(), validity, "{name}");
        assert_eq!(row.file().unwrap(), Some(file().hash));
    }
    receive(store, "d-4", "An").await;
    go_on(store, "d-4", to_settled()).await.unwrap();
    let row = store.views().result_row(&id("d-4")).await.unwrap().unwrap();
    assert_eq!(row.standing(), Standing::Unsealed);
    assert_eq!(row.file().unwrap(), None, "no file before its seal");
    assert_eq!(store.check().await.unwrap().differences, []);
    for harm in [
        "UPDATE result_document SET valid_until = '2030-01-01' WHERE dossier = 'd-3'",
        "UPDATE result_document SET official_file = NULL WHERE dossier = 'd-1'",
    ] {
        spoil(store, harm).await.unwrap();
        let found = store.check().await.unwrap().differences;
        assert_eq!(found.len(), 1, "{harm}");
        store.rebuild_views().await.unwrap();
        assert_eq!(store.check().await.unwrap().differences, []);
    }
}

pub(crate) async fn what_stands_in_is_found_by_kind_and_only_while_it_is_valid(store: &Store) {
    publish(store).await;
    let until = |day| Some(Validity::Until(day));
    has(store, "d-1", until(date(2026, 11, 21))).await;
    has(store, "d-2", until(TODAY)).await;
    has(store, "d-3", Some(Validity::Unlimited)).await;
    has(store, "d-4", None).await;
    let (owner, views) = (party("An").id, store.views());
    let kinds = views.kinds_of(&owner).await.unwrap();
    assert_eq!(kinds, [kind(1)]);
    // What bears no seal is no document, neither of a kind before nor of one after.
    for name in ["d-8", "d-9"] {
        receive(store, name, "An").await;
        go_on(store, name, to_settled()).await.unwrap();
    }
    for sql in [
        "UPDATE result_document SET procedure_code = '1.000815' WHERE dossier = 'd-8'",
        "UPDATE result_document SET procedure_code = '3.000815' WHERE dossier = 'd-9'",
    ] {
        spoil(store, sql).await.unwrap();
    }
    assert_eq!(views.kinds_of(&owner).await.unwrap(), kinds);
    let sealed = "UPDATE result_document SET state = 'valid' WHERE dossier IN ('d-8', 'd-9')";
    spoil(store, sealed).await.unwrap();
    let more = views.kinds_of(&owner).await.unwrap();
    let codes: Vec<&str> = more.iter().map(|one| one.procedure.as_str()).collect();
    assert_eq!(codes, ["1.000815", "2.000815", "3.000815"]);
    let nobody = party("Bình").id;
    assert_eq!(views.kinds_of(&nobody).await.unwrap(), []);
    let asked = |number| Asked {
        owner: &owner,
        kind: &kinds[0],
        today: TODAY,
        number,
    };
    let valid = async |number, most| {
        let found = views.valid_documents(asked(number), most).await;
        names(found.unwrap())
    };
    assert_eq!(valid("", 9).await, ["d-4", "d-3", "d-2"]);
    assert_eq!(valid("", 2).await, ["d-4", "d-3"]);
    assert_eq!(valid("d-2/GCN", 9).await, ["d-2"]);
    assert_eq!(valid("d-1/GCN", 9).await, [""; 0], "expired");
    let expired = views.expired_document(asked("")).await.unwrap();
    assert_eq!(expired.map(|row| row.dossier).as_deref(), Some("d-1"));
    let other = Asked {
        kind: &kind(2),
        ..asked("")
    };
    assert_eq!(views.valid_documents(other, 9).await.unwrap(), []);
}

pub(crate) async fn a_look_is_noted_and_logged_once_for_its_intake(store: &Store) {
    let look = |intake: &str, owner: &str, hours| StoreLook {
        intake: intake.to_owned(),
        owner: party(owner).id,
        staff: staff("clerk"),
        at: after(hours),
    };
    let note = async |look: StoreLook| {
        let line = line("clerk", look.owner.as_str());
        let within = (noon().saturating_sub(1.hour()), 9);
        let noted = store.note_look(look, within, line).await.unwrap();
        assert_ne!(noted, Noted::TooMany);
        noted == Noted::New
    };
    assert!(!store.look_noted(&look("w-1", "An", 0)).await.unwrap());
    assert!(note(look("w-1", "An", 0)).await);
    assert!(!note(look("w-1", "An", 1)).await, "the same intake");
    assert!(store.look_noted(&look("w-1", "An", 2)).await.unwrap());
    assert!(note(look("w-2", "An", 1)).await, "another intake");
    assert!(note(look("w-1", "Bình", 1)).await, "another person");
    let logged = store.audited(party("An").id.as_str()).await.unwrap();
    assert_eq!(logged.len(), 2);
    let clerk = staff("clerk");
    let since = |hours| store.looks(&clerk, after(hours));
    assert_eq!(since(-1).await.unwrap(), 3);
    assert_eq!(since(0).await.unwrap(), 2);
    assert_eq!(store.looks(&staff("other"), noon()).await.unwrap(), 0);
    let late = StoreLook {
        at: after(0).saturating_add(31.days()),
        ..look("w-1", "An", 0)
    };
    assert!(note(late).await, "a month later it is another look");
    looks_at_once_are_counted(store).await;
}

/// Whoever sends many requests at once sees no more stores by that.
async fn looks_at_once_are_counted(store: &Store) {
    let who = StaffMember {
        id: staff("hasty"),
        name: "Lê Vội".to_owned(),
    };
    store.save_staff(who).await.unwrap();
    let looks = (0..12).map(|n| {
        let store = store.clone();
        tokio::spawn(async move {
            let look = StoreLook {
                intake: format!("w-{n}"),
                owner: party("An").id,
                staff: staff("hasty"),
                at: noon(),
            };
            let within = (noon().saturating_sub(1.hour()), 3);
            store.note_look(look, within, line("hasty", "p")).await
        })
    });
    let noted = join_all(looks).await.into_iter();
    let noted: Vec<Noted> = noted.map(|one| one.unwrap().unwrap()).collect();
    let new = noted.iter().filter(|one| **one == Noted::New).count();
    assert_eq!(new, 3, "{noted:?}");
    let since = noon().saturating_sub(1.hour());
    assert_eq!(store.looks(&staff("hasty"), since).await.unwrap(), 3);
}
