//! Where a laid-out letter leaves places to be filled and signed later.

use serde::Deserialize;
use typst::foundations::{Content, Value};
use typst::introspection::{Introspector as _, MetadataElem};
use typst_layout::PagedDocument;

use super::names::{AGENCY, DAY, NUMBER, PERSON};
use crate::sign::{Along, EmptyField, FieldKind, Place, places};

const LABEL: &str = "blank";
/// Letters of a text field, as a part of its height.
const LETTERS: f32 = 0.8;

/// A mark of a template.
#[derive(Deserialize)]
struct Mark {
    name: String,
    width: f32,
    height: f32,
}

/// The fields that the marks of the pages ask for; none where there are no marks.
pub(super) fn blanks(document: &PagedDocument) -> Vec<EmptyField> {
    let marks = document.introspector().query_labelled();
    let marks = marks.iter().filter_map(|mark| read(document, mark));
    marks
        .flat_map(|(mark, place)| fields(mark, place))
        .collect()
}

fn read(document: &PagedDocument, content: &Content) -> Option<(Mark, Place)> {
    let named = |label: typst::foundations::Label| label.resolve().as_str() == LABEL;
    content.label().filter(|label| named(*label))?;
    let Value::Dict(dict) = &content.to_packed::<MetadataElem>()?.value else {
        return None;
    };
    let value = serde_json::to_value(dict).ok()?;
    let mark: Mark = serde_json::from_value(value).ok()?;
    let at = document.introspector().position(content.location()?)?;
    let page = document.pages().get(at.page.get().checked_sub(1)?)?;
    let place = Place {
        page: at.page.get(),
        x: points(at.point.x),
        y: points(page.frame.height() - at.point.y) - mark.height,
        width: mark.width,
        height: mark.height,
    };
    Some((mark, place))
}

/// A length in points; no page is so large that the shorter number matters.
#[expect(
    clippy::cast_possible_truncation,
    reason = "lengths on a page need no more digits"
)]
fn points(length: typst::layout::Abs) -> f32 {
    length.to_pt() as f32
}

fn fields(mark: Mark, place: Place) -> Vec<EmptyField> {
    if mark.name != PERSON {
        let size = place.height * LETTERS;
        let kind = FieldKind::Text {
            size,
            // The number stands before its symbol, the day after its place.
            along: if mark.name == NUMBER {
                Along::End
            } else {
                Along::Start
            },
            // Place and day are in italics (NĐ 30/2020/NĐ-CP, Phụ lục I, Mục II khoản 4).
            slanted: mark.name == DAY,
        };
        return vec![EmptyField {
            name: mark.name,
            place,
            kind,
        }];
    }
    let middle = (place.x + place.width / 2.0, place.y + place.height / 2.0);
    let person = places().person(place.page, middle);
    let signature = |name: &str, place, kind| EmptyField {
        name: name.to_owned(),
        place,
        kind,
    };
    vec![
        signature(PERSON, person, FieldKind::Signature),
        signature(AGENCY, places().agency(person), FieldKind::LastSignature),
    ]
}
