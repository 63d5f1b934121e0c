//! Notices through a real SMTP server: taken, refused, put off, kept waiting, dead, and the worker
//! killed on the way. Each failure is on record with its reason and its next try; nothing is lost.

mod mailbox;

use std::os::unix::process::ExitStatusExt as _;
use std::sync::Arc;
use std::time::Duration;

use app::App;
use app::clock::ManualClock;
use app::intake::{AtCounter, Ending};
use app::keys::Keyring;
use app::notices::send_due;
use app::ports::{Notifier as _, Outgoing, PortError};
use domain::ids::DossierId;
use domain::notice::{Channel, Kind};
use domain::office::Role;
use gateways::SigningParts;
use gateways::notify::MailNotifier;
use jiff::ToSpan as _;
use jiff::civil::DateTime;
use server::wiring::{self, Outside};
use store::{Delivery, DeliveryFilter, DeliveryState, Store};

use crate::program::{Installation, Server};
use crate::support::{
    Engine, Folder, actor, database, key, monday, on_both_engines, typed, unit_named,
};
use mailbox::{Mailbox, Mode, has_mail_server};

on_both_engines!(
    a_mail_is_sent_once_with_what_the_law_wants_in_it,
    a_mail_travels_through_tls_to_a_server_that_is_trusted_alone,
    a_refused_mail_is_on_record_and_not_tried_again,
    a_mail_that_was_put_off_is_tried_again,
    a_slow_server_and_a_dead_one_lose_nothing,
    a_worker_killed_before_sending_sends_once,
    a_worker_killed_after_sending_sends_under_the_same_code,
);

const FROM: &str = "Một Cửa <khong-tra-loi@motcua.test>";
const MASTER: &str = "5a";

struct Office {
    app: App,
    clock: Arc<ManualClock>,
    mailbox: Mailbox,
    _folder: Folder,
}

fn channel(mailbox: &Mailbox) -> Arc<MailNotifier> {
    let patience = Duration::from_secs(2);
    let authority = mailbox.certificate();
    let mail = MailNotifier::open(&mailbox.address(), FROM, authority.as_deref(), patience);
    Arc::new(mail.unwrap())
}

impl Office {
    async fn open(engine: Engine, mode: Mode) -> Self {
        Self::with(engine, Mailbox::start(mode)).await
    }

    async fn with(engine: Engine, mailbox: Mailbox) -> Self {
        let folder = Folder::new();
        let store = Store::open(&database(engine, &folder)).await.unwrap();
        store.migrate().await.unwrap();
        let clock = Arc::new(ManualClock::new(monday()));
        let outside = Outside {
            signing: SigningParts::default(),
            public_address: "http://motcua.test".to_owned(),
            clock: Arc::clone(&clock) as Arc<_>,
            notifiers: vec![channel(&mailbox)],
            authorities: wiring::Asks::nobody(),
        };
        let keys = Keyring::parse(&MASTER.repeat(32)).unwrap();
        let files = folder.0.join("files");
        let app = wiring::app_with(store, keys, &files, outside)
            .await
            .unwrap();
        app::demo::seed(&app).await.unwrap();
        Self {
            app,
            clock,
            mailbox,
            _folder: folder,
        }
    }

    async fn only(&self) -> Delivery {
        only(&self.app).await
    }

    /// Moves on to the next try.
    async fn wait(&self) {
        let next = self.only().await.next_try.expect("it is tried again");
        assert!(next > self.clock.now_is());
        self.clock.set(next);
    }
}

trait NowIs {
    fn now_is(&self) -> DateTime;
}

impl NowIs for ManualClock {
    fn now_is(&self) -> DateTime {
        app::clock::Clock::now(self)
    }
}

async fn only(app: &App) -> Delivery {
    let all = DeliveryFilter::default();
    let mut found = app.store().deliveries(&all, 9).await.unwrap();
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

/// Receives a dossier whose applicant gave a mailbox, and words its notice.
async fn receive(app: &App) -> DossierId {
    let typed = typed(&[
        ("name", "Nguyễn Thị An"),
        ("number", "038199000017"),
        ("email", "an@noi.vn"),
        ("procedure", "2.000815"),
        ("c1", "paper"),
        ("pages1", "1"),
    ]);
    let input = AtCounter {
        scans: Vec::new(),
        ending: Ending::Receive,
        typed,
        draft: None,
        key: key(),
    };
    let who = actor(Role::ReceptionClerk, &unit_named(app, "Phường Hạc Thành"));
    let filed = app::intake::receive(app, &who, input).await.unwrap();
    while app::jobs::work_off(app).await.unwrap() > 0 {}
    filed.dossier
}

async fn a_mail_is_sent_once_with_what_the_law_wants_in_it(engine: Engine) {
    if !has_mail_server() {
        return;
    }
    let office = Office::open(engine, Mode::Accept).await;
    receive(&office.app).await;
    assert_eq!(send_due(&office.app).await.unwrap(), 1);
    assert_eq!(send_due(&office.app).await.unwrap(), 0);
    let sent = office.only().await;
    assert_eq!(
        (sent.channel, sent.kind, sent.state),
        (Channel::Mail, Kind::Received, DeliveryState::Sent)
    );
    let mails = office.mailbox.mails();
    let [mail] = &mails[..] else {
        panic!("{mails:?}");
    };
    assert_eq!(mail["id"], format!("<{}@motcua.test>", sent.code));
    assert_eq!(mail["to"][0], "an@noi.vn");
    let body = mail["body"].as_str().unwrap();
    assert!(body.contains(&sent.dossier_code), "{body}");
    assert!(body.contains("Trung tâm Phục vụ hành chính công phường Hạc Thành"));
    assert!(!body.contains("Nguyễn Thị An") && !body.contains("038199"));
}

async fn a_mail_travels_through_tls_to_a_server_that_is_trusted_alone(engine: Engine) {
    if !has_mail_server() {
        return;
    }
    let office = Office::with(engine, Mailbox::start_tls(Mode::Accept)).await;
    receive(&office.app).await;
    send_due(&office.app).await.unwrap();
    let sent = office.only().await;
    assert_eq!(sent.state, DeliveryState::Sent, "{}", sent.reason);
    let stranger = Mailbox::start_tls(Mode::Accept);
    let patience = Duration::from_secs(2);
    let mail = MailNotifier::open(&stranger.address(), FROM, None, patience).unwrap();
    let outgoing = Outgoing {
        code: "c0de".to_owned(),
        to: "an@noi.vn".to_owned(),
        subject: "Hồ sơ".to_owned(),
        body: "Đã tiếp nhận".to_owned(),
    };
    let no = mail.send(&outgoing).await.unwrap_err();
    assert!(matches!(no, PortError::Retry(_)), "{no:?}");
    assert_eq!(
        (office.mailbox.mails().len(), stranger.mails().len()),
        (1, 0)
    );
}

async fn a_refused_mail_is_on_record_and_not_tried_again(engine: Engine) {
    if !has_mail_server() {
        return;
    }
    let office = Office::open(engine, Mode::Refuse).await;
    receive(&office.app).await;
    send_due(&office.app).await.unwrap();
    let refused = office.only().await;
    assert_eq!(refused.state, DeliveryState::Refused);
    assert!(refused.reason.starts_with("550"), "{}", refused.reason);
    assert!(!refused.reason.contains("an@noi.vn"), "{}", refused.reason);
    office.clock.set(monday().saturating_add(2.days()));
    assert_eq!(send_due(&office.app).await.unwrap(), 0);
    // The applicant's mailbox is there again, and somebody has it sent.
    office.mailbox.set(Mode::Accept);
    let admin = actor(
        Role::Administrator,
        &unit_named(&office.app, "Phường Hạc Thành"),
    );
    // The ward's administrator sees to the ward's own.
    app::notices::send_again(&office.app, &admin, refused.id)
        .await
        .unwrap();
    assert_eq!(send_due(&office.app).await.unwrap(), 1);
    assert_eq!(office.only().await.state, DeliveryState::Sent);
    assert_eq!(office.mailbox.mails().len(), 1);
}

async fn a_mail_that_was_put_off_is_tried_again(engine: Engine) {
    if !has_mail_server() {
        return;
    }
    let office = Office::open(engine, Mode::Later).await;
    receive(&office.app).await;
    for attempts in 1..=3 {
        send_due(&office.app).await.unwrap();
        let failed = office.only().await;
        assert_eq!(
            (failed.state, failed.attempts),
            (DeliveryState::Failed, attempts)
        );
        assert!(failed.reason.starts_with("450"), "{}", failed.reason);
        assert_eq!(send_due(&office.app).await.unwrap(), 0, "it waits");
        office.wait().await;
    }
    office.mailbox.set(Mode::Accept);
    send_due(&office.app).await.unwrap();
    assert_eq!(office.only().await.state, DeliveryState::Sent);
    assert_eq!(office.mailbox.mails().len(), 1);
}

async fn a_slow_server_and_a_dead_one_lose_nothing(engine: Engine) {
    if !has_mail_server() {
        return;
    }
    let mut office = Office::open(engine, Mode::Slow).await;
    receive(&office.app).await;
    send_due(&office.app).await.unwrap();
    let failed = office.only().await;
    assert_eq!(
        (failed.state, failed.reason.as_str()),
        (DeliveryState::Failed, "no_answer")
    );
    office.mailbox.die();
    office.wait().await;
    send_due(&office.app).await.unwrap();
    let failed = office.only().await;
    assert_eq!(
        (failed.state, failed.reason.as_str()),
        (DeliveryState::Failed, "no_connection")
    );
    office.mailbox.set(Mode::Accept);
    office.mailbox.live();
    office.wait().await;
    send_due(&office.app).await.unwrap();
    let sent = office.only().await;
    assert_eq!((sent.state, sent.attempts), (DeliveryState::Sent, 3));
    assert_eq!(office.mailbox.mails().len(), 1);
}

/// An installation with one notice that waits, whose server is killed at `point` while it sends, and
/// then what another worker does. Quiet hours are over: the clock on the wall is what it is.
async fn killed_at(engine: Engine, point: &str) -> (Vec<String>, Delivery) {
    let mailbox = Mailbox::start(Mode::Accept);
    let at = Installation::new(engine);
    std::fs::write(at.file("motcua.key"), MASTER.repeat(32)).unwrap();
    let store = at.store().await;
    store.migrate().await.unwrap();
    let open = async |clock: Arc<dyn app::clock::Clock>| {
        let outside = Outside {
            signing: SigningParts::default(),
            public_address: "http://motcua.test".to_owned(),
            clock,
            notifiers: vec![channel(&mailbox)],
            authorities: wiring::Asks::nobody(),
        };
        let keys = Keyring::parse(&MASTER.repeat(32)).unwrap();
        let store = at.store().await;
        wiring::app_with(store, keys, &at.file("files"), outside)
            .await
            .unwrap()
    };
    let before = open(Arc::new(app::clock::SystemClock)).await;
    app::demo::seed(&before).await.unwrap();
    let admin = actor(Role::Administrator, &unit_named(&before, "Tỉnh Thanh Hóa"));
    app::notices::save_quiet_hours(&before, &admin, "00:00", "00:00")
        .await
        .unwrap();
    receive(&before).await;
    let mut server = Server::start_with(&at, "serve", |process| {
        process.env("MOTCUA_SMTP", mailbox.address());
        process.env("MOTCUA_MAIL_FROM", FROM);
        process.env("MOTCUA_FAULT", point);
    });
    let ended = loop {
        if let Some(ended) = server.ended() {
            break ended;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(ended.signal(), Some(9));
    assert_eq!(only(&before).await.state, DeliveryState::Sending);
    assert_eq!(send_due(&before).await.unwrap(), 0, "its lease holds");
    let now = app::clock::Clock::now(&app::clock::SystemClock);
    let later = ManualClock::new(now.saturating_add(10.minutes()));
    let after = open(Arc::new(later)).await;
    assert_eq!(send_due(&after).await.unwrap(), 1);
    assert_eq!(send_due(&after).await.unwrap(), 0);
    (mailbox.ids(), only(&after).await)
}

async fn a_worker_killed_before_sending_sends_once(engine: Engine) {
    if !has_mail_server() {
        return;
    }
    let (ids, sent) = killed_at(engine, "between_claim_and_send").await;
    assert_eq!(ids, [format!("<{}@motcua.test>", sent.code)]);
    assert_eq!((sent.state, sent.attempts), (DeliveryState::Sent, 2));
}

/// Nobody can tell over SMTP whether the server kept the mail whose end nobody saw: it is sent again
/// under the same `Message-ID`, rather than lost.
async fn a_worker_killed_after_sending_sends_under_the_same_code(engine: Engine) {
    if !has_mail_server() {
        return;
    }
    let (mut ids, sent) = killed_at(engine, "between_send_and_record").await;
    assert_eq!(ids.len(), 2);
    ids.dedup();
    assert_eq!(ids, [format!("<{}@motcua.test>", sent.code)]);
    assert_eq!(sent.state, DeliveryState::Sent);
}
