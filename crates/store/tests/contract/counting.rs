//! Figures by unit: late by what was published first, corrections beside.

use domain::deadline::Limit;
use domain::dossier::{CorrectionKind, Corrects, Event, FirstPromise, Pins, Promise, Repinned};
use domain::office::{Unit, UnitKind};
use jiff::civil::DateTime;
use store::views::UnitCount;
use store::{Batch, NewEvents, Store};

use crate::world::{
    CENTRE, DECIDES, after, drafted, finished, go_on, handed_over, id, line, noon, publish,
    received, reception, settled, staff, submitted, text, to_settled, unit,
};

pub(crate) async fn units(store: &Store) {
    let named = |name: &str| Unit {
        id: unit(name),
        parent: None,
        kind: UnitKind::Commune,
        name: name.to_owned(),
        area_code: String::new(),
        valid_from: noon().date(),
        valid_to: None,
        successor: None,
    };
    let saved = store.save_units(
        vec![named(CENTRE), named(DECIDES)],
        noon(),
        line("root", "units"),
    );
    saved.await.unwrap();
}

/// A move that promises less: the first promise is left to statistics.
fn moved(first: DateTime, due: DateTime) -> Event {
    let promise = |due, first: Option<DateTime>| Promise {
        limit: Some(Limit::Days(10)),
        due: Some(due),
        calendar: "vn-2026-1".to_owned(),
        recounted_on: None,
        lane_due: None,
        first: first.map(|due| FirstPromise {
            limit: Limit::Days(10),
            due,
            lane_due: None,
        }),
    };
    let pins = |promise| Pins {
        procedure_version: 1,
        process_version: 1,
        step: 1,
        promise,
        step_due: after(2),
    };
    Event::Repinned(Repinned {
        at: noon(),
        reason: text("t-1"),
        by: staff("an"),
        old: pins(promise(first, None)),
        new: pins(promise(due, Some(first))),
        undoes: None,
    })
}

/// Receives the correction of the result of `d-1`.
async fn correcting(store: &Store, name: &str) {
    let Event::Submitted {
        at,
        mut filed,
        answer_by,
    } = submitted("An", noon())
    else {
        panic!("a filing");
    };
    filed.corrects = Some(Corrects {
        dossier: id("d-1"),
        kind: CorrectionKind::Amend,
        reason: text("t-2"),
    });
    let first = Event::Submitted {
        at,
        filed,
        answer_by,
    };
    let batch = reception(name, "An", Some(after(-1)));
    let NewEvents::Numbered { sequence, .. } = batch.events else {
        panic!("a number");
    };
    let make = move |number| Ok(vec![first.clone(), received(number, Some(after(-1)))]);
    let events = NewEvents::Numbered {
        sequence,
        make: Box::new(make),
    };
    store.append(Batch { events, ..batch }).await.unwrap();
}

pub(crate) async fn late_is_by_what_was_published_first_and_corrections_are_beside(store: &Store) {
    publish(store).await;
    units(store).await;
    for (name, due) in [("d-1", after(30)), ("d-2", after(-1)), ("d-3", after(30))] {
        store
            .append(reception(name, "An", Some(due)))
            .await
            .unwrap();
    }
    // Moved to a shorter limit that was over when it was settled: in time by the first one.
    let shorter = vec![
        handed_over(),
        moved(after(30), after(-1)),
        drafted(),
        finished(1),
        finished(2),
        settled(),
    ];
    go_on(store, "d-1", shorter).await.unwrap();
    go_on(store, "d-2", to_settled()).await.unwrap();
    correcting(store, "d-4").await;
    go_on(store, "d-4", to_settled()).await.unwrap();
    let day = noon().date();
    let views = store.views();
    let counts = async |of| views.unit_counts((day, day), of).await.unwrap();
    let centre = UnitCount {
        unit: CENTRE.to_owned(),
        received: 3,
        for_others: 3,
        ..UnitCount::default()
    };
    let agency = UnitCount {
        unit: DECIDES.to_owned(),
        processed: 2,
        from_others: 2,
        late: 1,
        unlawful: 1,
        corrections: 1,
        ..UnitCount::default()
    };
    let all = counts(None).await;
    assert!(all.contains(&centre) && all.contains(&agency), "{all:#?}");
    assert_eq!(all.len(), 2);
    let (receiving, deciding) = (unit(CENTRE), unit(DECIDES));
    assert_eq!(counts(Some(&receiving)).await, [centre]);
    assert_eq!(counts(Some(&deciding)).await, [agency]);
    let later = day.tomorrow().unwrap();
    let none = store.views().unit_counts((later, later), None).await;
    assert_eq!(none.unwrap(), []);
    assert!(store.check().await.unwrap().is_clean());
}
