//! From a reception to what a person is told, on scripted channels.

mod rights;
mod told;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::ids::{DossierId, StaffId, UnitId};
use domain::notice::{Channel, Kind, MOST_ATTEMPTS, Template, check};
use domain::office::Role;
use jiff::civil::date;
use store::{DeliveryFilter, DeliveryState};

use super::*;
use crate::access::Actor;
use crate::clock::ManualClock;
use crate::demo;
use crate::intake::{AtCounter, Ending, receive};
use crate::jobs::work_off;
use crate::people::testing::{clerk, empty_with, faults, key, typed};
use crate::ports::{Notifier, Outgoing, PortError};
use crate::words::Language;
use crate::{App, No};

/// A channel that answers by a script, and remembers what it took.
struct Scripted {
    channel: Channel,
    answers: Mutex<Vec<Result<String, PortError>>>,
    taken: Mutex<Vec<Outgoing>>,
}

impl Scripted {
    /// Answers are given from the last to the first; then everything is taken.
    fn new(channel: Channel, answers: Vec<Result<String, PortError>>) -> Arc<Self> {
        Arc::new(Self {
            channel,
            answers: Mutex::new(answers),
            taken: Mutex::default(),
        })
    }

    fn taken(&self) -> Vec<Outgoing> {
        self.taken.lock().unwrap().clone()
    }
}

#[async_trait]
impl Notifier for Scripted {
    fn channel(&self) -> Channel {
        self.channel
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<String, PortError> {
        let answer = self.answers.lock().unwrap().pop();
        let answer = answer.unwrap_or_else(|| Ok("taken".to_owned()));
        if answer.is_ok() {
            self.taken.lock().unwrap().push(outgoing.clone());
        }
        answer
    }
}

struct Office {
    app: App,
    clock: Arc<ManualClock>,
    mail: Arc<Scripted>,
    sms: Arc<Scripted>,
}

impl Office {
    async fn open(mail: Vec<Result<String, PortError>>) -> Self {
        let mail = Scripted::new(Channel::Mail, mail);
        let sms = Scripted::new(Channel::Sms, Vec::new());
        let channels = vec![
            Arc::clone(&mail) as Arc<dyn Notifier>,
            Arc::clone(&sms) as Arc<dyn Notifier>,
        ];
        let (app, clock) = empty_with(channels).await;
        demo::seed(&app).await.unwrap();
        Self {
            app,
            clock,
            mail,
            sms,
        }
    }

    /// Receives a dossier whose applicant gave these addresses, and words its notices.
    async fn receive(&self, phone: &str, email: &str) -> DossierId {
        let input = AtCounter {
            scans: Vec::new(),
            ending: Ending::Receive,
            typed: typed(&[
                ("name", "Nguyễn Thị An"),
                ("number", "038199000017"),
                ("procedure", "2.000815"),
                ("c1", "paper"),
                ("pages1", "1"),
                ("phone", phone),
                ("email", email),
            ]),
            draft: None,
            key: key(),
        };
        let who = clerk(&self.app, "Phường Hạc Thành");
        let filed = receive(&self.app, &who, input).await.unwrap();
        work_off(&self.app).await.unwrap();
        filed.dossier
    }

    async fn states(&self) -> Vec<(Channel, DeliveryState, String)> {
        let all = DeliveryFilter::default();
        let found = self.app.store().deliveries(&all, 50).await.unwrap();
        let mut states: Vec<_> = found
            .into_iter()
            .map(|d| (d.channel, d.state, d.reason))
            .collect();
        states.sort();
        states
    }
}

fn administrator() -> Actor {
    somebody(Role::Administrator, demo::PROVINCE)
}

fn somebody(role: Role, unit: &str) -> Actor {
    Actor {
        staff: StaffId::parse("ai-do").unwrap(),
        name: "Ai Đó".to_owned(),
        posts: vec![(UnitId::parse(unit).unwrap(), role)],
        standing: Vec::new(),
        language: Language::Vi,
    }
}

fn again(reason: &str) -> Result<String, PortError> {
    Err(PortError::Retry(reason.to_owned()))
}

#[tokio::test]
async fn a_reception_is_told_on_every_channel_once() {
    let office = Office::open(Vec::new()).await;
    let dossier = office.receive("0912345678", "an@noi.vn").await;
    assert_eq!(send_due(&office.app).await.unwrap(), 2);
    assert_eq!(send_due(&office.app).await.unwrap(), 0);
    let mails = office.mail.taken();
    let [mail] = &mails[..] else {
        panic!("one mail: {}", mails.len());
    };
    assert_eq!(mail.to, "an@noi.vn");
    assert!(mail.subject.starts_with("Đã tiếp nhận hồ sơ H56."));
    assert!(mail.body.contains("Hẹn trả kết quả: "), "{}", mail.body);
    assert!(mail.body.contains("Result promised for: "), "{}", mail.body);
    assert!(mail.body.contains("http://motcua.test/tra-cuu/H56."));
    let texts = office.sms.taken();
    assert_eq!((texts.len(), texts[0].to.as_str()), (1, "0912345678"));
    assert!(texts[0].body.is_ascii(), "{}", texts[0].body);
    for told in [&mail.body, &texts[0].body] {
        assert!(!told.contains("An") && !told.contains("0381"), "{told}");
    }
    let who = clerk(&office.app, "Phường Hạc Thành");
    let page = crate::processing::dossier_page(&office.app, &who, &dossier).await;
    let told = page.unwrap().notices;
    assert!(told.iter().all(|line| line.state == DeliveryState::Sent));
    assert_eq!(told.len(), 2);
}

#[tokio::test]
async fn whoever_cannot_be_reached_is_named_for_somebody_to_tell() {
    let office = Office::open(Vec::new()).await;
    office.receive("", "").await;
    assert_eq!(send_due(&office.app).await.unwrap(), 0);
    let given_up = DeliveryState::GivenUp;
    let nobody = (Channel::Mail, given_up, "no_address".to_owned());
    assert_eq!(office.states().await, [nobody]);
}

#[tokio::test]
async fn what_fails_is_tried_again_with_growing_pauses_and_given_up() {
    let tries = MOST_ATTEMPTS as usize;
    let failing = vec![again("421 an@noi.vn later"); tries];
    let office = Office::open(failing).await;
    office.receive("", "an@noi.vn").await;
    let mut waited = Vec::new();
    for _ in 0..tries {
        let now = office.app.clock().now();
        assert_eq!(send_due(&office.app).await.unwrap(), 1);
        let all = DeliveryFilter::default();
        let found = office.app.store().deliveries(&all, 1).await.unwrap();
        assert_eq!(found[0].reason, "421 *** later");
        let Some(next) = found[0].next_try else {
            assert_eq!(found[0].state, DeliveryState::GivenUp);
            break;
        };
        assert_eq!(found[0].state, DeliveryState::Failed);
        waited.push(now.duration_until(next).as_mins());
        let awake = quiet_hours(&office.app).await.unwrap().after(next);
        office.clock.set(awake);
    }
    assert_eq!(waited.len(), tries - 1);
    assert!(waited.is_sorted());
    assert!(office.mail.taken().is_empty());
    let director = somebody(Role::CentreDirector, "H56.1");
    let all = DeliveryFilter::default();
    let id = office.app.store().deliveries(&all, 1).await.unwrap()[0].id;
    let no = send_again(&office.app, &director, id).await;
    assert!(matches!(no, Err(No::Denied(_))), "another centre's");
    let done = send_again(&office.app, &administrator(), id).await;
    assert_eq!(done.unwrap(), Sendable::Again);
    assert_eq!(send_due(&office.app).await.unwrap(), 1);
    assert_eq!(office.mail.taken().len(), 1);
    let done = send_again(&office.app, &administrator(), id).await;
    assert_eq!(done.unwrap(), Sendable::NotNow);
}

#[tokio::test]
async fn a_refusal_is_kept_with_its_reason_and_nobody_is_asked_again() {
    let refused = Err(PortError::Fail("550 no such mailbox".to_owned()));
    let office = Office::open(vec![refused]).await;
    office.receive("0912345678", "an@noi.vn").await;
    send_due(&office.app).await.unwrap();
    office.clock.set(date(2026, 12, 1).at(9, 0, 0, 0));
    assert_eq!(send_due(&office.app).await.unwrap(), 0);
    let reason = "550 no such mailbox".to_owned();
    let expected = [
        (Channel::Mail, DeliveryState::Refused, reason),
        (Channel::Sms, DeliveryState::Sent, String::new()),
    ];
    assert_eq!(office.states().await, expected);
}

#[tokio::test]
async fn at_night_nothing_is_sent_and_nothing_is_lost() {
    let office = Office::open(Vec::new()).await;
    office.clock.set(date(2026, 11, 23).at(22, 30, 0, 0));
    office.receive("", "an@noi.vn").await;
    assert_eq!(send_due(&office.app).await.unwrap(), 0);
    office.clock.set(date(2026, 11, 24).at(6, 59, 0, 0));
    assert_eq!(send_due(&office.app).await.unwrap(), 0);
    office.clock.set(date(2026, 11, 24).at(7, 0, 0, 0));
    assert_eq!(send_due(&office.app).await.unwrap(), 1);
    let admin = administrator();
    let no = save_quiet_hours(&office.app, &admin, "25:00", "x").await;
    let wrong = "notice.fault.time";
    assert_eq!(faults(no.unwrap_err()), [("from", wrong), ("to", wrong)]);
    let saved = save_quiet_hours(&office.app, &admin, "06:00", "08:00").await;
    saved.unwrap();
    office.receive("", "an@noi.vn").await;
    assert_eq!(send_due(&office.app).await.unwrap(), 0);
    let clerk = clerk(&office.app, "Phường Hạc Thành");
    let no = save_quiet_hours(&office.app, &clerk, "21:00", "07:00").await;
    assert!(matches!(no, Err(No::Denied(_))));
}

fn edited(template: Template, version: u32) -> Edited {
    Edited {
        template,
        language: Language::Vi,
        version,
    }
}

#[tokio::test]
async fn words_are_checked_before_they_are_kept_and_then_used() {
    let office = Office::open(Vec::new()).await;
    let admin = administrator();
    let which = (Kind::Received, Channel::Sms);
    let shipped = wording(&office.app, &admin, which, Language::Vi).await;
    let mut template = shipped.unwrap().template;
    template.body = "{don_vi}: {ma_ho_so} {ho_ten}".to_owned();
    let no = save(&office.app, &admin, edited(template.clone(), 0)).await;
    assert_eq!(
        faults(no.unwrap_err()),
        [
            ("body", "notice.fault.missing_place"),
            ("body", "notice.fault.unknown_place")
        ]
    );
    template.body = "Moi: {don_vi}, {ma_ho_so}, {hen_tra}".to_owned();
    let first = save(&office.app, &admin, edited(template.clone(), 0)).await;
    first.unwrap();
    let stale = save(&office.app, &admin, edited(template, 0)).await;
    assert_eq!(
        faults(stale.unwrap_err()),
        [("version", "notice.fault.stale")]
    );
    office.receive("0912345678", "").await;
    send_due(&office.app).await.unwrap();
    assert!(office.sms.taken()[0].body.starts_with("Moi: Trung tam"));
    let controller = somebody(Role::ProvinceController, demo::PROVINCE);
    let seen = book(&office.app, &controller).await.unwrap();
    assert!(!seen.may_edit);
    let no = wording(&office.app, &controller, which, Language::Vi).await;
    assert!(matches!(no, Err(No::Denied(_))));
}

#[tokio::test]
async fn what_the_law_wants_is_not_switched_off() {
    let office = Office::open(Vec::new()).await;
    let admin = administrator();
    let no = switch(&office.app, &admin, Kind::Received, true).await;
    let Err(No::Invalid(wrong)) = no else {
        panic!("{no:?}");
    };
    assert_eq!(wrong[0].key, "notice.fault.required");
    assert_eq!(wrong[0].values[0].1, "NĐ 118/2025/NĐ-CP, Điều 17");
    let no = switch(&office.app, &admin, Kind::Filed, true).await;
    assert!(matches!(no, Err(No::Invalid(_))), "{no:?}");
    let optional = switch(&office.app, &admin, Kind::Withdrawn, true).await;
    optional.unwrap();
    let book = book(&office.app, &admin).await.unwrap();
    let off: Vec<Kind> = book
        .kinds
        .iter()
        .filter(|k| k.off)
        .map(|k| k.kind)
        .collect();
    assert_eq!(off, [Kind::Withdrawn]);
}

#[tokio::test]
async fn the_words_that_ship_pass_their_own_check() {
    let office = Office::open(Vec::new()).await;
    let book = book(&office.app, &administrator()).await.unwrap();
    assert_eq!(book.kinds.len(), Kind::ALL.len());
    for wording in book.kinds.iter().flat_map(|kind| &kind.wordings) {
        let template = &wording.template;
        assert_eq!(check(template), [], "{template:?}");
        let key = format!("notice.kind.{}", template.kind.as_str());
        assert!(crate::words::has(&key), "{key}");
    }
}
