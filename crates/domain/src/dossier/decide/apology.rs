//! Apologies for being late, with a new date (Mẫu 04). Being overdue blocks nothing; the date
//! promised first stays what statistics count by.

use jiff::civil::DateTime;

use crate::deadline;
use crate::dossier::commands::{Apologising, CommandKind};
use crate::dossier::course::Apology;
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::refusal::Refusal;
use crate::dossier::state::{Dossier, Record};
use crate::parameters::{Key, Parameters};

use super::{Judged, no_calendar};

impl Dossier {
    /// In time before the end; not in the last days, when the work may still be done; and again
    /// once it is late, because an applicant who waits is owed a word, which is then marked late.
    pub(super) fn apologise(&self, asked: &Apologising, facts: &Facts<'_>) -> Judged {
        let record = self.running(CommandKind::Apologise)?;
        let due = record.due.ok_or(Refusal::NothingPromised)?;
        // The law counts the last day of an apology by its own limit (Điều 19 khoản 9); what is given
        // anew is the appointment, which of a green lane is the published date. Whoever waits past
        // that is owed a word, and a new date may lie before the legal one.
        let appointed = record.published_due().unwrap_or(due);
        let within_law = asked.until <= due;
        let like = record.apologies(within_law);
        if let Some(last) = like.last()
            && !record.may_apologise(within_law, facts.parameters, facts.now)
        {
            return Err(Refusal::AlreadyApologised { at: last.at });
        }
        let waits = facts.now > appointed;
        let before = facts.parameter_limit(Key::ApologyBefore, record);
        let until = deadline::time_before(due, before, facts.clock).map_err(no_calendar)?;
        if !waits && facts.now > until {
            return Err(Refusal::ApologyTooLate { until });
        }
        judge_new_date(asked, appointed.max(facts.now), facts)?;
        Ok(vec![Event::Apologised(Apology {
            at: facts.now,
            reason: asked.reason.clone().ok_or(Refusal::ReasonMissing)?,
            until: asked.until,
            signed_by: asked.signed_by.clone(),
            behalf: facts.behalf(),
            late: facts.now > due,
            within_law,
            number: facts.paper_number(CommandKind::Apologise, record),
        })])
    }

    /// The clock of the dossier runs.
    fn running(&self, command: CommandKind) -> Result<&Record, Refusal> {
        match self {
            Self::Received(record, _) | Self::Processing(record, _) => Ok(record),
            Self::Absent
            | Self::Submitted(_)
            | Self::Incomplete(..)
            | Self::Declined(_)
            | Self::Paused(..)
            | Self::Obliged(..)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Settled(..)
            | Self::Returned(..) => Err(self.no_move(command)),
        }
    }
}

impl Record {
    /// Whether the rules leave room for one more apology with a new date at `now`: for the legal date,
    /// or while that is to come for the shorter one of a green lane.
    pub fn may_promise_anew(&self, parameters: &Parameters, now: DateTime) -> bool {
        let hastened = self.course.lane.is_some() && self.due.is_some_and(|due| now < due);
        self.may_apologise(false, parameters, now)
            || (hastened && self.may_apologise(true, parameters, now))
    }

    /// An apology for the published date of a green lane does not use up that for the legal one.
    fn may_apologise(&self, within_law: bool, parameters: &Parameters, now: DateTime) -> bool {
        let most = parameters.number(Key::ApologyMost, self.dates(now));
        u32::try_from(self.apologies(within_law).len()).is_ok_and(|made| made < most)
    }

    /// Apologies whose new dates keep the legal one, or those whose do not.
    fn apologies(&self, within_law: bool) -> Vec<&Apology> {
        let made = self.course.apologies.iter();
        made.filter(|one| one.within_law == within_law).collect()
    }
}

/// A new date is later than the old one, still to come, and on a day when the office is open.
fn judge_new_date(asked: &Apologising, after: DateTime, facts: &Facts<'_>) -> Result<(), Refusal> {
    if asked.until <= after {
        return Err(Refusal::NewDateTooEarly { after });
    }
    let day = asked.until.date();
    if facts
        .clock
        .calendar
        .is_working_day(day)
        .map_err(no_calendar)?
    {
        Ok(())
    } else {
        Err(Refusal::NewDateOff { day })
    }
}
