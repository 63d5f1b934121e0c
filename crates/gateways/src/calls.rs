//! Calls to services over HTTPS, with an end in time and in size.

mod address;

use std::time::Duration;

use app::ports::PortError;
use http::Request;
use http_body_util::{BodyExt as _, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::de::DeserializeOwned;

pub(crate) use address::{host, is_here, secure};

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
