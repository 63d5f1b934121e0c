//! Keys on PKCS#11 tokens: smart cards, USB tokens, HSMs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use cryptoki::slot::Slot;
use der::asn1::UintRef;
use der::{Encode, Sequence};

use super::cms::sha256;
use super::fault::{KeyFault, SignFault};
use super::key::Key;
use super::login::{Logins, Try, Unlocked, fault};
use super::order::Algorithm;

/// The drivers that were loaded. PKCS#11 begins a driver once in a process, and its logins are the
/// process's: whoever names the same driver shares them.
static LOADED: LazyLock<Mutex<BTreeMap<PathBuf, TokenModule>>> = LazyLock::new(Mutex::default);

/// A driver of tokens, loaded once for the life of the program.
#[derive(Clone)]
pub struct TokenModule {
    driver: Pkcs11,
    logins: Logins,
    /// Nanoseconds spent in signing, by all keys.
    spent: Arc<AtomicU64>,
}

/// Where a key is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locator {
    /// The token's label.
    pub token: String,
    /// The key on it.
    pub key: KeyName,
}

/// How a key is called on its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyName {
    /// By `CKA_LABEL`.
    Label(String),
    /// By `CKA_ID`.
    Id(Vec<u8>),
}

/// A key on a token that one PIN has unlocked, for any number of signatures. The token is locked
/// again when the last of its keys that are open is dropped.
pub struct TokenKey {
    unlocked: Unlocked,
    key: ObjectHandle,
    algorithm: Algorithm,
    spent: Arc<AtomicU64>,
}

/// ECDSA as X.509 writes it.
#[derive(Sequence)]
struct EcdsaSignature<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

impl TokenModule {
    /// Loads the driver at that path, or answers the one that was loaded from there.
    pub fn load(driver: &Path) -> Result<Self, SignFault> {
        // One without a folder is found by the system's loader.
        let place = driver.canonicalize().unwrap_or_else(|_| driver.to_owned());
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(module) = loaded.get(&place) {
            return Ok(module.clone());
        }
        let driver = Pkcs11::new(driver).map_err(fault)?;
        match driver.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            // Whoever reads the certificates of tokens may have begun it.
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => return Err(fault(error).into()),
        }
        let module = Self {
            driver,
            logins: Logins::default(),
            spent: Arc::default(),
        };
        loaded.insert(place, module.clone());
        Ok(module)
    }

    /// Unlocks a token with the PIN that somebody types and finds the key; others may have it unlocked
    /// with the same PIN. Waits for the device.
    pub fn unlock(&self, locator: &Locator, pin: &str) -> Result<TokenKey, SignFault> {
        self.unlock_as(locator, (pin, Try::Ordered))
    }

    /// Unlocks a token as [`TokenModule::unlock`] does, with a PIN that nobody may have tried before.
    pub fn unlock_as(&self, locator: &Locator, pin: (&str, Try)) -> Result<TokenKey, SignFault> {
        let slot = self.slot(&locator.token)?;
        let session = self.driver.open_ro_session(slot).map_err(fault)?;
        let unlocked = self.logins.unlock((&self.driver, slot), session, pin)?;
        let found = find(&unlocked.session(), &locator.key);
        let (key, algorithm) = found?;
        Ok(TokenKey {
            unlocked,
            key,
            algorithm,
            spent: Arc::clone(&self.spent),
        })
    }

    /// Unlocks a token for whoever also makes keys on it.
    pub(crate) fn log_in(&self, token: &str, pin: (&str, Try)) -> Result<Unlocked, KeyFault> {
        let slot = self.slot(token)?;
        let session = self.driver.open_rw_session(slot).map_err(fault)?;
        self.logins.unlock((&self.driver, slot), session, pin)
    }

    /// How long the tokens took for all their signatures so far, waiting for their turn not counted.
    pub fn spent(&self) -> Duration {
        Duration::from_nanos(self.spent.load(Ordering::Relaxed))
    }

    fn slot(&self, token: &str) -> Result<Slot, KeyFault> {
        for slot in self.driver.get_slots_with_token().map_err(fault)? {
            // One that was pulled out a moment ago keeps nobody from the others.
            let Ok(there) = self.driver.get_token_info(slot) else {
                continue;
            };
            if there.token_initialized() && there.label().trim_end() == token {
                return Ok(slot);
            }
        }
        Err(KeyFault::NoToken)
    }
}

impl Key for TokenKey {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn sign(&self, tbs: &[u8]) -> Result<Vec<u8>, SignFault> {
        let session = self.unlocked.session();
        let began = Instant::now();
        let signature = match self.algorithm {
            Algorithm::RsaSha256 => session.sign(&Mechanism::Sha256RsaPkcs, self.key, tbs),
            Algorithm::EcdsaP256Sha256 => session.sign(&Mechanism::Ecdsa, self.key, &sha256(tbs)),
        };
        let took = u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.spent.fetch_add(took, Ordering::Relaxed);
        let signature = signature.map_err(fault)?;
        match self.algorithm {
            Algorithm::RsaSha256 => Ok(signature),
            Algorithm::EcdsaP256Sha256 => in_der(&signature),
        }
    }
}

fn find(session: &Session, name: &KeyName) -> Result<(ObjectHandle, Algorithm), SignFault> {
    let named = match name {
        KeyName::Label(label) => Attribute::Label(label.clone().into_bytes()),
        KeyName::Id(id) => Attribute::Id(id.clone()),
    };
    let wanted = [Attribute::Class(ObjectClass::PRIVATE_KEY), named];
    let found = session.find_objects(&wanted).map_err(fault)?;
    let key = *found.first().ok_or(KeyFault::NoKey)?;
    let kinds = session
        .get_attributes(key, &[AttributeType::KeyType])
        .map_err(fault)?;
    match kinds.first() {
        Some(Attribute::KeyType(KeyType::RSA)) => Ok((key, Algorithm::RsaSha256)),
        Some(Attribute::KeyType(KeyType::EC)) => Ok((key, Algorithm::EcdsaP256Sha256)),
        _ => Err(KeyFault::Unusable.into()),
    }
}

/// Tokens give both numbers side by side.
fn in_der(raw: &[u8]) -> Result<Vec<u8>, SignFault> {
    let broken = || KeyFault::Device("a signature of an unknown shape".to_owned());
    let (r, s) = raw.split_at_checked(raw.len() / 2).ok_or_else(broken)?;
    let number = |bytes| UintRef::new(bytes).map_err(|_| broken());
    let signature = EcdsaSignature {
        r: number(r)?,
        s: number(s)?,
    };
    signature.to_der().map_err(|_| broken().into())
}
