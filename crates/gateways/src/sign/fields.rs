//! Form fields: empty ones before the first signature, filled ones in a later revision.

use lopdf::{Dictionary, Object, ObjectId, Stream, dictionary};

use super::face::{self, Sheet};
use super::fault::SignFault;
use super::order::{Ink, Place};
use super::revision::{Field, Revision, text_string};

/// Printed.
const PRINTED: i64 = 4;
/// Filled by the program that signs, not by a reader of the document.
const READ_ONLY: i64 = 1;
const USUAL_SIZE: f32 = 13.0;
/// Names of the form's faces.
const UPRIGHT: &str = "Face";
const SLANTED: &str = "Slanted";
/// What is set once so that the form's own face has the letters of numbers and dates.
const SPECIMEN: &str = "0123456789/-–., ABCDEĐGHIKLMNOPQRSTUVXY ngày tháng năm Số:";

/// A field to be filled or signed later.
#[derive(Clone, Debug)]
pub struct EmptyField {
    /// Its name; no dots.
    pub name: String,
    /// Where it is.
    pub place: Place,
    /// What it takes.
    pub kind: FieldKind,
}

/// Where a line of text stands in its field; the numbers are those of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along {
    /// At the left.
    Start = 0,
    /// In the middle.
    Middle = 1,
    /// At the right.
    End = 2,
}

impl Along {
    fn of(number: i64) -> Self {
        match number {
            1 => Self::Middle,
            2 => Self::End,
            _ => Self::Start,
        }
    }

    /// The template's name for it.
    fn setting(self) -> &'static str {
        match self {
            Self::Start => "line",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FieldKind {
    /// One line of text, of that size in points. Its baseline is a quarter of that size above the
    /// lower edge.
    Text {
        /// Size in points.
        size: f32,
        /// Where in the field the line stands.
        along: Along,
        /// Whether it is set in italics.
        slanted: bool,
    },
    /// A signature. A field that is seen must be there before the document is certified.
    Signature,
    /// The last signature, after which nothing that is seen may be added, by whatever program.
    LastSignature,
}

/// Adds empty fields to a document that nobody has signed, as one revision. They look like
/// nothing until they are filled.
pub fn add_fields(document: &[u8], fields: &[EmptyField]) -> Result<Vec<u8>, SignFault> {
    let mut revision = Revision::open(document)?;
    let there = revision.fields()?;
    if there.iter().any(|field| field.is("Sig") && field.filled) {
        return Err(SignFault::document("it is signed, and gets no more fields"));
    }
    for field in fields {
        if field.name.is_empty() || field.name.contains('.') {
            return Err(fault(&field.name, "has no name for a field"));
        }
        let same = fields
            .iter()
            .filter(|other| other.name == field.name)
            .count();
        if same > 1 || there.iter().any(|other| other.name == field.name) {
            return Err(fault(&field.name, "is there already"));
        }
        match field.kind {
            FieldKind::Text {
                size,
                along,
                slanted,
            } => {
                let id = add(&mut revision, "Tx", &field.name, field.place)?;
                let widget = revision.edit(id)?;
                widget.set("F", PRINTED);
                widget.set("Ff", READ_ONLY);
                widget.set("Q", along as i64);
                widget.set(
                    "DA",
                    Object::string_literal(format!("/{} {size} Tf 0 g", face_name(slanted))),
                );
            }
            FieldKind::Signature => {
                add_signature_field(&mut revision, &field.name, field.place)?;
            }
            FieldKind::LastSignature => {
                let id = add_signature_field(&mut revision, &field.name, field.place)?;
                let lock = dictionary! { "Type" => "SigFieldLock", "Action" => "All", "P" => 1 };
                revision.edit(id)?.set("Lock", lock);
            }
        }
    }
    if fields
        .iter()
        .any(|field| matches!(field.kind, FieldKind::Text { .. }))
    {
        name_faces(&mut revision)?;
    }
    revision.write()
}

/// What a field's description calls the face of its letters.
fn face_name(slanted: bool) -> &'static str {
    if slanted { SLANTED } else { UPRIGHT }
}

/// The faces that the fields' own descriptions of themselves name: those are in the document.
fn name_faces(revision: &mut Revision) -> Result<(), SignFault> {
    let specimen = |slanted| Sheet {
        slanted,
        ..Sheet::line(SPECIMEN, USUAL_SIZE, Along::Start, (600.0, 20.0))
    };
    let drawn = face::draw(revision, vec![specimen(false), specimen(true)])?;
    let mut faces = Dictionary::new();
    for (name, form) in [UPRIGHT, SLANTED].into_iter().zip(drawn) {
        let font = face::font_of(revision, form);
        let font = font.ok_or_else(|| SignFault::Appearance("it has no face".to_owned()))?;
        faces.set(name, font);
    }
    let form = revision.edit_form()?;
    if !form.has(b"DR") {
        form.set("DR", dictionary! { "Font" => faces });
    }
    Ok(())
}

/// The names of a document's fields, when nobody has signed it yet.
pub fn unsigned_fields(document: &[u8]) -> Result<Vec<String>, SignFault> {
    let revision = Revision::open(document)?;
    let all = revision.fields()?;
    let signed = all.iter().any(|field| field.is("Sig") && field.filled);
    if signed || revision.catalog()?.has(b"Perms") {
        return Err(SignFault::document("it is signed already"));
    }
    Ok(all.into_iter().map(|field| field.name).collect())
}

/// The names of the text fields that nobody has filled, and of the signature fields that nobody has
/// signed, as far as they have a place on a page.
pub fn empty_places(document: &[u8]) -> Result<(Vec<String>, Vec<String>), SignFault> {
    let revision = Revision::open(document)?;
    let all = revision.fields()?;
    let empty = |kind| {
        let there = |field: &&Field| field.is(kind) && field.is_widget && !field.filled;
        let found = all.iter().filter(there);
        found.map(|field| field.name.clone()).collect()
    };
    Ok((empty("Tx"), empty("Sig")))
}

pub(super) fn add_signature_field(
    revision: &mut Revision,
    name: &str,
    place: Place,
) -> Result<ObjectId, SignFault> {
    let id = add(revision, "Sig", name, place)?;
    revision.edit(id)?.set("F", PRINTED);
    Ok(id)
}

fn add(
    revision: &mut Revision,
    kind: &str,
    name: &str,
    place: Place,
) -> Result<ObjectId, SignFault> {
    let page = revision.page(place.page)?;
    let edges = [
        place.x,
        place.y,
        place.x + place.width,
        place.y + place.height,
    ];
    let empty = revision.add(Stream::new(blank(place), Vec::new()));
    let id = revision.add(dictionary! {
        "Type" => "Annot",
        "Subtype" => "Widget",
        "FT" => kind,
        "T" => text_string(name),
        "Rect" => edges.map(Object::Real).to_vec(),
        "P" => page,
        "AP" => dictionary! { "N" => empty },
    });
    revision.add_field(id)?;
    revision.annotate(page, id)?;
    Ok(id)
}

/// The text field of that name, and what it will look like with that value.
pub(super) fn to_fill(
    revision: &Revision,
    all: &[Field],
    name: &str,
    value: &str,
) -> Result<(ObjectId, Sheet), SignFault> {
    let field = all.iter().find(|field| field.name == name);
    let field = field.ok_or_else(|| fault(name, "is not in the document"))?;
    if !field.is("Tx") || !field.is_widget {
        return Err(fault(name, "is no field for one text"));
    }
    if field.filled {
        return Err(fault(name, "is filled already"));
    }
    let widget = revision.dictionary(field.id)?;
    let along = revision.value(widget, "Q");
    let along = along.and_then(|q| q.as_i64().ok()).unwrap_or_default();
    let (letters, slanted) = letters(revision, widget);
    let place = size(revision, field.id)?;
    let sheet = Sheet {
        slanted,
        ..Sheet::line(value, letters, Along::of(along), place)
    };
    Ok((field.id, sheet))
}

pub(super) fn fill(
    revision: &mut Revision,
    field: ObjectId,
    value: &str,
    form: ObjectId,
) -> Result<(), SignFault> {
    let field = revision.edit(field)?;
    field.set("V", text_string(value));
    field.set("AP", dictionary! { "N" => form });
    Ok(())
}

/// Width and height of a field in points.
pub(super) fn size(revision: &Revision, field: ObjectId) -> Result<(f32, f32), SignFault> {
    let field = revision.dictionary(field)?;
    let edges = revision
        .value(field, "Rect")
        .and_then(|edges| edges.as_array().ok());
    let edges = edges
        .into_iter()
        .flatten()
        .filter_map(|edge| edge.as_float().ok());
    match edges.collect::<Vec<_>>().as_slice() {
        [left, low, right, high] => Ok(((right - left).abs(), (high - low).abs())),
        _ => Err(SignFault::document("a field has no rectangle")),
    }
}

/// The size in a field's description `/Face 13 Tf 0 g`, and whether its face is the slanted one.
fn letters(revision: &Revision, widget: &Dictionary) -> (f32, bool) {
    let described = revision
        .value(widget, "DA")
        .and_then(|text| text.as_str().ok());
    let described = String::from_utf8_lossy(described.unwrap_or_default()).into_owned();
    let words: Vec<&str> = described.split_ascii_whitespace().collect();
    let at = words.iter().position(|word| *word == "Tf");
    let size = at.and_then(|at| words.get(at.checked_sub(1)?));
    let size = size.and_then(|size| size.parse().ok());
    let slanted = words.contains(&format!("/{SLANTED}").as_str());
    let size = size.filter(|size| *size > 0.0).unwrap_or(USUAL_SIZE);
    (size, slanted)
}

fn blank(place: Place) -> Dictionary {
    let edges = [0.0, 0.0, place.width, place.height];
    dictionary! {
        "Type" => "XObject",
        "Subtype" => "Form",
        "BBox" => edges.map(Object::Real).to_vec(),
        "Resources" => Dictionary::new(),
    }
}

fn fault(name: &str, why: &'static str) -> SignFault {
    let name = name.to_owned();
    SignFault::Field { name, why }
}

impl Sheet {
    /// A line of black text for a field.
    fn line(text: &str, size: f32, along: Along, (width, height): (f32, f32)) -> Self {
        Self {
            width,
            height,
            size,
            lines: vec![text.to_owned()],
            slanted: false,
            ink: Ink::Black.hexadecimal(),
            setting: along.setting(),
            image: None,
        }
    }
}
