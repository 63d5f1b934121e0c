//! What is seen of fields and signatures: pages of the typesetter that become parts of the
//! document, with their faces and pictures inside.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};
use serde::Serialize;
use typst::foundations::Bytes;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use super::fault::SignFault;
use super::order::{Face, Ink};
use super::revision::{Revision, name};
use crate::slips::lettering;

/// The largest picture, in bytes and in pixels along an edge.
const IMAGE_BYTES: usize = 2 * 1024 * 1024;
const IMAGE_EDGE: u32 = 4096;
const PNG: [u8; 16] = *b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

/// One rectangle to be drawn.
#[derive(Clone, Serialize)]
pub(super) struct Sheet {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) size: f32,
    pub(super) lines: Vec<String>,
    pub(super) slanted: bool,
    pub(super) ink: &'static str,
    pub(super) setting: &'static str,
    #[serde(skip)]
    pub(super) image: Option<Vec<u8>>,
}

impl Sheet {
    pub(super) fn of_face(face: &Face, width: f32, height: f32) -> Self {
        Self {
            width,
            height,
            size: face.size,
            lines: face.lines.clone(),
            slanted: false,
            ink: face.ink.hexadecimal(),
            setting: if face.image.is_some() {
                "picture"
            } else if face.ink == Ink::Black {
                "corner"
            } else if face.ink == Ink::Red {
                "seal"
            } else {
                "block"
            },
            image: face.image.clone(),
        }
    }
}

impl Ink {
    pub(super) fn hexadecimal(self) -> &'static str {
        match self {
            Self::Blue => "#0033a0",
            Self::Red => "#d00000",
            Self::Black => "#000000",
        }
    }
}

/// Draws sheets and takes them into the revision, one form for each, in their order.
pub(super) fn draw(
    revision: &mut Revision,
    sheets: Vec<Sheet>,
) -> Result<Vec<ObjectId>, SignFault> {
    if sheets.is_empty() {
        return Ok(Vec::new());
    }
    let pdf = set(sheets)?;
    let drawn = Document::load_mem(&pdf).map_err(SignFault::appearance)?;
    let mut import = Import {
        from: &drawn,
        to: revision,
        taken: BTreeMap::new(),
    };
    drawn.page_iter().map(|page| import.page(page)).collect()
}

/// A face among the resources of a form.
pub(super) fn font_of(revision: &Revision, form: ObjectId) -> Option<ObjectId> {
    let stream = revision.object(form).ok()?.as_stream().ok()?;
    let resources = revision.value(&stream.dict, "Resources")?.as_dict().ok()?;
    let fonts = revision.value(resources, "Font")?.as_dict().ok()?;
    fonts.iter().find_map(|(_, font)| font.as_reference().ok())
}

fn set(mut sheets: Vec<Sheet>) -> Result<Vec<u8>, SignFault> {
    static PRESS: LazyLock<lettering::Lettering> = LazyLock::new(lettering::Lettering::new);
    let mut files = Vec::new();
    for (nth, sheet) in sheets.iter_mut().enumerate() {
        if let Some(image) = sheet.image.take() {
            files.push((format!("{nth}.png"), Bytes::new(picture(image)?)));
        }
    }
    let data = serde_json::to_value(&sheets).map_err(SignFault::appearance)?;
    let options = PdfOptions {
        standards: PdfStandards::new(&[PdfStandard::A_2b]).expect("one standard has no opponent"),
        tagged: false,
        timestamp: lettering::epoch(),
        ..PdfOptions::default()
    };
    PRESS
        .set(data, files, &options)
        .map_err(SignFault::appearance)
}

/// A picture within bounds that its own head states.
fn picture(image: Vec<u8>) -> Result<Vec<u8>, SignFault> {
    let edge = |at: usize| {
        let bytes = image.get(at..at.checked_add(4)?)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    };
    let edges = [edge(16), edge(20)];
    let fits = edges
        .iter()
        .all(|edge| edge.is_some_and(|edge| (1..=IMAGE_EDGE).contains(&edge)));
    if image.starts_with(&PNG) && image.len() <= IMAGE_BYTES && fits {
        Ok(image)
    } else {
        Err(SignFault::appearance(
            "the picture is no PNG of at most 2 MiB and 4096 pixels an edge",
        ))
    }
}

/// Pages of one document on their way into another.
struct Import<'a> {
    from: &'a Document,
    to: &'a mut Revision,
    taken: BTreeMap<ObjectId, ObjectId>,
}

impl Import<'_> {
    fn page(&mut self, page: ObjectId) -> Result<ObjectId, SignFault> {
        let page = self
            .from
            .get_dictionary(page)
            .map_err(SignFault::appearance)?;
        let contents = page.get(b"Contents").and_then(Object::as_reference);
        let contents = contents.and_then(|id| self.from.get_object(id));
        let contents = contents
            .and_then(Object::as_stream)
            .map_err(SignFault::appearance)?;
        let mut form = contents.clone();
        for key in ["Resources", "Group"] {
            if let Ok(value) = page.get(key.as_bytes()) {
                let value = self.value(value)?;
                form.dict.set(key, value);
            }
        }
        let edges = page
            .get(b"MediaBox")
            .map_err(SignFault::appearance)?
            .clone();
        form.dict.set("BBox", edges);
        form.dict.set("Type", name("XObject"));
        form.dict.set("Subtype", name("Form"));
        Ok(self.to.add(form))
    }

    fn value(&mut self, value: &Object) -> Result<Object, SignFault> {
        Ok(match value {
            Object::Reference(id) => Object::Reference(self.object(*id)?),
            Object::Array(items) => {
                let items = items.iter().map(|item| self.value(item));
                Object::Array(items.collect::<Result<_, _>>()?)
            }
            Object::Dictionary(entries) => Object::Dictionary(self.entries(entries)?),
            Object::Stream(stream) => {
                let mut copy = Stream::new(self.entries(&stream.dict)?, stream.content.clone());
                copy.allows_compression = false;
                Object::Stream(copy)
            }
            plain => plain.clone(),
        })
    }

    fn entries(&mut self, entries: &Dictionary) -> Result<Dictionary, SignFault> {
        let mut copy = Dictionary::new();
        for (key, value) in entries {
            copy.set(key.clone(), self.value(value)?);
        }
        Ok(copy)
    }

    /// Resources of a page form no circle, so a copy is known as soon as it is made.
    fn object(&mut self, id: ObjectId) -> Result<ObjectId, SignFault> {
        if let Some(copy) = self.taken.get(&id) {
            return Ok(*copy);
        }
        let object = self.from.get_object(id).map_err(SignFault::appearance)?;
        let copy = self.value(object)?;
        let copy = self.to.add(copy);
        self.taken.insert(id, copy);
        Ok(copy)
    }
}
