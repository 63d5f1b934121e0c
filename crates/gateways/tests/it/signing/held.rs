//! A signature that another place of the document claims for itself: the value of a field is held by
//! another one than was signed.

use gateways::verify::{Conclusion, Evidence, Overall, Trust, Verdict, validate};
use lopdf::{Dictionary, Document, Object, ObjectId, dictionary};

use super::fields::draft;
use super::forged::appended;
use super::{AUTHORITY, at, order, sign, signer};
use crate::authority::{Kind, pem};

fn judged(document: &[u8]) -> Verdict {
    let trust = Trust::parse(&pem(AUTHORITY.root())).unwrap();
    let when = at().to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
    validate(document, &trust, when, &Evidence::default())
}

/// The field of that name.
fn field(document: &Document, name: &str) -> (ObjectId, Dictionary) {
    let named = |field: &Dictionary| {
        let own = field.get(b"T").and_then(Object::as_str).unwrap_or_default();
        let letters = own.iter().copied().filter(|one| (1..128).contains(one));
        letters.eq(name.bytes())
    };
    let mut fields = document.objects.iter().filter_map(|(id, object)| {
        let field = object.as_dict().ok()?;
        named(field).then(|| (*id, field.clone()))
    });
    fields.next().unwrap()
}

fn value(document: &Document) -> Object {
    field(document, "person").1.get(b"V").unwrap().clone()
}

fn with(mut field: Dictionary, key: &str, value: Object) -> Dictionary {
    field.set(key, value);
    field
}

fn without(mut field: Dictionary, keys: &[&str]) -> Dictionary {
    for key in keys {
        field.remove(key.as_bytes());
    }
    field
}

/// In place of the person's field the form lists a parent that has its name and its value, and shows that
/// field.
fn under_a_parent(read: &Document, update: &mut Document, shown: &str) {
    let (person, own) = field(read, "person");
    let (kid, widget) = field(read, shown);
    let parent = update.add_object(dictionary! {
        "FT" => "Sig",
        "T" => own.get(b"T").unwrap().clone(),
        "V" => value(read),
        "Kids" => vec![kid.into()],
    });
    let bare = without(widget, &["FT", "T", "V"]);
    update.set_object(kid, with(bare, "Parent", parent.into()));
    let mut catalogue = read.catalog().unwrap().clone();
    let form = read.dereference(catalogue.get(b"AcroForm").unwrap());
    let mut form = form.unwrap().1.as_dict().unwrap().clone();
    let listed = read.dereference(form.get(b"Fields").unwrap()).unwrap().1;
    let listed = listed.as_array().unwrap().iter().filter_map(|one| {
        let id = one.as_reference().unwrap();
        let moved = if id == person { parent } else { id };
        (id == person || id != kid).then(|| Object::from(moved))
    });
    form.set("Fields", listed.collect::<Vec<_>>());
    catalogue.set("AcroForm", form);
    let root = read.trailer.get(b"Root").unwrap().as_reference().unwrap();
    update.set_object(root, catalogue);
}

type Change = fn(&Document, &mut Document);

/// What somebody appends so that the person's signature stands in another place.
const AFTERWARDS: [(&str, Change); 7] = [
    ("two fields with one value", |read, update| {
        let (id, agency) = field(read, "agency");
        update.set_object(id, with(agency, "V", value(read)));
    }),
    ("the value in another field", |read, update| {
        let (id, agency) = field(read, "agency");
        update.set_object(id, with(agency, "V", value(read)));
        let (id, person) = field(read, "person");
        update.set_object(id, without(person, &["V"]));
    }),
    ("a value that leads to the value", |read, update| {
        let leads = update.add_object(value(read));
        let (id, agency) = field(read, "agency");
        update.set_object(id, with(agency, "V", leads.into()));
    }),
    ("a copy of the value", |read, update| {
        let own = read.dereference(&value(read)).unwrap().1.clone();
        let copy = update.add_object(own);
        let (id, agency) = field(read, "agency");
        update.set_object(id, with(agency, "V", copy.into()));
    }),
    ("another widget in the field", |read, update| {
        let (id, person) = field(read, "person");
        let (_, agency) = field(read, "agency");
        let widget = with(agency, "T", person.get(b"T").unwrap().clone());
        update.set_object(id, with(widget, "V", value(read)));
    }),
    ("the value in a parent", |read, update| {
        under_a_parent(read, update, "person");
    }),
    ("the value in a parent of another widget", |read, update| {
        under_a_parent(read, update, "agency");
    }),
];

fn is_good(conclusion: Conclusion) -> bool {
    conclusion <= Conclusion::RevocationUnknown
}

/// Whether the document as a whole is good; no signature of it is in another place than its own.
fn good_in_its_place(name: &str, document: &[u8]) -> bool {
    let verdict = judged(document);
    for one in &verdict.signatures {
        let own = one.field == "person" || !is_good(one.conclusion);
        assert!(own, "{name}: {verdict:#?}");
    }
    matches!(verdict.overall, Overall::Signed(worst) if is_good(worst))
}

#[test]
fn a_signature_is_valid_in_no_place_but_its_own() {
    let person = signer("Bùi Hữu Nghĩa", Kind::Ec);
    let signed = sign(&draft(), &order("person", &person, Kind::Ec), &person);
    let good = Overall::Signed(Conclusion::RevocationUnknown);
    assert_eq!(judged(&signed).overall, good);
    for (name, change) in AFTERWARDS {
        let forged = appended(&signed, change);
        assert!(!good_in_its_place(name, &forged), "{name}");
    }
}

/// Another field has the number that the signature will get before it is made: it is filled then, so that
/// the one signature would show in both.
#[test]
fn a_place_that_waits_for_the_signature_of_another_is_found() {
    let person = signer("Bùi Hữu Nghĩa", Kind::Ec);
    let waits = |number: u32, parent: bool| {
        appended(&draft(), |read, update| {
            let (id, agency) = field(read, "agency");
            let value = Object::Reference((number, 0));
            if parent {
                let parent = update.add_object(dictionary! {
                    "FT" => "Sig", "T" => Object::string_literal("above"), "V" => value,
                });
                update.set_object(id, with(agency, "Parent", parent.into()));
            } else {
                update.set_object(id, with(agency, "V", value));
            }
        })
    };
    let signed = |document: &[u8]| sign(document, &order("person", &person, Kind::Ec), &person);
    for parent in [false, true] {
        let known = Document::load_mem(&signed(&waits(900, parent))).unwrap();
        let (number, _) = value(&known).as_reference().unwrap();
        let forged = signed(&waits(number, parent));
        let read = Document::load_mem(&forged).unwrap();
        assert_eq!(value(&read).as_reference().unwrap().0, number);
        // A parent that no list of fields names gives its kid nothing.
        let good = good_in_its_place("waiting", &forged);
        assert!(parent || !good, "one value in two fields");
    }
}
