//! The part of the form that signs with a token at the person's own desk: the program there is asked
//! by the page's script; without it the document is signed elsewhere and handed in.

use app::OnceKey;
use app::processing::Acted;
use app::signing::{Approval, local};
use app::{App, No};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::Response;
use domain::certificate::KeyAt;
use domain::ids::{DossierId, FileHash};

use crate::error::{Answer, Trouble};
use crate::extract::Posted;
use crate::headers;
use crate::pages::intake::field::{Field, Fields};
use crate::state::{LocalToken, Web};

use super::form::{ActForm, Part};

/// What the page's script needs, and the other way to sign.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    /// Where the program on the person's machine listens.
    pub(crate) service: LocalToken,
    /// Where the script asks for the document.
    pub(crate) begin: String,
    /// The document, to be signed elsewhere.
    pub(crate) document: String,
    /// The signed file.
    pub(crate) signed: Field,
}

/// What the form shows in place of the PIN, where the key is on a token at the desk.
pub(super) fn desk(
    fields: &Fields<'_>,
    (dossier, service): (&DossierId, LocalToken),
    key: &KeyAt,
) -> Option<Desk> {
    (*key == KeyAt::LocalToken).then(|| Desk {
        service,
        begin: format!("/ho-so/{dossier}/ky-tai-cho"),
        document: format!("/ho-so/{dossier}/van-ban-ky"),
        signed: fields.text("signed", "local.signed"),
    })
}

/// The desk of a form that has one.
pub(super) fn of_parts(parts: &[Part]) -> Option<&Desk> {
    parts.iter().find_map(|part| match part {
        Part::Sign(sign) => sign.desk.as_ref(),
        _ => None,
    })
}

/// Lets a page speak to the program on the person's machine, where its form does.
pub(super) fn reaching(form: &ActForm, mut response: Response) -> Response {
    if let Some(desk) = of_parts(&form.parts) {
        let policy = headers::reaching(desk.service);
        response
            .headers_mut()
            .insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The approval that a form names.
pub(crate) fn approval(
    posted: &Posted,
    (dossier, version, key): (&DossierId, u32, OnceKey),
) -> Answer<Approval> {
    let document = FileHash::parse(posted.typed.get("document"));
    Ok(Approval {
        dossier: dossier.clone(),
        version,
        key,
        document: document.map_err(|_| Trouble::Unreadable)?,
    })
}

/// Whether the form hands in what was signed elsewhere.
pub(super) fn hands_in(posted: &Posted) -> bool {
    posted.typed.get("way") == "signed" || !signed(posted).is_empty()
}

/// Approves with the signed file that came with the form.
pub(super) async fn hand_in(web: &Web, posted: &Posted, approval: Approval) -> Result<Acted, No> {
    let (app, actor): (&App, _) = (&web.app, &posted.staff.actor);
    local::hand_in(app, actor, approval, signed(posted).to_vec()).await
}

/// Pages send it beside the hash of what was read, programs as the command's document.
fn signed(posted: &Posted) -> &[u8] {
    match posted.file("signed") {
        [] => posted.file("document"),
        file => file,
    }
}
