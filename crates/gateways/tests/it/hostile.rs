//! PDFs that mean harm are refused with the right reason; honest ones are opened.

use std::fmt::Write;
use std::io::Write as _;
use std::process::Command;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use gateways::pdf::{Active, Limits, Refused, open, open_within};
use gateways::verify::{Conclusion, Evidence, Overall, Trust, asked_about, stamp_paths, validate};

use crate::agreement::generated;
use crate::documents::{Pdf, stream};

/// A document, its name, and why it is refused.
type Case = (String, Vec<u8>, Refused);

fn deflate(plain: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn case(name: impl Into<String>, pdf: &Pdf, refused: Refused) -> Case {
    (name.into(), pdf.write(), refused)
}

/// Places where something active may stand.
fn places(what: &str) -> Vec<(&'static str, Pdf)> {
    let mut catalogue = Pdf::plain();
    catalogue.extend(1, &format!("/Extra {what}"));
    let mut page = Pdf::plain();
    page.extend(
        3,
        &format!("/Annots [<</Type/Annot/Subtype/Link/A {what}>>]"),
    );
    let mut apart = Pdf::plain();
    apart.extend(3, "/Annots [9 0 R]");
    apart.set(9, "<</Type/Annot/Subtype/Link/A 10 0 R>>");
    apart.set(10, what);
    let mut unused = Pdf::plain();
    unused.set(9, what);
    let mut overwritten = Pdf::plain();
    overwritten.set(9, what);
    overwritten.revise(9, "null");
    vec![
        ("catalogue", catalogue),
        ("annotation", page),
        ("apart", apart),
        ("unused", unused),
        ("overwritten", overwritten),
    ]
}

#[expect(clippy::too_many_lines, reason = "a line for each file")]
fn active() -> Vec<Case> {
    let kinds = [
        (
            "javascript",
            "<</S/JavaScript/JS(app.alert(1))>>",
            Active::Script,
        ),
        ("launch", "<</S/Launch/F(cmd.exe)>>", Active::Launch),
        (
            "remote",
            "<</S/GoToR/F(other.pdf)/D[0/Fit]>>",
            Active::Launch,
        ),
        (
            "submit",
            "<</S/SubmitForm/F(http://example.vn)>>",
            Active::Submission,
        ),
        ("import", "<</S/ImportData/F(a.fdf)>>", Active::Submission),
        ("rendition", "<</S/Rendition/OP 0>>", Active::Media),
        ("hidden-name", "<</S/Java#53cript/JS(x)>>", Active::Script),
        ("js-alone", "<</JS 5 0 R>>", Active::Script),
        ("events", "<</AA<</O<</S/URI/URI(x)>>>>>>", Active::OnEvent),
        (
            "file",
            "<</Type/Filespec/F(a.exe)/EF<</F 5 0 R>>>>",
            Active::Attachment,
        ),
        (
            "names",
            "<</EmbeddedFiles<</Names[]>>>>",
            Active::Attachment,
        ),
        (
            "attached",
            "<</Subtype/FileAttachment>>",
            Active::Attachment,
        ),
        ("film", "<</Subtype/Movie>>", Active::Media),
        (
            "rich",
            "<</Subtype/RichMedia/RichMediaContent<<>>>>",
            Active::Media,
        ),
        ("solid", "<</Subtype/3D>>", Active::Media),
        ("xfa", "<</XFA[(template)4 0 R]>>", Active::Xfa),
    ];
    let mut cases = Vec::new();
    for (name, what, kind) in kinds {
        for (place, pdf) in places(what) {
            cases.push(case(format!("{name}-{place}"), &pdf, Refused::Active(kind)));
        }
    }
    for (place, mut pdf) in places("<</S 15 0 R/F(cmd.exe)>>") {
        pdf.set(15, "/Launch");
        let active = Refused::Active(Active::Launch);
        cases.push(case(format!("named-apart-{place}"), &pdf, active));
    }
    for (place, mut pdf) in places("<</Subtype 15 0 R>>").into_iter().take(4) {
        pdf.set(15, "/Link");
        pdf.revise(15, "/FileAttachment");
        let active = Refused::Active(Active::Attachment);
        cases.push(case(format!("named-later-{place}"), &pdf, active));
    }
    let mut opening = Pdf::plain();
    opening.extend(1, "/OpenAction<</S/URI/URI(http://example.vn)>>");
    cases.push(case(
        "open-action",
        &opening,
        Refused::Active(Active::OnOpen),
    ));
    let mut external = Pdf::plain();
    external.set_bytes(4, &stream("/F(other.bin)", b"x"));
    cases.push(case(
        "external",
        &external,
        Refused::Active(Active::Attachment),
    ));
    cases
}

/// Zeros that inflate beyond every limit.
fn bombs() -> Vec<Case> {
    let limit = Limits::default().stream;
    let zeros = vec![0_u8; limit + 1];
    let once = deflate(&zeros);
    let twice = deflate(&once);
    let mut cases = Vec::new();
    let mut add = |name: &str, dict: &str, data: &[u8], refused| {
        let mut pdf = Pdf::plain();
        pdf.set_bytes(4, &stream(dict, data));
        cases.push(case(name, &pdf, refused));
    };
    add("flate", "/Filter/FlateDecode", &once, Refused::Bomb);
    add("flate-short-name", "/Filter/Fl", &once, Refused::Bomb);
    add(
        "flate-twice",
        "/Filter[/FlateDecode/FlateDecode]",
        &twice,
        Refused::Bomb,
    );
    let text = hex::encode(&once);
    add(
        "flate-as-text",
        "/Filter[/AHx/Fl]",
        text.as_bytes(),
        Refused::Bomb,
    );
    let runs = [129, b'a'].repeat(limit / 128 + 2);
    let runs = deflate(&runs);
    add("runs", "/Filter[/Fl/RL]", &runs, Refused::Bomb);
    let chain = "/Filter[/Fl/Fl/Fl/Fl/Fl]";
    add("long-chain", chain, &twice, Refused::Bomb);
    add("crypt", "/Filter/Crypt", b"x", Refused::Encrypted);
    add(
        "unknown-filter",
        "/Filter/Unheard",
        b"x",
        Refused::Malformed,
    );
    let mut many = Pdf::plain();
    let large = deflate(&vec![0; limit - 10]);
    for number in 10..20 {
        many.set_bytes(number, &stream("/Filter/FlateDecode", &large));
    }
    cases.push(case("many-below-the-limit", &many, Refused::Bomb));
    let packed = stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", &once);
    cases.push(case(
        "object-stream",
        &Pdf::packed(&packed, 1),
        Refused::Bomb,
    ));
    let lines = stream(
        "/Type/XRef/W[1 2 1]/Size 9/Root 1 0 R/Filter/FlateDecode",
        &once,
    );
    let mut table = b"%PDF-1.7\n9 0 obj\n".to_vec();
    table.extend_from_slice(&lines);
    table.extend_from_slice(b"\nendobj\nstartxref\n9\n%%EOF\n");
    cases.push(("xref-stream".into(), table, Refused::Bomb));
    cases
}

/// Parts that lead back to themselves, and trees and values too deep.
#[expect(clippy::too_many_lines, reason = "a line for each file")]
fn loops() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |name: &str, changes: &[(u32, &str)], refused| {
        let mut pdf = Pdf::plain();
        for (number, body) in changes {
            pdf.set(*number, body);
        }
        cases.push(case(name, &pdf, refused));
    };
    let pages = "<</Type/Pages/Count 1/Kids[2 0 R]>>";
    add("pages-of-themselves", &[(2, pages)], Refused::Loop);
    let (one, two) = ("<</Type/Pages/Kids[9 0 R]>>", "<</Type/Pages/Kids[2 0 R]>>");
    add("pages-in-a-circle", &[(2, one), (9, two)], Refused::Loop);
    let twice = "<</Type/Pages/Count 2/Kids[3 0 R 3 0 R]>>";
    add("page-twice", &[(2, twice)], Refused::Loop);
    add("reference-to-itself", &[(2, "2 0 R")], Refused::Loop);
    add(
        "references-in-a-circle",
        &[(2, "9 0 R"), (9, "2 0 R")],
        Refused::Loop,
    );
    add(
        "no-pages",
        &[(2, "<</Type/Pages/Count 0/Kids[]>>")],
        Refused::NoPages,
    );
    add("pages-missing", &[(2, "null")], Refused::NoPages);
    add(
        "pages-direct",
        &[(2, "<</Type/Pages/Kids[<</Type/Page>>]>>")],
        Refused::Malformed,
    );
    add(
        "kids-a-number",
        &[(2, "<</Type/Pages/Kids 7>>")],
        Refused::Malformed,
    );
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    add("deep-array", &[(9, &deep)], Refused::TooDeep);
    let deep = "<</A".repeat(100_000) + " 1" + &">>".repeat(100_000);
    add("deep-dictionary", &[(9, &deep)], Refused::TooDeep);
    add(
        "deep-open",
        &[(9, &"[".repeat(1_000_000))],
        Refused::TooDeep,
    );
    let mut tree = Pdf::plain();
    for level in 0..200 {
        let number = if level == 0 { 2 } else { 1000 + level };
        let kid = 1001 + level;
        tree.set(number, &format!("<</Type/Pages/Kids[{kid} 0 R]>>"));
    }
    tree.set(1200, "<</Type/Page>>");
    cases.push(case("deep-pages", &tree, Refused::TooDeep));
    let mut own = Pdf::plain();
    own.set(4, "<</Length 4 0 R>>\nstream\nx\nendstream");
    cases.push(case("length-of-itself", &own, Refused::Loop));
    let mut length = Pdf::plain();
    length.set(4, "<</Length 9 0 R>>\nstream\nx\nendstream");
    length.set(9, "<</Length 4 0 R>>\nstream\nx\nendstream");
    cases.push(case("lengths-in-a-circle", &length, Refused::Loop));
    for (name, length, refused) in [
        ("length-negative", "-5", Refused::Malformed),
        ("length-beyond", "99999999", Refused::Malformed),
        (
            "length-overflow",
            "18446744073709551615",
            Refused::Malformed,
        ),
        ("length-short", "0", Refused::Malformed),
        ("length-a-name", "/Five", Refused::Malformed),
    ] {
        let mut pdf = Pdf::plain();
        pdf.set(4, &format!("<</Length {length}>>\nstream\nsome\nendstream"));
        cases.push(case(name, &pdf, refused));
    }
    cases
}

/// Streams that lie in each other, around a stretch of a megabyte.
fn nested(count: usize) -> Vec<u8> {
    let stretch = vec![b' '; 1 << 20];
    let tail = b"\nendstream\nendobj\n";
    let head = |number: usize, length: usize| {
        format!("{number} 0 obj\n<</Length {length:08}>>stream\n").into_bytes()
    };
    let each = head(10, 0).len() + tail.len();
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut places = vec![(1, bytes.len())];
    bytes.extend_from_slice(b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n");
    places.push((2, bytes.len()));
    bytes.extend_from_slice(b"2 0 obj\n<</Type/Pages/Count 1/Kids[3 0 R]>>\nendobj\n");
    places.push((3, bytes.len()));
    bytes.extend_from_slice(b"3 0 obj\n<</Type/Page/Parent 2 0 R>>\nendobj\n");
    for inner in 0..count {
        let within = count - 1 - inner;
        places.push((10 + inner, bytes.len()));
        bytes.extend(head(10 + inner, stretch.len() + within * each));
    }
    bytes.extend_from_slice(&stretch);
    bytes.extend(tail.repeat(count));
    let start = bytes.len();
    bytes.extend_from_slice(b"xref\n");
    for (number, place) in places {
        bytes.extend(format!("{number} 1\n{place:010} 00000 n \n").into_bytes());
    }
    let trailer = "trailer\n<</Root 1 0 R/Size 100>>\nstartxref\n";
    bytes.extend(format!("{trailer}{start}\n%%EOF\n").into_bytes());
    bytes
}

#[test]
fn streams_that_lie_in_each_other_are_not_copied_for_ever() {
    assert_eq!(open(&nested(1)).unwrap().pages(), 1);
    assert_eq!(
        open(&nested(50)).map(|opened| opened.pages()),
        Err(Refused::Bomb)
    );
    let at = jiff::Timestamp::UNIX_EPOCH;
    let read = |bytes: &[u8]| validate(bytes, &Trust::default(), at, &Evidence::default()).overall;
    assert_eq!(
        read(&nested(50)),
        Overall::NotSigned,
        "what is not asked for is not read"
    );
}

#[test]
fn what_has_more_signatures_or_more_material_than_a_paper_needs_is_not_judged() {
    let at = jiff::Timestamp::UNIX_EPOCH;
    let read =
        |pdf: &Pdf| validate(&pdf.write(), &Trust::default(), at, &Evidence::default()).overall;
    let signed = |count: u32| {
        let mut pdf = Pdf::plain();
        let fields: Vec<String> = (0..count)
            .map(|each| format!("{} 0 R", 100 + each))
            .collect();
        pdf.extend(1, &format!("/AcroForm<</Fields[{}]>>", fields.join(" ")));
        for each in 0..count {
            let value = "<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>";
            pdf.set(100 + each, &format!("<</FT/Sig/T(s{each})/V {value}>>"));
        }
        pdf
    };
    assert!(matches!(read(&signed(32)), Overall::Signed(_)));
    assert_eq!(
        read(&signed(33)),
        Overall::Unreadable(Refused::TooManyObjects)
    );

    let material = |bytes: usize, count: u32| {
        let mut pdf = signed(count);
        pdf.extend(1, "/DSS<</CRLs[90 0 R]>>");
        let zeros = deflate(&vec![0; bytes]);
        pdf.set_bytes(90, &stream("/Filter/FlateDecode", &zeros));
        pdf
    };
    assert!(matches!(read(&material(4 << 20, 32)), Overall::Signed(_)));
    assert_eq!(
        read(&material(17 << 20, 1)),
        Overall::Unreadable(Refused::Bomb)
    );
    assert_eq!(
        read(&material(5 << 20, 32)),
        Overall::Unreadable(Refused::Bomb)
    );
}

/// More than a document needs.
fn masses() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut annotations = Pdf::plain();
    annotations.extend(3, &format!("/Annots[{}]", "9 0 R ".repeat(1_000_000)));
    annotations.set(9, "<</Type/Annot>>");
    cases.push(case("annotations", &annotations, Refused::TooManyObjects));
    let mut inside = Pdf::plain();
    let each = "<</Type/Annot/Subtype/Text/Rect[0 0 1 1]>>";
    let rows = format!("[{}]", each.repeat(200_000)).repeat(5);
    inside.extend(3, &format!("/Annots[{rows}]"));
    cases.push(case("annotations-inside", &inside, Refused::TooManyObjects));
    let mut pages = Pdf::plain();
    let mut kids = String::new();
    for number in 100..6000 {
        write!(kids, "{number} 0 R ").unwrap();
        pages.set(number, "<</Type/Page>>");
    }
    pages.set(2, &format!("<</Type/Pages/Kids[{kids}]>>"));
    cases.push(case("pages", &pages, Refused::TooManyObjects));
    let mut number = Pdf::plain();
    number.set(4_000_000_000, "null");
    cases.push(case("object-number", &number, Refused::TooManyObjects));
    let mut revisions = Pdf::plain();
    for count in 0..300 {
        revisions.revise(9, &count.to_string());
    }
    cases.push(case("revisions", &revisions, Refused::TooManyObjects));
    let mut large = Pdf::plain().write();
    large.resize(Limits::default().bytes + 1, b' ');
    cases.push(("bytes".into(), large, Refused::TooLarge));
    let lines = "<</Type/XRef/W[1 2 1]/Size 4000000000/Root 1 0 R/Length 0>>\nstream\n\nendstream";
    let table = format!("%PDF-1.7\n9 0 obj\n{lines}\nendobj\nstartxref\n9\n%%EOF\n");
    cases.push(("xref-size".into(), table.into(), Refused::TooManyObjects));
    let packed = stream("/Type/ObjStm/N 4000000000/First 4", b"1 0 null");
    cases.push(case(
        "packed",
        &Pdf::packed(&packed, 1),
        Refused::TooManyObjects,
    ));
    cases
}

/// Files whose structure lies.
#[expect(clippy::too_many_lines, reason = "a line for each file")]
fn structure() -> Vec<Case> {
    let good = Pdf::plain().write();
    let text = String::from_utf8(good.clone()).unwrap();
    let start = text.rfind("startxref\n").unwrap() + 10;
    let named = |at: &str| format!("{}{at}\n%%EOF\n", &text[..start]).into_bytes();
    let changed = |from: &str, to: &str| text.replacen(from, to, 1).into_bytes();
    let wrong = Refused::CrossReferences;
    let mut cases: Vec<Case> = vec![
        ("nothing".into(), Vec::new(), Refused::NotPdf),
        ("text".into(), b"Xin chao".to_vec(), Refused::NotPdf),
        (
            "archive".into(),
            [b"PK\x03\x04".as_slice(), &good].concat(),
            Refused::NotPdf,
        ),
        (
            "page-before".into(),
            [b"<html>".as_slice(), &good].concat(),
            Refused::NotPdf,
        ),
        (
            "page-after".into(),
            [&good, b"<html>".as_slice()].concat(),
            Refused::Ambiguous,
        ),
        (
            "object-after".into(),
            [&good, b"9 0 obj 1 endobj".as_slice()].concat(),
            Refused::Ambiguous,
        ),
        ("header-alone".into(), b"%PDF-1.7\n".to_vec(), wrong),
        ("start-zero".into(), named("0"), wrong),
        ("start-beyond".into(), named("99999999"), wrong),
        (
            "start-overflow".into(),
            named("99999999999999999999999"),
            wrong,
        ),
        ("start-middle".into(), named("20"), wrong),
        ("start-missing".into(), named(""), wrong),
        (
            "previous-itself".into(),
            {
                let at = &text[start..].lines().next().unwrap();
                changed("/Root", &format!("/Prev {at}/Root"))
            },
            Refused::Loop,
        ),
        (
            "previous-negative".into(),
            changed("/Root", "/Prev -1/Root"),
            wrong,
        ),
        (
            "previous-beyond".into(),
            changed("/Root", "/Prev 999999/Root"),
            wrong,
        ),
        (
            "previous-nowhere".into(),
            changed("/Root", "/Prev 12/Root"),
            wrong,
        ),
        (
            "encrypted".into(),
            changed("/Root", "/Encrypt 9 0 R/Root"),
            Refused::Encrypted,
        ),
        (
            "root-missing".into(),
            changed("/Root 1 0 R", "/Rute 1 0 R"),
            wrong,
        ),
        (
            "root-elsewhere".into(),
            changed("/Root 1 0 R", "/Root 4 0 R"),
            wrong,
        ),
        (
            "key-twice".into(),
            changed("/Root", "/Size 3/Root"),
            Refused::Ambiguous,
        ),
        (
            "hybrid-nowhere".into(),
            changed("/Root", "/XRefStm 5/Root"),
            wrong,
        ),
        (
            "entry-moved".into(),
            changed("0000000009", "0000000010"),
            wrong,
        ),
        (
            "entry-beyond".into(),
            changed("0000000009", "9999999999"),
            wrong,
        ),
        (
            "entry-generation".into(),
            changed("0000000009 00000", "0000000009 00003"),
            wrong,
        ),
        (
            "entry-other".into(),
            {
                let table = text.rfind("xref\n0").unwrap();
                let lines: Vec<&str> = text[table..].lines().collect();
                changed(lines[3], lines[4])
            },
            wrong,
        ),
        (
            "count-huge".into(),
            changed("xref\n0 ", "xref\n0 9999999"),
            Refused::TooManyObjects,
        ),
        (
            "first-huge".into(),
            changed("xref\n0 ", "xref\n4000000000 "),
            Refused::TooManyObjects,
        ),
        (
            "entries-few".into(),
            changed("xref\n0 ", "xref\n0 1"),
            wrong,
        ),
    ];
    for part in 1..20 {
        let cut = good.len() * part / 20;
        cases.push((format!("cut-{part}"), good[..cut].to_vec(), wrong));
    }
    cases.extend(odd_objects());
    cases.extend(ranges());
    cases
}

fn odd_objects() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, body, refused) in [
        ("string-open", "(abc", Refused::Malformed),
        ("hexadecimal-open", "<abc", Refused::Malformed),
        ("hexadecimal-odd", "<zz>", Refused::Malformed),
        ("dictionary-open", "<</A 1", Refused::Malformed),
        ("key-a-number", "<<1 2>>", Refused::Malformed),
        ("key-twice-inside", "<</A 1/A 2>>", Refused::Ambiguous),
        ("key-twice-spelled", "<</A 1/#41 2>>", Refused::Ambiguous),
        ("name-broken", "/A#4", Refused::Malformed),
        ("word-unknown", "maybe", Refused::Malformed),
        ("empty", "", Refused::Malformed),
        (
            "stream-no-line",
            "<</Length 1>>stream x endstream",
            Refused::Malformed,
        ),
        (
            "stream-no-length",
            "<<>>\nstream\nx\nendstream",
            Refused::Malformed,
        ),
    ] {
        let mut pdf = Pdf::plain();
        pdf.set(9, body);
        cases.push(case(name, &pdf, refused));
    }
    for (name, list, first) in [
        ("packed-wrong-number", "7 0 null", 4),
        ("packed-offset-beyond", "1 999 null", 4),
        ("packed-list-cut", "1", 1),
        ("packed-list-inside", "1 0 null", 0),
    ] {
        let packed = stream(&format!("/Type/ObjStm/N 1/First {first}"), list.as_bytes());
        let refused = match name {
            "packed-wrong-number" => Refused::CrossReferences,
            _ => Refused::Malformed,
        };
        cases.push(case(name, &Pdf::packed(&packed, 1), refused));
    }
    let untyped = stream("/N 1/First 4", b"1 0 <</Type/Catalog/Pages 2 0 R>>");
    let untyped = Pdf::packed(&untyped, 1);
    cases.push(case("packed-without-type", &untyped, Refused::Malformed));
    cases
}

fn ranges() -> Vec<Case> {
    let ranges = [
        "[-1 5 9 5]",
        "[0 -5 9 5]",
        "[0 50 20 5]",
        "[0 5 9]",
        "[0 5 9 5 9 5]",
        "[5 5 20 5]",
        "[0 5 9 99999999]",
        "[0 5 9223372036854775807 9]",
        "[0 5 9 -1]",
        "[]",
        "7",
        "[0.5 5 9 5]",
        "[0 5 5 9]",
    ];
    let mut cases = Vec::new();
    for range in ranges {
        let mut pdf = Pdf::plain();
        pdf.set(9, &format!("<</Type/Sig/Contents<00>/ByteRange {range}>>"));
        cases.push(case(format!("range {range}"), &pdf, Refused::ByteRange));
    }
    cases
}

fn all() -> Vec<Case> {
    [active(), bombs(), loops(), masses(), structure()].concat()
}

#[test]
fn what_anybody_hands_in_to_be_compared_is_never_valid_and_asks_nobody() {
    let at = jiff::Timestamp::UNIX_EPOCH;
    for (name, bytes, _) in all() {
        let verdict = validate(&bytes, &Trust::default(), at, &Evidence::default());
        let good = match verdict.overall {
            Overall::Signed(conclusion) => conclusion <= Conclusion::RevocationUnknown,
            Overall::NotSigned | Overall::Unreadable(_) => false,
        };
        assert!(!good, "{name}");
        assert!(asked_about(&bytes, &Trust::default(), at).is_empty());
        assert!(stamp_paths(&bytes, &Trust::default()).is_empty());
    }
}

#[test]
fn hostile_documents_are_refused_each_with_its_reason() {
    let cases = all();
    assert!(cases.len() >= 100, "{}", cases.len());
    let mut wrong = String::new();
    for (name, bytes, refused) in &cases {
        let said = open(bytes).map(|opened| opened.pages());
        if said != Err(*refused) {
            writeln!(wrong, "{name}: {said:?} in place of {refused:?}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "of {}:\n{wrong}", cases.len());
}

#[test]
fn a_document_encrypted_by_another_program_is_refused() {
    let folder = tempfolder("encrypted");
    let plain = folder.join("plain.pdf");
    std::fs::write(&plain, Pdf::plain().write()).unwrap();
    for (name, password, bits) in [("open", "", "256"), ("closed", "secret", "128")] {
        let made = folder.join(name);
        let use_aes = if bits == "128" { "--use-aes=y" } else { "--" };
        let mut arguments = vec!["--encrypt", password, "owner", bits];
        if bits == "128" {
            arguments.push(use_aes);
        }
        arguments.push("--");
        let done = Command::new("qpdf")
            .args(arguments)
            .args([&plain, &made])
            .status()
            .unwrap();
        assert!(done.success());
        let said = open(&std::fs::read(&made).unwrap()).map(|_| ());
        assert_eq!(said, Err(Refused::Encrypted), "{name}");
    }
}

#[test]
fn honest_documents_of_other_programs_are_opened() {
    let folder = tempfolder("honest");
    let plain = folder.join("plain.pdf");
    std::fs::write(&plain, Pdf::plain().write()).unwrap();
    let linear = folder.join("linear.pdf");
    let packed = folder.join("packed.pdf");
    let both = folder.join("both.pdf");
    for (arguments, made) in [
        (vec!["--linearize"], &linear),
        (vec!["--object-streams=generate"], &packed),
        (vec!["--linearize", "--object-streams=generate"], &both),
    ] {
        let mut qpdf = Command::new("qpdf");
        assert!(
            qpdf.args(arguments)
                .args([&plain, made])
                .status()
                .unwrap()
                .success()
        );
        assert_eq!(open(&std::fs::read(made).unwrap()).unwrap().pages(), 1);
    }
    let signed = generated();
    for name in [
        "unsigned",
        "pades-ec",
        "two-streams",
        "store-and-stamp",
        "later-fill-and-seal",
    ] {
        let bytes = std::fs::read(signed.join(name).with_extension("pdf")).unwrap();
        let opened = open(&bytes).unwrap();
        assert_eq!(
            (opened.pages(), opened.bytes()),
            (1, bytes.as_slice()),
            "{name}"
        );
    }
}

#[test]
fn our_own_papers_and_those_printed_by_a_browser_are_opened() {
    let (_, slip) = crate::samples::all().remove(0);
    let ours = gateways::slips::Press::new().render(&slip).unwrap();
    assert!(open(&ours).unwrap().pages() >= 1);
    let folder = tempfolder("printed");
    let page = folder.join("page.html");
    std::fs::write(&page, "<h1>Kết quả</h1><a href='https://example.vn'>x</a>").unwrap();
    let made = folder.join("page.pdf");
    let browser = std::env::var("CHROMIUM").unwrap_or_else(|_| "chromium".into());
    let done = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
        ])
        .arg(format!("--print-to-pdf={}", made.display()))
        .arg(&page)
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&done.stderr);
    let bytes = std::fs::read(&made).unwrap_or_else(|_| panic!("{complaint}"));
    assert_eq!(open(&bytes).unwrap().pages(), 1);
}

#[test]
fn every_cut_and_every_flipped_byte_of_a_signed_document_ends_without_panic() {
    let bytes = std::fs::read(generated().join("two-streams.pdf")).unwrap();
    let small = Limits {
        values: 20_000,
        inflated: 1 << 20,
        ..Limits::default()
    };
    let mut opened = 0;
    for place in (0..bytes.len()).step_by(37) {
        assert!(open_within(&bytes[..place], &small).is_err());
        let mut flipped = bytes.clone();
        flipped[place] ^= 0x21;
        opened += usize::from(open_within(&flipped, &small).is_ok());
    }
    assert!(
        opened > 0,
        "bytes of the message may change without harm to the structure"
    );
}

fn tempfolder(name: &str) -> std::path::PathBuf {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
