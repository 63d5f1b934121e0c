//! Parameters and days of the province.

use domain::calendar::{Calendar, DayKind, Name, SpecialDay};
use jiff::civil::{Date, date};
use store::{Setting, Store};

use crate::samples::{at, audit};

fn setting(key: &str, value: u32, valid_from: Date) -> Setting {
    Setting {
        key: key.to_owned(),
        value: serde_json::json!({ "value": value }),
        basis: "QĐ 1/2026/QĐ-UBND".to_owned(),
        valid_from,
        updated_at: at(0),
    }
}

pub(crate) async fn settings_are_kept_by_their_first_day(store: &Store) {
    let first = setting("office.hours", 1, date(2026, 1, 1));
    let next = setting("office.hours", 2, date(2026, 12, 1));
    let other = setting("office.cutoff", 3, date(2026, 1, 1));
    assert!(store.settings().await.unwrap().is_empty());
    for one in [&next, &first, &other] {
        let line = audit("setting.saved");
        store.save_setting(one.clone(), line).await.unwrap();
    }
    let kept = [other, first.clone(), next];
    assert_eq!(store.settings().await.unwrap(), kept);
    let again = setting("office.hours", 4, date(2026, 12, 1));
    let line = audit("setting.saved");
    store.save_setting(again.clone(), line).await.unwrap();
    let [other, ..] = kept;
    assert_eq!(store.settings().await.unwrap(), [other, first, again]);
    assert_eq!(store.audited("register").await.unwrap().len(), 4);
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
