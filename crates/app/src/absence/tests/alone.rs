//! Who is away with nobody in her place, and who may give authority to sign.

use domain::ids::DossierId;

use super::*;
use crate::alerts::{AlertQuery, Part, alerts};
use crate::intake::{AtCounter, Ending, receive};
use crate::jobs::watch_lateness;
use crate::people::testing::key;
use crate::processing::{Act, Order, act, dossier_page};

impl Ward {
    /// A dossier that the officer was given to examine.
    async fn assigned(&self) -> DossierId {
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
        let filed = receive(&self.app, &self.actor(CLERK).await, input).await;
        let dossier = filed.unwrap().dossier;
        self.orders(CLERK, &dossier, Order::HandOver).await;
        self.orders(LEADER, &dossier, Order::Assign { to: id(OFFICER) })
            .await;
        dossier
    }

    async fn orders(&self, who: &str, dossier: &DossierId, order: Order) {
        let loaded = self.app.store().load(dossier).await.unwrap();
        let input = Act {
            dossier: dossier.clone(),
            version: loaded.version,
            key: key(),
            order,
        };
        act(&self.app, &self.actor(who).await, input).await.unwrap();
    }

    /// The officer is away from that day to Friday 27, and nobody stands in.
    async fn alone(&self, first: &str) -> DelegationId {
        let post = self.post(OFFICER, Role::CaseOfficer);
        let fields = [
            ("post", post.as_str()),
            ("to", "-"),
            ("first", first),
            ("signing", ""),
        ];
        self.give(LEADER, &fields).await.unwrap()
    }
}

#[tokio::test]
async fn the_work_of_who_is_away_alone_is_listed_to_who_leads_her_and_no_authority_moves() {
    let ward = Ward::open().await;
    let dossier = ward.assigned().await;
    ward.alone("25/11/2026").await;
    let page = async |who: &str| {
        let actor = ward.actor(who).await;
        absence_page(&ward.app, &actor).await.unwrap()
    };
    let before = page(LEADER).await;
    assert_eq!(before.open, [], "she is still there");
    ward.go_to(date(2026, 11, 25));
    let leader = page(LEADER).await;
    assert_eq!(leader.open.len(), 1);
    let open = &leader.open[0];
    assert_eq!(
        (open.staff.as_str(), open.last),
        (OFFICER, date(2026, 11, 27))
    );
    assert_eq!(open.rows[0].dossier, dossier.as_str());
    assert!(open.may_assign);
    assert!(!page(DIRECTOR).await.open[0].may_assign);
    assert_eq!(page(OFFICER).await.open, [], "she leads nobody");
    for who in [CLERK, DIRECTOR, OFFICER] {
        assert_eq!(ward.actor(who).await.standing, [], "{who}");
    }
    let audit = audited(&ward.app, OFFICER).await;
    assert_eq!(audit.last().unwrap(), "absence.given");
    // Handed out, or stood in for, it waits for nobody.
    let leader_post = ward.post(OFFICER, Role::CaseOfficer);
    let found = [
        ("post", leader_post.as_str()),
        ("to", CLERK),
        ("signing", ""),
        ("first", "26/11/2026"),
    ];
    ward.give(LEADER, &found).await.unwrap();
    assert_eq!(page(LEADER).await.open.len(), 1);
    ward.go_to(date(2026, 11, 26));
    assert_eq!(page(LEADER).await.open, []);
    assert_eq!(ward.actor(CLERK).await.standing.len(), 1);
    ward.go_to(date(2026, 11, 28));
    assert_eq!(page(LEADER).await.open, [], "she is back");
}

#[tokio::test]
async fn the_list_of_assignees_marks_who_is_away_until_when_and_who_stands_in() {
    let ward = Ward::open().await;
    let dossier = ward.assigned().await;
    ward.alone("25/11/2026").await;
    let away = async || {
        let leader = ward.actor(LEADER).await;
        let page = dossier_page(&ward.app, &leader, &dossier).await.unwrap();
        let mut all = page.colleagues.into_iter();
        let one = all.find(|one| one.staff == id(OFFICER)).unwrap();
        one.away.map(|away| (away.last, away.deputy))
    };
    assert_eq!(away().await, None);
    ward.go_to(date(2026, 11, 25));
    let last = date(2026, 11, 27);
    assert_eq!(away().await, Some((last, String::new())));
    let post = ward.post(OFFICER, Role::CaseOfficer);
    let found = [
        ("post", post.as_str()),
        ("to", CLERK),
        ("first", "25/11/2026"),
        ("signing", ""),
    ];
    ward.give(LEADER, &found).await.unwrap();
    let (until, deputy) = away().await.unwrap();
    assert_eq!(until, last);
    assert!(!deputy.is_empty());
}

#[tokio::test]
async fn alerts_of_who_is_away_alone_are_her_leader_s_from_the_first_warning_on() {
    let ward = Ward::open().await;
    ward.assigned().await;
    let query = |part| AlertQuery {
        part: Some(part),
        after: None,
    };
    let seen = async |who: &str, part| {
        let page = alerts(&ward.app, &ward.actor(who).await, &query(part)).await;
        page.unwrap().rows.len()
    };
    while seen(OFFICER, Part::Mine).await == 0 {
        let now = ward.app.clock().now();
        ward.clock.set(now.saturating_add(jiff::ToSpan::minutes(5)));
        watch_lateness(&ward.app).await.unwrap();
    }
    assert_eq!(seen(LEADER, Part::Unit).await, 0, "it has not reached her");
    let today = ward.today().to_string();
    ward.alone(&today).await;
    assert!(seen(LEADER, Part::Unit).await > 0);
    assert_eq!(seen(CLERK, Part::Mine).await, 0, "nor anybody else");
}

#[tokio::test]
async fn authority_to_sign_is_given_by_its_holder_alone() {
    let ward = Ward::open().await;
    let second = store::NewPost {
        post: Post {
            staff: id(OFFICER),
            unit: ward.unit.clone(),
            role: Role::Leader,
            valid_from: date(2026, 1, 1),
            valid_to: None,
        },
        counter: None,
        title: None,
    };
    let line = store::AuditLine {
        actor: "quantri".to_owned(),
        action: "post.given".to_owned(),
        subject: OFFICER.to_owned(),
        purpose: String::new(),
        detail: String::new(),
    };
    let now = ward.app.clock().now();
    ward.app.store().give_post(second, now, line).await.unwrap();
    // Another leader of the unit has the director stand in, and gives away what is not hers.
    let no = faults(ward.give(OFFICER, &[]).await.unwrap_err());
    assert_eq!(no, [("signing", "fault.delegation.signing_of_another")]);
    ward.give(OFFICER, &[("signing", "")]).await.unwrap();
    ward.go_to(date(2026, 11, 23));
    let stands = Ok((Some(LEADER.to_owned()), true));
    assert_eq!(
        ward.approves(DIRECTOR).await,
        stands,
        "the work, and no signature"
    );
}
