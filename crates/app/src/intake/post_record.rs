//! The joint record with which the post hands over what it filed, and what came to it as a supplement
//! (QĐ 45/2016/QĐ-TTg Điều 7): the agent lists, the clerk of the centre counts and signs, and the
//! signature is the legal time of submission.

mod colleagues;
mod lines;
mod paper;
mod sign;

use domain::dossier::CommandKind;
use domain::ids::UnitId;
use jiff::civil::DateTime;
use store::{AuditLine, NewPostRecord, OnceKey, PostRecordRow};

pub(crate) use colleagues::in_hand;
pub use lines::{HandingOver, ToHand};
pub use paper::{post_record_paper, post_slip};
pub use sign::sign_post_record;
pub use store::PostLine;

use colleagues::{Hands, hands_for};
pub(super) use lines::chargeable;
use lines::{awaiting, listed, unhanded};

use crate::access::{Actor, Desk};
use crate::clock::local_time;
use crate::no::{Denied, Fault, No};
use crate::processing::once;
use crate::state::App;

/// Dossiers that one record lists at most, and records that the page lists.
const MOST: u32 = 100;
/// Digits of a record's identifier.
const ID: usize = 32;

/// A record with what it lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordView {
    /// Its identifier.
    pub id: String,
    /// Its number.
    pub number: String,
    /// Who hands over.
    pub agent: String,
    /// When it was made.
    pub made_at: DateTime,
    /// When it was signed.
    pub signed_at: Option<DateTime>,
    /// Who signed it for the centre; empty while it waits.
    pub signer: String,
    /// What it lists.
    pub lines: Vec<PostLine>,
}

/// What an agent or a clerk sees of the records of a centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordPage {
    /// Which centre.
    pub unit: UnitId,
    /// Other centres where the actor hands over, or takes over.
    pub others: Vec<UnitId>,
    /// Whether the actor hands over; otherwise she takes over.
    pub agent: bool,
    /// What was filed and is on no record yet.
    pub unhanded: Vec<ToHand>,
    /// What waits for a supplement that may come to the agent.
    pub awaiting: Vec<ToHand>,
    /// Records, those to be signed first.
    pub records: Vec<RecordView>,
}

/// Whether the actor hands over at a centre; otherwise she takes over there.
fn hands_over(actor: &Actor, unit: &UnitId) -> Result<bool, Denied> {
    match actor.desk_at(unit) {
        Some(Desk::Post) => Ok(true),
        Some(Desk::Counter) => Ok(false),
        Some(Desk::Help) | None => Err(Denied::Seen),
    }
}

/// Every centre where the actor hands over, or takes over; those that ended are their successors'.
fn places(app: &App, actor: &Actor) -> Vec<UnitId> {
    let mut units = actor.desks();
    units.retain(|unit| app.heir(unit) == *unit && hands_over(actor, unit).is_ok());
    units
}

/// The centre that was asked for, or the first one; and whether the actor hands over there.
fn place(app: &App, actor: &Actor, asked: Option<&UnitId>) -> Result<(UnitId, bool), Denied> {
    let first = || places(app, actor).into_iter().next();
    let unit = asked.cloned().or_else(first).ok_or(Denied::Seen)?;
    let agent = hands_over(actor, &unit)?;
    Ok((unit, agent))
}

/// The records of a centre, of the actor's first one where none is named; an agent of the post sees
/// her own, and those of colleagues for whom she hands over.
///
/// # Errors
/// [`No::Denied`] for whoever neither hands nor takes over there; [`No::Broken`].
pub async fn post_records(
    app: &App,
    actor: &Actor,
    asked: Option<&UnitId>,
) -> Result<RecordPage, No> {
    let (unit, agent) = place(app, actor, asked)?;
    let mut others = places(app, actor);
    others.retain(|other| *other != unit);
    let mut page = RecordPage {
        unit: unit.clone(),
        others,
        agent,
        unhanded: Vec::new(),
        awaiting: Vec::new(),
        records: Vec::new(),
    };
    let places = app.with_forerunners(&unit);
    if agent {
        for hands in hands_for(app, actor, &unit).await? {
            hers(app, &mut page, &places, &hands).await?;
        }
    } else {
        for place in &places {
            for row in app.store().post_records(place, None, MOST).await? {
                page.records.push(view(app, row).await?);
            }
        }
    }
    page.records.sort_by_key(|record| {
        (
            record.signed_at.is_some(),
            std::cmp::Reverse(record.made_at),
        )
    });
    Ok(page)
}

/// What one agent filed at these places, and the records that she made there.
async fn hers(
    app: &App,
    page: &mut RecordPage,
    places: &[UnitId],
    hands: &Hands,
) -> Result<(), No> {
    for place in places {
        let made = app.store().post_records(place, Some(&hands.whom), MOST);
        for row in made.await?.into_iter().filter(|row| hands.made(row)) {
            page.records.push(view(app, row).await?);
        }
        page.unhanded
            .extend(unhanded(app, place, &hands.whom).await?);
        page.awaiting
            .extend(awaiting(app, place, &hands.whom).await?);
    }
    Ok(())
}

async fn view(app: &App, row: PostRecordRow) -> Result<RecordView, No> {
    Ok(RecordView {
        lines: app.store().post_lines(&row.id).await?,
        made_at: local_time(row.made_at),
        signed_at: row.signed_at.map(local_time),
        signer: row.signer_name.unwrap_or_default(),
        id: row.id,
        number: row.number,
        agent: row.agent_name,
    })
}

/// Makes a record of what the agent, or a colleague for whom she hands over, filed or was brought as a
/// supplement at a centre, the first one where none is named; says its identifier. The same key makes
/// one record, however often it is sent.
///
/// # Errors
/// [`No::Denied`] for whoever is no agent of the post; [`No::Invalid`] when nothing was chosen, what
/// is nobody's of those or was handed over before, a supplement that is not whole, or more money than
/// is charged; [`No::Broken`].
pub async fn make_post_record(
    app: &App,
    actor: &Actor,
    asked: Option<&UnitId>,
    (key, handing): (&OnceKey, Vec<HandingOver>),
) -> Result<String, No> {
    let (unit, true) = place(app, actor, asked)? else {
        return Err(Denied::Seen.into());
    };
    let id = identifier(actor, key);
    if app.store().post_record(&id).await?.is_some() {
        return Ok(id);
    }
    if handing.is_empty() {
        return Err(No::Invalid(vec![Fault::new("ho-so", "fault.post_none")]));
    }
    let lines = listed(app, actor, &unit, handing).await?;
    let new = NewPostRecord {
        id: id.clone(),
        unit,
        agent: actor.staff.clone(),
        lines,
    };
    let when = (app.clock().now(), audited(actor, "post_record.made", &id));
    let made = app.store().add_post_record(new, when).await?;
    // Made by the other of two requests at once, when it was not by this one.
    if made || app.store().post_record(&id).await?.is_some() {
        Ok(id)
    } else {
        Err(No::Invalid(vec![Fault::new("ho-so", "fault.post_not_own")]))
    }
}

/// The identifier of what somebody makes with a one-time key: pressed twice, it is one record.
fn identifier(actor: &Actor, key: &OnceKey) -> String {
    let key = once(actor, CommandKind::HandByPost, "", key);
    key.as_str().chars().take(ID).collect()
}

fn audited(actor: &Actor, action: &str, subject: &str) -> AuditLine {
    AuditLine {
        actor: actor.staff.to_string(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        purpose: "QĐ 45/2016/QĐ-TTg".to_owned(),
        detail: String::new(),
    }
}

/// The record, for who hands it over or the centre that takes over; whether the actor hands over.
async fn found(app: &App, actor: &Actor, id: &str) -> Result<(PostRecordRow, bool), No> {
    place(app, actor, None)?;
    let row = app.store().post_record(id).await?.ok_or(Denied::Unseen)?;
    let unit = UnitId::parse(&row.unit).map_err(|fault| No::Broken(Box::new(fault)))?;
    let unit = app.heir(&unit);
    let agent = hands_over(actor, &unit).map_err(|_| Denied::Unseen)?;
    let mut sees = true;
    if agent {
        let hands = hands_for(app, actor, &unit).await?;
        sees = hands.iter().any(|hands| hands.made(&row));
    }
    if sees {
        Ok((row, agent))
    } else {
        Err(Denied::Unseen.into())
    }
}

/// Takes back a record that nobody has signed yet, by who hands it over.
///
/// # Errors
/// [`No::Denied`]; [`No::Invalid`] when it is signed; [`No::Broken`].
pub async fn take_back_post_record(app: &App, actor: &Actor, id: &str) -> Result<(), No> {
    let (row, true) = found(app, actor, id).await? else {
        return Err(Denied::Seen.into());
    };
    let when = (
        app.clock().now(),
        audited(actor, "post_record.taken_back", id),
    );
    if app.store().drop_post_record(&row.id, when).await? {
        Ok(())
    } else {
        Err(No::Invalid(vec![Fault::new("id", "fault.post_signed")]))
    }
}

/// Whether the actor hands or takes over what the post filed.
pub fn sees_post_records(actor: &Actor) -> bool {
    let mut desks = actor.desks().into_iter();
    desks.any(|unit| hands_over(actor, &unit).is_ok())
}

#[cfg(test)]
mod tests;
