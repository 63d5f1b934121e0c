//! Documents as they are seen on paper, over what the guarded reader lets through: the same pages without
//! fields, and the same again.
#![no_main]

use fuzz::flat;
use fuzz::pdf::{Limits, open_within};
use lopdf::Document;

fn pages(document: &[u8]) -> usize {
    let read = Document::load_mem(document).expect("it was written");
    let form = read.catalog().is_ok_and(|catalogue| catalogue.has(b"AcroForm"));
    assert!(!form, "a form is left");
    let bare = |page| read.get_dictionary(page).is_ok_and(|page| !page.has(b"Annots"));
    assert!(read.page_iter().all(bare), "an annotation is left");
    read.page_iter().count()
}

libfuzzer_sys::fuzz_target!(|given: &[u8]| {
    let limits = Limits {
        stream: 1 << 20,
        inflated: 4 << 20,
        values: 100_000,
        objects: 5_000,
        ..Limits::default()
    };
    let Ok(opened) = open_within(given, &limits) else {
        return;
    };
    let Some(seen) = flat(given) else {
        return;
    };
    assert_eq!(pages(&seen), opened.pages());
    let again = flat(&seen).expect("what was written is read");
    assert_eq!(pages(&again), opened.pages());
});
