//! Parameters of the rules as data: values with a citation and days of validity, which the province
//! changes without a release.
//!
//! A value applies to a dossier by the day that its row names: the day of filing, of reception, or
//! of the act itself. This module must not know whose dossier it is asked for.

mod value;

use std::fmt;
use std::sync::LazyLock;

use jiff::civil::{Date, Time};

use crate::boundaries::{BOUNDARY, Boundaries};
use crate::deadline::Limit;
use crate::rules::Rule;

pub use value::{Unit, Value};

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $unit:ident,)+) => {
        /// What a parameter is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Key { $($(#[$doc])* $name,)+ }

        impl Key {
            /// Every key, in the order of the rule book.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The key's name in the table, in settings and in message keys.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// What its values are counted in.
            pub fn unit(self) -> Unit {
                match self { $(Self::$name => Unit::$unit,)+ }
            }
        }
    };
}

keys! {
    /// How long the centre has to receive, complete or decline what was filed from afar.
    ReceptionWithin = "reception.within", Limit,
    /// How long the public post has to bring the centre what its agent filed.
    PostBring = "post.bring", Limit,
    /// From this time on a same-day result is due the next working day.
    SameDayCutoff = "same_day.cutoff", Time,
    /// What is received from this time on is handed over at the start of the next working day.
    HandOverCutoff = "hand_over.cutoff", Time,
    /// Until when after reception a supplement may be asked for.
    SupplementWithin = "supplement.within", Limit,
    /// How long the applicant has to answer a request.
    SupplementAnswer = "supplement.answer", Limit,
    /// How many requests a dossier may see, each at a stage of its own.
    SupplementMost = "supplement.most", Count,
    /// Share of the time from which the holder is warned.
    WarningFirst = "warning.first", Percent,
    /// Share of the time from which the warning is urgent.
    WarningSecond = "warning.second", Percent,
    /// Share of the time from which the holder of the step is concerned.
    EscalationHolder = "escalation.holder", Percent,
    /// Share of the time from which the leader of the agency is.
    EscalationLeader = "escalation.leader", Percent,
    /// Share of the time from which the head of the centre is.
    EscalationCentre = "escalation.centre", Percent,
    /// How long after the end the controller of the province is.
    EscalationProvince = "escalation.province", Limit,
    /// How long before the end an apology is sent at the latest.
    ApologyBefore = "apology.before", Limit,
    /// How many apologies a dossier may see.
    ApologyMost = "apology.most", Count,
    /// How many days one delegation may last.
    DelegationMost = "delegation.most", Count,
    /// Into how many stores of documents one person may look within an hour.
    StoreLooks = "store.looks", Count,
    /// How many days a batch of documents is kept after nothing is left in it to be signed.
    BatchKept = "batch.kept", Count,
    /// How many days before its end a certificate is warned of.
    CertificateWarning = "certificate.warning", Count,
}

impl Key {
    /// The key of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|key| key.as_str() == name)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// By which day of a dossier a value applies to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppliesBy {
    /// The day of filing.
    Filed,
    /// The day of reception.
    Received,
    /// The day of the act.
    Act,
}

impl AppliesBy {
    /// The day of that name in the tables of rules and parameters.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "filed" => Some(Self::Filed),
            "received" => Some(Self::Received),
            "act" => Some(Self::Act),
            _ => None,
        }
    }
}

/// The days of a dossier that choose among the versions of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// Of filing.
    pub filed: Date,
    /// Of reception; before it, today.
    pub received: Date,
    /// Of the act.
    pub act: Date,
}

impl Dates {
    /// Filed, received and acted upon on one day.
    pub fn all(day: Date) -> Self {
        Self {
            filed: day,
            received: day,
            act: day,
        }
    }

    pub(crate) fn by(self, applies: AppliesBy) -> Date {
        match applies {
            AppliesBy::Filed => self.filed,
            AppliesBy::Received => self.received,
            AppliesBy::Act => self.act,
        }
    }
}

/// One version of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// What it is about.
    pub key: Key,
    /// The rule that it belongs to.
    pub rule: Rule,
    /// The value.
    pub value: Value,
    /// Where it stands written.
    pub citation: String,
    /// First day.
    pub valid_from: Date,
    /// Last day.
    pub valid_to: Option<Date>,
    /// The day of a dossier by which it applies.
    pub applies_by: AppliesBy,
    /// Whether the text was read in a public source.
    pub verified: bool,
    /// Whether the province set it.
    pub local: bool,
}

/// A value that the province sets from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// The key's name.
    pub key: String,
    /// The value as written.
    pub value: String,
    /// First day.
    pub valid_from: Date,
    /// The decision that it rests on.
    pub citation: String,
}

/// Why a value of the province is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadParameter {
    /// No parameter has that name.
    #[error("no parameter is called `{0}`")]
    Key(String),
    /// The value is not of the parameter's unit.
    #[error("`{value}` is no value of `{key}`")]
    Value {
        /// The key.
        key: Key,
        /// What was written.
        value: String,
    },
    /// It names no decision.
    #[error("`{0}` names no decision that it rests on")]
    Citation(Key),
    /// A row about boundaries names no decision.
    #[error("`{0}` names no decision that it rests on")]
    Uncited(String),
    /// Neither level nor procedure, or neither yes nor no.
    #[error("`{1}` says nothing of `{0}`: a level or a procedure is `yes` or `no`")]
    Boundary(String, String),
}

/// The parameters: what ships with the product, and what the province laid over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameters {
    rows: Vec<Parameter>,
    boundaries: Boundaries,
}

static SHIPPED: LazyLock<Parameters> =
    LazyLock::new(|| Parameters::read(include_str!("../data/parameters.csv")));

impl Parameters {
    /// What ships with the product.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    fn read(text: &str) -> Self {
        let lines = text
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty());
        let rows = lines.map(|line| row(line).expect("data/parameters.csv is read by a test"));
        Self {
            rows: rows.collect(),
            boundaries: Boundaries::shipped().clone(),
        }
    }

    /// What is received regardless of boundaries.
    pub fn boundaries(&self) -> &Boundaries {
        &self.boundaries
    }

    /// The same with values of the province laid over them; each holds from its day on, until the
    /// next one for the key, and goes before what ships.
    ///
    /// # Errors
    /// [`BadParameter`] for the first that cannot be taken.
    pub fn with(&self, overrides: &[Override]) -> Result<Self, BadParameter> {
        let mut rows = self.rows.clone();
        let mut boundaries = self.boundaries.clone();
        for one in overrides {
            if let Some(what) = one.key.strip_prefix(BOUNDARY) {
                lay(&mut boundaries, what, one)?;
                continue;
            }
            let key = Key::parse(&one.key).ok_or_else(|| BadParameter::Key(one.key.clone()))?;
            let value = Value::parse(&one.value, key.unit());
            let value = value.ok_or_else(|| BadParameter::Value {
                key,
                value: one.value.clone(),
            })?;
            if one.citation.trim().is_empty() {
                return Err(BadParameter::Citation(key));
            }
            let shipped = self.row(key, Dates::all(one.valid_from));
            rows.push(Parameter {
                value,
                citation: one.citation.clone(),
                valid_from: one.valid_from,
                valid_to: None,
                verified: true,
                local: true,
                ..shipped.clone()
            });
        }
        Ok(Self { rows, boundaries })
    }

    /// Every parameter as it holds for a dossier filed, received and acted upon on `day`.
    pub fn on(&self, day: Date) -> impl Iterator<Item = &Parameter> {
        let dates = Dates::all(day);
        Key::ALL.iter().map(move |key| self.row(*key, dates))
    }

    /// Every version of the parameters of `rule`, for the page of the rule book.
    pub fn of_rule(&self, rule: Rule) -> impl Iterator<Item = &Parameter> {
        self.rows.iter().filter(move |row| row.rule == rule)
    }

    /// Every version of the parameter `key`.
    pub fn of_key(&self, key: Key) -> impl Iterator<Item = &Parameter> {
        self.rows.iter().filter(move |row| row.key == key)
    }

    /// The version that applies to a dossier of these days.
    pub fn row(&self, key: Key, dates: Dates) -> &Parameter {
        let rows = self.rows.iter().filter(|row| row.key == key);
        let holds = |row: &&Parameter| {
            let day = dates.by(row.applies_by);
            row.valid_from <= day && row.valid_to.is_none_or(|last| day <= last)
        };
        // What was set last for the latest day goes before the rest; a dossier older than every
        // version is judged by the first.
        let latest = rows
            .clone()
            .filter(holds)
            .max_by_key(|row| (row.local, row.valid_from));
        let first = || rows.clone().min_by_key(|row| (row.local, row.valid_from));
        latest.or_else(first).expect("every key has a shipped row")
    }

    /// The limit under a key of limits.
    pub fn limit(&self, key: Key, dates: Dates) -> Limit {
        match self.row(key, dates).value {
            Value::Limit(limit) => Some(limit),
            Value::Percent(_) | Value::Count(_) | Value::Time(_) => None,
        }
        .expect("a row has a value of its key's unit")
    }

    /// The number under a key of shares or of counts.
    pub fn number(&self, key: Key, dates: Dates) -> u32 {
        match self.row(key, dates).value {
            Value::Percent(n) | Value::Count(n) => Some(n),
            Value::Limit(_) | Value::Time(_) => None,
        }
        .expect("a row has a value of its key's unit")
    }

    /// The time under a key of times.
    pub fn time(&self, key: Key, dates: Dates) -> Time {
        match self.row(key, dates).value {
            Value::Time(time) => Some(time),
            Value::Limit(_) | Value::Percent(_) | Value::Count(_) => None,
        }
        .expect("a row has a value of its key's unit")
    }
}

/// Lists or unlists what is received regardless of boundaries.
fn lay(boundaries: &mut Boundaries, what: &str, one: &Override) -> Result<(), BadParameter> {
    if one.citation.trim().is_empty() {
        return Err(BadParameter::Uncited(one.key.clone()));
    }
    boundaries
        .lay(what, &one.value, (one.valid_from, &one.citation))
        .ok_or_else(|| BadParameter::Boundary(one.key.clone(), one.value.clone()))
}

fn row(line: &str) -> Option<Parameter> {
    let mut fields = line.split(';');
    let key = Key::parse(fields.next()?)?;
    let rule = Rule::parse(fields.next()?)?;
    let value = Value::parse(fields.next()?, key.unit())?;
    let citation = fields.next()?.to_owned();
    let valid_from = fields.next()?.parse().ok()?;
    let valid_to = match fields.next()? {
        "" => None,
        day => Some(day.parse().ok()?),
    };
    let applies_by = AppliesBy::parse(fields.next()?)?;
    let verified = match fields.next()? {
        "verified" => true,
        "unverified" => false,
        _ => return None,
    };
    Some(Parameter {
        key,
        rule,
        value,
        citation,
        valid_from,
        valid_to,
        applies_by,
        verified,
        local: false,
    })
}

#[cfg(test)]
#[path = "parameters_tests.rs"]
mod tests;
