//! Times that rows carry as epoch milliseconds, in the local time of Viet Nam.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// The local time of `millis`; the epoch when it is no time at all.
pub(crate) fn local_time(millis: i64) -> DateTime {
    let at = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH);
    TimeZone::fixed(Offset::constant(7)).to_datetime(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_epoch_is_seven_in_the_morning() {
        assert_eq!(local_time(0), jiff::civil::date(1970, 1, 1).at(7, 0, 0, 0));
        assert_eq!(local_time(i64::MAX), local_time(0));
    }
}
