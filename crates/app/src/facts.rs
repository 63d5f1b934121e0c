//! The world in which a command is judged: one `now`, the versions in force, calendar and hours.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::calendar::Calendar;
use domain::deadline::{Clock, OpeningHours};
use domain::dossier::{Command, Dossier, Event, Facts, Preview, Record, Refusal, Repinning};
use domain::ids::{StaffId, UnitId};
use domain::office::Unit;
use domain::parameters::{BadParameter, Dates, Key, Override, Parameters};
use domain::procedure::Procedure;
use domain::process::Process;
use jiff::civil::{Date, DateTime, Time};
use store::{Setting, Store};

use crate::no::{No, Refused};
use crate::office::{DIGESTS, DigestHours, HOURS, NewValue};

/// Parameters of the province that deadlines depend on, as they hold on one day.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The calendar by which dates are promised now.
    pub calendar: Calendar,
    /// Every published version, by its label: dates promised earlier are explained by theirs.
    pub published: BTreeMap<String, Calendar>,
    /// The day on which [`Settings::clock`] reads the hours.
    day: Date,
    /// Opening hours, by the first day on which they hold.
    hours: BTreeMap<Date, OpeningHours>,
    /// When staff are told what is late; by its first day.
    digests: BTreeMap<Date, DigestHours>,
    /// The parameters of the rules, with what the province laid over them.
    parameters: Parameters,
}

impl Default for Settings {
    /// What ships with the product: 07:00–11:30, 13:30–17:00, and the shipped parameters.
    fn default() -> Self {
        Self {
            calendar: Calendar::national(),
            published: BTreeMap::new(),
            day: Date::MAX,
            hours: BTreeMap::from([(Date::MIN, OpeningHours::default())]),
            digests: BTreeMap::from([(Date::MIN, DigestHours::default())]),
            parameters: Parameters::shipped().clone(),
        }
    }
}

/// Before the keys of settings that are parameters of rules.
pub(crate) const RULE: &str = "rule.";
/// Parameters that are times of the day, which must lie within the opening hours.
const CUTOFFS: [Key; 2] = [Key::SameDayCutoff, Key::HandOverCutoff];

impl Settings {
    /// Reads the published calendars, of which the newest holds, and the hours. Before any was
    /// published, those hold that ship with the product.
    ///
    /// # Errors
    /// [`No::Broken`].
    pub async fn read(store: &Store, day: Date) -> Result<Self, No> {
        let calendars = store.calendars().await?;
        let mut read = Self {
            day,
            ..Self::default()
        };
        if let Some(newest) = calendars.last() {
            read.calendar = newest.clone();
        }
        let label = |calendar: Calendar| (calendar.version().to_owned(), calendar);
        read.published = calendars.into_iter().map(label).collect();
        let mut overrides = Vec::new();
        for setting in store.settings().await? {
            let bad = |fault: serde_json::Error| No::Broken(Box::new(fault));
            match setting.key.as_str() {
                HOURS => {
                    let hours = serde_json::from_value(setting.value).map_err(bad)?;
                    read.hours.insert(setting.valid_from, hours);
                }
                DIGESTS => {
                    let hours = serde_json::from_value(setting.value).map_err(bad)?;
                    read.digests.insert(setting.valid_from, hours);
                }
                _ => overrides.extend(overriding(setting)),
            }
        }
        let laid_over = read.parameters.with(&overrides);
        read.parameters = laid_over.map_err(|fault| No::Broken(Box::new(fault)))?;
        Ok(read)
    }

    /// The same settings with a value more.
    ///
    /// # Errors
    /// [`BadParameter`].
    pub(crate) fn with(mut self, value: &NewValue, from: Date) -> Result<Self, BadParameter> {
        match value {
            NewValue::Hours(hours) => drop(self.hours.insert(from, hours.clone())),
            NewValue::Digests(hours) => drop(self.digests.insert(from, hours.clone())),
            NewValue::Parameter(key, value) => {
                let one = Override {
                    key: key.clone(),
                    value: value.clone(),
                    valid_from: from,
                    citation: RULE.to_owned(),
                };
                self.parameters = self.parameters.with(&[one])?;
            }
        }
        Ok(self)
    }

    /// The first day from `from` on with a cut-off outside the opening hours, and both.
    pub(crate) fn cutoff_outside(&self, from: Date) -> Option<(Date, OpeningHours, Time)> {
        let mut days: Vec<Date> = self.hours.range(from..).map(|(day, _)| *day).collect();
        let set = CUTOFFS.iter().flat_map(|key| self.parameters.of_key(*key));
        days.extend(set.map(|row| row.valid_from).filter(|day| *day >= from));
        days.sort_unstable();
        days.into_iter().find_map(|day| {
            let hours = holding(&self.hours, day);
            let outside = |cutoff: &Time| *cutoff <= hours.open() || *cutoff > hours.close();
            let mut cutoffs = CUTOFFS.iter().map(|key| self.time(*key, day));
            let cutoff = cutoffs.find(outside)?;
            Some((day, hours.clone(), cutoff))
        })
    }

    fn time(&self, key: Key, day: Date) -> Time {
        self.parameters.time(key, Dates::all(day))
    }

    /// The same settings, read on another day.
    #[must_use]
    pub fn on(&self, day: Date) -> Self {
        Self {
            day,
            ..self.clone()
        }
    }

    /// The day on which they are read.
    pub fn day(&self) -> Date {
        self.day
    }

    /// Calendar and hours by which a date is explained that was promised on `day` under `version`.
    pub fn clock_of(&self, version: &str, day: Date) -> Clock<'_> {
        Clock {
            calendar: self.published.get(version).unwrap_or(&self.calendar),
            hours: holding(&self.hours, day),
            same_day_cutoff: self.time(Key::SameDayCutoff, day),
        }
    }

    /// The parameters of the rules, as the province set them.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// When staff are told what is late, on the day on which the settings are read.
    pub fn digests(&self) -> &DigestHours {
        holding(&self.digests, self.day)
    }

    /// Calendar and hours by which dates are promised now.
    pub fn clock(&self) -> Clock<'_> {
        Clock {
            calendar: &self.calendar,
            ..self.clock_of("", self.day)
        }
    }
}

/// The value of a rule's parameter, when the setting is one: `rule.supplement.within`.
fn overriding(setting: Setting) -> Option<Override> {
    let key = setting.key.strip_prefix(RULE)?.to_owned();
    Some(Override {
        key,
        value: setting.value.as_str().unwrap_or_default().to_owned(),
        valid_from: setting.valid_from,
        citation: setting.basis,
    })
}

/// What holds on `day`: the last value that began until then.
fn holding<T>(values: &BTreeMap<Date, T>, day: Date) -> &T {
    let found = values.range(..=day).next_back();
    found.expect("the shipped value begins on the first day").1
}

/// Everything a decision looks at besides the dossier.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) now: DateTime,
    pub(crate) by: StaffId,
    /// Whom she stands in for.
    pub(crate) for_whom: Option<StaffId>,
    pub(crate) procedure: Arc<Procedure>,
    pub(crate) process: Arc<Process>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) receiving: Option<Unit>,
    pub(crate) competent: Option<Unit>,
    /// Whether a record of the post that is to be signed lists the dossier.
    pub(crate) listed: bool,
}

impl World {
    /// Whether the actor is that person, or stands in for her.
    pub(crate) fn acts_as(&self, who: &StaffId) -> bool {
        *who == self.by || self.for_whom.as_ref() == Some(who)
    }

    /// The centre and the agency whose numbers and papers the dossier gets: those of the filing, or
    /// whoever took their work over.
    pub(crate) fn units<'a>(&'a self, record: &'a Record) -> (&'a UnitId, &'a UnitId) {
        let centre = record.centre(self.receiving.as_ref());
        (centre, record.agency(self.competent.as_ref()))
    }

    /// What a move to the versions of this world would change; `now` are those that hold.
    pub(crate) fn preview(
        &self,
        dossier: &Dossier,
        asked: &Repinning,
        now: (&Procedure, &Process),
    ) -> Result<Preview, Refusal> {
        let clock = self.settings.clock();
        dossier.preview(asked, now, &self.facts(&clock, 0))
    }

    fn facts<'a>(&'a self, clock: &'a Clock<'a>, number: u32) -> Facts<'a> {
        Facts {
            now: self.now,
            by: &self.by,
            procedure: &self.procedure,
            process: &self.process,
            clock,
            receiving: self.receiving.as_ref(),
            competent: self.competent.as_ref(),
            parameters: self.settings.parameters(),
            for_whom: self.for_whom.as_ref(),
            number,
            listed: self.listed,
        }
    }

    /// Judges commands one after the other, each in the state that the one before left.
    pub(crate) fn decide(
        &self,
        before: &Dossier,
        commands: &[Command],
        number: u32,
    ) -> Result<Vec<Event>, Refusal> {
        let clock = self.settings.clock();
        let facts = self.facts(&clock, number);
        let mut dossier = before.clone();
        let mut decided = Vec::new();
        for command in commands {
            let events = dossier.decide(command, &facts)?;
            dossier = events.iter().fold(dossier, Dossier::evolve);
            decided.extend(events);
        }
        Ok(decided)
    }

    /// The same with the text of the law that governs a refusal here. A number is not taken yet.
    pub(crate) fn judged(
        &self,
        before: &Dossier,
        commands: &[Command],
    ) -> Result<Vec<Event>, Refused> {
        let clock = self.settings.clock();
        let facts = self.facts(&clock, 0);
        let mut dossier = before.clone();
        let mut decided = Vec::new();
        for command in commands {
            let events = dossier.decide(command, &facts).map_err(|refusal| Refused {
                cited: Some(refusal.cited(&dossier, &facts)),
                refusal,
            })?;
            dossier = events.iter().fold(dossier, Dossier::evolve);
            decided.extend(events);
        }
        Ok(decided)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use store::AuditLine;

    use super::*;
    use crate::people::testing::empty;

    #[tokio::test]
    async fn a_parameter_of_a_rule_holds_from_the_day_on_which_the_province_sets_it() {
        let (app, _) = empty().await;
        let from = date(2026, 12, 1);
        let setting = Setting {
            key: "rule.warning.first".to_owned(),
            value: "60%".into(),
            basis: "QĐ 7".to_owned(),
            valid_from: from,
            updated_at: app.clock().now(),
        };
        let line = AuditLine {
            actor: "op".to_owned(),
            action: "setting.saved".to_owned(),
            subject: setting.key.clone(),
            purpose: setting.basis.clone(),
            detail: String::new(),
        };
        app.store().save_setting(setting, line).await.unwrap();
        app.reload().await.unwrap();
        let settings = app.settings();
        let on = |day| {
            settings
                .parameters()
                .number(Key::WarningFirst, Dates::all(day))
        };
        assert_eq!((on(date(2026, 11, 30)), on(from)), (70, 60));
    }
}
