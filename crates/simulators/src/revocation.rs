//! Who tells whether certificates are still good: answers (`/ocsp`, by POST or in the path), lists
//! (`/crl/NAME.crl`) and the issuers' certificates (`/ca/NAME.cer`). `POST /_sim/revocation/revoke` takes
//! a JSON list of serial numbers that are revoked from then on.

use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use der::asn1::{BitString, GeneralizedTime, Null, OctetString};
use der::{Any, Decode as _, Encode as _};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use serde_json::json;
use x509_cert::Certificate;
use x509_cert::ext::Extension;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_ocsp::{
    BasicOcspResponse, CertId, CertStatus, OcspGeneralizedTime, OcspRequest, OcspResponse,
    ResponderId, ResponseData, RevokedInfo, SingleResponse, Version,
};

use crate::authority::{Authority, Identity, other, since_1970};
use crate::control::{Desk, Fault, controlled};

/// How long an answer is good.
const DAY: Duration = Duration::from_hours(24);
const FAULTS: [Fault; 6] = [
    Fault::Revoked,
    Fault::Unknown,
    Fault::TryLater,
    Fault::Signature,
    Fault::Expired,
    Fault::Nonce,
];

/// The responder of an authority.
#[derive(Debug)]
pub struct Responder {
    /// Faults and log.
    pub desk: Arc<Desk>,
    authority: Arc<Authority>,
    identity: Identity,
}

impl Responder {
    /// Answers for the authority with that key, whose certificate is for such answers.
    pub fn new(authority: Arc<Authority>, identity: Identity) -> Self {
        Self {
            desk: Arc::default(),
            authority,
            identity,
        }
    }

    fn now(&self) -> SystemTime {
        (self.authority.clock)()
    }

    fn answer(&self, request: &[u8]) -> io::Result<OcspResponse> {
        let request = OcspRequest::from_der(request).map_err(other)?;
        let fault = self.desk.next("/ocsp", &FAULTS);
        if fault == Some(Fault::TryLater) {
            return Ok(OcspResponse::try_later());
        }
        let asked = request.tbs_request.request_list.first();
        let asked = asked.map(|one| one.req_cert.clone());
        let asked = asked.ok_or_else(|| other("asks for nothing"))?;
        self.desk
            .note(json!({"serial": hex::encode(asked.serial_number.as_bytes())}));
        let by = self.signer(&asked)?;
        let data = self.data(asked, fault, by, &request)?;
        let mut signature = by.sign(&data.to_der().map_err(other)?)?;
        if fault == Some(Fault::Signature) {
            signature = by.sign(b"something else")?;
        }
        let certificate = by.certificate()?;
        let answer = BasicOcspResponse {
            tbs_response_data: data,
            signature_algorithm: algorithm(by),
            signature: BitString::from_bytes(&signature).map_err(other)?,
            certs: Some(vec![certificate]),
        };
        OcspResponse::successful(answer).map_err(other)
    }

    /// The root speaks for itself, a delegate for the intermediate.
    fn signer(&self, asked: &CertId) -> io::Result<&Identity> {
        let root = Certificate::from_der(self.authority.root()).map_err(other)?;
        Ok(if is_key_of(asked, &root) {
            self.authority.as_root()
        } else {
            &self.identity
        })
    }

    fn data(
        &self,
        asked: CertId,
        fault: Option<Fault>,
        by: &Identity,
        request: &OcspRequest,
    ) -> io::Result<ResponseData> {
        let moment = match fault {
            Some(Fault::Expired) => self.now().checked_sub(DAY.saturating_mul(30)),
            _ => Some(self.now()),
        };
        let moment = moment.unwrap_or(SystemTime::UNIX_EPOCH);
        let until = moment.checked_add(DAY).unwrap_or(moment);
        let name = by.certificate()?.tbs_certificate.subject;
        Ok(ResponseData {
            version: Version::V1,
            responder_id: ResponderId::ByName(name),
            produced_at: time(moment)?,
            responses: vec![SingleResponse {
                cert_status: self.status(&asked, fault)?,
                cert_id: asked,
                this_update: time(moment)?,
                next_update: Some(time(until)?),
                single_extensions: None,
            }],
            response_extensions: nonce(request, fault)?,
        })
    }

    fn status(&self, asked: &CertId, fault: Option<Fault>) -> io::Result<CertStatus> {
        let serial = hex::encode(asked.serial_number.as_bytes());
        let root = Certificate::from_der(self.authority.root()).map_err(other)?;
        let issuer = Certificate::from_der(self.authority.intermediate()).map_err(other)?;
        let ours = is_key_of(asked, &issuer) || is_key_of(asked, &root);
        let since = match fault {
            Some(Fault::Revoked) => Some(self.now()),
            _ => self.authority.revoked_since(&serial),
        };
        Ok(match since {
            _ if fault == Some(Fault::Unknown) || !ours => CertStatus::unknown(),
            None => CertStatus::good(),
            Some(since) => CertStatus::Revoked(RevokedInfo {
                revocation_time: time(since)?,
                revocation_reason: None,
            }),
        })
    }
}

/// The request's number comes back, as it came.
fn nonce(request: &OcspRequest, fault: Option<Fault>) -> io::Result<Option<Vec<Extension>>> {
    const NONCE: const_oid::ObjectIdentifier = const_oid::db::rfc6960::ID_PKIX_OCSP_NONCE;
    let extensions = request.tbs_request.request_extensions.iter().flatten();
    let mut found: Vec<Extension> = extensions
        .filter(|one| one.extn_id == NONCE)
        .cloned()
        .collect();
    if fault == Some(Fault::Nonce) {
        for one in &mut found {
            one.extn_value = OctetString::new([4, 2, 9, 9]).map_err(other)?;
        }
    }
    Ok((!found.is_empty()).then_some(found))
}

fn is_key_of(asked: &CertId, issuer: &Certificate) -> bool {
    let key = &issuer.tbs_certificate.subject_public_key_info;
    let key = key.subject_public_key.raw_bytes();
    let told = asked.issuer_key_hash.as_bytes();
    [&SHA1_FOR_LEGACY_USE_ONLY, &SHA256]
        .iter()
        .any(|algorithm| digest(algorithm, key).as_ref() == told)
}

fn algorithm(by: &Identity) -> AlgorithmIdentifierOwned {
    use const_oid::db::rfc5912::{ECDSA_WITH_SHA_256, SHA_256_WITH_RSA_ENCRYPTION};
    if by.is_rsa() {
        AlgorithmIdentifierOwned {
            oid: SHA_256_WITH_RSA_ENCRYPTION,
            parameters: Some(Any::from(Null)),
        }
    } else {
        AlgorithmIdentifierOwned {
            oid: ECDSA_WITH_SHA_256,
            parameters: None,
        }
    }
}

fn time(at: SystemTime) -> io::Result<OcspGeneralizedTime> {
    let time = GeneralizedTime::from_unix_duration(since_1970(at)).map_err(other)?;
    Ok(OcspGeneralizedTime(time))
}

/// The site.
pub fn site(responder: &Arc<Responder>) -> Router {
    let routes = Router::new()
        .route("/ocsp", post(posted))
        .route("/ocsp/{*request}", get(asked))
        .route("/crl/{name}", get(list))
        .route("/ca/{name}", get(issuer))
        .route("/_sim/revocation/revoke", post(revoke))
        .with_state(responder.clone());
    controlled("revocation", &responder.desk, routes)
}

/// Takes certificates back from now on, named by their serial numbers.
async fn revoke(
    State(responder): State<Arc<Responder>>,
    Json(all): Json<Vec<String>>,
) -> StatusCode {
    for serial in &all {
        responder.authority.revoke(serial, responder.now());
    }
    StatusCode::NO_CONTENT
}

async fn posted(State(responder): State<Arc<Responder>>, body: Bytes) -> Response {
    reply(&responder, &body)
}

async fn asked(State(responder): State<Arc<Responder>>, Path(request): Path<String>) -> Response {
    let request = STANDARD.decode(request).unwrap_or_default();
    reply(&responder, &request)
}

fn reply(responder: &Responder, request: &[u8]) -> Response {
    let answer = responder.answer(request);
    let answer = answer.unwrap_or_else(|_| OcspResponse::malformed_request());
    match answer.to_der() {
        Ok(der) => typed("application/ocsp-response", der),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn list(State(responder): State<Arc<Responder>>, Path(name): Path<String>) -> Response {
    let list = match name.as_str() {
        "intermediate.crl" => responder.authority.list(),
        "root.crl" => responder.authority.root_list(),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    match list {
        Ok(der) => typed("application/pkix-crl", der),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn issuer(State(responder): State<Arc<Responder>>, Path(name): Path<String>) -> Response {
    let der = match name.as_str() {
        "intermediate.cer" => responder.authority.intermediate(),
        "root.cer" => responder.authority.root(),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    typed("application/pkix-cert", der.to_vec())
}

fn typed(kind: &'static str, der: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, kind)], der).into_response()
}
