//! A signature in two steps: the document with a hole for it, and the hole filled.

use jiff::civil::DateTime;
use lopdf::{Dictionary, Object, ObjectId, dictionary};

use super::cms::{Signer, sha256};
use super::face::{self, Sheet};
use super::fault::SignFault;
use super::fields;
use super::hollow::{Hollow, hole_entries};
use super::order::{Algorithm, Order, Standing};
use super::revision::{Field, Revision, name, text_string};

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
