//! Bounds how often one address may ask for what is open to everybody.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use jiff::civil::DateTime;

/// Questions of one address in one minute, for each purpose.
const MOST: u32 = 120;
/// Files that one address may have compared in one minute: each is read through.
const MOST_FILES: u32 = 20;
/// Addresses remembered at most; a new minute forgets them all.
const ADDRESSES: usize = 50_000;

/// What is asked for. Each has a budget of its own: a hall full of people who track their dossiers
/// behind one address must not keep a clerk from signing in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// Signing in.
    SignIn,
    /// Public tracking.
    Track,
    /// Verification of a paper.
    Verify,
    /// Comparison of a file with a paper.
    Compare,
    /// Documents for the signing program at somebody's desk, and back.
    Sign,
}

impl Purpose {
    fn most(self) -> u32 {
        match self {
            Self::SignIn | Self::Track | Self::Verify | Self::Sign => MOST,
            Self::Compare => MOST_FILES,
        }
    }
}

#[derive(Debug, Default)]
struct Minute {
    of: Option<DateTime>,
    asked: BTreeMap<(Purpose, IpAddr), u32>,
}

/// Counts questions by purpose and address in the current minute.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<Minute>);

impl Throttle {
    /// Whether `address` may ask once more at `now`. An unknown address is not counted: without
    /// one, everybody would share one budget.
    pub(crate) fn allows(&self, purpose: Purpose, address: Option<IpAddr>, now: DateTime) -> bool {
        let Some(address) = address else { return true };
        let minute = now.with().second(0).subsec_nanosecond(0).build().ok();
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.of != minute || seen.asked.len() > ADDRESSES {
            *seen = Minute {
                of: minute,
                asked: BTreeMap::new(),
            };
        }
        let count = seen.asked.entry((purpose, network(address))).or_default();
        *count = count.saturating_add(1);
        *count <= purpose.most()
    }
}

/// Seconds after `now` until everybody may ask again.
pub(crate) fn wait(now: DateTime) -> u8 {
    60_u8.saturating_sub(now.second().unsigned_abs())
}

/// One subscriber: an IPv4 address, or the /64 in which one IPv6 subscriber has all addresses.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let prefix = address.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from_bits(prefix))
        }
        canonical @ IpAddr::V4(_) => canonical,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i8, second: i8) -> DateTime {
        jiff::civil::date(2026, 11, 23).at(9, minute, second, 0)
    }

    #[test]
    fn an_address_is_held_back_until_the_next_minute_and_others_are_not() {
        let throttle = Throttle::default();
        let (here, there) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let asks = |address, at| throttle.allows(Purpose::SignIn, address, at);
        for _ in 0..MOST {
            assert!(asks(Some(here), at(0, 30)));
        }
        assert!(!asks(Some(here), at(0, 30)));
        assert!(asks(Some(there), at(0, 30)));
        assert!(asks(None, at(0, 30)));
        assert!(
            throttle.allows(Purpose::Track, Some(here), at(0, 30)),
            "each purpose has a budget of its own"
        );
        assert!(asks(Some(here), at(1, 0)));
        assert_eq!(
            (wait(at(0, 30)), wait(at(1, 0)), wait(at(1, 59))),
            (30, 60, 1)
        );
    }

    #[test]
    fn one_subscriber_has_one_budget_however_many_addresses() {
        let throttle = Throttle::default();
        let asks =
            |text: &str| throttle.allows(Purpose::Track, Some(text.parse().unwrap()), at(0, 0));
        for host in 0..MOST {
            assert!(asks(&format!("2001:db8:1:2::{host:x}")));
        }
        assert!(!asks("2001:db8:1:2:ffff::1"));
        assert!(asks("2001:db8:1:3::1"));
        assert_eq!(
            network("::ffff:10.0.0.1".parse().unwrap()),
            IpAddr::from([10, 0, 0, 1])
        );
    }
}
