//! Master keys of files on a PKCS#11 token: data keys go in and come out wrapped, the master keys never
//! leave it.

use std::fmt::Display;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError, RwLock};

use app::clock::Ids;
use app::keys::{KeyError, KeyId, Wrapped};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::aead::GcmParams;
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use ring::aead::NONCE_LEN;

use super::FilesError;

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
    session: Mutex<Session>,
    label: String,
    ids: Ids,
    /// In the order of their ids: the last is the newest.
    keys: RwLock<Vec<(KeyId, ObjectHandle)>>,
    // Ends the module's work when it is dropped: after the session.
    _module: Pkcs11,
}

impl TokenKeys {
    /// Signs in to the token and finds the master keys; makes the first one where there is none.
    ///
    /// # Errors
    /// [`FilesError::Token`].
    pub fn open(place: &TokenPlace) -> Result<Self, FilesError> {
        let module = Pkcs11::new(&place.module).map_err(failed)?;
        let flags = CInitializeFlags::OS_LOCKING_OK;
        match module.initialize(CInitializeArgs::new(flags)) {
            // Another part of this program signs with the same module.
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(cause) => return Err(failed(cause)),
        }
        let slot = slot_of(&module, &place.token)?;
        let session = module.open_rw_session(slot).map_err(failed)?;
        let pin = AuthPin::new(place.pin.clone().into());
        match session.login(UserType::User, Some(&pin)) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
            Err(cause) => return Err(failed(cause)),
        }
        let keys = found(&session, &place.label)?;
        let empty = keys.is_empty();
        let token = Self {
            session: Mutex::new(session),
            label: place.label.clone(),
            ids: Ids::default(),
            keys: RwLock::new(keys),
            _module: module,
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
        let order = self.last().map_or(1, |(KeyId([a, b, c, d, ..]), _)| {
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
            Attribute::Label(self.label.clone().into_bytes()),
            Attribute::Id(id.to_vec()),
        ];
        let made =
            self.session(|session| session.generate_key(&Mechanism::AesKeyGen, &template))?;
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        keys.push((KeyId(id), made));
        Ok(KeyId(id))
    }

    /// Which master key wraps now.
    pub(super) fn newest(&self) -> KeyId {
        self.last().map_or(KeyId([0; KeyId::LEN]), |(id, _)| id)
    }

    /// Whether the token holds the key.
    pub(super) fn holds(&self, id: KeyId) -> bool {
        self.handle(id).is_some()
    }

    pub(super) fn wrap(&self, name: &[u8], key: &[u8; 32]) -> Result<Wrapped, FilesError> {
        let (by, handle) = self.last().ok_or_else(|| failed("it holds no key"))?;
        let nonce = self.ids.bytes::<NONCE_LEN>();
        let mut iv = nonce;
        let params = GcmParams::new(&mut iv, name, TAG_BITS.into()).map_err(failed)?;
        let mechanism = Mechanism::AesGcm(params);
        let sealed = self.session(|session| session.encrypt(&mechanism, handle, key))?;
        let key = [nonce.as_slice(), &sealed].concat();
        Ok(Wrapped { by, key })
    }

    pub(super) fn unwrap(&self, name: &[u8], wrapped: &Wrapped) -> Result<[u8; 32], FilesError> {
        let handle = self.handle(wrapped.by);
        let handle = handle.ok_or(FilesError::Key(KeyError::Unknown(wrapped.by)))?;
        let sealed = wrapped.key.split_first_chunk::<NONCE_LEN>();
        let (nonce, sealed) = sealed.ok_or(FilesError::Key(KeyError::Sealed))?;
        let mut iv = *nonce;
        let params = GcmParams::new(&mut iv, name, TAG_BITS.into()).map_err(failed)?;
        let mechanism = Mechanism::AesGcm(params);
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = session.decrypt(&mechanism, handle, sealed);
        let opened = opened.map_err(|cause| {
            if refuses(&cause) {
                FilesError::Key(KeyError::Sealed)
            } else {
                failed(cause)
            }
        })?;
        opened
            .try_into()
            .map_err(|_| FilesError::Key(KeyError::Sealed))
    }

    fn last(&self) -> Option<(KeyId, ObjectHandle)> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.last().copied()
    }

    fn handle(&self, id: KeyId) -> Option<ObjectHandle> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let mut held = keys.iter();
        held.find(|(held, _)| *held == id)
            .map(|(_, handle)| *handle)
    }

    /// One after the other: a session does one thing at a time.
    fn session<T>(&self, work: impl FnOnce(&Session) -> Result<T, Error>) -> Result<T, FilesError> {
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        work(&session).map_err(failed)
    }
}

/// What tokens say when the tag does not fit: some have a word for it, some only a general one.
fn refuses(cause: &Error) -> bool {
    let Error::Pkcs11(said, _) = cause else {
        return false;
    };
    matches!(
        said,
        RvError::EncryptedDataInvalid | RvError::EncryptedDataLenRange | RvError::GeneralError
    )
}

fn slot_of(module: &Pkcs11, label: &str) -> Result<Slot, FilesError> {
    for slot in module.get_slots_with_token().map_err(failed)? {
        let info = module.get_token_info(slot).map_err(failed)?;
        if info.label().trim_end() == label {
            return Ok(slot);
        }
    }
    Err(FilesError::Token(format!("there is no token `{label}`")))
}

fn found(session: &Session, label: &str) -> Result<Vec<(KeyId, ObjectHandle)>, FilesError> {
    let template = [
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::KeyType(KeyType::AES),
        Attribute::Label(label.as_bytes().to_vec()),
    ];
    let mut keys = Vec::new();
    for handle in session.find_objects(&template).map_err(failed)? {
        let said = session.get_attributes(handle, &[AttributeType::Id]);
        for attribute in said.map_err(failed)? {
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
