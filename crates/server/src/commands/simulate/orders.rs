//! The commands of a dossier beside the steps of its process: supplements, what the post hands over,
//! obligations, lookups, other agencies, apologies, moves to a newer version.

use domain::deadline::{Limit, after_working_minutes};
use domain::dossier::{
    Admitting, Answering, Apologising, Asking, ByPost, Command, Correction, Handed, HandedAs,
    Lookup, LookupOutcome, NewTask, ObligationNotice, Proof, Repinning, Scan, TaskAct, TaskKind,
    TaskOrder,
};
use domain::ids::{StaffId, UnitId};
use domain::money::Dong;
use domain::office::Role;
use domain::party::PartyKind;
use domain::procedure::{Database, Procedure};

use super::beats::Act;
use super::casework::{Case, Moment};
use super::ward::{LANE, Ward};

impl Case {
    pub(super) fn supplement(&self, act: Act) -> Command {
        let reason = Some(self.text());
        match act {
            // What is there already is asked for with what is wrong about it.
            Act::DraftRequest => Command::DraftSupplement(Asking {
                corrections: self
                    .papers()
                    .take(1)
                    .map(|one| Correction {
                        component: one.number,
                        what: self.text(),
                    })
                    .collect(),
                reason,
                ..Asking::default()
            }),
            Act::ApproveRequest => Command::ApproveSupplement,
            Act::DiscardRequest => Command::DiscardSupplement { reason },
            Act::Supply => Command::Supply {
                handed: self.brought(),
            },
            _ => Command::AskSupplement {
                components: Vec::new(),
                corrections: Vec::new(),
                reason: None,
            },
        }
    }

    /// What the applicant brings: all that was asked for and is still missing.
    fn brought(&self) -> Vec<Handed> {
        let record = self.dossier.record();
        let asked = record.and_then(|record| record.asked.as_ref());
        let asked = asked.map(|asked| asked.components.clone());
        asked.unwrap_or_default().into_iter().map(handed).collect()
    }

    /// What is handed over under the joint record of that number by that agent of the post.
    pub(super) fn by_post(&self, record: &str, from: &StaffId) -> Command {
        let handed = if self.waits_for_papers() {
            self.brought()
        } else {
            Vec::new()
        };
        Command::HandByPost(ByPost {
            record: record.to_owned(),
            from: from.clone(),
            collected: None,
            handed,
        })
    }

    /// The first paper of which a scan is made.
    fn scanned(&self) -> u16 {
        let mut papers = self.papers().filter(|one| one.is_digitised());
        papers.next().map_or(1, |one| one.number)
    }

    pub(super) fn beside(&self, act: Act, ward: &Ward) -> Command {
        if act == Act::Scan {
            return Command::Scan(Scan {
                component: self.scanned(),
                file: ward.document.hash.clone(),
                pages: 1,
            });
        }
        if act == Act::Meet {
            return Command::MeetObligation {
                proof: Some(Proof::Note { text: self.text() }),
            };
        }
        if act == Act::Notice {
            return Command::NoticeObligation(ObligationNotice {
                text: Some(self.text()),
                amount: Some(Dong(150_000)),
                pay_by: None,
                document: None,
            });
        }
        let held = self.components().find(|one| one.held_by.is_some());
        let looked = held.or_else(|| self.components().next());
        Command::RecordLookup(Lookup {
            component: looked.map_or(1, |one| one.number),
            database: looked
                .and_then(|one| one.held_by)
                .unwrap_or(Database::Population),
            found: LookupOutcome::Failed,
            note: Some(self.text()),
        })
    }

    pub(super) fn task(&self, act: Act, ward: &Ward) -> TaskAct {
        match act {
            Act::SendTasks(order) => {
                let [first, second] = &ward.elsewhere;
                let tasks = match order {
                    TaskOrder::Together => vec![self.opinion(&first.id)],
                    TaskOrder::InOrder => vec![self.opinion(&first.id), self.opinion(&second.id)],
                };
                let lead = ward.unit.id.clone();
                TaskAct::Send { tasks, order, lead }
            }
            Act::AnswerTask(task) => TaskAct::Answer {
                task,
                answer: Answering {
                    text: Some(self.text()),
                    agrees: Some(true),
                    document: None,
                },
            },
            Act::AcknowledgeAnswer(task) => TaskAct::Acknowledge { task },
            Act::RecallTask => TaskAct::Recall {
                task: 1,
                reason: Some(self.text()),
            },
            Act::AcceptTask(task) => TaskAct::Accept { task },
            _ => TaskAct::Lapse { task: 1 },
        }
    }

    fn opinion(&self, agency: &UnitId) -> NewTask {
        NewTask {
            agency: agency.clone(),
            kind: TaskKind::Opinion,
            content: Some(self.text()),
            limit: Some(Limit::working_days(1)),
            silence_is_consent: true,
        }
    }

    /// The leader admits what a citizen brought.
    pub(super) fn admission(&self) -> Command {
        Command::AdmitToLane(Admitting {
            lane: LANE.to_owned(),
            ground: Some(self.text()),
            project: None,
            owner: PartyKind::Citizen,
            posts: vec![Role::Leader],
        })
    }

    /// Three working days after what was promised, or after now when that is past.
    pub(super) fn apology(&self, ward: &Ward, moment: Moment<'_>) -> Apologising {
        let due = self.dossier.record().and_then(|record| record.due);
        let from = due.map_or(moment.now, |due| due.max(moment.now));
        let until = after_working_minutes(from, 3 * 480, moment.clock);
        Apologising {
            reason: Some(self.text()),
            until: until.unwrap_or(from),
            signed_by: ward.chairman().clone(),
        }
    }

    pub(super) fn repinning(&self, procedure: &Procedure) -> Repinning {
        Repinning {
            procedure_version: procedure.version,
            process_version: self.paper.process.version,
            step: self.dossier.at_step().map_or(1, |at| at.index),
            undoes: None,
            reason: Some(self.text()),
        }
    }
}

pub(super) fn handed(component: u16) -> Handed {
    Handed {
        component,
        handed: HandedAs::Paper,
    }
}
