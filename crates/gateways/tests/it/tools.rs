//! Programs that are not ours read what we drew: poppler for text and faces, zbar for the marks.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Writes the PDF where a person can look at it after the tests, too.
pub(crate) fn keep(name: &str, pdf: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("slips");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{name}.pdf"));
    // Tests run at one time: none reads what another has half written.
    let thread = format!("{:?}", std::thread::current().id());
    let fresh = folder.join(format!("{name}.{thread}"));
    fs::write(&fresh, pdf).unwrap();
    fs::rename(fresh, &path).unwrap();
    path
}

/// An empty folder for a test.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("keys")
        .join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// What a program says; a missing program fails the test with its name.
pub(crate) fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("cannot run {program}: {error}"));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {complaint}"
    );
    String::from_utf8(output.stdout).unwrap()
}

pub(crate) fn text(pdf: &Path) -> String {
    run("pdftotext", &["-layout", path(pdf), "-"])
}

/// The text as one line, so that a wrapped field is found whole.
pub(crate) fn flowing_text(pdf: &Path) -> String {
    one_line(&run("pdftotext", &["-raw", path(pdf), "-"]))
}

pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every mark on the first page at 150 dots an inch, as `kind:text`.
pub(crate) fn marks(pdf: &Path) -> Vec<String> {
    let picture = pdf.with_extension("");
    let picture = path(&picture).to_owned() + "-150";
    run(
        "pdftoppm",
        &[
            "-r",
            "150",
            "-gray",
            "-png",
            "-f",
            "1",
            "-singlefile",
            path(pdf),
            &picture,
        ],
    );
    let found = run("zbarimg", &["--quiet", &format!("{picture}.png")]);
    let mut marks: Vec<String> = found.lines().map(str::to_owned).collect();
    marks.sort();
    marks
}

pub(crate) fn info(pdf: &Path, field: &str) -> String {
    let info = run("pdfinfo", &[path(pdf)]);
    let line = info
        .lines()
        .find(|line| line.starts_with(field))
        .unwrap_or_default();
    line.split_once(':')
        .map(|(_, value)| value.trim().to_owned())
        .unwrap_or_default()
}

pub(crate) fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}
