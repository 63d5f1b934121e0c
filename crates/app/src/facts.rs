//! The world in which a command is judged: one `now`, the versions in force, calendar and hours.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::calendar::Calendar;
use domain::deadline::{Clock, OpeningHours};
use domain::dossier::{Command, Dossier, Event, Facts, Refusal};
use domain::ids::StaffId;
use domain::office::Unit;
use domain::procedure::Procedure;
use domain::process::Process;
use jiff::civil::{DateTime, Time};
use store::Store;

use crate::no::No;

/// Parameters of the province that deadlines depend on.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The calendar by which dates are promised now.
    pub calendar: Calendar,
    /// Every published version, by its label: dates promised earlier are explained by theirs.
    pub published: BTreeMap<String, Calendar>,
    /// Opening hours.
    pub hours: OpeningHours,
    /// From this time on a same-day result is due the next working day.
    pub same_day_cutoff: Time,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            calendar: Calendar::national(),
            published: BTreeMap::new(),
            hours: OpeningHours::default(),
            same_day_cutoff: Time::constant(15, 0, 0, 0),
        }
    }
}

impl Settings {
    /// Reads the published calendars; the newest holds. Before any was published, the national one
    /// that ships with the product does.
    ///
    /// # Errors
    /// [`No::Broken`].
    pub async fn read(store: &Store) -> Result<Self, No> {
        let calendars = store.calendars().await?;
        let standard = Self::default();
        let calendar = calendars.last().cloned().unwrap_or(standard.calendar);
        let label = |calendar: Calendar| (calendar.version().to_owned(), calendar);
        let published = calendars.into_iter().map(label).collect();
        Ok(Self {
            calendar,
            published,
            ..Self::default()
        })
    }

    /// Calendar and hours by which a date promised under `version` is explained.
    pub fn clock_of(&self, version: &str) -> Clock<'_> {
        Clock {
            calendar: self.published.get(version).unwrap_or(&self.calendar),
            ..self.clock()
        }
    }

    /// Calendar and hours as deadlines take them.
    pub fn clock(&self) -> Clock<'_> {
        Clock {
            calendar: &self.calendar,
            hours: &self.hours,
            same_day_cutoff: self.same_day_cutoff,
        }
    }
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
