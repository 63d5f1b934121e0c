//! Tasks whose time is nearly over, or over: who is reminded, and who has the next turn.

use std::sync::Mutex;

use async_trait::async_trait;
use domain::notice::Channel;
use jiff::civil::date;

use super::*;
use crate::jobs::watch_lateness;
use crate::notices::send_digests;
use crate::people::set_email;
use crate::people::testing::empty_with;
use crate::ports::{Notifier, Outgoing, PortError};

/// A procedure that says nothing of silence.
const COPIES: &str = "2.000815";

/// A mail server that takes everything.
#[derive(Default)]
struct Post(Mutex<Vec<Outgoing>>);

#[async_trait]
impl Notifier for Post {
    fn channel(&self) -> Channel {
        Channel::Mail
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<String, PortError> {
        self.0.lock().unwrap().push(outgoing.clone());
        Ok("taken".to_owned())
    }
}

fn one_after_the_other() -> TaskWork {
    TaskWork::Send {
        asked: vec![
            asking(JUSTICE, TaskKind::Opinion, "2"),
            asking(BUILDING, TaskKind::Opinion, "2"),
        ],
        order: TaskOrder::InOrder,
        lead: String::new(),
    }
}

#[tokio::test]
async fn behind_a_late_opinion_the_next_department_has_its_turn() {
    let scene = Scene::of(empty().await, COPIES).await;
    let (officer, justice, building) = (
        scene.officer(WARD),
        scene.officer(JUSTICE),
        scene.officer(BUILDING),
    );
    scene.does(&officer, one_after_the_other()).await.unwrap();
    assert_eq!(end_overdue(&scene.app).await.unwrap(), 0);
    let seen = dossier_page(&scene.app, &building, &scene.dossier).await;
    assert_eq!(denied(seen), Denied::Unseen, "it waits");
    scene.later(4);
    assert_eq!(end_overdue(&scene.app).await.unwrap(), 1);
    assert_eq!(end_overdue(&scene.app).await.unwrap(), 0);
    assert_eq!(
        scene.list(&building, Side::Asked, "").await,
        listed(&[(2, "open")])
    );
    let accept = |task| TaskWork::Accept { task };
    scene.does(&building, accept(2)).await.unwrap();
    scene.does(&justice, accept(1)).await.unwrap();
    scene.does(&justice, answering(1)).await.unwrap();
    assert!(scene.app.store().check().await.unwrap().is_clean());
}

#[tokio::test]
async fn a_dossier_that_cannot_be_read_keeps_no_other_one_waiting() {
    let first = Scene::new().await;
    let shared = (first.app.clone(), Arc::clone(&first.clock));
    let second = Scene::filed(shared, "1.010736").await;
    for scene in [&first, &second] {
        scene.does(&scene.officer(WARD), both()).await.unwrap();
    }
    first.later(60);
    let app = &first.app;
    let spoilt = store::faults::damage(app.store(), store::faults::Damage::FirstTask);
    assert!(spoilt.await.unwrap() > 0);
    assert_eq!(end_overdue(app).await.unwrap(), 2, "both of the other one");
    assert_eq!(end_overdue(app).await.unwrap(), 0);
}

/// Whom the afternoon's mails of that day remind of tasks, and of what.
async fn mailed(scene: &Scene, post: &Post, day: i8) -> Vec<(String, String)> {
    const TASKS: &str = "Việc phối hợp";
    scene.clock.set(date(2026, 11, day).at(13, 31, 0, 0));
    watch_lateness(&scene.app).await.unwrap();
    send_digests(&scene.app).await.unwrap();
    let mails = std::mem::take(&mut *post.0.lock().unwrap());
    let of_tasks = mails.into_iter().filter(|mail| mail.body.contains(TASKS));
    let said = of_tasks.map(|mail| {
        let mut lines = mail.body.lines();
        let line = lines.find(|line| line.starts_with(TASKS)).unwrap();
        let (what, codes) = line.split_once(": ").unwrap();
        assert!(codes.starts_with("H56.") && !mail.body.contains("Nguyễn"));
        let to = mail.to.split('@').next().unwrap().to_owned();
        (to, what.to_owned())
    });
    let mut said: Vec<(String, String)> = said.collect();
    said.sort();
    said
}

#[tokio::test]
async fn a_department_is_reminded_before_its_time_is_over_and_the_ward_once_it_is() {
    let post = Arc::new(Post::default());
    let opened = empty_with(vec![Arc::clone(&post) as Arc<dyn Notifier>]).await;
    let scene = Scene::of(opened, COPIES).await;
    let officer = scene.officer(WARD);
    scene.does(&officer, one_after_the_other()).await.unwrap();
    let addressed = [
        ("chuyenvien-sotuphap", "tuphap"),
        ("chuyenvien-soxaydung", "xaydung"),
        ("giamdoc-hacthanh", "giamdoc"),
    ];
    for (staff, name) in addressed {
        let staff = StaffId::parse(staff).unwrap();
        let address = format!("{name}@thanhhoa.gov.vn");
        set_email(&scene.app, &staff, &address, "op").await.unwrap();
    }
    let mailed = async |day| mailed(&scene, &post, day).await;
    let told = |who: &str, what: &str| (who.to_owned(), format!("Việc phối hợp {what}"));
    // Sent on Monday the 23rd, the 24th is off: two working days end on the 26th.
    assert_eq!(mailed(23).await, []);
    let before = [told("tuphap", "đến hạn ngày làm việc tiếp theo")];
    assert_eq!(mailed(25).await, before);
    assert_eq!(mailed(26).await, [told("tuphap", "đến hạn hôm nay")]);
    let late = [
        told("giamdoc", "quá hạn trả lời"),
        told("tuphap", "quá hạn trả lời"),
    ];
    assert_eq!(mailed(27).await, late);
    // Whoever takes a task is reminded of it, and no colleague.
    let justice = scene.officer(JUSTICE);
    scene
        .does(&justice, TaskWork::Accept { task: 1 })
        .await
        .unwrap();
    let colleague = Actor {
        staff: StaffId::parse("dong-nghiep").unwrap(),
        ..justice.clone()
    };
    let now = scene.clock.now();
    let of = async |actor: &Actor| {
        let found = reminders(&scene.app, actor, (now, 9)).await;
        found.unwrap().len()
    };
    assert_eq!((of(&justice).await, of(&colleague).await), (1, 0));
}
