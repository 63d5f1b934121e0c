//! How long a result is valid, in words.

use domain::procedure::{Term, Validity};
use domain::reuse::Validness;
use jiff::civil::Date;

use super::{Language, date, fill, t};

/// What a result says of itself: `Văn bản này có giá trị 6 tháng kể từ ngày ban hành.`
pub fn term(language: Language, term: Term) -> String {
    match term {
        Term::Months(months) => {
            let months = months.to_string();
            fill(language, "validity.term_months", &[("months", &months)])
        }
        Term::Until(last) => fill(language, "validity.term_until", &[("day", &date(last))]),
        Term::Unlimited => t(language, "validity.term_unlimited").to_owned(),
    }
}

/// Until when it is valid: a day, that it has no end, or that nothing says so.
pub fn validity(language: Language, validity: Option<Validity>) -> String {
    match validity {
        Some(Validity::Until(last)) => date(last),
        Some(Validity::Unlimited) => t(language, "validity.unlimited").to_owned(),
        None => t(language, "validity.not_stated").to_owned(),
    }
}

/// Whether it is valid on `today`: until when, or since when it is not.
pub fn validness(language: Language, validity: Option<Validity>, today: Date) -> String {
    match (Validness::of(validity, today), validity) {
        (Validness::Expired { last }, _) => {
            let since = last.tomorrow().unwrap_or(last);
            fill(language, "validity.expired", &[("day", &date(since))])
        }
        (Validness::Valid, Some(Validity::Until(last))) => {
            fill(language, "validity.until", &[("day", &date(last))])
        }
        (Validness::Valid, _) => t(language, "validity.unlimited").to_owned(),
        (Validness::NotStated, _) => t(language, "validity.not_stated").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_result_says_until_when_or_since_when_not() {
        let today = date(2026, 11, 22);
        let vi = |until| validness(Language::Vi, until, today);
        let until = |day| Some(Validity::Until(day));
        assert_eq!(vi(until(today)), "Có hiệu lực đến hết ngày 22/11/2026");
        assert_eq!(
            vi(until(date(2026, 11, 21))),
            "Hết hiệu lực từ ngày 22/11/2026"
        );
        assert_eq!(vi(Some(Validity::Unlimited)), "Không thời hạn");
        assert_eq!(vi(None), "Không ghi thời hạn");
    }

    #[test]
    fn a_document_says_its_term() {
        let said = term(Language::Vi, Term::Months(6));
        assert_eq!(said, "Văn bản này có giá trị 6 tháng kể từ ngày ban hành.");
        let said = term(Language::Vi, Term::Until(date(2027, 1, 31)));
        assert_eq!(said, "Văn bản này có giá trị đến hết ngày 31/01/2027.");
    }
}
