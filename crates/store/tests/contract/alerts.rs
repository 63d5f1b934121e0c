//! Looks at open work, the alerts that they leave, and the digests that tell of them.

use domain::deadline::Limit;
use domain::delegation::Delegation;
use domain::dossier::{Admitted, Escalation, Event, Noticed, Resumed, Warning, Watch};
use domain::ids::{DelegationId, TextId};
use domain::office::Role;
use jiff::civil::DateTime;
use store::views::{Filter, Scope};
use store::{
    AlertFilter, AlertRow, AlertScope, Attempt, DeliveryState, DueLook, Look, NewAlert,
    NewDelegation, NewDigest, Store,
};

use crate::samples::{audit, office, post, staff_id, unit_id};
use crate::world::{
    CENTRE, DECIDES, after, asked, assigned, go_on, handed_over, id, noon, publish, receive, staff,
    unit,
};

async fn due(store: &Store, now: DateTime) -> Vec<DueLook> {
    store.due_looks(now, 50).await.unwrap()
}

fn look(due: &DueLook, next: Option<DateTime>, alerts: Vec<NewAlert>) -> Look {
    Look {
        due: due.clone(),
        next,
        running: vec![(Watch::Step, noon()), (Watch::Dossier, noon())],
        step: Some(1),
        unit: unit(DECIDES),
        receiving: unit(CENTRE),
        alerts,
    }
}

fn reached(watch: Watch, warning: Warning, most: Escalation) -> NewAlert {
    let levels = Escalation::LINE.into_iter().filter(|one| *one <= most);
    NewAlert {
        watch,
        began: noon(),
        levels: levels.collect(),
        warning,
    }
}

async fn list(store: &Store, scope: AlertScope) -> Vec<AlertRow> {
    let filter = AlertFilter {
        scope,
        after: None,
        limit: 50,
    };
    store.views().alerts(&filter).await.unwrap()
}

/// The holder's, of work at the agency that decides.
fn held() -> AlertScope {
    AlertScope::Mine {
        unit: unit(DECIDES),
        roles: vec![Role::CaseOfficer],
        staff: vec![staff("officer")],
    }
}

fn headed(roles: &[Role]) -> AlertScope {
    AlertScope::Headed {
        unit: unit(DECIDES),
        roles: roles.to_vec(),
    }
}

async fn told(store: &Store, scope: AlertScope) -> Vec<(String, Watch, Warning, Escalation)> {
    let rows = list(store, scope).await;
    let told = |row: AlertRow| {
        let (watch, warning, level) = (row.watch(), row.warning(), row.level());
        (row.dossier, watch, warning, level)
    };
    rows.into_iter().map(told).collect()
}

pub(crate) async fn work_is_looked_at_after_each_move_and_when_its_time_comes(store: &Store) {
    publish(store).await;
    receive(store, "a", "An").await;
    go_on(store, "a", vec![handed_over()]).await.unwrap();
    let first = due(store, noon()).await;
    assert_eq!(first.len(), 1);
    let later = look(&first[0], Some(after(5)), Vec::new());
    store
        .record_looks(vec![later.clone()], noon())
        .await
        .unwrap();
    assert_eq!(due(store, after(4)).await, Vec::new());
    assert_eq!(due(store, after(5)).await.len(), 1);
    go_on(store, "a", vec![assigned("officer")]).await.unwrap();
    let second = due(store, noon()).await;
    assert_eq!(second.len(), 1);
    assert_ne!(second, first);
    // A look at the version before comes too late: the one that is due stays due.
    store.record_looks(vec![later], noon()).await.unwrap();
    assert_eq!(due(store, noon()).await, second);
    // The applicant's time to answer is looked at, too; the time to pay is not.
    go_on(store, "a", vec![asked()]).await.unwrap();
    assert_eq!(due(store, noon()).await.len(), 1);
    receive(store, "b", "An").await;
    let owed = Event::ObligationNoticed(Noticed {
        at: noon(),
        notice: TextId::parse("t-1").unwrap(),
        amount: None,
        pay_by: None,
        document: None,
    });
    go_on(store, "b", vec![handed_over(), owed]).await.unwrap();
    assert_eq!(due(store, after(9_999)).await.len(), 1);
}

pub(crate) async fn another_basis_has_all_running_work_looked_at_anew(store: &Store) {
    publish(store).await;
    assert!(store.look_anew("2026").await.unwrap());
    receive(store, "a", "An").await;
    receive(store, "b", "Bình").await;
    let found = due(store, noon()).await;
    let looks = found
        .iter()
        .map(|due| look(due, Some(after(9)), Vec::new()));
    store.record_looks(looks.collect(), noon()).await.unwrap();
    assert!(!store.look_anew("2026").await.unwrap());
    assert_eq!(due(store, noon()).await, Vec::new());
    assert!(store.look_anew("2027").await.unwrap());
    assert_eq!(due(store, noon()).await.len(), 2);
}

pub(crate) async fn a_threshold_is_reached_once_and_a_higher_one_takes_its_place(store: &Store) {
    publish(store).await;
    receive(store, "a", "An").await;
    go_on(store, "a", vec![handed_over()]).await.unwrap();
    let write = async |warning, level| {
        let mark = due(store, after(50)).await.remove(0);
        let alerts = vec![reached(Watch::Step, warning, level)];
        let look = look(&mark, Some(after(1)), alerts);
        store.record_looks(vec![look], after(1)).await.unwrap()
    };
    assert_eq!(write(Warning::First, Escalation::Holder).await, 1);
    assert_eq!(write(Warning::First, Escalation::Holder).await, 0);
    let found = |warning, level| vec![("a".to_owned(), Watch::Step, warning, level)];
    assert_eq!(
        told(store, held()).await,
        found(Warning::First, Escalation::Holder)
    );
    assert_eq!(write(Warning::Overdue, Escalation::Centre).await, 3);
    let overdue = found(Warning::Overdue, Escalation::Centre);
    assert_eq!(told(store, held()).await, overdue);
    let received = AlertScope::Received(unit(CENTRE));
    assert_eq!(told(store, received).await, overdue, "received there");
    assert_eq!(store.views().alert_counts().await.unwrap(), Vec::new());
    assert_eq!(write(Warning::Overdue, Escalation::Province).await, 1);
    let counts = store.views().alert_counts().await.unwrap();
    assert_eq!((counts[0].steps, counts[0].dossiers), (1, 0));
    let marks = store.views().alert_marks(&["a", "z"]).await.unwrap();
    assert_eq!(marks, vec![(id("a"), Warning::Overdue)]);
}

pub(crate) async fn alerts_end_with_their_clock_and_are_not_reached_again(store: &Store) {
    publish(store).await;
    receive(store, "a", "An").await;
    go_on(store, "a", vec![handed_over()]).await.unwrap();
    let both = || {
        vec![
            reached(Watch::Step, Warning::Second, Escalation::Leader),
            reached(Watch::Dossier, Warning::First, Escalation::Holder),
        ]
    };
    let mark = due(store, noon()).await.remove(0);
    let written = store.record_looks(vec![look(&mark, None, both())], noon());
    assert_eq!(written.await.unwrap(), 3);
    assert_eq!(told(store, held()).await.len(), 2);
    // While the applicant is waited for, nobody is warned.
    go_on(store, "a", vec![asked()]).await.unwrap();
    assert_eq!(told(store, held()).await, Vec::new());
    assert_eq!(store.clear_ended_alerts(after(1)).await.unwrap(), 3);
    assert_eq!(store.clear_ended_alerts(after(1)).await.unwrap(), 0);
    let supplied = Event::Supplied {
        at: noon(),
        handed: Vec::new(),
        promised: Resumed::nothing("2026".to_owned()),
        step_due: None,
        answer_by: None,
    };
    go_on(store, "a", vec![supplied]).await.unwrap();
    let mark = due(store, noon()).await.remove(0);
    let written = store.record_looks(vec![look(&mark, None, both())], noon());
    assert_eq!(written.await.unwrap(), 0, "reached before");
    assert_eq!(told(store, held()).await.len(), 2);
    // The step ended, the dossier's time runs on.
    go_on(store, "a", vec![assigned("officer")]).await.unwrap();
    let mark = due(store, noon()).await.remove(0);
    let mut next = look(&mark, None, Vec::new());
    next.running = vec![(Watch::Step, after(1)), (Watch::Dossier, noon())];
    store.record_looks(vec![next], noon()).await.unwrap();
    let left = told(store, held()).await;
    assert_eq!(
        left,
        vec![(
            "a".to_owned(),
            Watch::Dossier,
            Warning::First,
            Escalation::Holder
        )]
    );
}

pub(crate) async fn alerts_are_the_holder_s_or_the_role_s_own(store: &Store) {
    publish(store).await;
    for (name, holder) in [("a", Some("lan")), ("b", None), ("c", Some("hoa"))] {
        receive(store, name, "An").await;
        let mut events = vec![handed_over()];
        events.extend(holder.map(assigned));
        go_on(store, name, events).await.unwrap();
    }
    let looks = due(store, noon()).await;
    let looks = looks.iter().map(|due| {
        let alert = reached(Watch::Step, Warning::First, Escalation::Holder);
        look(due, None, vec![alert])
    });
    store.record_looks(looks.collect(), noon()).await.unwrap();
    let mine = |roles: &[Role], people: &[&str]| AlertScope::Mine {
        unit: unit(DECIDES),
        roles: roles.to_vec(),
        staff: people.iter().map(|name| staff(name)).collect(),
    };
    let names = async |scope| {
        let rows = list(store, scope).await;
        rows.into_iter().map(|row| row.dossier).collect::<String>()
    };
    assert_eq!(names(mine(&[Role::CaseOfficer], &["lan"])).await, "ab");
    assert_eq!(names(mine(&[Role::SealClerk], &["lan"])).await, "a");
    assert_eq!(
        names(mine(&[Role::CaseOfficer], &["an", "hoa"])).await,
        "bc"
    );
    let mut filter = AlertFilter {
        scope: mine(&[Role::CaseOfficer], &["lan", "hoa"]),
        after: None,
        limit: 2,
    };
    let page = store.views().alerts(&filter).await.unwrap();
    filter.after = page.last().map(AlertRow::key);
    let rest = store.views().alerts(&filter).await.unwrap();
    let all: String = page
        .into_iter()
        .chain(rest)
        .map(|row| row.dossier)
        .collect();
    assert_eq!(all, "abc");
}

pub(crate) async fn each_post_of_the_line_is_told_what_has_reached_it(store: &Store) {
    publish(store).await;
    let reach = [
        ("a", Escalation::Holder),
        ("b", Escalation::Leader),
        ("c", Escalation::Centre),
        ("d", Escalation::Province),
    ];
    for (name, _) in reach {
        receive(store, name, "An").await;
        go_on(store, name, vec![handed_over()]).await.unwrap();
    }
    let looks = due(store, noon()).await.into_iter().map(|due| {
        let found = reach.iter().find(|(name, _)| id(name) == due.dossier);
        let alert = reached(Watch::Dossier, Warning::Overdue, found.unwrap().1);
        look(&due, None, vec![alert])
    });
    store.record_looks(looks.collect(), noon()).await.unwrap();
    let names = async |scope| {
        let rows = list(store, scope).await;
        rows.into_iter().map(|row| row.dossier).collect::<String>()
    };
    assert_eq!(names(held()).await, "abcd");
    assert_eq!(names(headed(&[])).await, "bcd");
    assert_eq!(names(headed(&[Role::CaseOfficer])).await, "bcd");
    assert_eq!(names(headed(&[Role::ReceptionClerk])).await, "");
    assert_eq!(names(AlertScope::Received(unit(CENTRE))).await, "cd");
    assert_eq!(names(AlertScope::Received(unit(DECIDES))).await, "");
    let counts = store.views().alert_counts().await.unwrap();
    assert_eq!((counts.len(), counts[0].dossiers), (1, 1), "d alone");
}

pub(crate) async fn the_published_and_the_legal_time_are_told_apart(store: &Store) {
    publish(store).await;
    receive(store, "a", "An").await;
    let legal = store.load(&id("a")).await.unwrap().dossier;
    let legal = legal.record().unwrap().due.unwrap();
    let published = legal.checked_sub(jiff::ToSpan::days(1)).unwrap();
    let hastened = Event::LaneAdmitted(Admitted {
        at: noon(),
        lane: "xanh".to_owned(),
        ground: TextId::parse("ground").unwrap(),
        project: None,
        limit: Limit::working_days(1),
        due: published,
        by: staff("leader"),
        behalf: None,
    });
    go_on(store, "a", vec![hastened, handed_over()])
        .await
        .unwrap();
    let work = Filter::new(Scope::Unit(unit(DECIDES)));
    let work = store.views().work(&work).await.unwrap();
    assert_eq!(work[0].due(), Some(published), "lists sort by it");
    let row = store.views().dossier_row(&id("a")).await.unwrap().unwrap();
    let millis = |at: Option<i64>| at.map(|at| at % 86_400_000);
    assert_ne!(row.due_at, row.legal_due_at);
    assert_eq!(millis(row.due_at), millis(row.legal_due_at), "a day apart");
    let mark = due(store, noon()).await.remove(0);
    let both = [Watch::Dossier, Watch::Legal];
    let alerts = both.map(|watch| reached(watch, Warning::First, Escalation::Holder));
    let mut look = look(&mark, None, alerts.to_vec());
    look.running.push((Watch::Legal, noon()));
    store.record_looks(vec![look], noon()).await.unwrap();
    let rows = list(store, held()).await;
    let due = |row: &AlertRow| (row.watch(), row.due());
    let found: Vec<_> = rows.iter().map(due).collect();
    let expected = [
        (Watch::Dossier, Some(published)),
        (Watch::Legal, Some(legal)),
    ];
    assert_eq!(found, expected);
    assert!(store.check().await.unwrap().is_clean());
}

fn digest(name: &str, code: &str) -> NewDigest {
    NewDigest {
        staff: staff_id(name),
        code: code.to_owned(),
        subject: "Cảnh báo".to_owned(),
        body: "2".to_owned(),
    }
}

pub(crate) async fn the_digests_of_an_hour_are_made_once_and_sent(store: &Store) {
    office(store).await;
    assert!(!store.has_digests(noon()).await.unwrap());
    let racers = (0..6).map(|n| {
        let store = store.clone();
        tokio::spawn(async move {
            let both = vec![
                digest("an", &format!("{n}-1")),
                digest("chi", &format!("{n}-2")),
            ];
            store.add_digests(noon(), both, noon()).await.unwrap()
        })
    });
    let mut won = 0;
    for racer in racers.collect::<Vec<_>>() {
        won += u32::from(racer.await.unwrap());
    }
    assert_eq!(won, 1);
    assert!(store.has_digests(noon()).await.unwrap());
    let claimed = store.claim_digests(noon(), 60_000, 10).await.unwrap();
    assert_eq!(claimed.len(), 2);
    let none = store.claim_digests(noon(), 60_000, 10).await.unwrap();
    assert_eq!(none, Vec::new());
    let ended = |state, next_try| Attempt {
        state,
        next_try,
        reason: String::new(),
        provider: "1".to_owned(),
    };
    let (first, second) = (&claimed[0], &claimed[1]);
    let sent = ended(DeliveryState::Sent, None);
    store.record_digest(first, sent, noon()).await.unwrap();
    let failed = ended(DeliveryState::Failed, Some(after(1)));
    store.record_digest(second, failed, noon()).await.unwrap();
    assert_eq!(
        store.claim_digests(noon(), 60_000, 10).await.unwrap(),
        Vec::new()
    );
    let again = store.claim_digests(after(1), 60_000, 10).await.unwrap();
    assert_eq!(again.len(), 1);
    assert_eq!((again[0].attempts, &again[0].code), (2, &second.code));
    // An attempt that was claimed before comes too late.
    let late = ended(DeliveryState::Refused, None);
    store.record_digest(second, late, after(1)).await.unwrap();
    let states = store.digests_of(noon()).await.unwrap();
    let states: Vec<_> = states.iter().filter_map(store::Digest::state).collect();
    assert_eq!(states, [DeliveryState::Sent, DeliveryState::Sending]);
}

pub(crate) async fn staff_with_an_address_are_found_with_their_posts(store: &Store) {
    office(store).await;
    assert_eq!(store.addressed(noon().date()).await.unwrap(), Vec::new());
    let email = Some("an@hacthanh.gov.vn".to_owned());
    let line = || (noon(), audit("staff.email"));
    store
        .save_staff_email(&staff_id("an"), email.clone(), line())
        .await
        .unwrap();
    assert_eq!(store.staff_email("an").await.unwrap(), email);
    assert_eq!(store.staff_email("chi").await.unwrap(), None);
    assert_eq!(
        store.addressed(noon().date()).await.unwrap(),
        Vec::new(),
        "no post"
    );
    store
        .save_staff_email(&staff_id("an"), None, line())
        .await
        .unwrap();
    assert_eq!(store.staff_email("an").await.unwrap(), None);
}

pub(crate) async fn digests_go_to_who_stands_in_and_not_to_who_is_away(store: &Store) {
    office(store).await;
    for (who, role) in [("binh", Role::Leader), ("an", Role::CentreDirector)] {
        let email = Some(format!("{who}@hacthanh.gov.vn"));
        let line = (noon(), audit("staff.email"));
        let saved = store.save_staff_email(&staff_id(who), email, line).await;
        saved.unwrap();
        let post = post(who, "H56.112", role);
        let given = store.give_post(post, noon(), audit("post.given"));
        given.await.unwrap();
    }
    let day = noon().date();
    let addressed = async |day| {
        let found = store.addressed(day).await.unwrap();
        let named = |one: store::Addressed| {
            let whom = one.standing.into_iter().map(|held| held.from_name);
            (one.staff.to_string(), whom.collect::<Vec<_>>())
        };
        found.into_iter().map(named).collect::<Vec<_>>()
    };
    let alone = |who: &str| (who.to_owned(), Vec::new());
    assert_eq!(addressed(day).await, [alone("an"), alone("binh")]);
    let delegation = Delegation {
        from: staff_id("binh"),
        to: Some(staff_id("an")),
        unit: unit_id("H56.112"),
        role: Role::Leader,
        first: day,
        last: day,
        signing: false,
    };
    let new = NewDelegation {
        id: DelegationId::parse("d1").unwrap(),
        delegation,
        by: staff_id("binh"),
        at: noon(),
    };
    let any = Box::new(|_: &[Delegation]| Ok(()));
    let given = store.give_delegation(new, any, vec![audit("delegation.given")]);
    given.await.unwrap();
    let an = ("an".to_owned(), vec!["Đỗ Văn Bình".to_owned()]);
    assert_eq!(addressed(day).await, [an]);
    let next = day.tomorrow().unwrap();
    assert_eq!(addressed(next).await, [alone("an"), alone("binh")]);
}
