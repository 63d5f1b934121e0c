//! The register of certificates: who signs and seals with what, what is missing, registering and
//! ending.

#![expect(
    unused_qualifications,
    reason = "the expansion of `utoipa::path` writes Query so"
)]

use app::certificates::{
    self, CertificateLine, CertificateQuery, Missing, MissingLine, Part, certificate_page,
    not_signing,
};
use app::forms::Typed;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::certificate::Holder;
use domain::ids::{CertificateId, UnitId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{Body, stamp};
use crate::error::{Answer, Problem, Trouble, fault_lines};
use crate::session::Staff;
use crate::state::Web;

/// Which certificates.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct CertificatesAsked {
    /// Identifier of a unit; every unit that the person keeps when it is empty.
    unit: String,
    /// `all`, `valid`, `expiring`, `expired`, `missing` or `ended`; `all` when it is empty.
    part: String,
    /// `next` of the page before, of `ended`.
    after: String,
}

/// A certificate.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CertificateItem {
    /// Its identifier.
    id: String,
    /// Identifier of the unit.
    unit: String,
    /// Identifier of the holder; none for the seal of an agency.
    staff: Option<String>,
    /// Role of the post; none for the seal of an agency.
    role: Option<&'static str>,
    /// Name of its subject.
    name: String,
    /// Its subject, numbers masked.
    subject: String,
    /// Name of its issuer.
    issuer: String,
    /// Serial number, hexadecimal digits.
    serial: String,
    /// SHA-256, hexadecimal digits.
    fingerprint: String,
    /// Algorithm and size of the key.
    algorithm: String,
    /// First moment of validity.
    valid_from: String,
    /// Last moment of validity.
    valid_to: String,
    /// `token`, `remote`, `local_token` or `soft`.
    key: &'static str,
    /// `to_come`, `valid`, `expiring`, `expired`, `no_post` or `ended`.
    stage: &'static str,
    /// From when on it is not signed with.
    ended_from: Option<String>,
    /// `replaced`, `post_changed`, `revoked`, `key_lost` or `mistake`.
    ended_why: Option<&'static str>,
}

/// A post that signs, or the seal of an agency, without a certificate.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MissingItem {
    /// Identifier of the unit.
    unit: String,
    /// Identifier of the person; none for the seal of the agency.
    staff: Option<String>,
    /// Role of the post; none for the seal of the agency.
    role: Option<&'static str>,
    /// The rule that stands in the way.
    rule: &'static str,
    /// Why, and what to do.
    why: String,
}

/// Certificates, what ends first before the rest.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CertificateItems {
    items: Vec<CertificateItem>,
    /// What is missing; for that part alone.
    missing: Vec<MissingItem>,
    /// Days before its end from which a certificate is warned of.
    warned_days: u32,
    /// Where the next page of `ended` begins.
    next: Option<String>,
}

/// A certificate to register.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct Registering {
    /// Identifier of the unit.
    unit: String,
    /// Identifier of the person; empty for the seal of the unit.
    staff: String,
    /// Role of the post; empty for the seal of the unit.
    role: String,
    /// The certificate: PEM, or DER or PKCS#7 in base64.
    certificate: String,
    /// Where the key lies: `token`, `remote` or `local_token`.
    key: String,
    /// Label of the token.
    token: String,
    /// Identifier of the key on it, hexadecimal digits.
    key_id: String,
    /// Name of the remote service.
    service: String,
    /// What the service knows the holder by; kept encrypted and never shown whole.
    credential: String,
}

/// What was registered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CertificateGiven {
    /// Its identifier.
    id: String,
}

/// Why and when a certificate is taken out of use.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct Ending {
    /// `replaced`, `post_changed`, `revoked`, `key_lost` or `mistake`.
    why: String,
    /// Last day of signing, `2026-11-23`; at once when it is empty.
    last: String,
}

fn item(line: &CertificateLine) -> CertificateItem {
    let row = &line.registered.row;
    let one = &row.certificate;
    let (staff, role) = match &one.holder {
        Holder::Person { staff, role } => (Some(staff.to_string()), Some(role.as_str())),
        Holder::Agency => (None, None),
    };
    CertificateItem {
        id: one.id.to_string(),
        unit: one.unit.to_string(),
        name: row.name.clone(),
        subject: one.subject.clone(),
        issuer: one.issuer.clone(),
        serial: one.serial.clone(),
        fingerprint: row.fingerprint.clone(),
        algorithm: row.algorithm.clone(),
        valid_from: stamp(one.valid_from),
        valid_to: stamp(one.valid_to),
        key: one.key.as_str(),
        stage: line.stage.as_str(),
        ended_from: one.ended.map(|ended| stamp(ended.from)),
        ended_why: one.ended.map(|ended| ended.why.as_str()),
        staff,
        role,
    }
}

fn missing(staff: &Staff, line: &MissingLine) -> MissingItem {
    let (who, role) = match &line.who {
        Missing::Person { staff, role, .. } => (Some(staff.to_string()), Some(role.as_str())),
        Missing::Seal => (None, None),
    };
    let why = fault_lines(staff.words(), &[not_signing(line.why)]);
    let why = why.into_iter().next().map(|line| line.message);
    MissingItem {
        unit: line.unit.to_string(),
        staff: who,
        rule: line.why.rule().id(),
        why: why.unwrap_or_default(),
        role,
    }
}

/// The certificates that the person keeps, or her own and the seal that she keeps.
#[utoipa::path(get, path = "/api/v1/certificates", tag = "certificates", params(CertificatesAsked),
    security(("session" = [])),
    responses((status = 200, body = CertificateItems, description = "The list"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "A unit of others")))]
pub(crate) async fn list(
    State(web): State<Web>,
    staff: Staff,
    Query(asked): Query<CertificatesAsked>,
) -> Answer<Json<CertificateItems>> {
    let unit = match asked.unit.trim() {
        "" => None,
        text => Some(UnitId::parse(text).map_err(|_| Trouble::Missing)?),
    };
    let query = CertificateQuery {
        part: Part::parse(&asked.part).unwrap_or_default(),
        after: asked.after.parse().ok(),
        unit,
    };
    let found = certificates::certificates(&web.app, &staff.actor, &query).await?;
    let absent = found.missing.iter();
    Ok(Json(CertificateItems {
        items: found.lines.iter().map(item).collect(),
        missing: absent.map(|line| missing(&staff, line)).collect(),
        warned_days: found.warned,
        next: found.next.as_ref().map(ToString::to_string),
    }))
}

/// A certificate. That somebody else reads a person's is logged.
#[utoipa::path(get, path = "/api/v1/certificates/{certificate}", tag = "certificates",
    security(("session" = [])), params(("certificate" = String, Path)),
    responses((status = 200, body = CertificateItem, description = "The certificate"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "No such certificate, or one of others")))]
pub(crate) async fn show(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
) -> Answer<Json<CertificateItem>> {
    let id = CertificateId::parse(&id).map_err(|_| Trouble::Missing)?;
    let page = certificate_page(&web.app, &staff.actor, &id).await?;
    Ok(Json(item(&page.line)))
}

/// Registers a certificate for a person in a post, or as the seal of a unit.
#[utoipa::path(post, path = "/api/v1/certificates", tag = "certificates", request_body = Registering,
    security(("session" = [])), params(("X-CSRF-Token" = String, Header)),
    responses((status = 201, body = CertificateGiven, description = "Registered"),
        (status = 401, body = Problem, description = "No session"),
        (status = 403, body = Problem, description = "No unit is kept, or the own post"),
        (status = 404, body = Problem, description = "A unit of others"),
        (status = 422, body = Problem, description = "Not understood: each fault at its field")))]
pub(crate) async fn register(
    State(web): State<Web>,
    staff: Staff,
    Body(asked): Body<Registering>,
) -> Answer<(StatusCode, Json<CertificateGiven>)> {
    let holder = if asked.staff.is_empty() {
        format!("-/{}", asked.unit)
    } else {
        format!("{}/{}/{}", asked.staff, asked.unit, asked.role)
    };
    let fields = [
        ("holder", &holder),
        ("key", &asked.key),
        ("token", &asked.token),
        ("key_id", &asked.key_id),
        ("service", &asked.service),
        ("credential", &asked.credential),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.replace('\0', "")));
    let typed = Typed::new(fields.into());
    let file = STANDARD.decode(asked.certificate.trim());
    let file = file.unwrap_or_else(|_| asked.certificate.into_bytes());
    let id = certificates::import(&web.app, &staff.actor, &typed, &file).await?;
    let given = CertificateGiven { id: id.to_string() };
    Ok((StatusCode::CREATED, Json(given)))
}

/// Takes a certificate out of use; ending it twice is no fault.
#[utoipa::path(post, path = "/api/v1/certificates/{certificate}/end", tag = "certificates",
    request_body = Ending, security(("session" = [])),
    params(("certificate" = String, Path), ("X-CSRF-Token" = String, Header)),
    responses((status = 204, description = "Ended"),
        (status = 401, body = Problem, description = "No session"),
        (status = 404, body = Problem, description = "No such certificate, or one of others"),
        (status = 422, body = Problem, description = "Not understood: each fault at its field")))]
pub(crate) async fn end(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
    Body(asked): Body<Ending>,
) -> Answer<StatusCode> {
    let id = CertificateId::parse(&id).map_err(|_| Trouble::Missing)?;
    let fields = [("why", asked.why), ("last", asked.last)];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.replace('\0', "")));
    certificates::end(&web.app, &staff.actor, &id, &Typed::new(fields.into())).await?;
    Ok(StatusCode::NO_CONTENT)
}
