//! Makes the official document of a settled dossier's result, stores it by its content, and records
//! it in the dossier, once.

use domain::dossier::Event;
use domain::ids::DossierId;
use serde::{Deserialize, Serialize};
use store::{AuditLine, Message, NewMessage, OnceKey};

use crate::no::No;
use crate::state::App;

use super::letter::official;
use super::record::{Paper, SYSTEM, record};

pub(super) const MAKE_RESULT: &str = "make_result";

/// A document to be made, as the outbox carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct MakeResult {
    dossier: DossierId,
}

/// The message that asks for the official document of a dossier.
pub(super) fn message(dossier: &DossierId) -> NewMessage {
    let body = MakeResult {
        dossier: dossier.clone(),
    };
    NewMessage {
        kind: MAKE_RESULT,
        body: serde_json::to_string(&body).expect("a message is plain data"),
    }
}

/// Handles the message. Each part has its effect once, so a message that comes again changes
/// nothing. The result may have been returned meanwhile: nobody waits for a paper.
pub(super) async fn make_result(app: &App, message: &Message) -> Result<(), No> {
    let body: MakeResult = super::read(&message.body)?;
    let once = OnceKey::parse(&format!("make-result-{}", message.id));
    let once = once.map_err(|fault| No::Broken(Box::new(fault)))?;
    let loaded = app.store().load(&body.dossier).await?;
    let issued = loaded.dossier.issued();
    if issued.is_some_and(|issued| issued.official.is_some()) {
        return Ok(());
    }
    let file = official(app, &loaded).await?;
    let audit = AuditLine {
        actor: SYSTEM.to_owned(),
        action: "result.made".to_owned(),
        subject: body.dossier.to_string(),
        purpose: String::new(),
        detail: format!(r#"{{"file":"{}"}}"#, file.hash),
    };
    let event = |at| Event::ResultMade {
        at,
        file: file.clone(),
    };
    let paper = Paper {
        once,
        audit,
        event: &event,
    };
    record(app, loaded, paper).await?;
    Ok(())
}
