//! Documents that programs of others signed: nothing but the signature may have been changed.

use gateways::verify::{NotAdded, Trust, added};
use lopdf::{Dictionary, Document, IncrementalDocument, Object, ObjectId, Stream, dictionary};

use super::results::letter;
use super::{AUTHORITY, at, order, sign, signer};
use crate::authority::{Issued, Kind, pem};

fn judged(given: &[u8], signed: &[u8], by: &Issued) -> Result<(), NotAdded> {
    let when = at().to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
    let trust = Trust::parse(&pem(AUTHORITY.root())).unwrap();
    added(given, signed, (&by.chain, &trust), when).map(|_| ())
}

/// The document with one revision more, which changes what it is told.
fn changed(given: &[u8], change: impl FnOnce(&mut IncrementalDocument)) -> Vec<u8> {
    let document = Document::load_mem(given).unwrap();
    let mut revision = IncrementalDocument::create_from(given.to_vec(), document);
    change(&mut revision);
    let mut bytes = Vec::new();
    revision.save_to(&mut bytes).unwrap();
    bytes
}

fn field(revision: &IncrementalDocument, name: &str) -> ObjectId {
    let objects = &revision.get_prev_documents().objects;
    let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let wide = [&[0xfe, 0xff], &wide[..]].concat();
    let named = |object: &Object| {
        let called = object.as_dict().ok()?.get(b"T").ok()?.as_str().ok()?;
        Some(called == name.as_bytes() || called == wide)
    };
    let found = objects
        .iter()
        .find(|(_, object)| named(object) == Some(true));
    *found.unwrap().0
}

fn edited<'r>(revision: &'r mut IncrementalDocument, name: &str) -> &'r mut Dictionary {
    let id = field(revision, name);
    revision.opt_clone_object_to_new_document(id).unwrap();
    revision.new_document.get_dictionary_mut(id).unwrap()
}

#[test]
fn a_signature_in_the_place_of_the_person_alone_is_taken() {
    let (given, leader) = (letter(), signer("Bùi Hữu Nghĩa", Kind::Ec));
    let judged_in = |name| {
        let signed = sign(&given, &order(name, &leader, Kind::Ec), &leader);
        judged(&given, &signed, &leader)
    };
    assert_eq!(judged_in("person"), Ok(()));
    for name in ["agency", "Token7"] {
        assert_eq!(judged_in(name), Err(NotAdded::OtherPlace), "{name}");
    }
}

#[test]
fn another_look_of_a_field_is_found() {
    let (given, leader) = (letter(), signer("Bùi Hữu Nghĩa", Kind::Ec));
    for name in ["number", "day", "agency"] {
        let look = changed(&given, |revision| {
            let form = dictionary! {
                "Type" => "XObject",
                "Subtype" => "Form",
                "BBox" => vec![0.into(), 0.into(), 90.into(), 12.into()],
            };
            let drawn = Stream::new(form, b"0 0 90 12 re f".to_vec());
            let drawn = revision.new_document.add_object(drawn);
            edited(revision, name).set("AP", dictionary! { "N" => drawn });
        });
        let signed = sign(&look, &order("person", &leader, Kind::Ec), &leader);
        let found = judged(&given, &signed, &leader);
        assert_eq!(found, Err(NotAdded::NotOneSignature), "{name}");
    }
}

#[test]
fn what_runs_by_itself_is_refused() {
    let (given, leader) = (letter(), signer("Bùi Hữu Nghĩa", Kind::Ec));
    let active = changed(&given, |revision| {
        let script = dictionary! {
            "S" => "JavaScript",
            "JS" => Object::string_literal("app.alert(1)"),
        };
        let action = dictionary! { "U" => script };
        edited(revision, "person").set("AA", action);
    });
    let signed = sign(&given, &order("person", &leader, Kind::Ec), &leader);
    assert_eq!(judged(&given, &signed, &leader), Ok(()));
    let found = judged(&given, &active, &leader);
    assert!(found.is_err(), "{found:?}");
    let opened = gateways::pdf::open(&active);
    assert!(opened.is_err(), "the guarded reader does not take it");
}

#[test]
fn a_signature_that_locks_what_comes_later_is_refused() {
    let (given, leader) = (letter(), signer("Bùi Hữu Nghĩa", Kind::Ec));
    for name in ["number", "day", "agency"] {
        let mut locking = order("person", &leader, Kind::Ec);
        locking.lock = vec![name.to_owned()];
        let signed = sign(&given, &locking, &leader);
        let found = judged(&given, &signed, &leader);
        assert_eq!(found, Err(NotAdded::Closed), "{name}");
    }
}

#[test]
fn what_nobody_sees_does_not_make_the_file_long() {
    let (given, leader) = (letter(), signer("Bùi Hữu Nghĩa", Kind::Ec));
    let with = |bytes: usize| {
        let longer = changed(&given, |revision| {
            let unseen = Stream::new(Dictionary::new(), vec![b' '; bytes]);
            revision.new_document.add_object(unseen);
        });
        let signed = sign(&longer, &order("person", &leader, Kind::Ec), &leader);
        judged(&given, &signed, &leader)
    };
    assert_eq!(with(200 * 1024), Ok(()));
    assert_eq!(with(400 * 1024), Err(NotAdded::TooLong));
}
