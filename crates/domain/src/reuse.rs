//! A document of the person's own store in place of a paper: when a clerk may look into the store, and
//! what is taken out of it (NĐ 45/2020/NĐ-CP Điều 16, Điều 25).
//!
//! Nothing here knows a person: it judges what is known of a document and of who looks.

use jiff::civil::Date;

use crate::procedure::Validity;
use crate::rules::Rule;

/// What is known of a document of the store when it is to stand in for a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Whether it was neither withdrawn nor replaced nor amended.
    pub stands: bool,
    /// How long it is valid; none where nothing says so.
    pub validity: Option<Validity>,
}

/// Whether a document that stands is valid on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validness {
    /// It is valid.
    Valid,
    /// Nothing says how long it is valid: whoever takes it looks at it.
    NotStated,
    /// It was valid until a day that is past.
    Expired {
        /// The last day on which it was valid.
        last: Date,
    },
}

impl Validness {
    /// What the validity of a document says on `today`.
    pub fn of(validity: Option<Validity>, today: Date) -> Self {
        match validity {
            None => Self::NotStated,
            Some(Validity::Until(last)) if last < today => Self::Expired { last },
            Some(Validity::Until(_) | Validity::Unlimited) => Self::Valid,
        }
    }
}

/// Why nothing is taken out of a store, or nobody looks into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotReused {
    /// The person did not agree.
    NoConsent,
    /// It was withdrawn, replaced or amended, belongs to somebody else, or is another paper.
    Gone,
    /// It is valid no more.
    Expired {
        /// The last day on which it was valid.
        last: Date,
    },
    /// It lies in the store and is valid: the paper is not asked for.
    HeldAlready,
    /// Whoever looks looked into too many stores within an hour.
    TooManyLooks {
        /// How many are allowed.
        most: u32,
    },
}

impl NotReused {
    /// The rule that says no.
    pub fn rule(self) -> Rule {
        match self {
            Self::NoConsent => Rule::StoreConsent,
            Self::Gone | Self::Expired { .. } => Rule::StoreValid,
            Self::HeldAlready => Rule::StoreFirst,
            Self::TooManyLooks { .. } => Rule::StoreLooks,
        }
    }
}

/// Judges a look into a store by who looked into `looks` stores within the last hour.
///
/// # Errors
/// [`NotReused`] without the person's consent, and beyond what one may look at in an hour.
pub fn judge_look(consented: bool, looks: u32, most: u32) -> Result<(), NotReused> {
    if !consented {
        Err(NotReused::NoConsent)
    } else if looks >= most {
        Err(NotReused::TooManyLooks { most })
    } else {
        Ok(())
    }
}

/// Judges a document that is to stand in for a paper on `today`. One of which nothing says how long it
/// is valid may: whether it still is, whoever takes it says by taking it.
///
/// # Errors
/// [`NotReused`] for what was taken back and for what is valid no more.
pub fn judge_kept(kept: Kept, today: Date) -> Result<(), NotReused> {
    if !kept.stands {
        return Err(NotReused::Gone);
    }
    match Validness::of(kept.validity, today) {
        Validness::Valid | Validness::NotStated => Ok(()),
        Validness::Expired { last } => Err(NotReused::Expired { last }),
    }
}

/// Judges that a new paper is asked for although this document is in the store: only what is known to be
/// valid keeps the clerk from asking.
///
/// # Errors
/// [`NotReused::HeldAlready`].
pub fn judge_asked(kept: Kept, today: Date) -> Result<(), NotReused> {
    let valid = Validness::of(kept.validity, today) == Validness::Valid;
    if kept.stands && valid {
        Err(NotReused::HeldAlready)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    fn kept(stands: bool, validity: Option<Validity>) -> Kept {
        Kept { stands, validity }
    }

    fn until(day: Date) -> Validity {
        Validity::Until(day)
    }

    #[test]
    fn kho_01_a_look_with_consent_is_allowed() {
        assert_eq!(judge_look(true, 0, 60), Ok(()));
    }

    #[test]
    fn kho_01_a_look_without_consent_is_refused() {
        let no = judge_look(false, 0, 60).unwrap_err();
        assert_eq!((no, no.rule()), (NotReused::NoConsent, Rule::StoreConsent));
    }

    #[test]
    fn kho_02_what_is_valid_or_says_nothing_is_allowed() {
        for validity in [Some(until(TODAY)), Some(Validity::Unlimited), None] {
            assert_eq!(judge_kept(kept(true, validity), TODAY), Ok(()));
        }
    }

    #[test]
    fn kho_02_what_expired_or_was_taken_back_is_refused() {
        let last = date(2026, 11, 21);
        let no = judge_kept(kept(true, Some(until(last))), TODAY).unwrap_err();
        let expired = NotReused::Expired { last };
        assert_eq!((no, no.rule()), (expired, Rule::StoreValid));
        let no = judge_kept(kept(false, Some(until(TODAY))), TODAY).unwrap_err();
        assert_eq!((no, no.rule()), (NotReused::Gone, Rule::StoreValid));
    }

    #[test]
    fn kho_03_a_paper_that_the_store_lacks_or_holds_expired_may_be_asked_for_is_allowed() {
        let yesterday = Some(until(date(2026, 11, 21)));
        for (stands, validity) in [(true, yesterday), (true, None), (false, Some(until(TODAY)))] {
            assert_eq!(judge_asked(kept(stands, validity), TODAY), Ok(()));
        }
    }

    #[test]
    fn kho_03_asking_for_what_the_store_holds_is_refused() {
        for validity in [Some(until(TODAY)), Some(Validity::Unlimited)] {
            let no = judge_asked(kept(true, validity), TODAY).unwrap_err();
            assert_eq!((no, no.rule()), (NotReused::HeldAlready, Rule::StoreFirst));
        }
    }

    #[test]
    fn kho_04_as_many_looks_as_an_hour_has_are_allowed() {
        assert_eq!(judge_look(true, 59, 60), Ok(()));
    }

    #[test]
    fn kho_04_one_look_more_is_refused() {
        let no = judge_look(true, 60, 60).unwrap_err();
        let many = NotReused::TooManyLooks { most: 60 };
        assert_eq!((no, no.rule()), (many, Rule::StoreLooks));
    }
}
