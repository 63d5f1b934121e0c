//! What a page offers somebody to do with a dossier.

use domain::dossier::{CommandKind, Dossier};
use domain::procedure::{Case, Procedure};
use domain::process::{Process, Product};

use crate::access::{Actor, Resource, lacks_signing, may_act};

use super::correct::corrected;

/// Commands in the order in which the page offers them, main act first.
const OFFERED: [CommandKind; 23] = [
    CommandKind::Accept,
    CommandKind::HandOver,
    CommandKind::Supply,
    CommandKind::Issue,
    CommandKind::Return,
    CommandKind::Forward,
    CommandKind::DraftResult,
    CommandKind::AskSupplement,
    CommandKind::DraftSupplement,
    CommandKind::DiscardSupplement,
    CommandKind::SendTasks,
    CommandKind::SendBack,
    CommandKind::Assign,
    CommandKind::NoticeObligation,
    CommandKind::MeetObligation,
    CommandKind::Decline,
    CommandKind::Withdraw,
    CommandKind::CloseUnanswered,
    CommandKind::Apologise,
    CommandKind::RecordLookup,
    CommandKind::AdmitToLane,
    CommandKind::Stop,
    CommandKind::OpenCorrection,
];

/// What the actor may do now.
pub(super) fn actions(
    actor: &Actor,
    dossier: &Dossier,
    (procedure, process): (&Procedure, &Process),
    resource: &Resource,
) -> Vec<CommandKind> {
    let product = step_product(dossier, process);
    let offered = OFFERED.into_iter().filter(|command| {
        fits(*command, dossier, product) || fits_beside(*command, dossier, procedure)
    });
    offered
        .filter(|command| {
            let permit = may_act(actor, *command, resource);
            permit.is_ok_and(|permit| !lacks_signing(actor, &permit, (*command, product), resource))
        })
        .collect()
}

/// What the current step produces.
pub(super) fn step_product(dossier: &Dossier, process: &Process) -> Option<Product> {
    let step = dossier.at_step().and_then(|at| process.step(at.index));
    step.map(|step| step.product)
}

/// Moves beside the steps of the process: whether the dossier's state and its procedure leave room
/// for them.
fn fits_beside(command: CommandKind, dossier: &Dossier, procedure: &Procedure) -> bool {
    let Some(record) = dossier.record() else {
        return false;
    };
    let closed = dossier.kind().is_closed() || matches!(dossier, Dossier::Settled(..));
    let begun = !closed && record.received_at.is_some();
    let running = matches!(dossier, Dossier::Received(..) | Dossier::Processing(..));
    let course = &record.course;
    match command {
        CommandKind::Apologise => running && record.due.is_some() && course.apologies.is_empty(),
        CommandKind::AdmitToLane => {
            let offered = !procedure.lanes.is_empty() && record.limit.is_some();
            begun && offered && course.lane.is_none()
        }
        CommandKind::RecordLookup => {
            let case = procedure.case(record.filed.case);
            let held = |case: &Case| case.components.iter().any(|c| c.held_by.is_some());
            !closed && case.is_some_and(held)
        }
        CommandKind::Stop => begun,
        CommandKind::OpenCorrection => {
            let issued = matches!(dossier, Dossier::Settled(..) | Dossier::Returned(..));
            issued && !corrected(record).1
        }
        _ => false,
    }
}

/// Whether the state has the move at all; whether it is lawful now is judged when it is made.
fn fits(command: CommandKind, dossier: &Dossier, product: Option<Product>) -> bool {
    let processing = matches!(dossier, Dossier::Processing(..));
    let drafted = dossier
        .record()
        .is_some_and(|record| record.course.asking.is_some());
    match command {
        CommandKind::Accept => matches!(dossier, Dossier::Submitted(_)),
        CommandKind::Decline => matches!(dossier, Dossier::Submitted(_) | Dossier::Incomplete(..)),
        CommandKind::HandOver => matches!(dossier, Dossier::Received(..)),
        CommandKind::Supply | CommandKind::CloseUnanswered => {
            matches!(dossier, Dossier::Incomplete(..) | Dossier::Paused(..))
        }
        CommandKind::Issue => processing && product == Some(Product::Result),
        CommandKind::DraftResult | CommandKind::NoticeObligation => {
            processing && product == Some(Product::Draft)
        }
        CommandKind::Forward => processing && product != Some(Product::Result),
        CommandKind::AskSupplement => {
            matches!(dossier, Dossier::Submitted(_)) || (processing && drafted)
        }
        CommandKind::DiscardSupplement => processing && drafted,
        CommandKind::DraftSupplement => {
            processing && !drafted && matches!(product, Some(Product::Draft | Product::Work))
        }
        CommandKind::SendBack => processing && dossier.at_step().is_some_and(|at| at.index > 1),
        CommandKind::Assign => processing,
        CommandKind::SendTasks => {
            processing
                && matches!(
                    product,
                    Some(Product::Draft | Product::Work | Product::Approval)
                )
        }
        CommandKind::MeetObligation => matches!(dossier, Dossier::Obliged(..)),
        CommandKind::Return => matches!(dossier, Dossier::Settled(..)),
        CommandKind::Withdraw => {
            !dossier.kind().is_closed() && !matches!(dossier, Dossier::Settled(..))
        }
        CommandKind::Submit
        | CommandKind::Receive
        | CommandKind::HandByPost
        | CommandKind::RecordLookup
        | CommandKind::Apologise
        | CommandKind::AdmitToLane
        | CommandKind::Stop
        | CommandKind::Release
        | CommandKind::AcceptTask
        | CommandKind::AnswerTask
        | CommandKind::AcknowledgeAnswer
        | CommandKind::RecallTask
        | CommandKind::LapseTask
        | CommandKind::Repin
        | CommandKind::OpenCorrection
        | CommandKind::FinishCorrection => false,
    }
}
