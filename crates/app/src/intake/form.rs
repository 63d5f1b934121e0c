//! Reads the intake form: every fault at its field, all of them at once.

use std::collections::BTreeMap;

use domain::dossier::{Delivery, Handed, HandedAs, Mandate, Payment};
use domain::ids::ProcedureCode;
use domain::party::{Birth, Party, PartyKind, Sex, phone_number};
use domain::procedure::{Certified, Channel};
use domain::text::tidy;

use crate::forms::Typed;
use crate::no::Fault;

use super::certified::read;
use super::number::PartyNumber;

/// The longest text a field takes, in characters.
const LONGEST: usize = 500;
/// The longest free text, in characters: a page of a slip.
pub(crate) const LONGEST_WORDS: usize = 2_000;

/// What the counter form says, once it can be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    /// Who applies.
    pub applicant: Party,
    /// For whom, when that is somebody else.
    pub owner: Option<Party>,
    /// By which right.
    pub mandate: Mandate,
    /// The procedure.
    pub procedure: ProcedureCode,
    /// The case.
    pub case: u16,
    /// By which way it came.
    pub channel: Channel,
    /// Components that are there.
    pub handed: Vec<Handed>,
    /// Sets of papers.
    pub sets: u8,
    /// When the fee is paid.
    pub payment: Payment,
    /// How the result goes out.
    pub delivery: Delivery,
    /// Papers to certify.
    pub certified: Vec<Certified>,
}

/// Reads forms, collecting faults.
pub struct Read<'a> {
    typed: &'a Typed,
    faults: Vec<Fault>,
}

impl<'a> Read<'a> {
    /// Reads `typed`.
    pub fn new(typed: &'a Typed) -> Self {
        Self {
            typed,
            faults: Vec::new(),
        }
    }

    /// The whole counter form, or all of its faults.
    ///
    /// # Errors
    /// The faults, in the order of the fields.
    pub fn counter(mut self) -> Result<Counter, Vec<Fault>> {
        let applicant = self.party("");
        let mandate = self.choice("mandate", &MANDATES, Mandate::Own);
        let owner = (mandate != Mandate::Own).then(|| self.party("owner_"));
        let procedure = self.procedure();
        let case = self.case();
        let channel = self.choice("channel", &CHANNELS, Channel::Direct);
        let sets = self.sets();
        let payment = self.choice("payment", &PAYMENTS, Payment::Before);
        let delivery = self.choice("delivery", &DELIVERIES, Delivery::Centre);
        let certified = self.certified();
        self.words("reason");
        match (applicant, owner, procedure) {
            (Some(applicant), owner, Some(procedure))
                if self.faults.is_empty() && owner.as_ref().is_none_or(Option::is_some) =>
            {
                Ok(Counter {
                    applicant,
                    owner: owner.flatten(),
                    mandate,
                    procedure,
                    case,
                    channel,
                    handed: handed_of(self.typed),
                    sets,
                    payment,
                    delivery,
                    certified,
                })
            }
            _ => Err(self.faults),
        }
    }

    /// What could not be understood so far.
    pub fn faults(self) -> Vec<Fault> {
        self.faults
    }

    /// A person of the form, whose fields begin with `prefix`.
    pub fn party(&mut self, prefix: &'static str) -> Option<Party> {
        let fields = Fields::of(prefix);
        let before = self.faults.len();
        let kind = self.choice(fields.kind, &KINDS, PartyKind::Citizen);
        let person = kind == PartyKind::Citizen;
        let name = self.text(fields.name, true);
        let number = self.number(fields.number, kind);
        let birth = person.then(|| self.birth(fields.birth)).flatten();
        let address = self.text(fields.address, false);
        let phone = self.phone(fields.phone);
        let email = self.email(fields.email);
        let sex = self.choice(fields.sex, &SEXES, None);
        (self.faults.len() == before).then_some(Party {
            kind,
            name,
            number,
            birth,
            sex: sex.filter(|_| person),
            address,
            phone,
            email,
        })
    }

    /// What was chosen from a list; nothing chosen is `default`, and nothing else is guessed.
    fn choice<T: Copy>(&mut self, field: &'static str, offered: &[(&str, T)], default: T) -> T {
        let typed = self.typed.get(field);
        match offered.iter().find(|(value, _)| *value == typed) {
            Some((_, chosen)) => *chosen,
            None if typed.is_empty() => default,
            None => {
                self.faults.push(Fault::new(field, "fault.choice"));
                default
            }
        }
    }

    fn certified(&mut self) -> Vec<Certified> {
        let (there, faults) = read(self.typed);
        self.faults.extend(faults);
        there
    }

    fn case(&mut self) -> u16 {
        let raw = self.typed.get("case");
        match raw.parse() {
            Ok(case) => case,
            Err(_) if raw.is_empty() => 1,
            Err(_) => {
                self.faults.push(Fault::new("case", "fault.choice"));
                1
            }
        }
    }

    /// Free words; empty is for the use case to judge.
    fn words(&mut self, field: &'static str) {
        if self.typed.get(field).chars().count() > LONGEST_WORDS {
            let fault = Fault::new(field, "fault.long").with("most", &LONGEST_WORDS);
            self.faults.push(fault);
        }
    }

    fn text(&mut self, field: &'static str, required: bool) -> String {
        let text = tidy(self.typed.get(field));
        if required && text.is_empty() {
            self.faults.push(Fault::new(field, "fault.required"));
        }
        if text.chars().count() > LONGEST {
            self.faults
                .push(Fault::new(field, "fault.long").with("most", &LONGEST));
        }
        text
    }

    fn number(&mut self, field: &'static str, kind: PartyKind) -> Option<String> {
        match PartyNumber::parse(kind, self.typed.get(field), field) {
            Ok(number) => number.map(String::from),
            Err(fault) => {
                self.faults.push(fault);
                None
            }
        }
    }

    fn birth(&mut self, field: &'static str) -> Option<Birth> {
        Birth::parse(self.typed.get(field)).unwrap_or_else(|_| {
            self.faults.push(Fault::new(field, "fault.birth"));
            None
        })
    }

    fn phone(&mut self, field: &'static str) -> Option<String> {
        let raw = self.typed.get(field);
        if raw.is_empty() {
            return None;
        }
        let phone = phone_number(raw);
        if phone.is_none() {
            self.faults.push(Fault::new(field, "fault.phone"));
        }
        phone
    }

    fn email(&mut self, field: &'static str) -> Option<String> {
        let raw = self.typed.get(field);
        if raw.is_empty() {
            return None;
        }
        let plausible = raw.len() <= 254
            && !raw.contains(char::is_whitespace)
            && raw
                .split_once('@')
                .is_some_and(|(who, host)| !who.is_empty() && host.contains('.'));
        if !plausible {
            self.faults.push(Fault::new(field, "fault.email"));
        }
        plausible.then(|| raw.to_owned())
    }

    fn procedure(&mut self) -> Option<ProcedureCode> {
        let code = procedure_code(self.typed.get("procedure"));
        if code.is_none() {
            self.faults.push(Fault::new("procedure", "fault.procedure"));
        }
        code
    }

    fn sets(&mut self) -> u8 {
        let raw = self.typed.get("sets");
        match raw.parse() {
            Ok(sets @ 1..=99) => sets,
            _ if raw.is_empty() => 1,
            _ => {
                self.faults.push(Fault::new("sets", "fault.sets"));
                1
            }
        }
    }
}

struct Fields {
    kind: &'static str,
    name: &'static str,
    number: &'static str,
    birth: &'static str,
    sex: &'static str,
    address: &'static str,
    phone: &'static str,
    email: &'static str,
}

impl Fields {
    fn of(prefix: &str) -> Self {
        match prefix {
            "owner_" => Self {
                kind: "owner_kind",
                name: "owner_name",
                number: "owner_number",
                birth: "owner_birth",
                sex: "owner_sex",
                address: "owner_address",
                phone: "owner_phone",
                email: "owner_email",
            },
            "collector_" => Self {
                kind: "collector_kind",
                name: "collector_name",
                number: "collector_number",
                birth: "collector_birth",
                sex: "collector_sex",
                address: "collector_address",
                phone: "collector_phone",
                email: "collector_email",
            },
            _ => Self {
                kind: "kind",
                name: "name",
                number: "number",
                birth: "birth",
                sex: "sex",
                address: "address",
                phone: "phone",
                email: "email",
            },
        }
    }
}

/// The code in what was typed: `2.000815`, or `2.000815 · Chứng thực bản sao…` as chosen from a
/// list.
pub(super) fn procedure_code(typed: &str) -> Option<ProcedureCode> {
    ProcedureCode::parse(typed.split_whitespace().next()?).ok()
}

pub(super) const KINDS: [(&str, PartyKind); 4] = [
    ("citizen", PartyKind::Citizen),
    ("enterprise", PartyKind::Enterprise),
    ("state_agency", PartyKind::StateAgency),
    ("organisation", PartyKind::Organisation),
];
const SEXES: [(&str, Option<Sex>); 2] = [("male", Some(Sex::Male)), ("female", Some(Sex::Female))];
const MANDATES: [(&str, Mandate); 4] = [
    ("own", Mandate::Own),
    ("relative", Mandate::Relative),
    ("authorised", Mandate::Authorised),
    ("missing", Mandate::Missing),
];
/// What an office takes in; online applicants file themselves.
const CHANNELS: [(&str, Channel); 2] = [("direct", Channel::Direct), ("post", Channel::Post)];
const PAYMENTS: [(&str, Payment); 3] = [
    ("before", Payment::Before),
    ("after", Payment::After),
    ("free", Payment::Free),
];
const DELIVERIES: [(&str, Delivery); 3] = [
    ("centre", Delivery::Centre),
    ("post", Delivery::Post),
    ("electronic", Delivery::Electronic),
];

/// The channel that a form under way looks ahead with.
pub(super) fn channel_of(typed: &str) -> Channel {
    let chosen = CHANNELS.iter().find(|(value, _)| *value == typed);
    chosen.map_or(Channel::Direct, |(_, channel)| *channel)
}

/// Components ticked on a form: fields `c1`, `c2`, … with how each is there.
pub fn handed_of(typed: &Typed) -> Vec<Handed> {
    let mut handed: BTreeMap<u16, HandedAs> = BTreeMap::new();
    for (name, value) in typed.iter() {
        let Some(component) = name.strip_prefix('c').and_then(|n| n.parse().ok()) else {
            continue;
        };
        let as_what = match value {
            "seen" => HandedAs::Seen,
            "paper" | "on" => HandedAs::Paper,
            _ => continue,
        };
        handed.insert(component, as_what);
    }
    handed
        .into_iter()
        .map(|(component, handed)| Handed { component, handed })
        .collect()
}

#[cfg(test)]
mod tests;
