//! Puts the parts together.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use app::clock::{AheadClock, Clock, SystemClock};
use app::keys::Keyring;
use app::ports::Notifier;
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

/// What an installation is connected to.
pub struct Outside {
    /// The address under which the public finds it.
    pub public_address: String,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// Channels to people.
    pub notifiers: Vec<Arc<dyn Notifier>>,
}

/// Builds the application on the machine's clock, with the channels that the environment names.
///
/// # Errors
/// When the files' folder or the database cannot be used, or a channel is named wrongly.
pub async fn app(
    store: Store,
    keys: Keyring,
    files: &Path,
    public_address: &str,
) -> anyhow::Result<App> {
    let outside = Outside {
        public_address: public_address.to_owned(),
        clock: Arc::new(SystemClock),
        notifiers: gateways::notify::from_environment()?,
    };
    app_with(store, keys, files, outside).await
}

/// Builds the application as [`app`] does, so many days ahead of the machine's clock.
///
/// # Errors
/// As [`app`].
pub async fn demo(
    store: Store,
    keys: Keyring,
    files: &Path,
    (public_address, days): (&str, u16),
) -> anyhow::Result<App> {
    let outside = Outside {
        public_address: public_address.to_owned(),
        clock: Arc::new(AheadClock { days }),
        notifiers: gateways::notify::from_environment()?,
    };
    app_with(store, keys, files, outside).await
}

/// Builds the application on a clock of the caller's and without channels, as tests and rehearsals
/// do.
///
/// # Errors
/// As [`app`].
pub async fn app_with_clock(
    store: Store,
    keys: Keyring,
    files: &Path,
    (public_address, clock): (&str, Arc<dyn Clock>),
) -> anyhow::Result<App> {
    let outside = Outside {
        public_address: public_address.to_owned(),
        clock,
        notifiers: Vec::new(),
    };
    app_with(store, keys, files, outside).await
}

/// Builds the application with everything around it.
///
/// # Errors
/// As [`app`].
pub async fn app_with(
    store: Store,
    keys: Keyring,
    files: &Path,
    outside: Outside,
) -> anyhow::Result<App> {
    let parts = Parts {
        store,
        clock: outside.clock,
        keys,
        slips: Arc::new(PdfSlips),
        files: Arc::new(LocalFiles::open(files).context("cannot use the folder for files")?),
        notifiers: outside.notifiers,
        public_address: outside.public_address.trim_end_matches('/').to_owned(),
    };
    App::open(parts)
        .await
        .context("cannot read settings and units")
}
