//! Vietnamese text: one normal form at the edge, one folded form for search.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Normalises to NFC, turns runs of white space into one blank and trims.
pub fn tidy(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for word in raw.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.nfc());
    }
    out
}

/// Folds for search: no tone or vowel marks, đ as d, lower case, anything but letters and digits
/// as one blank. Both placements of a tone (`hòa`, `hoà`) and both normal forms fold alike, so both
/// engines find and sort alike.
pub fn fold(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in raw
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
    {
        match c {
            'đ' => out.push('d'),
            c if c.is_ascii_alphanumeric() => out.push(c),
            _ if out.is_empty() || out.ends_with(' ') => {}
            _ => out.push(' '),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_forgets_marks_case_and_the_place_of_the_tone() {
        assert_eq!(fold("Đặng Thị NGỌC Quỳnh"), "dang thi ngoc quynh");
        assert_eq!(fold("hòa"), fold("hoà"));
        assert_eq!(fold("e\u{302}\u{301}"), fold("ế"));
        assert_eq!(fold("  H56.112-261112 "), "h56 112 261112");
        assert_eq!(fold("…"), "");
    }

    #[test]
    fn tidying_keeps_the_words_and_composes_the_marks() {
        assert_eq!(tidy(" Nguye\u{302}\u{303}n   Thị\tAn "), "Nguyễn Thị An");
    }
}
