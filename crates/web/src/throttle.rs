//! Bounds how often one address may ask for what is open to everybody.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use jiff::civil::DateTime;

/// Questions of one address in one minute.
const MOST: u32 = 120;
/// Addresses remembered at most; a new minute forgets them all.
const ADDRESSES: usize = 50_000;

#[derive(Debug, Default)]
struct Minute {
    of: Option<DateTime>,
    asked: BTreeMap<IpAddr, u32>,
}

/// Counts questions by address in the current minute.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<Minute>);

impl Throttle {
    /// Whether `address` may ask once more at `now`. An unknown address is not counted: without
    /// one, everybody would share one budget.
    pub(crate) fn allows(&self, address: Option<IpAddr>, now: DateTime) -> bool {
        let Some(address) = address else { return true };
        let minute = now.with().second(0).subsec_nanosecond(0).build().ok();
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.of != minute || seen.asked.len() > ADDRESSES {
            *seen = Minute {
                of: minute,
                asked: BTreeMap::new(),
            };
        }
        let count = seen.asked.entry(address).or_default();
        *count = count.saturating_add(1);
        *count <= MOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_held_back_until_the_next_minute_and_others_are_not() {
        let throttle = Throttle::default();
        let at = jiff::civil::date(2026, 11, 23).at(9, 0, 30, 0);
        let (here, there) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        for _ in 0..MOST {
            assert!(throttle.allows(Some(here), at));
        }
        assert!(!throttle.allows(Some(here), at));
        assert!(throttle.allows(Some(there), at));
        assert!(throttle.allows(None, at));
        assert!(throttle.allows(Some(here), jiff::civil::date(2026, 11, 23).at(9, 1, 0, 0)));
    }
}
