//! Results signed in batches with one unlocking of the key: by keys of the demonstration, and for the
//! measurement by an RSA key on a token, each with a time stamp.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::App;
use app::access::Actor;
use app::certificates::{NewCertificate, register};
use app::clock::{SystemClock, VIET_NAM};
use app::intake::Ending;
use app::keys::Keyring;
use app::no::No;
use app::processing::{Act, Attached, Order, act};
use app::signing::Pin;
use app::signing::batch::{
    self, Chosen, SigningItemRow, SigningState, Stage, batch_document, give_back, make_batch,
    open_run, prepare_batch,
};
use domain::certificate::{Holder, KeyAt};
use domain::dossier::{Event, Outcome};
use domain::ids::{DossierId, StaffId};
use domain::office::Role;
use gateways::SigningParts;
use gateways::sign::{TimeStamps, TokenModule};
use jiff::ToSpan as _;
use server::demonstration::PIN;
use server::wiring;
use simulators::Running;
use simulators::authority::{Authority, KeyKind, Purpose, Subject, rsa_key};
use store::Store;

use crate::support::{
    Engine, Folder, Office, actor, database, file_copies, key, on_both_engines, unit_named,
};

on_both_engines!(
    of_twenty_one_moved_and_one_sent_back_eighteen_are_signed,
    a_batch_that_dies_in_the_middle_is_gone_on_with,
);

fn staff(app: &App, login: &str, role: Role) -> Actor {
    Actor {
        staff: StaffId::parse(login).unwrap(),
        ..actor(role, &unit_named(app, "Phường Hạc Thành"))
    }
}

fn leader(app: &App) -> Actor {
    staff(app, "lanhdao-hacthanh", Role::Leader)
}

async fn give(app: &App, who: &Actor, id: &DossierId, order: Order) {
    let input = Act {
        dossier: id.clone(),
        version: app.store().load(id).await.unwrap().version,
        key: key(),
        order,
    };
    act(app, who, input).await.unwrap();
}

/// A dossier of the ward that waits for its leader.
async fn to_approve(app: &App) -> DossierId {
    let id = file_copies(app, Ending::Receive).await;
    let clerk = staff(app, "tiepnhan-hacthanh", Role::ReceptionClerk);
    give(app, &clerk, &id, Order::HandOver).await;
    let officer = staff(app, "chuyenvien-hacthanh", Role::CaseOfficer);
    let draft = Order::DraftResult {
        last_day: None,
        outcome: Outcome::Granted,
        summary: "Chứng thực bản sao từ bản chính".to_owned(),
        document: Vec::new(),
        attached: Attached::default(),
    };
    give(app, &officer, &id, draft).await;
    give(app, &officer, &id, Order::Forward).await;
    id
}

/// A batch of so many documents, each of which was read.
async fn read(app: &App, many: usize) -> (String, Vec<DossierId>) {
    let leader = leader(app);
    let mut dossiers = Vec::new();
    for _ in 0..many {
        dossiers.push(to_approve(app).await);
    }
    let batch = make_batch(app, &leader, (&key(), dossiers)).await.unwrap();
    prepare_batch(app, &leader, &batch).await.unwrap();
    let page = batch::batch(app, &leader, &batch).await.unwrap();
    for item in &page.items {
        let read = batch_document(app, &leader, (&batch, item.place)).await;
        let read = app.files().name(&read.unwrap());
        assert_eq!(item.document.as_deref(), Some(read.as_str()));
    }
    let dossiers = page
        .items
        .iter()
        .map(|item| DossierId::parse(&item.dossier));
    (batch, dossiers.map(Result::unwrap).collect())
}

async fn go(app: &App, batch: &str, chosen: Chosen) -> Result<(), No> {
    let pin = Pin::new(PIN);
    let run = open_run(app, &leader(app), (batch, &chosen), &pin).await?;
    run.go().await
}

async fn signatures(app: &App, dossier: &DossierId) -> usize {
    let loaded = app.store().load(dossier).await.unwrap();
    let events = loaded.events.iter().map(|recorded| &recorded.event);
    let signed = events.filter(|event| matches!(event, Event::ResultSigned(_)));
    signed.count()
}

async fn of_twenty_one_moved_and_one_sent_back_eighteen_are_signed(engine: Engine) {
    let office = Office::open(engine).await;
    let (app, leader) = (&office.app, leader(&office.app));
    let (batch, dossiers) = read(app, 20).await;
    office.sign(&leader, &dossiers[0], PIN).await.unwrap();
    let back = (batch.as_str(), 2);
    give_back(app, &leader, back, ("Sai tên mẹ", key()))
        .await
        .unwrap();
    go(app, &batch, Chosen::All).await.unwrap();
    let page = batch::batch(app, &leader, &batch).await.unwrap();
    assert_eq!((page.stage, page.row.signed), (Stage::Done, 18));
    let states: Vec<SigningState> = page.items.iter().map(SigningItemRow::state).collect();
    assert_eq!(states[..2], [SigningState::Stale, SigningState::Returned]);
    for (dossier, expected) in dossiers.iter().zip([1, 0].into_iter().chain([1; 18])) {
        assert_eq!(signatures(app, dossier).await, expected);
    }
    office.settle_outbox().await;
    office.check().await;
}

async fn a_batch_that_dies_in_the_middle_is_gone_on_with(engine: Engine) {
    let office = Office::open(engine).await;
    let (app, leader) = (&office.app, leader(&office.app));
    let (batch, dossiers) = read(app, 12).await;
    let run = open_run(app, &leader, (&batch, &Chosen::All), &Pin::new(PIN)).await;
    let run = tokio::spawn(run.unwrap().go());
    loop {
        let row = app.store().signing_batch(&batch).await.unwrap().unwrap();
        if row.signed >= 3 {
            break;
        }
        tokio::task::yield_now().await;
    }
    run.abort();
    run.await.ok();
    office
        .clock
        .set(app.clock().now().saturating_add(20.seconds()));
    let page = batch::batch(app, &leader, &batch).await.unwrap();
    assert!(page.stage == Stage::Stopped || page.row.signed == 12);
    if page.stage == Stage::Stopped {
        go(app, &batch, Chosen::All).await.unwrap();
    }
    let page = batch::batch(app, &leader, &batch).await.unwrap();
    assert_eq!((page.stage, page.row.signed), (Stage::Done, 12));
    for dossier in &dossiers {
        assert_eq!(signatures(app, dossier).await, 1);
    }
    office.settle_outbox().await;
    office.check().await;
}

const LABEL: &str = "motcua";
const ID: &str = "0a1b";
const DRIVER: &str = "/usr/lib/softhsm/libsofthsm2.so";

/// `cargo xtask bench --only signing` runs it, with a folder of tokens of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: it takes minutes, and a folder of tokens"]
async fn five_hundred_are_signed_in_a_minute() {
    let many = std::env::var("MOTCUA_BENCH_RESULTS").ok();
    let many: usize = many.map_or(500, |many| many.parse().unwrap());
    let folder = Folder::new();
    let store = Store::open(&database(Engine::Sqlite, &folder))
        .await
        .unwrap();
    store.migrate().await.unwrap();
    let authority = Authority::open(&folder.0.join("ca"), "Authority of the bench", None).unwrap();
    let stamper = Subject::new("Time stamps", Purpose::TimeStamps);
    let stamper = authority.issue(&stamper, &KeyKind::P256).unwrap();
    let stamps = Arc::new(simulators::tsa::TimeStamps::new(stamper));
    let running = Running::start(simulators::tsa::site(&stamps), 0)
        .await
        .unwrap();
    let driver = TokenModule::load(Path::new(DRIVER)).unwrap();
    let uri = format!("http://{}/tsa", running.address);
    let signing = SigningParts {
        tokens: Some(driver.clone()),
        stamps: Some(TimeStamps::new(&uri, Duration::from_secs(10))),
        ..SigningParts::default()
    };
    let keys = Keyring::parse(&"5a".repeat(32)).unwrap();
    let parts = (
        "http://motcua.test",
        Arc::new(SystemClock) as Arc<_>,
        signing,
    );
    let files = folder.0.join("files");
    let app = wiring::app_with_clock(store, keys, &files, parts)
        .await
        .unwrap();
    app::demo::seed(&app).await.unwrap();
    certify(&app, &authority, &folder.0).await;
    let (batch, dossiers) = read(&app, many).await;
    let (began, inside) = (Instant::now(), driver.spent());
    go(&app, &batch, Chosen::All).await.unwrap();
    let (took, inside) = (began.elapsed(), driver.spent().saturating_sub(inside));
    let page = batch::batch(&app, &leader(&app), &batch).await.unwrap();
    assert_eq!(
        page.row.signed,
        i64::try_from(many).unwrap(),
        "{}",
        page.row.told
    );
    assert_eq!(signatures(&app, &dossiers[0]).await, 1);
    let share = inside.as_secs_f64() / took.as_secs_f64() * 100.0;
    println!(
        "signed {many} results in {:.1} s, {:.1} ms each; inside the token {:.1} s, {share:.0} %",
        took.as_secs_f64(),
        took.as_secs_f64() * 1_000.0 / f64::from(u32::try_from(many).unwrap()),
        inside.as_secs_f64(),
    );
    if many == 500 && !cfg!(debug_assertions) {
        assert!(took <= Duration::from_mins(1), "{took:?}");
    }
}

/// Puts an RSA key on a token and registers the leader's certificate of it.
async fn certify(app: &App, authority: &Authority, folder: &Path) {
    let pem = rsa_key().await.unwrap();
    let now = VIET_NAM.to_timestamp(app.clock().now()).unwrap();
    let now = std::time::SystemTime::from(now);
    let subject = Subject {
        from: now - Duration::from_hours(24),
        until: now + Duration::from_hours(24 * 300),
        ..Subject::new("Nguyễn Văn Bình", Purpose::Signature)
    };
    let identity = authority.issue(&subject, &KeyKind::Given(pem.clone()));
    let identity = identity.unwrap();
    identity.save(folder, "leader").unwrap();
    let file = folder.join("key.pem");
    std::fs::write(&file, pem).unwrap();
    let utility = |arguments: &[&str]| {
        let done = Command::new("softhsm2-util").args(arguments).output();
        let done = done.unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    let import = file.to_str().unwrap();
    utility(&[
        "--import", import, "--token", LABEL, "--label", "leader", "--id", ID, "--pin", PIN,
    ]);
    let new = NewCertificate {
        unit: unit_named(app, "Phường Hạc Thành"),
        holder: Holder::Person {
            staff: leader(app).staff,
            role: Role::Leader,
        },
        key: KeyAt::Token {
            token: LABEL.to_owned(),
            key: ID.to_owned(),
        },
        file: std::fs::read(folder.join("leader.pem")).unwrap(),
    };
    register(app, "system", new).await.unwrap();
}
