//! The life of one invented dossier, as its own process and the rules decide it.

use domain::deadline::{Clock, after_working_minutes};
use domain::dossier::{
    Asking, Command, Correction, Delivery, Dossier, Event, Facts, File, Filed, Handed, HandedAs,
    Mandate, Outcome, Payment, Receiver, Refusal,
};
use domain::ids::{PartyId, StaffId, TextId, UnitId};
use domain::money::Dong;
use domain::office::{Role, Unit};
use domain::parameters::Parameters;
use domain::procedure::{Channel, Procedure};
use domain::process::{Process, Product};
use jiff::civil::DateTime;

use super::people::Dice;
use crate::commands::handing::at_counter;

/// Everything that a life depends on besides the dice.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) procedure: &'a Procedure,
    pub(super) process: &'a Process,
    pub(super) clock: &'a Clock<'a>,
    pub(super) receiving: &'a Unit,
    pub(super) competent: &'a Unit,
    pub(super) document: &'a File,
    /// Who works in a role at a unit.
    pub(super) staff: &'a dyn Fn(Role, &UnitId) -> StaffId,
    /// Nothing happens later than this.
    pub(super) now: DateTime,
    /// The order of the dossier in its day.
    pub(super) number: u32,
}

/// How far a life goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// The result is returned, if there is time for it.
    Returned,
    /// It waits at this step.
    Step(usize),
    /// It waits for papers that were asked for.
    Asked,
}

/// What is invented beside the events.
pub(super) struct Invented<'a> {
    pub(super) party: PartyId,
    /// The abstract of the result or the reason of a request.
    pub(super) text: TextId,
    pub(super) dice: &'a mut Dice,
}

/// A life under way.
pub(super) struct Life<'a> {
    setting: Setting<'a>,
    pub(super) dossier: Dossier,
    pub(super) events: Vec<Event>,
    at: DateTime,
    /// Whether a text was written, so that it must be kept.
    pub(super) wrote: bool,
}

impl<'a> Life<'a> {
    pub(super) fn new(setting: Setting<'a>, begins: DateTime) -> Self {
        Self {
            setting,
            dossier: Dossier::Absent,
            events: Vec::new(),
            at: begins,
            wrote: false,
        }
    }

    /// Lives until `until`, or until now. `issue` gives the next number of a register of results.
    pub(super) fn live(
        &mut self,
        until: Until,
        invented: &mut Invented<'_>,
        issue: &mut dyn FnMut(&UnitId, DateTime) -> u32,
    ) -> Result<(), Refusal> {
        self.file(invented)?;
        while let Some(step) = self.dossier.at_step().map(|at| at.index) {
            if until == Until::Step(step) {
                return Ok(());
            }
            if until == Until::Asked && step == 1 {
                return self.ask(invented);
            }
            if !self.pass(step, invented.dice)? {
                return Ok(());
            }
            self.finish(step, invented, issue)?;
        }
        Ok(())
    }

    /// Lets a part of the step's time pass; false when that would be later than now.
    fn pass(&mut self, step: usize, dice: &mut Dice) -> Result<bool, Refusal> {
        let minutes = self.setting.process.step(step).map_or(60, |s| s.minutes);
        let part = minutes.saturating_mul(20 + dice.below(90)) / 100;
        let at = after_working_minutes(self.at, part.max(1), self.setting.clock);
        let at = at.map_err(|uncovered| Refusal::NoCalendar {
            year: uncovered.year,
        })?;
        let there_is_time = at <= self.setting.now;
        if there_is_time {
            self.at = at;
        }
        Ok(there_is_time)
    }

    fn file(&mut self, invented: &Invented<'_>) -> Result<(), Refusal> {
        let filed = self.filed(&invented.party);
        let (clerk, number) = (Role::ReceptionClerk, self.setting.number);
        if filed.channel == Channel::Online {
            self.give(&Command::Submit(filed), clerk, number)?;
            return self.give(&Command::Accept, clerk, number);
        }
        self.give(&Command::Receive(filed), clerk, number)
    }

    fn filed(&self, party: &PartyId) -> Filed {
        let procedure = self.setting.procedure;
        let offered = Channel::ALL
            .into_iter()
            .find(|c| procedure.offer(*c).is_some());
        let case = procedure.cases.first();
        let components = case
            .map(|case| case.components.as_slice())
            .unwrap_or_default();
        let needed = components
            .iter()
            .filter(|c| c.mandatory && c.held_by.is_none());
        let channel = offered.unwrap_or(Channel::Direct);
        let handed = |number| Handed {
            component: number,
            handed: match channel {
                Channel::Online => HandedAs::Attached {
                    file: self.setting.document.hash.clone(),
                },
                Channel::Direct | Channel::Post => HandedAs::Paper,
            },
        };
        Filed {
            procedure: procedure.code.clone(),
            procedure_version: procedure.version,
            process_version: self.setting.process.version,
            case: case.map_or(1, |case| case.number),
            channel,
            applicant: party.clone(),
            owner: party.clone(),
            mandate: Mandate::Own,
            receiving: self.setting.receiving.id.clone(),
            competent: self.setting.competent.id.clone(),
            handed: needed.map(|c| handed(c.number)).collect(),
            sets: 1,
            fee: Dong(0),
            payment: Payment::Free,
            delivery: Delivery::Centre,
            certified: Vec::new(),
            help: None,
            agent: None,
            collected: None,
            lookups: Vec::new(),
            corrects: None,
        }
    }

    fn finish(
        &mut self,
        step: usize,
        invented: &mut Invented<'_>,
        issue: &mut dyn FnMut(&UnitId, DateTime) -> u32,
    ) -> Result<(), Refusal> {
        let Some(step) = self.setting.process.step(step) else {
            return Ok(());
        };
        let role = step.role;
        match step.product {
            Product::Reception => self.give(&Command::HandOver, role, 0),
            // Nobody signs in an invented history: its results are of before they were signed.
            Product::Work | Product::Approval => self.give(&Command::Forward, role, 0),
            Product::Draft => {
                if invented.dice.falls(30) {
                    let to = self.staff(role, &self.setting.competent.id);
                    self.give(&Command::Assign { to }, role, 0)?;
                }
                self.give(&self.draft(invented), role, 0)?;
                self.wrote = true;
                self.give(&Command::Forward, role, 0)
            }
            Product::Result => {
                let number = issue(&self.setting.competent.id, self.at);
                self.give(&Command::Issue, role, number)?;
                self.print_result();
                Ok(())
            }
            Product::Return => {
                if self.setting.receiving.id != self.setting.competent.id {
                    self.give(&Command::AcknowledgeResult, role, 0)?;
                }
                let back = self.returned();
                self.give(&back, role, 0)
            }
        }
    }

    /// The applicant gets it.
    fn returned(&self) -> Command {
        let filed = self.dossier.record().map(|record| &record.filed);
        Command::Return {
            receiver: Receiver::Applicant,
            handing: filed.map(at_counter).unwrap_or_default(),
        }
    }

    fn draft(&self, invented: &mut Invented<'_>) -> Command {
        let outcome = if invented.dice.falls(3) {
            Outcome::Refused
        } else {
            Outcome::Granted
        };
        Command::DraftResult {
            outcome,
            document: Some(self.setting.document.clone()),
            uploaded: false,
            summary: Some(invented.text.clone()),
            last_day: None,
            attachments: Vec::new(),
        }
    }

    /// Asks for the first paper again, where the process lets the officer ask and time allows.
    fn ask(&mut self, invented: &Invented<'_>) -> Result<(), Refusal> {
        let step = self.setting.process.step(1);
        let role = step.map_or(Role::CaseOfficer, |step| step.role);
        let case = self.setting.procedure.cases.first();
        let mut components = case.into_iter().flat_map(|case| &case.components);
        let Some(first) = components.find(|c| c.held_by.is_none()) else {
            return Ok(());
        };
        let wrong = Correction {
            component: first.number,
            what: invented.text.clone(),
        };
        let drafted = Command::DraftSupplement(Asking {
            corrections: vec![wrong],
            reason: Some(invented.text.clone()),
            ..Asking::default()
        });
        let sent = Command::AskSupplement {
            components: Vec::new(),
            corrections: Vec::new(),
            reason: None,
        };
        let approved = self
            .give(&drafted, role, 0)
            .and_then(|()| self.give(&Command::ApproveSupplement, Role::Leader, 0));
        match approved.and_then(|()| self.give(&sent, Role::ReceptionClerk, 0)) {
            // The process took longer than the law leaves for asking, or the leader who would approve
            // drafted herself: the dossier just waits.
            Err(Refusal::AskedTooLate { .. } | Refusal::OwnDraft) => Ok(()),
            asked => {
                self.wrote = asked.is_ok();
                asked
            }
        }
    }

    /// The worker made the official document, without a seal.
    fn print_result(&mut self) {
        let made = Event::ResultMade {
            at: self.at,
            file: self.setting.document.clone(),
            seal: None,
            completes: None,
            attachments: Vec::new(),
        };
        self.dossier = std::mem::take(&mut self.dossier).evolve(&made);
        self.events.push(made);
    }

    fn staff(&self, role: Role, unit: &UnitId) -> StaffId {
        (self.setting.staff)(role, unit)
    }

    fn give(&mut self, command: &Command, role: Role, number: u32) -> Result<(), Refusal> {
        let unit = match role {
            Role::ReceptionClerk => &self.setting.receiving.id,
            _ => &self.setting.competent.id,
        };
        let by = self.staff(role, unit);
        let facts = Facts {
            now: self.at,
            by: &by,
            procedure: self.setting.procedure,
            process: self.setting.process,
            clock: self.setting.clock,
            receiving: Some(self.setting.receiving),
            competent: Some(self.setting.competent),
            parameters: Parameters::shipped(),
            for_whom: None,
            number,
            listed: false,
        };
        let events = self.dossier.decide(command, &facts)?;
        let before = std::mem::take(&mut self.dossier);
        self.dossier = events.iter().fold(before, Dossier::evolve);
        self.events.extend(events);
        Ok(())
    }
}
