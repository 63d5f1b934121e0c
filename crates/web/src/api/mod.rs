//! The REST twin of the pages, version 1: the same use cases, JSON in, JSON or problems out.

mod absences;
mod alerts;
mod body;
mod certificates;
mod counts;
mod dossiers;
mod filing;
mod held;
mod local_signing;
mod notice_words;
mod notices;
mod offers;
mod papers;
mod post_records;
mod procedures;
mod repins;
mod rules;
mod scans;
mod sessions;
mod signatures;
mod signing;
mod signing_batches;
mod staff;
mod statistics;
mod tasks;
mod work;

pub(crate) use work::unit_of;

use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use axum::{Json, Router};
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{Components, OpenApi as Document};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::extract::SCANS_BYTES;
use crate::state::Web;

/// Bytes of a command or a filing: files as large as the page takes, in base64, four bytes for three.
const COMMAND_BYTES: usize = SCANS_BYTES.div_ceil(3).saturating_mul(4);

#[derive(OpenApi)]
#[openapi(info(
    title = "Một Cửa",
    version = "1",
    description = "Dossiers of one-stop administrative procedures. Open a session; send its \
        cookie with every request, and its `csrf` as `X-CSRF-Token` with every request that \
        changes something. A problem that is a refusal names its rule and citation."
))]
struct Api;

fn routed() -> (Router<Web>, Document) {
    OpenApiRouter::with_openapi(Api::openapi())
        .routes(routes!(sessions::open, sessions::close))
        .routes(routes!(work::list))
        .routes(routes!(alerts::list))
        .routes(routes!(post_records::list, post_records::make))
        .routes(routes!(post_records::take_back))
        .routes(routes!(post_records::sign))
        .routes(routes!(post_records::paper))
        .routes(routes!(post_records::slip))
        .routes(routes!(tasks::list))
        .routes(routes!(tasks::agencies))
        .routes(routes!(absences::list, absences::give))
        .routes(routes!(absences::end))
        .merge(administration())
        .routes(routes!(filing::receive).layer(DefaultBodyLimit::max(COMMAND_BYTES)))
        .routes(routes!(scans::read))
        .routes(routes!(scans::attachment))
        .routes(routes!(dossiers::show))
        .routes(routes!(dossiers::result))
        .routes(routes!(dossiers::attachment))
        .routes(routes!(held::of_dossier))
        .routes(routes!(offers::list))
        .routes(routes!(held::list))
        .routes(routes!(held::seal))
        .routes(routes!(dossiers::on_file))
        .routes(routes!(signatures::check))
        .merge(signatures_given())
        .routes(routes!(dossiers::command).layer(DefaultBodyLimit::max(COMMAND_BYTES)))
        .routes(routes!(repins::preview, repins::order))
        .routes(routes!(repins::show))
        .routes(routes!(repins::undo))
        .routes(routes!(rules::list))
        .routes(routes!(filing::procedures))
        .routes(routes!(post_records::not_served))
        .routes(routes!(procedures::show))
        .routes(routes!(filing::agencies))
        .routes(routes!(filing::submissions))
        .routes(routes!(statistics::lookups))
        .routes(routes!(counts::dossiers))
        .routes(routes!(papers::register))
        .routes(routes!(papers::volume))
        .routes(routes!(papers::close))
        .routes(routes!(papers::print))
        .routes(routes!(papers::way))
        .routes(routes!(notices::log))
        .routes(routes!(notices::again))
        .routes(routes!(notices::templates, notice_words::keep))
        .routes(routes!(notice_words::check))
        .routes(routes!(notice_words::turn))
        .routes(routes!(notice_words::hours, notice_words::set_hours))
        .split_for_parts()
}

/// Signing, alone and in batches.
fn signatures_given() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(signing::show))
        .routes(routes!(signing::read))
        .routes(routes!(local_signing::begin))
        .routes(routes!(local_signing::show))
        .routes(routes!(local_signing::begin_item))
        .routes(routes!(local_signing::show_item))
        .routes(routes!(signing_batches::list, signing_batches::make))
        .routes(routes!(signing_batches::show, signing_batches::dissolve))
        .routes(routes!(signing_batches::sign))
        .routes(routes!(signing_batches::code))
        .routes(routes!(signing_batches::document))
        .routes(routes!(signing_batches::give_back))
}

/// What administrators keep: staff, accounts, certificates.
fn administration() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(staff::list))
        .routes(routes!(staff::show))
        .routes(routes!(staff::give, staff::end))
        .routes(routes!(staff::lock))
        .routes(routes!(staff::reset_totp))
        .routes(routes!(certificates::list, certificates::register))
        .routes(routes!(certificates::show))
        .routes(routes!(certificates::end))
}

/// The document of the interface, OpenAPI 3.1.
pub fn openapi() -> Document {
    let (_, mut document) = routed();
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("__Host-motcua")));
    let components = document.components.get_or_insert_with(Components::default);
    components.add_security_scheme("session", cookie);
    document
}

/// Every route of the interface.
pub(crate) fn routes() -> Router<Web> {
    let (router, _) = routed();
    router.route("/api/v1/openapi.json", get(async || Json(openapi())))
}
