//! Looks at open work, the alerts that they leave, and the digests that tell of them.

use domain::dossier::{Escalation, Event, Warning, Watch};
use domain::office::Role;
use jiff::civil::DateTime;
use store::{
    AlertFilter, AlertRow, AlertScope, Attempt, DeliveryState, DueLook, Look, NewAlert, NewDigest,
    Store,
};

use crate::samples::{audit, office, staff_id};
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

async fn of_unit(store: &Store, name: &str) -> Vec<(String, Watch, Warning, Escalation)> {
    let rows = list(store, AlertScope::Unit(unit(name))).await;
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
    // Who waits for the applicant is not looked at.
    go_on(store, "a", vec![asked()]).await.unwrap();
    assert_eq!(due(store, after(9_999)).await, Vec::new());
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
    let told = |warning, level| vec![("a".to_owned(), Watch::Step, warning, level)];
    assert_eq!(
        of_unit(store, DECIDES).await,
        told(Warning::First, Escalation::Holder)
    );
    assert_eq!(write(Warning::Overdue, Escalation::Centre).await, 3);
    assert_eq!(
        of_unit(store, DECIDES).await,
        told(Warning::Overdue, Escalation::Centre)
    );
    assert_eq!(of_unit(store, CENTRE).await.len(), 1, "received there");
    assert_eq!(write(Warning::Overdue, Escalation::Province).await, 1);
    let counts = store.views().alert_counts().await.unwrap();
    assert_eq!(
        (counts[0].overdue, counts[0].province, counts[0].first),
        (1, 1, 0)
    );
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
    assert_eq!(of_unit(store, DECIDES).await.len(), 2);
    // While the applicant is waited for, nobody is warned.
    go_on(store, "a", vec![asked()]).await.unwrap();
    assert_eq!(of_unit(store, DECIDES).await, Vec::new());
    assert_eq!(store.clear_ended_alerts(after(1)).await.unwrap(), 3);
    assert_eq!(store.clear_ended_alerts(after(1)).await.unwrap(), 0);
    let supplied = Event::Supplied {
        at: noon(),
        handed: Vec::new(),
        due: None,
        calendar: "2026".to_owned(),
        step_due: None,
        lane_due: None,
    };
    go_on(store, "a", vec![supplied]).await.unwrap();
    let mark = due(store, noon()).await.remove(0);
    let written = store.record_looks(vec![look(&mark, None, both())], noon());
    assert_eq!(written.await.unwrap(), 0, "reached before");
    assert_eq!(of_unit(store, DECIDES).await.len(), 2);
    // The step ended, the dossier's time runs on.
    go_on(store, "a", vec![assigned("officer")]).await.unwrap();
    let mark = due(store, noon()).await.remove(0);
    let mut next = look(&mark, None, Vec::new());
    next.running = vec![(Watch::Step, after(1)), (Watch::Dossier, noon())];
    store.record_looks(vec![next], noon()).await.unwrap();
    let left = of_unit(store, DECIDES).await;
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
        scope: AlertScope::Unit(unit(DECIDES)),
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
