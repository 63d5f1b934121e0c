//! What may stand in one crate alone: SQL in `store`, HTTP statuses in `web`, vendors in `gateways`.

use super::source::RustFile;
use super::tree::Tree;

const VENDORS: [&str; 24] = [
    "typst",
    "tesseract",
    "softhsm",
    "pkcs11",
    "cryptoki",
    "vnpay",
    "momo",
    "zalopay",
    "payos",
    "napas",
    "viettel",
    "vnpt",
    "misa",
    "bkav",
    "fpt",
    "minio",
    "keycloak",
    "twilio",
    "sendgrid",
    "zalo",
    "vietcombank",
    "agribank",
    "vnpost",
    "openid_vneid",
];

/// SQL outside `store`, in tests too: there the store is asked like everywhere else.
pub(crate) fn sql(tree: &Tree) -> Vec<String> {
    let elsewhere = tree
        .rust
        .iter()
        .filter(|file| !["store", "xtask"].contains(&file.krate()));
    elsewhere
        .flat_map(|file| {
            let texts = file.texts.iter().filter(|text| is_sql(&text.what));
            texts.map(|text| format!("{}:{}: SQL outside `store`", file.path, text.line))
        })
        .collect()
}

/// HTTP statuses outside `web`; whole-system tests look at them from outside, and simulators are
/// servers of others.
pub(crate) fn statuses(tree: &Tree) -> Vec<String> {
    let strangers = tree
        .product()
        .filter(|file| !["web", "simulators"].contains(&file.krate()));
    let is_status = |word: &str| word == "StatusCode";
    strangers
        .flat_map(|file| words_of(file, is_status, "an HTTP status outside `web`"))
        .collect()
}

/// Names of products and firms outside `gateways`.
pub(crate) fn vendors(tree: &Tree) -> Vec<String> {
    words(
        tree,
        "gateways",
        names_vendor,
        "a vendor's name outside `gateways`",
    )
}

/// In the core: waiting, clocks, files, and maps whose order is chance.
pub(crate) fn core(tree: &Tree) -> Vec<String> {
    const FOREIGN: [&str; 9] = [
        "HashMap",
        "HashSet",
        "Instant",
        "SystemTime",
        "async",
        "f32",
        "f64",
        "fs",
        "net",
    ];
    let files = tree.product().filter(|file| file.krate() == "domain");
    let is_foreign = |word: &str| FOREIGN.contains(&word);
    files
        .flat_map(|file| words_of(file, is_foreign, "not in the core"))
        .collect()
}

fn words(tree: &Tree, home: &str, wanted: fn(&str) -> bool, what: &str) -> Vec<String> {
    let strangers = tree.product().filter(|file| file.krate() != home);
    strangers
        .flat_map(|file| words_of(file, wanted, what))
        .collect()
}

fn words_of(file: &RustFile, wanted: fn(&str) -> bool, what: &str) -> Vec<String> {
    let texts = file.texts.iter().map(|text| (&text.what, text.line));
    let marks = file
        .words
        .iter()
        .map(|word| (&word.what, word.line))
        .chain(texts);
    let found = marks.filter(|(mark, line)| wanted(mark) && !file.tests_at(*line));
    found
        .map(|(_, line)| format!("{}:{line}: {what}", file.path))
        .collect()
}

fn is_sql(text: &str) -> bool {
    let has = |part: &str| text.contains(part);
    let starts = |part: &str| text.trim_start().starts_with(part);
    starts("SELECT ")
        || has("INSERT INTO ")
        || has("DELETE FROM ")
        || has("CREATE TABLE ")
        || has("BEGIN IMMEDIATE")
        || starts("PRAGMA ")
        || (has("UPDATE ") && has(" SET "))
        || (has(" FROM ") && has(" WHERE "))
}

/// Whether a word of the text, as cases and underscores divide it, is a vendor.
fn names_vendor(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    words.any(|word| VENDORS.contains(&word))
        || VENDORS
            .iter()
            .any(|vendor| vendor.len() >= 5 && lower.starts_with(vendor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_is_found_outside_the_store_and_only_there() {
        let text = r#"fn a() { run("SELECT 1"); run("please SELECT one"); }"#;
        let tree = |path| Tree::of(&[(path, text)]);
        assert_eq!(
            sql(&tree("crates/app/src/a.rs")),
            ["crates/app/src/a.rs:1: SQL outside `store`"]
        );
        assert_eq!(sql(&tree("crates/server/tests/it/a.rs")).len(), 1);
        assert_eq!(sql(&tree("crates/store/src/a.rs")).len(), 0);
        for text in [
            "UPDATE a SET b = 1",
            " DELETE FROM a",
            "x FROM a WHERE b",
            "PRAGMA page_count",
        ] {
            assert!(is_sql(text), "{text}");
        }
    }

    #[test]
    fn what_the_core_must_not_know_is_found_there_alone() {
        let text = "use std::collections::HashMap; async fn a() -> f64 {}";
        assert_eq!(
            core(&Tree::of(&[("crates/domain/src/a.rs", text)])).len(),
            3
        );
        assert_eq!(core(&Tree::of(&[("crates/app/src/a.rs", text)])).len(), 0);
    }

    #[test]
    fn a_status_is_found_outside_web() {
        let text = "use axum::http::StatusCode;\n#[cfg(test)] mod tests { use a::StatusCode; }";
        assert_eq!(
            statuses(&Tree::of(&[("crates/app/src/a.rs", text)])).len(),
            1
        );
        assert_eq!(
            statuses(&Tree::of(&[("crates/web/src/a.rs", text)])).len(),
            0
        );
    }

    #[test]
    fn a_vendor_is_found_outside_gateways_and_in_no_longer_word() {
        let tree = |path| Tree::of(&[(path, r#"fn a() { TypstSlips; "momo"; "momordica"; }"#)]);
        assert_eq!(vendors(&tree("crates/app/src/a.rs")).len(), 2);
        assert_eq!(vendors(&tree("crates/gateways/src/a.rs")).len(), 0);
        assert!(names_vendor("TesseractOcr") && !names_vendor("momordica"));
    }
}
