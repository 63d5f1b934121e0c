//! What the reader may do with a dossier: a button with a key for each command.

use app::processing::DossierPage;
use domain::dossier::{CommandKind, Dossier};
use domain::process::Product;

use crate::words::Words;

/// A command as the page offers it.
#[derive(Debug, Clone)]
pub(super) struct ActView {
    /// Its name in the address.
    pub(super) command: &'static str,
    /// What the address says besides.
    pub(super) query: &'static str,
    /// The words on it.
    pub(super) label: String,
    /// Its key.
    pub(super) key: &'static str,
    /// The same as access key.
    pub(super) access: String,
    /// How it looks.
    pub(super) class: &'static str,
    /// Whether it acts at once, without a form.
    pub(super) direct: bool,
    /// The one-time key of an act at once.
    pub(super) key_once: String,
}

/// Commands that need nothing to be typed.
pub(super) fn is_direct(command: CommandKind) -> bool {
    matches!(
        command,
        CommandKind::Accept
            | CommandKind::HandOver
            | CommandKind::Forward
            | CommandKind::Issue
            | CommandKind::AcknowledgeResult
            | CommandKind::CloseUnanswered
            | CommandKind::AcceptTask
            | CommandKind::AcknowledgeAnswer
    )
}

/// Commands about one of the tasks of other agencies, which stand with it.
fn is_of_task(command: CommandKind) -> bool {
    matches!(
        command,
        CommandKind::AcceptTask
            | CommandKind::AnswerTask
            | CommandKind::AcknowledgeAnswer
            | CommandKind::RecallTask
    )
}

/// Commands that stand below the buttons, small.
fn is_aside(command: CommandKind) -> bool {
    matches!(
        command,
        CommandKind::Assign
            | CommandKind::Withdraw
            | CommandKind::Stop
            | CommandKind::Apologise
            | CommandKind::Scan
            | CommandKind::RecordLookup
            | CommandKind::AdmitToLane
            | CommandKind::OpenCorrection
            | CommandKind::CopyResult
    )
}

/// Buttons, main act first, and what stands below them.
pub(super) fn acts(
    w: Words,
    page: &DossierPage,
    once: &dyn Fn() -> String,
) -> (Vec<ActView>, Vec<ActView>) {
    let mut commands = page.actions.clone();
    commands.retain(|command| !is_of_task(*command));
    let drafted = page.dossier.at_step().is_some_and(|at| at.draft.is_some());
    if !drafted {
        // Before there is a draft, drafting is what comes next.
        commands.sort_by_key(|command| *command != CommandKind::DraftResult);
    }
    let (aside, main): (Vec<_>, Vec<_>) = commands.into_iter().partition(|c| is_aside(*c));
    let mut acts: Vec<ActView> = Vec::new();
    for command in main {
        let first = acts.is_empty();
        acts.push(act(w, page, (command, first), once));
        if command == CommandKind::DraftResult {
            acts.push(refusing(w));
        }
    }
    let aside = aside
        .into_iter()
        .map(|command| act(w, page, (command, false), once));
    (acts, aside.collect())
}

fn act(
    w: Words,
    page: &DossierPage,
    (command, first): (CommandKind, bool),
    once: &dyn Fn() -> String,
) -> ActView {
    let key = key(command);
    let direct = is_direct(command);
    ActView {
        command: command.as_str(),
        query: "",
        label: label(w, page, command),
        key,
        access: key.to_lowercase(),
        class: class(page, command, first),
        direct,
        key_once: if direct { once() } else { String::new() },
    }
}

/// A refusal is a result too; it has its own key.
fn refusing(w: Words) -> ActView {
    ActView {
        command: CommandKind::DraftResult.as_str(),
        query: "?outcome=refused",
        label: w.t("dossier.refuse").to_owned(),
        key: "K",
        access: "k".to_owned(),
        class: "govuk-button--secondary",
        direct: false,
        key_once: String::new(),
    }
}

fn key(command: CommandKind) -> &'static str {
    match command {
        CommandKind::DraftResult | CommandKind::SignResult => "S",
        CommandKind::AskSupplement | CommandKind::DraftSupplement => "B",
        CommandKind::Decline => "K",
        CommandKind::ApproveSupplement => "Y",
        CommandKind::DiscardSupplement => "M",
        CommandKind::Assign => "G",
        CommandKind::SendBack => "R",
        CommandKind::NoticeObligation => "N",
        CommandKind::SendTasks => "X",
        CommandKind::Withdraw => "W",
        CommandKind::CloseUnanswered => "Q",
        CommandKind::Stop => "P",
        CommandKind::AdmitToLane => "V",
        CommandKind::Apologise => "A",
        CommandKind::RecordLookup => "U",
        CommandKind::Scan => "H",
        CommandKind::OpenCorrection => "C",
        CommandKind::CopyResult => "I",
        CommandKind::DigitiseResult => "E",
        CommandKind::ScanReceipt => "F",
        CommandKind::Submit
        | CommandKind::Receive
        | CommandKind::Accept
        | CommandKind::Supply
        | CommandKind::HandOver
        | CommandKind::Forward
        | CommandKind::MeetObligation
        | CommandKind::Issue
        | CommandKind::AcknowledgeResult
        | CommandKind::Return
        | CommandKind::Release
        | CommandKind::AcceptTask
        | CommandKind::AnswerTask
        | CommandKind::AcknowledgeAnswer
        | CommandKind::RecallTask
        | CommandKind::LapseTask
        | CommandKind::Repin
        | CommandKind::HandByPost
        | CommandKind::FinishCorrection => "T",
    }
}

fn product(page: &DossierPage) -> Option<Product> {
    let at = page.dossier.at_step()?;
    page.process.step(at.index).map(|step| step.product)
}

/// The red button binds the authority: reception, approval, issue.
fn class(page: &DossierPage, command: CommandKind, first: bool) -> &'static str {
    let approves = command == CommandKind::Forward && product(page) == Some(Product::Approval);
    let approves = approves || command == CommandKind::SignResult;
    let binds = approves || matches!(command, CommandKind::Accept | CommandKind::Issue);
    match (binds, first) {
        (true, _) => "button-tall button-seal",
        (false, true) => "button-tall",
        (false, false) => "govuk-button--secondary",
    }
}

fn label(w: Words, page: &DossierPage, command: CommandKind) -> String {
    let processing = matches!(page.dossier, Dossier::Processing(..));
    if command == CommandKind::AskSupplement && processing {
        return w.t("dossier.review_request").to_owned();
    }
    if command != CommandKind::Forward {
        return w.of("command", command.as_str());
    }
    let index = page
        .dossier
        .at_step()
        .map_or(0, |at| at.index.saturating_add(1));
    let next = super::steps::step_name(w, page, index);
    let submits = page
        .process
        .step(index)
        .is_some_and(|step| step.product == Product::Approval);
    let key = match product(page) {
        Some(Product::Approval) => "dossier.approve",
        _ if submits => "dossier.submit",
        _ => "dossier.forward",
    };
    w.fill(key, "step", next)
}

#[cfg(test)]
mod tests {
    use domain::dossier::CommandKind;

    use super::key;

    /// Why this date, back to the list, and the result that is read.
    const TAKEN: [&str; 3] = ["D", "L", "O"];

    #[test]
    fn no_act_has_a_key_that_the_page_itself_has() {
        for command in CommandKind::ALL {
            assert!(!TAKEN.contains(&key(command)), "{command:?}");
        }
    }
}
