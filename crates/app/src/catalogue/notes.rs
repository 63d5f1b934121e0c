//! What the prose beside a number says: amounts in đồng, counts of days, characters that do not
//! belong in a text.

use domain::text::tidy;

use super::reason::{Cause, Reasons};

/// Cleans a text of one line: see [`clean_lines`].
pub(super) fn clean(raw: &str, reasons: &mut Reasons) -> String {
    tidy(&without_strays(raw, reasons))
}

/// Cleans a text of several lines: NFC, single blanks, no characters or tags that are not text.
pub(super) fn clean_lines(raw: &str, reasons: &mut Reasons) -> String {
    let text = without_strays(raw, reasons);
    let lines: Vec<String> = text
        .lines()
        .map(tidy)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}

fn without_strays(raw: &str, reasons: &mut Reasons) -> String {
    let mut text = raw.to_owned();
    if raw.chars().any(is_stray) {
        reasons.add(Cause::CharactersRemoved, raw);
        text.retain(|c| !is_stray(c));
    }
    if let Some(plain) = without_tags(&text) {
        reasons.add(Cause::MarkupRemoved, raw);
        text = plain;
    }
    text
}

/// Characters that print nothing or depend on a symbol font; line ends and tabs are blanks.
fn is_stray(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{e000}'..='\u{f8ff}' | '\u{feff}')
}

/// The text without HTML tags, or nothing when it has none. `<5 ha và >3 ha` is no tag.
fn without_tags(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find('<') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        if let Some(length) = tag_length(tail) {
            found = true;
            out.push(' ');
            rest = tail.get(length..).unwrap_or("");
        } else {
            out.push('<');
            rest = tail.get(1..).unwrap_or("");
        }
    }
    out.push_str(rest);
    found.then_some(out)
}

/// The length of the tag that `tail` begins with: `<`, perhaps `/`, a name, anything, `>`.
fn tag_length(tail: &str) -> Option<usize> {
    let end = tail.find('>')?;
    let inside = tail.get(1..end)?;
    let named = inside.strip_prefix('/').unwrap_or(inside);
    let name_end = named
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(named.len());
    let after = named.get(name_end..)?;
    let is_tag = named.starts_with(|c: char| c.is_ascii_alphabetic())
        && name_end <= 10
        && !inside.contains('<')
        && (after.is_empty() || after.starts_with([' ', '/', '\n']));
    is_tag.then_some(end.saturating_add(1))
}

/// How a note speaks of a number of days.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct DaysNamed {
    /// "7 ngày làm việc".
    pub(super) working: bool,
    /// "7 ngày", without more.
    pub(super) calendar: bool,
}

/// Whether `note` names `count` days, and of which kind; `07`, `7` and `07 (bảy)` are the same.
pub(super) fn days_named(note: &str, count: u32) -> DaysNamed {
    let lower = note.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let mut named = DaysNamed::default();
    for (index, word) in words.iter().enumerate() {
        if bare(word).parse() != Ok(count) || !bare(word).bytes().all(|b| b.is_ascii_digit()) {
            continue;
        }
        let mut after = words.iter().skip(index.saturating_add(1)).peekable();
        if after.peek().is_some_and(|w| w.starts_with('(')) {
            while after.next().is_some_and(|w| !w.ends_with(')')) {}
        }
        if after.next().is_none_or(|w| bare(w) != "ngày") {
            continue;
        }
        if after.next().is_some_and(|w| bare(w) == "làm") {
            named.working = true;
        } else {
            named.calendar = true;
        }
    }
    named
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Every amount in đồng that a note names: `150.000 đồng`, `50.000đ/giấy`, `8,000 VNĐ`.
pub(super) fn amounts_named(note: &str) -> Vec<i64> {
    let lower = note.to_lowercase();
    let mut found = Vec::new();
    let mut rest = lower.as_str();
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let tail = rest.get(at..).unwrap_or("");
        let end = tail.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
        let (number, after) = tail.split_at(end.unwrap_or(tail.len()));
        if is_dong(after.trim_start()) {
            found.extend(grouped(number).filter(|_| number.contains(['.', ','])));
        }
        rest = after;
    }
    found
}

fn is_dong(after: &str) -> bool {
    ["đồng", "vnđ", "vnd", "việt nam đồng"]
        .iter()
        .any(|unit| after.starts_with(unit))
        || after
            .strip_prefix('đ')
            .is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
}

/// A whole number, plain or in groups of three: `0`, `50000`, `1,000,000`, `8.000`.
pub(super) fn grouped(number: &str) -> Option<i64> {
    let mut groups = number.split(['.', ',']);
    let first = groups.next()?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let rest: Vec<&str> = groups.collect();
    let shaped = digits(first)
        && (rest.is_empty() || first.len() <= 3)
        && rest.iter().all(|group| group.len() == 3 && digits(group));
    if !shaped {
        return None;
    }
    format!("{first}{}", rest.concat()).parse().ok()
}

/// Whether a note speaks of money other than to say that nothing is paid.
pub(super) fn speaks_of_charge(note: &str) -> bool {
    let lower = note.to_lowercase();
    let without = lower.replace("miễn lệ phí", "").replace("miễn phí", "");
    // "phía" begins like "phí", so that one is looked for as a word.
    ["lệ phí", "vnđ", "usd", "mức thu"]
        .iter()
        .any(|word| without.contains(word))
        || without.split_whitespace().any(|word| bare(word) == "phí")
        || !amounts_named(&lower).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_names_days_of_one_kind_or_the_other() {
        let both = DaysNamed {
            working: true,
            calendar: true,
        };
        let working = DaysNamed {
            working: true,
            calendar: false,
        };
        let calendar = DaysNamed {
            working: false,
            calendar: true,
        };
        for (note, count, named) in [
            ("07 ngày làm việc, kể từ ngày nhận", 7, working),
            ("không quá 05 (năm) ngày làm việc", 5, working),
            ("30 ngày, kể từ ngày thụ lý", 30, calendar),
            ("3 ngày hoặc 03 ngày làm việc", 3, both),
            ("17 ngày làm việc", 7, DaysNamed::default()),
            ("ngày 7 tháng 5", 7, DaysNamed::default()),
            ("", 7, DaysNamed::default()),
        ] {
            assert_eq!(days_named(note, count), named, "{note}");
        }
    }

    #[test]
    fn a_note_names_amounts() {
        assert_eq!(
            amounts_named("50.000đ/giấy, 8,000 VNĐ (1.500.000 đồng)"),
            [50_000, 8_000, 1_500_000]
        );
        assert_eq!(
            amounts_named("Thông tư 64/2025, 100 đường, 12.5 đồng, 1.000đt"),
            Vec::<i64>::new()
        );
        assert!(speaks_of_charge("Mức lệ phí do HĐND quyết định"));
        assert!(speaks_of_charge("thu phí: theo quy định"));
        assert!(!speaks_of_charge("Miễn phí. Nộp tại trung tâm phía Nam"));
    }

    #[test]
    fn a_number_is_plain_or_in_groups_of_three() {
        for (text, number) in [
            ("0", Some(0)),
            ("50000", Some(50_000)),
            ("1,000,000", Some(1_000_000)),
            ("1.5", None),
            ("1100,000", None),
            ("", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(grouped(text), number, "{text}");
        }
    }

    #[test]
    fn tags_and_unprintable_characters_go_but_comparisons_stay() {
        let mut reasons = Reasons::default();
        assert_eq!(
            clean("<p class=\"x\">Đơn</p><br/>đăng\u{200e} ký", &mut reasons),
            "Đơn đăng ký"
        );
        let causes: Vec<Cause> = reasons.into_sorted().iter().map(|r| r.cause).collect();
        assert_eq!(causes, [Cause::CharactersRemoved, Cause::MarkupRemoved]);
        let mut reasons = Reasons::default();
        assert_eq!(
            clean("diện tích <5 ha và a<b>c", &mut reasons),
            "diện tích <5 ha và a c"
        );
        assert_eq!(
            clean("<5 ha và >3 ha <", &mut Reasons::default()),
            "<5 ha và >3 ha <"
        );
        assert_eq!(
            clean_lines(" a \n\n b\r\nc ", &mut Reasons::default()),
            "a\nb\nc"
        );
    }
}
