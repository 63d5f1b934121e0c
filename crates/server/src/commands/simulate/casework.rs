//! One dossier of the month: the command behind each act, judged by the rules.

use std::sync::Arc;

use domain::deadline::Clock;
use domain::dossier::{
    Command, Correcting, CorrectionKind, Corrects, Delivery, Dossier, Event, Facts, File, Filed,
    Handed, HandedAs, Handing, Mandate, Payment, Receiver, Refusal, StopGround, Stopping,
};
use domain::ids::{DossierId, PartyId, StaffId, TextId};
use domain::money::Dong;
use domain::office::{Role, Unit};
use domain::parameters::Parameters;
use domain::procedure::{Channel, Component, Procedure};
use jiff::civil::DateTime;

use super::beats::{Act, Beats, Beginning};
use super::orders::handed;
use super::ward::{Paper, Ward};
use crate::commands::handing::at_counter;

/// A dossier under way.
pub(super) struct Case {
    pub(super) id: DossierId,
    pub(super) party: PartyId,
    pub(super) paper: Arc<Paper>,
    /// The version of the procedure that it was filed under, or moved to.
    pub(super) procedure: Arc<Procedure>,
    pub(super) dossier: Dossier,
    pub(super) version: u32,
    pub(super) beginning: Beginning,
    pub(super) beats: Beats,
    /// Texts written so far.
    pub(super) texts: u32,
    /// How often the act in hand was put off.
    pub(super) put_off: u32,
    /// The case whose result this one corrects.
    pub(super) mends: Option<(usize, Corrects)>,
}

/// Who acts when, with which number of a register.
#[derive(Clone, Copy)]
pub(super) struct Moment<'a> {
    pub(super) now: DateTime,
    pub(super) by: &'a StaffId,
    pub(super) for_whom: Option<&'a StaffId>,
    pub(super) number: u32,
    pub(super) clock: &'a Clock<'a>,
}

impl Case {
    /// Judges an act; the rules alone say whether it happens.
    pub(super) fn ask(
        &self,
        act: Act,
        ward: &Ward,
        moment: Moment<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        let newer = self.paper.newest();
        let procedure = if act == Act::Repin {
            newer
        } else {
            &self.procedure
        };
        let command = self.command(act, ward, moment, procedure);
        self.judge(&command, ward, moment, procedure)
    }

    pub(super) fn judge(
        &self,
        command: &Command,
        ward: &Ward,
        moment: Moment<'_>,
        procedure: &Procedure,
    ) -> Result<Vec<Event>, Refusal> {
        self.dossier.decide(
            command,
            &Facts {
                now: moment.now,
                by: moment.by,
                for_whom: moment.for_whom,
                procedure,
                process: &self.paper.process,
                clock: moment.clock,
                parameters: Parameters::shipped(),
                receiving: Some(self.receiving(ward)),
                competent: Some(&ward.unit),
                number: moment.number,
                listed: false,
            },
        )
    }

    /// The centre that receives it.
    pub(super) fn receiving<'w>(&self, ward: &'w Ward) -> &'w Unit {
        if self.beginning.is_elsewhere {
            &ward.other
        } else {
            &ward.unit
        }
    }

    /// Whether the applicant is to bring something.
    pub(super) fn waits_for_papers(&self) -> bool {
        matches!(self.dossier, Dossier::Incomplete(..) | Dossier::Paused(..))
    }

    /// The text that the next act refers to.
    pub(super) fn text(&self) -> TextId {
        let name = format!("{}-t{}", self.id, self.texts);
        TextId::parse(&name).expect("made of a plain identifier")
    }

    fn handing(&self) -> Handing {
        let filed = self.dossier.record().map(|record| &record.filed);
        filed.map(at_counter).unwrap_or_default()
    }

    fn command(&self, act: Act, ward: &Ward, moment: Moment<'_>, procedure: &Procedure) -> Command {
        match act {
            Act::Submit | Act::Receive | Act::Accept | Act::AskAtCounter | Act::Decline => {
                self.counter(act, ward)
            }
            Act::DraftRequest
            | Act::ApproveRequest
            | Act::DiscardRequest
            | Act::SendRequest
            | Act::Supply
            | Act::HandByPost => self.supplement(act),
            Act::Lookup | Act::Scan | Act::Notice | Act::Meet => self.beside(act, ward),
            Act::SendTasks(_)
            | Act::AcceptTask(_)
            | Act::AnswerTask(_)
            | Act::AcknowledgeAnswer(_)
            | Act::RecallTask
            | Act::LapseTask => Command::Task(self.task(act, ward)),
            Act::Repin => Command::Repin(self.repinning(procedure)),
            Act::Apologise => Command::Apologise(self.apology(ward, moment)),
            Act::AdmitToLane => self.admission(),
            Act::HandOver
            | Act::Assign
            | Act::Draft(_)
            | Act::Forward
            | Act::SendBack
            | Act::Issue
            | Act::AcknowledgeResult
            | Act::Return
            | Act::FileReceipt
            | Act::Release => self.step(act, ward),
            Act::Close | Act::Withdraw | Act::Stop | Act::OpenCorrection => self.end(act, ward),
        }
    }

    fn counter(&self, act: Act, ward: &Ward) -> Command {
        let reason = Some(self.text());
        match act {
            Act::Submit => Command::Submit(self.filed(ward)),
            Act::Receive => Command::Receive(self.filed(ward)),
            Act::AskAtCounter => Command::AskSupplement {
                components: self.missing(),
                corrections: Vec::new(),
                reason,
            },
            Act::Decline => Command::Decline { reason },
            _ => Command::Accept,
        }
    }

    fn step(&self, act: Act, ward: &Ward) -> Command {
        match act {
            Act::HandOver => Command::HandOver,
            Act::Assign => Command::Assign {
                to: ward.officer_of(&self.id),
            },
            Act::Draft(outcome) => Command::DraftResult {
                outcome,
                document: Some(ward.document.clone()),
                uploaded: false,
                summary: Some(self.text()),
                last_day: None,
                attachments: Vec::new(),
            },
            Act::SendBack => Command::SendBack {
                reason: Some(self.text()),
            },
            Act::Issue => Command::Issue,
            Act::AcknowledgeResult => Command::AcknowledgeResult,
            Act::FileReceipt => Command::ScanReceipt {
                scan: Some(ward.document.hash.clone()),
            },
            Act::Return => Command::Return {
                receiver: Receiver::Applicant,
                handing: self.handing(),
            },
            Act::Release => Command::Release,
            _ => Command::Forward,
        }
    }

    fn end(&self, act: Act, ward: &Ward) -> Command {
        let (reason, paper) = (Some(self.text()), Some(ward.document.hash.clone()));
        match act {
            Act::Withdraw => Command::Withdraw { request: paper },
            Act::Stop => Command::Stop(Stopping {
                ground: StopGround::Decision,
                document: paper,
                reason,
            }),
            Act::OpenCorrection => Command::OpenCorrection(Correcting {
                by: self.correction(),
                agency: ward.unit.id.clone(),
                kind: CorrectionKind::Amend,
                reason: reason.clone(),
                apology: reason,
            }),
            _ => Command::CloseUnanswered,
        }
    }

    /// The dossier that corrects the result of this one.
    pub(super) fn correction(&self) -> DossierId {
        DossierId::parse(&format!("{}-dc", self.id)).expect("made of a plain identifier")
    }

    pub(super) fn components(&self) -> impl Iterator<Item = &Component> {
        let case = self.procedure.cases.first();
        case.into_iter().flat_map(|case| &case.components)
    }

    /// Components that a person has to bring.
    pub(super) fn papers(&self) -> impl Iterator<Item = &Component> {
        self.components().filter(|one| one.held_by.is_none())
    }

    fn missing(&self) -> Vec<u16> {
        let papers = self.papers().filter(|one| one.mandatory);
        papers.take(1).map(|one| one.number).collect()
    }

    /// The agent of the post at the centre, of what came by post.
    fn agent(&self, ward: &Ward) -> Option<StaffId> {
        let unit = &self.receiving(ward).id;
        let mut people = ward.people.iter();
        let agent = people.find(|one| one.role == Role::PostAgent && one.unit == *unit);
        agent
            .filter(|_| self.beginning.channel == Channel::Post)
            .map(|agent| agent.id.clone())
    }

    /// A component as it comes by the channel of the dossier.
    fn filed_with(&self, component: u16, ward: &Ward) -> Handed {
        match self.beginning.channel {
            Channel::Online => Handed {
                component,
                handed: HandedAs::Attached {
                    file: ward.document.hash.clone(),
                },
            },
            Channel::Direct | Channel::Post => handed(component),
        }
    }

    fn filed(&self, ward: &Ward) -> Filed {
        let corrects = self.mends.as_ref().map(|(_, corrects)| corrects.clone());
        let held_back = usize::from(!self.beginning.is_complete);
        let needed = self.papers().filter(|one| one.mandatory).skip(held_back);
        let needed = needed.filter(|_| corrects.is_none());
        Filed {
            procedure: self.procedure.code.clone(),
            procedure_version: self.procedure.version,
            process_version: self.paper.process.version,
            case: self.procedure.cases.first().map_or(1, |case| case.number),
            channel: self.beginning.channel,
            applicant: self.party.clone(),
            owner: self.party.clone(),
            mandate: Mandate::Own,
            receiving: self.receiving(ward).id.clone(),
            competent: ward.unit.id.clone(),
            handed: needed
                .map(|one| self.filed_with(one.number, ward))
                .collect(),
            sets: 1,
            fee: Dong(0),
            payment: Payment::Free,
            delivery: Delivery::Centre,
            certified: Vec::new(),
            help: None,
            agent: self.agent(ward),
            collected: None,
            lookups: Vec::new(),
            corrects,
        }
    }
}

/// The official document of a result that was just issued: nothing is signed in a rehearsal.
pub(super) fn made(at: DateTime, document: &File) -> Event {
    Event::ResultMade {
        at,
        file: document.clone(),
        seal: None,
        completes: None,
        attachments: Vec::new(),
    }
}
