//! What is typed for an act is safe on the server while it is typed, sealed, for who typed it alone;
//! it goes when the act is done.

use domain::dossier::CommandKind;
use domain::ids::DossierId;
use jiff::civil::DateTime;
use store::{ActDraft as Row, ActDraftKey};

use crate::access::{Actor, Resource, may_see};
use crate::forms::Typed;
use crate::no::{Denied, Fault, No};
use crate::state::App;

use super::act::{TRIES, judge_seen};

/// The most characters that a draft holds.
const MOST: usize = 50_000;

/// For which act somebody types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typing {
    /// On which dossier.
    pub dossier: DossierId,
    /// Which act.
    pub command: CommandKind,
}

/// What was typed for an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActDraft {
    /// When it was saved last.
    pub saved: DateTime,
    /// What was typed.
    pub typed: Typed,
}

impl Typing {
    fn key(&self, actor: &Actor) -> ActDraftKey {
        ActDraftKey {
            dossier: self.dossier.clone(),
            command: self.command,
            staff: actor.staff.clone(),
        }
    }
}

fn about(key: &ActDraftKey) -> String {
    format!("act:{}:{}:{}", key.dossier, key.command.as_str(), key.staff)
}

/// Saves what was typed by somebody who looks at `version` of the dossier; says when.
///
/// # Errors
/// [`No::Denied`], unseen; [`No::Invalid`] when it is too large; [`No::Stale`] when somebody moved
/// the dossier meanwhile, with this act or another.
pub async fn save_act_draft(
    app: &App,
    actor: &Actor,
    typing: &Typing,
    (version, typed): (u32, Typed),
) -> Result<DateTime, No> {
    if typed.size() > MOST {
        let fault = Fault::new("draft", "fault.draft_size").with("most", &MOST);
        return Err(No::Invalid(vec![fault]));
    }
    let (key, now) = (typing.key(actor), app.clock().now());
    let sealed = app.keys().seal(&about(&key), &typed);
    for _ in 0..TRIES {
        let loaded = app.store().load(&typing.dossier).await?;
        let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
        let process = app.process(&filed.procedure, filed.process_version).await?;
        let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
        may_see(actor, &resource.passed_on(app))?;
        judge_seen(version, &loaded)?;
        let row = Row {
            sealed: sealed.clone(),
            updated_at: now,
        };
        let store = app.store();
        if store
            .save_act_draft(key.clone(), loaded.version, row)
            .await?
        {
            return Ok(now);
        }
    }
    Err(No::Broken("the dossier does not stand still".into()))
}

/// What the actor typed for the act and did not send.
///
/// # Errors
/// [`No::Broken`].
pub async fn act_draft(app: &App, actor: &Actor, typing: &Typing) -> Result<Option<ActDraft>, No> {
    let key = typing.key(actor);
    let Some(row) = app.store().act_draft(&key).await? else {
        return Ok(None);
    };
    Ok(Some(ActDraft {
        saved: row.updated_at,
        typed: app.keys().open(&about(&key), &row.sealed)?,
    }))
}

/// The act is done: what was typed for it goes.
///
/// # Errors
/// [`No::Broken`].
pub async fn remove_act_draft(app: &App, actor: &Actor, typing: &Typing) -> Result<(), No> {
    let key = typing.key(actor);
    // Reading costs little; most acts have no draft, and a write would wait for its turn.
    if app.store().act_draft(&key).await?.is_some() {
        app.store().remove_act_draft(key).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::{AtCounter, Ending, receive};
    use crate::people::testing::{clerk, key, office, typed};
    use crate::processing::{Act, Order, act};

    async fn received(app: &App, actor: &Actor) -> DossierId {
        let form = [
            ("name", "Nguyễn Thị An"),
            ("number", "038199000017"),
            ("procedure", "2.000815"),
            ("c1", "paper"),
            ("pages1", "1"),
        ];
        let input = AtCounter {
            scans: Vec::new(),
            ending: Ending::Receive,
            typed: typed(&form),
            draft: None,
            key: key(),
        };
        receive(app, actor, input).await.unwrap().dossier
    }

    #[tokio::test]
    async fn words_for_an_act_are_kept_until_the_dossier_moves() {
        let app = office().await;
        let ours = clerk(&app, "Phường Hạc Thành");
        let dossier = received(&app, &ours).await;
        let version = app.store().load(&dossier).await.unwrap().version;
        let typing = Typing {
            dossier: dossier.clone(),
            command: CommandKind::Withdraw,
        };
        let words = typed(&[("reason", "Rút để nộp lại")]);
        let theirs = clerk(&app, "Phường Nguyệt Viên");
        let unseen = save_act_draft(&app, &theirs, &typing, (version, words.clone())).await;
        assert!(matches!(unseen, Err(No::Denied(Denied::Unseen))));
        save_act_draft(&app, &ours, &typing, (version, words.clone()))
            .await
            .unwrap();
        let kept = act_draft(&app, &ours, &typing).await.unwrap();
        assert_eq!(kept.map(|draft| draft.typed), Some(words.clone()));
        let order = Act {
            dossier,
            version,
            key: key(),
            order: Order::HandOver,
        };
        act(&app, &ours, order).await.unwrap();
        let late = save_act_draft(&app, &ours, &typing, (version, words)).await;
        assert!(matches!(late, Err(No::Stale(_))), "{late:?}");
        remove_act_draft(&app, &ours, &typing).await.unwrap();
        assert_eq!(act_draft(&app, &ours, &typing).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_draft_is_no_store_room() {
        let app = office().await;
        let ours = clerk(&app, "Phường Hạc Thành");
        let typing = Typing {
            dossier: received(&app, &ours).await,
            command: CommandKind::Decline,
        };
        let long = typed(&[("reason", &"a".repeat(MOST))]);
        let no = save_act_draft(&app, &ours, &typing, (2, long)).await;
        assert!(matches!(no, Err(No::Invalid(_))), "{no:?}");
    }
}
