//! One more revision at the end of a PDF: objects changed or added, nothing rewritten.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, IncrementalDocument, Object, ObjectId, StringFormat};

use super::cms::sha256;
use super::fault::SignFault;

/// Fields are nested a few levels; deeper is a mistake or an attack.
const DEPTH: usize = 16;
/// Fields of a form, and bytes of the whole name of one: more is a mistake or an attack, too.
const MOST_FIELDS: usize = 10_000;
const LONGEST_NAME: usize = 1_000;

/// A revision being written.
pub(super) struct Revision {
    update: IncrementalDocument,
    catalog: ObjectId,
    pages: Vec<ObjectId>,
}

/// A field of the document's form.
pub(super) struct Field {
    pub(super) id: ObjectId,
    pub(super) name: String,
    kind: Vec<u8>,
    pub(super) filled: bool,
    /// Whether it is its own only widget.
    pub(super) is_widget: bool,
}

impl Field {
    pub(super) fn is(&self, kind: &str) -> bool {
        self.kind == kind.as_bytes()
    }
}

/// A dictionary: an object, or a direct value inside one.
#[derive(Clone, Copy)]
struct Spot {
    object: ObjectId,
    inside: Option<&'static str>,
}

impl Revision {
    pub(super) fn open(bytes: &[u8]) -> Result<Self, SignFault> {
        let document = Document::load_mem(bytes).map_err(SignFault::document)?;
        if document.is_encrypted() || document.was_encrypted() {
            return Err(SignFault::document("it is encrypted"));
        }
        if document.xref_recovery.is_some() || document.xref_start == 0 {
            return Err(SignFault::document("its cross references are broken"));
        }
        let catalog = document.trailer.get(b"Root").and_then(Object::as_reference);
        let catalog = catalog.map_err(SignFault::document)?;
        let pages: Vec<ObjectId> = document.page_iter().collect();
        if pages.is_empty() {
            return Err(SignFault::document("it has no page"));
        }
        let mut update = IncrementalDocument::create_from(bytes.to_vec(), document);
        let trailer = &mut update.new_document.trailer;
        // Left over from a cross-reference stream, or of a hybrid file's other half.
        for stale in [
            "DecodeParms",
            "XRefStm",
            "Filter",
            "Length",
            "Index",
            "W",
            "Type",
        ] {
            trailer.remove(stale.as_bytes());
        }
        renew_identity(trailer, bytes);
        Ok(Self {
            update,
            catalog,
            pages,
        })
    }

    /// The bytes of the document with this revision at its end.
    pub(super) fn write(mut self) -> Result<Vec<u8>, SignFault> {
        let before = self.update.get_prev_documents_bytes().len();
        let mut bytes = Vec::with_capacity(before.saturating_add(64 * 1024));
        self.update
            .save_to(&mut bytes)
            .map_err(SignFault::document)?;
        let kept = bytes.starts_with(self.update.get_prev_documents_bytes());
        if kept && bytes.len() > before {
            Ok(bytes)
        } else {
            Err(SignFault::document("its bytes would change"))
        }
    }

    pub(super) fn add(&mut self, object: impl Into<Object>) -> ObjectId {
        self.update.new_document.add_object(object)
    }

    /// The object as this revision leaves it.
    pub(super) fn object(&self, id: ObjectId) -> Result<&Object, SignFault> {
        let new = &self.update.new_document;
        let found = if new.has_object(id) {
            new.get_object(id)
        } else {
            self.update.get_prev_documents().get_object(id)
        };
        found.map_err(SignFault::document)
    }

    /// What a value is, through its references.
    pub(super) fn resolve<'a>(&'a self, mut value: &'a Object) -> Result<&'a Object, SignFault> {
        for _ in 0..DEPTH {
            match value {
                Object::Reference(id) => value = self.object(*id)?,
                _ => return Ok(value),
            }
        }
        Err(SignFault::document("references without end"))
    }

    pub(super) fn dictionary(&self, id: ObjectId) -> Result<&Dictionary, SignFault> {
        let object = self.resolve(self.object(id)?)?;
        object.as_dict().map_err(SignFault::document)
    }

    /// A value of a dictionary, through references; `None` when it has none.
    pub(super) fn value<'a>(&'a self, of: &'a Dictionary, key: &str) -> Option<&'a Object> {
        let value = of.get(key.as_bytes()).ok()?;
        let value = self.resolve(value).ok()?;
        (!value.is_null()).then_some(value)
    }

    /// The dictionary of an object, to be changed in this revision.
    pub(super) fn edit(&mut self, id: ObjectId) -> Result<&mut Dictionary, SignFault> {
        let object = self.edit_object(id)?;
        object.as_dict_mut().map_err(SignFault::document)
    }

    /// The dictionary of a stream that this revision added, to be changed.
    pub(super) fn edit_stream(&mut self, id: ObjectId) -> Result<&mut Dictionary, SignFault> {
        let stream = self.edit_object(id)?.as_stream_mut();
        stream
            .map(|stream| &mut stream.dict)
            .map_err(SignFault::document)
    }

    fn edit_object(&mut self, id: ObjectId) -> Result<&mut Object, SignFault> {
        let cloned = self.update.opt_clone_object_to_new_document(id);
        cloned.map_err(SignFault::document)?;
        let object = self.update.new_document.get_object_mut(id);
        object.map_err(SignFault::document)
    }

    pub(super) fn page(&self, number: usize) -> Result<ObjectId, SignFault> {
        let page = number.checked_sub(1).and_then(|nth| self.pages.get(nth));
        page.copied()
            .ok_or_else(|| SignFault::document(format!("it has no page {number}")))
    }

    /// The edges of a page as it is shown: left, low, right, high.
    pub(super) fn edges(&self, number: usize) -> Result<[f32; 4], SignFault> {
        let mut node = self.dictionary(self.page(number)?)?;
        for _ in 0..DEPTH {
            let edges = self
                .value(node, "CropBox")
                .or_else(|| self.value(node, "MediaBox"));
            if let Some(Object::Array(edges)) = edges {
                let edges = edges.iter().filter_map(|edge| edge.as_float().ok());
                let edges: Vec<f32> = edges.collect();
                let &[x0, y0, x1, y1] = edges.as_slice() else {
                    break;
                };
                // Any two corners may be named.
                return Ok([x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1)]);
            }
            let Some(Object::Dictionary(above)) = self.value(node, "Parent") else {
                break;
            };
            node = above;
        }
        Err(SignFault::document("a page has no edges"))
    }

    /// By how many quarters of a circle, clockwise, a page is turned when it is shown.
    pub(super) fn quarters(&self, number: usize) -> Result<u8, SignFault> {
        let mut node = self.dictionary(self.page(number)?)?;
        for _ in 0..DEPTH {
            let turned = self.value(node, "Rotate").map(Object::as_i64);
            if let Some(Ok(turned)) = turned {
                let quarters = turned.rem_euclid(360) / 90;
                return Ok(u8::try_from(quarters).unwrap_or_default());
            }
            let Some(Object::Dictionary(above)) = self.value(node, "Parent") else {
                break;
            };
            node = above;
        }
        Ok(0)
    }

    /// Puts an annotation on a page.
    pub(super) fn annotate(
        &mut self,
        page: ObjectId,
        annotation: ObjectId,
    ) -> Result<(), SignFault> {
        let page = Spot {
            object: page,
            inside: None,
        };
        self.push(page, "Annots", annotation)
    }

    pub(super) fn catalog(&self) -> Result<&Dictionary, SignFault> {
        self.dictionary(self.catalog)
    }

    pub(super) fn edit_catalog(&mut self) -> Result<&mut Dictionary, SignFault> {
        self.edit(self.catalog)
    }

    /// The document's form, made when it is absent.
    pub(super) fn edit_form(&mut self) -> Result<&mut Dictionary, SignFault> {
        let form = self.form()?;
        self.edit_spot(form)
    }

    /// Puts a field into the form.
    pub(super) fn add_field(&mut self, field: ObjectId) -> Result<(), SignFault> {
        let form = self.form()?;
        self.push(form, "Fields", field)
    }

    /// Every field of the form by its whole name.
    pub(super) fn fields(&self) -> Result<Vec<Field>, SignFault> {
        let mut found = Vec::new();
        let Some(form) = self.value(self.catalog()?, "AcroForm") else {
            return Ok(found);
        };
        let form = form.as_dict().map_err(SignFault::document)?;
        let mut seen = BTreeSet::new();
        for field in self.references(form, "Fields") {
            self.collect(field, ("", b"", 0), &mut seen, &mut found)?;
        }
        Ok(found)
    }

    fn collect(
        &self,
        id: ObjectId,
        (parent, kind, depth): (&str, &[u8], usize),
        seen: &mut BTreeSet<ObjectId>,
        found: &mut Vec<Field>,
    ) -> Result<(), SignFault> {
        if !seen.insert(id) || depth > DEPTH {
            return Err(SignFault::document("its form has no end"));
        }
        let field = self.dictionary(id)?;
        let own = self.value(field, "T").and_then(|name| name.as_str().ok());
        let own = own.map(text).unwrap_or_default();
        let name = if parent.is_empty() {
            own
        } else {
            format!("{parent}.{own}")
        };
        if name.len() > LONGEST_NAME || found.len() >= MOST_FIELDS {
            return Err(SignFault::document("its form is too large"));
        }
        let kind = self
            .value(field, "FT")
            .and_then(|kind| kind.as_name().ok())
            .unwrap_or(kind);
        let below = self.references(field, "Kids");
        let named = |id: &ObjectId| self.dictionary(*id).is_ok_and(|kid| kid.has(b"T"));
        let below: Vec<ObjectId> = below.into_iter().filter(named).collect();
        for kid in &below {
            self.collect(*kid, (&name, kind, depth.saturating_add(1)), seen, found)?;
        }
        if below.is_empty() {
            found.push(Field {
                id,
                name,
                kind: kind.to_vec(),
                filled: self.value(field, "V").is_some(),
                is_widget: field.has(b"Rect"),
            });
        }
        Ok(())
    }

    /// The references in an array of a dictionary.
    pub(super) fn references(&self, of: &Dictionary, key: &str) -> Vec<ObjectId> {
        let array = self.value(of, key).and_then(|array| array.as_array().ok());
        let array = array.into_iter().flatten();
        array.filter_map(|item| item.as_reference().ok()).collect()
    }

    fn form(&mut self) -> Result<Spot, SignFault> {
        match self.catalog()?.get(b"AcroForm").cloned() {
            Ok(Object::Reference(object)) => Ok(Spot {
                object,
                inside: None,
            }),
            Ok(Object::Dictionary(_)) => Ok(Spot {
                object: self.catalog,
                inside: Some("AcroForm"),
            }),
            _ => {
                let mut form = Dictionary::new();
                form.set("Fields", Object::Array(Vec::new()));
                let object = self.add(form);
                self.edit_catalog()?
                    .set("AcroForm", Object::Reference(object));
                Ok(Spot {
                    object,
                    inside: None,
                })
            }
        }
    }

    fn edit_spot(&mut self, spot: Spot) -> Result<&mut Dictionary, SignFault> {
        let object = self.edit(spot.object)?;
        let Some(key) = spot.inside else {
            return Ok(object);
        };
        let inner = object.get_mut(key.as_bytes()).and_then(Object::as_dict_mut);
        inner.map_err(SignFault::document)
    }

    /// Adds a reference to an array that may be absent, direct, or an object of its own.
    fn push(&mut self, spot: Spot, key: &'static str, id: ObjectId) -> Result<(), SignFault> {
        let holder = self.edit_spot(spot)?;
        let array = match holder.get_mut(key.as_bytes()) {
            Ok(Object::Reference(array)) => {
                let array = *array;
                self.edit_object(array)?
            }
            Ok(Object::Array(_)) => holder
                .get_mut(key.as_bytes())
                .map_err(SignFault::document)?,
            _ => {
                holder.set(key, Object::Array(Vec::new()));
                holder
                    .get_mut(key.as_bytes())
                    .map_err(SignFault::document)?
            }
        };
        let array = array.as_array_mut().map_err(SignFault::document)?;
        array.push(Object::Reference(id));
        Ok(())
    }
}

/// A text string of a PDF as we write it: plain letters as they are, which every program writes the
/// same, others in UTF-16 with its mark.
pub(super) fn text_string(text: &str) -> Object {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Object::string_literal(text);
    }
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}

pub(super) fn name(name: &str) -> Object {
    Object::Name(name.as_bytes().to_vec())
}

/// A text string as others write it; bytes of the old encoding are read as Latin.
fn text(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => {
            let units = rest.chunks_exact(2).filter_map(|pair| pair.try_into().ok());
            let units: Vec<u16> = units.map(u16::from_be_bytes).collect();
            String::from_utf16_lossy(&units)
        }
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// The second half of a file's identity changes with every revision.
fn renew_identity(trailer: &mut Dictionary, bytes: &[u8]) {
    let Ok(Object::Array(identity)) = trailer.get_mut(b"ID") else {
        return;
    };
    if let Some(second) = identity.get_mut(1) {
        let hash = sha256(bytes).into_iter().take(16).collect();
        *second = Object::String(hash, StringFormat::Hexadecimal);
    }
}
