//! What must hold after a death and a second life.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::App;
use app::clock::{Clock as _, ManualClock, SystemClock};
use app::keys::Keyring;
use domain::dossier::Event;
use domain::ids::{DossierCode, DossierId};
use gateways::SigningParts;
use jiff::ToSpan as _;
use server::{demonstration, wiring};
use store::{Loaded, Recorded};

use super::day::Acknowledged;
use crate::program::Installation;
use crate::support::pdf_lines;

/// Judges everything that the day has left behind.
pub(super) async fn judge(at: &Installation, day: &[Acknowledged]) {
    let app = open_later(at).await;
    while app::jobs::work_off(&app).await.unwrap() > 0 {}
    assert_eq!(app.store().messages_left().await.unwrap(), 0);
    assert_eq!(app.store().stuck().await.unwrap(), Vec::new());
    let report = app.store().check().await.unwrap();
    assert_eq!(
        report.dossiers,
        day.len() as u64,
        "a dossier is lost, or was filed twice"
    );
    let mut codes = Vec::new();
    for dossier in day {
        let id = DossierId::parse(&dossier.id).unwrap();
        let loaded = app.store().load(&id).await.unwrap();
        codes.extend(moved_once(&loaded.events, dossier));
        slips_are_there_once(&app, &loaded, dossier).await;
        result_is_there_once(&app, &loaded).await;
    }
    numbers_have_no_gap(codes);
    app.store().close().await;
    let checked = at.run(&["check"]);
    assert!(
        checked.succeeds().out().contains("5 dossiers"),
        "{}",
        checked.out()
    );
}

/// The application, at a time when every lease has ended.
pub(super) async fn open_later(at: &Installation) -> App {
    let keys = Keyring::parse(&std::fs::read_to_string(at.file("motcua.key")).unwrap());
    let clock = ManualClock::new(SystemClock.now().saturating_add(10.minutes()));
    let files = at.file("files");
    let signing = SigningParts {
        soft: Some(demonstration::soft_keys(&demonstration::folder_beside(
            &files,
        ))),
        ..SigningParts::default()
    };
    let parts = ("http://motcua.test", Arc::new(clock) as Arc<_>, signing);
    let store = at.store().await;
    wiring::app_with_clock(store, keys.unwrap(), &files, parts)
        .await
        .unwrap()
}

/// Every move that was acknowledged has happened, in its order and once. Gives the numbers.
fn moved_once(events: &[Recorded], dossier: &Acknowledged) -> Vec<DossierCode> {
    let moves = events.iter().filter(|recorded| !recorded.event.is_paper());
    let kinds: Vec<&str> = moves.map(|recorded| short(recorded.event.kind())).collect();
    assert_eq!(kinds, dossier.moves, "{}", dossier.id);
    let code = |recorded: &Recorded| match &recorded.event {
        Event::Received { code, .. } => Some(code.clone()),
        _ => None,
    };
    events.iter().filter_map(code).collect()
}

fn short(kind: &str) -> &str {
    kind.split('.').nth(1).unwrap()
}

/// A settled dossier has exactly one official document, which bears its number; no other has any.
async fn result_is_there_once(app: &App, loaded: &Loaded) {
    let id = &loaded.id;
    let made = loaded
        .events
        .iter()
        .filter_map(|recorded| match &recorded.event {
            Event::ResultMade { file, .. } => Some(file),
            _ => None,
        });
    let made: Vec<_> = made.collect();
    let Some(issued) = loaded.dossier.issued() else {
        assert!(made.is_empty(), "{id}");
        return;
    };
    assert_eq!(made, [issued.official.as_ref().unwrap()], "{id}");
    let text = pdf_lines(&app.files().get(&made[0].hash).await.unwrap());
    assert!(text.contains(&format!("Số: {}", issued.number)), "{text}");
}

/// Every slip was made once, is on record once, and its file is there.
async fn slips_are_there_once(app: &App, loaded: &Loaded, dossier: &Acknowledged) {
    let id = &loaded.id;
    let events = loaded
        .events
        .iter()
        .filter_map(|recorded| match &recorded.event {
            Event::SlipIssued { form, file, .. } => Some((form.number(), file.clone())),
            _ => None,
        });
    let mut issued: Vec<_> = events.collect();
    let slips = app.store().slips(id).await.unwrap();
    let mut recorded: Vec<_> = slips
        .iter()
        .map(|slip| (slip.key.form.number(), slip.file.clone()))
        .collect();
    issued.sort();
    recorded.sort();
    assert_eq!(issued, recorded, "{id}");
    let mut expected = dossier.slips.clone();
    expected.sort_unstable();
    let forms: Vec<&str> = recorded.iter().map(|(form, _)| *form).collect();
    assert_eq!(forms, expected, "{id}");
    for (_, file) in &recorded {
        assert!(app.files().get(file).await.unwrap().starts_with(b"%PDF-"));
    }
}

/// Numbers of one day begin at one and leave none out.
fn numbers_have_no_gap(codes: Vec<DossierCode>) {
    let mut days: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for code in codes {
        let day = days.entry(code.head().to_owned()).or_default();
        day.push(code.order().parse().unwrap());
    }
    for (day, mut orders) in days {
        orders.sort_unstable();
        let whole: Vec<u32> = (1..).take(orders.len()).collect();
        assert_eq!(orders, whole, "{day}");
    }
}
