//! Completeness: each event has its sample, each rule its words and tests, each command its row.

use super::tree::{Tree, ending};
use super::words;

const EVENTS: &str = "crates/domain/src/dossier/events.rs";
/// Where samples of events are.
pub(super) const SAMPLES: &str = "crates/domain/samples/events/";
const RULES: &str = "crates/domain/src/rules.rs";
const COMMANDS: &str = "crates/domain/src/dossier/commands.rs";

/// Kinds of events without a released sample.
pub(crate) fn events(tree: &Tree) -> Vec<String> {
    let kinds = texts(tree, EVENTS, is_kind);
    let mut faults = Vec::new();
    if kinds.is_empty() {
        faults.push(format!("{EVENTS}: no kinds of events found"));
    }
    for kind in kinds {
        let named = format!("\"{kind}\"");
        if !tree.below(SAMPLES).any(|(_, text)| text.contains(&named)) {
            faults.push(format!("{SAMPLES}: no sample of `{kind}`"));
        }
    }
    faults
}

/// How the name of a test says that its rule lets something through.
const ALLOWING: [&str; 2] = ["allowed", "allows"];
/// How the name of a test says that its rule stops something.
const REFUSING: [&str; 2] = ["refused", "refuses"];

/// Rules without words, or without a test that is named after the rule as allowing and one that is
/// named as refusing: `tn_03_a_complete_dossier_is_allowed`, `tn_03_…_is_refused`.
pub(crate) fn rules(tree: &Tree) -> Vec<String> {
    let ids = texts(tree, RULES, is_rule);
    let keys = words::known(tree);
    let mut faults = Vec::new();
    if ids.is_empty() {
        faults.push(format!("{RULES}: no rules found"));
    }
    for id in ids {
        let whole = format!("rule.{id}");
        let part = format!("rule.{id}.");
        if !keys
            .iter()
            .any(|key| *key == whole || key.starts_with(&part))
        {
            faults.push(format!("rule {id} has no message `{whole}`"));
        }
        let named = format!("{}_", id.to_lowercase().replace('-', "_"));
        for (says, words) in [("allows", ALLOWING), ("refuses", REFUSING)] {
            let mut own = tests(tree).filter(|name| name.starts_with(&named));
            if !own.any(|name| name.split('_').any(|word| words.contains(&word))) {
                let words = words.join("` or `");
                faults.push(format!(
                    "rule {id} has no test `{named}…` that {says}: its name says `{words}`"
                ));
            }
        }
    }
    faults
}

/// Commands that the golden matrix of permissions does not judge.
pub(crate) fn matrix(tree: &Tree) -> Vec<String> {
    let commands = texts(tree, COMMANDS, is_snake);
    let golden: Vec<&str> = tree
        .below("crates/")
        .filter(|(path, _)| ending(path) != "rs")
        .filter(|(path, _)| path.contains("permission") || path.contains("matrix"))
        .map(|(_, text)| text)
        .collect();
    let judged = |command: &str| golden.iter().any(|text| has_word(text, command));
    let missing = commands.into_iter().filter(|command| !judged(command));
    missing
        .map(|command| format!("no row for `{command}` in a golden matrix of permissions"))
        .collect()
}

/// Names of all functions that run as tests; what helps them does not count.
fn tests(tree: &Tree) -> impl Iterator<Item = &str> {
    tree.rust.iter().flat_map(|file| {
        let tests = file.functions.iter().filter(|function| function.is_test);
        tests.map(|function| function.name.as_str())
    })
}

fn texts<'a>(tree: &'a Tree, path: &str, wanted: fn(&str) -> bool) -> Vec<&'a str> {
    let files = tree.rust.iter().filter(|file| file.path == path);
    let found = files.flat_map(|file| {
        file.texts
            .iter()
            .filter(|text| wanted(&text.what) && !file.tests_at(text.line))
    });
    let mut found: Vec<&str> = found.map(|text| text.what.as_str()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// `dossier.received.v1`
fn is_kind(text: &str) -> bool {
    let mut parts = text.rsplit('.');
    let version = parts.next().and_then(|part| part.strip_prefix('v'));
    version.is_some_and(|number| number.parse::<u32>().is_ok()) && parts.count() == 2
}

/// `TN-01`
fn is_rule(text: &str) -> bool {
    text.split_once('-').is_some_and(|(group, number)| {
        !group.is_empty()
            && group.bytes().all(|b| b.is_ascii_uppercase())
            && number.len() == 2
            && number.bytes().all(|b| b.is_ascii_digit())
    })
}

fn is_snake(text: &str) -> bool {
    text != "snake_case"
        && !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .any(|part| part == word)
}

#[cfg(test)]
mod checks {
    use super::*;

    #[test]
    fn an_event_without_its_sample_is_found() {
        let source = (
            EVENTS,
            r#"#[serde(rename = "dossier.received.v1")] struct A;"#,
        );
        let sample = (
            "crates/domain/samples/events/a.json",
            r#"{"kind": "dossier.received.v1"}"#,
        );
        assert_eq!(events(&Tree::of(&[source, sample])), [""; 0]);
        assert_eq!(events(&Tree::of(&[source])).len(), 1);
        assert_eq!(events(&Tree::of(&[])).len(), 1);
    }

    #[test]
    fn a_rule_without_words_or_tests_is_found() {
        let source = (RULES, r#"rules! { Complete = "TN-03", }"#);
        let words = ("crates/app/messages.toml", "\"rule.TN-03.title\" = {}");
        let both = "#[test] fn tn_03_what_is_there_is_allowed() {} \
             #[tokio::test] async fn tn_03_refuses_the_rest() {}";
        let tests = |text| ("crates/domain/src/tests.rs", text);
        assert_eq!(rules(&Tree::of(&[source, words, tests(both)])), [""; 0]);
        for (lacking, tests_of_rule) in [
            (1, "#[test] fn tn_03_is_allowed() {}"),
            (
                1,
                "#[test] fn tn_03_is_refused() {} #[test] fn tn_03_b_is_refused() {}",
            ),
            (
                1,
                "#[test] fn tn_03_is_refused() {} fn tn_03_helper_is_allowed() {}",
            ),
            (2, "#[test] fn tn_03_one() {} #[test] fn tn_03_other() {}"),
        ] {
            let found = rules(&Tree::of(&[source, words, tests(tests_of_rule)]));
            assert_eq!(found.len(), lacking, "{tests_of_rule}: {found:?}");
        }
        assert_eq!(rules(&Tree::of(&[source, tests(both)])).len(), 1);
        assert_eq!(rules(&Tree::of(&[])).len(), 1);
    }

    #[test]
    fn a_command_without_its_row_is_found() {
        let source = (
            COMMANDS,
            r#"fn a() { "receive"; "ask_supplement"; "Not this" }"#,
        );
        let golden = (
            "crates/app/tests/permissions.golden",
            "receive | yes\nask_supplement_x | no\n",
        );
        let faults = matrix(&Tree::of(&[source, golden]));
        assert_eq!(
            faults,
            ["no row for `ask_supplement` in a golden matrix of permissions"]
        );
    }
}
