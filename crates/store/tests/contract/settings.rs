//! Parameters and days of the province.

use domain::calendar::{Calendar, DayKind, Name, SpecialDay};
use jiff::civil::{Date, date};
use store::{Setting, Store};

use crate::samples::{at, audit, today};

fn setting(key: &str, value: u32, valid_from: Date) -> Setting {
    Setting {
        key: key.to_owned(),
        value: serde_json::json!({ "value": value }),
        basis: "QĐ 1/2026/QĐ-UBND".to_owned(),
        valid_from,
        updated_at: at(0),
    }
}

pub(crate) async fn a_setting_holds_until_the_next_one(store: &Store) {
    let first = setting("hours.morning", 1, date(2026, 1, 1));
    let next = setting("hours.morning", 2, date(2026, 12, 1));
    let other = setting("hours.evening", 3, date(2026, 1, 1));
    for one in [&first, &next, &other] {
        store
            .save_setting(one.clone(), audit("setting.saved"))
            .await
            .unwrap();
    }
    assert!(store.settings(date(2025, 12, 31)).await.unwrap().is_empty());
    assert_eq!(
        store.settings(today()).await.unwrap(),
        [other.clone(), first]
    );
    assert_eq!(
        store.settings(date(2026, 12, 1)).await.unwrap(),
        [other.clone(), next]
    );
    let again = setting("hours.evening", 4, date(2026, 1, 1));
    store
        .save_setting(again.clone(), audit("setting.saved"))
        .await
        .unwrap();
    assert_eq!(store.settings(today()).await.unwrap()[0], again);
}

pub(crate) async fn a_published_calendar_stays_as_it_was_published(store: &Store) {
    let day = SpecialDay {
        kind: DayKind::Off,
        name: Name {
            vi: "Nghỉ bão".to_owned(),
            en: "Storm".to_owned(),
        },
        source: "CĐ 1".to_owned(),
    };
    let national = Calendar::national();
    let own = Calendar::national().with_overrides("storm", [(date(2026, 12, 1), day)]);
    let own = own.unwrap();
    for (calendar, minutes, new) in [(&national, 0, true), (&own, 1, true), (&national, 2, false)] {
        let line = audit("calendar.published");
        let published = store.publish_calendar(calendar, at(minutes), line).await;
        assert_eq!(published.unwrap(), new);
    }
    assert_eq!(store.audited("register").await.unwrap().len(), 2);
    assert_eq!(store.calendars().await.unwrap(), [national, own]);
}
