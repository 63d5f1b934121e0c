//! What is typed for an act is saved while it is typed.

use app::forms::Typed;
use app::processing::{DossierPage, Typing, save_act_draft};
use app::words;
use axum::extract::{Path, State};
use domain::dossier::{CommandKind, Outcome};
use domain::procedure::Term;

use crate::error::{Answer, Trouble};
use crate::extract::Posted;
use crate::pages::intake::drafts::saved;
use crate::state::Web;

use super::dossier_id;

/// Fields of the form that are no part of what was typed.
const NOT_KEPT: [&str; 5] = ["_khoa", "version", "action", "card", "signature"];

/// Acts for which enough is typed to be lost. A file is chosen again, a colleague is one press.
pub(super) fn is_typed(command: CommandKind) -> bool {
    matches!(
        command,
        CommandKind::AskSupplement
            | CommandKind::DraftSupplement
            | CommandKind::DiscardSupplement
            | CommandKind::MeetObligation
            | CommandKind::Supply
            | CommandKind::Decline
            | CommandKind::SendBack
            | CommandKind::NoticeObligation
            | CommandKind::DraftResult
            | CommandKind::RecordLookup
            | CommandKind::Stop
            | CommandKind::Apologise
            | CommandKind::AdmitToLane
            | CommandKind::OpenCorrection
            | CommandKind::SendTasks
            | CommandKind::AnswerTask
            | CommandKind::RecallTask
            | CommandKind::Return
    )
}

/// Where the form of an act saves itself.
pub(super) fn address(dossier: &str, command: CommandKind) -> String {
    format!("/ho-so/{dossier}/{}/nhap", command.as_str())
}

/// `POST /ho-so/{id}/{command}/nhap`.
pub(super) async fn save(
    State(web): State<Web>,
    Path((id, command)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let command = CommandKind::parse(&command).filter(|command| is_typed(*command));
    let typing = Typing {
        dossier: dossier_id(&id)?,
        command: command.ok_or(Trouble::Missing)?,
    };
    let version = posted.typed.get("version").parse();
    let version = version.map_err(|_| Trouble::Unreadable)?;
    let words = (version, kept(posted.typed));
    let at = save_act_draft(&web.app, &posted.staff.actor, &typing, words).await?;
    Ok(saved(posted.staff.words(), at))
}

/// What was typed, without what belongs to one sending.
fn kept(mut typed: Typed) -> Typed {
    typed.drop_fields(|name| NOT_KEPT.contains(&name));
    typed
}

/// A draft that is made anew begins with the one before.
pub(super) fn begun(typed: &mut Typed, found: &DossierPage) {
    let step = found.dossier.at_step();
    let Some(draft) = step.and_then(|at| at.draft.as_ref()) else {
        return;
    };
    typed.set("summary", found.said(&draft.summary));
    match draft.outcome {
        Outcome::Granted => typed.set("last_day", last_day(draft.validity)),
        Outcome::Refused => typed.set("outcome", "refused"),
    }
    if draft.uploaded {
        typed.set("same_document", "yes");
    }
}

/// The last day that a draft names itself; empty where the time of its kind of result holds.
fn last_day(term: Option<Term>) -> String {
    match term {
        Some(Term::Until(day)) => words::date(day),
        Some(Term::Months(_) | Term::Unlimited) | None => String::new(),
    }
}
