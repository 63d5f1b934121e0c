//! A time-stamp authority, RFC 3161 over HTTP (`POST /tsa`).

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use const_oid::ObjectIdentifier;
use der::asn1::{GeneralizedTime, Int, OctetString};
use der::{Any, Decode as _, Sequence};
use serde_json::json;
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::authority::{Clock, Identity, now, other, since_1970};
use crate::control::{Desk, Fault, controlled};
use crate::signed::{Certificates, Content, signed};

/// Content of a time stamp.
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
/// Policy of the simulator.
const POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.99999.1.1");

/// The digest that is stamped.
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
struct Imprint {
    algorithm: AlgorithmIdentifierOwned,
    digest: OctetString,
}

#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
struct Asked {
    version: u8,
    imprint: Imprint,
    #[asn1(optional = "true")]
    policy: Option<ObjectIdentifier>,
    #[asn1(optional = "true")]
    nonce: Option<Int>,
    #[asn1(default = "Default::default")]
    certificates: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
struct Stamp {
    version: u8,
    policy: ObjectIdentifier,
    imprint: Imprint,
    serial: u64,
    time: GeneralizedTime,
    #[asn1(optional = "true")]
    nonce: Option<Int>,
}

#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
struct Status {
    status: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
struct Answer {
    status: Status,
    #[asn1(optional = "true")]
    token: Option<Any>,
}

/// The authority with its key.
#[derive(Debug)]
pub struct TimeStamps {
    /// Faults and log.
    pub desk: Arc<Desk>,
    identity: Identity,
    clock: Clock,
    given: AtomicU64,
}

impl TimeStamps {
    /// Stamps with that key, whose certificate is for time stamps.
    pub fn new(identity: Identity) -> Self {
        Self {
            desk: Arc::default(),
            identity,
            clock: now,
            given: AtomicU64::default(),
        }
    }

    /// The same by another clock than the machine's.
    #[must_use]
    pub fn by_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The answer to a request, both in DER.
    fn answer(&self, request: &[u8]) -> io::Result<Vec<u8>> {
        let asked = Asked::from_der(request).map_err(other)?;
        let among = [Fault::Refused, Fault::Nonce, Fault::Imprint];
        let fault = self.desk.next("/tsa", &among);
        self.desk
            .note(json!({"imprint": hex::encode(asked.imprint.digest.as_bytes())}));
        if fault == Some(Fault::Refused) {
            return encoded(&Answer {
                status: Status { status: 2 },
                token: None,
            });
        }
        let certificates = if asked.certificates {
            Certificates::All
        } else {
            Certificates::None
        };
        let mut stamp = self.stamped(asked)?;
        match fault {
            Some(Fault::Nonce) => stamp.nonce = Some(Int::new(&[1, 2, 3]).map_err(other)?),
            Some(Fault::Imprint) => {
                stamp.imprint.digest = OctetString::new([7; 32]).map_err(other)?;
            }
            _ => {}
        }
        let content = encoded(&stamp)?;
        let content = Content::Attached(TST_INFO, &content);
        let token = signed(content, &self.identity, certificates)?;
        encoded(&Answer {
            status: Status { status: 0 },
            token: Some(Any::from_der(&token).map_err(other)?),
        })
    }

    /// A token over that SHA-256 digest, for services that stamp along the way.
    pub(crate) fn token(&self, sha256: &[u8]) -> io::Result<Vec<u8>> {
        let asked = Asked {
            version: 1,
            imprint: Imprint {
                algorithm: AlgorithmIdentifierOwned {
                    oid: const_oid::db::rfc5912::ID_SHA_256,
                    parameters: None,
                },
                digest: OctetString::new(sha256).map_err(other)?,
            },
            policy: None,
            nonce: None,
            certificates: true,
        };
        let content = encoded(&self.stamped(asked)?)?;
        let content = Content::Attached(TST_INFO, &content);
        signed(content, &self.identity, Certificates::All)
    }

    fn stamped(&self, asked: Asked) -> io::Result<Stamp> {
        let since = since_1970((self.clock)());
        let nanos = u64::try_from(since.as_nanos()).map_err(other)?;
        let nth = self.given.fetch_add(1, Ordering::Relaxed);
        Ok(Stamp {
            version: 1,
            policy: asked.policy.unwrap_or(POLICY),
            imprint: asked.imprint,
            serial: nanos.wrapping_add(nth),
            time: GeneralizedTime::from_unix_duration(since).map_err(other)?,
            nonce: asked.nonce,
        })
    }
}

fn encoded(value: &impl der::Encode) -> io::Result<Vec<u8>> {
    value.to_der().map_err(other)
}

/// The site.
pub fn site(stamps: &Arc<TimeStamps>) -> Router {
    let routes = Router::new()
        .route("/tsa", post(reply))
        .with_state(stamps.clone());
    controlled("tsa", &stamps.desk, routes)
}

async fn reply(State(stamps): State<Arc<TimeStamps>>, body: Bytes) -> Response {
    match stamps.answer(&body) {
        Ok(der) => ([(CONTENT_TYPE, "application/timestamp-reply")], der).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}
