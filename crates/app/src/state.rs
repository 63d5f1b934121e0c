//! What every use case shares.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use domain::calendar::Calendar;
use domain::ids::{FileHash, ProcedureCode, UnitId};
use domain::notice::Channel;
use domain::office::{Role, Unit};
use domain::procedure::Procedure;
use domain::process::Process;
use jiff::civil::Date;
use store::{AuditLine, Store};
use tokio::sync::Notify;

use crate::clock::{Clock, Ids};
use crate::facts::Settings;
use crate::files::Guarded;
use crate::keys::Keyring;
use crate::no::No;
use crate::office::units::Units;
use crate::ports::{Certificates, Files, Notifier, Slips};
use crate::signing::Signatures;
use crate::verification::Validator;

type Cached<T> = RwLock<BTreeMap<(ProcedureCode, u32), Arc<T>>>;

/// The parts an [`App`] is built from.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// Keys for personal data.
    pub keys: Keyring,
    /// Makes slips.
    pub slips: Arc<dyn Slips>,
    /// Keeps files.
    pub files: Arc<dyn Files>,
    /// Signs documents.
    pub signatures: Arc<dyn Signatures>,
    /// Reads certificates of digital signatures.
    pub certificates: Arc<dyn Certificates>,
    /// Judges PDF documents and their signatures.
    pub validator: Arc<dyn Validator>,
    /// Take notices to people; one a channel.
    pub notifiers: Vec<Arc<dyn Notifier>>,
    /// The address under which the public finds us, for codes on slips.
    pub public_address: String,
}

/// Everything a use case needs. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    parts: Parts,
    ids: Ids,
    settings: RwLock<Arc<Settings>>,
    units: RwLock<Arc<Units>>,
    procedures: Cached<Procedure>,
    processes: Cached<Process>,
    work: Notify,
    sealing: Notify,
    notices: Notify,
    signing: Mutex<BTreeSet<String>>,
    asking: Mutex<BTreeSet<FileHash>>,
}

impl App {
    /// Builds the application and reads settings and units.
    ///
    /// # Errors
    /// [`No::Broken`] when the database cannot be read.
    pub async fn open(mut parts: Parts) -> Result<Self, No> {
        parts.files = Arc::new(Guarded {
            files: parts.files,
            store: parts.store.clone(),
        });
        let app = Self(Arc::new(Inner {
            parts,
            ids: Ids::default(),
            settings: RwLock::new(Arc::new(Settings::default())),
            units: RwLock::default(),
            procedures: RwLock::default(),
            processes: RwLock::default(),
            work: Notify::new(),
            sealing: Notify::new(),
            notices: Notify::new(),
            signing: Mutex::default(),
            asking: Mutex::default(),
        }));
        app.publish_first_calendar().await?;
        app.reload().await?;
        Ok(app)
    }

    /// The calendar that ships with the product holds until the province publishes another; it is
    /// kept as published, so that dates promised by it stay explained by it.
    async fn publish_first_calendar(&self) -> Result<(), No> {
        if self.store().calendars().await?.is_empty() {
            let calendar = Calendar::national();
            let line = AuditLine {
                actor: "system".to_owned(),
                action: "calendar.published".to_owned(),
                subject: calendar.version().to_owned(),
                purpose: String::new(),
                detail: String::new(),
            };
            self.store()
                .publish_calendar(&calendar, self.clock().now(), line)
                .await?;
        }
        Ok(())
    }

    /// Reads settings and units anew, after an administrator changed them.
    ///
    /// # Errors
    /// [`No::Broken`].
    pub async fn reload(&self) -> Result<(), No> {
        let today = self.clock().now().date();
        let settings = Settings::read(self.store(), today).await?;
        *self
            .0
            .settings
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
        let units = Units::read(self.store(), today).await?;
        *self.0.units.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(units);
        Ok(())
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.0.parts.store
    }

    /// The clock.
    pub fn clock(&self) -> &dyn Clock {
        self.0.parts.clock.as_ref()
    }

    /// Makes identifiers and tokens.
    pub fn ids(&self) -> &Ids {
        &self.0.ids
    }

    /// Keys for personal data.
    pub fn keys(&self) -> &Keyring {
        &self.0.parts.keys
    }

    /// Makes slips.
    pub fn slips(&self) -> &dyn Slips {
        self.0.parts.slips.as_ref()
    }

    /// Keeps files.
    pub fn files(&self) -> &dyn Files {
        self.0.parts.files.as_ref()
    }

    /// Signs documents.
    pub fn signatures(&self) -> &dyn Signatures {
        self.0.parts.signatures.as_ref()
    }

    /// Reads certificates of digital signatures.
    pub fn certificates(&self) -> &dyn Certificates {
        self.0.parts.certificates.as_ref()
    }

    /// Judges PDF documents and their signatures.
    pub fn validator(&self) -> &dyn Validator {
        self.0.parts.validator.as_ref()
    }

    /// What takes notices out on a channel, where this installation has it.
    pub fn notifier(&self, channel: Channel) -> Option<&dyn Notifier> {
        let notifiers = self.0.parts.notifiers.iter();
        notifiers
            .map(AsRef::as_ref)
            .find(|notifier| notifier.channel() == channel)
    }

    /// The address under which the public finds us.
    pub fn public_address(&self) -> &str {
        &self.0.parts.public_address
    }

    /// Parameters of the province, as they hold today.
    pub fn settings(&self) -> Arc<Settings> {
        let today = self.clock().now().date();
        let settings = &self.0.settings;
        let read = Arc::clone(&settings.read().unwrap_or_else(PoisonError::into_inner));
        if read.day() == today {
            return read;
        }
        let read = Arc::new(read.on(today));
        *settings.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&read);
        read
    }

    /// Units as they are today.
    pub(crate) fn agencies(&self) -> Arc<Units> {
        let today = self.clock().now().date();
        let units = &self.0.units;
        let read = Arc::clone(&units.read().unwrap_or_else(PoisonError::into_inner));
        if read.day() == today {
            return read;
        }
        let read = Arc::new(read.on(today));
        *units.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&read);
        read
    }

    /// All units of today, by identifier.
    pub fn units(&self) -> Arc<Vec<Unit>> {
        self.agencies().today()
    }

    /// A unit of today by its identifier.
    pub fn unit(&self, id: &UnitId) -> Option<Unit> {
        self.agencies().unit(id).cloned()
    }

    /// The unit that answers today for what `id` did.
    pub(crate) fn answering(&self, id: &UnitId) -> Option<Unit> {
        let units = self.agencies();
        units.unit(units.heir(id)).cloned()
    }

    /// The agency that answers today for what `id` did: itself, or who took its work over when it
    /// ended.
    pub fn heir(&self, id: &UnitId) -> UnitId {
        self.agencies().heir(id).clone()
    }

    /// The agency that answered, or will answer, on `day` for what `id` does: what is said on that day
    /// is said in its name.
    pub(crate) fn heir_on(&self, id: &UnitId, day: Date) -> UnitId {
        self.agencies().heir_on(id, day).clone()
    }

    /// A unit by its identifier, also one that ended.
    pub(crate) fn known_unit(&self, id: &UnitId) -> Option<Unit> {
        self.agencies().known(id).cloned()
    }

    /// A unit and those that ended and left their work to it.
    pub(crate) fn with_forerunners(&self, id: &UnitId) -> Vec<UnitId> {
        let units = self.agencies();
        let mut all = vec![id.clone()];
        all.extend_from_slice(units.forerunners(id));
        all
    }

    /// Posts, and behind them the same posts at units that ended and left their work to one of these.
    pub(crate) fn posts_with_forerunners(
        &self,
        mut posts: Vec<(UnitId, Role)>,
    ) -> Vec<(UnitId, Role)> {
        let units = self.agencies();
        let taken: Vec<(UnitId, Role)> = posts
            .iter()
            .flat_map(|(unit, role)| {
                let ended = units.forerunners(unit).iter();
                ended.map(|ended| (ended.clone(), *role))
            })
            .collect();
        posts.extend(taken);
        posts
    }

    /// A unit's name, also of one that ended, or its identifier when it is unknown.
    pub fn unit_name(&self, id: &UnitId) -> String {
        let units = self.agencies();
        let known = units.known(id);
        known.map_or_else(|| id.to_string(), |unit| unit.name.clone())
    }

    /// A version of a procedure. Versions never change, so they are read once.
    ///
    /// # Errors
    /// [`No::Broken`] when it cannot be read or does not exist.
    pub async fn procedure(
        &self,
        code: &ProcedureCode,
        version: u32,
    ) -> Result<Arc<Procedure>, No> {
        if let Some(found) = cached(&self.0.procedures, code, version) {
            return Ok(found);
        }
        let read = self.store().procedure(code, version).await?;
        let read = read
            .ok_or_else(|| No::Broken(format!("no procedure {code} version {version}").into()))?;
        Ok(keep(&self.0.procedures, code, version, read))
    }

    /// A version of an internal process.
    ///
    /// # Errors
    /// [`No::Broken`] when it cannot be read or does not exist.
    pub async fn process(&self, code: &ProcedureCode, version: u32) -> Result<Arc<Process>, No> {
        if let Some(found) = cached(&self.0.processes, code, version) {
            return Ok(found);
        }
        let read = self.store().process(code, version).await?;
        let read =
            read.ok_or_else(|| No::Broken(format!("no process {code} version {version}").into()))?;
        Ok(keep(&self.0.processes, code, version, read))
    }

    /// Batches whose documents this process makes now, so that it does so once.
    pub(crate) fn signing_now(&self) -> MutexGuard<'_, BTreeSet<String>> {
        let signing = &self.0.signing;
        signing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Files about whose signatures this process asks the authorities now.
    pub(crate) fn asking_now(&self) -> MutexGuard<'_, BTreeSet<FileHash>> {
        let asking = &self.0.asking;
        asking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the workers that messages wait.
    pub fn announce(&self) {
        self.0.work.notify_one();
        self.0.sealing.notify_one();
    }

    /// Tells whoever sends notices that some wait.
    pub fn tell_notices(&self) {
        self.0.notices.notify_one();
    }

    /// Waits until somebody tells that notices wait.
    pub async fn notices_told(&self) {
        self.0.notices.notified().await;
    }

    /// Waits until somebody announces messages.
    pub async fn announced(&self) {
        self.0.work.notified().await;
    }

    /// The same, for whoever seals results.
    pub async fn sealing_announced(&self) {
        self.0.sealing.notified().await;
    }
}

fn cached<T>(cache: &Cached<T>, code: &ProcedureCode, version: u32) -> Option<Arc<T>> {
    let cache = cache.read().unwrap_or_else(PoisonError::into_inner);
    cache.get(&(code.clone(), version)).cloned()
}

fn keep<T>(cache: &Cached<T>, code: &ProcedureCode, version: u32, value: T) -> Arc<T> {
    let value = Arc::new(value);
    let mut cache = cache.write().unwrap_or_else(PoisonError::into_inner);
    cache.insert((code.clone(), version), Arc::clone(&value));
    value
}
