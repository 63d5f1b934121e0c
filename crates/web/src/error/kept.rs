//! What was typed into a form that could not be taken: the answer gives it back, to be sent again.

use askama::Template;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use crate::layout::Frame;
use crate::session::{CSRF_FIELD, HELD_FIELD, header, wants_json};
use crate::words::Words;

use super::{Said, Trouble};

/// Leaving and choosing a language have nothing to give back.
const NOT_WORTH: [&str; 2] = ["/dang-xuat", "/ngon-ngu"];

/// The fields of a form that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(super) fields: Vec<(String, String)>,
    /// Whether files came with it, which cannot be given back.
    pub(super) files: bool,
}

impl Kept {
    /// All but secrets, in their order.
    pub(crate) fn of(fields: Vec<(String, String)>, files: bool) -> Self {
        let is_secret = |name: &str| {
            [CSRF_FIELD, HELD_FIELD, "pin"].contains(&name) || name.contains("password")
        };
        let plain = fields.into_iter().filter(|(name, _)| !is_secret(name));
        Self {
            fields: plain.collect(),
            files,
        }
    }
}

/// A form that was not taken, with what was typed into it.
#[derive(Debug)]
pub(crate) struct Lost {
    /// Why.
    pub(crate) trouble: Trouble,
    /// What is given back.
    pub(crate) kept: Option<Kept>,
}

impl From<Trouble> for Lost {
    fn from(trouble: Trouble) -> Self {
        Self {
            trouble,
            kept: None,
        }
    }
}

impl IntoResponse for Lost {
    fn into_response(self) -> Response {
        let mut response = self.trouble.into_response();
        if let Some(kept) = self.kept {
            response.extensions_mut().insert(kept);
        }
        response
    }
}

/// Whether a form is given back when it cannot be taken. One that came from another site is not: one
/// press would send here what somebody else wrote.
pub(crate) fn is_worth_keeping(asked: &Parts) -> bool {
    let (headers, path) = (&asked.headers, asked.uri.path());
    let from = header(headers, "sec-fetch-site");
    !wants_json(headers, path) && matches!(from, "" | "same-origin") && !NOT_WORTH.contains(&path)
}

/// The page that gives them back.
#[derive(Template)]
#[template(path = "kept.html")]
pub(crate) struct KeptPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) said: Said,
    /// Where the form goes.
    pub(crate) action: String,
    pub(crate) fields: Vec<(String, String)>,
    /// Whether files have to be chosen again.
    pub(crate) files: bool,
    /// The secret of the cookie that goes out with it, by which the form is taken after signing in;
    /// empty for who is signed in.
    pub(crate) held: String,
    /// Where to sign in, in another tab; empty for who is signed in.
    pub(crate) sign_in: String,
}

/// Where a form was sent, to be sent there again.
pub(super) fn action(asked: &Parts) -> String {
    let address = asked.uri.path_and_query().map_or("/", |path| path.as_str());
    crate::session::local(address).to_owned()
}

#[cfg(test)]
mod tests {
    use axum::extract::Request;

    use super::*;

    fn asked(path: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::post(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn a_form_that_was_not_taken_keeps_all_but_its_secrets() {
        let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let plain = [
            ("reason", "Thiếu\r\ntrang"),
            ("ask", "1"),
            ("ask", "2"),
            ("_khoa", "k"),
        ];
        let secret = [("_csrf", "s"), ("_giu", "h"), ("new_password", "p")];
        let fields = plain.into_iter().chain(secret).map(pair).collect();
        let kept = Kept::of(fields, true);
        assert_eq!(kept.fields, plain.map(pair));
        assert!(kept.files);
    }

    #[test]
    fn what_another_site_wrote_is_not_given_back() {
        let path = "/ho-so/01a/decline";
        let from = |site| is_worth_keeping(&asked(path, &[("sec-fetch-site", site)]));
        assert!(is_worth_keeping(&asked(path, &[])) && from("same-origin"));
        assert!(!from("cross-site") && !from("same-site"));
        let script = [("accept", "application/json")];
        assert!(!is_worth_keeping(&asked("/tiep-nhan", &script)));
        assert!(!is_worth_keeping(&asked("/dang-xuat", &[])));
    }
}
