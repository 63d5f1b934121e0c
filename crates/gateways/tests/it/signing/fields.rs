//! The way of a result: drafted with empty fields, signed by the person, numbered and sealed by
//! the agency, stamped.

use gateways::sign::{
    Along, EmptyField, FieldKind, Order, Place, SignFault, Standing, add_fields, prepare,
    prepare_stamp,
};

use super::{AUTHORITY, PAPER, all_valid, authority, keep, order, sign, sign_stamped, signer};
use crate::authority::Kind;
use crate::judge::pyhanko;
use crate::tools;

fn place(x: f32, y: f32, width: f32, height: f32) -> Place {
    Place {
        page: 1,
        x,
        y,
        width,
        height,
    }
}

/// A draft with its fields: number and date, person and agency.
pub(super) fn draft() -> Vec<u8> {
    let text = |slanted| FieldKind::Text {
        size: 13.0,
        along: Along::Start,
        slanted,
    };
    let fields = [
        ("number", place(30.0, 12.0, 120.0, 18.0), text(false)),
        ("date", place(200.0, 12.0, 190.0, 18.0), text(true)),
        (
            "person",
            place(260.0, 60.0, 127.0, 62.0),
            FieldKind::Signature,
        ),
        (
            "agency",
            place(200.0, 40.0, 102.0, 102.0),
            FieldKind::Signature,
        ),
    ];
    let fields = fields.map(|(name, place, kind)| EmptyField {
        name: name.to_owned(),
        place,
        kind,
    });
    add_fields(&PAPER, &fields).unwrap()
}

fn numbered() -> Vec<(String, String)> {
    let pairs = [
        ("number", "123/QĐ-UBND"),
        ("date", "ngày 22 tháng 11 năm 2026"),
    ];
    pairs
        .map(|(field, value)| (field.to_owned(), value.to_owned()))
        .into()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_is_signed_numbered_sealed_and_stamped() {
    let (person, agency) = (
        signer("Lê Văn Đức", Kind::Ec),
        signer("UBND xã Hoằng Phú", Kind::Rsa),
    );
    let draft = draft();
    assert!(draft.starts_with(&PAPER));
    let certified = Order {
        standing: Standing::Certifies,
        ..order("person", &person, Kind::Ec)
    };
    let signed = sign_stamped(&draft, certified, &person).await;
    let sealing = Order {
        fill: numbered(),
        lock: vec!["number".to_owned(), "date".to_owned()],
        ..order("agency", &agency, Kind::Rsa)
    };
    let sealed = sign_stamped(&signed, sealing, &agency).await;
    let said = all_valid("result", &sealed, 2);
    assert_eq!(said[0]["changed"], "FORM_FILLING");
    let text = tools::flowing_text(&keep("result", &sealed));
    assert!(text.contains("123/QĐ-UBND"), "{text}");
    assert!(text.contains("ngày 22 tháng 11 năm 2026"), "{text}");

    let stamping = prepare_stamp(&sealed, "archive").unwrap();
    let token = authority().stamp_digest(stamping.digest()).await.unwrap();
    all_valid("result-stamped", &stamping.finish(&token).unwrap(), 3);
}

#[test]
fn the_document_keeps_its_promise_of_an_archivable_file() {
    let person = signer("Lê Văn Đức", Kind::Ec);
    let filled = Order {
        fill: numbered(),
        ..order("person", &person, Kind::Ec)
    };
    let signed = sign(&draft(), &filled, &person);
    let file = keep("archivable", &signed);
    let claims = tools::run("pdfinfo", &["-meta", tools::path(&file)]);
    assert!(claims.contains("<pdfaid:conformance>A<"), "{claims}");
    // Every face is embedded, those of the fields, too.
    let fonts = tools::run("pdffonts", &[tools::path(&file)]);
    let rows: Vec<&str> = fonts.lines().skip(2).collect();
    assert!(rows.len() > 1, "{fonts}");
    assert!(fonts.contains("Italic"), "the day is set so: {fonts}");
    for row in rows {
        let columns: Vec<&str> = row.split_whitespace().rev().collect();
        assert_eq!(columns.get(4), Some(&"yes"), "{fonts}");
    }
    let read = lopdf::Document::load_mem(&signed).unwrap();
    for widget in read
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
    {
        let subtype = widget.get(b"Subtype").and_then(lopdf::Object::as_name);
        if subtype.is_ok_and(|subtype| subtype == b"Widget") {
            let appearance = widget.get(b"AP").and_then(lopdf::Object::as_dict).unwrap();
            assert_eq!(appearance.len(), 1);
            let printed = widget.get(b"F").and_then(lopdf::Object::as_i64).unwrap();
            assert_eq!(printed & 0b10_0111, 4);
        }
    }
}

#[test]
fn what_the_agency_locked_is_not_filled_any_more() {
    let agency = signer("UBND xã", Kind::Ec);
    let only_number = Order {
        fill: numbered().into_iter().take(1).collect(),
        lock: vec!["number".to_owned(), "date".to_owned()],
        ..order("agency", &agency, Kind::Ec)
    };
    let sealed = sign(&draft(), &only_number, &agency);
    let late = Order {
        fill: numbered().into_iter().skip(1).collect(),
        ..order("person", &agency, Kind::Ec)
    };
    let said = pyhanko(
        &AUTHORITY.roots(),
        &keep("locked", &sign(&sealed, &late, &agency)),
    );
    assert_eq!(said[0]["bottom_line"], false, "{said:#?}");
    assert_eq!(said[1]["bottom_line"], true, "{said:#?}");
}

#[test]
fn a_field_is_filled_once_and_must_be_there() {
    let agency = signer("UBND xã", Kind::Ec);
    let fault = |document: &[u8], order: &Order| match prepare(document, order) {
        Err(SignFault::Field { name, why }) => format!("{name} {why}"),
        other => panic!("{:?}", other.map(|prepared| prepared.digest())),
    };
    let filled = Order {
        fill: numbered(),
        ..order("agency", &agency, Kind::Ec)
    };
    assert_eq!(fault(&PAPER, &filled), "number is not in the document");
    let sealed = sign(&draft(), &filled, &agency);
    let again = Order {
        field: "person".to_owned(),
        ..filled.clone()
    };
    assert_eq!(fault(&sealed, &again), "number is filled already");
    let same = Order {
        fill: Vec::new(),
        ..filled.clone()
    };
    assert_eq!(fault(&sealed, &same), "agency is signed already");
    let wrong = Order {
        field: "number".to_owned(),
        fill: Vec::new(),
        ..filled.clone()
    };
    assert_eq!(fault(&sealed, &wrong), "number is no signature field");
    let late = Order {
        field: "person".to_owned(),
        fill: Vec::new(),
        standing: Standing::Certifies,
        ..filled
    };
    assert_eq!(
        fault(&sealed, &late),
        "person cannot certify what is signed already"
    );
    let more = EmptyField {
        name: "more".to_owned(),
        place: place(0.0, 0.0, 10.0, 10.0),
        kind: FieldKind::Signature,
    };
    assert!(add_fields(&sealed, std::slice::from_ref(&more)).is_err());
    assert!(add_fields(&PAPER, &[more.clone(), more]).is_err());
}
