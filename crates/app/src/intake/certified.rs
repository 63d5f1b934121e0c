//! Papers to certify on the form: how many pages and copies each has.

use domain::dossier::Filed;
use domain::procedure::{Certified, Procedure};

use crate::forms::Typed;
use crate::no::{Fault, No};

/// The fields of each paper: its pages and its copies.
pub const CERTIFIED: [(&str, &str); 5] = [
    ("pages1", "copies1"),
    ("pages2", "copies2"),
    ("pages3", "copies3"),
    ("pages4", "copies4"),
    ("pages5", "copies5"),
];
/// The most pages of a paper.
const MOST_PAGES: u16 = 9_999;
/// The most copies of it.
const MOST_COPIES: u16 = 999;

/// The papers that could be read, and what could not.
pub(super) fn read(typed: &Typed) -> (Vec<Certified>, Vec<Fault>) {
    let mut faults = Vec::new();
    let mut there = Vec::new();
    for (pages_field, copies_field) in CERTIFIED {
        let (pages, copies) = (typed.get(pages_field), typed.get(copies_field));
        if pages.is_empty() && copies.is_empty() {
            continue;
        }
        let pages = count(pages, MOST_PAGES);
        let copies = count(copies, MOST_COPIES);
        if pages.is_none() {
            faults.push(Fault::new(pages_field, "fault.pages").with("most", &MOST_PAGES));
        }
        if copies.is_none() {
            faults.push(Fault::new(copies_field, "fault.copies").with("most", &MOST_COPIES));
        }
        there.extend(
            pages
                .zip(copies)
                .map(|(pages, copies)| Certified { pages, copies }),
        );
    }
    if typed
        .iter()
        .any(|(name, value)| is_beyond(name) && !value.trim().is_empty())
    {
        faults.push(Fault::new("pages5", "fault.papers").with("most", &CERTIFIED.len()));
    }
    (there, faults)
}

/// Whether a field counts a paper for which the form has no room.
fn is_beyond(name: &str) -> bool {
    let number = name.strip_prefix("pages").or(name.strip_prefix("copies"));
    let number = number.and_then(|number| number.parse::<usize>().ok());
    number.is_some_and(|number| number > CERTIFIED.len())
}

/// What is certified must be counted by somebody where it is charged by pages and copies: the charge
/// and the slip follow from it.
pub(super) fn counted(procedure: &Procedure, filed: &Filed, typed: &Typed) -> Result<(), No> {
    let by_pages = procedure.page_fee(filed.channel).is_some();
    if by_pages && certified_of(typed).is_empty() {
        let fault = Fault::new("pages1", "fault.pages_missing");
        return Err(No::Invalid(vec![fault]));
    }
    Ok(())
}

/// What a form under way looks ahead with.
pub(super) fn certified_of(typed: &Typed) -> Vec<Certified> {
    read(typed).0
}

/// A count of at least one; nothing typed is one.
fn count(raw: &str, most: u16) -> Option<u16> {
    if raw.is_empty() {
        return Some(1);
    }
    raw.parse().ok().filter(|count| (1..=most).contains(count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::testing::typed;

    #[test]
    fn papers_are_counted_and_what_is_no_count_is_named() {
        let (there, faults) = read(&typed(&[
            ("pages1", "5"),
            ("copies1", "2"),
            ("pages3", "300"),
            ("pages4", "0"),
            ("copies4", "x"),
            ("copies5", "1000"),
        ]));
        let papers = |pages, copies| Certified { pages, copies };
        assert_eq!(there, [papers(5, 2), papers(300, 1)]);
        let named: Vec<_> = faults
            .iter()
            .map(|fault| (fault.field, fault.key))
            .collect();
        assert_eq!(
            named,
            [
                ("pages4", "fault.pages"),
                ("copies4", "fault.copies"),
                ("copies5", "fault.copies"),
            ]
        );
        assert_eq!(certified_of(&typed(&[])), []);
        let (_, faults) = read(&typed(&[("pages1", "1"), ("copies6", "2"), ("pages7", "")]));
        let named: Vec<_> = faults
            .iter()
            .map(|fault| (fault.field, fault.key))
            .collect();
        assert_eq!(named, [("pages5", "fault.papers")], "a sixth has no room");
    }
}
