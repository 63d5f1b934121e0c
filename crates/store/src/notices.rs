//! The words of notices, version by version, and which kinds the province has switched off.

use domain::ids::StaffId;
use domain::notice::{Channel, Kind, Template};
use jiff::civil::DateTime;

use crate::audit::{self, AuditLine};
use crate::backend::on;
use crate::rows;
use crate::time::{from_millis, to_millis};
use crate::{Store, StoreError};

/// A template as the province saved it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedTemplate {
    /// Its words.
    pub template: Template,
    /// Their language: `vi` or `en`.
    pub language: String,
    /// Which version, from 1.
    pub version: u32,
    /// Who saved it.
    pub staff: StaffId,
    /// When.
    pub saved_at: DateTime,
}

impl Store {
    /// Saves the next version of a template; `version` is that of the one that was edited, 0 when
    /// none was saved before. False when somebody else was faster: nothing is written then.
    pub async fn save_template(
        &self,
        saved: SavedTemplate,
        audit: AuditLine,
    ) -> Result<bool, StoreError> {
        let at = saved.saved_at;
        let done: Result<(), StoreError> = self
            .write(move |tx| {
                Box::pin(async move {
                    let written = on!(&mut *tx, c => sqlx::query(SAVE)
                        .bind(saved.template.kind.as_str())
                        .bind(saved.template.channel.as_str())
                        .bind(saved.language)
                        .bind(i64::from(saved.version))
                        .bind(saved.template.subject)
                        .bind(saved.template.body)
                        .bind(saved.staff.as_str())
                        .bind(to_millis(at))
                        .execute(&mut **c)
                        .await
                        .map(|done| done.rows_affected()))?;
                    if written == 0 {
                        return Err(StoreError::Clash);
                    }
                    audit::insert(tx, at, &[audit]).await
                })
            })
            .await;
        match done {
            Ok(()) => Ok(true),
            Err(error) if error.is_clash() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The newest version of every template.
    pub async fn templates(&self) -> Result<Vec<SavedTemplate>, StoreError> {
        let found: Vec<Row> =
            on!(&self.reads, pool => sqlx::query_as(NEWEST).fetch_all(pool).await)?;
        found.into_iter().map(saved).collect()
    }

    /// Switches a kind of notice off, or on again. That the law allows it is the caller's to see to.
    pub async fn switch_notice(
        &self,
        kind: Kind,
        off: bool,
        (at, audit): (DateTime, AuditLine),
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                on!(&mut *tx, c => sqlx::query(SWITCH)
                    .bind(kind.as_str())
                    .bind(i64::from(off))
                    .bind(to_millis(at))
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                audit::insert(tx, at, &[audit]).await
            })
        })
        .await
    }

    /// Kinds that are switched off.
    pub async fn notices_off(&self) -> Result<Vec<Kind>, StoreError> {
        let found: Vec<(String,)> =
            on!(&self.reads, pool => sqlx::query_as(OFF).fetch_all(pool).await)?;
        found.iter().map(|(name,)| kind(name)).collect()
    }
}

const SAVE: &str = "
    INSERT INTO notice_template (kind, channel, language, version, subject, body, staff, saved_at)
    SELECT $1, $2, $3, COALESCE(MAX(version), 0) + 1, $5, $6, $7, $8 FROM notice_template
    WHERE kind = $1 AND channel = $2 AND language = $3
    HAVING COALESCE(MAX(version), 0) = $4";
const NEWEST: &str = "
    SELECT kind, channel, language, version, subject, body, staff, saved_at
    FROM notice_template t
    WHERE version = (SELECT MAX(n.version) FROM notice_template n
        WHERE n.kind = t.kind AND n.channel = t.channel AND n.language = t.language)
    ORDER BY kind, channel, language";
const SWITCH: &str = "
    INSERT INTO notice_switch (kind, is_off, updated_at) VALUES ($1, $2, $3)
    ON CONFLICT (kind) DO UPDATE SET is_off = excluded.is_off, updated_at = excluded.updated_at";
const OFF: &str = "SELECT kind FROM notice_switch WHERE is_off = 1 ORDER BY kind";

type Row = (String, String, String, i64, String, String, String, i64);

fn saved(row: Row) -> Result<SavedTemplate, StoreError> {
    let (kind_name, channel_name, language, version, subject, body, staff, saved_at) = row;
    let template = Template {
        kind: kind(&kind_name)?,
        channel: channel(&channel_name)?,
        subject,
        body,
    };
    Ok(SavedTemplate {
        version: rows::number("notice_template.version", &kind_name, version)?,
        staff: rows::typed("notice_template.staff", &staff)?,
        saved_at: from_millis(saved_at),
        template,
        language,
    })
}

/// Reads a column that names a kind.
pub(crate) fn kind(name: &str) -> Result<Kind, StoreError> {
    Kind::parse(name).ok_or_else(|| StoreError::inconsistent("notice kind", name, "unknown"))
}

/// Reads a column that names a channel.
pub(crate) fn channel(name: &str) -> Result<Channel, StoreError> {
    Channel::parse(name).ok_or_else(|| StoreError::inconsistent("notice channel", name, "unknown"))
}
