//! The two marks that machines read, as vector pictures: one path, one unit a module.

use std::fmt::Write;

use qrcode::{EcLevel, QrCode};

use super::code128;

/// Blank modules round a QR code that readers need (ISO/IEC 18004).
const QR_QUIET: usize = 4;
/// Modules on a side up to which a code of that size is read from paper without care.
const COARSE: usize = 41;
/// Blank modules on either side of a Code 128 (ISO/IEC 15417).
const BAR_QUIET: usize = 10;
/// Height of the bars in modules; the page cuts nothing off and scales both alike.
const BAR_HEIGHT: usize = 30;

/// A barcode, and how many modules wide it is with its quiet zones.
pub(super) struct Barcode {
    pub(super) svg: String,
    pub(super) modules: usize,
}

impl Barcode {
    /// In place of a barcode on papers without a number.
    pub(super) fn none() -> Self {
        Self {
            svg: String::new(),
            modules: 0,
        }
    }
}

/// The QR code of a text, or `None` when it is too long for one.
pub(super) fn qr(text: &str) -> Option<String> {
    let mut code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    if code.width() > COARSE {
        // Large modules survive a photograph better than redundancy in fine ones.
        code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    }
    let width = code.width();
    let dark = code.into_colors();
    let mut path = String::new();
    for (y, row) in dark.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run
                .first()
                .is_some_and(|color| *color == qrcode::Color::Dark)
            {
                bar(&mut path, (x + QR_QUIET, y + QR_QUIET), (run.len(), 1));
            }
            x += run.len();
        }
    }
    let side = width + 2 * QR_QUIET;
    Some(svg(side, side, &path))
}

/// The Code 128 of a text, or `None` when it has other characters than printable ASCII.
pub(super) fn barcode(text: &str) -> Option<Barcode> {
    let mut path = String::new();
    let mut x = BAR_QUIET;
    for (index, width) in code128::widths(text)?
        .into_iter()
        .map(usize::from)
        .enumerate()
    {
        if index % 2 == 0 {
            bar(&mut path, (x, 0), (width, BAR_HEIGHT));
        }
        x += width;
    }
    let modules = x + BAR_QUIET;
    Some(Barcode {
        svg: svg(modules, BAR_HEIGHT, &path),
        modules,
    })
}

fn bar(path: &mut String, (x, y): (usize, usize), (width, height): (usize, usize)) {
    write!(path, "M{x} {y}h{width}v{height}h-{width}z").expect("a string takes every write");
}

fn svg(width: usize, height: usize, path: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\"><path d=\"{path}\"/></svg>"
    )
}
