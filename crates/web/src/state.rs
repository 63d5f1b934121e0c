//! What every handler shares.

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
}

impl Default for WebConfig {
    fn default() -> Self {
        Self {
            secure_cookies: true,
            behind_proxy: false,
        }
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
