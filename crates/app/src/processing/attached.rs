//! What goes with a draft of a result in files of their own (NĐ 30/2020/NĐ-CP Phụ lục I): as forms
//! bring it, and as it is read again.

use domain::dossier::{Attachment, File};
use store::{Loaded, NewText};

use crate::no::{Fault, No};
use crate::signing::SignError;
use crate::state::App;
use crate::verification::readable;

use super::document::attachments;
use super::prepare::{Misfit, PDF, misfit};
use super::text;
use super::told::texts;

/// Attachments of one result. The Decree sets no bound; each is read, sealed and handed out.
pub const MOST_ATTACHMENTS: usize = 10;
/// The most that they take together, in bytes: a form carries 48 MiB.
const TOGETHER: u64 = 30 * 1024 * 1024;
/// The longest title, in characters.
const LONGEST_TITLE: usize = 200;
/// Where a fault of all of them is shown.
const WHOLE: &str = FILES[0];
/// Fields of files, by number.
const FILES: [&str; MOST_ATTACHMENTS] = [
    "attachment1",
    "attachment2",
    "attachment3",
    "attachment4",
    "attachment5",
    "attachment6",
    "attachment7",
    "attachment8",
    "attachment9",
    "attachment10",
];
/// Fields of titles, by number.
const TITLES: [&str; MOST_ATTACHMENTS] = [
    "attachment_title1",
    "attachment_title2",
    "attachment_title3",
    "attachment_title4",
    "attachment_title5",
    "attachment_title6",
    "attachment_title7",
    "attachment_title8",
    "attachment_title9",
    "attachment_title10",
];

/// What a form says of a draft's files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attached {
    /// Whether the document that somebody made elsewhere stays, where no other comes with the form.
    pub same_document: bool,
    /// Its rows. An attachment of the draft before of which no row speaks stays as it is.
    pub rows: Vec<AttachedRow>,
}

/// A row of the form: one attachment. The first rows are those of the draft before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AttachedRow {
    /// Its number in the form, from 1.
    pub number: usize,
    /// What it is called.
    pub title: String,
    /// Which one it is to be; by its number when nothing is said.
    pub place: Option<u16>,
    /// Whether it is taken off.
    pub off: bool,
    /// The file, a PDF; empty when the one of the draft before stays.
    pub content: Vec<u8>,
}

/// Attachments as the draft will have them, with what goes on file for them.
#[derive(Default)]
pub(super) struct Resolved {
    pub(super) attachments: Vec<Attachment>,
    pub(super) titles: Vec<String>,
    pub(super) texts: Vec<NewText>,
    pub(super) files: Vec<Vec<u8>>,
}

/// What the rows come to, beside the attachments of the draft before.
///
/// # Errors
/// [`No::Invalid`], each fault at its row's field; [`No::Broken`].
pub(super) async fn resolved(
    app: &App,
    loaded: &Loaded,
    mut rows: Vec<AttachedRow>,
) -> Result<Resolved, No> {
    let before = attachments(&loaded.dossier);
    let ids: Vec<_> = before.iter().map(|one| one.title.clone()).collect();
    let known = texts(app, &ids).await?;
    let mut reading = Reading::default();
    let last = rows.iter().map(|row| row.number).max().unwrap_or_default();
    for number in 1..=last.max(before.len()) {
        let row = rows.iter().position(|row| row.number == number);
        let row = row.map(|at| rows.swap_remove(at)).unwrap_or_default();
        let old = number.checked_sub(1).and_then(|nth| before.get(nth));
        let told = old.and_then(|one| known.get(one.title.as_str()));
        let told = told.map_or("", String::as_str);
        let Some(fields) = Fields::of(number) else {
            reading.faults.push(many());
            break;
        };
        reading
            .row((app, loaded), (&fields, row), (old, told))
            .await?;
    }
    reading.done()
}

/// The fields of a row.
struct Fields {
    number: usize,
    file: &'static str,
    title: &'static str,
}

impl Fields {
    fn of(number: usize) -> Option<Self> {
        let nth = number.checked_sub(1)?;
        Some(Self {
            number,
            file: FILES.get(nth)?,
            title: TITLES.get(nth)?,
        })
    }
}

/// Rows as far as they are read.
#[derive(Default)]
struct Reading {
    /// What stands, with its place and its number.
    lines: Vec<(usize, usize, Attachment, String)>,
    texts: Vec<NewText>,
    files: Vec<Vec<u8>>,
    faults: Vec<Fault>,
}

impl Reading {
    async fn row(
        &mut self,
        (app, loaded): (&App, &Loaded),
        (fields, row): (&Fields, AttachedRow),
        (old, told): (Option<&Attachment>, &str),
    ) -> Result<(), No> {
        let typed = domain::text::tidy(&row.title);
        let title = if typed.is_empty() { told } else { &typed };
        let nothing = old.is_none() && title.is_empty() && row.content.is_empty();
        if row.off || nothing {
            return Ok(());
        }
        let document = self.document(app, (fields, row.content), old).await?;
        if title.is_empty() {
            self.fault((fields.title, fields.number), "fault.attachment_title");
        } else if title.chars().count() > LONGEST_TITLE {
            let fault = Fault::new(fields.title, "fault.long");
            self.faults.push(fault.with("most", &LONGEST_TITLE));
        }
        let kept = old.filter(|_| title == told).map(|old| old.title.clone());
        let (id, texts) = match kept {
            Some(title) => (Some(title), Vec::new()),
            None => text(app, &loaded.id, title),
        };
        let (Some(title_id), Some(document)) = (id, document) else {
            return Ok(());
        };
        self.texts.extend(texts);
        let attachment = Attachment {
            title: title_id,
            document,
            official: None,
        };
        let place = row.place.map_or(fields.number, usize::from);
        let line = (place, fields.number, attachment, title.to_owned());
        self.lines.push(line);
        Ok(())
    }

    /// The file of a row: a new one, or that of the draft before; none where there is a fault.
    async fn document(
        &mut self,
        app: &App,
        (fields, content): (&Fields, Vec<u8>),
        old: Option<&Attachment>,
    ) -> Result<Option<File>, No> {
        let document = match old {
            Some(old) if content.is_empty() => old.document.clone(),
            None if content.is_empty() => {
                self.fault((fields.file, fields.number), "fault.attachment_none");
                return Ok(None);
            }
            _ => {
                if let Some(fault) = unfit(app, &content, fields.file).await? {
                    self.faults.push(fault.with("n", &fields.number));
                    return Ok(None);
                }
                let document = File {
                    hash: app.files().name(&content),
                    bytes: content.len() as u64,
                };
                self.files.push(content);
                document
            }
        };
        let mut there = self.lines.iter().map(|(_, _, one, _)| &one.document.hash);
        if there.any(|hash| *hash == document.hash) {
            self.fault((fields.file, fields.number), "fault.attachment_twice");
            return Ok(None);
        }
        Ok(Some(document))
    }

    fn fault(&mut self, (field, number): (&'static str, usize), key: &'static str) {
        self.faults.push(Fault::new(field, key).with("n", &number));
    }

    fn done(mut self) -> Result<Resolved, No> {
        let sizes = self.lines.iter().map(|(_, _, one, _)| one.document.bytes);
        if sizes.sum::<u64>() > TOGETHER {
            self.faults
                .push(Fault::new(WHOLE, "fault.attachments_size"));
        }
        if !self.faults.is_empty() {
            return Err(No::Invalid(self.faults));
        }
        self.lines
            .sort_by_key(|(place, number, ..)| (*place, *number));
        let lines = self.lines.into_iter();
        let (attachments, titles) = lines.map(|(_, _, one, title)| (one, title)).unzip();
        Ok(Resolved {
            attachments,
            titles,
            texts: self.texts,
            files: self.files,
        })
    }
}

fn many() -> Fault {
    Fault::new(WHOLE, "fault.attachments_many").with("most", &MOST_ATTACHMENTS)
}

/// What is wrong with a file: no PDF, too large, not to be read, or not to be sealed.
async fn unfit(app: &App, content: &[u8], field: &'static str) -> Result<Option<Fault>, No> {
    let key = match misfit(content, &PDF) {
        Some(Misfit::Kind) => "fault.file_pdf",
        Some(Misfit::Size) => "fault.file_size",
        None => {
            if let Err(fault) = readable(app, content, field).await? {
                return Ok(Some(fault));
            }
            match app.signatures().attachable(content.to_vec()).await {
                Ok(()) => return Ok(None),
                Err(SignError::Document(_)) => "fault.attachment_signed",
                Err(error) => return Err(No::Broken(Box::new(error))),
            }
        }
    };
    Ok(Some(Fault::new(field, key)))
}
