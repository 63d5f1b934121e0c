//! Short texts and pictures, each on a sheet of its own size: what is seen of a signature.

use serde_json::Value;
use typst::foundations::{Bytes, Datetime};
use typst_pdf::{PdfOptions, Timestamp};

use super::legible::legible;
use super::press::set;
use super::world::{Copy, Desk, Shelf};

/// Layouts kept for the next sheets.
const KEPT: usize = 10;

/// Faces and the template of sheets, parsed once.
pub(crate) struct Lettering {
    shelf: Shelf,
}

impl Lettering {
    pub(crate) fn new() -> Self {
        Self {
            shelf: Shelf::new(),
        }
    }

    /// One page for each sheet of the data; pictures are files `0.png`, `1.png`, … by sheet.
    pub(crate) fn set(
        &self,
        sheets: Value,
        files: Vec<(String, Bytes)>,
        options: &PdfOptions,
    ) -> Result<Vec<u8>, String> {
        let sheets = legible(sheets, &|c| self.shelf.has_glyph(c));
        let data = serde_json::to_vec(&sheets).expect("a JSON value is JSON");
        let copy = Copy {
            data: Bytes::new(data),
            files,
        };
        let drawn = set(&Desk::new(&self.shelf, "lettering.typ", copy), options);
        typst::comemo::evict(KEPT);
        drawn
    }
}

/// A date for papers that are never seen as papers.
pub(crate) fn epoch() -> Option<Timestamp> {
    Some(Timestamp::new_utc(Datetime::from_ymd_hms(
        2026, 1, 1, 0, 0, 0,
    )?))
}
