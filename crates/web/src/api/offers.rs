//! Documents of the owner's store that may stand in for papers of a form which is filled in.

use app::held::Held;
use app::intake::{Offered, offered_to_file, reuse_value};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Body, FieldMap, stamp, typed};
use super::held::{last_day, validness};
use crate::error::{Answer, Problem};
use crate::extract::Once;
use crate::session::Staff;
use crate::state::Web;

/// A form as far as it is filled in.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Asking {
    /// The fields of the counter form as for filing: `procedure` and `case`, the owner's `name` and
    /// `number` (`owner_name` and `owner_number` under a mandate), and `reuse_consent`, `on` once the
    /// applicant agreed. `reuse_number` is the number of a document that is looked for among many.
    fields: FieldMap,
}

/// A document that may stand in for a paper.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfferedDocument {
    /// Number of the component.
    component: u16,
    /// The value of that component's field that takes it.
    value: String,
    /// What it is called.
    name: String,
    /// Number and symbol.
    number: String,
    /// When it was issued.
    issued_at: String,
    /// Identifier of the agency that issued it.
    agency: String,
    /// Last day on which it is valid; none without end, and where nothing says so.
    valid_until: Option<String>,
    /// `valid`, `expired` or `not_stated`.
    validity: &'static str,
}

/// What the store offers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfferedDocuments {
    /// Up to five for each component, newest first.
    items: Vec<OfferedDocument>,
    /// For components without any: the newest document that is valid no more, which is not taken.
    expired: Vec<OfferedDocument>,
    /// Components for which there are more; they are found by `reuse_number`.
    more: Vec<u16>,
}

impl From<Offered> for OfferedDocuments {
    fn from(found: Offered) -> Self {
        let today = found.today;
        let item = |(component, one): (u16, Held)| OfferedDocument {
            component,
            value: reuse_value(&one.dossier),
            name: one.name().to_owned(),
            issued_at: stamp(one.issued),
            agency: one.agency.to_string(),
            valid_until: last_day(one.validity),
            validity: validness(one.validity, today),
            number: one.number,
        };
        let documents = found.documents;
        Self {
            items: documents.valid.into_iter().map(item).collect(),
            expired: documents.expired.into_iter().map(item).collect(),
            more: documents.more,
        }
    }
}

/// Lists the documents of the owner's store that may stand in for papers of a form, once the applicant
/// agreed. Whether the store holds nothing that fits or knows nobody of this number and name is answered
/// alike. Each look is logged, and one person has no more of them in an hour than an office needs; looks
/// under the one-time key with which the form is filed count once with it.
#[utoipa::path(post, path = "/api/v1/held/offers", tag = "dossiers", request_body = Asking,
    security(("session" = [])),
    params(("X-CSRF-Token" = String, Header), ("Idempotency-Key" = String, Header)),
    responses((status = 200, body = OfferedDocuments, description = "What is offered"),
        (status = 400, body = Problem, description = "Unreadable, or no one-time key"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "No counter"),
        (status = 422, body = Problem, description = "No such procedure, no consent, or a look too many")))]
pub(crate) async fn list(
    State(web): State<Web>,
    staff: Staff,
    Once(key): Once,
    Body(asking): Body<Asking>,
) -> Answer<Json<OfferedDocuments>> {
    let typed = typed(asking.fields);
    let found = offered_to_file(&web.app, &staff.actor, (&key, &typed)).await?;
    Ok(Json(found.into()))
}
