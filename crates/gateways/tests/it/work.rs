//! Small documents that would be much work: all of it is counted, and none is done twice.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use gateways::pdf::{Refused, open};
use gateways::sign::{Material, SignFault, add_validation, unsigned_fields};
use gateways::verify::{Evidence, Overall, Trust, validate};

use crate::documents::{Pdf, stream};

fn judged(bytes: &[u8]) -> Overall {
    let at = jiff::Timestamp::UNIX_EPOCH;
    validate(bytes, &Trust::default(), at, &Evidence::default()).overall
}

fn refused(bytes: &[u8], why: Refused) {
    assert_eq!(judged(bytes), Overall::Unreadable(why));
}

/// Objects from number 10 on, each inside the one before, that are fields of the form.
fn nested(count: usize, head: &str, inside: &[u8], tail: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    let fields: Vec<String> = (0..count)
        .map(|each| format!("{} 0 R", 10 + each))
        .collect();
    let fields = fields.join(" ");
    for (number, body) in [
        (
            1,
            format!("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{fields}]>>>>"),
        ),
        (2, "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned()),
        (3, "<</Type/Page/Parent 2 0 R>>".to_owned()),
    ] {
        places.push((number, bytes.len()));
        bytes.extend(format!("{number} 0 obj\n{body}\nendobj\n").into_bytes());
    }
    for each in 0..count {
        places.push((10 + each, bytes.len()));
        bytes.extend(format!("{} 0 obj {head}", 10 + each).into_bytes());
    }
    bytes.extend_from_slice(inside);
    bytes.extend_from_slice(tail.as_bytes());
    let start = bytes.len();
    let mut table = "xref\n".to_owned();
    for (number, place) in places {
        write!(table, "{number} 1\n{place:010} 00000 n \n").unwrap();
    }
    write!(table, "trailer\n<</Root 1 0 R/Size 9000>>\nstartxref\n").unwrap();
    write!(table, "{start}\n%%EOF\n").unwrap();
    bytes.extend_from_slice(table.as_bytes());
    bytes
}

#[test]
fn objects_that_lie_in_each_other_s_texts_and_comments_are_not_read_for_ever() {
    let inside = vec![b'a'; 1 << 18];
    let texts = |count| nested(count, "(", &inside, &")\nendobj\n".repeat(count));
    let comments = |count| nested(count, "%", &inside, "\nnull\nendobj\n");
    for made in [texts(2), comments(2)] {
        assert_eq!(open(&made).unwrap().pages(), 1);
        assert_eq!(judged(&made), Overall::NotSigned);
    }
    for made in [texts(1000), comments(1000)] {
        assert_eq!(open(&made).map(|_| ()), Err(Refused::Bomb));
        refused(&made, Refused::Bomb);
    }
}

fn deflate(plain: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn members_of_an_object_stream_do_not_lie_in_each_other() {
    let count = 1000;
    let mut list = "1 0 ".to_owned();
    for each in 1..count {
        write!(list, "{} {} ", 30 + each, 35 + each).unwrap();
    }
    let catalogue = "<</Type/Catalog/Pages 2 0 R>>";
    let (open_, shut) = ("(".repeat(1 << 18), ")".repeat(1 << 18));
    let plain = format!("{list}{catalogue:<35}{open_}{shut}");
    let head = format!(
        "/Type/ObjStm/N {count}/First {}/Filter/FlateDecode",
        list.len()
    );
    let made = Pdf::packed(&stream(&head, &deflate(plain.as_bytes())), 1).write();
    assert!(made.len() < 20_000, "{}", made.len());
    assert_eq!(open(&made).map(|_| ()), Err(Refused::Bomb));
    refused(&made, Refused::Bomb);
}

#[test]
fn lines_of_cross_references_that_repeat_each_other_are_counted() {
    let index = "0 400000 ".repeat(10);
    let rows = deflate(&vec![0; 4_000_000]);
    let head =
        format!("/Type/XRef/W[1 0 0]/Size 400000/Index[{index}]/Root 1 0 R/Filter/FlateDecode");
    let mut made = b"%PDF-1.7\n9 0 obj\n".to_vec();
    made.extend(stream(&head, &rows));
    made.extend_from_slice(b"\nendobj\nstartxref\n9\n%%EOF\n");
    assert!(made.len() < 20_000, "{}", made.len());
    refused(&made, Refused::TooManyObjects);
}

fn with_form(fields: &str) -> Pdf {
    let mut pdf = Pdf::plain();
    pdf.extend(1, &format!("/AcroForm<</Fields[{fields}]>>"));
    pdf
}

#[test]
fn long_names_of_fields_are_not_copied_to_all_below_them() {
    let family = |letters: usize, kids: usize| {
        let mut pdf = with_form("10 0 R");
        let (name, kids) = ("a".repeat(letters), "90 0 R ".repeat(kids));
        pdf.set(10, &format!("<</T({name})/Kids[{kids}]>>"));
        pdf.write()
    };
    assert_eq!(judged(&family(900, 1)), Overall::NotSigned);
    refused(&family(1_001, 1), Refused::Malformed);
    refused(&family(900, 200_000), Refused::TooManyObjects);
}

#[test]
fn lists_of_locked_fields_are_not_read_for_ever() {
    let locking = |times: usize| {
        let mut pdf = with_form("10 0 R");
        let value = "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>/Reference 11 0 R>>";
        pdf.set(10, &format!("<</FT/Sig/T(s)/V {value}>>"));
        pdf.set(11, &format!("[{}]", "12 0 R ".repeat(times)));
        pdf.set(
            12,
            "<</TransformMethod/FieldMDP/TransformParams<</Action/Include/Fields 13 0 R>>>>",
        );
        pdf.set(13, &format!("[{}]", "(a)".repeat(10_000)));
        pdf.write()
    };
    assert!(matches!(judged(&locking(2)), Overall::Signed(_)));
    refused(&locking(500), Refused::TooManyObjects);
}

#[test]
fn many_revisions_of_much_are_not_compared_for_ever() {
    let grown = |revisions: usize| {
        let mut pdf = with_form("10 0 R");
        let value = "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>";
        pdf.set(10, &format!("<</FT/Sig/T(s)/V {value}>>"));
        pdf.extend(1, "/Extra[11 0 R 12 0 R 13 0 R 14 0 R]");
        for number in 11..15 {
            pdf.set(number, &format!("[{}]", "0 ".repeat(200_000)));
        }
        for revision in 0..revisions {
            pdf.revise(9, &revision.to_string());
        }
        pdf.write()
    };
    assert!(matches!(judged(&grown(2)), Overall::Signed(_)));
    refused(&grown(200), Refused::TooManyObjects);
}

#[test]
fn an_object_that_every_revision_names_is_looked_at_once() {
    let mut pdf = Pdf::plain();
    let large = deflate(&vec![b' '; 8 << 20]);
    pdf.set_bytes(4, &stream("/Filter/FlateDecode", &large));
    let mut made = pdf.write();
    let text = String::from_utf8_lossy(&made).into_owned();
    let place = made
        .windows(7)
        .position(|part| part == b"4 0 obj")
        .expect("it was written");
    let mut previous: usize = text.rsplit('\n').nth(2).unwrap().parse().unwrap();
    for _ in 0..200 {
        let start = made.len();
        let table = format!(
            "xref\n4 1\n{place:010} 00000 n \ntrailer\n<</Root 1 0 R/Size 5/Prev {previous}>>\n\
             startxref\n{start}\n%%EOF\n"
        );
        made.extend_from_slice(table.as_bytes());
        previous = start;
    }
    assert_eq!(open(&made).unwrap().pages(), 1);
}

#[test]
fn fields_without_names_that_lie_in_each_other_are_not_followed_for_ever() {
    let nested = |levels: u32| {
        let mut pdf = with_form("1000 0 R");
        for level in 1000..1000 + levels {
            pdf.set(level, &format!("<</T()/Kids[{} 0 R]>>", level + 1));
        }
        pdf.set(1000 + levels, "<</T(a)/FT/Tx>>");
        pdf.write()
    };
    assert_eq!(open(&nested(5)).unwrap().pages(), 1);
    assert_eq!(unsigned_fields(&nested(5)).unwrap(), ["a"]);
    let deep = nested(100_000);
    assert_eq!(open(&deep).unwrap().pages(), 1);
    let fault = unsigned_fields(&deep).unwrap_err();
    assert!(matches!(fault, SignFault::Document(_)), "{fault}");
}

#[test]
fn a_store_of_another_is_not_opened_again_and_again() {
    let material = Material {
        certs: vec![vec![0x30, 0]],
        ..Material::default()
    };
    let brought = |times: usize| {
        let mut pdf = Pdf::plain();
        pdf.extend(1, &format!("/DSS<</Certs[{}]>>", "10 0 R ".repeat(times)));
        let large = deflate(&vec![0; 8 << 20]);
        pdf.set_bytes(10, &stream("/Filter/FlateDecode", &large));
        pdf.write()
    };
    let few = add_validation(&brought(100), &material).unwrap();
    assert!(few.len() > brought(100).len());
    let fault = add_validation(&brought(101), &material).unwrap_err();
    assert!(matches!(fault, SignFault::Document(_)), "{fault}");
}
