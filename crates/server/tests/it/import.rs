//! `motcua import procedures`: the national catalogue as it is, and files that nobody should send.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use store::CatalogueCounts;

use crate::program::{Installation, Ran};
use crate::support::{Engine, golden, on_both_engines};

on_both_engines!(
    the_national_catalogue_is_imported_once,
    the_starter_catalogue_keeps_what_the_national_one_leaves_out,
    terms_are_published_entry_by_entry_and_outlive_the_national_file,
    a_file_that_cannot_be_believed_changes_nothing,
);

/// 2,642 real records.
fn national() -> PathBuf {
    let data = "../app/tests/data/national-procedures-2026-07.jsonl.gz";
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(data)
}

fn unpacked() -> Vec<u8> {
    let mut text = Vec::new();
    let file = std::fs::File::open(national()).unwrap();
    flate2::read::MultiGzDecoder::new(file)
        .read_to_end(&mut text)
        .unwrap();
    text
}

fn import(at: &Installation, file: &Path, more: &[&str]) -> Ran {
    let arguments = ["import", "procedures", file.to_str().unwrap()];
    at.run(&[&arguments[..], more].concat())
}

async fn counts(at: &Installation) -> CatalogueCounts {
    let store = at.store().await;
    let day = jiff::civil::date(2100, 1, 1);
    let counts = store.catalogue_counts(day).await.unwrap();
    store.close().await;
    counts
}

async fn the_national_catalogue_is_imported_once(engine: Engine) {
    let at = Installation::new(engine);
    at.run(&["migrate"]).succeeds();
    let begun = Instant::now();
    let first = import(&at, &national(), &[]);
    eprintln!(
        "{engine:?}: 2,642 records imported in {:?}, debug build",
        begun.elapsed()
    );
    golden("tests/it/golden/import-first.txt", first.succeeds().out());
    let after = counts(&at).await;
    let second = import(&at, &national(), &[]);
    golden("tests/it/golden/import-second.txt", second.succeeds().out());
    assert_eq!(counts(&at).await, after);
    // The same records unpacked are the same catalogue.
    let plain = at.file("plain.jsonl");
    std::fs::write(&plain, unpacked()).unwrap();
    let report = import(&at, &plain, &["--json"]);
    let report: serde_json::Value = serde_json::from_str(report.succeeds().out()).unwrap();
    assert_eq!(report["records"], 2642);
    assert_eq!(counts(&at).await, after);
    at.run(&["check", "--no-files"]).succeeds();
}

async fn the_starter_catalogue_keeps_what_the_national_one_leaves_out(engine: Engine) {
    let at = Installation::new(engine);
    at.run(&["migrate"]).succeeds();
    at.run(&["import", "starter"]).succeeds();
    let first = import(&at, &national(), &[]);
    golden(
        "tests/it/golden/import-over-starter.txt",
        first.succeeds().out(),
    );
    let after = counts(&at).await;
    let second = import(&at, &national(), &["--json"]);
    let report: serde_json::Value = serde_json::from_str(second.succeeds().out()).unwrap();
    assert_eq!((&report["new"], &report["changed"]), (&0.into(), &0.into()));
    assert_eq!(counts(&at).await, after);
    let store = at.store().await;
    let copies = domain::ids::ProcedureCode::parse("2.000815").unwrap();
    let day = jiff::civil::date(2100, 1, 1);
    let copies = store
        .procedure_in_force(&copies, day)
        .await
        .unwrap()
        .unwrap();
    let offer = copies.offer(domain::procedure::Channel::Direct).unwrap();
    assert!(copies.version == 2 && offer.limit.is_some() && !offer.fees.is_empty());
    store.close().await;
}

async fn terms_are_published_entry_by_entry_and_outlive_the_national_file(engine: Engine) {
    let at = Installation::new(engine);
    at.run(&["migrate"]).succeeds();
    at.run(&["import", "starter"]).succeeds();
    let file = at.file("terms.json");
    let entry = |procedure: &str| {
        serde_json::json!({
            "procedure": procedure, "decision": "1200/QĐ-UBND", "decided": "2026-01-05",
            "valid_from": "2026-02-01",
            "terms": {
                "supplement": { "mode": "exclude", "answer": "15d" },
                "refunds": [{ "rule": "always" }],
            },
        })
    };
    let entries = serde_json::json!([entry("1.001612"), entry("1.999999")]);
    std::fs::write(&file, entries.to_string()).unwrap();
    let import_terms = |more: &[&str]| {
        let arguments = ["import", "terms", file.to_str().unwrap()];
        at.run(&[&arguments[..], more].concat())
    };
    let before = counts(&at).await;
    let says = |run: &Ran, words: &str| assert!(run.out().contains(words), "{}", run.out());
    let dry = import_terms(&["--dry-run"]);
    says(&dry, "1 terms may be published, 1 were refused");
    says(&dry, "entry 2 1.999999: no such procedure");
    assert_eq!(counts(&at).await, before);
    says(&import_terms(&[]), "Published: 1.001612, version 2.");
    assert_eq!(counts(&at).await.versions, before.versions + 1);
    let again = import_terms(&[]);
    says(&again, "0 terms were published, 1 were unchanged");
    import(&at, &national(), &[]).succeeds();
    import(&at, &national(), &[]).succeeds();
    let store = at.store().await;
    let code = domain::ids::ProcedureCode::parse("1.001612").unwrap();
    let day = jiff::civil::date(2100, 1, 1);
    let kept = store.procedure_in_force(&code, day).await.unwrap().unwrap();
    store.close().await;
    assert_eq!(
        kept.version, 3,
        "the national record is a version of its own"
    );
    assert_eq!(kept.supplement.mode, domain::deadline::PauseMode::Exclude);
    assert_eq!(kept.own_terms.unwrap().decision, "1200/QĐ-UBND");
    assert_eq!(kept.lanes.len(), 1, "those that ship");
    let mut charges = kept.offers.iter().flat_map(|offer| &offer.fees);
    assert!(charges.all(|fee| fee.refund == domain::procedure::RefundRule::Always));
}

async fn a_file_that_cannot_be_believed_changes_nothing(engine: Engine) {
    let at = Installation::new(engine);
    at.run(&["migrate"]).succeeds();
    let text = unpacked();
    let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
    let some = at.file("some.jsonl");
    std::fs::write(&some, lines[..20].concat()).unwrap();
    import(&at, &some, &[]).succeeds();
    let before = counts(&at).await;
    let packed = std::fs::read(national()).unwrap();
    for (name, content, said) in [
        ("cut.jsonl", text[..100_000].to_vec(), "cut off at line"),
        (
            "cut.jsonl.gz",
            packed[..packed.len() / 2].to_vec(),
            "cut off at line",
        ),
        ("damaged.jsonl.gz", damaged(&packed), "line "),
        (
            "bytes.jsonl",
            [lines[0], b"{\"\xff\xfe\"}\n", lines[1]].concat(),
            "line 2 is not UTF-8",
        ),
        ("long.jsonl", vec![b'x'; 3_000_000], "line 1 is longer than"),
        ("large.jsonl", large(), "larger than"),
        ("large.jsonl.gz", zipped(&large()), "larger than"),
        ("empty.jsonl", Vec::new(), "holds no procedure record"),
        (
            "other.jsonl",
            b"{\"a\":1}\n[2]\nthree\n".to_vec(),
            "holds no procedure record",
        ),
    ] {
        let file = at.file(name);
        std::fs::write(&file, content).unwrap();
        let ran = import(&at, &file, &[]);
        ran.fails_with("was not imported; the catalogue is unchanged")
            .fails_with(said);
        assert_eq!(counts(&at).await, before, "{name}");
    }
    import(&at, &at.file("none.jsonl"), &[]).fails_with("cannot read");
    duplicates_are_set_aside(&at, &lines).await;
    let dry = at.file("dry.jsonl");
    std::fs::write(&dry, lines[..40].concat()).unwrap();
    let before = counts(&at).await;
    import(&at, &dry, &["--dry-run"]).succeeds();
    assert_eq!(counts(&at).await, before);
}

/// A record that stands twice is taken once.
async fn duplicates_are_set_aside(at: &Installation, lines: &[&[u8]]) {
    let before = counts(at).await;
    let file = at.file("twice.jsonl");
    std::fs::write(&file, lines[..20].repeat(2).concat()).unwrap();
    let report = import(at, &file, &[]);
    assert!(
        report
            .succeeds()
            .out()
            .contains("Trùng mã, nội dung như nhau"),
        "{}",
        report.out()
    );
    assert_eq!(counts(at).await, before);
}

/// A hundred megabytes, each line of them bearable.
fn large() -> Vec<u8> {
    let line = format!("{{\"rong\":\"{}\"}}\n", "x".repeat(1_000_000));
    line.repeat(100).into_bytes()
}

fn zipped(text: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text).unwrap();
    packer.finish().unwrap()
}

/// A bit turned over in the middle.
fn damaged(packed: &[u8]) -> Vec<u8> {
    let mut damaged = packed.to_vec();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    damaged
}
