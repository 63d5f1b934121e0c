//! What the typed tables share: columns whose type has a name of its own, and rows inserted many at
//! a time. This module must not know any table.

use serde::de::IntoDeserializer;
use serde::{Serialize, de};
use sqlx::{QueryBuilder, SqlSafeStr};

use crate::StoreError;
use crate::backend::{Tx, on};

/// How many keys one statement looks up; longer lists take several statements.
pub(crate) const KEYS: usize = 16;

/// Bound values of one statement: below SQLite's 32,766 and PostgreSQL's 65,535.
const MOST_VALUES: usize = 10_000;

/// One value of a row inserted by [`write_row`] or [`insert_rows`].
pub(crate) enum Cell {
    Text(String),
    MaybeText(Option<String>),
    Number(i64),
    MaybeNumber(Option<i64>),
    Bytes(Vec<u8>),
}

/// Reads a text column whose type is written by its name: identifiers, kinds, dates.
pub(crate) fn typed<T: de::DeserializeOwned>(
    column: &'static str,
    text: &str,
) -> Result<T, StoreError> {
    let read: Result<T, de::value::Error> = T::deserialize(text.into_deserializer());
    read.map_err(|cause| StoreError::inconsistent(column, text, cause))
}

/// Like [`typed`], for a column that may be null.
pub(crate) fn maybe<T: de::DeserializeOwned>(
    column: &'static str,
    text: Option<&str>,
) -> Result<Option<T>, StoreError> {
    text.map(|text| typed(column, text)).transpose()
}

/// The name under which [`typed`] reads the value again.
pub(crate) fn name_of<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Some(name),
        Ok(_) | Err(_) => None,
    }
    .expect("identifiers, kinds and dates serialise to one text")
}

/// Reads a JSON column; `row` names the row in the error.
pub(crate) fn json<T: de::DeserializeOwned>(
    column: &'static str,
    row: &str,
    text: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|cause| StoreError::inconsistent(column, row, cause))
}

/// Writes a JSON column.
pub(crate) fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("stored values have text keys and no failing parts")
}

/// Reads a version or an ordinal; `row` names the row in the error.
pub(crate) fn number(column: &'static str, row: &str, number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|cause| StoreError::inconsistent(column, row, cause))
}

/// Writes one row by a statement that stays prepared; says how many were written.
pub(crate) async fn write_row(
    tx: &mut Tx,
    sql: impl SqlSafeStr,
    cells: Vec<Cell>,
) -> Result<u64, StoreError> {
    let sql = sql.into_sql_str();
    let written = on!(tx, c => {
        let mut insert = sqlx::query(sql);
        for cell in cells {
            insert = match cell {
                Cell::Text(text) => insert.bind(text),
                Cell::MaybeText(text) => insert.bind(text),
                Cell::Number(number) => insert.bind(number),
                Cell::MaybeNumber(number) => insert.bind(number),
                Cell::Bytes(bytes) => insert.bind(bytes),
            };
        }
        insert.execute(&mut **c).await.map(|done| done.rows_affected())
    });
    Ok(written?)
}

/// Inserts rows many at a time; says how many were written. `head` is everything before `VALUES`,
/// `tail` everything after; both are literals, and every value is bound.
pub(crate) async fn insert_rows(
    tx: &mut Tx,
    head: &'static str,
    tail: &'static str,
    rows: Vec<Vec<Cell>>,
) -> Result<u64, StoreError> {
    let width = rows.first().map_or(1, Vec::len).max(1);
    let mut rows = rows.into_iter().peekable();
    let mut written = 0_u64;
    while rows.peek().is_some() {
        let chunk: Vec<Vec<Cell>> = rows.by_ref().take(MOST_VALUES / width).collect();
        let done = on!(&mut *tx, c => {
            let mut insert = QueryBuilder::new(head);
            insert.push_values(chunk, |mut row, cells| {
                for cell in cells {
                    match cell {
                        Cell::Text(text) => row.push_bind(text),
                        Cell::MaybeText(text) => row.push_bind(text),
                        Cell::Number(number) => row.push_bind(number),
                        Cell::MaybeNumber(number) => row.push_bind(number),
                        Cell::Bytes(bytes) => row.push_bind(bytes),
                    };
                }
            });
            insert.push(tail);
            // Every length is another statement; keeping them prepared would push others out.
            let insert = insert.build().persistent(false);
            insert.execute(&mut **c).await.map(|done| done.rows_affected())
        })?;
        written = written.saturating_add(done);
    }
    Ok(written)
}
