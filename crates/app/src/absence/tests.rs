//! The ward of Hạc Thành: its leader is away, the director of its centre stands in.

use std::sync::Arc;

use domain::dossier::CommandKind;
use domain::ids::{DelegationId, StaffId, UnitId};
use domain::office::{Post, Role};
use domain::process::Product;
use jiff::civil::{Date, date};

use super::*;
use crate::access::{Actor, Resource, lacks_signing, may_act, may_see};
use crate::clock::ManualClock;
use crate::demo;
use crate::forms::Typed;
use crate::no::{Denied, No};
use crate::people::testing::{audited, empty, faults, typed};
use crate::people::{Credentials, session, sign_in};
use crate::words::Language;

const LEADER: &str = "lanhdao-hacthanh";
const DIRECTOR: &str = "giamdoc-hacthanh";
const OFFICER: &str = "chuyenvien-hacthanh";
const CLERK: &str = "tiepnhan-hacthanh";

mod alone;

struct Ward {
    app: App,
    clock: Arc<ManualClock>,
    unit: UnitId,
}

impl Ward {
    async fn open() -> Self {
        let (app, clock) = empty().await;
        demo::seed(&app).await.unwrap();
        let units = app.units();
        let unit = units.iter().find(|unit| unit.name == "Phường Hạc Thành");
        let unit = unit.unwrap().id.clone();
        Self { app, clock, unit }
    }

    /// Somebody of the ward, as her session says today.
    async fn actor(&self, staff: &str) -> Actor {
        let own = self.app.store().posts_of(&id(staff), self.today()).await;
        let own: Vec<Post> = own.unwrap().into_iter().map(|held| held.post).collect();
        let found = self
            .app
            .store()
            .delegations_of(&id(staff), self.today())
            .await;
        let found = found.unwrap().into_iter().filter(|given| {
            let one = &given.delegation;
            given.ended_at.is_none() && one.runs(self.today()) && one.to == Some(id(staff))
        });
        let found = found.map(|given| StandsIn {
            delegation: given.delegation,
            from_name: given.from_name,
        });
        let posts: Vec<_> = own.into_iter().map(|p| (p.unit, p.role)).collect();
        Actor {
            staff: id(staff),
            name: staff.to_owned(),
            standing: standing(&self.app, &posts, found.collect()),
            posts,
            language: Language::Vi,
        }
    }

    fn today(&self) -> Date {
        self.app.clock().now().date()
    }

    fn go_to(&self, day: Date) {
        self.clock.set(day.at(8, 0, 0, 0));
    }

    /// The form: the leader's week from Monday 23 to Friday 27, changed by `fields`.
    fn form(&self, fields: &[(&str, &str)]) -> Typed {
        let post = self.post(LEADER, Role::Leader);
        let mut form = typed(&[
            ("post", &post),
            ("to", DIRECTOR),
            ("first", "23/11/2026"),
            ("last", "2026-11-27"),
            ("signing", "1"),
        ]);
        for (name, value) in fields {
            form.set(name, *value);
        }
        form
    }

    fn post(&self, staff: &str, role: Role) -> String {
        format!("{staff}/{}/{}", self.unit, role.as_str())
    }

    async fn give(&self, by: &str, fields: &[(&str, &str)]) -> Result<DelegationId, No> {
        let actor = self.actor(by).await;
        give(&self.app, &actor, &self.form(fields)).await
    }

    /// A dossier of the ward at its leader's step.
    fn approval(&self, holder: Option<&str>) -> Resource {
        Resource {
            with_agent: None,
            receiving: self.unit.clone(),
            competent: self.unit.clone(),
            step: Some((Role::Leader, self.unit.clone())),
            holder: holder.map(id),
            tasks: Vec::new(),
        }
    }

    /// For whom somebody would approve, and whether authority to sign is lacking.
    async fn approves(&self, who: &str) -> Result<(Option<String>, bool), Denied> {
        let (actor, resource) = (self.actor(who).await, self.approval(Some(LEADER)));
        let permit = may_act(&actor, CommandKind::Forward, &resource)?;
        let act = (CommandKind::Forward, Some(Product::Approval));
        let lacks = lacks_signing(&actor, &permit, act, &resource);
        Ok((permit.for_whom().map(StaffId::to_string), lacks))
    }
}

fn id(text: &str) -> StaffId {
    StaffId::parse(text).unwrap()
}

#[tokio::test]
async fn a_delegate_approves_for_the_absent_person_until_the_last_day() {
    let ward = Ward::open().await;
    assert_eq!(ward.approves(DIRECTOR).await, Err(Denied::Seen));
    let given = ward.give(LEADER, &[]).await.unwrap();
    let stands = Ok((Some(LEADER.to_owned()), false));
    assert_eq!(ward.approves(DIRECTOR).await, stands);
    assert_eq!(ward.approves(LEADER).await, Ok((None, false)), "still hers");
    ward.go_to(date(2026, 11, 27));
    assert_eq!(ward.approves(DIRECTOR).await, stands);
    ward.go_to(date(2026, 11, 28));
    assert_eq!(ward.approves(DIRECTOR).await, Err(Denied::Seen));
    assert_eq!(
        audited(&ward.app, LEADER).await.last().unwrap(),
        "delegation.given"
    );
    assert_eq!(
        audited(&ward.app, DIRECTOR).await.last().unwrap(),
        "delegation.given"
    );
    assert!(ward.app.store().delegation(&given).await.unwrap().is_some());
}

#[tokio::test]
async fn without_signing_the_work_is_done_and_nothing_is_signed() {
    let ward = Ward::open().await;
    ward.give(LEADER, &[("signing", "")]).await.unwrap();
    let stands = Ok((Some(LEADER.to_owned()), true));
    assert_eq!(ward.approves(DIRECTOR).await, stands);
    let (actor, resource) = (ward.actor(DIRECTOR).await, ward.approval(Some(LEADER)));
    let back = may_act(&actor, CommandKind::SendBack, &resource).unwrap();
    let act = (CommandKind::SendBack, Some(Product::Approval));
    assert!(!lacks_signing(&actor, &back, act, &resource));
}

#[tokio::test]
async fn what_one_may_do_oneself_is_done_in_the_own_name() {
    let ward = Ward::open().await;
    let fields = [
        ("post", ward.post(CLERK, Role::ReceptionClerk)),
        ("signing", String::new()),
    ];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    ward.give(CLERK, &fields).await.unwrap();
    let (actor, resource) = (ward.actor(DIRECTOR).await, ward.approval(None));
    // A director receives and returns at the own counter.
    let own = may_act(&actor, CommandKind::Withdraw, &resource).unwrap();
    assert_eq!(own.for_whom(), None);
    assert_eq!(actor.working_for(), [id(DIRECTOR), id(CLERK)]);
    assert!(may_see(&actor, &resource).is_ok());
}

#[tokio::test]
async fn leaders_give_for_their_staff_and_nobody_takes_a_signing_post() {
    let ward = Ward::open().await;
    let officer = ward.post(OFFICER, Role::CaseOfficer);
    let fields = [("post", officer.as_str()), ("to", CLERK), ("signing", "")];
    ward.give(DIRECTOR, &fields).await.unwrap();
    let unseen = |no: &No| matches!(no, No::Denied(Denied::Unseen));
    let taken = ward.give(DIRECTOR, &[]).await.unwrap_err();
    assert!(unseen(&taken), "{taken:?}");
    let foreign = ward.give(CLERK, &[]).await.unwrap_err();
    assert!(unseen(&foreign), "{foreign:?}");
    let others = ward.give("lanhdao-nguyetvien", &[]).await.unwrap_err();
    assert!(unseen(&others), "{others:?}");
}

#[tokio::test]
async fn each_refusal_stands_at_its_field_with_its_rule() {
    let ward = Ward::open().await;
    let refused =
        async |fields: &[(&str, &str)]| faults(ward.give(LEADER, fields).await.unwrap_err());
    let round = refused(&[("last", "22/11/2026")]).await;
    assert_eq!(round, [("last", "fault.delegation.ends_before_it_begins")]);
    let long = refused(&[("last", "2027-02-21")]).await;
    assert_eq!(long, [("last", "fault.delegation.too_long")]);
    let past = refused(&[("first", "22/11/2026")]).await;
    assert_eq!(past, [("first", "fault.delegation.past")]);
    let own = refused(&[("to", LEADER)]).await;
    assert_eq!(own, [("to", "fault.delegation.oneself")]);
    let stranger = refused(&[("to", "giamdoc-nguyetvien")]).await;
    assert_eq!(stranger, [("to", "fault.delegation.stranger")]);
    let unsigned = refused(&[("to", OFFICER)]).await;
    assert_eq!(unsigned, [("signing", "fault.delegation.may_not_sign")]);
    let unread = refused(&[("post", "x"), ("to", ""), ("first", "mai"), ("last", "")]).await;
    let fields: Vec<&str> = unread.iter().map(|(field, _)| *field).collect();
    assert_eq!(fields, ["post", "to", "first", "last"]);
    ward.give(LEADER, &[]).await.unwrap();
    let twice = refused(&[("to", OFFICER), ("signing", "")]).await;
    assert_eq!(twice, [("first", "fault.delegation.taken")]);
    let chain = [
        ("post", ward.post(DIRECTOR, Role::CentreDirector)),
        ("to", OFFICER.to_owned()),
    ];
    let chain = chain
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let chain = ward
        .give(DIRECTOR, &[chain[0], chain[1], ("signing", "")])
        .await;
    let chain = faults(chain.unwrap_err());
    assert_eq!(chain, [("post", "fault.delegation.stands_in")]);
}

#[tokio::test]
async fn a_delegation_ends_early_by_who_gave_it_and_by_no_stranger() {
    let ward = Ward::open().await;
    let given = ward.give(LEADER, &[]).await.unwrap();
    let page = absence_page(&ward.app, &ward.actor(LEADER).await)
        .await
        .unwrap();
    assert_eq!(
        (page.lines[0].stage, page.lines[0].may_end),
        (Stage::Runs, true)
    );
    let delegate = ward.actor(DIRECTOR).await;
    let page = absence_page(&ward.app, &delegate).await.unwrap();
    assert_eq!(
        (page.lines[0].stage, page.lines[0].may_end),
        (Stage::Runs, false)
    );
    let foreign = end(&ward.app, &delegate, &given).await;
    assert!(matches!(foreign, Err(No::Denied(Denied::Unseen))));
    let leader = ward.actor(LEADER).await;
    end(&ward.app, &leader, &given).await.unwrap();
    end(&ward.app, &leader, &given).await.unwrap();
    assert_eq!(ward.approves(DIRECTOR).await, Err(Denied::Seen));
    let page = absence_page(&ward.app, &leader).await.unwrap();
    assert_eq!(
        (page.lines[0].stage, page.lines[0].may_end),
        (Stage::Ended, false)
    );
    assert_eq!(
        audited(&ward.app, LEADER).await.last().unwrap(),
        "delegation.ended"
    );
    ward.give(LEADER, &[]).await.unwrap();
}

#[tokio::test]
async fn the_page_offers_ones_own_posts_and_those_one_leads() {
    let ward = Ward::open().await;
    let offered = async |who: &str| {
        let page = absence_page(&ward.app, &ward.actor(who).await)
            .await
            .unwrap();
        let posts = page.posts.iter().map(|choice| choice.staff.to_string());
        posts.collect::<Vec<String>>()
    };
    assert_eq!(offered(OFFICER).await, [OFFICER]);
    let led = offered(LEADER).await;
    assert_eq!((led[0].as_str(), led.len()), (LEADER, 5));
    let directed = offered(DIRECTOR).await;
    assert!(!directed.contains(&LEADER.to_owned()), "{directed:?}");
    for nobody in [
        "quantri",
        "kiemsoat",
        "buudien-hacthanh",
        "tinhnguyen-hacthanh",
    ] {
        let none = absence_page(&ward.app, &ward.actor(nobody).await).await;
        assert!(matches!(none, Err(No::Denied(Denied::Seen))), "{nobody}");
    }
}

#[tokio::test]
async fn a_delegate_who_left_the_unit_stands_in_no_more() {
    let ward = Ward::open().await;
    ward.give(LEADER, &[]).await.unwrap();
    let mut found = ward.app.store().posts_of(&id(DIRECTOR), ward.today()).await;
    let mut post = found.as_mut().unwrap().remove(0).post;
    post.valid_to = Some(date(2026, 11, 24));
    let line = store::AuditLine {
        actor: "quantri".to_owned(),
        action: "post.ended".to_owned(),
        subject: DIRECTOR.to_owned(),
        purpose: String::new(),
        detail: String::new(),
    };
    let new = store::NewPost {
        post,
        counter: None,
        title: None,
    };
    let now = ward.app.clock().now();
    ward.app.store().give_post(new, now, line).await.unwrap();
    ward.go_to(date(2026, 11, 24));
    assert!(ward.approves(DIRECTOR).await.is_ok());
    ward.go_to(date(2026, 11, 25));
    assert_eq!(ward.approves(DIRECTOR).await, Err(Denied::Unseen));
}

#[tokio::test]
async fn a_session_says_whom_its_holder_stands_in_for() {
    let ward = Ward::open().await;
    ward.give(LEADER, &[]).await.unwrap();
    let given = Credentials {
        login: "giamdoc.hacthanh".to_owned(),
        password: demo::PASSWORD.to_owned(),
        code: String::new(),
        language: Language::Vi,
    };
    let opened = sign_in(&ward.app, given).await.unwrap();
    let found = session(&ward.app, &opened.token).await.unwrap().unwrap();
    let expected = ward.actor(DIRECTOR).await.standing;
    assert_eq!(expected.len(), 1);
    assert_eq!(found.actor.standing, expected);
    assert!(found.actor.is(Role::Leader));
}
