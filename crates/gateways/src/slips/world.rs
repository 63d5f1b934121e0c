//! What the typesetter may see: our templates, one slip's data, its two marks. No other file, no
//! package, no clock.

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

/// The serif face of every slip; a scan of it reads best.
const FACES: [&str; 2] = ["Libertinus Serif", "New Computer Modern"];

/// What stays the same for every slip.
pub(super) struct Shelf {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    sources: Vec<Source>,
    data: FileId,
}

impl Shelf {
    /// Parses faces and templates, once for the life of the program.
    pub(super) fn new() -> Self {
        let fonts: Vec<Font> = typst_assets::fonts()
            .flat_map(|bytes| Font::iter(Bytes::new(bytes)))
            .filter(|font| FACES.contains(&font.info().family.as_str()))
            .collect();
        let sources = [
            ("base.typ", include_str!("../../templates/base.typ")),
            ("receipt.typ", include_str!("../../templates/receipt.typ")),
            (
                "supplement.typ",
                include_str!("../../templates/supplement.typ"),
            ),
            ("refusal.typ", include_str!("../../templates/refusal.typ")),
            ("apology.typ", include_str!("../../templates/apology.typ")),
            ("stop.typ", include_str!("../../templates/stop.typ")),
            ("mended.typ", include_str!("../../templates/mended.typ")),
            ("payment.typ", include_str!("../../templates/payment.typ")),
            (
                "post-slip.typ",
                include_str!("../../templates/post-slip.typ"),
            ),
            ("control.typ", include_str!("../../templates/control.typ")),
            ("register.typ", include_str!("../../templates/register.typ")),
            (
                "collection.typ",
                include_str!("../../templates/collection.typ"),
            ),
            ("progress.typ", include_str!("../../templates/progress.typ")),
            ("handover.typ", include_str!("../../templates/handover.typ")),
            (
                "paper-copy.typ",
                include_str!("../../templates/paper-copy.typ"),
            ),
            ("joined.typ", include_str!("../../templates/joined.typ")),
            ("letter.typ", include_str!("../../templates/letter.typ")),
            (
                "lettering.typ",
                include_str!("../../templates/lettering.typ"),
            ),
        ];
        Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            sources: sources
                .map(|(name, text)| Source::new(id(name), text.to_owned()))
                .into(),
            data: id("data.json"),
        }
    }

    /// Whether one of our faces can print the character.
    pub(super) fn has_glyph(&self, c: char) -> bool {
        self.fonts
            .iter()
            .any(|font| font.info().coverage.contains(u32::from(c)))
    }
}

/// What belongs to one slip: its data, and files by their names.
pub(super) struct Copy {
    pub(super) data: Bytes,
    pub(super) files: Vec<(String, Bytes)>,
}

/// The world of one slip.
pub(super) struct Desk<'a> {
    shelf: &'a Shelf,
    main: FileId,
    copy: Copy,
}

impl<'a> Desk<'a> {
    /// The world in which the template of that name is set with that copy.
    pub(super) fn new(shelf: &'a Shelf, template: &str, copy: Copy) -> Self {
        Self {
            shelf,
            main: id(template),
            copy,
        }
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.shelf.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shelf.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let found = self.shelf.sources.iter().find(|source| source.id() == id);
        found.cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.shelf.data {
            return Ok(self.copy.data.clone());
        }
        let asked = id.vpath().get_without_slash();
        let mut files = self.copy.files.iter();
        let found = files.find(|(name, _)| name == asked);
        found
            .map(|(_, bytes)| bytes.clone())
            .ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shelf.fonts.get(index).cloned()
    }

    /// A slip's date is its own; asking for today is a mistake in a template.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("a literal file name is a path");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_the_slip_is_within_reach() {
        let shelf = Shelf::new();
        let bytes = |text: &'static str| Bytes::from_string(text);
        let copy = Copy {
            data: bytes("{}"),
            files: vec![("qr.svg".to_owned(), bytes("q"))],
        };
        let desk = Desk::new(&shelf, "receipt.typ", copy);
        assert_eq!(desk.file(id("qr.svg")), Ok(bytes("q")));
        assert!(desk.source(id("base.typ")).is_ok());
        for name in ["etc/passwd", "receipt.typ", "data.yaml"] {
            assert_eq!(desk.file(id(name)), Err(FileError::AccessDenied), "{name}");
        }
        assert_eq!(
            desk.source(id("other.typ")).err(),
            Some(FileError::AccessDenied)
        );
        assert_eq!(desk.today(None), None);
    }

    #[test]
    fn the_face_has_every_letter_of_vietnamese() {
        let shelf = Shelf::new();
        let letters = "ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ";
        for letter in letters.chars().chain(letters.to_uppercase().chars()) {
            let regular = shelf.fonts.first().expect("faces are compiled in");
            assert!(
                regular.info().coverage.contains(u32::from(letter)),
                "{letter}"
            );
        }
        assert!(!shelf.has_glyph('漢'));
    }
}
