//! A signature in two steps: the document with a hole for it, and the hole filled.

use std::ops::Range;

use jiff::civil::DateTime;
use lopdf::{Dictionary, Object, ObjectId, StringFormat, dictionary};

use super::cms::{Signer, sha256};
use super::face::{self, Sheet};
use super::fault::SignFault;
use super::fields;
use super::order::{Algorithm, Order, Standing};
use super::revision::{Field, Revision, name, text_string};

/// What stands where the ranges will be is at least so much, and below ten times as much: wide enough
/// for any of them.
const BLANK: u64 = 1_000_000_000;
/// More than the longest ranges take, with their blanks.
const RANGES: usize = 64;
/// More than the message is expected to take.
const MARGIN: usize = 256;
/// A widget that is printed and cannot be moved.
const PRINTED_LOCKED: i64 = 4 + 128;

/// A document with a hole for its signature, waiting for the key.
#[derive(Clone, Debug)]
pub struct Prepared {
    hollow: Hollow,
    signer: Signer,
    attributes: Vec<u8>,
}

/// Makes the revision that a key will sign. Equal orders give equal bytes.
pub fn prepare(document: &[u8], order: &Order) -> Result<Prepared, SignFault> {
    let signer = Signer::parse(&order.chain, order.algorithm)?;
    let room = signer.room()?.saturating_add(MARGIN);
    let room = room.saturating_add(order.stamp_room);
    let hollow = hollowed(document, order, (signer.name(), room))?;
    Prepared::new(hollow, signer)
}

/// Whether a document can be signed by such an order, whoever signs: all is done but the signature.
pub fn takes(document: &[u8], order: &Order) -> Result<(), SignFault> {
    hollowed(document, order, (None, MARGIN)).map(drop)
}

fn hollowed(
    document: &[u8],
    order: &Order,
    (name, room): (Option<String>, usize),
) -> Result<Hollow, SignFault> {
    let mut revision = Revision::open(document)?;
    let mut signature = dictionary(order, name);
    hole_entries(&mut signature, document, room);
    let signature = revision.add(signature);
    lay_out(&mut revision, order, signature)?;
    let form = revision.edit_form()?;
    form.set("SigFlags", 3);
    if order.standing == Standing::Certifies {
        certify(&mut revision, signature)?;
    }
    Hollow::dig(revision.write()?, document)
}

impl Prepared {
    /// Takes up again what [`Self::unfinished`] gave, with the same certificates.
    pub fn resume(
        unfinished: Vec<u8>,
        chain: &[Vec<u8>],
        algorithm: Algorithm,
    ) -> Result<Self, SignFault> {
        let hollow = Hollow::find(unfinished)?;
        Self::new(hollow, Signer::parse(chain, algorithm)?)
    }

    fn new(hollow: Hollow, signer: Signer) -> Result<Self, SignFault> {
        let attributes = signer.attributes(&hollow.digest())?;
        Ok(Self {
            hollow,
            signer,
            attributes,
        })
    }

    /// The document with its hole: to be kept while somebody's approval is awaited.
    pub fn unfinished(&self) -> &[u8] {
        &self.hollow.bytes
    }

    /// What the key signs: the signed attributes in DER.
    pub fn attributes(&self) -> &[u8] {
        &self.attributes
    }

    /// SHA-256 of the attributes, for services that sign digests.
    pub fn digest(&self) -> [u8; 32] {
        sha256(&self.attributes)
    }

    /// Whether this is the signature of the prepared document by its signer.
    pub fn check(&self, signature: &[u8]) -> Result<(), SignFault> {
        self.signer.check(&self.attributes, signature)
    }

    /// The signed document. `stamp` is the time stamp of the signature, in DER.
    pub fn finish(self, signature: &[u8], stamp: Option<&[u8]>) -> Result<Vec<u8>, SignFault> {
        self.check(signature)?;
        let message = self.signer.message(&self.attributes, signature, stamp)?;
        self.hollow.fill(&message)
    }
}

/// A document whose last signature is still zeros.
#[derive(Clone, Debug)]
pub(super) struct Hollow {
    bytes: Vec<u8>,
    /// The hexadecimal digits, without their brackets.
    hole: Range<usize>,
}

impl Hollow {
    /// Finds the hole that was written after what was given and says in the document where it is.
    pub(super) fn dig(mut bytes: Vec<u8>, given: &[u8]) -> Result<Self, SignFault> {
        let [first, second, third] = blanks(given);
        let blank = format!("[0 {first} {second} {third}]");
        let missing = || SignFault::document("the place of its signature is lost");
        let at = position(&bytes, blank.as_bytes(), given.len()).ok_or_else(missing)?;
        let hole = zeros(&bytes, at).ok_or_else(missing)?;
        let (before, after) = (hole.start.saturating_sub(1), hole.end.saturating_add(1));
        let rest = bytes.len().saturating_sub(after);
        let ranges = format!("[0 {before} {after} {rest}");
        let width = blank.len().saturating_sub(1);
        let ranges = format!("{ranges:<width$}]");
        let place = bytes.get_mut(at..at.saturating_add(blank.len()));
        place
            .ok_or_else(missing)?
            .copy_from_slice(ranges.as_bytes());
        Ok(Self { bytes, hole })
    }

    fn find(bytes: Vec<u8>) -> Result<Self, SignFault> {
        let missing = || SignFault::document("it awaits no signature");
        let key = b"/ByteRange";
        let mut places = bytes.windows(key.len()).enumerate().rev();
        let hole = places.find_map(|(at, window)| {
            let behind = at.checked_add(key.len()).filter(|_| window == key)?;
            hole_said(&bytes, behind)
        });
        let hole = hole.ok_or_else(missing)?;
        Ok(Self { bytes, hole })
    }

    /// SHA-256 of everything but the hole.
    pub(super) fn digest(&self) -> [u8; 32] {
        let mut context = ring::digest::Context::new(&ring::digest::SHA256);
        let (before, after) = (
            self.hole.start.saturating_sub(1),
            self.hole.end.saturating_add(1),
        );
        context.update(self.bytes.get(..before).unwrap_or_default());
        context.update(self.bytes.get(after..).unwrap_or_default());
        let hash = context.finish();
        hash.as_ref().try_into().expect("SHA-256 has 32 bytes")
    }

    pub(super) fn fill(mut self, message: &[u8]) -> Result<Vec<u8>, SignFault> {
        let room = self.hole.len() / 2;
        let digits = hex::encode_upper(message);
        let end = self.hole.start.saturating_add(digits.len());
        if end > self.hole.end {
            let needed = message.len();
            return Err(SignFault::Room { needed, room });
        }
        let place = self.bytes.get_mut(self.hole.start..end);
        let place = place.ok_or_else(|| SignFault::document("its hole is lost"))?;
        place.copy_from_slice(digits.as_bytes());
        Ok(self.bytes)
    }
}

/// The signature's place in a dictionary: its ranges first, so that the hole follows them.
pub(super) fn hole_entries(signature: &mut Dictionary, given: &[u8], room: usize) {
    let [first, second, third] = blanks(given);
    let blanks = [0, first, second, third].map(Object::Integer);
    signature.set("ByteRange", Object::Array(blanks.into()));
    signature.set(
        "Contents",
        Object::String(vec![0; room], StringFormat::Hexadecimal),
    );
}

/// Puts an unseen field with that signature on the first page.
pub(super) fn add_unseen(
    revision: &mut Revision,
    field: &str,
    signature: ObjectId,
) -> Result<(), SignFault> {
    let page = revision.page(1)?;
    let field = revision.add(dictionary! {
        "Type" => "Annot",
        "Subtype" => "Widget",
        "FT" => "Sig",
        "T" => text_string(field),
        "F" => PRINTED_LOCKED,
        "Rect" => vec![0.into(), 0.into(), 0.into(), 0.into()],
        "P" => page,
        "V" => signature,
    });
    revision.add_field(field)?;
    revision.annotate(page, field)
}

/// What stands where the ranges will be. It comes from the whole document, so that no text in it can be
/// taken for it.
fn blanks(given: &[u8]) -> [i64; 3] {
    let hash = sha256(given);
    let mut each = hash.chunks_exact(8).map(|part| {
        let number = part
            .iter()
            .fold(0_u64, |all, one| all << 8 | u64::from(*one));
        i64::try_from(BLANK + number % (9 * BLANK)).unwrap_or_default()
    });
    [(); 3].map(|()| each.next().unwrap_or_default())
}

fn dictionary(order: &Order, name_of_signer: Option<String>) -> Dictionary {
    let mut signature = dictionary! {
        "Type" => "Sig",
        "Filter" => "Adobe.PPKLite",
        "SubFilter" => "ETSI.CAdES.detached",
    };
    signature.set("M", Object::string_literal(claimed(order.at)));
    if let Some(name) = name_of_signer {
        signature.set("Name", text_string(&name));
    }
    if !order.reason.is_empty() {
        signature.set("Reason", text_string(&order.reason));
    }
    let mut transforms = Vec::new();
    if order.standing == Standing::Certifies {
        let level = dictionary! { "Type" => "TransformParams", "P" => 2, "V" => name("1.2") };
        transforms.push(transform("DocMDP", level));
    }
    if order.standing == Standing::Closes {
        let all = dictionary! {
            "Type" => "TransformParams",
            "Action" => "All",
            "V" => name("1.2"),
        };
        transforms.push(transform("FieldMDP", all));
    } else if !order.lock.is_empty() {
        let fields = order.lock.iter().map(|field| text_string(field));
        let locked = dictionary! {
            "Type" => "TransformParams",
            "Action" => "Include",
            "Fields" => fields.collect::<Vec<_>>(),
            "V" => name("1.2"),
        };
        transforms.push(transform("FieldMDP", locked));
    }
    if !transforms.is_empty() {
        signature.set("Reference", Object::Array(transforms));
    }
    signature
}

fn transform(method: &str, parameters: Dictionary) -> Object {
    Object::Dictionary(dictionary! {
        "Type" => "SigRef",
        "TransformMethod" => name(method),
        "TransformParams" => parameters,
    })
}

fn claimed(at: DateTime) -> String {
    format!("{}+07'00'", at.strftime("D:%Y%m%d%H%M%S"))
}

/// Fills fields and puts the signature into its own, drawing all of it at once.
fn lay_out(revision: &mut Revision, order: &Order, signature: ObjectId) -> Result<(), SignFault> {
    let all = revision.fields()?;
    let mut sheets = Vec::new();
    let mut fills = Vec::new();
    for (field, value) in &order.fill {
        let (id, sheet) = fields::to_fill(revision, &all, field, value)?;
        sheets.push(sheet);
        fills.push((id, value));
    }
    let existing = existing(&all, order)?;
    let mut turned = 0;
    if let Some(appearance) = &order.appearance {
        let place = appearance.place;
        let (mut width, mut height) = (place.width, place.height);
        if let Some(field) = existing {
            (width, height) = fields::size(revision, field)?;
        } else {
            turned = revision.quarters(place.page)?;
        }
        if turned % 2 == 1 {
            (width, height) = (height, width);
        }
        sheets.push(Sheet::of_face(&appearance.face, width, height));
    }
    let mut drawn = face::draw(revision, sheets)?.into_iter();
    for ((id, value), form) in fills.into_iter().zip(drawn.by_ref()) {
        fields::fill(revision, id, value, form)?;
    }
    let form = drawn.next();
    if let Some(form) = form {
        upright(revision, form, turned)?;
    }
    place(revision, order, existing, (signature, form))
}

/// Turns what is seen against the turn of its page: it stands upright when the page is shown.
fn upright(revision: &mut Revision, form: ObjectId, quarters: u8) -> Result<(), SignFault> {
    let (along, up) = match quarters {
        1 => (0, 1),
        2 => (-1, 0),
        3 => (0, -1),
        _ => return Ok(()),
    };
    let matrix = [along, up, -up, along, 0, 0].map(Object::Integer);
    let form = revision.edit_stream(form)?;
    form.set("Matrix", Object::Array(matrix.into()));
    Ok(())
}

fn existing(all: &[Field], order: &Order) -> Result<Option<ObjectId>, SignFault> {
    let fault = |why| SignFault::Field {
        name: order.field.clone(),
        why,
    };
    let signed = all.iter().any(|field| field.is("Sig") && field.filled);
    if order.standing == Standing::Certifies && signed {
        return Err(fault("cannot certify what is signed already"));
    }
    match all.iter().find(|field| field.name == order.field) {
        None => Ok(None),
        Some(field) if !field.is("Sig") => Err(fault("is no signature field")),
        Some(field) if field.filled => Err(fault("is signed already")),
        Some(field) if !field.is_widget => Err(fault("has no place on a page")),
        Some(field) => Ok(Some(field.id)),
    }
}

fn place(
    revision: &mut Revision,
    order: &Order,
    existing: Option<ObjectId>,
    (signature, form): (ObjectId, Option<ObjectId>),
) -> Result<(), SignFault> {
    let field = match (existing, &order.appearance) {
        (Some(field), _) => field,
        (None, None) => return add_unseen(revision, &order.field, signature),
        (None, Some(appearance)) => {
            fields::add_signature_field(revision, &order.field, appearance.place)?
        }
    };
    let field = revision.edit(field)?;
    field.set("V", signature);
    field.set("F", PRINTED_LOCKED);
    if let Some(form) = form {
        field.set("AP", dictionary! { "N" => form });
    }
    Ok(())
}

fn certify(revision: &mut Revision, signature: ObjectId) -> Result<(), SignFault> {
    if revision.catalog()?.has(b"Perms") {
        return Err(SignFault::document("it is certified already"));
    }
    let catalog = revision.edit_catalog()?;
    catalog.set("Perms", dictionary! { "DocMDP" => signature });
    Ok(())
}

fn position(bytes: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let found = rest
        .windows(wanted.len())
        .position(|window| window == wanted)?;
    from.checked_add(found)
}

/// The hole that the ranges at a place speak of, if it is one in all of these bytes.
fn hole_said(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let said = bytes.get(at..)?;
    let said = said.get(..RANGES.min(said.len()))?;
    let end = said.iter().position(|byte| *byte == b']')?;
    let said = std::str::from_utf8(said.get(..end)?).ok()?;
    let numbers = said.trim_start().strip_prefix('[')?;
    let numbers = numbers.split_ascii_whitespace().map(|one| one.parse().ok());
    let numbers: Option<Vec<usize>> = numbers.collect();
    let [0, before, after, rest] = numbers.as_deref()? else {
        return None;
    };
    let hole = before.checked_add(1)?..after.checked_sub(1)?;
    let whole = after.checked_add(*rest)? == bytes.len();
    let framed = bytes.get(*before) == Some(&b'<') && bytes.get(hole.end) == Some(&b'>');
    let digits = bytes.get(hole.clone()).filter(|_| whole && framed)?;
    (!digits.is_empty() && digits.iter().all(|digit| *digit == b'0')).then_some(hole)
}

/// The first hexadecimal string after a place, which must be zeros.
fn zeros(bytes: &[u8], from: usize) -> Option<Range<usize>> {
    let start = position(bytes, b"<", from)?.checked_add(1)?;
    let end = position(bytes, b">", start)?;
    let digits = bytes.get(start..end)?;
    (!digits.is_empty() && digits.iter().all(|digit| *digit == b'0')).then_some(start..end)
}
