//! The one place where Viet Nam's civil time meets the stored epoch milliseconds.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// Viet Nam has kept UTC+7 without summer time since 1975.
pub const VIET_NAM: Offset = Offset::constant(7);

/// Milliseconds since 1970 of a civil time in Viet Nam; the first hours and the last ones of the
/// calendar, which no timestamp has, become the ends of all numbers.
pub fn to_millis(at: DateTime) -> i64 {
    let end = if at < DateTime::ZERO {
        i64::MIN
    } else {
        i64::MAX
    };
    VIET_NAM
        .to_timestamp(at)
        .map_or(end, Timestamp::as_millisecond)
}

/// The civil time in Viet Nam of milliseconds since 1970; times beyond the calendar become its end.
pub fn from_millis(millis: i64) -> DateTime {
    Timestamp::from_millisecond(millis).map_or(DateTime::MAX, |at| VIET_NAM.to_datetime(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnight_in_ha_noi_is_seventeen_hours_utc_of_the_day_before() {
        let midnight = jiff::civil::date(2026, 11, 22).at(0, 0, 0, 0);
        assert_eq!(to_millis(midnight), 1_795_280_400_000);
        assert_eq!(from_millis(to_millis(midnight)), midnight);
        // What is late is due after the first moment of all.
        assert!(to_millis(DateTime::MIN) < to_millis(midnight));
        assert!(to_millis(DateTime::MAX) > to_millis(midnight));
    }
}
