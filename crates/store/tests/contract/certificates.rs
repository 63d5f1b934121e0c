//! The register of certificates.

use domain::certificate::{Certificate, EndReason, Ended, Holder, KeyAt};
use domain::ids::CertificateId;
use domain::office::Role;
use jiff::civil::{Date, date};
use store::{CertificateRow, CertificateScope, CertificatesOf, EndedKey, Registered, Store};

use crate::samples::{at, audit, office, post, staff_id, today, unit_id};

const WARD: &str = "H56.112";

fn id(name: &str) -> CertificateId {
    CertificateId::parse(name).unwrap()
}

/// A certificate of Bình, who leads the ward, that ends with the year.
pub(crate) fn row(name: &str) -> CertificateRow {
    CertificateRow {
        certificate: Certificate {
            id: id(name),
            unit: unit_id(WARD),
            holder: Holder::Person {
                staff: staff_id("binh"),
                role: Role::Leader,
            },
            subject: "CN=Đỗ Văn Bình, UID=CCCD:0380****4321".to_owned(),
            issuer: "Cơ quan chứng thực".to_owned(),
            serial: "0a1b".to_owned(),
            valid_from: date(2025, 1, 1).at(9, 0, 0, 0),
            valid_to: date(2026, 12, 31).at(23, 59, 59, 0),
            key: KeyAt::Token {
                token: "motcua".to_owned(),
                key: "01".to_owned(),
            },
            ended: None,
        },
        name: "Đỗ Văn Bình".to_owned(),
        fingerprint: "ab".repeat(32),
        algorithm: "RSA 2048".to_owned(),
        sealed: vec![0, 1, 255],
        registered_by: "root".to_owned(),
        registered_at: at(0),
    }
}

/// The ward's seal, which ends sooner.
fn seal() -> CertificateRow {
    let CertificateRow { certificate, .. } = row("c9");
    CertificateRow {
        certificate: Certificate {
            holder: Holder::Agency,
            key: KeyAt::Remote {
                service: "csc".to_owned(),
                credential: String::new(),
            },
            valid_to: date(2026, 12, 1).at(0, 0, 0, 0),
            ..certificate
        },
        ..row("c9")
    }
}

async fn ward(store: &Store) {
    office(store).await;
    let leads = post("binh", WARD, Role::Leader);
    store
        .give_post(leads, at(0), audit("post.given"))
        .await
        .unwrap();
}

async fn register(store: &Store, row: CertificateRow) -> bool {
    let line = audit("certificate.registered");
    store.register_certificate(row, line).await.unwrap()
}

async fn listed(store: &Store, of: CertificatesOf<'_>) -> Vec<String> {
    let found = store.certificates(of, today()).await.unwrap();
    let id = |one: Registered| one.row.certificate.id.to_string();
    found.into_iter().map(id).collect()
}

pub(crate) async fn a_certificate_is_read_back_and_registered_once_for_a_post(store: &Store) {
    ward(store).await;
    assert!(register(store, row("c1")).await);
    assert!(!register(store, row("c2")).await, "it is in use already");
    let found = store.certificate(&id("c1"), today()).await.unwrap();
    let found = found.unwrap();
    assert_eq!(found.row, row("c1"));
    assert_eq!(found.holder_name, "Đỗ Văn Bình");
    assert!(
        store
            .certificate(&id("c2"), today())
            .await
            .unwrap()
            .is_none()
    );
    assert!(register(store, seal()).await, "the same file as a seal");
    let found = store.certificate(&id("c9"), today()).await.unwrap();
    let found = found.unwrap();
    assert_eq!((&found.row, found.holder_name.as_str()), (&seal(), ""));
    let lines = store.audited("register").await.unwrap();
    let registered = |line: &&store::Audited| line.line.action == "certificate.registered";
    assert_eq!(lines.iter().filter(registered).count(), 2);
}

pub(crate) async fn an_ended_certificate_is_kept_and_may_be_registered_anew(store: &Store) {
    ward(store).await;
    register(store, row("c1")).await;
    let ended = Ended {
        from: at(60),
        why: EndReason::KeyLost,
    };
    let end = async |why: Ended| {
        let line = (at(5), audit("certificate.ended"));
        store.end_certificate(&id("c1"), why, line).await.unwrap()
    };
    assert!(end(ended).await);
    let later = Ended {
        why: EndReason::Mistake,
        ..ended
    };
    assert!(!end(later).await, "it ends then already");
    let much_later = Ended {
        from: at(90),
        ..later
    };
    assert!(!end(much_later).await, "it ends before");
    let found = store.certificate(&id("c1"), today()).await.unwrap();
    assert_eq!(found.unwrap().row.certificate.ended, Some(ended));
    let sooner = Ended {
        from: at(30),
        ..later
    };
    assert!(
        end(sooner).await,
        "an end to come gives way to an earlier one"
    );
    let found = store.certificate(&id("c1"), today()).await.unwrap();
    assert_eq!(found.unwrap().row.certificate.ended, Some(sooner));
    assert!(register(store, row("c2")).await);
    assert_eq!(listed(store, CertificatesOf::Everybody).await, ["c1", "c2"]);
}

pub(crate) async fn certificates_are_listed_by_unit_and_by_person_what_ends_first_before_the_rest(
    store: &Store,
) {
    ward(store).await;
    register(store, row("c1")).await;
    register(store, seal()).await;
    let unit = unit_id(WARD);
    assert_eq!(
        listed(store, CertificatesOf::Unit(&unit)).await,
        ["c9", "c1"]
    );
    assert_eq!(listed(store, CertificatesOf::Everybody).await, ["c9", "c1"]);
    let binh = staff_id("binh");
    assert_eq!(listed(store, CertificatesOf::Staff(&binh)).await, ["c1"]);
    let an = staff_id("an");
    assert!(listed(store, CertificatesOf::Staff(&an)).await.is_empty());
}

pub(crate) async fn a_certificate_says_how_long_the_post_is_held(store: &Store) {
    ward(store).await;
    register(store, row("c1")).await;
    let last = async |day: Date| {
        let found = store.certificate(&id("c1"), day).await.unwrap();
        found.unwrap().post_last
    };
    assert_eq!(last(today()).await, Some(Date::MAX));
    let mut ended = post("binh", WARD, Role::Leader);
    ended.post.valid_to = Some(date(2026, 11, 24));
    store
        .give_post(ended, at(1), audit("post.ended"))
        .await
        .unwrap();
    assert_eq!(last(today()).await, Some(date(2026, 11, 24)));
    assert_eq!(last(date(2020, 1, 1)).await, None, "before the post");
}

pub(crate) async fn posts_that_sign_or_seal_are_listed_by_unit(store: &Store) {
    ward(store).await;
    for (who, role) in [
        ("an", Role::SealClerk),
        ("chi", Role::CentreDirector),
        ("chi", Role::CaseOfficer),
    ] {
        let new = post(who, WARD, role);
        store
            .give_post(new, at(0), audit("post.given"))
            .await
            .unwrap();
    }
    let found = store.posts_that_sign(today(), None).await.unwrap();
    let one = |held: store::StaffPost| (held.post.staff.to_string(), held.post.role);
    let mut found: Vec<(String, Role)> = found.into_iter().map(one).collect();
    found.sort();
    let all = [
        ("an".to_owned(), Role::SealClerk),
        ("binh".to_owned(), Role::Leader),
        ("chi".to_owned(), Role::CentreDirector),
    ];
    assert_eq!(found, all);
    let before = store.posts_that_sign(date(2020, 1, 1), None).await.unwrap();
    assert!(before.is_empty());
}

pub(crate) async fn lists_read_nothing_sealed_and_ended_ones_a_page_at_a_time(store: &Store) {
    ward(store).await;
    register(store, row("c0")).await;
    register(store, seal()).await;
    for (n, name) in (1..).zip(["e1", "e2", "e3"]) {
        let mut old = row(name);
        old.fingerprint = name.repeat(32);
        register(store, old).await;
        let ended = Ended {
            from: at(n),
            why: EndReason::Replaced,
        };
        let line = (at(n), audit("certificate.ended"));
        store.end_certificate(&id(name), ended, line).await.unwrap();
    }
    let own = CertificateScope {
        staff: Some(staff_id("binh")),
        ..CertificateScope::default()
    };
    let seals = CertificateScope {
        seals: vec![unit_id(WARD)],
        ..CertificateScope::default()
    };
    let many = (0..20).map(|n| unit_id(&format!("H57.{n}")));
    let many = CertificateScope {
        units: many.chain([unit_id(WARD)]).collect(),
        ..CertificateScope::default()
    };
    let named = |found: Vec<Registered>| {
        assert!(found.iter().all(|one| one.row.sealed.is_empty()));
        let id = |one: &Registered| one.row.certificate.id.to_string();
        found.iter().map(id).collect::<Vec<_>>()
    };
    let in_use = async |scope: &CertificateScope, since| {
        let found = store.certificates_in_use(scope, (today(), since)).await;
        named(found.unwrap())
    };
    assert_eq!(in_use(&own, at(9)).await, ["c0"]);
    assert_eq!(in_use(&own, at(2)).await, ["c0", "e3"], "ended since");
    assert_eq!(in_use(&seals, at(9)).await, ["c9"]);
    assert_eq!(in_use(&many, at(9)).await, ["c9", "c0"]);
    assert_eq!(in_use(&CertificateScope::default(), at(9)).await, [""; 0]);
    for scope in [&own, &many] {
        let page = async |after: Option<&EndedKey>| {
            let page = store.ended_certificates(scope, at(9), (after, 2)).await;
            let page = page.unwrap();
            (page.last().and_then(EndedKey::of), named(page))
        };
        let (next, first) = page(None).await;
        assert_eq!(first, ["e3", "e2"]);
        let (_, rest) = page(next.as_ref()).await;
        assert_eq!(rest, ["e1"]);
        let count = store.ended_certificate_count(scope, at(2)).await;
        assert_eq!(count.unwrap(), 2, "one is ended later");
    }
    let none = store.ended_certificate_count(&seals, at(9)).await;
    assert_eq!(none.unwrap(), 0);
    posts_are_those_of_the_units(store).await;
}

async fn posts_are_those_of_the_units(store: &Store) {
    let ward = [unit_id(WARD)];
    let here = store.posts_that_sign(today(), Some(&ward)).await.unwrap();
    assert_eq!(here.len(), 1);
    let other = [unit_id("H56.102")];
    let none = store.posts_that_sign(today(), Some(&other)).await.unwrap();
    assert!(none.is_empty());
}
