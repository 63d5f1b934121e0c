//! Checks of what stands beside the dossiers: audit blocks, number sequences, outbox.

use std::collections::BTreeMap;

use domain::dossier::Event;
use domain::ids::UnitId;
use domain::office::{Unit, heir_on};

use super::replay::Replayed;
use super::{Difference, Report};
use crate::audit::{BLOCKS, BlockRow, Seal};
use crate::backend::on;
use crate::store::{Store, StoreError};

const NUMBERS: &str = "SELECT substr(code, 1, length(code) - length(code_order)) AS head, \
     MAX(CAST(code_order AS BIGINT)) AS highest FROM dossier WHERE code IS NOT NULL GROUP BY 1";
const SEQUENCES: &str = "SELECT name, last FROM number_sequence";
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

    /// A sequence that lags behind the numbers in use would give one of them again.
    pub(super) async fn check_numbers(
        &self,
        report: &mut Report,
        results: Registers,
    ) -> Result<(), StoreError> {
        let numbers: Vec<(String, i64)> =
            on!(&self.reads, pool => sqlx::query_as(NUMBERS).fetch_all(pool).await)?;
        let sequences: Vec<(String, i64)> =
            on!(&self.reads, pool => sqlx::query_as(SEQUENCES).fetch_all(pool).await)?;
        let sequences: BTreeMap<String, i64> = sequences.into_iter().collect();
        let dossiers = numbers
            .into_iter()
            .filter_map(|(head, highest)| Some((sequence_of(&head)?, highest)));
        for (name, highest) in dossiers.chain(results.highest) {
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
}

impl Registers {
    pub(super) fn of(units: Vec<Unit>) -> Self {
        Self {
            units,
            highest: BTreeMap::new(),
        }
    }

    /// Notes the results and the papers of dossiers.
    pub(super) fn note(&mut self, replayed: &[Replayed]) {
        for one in replayed {
            let record = one.loaded.dossier.record();
            let centre = record.map(|record| &record.filed.receiving);
            for recorded in &one.loaded.events {
                let result = match &recorded.event {
                    Event::Settled { issued, .. } => {
                        result_sequence(&issued.number, issued.at.year())
                    }
                    _ => None,
                };
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

/// The sequence behind the number of a result, and its place in it: `07/KQ-H56.14` of 2026 is the
/// seventh of `result:H56.14:2026`. Numbers of other systems look otherwise and have none here.
fn result_sequence(number: &str, year: i16) -> Option<(String, i64)> {
    let (order, unit) = number.split_once("/KQ-")?;
    Some((format!("result:{unit}:{year}"), order.parse().ok()?))
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

    use super::{paper_sequence, result_sequence, sequence_of};

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
    fn the_number_of_a_result_names_the_sequence_it_came_from() {
        let name = "result:H56.14:2026".to_owned();
        assert_eq!(result_sequence("07/KQ-H56.14", 2026), Some((name, 7)));
        assert_eq!(result_sequence("07/GCN", 2026), None);
        assert_eq!(result_sequence("a/KQ-H56.14", 2026), None);
    }
}
