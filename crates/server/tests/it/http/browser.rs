//! A browser without script: cookies, pages, forms, redirects; within the process or over a socket.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::html::{Form, defects, forms, plain, words};
use crate::program::Phoenix;

/// Redirects in a row that a browser follows.
const FOLLOWED: usize = 5;
const FORM: &str = "application/x-www-form-urlencoded";

/// Where the server is.
#[derive(Debug, Clone)]
pub(crate) enum Site {
    /// The router itself, no socket between.
    Within(Router),
    /// Another process, started again when it dies.
    Process(Arc<Phoenix>),
}

impl Site {
    async fn ask(&self, sent: &Sent, cookies: &str) -> (Response<()>, Bytes) {
        match self {
            Self::Within(router) => {
                let request = sent.request("", cookies);
                let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
                let bytes = body.collect().await.unwrap().to_bytes();
                (Response::from_parts(parts, ()), bytes)
            }
            Self::Process(process) => process.ask(sent, cookies).await,
        }
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    /// Where it came from, after redirects.
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Bytes,
}

impl Page {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.to_vec()).unwrap()
    }

    /// The words that a person reads.
    pub(crate) fn words(&self) -> String {
        words(&self.text())
    }

    /// Insists that the page says `text`, whatever tags stand between.
    #[track_caller]
    pub(crate) fn says(&self, text: &str) -> &Self {
        let words = self.words();
        assert!(
            words.contains(text),
            "{} does not say “{text}”: {words}",
            self.path
        );
        self
    }

    /// Insists on the status.
    #[track_caller]
    pub(crate) fn is(&self, status: u16) -> &Self {
        let body = String::from_utf8_lossy(&self.bytes);
        assert_eq!(self.status.as_u16(), status, "{}: {body}", self.path);
        self
    }

    /// The form that is sent to `action`.
    #[track_caller]
    pub(crate) fn form(&self, action: &str) -> Form {
        let found = forms(&self.text())
            .into_iter()
            .find(|form| form.action == action);
        found.unwrap_or_else(|| panic!("{} has no form {action}: {}", self.path, self.words()))
    }

    /// Whether the page offers a form or a link to `action`.
    pub(crate) fn offers(&self, action: &str) -> bool {
        let text = self.text();
        text.contains(&format!("action=\"{action}\""))
            || text.contains(&format!("href=\"{action}\""))
    }

    pub(crate) fn location(&self) -> Option<&str> {
        self.headers.get(LOCATION).map(|to| to.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    fn kind(&self) -> &str {
        let kind = self.headers.get(CONTENT_TYPE);
        kind.map_or("", |kind| kind.to_str().unwrap())
    }
}

/// A request with its body.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) kind: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Sent {
    pub(crate) fn get(path: &str) -> Self {
        let kind = String::new();
        let (headers, body) = (Vec::new(), Vec::new());
        Self {
            method: Method::GET,
            path: path.to_owned(),
            kind,
            headers,
            body,
        }
    }

    /// A form on its way; the file of a multipart form goes to its file field.
    pub(crate) fn form(form: &Form, file: Option<(&str, &[u8])>) -> Self {
        let (kind, body) = if form.multipart {
            (
                "multipart/form-data; boundary=ranhgioi".to_owned(),
                multipart(form, file),
            )
        } else {
            let body = serde_html_form::to_string(&form.fields).unwrap();
            (FORM.to_owned(), body.into_bytes())
        };
        Self {
            method: Method::POST,
            kind,
            body,
            ..Self::get(&form.action)
        }
    }

    pub(crate) fn json(method: Method, path: &str, body: &serde_json::Value) -> Self {
        let kind = "application/json".to_owned();
        Self {
            method,
            kind,
            body: body.to_string().into_bytes(),
            ..Self::get(path)
        }
    }

    pub(crate) fn with(mut self, header: &str, value: &str) -> Self {
        self.headers.push((header.to_owned(), value.to_owned()));
        self
    }

    /// The request to a server at `base`.
    pub(crate) fn request(&self, base: &str, cookies: &str) -> Request<Body> {
        let request = Request::builder().method(&self.method);
        let mut request = request.uri(format!("{base}{}", self.path));
        let kind = (CONTENT_TYPE.as_str().to_owned(), self.kind.clone());
        let cookies = (COOKIE.as_str().to_owned(), cookies.to_owned());
        for (name, value) in self.headers.iter().chain([&kind, &cookies]) {
            if !value.is_empty() {
                request = request.header(name, value);
            }
        }
        request.body(Body::from(self.body.clone())).unwrap()
    }
}

fn multipart(form: &Form, file: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut body = Vec::new();
    let head = "--ranhgioi\r\nContent-Disposition: form-data; name=";
    for (name, value) in &form.fields {
        body.extend(format!("{head}\"{name}\"\r\n\r\n{value}\r\n").into_bytes());
    }
    if let Some((name, content)) = file {
        body.extend(format!("{head}\"{name}\"; filename=\"don.pdf\"\r\n\r\n").into_bytes());
        body.extend(content);
        body.extend(b"\r\n");
    }
    body.extend(b"--ranhgioi--\r\n");
    body
}

/// A person's browser.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    pub(crate) site: Site,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn new(site: Site) -> Self {
        Self {
            site,
            cookies: BTreeMap::new(),
        }
    }

    /// One request and its answer, redirects not followed.
    pub(crate) async fn send(&mut self, sent: &Sent) -> Page {
        let cookies = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        let (response, bytes) = self.site.ask(sent, &cookies).await;
        let page = Page {
            status: response.status(),
            path: sent.path.clone(),
            headers: response.headers().clone(),
            bytes,
        };
        self.keep_cookies(&page);
        inspect(&page);
        page
    }

    fn keep_cookies(&mut self, page: &Page) {
        for line in page.headers.get_all(SET_COOKIE) {
            let line = line.to_str().unwrap();
            let pair = line.split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// A request, and the page to which it leads at last.
    pub(crate) async fn follow(&mut self, sent: &Sent) -> Page {
        let mut page = self.send(sent).await;
        for _ in 0..FOLLOWED {
            if !page.status.is_redirection() {
                return page;
            }
            let to = page
                .location()
                .expect("a redirect says where to")
                .to_owned();
            page = self.send(&Sent::get(&to)).await;
        }
        panic!("{} leads nowhere", sent.path)
    }

    pub(crate) async fn get(&mut self, path: &str) -> Page {
        self.follow(&Sent::get(path)).await
    }

    pub(crate) async fn submit(&mut self, form: &Form) -> Page {
        self.follow(&Sent::form(form, None)).await
    }

    /// Signs in through the form; `code` gives the one-time code when one is asked for.
    pub(crate) async fn sign_in(
        &mut self,
        login: &str,
        code: impl AsyncFnOnce() -> String,
    ) -> Page {
        let page = self.get("/dang-nhap").await;
        let form = page.form("/dang-nhap");
        let filled = |form: Form| {
            form.fill("login", login)
                .fill("password", app::demo::PASSWORD)
        };
        let page = self.submit(&filled(form)).await;
        if page.status.is_success() {
            return page;
        }
        let form = filled(page.is(422).form("/dang-nhap"));
        let page = self.submit(&form.fill("code", &code().await)).await;
        page.is(200);
        page
    }
}

/// What holds for every answer.
fn inspect(page: &Page) {
    if page.kind().starts_with("text/html") {
        let text = page.text();
        assert_eq!(
            defects(&text),
            Vec::<String>::new(),
            "{}: {text}",
            page.path
        );
        let raw = ["{{", "{%", "web.", "intake."];
        let words = plain(&words(&text));
        let left = raw.iter().find(|mark| words.contains(**mark));
        assert_eq!(
            left, None,
            "{} shows a key or a template: {words}",
            page.path
        );
    }
    let policy = page.headers.get("content-security-policy");
    assert!(
        policy.is_some(),
        "{} has no content security policy",
        page.path
    );
}
