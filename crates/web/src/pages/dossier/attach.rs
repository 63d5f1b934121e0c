//! Attachments of a result: in the form of its draft, and as they are read.

use app::processing::{
    DossierPage, MOST_ATTACHMENTS, Made, as_it_stands, attachment_of_result, attachments,
};
use axum::extract::{Path, State};

use super::dossier_id;
use super::files::FileLine;
use super::form::Part;
use crate::error::{Answer, Trouble};
use crate::pages::document;
use crate::pages::intake::field::{Fields, at};
use crate::pages::slips::waiting;
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// Rows for new attachments that a form shows.
const NEW: usize = 5;

/// The part of a form that says what goes with a draft in files of their own.
#[derive(Debug, Clone)]
pub(crate) struct AttachPart {
    pub(crate) hint: String,
    /// Whether a document that somebody made elsewhere is there and may stay, and does.
    pub(crate) same: Option<bool>,
    /// Those of the draft before.
    pub(crate) there: Vec<AttachRow>,
    /// Rows for more.
    pub(crate) new: Vec<AttachRow>,
    /// Whether the rows for more are shown.
    pub(crate) open: bool,
}

/// A row.
#[derive(Debug, Clone)]
pub(crate) struct AttachRow {
    pub(crate) number: usize,
    pub(crate) legend: String,
    /// The file that is there; empty for a new one.
    pub(crate) url: String,
    pub(crate) title_label: String,
    pub(crate) title: String,
    pub(crate) title_error: String,
    pub(crate) file_label: String,
    pub(crate) file_error: String,
    pub(crate) place_label: String,
    pub(crate) place: String,
    pub(crate) off_label: String,
    pub(crate) off: bool,
}

/// The part of a draft's form; none where the procedure gives no paper that something goes with.
pub(super) fn part(fields: &Fields<'_>, page: &DossierPage) -> Option<Part> {
    if page.procedure.without_paper {
        return None;
    }
    let w = fields.w;
    let before = attachments(&page.dossier);
    let draft = page.dossier.at_step().and_then(|at| at.draft.as_ref());
    let uploaded = draft.is_some_and(|draft| draft.uploaded);
    let there = before.iter().zip(1..).map(|(one, number)| {
        let url = path(page, number);
        row(fields, number, (page.said(&one.title), url))
    });
    let last = before.len().saturating_add(NEW).min(MOST_ATTACHMENTS);
    let new = before.len().saturating_add(1)..=last;
    let new: Vec<AttachRow> = new
        .map(|number| row(fields, number, ("", String::new())))
        .collect();
    let said = |row: &AttachRow| {
        !(row.title.is_empty() && row.title_error.is_empty() && row.file_error.is_empty())
    };
    Some(Part::Attach(Box::new(AttachPart {
        hint: w.fill("act.attachments_hint", "most", MOST_ATTACHMENTS),
        same: uploaded.then(|| fields.typed.get("same_document") == "yes"),
        there: there.collect(),
        open: new.iter().any(said),
        new,
    })))
}

fn row(fields: &Fields<'_>, number: usize, (known, url): (&str, String)) -> AttachRow {
    let (w, typed) = (fields.w, fields.typed);
    let field = |name: &str| format!("{name}{number}");
    let typed_title = typed.get(&field("attachment_title"));
    let place = typed.get(&field("attachment_place"));
    let error = |name: &str| at(fields.mistakes, &field(name));
    let file = if url.is_empty() {
        "act.attachment_file"
    } else {
        "act.attachment_other_file"
    };
    let label = |key| w.fill(key, "n", number);
    AttachRow {
        number,
        legend: label("act.attachment"),
        title_label: label("act.attachment_title"),
        title: if typed_title.is_empty() {
            known
        } else {
            typed_title
        }
        .to_owned(),
        title_error: error("attachment_title"),
        file_label: label(file),
        file_error: error("attachment"),
        place_label: label("act.attachment_place"),
        place: if place.is_empty() {
            number.to_string()
        } else {
            place.to_owned()
        },
        off_label: label("act.attachment_off"),
        off: typed.get(&field("attachment_off")) == "yes",
        url,
    }
}

fn path(page: &DossierPage, number: usize) -> String {
    format!("/ho-so/{}/phu-luc/{number}", page.id)
}

/// The attachments of a dossier's result as its page lists them.
pub(super) fn lines(w: Words, page: &DossierPage) -> Vec<FileLine> {
    let all = attachments(&page.dossier).iter().zip(1..);
    let line = all.map(|(one, number)| {
        let number_words = usize::to_string(&number);
        let values = [
            ("n", number_words.as_str()),
            ("title", page.said(&one.title)),
        ];
        let stands = as_it_stands(&page.dossier, one);
        let detail = stands.map_or_else(
            || w.t("dossier.attachment_making").to_owned(),
            |_| String::new(),
        );
        let name = w.fills("dossier.attachment", &values);
        let line = FileLine::unprinted(name, path(page, number), detail);
        line.signed(super::signed::known(w, page, stands.map(|file| &file.hash)))
    });
    line.collect()
}

/// `GET /ho-so/{id}/phu-luc/{number}`: an attachment of the result, drafted or sealed. Every reading is
/// logged.
pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Path((id, number)): Path<(String, usize)>,
) -> Answer {
    let id = dossier_id(&id)?;
    match attachment_of_result(&web.app, &staff.actor, (&id, number)).await? {
        Made::Yes(content) => Ok(document(&format!("phu-luc-{number}.pdf"), content)),
        Made::Soon => {
            let address = format!("/ho-so/{id}/ket-qua");
            waiting(&web, &staff, (&id, address), "web.result").await
        }
        Made::No => Err(Trouble::Missing),
    }
}
