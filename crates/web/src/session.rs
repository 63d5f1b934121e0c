//! Who asks: the session of a cookie, and the proof that a form is ours.

use app::people;
use app::words::Language;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{ACCEPT, COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Uri};
use axum::middleware::Next;
use axum::response::Response;

use app::access::Actor;

use crate::error::Trouble;
use crate::state::{Web, WebConfig};
use crate::words::Words;

/// The header in which scripts and programs send the secret of the forms.
pub(crate) const CSRF_HEADER: &str = "x-csrf-token";
/// The field in which forms send it.
pub(crate) const CSRF_FIELD: &str = "_csrf";
/// The field in which a form that was held sends the secret of its own cookie: it was drawn before
/// its sender signed in again, when there was no session to have a secret.
pub(crate) const HELD_FIELD: &str = "_giu";
const HELD_COOKIE: &str = "motcua-giu";
const LANGUAGE_COOKIE: &str = "ngonngu";
const YEAR_SECONDS: u32 = 31_536_000;

/// A signed-in member of staff. Extracting it on an unsafe method proves the header's secret;
/// forms are extracted with [`crate::extract::Posted`], which accepts the field as well.
#[derive(Debug, Clone)]
pub(crate) struct Staff {
    /// Who, in which posts.
    pub(crate) actor: Actor,
    /// The secret of the forms.
    pub(crate) csrf: String,
    /// The secret of the cookie.
    pub(crate) token: String,
    /// The local address asked for, to come back to.
    pub(crate) here: String,
}

impl Staff {
    /// Words in the person's language.
    pub(crate) fn words(&self) -> Words {
        Words(self.actor.language)
    }

    /// The session of a request, without looking at its secret.
    pub(crate) async fn of(parts: &Parts, web: &Web) -> Result<Self, Trouble> {
        let token = session_cookie(&parts.headers, web.config).ok_or(Trouble::SignIn)?;
        let found = people::session(&web.app, &token)
            .await?
            .ok_or(Trouble::SignIn)?;
        let here = return_address(&parts.uri);
        Ok(Self {
            actor: found.actor,
            csrf: found.csrf,
            token,
            here,
        })
    }

    /// Whether `given` is the secret of this session's forms.
    pub(crate) fn proves(&self, given: &str) -> Result<(), Trouble> {
        if same(given, &self.csrf) {
            Ok(())
        } else {
            Err(Trouble::Forged)
        }
    }
}

impl FromRequestParts<Web> for Staff {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Trouble> {
        let staff = Self::of(parts, web).await?;
        if !is_safe(&parts.method) {
            staff.proves(header(&parts.headers, CSRF_HEADER))?;
        }
        Ok(staff)
    }
}

/// Anybody, before signing in or in public.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// Words in the language asked for.
    pub(crate) w: Words,
    /// The local path asked for.
    pub(crate) here: String,
}

impl FromRequestParts<Web> for Visitor {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Trouble> {
        let w = Words(language(&parts.headers, parts.uri.query()));
        Ok(Self {
            w,
            here: local(parts.uri.path()).to_owned(),
        })
    }
}

/// Anybody, signed in or not: pages that are open to all but keep the desk's bar for staff.
#[derive(Debug, Clone)]
pub(crate) enum Reader {
    /// Signed in.
    Staff(Box<Staff>),
    /// Not signed in.
    Visitor(Visitor),
}

impl FromRequestParts<Web> for Reader {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Trouble> {
        match Staff::of(parts, web).await {
            Ok(staff) => Ok(Self::Staff(Box::new(staff))),
            Err(Trouble::SignIn) => Ok(Self::Visitor(
                Visitor::from_request_parts(parts, web).await?,
            )),
            Err(trouble) => Err(trouble),
        }
    }
}

/// Whether the method changes nothing.
pub(crate) fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// The local address asked for, to come back to. What somebody typed into the address of a search
/// stays behind: it may name a person. A sealed question does not.
pub(crate) fn return_address(uri: &Uri) -> String {
    let whole = uri.path_and_query().map_or("/", |path| path.as_str());
    let sealed = uri.query().is_some_and(|query| query.starts_with("hoi="));
    let address = if uri.path() == "/tim" && !sealed {
        uri.path()
    } else {
        whole
    };
    local(address).to_owned()
}

/// The sign-in page, which leads on to `back`.
pub(crate) fn sign_in_address(back: &str) -> String {
    match serde_html_form::to_string([("tiep", back)]) {
        Ok(query) if back != "/" => format!("/dang-nhap?{query}"),
        _ => "/dang-nhap".to_owned(),
    }
}

/// A header's text; empty when it is absent.
pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("")
}

/// Whether the answer is read by a program.
pub(crate) fn wants_json(headers: &HeaderMap, path: &str) -> bool {
    path.starts_with("/api/") || header(headers, ACCEPT.as_str()).contains("json")
}

/// A local path that may be sent as a place to go to: never another site's.
pub(crate) fn local(path: &str) -> &str {
    let plain = path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if plain && path.starts_with('/') && !path.starts_with("//") {
        path
    } else {
        "/"
    }
}

/// The value of a cookie.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = all
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(key, _)| key.trim() == name)
        .map(|(_, value)| value.trim().to_owned())
}

/// The name of a cookie: bound to this host where TLS protects it.
fn name(base: &str, config: WebConfig) -> String {
    if config.secure_cookies {
        format!("__Host-{base}")
    } else {
        base.to_owned()
    }
}

/// The token of the session's cookie.
pub(crate) fn session_cookie(headers: &HeaderMap, config: WebConfig) -> Option<String> {
    cookie(headers, &name("motcua", config)).filter(|token| !token.is_empty())
}

/// The secret of the sign-in form's cookie.
pub(crate) fn form_cookie(headers: &HeaderMap, config: WebConfig) -> Option<String> {
    cookie(headers, &name("motcua-vao", config)).filter(|token| token.len() == 64)
}

/// `Set-Cookie` for the session; an empty token closes it.
pub(crate) fn keep_session(token: &str, config: WebConfig) -> HeaderValue {
    let seconds = people::SESSION_HOURS.saturating_mul(3600);
    let age = if token.is_empty() { 0 } else { seconds };
    let secure = if config.secure_cookies {
        "; Secure"
    } else {
        ""
    };
    let name = name("motcua", config);
    plain(&format!(
        "{name}={token}; HttpOnly; SameSite=Lax; Path=/; Max-Age={age}{secure}"
    ))
}

/// The secret of a form that is held for after signing in.
pub(crate) fn held_cookie(headers: &HeaderMap, config: WebConfig) -> Option<String> {
    cookie(headers, &name(HELD_COOKIE, config)).filter(|token| token.len() == 64)
}

/// `Set-Cookie` for the secret of the sign-in form.
pub(crate) fn keep_form(token: &str, config: WebConfig) -> HeaderValue {
    strict("motcua-vao", token, config)
}

/// `Set-Cookie` for the secret of a form that is held for after signing in.
pub(crate) fn keep_held(token: &str, config: WebConfig) -> HeaderValue {
    strict(HELD_COOKIE, token, config)
}

/// A cookie that no other site's form brings along.
fn strict(base: &str, token: &str, config: WebConfig) -> HeaderValue {
    let secure = if config.secure_cookies {
        "; Secure"
    } else {
        ""
    };
    let name = name(base, config);
    plain(&format!(
        "{name}={token}; HttpOnly; SameSite=Strict; Path=/; Max-Age=3600{secure}"
    ))
}

fn plain(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}

/// The language of somebody without a session: the address says it, or the cookie, or the law.
pub(crate) fn language(headers: &HeaderMap, query: Option<&str>) -> Language {
    match asked_language(query) {
        Some(language) => language,
        None => cookie(headers, LANGUAGE_COOKIE)
            .map_or_else(Language::default, |code| Language::parse(&code)),
    }
}

fn asked_language(query: Option<&str>) -> Option<Language> {
    let code = query?
        .split('&')
        .find_map(|pair| pair.strip_prefix("ngon-ngu="))?;
    matches!(code, "vi" | "en").then(|| Language::parse(code))
}

/// Remembers the language that an address asks for.
pub(crate) async fn remember_language(
    State(web): State<Web>,
    request: Request,
    next: Next,
) -> Response {
    let asked = asked_language(request.uri().query());
    let mut response = next.run(request).await;
    if let Some(language) = asked {
        let secure = if web.config.secure_cookies {
            "; Secure"
        } else {
            ""
        };
        let code = language.code();
        let value = format!(
            "{LANGUAGE_COOKIE}={code}; SameSite=Lax; Path=/; Max-Age={YEAR_SECONDS}{secure}"
        );
        response.headers_mut().append(SET_COOKIE, plain(&value));
    }
    response
}

/// Compares secrets in a time that does not depend on where they differ.
pub(crate) fn same(given: &str, secret: &str) -> bool {
    let (given, secret) = (given.as_bytes(), secret.as_bytes());
    if given.len() != secret.len() || secret.is_empty() {
        return false;
    }
    given
        .iter()
        .zip(secret)
        .fold(0, |differ, (a, b)| differ | (a ^ b))
        == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_local_paths_are_places_to_go_to() {
        assert_eq!(local("/viec-cua-toi?phan=late"), "/viec-cua-toi?phan=late");
        for bad in [
            "https://elsewhere.vn",
            "//elsewhere.vn",
            "/\\elsewhere.vn",
            "",
            "/a\r\nB: c",
        ] {
            assert_eq!(local(bad), "/", "{bad}");
        }
    }

    #[test]
    fn addresses_to_come_back_to_are_local_and_name_nobody() {
        let back = |text: &'static str| return_address(&Uri::from_static(text));
        assert_eq!(back("/viec-cua-toi?phan=late"), "/viec-cua-toi?phan=late");
        assert_eq!(back("/tim?q=nguyen+van+an"), "/tim");
        assert_eq!(back("/tim?hoi=5ea1"), "/tim?hoi=5ea1");
        assert_eq!(back("//elsewhere.vn/x"), "/");
        assert_eq!(sign_in_address("/"), "/dang-nhap");
        assert_eq!(
            sign_in_address("/ho-so/1?da=a"),
            "/dang-nhap?tiep=%2Fho-so%2F1%3Fda%3Da"
        );
    }

    #[test]
    fn an_empty_or_other_secret_proves_nothing() {
        assert!(same("abc", "abc"));
        assert!(!same("abd", "abc") && !same("ab", "abc") && !same("", ""));
    }

    #[test]
    fn cookies_are_bound_to_the_host_under_tls() {
        let strict = WebConfig::default();
        let kept = keep_session("t0k3n", strict);
        let kept = kept.to_str().unwrap();
        assert!(kept.starts_with("__Host-motcua=t0k3n; HttpOnly; SameSite=Lax; Path=/"));
        assert!(kept.ends_with("; Secure"));
        let plain = WebConfig {
            secure_cookies: false,
            ..strict
        };
        assert!(
            keep_session("", plain)
                .to_str()
                .unwrap()
                .contains("Max-Age=0")
        );
        let mut headers = HeaderMap::new();
        headers.insert(
            COOKIE,
            HeaderValue::from_static("a=1; motcua=t0k3n; ngonngu=en"),
        );
        assert_eq!(session_cookie(&headers, plain).as_deref(), Some("t0k3n"));
        assert_eq!(session_cookie(&headers, strict), None);
        assert_eq!(language(&headers, None), Language::En);
        assert_eq!(language(&headers, Some("a=1&ngon-ngu=vi")), Language::Vi);
    }
}
