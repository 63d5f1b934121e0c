//! What of a dossier is watched for being late, and when it is worth looking again.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::calendar::Uncovered;
use crate::deadline::{Clock, after_working_minutes, due};
use crate::parameters::{Dates, Key, Parameters};

use super::lateness::{Escalation, Used, Warning};
use super::request::Request;
use super::result::Signature;
use super::state::{Dossier, Record};

/// Whose time is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Watch {
    /// That of the step the dossier is at; before reception, that of the centre's answer.
    Step,
    /// That of the dossier, as published to the applicant.
    Dossier,
    /// That of the dossier by the law, beside the shorter one of a green lane.
    Legal,
    /// That of the applicant, who was asked for a supplement: once it is over, somebody closes.
    Answer,
    /// That in which what is signed is to be issued: the same day or the next working day.
    Issue,
}

impl Watch {
    /// Every one.
    pub const ALL: [Self; 5] = [
        Self::Step,
        Self::Dossier,
        Self::Legal,
        Self::Answer,
        Self::Issue,
    ];

    /// The name on disk and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Dossier => "dossier",
            Self::Legal => "legal",
            Self::Answer => "answer",
            Self::Issue => "issue",
        }
    }

    /// The watch of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|watch| watch.as_str() == name)
    }
}

/// A running clock of a dossier, at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watched {
    /// Whose.
    pub watch: Watch,
    /// Since when it runs: each threshold is reached once from there on.
    pub began: DateTime,
    /// What it has used.
    pub used: Used,
    /// How urgent that is.
    pub warning: Warning,
    /// Whom it concerns.
    pub level: Escalation,
    /// Working minutes until the warning or the level may change; none when both are the highest.
    pub minutes_left: Option<u32>,
}

impl Watched {
    fn new(
        watch: Watch,
        (began, used): (DateTime, Used),
        (parameters, dates): (&Parameters, Dates),
    ) -> Self {
        Self {
            watch,
            began,
            used,
            warning: Warning::of(used, parameters, dates),
            level: Escalation::of(used, parameters, dates),
            minutes_left: used.minutes_to_next(parameters, dates),
        }
    }

    /// When the warning or the level changes next; never before the next minute.
    ///
    /// # Errors
    /// [`Uncovered`] when the calendar does not reach that far.
    pub fn changes_at(
        &self,
        now: DateTime,
        clock: &Clock<'_>,
    ) -> Result<Option<DateTime>, Uncovered> {
        let minutes = self.minutes_left.map(|minutes| minutes.max(1));
        minutes
            .map(|minutes| after_working_minutes(now, minutes, clock))
            .transpose()
    }
}

impl Used {
    /// Working minutes until the next of the parameters' thresholds is reached.
    pub fn minutes_to_next(self, parameters: &Parameters, dates: Dates) -> Option<u32> {
        let whole = self
            .used
            .saturating_sub(self.over)
            .saturating_add(self.left);
        let passed = whole.saturating_sub(self.left).saturating_add(self.over);
        let shares = [
            Key::WarningFirst,
            Key::WarningSecond,
            Key::EscalationHolder,
            Key::EscalationLeader,
            Key::EscalationCentre,
        ];
        let share = |key| {
            let share = u64::from(parameters.number(key, dates));
            let minutes = share.saturating_mul(u64::from(whole)).div_ceil(100);
            u32::try_from(minutes).unwrap_or(u32::MAX)
        };
        let after = parameters.limit(Key::EscalationProvince, dates);
        let late = whole.saturating_add(1);
        let province = whole.saturating_add(after.least_working_minutes());
        let thresholds = shares.into_iter().map(share).chain([late, province]);
        let to_come = thresholds.filter(|minutes| *minutes > passed);
        to_come.min().map(|minutes| minutes.saturating_sub(passed))
    }
}

impl Dossier {
    /// The clocks of the dossier that run at `now`: while it waits for a supplement that of the
    /// applicant alone, and none while it waits for money, or once it is settled.
    ///
    /// # Errors
    /// [`Uncovered`] when the calendar does not reach that far.
    pub fn watched(
        &self,
        now: DateTime,
        clock: &Clock<'_>,
        parameters: &Parameters,
    ) -> Result<Vec<Watched>, Uncovered> {
        let (record, at) = match self {
            Self::Submitted(record) => return answer_clock(record, now, clock, parameters),
            Self::Incomplete(_, request) | Self::Paused(_, _, request) => {
                return Ok(vec![silence(request, now, clock)?]);
            }
            Self::Received(record, at) | Self::Processing(record, at) => (record, at),
            Self::Absent
            | Self::Declined(_)
            | Self::Obliged(..)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Settled(..)
            | Self::Returned(..) => return Ok(Vec::new()),
        };
        let terms = (parameters, record.dates(now));
        let pauses = &record.pauses;
        let step = (at.clock_began(pauses), at.time_used(pauses, now, clock)?);
        let mut watched = vec![Watched::new(Watch::Step, step, terms)];
        let began = record.clock_began().unwrap_or(at.since);
        let whole = [
            (Watch::Dossier, self.time_used(now, clock)?),
            (Watch::Legal, self.legal_time_used(now, clock)?),
        ];
        for (watch, used) in whole {
            watched.extend(used.map(|used| Watched::new(watch, (began, used), terms)));
        }
        if let Some(signed) = &at.signed {
            watched.extend(unissued(signed, now, clock, terms)?);
        }
        Ok(watched)
    }
}

/// The applicant's time warns nobody while it runs: it is nobody's at the office. Once it is over,
/// whoever may close the dossier is told.
fn silence(request: &Request, now: DateTime, clock: &Clock<'_>) -> Result<Watched, Uncovered> {
    let used = Used::between(request.at, request.answer_by, now, clock)?;
    let over = now > request.answer_by;
    Ok(Watched {
        watch: Watch::Answer,
        began: request.at,
        used,
        warning: if over {
            Warning::Overdue
        } else {
            Warning::None
        },
        level: if over {
            Escalation::Holder
        } else {
            Escalation::Nobody
        },
        minutes_left: (!over).then(|| used.left.saturating_add(1)),
    })
}

/// What is signed waits to be issued. The clock of its step warns of that beforehand; once the last
/// day is over, whoever issues is told, and up the line who leads.
fn unissued(
    signed: &Signature,
    now: DateTime,
    clock: &Clock<'_>,
    terms: (&Parameters, Dates),
) -> Result<Option<Watched>, Uncovered> {
    let Some(by) = signed.issue_by else {
        return Ok(None);
    };
    let used = Used::between(signed.at, by, now, clock)?;
    let watched = Watched::new(Watch::Issue, (signed.at, used), terms);
    // The law counts days: the last one is not over when the office closes.
    if now.date() > by.date() {
        return Ok(Some(watched));
    }
    Ok(Some(Watched {
        warning: Warning::None,
        level: Escalation::Nobody,
        minutes_left: Some(used.left.saturating_add(1)),
        ..watched
    }))
}

/// The centre has no time of its own while an agent of the post has the papers; once she has had them
/// for longer than the post has to bring them, who heads the centre is told.
fn never_brought(
    record: &Record,
    now: DateTime,
    clock: &Clock<'_>,
    parameters: &Parameters,
) -> Result<Vec<Watched>, Uncovered> {
    let within = parameters.limit(Key::PostBring, record.dates(now));
    let began = record.submitted_at;
    let Ok(until) = due(began, within, &[], clock) else {
        return Ok(Vec::new());
    };
    let used = Used::between(began, until.due, now, clock)?;
    let over = now > until.due;
    let (warning, level) = if over {
        (Warning::Overdue, Escalation::Centre)
    } else {
        (Warning::None, Escalation::Nobody)
    };
    Ok(vec![Watched {
        watch: Watch::Step,
        began,
        used,
        warning,
        level,
        minutes_left: (!over).then(|| used.left.saturating_add(1)),
    }])
}

/// What was filed from afar waits for the centre's answer.
fn answer_clock(
    record: &Record,
    now: DateTime,
    clock: &Clock<'_>,
    parameters: &Parameters,
) -> Result<Vec<Watched>, Uncovered> {
    if record.is_with_agent() {
        return never_brought(record, now, clock, parameters);
    }
    let Some(answer_by) = record.answer_by else {
        return Ok(Vec::new());
    };
    let began = record.answer_began();
    let used = Used::between(began, answer_by, now, clock)?;
    let terms = (parameters, record.dates(now));
    Ok(vec![Watched::new(Watch::Step, (began, used), terms)])
}
