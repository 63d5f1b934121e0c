//! The hours in which nobody is disturbed: the province's, within what the law's notices bear.

use domain::notice::{BadHours, QuietHours};
use jiff::civil::Time;
use serde_json::json;
use store::{AuditLine, Setting};

use crate::access::Actor;
use crate::no::{Fault, No};
use crate::state::App;

use super::rights::may_edit;
use super::wording::line;

/// Key of the hours.
const QUIET: &str = "notice.quiet_hours";

/// When nobody is disturbed: as the province set it, or 21:00 to 07:00.
///
/// # Errors
/// [`No::Broken`].
pub async fn quiet_hours(app: &App) -> Result<QuietHours, No> {
    let today = app.clock().now().date();
    let settings = app.store().settings().await?;
    let holding = settings
        .into_iter()
        .rfind(|setting| setting.key == QUIET && setting.valid_from <= today);
    match holding {
        Some(setting) => {
            serde_json::from_value(setting.value).map_err(|fault| No::Broken(Box::new(fault)))
        }
        None => Ok(QuietHours::default()),
    }
}

/// Sets the quiet hours from today on; what they were is kept in the audit log.
///
/// # Errors
/// [`No::Denied`]; [`No::Invalid`] when a time is none, or when notices that the law wants would wait
/// too long.
pub async fn save_quiet_hours(app: &App, actor: &Actor, from: &str, to: &str) -> Result<(), No> {
    may_edit(app, actor)?;
    let hours = hours(from, to)?;
    let old = quiet_hours(app).await?;
    let now = app.clock().now();
    let setting = Setting {
        key: QUIET.to_owned(),
        value: serde_json::to_value(hours).map_err(|fault| No::Broken(Box::new(fault)))?,
        basis: String::new(),
        valid_from: now.date(),
        updated_at: now,
    };
    let line = AuditLine {
        detail: json!({"old": old, "new": hours}).to_string(),
        ..line(actor, "setting.saved", QUIET)
    };
    Ok(app.store().save_setting(setting, line).await?)
}

/// The hours as they were typed.
fn hours(from: &str, to: &str) -> Result<QuietHours, No> {
    let time = |typed: &str, field: &'static str| {
        Time::strptime("%H:%M", typed.trim()).map_err(|_| Fault::new(field, "notice.fault.time"))
    };
    let (from, to) = match (time(from, "from"), time(to, "to")) {
        (Ok(from), Ok(to)) => (from, to),
        (from, to) => {
            let faults = [from.err(), to.err()];
            return Err(No::Invalid(faults.into_iter().flatten().collect()));
        }
    };
    QuietHours { from, to }.checked().map_err(|bad| {
        let key = match bad {
            BadHours::TooLong => "notice.fault.hours_long",
            BadHours::ByDay => "notice.fault.hours_by_day",
        };
        No::Invalid(vec![Fault::new("to", key)])
    })
}
