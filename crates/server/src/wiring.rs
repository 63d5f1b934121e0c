//! Puts the parts together.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use app::clock::{AheadClock, Clock, SystemClock};
use app::keys::Keyring;
use app::ports::Notifier;
use app::{App, Parts};
use gateways::files::{Place, TokenKeys, TokenPlace};
use gateways::sign::{Reach, Revocation};
use gateways::validation::trust_from_environment;
use gateways::verify::Trust;
use gateways::{
    Authorities, FileStore, PdfSignatures, PdfSlips, PdfValidator, SigningParts, SoftKeys,
    X509Certificates,
};
use store::{Database, Store};

use crate::demonstration;

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

/// Where files are, and who holds their master keys.
pub struct Shelf {
    /// The folder or bucket.
    pub place: Place,
    /// The token with the master keys; none where the key file holds them.
    pub token: Option<TokenPlace>,
}

impl Shelf {
    /// Opens the store of files.
    ///
    /// # Errors
    /// When the place or the token cannot be used.
    pub fn open(&self, keys: Keyring) -> anyhow::Result<FileStore> {
        let opened = match &self.token {
            None => FileStore::open(&self.place, keys),
            Some(token) => TokenKeys::open(token)
                .and_then(|token| FileStore::open_under(&self.place, keys, token)),
        };
        opened.context("cannot use the store of files")
    }
}

impl From<&Path> for Shelf {
    fn from(folder: &Path) -> Self {
        Self {
            place: Place::Folder(folder.to_owned()),
            token: None,
        }
    }
}

impl From<&PathBuf> for Shelf {
    fn from(folder: &PathBuf) -> Self {
        Self::from(folder.as_path())
    }
}

/// What an installation is connected to.
pub struct Outside {
    /// The address under which the public finds it.
    pub public_address: String,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// Channels to people.
    pub notifiers: Vec<Arc<dyn Notifier>>,
    /// What is signed with.
    pub signing: SigningParts,
    /// Whom certificates may make us ask about their revocation.
    pub authorities: Asks,
}

/// Who is asked whether certificates are revoked.
pub struct Asks {
    /// Whom certificates that strangers bring may make us ask.
    pub strangers: Reach,
    /// How those of our own are asked about; not at all without.
    pub own: Option<Revocation>,
}

impl Asks {
    /// Authorities within that reach.
    pub fn within(reach: Reach) -> Self {
        Self {
            own: Some(Authorities::patiently(reach.clone())),
            strangers: reach,
        }
    }

    /// Nobody about our own: the clock is not the world's.
    pub fn nobody() -> Self {
        Self {
            strangers: Reach::Public,
            own: None,
        }
    }
}

/// Builds the application on the machine's clock, with the channels that the environment names.
///
/// # Errors
/// When the files' folder or the database cannot be used, or a channel is named wrongly.
pub async fn app(
    store: Store,
    keys: Keyring,
    files: impl Into<Shelf>,
    public_address: &str,
) -> anyhow::Result<App> {
    let outside = Outside {
        public_address: public_address.to_owned(),
        clock: Arc::new(SystemClock),
        notifiers: gateways::notify::from_environment()?,
        signing: SigningParts::from_environment()?,
        authorities: Asks::within(Reach::from_environment()?),
    };
    app_with(store, keys, files, outside).await
}

/// Builds the application as [`app`] does, so many days ahead of the machine's clock, with keys of
/// the demonstration.
///
/// # Errors
/// As [`app`].
pub async fn demo(
    store: Store,
    keys: Keyring,
    files: impl Into<Shelf>,
    (public_address, days, soft): (&str, u16, SoftKeys),
) -> anyhow::Result<App> {
    let mut signing = SigningParts::from_environment()?;
    signing.soft = Some(soft);
    let mut authorities = Asks::within(Reach::from_environment()?);
    if days > 0 {
        // Whoever stamps the time and answers for certificates has today's date.
        signing.stamps = None;
        authorities = Asks::nobody();
    }
    let outside = Outside {
        public_address: public_address.to_owned(),
        clock: Arc::new(AheadClock { days }),
        notifiers: gateways::notify::from_environment()?,
        signing,
        authorities,
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
    files: impl Into<Shelf>,
    (public_address, clock, signing): (&str, Arc<dyn Clock>, SigningParts),
) -> anyhow::Result<App> {
    let outside = Outside {
        public_address: public_address.to_owned(),
        clock,
        notifiers: Vec::new(),
        signing,
        authorities: Asks::nobody(),
    };
    app_with(store, keys, files, outside).await
}

/// Whom signatures are believed: the trust list of the operator, and in the demonstration its own
/// authority beside it.
fn trusted(soft: Option<&SoftKeys>) -> anyhow::Result<Trust> {
    let mut trust = trust_from_environment()?;
    if let Some(soft) = soft {
        trust.anchors.push(demonstration::anchor(&soft.folder)?);
    }
    Ok(trust)
}

/// Builds the application with everything around it.
///
/// # Errors
/// As [`app`].
pub async fn app_with(
    store: Store,
    keys: Keyring,
    files: impl Into<Shelf>,
    mut outside: Outside,
) -> anyhow::Result<App> {
    let files = files.into().open(keys.clone())?;
    let trust = trusted(outside.signing.soft.as_ref())?;
    let Asks { strangers, own } = outside.authorities;
    outside.signing.authorities = own.map(|asks| Authorities::new(asks, &trust));
    outside.signing.trust = trust.clone();
    let validator = PdfValidator::new(trust, strangers);
    outside.signing.turns = validator.turns();
    let parts = Parts {
        store,
        clock: outside.clock,
        keys,
        slips: Arc::new(PdfSlips),
        files: Arc::new(files),
        certificates: Arc::new(X509Certificates::from_environment()),
        signatures: Arc::new(PdfSignatures::new(outside.signing)),
        validator: Arc::new(validator),
        notifiers: outside.notifiers,
        public_address: outside.public_address.trim_end_matches('/').to_owned(),
    };
    App::open(parts)
        .await
        .context("cannot read settings and units")
}
