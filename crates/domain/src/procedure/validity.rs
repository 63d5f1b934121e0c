//! How long a result is valid (thời hạn hiệu lực): what the law of its kind says, what its draft says,
//! and what an issued one says in the end.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::is_false;

/// What the law of a kind of result, or the province, says about how long such a result is valid. The
/// values are data of the published version with a citation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidityRule {
    /// Months from the day of issue; none where such a result has no end, or where each says its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u16>,
    /// Whether who drafts may name a last day of its own, never beyond the months; without months the
    /// end of each such result is its own.
    #[serde(default, skip_serializing_if = "is_false")]
    pub own_day: bool,
    /// Where this stands written.
    pub basis: String,
}

/// How long a result will be valid, as its draft says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// So many months from the day on which it is issued.
    Months(u16),
    /// Until this day, and on it.
    Until(Date),
    /// Without end.
    Unlimited,
}

/// How long an issued result is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Validity {
    /// Until this day, and on it.
    Until(Date),
    /// Without end.
    Unlimited,
}

/// Why a last day is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadLastDay {
    /// The law of the kind leaves no day to who drafts.
    NotOwn,
    /// It is past.
    Past,
    /// It is beyond the months of the kind.
    Beyond {
        /// The last day that may be named.
        most: Date,
    },
}

/// The day on which a term of months from `day` ends, itself still within: the day of the same number,
/// or the last of a month that has none (Bộ luật Dân sự 2015 Điều 148).
pub fn months_from(day: Date, months: u16) -> Date {
    day.saturating_add(i32::from(months).months())
}

impl ValidityRule {
    /// The last day that who drafts on `today` may name; none where there is none.
    pub fn most(&self, today: Date) -> Option<Date> {
        self.months.map(|months| months_from(today, months))
    }

    /// How long a result is valid that is drafted on `today` with this last day, or without one; none
    /// where each such result says its own end and this draft names none: that is not known here, and
    /// not without end.
    ///
    /// # Errors
    /// [`BadLastDay`] where the day is not to be named, past, or too late.
    pub fn term(&self, own: Option<Date>, today: Date) -> Result<Option<Term>, BadLastDay> {
        let Some(day) = own else {
            let endless = (!self.own_day).then_some(Term::Unlimited);
            return Ok(self.months.map(Term::Months).or(endless));
        };
        if !self.own_day {
            return Err(BadLastDay::NotOwn);
        }
        if day < today {
            return Err(BadLastDay::Past);
        }
        match self.most(today) {
            Some(most) if day > most => Err(BadLastDay::Beyond { most }),
            Some(_) | None => Ok(Some(Term::Until(day))),
        }
    }
}

impl Term {
    /// How long it is valid once it is issued on `day`.
    pub fn issued(self, day: Date) -> Validity {
        match self {
            Self::Months(months) => Validity::Until(months_from(day, months)),
            Self::Until(last) => Validity::Until(last),
            Self::Unlimited => Validity::Unlimited,
        }
    }
}

impl Validity {
    /// The last day on which it is valid; none without end.
    pub fn last(self) -> Option<Date> {
        match self {
            Self::Until(last) => Some(last),
            Self::Unlimited => None,
        }
    }

    /// Whether it is over on `today`.
    pub fn is_over(self, today: Date) -> bool {
        self.last().is_some_and(|last| last < today)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn rule(months: Option<u16>, own_day: bool) -> ValidityRule {
        ValidityRule {
            months,
            own_day,
            basis: "NĐ 123/2015/NĐ-CP Điều 23".to_owned(),
        }
    }

    #[test]
    fn months_end_on_the_day_of_the_same_number_or_the_last_of_a_shorter_month() {
        let from = date(2026, 11, 22);
        assert_eq!(months_from(from, 6), date(2027, 5, 22));
        assert_eq!(months_from(date(2026, 8, 31), 6), date(2027, 2, 28));
        assert_eq!(months_from(date(2027, 8, 31), 6), date(2028, 2, 29));
        assert_eq!(months_from(from, 0), from);
    }

    #[test]
    fn a_result_is_valid_on_its_last_day_and_over_on_the_next() {
        let until = Term::Months(6).issued(date(2026, 11, 22));
        assert_eq!(until, Validity::Until(date(2027, 5, 22)));
        assert!(!until.is_over(date(2027, 5, 22)));
        assert!(until.is_over(date(2027, 5, 23)));
        let unlimited = Term::Unlimited.issued(date(2026, 11, 22));
        assert!(!unlimited.is_over(date(9000, 1, 1)));
        assert_eq!(unlimited.last(), None);
    }

    #[test]
    fn an_own_day_lies_ahead_and_within_the_months() {
        let today = date(2026, 11, 22);
        let own = rule(Some(12), true);
        let day = |day| own.term(Some(day), today);
        assert_eq!(day(today), Ok(Some(Term::Until(today))));
        assert_eq!(day(date(2026, 11, 21)), Err(BadLastDay::Past));
        let most = date(2027, 11, 22);
        assert_eq!(day(most), Ok(Some(Term::Until(most))));
        assert_eq!(day(date(2027, 11, 23)), Err(BadLastDay::Beyond { most }));
        assert_eq!(own.term(None, today), Ok(Some(Term::Months(12))));
        let free = rule(None, true);
        let far = date(2099, 1, 1);
        assert_eq!(free.term(Some(far), today), Ok(Some(Term::Until(far))));
        // Its end stands in it, and was not named here: it is not without end.
        assert_eq!(free.term(None, today), Ok(None));
    }

    #[test]
    fn who_drafts_names_no_day_where_the_law_leaves_none() {
        let today = date(2026, 11, 22);
        let day = Some(date(2026, 12, 1));
        assert_eq!(
            rule(Some(6), false).term(day, today),
            Err(BadLastDay::NotOwn)
        );
        let half_a_year = rule(Some(6), false).term(None, today);
        assert_eq!(half_a_year, Ok(Some(Term::Months(6))));
        let endless = rule(None, false).term(None, today);
        assert_eq!(endless, Ok(Some(Term::Unlimited)));
    }
}
