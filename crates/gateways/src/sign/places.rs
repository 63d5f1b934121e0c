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
        let signature = |name: &str, place| EmptyField {
            name: name.to_owned(),
            place,
            kind: FieldKind::Signature,
        };
        let [_, _, width, _] = self.elsewhere.day;
        Ok(vec![
            text(WHOLE, left, self.elsewhere.number),
            text(DAY, right - width, self.elsewhere.day),
            signature(PERSON, person),
            signature(AGENCY, self.agency(person)),
        ])
    }

    /// The agency's signature on an attachment or a copy: its name and the time, at the top right
    /// corner of the first page.
    pub fn corner(
        &self,
        document: &[u8],
        agency: &str,
        at: DateTime,
    ) -> Result<Appearance, SignFault> {
        let corner = &self.corner;
        let [_, _, right, top] = Revision::open(document)?.edges(1)?;
        Ok(Appearance {
            place: Place {
                page: 1,
                x: right - corner.right - corner.width,
                y: top - corner.top - corner.height,
                width: corner.width,
                height: corner.height,
            },
            face: Face {
                image: None,
                lines: vec![agency.to_owned(), at.strftime(&corner.time).to_string()],
                ink: Ink::Black,
                size: corner.text_size,
            },
        })
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
