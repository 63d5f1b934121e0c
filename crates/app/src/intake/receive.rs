//! A clerk ends an intake: receives, asks for a supplement, or declines.

use domain::dossier::{Command, CommandKind, Dossier, Event};
use domain::ids::{DossierCode, DossierId, DraftId, StaffId, UnitId};
use store::{AppendError, Appended, Batch, Names, NewEvents, OnceKey};

use crate::access::{Actor, Permit, may_file};
use crate::facts::World;
use crate::forms::Typed;
use crate::jobs::messages_of;
use crate::no::{Denied, Fault, No};
use crate::processing::{dossier_sequence, once, text};
use crate::state::App;

use super::filing::audit_with;
use super::understood::understood;

/// How the clerk ends the intake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// File only; a clerk judges later. What a post agent does, and help with an online filing.
    Submit,
    /// Receive and number (Mẫu 01).
    Receive,
    /// Ask for a supplement (Mẫu 02).
    AskSupplement,
    /// Decline (Mẫu 03).
    Decline,
}

/// The end of an intake, as the counter sends it.
#[derive(Debug, Clone)]
pub struct AtCounter {
    /// How it ends.
    pub ending: Ending,
    /// What was typed. Ticked `ask` fields name components to ask for; `reason` says why.
    pub typed: Typed,
    /// The draft that this replaces.
    pub draft: Option<DraftId>,
    /// The form's one-time key.
    pub key: OnceKey,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The dossier.
    pub dossier: DossierId,
    /// Its number, when it was received.
    pub code: Option<DossierCode>,
}

impl From<Appended> for Filed {
    fn from(appended: Appended) -> Self {
        Self {
            dossier: appended.dossier,
            code: appended.code,
        }
    }
}

/// Ends an intake. The same key gives the same dossier, however often it is sent.
///
/// # Errors
/// All four kinds of [`No`] but stale: the dossier is new.
pub async fn receive(app: &App, actor: &Actor, input: AtCounter) -> Result<Filed, No> {
    let (unit, _) = actor.desk().ok_or(Denied::Seen)?;
    let unit = unit.clone();
    let permit = may_file(actor, kind(input.ending), &unit)?;
    let key = once(actor, kind(input.ending), "", &input.key);
    let input = AtCounter { key, ..input };
    match file(app, actor, &input, (unit, permit)).await {
        Ok(appended) => Ok(Filed::from(appended)),
        // Nearly every request comes once; only one that fails is looked up.
        Err(no) => match app.store().answered(&input.key).await? {
            Some(first) => Ok(Filed::from(first)),
            None => Err(no),
        },
    }
}

async fn file(
    app: &App,
    actor: &Actor,
    input: &AtCounter,
    (unit, permit): (UnitId, Permit),
) -> Result<Appended, No> {
    let now = app.clock().now();
    let (filed, versions, persons) = understood(app, actor, input, (&unit, now)).await?;
    let dossier = app.ids().dossier(now);
    let (receiving, competent) = (app.unit(&filed.receiving), app.unit(&filed.competent));
    let (commands, texts) = commands(app, input, filed, &dossier)?;
    let world = World {
        now,
        by: permit.by().clone(),
        for_whom: permit.for_whom().cloned(),
        procedure: versions.procedure,
        process: versions.process,
        settings: app.settings(),
        receiving,
        competent,
    };
    let decided = world.decide(&Dossier::Absent, &commands, 0)?;
    let batch = Batch {
        messages: messages_of(&dossier, &decided),
        events: events(
            input.ending,
            &world,
            commands,
            (decided, dossier_sequence(&unit, now)),
        ),
        texts,
        audit: audit_with(&permit, "dossier.filed", &dossier, &persons.changed),
        parties: persons.rows,
        drop_draft: input.draft.clone().map(String::from),
        names: Some(Names {
            procedure_name: world.procedure.name.clone(),
            field: world.procedure.field.clone(),
            owner_name: persons.owner_name,
        }),
        ..batch(&dossier, &permit, &world, input.key.clone())
    };
    let appended = match app.store().append(batch).await {
        Ok(appended) | Err(AppendError::Repeated(appended)) => appended,
        Err(error) => return Err(No::of_append(error)),
    };
    app.announce();
    Ok(appended)
}

fn batch(dossier: &DossierId, permit: &Permit, world: &World, key: OnceKey) -> Batch {
    Batch {
        dossier: dossier.clone(),
        expected: 0,
        head: String::new(),
        before: Dossier::Absent,
        events: NewEvents::Ready(Vec::new()),
        actor: permit.by().to_string(),
        behalf: permit.for_whom().map(StaffId::to_string),
        now: world.now,
        messages: Vec::new(),
        audit: Vec::new(),
        once: Some(key),
        texts: Vec::new(),
        parties: Vec::new(),
        drop_draft: None,
        names: None,
        process: std::sync::Arc::clone(&world.process),
    }
}

fn kind(ending: Ending) -> CommandKind {
    match ending {
        Ending::Submit => CommandKind::Submit,
        Ending::Receive => CommandKind::Receive,
        Ending::AskSupplement => CommandKind::AskSupplement,
        Ending::Decline => CommandKind::Decline,
    }
}

type Prepared = (Vec<Command>, Vec<store::NewText>);

fn commands(
    app: &App,
    input: &AtCounter,
    filed: domain::dossier::Filed,
    dossier: &DossierId,
) -> Result<Prepared, No> {
    let (reason, texts) = text(app, dossier, input.typed.get("reason"));
    match input.ending {
        Ending::Submit => Ok((vec![Command::Submit(filed)], Vec::new())),
        Ending::Receive => Ok((vec![Command::Receive(filed)], Vec::new())),
        Ending::AskSupplement => {
            let components = asked(&input.typed);
            let commands = vec![
                Command::Submit(filed),
                Command::AskSupplement { components, reason },
            ];
            Ok((commands, texts))
        }
        Ending::Decline if reason.is_none() => {
            Err(No::Invalid(vec![Fault::new("reason", "fault.reason")]))
        }
        Ending::Decline => Ok((
            vec![Command::Submit(filed), Command::Decline { reason }],
            texts,
        )),
    }
}

/// Components ticked to be asked for: repeated fields `ask`.
pub fn asked(typed: &Typed) -> Vec<u16> {
    typed
        .all("ask")
        .filter_map(|number| number.parse().ok())
        .collect()
}

/// Only a reception takes a number, and takes it inside the write.
fn events(
    ending: Ending,
    world: &World,
    commands: Vec<Command>,
    (decided, sequence): (Vec<Event>, String),
) -> NewEvents {
    let world = world.clone();
    match ending {
        Ending::Receive => NewEvents::Numbered {
            sequence,
            make: Box::new(move |number| world.decide(&Dossier::Absent, &commands, number)),
        },
        Ending::Submit | Ending::AskSupplement | Ending::Decline => NewEvents::Ready(decided),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::{load_draft, open_draft, person};
    use crate::people::testing::{audited, clerk, faults, key, office, typed};
    use crate::people::{opened, party};
    use domain::ids::PartyId;
    use domain::party::Sex;

    #[tokio::test]
    async fn a_draft_of_another_unit_is_not_filed_away() {
        let app = office().await;
        let theirs = clerk(&app, "Phường Nguyệt Viên");
        let draft = open_draft(&app, &theirs).await.unwrap().id;
        let mut input = AtCounter {
            ending: Ending::Receive,
            typed: typed(&COPIES),
            draft: Some(draft.clone()),
            key: key(),
        };
        let ours = clerk(&app, "Phường Hạc Thành");
        let no = receive(&app, &ours, input.clone()).await.unwrap_err();
        assert!(matches!(no, No::Denied(Denied::Unseen)), "{no:?}");
        assert!(load_draft(&app, &theirs, &draft).await.is_ok());
        let own = open_draft(&app, &ours).await.unwrap().id;
        input.draft = Some(own.clone());
        let filed = receive(&app, &ours, input.clone()).await.unwrap();
        assert!(load_draft(&app, &ours, &own).await.is_err());
        // The same form once more is answered, though its draft is gone.
        assert_eq!(receive(&app, &ours, input).await.unwrap(), filed);
    }

    /// Files certified copies with these fields laid over; gives the dossier and its applicant.
    async fn file(app: &App, fields: &[(&str, &str)]) -> Result<(DossierId, PartyId), No> {
        let mut form = typed(&COPIES);
        for (name, value) in fields {
            form.set(name, *value);
        }
        let input = AtCounter {
            ending: Ending::Receive,
            typed: form,
            draft: None,
            key: key(),
        };
        let filed = receive(app, &clerk(app, "Phường Hạc Thành"), input).await?;
        let loaded = app.store().load(&filed.dossier).await?;
        let applicant = &loaded.dossier.record().unwrap().filed.applicant;
        Ok((filed.dossier, applicant.clone()))
    }

    #[tokio::test]
    async fn what_a_form_leaves_empty_stays_as_it_was() {
        let app = office().await;
        let whole = [
            ("birth", "31/12/1999"),
            ("sex", "female"),
            ("address", "Thôn 1"),
            ("phone", "0912345678"),
            ("email", "an@noi.vn"),
        ];
        let (_, an) = file(&app, &whole).await.unwrap();
        let before = party(&app, &an).await.unwrap();
        let (_, again) = file(&app, &[("name", "Nguyễn Thị An")]).await.unwrap();
        assert_eq!(again, an);
        assert_eq!(party(&app, &an).await.unwrap(), before);
        assert!(audited(&app, an.as_str()).await.is_empty());
        let (dossier, _) = file(&app, &[("phone", "0987654321")]).await.unwrap();
        let after = party(&app, &an).await.unwrap();
        assert_eq!(after.phone.as_deref(), Some("0987654321"));
        assert_eq!(after.sex, Some(Sex::Female));
        assert_eq!((after.birth, after.address), (before.birth, before.address));
        let logged = app.store().audited(an.as_str()).await.unwrap();
        assert_eq!(logged[0].line.action, "party.changed");
        assert_eq!(logged[0].line.purpose, format!("dossier {dossier}"));
        assert_eq!(logged.len(), 1);
    }

    #[tokio::test]
    async fn a_number_of_somebody_else_renames_nobody_unless_a_card_says_so() {
        let app = office().await;
        let (_, an) = file(&app, &[]).await.unwrap();
        let other = [("name", "Trần Văn Bình")];
        let no = file(&app, &other).await.unwrap_err();
        assert_eq!(faults(no), [("number", "fault.number_name")]);
        let owner = [
            ("number", "038199000018"),
            ("mandate", "authorised"),
            ("owner_name", "Trần Văn Bình"),
            ("owner_number", "038199000017"),
        ];
        let no = file(&app, &owner).await.unwrap_err();
        assert_eq!(faults(no), [("owner_number", "fault.number_name")]);
        assert_eq!(party(&app, &an).await.unwrap().name, "Nguyễn Thị An");
        assert_eq!(app.store().check().await.unwrap().dossiers, 1);
        let firm = [other[0], ("kind", "organisation")];
        assert_ne!(file(&app, &firm).await.unwrap().1, an);
        let scanned = [other[0], ("source", "10:40")];
        assert_eq!(file(&app, &scanned).await.unwrap().1, an);
        assert_eq!(party(&app, &an).await.unwrap().name, "Trần Văn Bình");
        assert_eq!(audited(&app, an.as_str()).await, ["party.changed"]);
    }

    #[tokio::test]
    async fn a_collector_of_a_known_number_keeps_her_record_and_its_change_is_logged() {
        let app = office().await;
        let (_, an) = file(&app, &[("phone", "0912345678")]).await.unwrap();
        let before = party(&app, &an).await.unwrap();
        let now = app.clock().now();
        let mut collector = before.clone();
        collector.phone = None;
        let same = person(&app, &collector, "", now).await.unwrap();
        assert_eq!((same.row.id.clone(), same.changed()), (an.clone(), None));
        assert_eq!(same.written().count(), 0);
        collector.email = Some("an@noi.vn".to_owned());
        let changed = person(&app, &collector, "", now).await.unwrap();
        assert_eq!(changed.changed(), Some(an.clone()));
        let row = changed.written().next().unwrap();
        let after = opened(app.keys(), row).unwrap();
        assert_eq!(after.phone, before.phone);
        collector.name = "Trần Văn Bình".to_owned();
        let card = "038199000017||Trần Văn Bình|31121999|Nam|Thôn 1|01012022";
        for other in [
            "",
            &card.replace("0017", "0018"),
            &card.replace("Bình", "An"),
        ] {
            let no = person(&app, &collector, other, now).await.err().unwrap();
            assert_eq!(faults(no), [("collector_number", "fault.number_name")]);
        }
        let renamed = person(&app, &collector, card, now).await.unwrap();
        assert_eq!(renamed.changed(), Some(an));
    }

    const COPIES: [(&str, &str); 4] = [
        ("name", "Nguyễn Thị An"),
        ("number", "038199000017"),
        ("procedure", "2.000815"),
        ("c1", "paper"),
    ];
}
