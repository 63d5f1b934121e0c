//! Calls to providers over HTTPS, with an end in time and in size.

use std::time::Duration;

use app::ports::PortError;
use http::Request;
use http_body_util::{BodyExt as _, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::de::DeserializeOwned;

use super::BadChannel;

/// Bytes of an answer that are read.
const MOST: usize = 64 * 1024;

/// Calls one provider.
pub(super) struct Caller {
    client: Client<HttpsConnector<HttpConnector>, String>,
    patience: Duration,
}

impl Caller {
    pub(super) fn new(patience: Duration) -> Self {
        let connector = HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .build();
        // A connection that died while it was kept would fail the first call after it.
        let client = Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .build(connector);
        Self { client, patience }
    }

    /// Asks and reads the JSON that is answered.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        request: Request<String>,
    ) -> Result<T, PortError> {
        let called = tokio::time::timeout(self.patience, self.call(request)).await;
        let (status, body) = called.unwrap_or_else(|_| Err(retry("no_answer")))?;
        let ok = (200..300).contains(&status);
        if !ok {
            let reason = format!("HTTP {status}");
            let later = status >= 500 || [401, 403, 408, 425, 429].contains(&status);
            return Err(if later {
                PortError::Retry(reason)
            } else {
                PortError::Fail(reason)
            });
        }
        serde_json::from_slice(&body).map_err(|_| retry("unreadable_answer"))
    }

    async fn call(&self, request: Request<String>) -> Result<(u16, Vec<u8>), PortError> {
        let response = self.client.request(request).await;
        let response = response.map_err(|error| {
            retry(if error.is_connect() {
                "no_connection"
            } else {
                "broken_connection"
            })
        })?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), MOST).collect().await;
        let body = body.map_err(|_| retry("broken_connection"))?;
        Ok((status, body.to_bytes().to_vec()))
    }
}

pub(super) fn retry(reason: &str) -> PortError {
    PortError::Retry(reason.to_owned())
}

/// The address of a provider, without a slash at its end; TLS, unless it is on this machine.
pub(super) fn provider(url: &str, variable: &'static str) -> Result<String, BadChannel> {
    let url = url.trim().trim_end_matches('/');
    let known = url.starts_with("https://") || (url.starts_with("http://") && is_here(url));
    if known && url.parse::<http::Uri>().is_ok() {
        Ok(url.to_owned())
    } else {
        Err(BadChannel::new(variable, "write an address https://…"))
    }
}

/// Whether an address is on this machine.
pub(super) fn is_here(url: &str) -> bool {
    ["127.0.0.1", "localhost"].contains(&host(url).as_str())
}

/// The host of an address.
pub(super) fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    host.to_owned()
}

/// A telephone number as providers want it: `0912 345 678` becomes `84912345678`.
pub(super) fn international(phone: &str) -> Option<String> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let national = digits
        .strip_prefix("84")
        .filter(|rest| rest.len() == 9)
        .or_else(|| digits.strip_prefix('0'))?;
    (9..=10)
        .contains(&national.len())
        .then(|| format!("84{national}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_international() {
        for (typed, number) in [
            ("0912 345 678", "84912345678"),
            ("+84 912345678", "84912345678"),
            ("02373852246", "842373852246"),
        ] {
            assert_eq!(international(typed).as_deref(), Some(number));
        }
        for bad in ["", "912", "an@noi.vn", "09123456789012"] {
            assert_eq!(international(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_provider_elsewhere_is_asked_over_tls() {
        assert!(provider("https://sms.test/api/", "X").is_ok_and(|u| u == "https://sms.test/api"));
        assert!(provider("http://127.0.0.1:9/x", "X").is_ok());
        for bad in ["http://sms.test", "http://127.0.0.1@sms.test", "sms.test"] {
            assert!(provider(bad, "X").is_err(), "{bad}");
        }
    }
}
