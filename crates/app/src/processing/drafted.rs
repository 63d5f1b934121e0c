//! The draft of a result: laid out from its text, or made elsewhere.

use domain::dossier::{Command, File, Outcome};
use domain::procedure::BadLastDay;
use domain::rules::Rule;
use jiff::civil::Date;
use store::Loaded;

use crate::facts::World;
use crate::no::{Fault, No};
use crate::signing::SignError;
use crate::state::App;

use super::attached::resolved;
use super::order::Order;
use super::prepare::{NewFile, PDF, Prepared, capped, kept};

/// A last day that who drafts names: what is wrong with it is said at its field, before the draft is
/// judged as a whole.
///
/// # Errors
/// [`No::Invalid`] where the law of the result leaves no day to her, and for a day that is past or too
/// late.
fn judge_last_day(world: &World, (outcome, last_day): (Outcome, Option<Date>)) -> Result<(), No> {
    let Some(day) = last_day else {
        return Ok(());
    };
    let rule = world.procedure.validity();
    let rule = rule.filter(|_| outcome == Outcome::Granted);
    let judged = rule.map_or(Err(BadLastDay::NotOwn), |rule| {
        rule.term(Some(day), world.now.date())
    });
    let Err(bad) = judged else {
        return Ok(());
    };
    let at = |key| Fault::new("last_day", key).with("rule", &Rule::ResultValidity);
    Err(No::Invalid(vec![match bad {
        BadLastDay::NotOwn => at("fault.last_day_not_own"),
        BadLastDay::Past => at("fault.last_day_past"),
        BadLastDay::Beyond { most } => {
            at("fault.last_day_beyond").with("day", &crate::words::date(most))
        }
    }]))
}

/// A document to be printed from its text.
pub(super) struct Letter {
    pub(super) outcome: Outcome,
    pub(super) text: String,
    /// Titles of its attachments, in order.
    pub(super) titles: Vec<String>,
}

/// The draft of a result: its document is the one that came with it, the one made elsewhere that is
/// there already and stays, or it is printed from the text once the draft is known to be lawful.
///
/// # Errors
/// [`No::Invalid`] for what cannot be taken, at its field; [`No::Broken`].
pub(super) async fn drafted(
    app: &App,
    (world, loaded): (&World, &Loaded),
    order: Order,
) -> Result<Prepared, No> {
    let Order::DraftResult {
        outcome,
        summary: typed,
        document,
        last_day,
        attached,
    } = order
    else {
        return Err(No::Broken("another order".into()));
    };
    let (summary, texts) = capped(app, &loaded.id, ("summary", &typed))?;
    judge_last_day(world, (outcome, last_day))?;
    let new = signable(app, document).await?;
    let step = loaded.dossier.at_step();
    let before = step.and_then(|at| at.draft.as_ref());
    let stays = before.filter(|draft| draft.uploaded && attached.same_document);
    let beside = resolved(app, loaded, attached.rows).await?;
    let (document, uploaded) = match (&new, stays) {
        (Some(file), _) => (Some(file.as_file()), true),
        (None, Some(draft)) => (Some(draft.document.clone()), true),
        // Until it is printed, the text stands for it.
        (None, None) => (summary.as_ref().map(|_| text_as_file(app, &typed)), false),
    };
    let letter = (!uploaded && document.is_some()).then_some(Letter {
        outcome,
        text: typed,
        titles: beside.titles,
    });
    let command = Command::DraftResult {
        outcome,
        document,
        uploaded,
        summary,
        last_day,
        attachments: beside.attachments,
    };
    let files = new.map(|file| file.content).into_iter();
    Ok(Prepared {
        texts: texts.into_iter().chain(beside.texts).collect(),
        files: files.chain(beside.files).collect(),
        letter,
        ..Prepared::of(command)
    })
}

fn text_as_file(app: &App, text: &str) -> File {
    File {
        hash: app.files().name(text.as_bytes()),
        bytes: 0,
    }
}

/// A document made elsewhere, which can take number, day and signatures; none when none is given.
async fn signable(app: &App, document: Vec<u8>) -> Result<Option<NewFile>, No> {
    let file = kept(app, ("document", document), &PDF)?;
    let Some(file) = file else {
        return Ok(None);
    };
    match app.signatures().ready(file.content.clone()).await {
        Ok(_) => Ok(Some(file)),
        Err(SignError::Document(_)) => {
            let fault = Fault::new("document", "fault.document_unready");
            Err(No::Invalid(vec![fault]))
        }
        Err(error) => Err(No::Broken(Box::new(error))),
    }
}
