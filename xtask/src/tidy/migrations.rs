//! Migrations: the same numbers and names for both engines, and released files for ever the same.

use std::collections::BTreeMap;

use super::tree::{Tree, ending};

const FOLDER: &str = "crates/store/migrations/";
const ENGINES: [&str; 2] = ["sqlite", "postgres"];
/// Name of the file that holds what was released.
pub(crate) const RELEASED: &str = "crates/store/migrations/HASHES";

pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let [one, other] = ENGINES.map(|engine| names(tree, engine));
    let mut faults = Vec::new();
    for name in one.iter().filter(|name| !other.contains(name)) {
        faults.push(format!("{FOLDER}{name}: only for SQLite"));
    }
    for name in other.iter().filter(|name| !one.contains(name)) {
        faults.push(format!("{FOLDER}{name}: only for PostgreSQL"));
    }
    for (index, name) in one.iter().enumerate() {
        if !name.starts_with(&format!("{:04}_", index + 1)) {
            faults.push(format!(
                "{FOLDER}sqlite/{name}: number {:04} is expected here",
                index + 1
            ));
        }
    }
    faults.extend(changed(tree));
    faults
}

/// The lines of the file of released migrations, as they are today.
pub(crate) fn released(tree: &Tree) -> String {
    let files = tree.below(FOLDER).filter(|(path, _)| ending(path) == "sql");
    let lines: Vec<_> = files
        .map(|(path, text)| format!("{:016x} {path}", hash(text)))
        .collect();
    lines.join("\n") + "\n"
}

fn names<'a>(tree: &'a Tree, engine: &str) -> Vec<&'a str> {
    let folder = format!("{FOLDER}{engine}/");
    let files = tree
        .below(FOLDER)
        .filter_map(|(path, _)| path.strip_prefix(folder.as_str()));
    files.filter(|name| ending(name) == "sql").collect()
}

fn changed(tree: &Tree) -> Vec<String> {
    let lines = tree
        .text(RELEASED)
        .lines()
        .filter_map(|line| line.split_once(' '));
    let released: BTreeMap<&str, &str> = lines.map(|(hash, path)| (path, hash)).collect();
    let now = |path: &str| format!("{:016x}", hash(tree.text(path)));
    let differs = released.iter().filter(|(path, then)| now(path) != **then);
    differs
        .map(|(path, _)| format!("{path}: a released migration never changes"))
        .collect()
}

/// FNV-1a: against accidents, not against forgery.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_come_in_pairs_without_gaps() {
        let pair = [
            ("crates/store/migrations/sqlite/0001_core.sql", ""),
            ("crates/store/migrations/postgres/0001_core.sql", ""),
        ];
        assert_eq!(check(&Tree::of(&pair)), [""; 0]);
        assert_eq!(check(&Tree::of(pair.get(..1).unwrap())).len(), 1);
        let gap = [
            ("crates/store/migrations/sqlite/0002_core.sql", ""),
            ("crates/store/migrations/postgres/0002_core.sql", ""),
        ];
        assert_eq!(check(&Tree::of(&gap)).len(), 1);
    }

    #[test]
    fn a_released_migration_that_changed_or_vanished_is_found() {
        let files = |text| {
            [
                ("crates/store/migrations/sqlite/0001_core.sql", text),
                ("crates/store/migrations/postgres/0001_core.sql", text),
            ]
        };
        let [first, second] = files("CREATE");
        let hashes = released(&Tree::of(&[first, second]));
        assert_eq!(
            check(&Tree::of(&[first, second, (RELEASED, &hashes)])),
            [""; 0]
        );
        let [first, second] = files("CREATE more");
        assert_eq!(
            check(&Tree::of(&[first, second, (RELEASED, &hashes)])).len(),
            2
        );
        assert_eq!(check(&Tree::of(&[(RELEASED, &hashes)])).len(), 2);
    }
}
