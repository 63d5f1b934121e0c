//! Master keys of files on a PKCS#11 token: data keys go in and come out wrapped, the master keys never
//! leave it. The login is one with that of keys that sign on the same token.

use std::fmt::Display;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use app::clock::Ids;
use app::keys::{KeyError, KeyId, Wrapped};
use cryptoki::context::Function;
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::aead::GcmParams;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use ring::aead::NONCE_LEN;

use super::FilesError;
use crate::sign::{KeyFault, TokenModule, Try, Unlocked, is_lost};

const TAG_BITS: u64 = 128;
const KEY_BYTES: u64 = 32;

/// Which keys of which token.
#[derive(Clone)]
pub struct TokenPlace {
    /// The module of the token's maker, `/usr/lib/softhsm/libsofthsm2.so`.
    pub module: PathBuf,
    /// The token's label.
    pub token: String,
    /// The user's PIN.
    pub pin: String,
    /// The label that all master keys of files have; the one with the highest id is the newest.
    pub label: String,
}

/// The master keys of files on a token.
pub struct TokenKeys {
    module: TokenModule,
    place: TokenPlace,
    ids: Ids,
    login: Mutex<Login>,
    /// In their order, the last is the newest; known while the token is away, too.
    known: RwLock<Vec<KeyId>>,
}

enum Login {
    Open(Open),
    /// The token was pulled out, or its device began anew: whoever needs it next logs in again.
    Lost,
    /// The PIN that was right is wrong by now. It is not tried again: each try may be one of the last.
    Refused(KeyFault),
}

/// The token, unlocked, with its keys.
struct Open {
    unlocked: Unlocked,
    keys: Vec<(KeyId, ObjectHandle)>,
}

impl Open {
    fn key(&self, id: KeyId) -> Option<ObjectHandle> {
        let mut keys = self.keys.iter();
        keys.find(|(held, _)| *held == id)
            .map(|(_, handle)| *handle)
    }
}

impl TokenKeys {
    /// Signs in to the token and finds the master keys; makes the first one where there is none. On a
    /// token that counts a wrong PIN nothing is tried: a server that is started again and again would
    /// lock it.
    ///
    /// # Errors
    /// [`FilesError::Token`].
    pub fn open(place: &TokenPlace) -> Result<Self, FilesError> {
        Self::open_as(place, Try::Unsure)
    }

    /// Opens it as [`TokenKeys::open`] does, by order of somebody who knows that the PIN is right now.
    ///
    /// # Errors
    /// [`FilesError::Token`].
    pub fn open_ordered(place: &TokenPlace) -> Result<Self, FilesError> {
        Self::open_as(place, Try::Read)
    }

    fn open_as(place: &TokenPlace, how: Try) -> Result<Self, FilesError> {
        let module = TokenModule::load(&place.module).map_err(failed)?;
        let open = opened(&module, place, how).map_err(|fault| locked(place, &fault))?;
        let known: Vec<KeyId> = open.keys.iter().map(|(id, _)| *id).collect();
        let empty = known.is_empty();
        let token = Self {
            module,
            place: place.clone(),
            ids: Ids::default(),
            login: Mutex::new(Login::Open(open)),
            known: RwLock::new(known),
        };
        if empty {
            token.add_key()?;
        }
        Ok(token)
    }

    /// Makes a master key on the token, which is the newest from then on.
    ///
    /// # Errors
    /// [`FilesError::Token`].
    pub fn add_key(&self) -> Result<KeyId, FilesError> {
        let order = self.last().map_or(1, |KeyId([a, b, c, d, ..])| {
            u32::from_be_bytes([a, b, c, d]).saturating_add(1)
        });
        let mut id = [0; KeyId::LEN];
        let (head, tail) = id.split_at_mut(4);
        head.copy_from_slice(&order.to_be_bytes());
        tail.copy_from_slice(&self.ids.bytes::<4>());
        let template = [
            Attribute::Class(ObjectClass::SECRET_KEY),
            Attribute::KeyType(KeyType::AES),
            Attribute::ValueLen(KEY_BYTES.into()),
            Attribute::Token(true),
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Encrypt(true),
            Attribute::Decrypt(true),
            Attribute::Label(self.place.label.clone().into_bytes()),
            Attribute::Id(id.to_vec()),
        ];
        let made = self.on_token(|open| {
            let session = open.unlocked.session();
            session.generate_key(&Mechanism::AesKeyGen, &template)
        })?;
        if let Login::Open(open) = &mut *self.login() {
            open.keys.push((KeyId(id), made));
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.push(KeyId(id));
        Ok(KeyId(id))
    }

    /// Which master key wraps now.
    pub(super) fn newest(&self) -> KeyId {
        self.last().unwrap_or(KeyId([0; KeyId::LEN]))
    }

    /// Whether the token holds the key.
    pub(super) fn holds(&self, id: KeyId) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.contains(&id)
    }

    pub(super) fn wrap(&self, name: &[u8], key: &[u8; 32]) -> Result<Wrapped, FilesError> {
        let by = self.last().ok_or_else(|| failed("it holds no key"))?;
        let nonce = self.ids.bytes::<NONCE_LEN>();
        let sealed = self.on_token(|open| {
            let handle = open.key(by).ok_or_else(gone)?;
            encrypted(&open.unlocked.session(), handle, (&nonce, name), key)
        })?;
        let key = [nonce.as_slice(), &sealed].concat();
        Ok(Wrapped { by, key })
    }

    pub(super) fn unwrap(&self, name: &[u8], wrapped: &Wrapped) -> Result<[u8; 32], FilesError> {
        let altered = || FilesError::Key(KeyError::Sealed);
        let (nonce, sealed) = wrapped
            .key
            .split_first_chunk::<NONCE_LEN>()
            .ok_or_else(altered)?;
        let test = (self.ids.bytes::<NONCE_LEN>(), self.ids.bytes::<32>());
        let opened = self.on_token(|open| {
            let handle = open.key(wrapped.by).ok_or_else(gone)?;
            let session = open.unlocked.session();
            judged(
                || decrypted(&session, handle, (nonce, name), sealed),
                || works(&session, handle, &test),
            )
        })?;
        opened
            .and_then(|opened| opened.try_into().ok())
            .ok_or_else(altered)
    }

    fn last(&self) -> Option<KeyId> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.last().copied()
    }

    fn login(&self) -> MutexGuard<'_, Login> {
        // Whatever fails under this lock is told by what it leaves.
        self.login.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works on the token, one after the other: a session does one thing at a time. Where the login is
    /// lost it logs in again, once.
    fn on_token<T>(&self, work: impl Fn(&Open) -> Result<T, Error>) -> Result<T, FilesError> {
        let mut login = self.login();
        if let Login::Open(open) = &*login {
            match work(open) {
                Err(cause) if is_lost(&cause) => {}
                done => return done.map_err(failed),
            }
        }
        if let Login::Refused(fault) = &*login {
            return Err(locked(&self.place, fault));
        }
        // The old login ends first: it may be the last that keeps the token open.
        *login = Login::Lost;
        let again = opened(&self.module, &self.place, Try::Read).map_err(|fault| {
            if matches!(
                fault,
                KeyFault::Pin | KeyFault::PinLocked | KeyFault::LastTry
            ) {
                *login = Login::Refused(fault.clone());
            }
            locked(&self.place, &fault)
        })?;
        tracing::info!(
            token = self.place.token,
            "Logged in again to the token of files"
        );
        let done = work(&again).map_err(failed);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        *known = again.keys.iter().map(|(id, _)| *id).collect();
        *login = Login::Open(again);
        done
    }
}

fn opened(module: &TokenModule, place: &TokenPlace, how: Try) -> Result<Open, KeyFault> {
    let unlocked = module.log_in(&place.token, (&place.pin, how))?;
    let keys = found(&unlocked.session(), &place.label)
        .map_err(|cause| KeyFault::Device(cause.to_string()))?;
    Ok(Open { unlocked, keys })
}

/// What is in a wrapped key; none when it was altered. Some tokens have a word for a tag that does not
/// fit. Others say only that something failed, which they also say when they are tired: then the key is
/// tried once more, and it is altered only if the token does as it should with a key of our own.
fn judged(
    open: impl Fn() -> Result<Vec<u8>, Error>,
    works: impl Fn() -> bool,
) -> Result<Option<Vec<u8>>, Error> {
    let mut last = None;
    for _ in 0..2 {
        match open() {
            Ok(key) => return Ok(Some(key)),
            Err(Error::Pkcs11(
                RvError::EncryptedDataInvalid | RvError::EncryptedDataLenRange,
                _,
            )) => return Ok(None),
            Err(cause @ Error::Pkcs11(RvError::GeneralError | RvError::FunctionFailed, _)) => {
                last = Some(cause);
            }
            Err(cause) => return Err(cause),
        }
    }
    match last {
        Some(cause) if !works() => Err(cause),
        _ => Ok(None),
    }
}

/// Whether the token opens with the key what it sealed with it a moment ago.
fn works(
    session: &Session,
    key: ObjectHandle,
    (nonce, test): &([u8; NONCE_LEN], [u8; 32]),
) -> bool {
    let sealed = encrypted(session, key, (nonce, b"test"), test);
    let opened = sealed.and_then(|sealed| decrypted(session, key, (nonce, b"test"), &sealed));
    opened.is_ok_and(|opened| opened == test)
}

fn encrypted(
    session: &Session,
    key: ObjectHandle,
    (nonce, name): (&[u8; NONCE_LEN], &[u8]),
    data: &[u8],
) -> Result<Vec<u8>, Error> {
    let mut iv = *nonce;
    let params = GcmParams::new(&mut iv, name, TAG_BITS.into())?;
    session.encrypt(&Mechanism::AesGcm(params), key, data)
}

fn decrypted(
    session: &Session,
    key: ObjectHandle,
    (nonce, name): (&[u8; NONCE_LEN], &[u8]),
    sealed: &[u8],
) -> Result<Vec<u8>, Error> {
    let mut iv = *nonce;
    let params = GcmParams::new(&mut iv, name, TAG_BITS.into())?;
    session.decrypt(&Mechanism::AesGcm(params), key, sealed)
}

/// A key that was there is not: perhaps another token is, and the next login tells.
fn gone() -> Error {
    Error::Pkcs11(RvError::KeyHandleInvalid, Function::Decrypt)
}

fn found(session: &Session, label: &str) -> Result<Vec<(KeyId, ObjectHandle)>, Error> {
    let template = [
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::KeyType(KeyType::AES),
        Attribute::Label(label.as_bytes().to_vec()),
    ];
    let mut keys = Vec::new();
    for handle in session.find_objects(&template)? {
        for attribute in session.get_attributes(handle, &[AttributeType::Id])? {
            if let Attribute::Id(id) = attribute
                && let Ok(id) = id.try_into()
            {
                keys.push((KeyId(id), handle));
            }
        }
    }
    keys.sort_by_key(|(id, _)| *id);
    Ok(keys)
}

fn failed(cause: impl Display) -> FilesError {
    FilesError::Token(cause.to_string())
}

/// Why the token is not open, and what somebody has to do.
fn locked(place: &TokenPlace, fault: &KeyFault) -> FilesError {
    let token = &place.token;
    let more = match fault {
        KeyFault::Pin => "; it is not tried again before the next start",
        KeyFault::WrongBefore => {
            "; mend the PIN that is configured and order one try of it with `motcua keys try-token`"
        }
        KeyFault::LastTry => "; unlock it with its maker's program",
        _ => "",
    };
    FilesError::Token(format!("`{token}`: {fault}{more}"))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn said(value: RvError) -> Error {
        Error::Pkcs11(value, Function::Decrypt)
    }

    fn failing(error: fn() -> RvError, times: u32) -> impl Fn() -> Result<Vec<u8>, Error> {
        let tried = Cell::new(0);
        move || {
            tried.set(tried.get() + 1);
            if tried.get() <= times {
                return Err(said(error()));
            }
            Ok(vec![7])
        }
    }

    #[test]
    fn a_general_error_is_no_verdict_unless_the_token_works() {
        let tired: fn() -> RvError = || RvError::GeneralError;
        let untested = || panic!("needs no test");
        let once = judged(failing(tired, 1), untested).unwrap();
        assert_eq!(once, Some(vec![7]), "it is tried once more");
        assert_eq!(judged(failing(tired, 9), || true).unwrap(), None, "altered");
        let fails = judged(failing(tired, 9), || false);
        assert!(fails.is_err(), "a token that fails");
        let word = judged(failing(|| RvError::EncryptedDataInvalid, 9), untested);
        assert_eq!(word.unwrap(), None);
        let lost = judged(failing(|| RvError::UserNotLoggedIn, 9), untested);
        assert!(lost.is_err_and(|cause| is_lost(&cause)));
    }
}
