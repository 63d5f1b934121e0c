//! The rules behind refusals. Identifiers are code, citations are data: articles move.

use std::fmt;
use std::sync::LazyLock;

use jiff::civil::Date;

use crate::dossier::CommandKind;
use crate::parameters::{AppliesBy, Dates};

macro_rules! moves {
    (all) => { &CommandKind::ALL };
    (none) => { &[] };
    ([$($kind:ident),*]) => { &[$(CommandKind::$kind),*] };
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $id:literal for $moves:tt,)+) => {
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

            /// The commands to a dossier that the rule can refuse; none where it governs something
            /// else than dossiers, or refuses nothing.
            pub fn governs(self) -> &'static [CommandKind] {
                match self { $(Self::$name => moves!($moves),)+ }
            }
        }
    };
}

rules! {
    /// The procedure is in force on the day of the legal submission, received here, and its case
    /// exists.
    ProcedureReceived = "TN-01" for [Submit, Receive, Accept, DraftSupplement, AskSupplement, RecordLookup, Scan, Repin],
    /// Who applies for another brings the authorisation.
    Mandate = "TN-02" for [Receive, Accept],
    /// Nothing is received while a mandatory component is missing.
    Complete = "TN-03" for [Receive, Accept],
    /// Only components of the published list may be asked for.
    PublishedList = "TN-04" for [Submit, Receive, Accept, DraftSupplement, AskSupplement, RecordLookup, Scan],
    /// What a connected database holds may not be asked for.
    HeldByDatabase = "TN-05" for [Submit, Receive, Accept, DraftSupplement, AskSupplement],
    /// Only by the channels that the procedure offers.
    ChannelOffered = "TN-06" for [Submit, Receive, Accept],
    /// The receiving and the competent agency are named.
    Competence = "TN-07" for [Receive, Accept],
    /// What was received is handed over before it is worked on.
    HandOver = "TN-08" for [Assign, DraftSupplement, ApproveSupplement, AskSupplement, DraftResult, SignResult, Forward, SendBack, NoticeObligation, SendTasks, Issue],
    /// One supplement request a dossier.
    SupplementOnce = "BS-01" for [DraftSupplement, AskSupplement],
    /// Within the days after reception that the procedure allows.
    SupplementInTime = "BS-02" for [DraftSupplement, AskSupplement],
    /// A request names exactly what is missing, and all of it comes back.
    SupplementExact = "BS-03" for [DraftSupplement, AskSupplement, Supply, HandByPost],
    /// Requests end only when the applicant's time is over.
    AnswerPeriod = "BS-04" for [Decline, CloseUnanswered],
    /// A refusal gives its reason.
    ReasonGiven = "TC-01" for [DraftSupplement, DiscardSupplement, AskSupplement, Decline, DraftResult, SendBack, NoticeObligation, Stop, Apologise, SendTasks, AnswerTask, RecallTask, AdmitToLane, Repin, OpenCorrection],
    /// Steps follow the order of the published process.
    StepOrder = "XL-01" for [DraftSupplement, NoticeObligation, DraftResult, SignResult, Forward, SendBack, Issue],
    /// A step is worked on by the one to whom it was given.
    StepHolder = "XL-02" for [DraftSupplement, DraftResult, SignResult, Forward, SendBack, NoticeObligation, SendTasks, Issue, Release],
    /// A draft comes before approval.
    DraftFirst = "XL-03" for [SignResult, Forward, Issue],
    /// No settlement without a result document.
    ResultDocument = "KQ-01" for [DraftResult, Issue],
    /// Only what was settled is returned.
    SettledFirst = "KQ-02" for [Return],
    /// The centre acknowledges that a result is back from another agency, once.
    ResultBack = "KQ-03" for [AcknowledgeResult, Return],
    /// Who approves a result signs it, and only what she signed is issued.
    ResultSigned = "KQ-04" for [Forward, Issue],
    /// Only what the agency sealed comes to the centre and is returned.
    ResultSealed = "KQ-05" for [AcknowledgeResult, Return],
    /// What is signed is issued the same day, at the latest the next working day. Issuing late is
    /// never refused; it is recorded, counted and told.
    IssuedInTime = "KQ-06" for none,
    /// A result says how long it is valid as the law of its kind says, and nothing is issued that is
    /// over already.
    ResultValidity = "HL-01" for [DraftResult, SignResult, Issue],
    /// Nobody looks into a person's store of documents without her consent.
    StoreConsent = "KHO-01" for none,
    /// Only what holds and is valid is taken out of the store in place of a paper.
    StoreValid = "KHO-02" for none,
    /// What the store holds and is valid is not asked for.
    StoreFirst = "KHO-03" for none,
    /// Looks into stores are bounded.
    StoreLooks = "KHO-04" for none,
    /// Attachments in files of their own are signed with the document: the approver's signature is for
    /// them as she read them.
    AttachmentsSigned = "KQ-07" for [DraftResult, SignResult, Issue],
    /// An authorised collector shows the authorisation.
    CollectorAuthorised = "TR-01" for [Return],
    /// Whoever takes a result shows who that is.
    IdentitySeen = "TR-02" for [Return],
    /// Papers left for comparison go back; what stays has its reason.
    PapersBack = "TR-03" for [Return],
    /// Post and wire are for who chose them.
    DeliveryChosen = "TR-04" for [Return],
    /// The receipt of a result is on file: what was signed on paper is scanned.
    ReceiptOnFile = "TR-05" for [ScanReceipt],
    /// Copies are decided on by the head of the agency, or who is authorised.
    CopyDecided = "SY-01" for [DigitiseResult],
    /// A copy on paper is printed from the electronic original.
    CopyToPaper = "SY-02" for [CopyResult],
    /// An electronic copy is made of what there is on paper alone, and compared with it.
    CopyFromPaper = "SY-03" for [DigitiseResult],
    /// Withdrawal needs the applicant's request on file.
    WithdrawalRequest = "RH-01" for [Withdraw],
    /// A request during processing is drafted by one, approved by who leads, and sent by the centre.
    SupplementReviewed = "BS-05" for [DraftSupplement, ApproveSupplement, DiscardSupplement, AskSupplement],
    /// A second request is of another stage, names its legal basis and has an approver.
    SupplementSecond = "BS-06" for [DraftSupplement, AskSupplement],
    /// A lookup is of a component that the database holds.
    Lookup = "TN-09" for [Submit, Receive, Accept, RecordLookup],
    /// What is scanned is a paper that is there and that is to be digitised.
    Digitised = "SH-01" for [Submit, Receive, Supply, HandByPost, Scan],
    /// A stop has its request or decision on file.
    StopDocument = "DN-01" for [Stop],
    /// A notice of a financial obligation says how much.
    ObligationNotice = "NV-01" for [NoticeObligation],
    /// An obligation is met when something proves it.
    ObligationProof = "NV-02" for [MeetObligation],
    /// An apology is made before the last day, or once the result is late.
    ApologyInTime = "QH-01" for [Apologise],
    /// A new date is given once.
    ApologyOnce = "QH-02" for [Apologise],
    /// A new date is later, to come, and a working day.
    NewDate = "QH-03" for [Apologise, AdmitToLane],
    /// Other agencies are asked on terms: what, by when.
    TaskTerms = "LT-01" for [SendTasks],
    /// A task is taken, answered and acknowledged in turn.
    TaskTurn = "LT-02" for [AcceptTask, AnswerTask, AcknowledgeAnswer, RecallTask, LapseTask],
    /// Nothing is approved while other agencies work on it.
    TasksAnswered = "LT-03" for [SignResult, Forward],
    /// Silence is consent only where the procedure says so, and in its time.
    SilenceConsents = "LT-04" for [SendTasks, LapseTask],
    /// Only green lanes that the province published.
    LaneOffered = "LX-01" for [AdmitToLane],
    /// One green lane a dossier.
    LaneOnce = "LX-02" for [AdmitToLane],
    /// A green lane is for the owners and projects of its plan.
    LaneEligible = "LX-03" for [AdmitToLane],
    /// Who the plan names decides on admission.
    LaneDecided = "LX-04" for [AdmitToLane],
    /// The agency that issued a result corrects it, one correction at a time; meanwhile, and once it
    /// was withdrawn or replaced, it is neither handed out nor copied.
    CorrectionOwn = "DC-01" for [Return, CopyResult, DigitiseResult, OpenCorrection, FinishCorrection],
    /// A correction costs the applicant nothing and comes with an apology.
    CorrectionFree = "DC-02" for [Submit, Receive, Accept, OpenCorrection, DraftSupplement, AskSupplement, NoticeObligation],
    /// A running dossier moves to another version without losing what it has reached.
    Repinning = "QT-01" for [Repin],
    /// A delegation has its days, to come and not too many.
    DelegationDated = "UQ-01" for none,
    /// Only a post of one's own is delegated, on days on which one holds it.
    DelegationOfOwnPost = "UQ-02" for none,
    /// The delegate is somebody else with a post in the unit or above it on those days.
    DelegateFits = "UQ-03" for none,
    /// Nobody is away and stands in on one day.
    DelegatePresent = "UQ-04" for none,
    /// A post has one delegate on a day.
    OneDelegate = "UQ-05" for none,
    /// Approving for somebody else needs authority to sign, stated and fit to be stated.
    SigningStated = "UQ-06" for [Forward, ApproveSupplement, Stop, Apologise, AdmitToLane, CopyResult, OpenCorrection],
    /// What is signed is signed with a certificate that is in force at that moment.
    CertificateValid = "CK-01" for none,
    /// A person's certificate is signed with in the post that it was given for, while it is held.
    CertificateOfPost = "CK-02" for none,
    /// The agency's signature is made by who keeps its seal.
    SealKept = "CK-03" for none,
    /// Keys lie on devices or at services that guard them.
    KeyGuarded = "CK-04" for none,
    /// What the post filed is handed over once, by a record that both sides sign.
    PostRecord = "BC-01" for [Submit, Receive, HandByPost, Accept, AskSupplement, Decline, CloseUnanswered],
    /// Dates are promised by the published calendar alone.
    Calendar = "HAN-01" for [Receive, Accept, DraftSupplement, AskSupplement, Supply, HandByPost, MeetObligation, Apologise, SendTasks, AnswerTask, RecallTask, LapseTask, AdmitToLane, Repin],
    /// The move does not exist from this state.
    Transition = "TT-01" for all,
    /// What is closed stays closed; errors are mended by a linked correction.
    Closed = "TT-02" for all,
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

impl Citation {
    /// Whether the text is in force on `day`.
    pub fn holds(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

/// A rule, by which day of a dossier a text of it applies to the dossier, and the text.
type Row = (Rule, AppliesBy, Citation);

static CITATIONS: LazyLock<Vec<Row>> = LazyLock::new(|| read(include_str!("../data/rules.csv")));

fn read(text: &str) -> Vec<Row> {
    let lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| row(line).expect("data/rules.csv is read by a test"))
        .collect()
}

fn row(line: &str) -> Option<Row> {
    let mut fields = line.split(';');
    let id = fields.next()?;
    let rule = Rule::parse(id)?;
    let (instrument, article) = (fields.next()?.to_owned(), fields.next()?.to_owned());
    let valid_from = fields.next()?.parse().ok()?;
    let valid_to = match fields.next()? {
        "" => None,
        day => Some(day.parse().ok()?),
    };
    let applies_by = AppliesBy::parse(fields.next()?)?;
    let verified = match fields.next()? {
        "verified" => true,
        "unverified" => false,
        _ => return None,
    };
    Some((
        rule,
        applies_by,
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
            .filter(move |(rule, ..)| *rule == self)
            .map(|(.., c)| c)
            .filter(move |c| c.holds(day))
    }

    /// The rule of that id.
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.id() == id)
    }

    /// The latest text that governs a dossier of these days, which a refusal prints: each text by the
    /// day that it names. What is older than every text is judged by what is in force now.
    pub fn governing(self, dates: Dates) -> Option<&'static Citation> {
        let own = CITATIONS.iter().filter(|(rule, ..)| *rule == self);
        let governs = own.filter(|(_, by, text)| text.holds(dates.by(*by)));
        let latest = governs.map(|(.., text)| text).max_by_key(|c| c.valid_from);
        latest.or_else(|| self.citation(dates.act))
    }

    /// The latest text in force on `day`.
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
        assert!(row("TN-01;A;B;2025-07-01;;act;verified").is_some());
        assert!(row("ZZ-99;A;B;2025-07-01;;act;verified").is_none());
        assert!(row("TN-01;A;B;1 July;;act;verified").is_none());
        assert!(row("TN-01;A;B;2025-07-01;;birth;verified").is_none());
        assert!(row("TN-01;A;B;2025-07-01;;act;perhaps").is_none());
    }

    #[test]
    fn a_text_governs_by_the_day_that_it_names() {
        let day = |month, day| jiff::civil::date(2025, month, day);
        let dates = |filed, received| Dates {
            filed,
            received,
            act: day(7, 10),
        };
        let governing = |rule: Rule, dates| rule.governing(dates).unwrap().instrument.clone();
        let (old, new) = ("NĐ 61/2018/NĐ-CP", "NĐ 118/2025/NĐ-CP");
        let before = dates(day(6, 29), day(6, 30));
        let between = dates(day(6, 30), day(7, 1));
        assert_eq!(governing(Rule::SupplementInTime, before), old);
        assert_eq!(governing(Rule::SupplementInTime, between), new);
        assert_eq!(governing(Rule::Complete, between), old);
        assert_eq!(governing(Rule::CollectorAuthorised, before), new);
        assert_eq!(
            governing(Rule::ProcedureReceived, before),
            new,
            "the first text"
        );
    }
}
