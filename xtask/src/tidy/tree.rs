//! The repository as the checks see it: paths, texts and scanned Rust.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::source::RustFile;

/// Folders that hold what is built, fetched or made by running.
const SKIPPED: [&str; 6] = [".git", "node_modules", "dist", "var", "shots", "target"];
/// Kinds of files whose text a check reads.
const READ: [&str; 13] = [
    "rs", "toml", "sql", "html", "md", "json", "mjs", "ts", "lock", "csv", "typ", "txt", "golden",
];

/// All files below the root by their path with `/`; the text is empty for kinds nobody reads.
pub(crate) struct Tree {
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) rust: Vec<RustFile>,
}

impl Tree {
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let mut files = BTreeMap::new();
        collect(root, "", &mut files)?;
        Self::scanned(files)
    }

    /// A small tree for the tests of the checks.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let own = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        Self::scanned(files.iter().map(own).collect()).unwrap()
    }

    fn scanned(files: BTreeMap<String, String>) -> Result<Self> {
        let sources = files.iter().filter(|(path, _)| ending(path) == "rs");
        let scanned = sources
            .map(|(path, text)| RustFile::scan(path, text).with_context(|| path.clone()))
            .collect::<Result<Vec<_>>>()?;
        let rust = super::source::mark_test_modules(scanned);
        Ok(Self { files, rust })
    }

    /// The text of a file, or nothing.
    pub(crate) fn text(&self, path: &str) -> &str {
        self.files.get(path).map_or("", String::as_str)
    }

    /// Whether a file or a folder of that path is there.
    pub(crate) fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        self.files.contains_key(path) || self.files.keys().any(|file| file.starts_with(&folder))
    }

    /// Files below a folder, with their texts.
    pub(crate) fn below<'a>(
        &'a self,
        folder: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> + 'a {
        let inside = self
            .files
            .iter()
            .filter(move |(path, _)| path.starts_with(folder));
        inside.map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Rust that ships: neither tests nor this program.
    pub(crate) fn product(&self) -> impl Iterator<Item = &RustFile> {
        self.rust
            .iter()
            .filter(|file| !file.is_test && file.path.starts_with("crates/"))
    }
}

fn collect(root: &Path, below: &str, files: &mut BTreeMap<String, String>) -> Result<()> {
    let folder = root.join(below);
    let entries = fs::read_dir(&folder).with_context(|| format!("no {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() {
            name.clone()
        } else {
            format!("{below}/{name}")
        };
        if entry.file_type()?.is_dir() {
            if !SKIPPED.contains(&name.as_str()) && !name.starts_with("target") {
                collect(root, &path, files)?;
            }
        } else {
            let text = if is_read(&name) {
                fs::read(entry.path())?
            } else {
                Vec::new()
            };
            files.insert(path, String::from_utf8_lossy(&text).into_owned());
        }
    }
    Ok(())
}

/// What stands after the last dot of a path.
pub(crate) fn ending(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, end)| end)
}

fn is_read(name: &str) -> bool {
    name == "LICENSE" || name == "HASHES" || READ.contains(&ending(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_there_when_something_lies_in_it() {
        let tree = Tree::of(&[("docs/adr/0001-a.md", "")]);
        assert!(tree.has("docs/adr/") && tree.has("docs") && tree.has("docs/adr/0001-a.md"));
        assert!(!tree.has("docs/ad"));
    }

    #[test]
    fn what_is_built_is_not_read() {
        let folder = std::env::temp_dir().join(format!("motcua-tree-{}", std::process::id()));
        fs::create_dir_all(folder.join("target-x")).unwrap();
        fs::create_dir_all(folder.join("src")).unwrap();
        fs::write(folder.join("target-x/a.rs"), "fn").unwrap();
        fs::write(folder.join("src/b.rs"), "fn b() {}").unwrap();
        let tree = Tree::read(&folder).unwrap();
        assert_eq!(tree.files.keys().collect::<Vec<_>>(), ["src/b.rs"]);
        fs::remove_dir_all(folder).unwrap();
    }
}
