//! Calls to services over HTTPS, with an end in time and in size.

use std::time::Duration;

use app::ports::PortError;
use http::Request;
use http_body_util::{BodyExt as _, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::de::DeserializeOwned;

/// Bytes of an answer that are read, unless the caller expects more.
const MOST: usize = 64 * 1024;

/// Calls one service.
pub(crate) struct Caller {
    client: Client<HttpsConnector<HttpConnector>, String>,
    patience: Duration,
    most: usize,
}

impl Caller {
    pub(crate) fn new(patience: Duration) -> Self {
        let connector = HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .build();
        // A connection that died while it was kept would fail the first call after it.
        let client = Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .build(connector);
        Self {
            client,
            patience,
            most: MOST,
        }
    }

    /// Reads answers of so many bytes.
    pub(crate) fn reading(self, most: usize) -> Self {
        Self { most, ..self }
    }

    /// Asks and reads the JSON that is answered.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        request: Request<String>,
    ) -> Result<T, PortError> {
        let (status, body) = self.answer(request).await?;
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

    /// The status and the bytes that are answered, whatever they are.
    pub(crate) async fn answer(
        &self,
        request: Request<String>,
    ) -> Result<(u16, Vec<u8>), PortError> {
        let called = tokio::time::timeout(self.patience, self.call(request)).await;
        called.unwrap_or_else(|_| Err(retry("no_answer")))
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
        let body = Limited::new(response.into_body(), self.most)
            .collect()
            .await;
        let body = body.map_err(|_| retry("broken_connection"))?;
        Ok((status, body.to_bytes().to_vec()))
    }
}

pub(crate) fn retry(reason: &str) -> PortError {
    PortError::Retry(reason.to_owned())
}

/// The address of a service, without a slash at its end; TLS, unless it is on this machine.
pub(crate) fn secure(url: &str) -> Option<String> {
    let url = url.trim().trim_end_matches('/');
    let known = url.starts_with("https://") || (url.starts_with("http://") && is_here(url));
    (known && url.parse::<http::Uri>().is_ok()).then(|| url.to_owned())
}

/// Whether an address is on this machine.
pub(crate) fn is_here(url: &str) -> bool {
    ["127.0.0.1", "localhost"].contains(&host(url).as_str())
}

/// The host of an address.
pub(crate) fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    host.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_elsewhere_is_asked_over_tls() {
        assert!(secure("https://sms.test/api/").is_some_and(|url| url == "https://sms.test/api"));
        assert!(secure("http://127.0.0.1:9/x").is_some());
        for bad in ["http://sms.test", "http://127.0.0.1@sms.test", "sms.test"] {
            assert_eq!(secure(bad), None, "{bad}");
        }
    }
}
