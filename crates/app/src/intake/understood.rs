//! What is filed, out of what was typed: who helped, by which way, for which agency.

use domain::dossier::{Filed, Help, Refusal};
use domain::ids::UnitId;
use domain::procedure::{Channel, Procedure};
use jiff::civil::DateTime;

use crate::access::{Actor, Desk};
use crate::no::No;
use crate::state::App;

use super::agency::Agencies;
use super::draft::load_draft;
use super::filing::{Persons, Versions, filed, persons, unknown_procedure, versions};
use super::form::{Counter, Read};
use super::lookups::lookups;
use super::receive::AtCounter;

/// What the form says, under the versions in force and with the persons' records.
pub(super) async fn understood(
    app: &App,
    actor: &Actor,
    input: &AtCounter,
    (unit, now): (&UnitId, DateTime),
) -> Result<(Filed, Versions, Persons), No> {
    let help = helped(app, actor, input, unit).await?;
    let mut counter = Read::new(&input.typed).counter().map_err(No::Invalid)?;
    let versions = versions(app, &counter.procedure, now)
        .await?
        .ok_or_else(unknown_procedure)?;
    by_post(actor, &mut counter, &versions.procedure)?;
    let agencies = Agencies {
        app,
        procedure: &versions.procedure,
        receiving: unit,
        today: now.date(),
    };
    let competent = agencies.named(input.typed.get("competent"));
    let competent = competent.map_err(|fault| No::Invalid(vec![fault]))?;
    let persons = Persons {
        help,
        ..persons(app, &counter, now).await?
    };
    let filed = Filed {
        lookups: lookups(&input.typed, versions.procedure.case(counter.case)),
        ..filed(&counter, &versions, &persons, (unit.clone(), competent))
    };
    Ok((filed, versions, persons))
}

/// Who helped with the draft that is filed, when that was somebody else.
async fn helped(
    app: &App,
    actor: &Actor,
    input: &AtCounter,
    unit: &UnitId,
) -> Result<Option<Help>, No> {
    let Some(draft) = &input.draft else {
        return Ok(None);
    };
    let helper = load_draft(app, actor, draft).await?.helper();
    let helper = helper.filter(|helper| *helper != actor.staff);
    Ok(helper.map(|by| Help {
        at: unit.clone(),
        by,
    }))
}

/// What an agent of the post files came by post, and only what is served by post (QĐ 45/2016/QĐ-TTg
/// Điều 18).
fn by_post(actor: &Actor, counter: &mut Counter, procedure: &Procedure) -> Result<(), Refusal> {
    if !matches!(actor.desk(), Some((_, Desk::Post))) {
        return Ok(());
    }
    let channel = Channel::Post;
    counter.channel = channel;
    match procedure.offer(channel) {
        Some(_) => Ok(()),
        None => Err(Refusal::ChannelNotOffered { channel }),
    }
}
