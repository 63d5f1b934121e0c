//! Checks of what stands beside the dossiers: audit blocks, number sequences, outbox.

use std::collections::{BTreeMap, BTreeSet};

use domain::dossier::Event;
use domain::ids::UnitId;
use domain::office::{Unit, heir_on};

use super::replay::Replayed;
use super::{Difference, Report};
use crate::audit::{BLOCKS, BlockRow, Seal};
use crate::backend::on;
use crate::store::{Store, StoreError};
use crate::views::issued::place_of;

const NUMBERS: &str = "SELECT substr(code, 1, length(code) - length(code_order)) AS head, \
     MAX(CAST(code_order AS BIGINT)) AS highest FROM dossier WHERE code IS NOT NULL GROUP BY 1";
const SEQUENCES: &str = "SELECT name, last FROM number_sequence";
const RAISED: &str = "SELECT name, first, last FROM number_raised";
const GIVEN: &str = "SELECT stream FROM event WHERE kind = 'dossier.settled.v1' AND body LIKE $1 \
     AND body LIKE $2 ORDER BY stream";
const ORPHANS: &str = "SELECT o.id FROM outbox o LEFT JOIN dossier d ON d.id = o.dossier \
     WHERE d.id IS NULL ORDER BY o.id";
const BODIES: &str = "SELECT id, body FROM outbox WHERE id > $1 ORDER BY id LIMIT $2";

const PAGE: i64 = 1_000;

impl Store {
    /// Each block must follow the one before and have the hash of the lines it sealed.
    pub(super) async fn check_blocks(&self, report: &mut Report) -> Result<(), StoreError> {
        let (mut number, mut end, mut hash) = (0, 0, String::new());
        loop {
            let blocks: Vec<BlockRow> = on!(&self.reads, pool => {
                sqlx::query_as(BLOCKS).bind(number).bind(PAGE).fetch_all(pool).await
            })?;
            if blocks.is_empty() {
                return Ok(());
            }
            for block in blocks {
                self.check_block(report, (number, end, &hash), &block)
                    .await?;
                report.blocks = report.blocks.saturating_add(1);
                (number, end, hash) = (block.number, block.last_position, block.hash);
            }
        }
    }

    async fn check_block(
        &self,
        report: &mut Report,
        (before, end, previous): (i64, i64, &str),
        block: &BlockRow,
    ) -> Result<(), StoreError> {
        let row = block.number.to_string();
        let mut differ = |column, pair: (String, String)| {
            if pair.0 != pair.1 {
                report
                    .differences
                    .push(Difference::new("audit_block", &row, column, pair));
            }
        };
        differ(
            "number",
            (
                before.saturating_add(1).to_string(),
                block.number.to_string(),
            ),
        );
        differ("previous", (previous.to_owned(), block.previous.clone()));
        let mut seal = Seal::after(&block.previous);
        let mut at = end;
        loop {
            let lines = self.audit_lines(at, block.last_position).await?;
            let Some(last) = lines.last() else { break };
            at = last.position;
            for line in &lines {
                seal.line(line);
            }
        }
        differ("lines", (seal.lines.to_string(), block.lines.to_string()));
        differ("hash", (seal.finish(), block.hash.clone()));
        Ok(())
    }

    /// Registers of numbers as they are before dossiers are read: whatever they gave by then is in the
    /// log.
    pub(super) async fn registers(&self) -> Result<Registers, StoreError> {
        let sequences: Vec<(String, i64)> =
            on!(&self.reads, pool => sqlx::query_as(SEQUENCES).fetch_all(pool).await)?;
        let raised: Vec<(String, i64, i64)> =
            on!(&self.reads, pool => sqlx::query_as(RAISED).fetch_all(pool).await)?;
        let mut registers = Registers::of(self.all_units().await?);
        for (name, last) in sequences
            .into_iter()
            .filter(|(name, _)| is_of_results(name))
        {
            registers.results.entry(name).or_default().last = last;
        }
        for (name, first, last) in raised {
            if let Some(register) = registers.results.get_mut(&name) {
                register.raised.push((first, last));
            }
        }
        Ok(registers)
    }

    /// A number that was given twice, or that a register passed over.
    pub(super) async fn check_results(
        &self,
        report: &mut Report,
        registers: &Registers,
    ) -> Result<(), StoreError> {
        for (name, register) in &registers.results {
            for number in &register.again {
                let dossiers = self.with_number(name, *number).await?.join(", ");
                let pair = (format!("{number:02} once"), dossiers);
                report
                    .differences
                    .push(Difference::new("result_number", name, "number", pair));
            }
            for (first, last) in register.gaps() {
                let which = if first == last {
                    format!("{first:02}")
                } else {
                    format!("{first:02} to {last:02}")
                };
                let pair = (which, "no result with it");
                report
                    .differences
                    .push(Difference::new("result_number", name, "number", pair));
            }
        }
        Ok(())
    }

    /// The dossiers whose result has a number of a register, by the log itself.
    async fn with_number(&self, register: &str, number: i64) -> Result<Vec<String>, StoreError> {
        let mut parts = register.split(':').skip(1);
        let (unit, year) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let named = format!("%\"{number:02}/KQ-{unit}\"%");
        let found: Vec<(String,)> = on!(&self.reads, pool => sqlx::query_as(GIVEN)
            .bind(named)
            .bind(format!("%\"at\":\"{year}-%"))
            .fetch_all(pool)
            .await)?;
        Ok(found.into_iter().map(|(id,)| id).collect())
    }

    /// A sequence that lags behind the numbers in use would give one of them again.
    pub(super) async fn check_numbers(
        &self,
        report: &mut Report,
        results: &Registers,
    ) -> Result<(), StoreError> {
        let numbers: Vec<(String, i64)> =
            on!(&self.reads, pool => sqlx::query_as(NUMBERS).fetch_all(pool).await)?;
        let sequences: Vec<(String, i64)> =
            on!(&self.reads, pool => sqlx::query_as(SEQUENCES).fetch_all(pool).await)?;
        let sequences: BTreeMap<String, i64> = sequences.into_iter().collect();
        let dossiers = numbers
            .into_iter()
            .filter_map(|(head, highest)| Some((sequence_of(&head)?, highest)));
        let given = results.highest.iter();
        let given = given.map(|(name, highest)| (name.clone(), *highest));
        for (name, highest) in dossiers.chain(given) {
            let last = sequences.get(&name).copied().unwrap_or(0);
            if last < highest {
                let pair = (format!("at least {highest}"), last);
                report
                    .differences
                    .push(Difference::new("number_sequence", &name, "last", pair));
            }
        }
        Ok(())
    }

    /// A message belongs to a dossier, can be read, and is not put aside.
    pub(super) async fn check_outbox(&self, report: &mut Report) -> Result<(), StoreError> {
        for message in self.stuck().await? {
            let said = message.error.unwrap_or_default();
            let pair = (
                format!("{} handled", message.kind),
                format!("put aside: {said}"),
            );
            let row = message.id.to_string();
            report
                .differences
                .push(Difference::new("outbox", &row, "buried", pair));
        }
        let orphans: Vec<(i64,)> =
            on!(&self.reads, pool => sqlx::query_as(ORPHANS).fetch_all(pool).await)?;
        for (id,) in orphans {
            let pair = ("a dossier", "none");
            report
                .differences
                .push(Difference::new("outbox", &id.to_string(), "dossier", pair));
        }
        let mut after = 0_i64;
        loop {
            let bodies: Vec<(i64, String)> = on!(&self.reads, pool => {
                sqlx::query_as(BODIES).bind(after).bind(PAGE).fetch_all(pool).await
            })?;
            let Some(last) = bodies.last() else {
                return Ok(());
            };
            after = last.0;
            for (id, body) in bodies {
                if let Err(cause) = serde_json::from_str::<serde::de::IgnoredAny>(&body) {
                    let row = id.to_string();
                    let pair = ("JSON".to_owned(), cause.to_string());
                    report
                        .differences
                        .push(Difference::new("outbox", &row, "body", pair));
                }
            }
        }
    }
}

/// The highest number of each sequence that results and papers were numbered by.
pub(super) struct Registers {
    /// Every unit that there was or will be: who took over numbers in its own books.
    units: Vec<Unit>,
    highest: BTreeMap<String, i64>,
    results: BTreeMap<String, Register>,
}

/// What is known of the numbers that one register gave to results.
#[derive(Default)]
struct Register {
    /// The last that was drawn before dossiers were read.
    last: i64,
    /// Numbers that it passed over, from the first to the last.
    raised: Vec<(i64, i64)>,
    /// Numbers in use, 64 of them in each word.
    given: BTreeMap<i64, u64>,
    /// Numbers in use that more than one dossier has.
    again: BTreeSet<i64>,
}

impl Register {
    fn bit(number: i64) -> (i64, u64) {
        (number.div_euclid(64), 1 << number.rem_euclid(64))
    }

    fn has(&self, number: i64) -> bool {
        let (word, bit) = Self::bit(number);
        self.given.get(&word).is_some_and(|given| given & bit != 0)
    }

    fn give(&mut self, number: i64) {
        if self.has(number) {
            self.again.insert(number);
        }
        let (word, bit) = Self::bit(number);
        *self.given.entry(word).or_default() |= bit;
    }

    /// Runs of numbers that were drawn and that no result has.
    fn gaps(&self) -> Vec<(i64, i64)> {
        let raised = |number| self.raised.iter().any(|(a, z)| (*a..=*z).contains(&number));
        let mut gaps: Vec<(i64, i64)> = Vec::new();
        for number in (1..=self.last).filter(|number| !self.has(*number) && !raised(*number)) {
            match gaps.last_mut() {
                Some((_, last)) if *last + 1 == number => *last = number,
                _ => gaps.push((number, number)),
            }
        }
        gaps
    }
}

impl Registers {
    pub(super) fn of(units: Vec<Unit>) -> Self {
        Self {
            units,
            highest: BTreeMap::new(),
            results: BTreeMap::new(),
        }
    }

    /// Notes the results and the papers of dossiers.
    pub(super) fn note(&mut self, replayed: &[Replayed]) {
        for one in replayed {
            let record = one.loaded.dossier.record();
            let centre = record.map(|record| &record.filed.receiving);
            for recorded in &one.loaded.events {
                let result = match &recorded.event {
                    Event::Settled { issued, .. } => place_of(&issued.number, issued.at),
                    _ => None,
                };
                if let Some((name, number)) = &result {
                    let register = self.results.entry(name.clone()).or_default();
                    register.give(*number);
                }
                let centre = centre.map(|id| heir_on(&self.units, id, recorded.event.at().date()));
                let paper = centre.and_then(|centre| paper_sequence(&recorded.event, centre));
                for (name, number) in result.into_iter().chain(paper) {
                    let highest = self.highest.entry(name).or_default();
                    *highest = number.max(*highest);
                }
            }
        }
    }
}

/// The sequence behind the number of a paper, and its place in it: `12/HDHS` is of the centre that
/// received, or of who took it over, `03/TB-H56.14` of the agency that its symbol names.
fn paper_sequence(event: &Event, centre: &UnitId) -> Option<(String, i64)> {
    let (book, number, at) = event.paper_number()?;
    let (order, symbol) = number.split_once('/')?;
    let named = symbol.split_once('-').map(|(_, unit)| UnitId::parse(unit));
    let unit = named.transpose().ok()?;
    let unit = unit.as_ref().unwrap_or(centre);
    Some((book.sequence(unit, at.year()), order.parse().ok()?))
}

/// Whether a sequence numbers results.
fn is_of_results(sequence: &str) -> bool {
    sequence.starts_with("result:")
}

/// The sequence behind numbers that begin with `head`: `H56.14-261122-` is numbered by
/// `dossier:H56.14:2026-11-22`. Numbers of other systems, with other dates, have none here.
fn sequence_of(head: &str) -> Option<String> {
    let (unit, day) = head.strip_suffix('-')?.rsplit_once('-')?;
    let (year, rest) = day.split_at_checked(2)?;
    let (month, date) = rest.split_at_checked(2)?;
    (date.len() == 2).then(|| format!("dossier:{unit}:20{year}-{month}-{date}"))
}

#[cfg(test)]
mod tests {
    use domain::dossier::Event;
    use domain::ids::{DossierId, TextId, UnitId};

    use super::{Register, paper_sequence, sequence_of};

    #[test]
    fn a_number_names_the_sequence_it_came_from() {
        let name = sequence_of("H56.14-261122-");
        assert_eq!(name.as_deref(), Some("dossier:H56.14:2026-11-22"));
        assert_eq!(sequence_of("G09.20-20260609-"), None);
    }

    #[test]
    fn the_number_of_a_paper_names_the_sequence_it_came_from() {
        let centre = UnitId::parse("H56.14").unwrap();
        let declined = |number: &str| Event::Declined {
            at: jiff::civil::date(2026, 11, 23).at(8, 0, 0, 0),
            reason: TextId::parse("reason").unwrap(),
            refund: None,
            late: false,
            number: Some(number.to_owned()),
        };
        let slip = paper_sequence(&declined("07/TCHS"), &centre);
        assert_eq!(slip, Some(("refusal:H56.14:2026".to_owned(), 7)));
        assert_eq!(paper_sequence(&declined("a/TCHS"), &centre), None);
        let letter = Event::Corrected {
            at: jiff::civil::date(2026, 11, 23).at(8, 0, 0, 0),
            by: DossierId::parse("correction").unwrap(),
            correction: domain::dossier::CorrectionKind::Amend,
            number: Some("04/XL-H56.02".to_owned()),
        };
        let letter = paper_sequence(&letter, &centre);
        assert_eq!(letter, Some(("apology:H56.02:2026".to_owned(), 4)));
    }

    #[test]
    fn a_register_names_what_it_gave_twice_and_what_it_passed_over() {
        let mut register = Register {
            last: 200,
            raised: vec![(1, 60), (120, 121)],
            ..Register::default()
        };
        for number in (61..=200).filter(|number| ![64, 65, 120, 121, 200].contains(number)) {
            register.give(number);
        }
        assert_eq!(register.gaps(), [(64, 65), (200, 200)]);
        register.give(70);
        register.give(300);
        assert_eq!(register.again, [70].into());
        assert_eq!(register.gaps(), [(64, 65), (200, 200)], "drawn since");
    }
}
