//! What a province decides for itself: parameters with their basis, and days its offices work or
//! not.

use domain::calendar::Calendar;
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
    /// Which: `office.hours`.
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
    /// Writes a parameter, new or again for the same first day. That the day is still to come is
    /// the caller's to see to.
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

    /// Every parameter that holds, held or will hold, by key and first day.
    pub async fn settings(&self) -> Result<Vec<Setting>, StoreError> {
        let found: Vec<(String, String, String, String, i64)> =
            on!(&self.reads, pool => sqlx::query_as(SETTINGS).fetch_all(pool).await)?;
        let read = |(key, valid_from, value, basis, updated_at): (String, String, String, _, _)| {
            Ok(Setting {
                value: rows::json("setting.value", &key, &value)?,
                valid_from: rows::typed("setting.valid_from", &valid_from)?,
                updated_at: from_millis(updated_at),
                key,
                basis,
            })
        };
        let settings = found.into_iter().map(read);
        let mut settings = settings.collect::<Result<Vec<Setting>, StoreError>>()?;
        settings.sort_by(|a, b| (&a.key, a.valid_from).cmp(&(&b.key, b.valid_from)));
        Ok(settings)
    }

    /// Publishes a version of the calendar; one that is there already stays as it is. Says whether
    /// it was new.
    pub async fn publish_calendar(
        &self,
        calendar: &Calendar,
        at: DateTime,
        audit: AuditLine,
    ) -> Result<bool, StoreError> {
        let (version, body) = (calendar.version().to_owned(), calendar.to_string());
        self.write(move |tx| {
            Box::pin(async move {
                let done = on!(&mut *tx, c => sqlx::query(PUBLISH)
                    .bind(version)
                    .bind(body)
                    .bind(to_millis(at))
                    .execute(&mut **c)
                    .await
                    .map(|done| done.rows_affected()))?;
                if done == 0 {
                    return Ok(false);
                }
                audit::insert(tx, at, &[audit]).await?;
                Ok(true)
            })
        })
        .await
    }

    /// Every published version of the calendar, the newest last.
    pub async fn calendars(&self) -> Result<Vec<Calendar>, StoreError> {
        let found: Vec<(String, String)> =
            on!(&self.reads, pool => sqlx::query_as(CALENDARS).fetch_all(pool).await)?;
        found
            .into_iter()
            .map(|(version, body)| {
                let bad = |why| StoreError::inconsistent("calendar", &version, why);
                Calendar::parse(&body).map_err(bad)
            })
            .collect()
    }
}

const SAVE: &str = "
    INSERT INTO setting (key, valid_from, value, basis, updated_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (key, valid_from) DO UPDATE SET value = excluded.value, basis = excluded.basis,
        updated_at = excluded.updated_at";
const SETTINGS: &str = "SELECT key, valid_from, value, basis, updated_at FROM setting";
const PUBLISH: &str = "INSERT INTO calendar (version, body, published_at) VALUES ($1, $2, $3) \
    ON CONFLICT (version) DO NOTHING";
const CALENDARS: &str = "SELECT version, body FROM calendar ORDER BY published_at, version";
