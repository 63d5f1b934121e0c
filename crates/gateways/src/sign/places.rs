//! Where Decree 30/2020 wants signatures to be seen, read from `data/places.toml`.

use std::sync::LazyLock;

use jiff::civil::DateTime;
use serde::Deserialize;

use super::fault::SignFault;
use super::fields::{Along, EmptyField, FieldKind};
use super::order::{Appearance, Face, Ink, Place};
use super::revision::Revision;
use crate::slips::{AGENCY, DAY, PERSON, WHOLE};

/// The geometry of signatures.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Places {
    person: Person,
    agency: Agency,
    corner: Corner,
    elsewhere: Elsewhere,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    width: f32,
    height: f32,
    text_size: f32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Agency {
    diameter: f32,
    covers: f32,
    text_size: f32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Corner {
    width: f32,
    height: f32,
    right: f32,
    top: f32,
    text_size: f32,
    line: f32,
    time: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Elsewhere {
    number: [f32; 4],
    day: [f32; 4],
    person: [f32; 2],
    text_size: f32,
}

/// The geometry in force.
pub fn places() -> &'static Places {
    static READ: LazyLock<Places> = LazyLock::new(|| {
        let text = include_str!("../../data/places.toml");
        toml::from_str(text).expect("the geometry is compiled in and tested")
    });
    &READ
}

impl Places {
    /// The rectangle of a person's signature with its middle at a point of a page.
    pub fn person(&self, page: usize, middle: (f32, f32)) -> Place {
        let (width, height) = (self.person.width, self.person.height);
        Place {
            page,
            x: middle.0 - width / 2.0,
            y: middle.1 - height / 2.0,
            width,
            height,
        }
    }

    /// What is seen of a person's signature: its picture, or these lines.
    pub fn persons_face(&self, image: Option<Vec<u8>>, lines: Vec<String>) -> Face {
        Face {
            image,
            lines,
            ink: Ink::Blue,
            size: self.person.text_size,
        }
    }

    /// The rectangle of the seal on a person's signature: over the third on its left.
    pub fn agency(&self, person: Place) -> Place {
        let diameter = self.agency.diameter;
        Place {
            page: person.page,
            x: person.x + person.width * self.agency.covers - diameter,
            y: person.y + (person.height - diameter) / 2.0,
            width: diameter,
            height: diameter,
        }
    }

    /// What is seen of the agency's signature: its seal, or these lines.
    pub fn agencys_face(&self, image: Option<Vec<u8>>, lines: Vec<String>) -> Face {
        Face {
            image,
            lines,
            ink: Ink::Red,
            size: self.agency.text_size,
        }
    }

    /// Places of number, day and signatures on a document that was made elsewhere: number and day
    /// below the upper edge of the first page, the signatures above the lower edge of the last one.
    pub fn elsewhere(&self, document: &[u8], pages: usize) -> Result<Vec<EmptyField>, SignFault> {
        let revision = Revision::open(document)?;
        let [left, _, right, top] = revision.edges(1)?;
        let [_, low, last_right, _] = revision.edges(pages)?;
        let text = |name: &str, from_left: f32, [x, y, width, height]: [f32; 4]| EmptyField {
            name: name.to_owned(),
            place: Place {
                page: 1,
                x: from_left + x,
                y: top - y - height,
                width,
                height,
            },
            kind: FieldKind::Text {
                size: self.elsewhere.text_size,
                along: Along::Start,
                slanted: name == DAY,
            },
        };
        let [x, y] = self.elsewhere.person;
        let person = self.person(pages, (last_right - x, low + y));
        let signature = |name: &str, place, kind| EmptyField {
            name: name.to_owned(),
            place,
            kind,
        };
        let [_, _, width, _] = self.elsewhere.day;
        Ok(vec![
            text(WHOLE, left, self.elsewhere.number),
            text(DAY, right - width, self.elsewhere.day),
            signature(PERSON, person, FieldKind::Signature),
            signature(AGENCY, self.agency(person), FieldKind::LastSignature),
        ])
    }

    /// The agency's signature on an attachment or a copy: its name and the time, at the top right
    /// corner of the first page as it is seen; below them what else is to be said.
    pub fn corner(
        &self,
        document: &[u8],
        (agency, under): (&str, &[String]),
        at: DateTime,
    ) -> Result<Appearance, SignFault> {
        let corner = &self.corner;
        let revision = Revision::open(document)?;
        let mut lines = vec![agency.to_owned(), at.strftime(&corner.time).to_string()];
        lines.extend_from_slice(under);
        // A number of lines is small.
        let more = f32::from(u8::try_from(under.len()).unwrap_or(u8::MAX));
        let height = corner.height + corner.line * more;
        Ok(Appearance {
            place: corner.on(revision.edges(1)?, revision.quarters(1)?, height),
            face: Face {
                image: None,
                lines,
                ink: Ink::Black,
                size: corner.text_size,
            },
        })
    }
}

impl Corner {
    /// The rectangle on the first page: one that is shown turned has its seen corner elsewhere.
    fn on(&self, [left, low, right, top]: [f32; 4], quarters: u8, height: f32) -> Place {
        let seen = if quarters.is_multiple_of(2) {
            right - left
        } else {
            top - low
        };
        let width = self.width.min(seen - 2.0 * self.right);
        let (x, y, width, height) = match quarters {
            1 => (left + self.top, top - self.right - width, height, width),
            2 => (left + self.right, low + self.top, width, height),
            3 => (right - self.top - height, low + self.right, height, width),
            _ => (
                right - self.right - width,
                top - self.top - height,
                width,
                height,
            ),
        };
        Place {
            page: 1,
            x,
            y,
            width,
            height,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seal_covers_a_third_of_the_signature_on_its_left() {
        let person = places().person(2, (400.0, 200.0));
        let seal = places().agency(person);
        let covered = (seal.x + seal.width - person.x) / person.width;
        assert!((covered - 1.0 / 3.0).abs() < 0.01, "{covered}");
        assert!(seal.x < person.x && seal.page == 2);
        let middles = (seal.y + seal.height / 2.0) - (person.y + person.height / 2.0);
        assert!(middles.abs() < 0.01, "{middles}");
    }
}
