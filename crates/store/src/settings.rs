//! What a province decides for itself: parameters with their basis, and days its offices work or
//! not.

use domain::calendar::{Name, SpecialDay};
use jiff::civil::{Date, DateTime};
use serde_json::Value;

use crate::audit::{self, AuditLine};
use crate::backend::on;
use crate::rows;
use crate::time::{from_millis, to_millis};
use crate::{Store, StoreError};

/// A parameter of the province.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Which: `hours.morning`.
    pub key: String,
    /// Its value.
    pub value: Value,
    /// The instrument it rests on.
    pub basis: String,
    /// First day on which it holds; it holds until the next one of the same key.
    pub valid_from: Date,
    /// When it was written.
    pub updated_at: DateTime,
}

impl Store {
    /// Writes a parameter, new or again for the same first day.
    pub async fn save_setting(&self, setting: Setting, audit: AuditLine) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                on!(&mut *tx, c => sqlx::query(SAVE)
                    .bind(setting.key)
                    .bind(setting.valid_from.to_string())
                    .bind(setting.value.to_string())
                    .bind(setting.basis)
                    .bind(to_millis(setting.updated_at))
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                audit::insert(tx, setting.updated_at, &[audit]).await
            })
        })
        .await
    }

    /// The parameters that hold on `day`, by key.
    pub async fn settings(&self, day: Date) -> Result<Vec<Setting>, StoreError> {
        let found: Vec<(String, String, String, String, i64)> = on!(&self.reads, pool => sqlx::query_as(HOLDING)
                .bind(day.to_string())
                .fetch_all(pool)
                .await)?;
        let read = |(key, valid_from, value, basis, updated_at): (String, String, String, _, _)| {
            Ok(Setting {
                value: rows::json("setting.value", &key, &value)?,
                valid_from: rows::typed("setting.valid_from", &valid_from)?,
                updated_at: from_millis(updated_at),
                key,
                basis,
            })
        };
        let mut settings = found
            .into_iter()
            .map(read)
            .collect::<Result<Vec<_>, StoreError>>()?;
        settings.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(settings)
    }

    /// Writes the province's own entry for a day, new or again.
    pub async fn save_calendar_override(
        &self,
        date: Date,
        day: SpecialDay,
        at: DateTime,
        audit: AuditLine,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                on!(&mut *tx, c => sqlx::query(SAVE_DAY)
                    .bind(date.to_string())
                    .bind(rows::name_of(&day.kind))
                    .bind(day.name.vi)
                    .bind(day.name.en)
                    .bind(day.source)
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                audit::insert(tx, at, &[audit]).await
            })
        })
        .await
    }

    /// The province's own entries, by date.
    pub async fn calendar_overrides(&self) -> Result<Vec<(Date, SpecialDay)>, StoreError> {
        let found: Vec<(String, String, String, String, String)> =
            on!(&self.reads, pool => sqlx::query_as(DAYS).fetch_all(pool).await)?;
        found
            .into_iter()
            .map(|(date, kind, vi, en, source)| {
                let kind = rows::typed("calendar_override.kind", &kind)?;
                let day = SpecialDay {
                    kind,
                    name: Name { vi, en },
                    source,
                };
                Ok((rows::typed("calendar_override.date", &date)?, day))
            })
            .collect()
    }
}

const SAVE: &str = "
    INSERT INTO setting (key, valid_from, value, basis, updated_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (key, valid_from) DO UPDATE SET value = excluded.value, basis = excluded.basis,
        updated_at = excluded.updated_at";
const HOLDING: &str = "
    SELECT s.key, s.valid_from, s.value, s.basis, s.updated_at FROM setting s
    WHERE s.valid_from = (SELECT MAX(n.valid_from) FROM setting n
        WHERE n.key = s.key AND n.valid_from <= $1)";
const SAVE_DAY: &str = "
    INSERT INTO calendar_override (date, kind, name_vi, name_en, source)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (date) DO UPDATE SET kind = excluded.kind, name_vi = excluded.name_vi,
        name_en = excluded.name_en, source = excluded.source";
const DAYS: &str =
    "SELECT date, kind, name_vi, name_en, source FROM calendar_override ORDER BY date";
