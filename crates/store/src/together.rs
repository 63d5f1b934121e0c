//! Statements of one write that do not depend on each other: PostgreSQL takes them as one, SQLite,
//! which lies in the same process, one after the other.
//!
//! On PostgreSQL a statement costs more on its way than at its place: of a command's time, most was
//! spent on waiting, waking and system calls of a dozen round trips.

use std::fmt::Write as _;

use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Pool, Postgres};

use crate::StoreError;
use crate::backend::{Engine, Tx};
use crate::rows::{Cell, write_row};

/// Statements to be written together. Their texts are literals of this crate with placeholders of
/// their own; every value is bound. None touches a row that another one touches.
#[derive(Default)]
pub(crate) struct Together {
    statements: Vec<(String, Vec<Cell>)>,
    /// The statement that must touch a row.
    sure: Option<usize>,
}

impl Together {
    /// Adds a statement.
    pub(crate) fn add(&mut self, sql: &'static str, cells: Vec<Cell>) {
        self.statements.push((sql.to_owned(), cells));
    }

    /// Adds the statement without whose row nothing is written: somebody else has changed it.
    pub(crate) fn add_sure(&mut self, sql: &'static str, cells: Vec<Cell>) {
        self.sure = Some(self.statements.len());
        self.add(sql, cells);
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
        let cells = rows.into_iter().flatten().collect();
        self.statements.push((sql, cells));
    }

    /// Writes them all.
    ///
    /// # Errors
    /// [`StoreError::Clash`] when the sure statement found no row; then the write must be undone.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<(), StoreError> {
        if let Engine::Postgres(c) = tx
            && self.statements.len() > 1
        {
            let (sql, cells) = self.joined();
            return done(bound(sql, cells).execute(&mut **c).await);
        }
        for (nth, (sql, cells)) in self.statements.into_iter().enumerate() {
            let touched = write_row(tx, AssertSqlSafe(sql), cells).await?;
            if self.sure == Some(nth) && touched == 0 {
                return Err(StoreError::Clash);
            }
        }
        Ok(())
    }

    /// Writes them all as one statement, which is its own transaction: no way to begin one and to
    /// commit it.
    pub(crate) async fn write_alone(self, pool: &Pool<Postgres>) -> Result<(), StoreError> {
        let (sql, cells) = self.joined();
        done(bound(sql, cells).execute(pool).await)
    }

    /// One statement, which divides by the rows that the sure part touched: none is an error that
    /// undoes all of it.
    fn joined(self) -> (String, Vec<Cell>) {
        let mut parts = String::from("WITH ");
        let mut all = Vec::new();
        for (nth, (sql, cells)) in self.statements.into_iter().enumerate() {
            let comma = if nth == 0 { "" } else { ", " };
            let counted = if self.sure == Some(nth) {
                " RETURNING 1"
            } else {
                ""
            };
            let sql = shifted(&sql, all.len());
            write!(parts, "{comma}p{nth} AS ({sql}{counted})").expect("a text takes every text");
            all.extend(cells);
        }
        match self.sure {
            Some(nth) => write!(parts, " SELECT 1 / COUNT(*) FROM p{nth}"),
            None => write!(parts, " SELECT 1"),
        }
        .expect("a text takes every text");
        (parts, all)
    }
}

fn bound<'q>(sql: String, cells: Vec<Cell>) -> Query<'q, Postgres, PgArguments> {
    let start = sqlx::query(AssertSqlSafe(sql));
    cells.into_iter().fold(start, |query, cell| match cell {
        Cell::Text(text) => query.bind(text),
        Cell::MaybeText(text) => query.bind(text),
        Cell::Number(number) => query.bind(number),
        Cell::MaybeNumber(number) => query.bind(number),
        Cell::Bytes(bytes) => query.bind(bytes),
    })
}

/// `division_by_zero`.
const NO_ROW: &str = "22012";

fn done<T>(ended: Result<T, sqlx::Error>) -> Result<(), StoreError> {
    match ended {
        Ok(_) => Ok(()),
        Err(sqlx::Error::Database(cause)) if cause.code().as_deref() == Some(NO_ROW) => {
            Err(StoreError::Clash)
        }
        Err(cause) => Err(cause.into()),
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
        together.add_sure(
            "UPDATE b SET x = $2 WHERE y = $1",
            vec![number(5), number(6)],
        );
        let (sql, cells) = together.joined();
        assert_eq!(
            sql,
            "WITH p0 AS (INSERT INTO a (x, y) VALUES ($1, $2), ($3, $4)), \
             p1 AS (UPDATE b SET x = $6 WHERE y = $5 RETURNING 1) \
             SELECT 1 / COUNT(*) FROM p1"
        );
        assert_eq!(cells.len(), 6);
    }
}
