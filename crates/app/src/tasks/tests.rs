//! A consultation of two departments, from the question to the approval.

mod late;
mod succession;

use std::sync::Arc;

use domain::dossier::{CommandKind, Refusal, TaskKind, TaskOrder};
use domain::ids::{DossierId, StaffId, UnitId};
use domain::office::Role;
use jiff::ToSpan as _;

use super::*;
use crate::access::Actor;
use crate::clock::{Clock as _, ManualClock};
use crate::intake::{AtCounter, Ending, receive};
use crate::no::{Denied, No};
use crate::people::testing::{clerk, empty, faults, key, typed};
use crate::processing::{Act, Order, act, dossier_page};
use crate::{App, demo};

const WARD: &str = "Phường Hạc Thành";
const JUSTICE: &str = "Sở Tư pháp";
const BUILDING: &str = "Sở Xây dựng";

struct Scene {
    app: App,
    clock: Arc<ManualClock>,
    dossier: DossierId,
}

/// Somebody in a role at the unit of that name.
fn at(app: &App, name: &str, role: Role) -> Actor {
    let units = app.units();
    let is = |id: &UnitId| id.as_str().starts_with("H56");
    let unit = units.iter().find(|u| u.name == name && is(&u.id)).unwrap();
    let staff = demo::accounts(app);
    let known = staff.iter().find(|a| a.unit == unit.id && a.role == role);
    Actor {
        staff: StaffId::parse(&known.unwrap().login.replace('.', "-")).unwrap(),
        posts: vec![(unit.id.clone(), role)],
        ..clerk(app, WARD)
    }
}

fn asking(agency: &str, kind: TaskKind, days: &str) -> AskedAgency {
    AskedAgency {
        agency: agency.to_owned(),
        kind,
        content: "Quy hoạch có phù hợp không?".to_owned(),
        days: days.to_owned(),
        calendar: false,
    }
}

fn both() -> TaskWork {
    TaskWork::Send {
        asked: vec![
            asking("so tu phap", TaskKind::Opinion, ""),
            asking(BUILDING, TaskKind::Opinion, ""),
        ],
        order: TaskOrder::Together,
        lead: String::new(),
    }
}

fn answering(task: u16) -> TaskWork {
    TaskWork::Answer {
        task,
        text: "Phù hợp.".to_owned(),
        agrees: Some(true),
        document: Vec::new(),
    }
}

impl Scene {
    /// A dossier of a procedure in which silence is consent, with the officer.
    async fn new() -> Self {
        Self::of(empty().await, "1.010736").await
    }

    /// A dossier of that procedure, with the officer.
    async fn of((app, clock): (App, Arc<ManualClock>), procedure: &str) -> Self {
        demo::seed(&app).await.unwrap();
        Self::filed((app, clock), procedure).await
    }

    /// Another dossier, where everybody is already.
    async fn filed((app, clock): (App, Arc<ManualClock>), procedure: &str) -> Self {
        let input = AtCounter {
            scans: Vec::new(),
            ending: Ending::Receive,
            typed: typed(&[
                ("name", "Nguyễn Thị An"),
                ("number", "038199000017"),
                ("procedure", procedure),
                ("c1", "paper"),
                ("pages1", "1"),
                ("c2", "paper"),
            ]),
            draft: None,
            key: key(),
        };
        let counter = at(&app, WARD, Role::ReceptionClerk);
        let filed = receive(&app, &counter, input).await.unwrap();
        let scene = Self {
            app,
            clock,
            dossier: filed.dossier,
        };
        scene.orders(&counter, Order::HandOver).await.unwrap();
        scene
    }

    async fn orders(&self, actor: &Actor, order: Order) -> Result<(), No> {
        let loaded = self.app.store().load(&self.dossier).await.unwrap();
        let input = Act {
            dossier: self.dossier.clone(),
            version: loaded.version,
            key: key(),
            order,
        };
        act(&self.app, actor, input).await.map(drop)
    }

    async fn does(&self, actor: &Actor, work: TaskWork) -> Result<(), No> {
        self.orders(actor, Order::Task(work)).await
    }

    fn officer(&self, unit: &str) -> Actor {
        at(&self.app, unit, Role::CaseOfficer)
    }

    async fn may(&self, actor: &Actor) -> Vec<Vec<CommandKind>> {
        let page = dossier_page(&self.app, actor, &self.dossier).await.unwrap();
        page.tasks.into_iter().map(|task| task.may).collect()
    }

    async fn list(&self, actor: &Actor, side: Side, part: &str) -> Vec<(i64, String)> {
        let query = TaskQuery {
            side,
            at: None,
            part: part.to_owned(),
            after: None,
        };
        let found = tasks(&self.app, actor, &query).await.unwrap();
        let told = found.rows.into_iter();
        told.map(|line| (line.number, line.state)).collect()
    }

    fn later(&self, days: i64) {
        let now = self.clock.now();
        self.clock.set(now.checked_add(days.days()).unwrap());
    }
}

fn denied<T: std::fmt::Debug>(done: Result<T, No>) -> Denied {
    match done {
        Err(No::Denied(denied)) => denied,
        done => panic!("{done:?}"),
    }
}

fn listed(rows: &[(i64, &str)]) -> Vec<(i64, String)> {
    let row = |(number, state): &(i64, &str)| (*number, (*state).to_owned());
    rows.iter().map(row).collect()
}

#[tokio::test]
async fn two_departments_are_asked_one_answers_and_the_other_s_silence_consents() {
    let scene = Scene::new().await;
    let (officer, justice) = (scene.officer(WARD), scene.officer(JUSTICE));
    scene.does(&officer, both()).await.unwrap();
    let open = listed(&[(1, "open"), (2, "open")]);
    assert_eq!(scene.list(&officer, Side::Sent, "").await, open);
    assert_eq!(
        scene.list(&justice, Side::Asked, "").await,
        listed(&[(1, "open")])
    );
    scene
        .does(&justice, TaskWork::Accept { task: 1 })
        .await
        .unwrap();
    scene.does(&justice, answering(1)).await.unwrap();
    assert_eq!(scene.list(&justice, Side::Asked, "").await, []);
    scene
        .does(&officer, TaskWork::Acknowledge { task: 1 })
        .await
        .unwrap();
    assert_eq!(end_overdue(&scene.app).await.unwrap(), 0);
    // 15 days, as the procedure says: nothing is consent before they are over.
    scene.later(15);
    assert_eq!(end_overdue(&scene.app).await.unwrap(), 0);
    scene.later(1);
    let director = at(&scene.app, WARD, Role::CentreDirector);
    assert_eq!(
        scene.list(&director, Side::Received, "late").await,
        listed(&[(2, "open")])
    );
    assert_eq!(end_overdue(&scene.app).await.unwrap(), 1);
    assert_eq!(end_overdue(&scene.app).await.unwrap(), 0);
    assert_eq!(scene.list(&director, Side::Received, "").await, []);
    assert!(scene.app.store().check().await.unwrap().is_clean());
}

#[tokio::test]
async fn less_time_than_silence_needs_is_refused_and_nobody_consents_the_next_day() {
    let scene = Scene::new().await;
    let officer = scene.officer(WARD);
    let one_day = TaskWork::Send {
        asked: vec![asking(JUSTICE, TaskKind::Opinion, "1")],
        order: TaskOrder::Together,
        lead: String::new(),
    };
    let no = scene.does(&officer, one_day).await.unwrap_err();
    let No::Refused(no) = no else {
        panic!("{no:?}");
    };
    let soon = matches!(no.refusal, Refusal::SilenceTooSoon { task: 1, .. });
    assert!(soon, "{no:?}");
    scene.later(2);
    assert_eq!(end_overdue(&scene.app).await.unwrap(), 0);
    let page = dossier_page(&scene.app, &officer, &scene.dossier).await;
    assert_eq!(page.unwrap().tasks, []);
}

#[tokio::test]
async fn an_agency_sees_the_dossier_for_its_task_and_does_nothing_else() {
    let scene = Scene::new().await;
    let (officer, justice) = (scene.officer(WARD), scene.officer(JUSTICE));
    let seen = dossier_page(&scene.app, &justice, &scene.dossier).await;
    assert_eq!(denied(seen), Denied::Unseen);
    scene.does(&officer, both()).await.unwrap();
    let (accept, recall) = (CommandKind::AcceptTask, CommandKind::RecallTask);
    assert_eq!(scene.may(&justice).await, [vec![accept], vec![]]);
    assert_eq!(scene.may(&officer).await, [vec![recall], vec![recall]]);
    let page = dossier_page(&scene.app, &justice, &scene.dossier)
        .await
        .unwrap();
    assert_eq!(page.actions, [accept]);
    assert_eq!(
        page.said(&page.tasks[0].task.sent.content),
        "Quy hoạch có phù hợp không?"
    );
    let others = scene.does(&justice, TaskWork::Accept { task: 2 }).await;
    assert_eq!(
        denied(others),
        Denied::Seen,
        "the task of another department"
    );
    let forward = scene.orders(&justice, Order::Forward).await;
    assert_eq!(denied(forward), Denied::Seen);
    let recalled = TaskWork::Recall {
        task: 1,
        reason: "Gửi nhầm".to_owned(),
    };
    scene.does(&officer, recalled).await.unwrap();
    let seen = dossier_page(&scene.app, &justice, &scene.dossier).await;
    assert_eq!(denied(seen), Denied::Unseen);
    let gone = scene.does(&justice, TaskWork::Accept { task: 1 }).await;
    assert_eq!(denied(gone), Denied::Unseen);
}

#[tokio::test]
async fn a_row_that_is_not_understood_is_named_at_its_field() {
    let scene = Scene::new().await;
    let officer = scene.officer(WARD);
    let nothing = asking("", TaskKind::Opinion, "");
    let asked = vec![
        AskedAgency {
            content: String::new(),
            ..asking("so tu phap", TaskKind::Opinion, "0")
        },
        AskedAgency {
            content: String::new(),
            ..nothing.clone()
        },
        asking("sở", TaskKind::Work, ""),
    ];
    let work = TaskWork::Send {
        asked,
        order: TaskOrder::InOrder,
        lead: "không có".to_owned(),
    };
    let no = scene.does(&officer, work).await.unwrap_err();
    assert_eq!(
        faults(no),
        [
            ("content1", "fault.task_content"),
            ("days1", "fault.task_days"),
            ("agency3", "fault.agency_unknown"),
            ("lead", "fault.agency_unknown"),
        ]
    );
    let none = TaskWork::Send {
        asked: Vec::new(),
        order: TaskOrder::Together,
        lead: String::new(),
    };
    let no = scene.does(&officer, none).await.unwrap_err();
    assert!(
        matches!(&no, No::Refused(no) if no.refusal == Refusal::NoTask),
        "{no:?}"
    );
}

#[tokio::test]
async fn a_picker_offers_departments_and_communes_but_not_one_s_own() {
    let scene = Scene::new().await;
    let officer = scene.officer(WARD);
    let names = |words: &str| {
        let found = find_agencies(&scene.app, &officer, words).unwrap();
        found.into_iter().map(|line| line.name).collect::<Vec<_>>()
    };
    assert_eq!(names("phap tu"), [JUSTICE]);
    assert!(!names("hạc thành").contains(&WARD.to_owned()));
    let counter = at(&scene.app, WARD, Role::ReceptionClerk);
    let no = find_agencies(&scene.app, &counter, "");
    assert_eq!(denied(no), Denied::Seen);
}
