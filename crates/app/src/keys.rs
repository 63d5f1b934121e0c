//! Encryption of personal data and of the keys of files, with master keys from outside the database.
//!
//! A ring holds one master key or several: the newest seals, all of them open. What must stay the
//! same when master keys change, hashes for looking persons up and names of stored files, hangs on a
//! lasting key of its own.

use std::fmt;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::hmac;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::KeyedHash;

use crate::clock::Ids;

/// Why sealed data cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// A line of the key file is not 32 bytes of hexadecimal digits, or there is no master key.
    #[error("a master key is a line of 64 hexadecimal digits")]
    BadKey,
    /// The data was sealed with a master key that the ring does not hold.
    #[error("sealed with the master key {0}, which is not among those given")]
    Unknown(KeyId),
    /// The data was not sealed for this record, or was altered.
    #[error("sealed data cannot be opened with this key")]
    Sealed,
    /// What was sealed is not what was expected.
    #[error("opened data has another form")]
    Form,
}

/// Which master key: it is derived from the key, so that it needs no bookkeeping.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; KeyId::LEN]);

impl KeyId {
    /// Its length in bytes.
    pub const LEN: usize = 8;
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A data key of a file, wrapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrapped {
    /// Under which master key.
    pub by: KeyId,
    /// The wrapped key.
    pub key: Vec<u8>,
}

/// The keys derived from the master keys: they seal, wrap, and make hashes.
#[derive(Debug, Clone)]
pub struct Keyring {
    /// The last is the newest.
    masters: Vec<Master>,
    look_up: hmac::Key,
    names: hmac::Key,
    papers: hmac::Key,
    ids: Ids,
}

#[derive(Debug, Clone)]
struct Master {
    id: KeyId,
    seal: LessSafeKey,
    wrap: LessSafeKey,
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// How the line with the lasting key begins.
const LASTING: &str = "lasting ";

impl Keyring {
    /// Reads a key file: a line of 64 hexadecimal digits for each master key, the newest last, and
    /// `lasting ` with such digits once a second one was added.
    ///
    /// # Errors
    /// [`KeyError::BadKey`].
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let (masters, lasting) = lines(text)?;
        let derived = |purpose: &[u8]| derive::<32>(&lasting, purpose);
        Ok(Self {
            look_up: hmac::Key::new(hmac::HMAC_SHA256, &derived(b"motcua look-up v1")?),
            names: hmac::Key::new(hmac::HMAC_SHA256, &derived(b"motcua file names v1")?),
            papers: hmac::Key::new(hmac::HMAC_SHA256, &derived(b"motcua papers v1")?),
            masters: masters.iter().map(Master::of).collect::<Result<_, _>>()?,
            ids: Ids::default(),
        })
    }

    /// The text of a key file with one more master key, which is the newest from then on.
    ///
    /// # Errors
    /// [`KeyError::BadKey`] when `text` is no key file.
    pub fn with_new_key(text: &str, ids: &Ids) -> Result<String, KeyError> {
        let (mut masters, lasting) = lines(text)?;
        masters.push(ids.bytes());
        Ok(written(&masters, &lasting))
    }

    /// The text of a key file with its newest master key alone.
    ///
    /// # Errors
    /// [`KeyError::BadKey`] when `text` is no key file.
    pub fn with_newest_alone(text: &str) -> Result<String, KeyError> {
        let (masters, lasting) = lines(text)?;
        let newest = masters.last().ok_or(KeyError::BadKey)?;
        Ok(written(std::slice::from_ref(newest), &lasting))
    }

    /// Which master key seals and wraps now.
    pub fn newest(&self) -> KeyId {
        self.last().id
    }

    /// Every master key held, the newest last.
    pub fn ids(&self) -> Vec<KeyId> {
        self.masters.iter().map(|master| master.id).collect()
    }

    /// Seals `value` for the record `about`: opened elsewhere it does not open.
    pub fn seal<T: Serialize>(&self, about: &str, value: &T) -> Vec<u8> {
        let data = serde_json::to_vec(value).expect("our own records serialise");
        self.seal_bytes(about, data)
    }

    /// Opens what was sealed for `about`.
    ///
    /// # Errors
    /// [`KeyError::Unknown`], [`KeyError::Sealed`] or [`KeyError::Form`].
    pub fn open<T: DeserializeOwned>(&self, about: &str, sealed: &[u8]) -> Result<T, KeyError> {
        let opened = self.open_bytes(about, sealed)?;
        serde_json::from_slice(&opened).map_err(|_| KeyError::Form)
    }

    /// What was sealed for `about`, sealed again under the newest master key; none when it is.
    ///
    /// # Errors
    /// [`KeyError::Unknown`] or [`KeyError::Sealed`].
    pub fn reseal(&self, about: &str, sealed: &[u8]) -> Result<Option<Vec<u8>>, KeyError> {
        if sealed.starts_with(&self.newest().0) {
            return Ok(None);
        }
        let opened = self.open_bytes(about, sealed)?;
        Ok(Some(self.seal_bytes(about, opened)))
    }

    /// Wraps the data key of the object `about`.
    pub fn wrap(&self, about: &[u8], key: &[u8; 32]) -> Wrapped {
        let master = self.last();
        let nonce = self.ids.bytes::<NONCE_LEN>();
        let key = encrypted(&master.wrap, nonce, about, key.to_vec());
        Wrapped { by: master.id, key }
    }

    /// Unwraps the data key of the object `about`.
    ///
    /// # Errors
    /// [`KeyError::Unknown`] or [`KeyError::Sealed`].
    pub fn unwrap_key(&self, about: &[u8], wrapped: &Wrapped) -> Result<[u8; 32], KeyError> {
        let master = self.master(wrapped.by)?;
        let opened = decrypted(&master.wrap, about, &wrapped.key)?;
        opened.try_into().map_err(|_| KeyError::Sealed)
    }

    /// The keyed hash by which a number or telephone is found again.
    pub fn look_up(&self, kind: &str, value: &str) -> KeyedHash {
        let mut context = hmac::Context::with_key(&self.look_up);
        context.update(kind.as_bytes());
        context.update(&[0]);
        context.update(value.as_bytes());
        let mut hash = [0; 32];
        hash.copy_from_slice(context.sign().as_ref());
        KeyedHash(hash)
    }

    /// The keyed hash under which a file is stored, so that who sees the names of stored files cannot
    /// tell whether a guessed content is among them.
    pub fn file_name(&self, hash: &str) -> String {
        hex::encode(hmac::sign(&self.names, hash.as_bytes()))
    }

    /// The seal on the name by which the public asks for a paper. It stays when master keys change:
    /// papers are out there for years.
    pub fn paper_seal(&self, name: &[u8]) -> [u8; 32] {
        let mut seal = [0; 32];
        seal.copy_from_slice(hmac::sign(&self.papers, name).as_ref());
        seal
    }

    fn seal_bytes(&self, about: &str, data: Vec<u8>) -> Vec<u8> {
        let master = self.last();
        let nonce = self.ids.bytes::<NONCE_LEN>();
        let sealed = encrypted(&master.seal, nonce, about.as_bytes(), data);
        [master.id.0.as_slice(), &sealed].concat()
    }

    fn open_bytes(&self, about: &str, sealed: &[u8]) -> Result<Vec<u8>, KeyError> {
        let (id, data) = sealed.split_first_chunk().ok_or(KeyError::Sealed)?;
        let master = self.master(KeyId(*id))?;
        decrypted(&master.seal, about.as_bytes(), data)
    }

    fn last(&self) -> &Master {
        self.masters.last().expect("a ring holds a master key")
    }

    fn master(&self, id: KeyId) -> Result<&Master, KeyError> {
        let mut masters = self.masters.iter();
        masters
            .find(|master| master.id == id)
            .ok_or(KeyError::Unknown(id))
    }
}

impl Master {
    fn of(master: &[u8; 32]) -> Result<Self, KeyError> {
        let key = |purpose: &[u8]| {
            let key = derive::<32>(master, purpose)?;
            let key = UnboundKey::new(&AES_256_GCM, &key).map_err(|_| KeyError::BadKey)?;
            Ok(LessSafeKey::new(key))
        };
        Ok(Self {
            id: KeyId(derive(master, b"motcua key id v1")?),
            seal: key(b"motcua seal v1")?,
            wrap: key(b"motcua file keys v1")?,
        })
    }
}

/// The master keys of a key file and its lasting key.
fn lines(text: &str) -> Result<(Vec<[u8; 32]>, [u8; 32]), KeyError> {
    let (mut masters, mut lasting) = (Vec::new(), None);
    let lines = text.lines().map(str::trim);
    for line in lines.filter(|line| !line.is_empty()) {
        match line.strip_prefix(LASTING) {
            Some(digits) => lasting = Some(key_of(digits)?),
            None => masters.push(key_of(line)?),
        }
    }
    let first = masters.first().ok_or(KeyError::BadKey)?;
    let lasting = match lasting {
        Some(lasting) => lasting,
        None if masters.len() == 1 => derive(first, b"motcua lasting v1")?,
        None => return Err(KeyError::BadKey),
    };
    Ok((masters, lasting))
}

fn written(masters: &[[u8; 32]], lasting: &[u8; 32]) -> String {
    let mut text = format!("{LASTING}{}\n", hex::encode(lasting));
    for master in masters {
        text.push_str(&hex::encode(master));
        text.push('\n');
    }
    text
}

fn key_of(digits: &str) -> Result<[u8; 32], KeyError> {
    let mut key = [0; 32];
    hex::decode_to_slice(digits, &mut key).map_err(|_| KeyError::BadKey)?;
    Ok(key)
}

fn encrypted(key: &LessSafeKey, nonce: [u8; NONCE_LEN], about: &[u8], data: Vec<u8>) -> Vec<u8> {
    let mut data = data;
    key.seal_in_place_append_tag(
        Nonce::assume_unique_for_key(nonce),
        Aad::from(about),
        &mut data,
    )
    .expect("records are far below the cipher's limit");
    [nonce.as_slice(), &data].concat()
}

fn decrypted(key: &LessSafeKey, about: &[u8], sealed: &[u8]) -> Result<Vec<u8>, KeyError> {
    let (nonce, data) = sealed.split_at_checked(NONCE_LEN).ok_or(KeyError::Sealed)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| KeyError::Sealed)?;
    let mut data = data.to_vec();
    let opened = key
        .open_in_place(nonce, Aad::from(about), &mut data)
        .map_err(|_| KeyError::Sealed)?;
    Ok(opened.to_vec())
}

fn derive<const N: usize>(master: &[u8], purpose: &[u8]) -> Result<[u8; N], KeyError> {
    let mut key = [0; N];
    let info = [purpose];
    let extracted = Salt::new(HKDF_SHA256, b"motcua").extract(master);
    extracted
        .expand(&info, Length(N))
        .and_then(|derived| derived.fill(&mut key))
        .map_err(|_| KeyError::BadKey)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring_of(digit: &str) -> Keyring {
        Keyring::parse(&digit.repeat(64)).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_for_the_same_record_and_key_alone() {
        let keys = ring_of("a");
        let sealed = keys.seal("party:1", &"038199000017");
        assert!(!sealed.windows(4).any(|w| w == b"0381"));
        assert_eq!(
            keys.open::<String>("party:1", &sealed).unwrap(),
            "038199000017"
        );
        assert_eq!(
            keys.open::<String>("party:2", &sealed),
            Err(KeyError::Sealed)
        );
        assert_eq!(
            ring_of("b").open::<String>("party:1", &sealed),
            Err(KeyError::Unknown(keys.newest()))
        );
        assert_ne!(sealed, keys.seal("party:1", &"038199000017"));
    }

    #[test]
    fn look_up_hashes_differ_by_kind_and_key() {
        let keys = ring_of("a");
        assert_eq!(keys.look_up("number", "1"), keys.look_up("number", "1"));
        assert_ne!(keys.look_up("number", "1"), keys.look_up("phone", "1"));
        assert_ne!(
            keys.look_up("number", "1"),
            ring_of("b").look_up("number", "1")
        );
    }

    #[test]
    fn a_short_master_key_is_refused() {
        for bad in [
            "abcd",
            "",
            "lasting ",
            &format!("lasting {}", "a".repeat(64)),
        ] {
            assert_eq!(Keyring::parse(bad).unwrap_err(), KeyError::BadKey, "{bad}");
        }
        // Without its lasting key nobody would be found again, and no file.
        let two = format!("{}\n{}\n", "a".repeat(64), "b".repeat(64));
        assert_eq!(Keyring::parse(&two).unwrap_err(), KeyError::BadKey);
    }

    #[test]
    fn a_new_key_seals_old_ones_open_and_hashes_and_names_stay() {
        let first = "a".repeat(64);
        let old = Keyring::parse(&first).unwrap();
        let text = Keyring::with_new_key(&first, &Ids::default()).unwrap();
        let both = Keyring::parse(&text).unwrap();
        let sealed = old.seal("party:1", &"x");
        let wrapped = old.wrap(b"name", &[7; 32]);
        assert_eq!(both.open::<String>("party:1", &sealed).unwrap(), "x");
        assert_eq!(both.unwrap_key(b"name", &wrapped), Ok([7; 32]));
        assert_eq!(both.unwrap_key(b"other", &wrapped), Err(KeyError::Sealed));
        assert_eq!(both.look_up("number", "1"), old.look_up("number", "1"));
        assert_eq!(both.file_name("1"), old.file_name("1"));
        assert_eq!(both.ids(), [old.newest(), both.newest()]);

        let again = both.reseal("party:1", &sealed).unwrap().unwrap();
        assert_eq!(both.reseal("party:1", &again), Ok(None));
        let alone = Keyring::parse(&Keyring::with_newest_alone(&text).unwrap()).unwrap();
        assert_eq!(alone.ids(), [both.newest()]);
        assert_eq!(alone.open::<String>("party:1", &again).unwrap(), "x");
        let gone = Err(KeyError::Unknown(old.newest()));
        assert_eq!(alone.open::<String>("party:1", &sealed), gone);
        assert_eq!(alone.look_up("number", "1"), old.look_up("number", "1"));
        assert_eq!(alone.file_name("1"), old.file_name("1"));
    }
}
