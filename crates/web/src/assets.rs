//! Files of the front end: named by their content, so that a browser may keep them for ever.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::error::Trouble;

#[derive(RustEmbed)]
#[folder = "frontend/dist/"]
struct Dist;

/// Where assets are served.
pub(crate) const ROOT: &str = "/tep/";

struct Manifest {
    addresses: BTreeMap<String, String>,
    files: BTreeSet<String>,
}

static MANIFEST: LazyLock<Manifest> = LazyLock::new(|| {
    let file = embedded("manifest.json").expect("the build stops without the front end");
    let named: BTreeMap<String, String> =
        serde_json::from_slice(&file).expect("the front end's build writes its manifest");
    let addresses = named
        .iter()
        .map(|(name, file)| (name.clone(), format!("{ROOT}{file}")));
    Manifest {
        addresses: addresses.collect(),
        files: named.values().cloned().collect(),
    }
});

/// The bytes of a file of the front end.
pub(crate) fn embedded(name: &str) -> Option<Vec<u8>> {
    Dist::get(name).map(|file| file.data.into_owned())
}

/// The address of an asset by its logical name; empty when there is none.
pub(crate) fn address(name: &str) -> &'static str {
    MANIFEST.addresses.get(name).map_or("", String::as_str)
}

/// `GET /tep/{file}`: only what the manifest names, so neither faces for paper nor the icon set.
pub(crate) async fn get(Path(file): Path<String>) -> Result<Response, Trouble> {
    if !MANIFEST.files.contains(&file) {
        return Err(Trouble::Missing);
    }
    let content = embedded(&file).ok_or(Trouble::Missing)?;
    let headers = [
        (CONTENT_TYPE, kind(&file)),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, content).into_response())
}

fn kind(file: &str) -> &'static str {
    match file.rsplit_once('.').map_or("", |(_, end)| end) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logical_names_lead_to_hashed_files() {
        assert!(address("look.css").starts_with("/tep/look."));
        assert!(address("desk.js").starts_with("/tep/desk."));
        assert_eq!(address("ttf/BeVietnamPro-Regular.ttf"), "");
    }

    #[tokio::test]
    async fn only_what_the_manifest_names_is_served() {
        let file = address("look.css").strip_prefix(ROOT).unwrap().to_owned();
        let served = get(Path(file)).await.unwrap();
        assert_eq!(served.headers()[CONTENT_TYPE], "text/css; charset=utf-8");
        assert!(
            get(Path("ttf/BeVietnamPro-Regular.ttf".to_owned()))
                .await
                .is_err()
        );
        assert!(get(Path("../package.json".to_owned())).await.is_err());
    }
}
