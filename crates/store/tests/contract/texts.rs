//! Texts kept apart from events.

use domain::ids::{DossierId, TextId};
use store::{NewText, Store};

use crate::samples::at;
use crate::world::bring_in;

fn text(id: &str) -> NewText {
    NewText {
        id: TextId::parse(id).unwrap(),
        dossier: DossierId::parse("d1").unwrap(),
        sealed: id.as_bytes().to_vec(),
        created_at: at(0),
    }
}

pub(crate) async fn texts_are_read_by_id(store: &Store) {
    let new = ["t2", "t1", "t3"].map(text).into();
    bring_in(store, Vec::new(), new).await.unwrap();
    let ids: Vec<TextId> = ["t3", "t1", "none", "t3"]
        .map(|id| TextId::parse(id).unwrap())
        .into();
    assert_eq!(store.texts(&ids).await.unwrap(), [text("t1"), text("t3")]);
    assert!(store.texts(&[]).await.unwrap().is_empty());
}

pub(crate) async fn a_text_is_written_once(store: &Store) {
    let first = bring_in(store, Vec::new(), vec![text("t1")]).await;
    first.unwrap();
    let mut other = text("t1");
    other.sealed = b"changed".to_vec();
    let again = bring_in(store, Vec::new(), vec![other]).await;
    assert!(again.is_err());
    assert_eq!(store.texts(&[text("t1").id]).await.unwrap(), [text("t1")]);
}
