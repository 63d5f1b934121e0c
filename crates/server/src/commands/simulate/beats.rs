//! What a dossier of the month goes through: its acts in order, each with the working time before
//! it is somebody's turn. Whether the law lets an act happen is not decided here.

use std::collections::VecDeque;

use domain::dossier::{CommandKind, Outcome, TaskOrder};
use domain::office::Role;
use domain::procedure::Channel;
use domain::process::{Process, Product};

use super::super::seed::people::Dice;

/// An act that somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Submit,
    HandByPost,
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
    FileReceipt,
    DraftRequest,
    ApproveRequest,
    DiscardRequest,
    SendRequest,
    Supply,
    Close,
    Lookup,
    Scan,
    AdmitToLane,
    Notice,
    Meet,
    Apologise,
    SendTasks(TaskOrder),
    AcceptTask(u16),
    AnswerTask(u16),
    AcknowledgeAnswer(u16),
    RecallTask,
    LapseTask,
    AcknowledgeResult,
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
    /// The applicant from home, or the agent of the post to whom she went.
    Applicant,
    /// Another agency.
    Elsewhere,
    /// Both hands of the joint record of the post, at its hour.
    Post,
}

impl Act {
    pub(super) fn doer(self) -> Doer {
        match self {
            Self::Submit => Doer::Applicant,
            Self::HandByPost => Doer::Post,
            Self::AcceptTask(_) | Self::AnswerTask(_) => Doer::Elsewhere,
            Self::Draft(_)
            | Self::Forward
            | Self::SendBack
            | Self::Issue
            | Self::DraftRequest
            | Self::Notice
            | Self::SendTasks(_) => Doer::Step,
            Self::Assign
            | Self::ApproveRequest
            | Self::Apologise
            | Self::AdmitToLane
            | Self::Repin
            | Self::Stop
            | Self::OpenCorrection => Doer::Of(Role::Leader),
            Self::AcknowledgeAnswer(_)
            | Self::RecallTask
            | Self::LapseTask
            | Self::Lookup
            | Self::Release => Doer::Of(Role::CaseOfficer),
            Self::Receive
            | Self::Accept
            | Self::AskAtCounter
            | Self::Decline
            | Self::HandOver
            | Self::AcknowledgeResult
            | Self::Return
            | Self::FileReceipt
            | Self::DiscardRequest
            | Self::SendRequest
            | Self::Scan
            | Self::Supply
            | Self::Close
            | Self::Meet
            | Self::Withdraw => Doer::Of(Role::ReceptionClerk),
        }
    }

    /// The command that it comes to, where that takes its number from a book of papers.
    pub(super) fn papered(self) -> Option<CommandKind> {
        match self {
            Self::AskAtCounter | Self::SendRequest => Some(CommandKind::AskSupplement),
            Self::Decline => Some(CommandKind::Decline),
            Self::Withdraw => Some(CommandKind::Withdraw),
            Self::Close => Some(CommandKind::CloseUnanswered),
            Self::Apologise => Some(CommandKind::Apologise),
            Self::Stop => Some(CommandKind::Stop),
            _ => None,
        }
    }

    /// Working minutes that it takes.
    pub(super) fn minutes(self) -> u32 {
        match self {
            Self::Submit | Self::HandByPost | Self::AcceptTask(_) | Self::AnswerTask(_) => 0,
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
    pub(super) channel: Channel,
    pub(super) is_complete: bool,
    /// Whether another centre receives it than that of the ward.
    pub(super) is_elsewhere: bool,
}

/// What happens to a dossier, by the throw of dice: most is usual, everything happens to some.
pub(super) fn life(process: &Process, dice: &mut Dice) -> (Beginning, Beats) {
    let throw = dice.below(100);
    let is_complete = !(4..9).contains(&throw);
    let judged_later = !is_complete || (9..11).contains(&throw);
    let channel = match dice.below(100) {
        0..8 => Channel::Post,
        8..33 => Channel::Online,
        _ if judged_later => Channel::Online,
        _ => Channel::Direct,
    };
    let beginning = Beginning {
        channel,
        is_complete,
        is_elsewhere: dice.falls(7),
    };
    let mut beats = Beats::new();
    if channel != Channel::Direct {
        beats.push_back(beat(Act::Submit, 0));
    }
    if channel == Channel::Post {
        beats.push_back(beat(Act::HandByPost, 0));
    }
    beats.extend(counter(throw, channel));
    if !(8..11).contains(&throw) {
        beats.push_back(beat(Act::HandOver, 15));
        beats.extend(special(throw).iter().map(|(act, wait)| beat(*act, *wait)));
        work(process, (throw, beginning.is_elsewhere), dice, &mut beats);
    }
    if channel == Channel::Post {
        // What came by post is completed by post: both sign again.
        let supplies = beats.iter_mut().filter(|beat| beat.act == Act::Supply);
        supplies.for_each(|beat| beat.act = Act::HandByPost);
    }
    (beginning, beats)
}

/// What happens at the counter.
fn counter(throw: u32, channel: Channel) -> Vec<Beat> {
    match throw {
        4..8 => vec![
            beat(Act::AskAtCounter, 20),
            beat(Act::Supply, 3 * DAY),
            beat(Act::Accept, 5),
        ],
        8 => vec![beat(Act::AskAtCounter, 20), beat(Act::Decline, 6 * DAY)],
        9..11 => vec![beat(Act::Decline, 40)],
        _ if channel == Channel::Direct => vec![beat(Act::Receive, 0)],
        _ => vec![beat(Act::Accept, 30)],
    }
}

fn beat(act: Act, wait: u32) -> Beat {
    Beat { act, wait }
}

/// What comes between the hand-over and the draft of the result.
fn special(throw: u32) -> &'static [(Act, u32)] {
    use Act::{
        AdmitToLane, Apologise, Assign, Lookup, Meet, Notice, Release, Repin, Scan, Stop, Withdraw,
    };
    match throw {
        11..19 | 51 => asked(throw),
        19..23 => &[(Notice, 90), (Meet, 3 * DAY)],
        23..30 => elsewhere(throw),
        30..33 => &[(AdmitToLane, 30)],
        33 | 34 => &[(Lookup, 30)],
        35 => &[(Withdraw, 240)],
        36 => &[(Stop, 2 * DAY)],
        37..40 => &[(Repin, 4 * DAY)],
        // The officer is overwhelmed: an apology in time, or once it is late.
        40..44 => &[(Apologise, DAY), (Apologise, 14 * DAY)],
        44..50 => &[(Assign, 30)],
        50 => &[(Assign, 30), (Release, 60)],
        52 => &[(Notice, 60), (Withdraw, 3 * DAY)],
        // The clerk scans what the officer cannot read, and once more.
        53..56 => &[(Scan, 30)],
        56 => &[(Scan, 30), (Scan, 60)],
        _ => &[],
    }
}

/// Something is wrong with a paper: a request, and what becomes of it.
fn asked(throw: u32) -> &'static [(Act, u32)] {
    use Act::{ApproveRequest, Close, DiscardRequest, DraftRequest, SendRequest, Supply, Withdraw};
    match throw {
        16 | 17 => &[
            (DraftRequest, 60),
            (ApproveRequest, 15),
            (SendRequest, 15),
            (Close, 6 * DAY),
        ],
        18 => &[(DraftRequest, 60), (DiscardRequest, 30)],
        51 => &[
            (DraftRequest, 60),
            (ApproveRequest, 15),
            (SendRequest, 15),
            (Withdraw, DAY),
        ],
        _ => &[
            (DraftRequest, 60),
            (ApproveRequest, 15),
            (SendRequest, 15),
            (Supply, 2 * DAY),
        ],
    }
}

/// Other agencies are asked: they answer, answer late, stay silent, or are asked no more.
fn elsewhere(throw: u32) -> &'static [(Act, u32)] {
    use Act::{AcceptTask, AcknowledgeAnswer, AnswerTask, LapseTask, RecallTask, SendTasks};
    use TaskOrder::{InOrder, Together};
    match throw {
        // On paper one agency after the other.
        25 => &[
            (SendTasks(InOrder), 60),
            (AcceptTask(1), 30),
            (AnswerTask(1), 120),
            (AcceptTask(2), 30),
            (AnswerTask(2), 120),
            (AcknowledgeAnswer(2), 30),
        ],
        26 | 27 => &[(SendTasks(Together), 60), (LapseTask, 2 * DAY)],
        28 => &[(SendTasks(Together), 60), (RecallTask, 120)],
        29 => &[
            (SendTasks(Together), 60),
            (AcceptTask(1), 60),
            (AnswerTask(1), 3 * DAY),
            (AcknowledgeAnswer(1), 30),
        ],
        _ => &[
            (SendTasks(Together), 60),
            (AcceptTask(1), 60),
            (AnswerTask(1), 300),
            (AcknowledgeAnswer(1), 30),
        ],
    }
}

/// The steps of the process, each taking a part of its time, sometimes more than all of it.
fn work(process: &Process, (throw, is_elsewhere): (u32, bool), dice: &mut Dice, beats: &mut Beats) {
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
            Product::Return => {
                // What the centre has not acknowledged, nobody hands out.
                if is_elsewhere {
                    beats.push_back(beat(Act::AcknowledgeResult, wait / 2));
                }
                beats.push_back(beat(Act::Return, wait));
                if dice.falls(80) {
                    beats.push_back(beat(Act::FileReceipt, 60));
                }
            }
            Product::Reception => {}
        }
    }
    if throw == 55 || throw == 56 {
        beats.push_back(beat(Act::OpenCorrection, DAY));
    }
}

/// The life of a linked dossier that corrects a result.
pub(super) fn correction(process: &Process, is_elsewhere: bool, dice: &mut Dice) -> Beats {
    let mut beats = Beats::from([beat(Act::Receive, 0), beat(Act::HandOver, 5)]);
    work(process, (99, is_elsewhere), dice, &mut beats);
    beats
}
