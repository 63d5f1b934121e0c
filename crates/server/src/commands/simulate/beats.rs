//! What a dossier of the month goes through: its acts in order, each with the working time before
//! it is somebody's turn. Whether the law lets an act happen is not decided here.

use std::collections::VecDeque;

use domain::dossier::Outcome;
use domain::office::Role;
use domain::process::{Process, Product};

use super::super::seed::people::Dice;

/// An act that somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Submit,
    Receive,
    Accept,
    AskAtCounter,
    Decline,
    HandOver,
    Assign,
    Draft(Outcome),
    Forward,
    SendBack,
    Issue,
    Return,
    DraftRequest,
    DiscardRequest,
    SendRequest,
    Supply,
    Close,
    Lookup,
    AdmitToLane,
    Notice,
    Meet,
    Apologise,
    SendTasks,
    AcceptTask,
    AnswerTask,
    AcknowledgeAnswer,
    RecallTask,
    LapseTask,
    Release,
    Repin,
    Withdraw,
    Stop,
    OpenCorrection,
}

/// Who does an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doer {
    /// Who works on the step.
    Step,
    /// Whoever of the ward has the role.
    Of(Role),
    /// The applicant from home.
    Applicant,
    /// Another agency.
    Elsewhere,
}

impl Act {
    pub(super) fn doer(self) -> Doer {
        match self {
            Self::Submit => Doer::Applicant,
            Self::AcceptTask | Self::AnswerTask => Doer::Elsewhere,
            Self::Draft(_)
            | Self::Forward
            | Self::SendBack
            | Self::Issue
            | Self::DraftRequest
            | Self::Notice
            | Self::SendTasks => Doer::Step,
            Self::Assign
            | Self::Apologise
            | Self::AdmitToLane
            | Self::Repin
            | Self::Stop
            | Self::OpenCorrection => Doer::Of(Role::Leader),
            Self::AcknowledgeAnswer
            | Self::RecallTask
            | Self::LapseTask
            | Self::Lookup
            | Self::Release => Doer::Of(Role::CaseOfficer),
            Self::Receive
            | Self::Accept
            | Self::AskAtCounter
            | Self::Decline
            | Self::HandOver
            | Self::Return
            | Self::DiscardRequest
            | Self::SendRequest
            | Self::Supply
            | Self::Close
            | Self::Meet
            | Self::Withdraw => Doer::Of(Role::ReceptionClerk),
        }
    }

    /// Working minutes that it takes.
    pub(super) fn minutes(self) -> u32 {
        match self {
            Self::Submit | Self::AcceptTask | Self::AnswerTask => 0,
            Self::Receive => 4,
            Self::Draft(_) => 5,
            Self::Accept | Self::AskAtCounter | Self::Supply | Self::DraftRequest => 3,
            _ => 1,
        }
    }
}

/// An act and the working minutes that pass before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beat {
    pub(super) act: Act,
    pub(super) wait: u32,
}

pub(super) type Beats = VecDeque<Beat>;

/// One working day.
const DAY: u32 = 480;

/// How a dossier begins, and whether everything is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Beginning {
    pub(super) is_online: bool,
    pub(super) is_complete: bool,
}

/// What happens to a dossier, by the throw of dice: most is usual, everything happens to some.
pub(super) fn life(process: &Process, dice: &mut Dice) -> (Beginning, Beats) {
    let throw = dice.below(100);
    let is_complete = !(4..9).contains(&throw);
    let is_online = !is_complete || (9..11).contains(&throw) || dice.falls(25);
    let beginning = Beginning {
        is_online,
        is_complete,
    };
    let mut beats = Beats::new();
    if is_online {
        beats.push_back(beat(Act::Submit, 0));
    }
    let head: &[(Act, u32)] = match throw {
        4..8 => &[
            (Act::AskAtCounter, 20),
            (Act::Supply, 3 * DAY),
            (Act::Accept, 5),
        ],
        8 => &[(Act::AskAtCounter, 20), (Act::Decline, DAY)],
        9..11 => &[(Act::Decline, 40)],
        _ if is_online => &[(Act::Accept, 30)],
        _ => &[(Act::Receive, 0)],
    };
    beats.extend(head.iter().map(|(act, wait)| beat(*act, *wait)));
    if !(8..11).contains(&throw) {
        beats.push_back(beat(Act::HandOver, 15));
        beats.extend(special(throw).iter().map(|(act, wait)| beat(*act, *wait)));
        work(process, throw, dice, &mut beats);
    }
    (beginning, beats)
}

fn beat(act: Act, wait: u32) -> Beat {
    Beat { act, wait }
}

/// What comes between the hand-over and the draft of the result.
fn special(throw: u32) -> &'static [(Act, u32)] {
    use Act::{
        AcceptTask, AcknowledgeAnswer, AdmitToLane, AnswerTask, Apologise, Assign, Close,
        DiscardRequest, DraftRequest, LapseTask, Lookup, Meet, Notice, RecallTask, Release, Repin,
        SendRequest, SendTasks, Stop, Supply, Withdraw,
    };
    match throw {
        11..16 => &[(DraftRequest, 60), (SendRequest, 30), (Supply, 2 * DAY)],
        16 | 17 => &[(DraftRequest, 60), (SendRequest, 30), (Close, 6 * DAY)],
        18 => &[(DraftRequest, 60), (DiscardRequest, 30)],
        19..23 => &[(Notice, 90), (Meet, 3 * DAY)],
        23..26 => &[
            (SendTasks, 60),
            (AcceptTask, 60),
            (AnswerTask, 300),
            (AcknowledgeAnswer, 30),
        ],
        26 | 27 => &[(SendTasks, 60), (LapseTask, 2 * DAY)],
        28 => &[(SendTasks, 60), (RecallTask, 120)],
        29 => &[
            (SendTasks, 60),
            (AcceptTask, 60),
            (AnswerTask, 3 * DAY),
            (AcknowledgeAnswer, 30),
        ],
        30..33 => &[(AdmitToLane, 30)],
        33 | 34 => &[(Lookup, 30)],
        35 => &[(Withdraw, 240)],
        36 => &[(Stop, 2 * DAY)],
        37..40 => &[(Repin, 4 * DAY)],
        // The officer is overwhelmed: an apology in time, or once it is late.
        40..44 => &[(Apologise, DAY), (Apologise, 14 * DAY)],
        44..50 => &[(Assign, 30)],
        50 => &[(Assign, 30), (Release, 60)],
        51 => &[(DraftRequest, 60), (SendRequest, 30), (Withdraw, DAY)],
        52 => &[(Notice, 60), (Stop, 3 * DAY)],
        _ => &[],
    }
}

/// The steps of the process, each taking a part of its time, sometimes more than all of it.
fn work(process: &Process, throw: u32, dice: &mut Dice, beats: &mut Beats) {
    let outcome = if dice.falls(4) {
        Outcome::Refused
    } else {
        Outcome::Granted
    };
    for step in process.steps.iter().skip(1) {
        let wait = step.minutes.saturating_mul(20 + dice.below(90)) / 100;
        match step.product {
            Product::Draft => {
                beats.extend([beat(Act::Draft(outcome), wait), beat(Act::Forward, 2)]);
            }
            Product::Approval if throw == 53 || throw == 54 => {
                beats.extend([
                    beat(Act::SendBack, wait),
                    beat(Act::Forward, 60),
                    beat(Act::Forward, wait),
                ]);
            }
            Product::Work | Product::Approval => beats.push_back(beat(Act::Forward, wait)),
            Product::Result => beats.push_back(beat(Act::Issue, wait)),
            Product::Return => beats.push_back(beat(Act::Return, wait)),
            Product::Reception => {}
        }
    }
    if throw == 55 || throw == 56 {
        beats.push_back(beat(Act::OpenCorrection, DAY));
    }
}

/// The life of a linked dossier that corrects a result.
pub(super) fn correction(process: &Process, dice: &mut Dice) -> Beats {
    let mut beats = Beats::from([beat(Act::Receive, 0), beat(Act::HandOver, 5)]);
    work(process, 99, dice, &mut beats);
    beats
}
