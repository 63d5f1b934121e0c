//! The world in which a command is judged: one `now`, the versions in force, calendar and hours.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::calendar::Calendar;
use domain::deadline::{Clock, OpeningHours};
use domain::dossier::{Command, Dossier, Event, Facts, Refusal};
use domain::ids::StaffId;
use domain::office::Unit;
use domain::parameters::Parameters;
use domain::procedure::Procedure;
use domain::process::Process;
use jiff::civil::{Date, DateTime, Time};
use store::Store;

use crate::no::No;
use crate::office::{CUTOFF, HOURS, OfficeTime};

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
    /// From this time on a same-day result is due the next working day; by its first day.
    cutoffs: BTreeMap<Date, Time>,
}

impl Default for Settings {
    /// What ships with the product: 07:00–11:30, 13:30–17:00, and 15:00 for the same day.
    fn default() -> Self {
        Self {
            calendar: Calendar::national(),
            published: BTreeMap::new(),
            day: Date::MAX,
            hours: BTreeMap::from([(Date::MIN, OpeningHours::default())]),
            cutoffs: BTreeMap::from([(Date::MIN, SAME_DAY_CUTOFF)]),
        }
    }
}

/// From when on a result of the same day is due the next one, unless the province says otherwise.
const SAME_DAY_CUTOFF: Time = Time::constant(15, 0, 0, 0);

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
        for setting in store.settings().await? {
            let bad = |fault: serde_json::Error| No::Broken(Box::new(fault));
            match setting.key.as_str() {
                HOURS => {
                    let hours = serde_json::from_value(setting.value).map_err(bad)?;
                    read.hours.insert(setting.valid_from, hours);
                }
                CUTOFF => {
                    let cutoff = serde_json::from_value(setting.value).map_err(bad)?;
                    read.cutoffs.insert(setting.valid_from, cutoff);
                }
                _ => {}
            }
        }
        Ok(read)
    }

    /// The same settings with a value more.
    #[must_use]
    pub(crate) fn with(mut self, value: &OfficeTime, from: Date) -> Self {
        match value {
            OfficeTime::Hours(hours) => drop(self.hours.insert(from, hours.clone())),
            OfficeTime::SameDayCutoff(cutoff) => drop(self.cutoffs.insert(from, *cutoff)),
        }
        self
    }

    /// The first day from `from` on with a cut-off outside the opening hours, and both.
    pub(crate) fn cutoff_outside(&self, from: Date) -> Option<(Date, OpeningHours, Time)> {
        let mut days: Vec<Date> = self.hours.range(from..).map(|(day, _)| *day).collect();
        days.extend(self.cutoffs.range(from..).map(|(day, _)| *day));
        days.sort_unstable();
        days.into_iter().find_map(|day| {
            let (hours, cutoff) = (holding(&self.hours, day), *holding(&self.cutoffs, day));
            let within = hours.open() < cutoff && cutoff <= hours.close();
            (!within).then(|| (day, hours.clone(), cutoff))
        })
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
            same_day_cutoff: *holding(&self.cutoffs, day),
        }
    }

    /// Calendar and hours by which dates are promised now.
    pub fn clock(&self) -> Clock<'_> {
        Clock {
            calendar: &self.calendar,
            ..self.clock_of("", self.day)
        }
    }
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
    pub(crate) procedure: Arc<Procedure>,
    pub(crate) process: Arc<Process>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) receiving: Option<Unit>,
    pub(crate) competent: Option<Unit>,
}

impl World {
    /// Judges commands one after the other, each in the state that the one before left.
    pub(crate) fn decide(
        &self,
        before: &Dossier,
        commands: &[Command],
        number: u32,
    ) -> Result<Vec<Event>, Refusal> {
        let clock = self.settings.clock();
        let facts = Facts {
            now: self.now,
            by: &self.by,
            procedure: &self.procedure,
            process: &self.process,
            clock: &clock,
            receiving: self.receiving.as_ref(),
            competent: self.competent.as_ref(),
            parameters: Parameters::shipped(),
            for_whom: None,
            number,
        };
        let mut dossier = before.clone();
        let mut decided = Vec::new();
        for command in commands {
            let events = dossier.decide(command, &facts)?;
            dossier = events.iter().fold(dossier, Dossier::evolve);
            decided.extend(events);
        }
        Ok(decided)
    }
}
