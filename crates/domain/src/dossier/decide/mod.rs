//! `decide`: judges a command in the state and the world given, and answers with events or with
//! the first rule that says no. It only dispatches; each command is one function that names every
//! state, so that a new state does not compile until every command has judged it.

mod apology;
mod asking;
mod copies;
mod correction;
mod ending;
mod lane;
mod lookup;
mod obligation;
mod post;
mod processing;
mod reception;
mod release;
mod repin;
mod returning;
mod scan;
mod standing;
mod stopping;
mod supplement;
mod tasks;

use jiff::civil::DateTime;

use crate::calendar::Uncovered;
use crate::deadline::{self, DeadlineError, Limit, Pause};
use crate::parameters::{Dates, Key};

use super::commands::{Command, CommandKind};
use super::course::Acknowledged;
use super::events::Event;
use super::facts::Facts;
use super::refusal::Refusal;
use super::state::Dossier;
use super::state_kind::StateKind;

pub(super) use repin::promised;

type Judged = Result<Vec<Event>, Refusal>;

impl Dossier {
    /// Judges `command`.
    ///
    /// # Errors
    /// The first [`Refusal`], in the order in which the law has the checks made.
    pub fn decide(&self, command: &Command, facts: &Facts<'_>) -> Judged {
        let events = self.judge(command, facts)?;
        let first = self.acknowledgement(command.kind(), facts);
        Ok(first.into_iter().chain(events).collect())
    }

    fn judge(&self, command: &Command, facts: &Facts<'_>) -> Judged {
        match command {
            Command::Submit(filed) => self.submit(filed, facts),
            Command::Receive(filed) => self.receive(filed, facts),
            Command::Accept => self.accept(facts),
            Command::HandByPost(handing) => self.hand_by_post(handing, facts),
            Command::DraftSupplement(asking) => self.draft_supplement(asking, facts),
            Command::DiscardSupplement { reason: r } => self.discard_supplement(r.as_ref(), facts),
            Command::ApproveSupplement => self.approve_supplement(facts),
            Command::AskSupplement {
                components,
                corrections,
                reason,
            } => self.ask_at_once((components, corrections, reason.as_ref()), facts),
            Command::Supply { handed } => self.supply(handed, facts),
            Command::RecordLookup(lookup) => self.record_lookup(lookup, facts),
            Command::Scan(scan) => self.scan(scan, facts),
            Command::Decline { reason } => self.decline(reason.as_ref(), facts),
            Command::HandOver => self.hand_over(facts),
            Command::Assign { to } => self.assign(to, facts),
            Command::DraftResult {
                outcome,
                document,
                uploaded,
                summary,
                last_day,
                attachments,
            } => {
                let papers = ((document.as_ref(), *uploaded), attachments.as_slice());
                self.draft_result((*outcome, *last_day), papers, summary.as_ref(), facts)
            }
            Command::SignResult {
                certificate,
                file,
                attachments,
            } => self.sign_result((certificate, file), attachments, facts),
            Command::Forward => self.forward(facts),
            Command::SendBack { reason } => self.send_back(reason.as_ref(), facts),
            Command::Release => self.release(facts),
            Command::NoticeObligation(notice) => self.notice_obligation(notice, facts),
            Command::MeetObligation { proof } => self.meet_obligation(proof.as_ref(), facts),
            Command::Apologise(asked) => self.apologise(asked, facts),
            Command::Task(act) => self.task_act(act, facts),
            Command::AdmitToLane(asked) => self.admit_to_lane(asked, facts),
            Command::Repin(asked) => self.repin(asked, facts),
            Command::Issue => self.issue(facts),
            Command::AcknowledgeResult => self.acknowledge_result(facts),
            Command::Return { receiver, handing } => self.return_result((receiver, handing), facts),
            Command::ScanReceipt { scan } => self.scan_receipt(scan.as_ref(), facts),
            Command::CopyResult { copies, asked } => {
                self.copy_result((*copies, asked.as_ref()), facts)
            }
            Command::DigitiseResult(asked) => self.digitise_result(asked, facts),
            Command::Withdraw { request } => self.withdraw(request.as_ref(), facts),
            Command::Stop(stopping) => self.stop(stopping, facts),
            Command::CloseUnanswered => self.close_unanswered(facts),
            Command::OpenCorrection(asked) => self.open_correction(asked, facts),
            Command::FinishCorrection { by, end } => self.finish_correction(by, *end, facts),
        }
    }

    /// The first act of the agency acknowledges that it has what the centre handed over.
    fn acknowledgement(&self, command: CommandKind, facts: &Facts<'_>) -> Option<Event> {
        let record = self.processing(command).ok()?.0;
        let first = record.course.acknowledged.is_none() && is_of_the_agency(command);
        first.then(|| {
            Event::HandOverAcknowledged(Acknowledged {
                at: facts.now,
                by: facts.by.clone(),
                behalf: facts.behalf(),
            })
        })
    }

    /// The refusal of a move that this state does not have: under the rule that says why, where
    /// there is one.
    fn no_move(&self, command: CommandKind) -> Refusal {
        match self.kind() {
            StateKind::Received if is_work(command) => Refusal::NotHandedOver,
            StateKind::Submitted
            | StateKind::Incomplete
            | StateKind::Received
            | StateKind::Processing
            | StateKind::Paused
            | StateKind::Obliged
                if command == CommandKind::Return =>
            {
                Refusal::NotSettled
            }
            state @ (StateKind::Declined
            | StateKind::Withdrawn
            | StateKind::Stopped
            | StateKind::Returned) => Refusal::Finished { state },
            state @ (StateKind::Absent
            | StateKind::Submitted
            | StateKind::Incomplete
            | StateKind::Received
            | StateKind::Processing
            | StateKind::Paused
            | StateKind::Obliged
            | StateKind::Settled) => Refusal::NoSuchMove { command, state },
        }
    }
}

impl Facts<'_> {
    /// The version of the calendar by which dates are promised now.
    fn calendar(&self) -> String {
        self.clock.calendar.version().to_owned()
    }

    /// When a limit that began at `from` ends.
    fn due(&self, from: DateTime, limit: Limit, pauses: &[Pause]) -> Result<DateTime, Refusal> {
        deadline::due(from, limit, pauses, self.clock)
            .map(|d| d.due)
            .map_err(|e| self.no_date(&e))
    }

    /// Until when what is filed now is received, completed or declined. Where no calendar is
    /// published nothing is promised, and filing never stops for want of one.
    fn answer_by(&self) -> Option<DateTime> {
        let within = self
            .parameters
            .limit(Key::ReceptionWithin, Dates::all(self.now.date()));
        self.due(self.now, within, &[]).ok()
    }

    /// Until when what was received at `at` is handed over to the agency that decides; none where no
    /// calendar is published.
    fn hand_over_by(&self, at: DateTime) -> Option<DateTime> {
        let cutoff = self
            .parameters
            .time(Key::HandOverCutoff, Dates::all(at.date()));
        deadline::hand_over_by(at, cutoff, self.clock).ok()
    }

    /// When the clock of the step at `index` ends if it begins now.
    fn step_due(&self, index: usize) -> DateTime {
        let minutes = self.process.step(index).map_or(0, |step| step.minutes);
        // Where no calendar is published yet the step is due at once: a date inside the office
        // never stops the work, least of all the settlement.
        deadline::after_working_minutes(self.now, minutes, self.clock).unwrap_or(self.now)
    }

    /// The step's own clock after a pause that began at `from`: it gets the paused time back,
    /// unless it had expired, for an expired clock cannot be stopped.
    fn step_resumed(&self, due: DateTime, from: DateTime) -> Result<DateTime, Refusal> {
        let paused = deadline::working_minutes_between(from, self.now, self.clock);
        let minutes = paused.map_err(no_calendar)?;
        if minutes == 0 || due <= from {
            return Ok(due);
        }
        deadline::after_working_minutes(due, minutes, self.clock).map_err(no_calendar)
    }

    fn no_date(&self, error: &DeadlineError) -> Refusal {
        match error {
            DeadlineError::Uncovered(uncovered) => no_calendar(*uncovered),
            // Published limits are in bounds and the pauses of a log are in order.
            DeadlineError::Limit(_) | DeadlineError::Pause(_) => Refusal::NoCalendar {
                year: self.now.year(),
            },
        }
    }
}

/// Whether the command works on what was handed over.
fn is_work(command: CommandKind) -> bool {
    is_of_the_agency(command) || command == CommandKind::AskSupplement
}

/// Whether the agency that decides gives the command, at a step of its own.
fn is_of_the_agency(command: CommandKind) -> bool {
    matches!(
        command,
        CommandKind::Assign
            | CommandKind::DraftSupplement
            | CommandKind::ApproveSupplement
            | CommandKind::DraftResult
            | CommandKind::SignResult
            | CommandKind::Forward
            | CommandKind::SendBack
            | CommandKind::NoticeObligation
            | CommandKind::SendTasks
            | CommandKind::Issue
    )
}

fn no_calendar(uncovered: Uncovered) -> Refusal {
    Refusal::NoCalendar {
        year: uncovered.year,
    }
}
