//! Orders beside the steps of the process, as commands: supplements, lookups, stops, obligations,
//! apologies, green lanes.

use domain::dossier::{
    Apologising, Asking, Command, Correction, Lookup, LookupOutcome, ObligationNotice, Proof,
    Refusal, StopGround, Stopping,
};
use domain::ids::{DossierId, FileHash};
use jiff::civil::{Date, DateTime};
use store::Loaded;

use crate::facts::World;
use crate::no::{Fault, No};
use crate::state::App;

use super::order::Order;
use super::prepare::{PDF, Prepared, Said, capped, hash, kept, said};

/// Turns the order's texts and documents into references. Orders of other kinds are refused: they
/// are prepared elsewhere.
pub(super) fn course(
    app: &App,
    world: &World,
    loaded: &Loaded,
    order: Order,
) -> Result<Prepared, No> {
    let texted = |field, typed: &str| capped(app, &loaded.id, (field, typed));
    Ok(match order {
        Order::DraftSupplement { .. } | Order::AskSupplement { .. } => {
            requested(app, loaded, order)?
        }
        Order::RecordLookup {
            component,
            found,
            note,
        } => looked_up(world, loaded, (component, found), texted("note", &note)?)?,
        Order::Stop {
            ground,
            document,
            reason,
        } => {
            let file = kept(app, ("document", document), &PDF)?;
            stopped((ground, hash(file.as_ref())), texted("reason", &reason)?).with_file(file)
        }
        Order::NoticeObligation {
            notice,
            amount,
            pay_by,
            document,
        } => {
            if pay_by.is_some_and(|day| day < world.now.date()) {
                return Err(No::Invalid(vec![Fault::new("pay_by", "fault.pay_by")]));
            }
            let file = kept(app, ("document", document), &PDF)?;
            let document = hash(file.as_ref());
            let command = |text| {
                Command::NoticeObligation(ObligationNotice {
                    text,
                    amount,
                    pay_by,
                    document,
                })
            };
            said(texted("notice", &notice)?, command).with_file(file)
        }
        Order::MeetObligation { proof, document } => {
            let file = kept(app, ("document", document), &PDF)?;
            let proof_on_file = hash(file.as_ref()).map(|file| Proof::File { file });
            met(proof_on_file, texted("proof", &proof)?).with_file(file)
        }
        order => by_leader(app, world, loaded, order)?,
    })
}

/// Requests to supplement: drafted, or sent at once.
fn requested(app: &App, loaded: &Loaded, order: Order) -> Result<Prepared, No> {
    let texted = |field, typed: &str| capped(app, &loaded.id, (field, typed));
    let wrong = |corrections: &[(u16, String)]| corrected(app, &loaded.id, corrections);
    match order {
        Order::DraftSupplement {
            components,
            corrections,
            reason,
            basis,
        } => Ok(drafted(
            (texted("reason", &reason)?, texted("basis", &basis)?),
            components,
            wrong(&corrections)?,
        )),
        Order::AskSupplement {
            components,
            corrections,
            reason,
        } => Ok(asked(
            texted("reason", &reason)?,
            components,
            wrong(&corrections)?,
        )),
        other => Err(unprepared(&other)),
    }
}

/// What leaders decide in words alone.
fn by_leader(app: &App, world: &World, loaded: &Loaded, order: Order) -> Result<Prepared, No> {
    let texted = |field, typed: &str| capped(app, &loaded.id, (field, typed));
    Ok(match order {
        Order::Apologise { reason, until } => apologised(world, until, texted("reason", &reason)?),
        other => return Err(unprepared(&other)),
    })
}

fn unprepared(order: &Order) -> No {
    No::Broken(format!("{:?} is not prepared", order.kind()).into())
}

/// The draft of a request to supplement.
fn drafted(
    ((reason, texts), (basis, more)): (Said, Said),
    components: Vec<u16>,
    (corrections, wrong): (Vec<Correction>, Vec<store::NewText>),
) -> Prepared {
    let asking = Asking {
        components,
        corrections,
        reason,
        basis,
    };
    Prepared {
        texts: texts.into_iter().chain(more).chain(wrong).collect(),
        ..Prepared::of(Command::DraftSupplement(asking))
    }
}

/// A request that is sent at once.
fn asked(
    (reason, texts): Said,
    components: Vec<u16>,
    (corrections, wrong): (Vec<Correction>, Vec<store::NewText>),
) -> Prepared {
    Prepared {
        texts: texts.into_iter().chain(wrong).collect(),
        ..Prepared::of(Command::AskSupplement {
            components,
            corrections,
            reason,
        })
    }
}

/// What must be put right, each in words of its own; nothing where nothing was written.
pub(crate) fn corrected(
    app: &App,
    dossier: &DossierId,
    corrections: &[(u16, String)],
) -> Result<(Vec<Correction>, Vec<store::NewText>), No> {
    let (mut all, mut texts) = (Vec::new(), Vec::new());
    for (component, words) in corrections {
        let (what, text) = capped(app, dossier, ("ask", words))?;
        texts.extend(text);
        all.extend(what.map(|what| Correction {
            component: *component,
            what,
        }));
    }
    Ok((all, texts))
}

/// A lookup of what a component says, in the database that holds it.
fn looked_up(
    world: &World,
    loaded: &Loaded,
    (component, found): (u16, LookupOutcome),
    (note, texts): Said,
) -> Result<Prepared, No> {
    let case = loaded.dossier.record().map(|record| record.filed.case);
    let case = case.and_then(|case| world.procedure.case(case));
    let components = case.map(|case| case.components.as_slice());
    let mut listed = components.unwrap_or_default().iter();
    let published = listed.find(|c| c.number == component);
    let published = published.ok_or(Refusal::NotPublished { component })?;
    let database = published.held_by;
    let database = database.ok_or(Refusal::NotHeldThere { component })?;
    Ok(Prepared {
        texts,
        ..Prepared::of(Command::RecordLookup(Lookup {
            component,
            database,
            found,
            note,
        }))
    })
}

/// A receipt on file goes before its number in words; one of them is needed.
fn met(file: Option<Proof>, (note, texts): Said) -> Prepared {
    match file {
        Some(proof) => Prepared::of(Command::MeetObligation { proof: Some(proof) }),
        None => said((note, texts), |note| Command::MeetObligation {
            proof: note.map(|text| Proof::Note { text }),
        }),
    }
}

/// A stop, with what it rests on.
fn stopped((ground, document): (StopGround, Option<FileHash>), reason: Said) -> Prepared {
    said(reason, |reason| {
        Command::Stop(Stopping {
            ground,
            document,
            reason,
        })
    })
}

/// An apology that the actor signs.
fn apologised(world: &World, until: Date, reason: Said) -> Prepared {
    let until = closing(world, until);
    said(reason, |reason| {
        Command::Apologise(Apologising {
            reason,
            until,
            signed_by: world.by.clone(),
        })
    })
}

/// The end of office hours on that day, by which people come for a result.
fn closing(world: &World, day: Date) -> DateTime {
    let settings = world.settings.on(day);
    day.to_datetime(settings.clock().hours.close())
}
