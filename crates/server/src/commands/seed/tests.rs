use app::clock::ManualClock;
use app::keys::Keyring;
use domain::office::UnitKind;
use gateways::SigningParts;
use jiff::civil::date;
use store::Database;
use store::views::{Filter, Scope};

use super::*;

fn args(dossiers: u32) -> SeedArgs {
    SeedArgs {
        dossiers,
        seed: 1,
        accounts: 1,
        data: DataArgs {
            key: None,
            key_file: "key".into(),
            files: "files".into(),
        },
    }
}

async fn filled(dossiers: u32) -> (App, std::path::PathBuf) {
    let store = Store::open(&Database::SqliteMemory).await.unwrap();
    store.migrate().await.unwrap();
    let name = format!("motcua-seed-{}-{dossiers}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    let keys = Keyring::parse(&"5a".repeat(32)).unwrap();
    let clock = ManualClock::new(date(2026, 11, 22).at(14, 0, 0, 0));
    let parts = (
        "http://motcua.test",
        Arc::new(clock) as Arc<_>,
        SigningParts::default(),
    );
    let app = wiring::app_with_clock(store, keys, &folder, parts)
        .await
        .unwrap();
    app::demo::seed(&app).await.unwrap();
    fill(&app, &args(dossiers)).await.unwrap();
    (app, folder)
}

#[tokio::test]
async fn two_thousand_invented_dossiers_follow_from_their_log() {
    let (app, folder) = filled(2_000).await;
    let report = app.store().check().await.unwrap();
    assert!(report.is_clean(), "{:#?}", report.differences.first());
    assert_eq!(report.dossiers, 2_000);
    assert!(report.events > 14_000, "{} events", report.events);
    let units = app.units();
    let ward = units
        .iter()
        .find(|unit| unit.kind == UnitKind::Commune && unit.name == "Phường Hạc Thành");
    let scope = Scope::Unit(ward.unwrap().id.clone());
    let page = app.store().views().work(&Filter::new(scope)).await.unwrap();
    assert_eq!(page.len(), 50);
    let again = fill(&app, &args(1)).await.unwrap_err().to_string();
    assert!(again.contains("has dossiers already"), "{again}");
    std::fs::remove_dir_all(folder).ok();
}
