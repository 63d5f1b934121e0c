//! Who changes what of notices, within which bounds, and what is asked of a provider.

use domain::notice::{Approved, Parameter};
use store::Audited;

use super::*;
use crate::no::Denied;

const CLERKS_WARD: &str = "Phường Hạc Thành";

fn ward_administrator(app: &App, ward: &str) -> Actor {
    let unit = clerk(app, ward).posts.remove(0).0;
    somebody(Role::Administrator, unit.as_str())
}

#[tokio::test]
async fn a_ward_s_administrator_runs_nothing_of_the_province_and_reads_the_ward_s_own_log() {
    let office = Office::open(Vec::new()).await;
    let app = &office.app;
    let (own, other) = (
        ward_administrator(app, CLERKS_WARD),
        ward_administrator(app, "Phường Nguyệt Viên"),
    );
    let which = (Kind::Received, Channel::Sms);
    let denied = |done: Result<(), No>| matches!(done, Err(No::Denied(Denied::Seen)));
    assert!(denied(
        wording(app, &own, which, Language::Vi).await.map(drop)
    ));
    let shipped = wording(app, &administrator(), which, Language::Vi).await;
    let words = edited(shipped.unwrap().template, 0);
    assert!(denied(edit(app, &own, &words).await));
    assert!(denied(save(app, &own, words).await));
    assert!(denied(switch(app, &own, Kind::Withdrawn, true).await));
    assert!(denied(save_quiet_hours(app, &own, "22:00", "06:00").await));
    assert!(!book(app, &own).await.unwrap().may_edit);
    office.receive("", "an@noi.vn").await;
    let log = LogQuery::default();
    let seen = delivery_log(app, &own, &log).await.unwrap();
    assert_eq!(seen.lines.len(), 1);
    let foreign = delivery_log(app, &other, &log).await.unwrap();
    assert_eq!(foreign.lines, []);
    let id = seen.lines[0].id;
    let again = send_again(app, &other, id).await;
    assert!(matches!(again, Err(No::Denied(Denied::Unseen))));
    assert!(delivery_log(app, &administrator(), &log).await.unwrap() == seen);
    // Both posts: both wards' log, in one list.
    office.receive("", "binh@noi.vn").await;
    let both = Actor {
        posts: [own.posts, other.posts].concat(),
        ..somebody(Role::Administrator, "H56.1")
    };
    let seen = delivery_log(app, &both, &log).await.unwrap();
    let ids: Vec<i64> = seen.lines.iter().map(|line| line.id).collect();
    assert_eq!(ids.len(), 2);
    assert!(ids[0] > ids[1], "the newest first");
    let nobody = delivery_log(app, &clerk(app, CLERKS_WARD), &log).await;
    assert!(matches!(nobody, Err(No::Denied(Denied::Seen))));
}

#[tokio::test]
async fn quiet_hours_are_bounded_and_the_audit_log_has_the_old_and_the_new() {
    let office = Office::open(Vec::new()).await;
    let app = &office.app;
    let admin = administrator();
    let wrong = async |from: &str, to: &str| {
        let no = save_quiet_hours(app, &admin, from, to).await;
        faults(no.unwrap_err())
    };
    let by_day = [("to", "notice.fault.hours_by_day")];
    assert_eq!(wrong("00:00", "23:59").await, by_day);
    assert_eq!(wrong("08:01", "08:00").await, by_day);
    assert_eq!(wrong("16:59", "06:00").await, by_day);
    let long = [("to", "notice.fault.hours_long")];
    assert_eq!(wrong("18:00", "07:00").await, long);
    save_quiet_hours(app, &admin, "22:00", "06:30")
        .await
        .unwrap();
    let lines = app.store().audited("notice.quiet_hours").await.unwrap();
    let details: Vec<&str> = lines
        .iter()
        .map(|one: &Audited| one.line.detail.as_str())
        .collect();
    let [detail] = details[..] else {
        panic!("what was refused is not on record: {details:?}");
    };
    for said in [
        "\"old\"", "21:00:00", "07:00:00", "\"new\"", "22:00:00", "06:30:00",
    ] {
        assert!(detail.contains(said), "{said}: {detail}");
    }
}

/// A social network that knows one text.
struct Network(Mutex<Result<Option<Approved>, PortError>>);

#[async_trait]
impl Notifier for Network {
    fn channel(&self) -> Channel {
        Channel::Social
    }

    async fn send(&self, _: &Outgoing) -> Result<String, PortError> {
        Ok("taken".to_owned())
    }

    async fn approved(&self, text: &str) -> Result<Option<Approved>, PortError> {
        assert_eq!(text, "100001");
        self.0.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn a_text_of_a_social_network_is_kept_when_its_provider_has_approved_it() {
    let parameter = |name: &str, longest| Parameter {
        name: name.to_owned(),
        required: true,
        longest: Some(longest),
    };
    let approved = Approved {
        enabled: true,
        parameters: vec![
            parameter("ma", 30),
            parameter("cq", 40),
            parameter("hen", 30),
        ],
    };
    let network = Arc::new(Network(Mutex::new(Ok(Some(approved.clone())))));
    let (app, _) = empty_with(vec![Arc::clone(&network) as Arc<dyn Notifier>]).await;
    demo::seed(&app).await.unwrap();
    let admin = administrator();
    let words = |body: &str| {
        let template = Template {
            kind: Kind::Received,
            channel: Channel::Social,
            subject: "100001".to_owned(),
            body: body.to_owned(),
        };
        edited(template, 0)
    };
    let good = words("ma={ma_ho_so}\ncq={don_vi}\nhen={hen_tra}");
    let no = save(&app, &admin, good.clone()).await.unwrap_err();
    let long = ("body", "notice.fault.parameter_too_long");
    assert_eq!(faults(no), [long]);
    let answers = [
        (
            Ok(Some(Approved::default())),
            ("subject", "notice.fault.not_enabled"),
        ),
        (
            Err(PortError::Fail("unknown".to_owned())),
            ("subject", "notice.fault.not_known"),
        ),
        (
            Err(PortError::Retry("busy".to_owned())),
            ("subject", "notice.fault.not_asked"),
        ),
    ];
    for (answer, fault) in answers {
        *network.0.lock().unwrap() = answer;
        let no = save(&app, &admin, good.clone()).await.unwrap_err();
        assert_eq!(faults(no), [fault]);
    }
    let mut wide = approved;
    wide.parameters[1].longest = Some(200);
    *network.0.lock().unwrap() = Ok(Some(wide));
    edit(&app, &admin, &good).await.unwrap();
    save(&app, &admin, good).await.unwrap();
}
