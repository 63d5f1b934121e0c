//! Statements of one write that do not depend on each other: PostgreSQL takes them as one, SQLite,
//! which lies in the same process, one after the other.
//!
//! On PostgreSQL a statement costs more on its way than at its place: of a command's time, most was
//! spent on waiting, waking and system calls of a dozen round trips.

use std::fmt::Write as _;

use sqlx::AssertSqlSafe;

use crate::StoreError;
use crate::backend::{Engine, Tx};
use crate::rows::{Cell, write_row};

/// Statements to be written together, in order. Their texts are literals of this crate with
/// placeholders of their own; every value is bound.
#[derive(Default)]
pub(crate) struct Together(Vec<(String, Vec<Cell>)>);

impl Together {
    /// Adds a statement that touches no row that another one touches.
    pub(crate) fn add(&mut self, sql: &'static str, cells: Vec<Cell>) {
        self.0.push((sql.to_owned(), cells));
    }

    /// Adds rows to a table, in their order; `head` is everything before `VALUES`.
    pub(crate) fn add_rows(&mut self, head: &'static str, rows: Vec<Vec<Cell>>) {
        if rows.is_empty() {
            return;
        }
        let mut sql = format!("{head} VALUES ");
        let mut next = 1_usize;
        for (nth, row) in rows.iter().enumerate() {
            let places: Vec<String> = (next..).take(row.len()).map(|n| format!("${n}")).collect();
            next = next.saturating_add(row.len());
            let comma = if nth == 0 { "" } else { ", " };
            write!(sql, "{comma}({})", places.join(", ")).expect("a text takes every text");
        }
        self.0.push((sql, rows.into_iter().flatten().collect()));
    }

    /// How many statements there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Writes them all; says how many rows each has touched.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<Vec<u64>, StoreError> {
        if let Engine::Postgres(c) = tx
            && self.len() > 1
        {
            let (sql, cells) = self.joined();
            let mut all = sqlx::query_scalar(AssertSqlSafe(sql));
            for cell in cells {
                all = match cell {
                    Cell::Text(text) => all.bind(text),
                    Cell::MaybeText(text) => all.bind(text),
                    Cell::Number(number) => all.bind(number),
                    Cell::MaybeNumber(number) => all.bind(number),
                    Cell::Bytes(bytes) => all.bind(bytes),
                };
            }
            let touched: Vec<i64> = all.fetch_one(&mut **c).await?;
            return Ok(touched.into_iter().map(i64::unsigned_abs).collect());
        }
        let mut touched = Vec::with_capacity(self.len());
        for (sql, cells) in self.0 {
            touched.push(write_row(tx, AssertSqlSafe(sql), cells).await?);
        }
        Ok(touched)
    }

    /// One statement, whose parts run in order because it counts what each returns in order.
    fn joined(self) -> (String, Vec<Cell>) {
        let mut parts = String::from("WITH ");
        let mut counts = Vec::new();
        let mut all = Vec::new();
        for (nth, (sql, cells)) in self.0.into_iter().enumerate() {
            let comma = if nth == 0 { "" } else { ", " };
            let sql = shifted(&sql, all.len());
            write!(parts, "{comma}p{nth} AS ({sql} RETURNING 1)").expect("a text takes every text");
            counts.push(format!("(SELECT COUNT(*) FROM p{nth})"));
            all.extend(cells);
        }
        (format!("{parts} SELECT ARRAY[{}]", counts.join(", ")), all)
    }
}

/// The statement with its placeholders counted on from `by`.
fn shifted(sql: &str, by: usize) -> String {
    let mut parts = sql.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at(digits);
        let number = number.parse::<usize>().unwrap_or(0).saturating_add(by);
        write!(text, "${number}{rest}").expect("a text takes every text");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: i64) -> Cell {
        Cell::Number(value)
    }

    #[test]
    fn statements_become_one_with_their_values_in_order() {
        let mut together = Together::default();
        together.add_rows(
            "INSERT INTO a (x, y)",
            vec![vec![number(1), number(2)], vec![number(3), number(4)]],
        );
        together.add_rows("INSERT INTO nothing (x)", Vec::new());
        together.add(
            "UPDATE b SET x = $2 WHERE y = $1",
            vec![number(5), number(6)],
        );
        assert_eq!(together.len(), 2);
        let (sql, cells) = together.joined();
        assert_eq!(
            sql,
            "WITH p0 AS (INSERT INTO a (x, y) VALUES ($1, $2), ($3, $4) RETURNING 1), \
             p1 AS (UPDATE b SET x = $6 WHERE y = $5 RETURNING 1) \
             SELECT ARRAY[(SELECT COUNT(*) FROM p0), (SELECT COUNT(*) FROM p1)]"
        );
        assert_eq!(cells.len(), 6);
    }
}
