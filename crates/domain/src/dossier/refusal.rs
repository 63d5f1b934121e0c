//! Refusals: which rule says no, and the data a clerk needs to see why. Words are elsewhere.

use jiff::civil::DateTime;

use crate::procedure::{Channel, Database};
use crate::rules::Rule;

use super::commands::CommandKind;
use super::state::StateKind;

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
    /// The agency named does not exist on that day: it was merged or dissolved, or is yet to come.
    AgencyClosed,
    /// The procedure has no such case.
    NoSuchCase,
    /// The procedure is not offered by this channel.
    ChannelNotOffered {
        /// The channel.
        channel: Channel,
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
    /// A draft is made at the step of examination.
    NotDraftingStep,
    /// Results are issued at their own step.
    NotIssuingStep,
    /// There is no result to return: the dossier was not settled.
    NotSettled,
    /// A settlement without its result document.
    ResultMissing,
    /// The collector showed no authorisation.
    AuthorisationMissing,
    /// The applicant's request is not on file.
    RequestMissing,
    /// No date can be promised: the calendar of that year is not published.
    NoCalendar {
        /// The year.
        year: i16,
    },
}

impl Refusal {
    /// The rule that says no.
    pub fn rule(&self) -> Rule {
        match self {
            Self::NoSuchMove { .. } => Rule::Transition,
            Self::Finished { .. } => Rule::Closed,
            Self::NotCompetent | Self::OtherProvince | Self::AgencyClosed => Rule::Competence,
            Self::NotInForce | Self::NoSuchCase | Self::NotReceivedHere => Rule::ProcedureReceived,
            Self::ChannelNotOffered { .. } => Rule::ChannelOffered,
            Self::MandateMissing => Rule::Mandate,
            Self::Incomplete { .. } => Rule::Complete,
            Self::NotPublished { .. } => Rule::PublishedList,
            Self::HeldByDatabase { .. } => Rule::HeldByDatabase,
            Self::AlreadyAsked { .. } => Rule::SupplementOnce,
            Self::AskedTooLate { .. } => Rule::SupplementInTime,
            Self::NotHandedOver => Rule::HandOver,
            Self::NothingAsked
            | Self::AskedInPart { .. }
            | Self::NotAsked { .. }
            | Self::StillMissing { .. } => Rule::SupplementExact,
            Self::AnswerPeriod { .. } => Rule::AnswerPeriod,
            Self::ReasonMissing => Rule::ReasonGiven,
            Self::NotHolder => Rule::StepHolder,
            Self::FirstStep | Self::OtherEnd | Self::NotDraftingStep | Self::NotIssuingStep => {
                Rule::StepOrder
            }
            Self::DraftMissing | Self::NotApproved => Rule::DraftFirst,
            Self::NotSettled => Rule::SettledFirst,
            Self::ResultMissing => Rule::ResultDocument,
            Self::AuthorisationMissing => Rule::CollectorAuthorised,
            Self::RequestMissing => Rule::WithdrawalRequest,
            Self::NoCalendar { .. } => Rule::Calendar,
        }
    }

    /// The refusal's name in the message catalogue.
    pub fn key(&self) -> &'static str {
        match self {
            Self::NoSuchMove { .. } => "no_such_move",
            Self::Finished { .. } => "finished",
            Self::NotInForce => "not_in_force",
            Self::NotReceivedHere => "not_received_here",
            Self::NotCompetent => "not_competent",
            Self::OtherProvince => "other_province",
            Self::AgencyClosed => "agency_closed",
            Self::NoSuchCase => "no_such_case",
            Self::ChannelNotOffered { .. } => "channel_not_offered",
            Self::MandateMissing => "mandate_missing",
            Self::Incomplete { .. } => "incomplete",
            Self::NotPublished { .. } => "not_published",
            Self::HeldByDatabase { .. } => "held_by_database",
            Self::AlreadyAsked { .. } => "already_asked",
            Self::AskedTooLate { .. } => "asked_too_late",
            Self::NotHandedOver => "not_handed_over",
            Self::NothingAsked => "nothing_asked",
            Self::AskedInPart { .. } => "asked_in_part",
            Self::NotAsked { .. } => "not_asked",
            Self::StillMissing { .. } => "still_missing",
            Self::AnswerPeriod { .. } => "answer_period",
            Self::ReasonMissing => "reason_missing",
            Self::NotHolder => "not_holder",
            Self::FirstStep => "first_step",
            Self::OtherEnd => "other_end",
            Self::DraftMissing => "draft_missing",
            Self::NotApproved => "not_approved",
            Self::NotDraftingStep => "not_drafting_step",
            Self::NotIssuingStep => "not_issuing_step",
            Self::NotSettled => "not_settled",
            Self::ResultMissing => "result_missing",
            Self::AuthorisationMissing => "authorisation_missing",
            Self::RequestMissing => "request_missing",
            Self::NoCalendar { .. } => "no_calendar",
        }
    }
}
