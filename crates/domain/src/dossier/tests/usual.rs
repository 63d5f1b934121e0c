//! Commands beside the steps of the process, as a person who knows the rules would give them.

use domain::deadline::Limit;
use domain::dossier::{
    Admitting, Answering, Apologising, Command, CommandKind, Correcting, CorrectionEnd,
    CorrectionKind, Digitising, File, Lookup, LookupOutcome, NewTask, Repinning, Scan, StopGround,
    Stopping, TaskAct, TaskKind, TaskOrder,
};
use domain::ids::{DossierId, UnitId};
use domain::office::Role;
use domain::party::PartyKind;
use domain::procedure::Database;
use jiff::civil::{DateTime, date};

use super::world::{drafting, hash, staff, text};

/// The usual command of a kind that is neither a step's nor a task's.
pub(crate) fn course(kind: CommandKind) -> Command {
    let reason = Some(text("reason"));
    let usual = [
        drafting(&[2]),
        Command::ApproveSupplement,
        Command::DiscardSupplement { reason },
        looked(LookupOutcome::Failed),
        scanning(1),
        stopping(StopGround::Decision),
        apologising(date(2026, 12, 1).at(9, 0, 0, 0)),
        Command::Release,
        admitting("xanh"),
        repinning(1, 1, 1),
        correcting(),
        scanning_receipt(),
        copying(),
        digitising(),
        Command::FinishCorrection {
            by: correction(),
            end: CorrectionEnd::Done,
        },
    ];
    of_kind(usual, kind)
}

/// The usual command about tasks of that kind.
pub(crate) fn task(kind: CommandKind) -> Command {
    let usual = [
        TaskAct::Send {
            tasks: vec![opinion("H56.02"), work("H56.03")],
            order: TaskOrder::Together,
            lead: agency("H56.14"),
        },
        TaskAct::Accept { task: 1 },
        TaskAct::Answer {
            task: 1,
            answer: agreeing(),
        },
        TaskAct::Acknowledge { task: 1 },
        TaskAct::Recall {
            task: 1,
            reason: Some(text("reason")),
        },
        TaskAct::Lapse { task: 1 },
    ];
    of_kind(usual.map(Command::Task), kind)
}

fn of_kind<const N: usize>(usual: [Command; N], kind: CommandKind) -> Command {
    usual.into_iter().find(|one| one.kind() == kind).unwrap()
}

pub(crate) fn agency(id: &str) -> UnitId {
    UnitId::parse(id).unwrap()
}

pub(crate) fn correction() -> DossierId {
    DossierId::parse("correction").unwrap()
}

/// An opinion whose silence is consent, within the time of the procedure: two working days.
pub(crate) fn opinion(at: &str) -> NewTask {
    NewTask {
        agency: agency(at),
        kind: TaskKind::Opinion,
        content: Some(text("question")),
        limit: None,
        silence_is_consent: true,
    }
}

/// Work within one working day.
pub(crate) fn work(at: &str) -> NewTask {
    NewTask {
        agency: agency(at),
        kind: TaskKind::Work,
        content: Some(text("work")),
        limit: Some(Limit::working_days(1)),
        silence_is_consent: false,
    }
}

pub(crate) fn agreeing() -> Answering {
    Answering {
        text: Some(text("answer")),
        agrees: Some(true),
        document: Some(hash('b')),
    }
}

pub(crate) fn looked(found: LookupOutcome) -> Command {
    Command::RecordLookup(lookup(found))
}

pub(crate) fn lookup(found: LookupOutcome) -> Lookup {
    Lookup {
        component: 4,
        database: Database::Population,
        found,
        note: Some(text("no-answer")),
    }
}

/// The scan of the receipt that was signed on paper.
pub(crate) fn scanning_receipt() -> Command {
    Command::ScanReceipt {
        scan: Some(hash('8')),
    }
}

/// Two copies on paper.
pub(crate) fn copying() -> Command {
    Command::CopyResult {
        copies: 2,
        asked: Some(text("asked")),
    }
}

/// The electronic copy of a result on paper.
pub(crate) fn digitising() -> Command {
    Command::DigitiseResult(digitised())
}

/// What an electronic copy of a result on paper needs.
pub(crate) fn digitised() -> Digitising {
    Digitising {
        scan: Some(File {
            hash: hash('7'),
            bytes: 4096,
        }),
        compared: true,
        decided_by: Some(staff("leader")),
    }
}

/// The scan of a component, of two pages.
pub(crate) fn scanning(component: u16) -> Command {
    Command::Scan(Scan {
        component,
        file: hash('5'),
        pages: 2,
    })
}

pub(crate) fn stopping(ground: StopGround) -> Command {
    Command::Stop(Stopping {
        ground,
        document: Some(hash('c')),
        reason: Some(text("reason")),
    })
}

pub(crate) fn apologising(until: DateTime) -> Command {
    Command::Apologise(Apologising {
        reason: Some(text("reason")),
        until,
        signed_by: staff("leader"),
    })
}

pub(crate) fn admitting(lane: &str) -> Command {
    Command::AdmitToLane(admission(lane))
}

pub(crate) fn admission(lane: &str) -> Admitting {
    Admitting {
        lane: lane.to_owned(),
        ground: Some(text("project")),
        project: Some("P-1".to_owned()),
        owner: PartyKind::Enterprise,
        posts: vec![Role::Leader],
    }
}

pub(crate) fn correcting() -> Command {
    correcting_by(CorrectionKind::Amend)
}

/// A correction that does this to the result.
pub(crate) fn correcting_by(kind: CorrectionKind) -> Command {
    Command::OpenCorrection(Correcting {
        by: correction(),
        agency: agency("H56.14"),
        kind,
        reason: Some(text("reason")),
        apology: Some(text("apology")),
    })
}

pub(crate) fn repinning(procedure: u32, process: u32, step: usize) -> Command {
    Command::Repin(repin(procedure, process, step))
}

pub(crate) fn repin(procedure: u32, process: u32, step: usize) -> Repinning {
    Repinning {
        procedure_version: procedure,
        process_version: process,
        step,
        undoes: None,
        reason: Some(text("decision")),
    }
}
