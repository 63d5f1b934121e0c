//! What each notice says, and of which event.

use domain::deadline::Limit;
use domain::dossier::{Acknowledged, Admitted, Dossier, Event, File, HandedAs, Issued, Outcome};
use domain::ids::{FileHash, TextId};
use domain::money::Dong;
use domain::procedure::Channel as Way;
use jiff::ToSpan as _;
use jiff::civil::DateTime;
use store::{Batch, Names, NewEvents};

use super::*;
use crate::jobs::messages_of;
use crate::notices::compose::values;
use crate::processing::{Act, Order, act, dossier_page};

const WARD: &str = "Phường Hạc Thành";

/// The demonstration's own person in a role at the unit of that name.
fn person(app: &App, name: &str, role: Role) -> Actor {
    let staff = demo::accounts(app);
    let known = staff
        .iter()
        .find(|a| a.unit_name == name && a.role == role)
        .unwrap();
    Actor {
        staff: StaffId::parse(&known.login.replace('.', "-")).unwrap(),
        name: known.name.to_owned(),
        ..somebody(role, known.unit.as_str())
    }
}

async fn orders(app: &App, actor: &Actor, dossier: &DossierId, order: Order) {
    let loaded = app.store().load(dossier).await.unwrap();
    let input = Act {
        dossier: dossier.clone(),
        version: loaded.version,
        key: key(),
        order,
    };
    act(app, actor, input).await.map(drop).unwrap();
}

/// Files at the ward's counter, with a mailbox.
async fn file(office: &Office, who: &Actor, more: &[(&str, &str)], ending: Ending) -> DossierId {
    let mut fields = vec![
        ("name", "Nguyễn Thị An"),
        ("number", "038199000017"),
        ("procedure", "2.000815"),
        ("c1", "paper"),
        ("pages1", "1"),
        ("email", "an@noi.vn"),
    ];
    fields.extend(more);
    let input = AtCounter {
        scans: Vec::new(),
        ending,
        typed: typed(&fields),
        draft: None,
        key: key(),
    };
    receive(&office.app, who, input).await.unwrap().dossier
}

/// The same as an applicant files it online herself, with files for papers.
async fn file_online(office: &Office, clerk: &Actor) -> DossierId {
    let app = &office.app;
    let like = file(office, clerk, &[], Ending::Submit).await;
    let mut submitted = app.store().load(&like).await.unwrap().events[0]
        .event
        .clone();
    let Event::Submitted { at, filed, .. } = &mut submitted else {
        panic!("{submitted:?}")
    };
    filed.channel = Way::Online;
    for there in &mut filed.handed {
        let file = FileHash::parse(&"a".repeat(64)).unwrap();
        there.handed = HandedAs::Attached { file };
    }
    let (now, dossier) = (*at, app.ids().dossier(*at));
    let row = app.store().views().dossier_row(&like).await.unwrap();
    let row = row.unwrap();
    let process = app.process(&filed.procedure, filed.process_version).await;
    let events = vec![submitted];
    let batch = Batch {
        messages: messages_of(&dossier, 0, &events),
        dossier: dossier.clone(),
        expected: 0,
        head: String::new(),
        before: Dossier::Absent,
        events: NewEvents::Ready(events),
        actor: "applicant".to_owned(),
        behalf: None,
        now,
        audit: Vec::new(),
        once: None,
        texts: Vec::new(),
        parties: Vec::new(),
        drop_draft: None,
        names: Some(Names {
            procedure_name: row.procedure_name,
            field: row.field,
            owner_name: row.owner_name,
        }),
        process: process.unwrap(),
    };
    app.store().append(batch).await.unwrap();
    dossier
}

fn noticed(amount: i64) -> Order {
    Order::NoticeObligation {
        notice: "Thuế thu nhập cá nhân".to_owned(),
        amount: Some(Dong(amount)),
        pay_by: None,
        document: Vec::new(),
    }
}

#[tokio::test]
async fn two_events_of_one_kind_are_told_each_once_however_late_the_worker_is() {
    let office = Office::open(Vec::new()).await;
    let app = &office.app;
    let admin = administrator();
    let which = (Kind::ObligationNoticed, Channel::Mail);
    let mut template = wording(app, &admin, which, Language::Vi)
        .await
        .unwrap()
        .template;
    template.body = "{don_vi} {ma_ho_so} {thoi_diem}".to_owned();
    save(app, &admin, edited(template, 0)).await.unwrap();
    let clerk = person(app, WARD, Role::ReceptionClerk);
    let dossier = file(&office, &clerk, &[], Ending::Receive).await;
    orders(app, &clerk, &dossier, Order::HandOver).await;
    work_off(app).await.unwrap();
    send_due(app).await.unwrap();
    let before = office.mail.taken().len();
    let officer = person(app, WARD, Role::CaseOfficer);
    let mut times = Vec::new();
    for amount in [150_000, 20_000] {
        office.clock.set(app.clock().now().saturating_add(1.hour()));
        times.push(app.clock().now());
        orders(app, &officer, &dossier, noticed(amount)).await;
        let proof = Order::MeetObligation {
            proof: "Biên lai 12".to_owned(),
            document: Vec::new(),
        };
        orders(app, &officer, &dossier, proof).await;
    }
    while work_off(app).await.unwrap() > 0 {}
    while send_due(app).await.unwrap() > 0 {}
    let mails = office.mail.taken().split_off(before);
    assert_eq!(mails.len(), 2);
    for at in times {
        let said = format!("{} {}", words_time(at), crate::words::date(at.date()));
        let told = mails.iter().filter(|mail| mail.body.contains(&said));
        assert_eq!(told.count(), 1, "{said}: {mails:?}");
    }
}

fn words_time(at: DateTime) -> String {
    crate::words::time(at)
}

#[tokio::test]
async fn what_is_filed_online_is_acknowledged_and_what_is_filed_at_the_counter_is_not() {
    let office = Office::open(Vec::new()).await;
    let app = &office.app;
    let clerk = person(app, WARD, Role::ReceptionClerk);
    file(&office, &clerk, &[], Ending::Submit).await;
    work_off(app).await.unwrap();
    assert_eq!(office.states().await, []);
    file_online(&office, &clerk).await;
    work_off(app).await.unwrap();
    send_due(app).await.unwrap();
    let mails = office.mail.taken();
    let [mail] = &mails[..] else {
        panic!("one mail: {mails:?}");
    };
    assert_eq!(mail.subject, "Đã nhận hồ sơ nộp trực tuyến");
    assert!(mail.body.contains("08:00 23/11/2026"), "{}", mail.body);
    let until = "Trung tâm kiểm tra và trả lời trước ";
    let (_, rest) = mail.body.split_once(until).unwrap();
    let (time, _) = rest.split_once('.').unwrap();
    assert!(time.ends_with("/11/2026"), "{time}");
}

#[tokio::test]
async fn only_what_goes_to_another_agency_is_told_as_transferred_and_the_province_may_switch_it_off()
 {
    let office = Office::open(Vec::new()).await;
    let app = &office.app;
    let clerk = person(app, WARD, Role::ReceptionClerk);
    let own = file(&office, &clerk, &[], Ending::Receive).await;
    orders(app, &clerk, &own, Order::HandOver).await;
    let centre = "Trung tâm Phục vụ hành chính công tỉnh Thanh Hóa";
    let accounts = demo::accounts(app);
    let centre = accounts
        .iter()
        .find(|a| a.role == Role::ReceptionClerk && a.unit_name.contains(centre))
        .or_else(|| accounts.iter().find(|a| a.login == "tiepnhan.tinh"))
        .map(|a| a.unit_name.clone())
        .unwrap();
    let provincial = person(app, &centre, Role::ReceptionClerk);
    let there = file(
        &office,
        &provincial,
        &[("competent", WARD)],
        Ending::Receive,
    )
    .await;
    orders(app, &provincial, &there, Order::HandOver).await;
    while work_off(app).await.unwrap() > 0 {}
    while send_due(app).await.unwrap() > 0 {}
    let told = |mails: &[Outgoing]| -> Vec<String> {
        let bodies = mails.iter().map(|mail| mail.body.clone());
        bodies
            .filter(|body| body.contains("đã chuyển hồ sơ"))
            .collect()
    };
    let [moved] = &told(&office.mail.taken())[..] else {
        panic!("{:?}", office.mail.taken());
    };
    assert!(moved.contains(&format!("đến {WARD} lúc")), "{moved}");
    assert!(moved.contains(&provincial.name), "{moved}");
    let admin = administrator();
    switch(app, &admin, Kind::Transferred, true).await.unwrap();
    let third = file(
        &office,
        &provincial,
        &[("competent", WARD)],
        Ending::Receive,
    )
    .await;
    orders(app, &provincial, &third, Order::HandOver).await;
    while work_off(app).await.unwrap() > 0 {}
    while send_due(app).await.unwrap() > 0 {}
    assert_eq!(told(&office.mail.taken()).len(), 1);
}

#[tokio::test]
async fn a_reception_names_who_received_and_who_decides() {
    let office = Office::open(Vec::new()).await;
    let app = &office.app;
    let clerk = person(app, WARD, Role::ReceptionClerk);
    file(&office, &clerk, &[], Ending::Receive).await;
    work_off(app).await.unwrap();
    send_due(app).await.unwrap();
    let mail = office.mail.taken().remove(0);
    for said in [
        format!("Người tiếp nhận: {}", clerk.name),
        format!("Cơ quan giải quyết: {WARD}"),
        "lúc 08:00 23/11/2026".to_owned(),
        format!("Received by: {}", clerk.name),
    ] {
        assert!(mail.body.contains(&said), "{said}: {}", mail.body);
    }
}

fn issued(file: &File, clerk: &Actor, at: DateTime) -> Issued {
    Issued {
        outcome: Outcome::Granted,
        document: file.clone(),
        official: None,
        number: "1/KQ".to_owned(),
        at,
        approved_by: clerk.staff.clone(),
        validity: None,
        attachments: Vec::new(),
        issue_by: None,
        sealed: None,
    }
}

#[tokio::test]
async fn a_green_lane_s_date_is_the_one_that_is_promised_and_early_is_before_it() {
    let office = Office::open(Vec::new()).await;
    let app = &office.app;
    let clerk = person(app, WARD, Role::ReceptionClerk);
    let dossier = file(&office, &clerk, &[], Ending::Receive).await;
    orders(app, &clerk, &dossier, Order::HandOver).await;
    let loaded = app.store().load(&dossier).await.unwrap();
    let legal = loaded.dossier.record().unwrap().due.unwrap();
    let published = legal.saturating_sub(1.day());
    let text = TextId::parse("t-1").unwrap();
    let admitted = Event::LaneAdmitted(Admitted {
        at: app.clock().now(),
        lane: "xanh".to_owned(),
        ground: text,
        project: None,
        limit: Limit::working_days(1),
        due: published,
        by: clerk.staff.clone(),
        behalf: None,
    });
    let hastened = loaded.dossier.clone().evolve(&admitted);
    let record = hastened.record().unwrap();
    let told = loaded.events.last().unwrap();
    let known = values(app, record, told).await.unwrap();
    let due = &known[&domain::notice::Placeholder::Due];
    assert!(
        due.ends_with(&crate::words::date(published.date())),
        "{due}"
    );
    let file = hashed('a');
    let settled = |at| Event::Settled {
        issued: issued(&file, &clerk, at),
        step_due: at,
        refund: None,
    };
    let made = |at| Event::ResultMade {
        at,
        file: file.clone(),
        seal: None,
        completes: None,
        attachments: Vec::new(),
    };
    let kind = |at| {
        let settled = settled(at);
        assert_eq!(kind_of(&settled, Some(&hastened)), None, "not sealed yet");
        let issued = hastened.clone().evolve(&settled).evolve(&made(at));
        kind_of(&made(at), Some(&issued))
    };
    assert_eq!(kind(published), Some(Kind::ResultReady), "in its own time");
    let before = published.saturating_sub(1.day());
    assert_eq!(kind(before), Some(Kind::ResultEarly));
    let events = [settled(published), made(published)];
    told_when_it_is_back(&loaded, &clerk, &events);
}

/// What another agency decided is told of when the centre has it, sealed.
fn told_when_it_is_back(loaded: &store::Loaded, clerk: &Actor, events: &[Event; 2]) {
    let [settled, made] = events;
    let published = settled.at();
    let Event::Submitted {
        at,
        mut filed,
        answer_by,
    } = loaded.events[0].event.clone()
    else {
        panic!("a filing comes first");
    };
    filed.competent = UnitId::parse("H56.03").unwrap();
    let elsewhere = Event::Submitted {
        at,
        filed,
        answer_by,
    };
    let rest = loaded.events[1..].iter().map(|told| &told.event);
    let away = [&elsewhere].into_iter().chain(rest).chain([settled]);
    let away = away.fold(Dossier::Absent, Dossier::evolve);
    let back = Event::ResultAcknowledged(Acknowledged {
        at: published,
        by: clerk.staff.clone(),
        behalf: None,
    });
    let told = |first: &Event, then: &Event| {
        let first_left = away.clone().evolve(first);
        let then_left = first_left.clone().evolve(then);
        [(first, first_left), (then, then_left)].map(|(event, left)| kind_of(event, Some(&left)))
    };
    assert_eq!(told(made, &back), [None, Some(Kind::ResultEarly)]);
    assert_eq!(told(&back, made), [None, Some(Kind::ResultEarly)]);
    let orders = |events: &[Event]| messages(&loaded.id, 9, events).len();
    assert_eq!(orders(&[back, made.clone()]), 2);
    let proved = Event::ResultMade {
        at: published,
        file: hashed('b'),
        seal: None,
        completes: Some(hashed('a').hash),
        attachments: Vec::new(),
    };
    assert_eq!(orders(&[settled.clone(), proved]), 0);
}

fn hashed(digit: char) -> File {
    File {
        hash: FileHash::parse(&digit.to_string().repeat(64)).unwrap(),
        bytes: 9,
    }
}

#[tokio::test]
async fn an_obligation_s_notice_names_the_paper_that_gives_the_sum() {
    let office = Office::open(Vec::new()).await;
    let app = &office.app;
    let clerk = person(app, WARD, Role::ReceptionClerk);
    let dossier = file(&office, &clerk, &[], Ending::Receive).await;
    orders(app, &clerk, &dossier, Order::HandOver).await;
    let officer = person(app, WARD, Role::CaseOfficer);
    orders(app, &officer, &dossier, noticed(150_000)).await;
    while work_off(app).await.unwrap() > 0 {}
    while send_due(app).await.unwrap() > 0 {}
    let mails = office.mail.taken();
    let told = mails.iter().find(|mail| mail.subject.contains("nghĩa vụ"));
    let body = &told.unwrap().body;
    assert!(body.contains("Thông báo thực hiện nghĩa vụ tài chính"));
    assert!(!body.contains("150"), "no sum in a mail: {body}");
    let page = dossier_page(app, &officer, &dossier).await.unwrap();
    assert!(
        page.notices
            .iter()
            .any(|n| n.kind == Kind::ObligationNoticed)
    );
}
