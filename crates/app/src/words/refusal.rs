//! Refusals in words.

use domain::dossier::Refusal;
use jiff::civil::Date;
use serde::Serialize;

use crate::no::Refused;

use super::{Language, fill, promise, short_date, t};

/// A refusal in words: what is not possible, why and what instead, and the rule with its citation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusalWords {
    /// What is not possible.
    pub title: String,
    /// Why, and what to do instead.
    pub why: String,
    /// The rule's id.
    pub rule: &'static str,
    /// The instrument and article that govern.
    pub citation: String,
}

/// Words a refusal: with the text that governs the dossier, or as read on `today` where no dossier was
/// judged.
pub fn refusal(language: Language, refused: &Refused, today: Date) -> RefusalWords {
    let refusal = &refused.refusal;
    let rule = refusal.rule();
    let today = || rule.citation(today).map(ToString::to_string);
    let key = format!("refusal.{}", refusal.key());
    let values = refusal_values(language, refusal);
    let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    RefusalWords {
        title: fill(language, &format!("{key}.title"), &values),
        why: fill(language, &format!("{key}.why"), &values),
        rule: rule.id(),
        citation: refused.cited.clone().or_else(today).unwrap_or_default(),
    }
}

fn refusal_values(language: Language, refusal: &Refusal) -> Vec<(&'static str, String)> {
    match refusal {
        Refusal::NoSuchMove { command, state } => {
            let command = named(language, "command", command.as_str());
            vec![
                ("command", command),
                ("state", named(language, "state", state.as_str())),
            ]
        }
        Refusal::Finished { state } => vec![("state", named(language, "state", state.as_str()))],
        Refusal::ChannelNotOffered { channel } => {
            vec![("channel", named(language, "channel", channel.as_str()))]
        }
        Refusal::Incomplete { missing }
        | Refusal::StillMissing { missing }
        | Refusal::PapersKept { missing }
        | Refusal::AskedInPart { missing } => vec![("missing", list(missing))],
        Refusal::NotPublished { component }
        | Refusal::NotAsked { component }
        | Refusal::OtherWay { component }
        | Refusal::WrongUnsaid { component }
        | Refusal::LookupUnsaid { component }
        | Refusal::NotHeldThere { component } => {
            vec![("component", component.to_string())]
        }
        Refusal::HeldByDatabase {
            component,
            database,
        } => {
            let database = t(language, &format!("database.{}", database.as_str())).to_owned();
            vec![("component", component.to_string()), ("database", database)]
        }
        Refusal::AlreadyAsked { at } | Refusal::AlreadyApologised { at } => {
            vec![("date", short_date(at.date()))]
        }
        Refusal::LaneNotDecider { role } => vec![("role", named(language, "role", role.as_str()))],
        Refusal::LastDayBeyond { most } => vec![("date", super::date(*most))],
        Refusal::NewDateOff { day } => vec![("date", short_date(*day))],
        Refusal::NewDateTooEarly { after } => vec![("after", promise(language, *after))],
        Refusal::TaskWithoutLimit { task }
        | Refusal::SilenceIsNoConsent { task }
        | Refusal::TaskTime { task, .. }
        | Refusal::NoSuchTask { task }
        | Refusal::NotItsTurn { task }
        | Refusal::TaskOver { task }
        | Refusal::NothingToAcknowledge { task } => vec![("task", task.to_string())],
        Refusal::SilenceTooSoon { task, least } => {
            let least = promise(language, *least);
            vec![("task", task.to_string()), ("least", least)]
        }
        Refusal::TasksOpen { tasks } => vec![("tasks", list(tasks))],
        Refusal::AskedTooLate { until }
        | Refusal::AnswerPeriod { until }
        | Refusal::ApologyTooLate { until } => vec![("until", promise(language, *until))],
        Refusal::NoCalendar { year } => vec![("year", year.to_string())],
        _ => Vec::new(),
    }
}

/// A name of the catalogue inside a sentence.
fn named(language: Language, family: &str, name: &str) -> String {
    t(language, &format!("{family}.{name}")).to_lowercase()
}

fn list(numbers: &[u16]) -> String {
    numbers
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
