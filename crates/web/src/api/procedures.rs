//! A procedure as everybody may read it: the version in force with its terms.

use app::catalogue::published::in_force;
use axum::Json;
use axum::extract::{Path, State};
use domain::deadline::{Limit, PauseMode};
use domain::procedure::{Channel, FeeLine, Lane, LaneLimit, Offer, ResultKind, StageRule};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Answer, Problem};
use crate::state::Web;

/// A procedure in force. Limits are written `3wd` (working days), `2.5wd`, `15d`, `2mo`, `16h`,
/// `sameday`; what is absent follows the general rules.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProcedureInForce {
    code: String,
    version: u32,
    name: String,
    /// First day of this version, `2026-12-01`.
    valid_from: String,
    offers: Vec<OfferItem>,
    supplement: SupplementItem,
    consultation: Option<ConsultationItem>,
    lanes: Vec<LaneItem>,
    own_terms: Option<OwnTermsItem>,
    results: Vec<ResultItem>,
}

/// A kind of result.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResultItem {
    /// What it is called.
    name: String,
    /// How long it is valid; none where nothing says so.
    validity: Option<ValidityItem>,
}

/// How long a result is valid.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ValidityItem {
    /// Months from the day of issue; none without end, and where its last day is written on it.
    months: Option<u16>,
    /// Whether who drafts may name an earlier last day.
    own_day: bool,
    /// Where this stands written.
    basis: String,
}

/// A way in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfferItem {
    /// `direct`, `online` or `post`.
    channel: String,
    limit: Option<String>,
    note: String,
    charges: Vec<ChargeItem>,
}

/// A charge, in đồng.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChargeItem {
    amount: Option<i64>,
    note: String,
    /// Until when it is given back: `never`, `before_reception`, `before_processing`, `always`.
    refund: String,
    /// Where that stands written.
    refund_basis: String,
}

/// How a supplement works.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SupplementItem {
    /// `restart` or `exclude`.
    mode: String,
    within: Option<String>,
    answer: Option<String>,
    basis: String,
    stages: Vec<StageItem>,
}

/// A step with terms of its own.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StageItem {
    /// From 1.
    step: usize,
    mode: Option<String>,
    within: Option<String>,
    answer: Option<String>,
    basis: String,
}

/// How other agencies are asked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConsultationItem {
    limit: Option<String>,
    silence_is_consent: bool,
    basis: String,
}

/// A green lane.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LaneItem {
    code: String,
    name: String,
    /// A limit, or `half` of the legal one.
    limit: String,
    /// Who admits.
    decided_by: String,
    basis: String,
}

/// The decision by which the province set terms of its own.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnTermsItem {
    decision: String,
    decided: String,
    first_day: String,
}

/// A procedure in force today: what it promises and charges, and the terms that hold for it.
#[utoipa::path(get, path = "/api/v1/procedures/{procedure}", tag = "procedures",
    params(("procedure" = String, Path, description = "Code, `2.000815`")),
    responses((status = 200, body = ProcedureInForce, description = "The version in force"),
        (status = 404, body = Problem, description = "None is in force")))]
pub(crate) async fn show(
    State(web): State<Web>,
    Path(procedure): Path<String>,
) -> Answer<Json<ProcedureInForce>> {
    let found = in_force(&web.app, &procedure).await?.procedure;
    let supplement = &found.supplement;
    Ok(Json(ProcedureInForce {
        code: found.code.to_string(),
        version: found.version,
        name: found.name.clone(),
        valid_from: found.valid_from.to_string(),
        offers: found.offers.iter().map(offer).collect(),
        supplement: SupplementItem {
            mode: mode(supplement.mode),
            within: written(supplement.within),
            answer: written(supplement.answer),
            basis: supplement.basis.clone(),
            stages: supplement.stages.iter().map(stage).collect(),
        },
        consultation: found.consultation.as_ref().map(|own| ConsultationItem {
            limit: written(own.limit),
            silence_is_consent: own.silence_is_consent,
            basis: own.basis.clone(),
        }),
        lanes: found.lanes.iter().map(lane).collect(),
        own_terms: found.own_terms.as_ref().map(|own| OwnTermsItem {
            decision: own.decision.clone(),
            decided: own.decided.to_string(),
            first_day: own.first_day.to_string(),
        }),
        results: found.results.iter().map(result).collect(),
    }))
}

fn result(kind: &ResultKind) -> ResultItem {
    let validity = kind.validity.as_ref();
    ResultItem {
        name: kind.name.clone(),
        validity: validity.map(|rule| ValidityItem {
            months: rule.months,
            own_day: rule.own_day,
            basis: rule.basis.clone(),
        }),
    }
}

fn offer(offer: &Offer) -> OfferItem {
    let charge = |fee: &FeeLine| ChargeItem {
        amount: fee.amount.map(|amount| amount.0),
        note: fee.note.clone(),
        refund: fee.refund.as_str().to_owned(),
        refund_basis: fee.refund_basis.clone(),
    };
    OfferItem {
        channel: Channel::as_str(offer.channel).to_owned(),
        limit: written(offer.limit),
        note: offer.note.clone(),
        charges: offer.fees.iter().map(charge).collect(),
    }
}

fn lane(lane: &Lane) -> LaneItem {
    LaneItem {
        code: lane.code.clone(),
        name: lane.name.clone(),
        limit: match lane.limit {
            LaneLimit::Own { limit } => limit.to_string(),
            LaneLimit::Half => "half".to_owned(),
        },
        decided_by: lane.decided_by.as_str().to_owned(),
        basis: lane.basis.clone(),
    }
}

fn stage(stage: &StageRule) -> StageItem {
    StageItem {
        step: stage.step.saturating_add(1),
        mode: stage.mode.map(mode),
        within: written(stage.within),
        answer: written(stage.answer),
        basis: stage.basis.clone(),
    }
}

fn written(limit: Option<Limit>) -> Option<String> {
    limit.map(|limit| limit.to_string())
}

fn mode(mode: PauseMode) -> String {
    match mode {
        PauseMode::Restart => "restart",
        PauseMode::Exclude => "exclude",
    }
    .to_owned()
}
