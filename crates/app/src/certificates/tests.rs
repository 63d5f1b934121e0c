//! Who registers, sees and ends certificates, what is missing, and who is warned.

use domain::certificate::{EndReason, Holder, KeyAt, Keys, Stage};
use domain::ids::{CertificateId, StaffId, UnitId};
use domain::office::Role;
use jiff::ToSpan as _;
use store::CertificatesOf;

use super::*;
use crate::access::Actor;
use crate::forms::Typed;
use crate::no::{Denied, No};
use crate::people::testing::{ON_TOKEN, audited, empty, faults, office, typed};
use crate::words::Language;

const WARD: &str = "Phường Hạc Thành";
const BÌNH: &str = "Nguyễn Văn Bình;038076004321;2025-01-01;2027-01-01;signs";
const AUTHORITY: &str = "Cơ quan chứng thực;;2020-01-01;2040-01-01;authority";

fn ward(app: &App) -> UnitId {
    let units = app.units();
    let found = units
        .iter()
        .find(|unit| unit.name == WARD && unit.id.as_str().starts_with("H56"));
    found.unwrap().id.clone()
}

fn person(login: &str, posts: &[(&UnitId, Role)]) -> Actor {
    Actor {
        staff: StaffId::parse(login).unwrap(),
        name: login.to_owned(),
        posts: posts
            .iter()
            .map(|(unit, role)| ((*unit).clone(), *role))
            .collect(),
        standing: Vec::new(),
        language: Language::Vi,
    }
}

fn admin(app: &App) -> Actor {
    person("quantri-hacthanh", &[(&ward(app), Role::Administrator)])
}

fn leader(app: &App) -> Actor {
    person("lanhdao-hacthanh", &[(&ward(app), Role::Leader)])
}

fn of_leader(app: &App, file: &str) -> Typed {
    let holder = format!("lanhdao-hacthanh/{}/leader", ward(app));
    typed(&[
        ("holder", &holder),
        ("pem", file),
        ("key", "token"),
        ("token", "motcua"),
        ("key_id", "0A:1B"),
    ])
}

async fn registered(app: &App, file: &str) -> CertificateId {
    let typed = of_leader(app, file);
    import(app, &admin(app), &typed, b"").await.unwrap()
}

async fn stages(app: &App) -> Vec<&'static str> {
    let all = every_certificate(app, CertificatesOf::Everybody).await;
    let all = all.unwrap().into_iter();
    all.map(|line| line.stage.as_str()).collect()
}

#[tokio::test]
async fn a_certificate_is_registered_with_its_number_sealed() {
    let app = office().await;
    let id = registered(&app, &format!("{BÌNH}\n{AUTHORITY}")).await;
    let page = certificate_page(&app, &admin(&app), &id).await.unwrap();
    let row = &page.line.registered.row;
    assert_eq!(
        row.certificate.subject,
        "CN=Nguyễn Văn Bình, UID=CCCD:0380****4321"
    );
    assert!(!row.sealed.windows(6).any(|part| part == b"038076"));
    assert_eq!((page.issuers, page.line.stage), (1, Stage::Valid));
    let key = KeyAt::Token {
        token: "motcua".to_owned(),
        key: "0a1b".to_owned(),
    };
    assert_eq!(row.certificate.key, key);
    let own = certificate_page(&app, &leader(&app), &id).await.unwrap();
    assert!(own.may_end);
    // What others read of a person's is logged, what she reads herself is not.
    let log = ["certificate.registered", "certificate.read"];
    assert_eq!(audited(&app, id.as_str()).await, log);
}

#[tokio::test]
async fn what_a_service_knows_the_holder_by_is_sealed_and_used_to_sign() {
    let app = office().await;
    let mut typed = of_leader(&app, BÌNH);
    typed.set("key", "remote");
    typed.set("service", "smartca");
    typed.set("credential", "038076004321");
    let id = import(&app, &admin(&app), &typed, b"").await.unwrap();
    let page = certificate_page(&app, &admin(&app), &id).await.unwrap();
    assert_eq!(page.credential, "0380****4321");
    let key = |credential: &str| KeyAt::Remote {
        service: "smartca".to_owned(),
        credential: credential.to_owned(),
    };
    let bare = &page.line.registered.row.certificate;
    assert_eq!(bare.key, key(""), "nothing of it lies open in the database");
    let (staff, unit) = (leader(&app).staff, ward(&app));
    let found = signer(&app, (&staff, &unit, Role::Leader), Keys::Guarded).await;
    let found = found.unwrap().ok().unwrap();
    assert_eq!(found.certificate.key, key("038076004321"));
    assert_eq!(found.chain, [BÌNH.as_bytes()]);
}

#[tokio::test]
async fn a_certificate_on_a_token_is_chosen_with_its_key() {
    let app = office().await;
    let admin = admin(&app);
    let choices = on_token(&app, &admin).await.unwrap();
    let [choice] = &choices[..] else {
        panic!("{choices:?}");
    };
    let holder = format!("lanhdao-hacthanh/{}/leader", ward(&app));
    let form = [("holder", holder.as_str()), ("on_token", &choice.value)];
    let id = import(&app, &admin, &typed(&form), b"").await.unwrap();
    let (staff, unit) = (leader(&app).staff, ward(&app));
    let found = signer(&app, (&staff, &unit, Role::Leader), Keys::Guarded).await;
    let found = found.unwrap().ok().unwrap();
    assert_eq!(found.certificate.id, id);
    assert_eq!(found.certificate.key.as_str(), "token");
    assert_eq!(found.chain, [ON_TOKEN.as_bytes()]);
    let gone = [("holder", holder.as_str()), ("on_token", "a/b/c")];
    let no = import(&app, &admin, &typed(&gone), b"").await.unwrap_err();
    assert_eq!(faults(no), [("on_token", "fault.certificate.on_token")]);
    let stranger = on_token(&app, &leader(&app)).await.unwrap_err();
    assert!(matches!(stranger, No::Denied(Denied::Seen)));
}

#[tokio::test]
async fn what_does_not_do_is_named_at_its_field() {
    let app = office().await;
    let admin = admin(&app);
    let refused = async |typed: &Typed| {
        let no = import(&app, &admin, typed, b"").await.unwrap_err();
        faults(no)
    };
    let empty = typed(&[]);
    let all = [
        ("holder", "fault.certificate.holder"),
        ("key", "fault.certificate.key"),
        ("file", "fault.certificate.file"),
    ];
    assert_eq!(refused(&empty).await, all);
    let other = BÌNH.replace("Bình", "An");
    let files = [
        ("no certificate", "fault.certificate.unread"),
        (AUTHORITY, "fault.certificate.authority"),
        (&format!("{BÌNH}\n{other}"), "fault.certificate.several"),
        (&other, "fault.certificate.name"),
        (
            &BÌNH.replace("signs", "seals"),
            "fault.certificate.not_signing",
        ),
        (&BÌNH.replace("2027", "2026"), "fault.certificate.expired"),
        (&" ;".repeat(LARGEST), "fault.certificate.large"),
    ];
    for (file, key) in files {
        let found = refused(&of_leader(&app, file)).await;
        assert_eq!(found, [("file", key)], "{file:.60}");
    }
    let mut key = of_leader(&app, BÌNH);
    key.set("key_id", "0x1");
    assert_eq!(
        refused(&key).await,
        [("key_id", "fault.certificate.key_id")]
    );
    let mut holder = of_leader(&app, BÌNH);
    holder.set(
        "holder",
        format!("lanhdao-hacthanh/{}/seal_clerk", ward(&app)),
    );
    assert_eq!(
        refused(&holder).await,
        [("holder", "fault.certificate.post")]
    );
    registered(&app, BÌNH).await;
    let again = refused(&of_leader(&app, BÌNH)).await;
    assert_eq!(again, [("file", "fault.certificate.registered")]);
}

#[tokio::test]
async fn administrators_register_for_their_units_and_nobody_for_herself() {
    let app = office().await;
    let form = of_leader(&app, BÌNH);
    let no = import(&app, &leader(&app), &form, b"").await.unwrap_err();
    assert!(matches!(no, No::Denied(Denied::Seen)));
    let units = app.units();
    let other = units.iter().find(|unit| unit.name == "Phường Nguyệt Viên");
    let elsewhere = person("x", &[(&other.unwrap().id, Role::Administrator)]);
    let no = import(&app, &elsewhere, &form, b"").await.unwrap_err();
    assert!(matches!(no, No::Denied(Denied::Unseen)));
    let both = person("lanhdao-hacthanh", &[(&ward(&app), Role::Administrator)]);
    let no = import(&app, &both, &form, b"").await.unwrap_err();
    assert!(matches!(no, No::Denied(Denied::Seen)));
    let id = registered(&app, BÌNH).await;
    for stranger in [&elsewhere, &person("an", &[(&ward(&app), Role::Leader)])] {
        let no = certificate_page(&app, stranger, &id).await.unwrap_err();
        assert!(
            matches!(no, No::Denied(Denied::Unseen)),
            "{}",
            stranger.staff
        );
        let no = end(&app, stranger, &id, &typed(&[("why", "mistake")])).await;
        assert!(matches!(no.unwrap_err(), No::Denied(Denied::Unseen)));
    }
    let province = UnitId::parse("H56").unwrap();
    let above = person("quantri", &[(&province, Role::Administrator)]);
    certificate_page(&app, &above, &id).await.unwrap();
}

#[tokio::test]
async fn the_seal_is_the_agency_s_and_seen_by_who_keeps_it() {
    let app = office().await;
    let unit = ward(&app);
    let seal = "ỦY BAN NHÂN DÂN PHƯỜNG;2800123456;2026-01-01;2029-01-01;signs";
    let new = NewCertificate {
        unit: unit.clone(),
        holder: Holder::Agency,
        key: KeyAt::Soft,
        file: seal.as_bytes().to_vec(),
    };
    let id = register(&app, "demo", new).await.unwrap();
    let clerk = person("vanthu-hacthanh", &[(&unit, Role::SealClerk)]);
    certificate_page(&app, &clerk, &id).await.unwrap();
    let no = certificate_page(&app, &leader(&app), &id)
        .await
        .unwrap_err();
    assert!(matches!(no, No::Denied(Denied::Unseen)));
    let signing =
        async |staff: &StaffId, role, keys| signer(&app, (staff, &unit, role), keys).await.unwrap();
    let sealed = signing(&clerk.staff, Role::SealClerk, Keys::Demonstration).await;
    assert_eq!(sealed.ok().unwrap().certificate.id, id);
    let why = signing(&clerk.staff, Role::SealClerk, Keys::Guarded).await;
    assert_eq!(why.err().unwrap().key(), "soft_key");
    let why = signing(&leader(&app).staff, Role::Leader, Keys::Demonstration).await;
    assert_eq!(why.err().unwrap().key(), "none");
}

#[tokio::test]
async fn the_right_to_sign_ends_with_the_post_on_its_date() {
    let (app, clock) = empty().await;
    crate::demo::seed(&app).await.unwrap();
    registered(&app, BÌNH).await;
    let unit = ward(&app);
    let leader = leader(&app).staff;
    let held = app.store().all_posts_of(&leader).await.unwrap();
    let from = held[0].post.valid_from.to_string();
    let today = app.clock().now().date();
    let over = typed(&[
        ("unit", unit.as_str()),
        ("role", "leader"),
        ("valid_from", &from),
        ("valid_to", &today.to_string()),
    ]);
    crate::people::end_post(&app, &admin(&app), &leader, &over)
        .await
        .unwrap();
    let signing = async || {
        let found = signer(&app, (&leader, &unit, Role::Leader), Keys::Guarded).await;
        found.unwrap().err().map(not_signing)
    };
    assert_eq!(signing().await, None, "the last day is a day of the post");
    clock.set(today.tomorrow().unwrap().at(0, 0, 0, 0));
    let why = signing().await.unwrap();
    assert_eq!(why.key, "certificate.no.post_ended");
    let words: Vec<&str> = why.values.iter().map(|(_, value)| value.as_str()).collect();
    assert_eq!(words, ["CK-02", "23/11/2026"]);
    assert_eq!(stages(&app).await, ["no_post"]);
}

#[tokio::test]
async fn a_lost_key_signs_nothing_from_that_moment_on() {
    let app = office().await;
    let id = registered(&app, BÌNH).await;
    let leader = leader(&app);
    let refused = end(&app, &leader, &id, &typed(&[("last", "22/11/2026")])).await;
    let both = [
        ("why", "fault.certificate.why"),
        ("last", "fault.certificate.last"),
    ];
    assert_eq!(faults(refused.unwrap_err()), both);
    // The day to come is not waited for.
    let lost = typed(&[("why", "key_lost"), ("last", "30/11/2026")]);
    end(&app, &leader, &id, &lost).await.unwrap();
    assert_eq!(stages(&app).await, ["ended"]);
    let page = certificate_page(&app, &leader, &id).await.unwrap();
    let ended = page.line.registered.row.certificate.ended.unwrap();
    assert_eq!((ended.from, ended.why), (page.now, EndReason::KeyLost));
    assert!(!page.may_end);
    let actions = audited(&app, id.as_str()).await;
    assert_eq!(actions, ["certificate.registered", "certificate.ended"]);
}

#[tokio::test]
async fn a_replaced_certificate_signs_until_the_end_of_its_last_day() {
    let (app, clock) = empty().await;
    crate::demo::seed(&app).await.unwrap();
    let id = registered(&app, BÌNH).await;
    let typed = typed(&[("why", "replaced"), ("last", "24/11/2026")]);
    end(&app, &admin(&app), &id, &typed).await.unwrap();
    assert_eq!(stages(&app).await, ["valid"]);
    clock.set(jiff::civil::date(2026, 11, 25).at(0, 0, 0, 0));
    assert_eq!(stages(&app).await, ["ended"]);
}

#[tokio::test]
async fn a_key_that_is_lost_before_its_planned_end_signs_nothing_any_more() {
    let app = office().await;
    let id = registered(&app, BÌNH).await;
    let ends = async |why: &str, last: &str| {
        let typed = typed(&[("why", why), ("last", last)]);
        end(&app, &admin(&app), &id, &typed).await
    };
    ends("replaced", "30/11/2026").await.unwrap();
    let page = certificate_page(&app, &admin(&app), &id).await.unwrap();
    assert!(page.may_end, "its end is to come");
    let later = ends("post_changed", "02/12/2026").await.unwrap_err();
    assert_eq!(faults(later), [("last", "fault.certificate.ends_earlier")]);
    ends("key_lost", "").await.unwrap();
    assert_eq!(stages(&app).await, ["ended"]);
    ends("key_lost", "").await.unwrap();
    let actions = audited(&app, id.as_str()).await;
    let ended = actions
        .iter()
        .filter(|action| *action == "certificate.ended");
    assert_eq!(ended.count(), 2, "what changed nothing is no act");
}

#[tokio::test]
async fn holders_and_administrators_are_warned_until_there_is_a_successor() {
    let (app, clock) = empty().await;
    crate::demo::seed(&app).await.unwrap();
    let (admin, leader) = (admin(&app), leader(&app));
    let missing = warning(&app, &admin).await.unwrap();
    // The leader, the director of the centre, and the seal.
    assert_eq!((missing.missing, missing.expiring), (3, 0));
    assert_eq!(warning(&app, &leader).await.unwrap().missing, 1);
    let clerk = person("x", &[(&ward(&app), Role::ReceptionClerk)]);
    assert!(warning(&app, &clerk).await.unwrap().is_empty());
    registered(&app, BÌNH).await;
    assert!(warning(&app, &leader).await.unwrap().is_empty());
    let ends = jiff::civil::date(2027, 1, 1).at(9, 0, 0, 0);
    clock.set(ends.checked_sub(30.days()).unwrap());
    for who in [&leader, &admin] {
        let said = warning(&app, who).await.unwrap();
        assert_eq!((said.expiring, said.soonest), (1, Some(ends)));
    }
    registered(&app, &BÌNH.replace("2027", "2029")).await;
    assert_eq!(stages(&app).await, ["expiring", "valid"]);
    assert_eq!(warning(&app, &leader).await.unwrap().expiring, 0);
}

#[tokio::test]
async fn the_register_is_read_by_part_and_unit() {
    let app = office().await;
    registered(&app, BÌNH).await;
    let ended = registered(&app, &BÌNH.replace("2027", "2028")).await;
    let mistake = typed(&[("why", "mistake")]);
    end(&app, &admin(&app), &ended, &mistake).await.unwrap();
    let read = async |actor: &Actor, part, unit: Option<UnitId>| {
        let query = CertificateQuery {
            unit,
            part,
            after: None,
        };
        certificates(&app, actor, &query).await
    };
    let province = UnitId::parse("H56").unwrap();
    let above = person("quantri", &[(&province, Role::Administrator)]);
    let own = read(&admin(&app), Part::All, None).await.unwrap();
    let counts = own
        .counts
        .iter()
        .map(|(part, count)| (part.as_str(), *count));
    let expected = [
        ("all", 1),
        ("valid", 1),
        ("expiring", 0),
        ("expired", 0),
        ("missing", 2),
        ("ended", 1),
    ];
    assert_eq!(counts.collect::<Vec<_>>(), expected);
    let wide = read(&above, Part::Missing, None).await.unwrap();
    assert!(wide.lines.is_empty() && wide.missing.len() > 2);
    let near = read(&above, Part::Missing, Some(ward(&app))).await.unwrap();
    let who: Vec<&Missing> = near.missing.iter().map(|line| &line.who).collect();
    assert!(
        matches!(who[..], [Missing::Seal, Missing::Person { .. }]),
        "{who:?}"
    );
    let no = read(&admin(&app), Part::All, Some(province)).await;
    assert!(matches!(no.unwrap_err(), No::Denied(Denied::Unseen)));
    let leader = read(&leader(&app), Part::All, None).await.unwrap();
    assert_eq!((leader.lines.len(), leader.units.len()), (1, 0));
}
