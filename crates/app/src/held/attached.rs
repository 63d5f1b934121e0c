//! Attachments of documents of a store, in files of their own.

use domain::ids::{DossierId, TextId};

use crate::no::No;
use crate::processing::{attachments, texts};
use crate::state::App;

/// What the attachments of a result are called, in order.
///
/// # Errors
/// [`No::Broken`].
pub(super) async fn titles(app: &App, dossier: &DossierId) -> Result<Vec<String>, No> {
    let loaded = app.store().load(dossier).await?;
    let titles = attachments(&loaded.dossier).iter();
    let titles: Vec<TextId> = titles.map(|one| one.title.clone()).collect();
    if titles.is_empty() {
        return Ok(Vec::new());
    }
    let mut opened = texts(app, &titles).await?;
    let called = titles.iter().map(|title| opened.remove(title.as_str()));
    Ok(called.map(Option::unwrap_or_default).collect())
}
