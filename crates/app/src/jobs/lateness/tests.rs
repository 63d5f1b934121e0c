//! A ward round the Lunar New Year: who is warned, when, and what is mailed.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::dossier::{Escalation, Warning, Watch};
use domain::ids::{DossierId, StaffId, UnitId};
use domain::notice::Channel;
use domain::office::Role;
use jiff::civil::{Date, date};
use store::DeliveryState;

use super::*;
use crate::access::Actor;
use crate::alerts::{AlertQuery, Part, alerts};
use crate::clock::ManualClock;
use crate::demo;
use crate::intake::{AtCounter, Ending, receive};
use crate::no::Denied;
use crate::notices::send_digests;
use crate::people::set_email;
use crate::people::testing::{clerk, empty_with, key, typed};
use crate::ports::{Notifier, Outgoing, PortError};
use crate::words::Language;

const WARD: &str = "Phường Hạc Thành";
const CLERK: &str = "tiepnhan-hacthanh";
const DIRECTOR: &str = "giamdoc-hacthanh";
const OFFICER: &str = "chuyenvien-hacthanh";

/// The last working day before the Lunar New Year of 2027, which is off from the 4th to the 10th.
const EVE: Date = date(2027, 2, 3);
const BACK: Date = date(2027, 2, 11);

/// A mail server that takes everything, unless it is told to fail.
#[derive(Default)]
struct Post {
    taken: Mutex<Vec<Outgoing>>,
    failing: Mutex<u32>,
}

#[async_trait]
impl Notifier for Post {
    fn channel(&self) -> Channel {
        Channel::Mail
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<String, PortError> {
        let mut failing = self.failing.lock().unwrap();
        if *failing > 0 {
            *failing -= 1;
            return Err(PortError::Retry(format!("busy with {}", outgoing.to)));
        }
        self.taken.lock().unwrap().push(outgoing.clone());
        Ok("taken".to_owned())
    }
}

struct Ward {
    app: App,
    clock: Arc<ManualClock>,
    post: Arc<Post>,
    unit: UnitId,
}

impl Ward {
    /// The ward on the eve, at eight.
    async fn open() -> Self {
        let post = Arc::new(Post::default());
        let (app, clock) = empty_with(vec![Arc::clone(&post) as Arc<dyn Notifier>]).await;
        demo::seed(&app).await.unwrap();
        let units = app.units();
        let unit = units.iter().find(|unit| unit.name == WARD).unwrap();
        let unit = unit.id.clone();
        let ward = Self {
            app,
            clock,
            post,
            unit,
        };
        ward.go_to(EVE.at(8, 0, 0, 0));
        ward
    }

    fn go_to(&self, at: DateTime) {
        self.clock.set(at);
    }

    async fn receive(&self) -> DossierId {
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
            draft: None,
            key: key(),
        };
        let filed = receive(&self.app, &clerk(&self.app, WARD), input).await;
        filed.unwrap().dossier
    }

    async fn email(&self, staff: &str) {
        let staff = StaffId::parse(staff).unwrap();
        let address = format!("{staff}@hacthanh.gov.vn");
        set_email(&self.app, &staff, &address, "op").await.unwrap();
    }

    async fn watch(&self) -> u64 {
        let new = watch_lateness(&self.app).await.unwrap();
        send_digests(&self.app).await.unwrap();
        new
    }

    /// Watches every ten minutes until `end`, and says when alerts came and how many.
    async fn watch_until(&self, end: DateTime) -> Vec<(DateTime, u64)> {
        let mut found = Vec::new();
        while self.app.clock().now() < end {
            let now = self.app.clock().now();
            let new = self.watch().await;
            if new > 0 {
                found.push((now, new));
            }
            self.go_to(now.saturating_add(10.minutes()));
        }
        found
    }

    fn actor(role: Role, unit: &UnitId) -> Actor {
        Actor {
            staff: StaffId::parse("ai-do").unwrap(),
            name: "Ai Đó".to_owned(),
            posts: vec![(unit.clone(), role)],
            standing: Vec::new(),
            language: Language::Vi,
        }
    }

    /// What somebody in that role at the ward is told.
    async fn told(&self, role: Role, part: Part) -> Vec<(Watch, Warning, Escalation)> {
        let query = AlertQuery {
            part: Some(part),
            after: None,
        };
        let page = alerts(&self.app, &Ward::actor(role, &self.unit), &query).await;
        let rows = page.unwrap().rows;
        let told = |row: &store::AlertRow| (row.watch(), row.warning(), row.level());
        let mut told: Vec<_> = rows.iter().map(told).collect();
        told.sort();
        told
    }

    async fn open_alerts(&self) -> Vec<(Watch, Warning, Escalation)> {
        self.told(Role::ReceptionClerk, Part::Mine).await
    }

    /// Units of whose work the controller of the province is told.
    async fn province(&self) -> Vec<(String, i64)> {
        let province = UnitId::parse(demo::PROVINCE).unwrap();
        let controller = Ward::actor(Role::ProvinceController, &province);
        let page = alerts(&self.app, &controller, &AlertQuery::default()).await;
        let units = page.unwrap().units.into_iter();
        units
            .map(|unit| (unit.name, unit.counts.clocks()))
            .collect()
    }

    fn mails(&self) -> Vec<Outgoing> {
        self.post.taken.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn alerts_go_up_the_line_inside_working_hours_alone_and_never_at_tet() {
    let ward = Ward::open().await;
    ward.go_to(EVE.at(15, 30, 0, 0));
    ward.receive().await;
    let found = ward.watch_until(BACK.at(17, 0, 0, 0)).await;
    assert!(!found.is_empty());
    let settings = ward.app.settings();
    let clock = settings.clock();
    for (at, _) in &found {
        assert!(is_working(&clock, *at), "{at}");
        let off = date(2027, 2, 4)..=date(2027, 2, 10);
        assert!(!off.contains(&at.date()), "{at}");
    }
    assert!(found.iter().any(|(at, _)| at.date() == BACK));
    // Once both are a day late, everybody up to the province is told, and nobody twice.
    let late = date(2027, 2, 15).at(9, 0, 0, 0);
    ward.watch_until(late).await;
    let open = ward.open_alerts().await;
    assert!(
        open.iter()
            .all(|(_, warning, level)| (*warning, *level)
                == (Warning::Overdue, Escalation::Province)),
        "{open:?}"
    );
    assert_eq!(open.len(), 2, "the step and the dossier");
    let director = ward.told(Role::CentreDirector, Part::Unit).await;
    assert_eq!(director, open, "the head of the centre too");
    assert_eq!(ward.province().await, [(WARD.to_owned(), 2)]);
    assert_eq!(ward.watch().await, 0);
}

#[tokio::test]
async fn what_is_reached_at_night_waits_for_the_morning() {
    let ward = Ward::open().await;
    ward.receive().await;
    // The program was down all day.
    ward.go_to(EVE.at(20, 0, 0, 0));
    assert_eq!(ward.watch().await, 0);
    ward.go_to(date(2027, 2, 6).at(9, 0, 0, 0));
    assert_eq!(ward.watch().await, 0);
    ward.go_to(BACK.at(6, 59, 59, 0));
    assert_eq!(ward.watch().await, 0);
    ward.go_to(BACK.at(7, 0, 0, 0));
    assert!(ward.watch().await > 0);
}

#[tokio::test]
async fn who_is_killed_before_a_look_is_written_has_told_nobody_and_the_next_tells_once() {
    for point in ["before_commit", "after_commit"] {
        let ward = Ward::open().await;
        ward.email(CLERK).await;
        ward.receive().await;
        assert_eq!(ward.watch().await, 0);
        ward.go_to(EVE.at(16, 30, 0, 0));
        store::faults::arm(point);
        let killed = watch_lateness(&ward.app).await;
        assert!(killed.is_err(), "{point}");
        let written = point == "after_commit";
        assert_eq!(ward.watch().await == 0, written, "{point}");
        let open = ward.open_alerts().await;
        assert!(!open.is_empty(), "{point}");
        assert_eq!(ward.watch().await, 0, "{point}");
        assert_eq!(ward.mails().len(), 1, "{point}");
    }
}

#[tokio::test]
async fn digests_are_mailed_at_their_hours_on_working_days_once_and_name_nobody() {
    let ward = Ward::open().await;
    ward.email(CLERK).await;
    ward.email(DIRECTOR).await;
    ward.receive().await;
    ward.watch_until(BACK.tomorrow().unwrap().at(17, 0, 0, 0))
        .await;
    let mails = ward.mails();
    let to = |name: &str| {
        let mails = mails.iter().filter(|mail| mail.to.starts_with(name));
        mails.map(|mail| mail.body.clone()).collect::<Vec<_>>()
    };
    // 13:30 of the eve; 07:30 and 13:30 of each of the two days after the feast.
    assert_eq!((to(CLERK).len(), to(DIRECTOR).len()), (5, 5));
    for mail in &mails {
        let text = format!("{}\n{}", mail.subject, mail.body);
        for personal in ["Nguyễn", "An", "038199000017", "hacthanh.gov.vn"] {
            assert!(!text.contains(personal), "{personal}: {text}");
        }
        assert!(text.contains("http://motcua.test/canh-bao"), "{text}");
        assert!(text.contains("/canh-bao") && text.contains("H56"), "{text}");
    }
}

#[tokio::test]
async fn a_digest_that_fails_is_sent_again_under_the_same_code() {
    let ward = Ward::open().await;
    ward.email(CLERK).await;
    ward.receive().await;
    *ward.post.failing.lock().unwrap() = 1;
    ward.go_to(EVE.at(13, 30, 0, 0));
    ward.watch().await;
    assert_eq!(ward.mails(), Vec::new());
    let state = async || {
        let digests = ward.app.store().digests_of(EVE.at(13, 30, 0, 0)).await;
        let digests = digests.unwrap();
        let one = digests.first().unwrap();
        (one.state(), one.attempts, one.reason.clone())
    };
    let failed = (Some(DeliveryState::Failed), 1, "busy with ***".to_owned());
    assert_eq!(state().await, failed);
    ward.go_to(EVE.at(13, 32, 0, 0));
    ward.watch().await;
    assert_eq!(state().await.0, Some(DeliveryState::Sent));
    assert_eq!(ward.mails().len(), 1);
}

#[tokio::test]
async fn everybody_sees_the_part_of_the_line_that_is_hers() {
    let ward = Ward::open().await;
    let dossier = ward.receive().await;
    ward.go_to(BACK.at(10, 0, 0, 0));
    ward.watch().await;
    let seen = async |role: Role, unit: &UnitId| {
        let actor = Ward::actor(role, unit);
        alerts(&ward.app, &actor, &AlertQuery::default()).await
    };
    let clerk = seen(Role::ReceptionClerk, &ward.unit).await.unwrap();
    assert_eq!((clerk.part, clerk.parts.len()), (Part::Mine, 1));
    assert!(clerk.rows.iter().all(|row| row.dossier == dossier.as_str()));
    assert_eq!(clerk.rows.len(), 2);
    let seal = seen(Role::SealClerk, &ward.unit).await.unwrap();
    assert_eq!(seal.rows.len(), 0, "the step is not hers");
    let director = seen(Role::CentreDirector, &ward.unit).await.unwrap();
    assert_eq!((director.part, director.parts.len()), (Part::Unit, 2));
    let province = UnitId::parse(demo::PROVINCE).unwrap();
    let page = seen(Role::ProvinceController, &province).await.unwrap();
    assert_eq!((page.part, page.rows.len()), (Part::Province, 0));
    for role in [Role::PostAgent, Role::Volunteer, Role::Administrator] {
        let no = seen(role, &ward.unit).await;
        assert!(matches!(no, Err(No::Denied(Denied::Seen))), "{no:?}");
    }
    let query = AlertQuery {
        part: Some(Part::Province),
        after: None,
    };
    let leader = Ward::actor(Role::Leader, &ward.unit);
    let no = alerts(&ward.app, &leader, &query).await;
    assert!(matches!(no, Err(No::Denied(Denied::Seen))), "{no:?}");
}

#[tokio::test]
async fn each_post_is_told_from_its_own_threshold_on_and_no_earlier() {
    let ward = Ward::open().await;
    ward.receive().await;
    let told = async |post: Escalation| match post {
        Escalation::Nobody | Escalation::Holder => {
            ward.told(Role::ReceptionClerk, Part::Mine).await.len()
        }
        Escalation::Leader => ward.told(Role::Leader, Part::Unit).await.len(),
        Escalation::Centre => ward.told(Role::CentreDirector, Part::Unit).await.len(),
        Escalation::Province => ward.province().await.len(),
    };
    let first = |told: usize, since: &mut Option<DateTime>, now: DateTime| {
        if told > 0 && since.is_none() {
            *since = Some(now);
        }
    };
    let mut since = [None; 4];
    while ward.app.clock().now() < date(2027, 2, 15).at(17, 0, 0, 0) {
        let now = ward.app.clock().now();
        ward.watch().await;
        for (post, since) in Escalation::LINE.into_iter().zip(&mut since) {
            first(told(post).await, since, now);
        }
        // The thresholds of a short step lie minutes apart.
        let pause = if since[2].is_some() { 60 } else { 2 };
        ward.go_to(now.saturating_add(pause.minutes()));
    }
    let [holder, leader, centre, province] = since.map(Option::unwrap);
    assert!(holder < leader, "{since:?}");
    // The head of the centre is also the head of its own counter, where the dossier lies.
    assert_eq!(centre, leader, "{since:?}");
    assert!(leader < province, "{since:?}");
}

#[tokio::test]
async fn a_digest_goes_to_who_stands_in_and_not_to_who_is_away() {
    let ward = Ward::open().await;
    ward.email(CLERK).await;
    ward.email(OFFICER).await;
    ward.receive().await;
    let form = typed(&[
        ("post", &format!("{CLERK}/{}/reception_clerk", ward.unit)),
        ("to", OFFICER),
        ("first", "2027-02-03"),
        ("last", "2027-02-11"),
    ]);
    let away = Actor {
        staff: StaffId::parse(CLERK).unwrap(),
        ..Ward::actor(Role::ReceptionClerk, &ward.unit)
    };
    crate::absence::give(&ward.app, &away, &form).await.unwrap();
    ward.watch_until(BACK.at(17, 0, 0, 0)).await;
    let to = |mails: Vec<Outgoing>| mails.into_iter().map(|mail| mail.to).collect::<Vec<_>>();
    let mails = to(ward.mails());
    assert!(!mails.is_empty());
    assert!(mails.iter().all(|to| to.starts_with(OFFICER)), "{mails:?}");
    // She is back: the mail comes to her again.
    let before = mails.len();
    ward.watch_until(BACK.tomorrow().unwrap().at(17, 0, 0, 0))
        .await;
    let after = to(ward.mails()).split_off(before);
    assert!(after.iter().all(|to| to.starts_with(CLERK)), "{after:?}");
    assert!(!after.is_empty());
}
