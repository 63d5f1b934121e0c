//! A second, slow opinion on deadlines: it walks minute by minute and day by day over its own list
//! of days off, and shares no code with the crate but the types of the question.

use std::sync::OnceLock;

use domain::deadline::{Limit, Pause, PauseMode};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Weekday, date};

const OFF: [(i16, i8, i8); 44] = [
    (2025, 1, 1),
    (2025, 1, 27),
    (2025, 1, 28),
    (2025, 1, 29),
    (2025, 1, 30),
    (2025, 1, 31),
    (2025, 4, 7),
    (2025, 4, 30),
    (2025, 5, 1),
    (2025, 5, 2),
    (2025, 9, 1),
    (2025, 9, 2),
    (2026, 1, 1),
    (2026, 1, 2),
    (2026, 2, 16),
    (2026, 2, 17),
    (2026, 2, 18),
    (2026, 2, 19),
    (2026, 2, 20),
    (2026, 4, 27),
    (2026, 4, 30),
    (2026, 5, 1),
    (2026, 8, 31),
    (2026, 9, 1),
    (2026, 9, 2),
    (2026, 11, 24),
    (2027, 1, 1),
    (2027, 2, 4),
    (2027, 2, 5),
    (2027, 2, 8),
    (2027, 2, 9),
    (2027, 2, 10),
    (2027, 4, 16),
    (2027, 4, 30),
    (2027, 5, 3),
    (2027, 9, 2),
    (2027, 9, 3),
    (2027, 11, 24),
    // Weekends inside Tết, listed as the announcements list them.
    (2025, 1, 25),
    (2025, 1, 26),
    (2026, 2, 14),
    (2026, 2, 15),
    (2027, 2, 6),
    (2027, 2, 7),
];
const MADE_UP: [(i16, i8, i8); 3] = [(2025, 4, 26), (2026, 1, 10), (2026, 8, 22)];
const DAY: usize = 1440;

pub(crate) fn is_worked(day: Date) -> bool {
    let key = (day.year(), day.month(), day.day());
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    MADE_UP.contains(&key) || (!weekend && !OFF.contains(&key))
}

fn first_day() -> Date {
    date(2025, 1, 1)
}

/// One flag for each minute of 2025, 2026 and 2027.
fn minutes() -> &'static [bool] {
    static MINUTES: OnceLock<Vec<bool>> = OnceLock::new();
    MINUTES.get_or_init(|| {
        let days = first_day()
            .series(1.day())
            .take_while(|day| day.year() < 2028);
        let open =
            |m: usize| (7 * 60..11 * 60 + 30).contains(&m) || (13 * 60 + 30..17 * 60).contains(&m);
        days.flat_map(|day| {
            let worked = is_worked(day);
            (0..DAY).map(move |m| worked && open(m))
        })
        .collect()
    })
}

fn index(at: DateTime) -> usize {
    let days = first_day().duration_until(at.date()).as_hours() / 24;
    let minute = i64::from(at.hour()) * 60 + i64::from(at.minute());
    usize::try_from(days * 1440 + minute).unwrap()
}

fn moment(index: usize) -> DateTime {
    let minutes = i64::try_from(index).unwrap();
    first_day().at(0, 0, 0, 0) + minutes.minutes()
}

pub(crate) fn working_minutes(from: DateTime, to: DateTime) -> usize {
    (index(from)..index(to).max(index(from)))
        .filter(|&m| minutes()[m])
        .count()
}

/// The due time, counted the slow way.
pub(crate) fn due(received: DateTime, limit: Limit, pauses: &[Pause]) -> DateTime {
    if let Some(at) = pauses
        .iter()
        .rposition(|pause| pause.mode == PauseMode::Restart)
    {
        let resumed = pauses[at].to.unwrap_or(pauses[at].from);
        return due(resumed, limit, &pauses[at + 1..]);
    }
    let closed: Vec<(DateTime, DateTime)> = pauses
        .iter()
        .filter_map(|pause| Some((pause.from, pause.to?)))
        .collect();
    let start = next_worked(index(received));
    match limit {
        Limit::Hours(hours) => walk(start, start, hours as usize * 60, &closed),
        Limit::WorkingDays(days) => {
            let halves = days.count() as usize;
            let need = halves / 2 * 480 + halves % 2 * 270;
            walk(start, (start / DAY + 1) * DAY, need, &closed)
        }
        Limit::SameDay => {
            let early = start % DAY < 15 * 60;
            let today = start / DAY;
            let last = if early {
                today
            } else {
                worked_day_from(today + 1)
            };
            let need = (start..(last + 1) * DAY).filter(|&m| minutes()[m]).count();
            walk(start, start, need, &closed)
        }
        Limit::Days(days) => {
            let nominal = start / DAY + days as usize;
            roll(nominal, &closed)
        }
        Limit::Months(months) => {
            let nominal = index(same_day_of(moment(start).date(), months).at(0, 0, 0, 0)) / DAY;
            roll(nominal, &closed)
        }
    }
}

/// Counts `need` working minutes from `counted_from`; each paused working minute since `start` is
/// one more to count.
fn walk(
    start: usize,
    counted_from: usize,
    mut need: usize,
    pauses: &[(DateTime, DateTime)],
) -> DateTime {
    let pauses: Vec<_> = pauses
        .iter()
        .map(|(from, to)| index(*from)..index(*to))
        .collect();
    for minute in start.. {
        if !minutes()[minute] {
            continue;
        }
        let stands = pauses.iter().any(|pause| pause.contains(&minute));
        match (stands, minute >= counted_from) {
            (true, false) => need += 1,
            (false, true) => need -= 1,
            (true, true) | (false, false) => {}
        }
        if need == 0 {
            return moment(minute + 1);
        }
    }
    unreachable!("the walk ends by running out of minutes")
}

fn worked_day_from(day: usize) -> usize {
    next_worked(day * DAY) / DAY
}

fn next_worked(minute: usize) -> usize {
    (minute..minutes().len()).find(|&m| minutes()[m]).unwrap()
}

/// Calendar days: each pause that begins before the end so far carries the end along, day by day.
fn roll(mut nominal: usize, pauses: &[(DateTime, DateTime)]) -> DateTime {
    let close = |nominal: usize| worked_day_from(nominal) * DAY + 17 * 60;
    for (from, to) in pauses {
        if index(*from) >= close(nominal) {
            continue;
        }
        for _ in index(*from) / DAY..index(*to) / DAY {
            nominal += 1;
        }
        nominal = nominal.max(next_worked(index(*to)) / DAY);
    }
    moment(close(nominal))
}

fn same_day_of(day: Date, months: u32) -> Date {
    let month = i32::from(day.month()) - 1 + i32::try_from(months).unwrap();
    let year = day.year() + i16::try_from(month / 12).unwrap();
    let month = i8::try_from(month % 12 + 1).unwrap();
    (1..=day.day())
        .rev()
        .find_map(|d| Date::new(year, month, d).ok())
        .unwrap()
}
