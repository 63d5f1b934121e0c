//! The month as it passes: whose turn it is, who is free, what the rules make of each act. All is
//! decided in the order of time, so that the same seed gives the same month.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use anyhow::Context as _;
use app::facts::Settings;
use app::processing::{dossier_sequence, result_sequence};
use domain::deadline::after_working_minutes;
use domain::dossier::{Dossier, Event, Refusal, book_of};
use domain::ids::{DossierId, PartyId, StaffId};
use domain::procedure::Channel;
use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};

use super::super::seed::people::Dice;
use super::beats::{Act, Beat, life};
use super::casework::{Case, Moment, made};
use super::post::Signing;
use super::ward::{FIRST, LAST, Ward};

/// Working minutes of a day in which people come.
const COUNTER_MINUTES: u32 = 420;
/// The hour at which the post hands over.
const RECORD_HOUR: i8 = 16;
/// How often an act is put off before it is given up.
const PATIENCE: u32 = 40;
/// Working minutes for which an act is put off.
const LATER: u32 = 240;

/// Something that was done, to be written.
pub(super) struct Deed {
    pub(super) case: usize,
    pub(super) at: DateTime,
    pub(super) actor: String,
    pub(super) behalf: Option<String>,
    pub(super) events: Vec<Event>,
    pub(super) before: Dossier,
    pub(super) version: u32,
    /// The order of the text that was written with it.
    pub(super) text: u32,
}

/// What the month came to, in the order in which it is written.
pub(super) enum Done {
    /// Somebody did something.
    Deed(Box<Deed>),
    /// A joint record of the post was signed.
    Record(Signing),
}

/// Who does what of a case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    /// It is somebody's turn.
    Ready,
    /// Somebody has done it, perhaps for somebody else.
    Done(StaffId, Option<StaffId>),
    /// The post hands over at a centre: the place of the centre stands where the case does.
    Record,
}

/// When, in the order of asking, what case, what turn.
type Entry = (DateTime, u64, usize, Turn);

/// The month.
pub(super) struct Month<'a> {
    pub(super) ward: &'a Ward,
    pub(super) settings: &'a Settings,
    pub(super) cases: Vec<Case>,
    queue: BinaryHeap<Reverse<Entry>>,
    order: u64,
    /// Until when each person is busy.
    pub(super) busy: Vec<DateTime>,
    /// Cases that wait for the joint record of the post.
    pub(super) parked: Vec<usize>,
    /// The last number of every register.
    pub(super) registers: BTreeMap<String, u32>,
    /// How often each rule said no.
    pub(super) refused: BTreeMap<&'static str, u32>,
    pub(super) dice: Dice,
    seed: u64,
}

impl<'a> Month<'a> {
    /// Everybody who comes in the month is in the queue.
    pub(super) fn begin(
        ward: &'a Ward,
        settings: &'a Settings,
        (seed, dossiers): (u64, u32),
    ) -> anyhow::Result<Self> {
        let mut month = Self {
            ward,
            settings,
            cases: Vec::new(),
            queue: BinaryHeap::new(),
            order: 0,
            busy: vec![FIRST.at(7, 0, 0, 0); ward.people.len()],
            parked: Vec::new(),
            registers: BTreeMap::new(),
            refused: BTreeMap::new(),
            dice: Dice::new(seed),
            seed,
        };
        let days = working_days(settings)?;
        for nth in 0..dossiers {
            let day = u64::from(nth) * days.len() as u64 / u64::from(dossiers.max(1));
            let day = days
                .get(usize::try_from(day)?)
                .context("the month has days")?;
            month.arrive(nth, *day)?;
        }
        for (centre, day) in (0..2).flat_map(|centre| days.iter().map(move |day| (centre, day))) {
            month.push(day.at(RECORD_HOUR, 0, 0, 0), centre, Turn::Record);
        }
        Ok(month)
    }

    fn arrive(&mut self, nth: u32, day: Date) -> anyhow::Result<()> {
        let clock = self.settings.clock();
        let paper = self.dice.pick(&self.ward.papers).clone();
        let (beginning, beats) = life(&paper.process, &mut self.dice);
        let minutes = self.dice.below(COUNTER_MINUTES);
        let at = if beginning.channel == Channel::Online {
            // Online at any time of the day or the night.
            let minute = i64::from(self.dice.below(1_440));
            day.at(0, 0, 0, 0)
                .checked_add(SignedDuration::from_mins(minute))?
        } else {
            after_working_minutes(day.at(0, 0, 0, 0), minutes, &clock)?
        };
        let name = format!("thang-{}-{nth:05}", self.seed);
        let case = Case {
            id: DossierId::parse(&name)?,
            party: PartyId::parse(&format!("{name}-p"))?,
            procedure: paper.on(at.date()).clone(),
            paper,
            dossier: Dossier::Absent,
            version: 0,
            beginning,
            beats,
            texts: 0,
            put_off: 0,
            mends: None,
        };
        self.cases.push(case);
        self.push(at, self.cases.len() - 1, Turn::Ready);
        Ok(())
    }

    pub(super) fn push(&mut self, at: DateTime, case: usize, turn: Turn) {
        self.order += 1;
        self.queue.push(Reverse((at, self.order, case, turn)));
    }

    /// The deeds of the next day on which something is done; none once the month is over.
    pub(super) fn next_day(&mut self) -> anyhow::Result<Option<Vec<Done>>> {
        let mut deeds = Vec::new();
        let mut day = None;
        while let Some(Reverse((at, ..))) = self.queue.peek() {
            let (at, today) = (*at, at.date());
            if today > LAST || day.is_some_and(|day| day != today) {
                break;
            }
            day = Some(today);
            let Some(Reverse((_, _, case, turn))) = self.queue.pop() else {
                break;
            };
            match turn {
                Turn::Ready => self.take_up(case, at)?,
                Turn::Done(by, behalf) => self.act(case, at, (&by, behalf.as_ref()), &mut deeds)?,
                Turn::Record => deeds.extend(self.record(case, at)?.map(Done::Record)),
            }
        }
        Ok(day.map(|_| deeds))
    }

    pub(super) fn beat(&self, case: usize) -> Option<Beat> {
        self.cases[case].beats.front().copied()
    }

    fn act(
        &mut self,
        index: usize,
        now: DateTime,
        (by, for_whom): (&StaffId, Option<&StaffId>),
        deeds: &mut Vec<Done>,
    ) -> anyhow::Result<()> {
        let Some(Beat { act, .. }) = self.beat(index) else {
            return Ok(());
        };
        let clock = self.settings.clock();
        let register = self.register(index, act, now);
        let last = register.as_ref().and_then(|name| self.registers.get(name));
        let moment = Moment {
            now,
            by,
            for_whom,
            number: last.copied().unwrap_or(0) + 1,
            clock: &clock,
        };
        match self.cases[index].ask(act, self.ward, moment) {
            Ok(mut events) => {
                if let Some(name) = register {
                    self.registers.insert(name, moment.number);
                }
                if act == Act::Issue {
                    events.push(made(now, &self.ward.document));
                }
                if act == Act::Repin {
                    self.cases[index].procedure = self.cases[index].paper.newest().clone();
                }
                let deed = self.happened(index, moment, events);
                deeds.push(Done::Deed(Box::new(deed)));
                let linked = self.linked(index, act, moment)?;
                deeds.extend(linked.map(|deed| Done::Deed(Box::new(deed))));
                self.go_on(index, now)
            }
            Err(refusal) => self.refused(index, now, &refusal),
        }
    }

    /// The register from which the act takes its number.
    fn register(&self, index: usize, act: Act, now: DateTime) -> Option<String> {
        let case = &self.cases[index];
        match act {
            Act::Receive | Act::Accept => {
                Some(dossier_sequence(&case.receiving(self.ward).id, now))
            }
            Act::Issue => Some(result_sequence(&self.ward.unit.id, now)),
            _ => {
                let filed = &case.dossier.record()?.filed;
                let (book, unit) = book_of(act.papered()?, (&filed.receiving, &filed.competent))?;
                Some(book.sequence(unit, now.year()))
            }
        }
    }

    pub(super) fn happened(
        &mut self,
        index: usize,
        moment: Moment<'_>,
        events: Vec<Event>,
    ) -> Deed {
        let case = &mut self.cases[index];
        let before = case.dossier.clone();
        let version = case.version;
        case.version += u32::try_from(events.len()).unwrap_or(u32::MAX);
        case.dossier = events.iter().fold(before.clone(), Dossier::evolve);
        let text = case.texts;
        case.texts += 1;
        Deed {
            case: index,
            at: moment.now,
            actor: moment.by.to_string(),
            behalf: moment.for_whom.map(ToString::to_string),
            events,
            before,
            version,
            text,
        }
    }

    /// The next act of the case, after its wait.
    pub(super) fn go_on(&mut self, index: usize, now: DateTime) -> anyhow::Result<()> {
        let case = &mut self.cases[index];
        case.beats.pop_front();
        case.put_off = 0;
        let follows = case
            .beats
            .front()
            .is_some_and(|beat| matches!(beat.act, Act::OpenCorrection | Act::FileReceipt));
        if case.dossier.kind().is_closed() && !follows {
            case.beats.clear();
        }
        if let Some(Beat { wait, .. }) = case.beats.front() {
            let ready = after_working_minutes(now, *wait, &self.settings.clock())?;
            self.push(ready, index, Turn::Ready);
        }
        Ok(())
    }

    /// What only time can mend is put off; anything else is given up, and the case goes on.
    pub(super) fn refused(
        &mut self,
        index: usize,
        now: DateTime,
        no: &Refusal,
    ) -> anyhow::Result<()> {
        *self.refused.entry(no.rule().id()).or_default() += 1;
        let waits = matches!(
            no,
            Refusal::TasksOpen { .. } | Refusal::AnswerPeriod { .. } | Refusal::TaskTime { .. }
        );
        if waits && self.cases[index].put_off < PATIENCE {
            self.cases[index].put_off += 1;
            let ready = after_working_minutes(now, LATER, &self.settings.clock())?;
            self.push(ready, index, Turn::Ready);
            return Ok(());
        }
        self.go_on(index, now)
    }
}

fn working_days(settings: &Settings) -> anyhow::Result<Vec<Date>> {
    let mut days = Vec::new();
    let mut day = FIRST;
    while day <= LAST {
        if settings.calendar.is_working_day(day)? {
            days.push(day);
        }
        day = day.tomorrow()?;
    }
    Ok(days)
}
