//! What the store of a dossier's owner holds, and results that have no seal yet.

#![expect(
    unused_qualifications,
    reason = "the expansion of `utoipa::path` writes Query so"
)]

use app::held::{held_page, seal_anew, unsealed};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::ids::DossierId;
use domain::procedure::Validity;
use domain::reuse::Validness;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::stamp;
use super::unit_of;
use crate::error::{Answer, Problem, Trouble};
use crate::session::Staff;
use crate::state::Web;

/// A document of the owner's store.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeldDocument {
    /// Identifier of the dossier whose result it is.
    dossier: String,
    /// What it is called.
    name: String,
    /// Number and symbol.
    number: String,
    /// When it was issued.
    issued_at: String,
    /// Identifier of the agency that issued it.
    agency: String,
    /// `valid`, `withdrawn`, `replaced` or `amended`.
    standing: &'static str,
    /// Last day on which it is valid; none without end, and where nothing says so.
    valid_until: Option<String>,
    /// `valid`, `expired` or `not_stated`.
    validity: &'static str,
    /// The component of the dossier at hand for which it is used.
    used_for: Option<u16>,
    /// What its attachments in files of their own are called, in order; of a document that is used they are
    /// read at `scans/{component}/attachments/1`, ….
    attachments: Vec<String>,
}

/// A page of up to 50 documents.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeldDocuments {
    items: Vec<HeldDocument>,
    /// Where the next page begins.
    next: Option<String>,
}

/// Where a list goes on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct HeldAsked {
    /// `next` of the page before.
    after: String,
}

/// How long a document is valid, as its last day.
pub(super) fn last_day(validity: Option<Validity>) -> Option<String> {
    let last = validity.and_then(Validity::last);
    last.map(|last| last.to_string())
}

/// Whether a document is valid on `today`, by name.
pub(super) fn validness(validity: Option<Validity>, today: Date) -> &'static str {
    match Validness::of(validity, today) {
        Validness::Valid => "valid",
        Validness::Expired { .. } => "expired",
        Validness::NotStated => "not_stated",
    }
}

/// Documents that the owner of a dossier was granted, newest first, without the dossier's own. The
/// reading is logged.
#[utoipa::path(get, path = "/api/v1/dossiers/{dossier}/held", tag = "dossiers",
    security(("session" = [])), params(("dossier" = String, Path), HeldAsked),
    responses((status = 200, body = HeldDocuments, description = "The page"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "None that the person may see")))]
pub(crate) async fn of_dossier(
    State(web): State<Web>,
    staff: Staff,
    Path(dossier): Path<String>,
    Query(asked): Query<HeldAsked>,
) -> Answer<Json<HeldDocuments>> {
    let dossier = DossierId::parse(&dossier).map_err(|_| Trouble::Missing)?;
    let after = asked.after.parse().ok();
    let found = held_page(&web.app, &staff.actor, &dossier, after.as_ref()).await?;
    let (today, next) = (found.today, found.next.map(|key| key.to_string()));
    let item = found.documents.into_iter().map(|listed| {
        let one = listed.document;
        HeldDocument {
            name: one.name().to_owned(),
            dossier: one.dossier.to_string(),
            issued_at: stamp(one.issued),
            agency: one.agency.to_string(),
            standing: one.standing.as_str(),
            valid_until: last_day(one.validity),
            validity: validness(one.validity, today),
            number: one.number,
            used_for: listed.used,
            attachments: listed.attachments,
        }
    });
    Ok(Json(HeldDocuments {
        items: item.collect(),
        next,
    }))
}

/// Whose list, and where it goes on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct UnsealedAsked {
    /// Identifier of a unit of the person's; the first when it is empty.
    unit: String,
    /// `next` of the page before.
    after: String,
}

/// A result without its sealed document.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnsealedResult {
    /// Identifier of the dossier.
    dossier: String,
    /// Its number.
    code: String,
    /// Title of the procedure.
    procedure: String,
    /// Identifier of the agency that issued it.
    agency: String,
    /// Number and symbol of the result.
    number: String,
    /// When it was issued.
    issued_at: String,
    /// `signed` when the agency's signature alone is missing, `unsigned` when nobody signed it, which the
    /// command `digitise_result` mends, `digitised` when the scan of its paper waits for its signature.
    state: &'static str,
    /// Whether the person keeps the seal that it waits for.
    may_seal: bool,
}

/// How many results of an agency have no sealed document.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnsealedFigure {
    /// Identifier of the agency.
    agency: String,
    /// How many.
    results: i64,
}

/// A page of up to 50 results, oldest first, and the figures of the person's agencies; of all agencies,
/// and figures alone, for the controller of the province.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnsealedResults {
    items: Vec<UnsealedResult>,
    units: Vec<UnsealedFigure>,
    /// Where the next page begins.
    next: Option<String>,
}

/// Results that were issued and have no sealed document.
#[utoipa::path(get, path = "/api/v1/results/unsealed", tag = "work", security(("session" = [])),
    params(UnsealedAsked),
    responses((status = 200, body = UnsealedResults, description = "The page"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "No such list, or not of this unit")))]
pub(crate) async fn list(
    State(web): State<Web>,
    staff: Staff,
    Query(asked): Query<UnsealedAsked>,
) -> Answer<Json<UnsealedResults>> {
    let (unit, after) = (unit_of(&asked.unit)?, asked.after.parse().ok());
    let found = unsealed(&web.app, &staff.actor, (unit.as_ref(), after.as_ref())).await?;
    let item = found.rows.into_iter().map(|row| UnsealedResult {
        state: row.state(),
        dossier: row.dossier.to_string(),
        agency: row.agency.to_string(),
        issued_at: stamp(row.issued),
        code: row.code,
        procedure: row.procedure,
        number: row.number,
        may_seal: row.may_seal,
    });
    let unit = found.units.into_iter().map(|one| UnsealedFigure {
        agency: one.agency.to_string(),
        results: one.results,
    });
    Ok(Json(UnsealedResults {
        items: item.collect(),
        units: unit.collect(),
        next: found.next.map(|key| key.to_string()),
    }))
}

/// Has the document of an issued result made again under the caller's seal. It is made in the
/// background.
#[utoipa::path(post, path = "/api/v1/results/{dossier}/seal", tag = "work",
    security(("session" = [])),
    params(("dossier" = String, Path), ("X-CSRF-Token" = String, Header)),
    responses((status = 204, description = "Ordered, or sealed by now"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "No seal of the agency"),
        (status = 404, body = Problem, description = "None that the person may see"),
        (status = 422, body = Problem, description = "No result, never signed, or no valid certificate")))]
pub(crate) async fn seal(
    State(web): State<Web>,
    staff: Staff,
    Path(dossier): Path<String>,
) -> Answer<StatusCode> {
    let dossier = DossierId::parse(&dossier).map_err(|_| Trouble::Missing)?;
    seal_anew(&web.app, &staff.actor, &dossier).await?;
    Ok(StatusCode::NO_CONTENT)
}
