//! Which notices there are, and on what each rests.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a notice is prescribed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Basis {
    /// The instrument.
    pub instrument: &'static str,
    /// The article.
    pub article: &'static str,
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.instrument, self.article)
    }
}

/// Decree on the one-stop mechanism in force since 1 July 2025.
const ONE_STOP: &str = "NĐ 118/2025/NĐ-CP";

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $article:literal, $required:literal;)+) => {
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

            /// Where it is prescribed, or what it serves.
            pub fn basis(self) -> Basis {
                let article = match self { $(Self::$name => $article,)+ };
                Basis { instrument: ONE_STOP, article }
            }

            /// Whether the law wants it: then a province words it, and never switches it off.
            pub fn is_required(self) -> bool {
                match self { $(Self::$name => $required,)+ }
            }
        }
    };
}

kinds! {
    /// Received in full; when the result is promised.
    Received = "received", "Điều 17", true;
    /// Something is missing; until when it is waited for.
    SupplementAsked = "supplement_asked", "Điều 17", true;
    /// Not received.
    Declined = "declined", "Điều 17", true;
    /// The result will be late; the new date.
    Apology = "apology", "Điều 19", true;
    /// A financial obligation is to be met before the work goes on.
    ObligationNoticed = "obligation_noticed", "Điều 19", true;
    /// The result is there before its time.
    ResultEarly = "result_early", "Điều 20", true;
    /// The result is there.
    ResultReady = "result_ready", "Điều 20", true;
    /// What was asked for is refused in writing.
    ResultRefused = "result_refused", "Điều 19", true;
    /// The result was returned, and not into the applicant's own hands.
    Returned = "returned", "Điều 20", true;
    /// The result was handed over to the public post.
    HandedToPost = "handed_to_post", "Điều 20", false;
    /// Withdrawn at the applicant's own request.
    Withdrawn = "withdrawn", "Điều 6", false;
    /// The work was stopped.
    Stopped = "stopped", "Điều 19", true;
    /// Closed because the applicant did not answer in time.
    ClosedUnanswered = "closed_unanswered", "Điều 17", true;
    /// A result issued in error is being mended at the agency's cost.
    Corrected = "corrected", "Điều 21", true;
}

impl Kind {
    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }
}

/// By what a notice travels (NĐ 118/2025 Điều 17, 19, 20: e-mail, text message, telephone, permitted
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
