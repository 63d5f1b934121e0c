//! The state of a dossier, folded from its events.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::deadline::{Limit, Pause};
use crate::ids::{DossierCode, PartyId, StaffId};
use crate::money::Dong;

use super::course::Course;
use super::filed::Filed;
use super::pins::Promise;
use super::request::Request;
use super::result::{Draft, Issued, Signature};
use super::state_kind::StateKind;

/// Who took the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "to")]
pub enum Receiver {
    /// The applicant or owner, with the receipt.
    Applicant,
    /// Somebody authorised.
    Authorised {
        /// Who.
        party: PartyId,
        /// Whether the authorisation was shown.
        shown: bool,
    },
    /// Public post took it.
    Post,
    /// It was sent electronically.
    Electronic,
}

/// Everything a dossier carries from state to state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What was filed, with the components that came since.
    pub filed: Filed,
    /// When it was filed.
    pub submitted_at: DateTime,
    /// Until when the centre answers what was filed from afar.
    pub answer_by: Option<DateTime>,
    /// Its number, from reception on.
    pub code: Option<DossierCode>,
    /// When it was received in full.
    pub received_at: Option<DateTime>,
    /// The limit that was promised.
    pub limit: Option<Limit>,
    /// The promised time, when the procedure has a limit.
    pub due: Option<DateTime>,
    /// The version of the calendar by which it was counted; dates promised stay explained by it when
    /// a later version changes days.
    pub calendar: String,
    /// Times in which the clock stood still.
    pub pauses: Vec<Pause>,
    /// The last supplement request made.
    pub asked: Option<Request>,
    /// What happened beside the steps of the process.
    pub course: Course,
}

impl Record {
    /// When it was submitted by the law: what the post filed, when its joint record was signed. What
    /// comes as a supplement does not undo that, whichever way it comes.
    pub fn legal_at(&self) -> DateTime {
        let first = self.course.posts.first();
        first.map_or(self.submitted_at, |signed| signed.at)
    }

    /// Whether an agent of the post has its papers still: no joint record says that the centre took
    /// them over.
    pub fn is_with_agent(&self) -> bool {
        self.filed.agent.is_some() && self.course.posts.is_empty()
    }

    /// The money that agents of the post collected: as the signed records say that they handed it
    /// over, before that as the agent's slip says; none where none came to them.
    pub fn collected(&self) -> Option<Dong> {
        let course = &self.course;
        let signed = course.posts.iter().chain(&course.supplied_by_post);
        let sums = signed.filter_map(|signed| signed.collected);
        let handed_over = sums.reduce(|all, sum| Dong(all.0.saturating_add(sum.0)));
        handed_over.or(self.filed.collected)
    }

    /// Since when the centre has had what it answers: since the legal submission, or since the
    /// applicant supplied what was asked for before reception.
    pub fn answer_began(&self) -> DateTime {
        self.course.supplied_at.unwrap_or_else(|| self.legal_at())
    }

    /// Whether it goes from the centre that received to another agency, and its result back.
    pub fn goes_between(&self) -> bool {
        self.filed.receiving != self.filed.competent
    }

    /// The date that was published first: that of the green lane, or the legal one. A new date given
    /// with an apology, or by a move to another version, changes nothing here.
    pub fn first_published(&self) -> Option<DateTime> {
        let lane = self.course.lane.as_ref().map(|lane| lane.due);
        match &self.course.first {
            Some(first) => first.lane_due.or(lane).or(Some(first.due)),
            None => self.published_due(),
        }
    }

    /// Whether a settlement at `at` is in time by the date that was published first.
    pub fn on_time(&self, at: DateTime) -> Option<bool> {
        self.first_published().map(|due| at <= due)
    }

    /// What is promised now.
    pub fn promise(&self) -> Promise {
        let course = &self.course;
        Promise {
            limit: self.limit,
            due: self.due,
            calendar: self.calendar.clone(),
            recounted_on: course.recounted_on,
            lane_due: course.lane.as_ref().map(|lane| lane.due),
            first: course.first.clone(),
        }
    }

    /// The legal date that was promised first. A move to another version that promises less leaves
    /// it to statistics.
    pub fn first_due(&self) -> Option<DateTime> {
        self.course
            .first
            .as_ref()
            .map(|first| first.due)
            .or(self.due)
    }

    /// The date that the applicant counts on: that of the green lane, or the legal one.
    pub fn published_due(&self) -> Option<DateTime> {
        let lane = self.course.lane.as_ref().map(|lane| lane.due);
        // A lane never promises more time than the law, whatever became of the legal date since.
        lane.into_iter().chain(self.due).min()
    }

    /// Whether a settlement at `at` is in time by the law.
    pub fn lawful(&self, at: DateTime) -> Option<bool> {
        self.first_due().map(|due| at <= due)
    }
}

/// Where a dossier stands in its process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtStep {
    /// Index of the step in the process, from 0.
    pub index: usize,
    /// Since when.
    pub since: DateTime,
    /// When the step's own clock ends.
    pub due: DateTime,
    /// To whom it was given.
    pub holder: Option<StaffId>,
    /// The draft of the result, once there is one.
    pub draft: Option<Draft>,
    /// Who approved the draft, once somebody did.
    pub approved_by: Option<StaffId>,
    /// The signature under the draft, once somebody signed it.
    pub signed: Option<Signature>,
}

/// A dossier (hồ sơ).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Dossier {
    /// Nothing filed yet.
    #[default]
    Absent,
    /// Filed, not yet judged.
    Submitted(Record),
    /// Filed and found incomplete before reception.
    Incomplete(Record, Request),
    /// Not received.
    Declined(Record),
    /// Received and numbered, not yet handed over.
    Received(Record, AtStep),
    /// Being worked on.
    Processing(Record, AtStep),
    /// Waiting for a supplement; the clock stands still.
    Paused(Record, AtStep, Request),
    /// Waiting for the applicant to meet a financial obligation; the clock stands still.
    Obliged(Record, AtStep),
    /// Withdrawn by the applicant.
    Withdrawn(Record),
    /// Stopped: at the applicant's request, by decision, or because the applicant stayed silent.
    Stopped(Record),
    /// Settled: the result is issued.
    Settled(Record, AtStep, Issued),
    /// The result is returned.
    Returned(Record, Issued),
}

impl Dossier {
    /// The state's name.
    pub fn kind(&self) -> StateKind {
        match self {
            Self::Absent => StateKind::Absent,
            Self::Submitted(..) => StateKind::Submitted,
            Self::Incomplete(..) => StateKind::Incomplete,
            Self::Declined(..) => StateKind::Declined,
            Self::Received(..) => StateKind::Received,
            Self::Processing(..) => StateKind::Processing,
            Self::Paused(..) => StateKind::Paused,
            Self::Obliged(..) => StateKind::Obliged,
            Self::Withdrawn(..) => StateKind::Withdrawn,
            Self::Stopped(..) => StateKind::Stopped,
            Self::Settled(..) => StateKind::Settled,
            Self::Returned(..) => StateKind::Returned,
        }
    }

    /// What the dossier carries, unless it is absent.
    pub fn record(&self) -> Option<&Record> {
        match self {
            Self::Absent => None,
            Self::Submitted(r)
            | Self::Incomplete(r, _)
            | Self::Declined(r)
            | Self::Received(r, _)
            | Self::Processing(r, _)
            | Self::Paused(r, ..)
            | Self::Obliged(r, _)
            | Self::Withdrawn(r)
            | Self::Stopped(r)
            | Self::Settled(r, ..)
            | Self::Returned(r, _) => Some(r),
        }
    }

    /// The same, to be written on.
    pub(super) fn record_mut(&mut self) -> Option<&mut Record> {
        match self {
            Self::Absent => None,
            Self::Submitted(r)
            | Self::Incomplete(r, _)
            | Self::Declined(r)
            | Self::Received(r, _)
            | Self::Processing(r, _)
            | Self::Paused(r, ..)
            | Self::Obliged(r, _)
            | Self::Withdrawn(r)
            | Self::Stopped(r)
            | Self::Settled(r, ..)
            | Self::Returned(r, _) => Some(r),
        }
    }

    /// Where it stands in its process, while it does.
    pub fn at_step(&self) -> Option<&AtStep> {
        match self {
            Self::Received(_, at)
            | Self::Processing(_, at)
            | Self::Paused(_, at, _)
            | Self::Obliged(_, at)
            | Self::Settled(_, at, _) => Some(at),
            Self::Absent
            | Self::Submitted(_)
            | Self::Incomplete(..)
            | Self::Declined(_)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Returned(..) => None,
        }
    }

    /// The same, to be written on.
    pub(super) fn step_mut(&mut self) -> Option<&mut AtStep> {
        match self {
            Self::Received(_, at)
            | Self::Processing(_, at)
            | Self::Paused(_, at, _)
            | Self::Obliged(_, at)
            | Self::Settled(_, at, _) => Some(at),
            Self::Absent
            | Self::Submitted(_)
            | Self::Incomplete(..)
            | Self::Declined(_)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Returned(..) => None,
        }
    }

    /// The issued result, once there is one.
    pub fn issued(&self) -> Option<&Issued> {
        match self {
            Self::Settled(_, _, issued) | Self::Returned(_, issued) => Some(issued),
            Self::Absent
            | Self::Submitted(_)
            | Self::Incomplete(..)
            | Self::Declined(_)
            | Self::Received(..)
            | Self::Processing(..)
            | Self::Paused(..)
            | Self::Obliged(..)
            | Self::Withdrawn(_)
            | Self::Stopped(_) => None,
        }
    }
}
