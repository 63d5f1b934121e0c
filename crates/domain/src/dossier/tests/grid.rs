//! Every command in every state, against `samples/moves.txt`. `UPDATE_GOLDEN=1` writes the file.

use std::fmt::Write as _;
use std::fs;

use super::commands::{Given, asking, handing_by_post};
use super::usual::{course, task};
use super::world::{
    COMPLETE, Scene, draft, drafting, filed, handed, hash, meeting, noticing, returning, signing,
    staff, text,
};
use crate::dossier::{Command, CommandKind, Outcome, Receiver, StateKind};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/moves.txt");

/// The command as a person who knows the rules would give it.
fn usual(kind: CommandKind) -> Command {
    match kind {
        CommandKind::Submit => Command::Submit(filed(&COMPLETE)),
        CommandKind::Receive => Command::Receive(filed(&COMPLETE)),
        CommandKind::Accept => Command::Accept,
        CommandKind::HandByPost => handing_by_post("agent"),
        CommandKind::AskSupplement => asking(&[2]),
        CommandKind::Supply => Command::Supply {
            handed: handed(&[2]),
        },
        CommandKind::Decline => Command::Decline {
            reason: Some(text("reason")),
        },
        CommandKind::HandOver => Command::HandOver,
        CommandKind::Assign => Command::Assign {
            to: staff("officer"),
        },
        CommandKind::DraftResult => draft(Outcome::Granted),
        CommandKind::SignResult => signing(),
        CommandKind::Forward => Command::Forward,
        CommandKind::SendBack => Command::SendBack {
            reason: Some(text("reason")),
        },
        CommandKind::NoticeObligation => noticing(),
        CommandKind::MeetObligation => meeting(),
        CommandKind::Issue => Command::Issue,
        CommandKind::AcknowledgeResult => Command::AcknowledgeResult,
        CommandKind::Return => returning(Receiver::Applicant),
        CommandKind::Withdraw => Command::Withdraw {
            request: Some(hash('e')),
        },
        CommandKind::CloseUnanswered => Command::CloseUnanswered,
        CommandKind::DraftSupplement
        | CommandKind::ApproveSupplement
        | CommandKind::DiscardSupplement
        | CommandKind::RecordLookup
        | CommandKind::Scan
        | CommandKind::Stop
        | CommandKind::Apologise
        | CommandKind::Release
        | CommandKind::AdmitToLane
        | CommandKind::Repin
        | CommandKind::OpenCorrection
        | CommandKind::FinishCorrection
        | CommandKind::ScanReceipt
        | CommandKind::CopyResult
        | CommandKind::DigitiseResult => course(kind),
        CommandKind::SendTasks
        | CommandKind::AcceptTask
        | CommandKind::AnswerTask
        | CommandKind::AcknowledgeAnswer
        | CommandKind::RecallTask
        | CommandKind::LapseTask => task(kind),
    }
}

/// Every state, and those that judge in several ways more than once.
fn stages(given: &Given) -> Vec<(&'static str, Scene<'_>)> {
    let month = 24 * 40;
    vec![
        ("absent", given.nothing()),
        ("submitted", given.submitted(&COMPLETE)),
        ("submitted by post", given.by_post()),
        ("submitted, not complete", given.submitted(&[1])),
        ("incomplete", given.incomplete()),
        (
            "incomplete, unanswered",
            given.incomplete().hours_later(month),
        ),
        ("declined", given.declined()),
        ("received", given.received()),
        ("processing, a check", given.at_step(1)),
        (
            "processing, a request drafted",
            given.at_step(1).does(&drafting(&[2])).by("clerk"),
        ),
        (
            "processing, a request approved",
            given.at_step(1).does(&drafting(&[2])).approved(),
        ),
        (
            "processing, asked of another agency",
            given.taken().does(&task(CommandKind::SendTasks)),
        ),
        (
            "processing, another agency at work",
            given
                .taken()
                .does(&task(CommandKind::SendTasks))
                .does(&task(CommandKind::AcceptTask)),
        ),
        ("processing, to be drafted", given.at_step(2)),
        ("processing, drafted", given.drafted()),
        ("processing, to be approved", given.at_step(3)),
        ("processing, to be issued", given.at_step(4)),
        ("processing, late", given.at_step(4).hours_later(month)),
        ("paused", given.paused()),
        ("paused, unanswered", given.paused().hours_later(month)),
        ("obliged", given.obliged()),
        ("withdrawn", given.withdrawn()),
        ("stopped", given.stopped()),
        ("settled", given.settled()),
        ("settled, at the centre", given.back()),
        ("settled, late", given.settled().hours_later(month)),
        ("returned", given.returned()),
        (
            "returned, being corrected",
            given.returned().does(&course(CommandKind::OpenCorrection)),
        ),
    ]
}

fn grid(given: &Given) -> String {
    let mut out = String::from(
        "# Every command in every state: the state after it, or the refusal and its rule.\n",
    );
    for (stage, scene) in stages(given) {
        write!(out, "\n{stage}\n").unwrap();
        for kind in CommandKind::ALL {
            let name = kind.as_str();
            match scene.ask(&usual(kind)) {
                Ok(events) => {
                    let after = scene.clone().after(&events).dossier.kind().as_str();
                    writeln!(out, "  {name:<20}{after}").unwrap();
                }
                Err(no) => {
                    let rule = no.rule();
                    assert!(rule.governs().contains(&kind), "{rule} {name}");
                    writeln!(out, "  {name:<20}- {} ({rule})", no.key()).unwrap();
                }
            }
        }
    }
    out
}

#[test]
fn every_command_in_every_state_is_judged_as_in_the_golden_grid() {
    let grid = grid(&Given::default());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(GOLDEN, &grid).unwrap();
    }
    let golden = fs::read_to_string(GOLDEN).unwrap();
    assert_eq!(
        grid, golden,
        "run with UPDATE_GOLDEN=1 and read the difference"
    );
}

#[test]
fn the_grid_has_every_state() {
    let given = Given::default();
    let stages = stages(&given);
    for kind in StateKind::ALL {
        assert!(
            stages.iter().any(|(_, scene)| scene.dossier.kind() == kind),
            "{kind:?}"
        );
        assert_eq!(StateKind::parse(kind.as_str()), Some(kind));
    }
    for (stage, scene) in stages {
        assert!(stage.starts_with(scene.dossier.kind().as_str()), "{stage}");
    }
}

#[test]
fn every_command_is_found_by_its_name() {
    for kind in CommandKind::ALL {
        assert_eq!(usual(kind).kind(), kind);
        assert_eq!(CommandKind::parse(kind.as_str()), Some(kind));
    }
    assert_eq!(CommandKind::parse("erase"), None);
}
