//! The route table, read from where routes are declared: a route that is added is swept from then
//! on, whether anybody thinks of it or not.

use std::path::{Path, PathBuf};

use axum::http::Method;

/// A route as it is declared, its places in braces.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Route {
    pub(crate) path: String,
    method: String,
}

impl Route {
    fn new(method: &str, path: &str) -> Self {
        Self {
            path: path.to_owned(),
            method: method.to_uppercase(),
        }
    }

    pub(crate) fn method(&self) -> Method {
        self.method.parse().unwrap()
    }

    pub(crate) fn is_safe(&self) -> bool {
        self.method == "GET"
    }

    pub(crate) fn is_api(&self) -> bool {
        self.path.starts_with("/api/")
    }

    /// `POST /tiep-nhan`.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// Every route of the site, in order.
pub(crate) fn all() -> Vec<Route> {
    let mut routes = declared();
    routes.extend(documented());
    routes.sort();
    routes
}

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Routes that pages declare: `.route("/tim", get(find))`.
fn declared() -> Vec<Route> {
    let mut routes = Vec::new();
    for source in sources() {
        for call in source.split(".route(").skip(1) {
            let Some(call) = call.trim_start().strip_prefix('"') else {
                assert!(call.starts_with("&format!"), "an unread route: {call:.60}");
                routes.push(Route::new("get", "/tep/{*file}"));
                continue;
            };
            let (path, rest) = call.split_once('"').unwrap();
            let handlers = inside(rest);
            for method in METHODS {
                let starts = [
                    format!(" {method}("),
                    format!(".{method}("),
                    format!("\n{method}("),
                ];
                if starts.iter().any(|start| handlers.contains(start)) {
                    routes.push(Route::new(method, path));
                }
            }
        }
    }
    routes
}

/// The text up to the bracket that closes what was opened before it.
fn inside(text: &str) -> &str {
    let mut open = 1_u32;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return &text[..at];
        }
    }
    text
}

/// Routes of the REST interface, from its document.
fn documented() -> Vec<Route> {
    let document = serde_json::to_value(web::openapi()).unwrap();
    let mut routes = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations
            .as_object()
            .unwrap()
            .keys()
            .filter(|m| METHODS.contains(&&***m))
        {
            routes.push(Route::new(method, path));
        }
    }
    routes
}

fn sources() -> Vec<String> {
    let mut sources = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/src");
    let mut folders: Vec<PathBuf> = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                sources.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    sources
}

#[test]
fn the_route_table_is_read_whole() {
    let names: Vec<String> = all().iter().map(Route::name).collect();
    for known in [
        "GET /",
        "POST /dang-nhap",
        "GET /ho-so/{id}/{command}",
        "POST /ho-so/{id}/{command}",
        "POST /tiep-nhan/nhap/{id}/bo",
        "DELETE /api/v1/sessions",
        "GET /api/v1/openapi.json",
    ] {
        assert!(
            names.iter().any(|name| name == known),
            "{known} is not in {names:#?}"
        );
    }
}

#[test]
fn every_handler_of_the_interface_is_in_its_document() {
    let mut described = Vec::new();
    for source in sources() {
        for attribute in source.split("#[utoipa::path(").skip(1) {
            let (method, rest) = attribute.split_once(',').unwrap();
            let path = rest.split('"').nth(1).unwrap();
            described.push(Route::new(method.trim(), path));
        }
    }
    let mut documented = documented();
    described.sort();
    documented.sort();
    assert!(!described.is_empty());
    assert_eq!(described, documented);
    let plain = declared().into_iter().filter(Route::is_api);
    let plain: Vec<String> = plain.map(|route| route.name()).collect();
    assert_eq!(
        plain,
        ["GET /api/v1/openapi.json"],
        "a route outside the document"
    );
}
