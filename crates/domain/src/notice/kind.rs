//! Which notices there are, and on what each rests.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::rules::Citation;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $id:literal;)+) => {
        /// What a notice tells the applicant.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum Kind { $($(#[$doc])* $name,)+ }

        impl Kind {
            /// Every kind, in the order of a dossier's life.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The name on disk, in addresses and in message keys.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $id,)+ }
            }
        }
    };
}

kinds! {
    /// What was filed online has arrived; until when the centre answers.
    Filed = "filed";
    /// Received in full; when the result is promised.
    Received = "received";
    /// Something is missing; until when it is waited for.
    SupplementAsked = "supplement_asked";
    /// Not received.
    Declined = "declined";
    /// Another agency than that of the receiving centre has it now.
    Transferred = "transferred";
    /// The result will be late; the new date.
    Apology = "apology";
    /// A move to another version promises another date.
    DateMoved = "date_moved";
    /// A financial obligation is to be met before the work goes on.
    ObligationNoticed = "obligation_noticed";
    /// The result is there before its time.
    ResultEarly = "result_early";
    /// The result is there.
    ResultReady = "result_ready";
    /// What was asked for is refused in writing.
    ResultRefused = "result_refused";
    /// The result was returned, and not into the applicant's own hands.
    Returned = "returned";
    /// The result was handed over to the public post.
    HandedToPost = "handed_to_post";
    /// Withdrawn at the applicant's own request.
    Withdrawn = "withdrawn";
    /// The work was stopped.
    Stopped = "stopped";
    /// Closed because the applicant did not answer in time.
    ClosedUnanswered = "closed_unanswered";
    /// A result issued in error is being mended at the agency's cost.
    Corrected = "corrected";
}

/// Whether a notice must be given, and where that stands written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Whether the law wants it: then a province words it, and never switches it off.
    pub required: bool,
    /// Where it is prescribed, or what it serves.
    pub citation: Citation,
}

static DUTIES: LazyLock<Vec<(Kind, Duty)>> =
    LazyLock::new(|| read(include_str!("../../data/notices.csv")));

fn read(text: &str) -> Vec<(Kind, Duty)> {
    let lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| row(line).expect("data/notices.csv is read by a test"))
        .collect()
}

fn row(line: &str) -> Option<(Kind, Duty)> {
    let fields: Vec<&str> = line.split(';').collect();
    let [kind, duty, instrument, article, from, to, state] = fields.as_slice() else {
        return None;
    };
    let either = |text: &str, yes: &str, no: &str| match text {
        text if text == yes => Some(true),
        text if text == no => Some(false),
        _ => None,
    };
    let last = match *to {
        "" => None,
        day => Some(day.parse().ok()?),
    };
    let duty = Duty {
        required: either(duty, "required", "optional")?,
        citation: Citation {
            instrument: (*instrument).to_owned(),
            article: (*article).to_owned(),
            valid_from: from.parse().ok()?,
            valid_to: last,
            verified: either(state, "verified", "unverified")?,
        },
    };
    Some((Kind::parse(kind)?, duty))
}

impl Kind {
    /// What the law says of the notice on `day`: the latest text in force; none where it says
    /// nothing.
    pub fn duty(self, day: Date) -> Option<&'static Duty> {
        let own = DUTIES.iter().filter(|(kind, _)| *kind == self);
        own.map(|(_, duty)| duty)
            .filter(|duty| duty.citation.holds(day))
            .max_by_key(|duty| duty.citation.valid_from)
    }

    /// Whether the law wants the notice on `day`.
    pub fn is_required(self, day: Date) -> bool {
        self.duty(day).is_some_and(|duty| duty.required)
    }
}

impl Kind {
    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }
}

/// By what a notice travels (NĐ 118/2025 Điều 17, 19, 22: e-mail, text message, telephone, permitted
/// social network).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Electronic mail.
    Mail,
    /// Text message to a telephone.
    Sms,
    /// A social network that is permitted, to a telephone number; its provider approves texts
    /// beforehand.
    Social,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 3] = [Self::Mail, Self::Sms, Self::Social];

    /// The name on disk, in addresses and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Sms => "sms",
            Self::Social => "social",
        }
    }

    /// The channel of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|channel| channel.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notice_rests_on_a_text_in_force() {
        let day = jiff::civil::date(2026, 11, 22);
        for kind in Kind::ALL {
            let duty = kind.duty(day).unwrap_or_else(|| panic!("{kind:?}"));
            assert_ne!(duty.citation.instrument, "NĐ 61/2018/NĐ-CP");
        }
        let filed = Kind::Filed.duty(day).unwrap();
        assert_eq!(
            filed.citation.to_string(),
            "NĐ 224/2026/NĐ-CP, Điều 15 khoản 1 điểm g"
        );
        assert!(filed.required && !Kind::Transferred.is_required(day));
        let before = jiff::civil::date(2026, 6, 30);
        assert_eq!(Kind::Filed.duty(before), None);
    }

    #[test]
    fn a_line_without_its_kind_duty_or_days_is_not_read() {
        assert!(row("received;required;A;B;2025-07-01;;verified").is_some());
        for bad in [
            "gone;required;A;B;2025-07-01;;verified",
            "received;perhaps;A;B;2025-07-01;;verified",
            "received;required;A;B;July;;verified",
            "received;required;A;B;2025-07-01;verified",
        ] {
            assert!(row(bad).is_none(), "{bad}");
        }
    }
}
