//! Signing one dossier from its own page with a key at a remote service: the service is asked, and the
//! page of the batch of one says how far it is.

use app::OnceKey;
use app::no::No;
use app::signing::{Approval, Pin, readable, remote};
use domain::ids::{DossierId, FileHash};

use crate::error::{Answer, Trouble};
use crate::extract::Posted;
use crate::state::Web;

/// Asks for the signature that the form names, and says where its progress is seen; nothing where the
/// key is opened here.
pub(super) async fn asked(
    web: &Web,
    posted: &Posted,
    (dossier, version, key): (&DossierId, u32, &OnceKey),
) -> Answer<Option<Result<String, No>>> {
    let (app, actor) = (&web.app, &posted.staff.actor);
    let document = FileHash::parse(posted.typed.get("document"));
    let approval = Approval {
        dossier: dossier.clone(),
        version,
        key: key.clone(),
        document: document.map_err(|_| Trouble::Unreadable)?,
    };
    if let Some(known) = remote::asked_before(app, actor, &approval.key).await? {
        return Ok(Some(Ok(at(&known))));
    }
    // Whoever was faster is named by the usual way.
    let Ok(found) = readable(app, actor, dossier).await else {
        return Ok(None);
    };
    if !found.signer.as_ref().is_ok_and(remote::is_remote) {
        return Ok(None);
    }
    let typed = remote::Typed {
        pin: Pin::new(posted.typed.get("pin")),
        code: Pin::new(posted.typed.get("code")),
    };
    let made = remote::ask_one(app, actor, approval, typed).await;
    Ok(Some(made.map(|made| at(&made))))
}

fn at(batch: &str) -> String {
    format!("/ky-so/{batch}")
}
