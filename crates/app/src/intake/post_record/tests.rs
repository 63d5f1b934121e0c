use domain::office::Role;

use super::*;
use crate::demo;
use crate::intake::{AtCounter, Ending, receive};
use crate::people::testing::{clerk, empty, faults, key, typed};

const WARD: &str = "Phường Hạc Thành";

/// The clerk of the ward, and the agent of the post there.
fn both(app: &App) -> (Actor, Actor) {
    let clerk = Actor {
        staff: StaffId::parse("tiepnhan-hacthanh").unwrap(),
        ..clerk(app, WARD)
    };
    let agent = Actor {
        staff: StaffId::parse("buudien-hacthanh").unwrap(),
        posts: vec![(clerk.counter().unwrap().clone(), Role::PostAgent)],
        ..clerk.clone()
    };
    (clerk, agent)
}

async fn file(app: &App, agent: &Actor) -> DossierId {
    let input = AtCounter {
        ending: Ending::Submit,
        typed: typed(&[
            ("name", "Nguyễn Thị An"),
            ("number", "038199000017"),
            ("procedure", "1.013313"),
            ("c1", "paper"),
        ]),
        draft: None,
        key: key(),
    };
    receive(app, agent, input).await.unwrap().dossier
}

#[tokio::test]
async fn one_signature_submits_everything_on_the_record_at_one_time() {
    let (app, clock) = empty().await;
    demo::seed(&app).await.unwrap();
    let (clerk, agent) = both(&app);
    let dossiers = vec![file(&app, &agent).await, file(&app, &agent).await];
    let filed_at = app.clock().now();
    let id = make_post_record(&app, &agent, dossiers.clone()).await;
    let id = id.unwrap();
    let again = make_post_record(&app, &agent, dossiers.clone()).await;
    assert_eq!(
        faults(again.unwrap_err()),
        [("ho-so", "fault.post_not_own")]
    );
    clock.set(filed_at.date().at(15, 0, 0, 0));
    let signing = sign_post_record(&app, &agent, &id).await;
    assert!(
        matches!(signing, Err(No::Denied(Denied::Seen))),
        "{signing:?}"
    );
    // Killed before anything is written: nothing is signed.
    store::faults::arm("before_commit");
    assert!(sign_post_record(&app, &clerk, &id).await.is_err());
    // Killed after the dossiers: the record is signed again, the dossiers are not.
    store::faults::arm("after_commit");
    assert!(sign_post_record(&app, &clerk, &id).await.is_err());
    let number = sign_post_record(&app, &clerk, &id).await.unwrap();
    assert_eq!(sign_post_record(&app, &clerk, &id).await.unwrap(), number);
    for dossier in &dossiers {
        let loaded = app.store().load(dossier).await.unwrap();
        let record = loaded.dossier.record().unwrap();
        assert_eq!(record.submitted_at, filed_at);
        assert_eq!(record.legal_at(), filed_at.date().at(15, 0, 0, 0));
        assert!(record.answer_by > Some(record.legal_at()));
        assert_eq!(loaded.version, 2);
    }
    let page = post_records(&app, &clerk).await.unwrap();
    assert!(!page.agent && page.records[0].signed_at.is_some());
    let taken = take_back_post_record(&app, &agent, &id).await;
    assert_eq!(faults(taken.unwrap_err()), [("id", "fault.post_signed")]);
    assert!(app.store().check().await.unwrap().is_clean());
}

#[tokio::test]
async fn an_agent_lists_her_own_filings_alone_and_may_take_a_list_back() {
    let (app, _) = empty().await;
    demo::seed(&app).await.unwrap();
    let (clerk, agent) = both(&app);
    let dossier = file(&app, &agent).await;
    let other = Actor {
        staff: StaffId::parse("buudien-donson").unwrap(),
        ..agent.clone()
    };
    let no = make_post_record(&app, &other, vec![dossier.clone()]).await;
    assert_eq!(faults(no.unwrap_err()), [("ho-so", "fault.post_not_own")]);
    let no = make_post_record(&app, &agent, Vec::new()).await;
    assert_eq!(faults(no.unwrap_err()), [("ho-so", "fault.post_none")]);
    let no = make_post_record(&app, &clerk, vec![dossier.clone()]).await;
    assert!(matches!(no, Err(No::Denied(Denied::Seen))), "{no:?}");
    let id = make_post_record(&app, &agent, vec![dossier.clone()]).await;
    let id = id.unwrap();
    let unseen = take_back_post_record(&app, &other, &id).await;
    assert!(
        matches!(unseen, Err(No::Denied(Denied::Unseen))),
        "{unseen:?}"
    );
    take_back_post_record(&app, &agent, &id).await.unwrap();
    let page = post_records(&app, &agent).await.unwrap();
    assert_eq!((page.unhanded.len(), page.records.len()), (1, 0));
}
