//! How long a text message is: providers charge by the part.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The length of a text message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// Characters as the network counts them.
    pub characters: usize,
    /// Whether it has marks or other letters beyond the network's short alphabet.
    pub unicode: bool,
    /// Parts in which it is sent.
    pub parts: usize,
}

/// Characters of one part and of each joined part: in the short alphabet, and with Vietnamese marks.
const SHORT: (usize, usize) = (160, 153);
const MARKED: (usize, usize) = (70, 67);

/// Measures a text message: 160 characters a part without marks (153 when joined), 70 with them (67).
pub fn measure(text: &str) -> Length {
    let unicode = !text.chars().all(is_short);
    let (characters, (one, joined)) = if unicode {
        (text.encode_utf16().count(), MARKED)
    } else {
        (text.chars().map(width).sum(), SHORT)
    };
    let parts = if characters <= one {
        1
    } else {
        characters.div_ceil(joined)
    };
    Length {
        characters,
        unicode,
        parts,
    }
}

/// Whether the network's short alphabet has the character. Signs that some networks lack are left
/// out.
fn is_short(c: char) -> bool {
    c == '\n' || ((' '..='~').contains(&c) && c != '`')
}

/// Characters that the short alphabet writes as two.
fn width(c: char) -> usize {
    if "^{}\\[~]|".contains(c) { 2 } else { 1 }
}

/// The text without tone and vowel marks, as text messages were written before telephones knew them.
pub(super) fn without_marks(text: &str) -> String {
    let bare = text.nfd().filter(|c| !is_combining_mark(*c));
    bare.map(|c| match c {
        'đ' => 'd',
        'Đ' => 'D',
        '–' | '—' => '-',
        '“' | '”' => '"',
        c => c,
    })
    .collect()
}

/// The beginning of a text, `…` where something was left out.
pub(super) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(3)).collect();
    format!("{}...", kept.trim_end())
}
