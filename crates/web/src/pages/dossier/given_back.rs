//! What was typed into a form that can no longer be sent, as labels and values: nobody types it
//! twice because somebody else was faster.

use app::forms::Typed;

use crate::pages::intake::field::Field;
use crate::words::Words;

use super::attach::{AttachPart, AttachRow};
use super::form::{Collector, Part, Ticks};
use super::returning::HandingPart;
use super::task_form::{Agencies, AgencyRow};
use super::view::Fact;

/// What the parts hold, and words that they have no place for.
pub(super) fn given_back(w: Words, typed: &Typed, parts: &[Part]) -> Vec<Fact> {
    let mut facts = all_held(w, parts);
    facts.extend(lost(w, typed, parts));
    facts
}

/// Words that were typed and that no part of the form shows: the form has another shape by now.
pub(super) fn lost(w: Words, typed: &Typed, parts: &[Part]) -> Vec<Fact> {
    let shown = all_held(w, parts);
    let is_words = |name: &str| !name.starts_with('_') && !CODES.contains(&name);
    let words = typed
        .iter()
        .filter(|(name, value)| is_words(name) && !value.trim().is_empty())
        .map(|(_, value)| value)
        .filter(|value| value.chars().any(char::is_whitespace));
    let lost = words.filter(|value| !shown.iter().any(|fact| fact.value == *value));
    lost.filter_map(|value| Fact::of(w, "web.trouble.stale.typed", value))
        .collect()
}

/// What a card says is in the fields that it filled.
const CODES: [&str; 5] = ["version", "card", "collector_source", "papers", "signature"];

fn all_held(w: Words, parts: &[Part]) -> Vec<Fact> {
    parts.iter().flat_map(|part| held(w, part)).collect()
}

/// What one part holds.
fn held(w: Words, part: &Part) -> Vec<Fact> {
    match part {
        Part::Ticks(ticks) | Part::Choose(ticks) => chosen(ticks).into_iter().collect(),
        Part::Text(field) => filled(field).into_iter().collect(),
        Part::Wrong(lines) => {
            let lines = lines.iter().filter(|line| !line.value.is_empty());
            let fact = |line: &super::supplement::Wrong| Fact {
                label: line.label.clone(),
                value: line.value.clone(),
            };
            lines.map(fact).collect()
        }
        Part::Collector(who) => collector(w, who),
        Part::Agencies(agencies) => asked(agencies),
        Part::Attach(attach) => titled(attach),
        Part::Handing(handing) => handed(handing),
        Part::File(_)
        | Part::Pdf(_)
        | Part::Scans(_)
        | Part::People(_)
        | Part::Compare(_)
        | Part::Paper(_)
        | Part::Attached(_)
        | Part::Sign(_)
        | Part::Note(_)
        | Part::Task(_) => Vec::new(),
    }
}

/// Titles of attachments; their files are chosen again.
fn titled(attach: &AttachPart) -> Vec<Fact> {
    let rows = attach.there.iter().chain(&attach.new);
    let rows = rows.filter(|row| !row.title.is_empty());
    let fact = |row: &AttachRow| Fact {
        label: row.title_label.clone(),
        value: row.title.clone(),
    };
    rows.map(fact).collect()
}

fn filled(field: &Field) -> Option<Fact> {
    let chosen = field.options.iter().find(|choice| choice.on);
    let value = chosen.map_or(&field.value, |choice| &choice.label);
    (!field.value.is_empty()).then(|| Fact {
        label: field.label.clone(),
        value: value.clone(),
    })
}

fn chosen(ticks: &Ticks) -> Option<Fact> {
    let on = ticks.choices.iter().filter(|choice| choice.on);
    let labels: Vec<&str> = on.map(|choice| choice.label.as_str()).collect();
    (!labels.is_empty()).then(|| Fact {
        label: ticks.legend.clone(),
        value: labels.join("\n"),
    })
}

/// Who takes the result for somebody else; nothing where nobody was named.
fn collector(w: Words, who: &Collector) -> Vec<Fact> {
    let mut facts: Vec<Fact> = who.fields.iter().filter_map(filled).collect();
    if who.shown {
        facts.extend(Fact::of(w, "act.shown", w.t("web.yes")));
    }
    facts
}

/// What was seen and said of a return.
fn handed(handing: &HandingPart) -> Vec<Fact> {
    let words = [&handing.wish, &handing.kept_reason];
    let fields = handing.identity.iter().chain(words);
    fields.filter_map(filled).collect()
}

fn asked(agencies: &Agencies) -> Vec<Fact> {
    let rows = agencies.rows.iter().chain(&agencies.folded);
    let rows = rows.filter(|row| row.is_used());
    let of_row = |row: &AgencyRow| {
        let fields = [&row.agency, &row.content].into_iter().chain(&row.terms);
        fields.filter_map(filled).collect::<Vec<Fact>>()
    };
    rows.flat_map(of_row)
        .chain(filled(&agencies.lead))
        .collect()
}

#[cfg(test)]
mod tests {
    use app::words::Language;

    use crate::pages::intake::field::Choice;

    use super::super::supplement::Wrong;
    use super::*;

    const VI: Words = Words(Language::Vi);

    fn lines(facts: &[Fact]) -> Vec<(&str, &str)> {
        let pairs = facts.iter();
        pairs
            .map(|fact| (fact.label.as_str(), fact.value.as_str()))
            .collect()
    }

    #[test]
    fn ticks_corrections_and_words_come_back_with_their_labels() {
        let choice = |label: &str, on| Choice {
            value: label.to_owned(),
            label: label.to_owned(),
            on,
        };
        let parts = [
            Part::Ticks(Ticks {
                legend: "Cần bổ sung".to_owned(),
                name: "ask",
                own_names: false,
                choices: vec![
                    choice("1. Tờ khai", true),
                    choice("2. Giấy chứng sinh", false),
                ],
            }),
            Part::Wrong(vec![Wrong {
                number: 3,
                label: "3. Bản vẽ".to_owned(),
                value: "Thiếu tỷ lệ".to_owned(),
            }]),
            Part::Text(Field {
                name: "basis",
                label: "Căn cứ".to_owned(),
                value: "Điều 18".to_owned(),
                ..Field::default()
            }),
        ];
        let mut typed = Typed::default();
        for (name, value) in [
            ("version", "7"),
            ("_khoa", "a b"),
            ("ask", "1"),
            ("w3", "Thiếu tỷ lệ"),
            ("basis", "Điều 18"),
            ("reason", "Lời của mẫu cũ"),
        ] {
            typed.set(name, value);
        }
        let facts = given_back(VI, &typed, &parts);
        let typed = VI.t("web.trouble.stale.typed");
        let expected = [
            ("Cần bổ sung", "1. Tờ khai"),
            ("3. Bản vẽ", "Thiếu tỷ lệ"),
            ("Căn cứ", "Điều 18"),
            (typed, "Lời của mẫu cũ"),
        ];
        assert_eq!(lines(&facts), expected);
    }
}
