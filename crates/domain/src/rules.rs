//! The rules behind refusals. Identifiers are code, citations are data: articles move.

use std::fmt;
use std::sync::LazyLock;

use jiff::civil::Date;

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $id:literal,)+) => {
        /// A rule that can refuse a command. Its title and words are in the message catalogue under
        /// `rule.<id>`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $($(#[$doc])* $name,)+ }

        impl Rule {
            /// Every rule, in the order of the rule book.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The id, as printed: `BS-01`.
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)+ }
            }
        }
    };
}

rules! {
    /// The procedure is in force, received here, and its case exists.
    ProcedureReceived = "TN-01",
    /// Who applies for another brings the authorisation.
    Mandate = "TN-02",
    /// Nothing is received while a mandatory component is missing.
    Complete = "TN-03",
    /// Only components of the published list may be asked for.
    PublishedList = "TN-04",
    /// What a connected database holds may not be asked for.
    HeldByDatabase = "TN-05",
    /// Only by the channels that the procedure offers.
    ChannelOffered = "TN-06",
    /// The receiving and the competent agency are named.
    Competence = "TN-07",
    /// What was received is handed over before it is worked on.
    HandOver = "TN-08",
    /// One supplement request a dossier.
    SupplementOnce = "BS-01",
    /// Within the days after reception that the procedure allows.
    SupplementInTime = "BS-02",
    /// A request names exactly what is missing, and all of it comes back.
    SupplementExact = "BS-03",
    /// Requests end only when the applicant's time is over.
    AnswerPeriod = "BS-04",
    /// A refusal gives its reason.
    ReasonGiven = "TC-01",
    /// Steps follow the order of the published process.
    StepOrder = "XL-01",
    /// A step is worked on by the one to whom it was given.
    StepHolder = "XL-02",
    /// A draft comes before approval.
    DraftFirst = "XL-03",
    /// No settlement without a result document.
    ResultDocument = "KQ-01",
    /// Only what was settled is returned.
    SettledFirst = "KQ-02",
    /// An authorised collector shows the authorisation.
    CollectorAuthorised = "TR-01",
    /// Withdrawal needs the applicant's request on file.
    WithdrawalRequest = "RH-01",
    /// Dates are promised by the published calendar alone.
    Calendar = "HAN-01",
    /// The move does not exist from this state.
    Transition = "TT-01",
    /// What is closed stays closed; errors are mended by a linked correction.
    Closed = "TT-02",
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// Where a rule stands written, and when that text is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The instrument: `NĐ 118/2025/NĐ-CP`.
    pub instrument: String,
    /// The article.
    pub article: String,
    /// First day in force.
    pub valid_from: Date,
    /// Last day in force.
    pub valid_to: Option<Date>,
    /// Whether the text was read in a public source.
    pub verified: bool,
}

impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.instrument, self.article)
    }
}

static CITATIONS: LazyLock<Vec<(Rule, Citation)>> =
    LazyLock::new(|| read(include_str!("../data/rules.csv")));

fn read(text: &str) -> Vec<(Rule, Citation)> {
    let lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| row(line).expect("data/rules.csv is read by a test"))
        .collect()
}

fn row(line: &str) -> Option<(Rule, Citation)> {
    let mut fields = line.split(';');
    let id = fields.next()?;
    let rule = *Rule::ALL.iter().find(|rule| rule.id() == id)?;
    let (instrument, article) = (fields.next()?.to_owned(), fields.next()?.to_owned());
    let valid_from = fields.next()?.parse().ok()?;
    let valid_to = match fields.next()? {
        "" => None,
        day => Some(day.parse().ok()?),
    };
    let verified = match fields.next()? {
        "verified" => true,
        "unverified" => false,
        _ => return None,
    };
    Some((
        rule,
        Citation {
            instrument,
            article,
            valid_from,
            valid_to,
            verified,
        },
    ))
}

impl Rule {
    /// The citations of the rule in force on `day`.
    pub fn citations(self, day: Date) -> impl Iterator<Item = &'static Citation> {
        CITATIONS
            .iter()
            .filter(move |(rule, _)| *rule == self)
            .map(|(_, c)| c)
            .filter(move |c| c.valid_from <= day && c.valid_to.is_none_or(|last| day <= last))
    }

    /// The latest text in force on `day`, which a refusal prints.
    pub fn citation(self, day: Date) -> Option<&'static Citation> {
        self.citations(day).max_by_key(|c| c.valid_from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_cited_today() {
        let today = jiff::civil::date(2026, 11, 22);
        for rule in Rule::ALL {
            assert!(rule.citation(today).is_some(), "{rule} has no citation");
        }
        assert_eq!(
            Rule::SupplementOnce.citation(today).unwrap().to_string(),
            "NĐ 118/2025/NĐ-CP, Điều 17"
        );
    }

    #[test]
    fn no_repealed_instrument_is_cited_today() {
        let today = jiff::civil::date(2026, 11, 22);
        for rule in Rule::ALL {
            for citation in rule.citations(today) {
                let repealed = ["NĐ 61/2018/NĐ-CP", "TT 01/2018/TT-VPCP"];
                assert!(
                    !repealed.contains(&citation.instrument.as_str()),
                    "{rule}: {citation}"
                );
            }
        }
    }

    #[test]
    fn a_line_that_names_no_rule_or_no_date_is_not_read() {
        assert!(row("ZZ-99;A;B;2025-07-01;;verified").is_none());
        assert!(row("TN-01;A;B;1 July;;verified").is_none());
        assert!(row("TN-01;A;B;2025-07-01;;perhaps").is_none());
    }
}
