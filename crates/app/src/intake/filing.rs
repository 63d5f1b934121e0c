//! From the counter form to what is filed: versions in force, competence, fee, and the records of
//! the persons.

use std::sync::Arc;

use domain::dossier::{Filed, Payment};
use domain::ids::{PartyId, ProcedureCode, UnitId};
use domain::money::Dong;
use domain::party::Party;
use domain::procedure::{Channel, Procedure};
use domain::process::Process;
use jiff::civil::DateTime;
use store::PartyRow;

use crate::catalogue::units::competent_unit;
use crate::no::{Fault, No};
use crate::people::{number_hash, party_row};
use crate::state::App;

use super::form::Counter;

/// The versions under which a dossier is filed.
#[derive(Debug, Clone)]
pub(super) struct Versions {
    pub(super) procedure: Arc<Procedure>,
    pub(super) process: Arc<Process>,
}

/// The versions of `code` in force on the day of `now`.
pub(super) async fn versions(
    app: &App,
    code: &ProcedureCode,
    now: DateTime,
) -> Result<Option<Versions>, No> {
    let Some(procedure) = app.store().procedure_in_force(code, now.date()).await? else {
        return Ok(None);
    };
    let Some(process) = app.store().process_in_force(code, now.date()).await? else {
        return Ok(None);
    };
    Ok(Some(Versions {
        procedure: Arc::new(procedure),
        process: Arc::new(process),
    }))
}

/// The agency that decides dossiers of `procedure` received by `receiving`.
pub(super) fn competent(app: &App, procedure: &Procedure, receiving: &UnitId) -> UnitId {
    match app.unit(receiving) {
        Some(unit) => competent_unit(procedure, &unit, &app.units()),
        None => receiving.clone(),
    }
}

/// The published charge of the general case by this channel.
pub(super) fn fee(procedure: &Procedure, channel: Channel) -> Dong {
    let lines = procedure
        .offer(channel)
        .map(|offer| offer.fees.as_slice())
        .unwrap_or_default();
    lines
        .iter()
        .filter_map(|line| line.amount)
        .fold(Dong(0), |sum, line| sum.plus(line).unwrap_or(sum))
}

/// Everything an append needs of the persons.
pub(super) struct Persons {
    pub(super) applicant: PartyId,
    pub(super) owner: PartyId,
    pub(super) owner_name: String,
    pub(super) rows: Vec<PartyRow>,
}

/// Finds the persons by their numbers or makes new records; what was typed now is what holds.
pub(super) async fn persons(app: &App, counter: &Counter, now: DateTime) -> Result<Persons, No> {
    let (applicant, row) = person(app, &counter.applicant, now).await?;
    let mut rows = vec![row];
    let mut owner = applicant.clone();
    let mut owner_name = counter.applicant.name.clone();
    if let Some(party) = &counter.owner {
        let (id, row) = person(app, party, now).await?;
        owner = id;
        owner_name.clone_from(&party.name);
        rows.push(row);
    }
    Ok(Persons {
        applicant,
        owner,
        owner_name,
        rows,
    })
}

/// The record of one person: the one with the same number, or a new one.
pub(crate) async fn person(
    app: &App,
    party: &Party,
    now: DateTime,
) -> Result<(PartyId, PartyRow), No> {
    let known = match &party.number {
        Some(number) => {
            let rows = app
                .store()
                .parties_by_number(number_hash(app.keys(), number))
                .await?;
            rows.into_iter().next().map(|row| row.id)
        }
        None => None,
    };
    let id = known.unwrap_or_else(|| app.ids().party(now));
    let row = party_row(app.keys(), &id, party, now);
    Ok((id, row))
}

/// What is filed.
pub(super) fn filed(
    counter: &Counter,
    versions: &Versions,
    persons: &Persons,
    (receiving, competent): (UnitId, UnitId),
) -> Filed {
    let fee = fee(&versions.procedure, counter.channel);
    Filed {
        procedure: counter.procedure.clone(),
        procedure_version: versions.procedure.version,
        process_version: versions.process.version,
        case: counter.case,
        channel: counter.channel,
        applicant: persons.applicant.clone(),
        owner: persons.owner.clone(),
        mandate: counter.mandate,
        receiving,
        competent,
        handed: counter.handed.clone(),
        sets: counter.sets,
        fee,
        payment: if fee == Dong(0) {
            Payment::Free
        } else {
            counter.payment
        },
        delivery: counter.delivery,
    }
}

/// The fault of a code that names no procedure in force with a process.
pub(super) fn unknown_procedure() -> No {
    No::Invalid(vec![Fault::new("procedure", "fault.procedure_unknown")])
}
