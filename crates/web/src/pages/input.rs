//! A field of a short form, as `parts/input.html` draws it.

use app::forms::Typed;

use crate::error::FaultLine;

/// A field: a line to type in, or a list to choose from when it has options.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Input {
    /// Its name, which is its id too.
    pub(crate) name: &'static str,
    /// Key of its label.
    pub(crate) label: &'static str,
    /// Whether it may stay empty.
    pub(crate) optional: bool,
    /// `text` or `password`.
    pub(crate) kind: &'static str,
    /// What browsers may fill it with.
    pub(crate) autocomplete: &'static str,
    /// Class of its width.
    pub(crate) class: &'static str,
    /// What stands in it.
    pub(crate) value: String,
    /// How to fill it in.
    pub(crate) hint: String,
    /// What is wrong with it.
    pub(crate) error: String,
    /// Values and words to choose from.
    pub(crate) options: Vec<(String, String)>,
}

impl Input {
    /// A line to type in.
    pub(crate) fn text(name: &'static str, label: &'static str) -> Self {
        Self {
            name,
            label,
            kind: "text",
            autocomplete: "off",
            ..Self::default()
        }
    }

    /// A password, never given back.
    pub(crate) fn password(
        name: &'static str,
        label: &'static str,
        autocomplete: &'static str,
    ) -> Self {
        Self {
            kind: "password",
            autocomplete,
            ..Self::text(name, label)
        }
    }

    /// A list to choose from.
    pub(crate) fn choice(
        name: &'static str,
        label: &'static str,
        options: Vec<(String, String)>,
    ) -> Self {
        Self {
            options,
            ..Self::text(name, label)
        }
    }

    /// The same, filled in and marked with what is wrong.
    pub(crate) fn filled(mut self, typed: &Typed, faults: &[FaultLine]) -> Self {
        if self.kind != "password" && typed.iter().any(|(name, _)| name == self.name) {
            typed.get(self.name).clone_into(&mut self.value);
        }
        let fault = faults.iter().find(|fault| fault.field == self.name);
        self.error = fault.map(|fault| fault.message.clone()).unwrap_or_default();
        self
    }

    /// The ids of what describes it.
    pub(crate) fn described(&self) -> String {
        let id = |text: &str, end| {
            if text.is_empty() {
                String::new()
            } else {
                format!("{}-{end}", self.name)
            }
        };
        let ids = format!("{} {}", id(&self.hint, "h"), id(&self.error, "e"));
        ids.trim().to_owned()
    }
}

/// A field as it was typed: blanks at the ends of a password belong to it.
pub(crate) fn as_typed(typed: &Typed, name: &str) -> String {
    let mut fields = typed.iter();
    let found = fields.find(|(field, _)| *field == name);
    found.map(|(_, value)| value.to_owned()).unwrap_or_default()
}
