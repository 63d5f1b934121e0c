//! Cases of the counter, each with the date a clerk would name.

mod reading;
mod telling;
mod vectors;

use jiff::civil::{Date, DateTime, date, time};

use super::*;
use crate::calendar::{Calendar, Uncovered};

/// `2026-02-13 09:00`, the way a clerk would say it.
fn at(text: &str) -> DateTime {
    text.replace(' ', "T").parse().unwrap()
}

fn with<T>(calendar: &Calendar, ask: impl FnOnce(&Clock<'_>) -> T) -> T {
    let hours = OpeningHours::default();
    ask(&Clock {
        calendar,
        hours: &hours,
        same_day_cutoff: time(15, 0, 0, 0),
    })
}

fn ask(received: &str, limit: &str, pauses: &[Pause]) -> Result<Deadline, DeadlineError> {
    with(&Calendar::national(), |clock| {
        due(at(received), limit.parse().unwrap(), pauses, clock)
    })
}

fn due_at(received: &str, limit: &str) -> String {
    ask(received, limit, &[])
        .unwrap()
        .due
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}

fn pause(from: &str, to: &str, mode: PauseMode) -> Pause {
    Pause {
        from: at(from),
        to: Some(at(to)),
        mode,
    }
}

fn keys(deadline: &Deadline) -> Vec<&'static str> {
    deadline
        .derivation
        .lines
        .iter()
        .map(|line| line.what.key())
        .collect()
}
