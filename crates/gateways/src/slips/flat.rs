//! A signed document as it is seen on paper: what its fields and signatures show becomes part of its
//! pages. For a printer alone: the signatures themselves prove nothing any more.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

/// Flags of an annotation: hidden; printed.
const HIDDEN: i64 = 2;
const PRINTED: i64 = 4;
/// Pages are nested a few levels.
const DEPTH: usize = 32;

/// The document with everything that is printed on its pages, and no field left.
pub(super) fn flat(bytes: &[u8]) -> Result<Vec<u8>, lopdf::Error> {
    let mut document = Document::load_mem(bytes)?;
    let pages: Vec<ObjectId> = document.page_iter().collect();
    for page in pages {
        let seen = seen(&document, page);
        if !seen.is_empty() {
            draw(&mut document, page, &seen)?;
        }
        document.get_dictionary_mut(page)?.remove(b"Annots");
    }
    document.catalog_mut()?.remove(b"AcroForm");
    let mut flat = Vec::with_capacity(bytes.len());
    document.save_to(&mut flat)?;
    Ok(flat)
}

/// A form that an annotation shows, and where it stands on the page.
struct Seen {
    form: ObjectId,
    matrix: [f32; 6],
}

fn seen(document: &Document, page: ObjectId) -> Vec<Seen> {
    let annotations = document.get_dictionary(page).ok();
    let annotations = annotations.and_then(|page| array(document, page, b"Annots"));
    let annotations = annotations.unwrap_or_default();
    let dictionaries = annotations
        .iter()
        .filter_map(|one| dictionary(document, one));
    dictionaries
        .filter_map(|annotation| of_annotation(document, annotation))
        .collect()
}

fn of_annotation(document: &Document, annotation: &Dictionary) -> Option<Seen> {
    let flags = annotation.get(b"F").and_then(Object::as_i64).unwrap_or(0);
    if flags & HIDDEN != 0 || flags & PRINTED == 0 {
        return None;
    }
    let looks = dictionary(document, annotation.get(b"AP").ok()?)?;
    let form = looks.get(b"N").ok()?.as_reference().ok()?;
    let stream = document.get_object(form).ok()?.as_stream().ok()?;
    let place = numbers::<4>(document, annotation, b"Rect")?;
    let room = numbers::<4>(document, &stream.dict, b"BBox")?;
    let own = numbers::<6>(document, &stream.dict, b"Matrix");
    let turned = own.map_or(room, |matrix| bounds(matrix, room));
    let [x0, y0, x1, y1] = ordered(place);
    let [a0, b0, a1, b1] = ordered(turned);
    let (wide, high) = (a1 - a0, b1 - b0);
    if wide <= 0.0 || high <= 0.0 || x1 <= x0 || y1 <= y0 {
        return None;
    }
    let (across, up) = ((x1 - x0) / wide, (y1 - y0) / high);
    Some(Seen {
        form,
        matrix: [across, 0.0, 0.0, up, x0 - a0 * across, y0 - b0 * up],
    })
}

/// Puts the forms on the page, over what is there.
fn draw(document: &mut Document, page: ObjectId, seen: &[Seen]) -> Result<(), lopdf::Error> {
    let mut resources = resources(document, page);
    let mut forms = resources
        .get(b"XObject")
        .ok()
        .and_then(|forms| dictionary(document, forms))
        .cloned()
        .unwrap_or_default();
    let mut after = String::from("Q\n");
    for (nth, one) in seen.iter().enumerate() {
        let name = format!("Seen{nth}");
        let matrix = one.matrix.map(|number| number.to_string()).join(" ");
        after.extend(["q ", &matrix, " cm /", &name, " Do Q\n"]);
        forms.set(name, one.form);
    }
    resources.set("XObject", forms);
    let before = document.add_object(Stream::new(dictionary! {}, b"q\n".to_vec()));
    let after = document.add_object(Stream::new(dictionary! {}, after.into_bytes()));
    let contents = document
        .get_dictionary(page)?
        .get(b"Contents")
        .ok()
        .cloned();
    let mut parts = vec![Object::Reference(before)];
    match contents {
        Some(Object::Array(there)) => parts.extend(there),
        Some(Object::Reference(id)) => match document.get_object(id)? {
            Object::Array(there) => parts.extend(there.iter().cloned()),
            _ => parts.push(Object::Reference(id)),
        },
        _ => {}
    }
    parts.push(Object::Reference(after));
    let page = document.get_dictionary_mut(page)?;
    page.set("Contents", parts);
    page.set("Resources", resources);
    Ok(())
}

/// The resources of a page, which may be those of what it is in.
fn resources(document: &Document, page: ObjectId) -> Dictionary {
    let mut at = document.get_dictionary(page).ok();
    for _ in 0..DEPTH {
        let Some(node) = at else { break };
        if let Some(found) = node
            .get(b"Resources")
            .ok()
            .and_then(|of| dictionary(document, of))
        {
            return found.clone();
        }
        at = node
            .get(b"Parent")
            .ok()
            .and_then(|of| dictionary(document, of));
    }
    Dictionary::new()
}

fn dictionary<'a>(document: &'a Document, value: &'a Object) -> Option<&'a Dictionary> {
    document.dereference(value).ok()?.1.as_dict().ok()
}

fn array(document: &Document, of: &Dictionary, key: &[u8]) -> Option<Vec<Object>> {
    let value = document.dereference(of.get(key).ok()?).ok()?.1;
    value.as_array().ok().cloned()
}

fn numbers<const N: usize>(document: &Document, of: &Dictionary, key: &[u8]) -> Option<[f32; N]> {
    let read = |value: &Object| document.dereference(value).ok()?.1.as_float().ok();
    let values = array(document, of, key)?;
    let values: Vec<f32> = values.iter().filter_map(read).collect();
    values.try_into().ok()
}

/// Left, low, right and upper edge, whichever corners were named.
fn ordered([x0, y0, x1, y1]: [f32; 4]) -> [f32; 4] {
    [x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1)]
}

/// The edges of a rectangle after a matrix.
fn bounds([xx, xy, yx, yy, along, up]: [f32; 6], [x0, y0, x1, y1]: [f32; 4]) -> [f32; 4] {
    let corners = [(x0, y0), (x1, y0), (x0, y1), (x1, y1)];
    let there = corners.map(|(x, y)| (xx * x + yx * y + along, xy * x + yy * y + up));
    let mut edges = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
    for (x, y) in there {
        edges = [
            edges[0].min(x),
            edges[1].min(y),
            edges[2].max(x),
            edges[3].max(y),
        ];
    }
    edges
}
