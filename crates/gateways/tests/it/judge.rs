//! Judges of signatures that are not ours: pyHanko and poppler.

use std::path::Path;

use serde_json::Value;

use crate::tools::{self, path};

/// What pyHanko says of each signature of a file, in the order of the signatures.
pub(crate) fn pyhanko(roots: &Path, pdf: &Path) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/judge.py");
    let said = tools::run(path(&python()), &[path(&script), path(roots), path(pdf)]);
    serde_json::from_str(&said).unwrap()
}

/// The document with a signature that pyHanko puts into that field, with the key (DER) and certificates
/// (PEM) in these files; `stamp` as `outside.py` takes it.
pub(crate) fn signed_by_pyhanko(
    given: &Path,
    field: &str,
    (key, chain): (&Path, &Path),
    stamp: Option<&str>,
) -> Vec<u8> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/outside.py");
    let signed = given.with_extension("signed.pdf");
    let mut arguments = vec![path(&script), path(given), path(&signed), field];
    arguments.extend([path(key), path(chain)]);
    arguments.extend(stamp);
    tools::run(path(&python()), &arguments);
    std::fs::read(signed).unwrap()
}

/// What `pdfsig` says of each signature: its line on validity, and the one on what is signed.
/// Trust is not judged here.
pub(crate) fn pdfsig(pdf: &Path) -> Vec<(String, String)> {
    let said = tools::run("pdfsig", &["-nocert", path(pdf)]);
    let parts = said.split("Signature #").skip(1);
    let line = |part: &str, wanted: &[&str]| {
        let mut lines = part.lines().map(|line| line.trim_start_matches([' ', '-']));
        let found = lines.find(|line| wanted.iter().any(|wanted| line.starts_with(wanted)));
        found.unwrap_or_default().to_owned()
    };
    let both = parts.map(|part| {
        (
            line(part, &["Signature Validation:"]),
            line(
                part,
                &["Total document signed", "Not total document signed"],
            ),
        )
    });
    both.collect()
}

/// Fails when the structure of the file is wrong.
pub(crate) fn structure(pdf: &Path) {
    tools::run("qpdf", &["--check", path(pdf)]);
}

/// The Python that `cargo xtask test` makes.
fn python() -> std::path::PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let python = target.join("test-python/bin/python");
    assert!(
        python.exists(),
        "no Python at {}; `cargo xtask test` makes it from tests/requirements.txt",
        python.display()
    );
    python
}
