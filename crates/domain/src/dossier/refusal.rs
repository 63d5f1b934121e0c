//! Refusals: which rule says no, and the data a clerk needs to see why. Words are elsewhere.

use jiff::civil::{Date, DateTime};

use crate::ids::DossierId;
use crate::office::Role;
use crate::procedure::{Channel, Database};

use super::commands::CommandKind;
use super::course::CorrectionKind;
use super::state_kind::StateKind;

/// Why the law says no to a command. The program is in order and nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The move does not exist from this state.
    NoSuchMove {
        /// What was asked for.
        command: CommandKind,
        /// Where the dossier is.
        state: StateKind,
    },
    /// The dossier is closed.
    Finished {
        /// Where the dossier is.
        state: StateKind,
    },
    /// The procedure was not, or is no longer, in force.
    NotInForce,
    /// Dossiers are not received at this unit.
    NotReceivedHere,
    /// The agency named does not decide this procedure.
    NotCompetent,
    /// The agency named is of another province than the centre that receives.
    OtherProvince,
    /// The province does not list the procedure among those that other centres receive.
    NotReceivedElsewhere,
    /// The agency named does not exist on that day: it was merged or dissolved, or is yet to come.
    AgencyClosed,
    /// The procedure has no such case.
    NoSuchCase,
    /// The procedure is not offered by this channel.
    ChannelNotOffered {
        /// The channel.
        channel: Channel,
    },
    /// What is filed online comes from the applicant herself, not from a counter.
    OnlineAtCounter,
    /// A component is there as it cannot come by this channel: on paper online, or attached elsewhere.
    OtherWay {
        /// Its number.
        component: u16,
    },
    /// The applicant acts for another without authorisation.
    MandateMissing,
    /// Mandatory components are missing.
    Incomplete {
        /// Their numbers.
        missing: Vec<u16>,
    },
    /// A component is not on the published list.
    NotPublished {
        /// Its number.
        component: u16,
    },
    /// A component's data is in a database and may not be asked for.
    HeldByDatabase {
        /// Its number.
        component: u16,
        /// Where it is.
        database: Database,
    },
    /// A supplement was asked for already.
    AlreadyAsked {
        /// When.
        at: DateTime,
    },
    /// The time for asking is over.
    AskedTooLate {
        /// Until when it was possible.
        until: DateTime,
    },
    /// What was received was not handed over yet, so nobody works on it.
    NotHandedOver,
    /// A request that names nothing.
    NothingAsked,
    /// A request that leaves out mandatory components that are missing: it is the only one.
    AskedInPart {
        /// Their numbers.
        missing: Vec<u16>,
    },
    /// A component that is there is asked for, and nothing says what is wrong with it.
    WrongUnsaid {
        /// Its number.
        component: u16,
    },
    /// Something came that was not asked for.
    NotAsked {
        /// Its number.
        component: u16,
    },
    /// Not everything that was asked for came.
    StillMissing {
        /// Their numbers.
        missing: Vec<u16>,
    },
    /// The applicant still has time to answer.
    AnswerPeriod {
        /// Until when.
        until: DateTime,
    },
    /// No reason was given.
    ReasonMissing,
    /// The step is somebody else's.
    NotHolder,
    /// There is no step before this one to give back to.
    FirstStep,
    /// The step ends in another way: by issuing or by returning the result.
    OtherEnd,
    /// The step produces something that is not there.
    DraftMissing,
    /// The draft was not approved.
    NotApproved,
    /// The draft does not bear the signature of who approves it.
    NotSigned,
    /// It was signed in the name of an agency that ended meanwhile.
    SignedForAnother,
    /// The attachments are not those that were read and signed with the document.
    OtherAttachments,
    /// The procedure gives no paper that something could be attached to.
    NothingToAttachTo,
    /// The result does not bear the seal of the agency yet.
    NotSealed,
    /// A draft is signed at the step of approval.
    NotApprovingStep,
    /// A draft is made at the step of examination.
    NotDraftingStep,
    /// Requests and obligations are of the steps of examination, before approval.
    NotExaminingStep,
    /// Results are issued at their own step.
    NotIssuingStep,
    /// There is no result to return: the dossier was not settled.
    NotSettled,
    /// The law of the result leaves no last day to who drafts it.
    LastDayNotOwn,
    /// The last day on which the result is valid is past.
    LastDayPast,
    /// The last day is beyond the time for which such a result is valid.
    LastDayBeyond {
        /// The last day that may be named.
        most: Date,
    },
    /// A settlement without its result document.
    ResultMissing,
    /// The collector showed no authorisation.
    AuthorisationMissing,
    /// Nobody says whose identity was seen.
    IdentityUnseen,
    /// Who came is not who may take the result.
    IdentityOther,
    /// Papers stay without a word about why.
    PapersKept {
        /// Their numbers.
        missing: Vec<u16>,
    },
    /// The result goes in a way that the applicant did not choose.
    OtherDelivery,
    /// The applicant's request is not on file.
    RequestMissing,
    /// A second request at another stage without its legal basis.
    BasisMissing,
    /// No request is drafted at this step.
    RequestNotDrafted,
    /// Who drafted a request neither approves nor sends it.
    OwnDraft,
    /// Another drafted a request at this step; it is given back, with the reason, before a new one.
    DraftOfAnother,
    /// A request of the agency is not approved yet, so the centre does not send it.
    RequestNotApproved,
    /// A second request without its approver.
    ApproverMissing,
    /// The request is approved already.
    RequestApproved,
    /// Something else is sent than what was drafted.
    OtherThanDrafted,
    /// A lookup of a component that this database does not hold.
    NotHeldThere {
        /// Its number.
        component: u16,
    },
    /// A lookup that failed or gave wrong data, without a word about what came of it.
    LookupUnsaid {
        /// Number of the component.
        component: u16,
    },
    /// A scan of a component that is not there.
    ScanOfNothing {
        /// Its number.
        component: u16,
    },
    /// A scan of a paper that was only shown.
    ScanOfShown {
        /// Number of the component.
        component: u16,
    },
    /// A scan of what a database shares, or a document of the person's own store.
    ScanOfShared {
        /// Number of the component.
        component: u16,
    },
    /// A scan of a component that is handed in as a copy alone.
    ScanOfCopy {
        /// Number of the component.
        component: u16,
    },
    /// Neither request nor decision is on file.
    StopDocumentMissing,
    /// A notice of an obligation that says no amount.
    AmountMissing,
    /// Nothing proves that the obligation was met.
    ProofMissing,
    /// No time was promised, so that none can be late or shortened.
    NothingPromised,
    /// The last days before the end, in which no apology is made.
    ApologyTooLate {
        /// Until when it was possible.
        until: DateTime,
    },
    /// An apology with a new date was made already.
    AlreadyApologised {
        /// When.
        at: DateTime,
    },
    /// The new date is not later than the old one, or past.
    NewDateTooEarly {
        /// After what it must be.
        after: DateTime,
    },
    /// The new date is a day off.
    NewDateOff {
        /// The day.
        day: Date,
    },
    /// Nothing is asked of anybody.
    NoTask,
    /// The agency in charge asks itself.
    OwnTask,
    /// A task without a limit of its own or of the procedure.
    TaskWithoutLimit {
        /// Its number.
        task: u16,
    },
    /// The procedure does not say that silence is consent.
    SilenceIsNoConsent {
        /// Its number.
        task: u16,
    },
    /// The agency would have less time than that after which silence is consent.
    SilenceTooSoon {
        /// Its number.
        task: u16,
        /// Until when it has time at least.
        least: DateTime,
    },
    /// The agency still has time.
    TaskTime {
        /// Its number.
        task: u16,
        /// Until when; none while it waits for its turn.
        until: Option<DateTime>,
    },
    /// The dossier has no such task.
    NoSuchTask {
        /// Its number.
        task: u16,
    },
    /// The task waits, was not taken, or is over.
    NotItsTurn {
        /// Its number.
        task: u16,
    },
    /// The task is answered, taken back or lapsed.
    TaskOver {
        /// Its number.
        task: u16,
    },
    /// There is no answer, or it is acknowledged.
    NothingToAcknowledge {
        /// Number of the task.
        task: u16,
    },
    /// An opinion that neither agrees nor disagrees.
    OpinionMissing,
    /// Other agencies still work on it.
    TasksOpen {
        /// Their numbers.
        tasks: Vec<u16>,
    },
    /// The procedure has no such green lane.
    NoSuchLane,
    /// It was admitted to a green lane already.
    InLane,
    /// The lane is not for such owners.
    LaneNotForOwner,
    /// The lane is for projects of a list, and none of them is named.
    LaneProjectMissing,
    /// Another post decides on admission.
    LaneNotDecider {
        /// Which.
        role: Role,
    },
    /// Only the agency that issued a result corrects it.
    NotIssuer,
    /// A correction is open.
    CorrectionOpen {
        /// Its dossier.
        by: DossierId,
    },
    /// The result is not handed out while it is being corrected.
    BeingCorrected {
        /// The dossier of the correction.
        by: DossierId,
    },
    /// The result was withdrawn or replaced: it is handed out no more.
    ResultSuperseded {
        /// The dossier of the correction.
        by: DossierId,
        /// What was done to the result.
        kind: CorrectionKind,
    },
    /// The receipt was not signed on paper.
    ReceiptNotOnPaper,
    /// The scan of the receipt is missing.
    ReceiptScanMissing,
    /// There is no electronic original to be printed.
    NoElectronicOriginal,
    /// The electronic document is itself a copy of the original on paper.
    OriginalOnPaper,
    /// The result is an electronic document: somebody signed it, or the agency sealed it.
    HasElectronicOriginal,
    /// The scan is on file already and gets the agency's signature.
    BeingDigitised,
    /// An electronic copy without the scan of the paper.
    CopyScanMissing,
    /// A scan that nobody compared with the paper.
    NotCompared,
    /// A copy on which nobody who may has decided.
    CopyUndecided,
    /// No correction by that dossier is open.
    NoCorrectionOpen,
    /// A correction without an apology to the applicant.
    ApologyMissing,
    /// A correction that costs the applicant money or paper.
    CorrectionNotFree,
    /// The absent person's authority to sign was not delegated.
    SigningNotDelegated,
    /// It did not come by post.
    NotByPost,
    /// Its joint record is signed already.
    PostRecordSigned,
    /// Its joint record is not signed yet, so that it is not submitted.
    PostRecordUnsigned,
    /// The post brought it, and its joint record waits for the centre's signature.
    PostRecordWaits,
    /// The agency decides at its own centre: no result comes back from elsewhere.
    ResultNeverAway,
    /// The result is acknowledged already.
    ResultBack,
    /// The centre has not acknowledged the result that it is to hand out.
    ResultNotBack,
    /// Nobody signs for both sides.
    OwnHands,
    /// The step is nobody's.
    NothingHeld,
    /// The versions given are not those asked for, or of another procedure.
    OtherVersion,
    /// The step would skip or repeat what was done.
    StepNotReached,
    /// The move would change nothing.
    NothingChanges,
    /// The dossier was moved again since; the later move is taken back first.
    MovedSince,
    /// That move was taken back already, or was never made.
    NotMoved,
    /// No date can be promised: the calendar of that year is not published.
    NoCalendar {
        /// The year.
        year: i16,
    },
}
