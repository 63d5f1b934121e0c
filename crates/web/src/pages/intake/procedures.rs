//! The picker's answers.

use app::intake::{AgencyLine, find_agencies, find_procedures};
use axum::Json;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};

use crate::error::Answer;
use crate::session::Staff;
use crate::state::Web;

use super::view::Offer;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
}

#[derive(Debug, Serialize)]
struct Item {
    value: String,
    label: String,
    hint: String,
}

/// `GET /thu-tuc.json?q=`.
pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Query(asked): Query<Asked>,
) -> Answer {
    let found = offers(&web, &staff, &asked.q).await?;
    let item = |offer: Offer| Item {
        label: format!("{} · {}", offer.value, offer.label),
        value: offer.value,
        hint: offer.hint,
    };
    Ok(Json(found.into_iter().map(item).collect::<Vec<_>>()).into_response())
}

#[derive(Debug, Deserialize)]
pub(super) struct AskedAgency {
    #[serde(default)]
    q: String,
    #[serde(default, rename = "thu-tuc")]
    procedure: String,
}

/// `GET /co-quan.json?thu-tuc=&q=`: agencies that may decide the procedure.
pub(super) async fn agencies(
    State(web): State<Web>,
    staff: Staff,
    Query(asked): Query<AskedAgency>,
) -> Answer {
    let found = agency_offers(&web, &staff, &asked.procedure, &asked.q).await?;
    let item = |offer: Offer| Item {
        label: format!("{} · {}", offer.value, offer.label),
        value: offer.value,
        hint: offer.hint,
    };
    Ok(Json(found.into_iter().map(item).collect::<Vec<_>>()).into_response())
}

/// Agencies that fit the words and may decide the procedure.
pub(super) async fn agency_offers(
    web: &Web,
    staff: &Staff,
    procedure: &str,
    words: &str,
) -> Answer<Vec<Offer>> {
    let found = find_agencies(&web.app, &staff.actor, procedure, words).await?;
    let offer = |line: AgencyLine| Offer {
        value: line.id.to_string(),
        label: line.name,
        hint: String::new(),
    };
    Ok(found.into_iter().map(offer).collect())
}

/// Procedures that fit the words.
pub(super) async fn offers(web: &Web, staff: &Staff, words: &str) -> Answer<Vec<Offer>> {
    let found = find_procedures(&web.app, &staff.actor, words).await?;
    let offer = |line: app::intake::ProcedureLine| Offer {
        value: line.code.to_string(),
        label: line.name,
        hint: line.field,
    };
    Ok(found.into_iter().map(offer).collect())
}
