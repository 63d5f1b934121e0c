//! The slip of the public post for a dossier that its agent filed.

use domain::ids::DossierId;
use domain::slip::{Heading, PostSlip};
use store::Loaded;

use crate::no::{Denied, No};
use crate::state::App;
use crate::words::{self, Language};

use super::compose::{centre_name, list_heading, sheet, staff_name};
use super::paper::{contact, fee_terms};

/// Digits of a slip's number: the end of the dossier's identifier, which is drawn by chance.
const DIGITS: usize = 10;

/// The number of the post's slip for a dossier.
pub(crate) fn post_slip_number(dossier: &DossierId) -> String {
    let id = dossier.as_str();
    let from = id.len().saturating_sub(DIGITS);
    format!("PG-{}", id.get(from..).unwrap_or(id).to_uppercase())
}

/// What the slip of the dossier says, with what its agent collected.
pub(crate) async fn post_slip(app: &App, loaded: &Loaded) -> Result<PostSlip, No> {
    let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
    let first = loaded.events.first().ok_or(Denied::Unseen)?;
    let sheet = sheet(app, record, first).await?;
    let filed = &record.filed;
    let at = record.submitted_at;
    let signed = record.course.posts.first();
    Ok(PostSlip {
        heading: Heading {
            superior: None,
            agency: words::fill(
                Language::Vi,
                "list.post_at",
                &[("unit", &app.unit_name(&filed.receiving))],
            ),
            ..list_heading(app, &filed.receiving, at, "tra-cuu")
        },
        number: post_slip_number(&loaded.id),
        sender: contact(&sheet.applicant),
        owner: sheet.owner.as_ref().map(contact),
        centre: centre_name(app, &filed.receiving),
        agency: app.unit_name(&filed.competent),
        request: sheet.request(),
        components: sheet.handed(),
        fee: fee_terms(filed.payment, filed.fee),
        collected: record.collected(),
        at,
        record: signed.map(|signed| signed.record.clone()),
        agent: staff_name(app, &first.actor).await?,
    })
}
