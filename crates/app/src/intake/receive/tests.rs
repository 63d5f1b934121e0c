use super::*;
use crate::intake::{Saving, Scanned, load_draft, open_draft, person, save_draft};
use crate::no::Denied;
use crate::people::testing::{audited, clerk, faults, key, office, typed};
use crate::people::{opened, party};
use domain::ids::PartyId;
use domain::office::Role;
use domain::party::Sex;

#[tokio::test]
async fn a_draft_of_another_unit_is_not_filed_away() {
    let app = office().await;
    let theirs = clerk(&app, "Phường Nguyệt Viên");
    let draft = open_draft(&app, &theirs).await.unwrap().id;
    let mut input = AtCounter {
        scans: Vec::new(),
        ending: Ending::Receive,
        typed: typed(&COPIES),
        draft: Some(draft.clone()),
        key: key(),
    };
    let ours = clerk(&app, "Phường Hạc Thành");
    let no = receive(&app, &ours, input.clone()).await.unwrap_err();
    assert!(matches!(no, No::Denied(Denied::Unseen)), "{no:?}");
    assert!(load_draft(&app, &theirs, &draft).await.is_ok());
    let own = open_draft(&app, &ours).await.unwrap().id;
    input.draft = Some(own.clone());
    let filed = receive(&app, &ours, input.clone()).await.unwrap();
    assert!(load_draft(&app, &ours, &own).await.is_err());
    // The same form once more is answered, though its draft is gone.
    assert_eq!(receive(&app, &ours, input).await.unwrap(), filed);
}

/// Files certified copies with these fields laid over; gives the dossier and its applicant.
async fn file(app: &App, fields: &[(&str, &str)]) -> Result<(DossierId, PartyId), No> {
    let mut form = typed(&COPIES);
    for (name, value) in fields {
        form.set(name, *value);
    }
    let input = AtCounter {
        scans: Vec::new(),
        ending: Ending::Receive,
        typed: form,
        draft: None,
        key: key(),
    };
    let filed = receive(app, &clerk(app, "Phường Hạc Thành"), input).await?;
    let loaded = app.store().load(&filed.dossier).await?;
    let applicant = &loaded.dossier.record().unwrap().filed.applicant;
    Ok((filed.dossier, applicant.clone()))
}

#[tokio::test]
async fn what_a_form_leaves_empty_stays_as_it_was() {
    let app = office().await;
    let whole = [
        ("birth", "31/12/1999"),
        ("sex", "female"),
        ("address", "Thôn 1"),
        ("phone", "0912345678"),
        ("email", "an@noi.vn"),
    ];
    let (_, an) = file(&app, &whole).await.unwrap();
    let before = party(&app, &an).await.unwrap();
    let (_, again) = file(&app, &[("name", "Nguyễn Thị An")]).await.unwrap();
    assert_eq!(again, an);
    assert_eq!(party(&app, &an).await.unwrap(), before);
    assert!(audited(&app, an.as_str()).await.is_empty());
    let (dossier, _) = file(&app, &[("phone", "0987654321")]).await.unwrap();
    let after = party(&app, &an).await.unwrap();
    assert_eq!(after.phone.as_deref(), Some("0987654321"));
    assert_eq!(after.sex, Some(Sex::Female));
    assert_eq!((after.birth, after.address), (before.birth, before.address));
    let logged = app.store().audited(an.as_str()).await.unwrap();
    assert_eq!(logged[0].line.action, "party.changed");
    assert_eq!(logged[0].line.purpose, format!("dossier {dossier}"));
    assert_eq!(logged.len(), 1);
}

#[tokio::test]
async fn a_number_of_somebody_else_renames_nobody_unless_a_card_says_so() {
    let app = office().await;
    let (_, an) = file(&app, &[]).await.unwrap();
    let other = [("name", "Trần Văn Bình")];
    let no = file(&app, &other).await.unwrap_err();
    assert_eq!(faults(no), [("number", "fault.number_name")]);
    let owner = [
        ("number", "038199000018"),
        ("mandate", "authorised"),
        ("owner_name", "Trần Văn Bình"),
        ("owner_number", "038199000017"),
    ];
    let no = file(&app, &owner).await.unwrap_err();
    assert_eq!(faults(no), [("owner_number", "fault.number_name")]);
    assert_eq!(party(&app, &an).await.unwrap().name, "Nguyễn Thị An");
    assert_eq!(app.store().check().await.unwrap().dossiers, 1);
    let firm = [other[0], ("kind", "organisation")];
    assert_ne!(file(&app, &firm).await.unwrap().1, an);
    // Only the card itself says so, and only the program kept it.
    let said = [other[0], ("source", "10:40"), ("card_text", CARD)];
    let no = file(&app, &said).await.unwrap_err();
    assert_eq!(faults(no), [("number", "fault.number_name")]);
    let actor = clerk(&app, "Phường Hạc Thành");
    for (card, renamed) in [
        (CARD.replace("0017", "0018"), false),
        (CARD.replace("Bình", "An"), false),
        (CARD.to_owned(), true),
    ] {
        let draft = scanned(&app, &actor, &other, card).await;
        let ended = receive(&app, &actor, draft).await;
        assert_eq!(ended.is_ok(), renamed, "{ended:?}");
    }
    assert_eq!(party(&app, &an).await.unwrap().name, "Trần Văn Bình");
    assert_eq!(audited(&app, an.as_str()).await, ["party.changed"]);
}

const CARD: &str = "038199000017||Trần Văn Bình|31121999|Nam|Thôn 1|01012022";

/// An intake into whose draft a card was scanned.
async fn scanned(app: &App, actor: &Actor, fields: &[(&str, &str)], card: String) -> AtCounter {
    let draft = open_draft(app, actor).await.unwrap().id;
    let mut form = typed(&COPIES);
    for (name, value) in fields {
        form.set(name, *value);
    }
    let saving = Saving {
        typed: form.clone(),
        seen: None,
        card: Scanned::Card(card),
    };
    save_draft(app, actor, &draft, saving).await.unwrap();
    AtCounter {
        scans: Vec::new(),
        ending: Ending::Receive,
        typed: form,
        draft: Some(draft),
        key: key(),
    }
}

#[tokio::test]
async fn an_agent_of_the_post_corrects_nobody_s_record() {
    let app = office().await;
    let (_, an) = file(&app, &[("phone", "0912345678")]).await.unwrap();
    let before = party(&app, &an).await.unwrap();
    let clerk = clerk(&app, "Phường Hạc Thành");
    let agent = Actor {
        staff: StaffId::parse("agent").unwrap(),
        posts: vec![(clerk.counter().unwrap().clone(), Role::PostAgent)],
        ..clerk
    };
    let own = [
        ("phone", "0987654321"),
        ("email", "agent@post.vn"),
        ("address", "Bưu điện"),
    ];
    let renamed = [own[0], ("name", "Trần Văn Bình")];
    for fields in [&own[..], &renamed] {
        let fields = [fields, &[("procedure", "1.013313")]].concat();
        let input = scanned(&app, &agent, &fields, CARD.to_owned()).await;
        let input = AtCounter {
            scans: Vec::new(),
            ending: Ending::Submit,
            ..input
        };
        let filed = receive(&app, &agent, input).await.unwrap();
        let row = app.store().views().dossier_row(&filed.dossier).await;
        let row = row.unwrap().unwrap();
        assert_eq!(
            (row.owner.as_str(), row.owner_name),
            (an.as_str(), before.name.clone())
        );
    }
    assert_eq!(party(&app, &an).await.unwrap(), before);
    assert!(audited(&app, an.as_str()).await.is_empty());
}

#[tokio::test]
async fn copies_that_nobody_counted_are_not_received() {
    let app = office().await;
    let no = file(&app, &[("pages1", "")]).await.unwrap_err();
    assert_eq!(faults(no), [("pages1", "fault.pages_missing")]);
    file(&app, &[("pages1", ""), ("copies1", "2")])
        .await
        .unwrap();
}

/// Both counters looked at the record before either wrote: neither undoes the other.
#[tokio::test]
async fn two_receptions_of_one_person_undo_nothing() {
    let app = office().await;
    let (_, an) = file(&app, &[]).await.unwrap();
    let (phone, mail) = tokio::join!(
        file(&app, &[("phone", "0912345678")]),
        file(&app, &[("email", "an@noi.vn")]),
    );
    assert_eq!(
        (phone.unwrap().1, mail.unwrap().1),
        (an.clone(), an.clone())
    );
    let after = party(&app, &an).await.unwrap();
    assert_eq!(after.phone.as_deref(), Some("0912345678"));
    assert_eq!(after.email.as_deref(), Some("an@noi.vn"));
}

#[tokio::test]
async fn a_collector_of_a_known_number_keeps_her_record_and_its_change_is_logged() {
    let app = office().await;
    let (_, an) = file(&app, &[("phone", "0912345678")]).await.unwrap();
    let before = party(&app, &an).await.unwrap();
    let now = app.clock().now();
    let mut collector = before.clone();
    collector.phone = None;
    let same = person(&app, &collector, "", now).await.unwrap();
    assert_eq!((same.row.id.clone(), same.changed()), (an.clone(), None));
    assert_eq!(same.written().count(), 0);
    collector.email = Some("an@noi.vn".to_owned());
    let changed = person(&app, &collector, "", now).await.unwrap();
    assert_eq!(changed.changed(), Some(an.clone()));
    let row = changed.written().next().unwrap();
    let after = opened(app.keys(), row).unwrap();
    assert_eq!(after.phone, before.phone);
    collector.name = "Trần Văn Bình".to_owned();
    let card = "038199000017||Trần Văn Bình|31121999|Nam|Thôn 1|01012022";
    for other in [
        "",
        &card.replace("0017", "0018"),
        &card.replace("Bình", "An"),
    ] {
        let no = person(&app, &collector, other, now).await.err().unwrap();
        assert_eq!(faults(no), [("collector_number", "fault.number_name")]);
    }
    let renamed = person(&app, &collector, card, now).await.unwrap();
    assert_eq!(renamed.changed(), Some(an));
}

const COPIES: [(&str, &str); 5] = [
    ("name", "Nguyễn Thị An"),
    ("number", "038199000017"),
    ("procedure", "2.000815"),
    ("c1", "paper"),
    ("pages1", "1"),
];
