//! Encryption of personal data, with a key from outside the database.

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
    /// The master key is not 32 bytes of hexadecimal digits.
    #[error("the master key must be 64 hexadecimal digits")]
    BadKey,
    /// The data was not sealed with this key, for this record, or was altered.
    #[error("sealed data cannot be opened with this key")]
    Sealed,
    /// What was sealed is not what was expected.
    #[error("opened data has another form")]
    Form,
}

/// The keys derived from the master key: one seals, one makes look-up hashes.
#[derive(Debug, Clone)]
pub struct Keyring {
    seal: LessSafeKey,
    look_up: hmac::Key,
    ids: Ids,
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

impl Keyring {
    /// Derives the keys from a master key of 64 hexadecimal digits.
    ///
    /// # Errors
    /// [`KeyError::BadKey`].
    pub fn parse(master: &str) -> Result<Self, KeyError> {
        let master = hex::decode(master.trim()).map_err(|_| KeyError::BadKey)?;
        if master.len() != 32 {
            return Err(KeyError::BadKey);
        }
        let seal = derive(&master, b"motcua seal v1").ok_or(KeyError::BadKey)?;
        let look_up = derive(&master, b"motcua look-up v1").ok_or(KeyError::BadKey)?;
        let seal = UnboundKey::new(&AES_256_GCM, &seal).map_err(|_| KeyError::BadKey)?;
        Ok(Self {
            seal: LessSafeKey::new(seal),
            look_up: hmac::Key::new(hmac::HMAC_SHA256, &look_up),
            ids: Ids::default(),
        })
    }

    /// Seals `value` for the record `about`: opened elsewhere it does not open.
    pub fn seal<T: Serialize>(&self, about: &str, value: &T) -> Vec<u8> {
        let mut data = serde_json::to_vec(value).expect("our own records serialise");
        let nonce = self.ids.bytes::<NONCE_LEN>();
        self.seal
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(about.as_bytes()),
                &mut data,
            )
            .expect("records are far below the cipher's limit");
        [nonce.as_slice(), &data].concat()
    }

    /// Opens what was sealed for `about`.
    ///
    /// # Errors
    /// [`KeyError::Sealed`] or [`KeyError::Form`].
    pub fn open<T: DeserializeOwned>(&self, about: &str, sealed: &[u8]) -> Result<T, KeyError> {
        let (nonce, data) = sealed.split_at_checked(NONCE_LEN).ok_or(KeyError::Sealed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| KeyError::Sealed)?;
        let mut data = data.to_vec();
        let opened = self
            .seal
            .open_in_place(nonce, Aad::from(about.as_bytes()), &mut data)
            .map_err(|_| KeyError::Sealed)?;
        serde_json::from_slice(opened).map_err(|_| KeyError::Form)
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
}

fn derive(master: &[u8], purpose: &[u8]) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    let info = [purpose];
    let extracted = Salt::new(HKDF_SHA256, b"motcua").extract(master);
    extracted
        .expand(&info, Length(32))
        .ok()?
        .fill(&mut key)
        .ok()?;
    Some(key)
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
            Err(KeyError::Sealed)
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
        assert_eq!(Keyring::parse("abcd").unwrap_err(), KeyError::BadKey);
    }
}
