//! What is wrong with a template, and where.

use super::kind::Channel;
use super::length::measure;
use super::template::{Field, Piece, Placeholder, Template, pieces};

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is written.
    Empty,
    /// A place that no notice of this kind knows.
    UnknownPlace(String),
    /// A brace that belongs to no place.
    LooseBrace,
    /// A place that must be there.
    MissingPlace(Placeholder),
    /// More characters than the limit, with examples filled in.
    TooLong {
        /// How many there are.
        characters: usize,
        /// How many there may be.
        limit: usize,
    },
    /// More parts than a text message may have.
    TooManyParts {
        /// In how many it would be sent.
        parts: usize,
        /// In how many it may be.
        limit: usize,
    },
    /// A subject of more than one line.
    LineBreak,
    /// An address of a page that is not the public page of the dossier: people are taught not to
    /// trust such addresses.
    ForeignLink,
    /// A mail address.
    MailAddress,
    /// A number as long as a personal identification number or an account.
    LongNumber,
    /// A sum of money.
    Amount,
    /// Not the provider's number of an approved text.
    NoApprovedText,
    /// A line that is no `parameter=value`.
    NoParameter,
    /// The provider has not approved the text, or switched it off.
    NotEnabled,
    /// A parameter that the approved text does not have.
    UnknownParameter(String),
    /// A parameter that the approved text must have.
    MissingParameter(String),
    /// More characters than the approved text takes there, with examples filled in.
    ParameterTooLong {
        /// The parameter.
        name: String,
        /// How many there are.
        characters: usize,
        /// How many there may be.
        limit: usize,
    },
}

/// A fault at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// In which field.
    pub field: Field,
    /// At which character, from 1; 0 when the whole field is meant.
    pub at: usize,
    /// What.
    pub fault: Fault,
}

/// Characters of a subject, of a mail's text, and of what a social network takes.
const SUBJECT: usize = 150;
const MAIL: usize = 4_000;
const SOCIAL: usize = 400;
/// Parts of a text message.
const PARTS: usize = 3;
/// Digits of a personal identification number; accounts have as many or more.
const LONG_NUMBER: usize = 12;

/// Everything that is wrong with a template, in the order of its text; nothing when it may be sent.
pub fn check(template: &Template) -> Vec<Found> {
    let mut found = Vec::new();
    let subject = &template.subject;
    match template.channel {
        Channel::Mail => {
            field(template, Field::Subject, &mut found);
            if let Some(at) = subject.find(['\n', '\r']) {
                found.push(at_byte(Field::Subject, subject, at, Fault::LineBreak));
            }
        }
        Channel::Social if !is_number(subject) => {
            found.push(whole(Field::Subject, Fault::NoApprovedText));
        }
        Channel::Sms | Channel::Social => {}
    }
    field(template, Field::Body, &mut found);
    if template.channel == Channel::Social {
        parameters(&template.body, &mut found);
    }
    missing(template, &mut found);
    too_long(template, &mut found);
    found.sort_by_key(|found| (found.field, found.at));
    found
}

fn whole(field: Field, fault: Fault) -> Found {
    Found {
        field,
        at: 0,
        fault,
    }
}

fn at_byte(field: Field, text: &str, byte: usize, fault: Fault) -> Found {
    let before = text.get(..byte).unwrap_or_default();
    Found {
        field,
        at: before.chars().count().saturating_add(1),
        fault,
    }
}

fn text_of(template: &Template, field: Field) -> &str {
    match field {
        Field::Subject => &template.subject,
        Field::Body => &template.body,
    }
}

/// Places and forbidden content of one field.
fn field(template: &Template, field: Field, found: &mut Vec<Found>) {
    let text = text_of(template, field);
    if text.trim().is_empty() {
        found.push(whole(field, Fault::Empty));
        return;
    }
    for piece in pieces(text) {
        match piece {
            Piece::Words(_) => {}
            Piece::Loose(at) => found.push(at_byte(field, text, at, Fault::LooseBrace)),
            Piece::Place(name, at) => {
                let known = Placeholder::parse(name);
                if !known.is_some_and(|place| place.is_known_to(template.kind)) {
                    let fault = Fault::UnknownPlace(name.to_owned());
                    found.push(at_byte(field, text, at, fault));
                }
            }
        }
    }
    for (at, fault) in forbidden(text) {
        found.push(at_byte(field, text, at, fault));
    }
}

/// Words that have no place in a notice, with the byte at which each begins.
fn forbidden(text: &str) -> Vec<(usize, Fault)> {
    let mut found = Vec::new();
    let mut at = 0_usize;
    for word in text.split_inclusive(char::is_whitespace) {
        let lower = word.trim_end().to_lowercase();
        if lower.contains("://") || lower.starts_with("www.") {
            found.push((at, Fault::ForeignLink));
        } else if lower.contains('@') {
            found.push((at, Fault::MailAddress));
        }
        at = at.saturating_add(word.len());
    }
    for (at, digits, after) in numbers(text) {
        if digits >= LONG_NUMBER {
            found.push((at, Fault::LongNumber));
        } else if is_currency(after) {
            found.push((at, Fault::Amount));
        }
    }
    found
}

/// Numbers of a text: where each begins, how many digits it has, and what stands after it. Points,
/// commas and blanks between digits belong to the number.
fn numbers(text: &str) -> Vec<(usize, usize, &str)> {
    let mut found = Vec::new();
    let mut run: Option<(usize, usize, usize)> = None;
    for (at, c) in text.char_indices() {
        let next = at.saturating_add(c.len_utf8());
        run = match (run, c.is_ascii_digit()) {
            (None, true) => Some((at, 1, next)),
            (Some((start, digits, _)), true) => Some((start, digits.saturating_add(1), next)),
            (Some(open), false) if matches!(c, '.' | ',' | ' ') && at == open.2 => Some(open),
            (Some((start, digits, end)), false) => {
                found.push((start, digits, text.get(end..).unwrap_or_default()));
                None
            }
            (None, false) => None,
        };
    }
    if let Some((start, digits, _)) = run {
        found.push((start, digits, ""));
    }
    found
}

fn is_currency(after: &str) -> bool {
    let word: String = after
        .trim_start()
        .chars()
        .take_while(|c| c.is_alphabetic())
        .collect();
    ["đ", "đồng", "dong", "vnd", "vnđ"].contains(&word.to_lowercase().as_str())
}

fn is_number(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// Lines for a social network: `parameter=value`.
fn parameters(body: &str, found: &mut Vec<Found>) {
    let mut at = 0_usize;
    for line in body.split_inclusive('\n') {
        let words = line.trim();
        let name = words.split_once('=').map(|(name, _)| name.trim());
        let is_name = |name: &str| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        };
        if !words.is_empty() && !name.is_some_and(is_name) {
            found.push(at_byte(Field::Body, body, at, Fault::NoParameter));
        }
        at = at.saturating_add(line.len());
    }
}

/// Places that must be somewhere in the text or its subject.
fn missing(template: &Template, found: &mut Vec<Found>) {
    let written = [&template.subject, &template.body].map(|text| pieces(text));
    for place in Placeholder::required_by(template.kind, template.channel) {
        let there = written
            .iter()
            .flatten()
            .any(|piece| matches!(piece, Piece::Place(name, _) if *name == place.as_str()));
        if !there && !template.body.trim().is_empty() {
            found.push(whole(Field::Body, Fault::MissingPlace(*place)));
        }
    }
}

fn too_long(template: &Template, found: &mut Vec<Found>) {
    let (subject, body) = template.example();
    let mut judge = |field, text: &str, limit| {
        let characters = text.chars().count();
        if characters > limit {
            found.push(whole(field, Fault::TooLong { characters, limit }));
        }
    };
    match template.channel {
        Channel::Mail => {
            judge(Field::Subject, &subject, SUBJECT);
            judge(Field::Body, &body, MAIL);
        }
        Channel::Social => judge(Field::Body, &body, SOCIAL),
        Channel::Sms => {
            let parts = measure(&body).parts;
            if parts > PARTS {
                let limit = PARTS;
                found.push(whole(Field::Body, Fault::TooManyParts { parts, limit }));
            }
        }
    }
}
