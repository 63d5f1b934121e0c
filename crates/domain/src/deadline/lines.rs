use jiff::civil::{Date, DateTime, Time};

use super::clock::Clock;
use super::derivation::{Basis, DayCell, Line, LineKind, Role, StartRule, Tally, When};
use super::limit::Limit;
use super::strip::{self, End, Segment};
use crate::calendar::{DayKind, Name, SpecialDay, Uncovered};

/// What is written down while a deadline is computed.
#[derive(Default)]
pub(super) struct Book {
    events: Vec<Line>,
    pub(super) segments: Vec<Segment>,
}

impl Book {
    pub(super) fn event(&mut self, at: DateTime, what: LineKind, rule: &'static str) {
        self.events.push(Line {
            at: When::Moment(at),
            what,
            basis: Basis::Rule(rule),
        });
    }

    pub(super) fn received(
        &mut self,
        segment: &Segment,
        rules: &Clock<'_>,
    ) -> Result<(), Uncovered> {
        let start = segment.start_rule();
        let rule = match start {
            StartRule::NextDay => "deadline.basis.next-day",
            StartRule::Moment => "deadline.basis.moment",
        };
        self.event(segment.received, LineKind::Received { start }, rule);
        self.begun(segment, rules)
    }

    /// What follows from the moment a count begins.
    pub(super) fn begun(&mut self, segment: &Segment, rules: &Clock<'_>) -> Result<(), Uncovered> {
        if let Some(why) = rules.closed_when(segment.received)? {
            let to = segment.start;
            let moved = LineKind::MovedToOpening { to, why };
            self.event(segment.received, moved, "deadline.basis.opening");
        }
        let cutoff = rules.same_day_cutoff;
        match segment.limit {
            Limit::Months(months) => {
                let to = segment.nominal;
                let counted = LineKind::CountedMonths { months, to };
                self.event(segment.received, counted, "deadline.basis.months");
            }
            Limit::SameDay => {
                let same_day = segment.due.date() == segment.start.date();
                let what = if same_day {
                    LineKind::SameDay { cutoff }
                } else {
                    LineKind::AfterCutoff { cutoff }
                };
                self.event(segment.received, what, "deadline.basis.same-day");
            }
            Limit::Hours(_) | Limit::WorkingDays(_) | Limit::Days(_) => {}
        }
        Ok(())
    }

    /// Files a count that a restart made void.
    pub(super) fn voided(
        &mut self,
        at: DateTime,
        segment: Segment,
        rules: &Clock<'_>,
    ) -> Result<(), Uncovered> {
        let counted = strip::counted_in(&segment, rules)?;
        if !matches!(
            counted,
            Tally::Nothing | Tally::HalfDays(0) | Tally::Minutes(0)
        ) {
            self.event(
                at,
                LineKind::VoidedDays { counted },
                "deadline.basis.restart",
            );
        }
        self.segments.push(segment);
        Ok(())
    }

    /// Files the last count and writes the result.
    pub(super) fn close(&mut self, segment: Segment, due: DateTime) {
        let from = segment.nominal;
        match segment.end {
            End::Standing(since) => {
                self.event(since, LineKind::Waiting { due }, "deadline.basis.published");
            }
            End::Due | End::Void(_) => {
                if segment.in_calendar_days() && from != due.date() {
                    let basis = Basis::Rule("deadline.basis.rolled");
                    let what = LineKind::RolledForward { from };
                    self.events.push(Line {
                        at: When::Day(from),
                        what,
                        basis,
                    });
                }
                let counted = segment.tally_of_limit();
                self.event(due, LineKind::Due { counted }, "deadline.basis.published");
            }
        }
        self.segments.push(segment);
    }

    /// All lines in order of time: what happened, and the runs of days between.
    pub(super) fn into_lines(self, days: &[DayCell], rules: &Clock<'_>) -> Vec<Line> {
        let mut runs = Runs::new(&self, rules);
        for cell in days {
            runs.day(cell);
        }
        let mut runs = runs.finish();
        let mut lines = self.events;
        let last = lines.pop();
        lines.append(&mut runs);
        lines.sort_by_key(|line| sort_key(line, &self.segments));
        lines.extend(last);
        lines
    }
}

/// A day goes before its moments, but not before the reception that begins its count; an end that
/// rolls forward is told after the day off it fell on.
fn sort_key(line: &Line, segments: &[Segment]) -> DateTime {
    match (line.at, &line.what) {
        (When::Moment(at), _) => at,
        (When::Day(date), LineKind::RolledForward { .. }) => date.to_datetime(Time::MAX),
        (When::Day(date), _) => segments
            .iter()
            .map(|segment| segment.received)
            .find(|received| received.date() == date)
            .unwrap_or_else(|| date.to_datetime(Time::midnight())),
    }
}

/// Folds the days of a strip into lines: runs of counted days, days off by name, made-up days.
struct Runs<'a> {
    rules: &'a Clock<'a>,
    limit: Option<Limit>,
    of: Tally,
    /// Days with a stop or a resumption, where a run ends so that lines stay in order of time.
    breaks: Vec<Date>,
    lines: Vec<Line>,
    open: Option<Run>,
    off: Option<DaysOff>,
    counted: Option<Tally>,
}

struct Run {
    at: Date,
    until: Date,
    first: Tally,
    last: Tally,
}

struct DaysOff {
    at: Date,
    until: Date,
    name: Name,
}

impl<'a> Runs<'a> {
    fn new(book: &Book, rules: &'a Clock<'a>) -> Self {
        let segment = book.segments.first();
        Self {
            rules,
            limit: segment.map(|segment| segment.limit),
            of: segment.map_or(Tally::Nothing, Segment::tally_of_limit),
            breaks: book.events.iter().map(|line| line.at.date()).collect(),
            lines: Vec::new(),
            open: None,
            off: None,
            counted: None,
        }
    }

    fn day(&mut self, cell: &DayCell) {
        match &cell.role {
            Role::Counted(tally) | Role::Void(tally) | Role::Due(tally) => {
                self.end_days_off();
                self.count(cell.date, *tally);
            }
            Role::Off(None) => {}
            Role::Off(Some(name)) => {
                self.end_run();
                self.day_off(cell.date, name);
            }
            Role::Start | Role::Paused | Role::Plain => {
                self.end_run();
                self.end_days_off();
                if cell.role == Role::Start {
                    self.counted = None;
                }
            }
        }
        if self.breaks.contains(&cell.date) {
            self.end_run();
        }
    }

    fn count(&mut self, date: Date, tally: Tally) {
        if self.of == Tally::Nothing || self.counted == Some(tally) {
            return;
        }
        self.counted = Some(tally);
        match &mut self.open {
            Some(run) => (run.until, run.last) = (date, tally),
            None => {
                self.open = Some(Run {
                    at: date,
                    until: date,
                    first: tally,
                    last: tally,
                });
            }
        }
        let in_working_days = matches!(self.limit, Some(Limit::WorkingDays(_) | Limit::Hours(_)));
        if in_working_days
            && let Some(
                day @ SpecialDay {
                    kind: DayKind::Work,
                    ..
                },
            ) = self.rules.calendar.special_day(date)
        {
            let basis = Basis::Announcement(day.source.clone());
            let what = LineKind::MadeUp {
                name: day.name.clone(),
            };
            self.lines.push(Line {
                at: When::Day(date),
                what,
                basis,
            });
        }
    }

    fn day_off(&mut self, date: Date, name: &Name) {
        match &mut self.off {
            Some(off) if off.name == *name => off.until = date,
            Some(_) | None => {
                self.end_days_off();
                self.off = Some(DaysOff {
                    at: date,
                    until: date,
                    name: name.clone(),
                });
            }
        }
    }

    fn end_run(&mut self) {
        let Some(Run {
            at,
            until,
            first,
            last,
        }) = self.open.take()
        else {
            return;
        };
        let rule = match self.limit {
            Some(Limit::Days(_) | Limit::Months(_)) => "deadline.basis.days",
            Some(Limit::Hours(_) | Limit::WorkingDays(_) | Limit::SameDay) | None => {
                "deadline.basis.calendar"
            }
        };
        let what = LineKind::Counted {
            until,
            first,
            last,
            of: self.of,
        };
        self.lines.push(Line {
            at: When::Day(at),
            what,
            basis: Basis::Rule(rule),
        });
    }

    fn end_days_off(&mut self) {
        let Some(DaysOff { at, until, name }) = self.off.take() else {
            return;
        };
        let basis = match self.rules.calendar.special_day(at) {
            Some(day) => Basis::Announcement(day.source.clone()),
            None => Basis::Rule("deadline.basis.calendar"),
        };
        let what = LineKind::DaysOff { until, name };
        self.lines.push(Line {
            at: When::Day(at),
            what,
            basis,
        });
    }

    fn finish(mut self) -> Vec<Line> {
        self.end_run();
        self.end_days_off();
        self.lines
    }
}
