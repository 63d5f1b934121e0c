//! What a page offers somebody to do with a dossier.

use domain::dossier::{CommandKind, Dossier, Issued, ReceiptSigned};
use domain::procedure::{Case, Procedure};
use domain::process::{Process, Product};

use crate::access::{Actor, Resource, lacks_signing, may_act};

use super::correct::corrected;

/// Commands in the order in which the page offers them, main act first.
const OFFERED: [CommandKind; 30] = [
    CommandKind::Accept,
    CommandKind::HandOver,
    CommandKind::Supply,
    CommandKind::Issue,
    CommandKind::AcknowledgeResult,
    CommandKind::Return,
    CommandKind::ScanReceipt,
    CommandKind::SignResult,
    CommandKind::Forward,
    CommandKind::DraftResult,
    CommandKind::AskSupplement,
    CommandKind::DraftSupplement,
    CommandKind::ApproveSupplement,
    CommandKind::DiscardSupplement,
    CommandKind::SendTasks,
    CommandKind::SendBack,
    CommandKind::Assign,
    CommandKind::NoticeObligation,
    CommandKind::MeetObligation,
    CommandKind::DigitiseResult,
    CommandKind::CopyResult,
    CommandKind::Decline,
    CommandKind::Withdraw,
    CommandKind::CloseUnanswered,
    CommandKind::Apologise,
    CommandKind::Scan,
    CommandKind::RecordLookup,
    CommandKind::AdmitToLane,
    CommandKind::Stop,
    CommandKind::OpenCorrection,
];

/// What the actor may do now; `anew` says whether the rules leave room for another new date.
pub(super) fn actions(
    actor: &Actor,
    (dossier, anew): (&Dossier, bool),
    (procedure, process): (&Procedure, &Process),
    resource: &Resource,
) -> Vec<CommandKind> {
    let product = step_product(dossier, process);
    let offered = OFFERED.into_iter().filter(|command| {
        fits(*command, dossier, product) || fits_beside(*command, (dossier, anew), procedure)
    });
    let offered = offered.filter(|command| {
        *command != CommandKind::AdmitToLane || decides(actor, procedure, resource)
    });
    // Where there is a paper, approving is signing it.
    let approving = product == Some(Product::Approval);
    let by_signature = approving && !procedure.without_paper;
    let offered = offered.filter(|command| match command {
        CommandKind::SignResult => by_signature,
        CommandKind::Forward => !by_signature,
        CommandKind::AcknowledgeResult | CommandKind::Return => !waits_for_seal(dossier, procedure),
        _ => true,
    });
    offered
        .filter(|command| {
            let permit = may_act(actor, *command, resource);
            permit.is_ok_and(|permit| !lacks_signing(actor, &permit, (*command, product), resource))
        })
        .collect()
}

/// Whether the result is issued and does not bear the agency's seal yet: nobody gets it before.
pub(super) fn waits_for_seal(dossier: &Dossier, procedure: &Procedure) -> bool {
    let sealed = |issued: &Issued| procedure.without_paper || issued.official.is_some();
    matches!(dossier, Dossier::Settled(_, _, issued) if !sealed(issued))
}

/// What the current step produces.
pub(super) fn step_product(dossier: &Dossier, process: &Process) -> Option<Product> {
    let step = dossier.at_step().and_then(|at| process.step(at.index));
    step.map(|step| step.product)
}

/// Whether the actor holds, or stands in for, the post that decides on one of the green lanes.
fn decides(actor: &Actor, procedure: &Procedure, resource: &Resource) -> bool {
    let mut lanes = procedure.lanes.iter();
    lanes.any(|lane| {
        let roles = [lane.decided_by];
        actor.acts_as_any(&roles, &resource.competent)
            || actor.acts_as_any(&roles, &resource.receiving)
    })
}

/// Moves beside the steps of the process: whether the dossier's state and its procedure leave room
/// for them.
fn fits_beside(
    command: CommandKind,
    (dossier, anew): (&Dossier, bool),
    procedure: &Procedure,
) -> bool {
    let Some(record) = dossier.record() else {
        return false;
    };
    let closed = dossier.kind().is_closed() || matches!(dossier, Dossier::Settled(..));
    let begun = !closed && record.received_at.is_some();
    let running = matches!(dossier, Dossier::Received(..) | Dossier::Processing(..));
    let course = &record.course;
    match command {
        CommandKind::Apologise => running && record.due.is_some() && anew,
        CommandKind::AdmitToLane => {
            let offered = !procedure.lanes.is_empty() && record.limit.is_some();
            begun && offered && course.lane.is_none()
        }
        CommandKind::RecordLookup => {
            let case = procedure.case(record.filed.case);
            let held = |case: &Case| case.components.iter().any(|c| c.held_by.is_some());
            !closed && case.is_some_and(held)
        }
        CommandKind::Scan => {
            let case = procedure.case(record.filed.case);
            let may = |case: &Case| record.filed.to_scan(case).next().is_some();
            !closed && case.is_some_and(may)
        }
        CommandKind::Stop => matches!(dossier, Dossier::Processing(..)),
        CommandKind::CopyResult | CommandKind::DigitiseResult => {
            !procedure.without_paper && copied(command, dossier)
        }
        CommandKind::ScanReceipt => course.receipt_signed == Some(ReceiptSigned::Paper),
        CommandKind::OpenCorrection => {
            let issued = matches!(dossier, Dossier::Settled(..) | Dossier::Returned(..));
            issued && !corrected(record).1
        }
        _ => false,
    }
}

/// Whether the result can be copied: printed where there is an electronic original, made electronic
/// where there is paper alone.
fn copied(command: CommandKind, dossier: &Dossier) -> bool {
    let (Some(record), Some(issued)) = (dossier.record(), dossier.issued()) else {
        return false;
    };
    let course = &record.course;
    if course.correction_open().is_some() || course.superseded().is_some() {
        return false;
    }
    let is_electronic = issued.official.is_some();
    let fits = if command == CommandKind::DigitiseResult {
        !is_electronic && !course.signed
    } else {
        is_electronic
    };
    fits && course.digitised.is_none()
}

/// Whether there is a result that stands as it was issued: neither under correction, nor withdrawn
/// or replaced. What comes from another agency is acknowledged first.
fn returnable(dossier: &Dossier) -> bool {
    let Dossier::Settled(record, ..) = dossier else {
        return false;
    };
    let course = &record.course;
    let stands = course.correction_open().is_none() && course.superseded().is_none();
    stands && !coming_back(dossier)
}

/// Whether the centre has answered what was filed, and nothing has come of it yet.
fn withdrawable(dossier: &Dossier) -> bool {
    let undecided = !matches!(dossier, Dossier::Submitted(_) | Dossier::Settled(..));
    undecided && !dossier.kind().is_closed()
}

/// Whether the result is on its way from the agency to the centre.
fn coming_back(dossier: &Dossier) -> bool {
    match dossier {
        Dossier::Settled(record, ..) => {
            record.goes_between() && record.course.result_back.is_none()
        }
        _ => false,
    }
}

fn is_worked_on(product: Option<Product>) -> bool {
    matches!(
        product,
        Some(Product::Draft | Product::Work | Product::Approval)
    )
}

/// Whether the state has the move at all; whether it is lawful now is judged when it is made.
fn fits(command: CommandKind, dossier: &Dossier, product: Option<Product>) -> bool {
    let processing = matches!(dossier, Dossier::Processing(..));
    let asking = dossier
        .record()
        .and_then(|record| record.course.asking.as_ref());
    let drafted = asking.is_some();
    let approved = asking.is_some_and(|draft| draft.approved.is_some());
    let decided = dossier.at_step().is_some_and(|at| at.approved_by.is_some());
    let examining = !decided && matches!(product, Some(Product::Draft | Product::Work));
    match command {
        CommandKind::Accept => matches!(dossier, Dossier::Submitted(_)),
        CommandKind::Decline => matches!(dossier, Dossier::Submitted(_) | Dossier::Incomplete(..)),
        CommandKind::HandOver => matches!(dossier, Dossier::Received(..)),
        CommandKind::Supply | CommandKind::CloseUnanswered => {
            matches!(dossier, Dossier::Incomplete(..) | Dossier::Paused(..))
        }
        CommandKind::Issue => processing && product == Some(Product::Result),
        CommandKind::DraftResult => processing && product == Some(Product::Draft),
        CommandKind::NoticeObligation => processing && examining,
        CommandKind::SignResult => processing && product == Some(Product::Approval),
        CommandKind::Forward => processing && product != Some(Product::Result),
        CommandKind::AskSupplement => {
            matches!(dossier, Dossier::Submitted(_)) || (processing && approved)
        }
        CommandKind::ApproveSupplement => processing && drafted && !approved,
        CommandKind::DiscardSupplement => processing && drafted,
        CommandKind::DraftSupplement => processing && !drafted && examining,
        CommandKind::SendBack => processing && dossier.at_step().is_some_and(|at| at.index > 1),
        CommandKind::Assign => processing,
        CommandKind::SendTasks => processing && is_worked_on(product),
        CommandKind::MeetObligation => matches!(dossier, Dossier::Obliged(..)),
        CommandKind::AcknowledgeResult => coming_back(dossier),
        CommandKind::Return => returnable(dossier),
        CommandKind::Withdraw => withdrawable(dossier),
        CommandKind::Submit
        | CommandKind::Receive
        | CommandKind::HandByPost
        | CommandKind::RecordLookup
        | CommandKind::Scan
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
        | CommandKind::FinishCorrection
        | CommandKind::ScanReceipt
        | CommandKind::CopyResult
        | CommandKind::DigitiseResult => false,
    }
}
