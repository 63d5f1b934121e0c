//! One login for each token, shared by everybody who signs with a key on it. An unlocked token takes no
//! second PIN, so the PINs that come while it is are compared here: a wrong one never signs on the
//! login of another.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cryptoki::error::{Error, RvError};
use cryptoki::session::{Session, SessionState, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use ring::pbkdf2::{self, PBKDF2_HMAC_SHA256};
use ring::rand::{SecureRandom as _, SystemRandom};

use super::fault::KeyFault;

/// How often a PIN is hashed: a few hundredths of a second.
const ROUNDS: NonZeroU32 = NonZeroU32::new(100_000).expect("not zero");
/// Wrong PINs that one login takes. The token does not count them, so guessing ends here.
const MOST_WRONG: u32 = 3;

/// The logins of a driver's tokens.
#[derive(Clone, Default)]
pub(super) struct Logins(Arc<Mutex<BTreeMap<u64, Token>>>);

/// A token, with its login while it is unlocked.
type Token = Arc<Mutex<Option<Login>>>;

/// A token that is unlocked.
struct Login {
    holders: usize,
    wrong: u32,
    salt: [u8; 16],
    /// Of the PIN that unlocked it, as long as it is unlocked.
    hash: [u8; 32],
}

/// A session on a token that is unlocked for it. The token is locked again with the last of them.
pub(super) struct Unlocked {
    session: Mutex<Session>,
    token: Token,
}

impl Logins {
    /// Unlocks the token of the session, or joins those for whom it is unlocked, if the PIN is theirs.
    pub(super) fn unlock(
        &self,
        slot: Slot,
        session: Session,
        pin: &str,
    ) -> Result<Unlocked, KeyFault> {
        let token = Arc::clone(held(&self.0).entry(slot.id()).or_default());
        let mut login = held(&token);
        match &mut *login {
            Some(open) => open.join(&session, pin)?,
            none => {
                let new = Login::new(pin)?;
                log_in(&session, pin)?;
                *none = Some(new);
            }
        }
        drop(login);
        Ok(Unlocked {
            session: Mutex::new(session),
            token,
        })
    }
}

impl Login {
    fn new(pin: &str) -> Result<Self, KeyFault> {
        let mut salt = [0; 16];
        let filled = SystemRandom::new().fill(&mut salt);
        filled.map_err(|_| KeyFault::Device("no randomness".to_owned()))?;
        let mut hash = [0; 32];
        pbkdf2::derive(PBKDF2_HMAC_SHA256, ROUNDS, &salt, pin.as_bytes(), &mut hash);
        Ok(Self {
            holders: 1,
            wrong: 0,
            salt,
            hash,
        })
    }

    fn join(&mut self, session: &Session, pin: &str) -> Result<(), KeyFault> {
        if self.wrong >= MOST_WRONG {
            return Err(KeyFault::Busy);
        }
        let (salt, hash) = (&self.salt, &self.hash);
        if pbkdf2::verify(PBKDF2_HMAC_SHA256, ROUNDS, salt, pin.as_bytes(), hash).is_err() {
            self.wrong = self.wrong.saturating_add(1);
            return Err(KeyFault::Pin);
        }
        let state = session.get_session_info().map_err(fault)?.session_state();
        if !matches!(state, SessionState::RoUser | SessionState::RwUser) {
            // It was pulled out and put back meanwhile.
            log_in(session, pin)?;
        }
        self.holders = self.holders.saturating_add(1);
        Ok(())
    }
}

fn log_in(session: &Session, pin: &str) -> Result<(), KeyFault> {
    let pin = AuthPin::from(pin.to_owned());
    session.login(UserType::User, Some(&pin)).map_err(fault)
}

impl Unlocked {
    /// The session, for one at a time.
    pub(super) fn session(&self) -> MutexGuard<'_, Session> {
        held(&self.session)
    }
}

impl Drop for Unlocked {
    fn drop(&mut self) {
        let mut login = held(&self.token);
        let left = login
            .as_mut()
            .map_or(0, |open| open.holders.saturating_sub(1));
        match &mut *login {
            Some(open) if left > 0 => open.holders = left,
            last => {
                *last = None;
                // A token that was pulled out is locked, too.
                if let Err(error) = self.session().logout() {
                    tracing::warn!(%error, "A token could not be locked");
                }
            }
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing is left half-done under these locks.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn fault(error: Error) -> KeyFault {
    match error {
        Error::Pkcs11(RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange, _) => {
            KeyFault::Pin
        }
        Error::Pkcs11(RvError::PinLocked, _) => KeyFault::PinLocked,
        Error::Pkcs11(RvError::TokenNotPresent | RvError::DeviceRemoved, _) => KeyFault::NoToken,
        Error::Pkcs11(RvError::UserAlreadyLoggedIn, _) => KeyFault::Busy,
        other => KeyFault::Device(other.to_string()),
    }
}
