//! One login for each token, shared by everybody who works with a key on it, signatures and files
//! alike: PKCS#11 knows one for the whole process. An unlocked token takes no second PIN, so the PINs
//! that come while it is are compared here: a wrong one never signs on the login of another.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cryptoki::context::Pkcs11;
use cryptoki::error::{Error, RvError};
use cryptoki::session::{Session, SessionState, UserType};
use cryptoki::slot::{Slot, TokenInfo};
use cryptoki::types::AuthPin;
use ring::pbkdf2::{self, PBKDF2_HMAC_SHA256};
use ring::rand::{SecureRandom as _, SystemRandom};

use super::fault::KeyFault;

/// How often a PIN is hashed that a person typed: a few hundredths of a second.
const ROUNDS: NonZeroU32 = NonZeroU32::new(100_000).expect("not zero");
/// How often one is that the program reads by itself: it stands readable beside it, and each seal
/// unlocks anew.
const READ_ROUNDS: NonZeroU32 = NonZeroU32::new(1_000).expect("not zero");
/// Wrong PINs that one login takes. The token does not count them, so guessing ends here.
const MOST_WRONG: u32 = 3;
/// How long nobody joins after that: files may keep a token open for as long as the program runs.
const PAUSE: Duration = Duration::from_mins(15);

/// Whether a PIN is tried on a token that counts a wrong one since it was last unlocked. On one that
/// the next wrong PIN would lock, none is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Try {
    /// Somebody typed it.
    Ordered,
    /// The program read it, and somebody orders the try, or it was right before.
    Read,
    /// The program read it, and nobody knows whether it is right: the token must have counted none.
    Unsure,
}

impl Try {
    fn rounds(self) -> NonZeroU32 {
        match self {
            Self::Ordered => ROUNDS,
            Self::Read | Self::Unsure => READ_ROUNDS,
        }
    }
}

/// The logins of a driver's tokens, by slot and serial number.
#[derive(Clone, Default)]
pub(super) struct Logins(Arc<Mutex<BTreeMap<(u64, String), Token>>>);

/// A token, with its login while it is unlocked.
type Token = Arc<Mutex<Option<Login>>>;

/// A token that is unlocked.
struct Login {
    holders: usize,
    wrong: u32,
    /// When the last of the wrong PINs came.
    wrong_at: Option<Instant>,
    pin: Hashed,
}

/// The PIN that unlocked a token, as long as it is unlocked.
struct Hashed {
    rounds: NonZeroU32,
    salt: [u8; 16],
    hash: [u8; 32],
}

/// A session on a token that is unlocked for it. The token is locked again with the last of them.
pub(crate) struct Unlocked {
    session: Mutex<Session>,
    token: Token,
}

impl Logins {
    /// Unlocks the token of the session, or joins those for whom it is unlocked, if the PIN is theirs.
    pub(super) fn unlock(
        &self,
        (driver, slot): (&Pkcs11, Slot),
        session: Session,
        (pin, how): (&str, Try),
    ) -> Result<Unlocked, KeyFault> {
        let info = || driver.get_token_info(slot).map_err(fault);
        let name = (slot.id(), info()?.serial_number().to_owned());
        let token = Arc::clone(held(&self.0).entry(name).or_default());
        let mut login = held(&token);
        let state = session.get_session_info().map_err(fault)?.session_state();
        let is_open = matches!(state, SessionState::RoUser | SessionState::RwUser);
        match &mut *login {
            Some(open) if is_open => open.join(pin)?,
            known => {
                let hashed = Hashed::new(pin, how.rounds())?;
                // Asked for in one's turn: who came before may have had the last try but one.
                log_in(&info()?, &session, (pin, how))?;
                // Where it was pulled out and put back, the others have it open again as well.
                let holders = known.as_ref().map_or(0, |open| open.holders);
                *known = Some(Login {
                    holders: holders.saturating_add(1),
                    wrong: 0,
                    wrong_at: None,
                    pin: hashed,
                });
            }
        }
        drop(login);
        Ok(Unlocked {
            session: Mutex::new(session),
            token,
        })
    }
}

impl Hashed {
    fn new(pin: &str, rounds: NonZeroU32) -> Result<Self, KeyFault> {
        let mut salt = [0; 16];
        let filled = SystemRandom::new().fill(&mut salt);
        filled.map_err(|_| KeyFault::Device("no randomness".to_owned()))?;
        let mut hash = [0; 32];
        pbkdf2::derive(PBKDF2_HMAC_SHA256, rounds, &salt, pin.as_bytes(), &mut hash);
        Ok(Self { rounds, salt, hash })
    }

    fn is(&self, pin: &str) -> bool {
        let (salt, hash) = (&self.salt, &self.hash);
        pbkdf2::verify(PBKDF2_HMAC_SHA256, self.rounds, salt, pin.as_bytes(), hash).is_ok()
    }
}

impl Login {
    fn join(&mut self, pin: &str) -> Result<(), KeyFault> {
        if self.wrong >= MOST_WRONG {
            if self.wrong_at.is_some_and(|at| at.elapsed() < PAUSE) {
                return Err(KeyFault::Paused);
            }
            self.wrong = 0;
        }
        if !self.pin.is(pin) {
            self.wrong = self.wrong.saturating_add(1);
            self.wrong_at = Some(Instant::now());
            return Err(KeyFault::Pin);
        }
        // Whoever knows the PIN guesses none: typing errors of several people do not add up.
        self.wrong = 0;
        self.holders = self.holders.saturating_add(1);
        Ok(())
    }
}

fn log_in(info: &TokenInfo, session: &Session, (pin, how): (&str, Try)) -> Result<(), KeyFault> {
    let counts = Counts {
        locked: info.user_pin_locked(),
        last: info.user_pin_final_try(),
        low: info.user_pin_count_low(),
    };
    if let Some(barred) = counts.barred(how) {
        return Err(barred);
    }
    let pin = AuthPin::from(pin.to_owned());
    session.login(UserType::User, Some(&pin)).map_err(fault)
}

/// What a token says of the tries that are left.
#[derive(Clone, Copy)]
struct Counts {
    locked: bool,
    last: bool,
    low: bool,
}

impl Counts {
    /// Why no PIN is tried.
    fn barred(self, how: Try) -> Option<KeyFault> {
        if self.locked {
            Some(KeyFault::PinLocked)
        } else if self.last {
            Some(KeyFault::LastTry)
        } else if self.low && how == Try::Unsure {
            Some(KeyFault::WrongBefore)
        } else {
            None
        }
    }
}

impl Unlocked {
    /// The session, for one at a time.
    pub(crate) fn session(&self) -> MutexGuard<'_, Session> {
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

/// Whether a session, and with it the login, is lost: the token was pulled out, or its device begun anew.
pub(crate) fn is_lost(error: &Error) -> bool {
    let Error::Pkcs11(said, _) = error else {
        return false;
    };
    matches!(
        said,
        RvError::UserNotLoggedIn
            | RvError::SessionHandleInvalid
            | RvError::SessionClosed
            | RvError::DeviceRemoved
            | RvError::TokenNotPresent
            | RvError::KeyHandleInvalid
            | RvError::ObjectHandleInvalid
    )
}

pub(super) fn fault(error: Error) -> KeyFault {
    match error {
        Error::Pkcs11(RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange, _) => {
            KeyFault::Pin
        }
        Error::Pkcs11(RvError::PinLocked, _) => KeyFault::PinLocked,
        Error::Pkcs11(RvError::TokenNotPresent | RvError::DeviceRemoved, _) => KeyFault::NoToken,
        Error::Pkcs11(
            RvError::UserAlreadyLoggedIn
            | RvError::UserAnotherAlreadyLoggedIn
            | RvError::UserTooManyTypes
            | RvError::SessionCount,
            _,
        ) => KeyFault::Busy,
        other => KeyFault::Device(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_try_is_nobodys() {
        let said = |locked, last, low| Counts { locked, last, low };
        for how in [Try::Ordered, Try::Read, Try::Unsure] {
            assert_eq!(said(false, false, false).barred(how), None);
            let last = said(false, true, true).barred(how);
            assert_eq!(last, Some(KeyFault::LastTry), "{how:?}");
            let locked = said(true, true, true).barred(how);
            assert_eq!(locked, Some(KeyFault::PinLocked), "{how:?}");
        }
        let low = said(false, false, true);
        assert_eq!(low.barred(Try::Ordered), None);
        assert_eq!(low.barred(Try::Read), None);
        assert_eq!(low.barred(Try::Unsure), Some(KeyFault::WrongBefore));
    }

    #[test]
    fn a_right_pin_ends_the_count_of_wrong_ones() {
        let mut login = Login {
            holders: 1,
            wrong: 0,
            wrong_at: None,
            pin: Hashed::new("246810", Try::Read.rounds()).unwrap(),
        };
        for _ in 0..2 {
            for _ in 1..MOST_WRONG {
                assert_eq!(login.join("135791"), Err(KeyFault::Pin));
            }
            assert_eq!(login.join("246810"), Ok(()));
        }
        for _ in 0..MOST_WRONG {
            assert_eq!(login.join("135791"), Err(KeyFault::Pin));
        }
        assert_eq!(login.join("246810"), Err(KeyFault::Paused), "guessed");
        assert_eq!(login.holders, 3);
    }
}
