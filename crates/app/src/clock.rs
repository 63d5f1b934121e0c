//! Time and randomness, handed in so that tests decide both.

use std::sync::Mutex;

use domain::ids::{CertificateId, DelegationId, DossierId, DraftId, PartyId, TextId};
use jiff::civil::DateTime;
use ring::rand::{SecureRandom, SystemRandom};

pub use store::time::{VIET_NAM, from_millis as local_time, to_millis as epoch_millis};

/// Where the local time of Viet Nam comes from.
pub trait Clock: Send + Sync {
    /// Now, in Viet Nam, to the millisecond.
    fn now(&self) -> DateTime;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the one place that asks the machine"
        )]
        let now = jiff::Timestamp::now();
        local_time(now.as_millisecond())
    }
}

/// The machine's clock so many days ahead: shows what becomes of things when their time is over.
#[derive(Debug, Clone, Copy)]
pub struct AheadClock {
    /// How many.
    pub days: u16,
}

impl Clock for AheadClock {
    fn now(&self) -> DateTime {
        let now = SystemClock.now();
        now.saturating_add(jiff::ToSpan::days(i64::from(self.days)))
    }
}

/// A clock that stands where it was set, for tests and rehearsals.
#[derive(Debug)]
pub struct ManualClock(Mutex<DateTime>);

impl ManualClock {
    /// A clock that shows `at`.
    pub fn new(at: DateTime) -> Self {
        Self(Mutex::new(at))
    }

    /// Sets the clock.
    pub fn set(&self, at: DateTime) {
        *self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = at;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime {
        *self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Makes identifiers and tokens that cannot be guessed.
#[derive(Debug, Clone)]
pub struct Ids(SystemRandom);

impl Default for Ids {
    fn default() -> Self {
        Self(SystemRandom::new())
    }
}

impl Ids {
    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0
            .fill(&mut bytes)
            .expect("the operating system has randomness");
        bytes
    }

    /// A new dossier's id: time first, so that neighbours in time are neighbours in the index.
    pub fn dossier(&self, now: DateTime) -> DossierId {
        DossierId::parse(&self.timed(now)).expect("hexadecimal digits are a valid id")
    }

    /// A new party's id.
    pub fn party(&self, now: DateTime) -> PartyId {
        PartyId::parse(&self.timed(now)).expect("hexadecimal digits are a valid id")
    }

    /// A new delegation's id.
    pub fn delegation(&self, now: DateTime) -> DelegationId {
        DelegationId::parse(&self.timed(now)).expect("hexadecimal digits are a valid id")
    }

    /// A new certificate's id in the register.
    pub fn certificate(&self, now: DateTime) -> CertificateId {
        CertificateId::parse(&self.timed(now)).expect("hexadecimal digits are a valid id")
    }

    /// A new draft's id.
    pub fn draft(&self) -> DraftId {
        DraftId::parse(&hex::encode(self.bytes::<16>())).expect("hexadecimal digits are a valid id")
    }

    /// A new text's id.
    pub fn text(&self, now: DateTime) -> TextId {
        TextId::parse(&self.timed(now)).expect("hexadecimal digits are a valid id")
    }

    /// A secret token, 256 bits, in hexadecimal.
    pub fn token(&self) -> String {
        hex::encode(self.bytes::<32>())
    }

    fn timed(&self, now: DateTime) -> String {
        let millis = epoch_millis(now).max(0);
        format!("{millis:012x}{}", hex::encode(self.bytes::<10>()))
    }
}
