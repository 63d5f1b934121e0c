//! Our own results, with another number to see or another seal on top; and false time stamps.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use gateways::sign::TimeStamps;
use gateways::slips::NUMBER;
use gateways::verify::{Conclusion, Evidence, Overall, Trust, is_stamp_over, validate};
use lopdf::{Dictionary, Document, IncrementalDocument, Object, ObjectId, Stream, dictionary};
use ring::digest::{SHA256, digest};

use super::results::{issued, letter};
use super::{AUTHORITY, PATIENCE, at, authority, keep, order, sign, signer};
use crate::authority::{Kind, pem};
use crate::documents::Pdf;
use crate::judge::pyhanko;

/// A revision that somebody else appends.
pub(super) fn appended(document: &[u8], change: impl FnOnce(&Document, &mut Document)) -> Vec<u8> {
    let read = Document::load_mem(document).unwrap();
    let mut update = IncrementalDocument::create_from(document.to_vec(), read.clone());
    for stale in ["DecodeParms", "Filter", "Length", "Index", "W", "Type"] {
        update.new_document.trailer.remove(stale.as_bytes());
    }
    change(&read, &mut update.new_document);
    let mut bytes = Vec::new();
    update.save_to(&mut bytes).unwrap();
    bytes
}

fn number(document: &Document) -> (ObjectId, Dictionary) {
    let named = |field: &Dictionary| {
        let name = field.get(b"T").and_then(Object::as_str).unwrap_or_default();
        let letters: Vec<u8> = name.iter().copied().filter(|one| *one != 0).collect();
        letters.ends_with(NUMBER.as_bytes()) && field.has(b"AP")
    };
    let mut fields = document.objects.iter().filter_map(|(id, object)| {
        let field = object.as_dict().ok()?;
        named(field).then(|| (*id, field.clone()))
    });
    fields.next().unwrap()
}

fn look() -> Object {
    let shown = b"1 1 1 rg 0 0 595 842 re f".to_vec();
    let head = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Form",
        "BBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    };
    Stream::new(head, shown).into()
}

/// A field over the first page for a signature that nobody makes.
fn cover(read: &Document, update: &mut Document, edges: &[Object; 4]) {
    let page_id = read.page_iter().next().unwrap();
    let look = update.add_object(look());
    let field = update.add_object(dictionary! {
        "Type" => "Annot",
        "Subtype" => "Widget",
        "FT" => "Sig",
        "T" => Object::string_literal("cover"),
        "Rect" => edges.to_vec(),
        "P" => page_id,
        "AP" => dictionary! { "N" => look },
    });
    let mut page = read.get_dictionary(page_id).unwrap().clone();
    let listed = read.dereference(page.get(b"Annots").unwrap()).unwrap().1;
    let mut listed = listed.as_array().unwrap().clone();
    listed.push(field.into());
    page.set("Annots", listed);
    update.set_object(page_id, page);
    let mut catalogue = read.catalog().unwrap().clone();
    let form = read.dereference(catalogue.get(b"AcroForm").unwrap());
    let mut form = form.unwrap().1.as_dict().unwrap().clone();
    let fields = read.dereference(form.get(b"Fields").unwrap()).unwrap().1;
    let mut fields = fields.as_array().unwrap().clone();
    fields.push(field.into());
    form.set("Fields", fields);
    catalogue.set("AcroForm", form);
    let root = read.trailer.get(b"Root").unwrap().as_reference().unwrap();
    update.set_object(root, catalogue);
}

#[tokio::test]
async fn a_result_that_shows_another_number_is_changed() {
    let sealed = issued("forged", letter(), Kind::Ec).await;
    let in_place = appended(&sealed, |read, update| {
        let looks = number(read)
            .1
            .get(b"AP")
            .unwrap()
            .as_dict()
            .unwrap()
            .clone();
        let place = looks.get(b"N").unwrap().as_reference().unwrap();
        update.set_object(place, look());
    });
    let other = appended(&sealed, |read, update| {
        let (id, mut field) = number(read);
        let look = update.add_object(look());
        field.set("AP", dictionary! { "N" => look });
        update.set_object(id, field);
    });
    let hidden = appended(&sealed, |read, update| {
        let (id, mut field) = number(read);
        field.set("F", 2);
        update.set_object(id, field);
    });
    let covered = appended(&sealed, |read, update| {
        cover(read, update, &[0, 0, 595, 842].map(Object::Integer));
    });
    // As high as nothing; but some readers take one of both numbers, which is larger than theirs, for 0.
    let wide = appended(&sealed, |read, update| {
        let [left, low, right] = [0, 4_294_967_300, 595].map(Object::Integer);
        cover(
            read,
            update,
            &[left, low, right, Object::Real(4_294_967_300.0)],
        );
    });
    let trust = Trust::parse(&pem(AUTHORITY.root())).unwrap();
    let when = at().to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
    for (name, forged) in [
        ("in-place", in_place),
        ("other-look", other),
        ("hidden", hidden),
        ("covered", covered),
        ("covered-wide", wide),
    ] {
        let verdict = validate(&forged, &trust, when, &Evidence::default());
        let changed = Overall::Signed(Conclusion::Changed);
        assert_eq!(verdict.overall, changed, "{name}: {verdict:#?}");
        let theirs = pyhanko(
            &AUTHORITY.roots(),
            &keep(&format!("forged-{name}"), &forged),
        );
        assert!(theirs.iter().any(|one| one["allowed"] != true), "{name}");
    }
}

/// The last name in an object stream becomes another one when the stream is said to be longer.
#[test]
fn an_object_stream_that_is_said_to_be_longer_is_a_change() {
    let (short, long) = ("13 0 /Form", "13 0 /Formendstream endobj ");
    let head = "<</Type/ObjStm/N 1/First 5/Length 12 0 R>>\nstream\n";
    let mut pdf = Pdf::packed(format!("{head}{long}\nendstream").as_bytes(), 13);
    pdf.set(12, &short.len().to_string());
    pdf.extend(3, "/Extra 13 0 R");
    let issued = signer("Bùi Hữu Nghĩa", Kind::Ec);
    let signed = sign(&pdf.write(), &order("person", &issued, Kind::Ec), &issued);
    let longer = appended(&signed, |_, update| {
        let length = i64::try_from(long.len()).unwrap();
        update.set_object((12, 0), length);
    });
    let trust = Trust::parse(&pem(AUTHORITY.root())).unwrap();
    let when = at().to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
    let judged = |document: &[u8]| validate(document, &trust, when, &Evidence::default()).overall;
    let good = Overall::Signed(Conclusion::RevocationUnknown);
    assert_eq!(judged(&signed), good);
    assert_eq!(judged(&longer), Overall::Signed(Conclusion::Changed));
}

/// An authority whose answers are those of another one with one bit of the signature changed.
fn spoiling(other: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let host = other.strip_prefix("http://").unwrap();
        let mut server = TcpStream::connect(host.split_once('/').unwrap().0).unwrap();
        let body = body(&client);
        let head = format!(
            "POST /tsa HTTP/1.1\r\nhost: {host}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        server
            .write_all(&[head.into_bytes(), body].concat())
            .unwrap();
        let mut answer = Vec::new();
        server.read_to_end(&mut answer).unwrap();
        *answer.last_mut().unwrap() ^= 1;
        client.write_all(&answer).unwrap();
    });
    address
}

fn body(stream: &TcpStream) -> Vec<u8> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_stamp_that_is_signed_wrongly_is_not_taken() {
    let token = authority().stamp(b"signature").await.unwrap();
    let over = |bytes: &[u8]| digest(&SHA256, bytes);
    assert!(is_stamp_over(&token, over(b"signature").as_ref()));
    assert!(!is_stamp_over(&token, over(b"another").as_ref()));
    assert!(!is_stamp_over(b"no stamp", over(b"signature").as_ref()));
    let mut spoiled = token.clone();
    *spoiled.last_mut().unwrap() ^= 1;
    assert!(!is_stamp_over(&spoiled, over(b"signature").as_ref()));
    let false_one = TimeStamps::new(&spoiling(AUTHORITY.stamps()), PATIENCE);
    let fault = false_one.stamp(b"signature").await.unwrap_err();
    assert!(fault.to_string().contains("not sound"), "{fault}");
    assert!(!fault.passes(), "{fault}");
}
