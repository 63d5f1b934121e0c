//! What becomes of open dossiers and tasks when an agency ends and another takes its work over.

use jiff::civil::date;

use super::*;
use crate::intake::{drafts, load_draft, open_draft, open_draft_at, save_draft};
use crate::office::{Ending as End, end_unit};
use crate::processing::{WorkQuery, counts, work};

const HEIR: &str = "Phường Nguyệt Viên";

impl Scene {
    /// Ends a unit on Tuesday 1 December.
    async fn ends(&self, unit: &str, heir: &str) {
        let id = |name: &str| at(&self.app, name, Role::Leader).posts[0].0.clone();
        let ending = End {
            unit: id(unit),
            successor: id(heir),
            from: date(2026, 12, 1),
            basis: "Nghị quyết 1".to_owned(),
        };
        let now = self.clock.now();
        end_unit(self.app.store(), ending, now, "operator")
            .await
            .unwrap();
        self.app.reload().await.unwrap();
    }

    /// Somebody as a session opens on that day.
    fn signed_in(&self, actor: &Actor) -> Actor {
        let actor = actor.clone();
        Actor {
            posts: self.app.posts_with_forerunners(actor.posts),
            ..actor
        }
    }
}

fn whole_unit(at: Option<UnitId>) -> WorkQuery {
    WorkQuery {
        unit: true,
        at,
        part: String::new(),
        roles: Vec::new(),
        after: None,
    }
}

#[tokio::test]
async fn open_dossiers_of_a_unit_that_ended_are_seen_and_worked_on_by_its_successor() {
    let scene = Scene::new().await;
    let gone = at(&scene.app, WARD, Role::CaseOfficer);
    let to = gone.staff.clone();
    scene.orders(&gone, Order::Assign { to }).await.unwrap();
    let ward = gone.posts[0].0.clone();
    let there = [Role::CaseOfficer, Role::ReceptionClerk].map(|role| at(&scene.app, HEIR, role));
    scene.ends(WARD, HEIR).await;
    let officer = scene.signed_in(&there[0]);
    assert_eq!(
        officer.posts.len(),
        1,
        "nothing is passed on before its day"
    );
    let early = dossier_page(&scene.app, &officer, &scene.dossier).await;
    assert!(matches!(early.map(drop), Err(No::Denied(Denied::Unseen))));

    scene.clock.set(date(2026, 12, 1).at(8, 0, 0, 0));
    let officer = scene.signed_in(&there[0]);
    let page = work(&scene.app, &officer, &whole_unit(Some(ward.clone())))
        .await
        .unwrap();
    let dossiers: Vec<&str> = page.rows.iter().map(|row| row.dossier.as_str()).collect();
    assert_eq!(dossiers, [scene.dossier.as_str()]);
    assert_eq!(counts(&scene.app, &officer).await.unwrap().unit.open, 1);
    // What was begun by somebody whose post ended with the unit is offered to the others, once.
    assert_eq!(crate::absence::release_held(&scene.app).await.unwrap(), 1);
    let to = officer.staff.clone();
    scene.orders(&officer, Order::Assign { to }).await.unwrap();
    assert_eq!(crate::absence::release_held(&scene.app).await.unwrap(), 0);
    let page = dossier_page(&scene.app, &officer, &scene.dossier)
        .await
        .unwrap();
    assert!(page.actions.contains(&CommandKind::Forward));
    scene.does(&officer, both()).await.unwrap();
    // Who was of the ended unit, and has no post elsewhere, sees it no more.
    let left = dossier_page(&scene.app, &gone, &scene.dossier).await;
    assert!(matches!(left.map(drop), Err(No::Denied(Denied::Unseen))));
    // Nothing is received at the counter that is closed.
    let clerk = scene.signed_in(&there[1]);
    assert_eq!(clerk.counter(), Some(&officer.posts[0].0));
}

#[tokio::test]
async fn tasks_of_an_agency_that_ended_are_its_successor_s_to_take_and_to_answer() {
    let scene = Scene::new().await;
    let asks = at(&scene.app, WARD, Role::CaseOfficer);
    scene.does(&asks, both()).await.unwrap();
    let ended = at(&scene.app, JUSTICE, Role::CaseOfficer);
    let named = ended.posts[0].0.clone();
    scene.ends(JUSTICE, BUILDING).await;
    scene.clock.set(date(2026, 12, 1).at(8, 0, 0, 0));
    let heir = scene.signed_in(&at(&scene.app, BUILDING, Role::CaseOfficer));
    let query = TaskQuery {
        side: Side::Asked,
        at: Some(named.clone()),
        part: String::new(),
        after: None,
    };
    let left = tasks(&scene.app, &heir, &query).await.unwrap();
    assert_eq!(left.rows.len(), 1);
    assert_eq!(
        counts(&scene.app, &heir).await.unwrap().tasks,
        2,
        "its own and what was left"
    );
    let no = scene.does(&ended, TaskWork::Accept { task: 1 }).await;
    assert_eq!(denied(no), Denied::Unseen);
    scene
        .does(&heir, TaskWork::Accept { task: 1 })
        .await
        .unwrap();
    scene.does(&heir, answering(1)).await.unwrap();
    // Whoever names the agency that ended asks the one that took over.
    let asked = TaskWork::Send {
        asked: vec![asking(&format!("{named} · {JUSTICE}"), TaskKind::Work, "3")],
        order: TaskOrder::Together,
        lead: String::new(),
    };
    scene.does(&asks, asked).await.unwrap();
    let loaded = scene.app.store().load(&scene.dossier).await.unwrap();
    let last = loaded
        .dossier
        .record()
        .unwrap()
        .course
        .tasks
        .last()
        .cloned();
    assert_eq!(last.unwrap().sent.agency, heir.posts[0].0);
}

#[tokio::test]
async fn nothing_is_received_where_a_unit_ended_and_its_saved_intakes_are_the_successor_s() {
    let scene = Scene::new().await;
    let (app, clerk_of) = (&scene.app, |ward| {
        at(&scene.app, ward, Role::ReceptionClerk)
    });
    let (gone, there) = (clerk_of(WARD), clerk_of(HEIR));
    let form = |more: &[(&str, &str)]| {
        let mut form = typed(&[
            ("name", "Trần Văn Bình"),
            ("number", "038199000025"),
            ("procedure", "1.010736"),
            ("c1", "paper"),
            ("c2", "paper"),
            ("pages1", "1"),
        ]);
        for (name, value) in more {
            form.set(name, *value);
        }
        form
    };
    let draft = open_draft(app, &gone).await.unwrap();
    save_draft(app, &gone, &draft.id, form(&[])).await.unwrap();
    scene.ends(WARD, HEIR).await;
    scene.clock.set(date(2026, 12, 1).at(8, 0, 0, 0));
    let clerk = scene.signed_in(&there);
    let (ended, own) = (&gone.posts[0].0, &there.posts[0].0);
    let no = open_draft_at(app, &clerk, ended).await;
    assert_eq!(denied(no.map(drop)), Denied::Seen);
    let input = |draft, typed| AtCounter {
        scans: Vec::new(),
        ending: Ending::Submit,
        typed,
        draft,
        key: key(),
    };
    let named = form(&[("receiving", ended.as_str())]);
    let no = receive(app, &clerk, input(None, named)).await;
    assert_eq!(denied(no.map(drop)), Denied::Seen);
    let saved = drafts(app, &clerk, own).await.unwrap();
    let owners: Vec<&str> = saved.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(owners, ["Trần Văn Bình"]);
    let opened = load_draft(app, &clerk, &saved[0].id).await.unwrap();
    assert_eq!(opened.unit, *own);
    let filed = receive(app, &clerk, input(Some(opened.id), opened.typed)).await;
    let loaded = app.store().load(&filed.unwrap().dossier).await.unwrap();
    assert_eq!(loaded.dossier.record().unwrap().filed.receiving, *own);
}
