//! Text that can be set: composed, without what steers the layout or has no letter in our faces.
//!
//! A name may hold anything a person could paste. Archivable PDF forbids characters without a
//! glyph and private ones; a reversal of direction could make a slip say what was not decided.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// Stands for a character that our faces cannot print.
const TOFU: char = '\u{25A1}';
/// A run without a blank longer than this is wider than the text of a slip and gets places where it
/// may break; a shorter one has none, so that an address copied from the PDF is the address.
const LONG_RUN: usize = 60;
const BREAK_EVERY: usize = 20;
const ZERO_WIDTH_SPACE: char = '\u{200B}';

/// Makes every text of a value legible; `has_glyph` says which characters can be printed.
pub(super) fn legible(value: Value, has_glyph: &impl Fn(char) -> bool) -> Value {
    match value {
        Value::String(text) => Value::String(line(&text, has_glyph)),
        Value::Array(items) => items
            .into_iter()
            .map(|item| legible(item, has_glyph))
            .collect(),
        Value::Object(fields) => {
            let fields = fields
                .into_iter()
                .map(|(name, field)| (name, legible(field, has_glyph)));
            Value::Object(fields.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

fn line(text: &str, has_glyph: &impl Fn(char) -> bool) -> String {
    let text = text.replace("\r\n", "\n");
    let clean = text.nfc().filter_map(|c| match c {
        '\n' => Some('\n'),
        '\t' | '\u{A0}' => Some(' '),
        c if unseen(c) => None,
        c if c.is_whitespace() || has_glyph(c) => Some(c),
        _ => Some(TOFU),
    });
    breakable(&clean.collect::<String>())
}

/// Control characters, direction marks, zero-width characters, variation selectors, tags, private
/// and reserved code points.
fn unseen(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c),
            0xAD | 0x34F | 0x61C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F
            | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFE00..=0xFE0F | 0xFEFF
            | 0xFFF0..=0xFFFC | 0xE000..=0xF8FF | 0xE_0000..=0x10_FFFF)
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Lets a run that would leave its column break, every so many characters.
fn breakable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(char::is_whitespace) {
        let long = piece.chars().count() > LONG_RUN;
        for (index, c) in piece.chars().enumerate() {
            if long && index > 0 && index % BREAK_EVERY == 0 {
                out.push(ZERO_WIDTH_SPACE);
            }
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> String {
        line(text, &|c| u32::from(c) < 0x2000)
    }

    #[test]
    fn marks_are_composed_and_markup_is_left_alone() {
        assert_eq!(set("Nguye\u{302}\u{303}n"), "Nguyễn");
        assert_eq!(
            set("#let x = $y$ *_`@<a>\" \\ //"),
            "#let x = $y$ *_`@<a>\" \\ //"
        );
        assert_eq!(set("một\r\nhai\tba"), "một\nhai ba");
    }

    #[test]
    fn what_cannot_be_printed_is_gone_or_shown_as_a_box() {
        assert_eq!(set("a\u{202E}b\u{0}c\u{E000}\u{FEFF}d\u{200D}"), "abcd");
        assert_eq!(set("漢🙂"), "□□");
    }

    #[test]
    fn a_run_without_blanks_may_break() {
        let run = "x".repeat(70);
        let pieces: Vec<usize> = set(&run).split(ZERO_WIDTH_SPACE).map(str::len).collect();
        assert_eq!(pieces, [20, 20, 20, 10]);
        assert_eq!(set(&"y".repeat(60)), "y".repeat(60));
    }

    #[test]
    fn texts_are_found_at_every_depth() {
        let value = serde_json::json!({"a": [{"b": "e\u{301}"}], "n": 3, "z": null});
        let wanted = serde_json::json!({"a": [{"b": "é"}], "n": 3, "z": null});
        assert_eq!(legible(value, &|_| true), wanted);
    }
}
