use jiff::civil::date;

use super::*;
use crate::App;
use crate::people::testing::{audited, empty, office};

const WARD: &str = "H56.101";
const OTHER: &str = "H56.102";
const FROM: Date = date(2026, 12, 1);

fn id(unit: &str) -> UnitId {
    UnitId::parse(unit).unwrap()
}

fn ending(unit: &str, successor: &str) -> Ending {
    Ending {
        unit: id(unit),
        successor: id(successor),
        from: FROM,
        basis: "Nghị quyết 1/NQ-UBTVQH16".to_owned(),
    }
}

async fn ends(app: &App, ending: Ending) -> Result<Ended, NotEnded> {
    end_unit(app.store(), ending, app.clock().now(), "operator").await
}

#[tokio::test]
async fn a_unit_ends_on_its_day_without_a_restart_and_passes_on_what_it_was() {
    let (app, clock) = empty().await;
    crate::demo::seed(&app).await.unwrap();
    let named = |name: &str| {
        let units = app.units();
        let here = |unit: &&Unit| unit.name == name && unit.id.as_str().starts_with("H56");
        units.iter().find(here).unwrap().clone()
    };
    let (ward, heir) = (named("Phường Hạc Thành"), named("Phường Nguyệt Viên"));
    let ended = ends(&app, ending(ward.id.as_str(), heir.id.as_str()))
        .await
        .unwrap();
    assert_eq!(ended.unit.valid_to, FROM.yesterday().ok());
    assert!(ended.posts > 0, "its staff had posts");
    assert_eq!(audited(&app, ward.id.as_str()).await, ["unit.ended"]);
    app.reload().await.unwrap();
    assert!(
        app.unit(&ward.id).is_some(),
        "until its last day it is there"
    );
    assert_eq!(app.heir(&ward.id), ward.id);
    // Nobody reads anything anew at midnight.
    clock.set(FROM.at(8, 0, 0, 0));
    assert_eq!(app.unit(&ward.id), None);
    assert_eq!(app.heir(&ward.id), heir.id);
    assert_eq!(app.unit_name(&ward.id), "Phường Hạc Thành");
    assert_eq!(
        app.with_forerunners(&heir.id),
        [heir.id.clone(), ward.id.clone()]
    );
    let left = app.store().staff_of(&ward.id, None, FROM).await.unwrap();
    assert!(left.is_empty(), "{left:?}");
    let again = ends(
        &app,
        Ending {
            from: date(2027, 1, 1),
            ..ending(ward.id.as_str(), heir.id.as_str())
        },
    );
    assert!(matches!(again.await, Err(NotEnded::EndsAlready { .. })));
}

#[tokio::test]
async fn who_took_over_may_end_in_turn_and_a_loop_ends() {
    let (app, clock) = empty().await;
    crate::demo::seed(&app).await.unwrap();
    ends(&app, ending(WARD, OTHER)).await.unwrap();
    let later = Ending {
        from: date(2026, 12, 10),
        ..ending(OTHER, "H56.103")
    };
    ends(&app, later).await.unwrap();
    app.reload().await.unwrap();
    clock.set(date(2026, 12, 5).at(8, 0, 0, 0));
    assert_eq!(app.heir(&id(WARD)), id(OTHER));
    clock.set(date(2026, 12, 10).at(8, 0, 0, 0));
    assert_eq!(app.heir(&id(WARD)), id("H56.103"));
    assert_eq!(
        app.with_forerunners(&id("H56.103")),
        [id("H56.103"), id(WARD), id(OTHER)]
    );
}

#[tokio::test]
async fn what_does_not_fit_is_not_ended() {
    let app = office().await;
    let today = app.clock().now().date();
    let tried = async |ending: Ending| ends(&app, ending).await.unwrap_err().to_string();
    let with = |change: fn(&mut Ending)| {
        let mut ending = ending(WARD, OTHER);
        change(&mut ending);
        ending
    };
    let past = Ending {
        from: today,
        ..ending(WARD, OTHER)
    };
    assert!(tried(past).await.contains("after today"));
    assert!(
        tried(with(|e| e.basis = "  ".to_owned()))
            .await
            .contains("name the decision")
    );
    assert!(
        tried(ending("H56.999", OTHER))
            .await
            .contains("there is no unit H56.999")
    );
    assert!(tried(ending(WARD, WARD)).await.contains("cannot take over"));
    assert!(
        tried(ending(WARD, "H26.101"))
            .await
            .contains("cannot take over")
    );
    assert!(tried(ending(WARD, "H56.03")).await.contains("it has none"));
    assert!(
        tried(ending("H56", "H26"))
            .await
            .contains("has units below it")
    );
    assert_eq!(audited(&app, WARD).await, Vec::<String>::new());
}

#[tokio::test]
async fn an_import_of_the_shipped_units_keeps_an_end_that_was_decided() {
    use crate::catalogue::units::{all, renewal};
    let app = office().await;
    ends(&app, ending(WARD, OTHER)).await.unwrap();
    let mut present = app.store().all_units().await.unwrap();
    let renewed = renewal(&present);
    assert_eq!(renewed.written, []);
    assert_eq!(renewed.ended.len(), 1);
    assert_eq!(renewed.ended[0].successor, Some(id(OTHER)));
    // A unit that reads otherwise is written anew, with its end; one that is not there is added.
    for unit in present.iter_mut().filter(|unit| unit.id == id(WARD)) {
        unit.name = "Xã Tên Cũ".to_owned();
    }
    present.retain(|unit| unit.id != id(OTHER));
    let renewed = renewal(&present);
    let written: Vec<_> = renewed
        .written
        .iter()
        .map(|unit| (&unit.id, unit.valid_to))
        .collect();
    assert_eq!(
        written,
        [(&id(WARD), FROM.yesterday().ok()), (&id(OTHER), None)]
    );
    assert_eq!(renewal(&[]).written.len(), all().len());
}
