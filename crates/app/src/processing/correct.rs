//! Corrections of a result that was issued in error: the linked dossier that carries one is filed in
//! the write that opens it, and the result is marked as corrected, or the link closed without
//! effect, in the write that ends the linked one. Neither dossier is ever seen without the other.

use std::sync::Arc;

use domain::dossier::{
    Book, Command, Correcting, CorrectionEnd, CorrectionKind, Corrects, Dossier, Event, Filed,
    Outcome, Payment, Record, Refusal,
};
use domain::ids::{DossierCode, DossierId, StaffId, UnitId};
use domain::money::Dong;
use domain::slip::Form;
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
    /// The apology that goes out with the corrected result, on the page of the dossier that corrects.
    pub letter: Option<Letter>,
}

/// An apology that was printed; it lies with the dossier whose result is corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letter {
    /// When it was made.
    pub issued_at: DateTime,
    /// How often it was printed.
    pub copies: u32,
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
    /// It ended without effect: refused, stopped or withdrawn.
    Dropped {
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
        agency: app.heir(&filed.competent),
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

/// What is written to another dossier together with these commands, which came to these events: the
/// filing of the correction that they open, or on the corrected dossier how its correction ended.
pub(super) async fn beside(
    app: &App,
    (world, permit): (&World, &Permit),
    loaded: &Loaded,
    (commands, decided): (&[Command], &[Event]),
) -> Result<Option<Batch>, No> {
    let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
    if let [Command::OpenCorrection(asked)] = commands {
        return Ok(Some(filing(app, (world, permit), loaded, asked).await?));
    }
    let Some((corrects, end)) = record.filed.corrects.as_ref().zip(end_of(decided)) else {
        return Ok(None);
    };
    let original = app.store().load(&corrects.dossier).await?;
    let finish = Command::FinishCorrection {
        by: loaded.id.clone(),
        end,
    };
    let batch = finishing(app, (world, permit), original, finish).await?;
    Ok(Some(batch))
}

/// How a correction ends by these events of its dossier: only what is granted corrects.
fn end_of(decided: &[Event]) -> Option<CorrectionEnd> {
    decided.iter().rev().find_map(|event| match event {
        Event::Settled { issued, .. } if issued.outcome == Outcome::Granted => {
            Some(CorrectionEnd::Done)
        }
        Event::Settled { .. }
        | Event::Declined { .. }
        | Event::Withdrawn { .. }
        | Event::Stopped { .. } => Some(CorrectionEnd::Dropped),
        _ => None,
    })
}

/// The linked dossier: received at the same centre, free of charge, without papers, and at once with
/// the agency that erred, or with those that took their work over. It is held to the versions of the
/// original: what was wrong is judged by them, whatever is in force today.
async fn filing(
    app: &App,
    (world, permit): (&World, &Permit),
    original: &Loaded,
    asked: &Correcting,
) -> Result<Batch, No> {
    let record = original.dossier.record().ok_or(Denied::Unseen)?;
    let receiving = app.heir(&record.filed.receiving);
    let linked = linked(record, receiving.clone(), &original.id, asked)?;
    let commands = vec![Command::Receive(linked), Command::HandOver];
    let decided = world.judged(&Dossier::Absent, &commands)?;
    let row = app.store().views().dossier_row(&original.id).await?;
    let row = row.ok_or(Denied::Unseen)?;
    let names = Names {
        procedure_name: world.procedure.name.clone(),
        field: world.procedure.field.clone(),
        owner_name: row.owner_name,
    };
    let absent = Loaded::absent(asked.by.clone());
    let (making, sequence) = (world.clone(), dossier_sequence(&receiving, world.now));
    Ok(Batch {
        messages: messages_of(&asked.by, 0, &decided),
        events: NewEvents::Numbered {
            sequence,
            make: Box::new(move |number| making.decide(&Dossier::Absent, &commands, number)),
        },
        names: Some(names),
        ..batch((world, permit), absent, "dossier.filed")
    })
}

/// What is filed: the same case for the same people, at the agency's cost.
fn linked(
    record: &Record,
    receiving: UnitId,
    original: &DossierId,
    asked: &Correcting,
) -> Result<Filed, Refusal> {
    let reason = asked.reason.clone().ok_or(Refusal::ReasonMissing)?;
    Ok(Filed {
        receiving,
        competent: asked.agency.clone(),
        handed: Vec::new(),
        fee: Dong(0),
        payment: Payment::Free,
        certified: Vec::new(),
        help: None,
        agent: None,
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
    finish: Command,
) -> Result<Batch, No> {
    let record = original.dossier.record().ok_or(Denied::Unseen)?;
    let filed = &record.filed;
    let last = original.events.last().map(|recorded| recorded.event.at());
    let world = World {
        now: last.map_or(world.now, |last| last.max(world.now)),
        procedure: app
            .procedure(&filed.procedure, filed.procedure_version)
            .await?,
        process: app.process(&filed.procedure, filed.process_version).await?,
        ..world.clone()
    };
    // The letter of apology has a number of the agency that answers for the error.
    let (_, agency) = world.units(record);
    let sequence = Book::Apologies.sequence(agency, world.now.year());
    let commands = [finish];
    let decided: Vec<Event> = world.judged(&original.dossier, &commands)?;
    let is_done = decided
        .iter()
        .any(|event| matches!(event, Event::Corrected { .. }));
    let messages = messages_of(&original.id, original.version, &decided);
    let (making, before) = (world.clone(), original.dossier.clone());
    let (events, action) = if is_done {
        let make = move |number| making.decide(&before, &commands, number);
        let make = Box::new(make);
        (NewEvents::Numbered { sequence, make }, "dossier.corrected")
    } else {
        (NewEvents::Ready(decided), "dossier.correction_dropped")
    };
    Ok(Batch {
        messages,
        events,
        ..batch((&world, permit), original, action)
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
        let side = match (linked.done_at, linked.dropped_at) {
            (Some(at), _) => Side::Done { at },
            (None, Some(at)) => Side::Dropped { at },
            (None, None) => Side::Open,
        };
        (&linked.by, linked.kind, side)
    });
    let mut links = Vec::new();
    for (dossier, kind, side) in original.chain(others) {
        let row = app.store().views().dossier_row(dossier).await?;
        let code = row.and_then(|row| row.code);
        links.push(Link {
            dossier: dossier.clone(),
            code: code.and_then(|code| DossierCode::parse(&code).ok()),
            letter: match side {
                Side::Original => letter(app, dossier).await?,
                Side::Open | Side::Done { .. } | Side::Dropped { .. } => None,
            },
            kind,
            side,
        });
    }
    Ok(links)
}

/// The last apology that was printed for a result issued in error.
async fn letter(app: &App, original: &DossierId) -> Result<Option<Letter>, No> {
    let mut slips = app.store().slips(original).await?;
    slips.retain(|slip| slip.key.form == Form::Mended);
    let last = slips.into_iter().max_by_key(|slip| slip.issued_at);
    Ok(last.map(|slip| Letter {
        issued_at: slip.issued_at,
        copies: slip.copies,
    }))
}

/// What became of a result: the last correction that is done, and whether one is under way.
pub(crate) fn corrected(record: &Record) -> (Option<CorrectionKind>, bool) {
    let all = record.course.corrections.iter();
    let done = all.clone().rev().find(|linked| linked.done_at.is_some());
    let open = record.course.correction_open().is_some();
    (done.map(|linked| linked.kind), open)
}
