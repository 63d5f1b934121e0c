use domain::calendar::Calendar;
use domain::deadline::{
    Clock, Deadline, DeadlineState, HalfDays, Limit, LineKind, OpeningHours, Pause, PauseMode,
    Role, Tally, Urgency, after_working_minutes, due, urgency, urgency_bounds,
    working_minutes_between,
};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, date, time};
use proptest::prelude::*;

use super::oracle;

struct World {
    calendar: Calendar,
    hours: OpeningHours,
}

impl World {
    fn new() -> Self {
        Self {
            calendar: Calendar::national(),
            hours: OpeningHours::default(),
        }
    }

    fn clock(&self) -> Clock<'_> {
        Clock {
            calendar: &self.calendar,
            hours: &self.hours,
            same_day_cutoff: time(15, 0, 0, 0),
        }
    }

    fn due(&self, received: DateTime, limit: Limit, pauses: &[Pause]) -> Deadline {
        due(received, limit, pauses, &self.clock()).unwrap()
    }
}

fn moment() -> impl Strategy<Value = DateTime> {
    (0..790_i64, 0..1440_i64).prop_map(|(days, minutes)| {
        date(2025, 1, 1).at(0, 0, 0, 0) + days.days() + minutes.minutes()
    })
}

fn working_limit() -> impl Strategy<Value = Limit> {
    prop_oneof![
        (1..80_u32).prop_map(Limit::Hours),
        (1..40_u32).prop_map(|n| Limit::WorkingDays(HalfDays::halves(n).unwrap())),
        Just(Limit::SameDay),
    ]
}

fn limit() -> impl Strategy<Value = Limit> {
    prop_oneof![
        3 => working_limit(),
        1 => (1..60_u32).prop_map(Limit::Days),
        1 => (1..4_u32).prop_map(Limit::Months),
    ]
}

fn mode() -> impl Strategy<Value = PauseMode> {
    prop_oneof![3 => Just(PauseMode::Exclude), 1 => Just(PauseMode::Restart)]
}

/// Up to three pauses after a reception; the last may still be open.
fn history() -> impl Strategy<Value = (DateTime, Vec<Pause>)> {
    let pause = (0..20_i64 * 1440, 0..15_i64 * 1440, mode());
    (moment(), prop::collection::vec(pause, 0..4), any::<bool>()).prop_map(
        |(received, gaps, open)| {
            let mut at = received;
            let mut pauses: Vec<Pause> = gaps
                .into_iter()
                .map(|(gap, length, mode)| {
                    let from = at + gap.minutes();
                    at = from + length.minutes();
                    Pause {
                        from,
                        to: Some(at),
                        mode,
                    }
                })
                .collect();
            if let (true, Some(last)) = (open, pauses.last_mut()) {
                last.to = None;
            }
            (received, pauses)
        },
    )
}

fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_slow_count_minute_by_minute_agrees((received, pauses) in history(), limit in limit()) {
        let found = World::new().due(received, limit, &pauses);
        prop_assert_eq!(found.due, oracle::due(received, limit, &pauses));
    }

    #[test]
    fn due_days_never_fall_on_a_day_off((received, pauses) in history(), limit in limit()) {
        let found = World::new().due(received, limit, &pauses);
        prop_assert!(oracle::is_worked(found.due.date()), "{} is a day off", found.due);
        prop_assert!(found.due > received);
    }

    #[test]
    fn pausing_n_working_days_moves_the_due_day_by_exactly_n(
        received in moment(), limit in working_limit(), n in 0..30_u32, at in 0..10_000_u32
    ) {
        let world = World::new();
        let calm = world.due(received, limit, &[]).due;
        // Any working minute between the reception and the due time.
        let minutes = working_minutes_between(received, calm, &world.clock()).unwrap();
        let later = received + i64::from(at % minutes * 3).minutes();
        let from = world.clock().opening(if later < calm { later } else { received }).unwrap();
        prop_assume!(from < calm);
        let to = world.calendar.working_day_after(from.date(), n).unwrap().to_datetime(from.time());
        let pause = Pause { from, to: Some(to), mode: PauseMode::Exclude };
        let paused = world.due(received, limit, &[pause]).due;
        let moved = world.calendar.working_day_after(calm.date(), n).unwrap();
        prop_assert_eq!(paused, moved.to_datetime(calm.time()));
    }

    #[test]
    fn pausing_calendar_days_lengthens_a_limit_of_days_by_as_many(
        received in moment(), n in 2..60_u32, k in 0..40_u32, at in 0..60_u32, hour in 0..24_i8
    ) {
        let world = World::new();
        let start = world.clock().opening(received).unwrap();
        let from = (start.date() + i64::from(at % (n - 1) + 1).days()).at(hour, 0, 0, 0);
        prop_assume!(days_between(start.date(), from.date()) < i64::from(n));
        let to = Some(from + i64::from(k).days());
        let pause = Pause { from, to, mode: PauseMode::Exclude };
        let paused = world.due(received, Limit::Days(n), &[pause]).due;
        prop_assert_eq!(paused, world.due(received, Limit::Days(n + k), &[]).due);
    }

    #[test]
    fn a_restart_is_a_reception_at_the_resumption((received, pauses) in history(), limit in limit()) {
        let mut pauses = pauses;
        let Some(last) = pauses.last_mut() else { return Ok(()) };
        last.mode = PauseMode::Restart;
        let resumed = *last.to.get_or_insert(last.from);
        let world = World::new();
        prop_assert_eq!(world.due(received, limit, &pauses).due, world.due(resumed, limit, &[]).due);
    }

    #[test]
    fn a_longer_limit_is_never_due_earlier((received, pauses) in history(), n in 1..40_u32, more in 0..9_u32) {
        let world = World::new();
        let halves = |n| Limit::WorkingDays(HalfDays::halves(n).unwrap());
        for limit in [Limit::Hours, halves, Limit::Days] {
            let (short, long) = (limit(n), limit(n + more));
            prop_assert!(world.due(received, short, &pauses).due <= world.due(received, long, &pauses).due);
        }
    }

    #[test]
    fn a_later_reception_is_never_due_earlier(a in moment(), b in moment(), limit in limit()) {
        let world = World::new();
        let (early, late) = (a.min(b), a.max(b));
        prop_assert!(world.due(early, limit, &[]).due <= world.due(late, limit, &[]).due);
    }

    #[test]
    fn what_has_not_expired_when_it_stops_has_not_expired_when_it_runs_again(
        (received, pauses) in history(), limit in limit()
    ) {
        let world = World::new();
        for stop in 0..pauses.len() {
            let before = world.due(received, limit, &pauses[..stop]).due;
            let after = world.due(received, limit, &pauses[..=stop]).due;
            if let (true, Some(to)) = (pauses[stop].from < before, pauses[stop].to) {
                prop_assert!(after > to);
            }
        }
    }

    #[test]
    fn an_open_pause_holds_what_resuming_at_once_would_give((received, pauses) in history(), limit in limit()) {
        let world = World::new();
        let found = world.due(received, limit, &pauses);
        let Some(last) = pauses.last().filter(|last| last.to.is_none()) else {
            prop_assert_eq!(found.state, DeadlineState::Running);
            return Ok(());
        };
        prop_assert_eq!(found.state, DeadlineState::Paused { since: last.from });
        if last.mode == PauseMode::Restart {
            prop_assert_eq!(found.due, world.due(last.from, limit, &[]).due);
        } else {
            prop_assert_eq!(found.due, world.due(received, limit, &pauses[..pauses.len() - 1]).due);
        }
    }

    #[test]
    fn a_derivation_is_in_order_and_ends_with_the_result((received, pauses) in history(), limit in limit()) {
        let found = World::new().due(received, limit, &pauses);
        let lines = &found.derivation.lines;
        prop_assert!(matches!(lines[0].what, LineKind::Received { .. }), "{:?}", lines);
        let dates: Vec<Date> = lines.iter().map(|line| line.at.date()).collect();
        let (last, before) = dates.split_last().unwrap();
        prop_assert!(before.is_sorted(), "{:?}", lines);
        let stands = matches!(found.state, DeadlineState::Paused { .. });
        let late = lines.iter().any(|line| matches!(line.what, LineKind::PausedLate { .. }));
        prop_assert!(late || before.iter().all(|date| date <= last), "{:?}", lines);
        match &lines.last().unwrap().what {
            LineKind::Due { .. } => prop_assert_eq!(*last, found.due.date()),
            LineKind::Waiting { due } => prop_assert!(stands && *due == found.due),
            other => prop_assert!(false, "ends with {:?}", other),
        }
        for line in lines {
            prop_assert!(line.what.key().starts_with("deadline."));
        }
    }

    #[test]
    fn a_strip_has_every_day_once_and_ends_with_the_promise((received, pauses) in history(), limit in limit()) {
        let found = World::new().due(received, limit, &pauses);
        let strip = found.derivation.strip();
        prop_assert_eq!(strip[0].date, received.date());
        for pair in strip.windows(2) {
            prop_assert_eq!(pair[0].date.tomorrow().unwrap(), pair[1].date);
        }
        let promises = strip.iter().filter(|cell| matches!(cell.role, Role::Due(_))).count();
        let last = strip.last().unwrap();
        if matches!(found.derivation.lines.last().unwrap().what, LineKind::Due { .. }) {
            prop_assert_eq!((last.date, promises), (found.due.date(), 1));
        } else {
            let stopped = pauses.last().unwrap().from.date();
            prop_assert!(last.date == stopped || matches!(last.role, Role::Due(_)));
        }
        let counted = |role: &Role| match role {
            Role::Counted(Tally::HalfDays(n) | Tally::Minutes(n))
            | Role::Due(Tally::HalfDays(n) | Tally::Minutes(n)) => Some(*n),
            _ => None,
        };
        let tallies: Vec<u32> = strip.iter().filter_map(|cell| counted(&cell.role)).collect();
        prop_assert!(tallies.is_sorted(), "{:?}", strip);
    }

    #[test]
    fn working_minutes_agree_with_counting_them(a in moment(), b in moment()) {
        let world = World::new();
        let found = working_minutes_between(a, b, &world.clock()).unwrap();
        prop_assert_eq!(found as usize, oracle::working_minutes(a, b));
    }

    #[test]
    fn so_many_working_minutes_after_a_moment_lie_so_many_working_minutes_between(
        from in moment(), minutes in 1..6000_u32
    ) {
        let world = World::new();
        let to = after_working_minutes(from, minutes, &world.clock()).unwrap();
        prop_assert_eq!(oracle::working_minutes(from, to), minutes as usize);
        prop_assert_eq!(oracle::working_minutes(to - 1.minute(), to), 1);
    }

    #[test]
    fn a_limit_reads_back_as_it_is_written(limit in prop_oneof![
        (1..=4000_u32).prop_map(Limit::Hours),
        (1..=8000_u32).prop_map(|n| Limit::WorkingDays(HalfDays::halves(n).unwrap())),
        (1..=4000_u32).prop_map(Limit::Days),
        (1..=4000_u32).prop_map(Limit::Months),
        Just(Limit::SameDay),
    ]) {
        prop_assert_eq!(limit.to_string().parse::<Limit>(), Ok(limit));
    }

    #[test]
    fn any_text_is_a_limit_or_a_clear_error(text in "[ -~0-9.hwdmosay]{0,12}") {
        if let Ok(limit) = text.parse::<Limit>() {
            prop_assert_eq!(limit.to_string().parse::<Limit>(), Ok(limit));
        }
    }

    #[test]
    fn nothing_asked_of_any_year_makes_it_fall_over(
        year in -9999..=9999_i16, day in 1..=365_i16, n in any::<u32>(), gap in 0..1_000_000_i64
    ) {
        let world = World::new();
        let received = date(year, 1, 1).with().day_of_year(day).build().unwrap().at(9, 0, 0, 0);
        let from = received.saturating_add(gap.minutes());
        let pauses = [Pause { from, to: Some(from.saturating_add(gap.minutes())), mode: PauseMode::Exclude }];
        for limit in [Limit::Hours(n), Limit::Days(n), Limit::Months(n), Limit::Hours(n % 4001), Limit::Days(n % 4001)] {
            if let Ok(found) = due(received, limit, &pauses, &world.clock()) {
                prop_assert!(found.due > received);
            }
        }
    }

    #[test]
    fn urgency_counts_working_days_left(due in moment(), now in moment(), near in 0..6_i64) {
        let world = World::new();
        let due = due + 7.days();
        let now = if near < 4 { due - (near * 17).hours() } else { now };
        let day = world.calendar.working_day_on_or_after(due.date()).unwrap();
        let due = day.to_datetime(time(17, 0, 0, 0));
        let after_now = now.date().series(1.day()).skip(1);
        let left = after_now.take_while(|day| *day <= due.date()).filter(|day| oracle::is_worked(*day)).count();
        let expected = if due < now {
            Urgency::Late
        } else if due.date() == now.date() {
            Urgency::Today
        } else if left == 1 {
            Urgency::Soon
        } else {
            Urgency::Far
        };
        prop_assert_eq!(urgency(due, now, &world.calendar), Ok(expected));
        prop_assert_eq!(urgency_bounds(now, &world.calendar).unwrap().classify(due), expected);
    }
}
