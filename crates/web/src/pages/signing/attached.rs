//! Attachments that are signed with a document of a batch.

use app::signing::batch::{BatchPage, SigningItemRow};

use crate::words::Words;

/// An attachment of a document of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attached {
    pub(super) name: String,
    pub(super) url: String,
    /// The beginning of its hash.
    pub(super) hash: String,
    pub(super) whole_hash: String,
}

impl Attached {
    /// All of the document in that row.
    pub(super) fn all(w: Words, found: &BatchPage, row: &SigningItemRow) -> Vec<Self> {
        let read = found.attachments.get(&row.place);
        let read = read.into_iter().flatten().zip(1_usize..);
        let line = read.map(|(one, number)| {
            let words = number.to_string();
            let values = [("n", words.as_str()), ("title", one.title.as_str())];
            let whole_hash = one.file.to_string();
            Self {
                name: w.fills("dossier.attachment", &values),
                url: format!("/ho-so/{}/phu-luc/{number}", row.dossier),
                hash: whole_hash.chars().take(12).collect(),
                whole_hash,
            }
        });
        line.collect()
    }
}
