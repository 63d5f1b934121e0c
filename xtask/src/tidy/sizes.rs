//! Sizes, and what the compiler lets pass: files, functions, parameters, `allow`, `unwrap`, names.

use super::items::Function;
use super::source::RustFile;
use super::tree::Tree;

const FILE: usize = 400;
const FUNCTION: usize = 60;
pub(crate) const AIM: usize = 40;
const PARAMETERS: usize = 5;
/// Functions over the aim, in a hundred.
const OVER_AIM: usize = 2;
/// Endings of type names that say nothing.
const EMPTY: [&str; 6] = ["Manager", "Helper", "Util", "Utils", "Info", "Data"];

pub(crate) fn files(tree: &Tree) -> Vec<String> {
    let long = tree
        .files
        .iter()
        .filter(|(path, text)| is_written(path) && text.lines().count() > FILE);
    long.filter(|(path, _)| {
        !tree
            .rust
            .iter()
            .any(|file| file.is_test && file.path == **path)
    })
    .map(|(path, text)| format!("{path}: {} lines, at most {FILE}", text.lines().count()))
    .collect()
}

pub(crate) fn functions(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (file, function) in all(tree) {
        let place = format!("{}:{}: `{}`", file.path, function.line, function.name);
        if function.lines > FUNCTION {
            faults.push(format!(
                "{place} has {} lines, at most {FUNCTION}",
                function.lines
            ));
        }
        if function.parameters > PARAMETERS {
            let count = function.parameters;
            faults.push(format!(
                "{place} has {count} parameters, at most {PARAMETERS}"
            ));
        }
    }
    faults.extend(tail(tree));
    faults
}

/// Functions that ship, with their files.
pub(crate) fn all(tree: &Tree) -> impl Iterator<Item = (&RustFile, &Function)> {
    let files = tree.rust.iter().filter(|file| !file.is_test);
    files.flat_map(|file| {
        let shipped = file
            .functions
            .iter()
            .filter(|function| !file.tests_at(function.line));
        shipped.map(move |function| (file, function))
    })
}

fn tail(tree: &Tree) -> Option<String> {
    let count = all(tree).count();
    let long: Vec<_> = all(tree)
        .filter(|(_, function)| function.lines > AIM)
        .collect();
    if long.len() * 100 <= count * OVER_AIM || count < 100 {
        return None;
    }
    let names = long
        .iter()
        .map(|(file, f)| format!("{}:{} {} ({})", file.path, f.line, f.name, f.lines));
    let names = names.collect::<Vec<_>>().join("\n    ");
    Some(format!(
        "{} of {count} functions have over {AIM} lines, at most {OVER_AIM} %:\n    {names}",
        long.len()
    ))
}

pub(crate) fn allows(tree: &Tree) -> Vec<String> {
    let places = tree
        .rust
        .iter()
        .flat_map(|file| file.allows.iter().map(move |line| (file, line)));
    places
        .map(|(file, line)| {
            format!(
                "{}:{line}: `allow`; expect the lint, with a reason",
                file.path
            )
        })
        .collect()
}

pub(crate) fn unwraps(tree: &Tree) -> Vec<String> {
    let places = tree
        .rust
        .iter()
        .flat_map(|file| file.unwraps.iter().map(move |line| (file, *line)));
    places
        .filter(|(file, line)| !file.tests_at(*line))
        .map(|(file, line)| format!("{}:{line}: `unwrap` outside tests", file.path))
        .collect()
}

pub(crate) fn names(tree: &Tree) -> Vec<String> {
    let types = tree.product().flat_map(|file| {
        let types = file.publics.iter().filter(|public| public.is_type);
        types.map(move |public| (file, public))
    });
    types
        .filter(|(_, public)| EMPTY.iter().any(|ending| public.name.ends_with(ending)))
        .map(|(file, public)| {
            format!(
                "{}:{}: `{}` says nothing",
                file.path, public.line, public.name
            )
        })
        .collect()
}

fn is_written(path: &str) -> bool {
    [".rs", ".ts", ".mjs"].iter().any(|end| path.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_is_found_unless_it_is_a_test() {
        let text = "\n".repeat(401);
        let tree = Tree::of(&[
            ("crates/web/src/a.rs", &text),
            ("crates/web/tests/a.rs", &text),
            ("crates/web/frontend/a.ts", &text),
        ]);
        assert_eq!(files(&tree).len(), 2);
    }

    #[test]
    fn a_long_function_and_many_parameters_are_found() {
        let long = format!("fn a() {{{}}}", "\n".repeat(60));
        let wide = "fn b(c: u8, d: u8, e: u8, f: u8, g: u8, h: u8) {}";
        let tree = |text: &str| Tree::of(&[("crates/web/src/a.rs", text)]);
        assert_eq!(functions(&tree(&long)).len(), 1);
        assert_eq!(functions(&tree(wide)).len(), 1);
        assert_eq!(
            functions(&tree("fn b(c: u8, d: u8, e: u8, f: u8, g: u8) {}")).len(),
            0
        );
        assert_eq!(
            functions(&tree(&format!("#[cfg(test)] mod tests {{ {long} }}"))).len(),
            0
        );
    }

    #[test]
    fn the_tail_of_long_functions_is_limited() {
        let short = "fn a() {}\n".repeat(98);
        let long = format!("fn b() {{{}}}\n", "\n".repeat(41));
        let tree = |count| {
            Tree::of(&[(
                "crates/web/src/a.rs",
                &format!("{short}{}", long.repeat(count)),
            )])
        };
        assert_eq!(functions(&tree(2)).len(), 0);
        assert_eq!(functions(&tree(3)).len(), 1);
    }

    #[test]
    fn allow_unwrap_and_empty_names_are_found() {
        let text = "#[allow(dead_code)] pub struct DossierManager;\nfn a() { b.unwrap(); }
#[test] fn c() { d.unwrap(); }";
        let tree = Tree::of(&[("crates/web/src/a.rs", text)]);
        assert_eq!(
            (
                allows(&tree).len(),
                unwraps(&tree).len(),
                names(&tree).len()
            ),
            (1, 1, 1)
        );
    }
}
