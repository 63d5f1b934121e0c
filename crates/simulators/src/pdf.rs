//! A plain signature on a PDF document (`adbe.pkcs7.detached`), as the programs of others write it.

use std::io;

use lopdf::{
    Dictionary, Document, IncrementalDocument, Object, ObjectId, StringFormat, dictionary,
};

use crate::authority::{Identity, other};
use crate::signed::{Certificates, Content, signed};

/// Bytes kept free for the signature.
const ROOM: usize = 8192;
/// As wide as a number of the ranges can be.
const WIDE: i64 = 9_999_999_999;

/// The document with one revision more, which signs it.
pub(crate) fn sign(pdf: &[u8], by: &Identity, reason: &str) -> io::Result<Vec<u8>> {
    let document = Document::load_mem(pdf).map_err(other)?;
    let mut revision = IncrementalDocument::create_from(pdf.to_vec(), document);
    add_signature(&mut revision, reason).map_err(other)?;
    let mut bytes = Vec::new();
    revision.save_to(&mut bytes)?;
    filled(bytes, pdf.len(), by)
}

fn add_signature(revision: &mut IncrementalDocument, reason: &str) -> lopdf::Result<()> {
    let signature = revision.new_document.add_object(dictionary! {
        "Type" => "Sig",
        "Filter" => "Adobe.PPKLite",
        "SubFilter" => "adbe.pkcs7.detached",
        "Reason" => Object::string_literal(reason),
        "ByteRange" => vec![0.into(), WIDE.into(), WIDE.into(), WIDE.into()],
        "Contents" => Object::String(vec![0; ROOM], StringFormat::Hexadecimal),
    });
    let form = form_of(revision)?;
    if let Some(field) = empty_field(revision, form) {
        revision.opt_clone_object_to_new_document(field)?;
        let field = revision.new_document.get_dictionary_mut(field)?;
        field.set("V", signature);
        field.set("F", 132);
        return flagged(revision, form);
    }
    let page = first_page(revision.get_prev_documents())?;
    let field = revision.new_document.add_object(dictionary! {
        "Type" => "Annot",
        "Subtype" => "Widget",
        "FT" => "Sig",
        "T" => Object::string_literal(format!("Token{}", signature.0)),
        "V" => signature,
        "P" => page,
        "F" => 132,
        "Rect" => vec![0.into(), 0.into(), 0.into(), 0.into()],
    });
    append(revision, page, b"Annots", field)?;
    append(revision, form, b"Fields", field)?;
    flagged(revision, form)
}

fn flagged(revision: &mut IncrementalDocument, form: ObjectId) -> lopdf::Result<()> {
    let form = revision.new_document.get_dictionary_mut(form)?;
    form.set("SigFlags", 3);
    Ok(())
}

/// The first field for a signature that nobody has signed.
fn empty_field(revision: &IncrementalDocument, form: ObjectId) -> Option<ObjectId> {
    let old = revision.get_prev_documents();
    let form = revision.new_document.get_dictionary(form).ok()?;
    let listed = form.get_deref(b"Fields", old).ok()?.as_array().ok()?;
    let mut each = listed.iter().filter_map(|item| item.as_reference().ok());
    each.find(|id| {
        old.get_dictionary(*id).is_ok_and(|field| {
            let kind = field.get(b"FT").and_then(Object::as_name);
            kind.is_ok_and(|kind| kind == b"Sig") && !field.has(b"V")
        })
    })
}

fn first_page(document: &Document) -> lopdf::Result<ObjectId> {
    document
        .page_iter()
        .next()
        .ok_or(lopdf::Error::PageNumberNotFound(1))
}

/// The form as an object of its own, made or moved when it was none.
fn form_of(revision: &mut IncrementalDocument) -> lopdf::Result<ObjectId> {
    let old = revision.get_prev_documents();
    let root = old.trailer.get(b"Root")?.as_reference()?;
    let form = old.catalog()?.get(b"AcroForm").ok().cloned();
    if let Some(Object::Reference(form)) = form {
        revision.opt_clone_object_to_new_document(form)?;
        return Ok(form);
    }
    let form = form.unwrap_or_else(|| Object::Dictionary(Dictionary::new()));
    let form = revision.new_document.add_object(form);
    revision.opt_clone_object_to_new_document(root)?;
    let root = revision.new_document.get_dictionary_mut(root)?;
    root.set("AcroForm", form);
    Ok(form)
}

/// Appends a reference to a list of an object; the list may stand in an object of its own.
fn append(
    revision: &mut IncrementalDocument,
    holder: ObjectId,
    list: &[u8],
    item: ObjectId,
) -> lopdf::Result<()> {
    revision.opt_clone_object_to_new_document(holder)?;
    let held = revision.new_document.get_dictionary(holder)?.get(list).ok();
    let elsewhere = held.and_then(|held| held.as_reference().ok());
    if let Some(elsewhere) = elsewhere {
        revision.opt_clone_object_to_new_document(elsewhere)?;
        let items = revision.new_document.get_object_mut(elsewhere)?;
        items.as_array_mut()?.push(item.into());
        return Ok(());
    }
    let holder = revision.new_document.get_dictionary_mut(holder)?;
    let mut items = match holder.get(list) {
        Ok(items) => items.as_array()?.clone(),
        Err(_) => Vec::new(),
    };
    items.push(item.into());
    holder.set(list, items);
    Ok(())
}

/// Writes the ranges and the signature into the places kept free after `from`.
fn filled(mut bytes: Vec<u8>, from: usize, by: &Identity) -> io::Result<Vec<u8>> {
    let zeros = "0".repeat(ROOM * 2);
    let hole = find(&bytes, from, format!("<{zeros}>").as_bytes())?;
    let after = hole + ROOM * 2 + 2;
    let numbers = format!("{WIDE} {WIDE} {WIDE}");
    let place = find(&bytes, from, numbers.as_bytes())?;
    let written = format!("{hole} {after} {}", bytes.len() - after);
    let written = format!("{written:<width$}", width = numbers.len());
    put(&mut bytes, place, written.as_bytes())?;
    let (before, rest) = bytes.split_at_checked(hole).ok_or_else(|| other("cut"))?;
    let rest = rest.get(ROOM * 2 + 2..).ok_or_else(|| other("cut"))?;
    let content = [before, rest].concat();
    let signature = signed(Content::Detached(&content), by, Certificates::All)?;
    if signature.len() > ROOM {
        return Err(other("the signature is too long"));
    }
    put(&mut bytes, hole + 1, hex::encode(signature).as_bytes())?;
    Ok(bytes)
}

fn find(bytes: &[u8], from: usize, wanted: &[u8]) -> io::Result<usize> {
    let tail = bytes.get(from..).unwrap_or_default();
    let found = tail
        .windows(wanted.len())
        .position(|window| window == wanted);
    found
        .map(|found| found + from)
        .ok_or_else(|| other("no place for the signature"))
}

fn put(bytes: &mut [u8], at: usize, text: &[u8]) -> io::Result<()> {
    let place = bytes.get_mut(at..at + text.len());
    place.ok_or_else(|| other("cut"))?.copy_from_slice(text);
    Ok(())
}
