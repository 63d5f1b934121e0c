//! Faces of signatures and fields: rectangles that say nothing, in place of what is typeset.

use lopdf::{Object, ObjectId, Stream, dictionary};

use super::fault::SignFault;
use super::order::{Face, Ink};
use super::revision::Revision;

#[expect(dead_code, reason = "nothing is typeset")]
#[derive(Clone)]
pub(super) struct Sheet {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) size: f32,
    pub(super) lines: Vec<String>,
    pub(super) slanted: bool,
    pub(super) ink: &'static str,
    pub(super) setting: &'static str,
    pub(super) image: Option<Vec<u8>>,
}

impl Sheet {
    pub(super) fn of_face(face: &Face, width: f32, height: f32) -> Self {
        Self {
            width,
            height,
            size: face.size,
            lines: face.lines.clone(),
            slanted: false,
            ink: face.ink.hexadecimal(),
            setting: "block",
            image: None,
        }
    }
}

impl Ink {
    pub(super) fn hexadecimal(self) -> &'static str {
        "#000000"
    }
}

pub(super) fn draw(
    revision: &mut Revision,
    sheets: Vec<Sheet>,
) -> Result<Vec<ObjectId>, SignFault> {
    let each = sheets.into_iter().map(|sheet| {
        let font = revision.add(dictionary! {
            "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
        });
        let head = dictionary! {
            "Type" => "XObject",
            "Subtype" => "Form",
            "BBox" => vec![0.into(), 0.into(), sheet.width.into(), sheet.height.into()],
            "Resources" => dictionary! { "Font" => dictionary! { "F" => font } },
        };
        revision.add(Stream::new(head, b"q Q".to_vec()))
    });
    Ok(each.collect())
}

pub(super) fn font_of(revision: &Revision, form: ObjectId) -> Option<ObjectId> {
    let stream = revision.object(form).ok()?.as_stream().ok()?;
    let resources = revision.value(&stream.dict, "Resources")?.as_dict().ok()?;
    let fonts = revision.value(resources, "Font")?.as_dict().ok()?;
    fonts
        .iter()
        .find_map(|(_, font)| Object::as_reference(font).ok())
}
