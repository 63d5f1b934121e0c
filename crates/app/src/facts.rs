//! The world in which a command is judged: one `now`, the versions in force, calendar and hours.

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
    /// The national calendar with the province's overrides.
    pub calendar: Calendar,
    /// Opening hours.
    pub hours: OpeningHours,
    /// From this time on a same-day result is due the next working day.
    pub same_day_cutoff: Time,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            calendar: Calendar::national(),
            hours: OpeningHours::default(),
            same_day_cutoff: Time::constant(15, 0, 0, 0),
        }
    }
}

impl Settings {
    /// Reads the province's overrides.
    ///
    /// # Errors
    /// [`No::Broken`].
    pub async fn read(store: &Store) -> Result<Self, No> {
        let overrides = store.calendar_overrides().await?;
        let standard = Self::default();
        if overrides.is_empty() {
            return Ok(standard);
        }
        let calendar = standard.calendar.with_overrides("province", overrides);
        let calendar = calendar.map_err(|fault| No::Broken(Box::new(fault)))?;
        Ok(Self {
            calendar,
            ..standard
        })
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
