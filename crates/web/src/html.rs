//! Markup that is written as it stands. Nothing else escapes escaping: every constructor here is
//! reviewed, takes our own drawings or escapes what it is given.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::sync::LazyLock;

use app::words::Language;
use askama::filters::HtmlSafe;
use qrcode::{Color, EcLevel, QrCode};

use crate::assets;

/// Blank modules round a QR code that readers need (ISO/IEC 18004).
const QUIET: usize = 4;

/// Trusted markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Html(String);

impl HtmlSafe for Html {}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

static ICONS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let file = assets::embedded("icons.json").unwrap_or_default();
    serde_json::from_slice(&file).unwrap_or_default()
});

impl Html {
    /// A drawing of the front end's own set; nothing when the set lacks it, which a test of every
    /// template forbids.
    pub(crate) fn icon(name: &str) -> Self {
        let Some(inner) = ICONS.get(name) else {
            return Self(String::new());
        };
        Self(format!(
            "<svg class=\"icon\" viewBox=\"0 0 24 24\" width=\"16\" height=\"16\" fill=\"none\" \
             stroke=\"currentColor\" stroke-width=\"2\" stroke-linecap=\"round\" \
             stroke-linejoin=\"round\" aria-hidden=\"true\" focusable=\"false\">{inner}</svg>"
        ))
    }

    /// The attribute of Vietnamese text on a page in `language`.
    pub(crate) fn lang(language: Language) -> Self {
        Self(match language {
            Language::Vi => String::new(),
            Language::En => " lang=\"vi\"".to_owned(),
        })
    }

    /// A QR code of our own text, black on white in both schemes, with words for who cannot see it;
    /// nothing when the text is too long for one.
    pub(crate) fn qr(text: &str, label: &str) -> Self {
        let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else {
            return Self(String::new());
        };
        let width = code.width();
        let mut dark = String::new();
        for (y, row) in code.to_colors().chunks(width).enumerate() {
            for (x, _) in row.iter().enumerate().filter(|(_, c)| **c == Color::Dark) {
                let (x, y) = (x.saturating_add(QUIET), y.saturating_add(QUIET));
                write!(dark, "M{x} {y}h1v1h-1z").expect("a string takes every text");
            }
        }
        let side = width.saturating_add(2 * QUIET);
        let label = escaped(label);
        Self(format!(
            "<svg class=\"qr\" role=\"img\" aria-label=\"{label}\" viewBox=\"0 0 {side} {side}\" \
             width=\"200\" height=\"200\" shape-rendering=\"crispEdges\">\
             <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/>\
             <path d=\"{dark}\" fill=\"#000\"/></svg>"
        ))
    }

    /// A dossier's number: the agency grey, the last digits strong.
    pub(crate) fn code(code: &str) -> Self {
        let (agency, rest) = code.split_once('-').map_or(("", code), |parts| parts);
        let (day, order) = rest.rsplit_once('-').map_or(("", rest), |parts| parts);
        let hyphen = |part: &str| if part.is_empty() { "" } else { "-" };
        Self(format!(
            "<span>{}{}</span>{}{}<b>{}</b>",
            escaped(agency),
            hyphen(agency),
            escaped(day),
            hyphen(day),
            escaped(order)
        ))
    }
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_keeps_its_parts_and_escapes_what_it_is_given() {
        let code = Html::code("H56.14-261122-0001").to_string();
        assert_eq!(code, "<span>H56.14-</span>261122-<b>0001</b>");
        assert_eq!(
            Html::code("<x>").to_string(),
            "<span></span><b>&lt;x&gt;</b>"
        );
    }

    #[test]
    fn a_qr_code_is_a_picture_with_words() {
        let code = Html::qr("otpauth://totp/x", "\"Mã\"").to_string();
        assert!(code.starts_with("<svg class=\"qr\" role=\"img\" aria-label=\"&quot;Mã&quot;\""));
        // Version 2 has 25 modules a side; its first finder begins inside the quiet zone.
        assert!(code.contains("viewBox=\"0 0 33 33\"") && code.contains("d=\"M4 4h1v1h-1z"));
        assert_eq!(Html::qr(&"x".repeat(4_000), "").to_string(), "");
    }

    #[test]
    fn an_icon_of_the_set_is_drawn_and_hidden_from_readers() {
        let icon = Html::icon("search").to_string();
        assert!(icon.starts_with("<svg class=\"icon\"") && icon.contains("aria-hidden=\"true\""));
        assert_eq!(Html::icon("no-such-icon").to_string(), "");
    }
}
