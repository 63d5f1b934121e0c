//! From a slip to its PDF.

use app::clock::VIET_NAM;
use domain::slip::Slip;
use hayro_syntax::Pdf;
use jiff::civil::DateTime;
use serde::{Serialize, Serializer};
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::{Bytes, Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::blanks::blanks;
use super::flat::flat;
use super::legible::legible;
use super::marks;
use super::world::{Copy, Desk, Shelf};
use crate::sign::add_fields;

/// Layouts kept for the next slip: what ten slips running have not used is forgotten.
const KEPT: usize = 10;

/// Why a slip was not drawn.
#[derive(Debug, thiserror::Error)]
pub enum SlipError {
    /// A mark cannot hold the text.
    #[error("the {mark} of slip {code} cannot hold its text")]
    Mark {
        /// Which mark.
        mark: &'static str,
        /// The dossier's number.
        code: String,
    },
    /// The slip does not become data for a template.
    #[error("cannot hand slip {code} to its template")]
    Data {
        /// The dossier's number.
        code: String,
        /// Why not.
        #[source]
        cause: serde_json::Error,
    },
    /// A paper to be joined cannot be read.
    #[error("paper {0} is no PDF")]
    Part(usize),
    /// The template or the PDF's own rules refuse it.
    #[error("cannot set slip {code}: {why}")]
    Setting {
        /// The dossier's number.
        code: String,
        /// The typesetter's messages; they quote our templates, not the slip.
        why: String,
    },
}

/// Faces and templates, parsed once; sets one slip at a time per call and may be shared.
pub struct Press {
    shelf: Shelf,
}

/// A page of a paper that is joined to others.
#[derive(Serialize)]
struct Page {
    file: String,
    page: usize,
}

/// How many pages a PDF of somebody outside has.
pub(super) fn pages(document: Vec<u8>) -> Result<u16, SlipError> {
    let read = Pdf::new(document).map_err(|_| SlipError::Part(1))?;
    u16::try_from(read.pages().len()).map_err(|_| SlipError::Part(1))
}

/// What a template reads.
#[derive(Serialize)]
struct Sheet<'a> {
    #[serde(flatten)]
    slip: &'a Slip,
    title: &'a str,
    form: Option<&'static str>,
    barcode_modules: usize,
    /// The signature drawn on a screen; the template is told whether there is one.
    #[serde(rename = "has_drawing", serialize_with = "is_there")]
    drawn: &'a [u8],
}

fn is_there<S: Serializer>(drawn: &&[u8], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_bool(!drawn.is_empty())
}

impl Press {
    /// Parses faces and templates; takes some tens of milliseconds.
    pub fn new() -> Self {
        Self {
            shelf: Shelf::new(),
        }
    }

    /// The slip as PDF/A-2a. Works the processor for tens of milliseconds: call it where blocking
    /// is allowed. Equal slips give equal bytes.
    pub fn render(&self, slip: &Slip) -> Result<Vec<u8>, SlipError> {
        let desk = Desk::new(&self.shelf, template(slip), self.copy(slip)?);
        let drawn = draw(&desk, slip);
        typst::comemo::evict(KEPT);
        drawn
    }

    /// PDFs one after the other as one, each page at its own size. The parts keep their texts and
    /// faces; the whole is for a printer, without the promises of an archivable document.
    pub fn join(&self, papers: Vec<Vec<u8>>) -> Result<Vec<u8>, SlipError> {
        let mut pages = Vec::new();
        let mut files = Vec::with_capacity(papers.len());
        for (nth, paper) in papers.into_iter().enumerate() {
            let (name, bytes) = (format!("paper-{nth}.pdf"), Bytes::new(paper));
            let read = Pdf::new(bytes.to_vec());
            let read = read.map_err(|_| SlipError::Part(nth.saturating_add(1)))?;
            let there = (1..=read.pages().len()).map(|page| Page {
                file: name.clone(),
                page,
            });
            pages.extend(there);
            files.push((name, bytes));
        }
        let data = serde_json::to_vec(&pages).expect("names and numbers are plain data");
        let copy = Copy {
            data: Bytes::new(data),
            files,
        };
        let desk = Desk::new(&self.shelf, "joined.typ", copy);
        let joined = set(&desk, &PdfOptions::default());
        typst::comemo::evict(0);
        joined.map_err(|why| SlipError::Setting {
            code: String::new(),
            why,
        })
    }

    /// The pages of a signed document as they are seen, with its form of a copy after them.
    pub fn paper_copy(&self, document: &[u8], form: Vec<u8>) -> Result<Vec<u8>, SlipError> {
        let seen = flat(document).map_err(|_| SlipError::Part(1))?;
        self.join(vec![seen, form])
    }

    fn copy(&self, slip: &Slip) -> Result<Copy, SlipError> {
        let code = slip.code();
        let missing = |mark| {
            move || SlipError::Mark {
                mark,
                code: code.to_owned(),
            }
        };
        let qr = marks::qr(&slip.qr_text()).ok_or_else(missing("QR code"))?;
        let barcode = match code {
            "" => marks::Barcode::none(),
            code => marks::barcode(code).ok_or_else(missing("barcode"))?,
        };
        let sheet = Sheet {
            slip,
            title: slip.title(),
            form: slip.form_number(),
            barcode_modules: barcode.modules,
            drawn: drawn(slip),
        };
        let failed = |cause| SlipError::Data {
            code: code.to_owned(),
            cause,
        };
        let data = serde_json::to_value(&sheet).map_err(failed)?;
        let data = legible(data, &|c| self.shelf.has_glyph(c));
        let mut files = vec![
            ("qr.svg".to_owned(), Bytes::from_string(qr)),
            ("barcode.svg".to_owned(), Bytes::from_string(barcode.svg)),
        ];
        if !sheet.drawn.is_empty() {
            files.push(("signature.png".to_owned(), Bytes::new(sheet.drawn.to_vec())));
        }
        Ok(Copy {
            data: Bytes::new(serde_json::to_vec(&data).map_err(failed)?),
            files,
        })
    }
}

impl Default for Press {
    fn default() -> Self {
        Self::new()
    }
}

/// The signature that a slip shows.
fn drawn(slip: &Slip) -> &[u8] {
    match slip {
        Slip::Collection(handed) => &handed.signature,
        _ => &[],
    }
}

fn template(slip: &Slip) -> &'static str {
    match slip {
        Slip::Receipt(_) => "receipt.typ",
        Slip::Supplement(_) => "supplement.typ",
        Slip::Refusal(_) => "refusal.typ",
        Slip::Apology(_) => "apology.typ",
        Slip::Stop(_) => "stop.typ",
        Slip::PaperCopy(_) => "paper-copy.typ",
        Slip::Mended(_) => "mended.typ",
        Slip::Payment(_) => "payment.typ",
        Slip::Control(_) => "control.typ",
        Slip::Register(_) => "register.typ",
        Slip::Collection(_) => "collection.typ",
        Slip::Progress(_) => "progress.typ",
        Slip::Handover(_) => "handover.typ",
        Slip::PostSlip(_) => "post-slip.typ",
        Slip::ResultLetter(_) => "letter.typ",
    }
}

fn draw(desk: &Desk<'_>, slip: &Slip) -> Result<Vec<u8>, SlipError> {
    set(desk, &options(slip)).map_err(|why| SlipError::Setting {
        code: slip.code().to_owned(),
        why,
    })
}

/// Sets what is on the desk; the typesetter's messages otherwise.
pub(super) fn set(desk: &Desk<'_>, options: &PdfOptions) -> Result<Vec<u8>, String> {
    let refused = |errors: &[SourceDiagnostic]| {
        let messages = errors.iter().map(|error| error.message.as_str());
        messages.collect::<Vec<_>>().join("; ")
    };
    let Warned { output, .. } = typst::compile::<PagedDocument>(desk);
    let document = output.map_err(|errors| refused(&errors))?;
    let printed = typst_pdf::pdf(&document, options).map_err(|errors| refused(&errors))?;
    match blanks(&document).as_slice() {
        [] => Ok(printed),
        fields => add_fields(&printed, fields).map_err(|fault| fault.to_string()),
    }
}

/// Everything that could differ between two runs comes from the slip itself.
fn options(slip: &Slip) -> PdfOptions {
    let heading = slip.heading();
    // A form field that no tag names is against PDF/UA.
    let fields = matches!(slip, Slip::ResultLetter(letter) if letter.to_sign);
    let standards: &[PdfStandard] = if fields {
        &[PdfStandard::A_2a]
    } else {
        &[PdfStandard::A_2a, PdfStandard::Ua_1]
    };
    PdfOptions {
        ident: Smart::Custom(format!("{} {} {}", slip.code(), heading.at, slip.title())),
        creator: Smart::Custom(Some("Một Cửa".to_owned())),
        timestamp: timestamp(heading.at),
        page_ranges: None,
        standards: PdfStandards::new(standards).expect("PDF/A-2a and PDF/UA-1 go together"),
        tagged: true,
        pretty: false,
    }
}

fn timestamp(at: DateTime) -> Option<Timestamp> {
    let part = |number: i8| u8::try_from(number).ok();
    let datetime = Datetime::from_ymd_hms(
        i32::from(at.year()),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )?;
    Timestamp::new_local(datetime, VIET_NAM.seconds() / 60)
}
