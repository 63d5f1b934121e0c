//! Questions to outside services over HTTP, with an end in time, in size and in reach.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{HeaderValue, Request, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::fault::SignFault;

type Body = Full<VecDeque<u8>>;

/// Whom a certificate may make us ask. Its addresses are written by others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Machines of the internet alone.
    Public,
    /// These services of the own network, too.
    And(Vec<SocketAddr>),
    /// Machines of the own network and this one, too.
    Everywhere,
}

impl Reach {
    /// Machines of the internet, and what `MOTCUA_OWN_AUTHORITIES` names: authorities in the own
    /// network, each as `ADDRESS:PORT`, with commas between.
    ///
    /// # Errors
    /// [`SignFault::Refused`] when one is no address.
    pub fn from_environment() -> Result<Self, SignFault> {
        let named = std::env::var("MOTCUA_OWN_AUTHORITIES").unwrap_or_default();
        let each = named
            .split(',')
            .map(str::trim)
            .filter(|one| !one.is_empty());
        let each: Result<Vec<SocketAddr>, _> = each.map(str::parse).collect();
        let each =
            each.map_err(|why| SignFault::Refused(format!("MOTCUA_OWN_AUTHORITIES: {why}")))?;
        Ok(if each.is_empty() {
            Self::Public
        } else {
            Self::And(each)
        })
    }

    fn allows(&self, address: SocketAddr) -> bool {
        // Authorities answer at the usual door; anything else would have us knock at others' services.
        is_public(address.ip()) && address.port() == 80
            || match self {
                Self::Public => false,
                Self::And(own) => own.contains(&address),
                Self::Everywhere => true,
            }
    }
}

/// One question.
pub(super) struct Question<'a> {
    pub(super) uri: &'a str,
    /// What is posted, and its type; nothing is asked for with GET.
    pub(super) body: Option<(&'static str, Vec<u8>)>,
    /// Who asks, as the header wants it.
    pub(super) credentials: Option<&'a str>,
    /// Bytes of an answer that are read.
    pub(super) most: usize,
}

/// Asks questions.
pub(super) struct Fetcher {
    client: Client<HttpsConnector<HttpConnector>, Body>,
    patience: Duration,
}

impl Fetcher {
    pub(super) fn new(patience: Duration) -> Self {
        let connector = HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .build();
        // A connection that died while it was kept would fail the first question after it.
        let client = Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .build(connector);
        Self { client, patience }
    }

    /// The answer to a question whose address the operator has written.
    pub(super) async fn ask(&self, question: Question<'_>) -> Result<Vec<u8>, SignFault> {
        let uri = question.uri.parse().map_err(|_| refused("no address"))?;
        self.patiently(uri, None, question).await
    }

    /// The answer to a question whose address stands in a certificate: plain HTTP, because what
    /// comes is signed, and to an address that was looked up and judged before it is called.
    pub(super) async fn ask_within(
        &self,
        reach: &Reach,
        question: Question<'_>,
    ) -> Result<Vec<u8>, SignFault> {
        let uri: Uri = question.uri.parse().map_err(|_| refused("no address"))?;
        let (Some("http"), Some(host)) = (uri.scheme_str(), uri.host()) else {
            return Err(refused("not an address of plain HTTP"));
        };
        let port = uri.port_u16().unwrap_or(80);
        let looked_up = tokio::time::timeout(
            self.patience,
            tokio::net::lookup_host((host.trim_matches(['[', ']']), port)),
        );
        let found = looked_up.await.map_err(|_| later("no address in time"))?;
        let mut found = found.map_err(|_| later("the address is unknown"))?;
        let address = found.find(|address| reach.allows(*address));
        let address = address.ok_or_else(|| refused("an address that may not be asked"))?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let direct = format!("http://{address}{path}");
        let direct = direct.parse().map_err(|_| refused("no address"))?;
        let name = uri.authority().map(http::uri::Authority::as_str);
        self.patiently(direct, name, question).await
    }

    async fn patiently(
        &self,
        uri: Uri,
        host: Option<&str>,
        question: Question<'_>,
    ) -> Result<Vec<u8>, SignFault> {
        let (most, is_named) = (question.most, host.is_none());
        let request = request(uri, host, question)?;
        let called = self.call(request, (most, is_named));
        let called = tokio::time::timeout(self.patience, called).await;
        called.unwrap_or_else(|_| Err(later("no answer in time")))
    }

    async fn call(
        &self,
        request: Request<Body>,
        (most, is_named): (usize, bool),
    ) -> Result<Vec<u8>, SignFault> {
        let response = self.client.request(request).await;
        let response = response.map_err(|error| {
            later(if error.is_connect() {
                "no connection"
            } else {
                "the connection broke"
            })
        })?;
        let status = response.status();
        if !status.is_success() {
            let why = format!("HTTP {}", status.as_u16());
            return Err(if passes(status.as_u16(), is_named) {
                SignFault::Later(why)
            } else {
                SignFault::Refused(why)
            });
        }
        let body = Limited::new(response.into_body(), most).collect().await;
        let body = body.map_err(|_| later("the answer broke off or is too long"))?;
        Ok(body.to_bytes().to_vec())
    }
}

/// Whether that status may be another one later. A service that the operator named says what it means;
/// before one that a certificate names may stand others, who let nobody through for a while.
fn passes(status: u16, is_named: bool) -> bool {
    let gone = [404, 410].contains(&status);
    status >= 500 || [408, 425, 429].contains(&status) || !is_named && !gone
}

fn request(
    uri: Uri,
    host: Option<&str>,
    question: Question<'_>,
) -> Result<Request<Body>, SignFault> {
    let mut request = Request::builder().uri(uri);
    if let Some(host) = host {
        request = request.header(HOST, host);
    }
    if let Some(credentials) = question.credentials {
        let credentials = HeaderValue::from_str(credentials);
        let mut credentials = credentials.map_err(|_| refused("unwritable credentials"))?;
        credentials.set_sensitive(true);
        request = request.header(AUTHORIZATION, credentials);
    }
    let body = match question.body {
        Some((kind, bytes)) => {
            request = request.method("POST").header(CONTENT_TYPE, kind);
            VecDeque::from(bytes)
        }
        None => VecDeque::new(),
    };
    request
        .body(Full::new(body))
        .map_err(|_| refused("no address"))
}

fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [first, second, third, _] = ip.octets();
    let shared = first == 100 && (64..128).contains(&second)
        || first == 198 && (18..20).contains(&second)
        || first == 192 && matches!((second, third), (0, 0) | (88, 99));
    let apart = ip.is_loopback()
        || ip.is_private()
        || ip.is_link_local()
        || ip.is_unspecified()
        || ip.is_broadcast()
        || ip.is_documentation();
    !(apart || shared || first == 0 || first >= 224)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, ..] = ip.segments();
    // Global unicast is 2000::/3; what leads back to IPv4 addresses is not followed.
    (first & 0xE000) == 0x2000 && ![0x2001, 0x2002].contains(&first)
        || (first == 0x2001 && ip.segments().get(1).is_some_and(|second| *second >= 0x0200))
}

pub(super) fn later(why: &str) -> SignFault {
    SignFault::Later(why.to_owned())
}

pub(super) fn refused(why: &str) -> SignFault {
    SignFault::Refused(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_not_asked_for_again() {
        for (status, named, in_certificate) in [
            (404, false, false),
            (410, false, false),
            (403, false, true),
            (302, false, true),
            (503, true, true),
            (429, true, true),
        ] {
            assert_eq!(passes(status, true), named, "{status}");
            assert_eq!(passes(status, false), in_certificate, "{status}");
        }
    }

    #[test]
    fn a_certificate_leads_to_no_machine_of_our_own() {
        for own in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.1.1",
            "172.16.0.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.0.1",
            "192.88.99.1",
            "198.18.0.1",
            "224.0.0.1",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "2002:7f00:1::",
            "2001:0:1::",
        ] {
            assert!(!is_public(own.parse().unwrap()), "{own}");
        }
        let own = "10.1.2.3:80".parse().unwrap();
        let reach = Reach::And(vec![own]);
        assert!(reach.allows(own) && !Reach::Public.allows(own));
        assert!(!reach.allows("10.1.2.3:81".parse().unwrap()));
        assert!(reach.allows("8.8.8.8:80".parse().unwrap()));
        assert!(!reach.allows("8.8.8.8:25".parse().unwrap()));
        for public in ["203.162.1.1", "8.8.8.8", "2001:ee0::1", "2402:800::1"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }
}
