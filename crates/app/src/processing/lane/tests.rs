//! A dossier in a green lane, as the applicant, the lists and the papers see it.

use domain::dossier::{Event, Refusal, Warning};
use domain::ids::{DossierId, StaffId};
use domain::office::Role;

use crate::access::Actor;
use crate::intake::{AtCounter, Ending, receive};
use crate::jobs::messages_of;
use crate::no::No;
use crate::people::testing::{clerk, empty, key, typed};
use crate::processing::{Act, Order, act, dossier_page, track};
use crate::{App, demo};

const WARD: &str = "Phường Hạc Thành";
/// Three working days by the law, sixteen hours in the lane, which the director decides.
const BUSINESS: &str = "1.001612";

fn at(app: &App, role: Role) -> Actor {
    let clerk = clerk(app, WARD);
    let unit = clerk.posts[0].0.clone();
    let accounts = demo::accounts(app);
    let known = accounts.iter().find(|a| a.unit == unit && a.role == role);
    Actor {
        staff: StaffId::parse(&known.unwrap().login.replace('.', "-")).unwrap(),
        posts: vec![(unit, role)],
        ..clerk
    }
}

async fn received(app: &App) -> DossierId {
    let input = AtCounter {
        scans: Vec::new(),
        ending: Ending::Receive,
        typed: typed(&[
            ("name", "Nguyễn Thị An"),
            ("number", "038199000017"),
            ("procedure", BUSINESS),
            ("c1", "paper"),
            ("c2", "paper"),
            ("c3", "paper"),
        ]),
        draft: None,
        key: key(),
    };
    let filed = receive(app, &at(app, Role::ReceptionClerk), input).await;
    filed.unwrap().dossier
}

async fn admits(app: &App, role: Role, dossier: &DossierId) -> Result<(), No> {
    let loaded = app.store().load(dossier).await.unwrap();
    let order = Order::AdmitToLane {
        lane: "kinh-doanh-16h".to_owned(),
        ground: "Dự án trọng điểm".to_owned(),
        project: String::new(),
    };
    let input = Act {
        dossier: dossier.clone(),
        version: loaded.version,
        key: key(),
        order,
    };
    act(app, &at(app, role), input).await.map(drop)
}

#[tokio::test]
async fn the_published_date_is_what_the_applicant_sees_and_the_lists_sort_by() {
    let (app, _) = empty().await;
    demo::seed(&app).await.unwrap();
    let dossier = received(&app).await;
    let director = at(&app, Role::CentreDirector);
    let before = dossier_page(&app, &director, &dossier).await.unwrap();
    let legal = before.record().due.unwrap();
    admits(&app, Role::CentreDirector, &dossier).await.unwrap();
    let page = dossier_page(&app, &director, &dossier).await.unwrap();
    let published = page.record().course.lane.as_ref().unwrap().due;
    assert!(published < legal);
    assert_eq!(page.deadline.as_ref().unwrap().due, published);
    assert_eq!(page.record().due, Some(legal));
    let code = page.record().code.clone().unwrap();
    let progress = track(&app, &code).await.unwrap();
    assert_eq!(progress.deadline.unwrap().due, published);
    assert_eq!(progress.legal.map(|(_, due)| due), Some(legal));
    let row = app.store().views().dossier_row(&dossier).await;
    let row = row.unwrap().unwrap();
    assert!(row.due_at < row.legal_due_at);
    // A new receipt and a notice take the place of the date that the applicant has.
    let loaded = app.store().load(&dossier).await.unwrap();
    let admitted = loaded.events.iter().map(|one| one.event.clone());
    let admitted: Vec<Event> = admitted
        .filter(|event| matches!(event, Event::LaneAdmitted(_)))
        .collect();
    let messages = messages_of(&dossier, loaded.version, &admitted);
    let mut kinds: Vec<&str> = messages.iter().map(|one| one.kind).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["issue_slip", "notify"]);
    assert!(messages.iter().any(|one| one.body.contains("receipt")));
}

#[tokio::test]
async fn only_who_the_plan_names_admits_and_is_offered_to() {
    let (app, _) = empty().await;
    demo::seed(&app).await.unwrap();
    let dossier = received(&app).await;
    let offered = async |role: Role| {
        let page = dossier_page(&app, &at(&app, role), &dossier).await;
        let mut actions = page.unwrap().actions.into_iter();
        actions.any(|command| command.as_str() == "admit_to_lane")
    };
    assert!(offered(Role::CentreDirector).await);
    assert!(!offered(Role::Leader).await);
    let no = admits(&app, Role::Leader, &dossier).await.unwrap_err();
    let No::Refused(no) = no else {
        panic!("{no:?}");
    };
    let role = Role::CentreDirector;
    assert_eq!(no.refusal, Refusal::LaneNotDecider { role });
    admits(&app, Role::CentreDirector, &dossier).await.unwrap();
    assert!(!offered(Role::CentreDirector).await, "once");
}

#[tokio::test]
async fn both_times_are_watched_and_the_published_one_is_late_first() {
    let (app, clock) = empty().await;
    demo::seed(&app).await.unwrap();
    let dossier = received(&app).await;
    admits(&app, Role::CentreDirector, &dossier).await.unwrap();
    let loaded = app.store().load(&dossier).await.unwrap();
    let published = loaded.dossier.record().unwrap().published_due().unwrap();
    clock.set(published.saturating_add(jiff::ToSpan::minutes(10)));
    let settings = app.settings();
    let now = crate::clock::Clock::now(&*clock);
    let watched = loaded
        .dossier
        .watched(now, &settings.clock(), settings.parameters());
    let found: Vec<_> = watched
        .unwrap()
        .iter()
        .map(|one| (one.watch.as_str(), one.warning))
        .filter(|(watch, _)| *watch != "step")
        .collect();
    assert_eq!(found[0], ("dossier", Warning::Overdue));
    assert_eq!(found[1].0, "legal");
    assert!(found[1].1 < Warning::Overdue);
}
