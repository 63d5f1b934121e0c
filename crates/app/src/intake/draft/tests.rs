use super::*;
use crate::intake::{AtCounter, Ending, receive};
use crate::people::testing::{audited, clerk, key, office, typed};

#[tokio::test]
async fn a_helper_sees_her_own_draft_until_it_is_handed_over_and_a_clerk_from_then_on() {
    let app = office().await;
    let clerk = clerk(&app, "Phường Hạc Thành");
    let unit = clerk.counter().unwrap().clone();
    let helps = |name: &str, role| Actor {
        staff: StaffId::parse(name).unwrap(),
        posts: vec![(clerk.counter().unwrap().clone(), role)],
        ..clerk.clone()
    };
    let volunteer = helps("volunteer", Role::Volunteer);
    let other = helps("other", Role::Volunteer);
    let agent = helps("agent", Role::PostAgent);
    let id = open_draft(&app, &volunteer).await.unwrap().id;
    let fields = typed(&[("name", "An"), ("helper", "clerk"), ("handed", "1")]);
    save_draft(&app, &volunteer, &id, fields).await.unwrap();
    for other in [&clerk, &other, &agent] {
        let no = load_draft(&app, other, &id).await.unwrap_err();
        assert!(matches!(no, No::Denied(Denied::Unseen)), "{no:?}");
        assert_eq!(drafts(&app, other, &unit).await.unwrap(), []);
    }
    assert_eq!(drafts(&app, &volunteer, &unit).await.unwrap().len(), 1);
    let no = hand_draft_over(&app, &agent, &id).await.unwrap_err();
    assert!(matches!(no, No::Denied(Denied::Seen)), "{no:?}");
    hand_draft_over(&app, &volunteer, &id).await.unwrap();
    let no = load_draft(&app, &volunteer, &id).await.unwrap_err();
    assert!(matches!(no, No::Denied(Denied::Unseen)), "{no:?}");
    assert_eq!(drafts(&app, &clerk, &unit).await.unwrap().len(), 1);
    let saved = save_draft(&app, &clerk, &id, typed(&[("name", "Bình")])).await;
    assert_eq!(saved.unwrap().helper(), Some(volunteer.staff.clone()));
    assert_eq!(
        load_draft(&app, &clerk, &id)
            .await
            .unwrap()
            .typed
            .get("name"),
        "Bình"
    );
}

#[tokio::test]
async fn a_list_names_twenty_drafts_and_only_opening_one_of_a_colleague_is_logged() {
    let app = office().await;
    let actor = clerk(&app, "Phường Hạc Thành");
    let unit = actor.counter().unwrap().clone();
    let listed = async |who: &Actor| drafts(&app, who, &unit).await.unwrap();
    open_draft(&app, &actor).await.unwrap();
    assert_eq!(listed(&actor).await, []);
    let mut last = None;
    for number in 0..=LISTED {
        let id = open_draft(&app, &actor).await.unwrap().id;
        let name = format!("Người {number}");
        save_draft(&app, &actor, &id, typed(&[("name", &name)]))
            .await
            .unwrap();
        last = Some(id);
    }
    open_draft(&app, &actor).await.unwrap();
    let colleague = Actor {
        staff: StaffId::parse("colleague").unwrap(),
        ..actor.clone()
    };
    let lines = listed(&colleague).await;
    assert_eq!(lines.len(), LISTED);
    assert!(lines.iter().all(|line| line.name.starts_with("Người ")));
    let id = last.unwrap();
    load_draft(&app, &actor, &id).await.unwrap();
    assert!(audited(&app, id.as_str()).await.is_empty());
    load_draft(&app, &colleague, &id).await.unwrap();
    let logged = app.store().audited(id.as_str()).await.unwrap();
    assert_eq!(logged.len(), 1);
    let line = &logged[0].line;
    assert_eq!(
        (line.actor.as_str(), line.action.as_str()),
        ("colleague", "draft.read")
    );
    assert_eq!(line.detail, "clerk", "whose it was");
}

#[tokio::test]
async fn a_late_save_by_the_page_loses_and_takes_no_card_away() {
    let app = office().await;
    let actor = clerk(&app, "Phường Hạc Thành");
    let id = open_draft(&app, &actor).await.unwrap().id;
    let save = |fields: &[(&str, &str)], seen, card| {
        let typed = typed(fields);
        save_draft(&app, &actor, &id, Saving { typed, seen, card })
    };
    let first = save(&[("name", "A")], Some(1), Scanned::Kept).await;
    assert_eq!(first.unwrap().version, 2);
    let again = save(&[("name", "A")], Some(1), Scanned::Kept).await;
    assert_eq!(again.unwrap().version, 2, "it is there already");
    let text = "038199000017||Nguyễn Thị An|31121999|Nữ|Thôn 1|01012022";
    let fields = [
        ("name", "Nguyễn Thị An"),
        ("source", "00:00"),
        ("card_text", "x"),
    ];
    let scanned = save(&fields, None, Scanned::Card(text.to_owned())).await;
    let scanned = scanned.unwrap();
    assert_eq!((scanned.card(), scanned.scanned()), (text, "08:00"));
    let late = save(&[("name", "A")], Some(2), Scanned::Kept).await;
    let Err(No::Stale(meanwhile)) = late else {
        panic!("{late:?}");
    };
    assert_eq!(meanwhile.by, "clerk");
    let next = save(&[("name", "An"), ("card_text", "")], Some(3), Scanned::Kept).await;
    assert_eq!(next.unwrap().card(), text, "no form says so");
    let now = load_draft(&app, &actor, &id).await.unwrap();
    assert_eq!((now.version, now.typed.get("name")), (4, "An"));
    let by_hand = save(&[("name", "An")], Some(4), Scanned::Forgotten).await;
    assert_eq!(by_hand.unwrap().card(), "");
}

#[tokio::test]
async fn who_works_at_two_counters_receives_at_each_and_a_stand_in_does_too() {
    let app = office().await;
    let first = clerk(&app, "Phường Hạc Thành");
    let second = clerk(&app, "Phường Nguyệt Viên");
    let (here, there) = (first.counter().unwrap(), second.counter().unwrap());
    let two = Actor {
        posts: [first.posts.clone(), second.posts.clone()].concat(),
        ..first.clone()
    };
    let stands_in = Actor {
        standing: vec![crate::access::StandIn {
            unit: there.clone(),
            role: Role::ReceptionClerk,
            whom: StaffId::parse("absent").unwrap(),
            name: String::new(),
            last: app.clock().now().date(),
            signing: false,
        }],
        ..first.clone()
    };
    for actor in [&two, &stands_in] {
        assert_eq!(actor.desks(), [here.clone(), there.clone()]);
        assert_eq!(open_draft(&app, actor).await.unwrap().unit, *here);
        let draft = open_draft_at(&app, actor, there).await.unwrap();
        let input = AtCounter {
            scans: Vec::new(),
            ending: Ending::Receive,
            typed: typed(&[
                ("name", "Nguyễn Thị An"),
                ("number", "038199000017"),
                ("procedure", "2.000815"),
                ("c1", "paper"),
                ("pages1", "1"),
            ]),
            draft: Some(draft.id),
            key: key(),
        };
        let code = receive(&app, actor, input).await.unwrap().code.unwrap();
        assert!(code.as_str().starts_with(there.as_str()), "{code}");
    }
    let no = open_draft_at(&app, &first, there).await.unwrap_err();
    assert!(matches!(no, No::Denied(Denied::Seen)), "{no:?}");
}
