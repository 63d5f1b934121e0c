//! Corrections of a result that was issued in error: the linked dossier that carries one is filed in
//! the write that opens it, and the result is marked as corrected in the write that issues the
//! linked one's. Neither dossier is ever seen without the other.

use std::sync::Arc;

use domain::dossier::{
    Command, Correcting, CorrectionKind, Corrects, Dossier, Event, Filed, Payment, Record, Refusal,
};
use domain::ids::{DossierCode, DossierId, StaffId};
use domain::money::Dong;
use jiff::civil::DateTime;
use store::{Batch, Loaded, Names, NewEvents, NewText};

use crate::access::Permit;
use crate::facts::World;
use crate::jobs::messages_of;
use crate::no::{Denied, No};
use crate::state::App;

use super::order::Order;
use super::prepare::{Prepared, capped};
use super::{audit, dossier_sequence};

/// A dossier on the other side of a correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The other dossier.
    pub dossier: DossierId,
    /// Its number, once it has one.
    pub code: Option<DossierCode>,
    /// What is done to the result.
    pub kind: CorrectionKind,
    /// Where it stands.
    pub side: Side,
}

/// Which side of a correction the other dossier is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Its result is corrected by the dossier at hand.
    Original,
    /// It corrects the result of the dossier at hand, and is under way.
    Open,
    /// It has corrected the result of the dossier at hand.
    Done {
        /// When.
        at: DateTime,
    },
}

/// The command that opens a correction, with its texts.
pub(super) fn opening(
    app: &App,
    (world, loaded): (&World, &Loaded),
    order: Order,
) -> Result<Prepared, No> {
    let Order::OpenCorrection {
        kind,
        reason,
        apology,
    } = order
    else {
        return Err(No::Broken("no order to open a correction".into()));
    };
    let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
    let (reason, texts) = capped(app, &loaded.id, ("reason", &reason))?;
    let (apology, more) = capped(app, &loaded.id, ("apology", &apology))?;
    let command = Command::OpenCorrection(Correcting {
        by: app.ids().dossier(world.now),
        agency: filed.competent.clone(),
        kind,
        reason,
        apology,
    });
    let texts: Vec<NewText> = texts.into_iter().chain(more).collect();
    Ok(Prepared {
        texts,
        ..Prepared::of(command)
    })
}

/// What is written to another dossier together with these commands: the filing of the correction
/// that they open, or the mark on the result that is corrected now.
pub(super) async fn beside(
    app: &App,
    (world, permit): (&World, &Permit),
    loaded: &Loaded,
    commands: &[Command],
) -> Result<Option<Batch>, No> {
    let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
    match (commands, &record.filed.corrects) {
        ([Command::OpenCorrection(asked)], _) => {
            Ok(Some(filing(app, (world, permit), loaded, asked).await?))
        }
        ([Command::Issue], Some(corrects)) => {
            let original = app.store().load(&corrects.dossier).await?;
            let by = &loaded.id;
            Ok(Some(finishing(app, (world, permit), original, by).await?))
        }
        _ => Ok(None),
    }
}

/// The linked dossier: received at the same centre, free of charge, without papers, and at once with
/// the agency that erred.
async fn filing(
    app: &App,
    (world, permit): (&World, &Permit),
    original: &Loaded,
    asked: &Correcting,
) -> Result<Batch, No> {
    let record = original.dossier.record().ok_or(Denied::Unseen)?;
    let code = &record.filed.procedure;
    let in_force = app.store().versions_in_force(code, world.now.date());
    let found = in_force.await?.ok_or(Refusal::NotInForce)?;
    let world = World {
        procedure: app.procedure(code, found.0).await?,
        process: app.process(code, found.1).await?,
        ..world.clone()
    };
    let commands = vec![
        Command::Receive(linked(record, found, &original.id, asked)?),
        Command::HandOver,
    ];
    let decided = world.decide(&Dossier::Absent, &commands, 0)?;
    let row = app.store().views().dossier_row(&original.id).await?;
    let row = row.ok_or(Denied::Unseen)?;
    let names = Names {
        procedure_name: world.procedure.name.clone(),
        field: world.procedure.field.clone(),
        owner_name: row.owner_name,
    };
    let absent = Loaded::absent(asked.by.clone());
    let (making, sequence) = (
        world.clone(),
        dossier_sequence(&record.filed.receiving, world.now),
    );
    Ok(Batch {
        messages: messages_of(&asked.by, 0, &decided),
        events: NewEvents::Numbered {
            sequence,
            make: Box::new(move |number| making.decide(&Dossier::Absent, &commands, number)),
        },
        names: Some(names),
        ..batch((&world, permit), absent, "dossier.filed")
    })
}

/// What is filed: the same case for the same people, at the agency's cost.
fn linked(
    record: &Record,
    (procedure_version, process_version): (u32, u32),
    original: &DossierId,
    asked: &Correcting,
) -> Result<Filed, Refusal> {
    let reason = asked.reason.clone().ok_or(Refusal::ReasonMissing)?;
    Ok(Filed {
        procedure_version,
        process_version,
        handed: Vec::new(),
        fee: Dong(0),
        payment: Payment::Free,
        certified: Vec::new(),
        help: None,
        lookups: Vec::new(),
        corrects: Some(Corrects {
            dossier: original.clone(),
            kind: asked.kind,
            reason,
        }),
        ..record.filed.clone()
    })
}

async fn finishing(
    app: &App,
    (world, permit): (&World, &Permit),
    original: Loaded,
    by: &DossierId,
) -> Result<Batch, No> {
    let filed = &original.dossier.record().ok_or(Denied::Unseen)?.filed;
    let last = original.events.last().map(|recorded| recorded.event.at());
    let world = World {
        now: last.map_or(world.now, |last| last.max(world.now)),
        procedure: app
            .procedure(&filed.procedure, filed.procedure_version)
            .await?,
        process: app.process(&filed.procedure, filed.process_version).await?,
        ..world.clone()
    };
    let finish = [Command::FinishCorrection { by: by.clone() }];
    let events: Vec<Event> = world.decide(&original.dossier, &finish, 0)?;
    Ok(Batch {
        messages: messages_of(&original.id, original.version, &events),
        events: NewEvents::Ready(events),
        ..batch((&world, permit), original, "dossier.corrected")
    })
}

fn batch((world, permit): (&World, &Permit), loaded: Loaded, action: &'static str) -> Batch {
    Batch {
        audit: vec![audit(permit, action, &loaded.id)],
        dossier: loaded.id,
        expected: loaded.version,
        head: loaded.head,
        before: loaded.dossier,
        events: NewEvents::Ready(Vec::new()),
        actor: permit.by().to_string(),
        behalf: permit.for_whom().map(StaffId::to_string),
        now: world.now,
        messages: Vec::new(),
        once: None,
        texts: Vec::new(),
        parties: Vec::new(),
        drop_draft: None,
        names: None,
        process: Arc::clone(&world.process),
    }
}

/// The dossiers on the other side of corrections, the one whose result is corrected first.
pub(super) async fn links(app: &App, record: &Record) -> Result<Vec<Link>, No> {
    let original = record.filed.corrects.iter();
    let original = original.map(|corrects| (&corrects.dossier, corrects.kind, Side::Original));
    let others = record.course.corrections.iter().map(|linked| {
        let side = linked.done_at.map_or(Side::Open, |at| Side::Done { at });
        (&linked.by, linked.kind, side)
    });
    let mut links = Vec::new();
    for (dossier, kind, side) in original.chain(others) {
        let row = app.store().views().dossier_row(dossier).await?;
        let code = row.and_then(|row| row.code);
        links.push(Link {
            dossier: dossier.clone(),
            code: code.and_then(|code| DossierCode::parse(&code).ok()),
            kind,
            side,
        });
    }
    Ok(links)
}

/// What became of a result: the last correction that is done, and whether one is under way.
pub(super) fn corrected(record: &Record) -> (Option<CorrectionKind>, bool) {
    let all = record.course.corrections.iter();
    let done = all.clone().rev().find(|linked| linked.done_at.is_some());
    let open = all.clone().any(|linked| linked.done_at.is_none());
    (done.map(|linked| linked.kind), open)
}
