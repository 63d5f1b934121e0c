//! The message catalogue and the glossary.

use std::collections::{BTreeMap, BTreeSet};

use super::items::Function;
use super::source::{RustFile, Text};
use super::tree::{Tree, ending};

const CATALOGUE: &str = "crates/app/messages.toml";
const GLOSSARY: &str = "GLOSSARY.md";
const LANGUAGES: [&str; 2] = ["vi", "en"];
/// Endings of texts that look like keys and are file names or names of events.
const NOT_KEYS: [&str; 12] = [
    ".csv", ".css", ".db", ".html", ".js", ".json", ".pdf", ".svg", ".toml", ".typ", ".txt", ".v1",
];

/// Every entry has both languages, neither empty, with the same `{placeholders}`.
pub(crate) fn catalogue(tree: &Tree) -> Vec<String> {
    let table = match tree.text(CATALOGUE).parse::<toml::Table>() {
        Ok(table) => table,
        Err(error) => return vec![format!("{CATALOGUE}: {}", error.message())],
    };
    let faulty = table
        .iter()
        .filter_map(|(key, entry)| Some((key, entry_fault(entry)?)));
    faulty
        .map(|(key, fault)| format!("{CATALOGUE}: `{key}` {fault}"))
        .collect()
}

/// Whether the catalogue has the key, or keys of the family that the program completes by name.
fn is_known(known: &BTreeSet<String>, key: &str) -> bool {
    let family = format!("{key}.");
    known.contains(key) || known.iter().any(|other| other.starts_with(&family))
}

/// Keys that pages and program ask for and the catalogue lacks.
pub(crate) fn keys(tree: &Tree) -> Vec<String> {
    let known = known(tree);
    let groups: BTreeSet<&str> = known
        .iter()
        .filter_map(|key| key.split_once('.'))
        .map(|k| k.0)
        .collect();
    let mut faults = Vec::new();
    for file in tree.product() {
        let texts = file.texts.iter().filter(|text| {
            asks_for_words(file, text, &groups)
                && !is_known(&known, &text.what)
                && !file.tests_at(text.line)
        });
        faults.extend(texts.map(|t| format!("{}:{}: no message `{}`", file.path, t.line, t.what)));
    }
    for (path, text) in templates(tree) {
        let missing = template_keys(text)
            .into_iter()
            .filter(|key| !known.contains(*key));
        faults.extend(missing.map(|key| format!("{path}: no message `{key}`")));
    }
    faults
}

/// Identifiers of the glossary that the program does not know.
pub(crate) fn glossary(tree: &Tree) -> Vec<String> {
    let words: BTreeSet<&str> = tree
        .product()
        .flat_map(|file| &file.words)
        .map(|word| word.what.as_str())
        .collect();
    let terms = terms(tree.text(GLOSSARY));
    let mut faults = Vec::new();
    if terms.is_empty() {
        faults.push(format!("{GLOSSARY}: no terms"));
    }
    for (line, name) in terms {
        let known = name.split(['.', ':', ' ']).filter(|part| !part.is_empty());
        if !known.clone().all(|part| words.contains(part)) {
            faults.push(format!("{GLOSSARY}:{line}: `{name}` is not in the program"));
        }
    }
    faults
}

/// How many terms the glossary explains.
pub(crate) fn glossary_size(tree: &Tree) -> usize {
    terms(tree.text(GLOSSARY)).len()
}

/// Pages, with their texts.
pub(crate) fn templates(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    tree.below("crates/web/templates/")
        .filter(|(path, _)| ending(path) == "html")
}

/// Keys of the catalogue.
pub(crate) fn known(tree: &Tree) -> BTreeSet<String> {
    let table = tree
        .text(CATALOGUE)
        .parse::<toml::Table>()
        .unwrap_or_default();
    table.into_iter().map(|(key, _)| key).collect()
}

fn entry_fault(entry: &toml::Value) -> Option<String> {
    let Some(entry) = entry.as_table() else {
        return Some("is no table".to_owned());
    };
    let mut said = BTreeMap::new();
    for language in LANGUAGES {
        match entry
            .get(language)
            .and_then(toml::Value::as_str)
            .map(str::trim)
        {
            None | Some("") => return Some(format!("has no words in `{language}`")),
            Some(words) => said.insert(language, placeholders(words)),
        };
    }
    if entry.len() != LANGUAGES.len() {
        return Some("has more than its languages".to_owned());
    }
    let all: BTreeSet<_> = said.values().collect();
    (all.len() > 1).then(|| "has other placeholders in the other language".to_owned())
}

fn placeholders(words: &str) -> BTreeSet<&str> {
    let parts = words.split('{').skip(1);
    parts
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

fn looks_like_key(text: &str) -> bool {
    text.contains('.')
        && !NOT_KEYS.iter().any(|end| text.ends_with(end))
        && text
            .split('.')
            .all(|part| !part.is_empty() && part.chars().all(is_key_char))
}

fn is_key_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

/// Whether a text is a key: an argument of the functions that give words; or of a known group, in
/// `web` or in a function that gives keys.
fn asks_for_words(file: &RustFile, text: &Text, groups: &BTreeSet<&str>) -> bool {
    if ["t", "fill"].contains(&text.call.as_str()) {
        return looks_like_key(&text.what);
    }
    let gives_keys = |function: &Function| {
        let inside = (function.line..function.line + function.lines).contains(&text.line);
        inside && (function.name == "key" || function.name.ends_with("_key"))
    };
    let group = text.what.split('.').next().unwrap_or_default();
    groups.contains(group)
        && looks_like_key(&text.what)
        && (file.krate() == "web" || file.functions.iter().any(gives_keys))
}

/// Keys asked for in a page: the first literal after `t(` or `fill(`, when the call begins so.
fn template_keys(text: &str) -> Vec<&str> {
    let mut keys = Vec::new();
    for call in ["t(", "fill(", "text("] {
        for (at, _) in text.match_indices(call) {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let is_name = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
            let rest = text.get(at + call.len()..).unwrap_or_default();
            let arguments = rest.split_once(')').map_or("", |(arguments, _)| arguments);
            let literal = arguments.split('"').nth(1);
            keys.extend(literal.filter(|key| !is_name && key.contains('.') && !key.ends_with('.')));
        }
    }
    keys
}

/// Identifiers of the glossary's second column, with their lines.
fn terms(text: &str) -> Vec<(usize, &str)> {
    let rows = text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.starts_with('|'));
    let cells = rows.filter_map(|(index, line)| Some((index + 1, line.split('|').nth(2)?)));
    cells
        .flat_map(|(line, cell)| names(cell).map(move |name| (line, name)))
        .collect()
}

fn names(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue_faults(text: &str) -> usize {
        catalogue(&Tree::of(&[(CATALOGUE, text)])).len()
    }

    #[test]
    fn an_entry_lacking_a_language_or_a_placeholder_is_found() {
        assert_eq!(
            catalogue_faults("\"a.b\" = { vi = \"{x} ngày\", en = \"{x} days\" }"),
            0
        );
        assert_eq!(catalogue_faults("\"a.b\" = { vi = \"ngày\" }"), 1);
        assert_eq!(
            catalogue_faults("\"a.b\" = { vi = \"ngày\", en = \" \" }"),
            1
        );
        assert_eq!(
            catalogue_faults("\"a.b\" = { vi = \"{x} ngày\", en = \"{n} days\" }"),
            1
        );
        assert_eq!(
            catalogue_faults("\"a.b\" = { vi = \"a\", en = \"a\", fr = \"a\" }"),
            1
        );
        assert_eq!(catalogue_faults("a = \"b\""), 1);
        assert_eq!(catalogue_faults("not toml"), 1);
    }

    #[test]
    fn a_key_that_the_catalogue_lacks_is_found_in_program_and_page() {
        let words = (CATALOGUE, "\"state.new\" = { vi = \"a\", en = \"a\" }");
        let found = |path, text| keys(&Tree::of(&[words, (path, text)]));
        let page = r#"{{ w.t("state.new") }} {{ t("gone.away") }} {{ at("x.y") }}"#;
        let asked = r#"fn a() { t("state.new"); t("gone.away"); log("state.old"); }"#;
        let given = "fn a_key() -> &str { \"state.old\" }
fn name() -> &str { \"state.old\" }";
        let plain = r#"fn a() { "state.old"; "state.json"; "x.y" }"#;
        assert_eq!(
            found("crates/web/templates/a.html", page),
            ["crates/web/templates/a.html: no message `gone.away`"]
        );
        assert_eq!(
            found("crates/app/src/a.rs", asked),
            ["crates/app/src/a.rs:1: no message `gone.away`"]
        );
        assert_eq!(found("crates/domain/src/a.rs", given).len(), 1);
        assert_eq!(found("crates/web/src/a.rs", plain).len(), 1);
    }

    #[test]
    fn a_term_that_the_program_does_not_know_is_found() {
        let text = "| hồ sơ | `Dossier` | x |\n| số | `Dossier::code`, `Nothing` | x |\n";
        let source = ("crates/domain/src/a.rs", "struct Dossier { code: u8 }");
        let faults = glossary(&Tree::of(&[(GLOSSARY, text), source]));
        assert_eq!(faults, ["GLOSSARY.md:2: `Nothing` is not in the program"]);
        assert_eq!(glossary(&Tree::of(&[source])).len(), 1);
    }
}
