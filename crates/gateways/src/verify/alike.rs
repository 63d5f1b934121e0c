//! Whether what a field says of itself is the same, however it is written: ordinary programs read names
//! and numbers and write them anew.

use super::fields::words;
use crate::pdf::{Text, Value};

/// Keys of a field that hold text strings.
const TEXTS: [&[u8]; 3] = [b"T", b"TU", b"TM"];

/// Decimals of a number that count; a page has no finer ones.
const DECIMALS: usize = 4;

/// The largest number that all readers take for itself, in ten-thousandths: what is larger than theirs
/// becomes 0 in some, or anything else.
const LARGEST: i64 = 1_000_000_000;

/// Whether two values of a field under that key mean the same.
pub(super) fn alike(key: &[u8], old: Option<&Value>, new: Option<&Value>) -> bool {
    match (old, new) {
        (Some(Value::Text(old)), Some(Value::Text(new))) if TEXTS.contains(&key) => {
            old == new || said(old).is_some_and(|words| said(new) == Some(words))
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) if key == b"Rect" => {
            let mut each = old.iter().zip(new);
            old.len() == new.len() && each.all(|(old, new)| old == new || same_number(old, new))
        }
        (old, new) => old == new,
    }
}

/// The words of a text string that all readers decode alike: Latin letters without accents, or UTF-16
/// in which every unit is a letter.
fn said(text: &Text) -> Option<String> {
    let printable = |byte: &u8| (b' '..=b'~').contains(byte);
    let marked = text.bytes.starts_with(&[0xFE, 0xFF]) && text.bytes.len().is_multiple_of(2);
    if !marked && !text.bytes.iter().all(printable) {
        return None;
    }
    let words = words(text);
    let unclear = |letter: char| letter.is_control() || letter == char::REPLACEMENT_CHARACTER;
    (!words.contains(unclear)).then_some(words)
}

fn same_number(old: &Value, new: &Value) -> bool {
    let (Some(old), Some(new)) = (decimal(old), decimal(new)) else {
        return false;
    };
    // The last decimal may have been rounded.
    old.abs_diff(new) <= 1
}

/// A number in ten-thousandths.
fn decimal(value: &Value) -> Option<i64> {
    let text = match value {
        Value::Integer(number) => number.to_string(),
        Value::Real(written) => std::str::from_utf8(written).ok()?.to_owned(),
        _ => return None,
    };
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(&text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let digit = |letter: char| letter.is_ascii_digit();
    let empty = whole.is_empty() && fraction.is_empty();
    if empty || !whole.chars().all(digit) || !fraction.chars().all(digit) {
        return None;
    }
    let fraction: String = fraction
        .chars()
        .chain("0000".chars())
        .take(DECIMALS)
        .collect();
    let number: i64 = format!("{whole}{fraction}").parse().ok()?;
    (number <= LARGEST).then_some(sign * number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Value {
        Value::Text(Text {
            bytes: bytes.to_vec(),
            place: 0..0,
            hexadecimal: false,
        })
    }

    #[test]
    fn a_name_is_the_same_however_it_is_written() {
        let (wide, plain) = (text(b"\xfe\xff\0d\0a\0y"), text(b"day"));
        assert!(alike(b"T", Some(&wide), Some(&plain)));
        assert!(alike(b"T", Some(&plain), Some(&wide)));
        for other in [
            &b"daz"[..],
            b"day ",
            b"\xfe\xff\0d\0a\0z",
            b"\xfe\xff\0d\0a\0y\0",
            b"",
        ] {
            assert!(!alike(b"T", Some(&wide), Some(&text(other))), "{other:?}");
        }
        // Values of other keys are bytes.
        assert!(!alike(b"DA", Some(&wide), Some(&plain)));
        // What readers decode each in their own way is the same only byte for byte.
        let (latin, wide) = (text(b"\x80"), text(b"\xfe\xff\0\x80"));
        assert!(!alike(b"T", Some(&latin), Some(&wide)));
        assert!(alike(b"T", Some(&latin), Some(&latin)));
        assert!(!alike(b"T", Some(&plain), None));
    }

    #[test]
    fn a_place_is_the_same_with_other_digits() {
        let place = |edges: &[&str]| {
            let edges = edges.iter().map(|edge| match edge.parse() {
                Ok(whole) => Value::Integer(whole),
                Err(_) => Value::Real(edge.as_bytes().to_vec()),
            });
            Value::Array(edges.collect())
        };
        let there = place(&["372.0268", "-1.5", "0", "90"]);
        let alike = |edges: &[&str]| alike(b"Rect", Some(&there), Some(&place(edges)));
        assert!(alike(&["372.02680", "-1.50", ".0", "90.0"]));
        assert!(alike(&["372.02679", "-1.5", "0", "+90."]));
        for other in [
            &["372.03", "-1.5", "0", "90"][..],
            &["372.0268", "1.5", "0", "90"],
            &["372.0268", "-1.5", "0"],
            &["372.0268", "-1.5", "0", "9e1"],
            &["372.0268", "-1.5", ".", "90"],
        ] {
            assert!(!alike(other), "{other:?}");
        }
        // Some readers take the first for 0.
        let (whole, real) = (place(&["4294967296"]), place(&["4294967296.0"]));
        assert!(!super::alike(b"Rect", Some(&whole), Some(&real)));
    }
}
