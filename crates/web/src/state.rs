//! What every handler shares.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use app::App;

use crate::throttle::Throttle;

/// How the web front is run.
#[derive(Debug, Clone, Copy)]
pub struct WebConfig {
    /// Whether browsers reach us through TLS: cookies are then sent through TLS alone.
    pub secure_cookies: bool,
    /// Whether a proxy of our own stands in front and writes `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// Where the program of a token at the reader's own desk listens.
    pub local_token: LocalToken,
}

impl Default for WebConfig {
    fn default() -> Self {
        Self {
            secure_cookies: true,
            behind_proxy: false,
            local_token: LocalToken::default(),
        }
    }
}

/// The program that signs with a token plugged in at the reader's own desk: on her own machine, never
/// elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalToken {
    tls: bool,
    port: u16,
}

/// The text is no address of a program on the reader's own machine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("write wss://127.0.0.1:PORT or ws://127.0.0.1:PORT")]
pub struct NotLocal;

impl Default for LocalToken {
    /// Where the government's program listens.
    fn default() -> Self {
        Self {
            tls: true,
            port: 8987,
        }
    }
}

impl FromStr for LocalToken {
    type Err = NotLocal;

    fn from_str(text: &str) -> Result<Self, NotLocal> {
        let (scheme, port) = text.split_once("://127.0.0.1:").ok_or(NotLocal)?;
        let tls = match scheme {
            "wss" => true,
            "ws" => false,
            _ => return Err(NotLocal),
        };
        let port = port.parse().map_err(|_| NotLocal)?;
        Ok(Self { tls, port })
    }
}

impl fmt::Display for LocalToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "wss" } else { "ws" };
        write!(f, "{scheme}://127.0.0.1:{}", self.port)
    }
}

/// The state of the router. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Web {
    /// The use cases.
    pub(crate) app: App,
    /// How the front is run.
    pub(crate) config: WebConfig,
    /// Bounds how often an address may ask in public.
    pub(crate) throttle: Arc<Throttle>,
}

impl Web {
    /// The state of a router.
    pub(crate) fn new(app: App, config: WebConfig) -> Self {
        Self {
            app,
            config,
            throttle: Arc::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_at_the_reader_s_own_machine() {
        for address in ["wss://127.0.0.1:8987", "ws://127.0.0.1:18987"] {
            let read: LocalToken = address.parse().unwrap();
            assert_eq!(read.to_string(), address);
        }
        assert_eq!(LocalToken::default().to_string(), "wss://127.0.0.1:8987");
        let elsewhere = [
            "wss://10.0.0.1:8987",
            "https://127.0.0.1:8987",
            "wss://127.0.0.1",
            "wss://127.0.0.1:8987; script-src *",
        ];
        for address in elsewhere {
            assert_eq!(address.parse::<LocalToken>(), Err(NotLocal), "{address}");
        }
    }
}
