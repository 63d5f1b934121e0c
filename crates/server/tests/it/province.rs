//! The results of the demonstration province: issued at its first start, whatever interrupts that, and
//! every one signed, sealed, stamped and proved.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::App;
use app::verification::{Archive, Ask, check_results};
use domain::dossier::{Dossier, Event, Outcome};
use gateways::PdfValidator;
use gateways::sign::Reach;
use gateways::verify::Trust;
use server::demonstration::results::{RESULTS, issue};
use simulators::Running;
use store::Position;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::program::{Installation, Server};
use crate::support::{Engine, Office, on_both_engines};

on_both_engines!(
    every_result_of_the_demonstration_is_signed_stamped_and_proved,
    a_first_start_that_is_killed_is_made_up_for_and_all_verifies_on_the_command_line,
);

/// The dossiers of the log, folded.
async fn dossiers(app: &App) -> Vec<Dossier> {
    let events = app.store().events_after(Position::START, 10_000).await;
    let ids: BTreeSet<_> = events.unwrap().into_iter().map(|one| one.dossier).collect();
    let mut found = Vec::new();
    for id in ids {
        found.push(app.store().load(&id).await.unwrap().dossier);
    }
    found
}

async fn every_result_of_the_demonstration_is_signed_stamped_and_proved(engine: Engine) {
    let (office, _authorities) = Office::with_authorities(engine).await;
    let (stop, stopped) = oneshot::channel::<()>();
    let worker = office.app.clone();
    let working = tokio::spawn(async move {
        let until = async move {
            stopped.await.ok();
        };
        Box::pin(app::jobs::run(&worker, until)).await;
    });
    assert_eq!(issue(&office.app).await.unwrap(), RESULTS);
    // The worker has nothing in hand any more before the rest is looked at.
    drop(stop);
    working.await.unwrap();
    office.settle_outbox().await;
    let events = office.written().await;
    // Everything is there: nothing is done a second time.
    assert_eq!(issue(&office.app).await.unwrap(), RESULTS);
    assert_eq!(office.written().await, events);

    let all = dossiers(&office.app).await;
    let (mut agencies, mut procedures) = (BTreeMap::new(), BTreeSet::new());
    for dossier in &all {
        let filed = &dossier.record().unwrap().filed;
        *agencies.entry(filed.competent.clone()).or_insert(0) += 1;
        procedures.insert(filed.procedure.clone());
    }
    assert_eq!(all.len(), RESULTS);
    assert!(agencies.len() == 4 && agencies.values().all(|many| *many >= 2));
    assert!(procedures.len() > 9, "{procedures:?}");
    let refused = |one: &&Dossier| one.issued().unwrap().outcome == Outcome::Refused;
    assert_eq!(all.iter().filter(refused).count(), 3);

    let root = std::fs::read_to_string(office.signers().join("root.pem")).unwrap();
    let validator = PdfValidator::new(Trust::parse(&root).unwrap(), Reach::Public);
    let archive = Archive {
        store: office.app.store().clone(),
        files: Arc::new(office.file_store()),
        validator: Arc::new(validator),
    };
    let now = office.app.clock().now();
    let report = check_results(&archive, now, Ask::Nobody).await.unwrap();
    assert!(report.is_clean(), "{report:#?}");
    let counts = [report.issued, report.sound, report.stamped, report.proved];
    assert_eq!(counts, [RESULTS as u64; 4]);
    office.check().await;
}

/// The authorities of the demonstration, as `cargo xtask demo` starts them.
async fn authorities(at: &mut Installation) -> Running {
    let door = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let here = door.local_addr().unwrap().to_string();
    let address = format!("http://{here}");
    let folder = at.file("files.signing");
    std::fs::create_dir_all(&folder).unwrap();
    let services = simulators::demonstration::open(&folder, &address, "Trần Văn Ký Số").unwrap();
    at.environment = vec![
        ("MOTCUA_DEMO_EMPTY", "false".to_owned()),
        ("MOTCUA_TIMESTAMPS", format!("{address}/tsa")),
        ("MOTCUA_DEMO_AUTHORITY", address),
        ("MOTCUA_OWN_AUTHORITIES", here),
    ];
    Running::serve(door, services.site).unwrap()
}

/// How many times the log has had the event, once it has had it `many` times.
async fn until_the_log_has(at: &Installation, many: usize, wanted: fn(&Event) -> bool) -> usize {
    let store = at.store().await;
    let begun = Instant::now();
    loop {
        let events = store.events_after(Position::START, 10_000).await.unwrap();
        let found = events.iter().filter(|one| wanted(&one.event)).count();
        if found >= many {
            store.close().await;
            return found;
        }
        assert!(
            begun.elapsed() < Duration::from_mins(3),
            "{found} of {many}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn a_first_start_that_is_killed_is_made_up_for_and_all_verifies_on_the_command_line(
    engine: Engine,
) {
    let mut at = Installation::new(engine);
    let _authorities = authorities(&mut at).await;
    let signed = |event: &Event| matches!(event, Event::ResultSigned(_));
    let mut first = Server::start(&at, "demo", None);
    until_the_log_has(&at, 3, signed).await;
    first.kill();
    let made = |event: &Event| matches!(event, Event::ResultMade { .. });
    let returned = |event: &Event| matches!(event, Event::Returned(_));
    let again = Server::start(&at, "demo", None);
    until_the_log_has(&at, RESULTS, made).await;
    until_the_log_has(&at, 5, returned).await;
    assert!(again.stop().success());
    let third = Server::start(&at, "demo", None);
    assert!(third.stop().success());

    assert_eq!(until_the_log_has(&at, RESULTS, signed).await, RESULTS);
    let root = at.file("files.signing").join("root.pem");
    let trust = root.to_str().unwrap();
    let verified = at.run(&[
        "verify",
        "--all",
        "--offline",
        "--english",
        "--trust",
        trust,
    ]);
    let said = format!(
        "{RESULTS} results were issued: {RESULTS} are signed, sealed and whole; of these {RESULTS} \
         have a time stamp and {RESULTS} prove that no certificate was revoked"
    );
    let out = verified.succeeds().out();
    assert!(out.contains(&said), "{out}");
    at.run(&["check"]).succeeds();
}
