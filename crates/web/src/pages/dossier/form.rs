//! The forms of commands that need something to be typed.

use app::clock::epoch_millis;
use app::forms::Typed;
use app::no::Fault;
use app::processing::{Colleague, DossierPage};
use app::signing::Readable;
use domain::dossier::{CommandKind, Dossier};
use domain::procedure::Component;
use jiff::civil::DateTime;

use crate::error::{FaultLine, RefusalPanel, fault_lines};
use crate::pages::correction;
use crate::pages::intake::field::{Choice, Field, Fields, at, choices};
use crate::state::LocalToken;
use crate::words::Words;

use super::attach::{self, AttachPart};
use super::copies;
use super::course::refund_now;
use super::draft::{address, is_typed};
use super::files::FileLine;
use super::returning::{HandingPart, returning};
use super::scans::{self, Scans};
use super::sign::{self, SignPart};
use super::supplement::{Wrong, approval, at_counter, review, supply};
use super::task_form::{self, Agencies};
use super::view::{Fact, facts};
use super::{beside, desk, validity};

/// A form as its page shows it.
#[derive(Debug, Clone)]
pub(crate) struct ActForm {
    pub(crate) id: String,
    pub(crate) version: u32,
    /// The one-time key.
    pub(crate) key: String,
    pub(crate) command: &'static str,
    pub(crate) title: String,
    pub(crate) code: String,
    pub(crate) procedure: String,
    pub(crate) facts: Vec<Fact>,
    pub(crate) parts: Vec<Part>,
    /// The words on the button; empty when the parts have buttons of their own.
    pub(crate) button: String,
    pub(crate) button_class: &'static str,
    /// Whether the form carries a file.
    pub(crate) upload: bool,
    pub(crate) faults: Vec<FaultLine>,
    pub(crate) faults_title: String,
    pub(crate) refusal: Option<RefusalPanel>,
    /// Whether files that came with it must be chosen again.
    pub(crate) rechoose: bool,
    /// What somebody else did meanwhile.
    pub(crate) changed: String,
    /// What was typed before that and has no field any more.
    pub(crate) lost: Vec<Fact>,
    /// Where it saves itself while one types; empty where nothing is typed.
    pub(crate) draft: String,
    /// The server's time of saving, epoch milliseconds.
    pub(crate) draft_at: i64,
    /// That it was saved, and when; empty before.
    pub(crate) saved: String,
}

/// A part of a form.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    /// Components to tick.
    Ticks(Ticks),
    /// One of several.
    Choose(Ticks),
    /// Words; the class is the number of rows.
    Text(Field),
    /// What is wrong in components that are there.
    Wrong(Vec<Wrong>),
    /// A file.
    File(Field),
    /// A document, which is a PDF.
    Pdf(Field),
    /// Scans of components.
    Scans(Scans),
    /// Who takes the result for somebody else.
    Collector(Collector),
    /// What was seen of who takes it, what goes back with it, how the receipt is signed.
    Handing(Box<HandingPart>),
    /// Colleagues, each a button.
    People(People),
    /// What to compare before the paper leaves the hand.
    Compare(Vec<Fact>),
    /// A document to read or print.
    Paper(FileLine),
    /// What goes with a result in files of their own, to read or print.
    Attached(Vec<FileLine>),
    /// What goes with a draft in files of their own.
    Attach(Box<AttachPart>),
    /// What is signed, with which key.
    Sign(Box<SignPart>),
    /// A sentence.
    Note(String),
    /// Agencies to be asked.
    Agencies(Agencies),
    /// The number of the task that the form is about.
    Task(String),
}

/// Choices under one legend.
#[derive(Debug, Clone)]
pub(crate) struct Ticks {
    pub(crate) legend: String,
    pub(crate) name: &'static str,
    /// Whether each tick has a name of its own: `c1`, `c2`.
    pub(crate) own_names: bool,
    pub(crate) choices: Vec<Choice>,
}

/// Colleagues, and what is wrong with the one that was chosen.
#[derive(Debug, Clone)]
pub(crate) struct People {
    pub(crate) error: String,
    pub(crate) choices: Vec<Choice>,
}

/// Who takes the result for somebody else.
#[derive(Debug, Clone)]
pub(crate) struct Collector {
    pub(crate) card: String,
    pub(crate) card_error: String,
    /// The card that was scanned.
    pub(crate) source: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) shown: bool,
}

/// What a form is made of.
pub(super) struct Making<'a> {
    pub(super) w: Words,
    pub(super) page: &'a DossierPage,
    pub(super) command: CommandKind,
    pub(super) typed: &'a Typed,
    pub(super) faults: &'a [Fault],
    /// When a draft of it was saved.
    pub(super) saved: Option<DateTime>,
    pub(super) key: String,
    /// Agencies that can be asked, where the form asks some.
    pub(super) agencies: Vec<String>,
    /// What would be signed, where the form signs.
    pub(super) readable: Option<Readable>,
    /// Where the program of a token at the person's desk listens.
    pub(super) local_token: LocalToken,
}

/// The form of a command.
pub(super) fn form(making: Making<'_>) -> ActForm {
    let (w, page, command) = (making.w, making.page, making.command);
    let faults = fault_lines(w, making.faults);
    let fields = Fields {
        w,
        typed: making.typed,
        mistakes: &faults,
    };
    let parts = all_parts(&fields, &making);
    let is_file = |part: &Part| {
        matches!(
            part,
            Part::File(_) | Part::Pdf(_) | Part::Scans(_) | Part::Attach(_)
        )
    };
    let at_desk = desk::of_parts(&parts).is_some();
    let upload = at_desk || parts.iter().any(is_file);
    ActForm {
        id: page.id.to_string(),
        version: page.version,
        key: making.key,
        command: command.as_str(),
        title: w.of("command", command.as_str()),
        code: page
            .record()
            .code
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        procedure: page.procedure.name.clone(),
        facts: facts(w, page),
        parts,
        button: button(command)
            .filter(|_| !at_desk)
            .map(|key| w.t(key).to_owned())
            .unwrap_or_default(),
        button_class: if matches!(command, CommandKind::Return | CommandKind::SignResult) {
            "button-seal button-tall"
        } else {
            ""
        },
        upload,
        faults_title: w.fill("form.faults", "n", faults.len()),
        faults,
        refusal: None,
        rechoose: false,
        changed: String::new(),
        lost: Vec::new(),
        draft: if is_typed(command) {
            address(page.id.as_str(), command)
        } else {
            String::new()
        },
        draft_at: making.saved.map_or(0, epoch_millis),
        saved: making
            .saved
            .map(|at| w.fill("form.saved", "time", w.time(&at)))
            .unwrap_or_default(),
    }
}

/// The parts, with what of them is not of the dossier alone.
fn all_parts(fields: &Fields<'_>, making: &Making<'_>) -> Vec<Part> {
    let (page, command) = (making.page, making.command);
    match command {
        CommandKind::SendTasks | CommandKind::AnswerTask | CommandKind::RecallTask => {
            task_form::parts(fields, page, (command, &making.agencies))
        }
        CommandKind::SignResult => {
            let found = making.readable.iter();
            found
                .map(|found| sign::part(fields, (&page.id, making.local_token), found))
                .map(|part| Part::Sign(Box::new(part)))
                .collect()
        }
        _ => parts(fields, page, command),
    }
}

/// Whether the command has a form of its own.
#[cfg(test)]
pub(super) fn has_form(command: CommandKind) -> bool {
    command == CommandKind::Assign || button(command).is_some()
}

fn button(command: CommandKind) -> Option<&'static str> {
    Some(match command {
        CommandKind::AskSupplement => "act.ask_do",
        CommandKind::DraftSupplement => "act.draft_supplement_do",
        CommandKind::ApproveSupplement => "act.approve_supplement_do",
        CommandKind::DiscardSupplement => "command.discard_supplement",
        CommandKind::MeetObligation => "act.meet_do",
        CommandKind::Supply => "act.supply_do",
        CommandKind::Decline => "act.decline_do",
        CommandKind::DraftResult => "act.draft_do",
        CommandKind::SignResult => "act.sign_do",
        CommandKind::SendBack => "act.send_back_do",
        CommandKind::SendTasks => "act.tasks_do",
        CommandKind::AnswerTask => "act.answer_do",
        CommandKind::RecallTask => "act.recall_do",
        CommandKind::NoticeObligation => "act.notice_do",
        CommandKind::Return => "act.return_do",
        CommandKind::Withdraw => "act.withdraw_do",
        CommandKind::ScanReceipt => "act.scan_receipt_do",
        CommandKind::RecordLookup => "act.lookup_do",
        CommandKind::Scan => "act.scan_do",
        CommandKind::Stop => "act.stop_do",
        CommandKind::Apologise => "act.apology_do",
        CommandKind::AdmitToLane => "act.lane_do",
        CommandKind::OpenCorrection => "command.open_correction",
        CommandKind::CopyResult => "act.copy_do",
        CommandKind::DigitiseResult => "act.digitise_do",
        _ => return None,
    })
}

fn parts(fields: &Fields<'_>, page: &DossierPage, command: CommandKind) -> Vec<Part> {
    let refund = || refund_now(fields.w, page).map(Part::Note);
    match command {
        CommandKind::AskSupplement if matches!(page.dossier, Dossier::Processing(..)) => {
            review(fields, page)
        }
        CommandKind::ApproveSupplement => approval(fields, page),
        CommandKind::AskSupplement => at_counter(fields, page),
        CommandKind::DiscardSupplement => {
            vec![text(fields, ("reason", "act.send_back_reason", "4"))]
        }
        CommandKind::Supply => vec![
            supply(fields, page),
            Part::Scans(scans::of_supply(fields, page)),
        ],
        CommandKind::Decline => [text(fields, ("reason", "act.decline_reason", "4"))]
            .into_iter()
            .chain(refund())
            .collect(),
        CommandKind::SendBack => vec![text(fields, ("reason", "act.send_back_reason", "4"))],
        CommandKind::DraftResult => {
            let offered = [("granted", "act.granted"), ("refused", "act.refused")];
            let mut parts = vec![
                choose(fields, ("outcome", "act.outcome"), &offered),
                text(fields, ("summary", "act.summary", "10")),
            ];
            parts.extend(validity::parts(fields, page));
            parts.push(Part::Pdf(fields.text("document", "act.draft_document")));
            parts.extend(attach::part(fields, page));
            parts
        }
        CommandKind::Assign => people(fields, page),
        CommandKind::Return => returning(fields, page),
        CommandKind::Withdraw => [Part::File(fields.text("request", "act.request"))]
            .into_iter()
            .chain(refund())
            .collect(),
        CommandKind::ScanReceipt => {
            vec![Part::File(fields.text("document", "act.receipt_scan"))]
        }
        CommandKind::OpenCorrection => correction::parts(fields),
        CommandKind::CopyResult => copies::on_paper(fields),
        CommandKind::DigitiseResult => copies::from_paper(fields, page),
        _ => beside::parts(fields, page, command),
    }
}

/// A field for words of so many rows.
pub(crate) fn text(
    fields: &Fields<'_>,
    (name, key, rows): (&'static str, &str, &'static str),
) -> Part {
    Part::Text(Field {
        class: rows,
        ..fields.text(name, key)
    })
}

/// One of several.
pub(crate) fn choose(
    fields: &Fields<'_>,
    (name, legend): (&'static str, &str),
    offered: &[(&str, &str)],
) -> Part {
    Part::Choose(Ticks {
        legend: fields.w.t(legend).to_owned(),
        name,
        own_names: false,
        choices: choices(fields.w, fields.typed.get(name), offered),
    })
}

/// A component to choose.
pub(super) fn numbered(component: &Component, on: bool) -> Choice {
    Choice {
        value: component.number.to_string(),
        label: format!("{}. {}", component.number, component.name),
        on,
    }
}

fn people(fields: &Fields<'_>, page: &DossierPage) -> Vec<Part> {
    let holder = page.dossier.at_step().and_then(|at| at.holder.as_ref());
    let person = |one: &Colleague| Choice {
        value: one.staff.to_string(),
        label: colleague(fields.w, one),
        on: holder == Some(&one.staff),
    };
    let note = if page.colleagues.is_empty() {
        "act.assign_none"
    } else {
        "act.assign_note"
    };
    let people = People {
        error: at(fields.mistakes, "to"),
        choices: page.colleagues.iter().map(person).collect(),
    };
    vec![
        Part::Note(fields.w.t(note).to_owned()),
        Part::People(people),
    ]
}

/// A colleague, marked when she is away.
fn colleague(w: Words, one: &Colleague) -> String {
    let Some(away) = &one.away else {
        return one.name.clone();
    };
    let last = w.short_date(away.last);
    let key = if away.deputy.is_empty() {
        "act.assign_away"
    } else {
        "act.assign_deputy"
    };
    let values = [
        ("name", one.name.as_str()),
        ("last", &last),
        ("deputy", &away.deputy),
    ];
    w.fills(key, &values)
}
