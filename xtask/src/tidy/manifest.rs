//! The root manifest and the lock files: every third-party crate has its reason, no host is named.

use super::tree::Tree;

/// Third-party crates whose line has no comment of its own before it. A comment also covers the
/// lines after it whose names begin like the first (`serde`, `serde_json`).
pub(crate) fn reasons(tree: &Tree) -> Vec<String> {
    let text = tree.text("Cargo.toml");
    let section = text
        .split("[workspace.dependencies]")
        .nth(1)
        .unwrap_or_default();
    let mut covered = "";
    let mut fresh = false;
    let mut faults = Vec::new();
    for line in section
        .lines()
        .skip(1)
        .take_while(|line| !line.starts_with('['))
    {
        if line.starts_with('#') {
            fresh = true;
            continue;
        }
        let Some((name, rest)) = line.split_once('=') else {
            continue;
        };
        let name = name.trim();
        if fresh {
            covered = name;
            fresh = false;
        } else if !rest.contains("path = ") && family(name) != family(covered) {
            faults.push(format!("Cargo.toml: `{name}` has no line of why"));
        }
    }
    faults
}

/// Lock files that say where packages came from.
pub(crate) fn hosts(tree: &Tree) -> Vec<String> {
    let locks = tree
        .files
        .iter()
        .filter(|(path, _)| path.ends_with("package-lock.json"));
    let named = locks.filter(|(_, text)| text.contains("\"resolved\": \"http"));
    named
        .map(|(path, _)| format!("{path}: names a registry's host"))
        .collect()
}

/// How many packages the lock file holds.
pub(crate) fn packages(tree: &Tree) -> usize {
    tree.text("Cargo.lock")
        .lines()
        .filter(|line| *line == "[[package]]")
        .count()
}

/// Our own members, this program included.
pub(crate) fn members(tree: &Tree) -> usize {
    tree.files
        .keys()
        .filter(|path| path.ends_with("/Cargo.toml"))
        .count()
}

fn family(name: &str) -> &str {
    name.split(['-', '_']).next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_without_its_reason_is_found() {
        let text =
            "[workspace.dependencies]\n# Ours.\ndomain = { path = \"a\" }\nstore = { path = \"b\" }
# Events.\nserde = \"1\"\nserde_json = \"1\"\nrand = \"1\"\n[profile]\nnot = 1\n";
        let tree = Tree::of(&[("Cargo.toml", text)]);
        assert_eq!(reasons(&tree), ["Cargo.toml: `rand` has no line of why"]);
    }

    #[test]
    fn a_lock_file_with_a_host_is_found() {
        let lock = |text| Tree::of(&[("e2e/package-lock.json", text)]);
        assert_eq!(
            hosts(&lock("\"resolved\": \"https://somewhere/a.tgz\"")).len(),
            1
        );
        assert_eq!(hosts(&lock("\"version\": \"1\"")).len(), 0);
    }
}
