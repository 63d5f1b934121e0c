//! Taking a certificate out of use: at once, or after a day to come.

use domain::certificate::{EndReason, Ended};
use domain::ids::CertificateId;
use jiff::civil::{Date, DateTime};
use store::AuditLine;

use crate::absence::line;
use crate::access::{Actor, may_end_certificate};
use crate::forms::Typed;
use crate::no::{Denied, Fault, No};
use crate::state::App;

/// Takes a certificate out of use, for the reason `why`: after the day `last`, or at once where none
/// is named and wherever the key may be in strange hands. An earlier end takes the place of one to come,
/// never a later one; one that is out of use already stays as it is.
///
/// # Errors
/// [`No::Denied`], unseen; [`No::Invalid`] at its field, also where it ends earlier already.
pub async fn end(app: &App, actor: &Actor, id: &CertificateId, typed: &Typed) -> Result<(), No> {
    let now = app.clock().now();
    let found = app.store().certificate(id, now.date()).await?;
    let certificate = found.ok_or(Denied::Unseen)?.row.certificate;
    let known = certificate.ended;
    let permit = may_end_certificate(actor, &certificate, &line(app, &certificate.unit))?;
    let why = EndReason::parse(typed.get("why"));
    let from = from(typed.get("last"), now);
    let mut faults = Vec::new();
    if why.is_none() {
        faults.push(Fault::new("why", "fault.certificate.why"));
    }
    if from.is_none() {
        faults.push(Fault::new("last", "fault.certificate.last"));
    }
    let (Some(why), Some(from)) = (why, from) else {
        return Err(No::Invalid(faults));
    };
    let at_once = matches!(why, EndReason::Revoked | EndReason::KeyLost);
    let ended = Ended {
        from: if at_once { now } else { from },
        why,
    };
    let audit = AuditLine {
        actor: permit.by().to_string(),
        action: "certificate.ended".to_owned(),
        subject: id.to_string(),
        purpose: permit.right().to_owned(),
        detail: format!("{} from {}", why.as_str(), ended.from),
    };
    let ends = app.store().end_certificate(id, ended, (now, audit)).await?;
    match known {
        Some(known) if !ends && now < known.from => Err(No::Invalid(vec![Fault::new(
            "last",
            "fault.certificate.ends_earlier",
        )])),
        _ => Ok(()),
    }
}

/// The first moment after the day typed; now where none is. None for a day that is past or none.
fn from(last: &str, now: DateTime) -> Option<DateTime> {
    if last.is_empty() {
        return Some(now);
    }
    let plain = last.parse().ok();
    let day = plain.or_else(|| Date::strptime("%d/%m/%Y", last).ok())?;
    let next = day.tomorrow().ok()?;
    (now.date() <= day).then(|| next.at(0, 0, 0, 0))
}
