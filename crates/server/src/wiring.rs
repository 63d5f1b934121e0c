//! Puts the parts together.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use app::clock::{Clock, SystemClock};
use app::keys::Keyring;
use app::{App, Parts};
use gateways::{LocalFiles, PdfSlips};
use store::{Database, Store};

/// Opens a database that was prepared by `motcua migrate`.
///
/// # Errors
/// When it cannot be opened or was not prepared.
pub async fn prepared(database: &Database) -> anyhow::Result<Store> {
    let store = Store::open(database)
        .await
        .context("cannot open the database")?;
    if let Err(why) = store.prepared().await {
        bail!(why);
    }
    Ok(store)
}

/// Builds the application on the machine's clock.
///
/// # Errors
/// When the files' folder or the database cannot be used.
pub async fn app(
    store: Store,
    keys: Keyring,
    files: &Path,
    public_address: &str,
) -> anyhow::Result<App> {
    app_with_clock(store, keys, files, (public_address, Arc::new(SystemClock))).await
}

/// Builds the application on a clock of the caller's, as tests and rehearsals do.
///
/// # Errors
/// As [`app`].
pub async fn app_with_clock(
    store: Store,
    keys: Keyring,
    files: &Path,
    (public_address, clock): (&str, Arc<dyn Clock>),
) -> anyhow::Result<App> {
    let parts = Parts {
        store,
        clock,
        keys,
        slips: Arc::new(PdfSlips),
        files: Arc::new(LocalFiles::open(files).context("cannot use the folder for files")?),
        public_address: public_address.trim_end_matches('/').to_owned(),
    };
    App::open(parts)
        .await
        .context("cannot read settings and units")
}
