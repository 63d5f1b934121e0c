//! Fields of a form as templates draw them: what was typed, wrong or not, and what is wrong.

use app::forms::Typed;

use crate::error::FaultLine;
use crate::words::Words;

/// One field.
#[derive(Debug, Clone, Default)]
pub(crate) struct Field {
    /// Its name and id.
    pub(crate) name: &'static str,
    /// What stands above it.
    pub(crate) label: String,
    /// What was typed.
    pub(crate) value: String,
    /// What is wrong with it; empty when nothing is.
    pub(crate) error: String,
    /// Its width on the grid.
    pub(crate) class: &'static str,
    /// Which keyboard a touch screen shows.
    pub(crate) mode: &'static str,
    /// Whether it may stay empty, said beside the label.
    pub(crate) optional: bool,
    /// Choices, when it is a list.
    pub(crate) options: Vec<Choice>,
}

impl Field {
    /// A list shows its first choice until something else was chosen.
    pub(crate) fn show_choice(&mut self) {
        if let Some(choice) = self.options.iter().find(|choice| choice.on) {
            self.value.clone_from(&choice.value);
        }
    }
}

/// One thing to choose.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    /// The value sent.
    pub(crate) value: String,
    /// The words shown.
    pub(crate) label: String,
    /// Whether it is chosen.
    pub(crate) on: bool,
}

/// The words of the fault at `field`; empty when there is none.
pub(crate) fn at(mistakes: &[FaultLine], field: &str) -> String {
    let found = mistakes.iter().find(|mistake| mistake.field == field);
    found
        .map(|mistake| mistake.message.clone())
        .unwrap_or_default()
}

/// Choices from values and message keys; the one that was typed is on, or else the first.
pub(crate) fn choices(w: Words, typed: &str, offered: &[(&str, &str)]) -> Vec<Choice> {
    let known = offered.iter().any(|(value, _)| *value == typed);
    let choice = |(index, (value, key)): (usize, &(&str, &str))| Choice {
        value: (*value).to_owned(),
        label: w.t(key).to_owned(),
        on: *value == typed || (!known && index == 0),
    };
    offered.iter().enumerate().map(choice).collect()
}

/// What a party is.
const KINDS: [(&str, &str); 4] = [
    ("citizen", "party.citizen"),
    ("enterprise", "party.enterprise"),
    ("state_agency", "party.state_agency"),
    ("organisation", "party.organisation"),
];

/// Names of a person's fields, by whose they are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names {
    name: &'static str,
    birth: &'static str,
    sex: &'static str,
    number: &'static str,
    address: &'static str,
    phone: &'static str,
    email: &'static str,
}

/// Who applies.
pub(crate) const APPLICANT: Names = Names {
    name: "name",
    birth: "birth",
    sex: "sex",
    number: "number",
    address: "address",
    phone: "phone",
    email: "email",
};

/// For whom.
pub(crate) const OWNER: Names = Names {
    name: "owner_name",
    birth: "owner_birth",
    sex: "owner_sex",
    number: "owner_number",
    address: "owner_address",
    phone: "owner_phone",
    email: "owner_email",
};

/// Who takes the result.
pub(crate) const COLLECTOR: Names = Names {
    name: "collector_name",
    birth: "collector_birth",
    sex: "collector_sex",
    number: "collector_number",
    address: "collector_address",
    phone: "collector_phone",
    email: "collector_email",
};

impl Names {
    /// The fields that say who it is, as a card has them.
    pub(crate) fn identity(self) -> [&'static str; 5] {
        [self.name, self.birth, self.sex, self.number, self.address]
    }
}

/// Fields of a form under way.
pub(crate) struct Fields<'a> {
    /// Words.
    pub(crate) w: Words,
    /// What was typed.
    pub(crate) typed: &'a Typed,
    /// What is wrong.
    pub(crate) mistakes: &'a [FaultLine],
}

impl Fields<'_> {
    /// A text field.
    pub(crate) fn text(&self, name: &'static str, key: &str) -> Field {
        Field {
            name,
            label: self.w.t(key).to_owned(),
            value: self.typed.get(name).to_owned(),
            error: at(self.mistakes, name),
            ..Field::default()
        }
    }

    /// Who applies or for whom: what it is, and then what such a one has.
    pub(crate) fn party(&self, kind: &'static str, names: Names) -> Vec<Field> {
        let mut chosen = Field {
            options: choices(self.w, self.typed.get(kind), &KINDS),
            ..self.text(kind, "party.kind")
        };
        chosen.show_choice();
        let person = chosen.value == "citizen";
        let of_persons = |field: &Field| field.name == names.birth || field.name == names.sex;
        let identity = self.identity(names).into_iter();
        let mut drawn = vec![chosen];
        drawn.extend(identity.filter(|field| person || !of_persons(field)));
        drawn
    }

    /// Name, birth, sex, number and address.
    pub(crate) fn identity(&self, names: Names) -> Vec<Field> {
        let sexes = [
            ("", "party.sex_unknown"),
            ("female", "party.female"),
            ("male", "party.male"),
        ];
        let sex = Field {
            class: "w2",
            options: choices(self.w, self.typed.get(names.sex), &sexes),
            ..self.text(names.sex, "party.sex")
        };
        vec![
            self.text(names.name, "party.name"),
            Field {
                class: "w2",
                mode: "numeric",
                ..self.text(names.birth, "party.birth")
            },
            sex,
            Field {
                mode: "numeric",
                ..self.text(names.number, "party.number")
            },
            Field {
                class: "w8",
                ..self.text(names.address, "party.address")
            },
        ]
    }

    /// Telephone and mail.
    pub(crate) fn reach(&self, names: Names) -> Vec<Field> {
        vec![
            Field {
                mode: "tel",
                ..self.text(names.phone, "party.phone")
            },
            Field {
                mode: "email",
                optional: true,
                ..self.text(names.email, "party.email")
            },
        ]
    }
}
