//! Every template with samples: rendered, checked mechanically, and compared with golden files.
//! `UPDATE_GOLDEN=1` writes them anew.

mod check;
mod pages;
mod verify;

use std::path::PathBuf;

pub(crate) use check::faults;

/// Checks a page and compares it with `tests/golden/{name}`.
pub(crate) fn page(name: &str, html: &str) {
    assert_eq!(faults(html), Vec::<String>::new(), "{name}");
    golden(&format!("pages/{name}.html"), &plain(html));
}

/// Compares `text` with the golden file, or writes it.
pub(crate) fn golden(name: &str, text: &str) {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(text, kept, "{name} differs; UPDATE_GOLDEN=1 writes it anew");
}

/// Without the hashes of assets, which change with the front end and not with the page.
fn plain(html: &str) -> String {
    let parts = html.split("/tep/").enumerate().map(|(index, part)| {
        if index == 0 {
            return part.to_owned();
        }
        let (file, rest) = part.split_once('"').unwrap_or((part, ""));
        let (stem, end) = file.rsplit_once('.').unwrap_or((file, ""));
        let name = stem.rsplit_once('.').map_or(stem, |(name, _)| name);
        format!("/tep/{name}.{end}\"{rest}")
    });
    let text: String = parts.collect();
    let lines = text
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty());
    lines.chain([""]).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_interface_is_the_one_that_was_published() {
    let mut document = serde_json::to_string_pretty(&crate::openapi()).unwrap();
    document.push('\n');
    golden("openapi.json", &document);
}
