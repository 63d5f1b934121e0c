//! Words of notices, and their deliveries.

use domain::ids::{DossierId, PartyId};
use domain::notice::{Channel, Kind, Template};
use store::{Attempt, DeliveryFilter, DeliveryState, NewDelivery, SavedTemplate, Store};

use crate::samples::{at, audit, staff_id, unit_id};

fn saved(version: u32, body: &str) -> SavedTemplate {
    SavedTemplate {
        template: Template {
            kind: Kind::Received,
            channel: Channel::Mail,
            subject: "Hồ sơ {ma_ho_so}".to_owned(),
            body: body.to_owned(),
        },
        language: "vi".to_owned(),
        version,
        staff: staff_id("quantri"),
        saved_at: at(0),
    }
}

pub(crate) async fn a_template_has_versions_and_one_editor_wins(store: &Store) {
    assert!(store.templates().await.unwrap().is_empty());
    let line = || audit("notice.template_saved");
    assert!(store.save_template(saved(0, "một"), line()).await.unwrap());
    assert!(store.save_template(saved(1, "hai"), line()).await.unwrap());
    // Another editor had the first version before her.
    assert!(!store.save_template(saved(1, "ba"), line()).await.unwrap());
    let mut english = saved(0, "one");
    "en".clone_into(&mut english.language);
    assert!(store.save_template(english, line()).await.unwrap());
    let newest = store.templates().await.unwrap();
    let bodies: Vec<(&str, u32)> = newest
        .iter()
        .map(|t| (t.template.body.as_str(), t.version))
        .collect();
    assert_eq!(bodies, [("one", 1), ("hai", 2)]);
    assert_eq!(store.audited("register").await.unwrap().len(), 3);
    let racers = (0..10).map(|n| {
        let store = store.clone();
        tokio::spawn(async move {
            let body = format!("đua {n}");
            store.save_template(saved(2, &body), line()).await.unwrap()
        })
    });
    let mut won = 0;
    for racer in racers.collect::<Vec<_>>() {
        won += u32::from(racer.await.unwrap());
    }
    assert_eq!(won, 1);
}

pub(crate) async fn a_kind_is_switched_off_and_on(store: &Store) {
    assert!(store.notices_off().await.unwrap().is_empty());
    for (off, left) in [(true, 1), (true, 1), (false, 0)] {
        let when = (at(0), audit("notice.switched"));
        store
            .switch_notice(Kind::Withdrawn, off, when)
            .await
            .unwrap();
        assert_eq!(store.notices_off().await.unwrap().len(), left);
    }
}

fn new(message: i64, channel: Channel, unit: &str) -> NewDelivery {
    NewDelivery {
        message,
        channel,
        code: format!("code-{message}-{}", channel.as_str()),
        dossier: DossierId::parse(&format!("d{message}")).unwrap(),
        dossier_code: format!("H56.101-261124-{message:04}"),
        unit: unit_id(unit),
        party: PartyId::parse("p1").unwrap(),
        kind: Kind::Received,
        subject: "Hồ sơ".to_owned(),
        body: "Đã tiếp nhận".to_owned(),
        first_try: Some(at(0)),
        reason: String::new(),
        created_at: at(0),
    }
}

fn attempt(state: DeliveryState, minute: Option<i64>) -> Attempt {
    Attempt {
        state,
        next_try: minute.map(at),
        reason: "450 busy".to_owned(),
        provider: "x1".to_owned(),
    }
}

const LEASE: i64 = 120_000;

pub(crate) async fn a_message_makes_one_delivery_on_a_channel(store: &Store) {
    let both = || {
        vec![
            new(1, Channel::Mail, "H56.101"),
            new(1, Channel::Sms, "H56.101"),
        ]
    };
    store.add_deliveries(Vec::new()).await.unwrap();
    store.add_deliveries(both()).await.unwrap();
    let mut again = both();
    "other".clone_into(&mut again[0].code);
    "another".clone_into(&mut again[1].code);
    store.add_deliveries(again).await.unwrap();
    let dossier = DossierId::parse("d1").unwrap();
    let made = store.deliveries_of(&dossier).await.unwrap();
    let codes: Vec<&str> = made.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(codes, ["code-1-mail", "code-1-sms"]);
    assert!(made.iter().all(|d| d.state == DeliveryState::Waiting));
    let impossible = NewDelivery {
        first_try: None,
        reason: "no_address".to_owned(),
        ..new(2, Channel::Mail, "H56.101")
    };
    store.add_deliveries(vec![impossible]).await.unwrap();
    let dossier = DossierId::parse("d2").unwrap();
    let made = store.deliveries_of(&dossier).await.unwrap();
    assert_eq!(made[0].state, DeliveryState::GivenUp);
    assert_eq!(
        (made[0].reason.as_str(), made[0].ended_at),
        ("no_address", Some(at(0)))
    );
}

pub(crate) async fn a_delivery_is_claimed_by_one_worker_until_its_lease_ends(store: &Store) {
    let three = (1..=3).map(|n| new(n, Channel::Mail, "H56.101"));
    store.add_deliveries(three.collect()).await.unwrap();
    let (a, b) = tokio::join!(
        store.claim_deliveries(at(1), LEASE, 2),
        store.claim_deliveries(at(1), LEASE, 2)
    );
    let mut taken = a.unwrap();
    taken.extend(b.unwrap());
    taken.extend(store.claim_deliveries(at(1), LEASE, 9).await.unwrap());
    let mut ids: Vec<i64> = taken.iter().map(|d| d.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), taken.len()), (3, 3));
    assert!(taken.iter().all(|d| d.state == DeliveryState::Sending));
    // The worker dies; after the lease another one takes over.
    let again = store.claim_deliveries(at(3), LEASE, 9).await.unwrap();
    assert!(again.iter().all(|d| d.attempts == 2));
    assert_eq!(again.len(), 3);
    // What the dead worker would have said comes too late.
    let late = attempt(DeliveryState::Sent, None);
    store.record_attempt(&taken[0], late, at(3)).await.unwrap();
    let now = store.delivery(taken[0].id).await.unwrap().unwrap();
    assert_eq!(now.state, DeliveryState::Sending);
}

pub(crate) async fn an_attempt_is_recorded_and_what_failed_comes_again(store: &Store) {
    let one = vec![new(1, Channel::Mail, "H56.101")];
    store.add_deliveries(one).await.unwrap();
    let claim = async |minute| {
        let claimed = store.claim_deliveries(at(minute), LEASE, 9).await.unwrap();
        claimed.into_iter().next()
    };
    let first = claim(0).await.unwrap();
    let failed = attempt(DeliveryState::Failed, Some(5));
    store.record_attempt(&first, failed, at(0)).await.unwrap();
    assert!(claim(4).await.is_none());
    let second = claim(5).await.unwrap();
    assert_eq!((second.attempts, second.reason.as_str()), (2, "450 busy"));
    let again = async |minute| {
        let when = (at(minute), audit("notice.sent_again"));
        store.send_again(first.id, at(minute), when).await.unwrap()
    };
    assert!(!again(5).await, "it is being sent");
    let refused = attempt(DeliveryState::Refused, None);
    store.record_attempt(&second, refused, at(6)).await.unwrap();
    assert!(claim(99).await.is_none());
    assert!(again(100).await);
    let third = claim(100).await.unwrap();
    let sent = attempt(DeliveryState::Sent, None);
    store.record_attempt(&third, sent, at(101)).await.unwrap();
    assert!(!again(102).await, "it was sent");
    let end = store.delivery(first.id).await.unwrap().unwrap();
    assert_eq!((end.state, end.attempts), (DeliveryState::Sent, 3));
    assert_eq!((end.ended_at, end.provider.as_str()), (Some(at(101)), "x1"));
    assert_eq!(end.code, "code-1-mail");
}

pub(crate) async fn the_log_is_filtered_and_paged(store: &Store) {
    let mut all = Vec::new();
    for n in 1..=4 {
        let unit = if n % 2 == 0 { "H56.102" } else { "H56.101" };
        all.push(new(n, Channel::Mail, unit));
        all.push(new(n, Channel::Sms, unit));
    }
    store.add_deliveries(all).await.unwrap();
    let claimed = store.claim_deliveries(at(0), LEASE, 1).await.unwrap();
    let sent = attempt(DeliveryState::Sent, None);
    store
        .record_attempt(&claimed[0], sent, at(0))
        .await
        .unwrap();
    let count = async |filter: DeliveryFilter| store.deliveries(&filter, 9).await.unwrap().len();
    let any = DeliveryFilter::default();
    assert_eq!(count(any.clone()).await, 8);
    let unit = Some(unit_id("H56.102"));
    assert_eq!(
        count(DeliveryFilter {
            unit,
            ..any.clone()
        })
        .await,
        4
    );
    let state = Some(DeliveryState::Sent);
    assert_eq!(
        count(DeliveryFilter {
            state,
            ..any.clone()
        })
        .await,
        1
    );
    let channel = Some(Channel::Sms);
    assert_eq!(
        count(DeliveryFilter {
            channel,
            ..any.clone()
        })
        .await,
        4
    );
    let page = store.deliveries(&any, 3).await.unwrap();
    let before = page.last().map(|d| d.id);
    let rest = DeliveryFilter { before, ..any };
    let rest = store.deliveries(&rest, 9).await.unwrap();
    assert_eq!((page.len(), rest.len()), (3, 5));
    assert!(rest[0].id < page[2].id);
}
