//! Addresses of services.

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
