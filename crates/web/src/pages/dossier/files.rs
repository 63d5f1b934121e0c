//! The papers of a dossier as its page lists them: the result, what acts put on file, slips.

use app::processing::{DossierPage, OnFile, document};
use domain::ids::DossierId;
use domain::slip::Form;
use jiff::civil::DateTime;

use crate::pages::correction;
use crate::words::Words;

use super::attach;
use super::page::result_path;
use super::signed;

/// A slip or the result.
#[derive(Debug, Clone)]
pub(crate) struct FileLine {
    pub(crate) name: String,
    pub(crate) url: String,
    pub(crate) detail: String,
    pub(crate) key: String,
    /// Where a print is counted; empty for what is not printed as a slip.
    pub(crate) print: String,
    /// What its signatures are worth, a line each.
    pub(crate) signatures: Vec<String>,
}

impl FileLine {
    pub(super) fn unprinted(name: String, url: String, detail: String) -> Self {
        Self {
            name,
            url,
            detail,
            key: String::new(),
            print: String::new(),
            signatures: Vec::new(),
        }
    }

    pub(super) fn signed(self, signatures: Vec<String>) -> Self {
        Self { signatures, ..self }
    }
}

/// What acts put on file: requests, decisions, notices, receipts.
fn on_file(w: Words, page: &DossierPage) -> impl Iterator<Item = FileLine> {
    let line = move |what: OnFile| {
        let told = page
            .story
            .iter()
            .find(|told| what.of(&told.event).is_some())?;
        let (key, url) = match what {
            OnFile::Withdrawal => ("dossier.withdrawal", format!("/ho-so/{}/don-rut", page.id)),
            OnFile::Stop => ("dossier.stop_document", address(page, what)),
            OnFile::Obligation => ("dossier.obligation_document", address(page, what)),
            OnFile::Proof => ("dossier.proof_document", address(page, what)),
            OnFile::Receipt => ("dossier.receipt_scan", address(page, what)),
        };
        let at = w.short_date(told.at);
        let line = FileLine::unprinted(w.t(key).to_owned(), url, at);
        Some(line.signed(signed::on_file(w, page, what)))
    };
    OnFile::ALL.into_iter().filter_map(line)
}

fn address(page: &DossierPage, what: OnFile) -> String {
    format!("/ho-so/{}/giay-to/{}", page.id, what.as_str())
}

/// The document of the result: the draft, then the official one, said to be in the making until it
/// is made.
pub(super) fn result(w: Words, page: &DossierPage) -> Option<FileLine> {
    let made = document(&page.dossier).is_some();
    let (name, detail) = match page.dossier.issued() {
        Some(issued) => {
            let detail = if made {
                correction::mark(w, page)
            } else {
                w.t("dossier.result_making").to_owned()
            };
            (w.fill("dossier.result", "number", &issued.number), detail)
        }
        None if made => (w.t("dossier.result_draft").to_owned(), String::new()),
        None => return None,
    };
    let url = result_path(&page.id);
    let line = FileLine::unprinted(name, url, detail);
    Some(line.signed(signed::of_result(w, page)))
}

/// A slip of a dossier, with its prints.
fn printed(
    w: Words,
    (dossier, form): (&DossierId, Form),
    (at, copies): (DateTime, u32),
) -> FileLine {
    let form = form.number();
    let values = [("at", w.short_date(at)), ("n", copies.to_string())];
    let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    FileLine {
        name: w.of("slip.short", form),
        url: format!("/ho-so/{dossier}/phieu/{form}"),
        detail: w.fills("dossier.printed", &values),
        key: String::new(),
        print: format!("/ho-so/{dossier}/phieu/{form}/in"),
        signatures: Vec::new(),
    }
}

/// Every paper, with a key each as far as there are keys.
pub(super) fn files(w: Words, page: &DossierPage) -> Vec<FileLine> {
    let mut files: Vec<FileLine> = Vec::new();
    files.extend(result(w, page));
    files.extend(attach::lines(w, page));
    files.extend(on_file(w, page));
    let slips = page.slips.iter();
    files.extend(slips.map(|slip| {
        let made = (slip.issued_at, slip.copies);
        printed(w, (&page.id, slip.key.form), made)
    }));
    // The apology goes out with the corrected result: it lies with the dossier that was corrected.
    let letters = page.links.iter();
    files.extend(letters.filter_map(|link| {
        let made = link
            .letter
            .map(|letter| (letter.issued_at, letter.copies))?;
        Some(printed(w, (&link.dossier, Form::Mended), made))
    }));
    for (index, file) in files.iter_mut().enumerate().take(9) {
        file.key = index.saturating_add(1).to_string();
    }
    files
}
