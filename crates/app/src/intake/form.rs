//! Reads the intake form: every fault at its field, all of them at once.

use std::collections::BTreeMap;

use domain::dossier::{Delivery, Handed, HandedAs, Mandate, Payment};
use domain::ids::ProcedureCode;
use domain::party::{BadNumber, Birth, CitizenNumber, Party, PartyKind, Sex};
use domain::procedure::Channel;
use domain::text::tidy;

use crate::forms::Typed;
use crate::no::Fault;

/// The longest text a field takes, in characters.
const LONGEST: usize = 500;

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
        let mandate = mandate_of(self.typed.get("mandate"));
        let owner = (mandate != Mandate::Own).then(|| self.party("owner_"));
        let procedure = self.procedure();
        let case = self.typed.get("case").parse().unwrap_or(1);
        let sets = self.sets();
        let handed = handed_of(self.typed);
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
                    channel: channel_of(self.typed.get("channel")),
                    handed,
                    sets,
                    payment: payment_of(self.typed.get("payment")),
                    delivery: delivery_of(self.typed.get("delivery")),
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
        let name = self.text(fields.name, true);
        let number = self.number(fields.number);
        let birth = self.birth(fields.birth);
        let address = self.text(fields.address, false);
        let phone = self.phone(fields.phone);
        let email = self.email(fields.email);
        let sex = match self.typed.get(fields.sex) {
            "male" => Some(Sex::Male),
            "female" => Some(Sex::Female),
            _ => None,
        };
        (self.faults.len() == before).then_some(Party {
            kind: PartyKind::Citizen,
            name,
            number,
            birth,
            sex,
            address,
            phone,
            email,
        })
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

    fn number(&mut self, field: &'static str) -> Option<String> {
        let raw = self.typed.get(field);
        if raw.is_empty() {
            self.faults.push(Fault::new(field, "fault.number_missing"));
            return None;
        }
        match CitizenNumber::parse(raw) {
            Ok(number) => Some(number.into()),
            Err(BadNumber::Length(there)) => {
                self.faults
                    .push(Fault::new(field, "fault.number_length").with("there", &there));
                None
            }
            Err(BadNumber::NotDigits) => {
                self.faults.push(Fault::new(field, "fault.number_digits"));
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
        let digits: String = raw
            .chars()
            .filter(|c| !matches!(c, ' ' | '.' | '-'))
            .collect();
        let local = digits
            .strip_prefix("+84")
            .map_or(digits.clone(), |rest| format!("0{rest}"));
        let plausible = local.starts_with('0')
            && (9..=11).contains(&local.len())
            && local.bytes().all(|b| b.is_ascii_digit());
        if !plausible {
            self.faults.push(Fault::new(field, "fault.phone"));
        }
        plausible.then_some(local)
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
                name: "owner_name",
                number: "owner_number",
                birth: "owner_birth",
                sex: "owner_sex",
                address: "owner_address",
                phone: "owner_phone",
                email: "owner_email",
            },
            "collector_" => Self {
                name: "collector_name",
                number: "collector_number",
                birth: "collector_birth",
                sex: "collector_sex",
                address: "collector_address",
                phone: "collector_phone",
                email: "collector_email",
            },
            _ => Self {
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

pub(super) fn channel_of(typed: &str) -> Channel {
    match typed {
        "post" => Channel::Post,
        "online" => Channel::Online,
        _ => Channel::Direct,
    }
}

fn mandate_of(typed: &str) -> Mandate {
    match typed {
        "relative" => Mandate::Relative,
        "authorised" => Mandate::Authorised,
        "missing" => Mandate::Missing,
        _ => Mandate::Own,
    }
}

fn payment_of(typed: &str) -> Payment {
    match typed {
        "after" => Payment::After,
        "free" => Payment::Free,
        _ => Payment::Before,
    }
}

fn delivery_of(typed: &str) -> Delivery {
    match typed {
        "post" => Delivery::Post,
        "electronic" => Delivery::Electronic,
        _ => Delivery::Centre,
    }
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
mod tests {
    use super::*;

    fn typed(fields: &[(&str, &str)]) -> Typed {
        Typed::new(
            fields
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect(),
        )
    }

    #[test]
    fn a_good_form_is_read_whole() {
        let form = typed(&[
            ("name", "  Nguyễn  Thị An "),
            ("number", "0381 9900 0017"),
            ("birth", "31/12/1999"),
            ("phone", "+84 912 345 678"),
            ("procedure", "2.000815 · Chứng thực bản sao"),
            ("c1", "paper"),
            ("c2", ""),
        ]);
        let counter = Read::new(&form).counter().unwrap();
        assert_eq!(counter.applicant.name, "Nguyễn Thị An");
        assert_eq!(counter.applicant.phone.as_deref(), Some("0912345678"));
        assert_eq!(
            counter.handed,
            vec![Handed {
                component: 1,
                handed: HandedAs::Paper
            }]
        );
        assert_eq!(
            (counter.case, counter.sets, counter.mandate),
            (1, 1, Mandate::Own)
        );
    }

    #[test]
    fn every_fault_is_named_at_its_field_at_once() {
        let form = typed(&[
            ("number", "03819900001"),
            ("birth", "30/02/1991"),
            ("phone", "12"),
            ("email", "an"),
            ("procedure", "chứng thực"),
            ("sets", "0"),
            ("mandate", "authorised"),
        ]);
        let faults = Read::new(&form).counter().unwrap_err();
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field).collect();
        assert_eq!(
            fields,
            [
                "name",
                "number",
                "birth",
                "phone",
                "email",
                "owner_name",
                "owner_number",
                "procedure",
                "sets"
            ]
        );
        assert_eq!(faults[1].values, vec![("there", "11".to_owned())]);
    }
}
