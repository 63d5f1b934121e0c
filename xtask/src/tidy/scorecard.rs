//! Where the code base stands, in figures.

use super::items::Function;
use super::tree::Tree;
use super::{Check, manifest, sizes, words};
use crate::shell::say;

/// Share of public items outside the core that must have a doc comment, in a hundred.
const DOCUMENTED: usize = 70;

struct Row {
    point: &'static str,
    today: String,
    target: &'static str,
}

pub(crate) fn print(tree: &Tree, checks: &[Check]) {
    let mut rows = measured(tree);
    rows.extend(checks.iter().map(|check| Row {
        point: check.point,
        today: (check.faults)(tree).len().to_string(),
        target: "0",
    }));
    let width = rows
        .iter()
        .map(|row| row.point.chars().count())
        .max()
        .unwrap_or_default();
    say(format!("{:width$}  {:>22}  target", "point", "today"));
    for Row {
        point,
        today,
        target,
    } in rows
    {
        say(format!("{point:width$}  {today:>22}  {target}"));
    }
}

/// Too few doc comments outside the core; inside the core the compiler asks for all.
pub(crate) fn documented(tree: &Tree) -> Vec<String> {
    let (documented, all) = documentation(tree, false);
    if documented * 100 >= all * DOCUMENTED {
        return Vec::new();
    }
    vec![format!(
        "{documented} of {all} public items outside `domain` are documented, at least {DOCUMENTED} %"
    )]
}

fn measured(tree: &Tree) -> Vec<Row> {
    let row = |point, today, target| Row {
        point,
        today,
        target,
    };
    let functions: Vec<&Function> = sizes::all(tree).map(|(_, function)| function).collect();
    let largest = tree
        .product()
        .map(|file| file.lines)
        .max()
        .unwrap_or_default();
    let source: usize = tree.product().map(|file| file.lines).sum();
    let tests: usize = tree.rust.iter().map(|file| file.test_count).sum();
    vec![
        row(
            "packages of ours",
            manifest::members(tree).to_string(),
            "7, by prohibition",
        ),
        row(
            "packages in the lock file",
            manifest::packages(tree).to_string(),
            "at most 600",
        ),
        row("source lines", source.to_string(), "-"),
        row(
            "function lines, median / p90 / max",
            tail(&functions),
            "max 60",
        ),
        row("functions over 40 lines", over_aim(&functions), "under 2 %"),
        row("largest file, lines", largest.to_string(), "400"),
        row(
            "documented in `domain`",
            share(documentation(tree, true)),
            "100 %",
        ),
        row(
            "documented elsewhere",
            share(documentation(tree, false)),
            "70 %",
        ),
        row("tests in Rust", tests.to_string(), "-"),
        row(
            "glossary identifiers",
            words::glossary_size(tree).to_string(),
            "-",
        ),
    ]
}

fn tail(functions: &[&Function]) -> String {
    let mut lines: Vec<usize> = functions.iter().map(|function| function.lines).collect();
    lines.sort_unstable();
    let at = |percent: usize| {
        lines
            .get(lines.len() * percent / 100)
            .copied()
            .unwrap_or_default()
    };
    format!(
        "{} / {} / {}",
        at(50),
        at(90),
        lines.last().copied().unwrap_or_default()
    )
}

fn over_aim(functions: &[&Function]) -> String {
    let long = functions
        .iter()
        .filter(|function| function.lines > sizes::AIM)
        .count();
    format!("{long}, {}", share((long, functions.len())))
}

fn share((part, all): (usize, usize)) -> String {
    let tenths = (part * 1000).checked_div(all).unwrap_or_default();
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn documentation(tree: &Tree, core: bool) -> (usize, usize) {
    let files = tree
        .product()
        .filter(|file| (file.krate() == "domain") == core);
    let items = files.flat_map(|file| {
        file.publics
            .iter()
            .filter(|public| !file.tests_at(public.line))
    });
    let (documented, bare): (Vec<_>, Vec<_>) = items.partition(|public| public.documented);
    (documented.len(), documented.len() + bare.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_few_doc_comments_are_found_outside_the_core_alone() {
        let text = "/// Doc.\npub fn a() {}\npub fn b() {}";
        assert_eq!(
            documented(&Tree::of(&[("crates/web/src/a.rs", text)])).len(),
            1
        );
        assert_eq!(
            documented(&Tree::of(&[("crates/domain/src/a.rs", text)])).len(),
            0
        );
        assert_eq!(
            documented(&Tree::of(&[(
                "crates/web/src/a.rs",
                "/// Doc.\npub fn a() {}"
            )]))
            .len(),
            0
        );
    }

    #[test]
    fn shares_and_tails_are_figures_one_can_read() {
        assert_eq!(share((1, 3)), "33.3 %");
        assert_eq!(share((0, 0)), "0.0 %");
        let tree = Tree::of(&[("crates/web/src/a.rs", "fn a() {}\nfn b() {\n\n}\n")]);
        let functions: Vec<&Function> = sizes::all(&tree).map(|(_, function)| function).collect();
        assert_eq!(tail(&functions), "3 / 3 / 3");
    }
}
