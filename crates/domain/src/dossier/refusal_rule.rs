//! The rule behind each refusal.

use crate::rules::Rule;

use super::refusal::Refusal;

macro_rules! behind {
    ($($rule:ident: $($name:ident)+,)+) => {
        impl Refusal {
            /// The rule that says no.
            pub fn rule(&self) -> Rule {
                match self { $($(Self::$name { .. })|+ => Rule::$rule,)+ }
            }
        }
    };
}

behind! {
    Transition: NoSuchMove,
    Closed: Finished,
    Competence: NotCompetent OtherProvince NotReceivedElsewhere AgencyClosed,
    ProcedureReceived: NotInForce NoSuchCase NotReceivedHere,
    ChannelOffered: ChannelNotOffered OnlineAtCounter OtherWay,
    Mandate: MandateMissing,
    Complete: Incomplete,
    PublishedList: NotPublished,
    HeldByDatabase: HeldByDatabase,
    SupplementOnce: AlreadyAsked,
    SupplementInTime: AskedTooLate,
    HandOver: NotHandedOver,
    SupplementExact: NothingAsked AskedInPart WrongUnsaid NotAsked StillMissing,
    AnswerPeriod: AnswerPeriod,
    ReasonGiven: ReasonMissing,
    StepHolder: NotHolder NothingHeld,
    StepOrder: FirstStep OtherEnd NotDraftingStep NotApprovingStep NotExaminingStep NotIssuingStep,
    DraftFirst: DraftMissing NotApproved,
    SettledFirst: NotSettled,
    ResultSigned: NotSigned SignedForAnother,
    AttachmentsSigned: OtherAttachments NothingToAttachTo,
    ResultSealed: NotSealed,
    ResultBack: ResultNeverAway ResultBack ResultNotBack,
    ResultDocument: ResultMissing,
    ResultValidity: LastDayNotOwn LastDayPast LastDayBeyond,
    CollectorAuthorised: AuthorisationMissing,
    IdentitySeen: IdentityUnseen IdentityOther,
    PapersBack: PapersKept,
    DeliveryChosen: OtherDelivery,
    ReceiptOnFile: ReceiptNotOnPaper ReceiptScanMissing,
    WithdrawalRequest: RequestMissing,
    SigningStated: SigningNotDelegated,
    SupplementSecond: BasisMissing ApproverMissing,
    SupplementReviewed: RequestNotDrafted OwnDraft DraftOfAnother RequestNotApproved RequestApproved OtherThanDrafted,
    Lookup: NotHeldThere LookupUnsaid,
    Digitised: ScanOfNothing ScanOfShown ScanOfShared ScanOfCopy,
    StopDocument: StopDocumentMissing,
    ObligationNotice: AmountMissing,
    ObligationProof: ProofMissing,
    NewDate: NothingPromised NewDateTooEarly NewDateOff,
    ApologyInTime: ApologyTooLate,
    ApologyOnce: AlreadyApologised,
    TaskTerms: NoTask OwnTask TaskWithoutLimit,
    SilenceConsents: SilenceIsNoConsent SilenceTooSoon TaskTime,
    TaskTurn: NoSuchTask NotItsTurn TaskOver NothingToAcknowledge OpinionMissing,
    PostRecord: NotByPost PostRecordSigned PostRecordUnsigned PostRecordWaits OwnHands,
    TasksAnswered: TasksOpen,
    LaneOffered: NoSuchLane,
    LaneOnce: InLane,
    LaneEligible: LaneNotForOwner LaneProjectMissing,
    LaneDecided: LaneNotDecider,
    CorrectionOwn: NotIssuer CorrectionOpen BeingCorrected ResultSuperseded NoCorrectionOpen,
    CopyDecided: CopyUndecided,
    CopyToPaper: NoElectronicOriginal OriginalOnPaper,
    CopyFromPaper: HasElectronicOriginal BeingDigitised CopyScanMissing NotCompared,
    CorrectionFree: ApologyMissing CorrectionNotFree,
    Repinning: OtherVersion StepNotReached NothingChanges MovedSince NotMoved,
    Calendar: NoCalendar,
}
