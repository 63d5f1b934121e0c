//! The names of the refusals in the message catalogue.

use super::refusal::Refusal;

macro_rules! keys {
    ($($name:ident = $key:literal,)+) => {
        impl Refusal {
            /// The refusal's name in the message catalogue.
            pub fn key(&self) -> &'static str {
                match self { $(Self::$name { .. } => $key,)+ }
            }
        }
    };
}

keys! {
    NoSuchMove = "no_such_move",
    Finished = "finished",
    NotInForce = "not_in_force",
    NotReceivedHere = "not_received_here",
    NotCompetent = "not_competent",
    OtherProvince = "other_province",
    AgencyClosed = "agency_closed",
    NoSuchCase = "no_such_case",
    ChannelNotOffered = "channel_not_offered",
    MandateMissing = "mandate_missing",
    Incomplete = "incomplete",
    NotPublished = "not_published",
    HeldByDatabase = "held_by_database",
    AlreadyAsked = "already_asked",
    AskedTooLate = "asked_too_late",
    NotHandedOver = "not_handed_over",
    NothingAsked = "nothing_asked",
    AskedInPart = "asked_in_part",
    NotAsked = "not_asked",
    StillMissing = "still_missing",
    AnswerPeriod = "answer_period",
    ReasonMissing = "reason_missing",
    NotHolder = "not_holder",
    FirstStep = "first_step",
    OtherEnd = "other_end",
    DraftMissing = "draft_missing",
    NotApproved = "not_approved",
    NotDraftingStep = "not_drafting_step",
    NotIssuingStep = "not_issuing_step",
    NotSettled = "not_settled",
    ResultMissing = "result_missing",
    AuthorisationMissing = "authorisation_missing",
    RequestMissing = "request_missing",
    SigningNotDelegated = "signing_not_delegated",
    BasisMissing = "basis_missing",
    RequestNotDrafted = "request_not_drafted",
    OwnDraft = "own_draft",
    OtherThanDrafted = "other_than_drafted",
    NotHeldThere = "not_held_there",
    StopDocumentMissing = "stop_document_missing",
    AmountMissing = "amount_missing",
    ProofMissing = "proof_missing",
    NothingPromised = "nothing_promised",
    ApologyTooLate = "apology_too_late",
    AlreadyApologised = "already_apologised",
    NewDateTooEarly = "new_date_too_early",
    NewDateOff = "new_date_off",
    NoTask = "no_task",
    OwnTask = "own_task",
    TaskWithoutLimit = "task_without_limit",
    SilenceIsNoConsent = "silence_is_no_consent",
    TaskTime = "task_time",
    NoSuchTask = "no_such_task",
    NotItsTurn = "not_its_turn",
    TaskOver = "task_over",
    NothingToAcknowledge = "nothing_to_acknowledge",
    OpinionMissing = "opinion_missing",
    TasksOpen = "tasks_open",
    NoSuchLane = "no_such_lane",
    InLane = "in_lane",
    NotIssuer = "not_issuer",
    CorrectionOpen = "correction_open",
    NoCorrectionOpen = "no_correction_open",
    ApologyMissing = "apology_missing",
    CorrectionNotFree = "correction_not_free",
    NothingHeld = "nothing_held",
    OtherVersion = "other_version",
    StepNotReached = "step_not_reached",
    NothingChanges = "nothing_changes",
    NoCalendar = "no_calendar",
}
