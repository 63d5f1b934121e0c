//! Every key this module hands out has words in both languages.

use super::super::national::FileFault;
use super::super::reason::{Cause, Effect};
use super::super::report::Report;

#[test]
fn every_key_has_words_in_both_languages() {
    let catalogue: toml::Table = toml::from_str(include_str!("../../../messages.toml")).unwrap();
    let mut keys: Vec<String> = Cause::ALL
        .iter()
        .map(|c| format!("import.{}", c.key()))
        .collect();
    let effects = [
        Effect::SetAside,
        Effect::Dropped,
        Effect::AsText,
        Effect::Mended,
        Effect::Noted,
    ];
    keys.extend(
        effects
            .iter()
            .map(|effect| format!("import.effect.{}", effect.as_str())),
    );
    let figures = Report::default().figures().map(|(key, _)| key);
    let heads = ["cause", "in_records", "in_places", "done"];
    keys.extend(
        figures
            .iter()
            .chain(&heads)
            .map(|key| format!("import.report.{key}")),
    );
    keys.extend(
        faults()
            .iter()
            .map(|fault| format!("import.fault.{}", fault.key())),
    );
    for key in keys {
        let words = catalogue
            .get(&key)
            .unwrap_or_else(|| panic!("no words for {key}"));
        for language in ["vi", "en"] {
            assert!(
                words[language].as_str().is_some_and(|w| !w.is_empty()),
                "{key} {language}"
            );
        }
    }
    for fault in faults() {
        for (name, _) in fault.values() {
            let words = &catalogue[&format!("import.fault.{}", fault.key())];
            let place = format!("{{{name}}}");
            assert!(
                words["vi"].as_str().unwrap().contains(&place),
                "{fault} {name}"
            );
            assert!(
                words["en"].as_str().unwrap().contains(&place),
                "{fault} {name}"
            );
        }
    }
}

fn faults() -> [FileFault; 9] {
    [
        FileFault::Read(std::io::Error::other("x")),
        FileFault::Truncated { line: 1 },
        FileFault::Corrupt { line: 1 },
        FileFault::NotUtf8 { line: 1 },
        FileFault::LineTooLong { line: 1, most: 1 },
        FileFault::TooManyLines { most: 1 },
        FileFault::TooLarge { most: 1 },
        FileFault::TooManyComponents { most: 1 },
        FileFault::NoRecords,
    ]
}
