//! The maps: what they name exists. And the pages: nothing that their policy refuses.

use super::tree::{Tree, ending};
use super::words::templates;

/// Folders whose paths are recognised in the text of a map.
const ROOTS: [&str; 5] = ["crates/", "docs/", "e2e/", "xtask/", ".ci/"];

/// Links and paths in documents that lead nowhere.
pub(crate) fn paths(tree: &Tree) -> Vec<String> {
    let documents = tree.files.iter().filter(|(path, _)| is_document(path));
    let mut faults = Vec::new();
    for (path, text) in documents {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for target in links(text) {
            let resolved = resolve(folder, target);
            if !tree.has(&resolved) {
                faults.push(format!("{path}: `{target}` leads nowhere"));
            }
        }
        let named = named(text).filter(|named| !tree.has(named));
        faults.extend(named.map(|named| format!("{path}: there is no `{named}`")));
    }
    faults
}

/// Documents that must be there.
pub(crate) fn present(tree: &Tree) -> Vec<String> {
    let wanted = [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "GLOSSARY.md",
        "LICENSE",
    ];
    let missing = wanted
        .iter()
        .filter(|path| tree.text(path).trim().is_empty());
    let mut faults: Vec<_> = missing.map(|path| format!("{path} is missing")).collect();
    if !tree.text("LICENSE").contains("Apache License") {
        faults.push("LICENSE is not the Apache License".to_owned());
    }
    if !tree.text("README.md").contains("cargo xtask test") {
        faults.push("README.md does not name the test command".to_owned());
    }
    faults
}

/// Inline styles and scripts, which the policy of the pages refuses, and unescaped text.
pub(crate) fn pages(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in templates(tree) {
        for (index, line) in text.lines().enumerate() {
            let forbidden = [
                " style=",
                "<style",
                " onclick=",
                " onchange=",
                " onsubmit=",
                "|safe",
                "| safe",
            ];
            let found = forbidden.iter().find(|part| line.contains(**part));
            let inline = line.contains("<script") && !line.contains(" src=");
            if found.is_some() || inline {
                let what = found.map_or("<script>", |part| part.trim());
                faults.push(format!("{path}:{}: `{what}` in a page", index + 1));
            }
        }
    }
    faults
}

/// Templates that no page and no other template names.
pub(crate) fn unused_templates(tree: &Tree) -> Vec<String> {
    let program = tree.product().filter(|file| file.krate() == "web");
    let mut named: Vec<&str> = program
        .flat_map(|file| &file.texts)
        .map(|text| text.what.as_str())
        .collect();
    named.extend(templates(tree).flat_map(|(_, text)| text.split('"').skip(1).step_by(2)));
    let files = templates(tree).filter_map(|(path, _)| path.strip_prefix("crates/web/templates/"));
    let unused = files.filter(|file| !named.contains(file));
    unused
        .map(|file| format!("crates/web/templates/{file}: nothing uses it"))
        .collect()
}

/// Notes to oneself, which do not merge.
pub(crate) fn leftovers(tree: &Tree) -> Vec<String> {
    let words = [
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
        ["XX", "X:"].concat(),
    ];
    let mut faults = Vec::new();
    for (path, text) in &tree.files {
        if ["lock", "json", "csv", "txt"].contains(&ending(path)) {
            continue;
        }
        for (index, line) in text.lines().enumerate() {
            if words.iter().any(|word| line.contains(word.as_str())) {
                faults.push(format!("{path}:{}: a note to oneself", index + 1));
            }
        }
    }
    faults
}

fn is_document(path: &str) -> bool {
    ending(path) == "md" && (!path.contains('/') || path.starts_with("docs/"))
}

/// Targets of links inside the repository.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text
        .split("](")
        .skip(1)
        .filter_map(|part| part.split_once(')'))
        .map(|t| t.0);
    let local = targets.map(|target| target.split('#').next().unwrap_or(target));
    local.filter(|target| !target.is_empty() && !target.contains("://"))
}

/// Paths in backticks, unless they are patterns.
fn named(text: &str) -> impl Iterator<Item = &str> {
    let quoted = text
        .lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2));
    let paths = quoted.filter(|word| ROOTS.iter().any(|root| word.starts_with(root)));
    paths.filter(|word| !word.contains(['*', '<', ' ', '{']) && !word.contains("NNNN"))
}

fn resolve(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_or_link_that_leads_nowhere_is_found() {
        let text = "[a](docs/a.md#part) [b](docs/b.md) [c](https://example.org)
`crates/web/` `crates/nothing/` `crates/*/src` `cargo run`";
        let tree = Tree::of(&[
            ("README.md", text),
            ("docs/a.md", "[up](../README.md) [out](../gone.md)"),
            ("crates/web/src/lib.rs", ""),
        ]);
        assert_eq!(
            paths(&tree),
            [
                "README.md: `docs/b.md` leads nowhere",
                "README.md: there is no `crates/nothing/`",
                "docs/a.md: `../gone.md` leads nowhere",
            ]
        );
    }

    #[test]
    fn a_missing_document_is_found() {
        let all = [
            ("README.md", "cargo xtask test"),
            ("ARCHITECTURE.md", "a"),
            ("CONTRIBUTING.md", "a"),
            ("GLOSSARY.md", "a"),
            ("LICENSE", "Apache License"),
        ];
        assert_eq!(present(&Tree::of(&all)), [""; 0]);
        assert_eq!(present(&Tree::of(all.get(..4).unwrap())).len(), 2);
        assert_eq!(present(&Tree::of(all.get(1..).unwrap())).len(), 2);
    }

    #[test]
    fn a_template_that_nothing_names_is_found() {
        let tree = Tree::of(&[
            (
                "crates/web/templates/page.html",
                "{% extends \"frame.html\" %}",
            ),
            ("crates/web/templates/frame.html", ""),
            ("crates/web/templates/old/page.html", ""),
            (
                "crates/web/src/a.rs",
                "#[template(path = \"page.html\")] struct A;",
            ),
        ]);
        assert_eq!(
            unused_templates(&tree),
            ["crates/web/templates/old/page.html: nothing uses it"]
        );
    }

    #[test]
    fn a_note_to_oneself_is_found() {
        let note = format!("// {}{}: later", "TO", "DO");
        assert_eq!(
            leftovers(&Tree::of(&[("crates/web/src/a.rs", &note)])).len(),
            1
        );
        assert_eq!(
            leftovers(&Tree::of(&[("crates/web/src/a.rs", "// why")])).len(),
            0
        );
    }

    #[test]
    fn what_the_policy_of_pages_refuses_is_found() {
        let page = |text| Tree::of(&[("crates/web/templates/a.html", text)]);
        for bad in [
            "<p style=\"a\">",
            "<script>",
            "{{ a|safe }}",
            "<a onclick=\"b\">",
            "<style>",
        ] {
            assert_eq!(pages(&page(bad)).len(), 1, "{bad}");
        }
        assert_eq!(
            pages(&page("<script type=\"module\" src=\"a\"></script>")).len(),
            0
        );
    }
}
