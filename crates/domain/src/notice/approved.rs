//! Texts that a social network's provider approved beforehand, and what does not fit them.

use super::check::{Fault, Found};
use super::template::{Field, Template};

/// What the provider says of a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Approved {
    /// Whether messages with it are taken.
    pub enabled: bool,
    /// Its parameters; none known when the provider names none.
    pub parameters: Vec<Parameter>,
}

/// A parameter of an approved text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Whether a message must have it.
    pub required: bool,
    /// Characters of its value at most.
    pub longest: Option<usize>,
}

/// What of a template does not fit its approved text.
pub fn fits(template: &Template, approved: &Approved) -> Vec<Found> {
    let whole = |field, fault| Found {
        field,
        at: 0,
        fault,
    };
    if !approved.enabled {
        return vec![whole(Field::Subject, Fault::NotEnabled)];
    }
    let (_, example) = template.example();
    let lines = example.lines().filter_map(|line| line.split_once('='));
    let given: Vec<(&str, &str)> = lines
        .map(|(name, value)| (name.trim(), value.trim()))
        .collect();
    let known = &approved.parameters;
    let mut faults = Vec::new();
    for (name, value) in &given {
        let Some(parameter) = known.iter().find(|one| one.name == *name) else {
            let unknown = (!known.is_empty()).then(|| Fault::UnknownParameter((*name).to_owned()));
            faults.extend(unknown);
            continue;
        };
        let characters = value.chars().count();
        if let Some(limit) = parameter.longest.filter(|longest| characters > *longest) {
            faults.push(Fault::ParameterTooLong {
                name: parameter.name.clone(),
                characters,
                limit,
            });
        }
    }
    let missing = known
        .iter()
        .filter(|one| one.required && given.iter().all(|(name, _)| *name != one.name));
    faults.extend(missing.map(|one| Fault::MissingParameter(one.name.clone())));
    faults
        .into_iter()
        .map(|fault| whole(Field::Body, fault))
        .collect()
}
