//! Random histories against a model in memory: every engine must answer as the model does.

use std::collections::BTreeMap;

use domain::ids::DossierCode;
use store::{AppendError, Appended, Batch, Loaded, Store};

use crate::world::{assigned, batch, code, handed_over, id, noon, once, publish, reception, state};

/// What the store should know.
#[derive(Default)]
struct Model {
    dossiers: BTreeMap<String, Appended>,
    keys: BTreeMap<String, Appended>,
    drawn: u32,
    messages: usize,
}

/// A short generator of numbers; the seed is in the failure message.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

pub(crate) async fn any_history_is_answered_as_the_model_answers(store: &Store) {
    publish(store).await;
    let (mut model, mut dice) = (Model::default(), Dice(0x5eed_2026));
    for turn in 0..240 {
        let name = format!("d-{}", dice.roll(24));
        let key = format!("form-{:04}", dice.roll(200));
        match dice.roll(10) {
            0..=3 => model.receive(store, &name, &key).await,
            4..=6 => model.move_on(store, &name, &key, turn).await,
            7 => model.look_back(store, &name).await,
            8 => model.work_off(store).await,
            _ => model.compare(store, &name, &key).await,
        }
    }
    for name in model.dossiers.keys().cloned().collect::<Vec<_>>() {
        model.compare(store, &name, "form-none").await;
    }
    let report = store.check().await.unwrap();
    assert_eq!(report.differences, []);
    assert_eq!(
        report.dossiers,
        u64::try_from(model.dossiers.len()).unwrap()
    );
}

impl Model {
    async fn receive(&mut self, store: &Store, name: &str, key: &str) {
        let batch = Batch {
            once: Some(once(key)),
            ..reception(name, "An", None)
        };
        let end = store.append(batch).await;
        if let Some(first) = self.keys.get(key) {
            assert!(
                matches!(&end, Err(AppendError::Repeated(found)) if found == first),
                "{end:?}"
            );
        } else if self.dossiers.contains_key(name) {
            assert!(matches!(end, Err(AppendError::Stale(_))), "{end:?}");
        } else {
            self.drawn += 1;
            self.messages += 1;
            let appended = Appended {
                dossier: id(name),
                version: 2,
                code: Some(code(self.drawn)),
            };
            assert_eq!(end.unwrap(), appended);
            self.dossiers.insert(name.to_owned(), appended.clone());
            self.keys.insert(key.to_owned(), appended);
        }
    }

    async fn move_on(&mut self, store: &Store, name: &str, key: &str, turn: u32) {
        let Some(known) = self.dossiers.get_mut(name) else {
            return;
        };
        let seen = store.load(&id(name)).await.unwrap();
        let event = if seen.version == 2 {
            handed_over()
        } else {
            assigned(&format!("s-{turn}"))
        };
        let end = store
            .append(Batch {
                once: Some(once(key)),
                ..batch(seen, vec![event])
            })
            .await;
        if let Some(first) = self.keys.get(key) {
            assert!(
                matches!(&end, Err(AppendError::Repeated(found)) if found == first),
                "{end:?}"
            );
            return;
        }
        known.version += 1;
        assert_eq!(end.unwrap(), *known);
        self.keys.insert(key.to_owned(), known.clone());
    }

    /// Acts on a version that is not the last one.
    async fn look_back(&self, store: &Store, name: &str) {
        if self.dossiers.contains_key(name) {
            let stale = batch(Loaded::absent(id(name)), vec![handed_over()]);
            assert!(store.append(stale).await.is_err());
            let end = store.append(reception(name, "An", None)).await;
            assert!(matches!(end, Err(AppendError::Stale(_))), "{end:?}");
        }
    }

    async fn work_off(&mut self, store: &Store) {
        let taken = store.claim(noon(), 60_000, 100).await.unwrap();
        assert_eq!(taken.len(), self.messages);
        for message in taken {
            store.finish(message.id).await.unwrap();
        }
        self.messages = 0;
    }

    async fn compare(&self, store: &Store, name: &str, key: &str) {
        let loaded = store.load(&id(name)).await.unwrap();
        let row = store.views().dossier_row(&id(name)).await.unwrap();
        let known = self.dossiers.get(name);
        assert_eq!(loaded.version, known.map_or(0, |known| known.version));
        assert_eq!(row.is_some(), known.is_some());
        if let (Some(known), Some(row)) = (known, row) {
            assert_eq!(row.version, i64::from(known.version));
            assert_eq!(
                row.code.as_deref(),
                known.code.as_ref().map(DossierCode::as_str)
            );
            assert_eq!(row.state, state(&loaded.dossier));
        }
        let answered = store.answered(&once(key)).await.unwrap();
        assert_eq!(answered.as_ref(), self.keys.get(key));
    }
}
