//! From the counter form to what is filed: versions in force, competence, fee, and the records of
//! the persons.

use std::sync::Arc;

use domain::dossier::{Filed, Help, Payment};
use domain::ids::{DossierId, PartyId, ProcedureCode, UnitId};
use domain::money::Dong;
use domain::party::Party;
use domain::procedure::{Certified, Channel, Procedure};
use domain::process::Process;
use domain::text::fold;
use jiff::Span;
use jiff::civil::DateTime;
use store::{AuditLine, PartyRow};

use crate::access::Permit;
use crate::no::{Fault, No};
use crate::people::{number_hash, opened, party_row};
use crate::processing::audit;
use crate::state::App;

use super::form::Counter;
use super::scan::says;

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
    let found = app.store().versions_in_force(code, now.date()).await?;
    let Some((procedure, process)) = found else {
        return Ok(None);
    };
    Ok(Some(Versions {
        procedure: app.procedure(code, procedure).await?,
        process: app.process(code, process).await?,
    }))
}

/// What is certified, where the charge goes by pages and copies: one page once, until somebody
/// counts.
pub(super) fn certified(
    procedure: &Procedure,
    channel: Channel,
    counted: &[Certified],
) -> Vec<Certified> {
    const ONE: Certified = Certified {
        pages: 1,
        copies: 1,
    };
    match procedure.page_fee(channel) {
        None => Vec::new(),
        Some(_) if counted.is_empty() => vec![ONE],
        Some(_) => counted.to_vec(),
    }
}

/// Everything an append needs of the persons.
pub(super) struct Persons {
    pub(super) applicant: PartyId,
    pub(super) owner: PartyId,
    pub(super) owner_name: String,
    /// Records that are new or have changed.
    pub(super) rows: Vec<PartyRow>,
    /// Whose record was there and has changed.
    pub(super) changed: Vec<PartyId>,
    /// Who helped with filling in.
    pub(super) help: Option<Help>,
}

/// Who files, and what proves who applies.
pub(super) struct Evidence<'a> {
    /// The text of the scanned card; empty when none was.
    pub(super) card: &'a str,
    /// Whether an agent of the post files, who corrects nobody's record.
    pub(super) post: bool,
}

/// Finds the persons by their numbers or makes new records.
pub(super) async fn persons(
    app: &App,
    counter: &Counter,
    evidence: &Evidence<'_>,
    now: DateTime,
) -> Result<Persons, No> {
    let given = Given {
        party: &counter.applicant,
        number: "number",
        scanned: says(evidence.card, &counter.applicant),
        kept: evidence.post,
    };
    let mut records = vec![recorded(app, &given, now).await?];
    if let Some(party) = &counter.owner {
        let given = Given {
            party,
            number: "owner_number",
            scanned: false,
            kept: evidence.post,
        };
        records.push(recorded(app, &given, now).await?);
    }
    let ids: Vec<PartyId> = records.iter().map(|one| one.row.id.clone()).collect();
    let (Some(first), Some(last)) = (ids.first(), records.last()) else {
        return Err(No::Broken("nobody applies".into()));
    };
    Ok(Persons {
        applicant: first.clone(),
        owner: last.row.id.clone(),
        owner_name: last.row.name.clone(),
        changed: records.iter().filter_map(Recorded::changed).collect(),
        rows: records.into_iter().flat_map(Recorded::written).collect(),
        help: None,
    })
}

/// The audit line of an act on a dossier, and one for each record of a person that it changes.
pub(crate) fn audit_with(
    permit: &Permit,
    action: &'static str,
    dossier: &DossierId,
    changed: &[PartyId],
) -> Vec<AuditLine> {
    let mut lines = vec![audit(permit, action, dossier)];
    lines.extend(changed.iter().map(|party| AuditLine {
        subject: party.to_string(),
        purpose: format!("dossier {dossier}"),
        ..audit(permit, "party.changed", dossier)
    }));
    lines
}

/// A person as a form names her.
struct Given<'a> {
    /// What was typed or scanned.
    party: &'a Party,
    /// The field of her number, at which a fault stands.
    number: &'static str,
    /// Whether her card said so: then a new name is hers.
    scanned: bool,
    /// Whether a record that is there stays as it is, whatever was typed.
    kept: bool,
}

/// What became of a person's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// There was none.
    New,
    /// It says the same.
    Same,
    /// It says something else now.
    Changed,
}

/// The record of a person.
pub(crate) struct Recorded {
    /// As it is to be written.
    pub(crate) row: PartyRow,
    /// What became of it.
    how: How,
}

impl Recorded {
    /// Whose record it is, when it was there and says something else now.
    pub(crate) fn changed(&self) -> Option<PartyId> {
        (self.how == How::Changed).then(|| self.row.id.clone())
    }

    /// The record, unless it says the same as before.
    pub(crate) fn written(self) -> impl Iterator<Item = PartyRow> {
        let new = self.how != How::Same;
        new.then_some(self.row).into_iter()
    }
}

/// The record of the collector of a result, whose scanned `card` may give her a new name.
pub(crate) async fn person(
    app: &App,
    party: &Party,
    card: &str,
    now: DateTime,
) -> Result<Recorded, No> {
    let given = Given {
        party,
        number: "collector_number",
        scanned: says(card, party),
        kept: false,
    };
    recorded(app, &given, now).await
}

/// The record of one person: the one with the same number, or a new one. What the form leaves empty
/// stays as it was. A number that carries another name is a slip of the finger, unless a card says
/// otherwise: nobody is renamed by a mistyped digit.
async fn recorded(app: &App, given: &Given<'_>, now: DateTime) -> Result<Recorded, No> {
    let made = |id: &PartyId, party: &Party, how: How| Recorded {
        row: party_row(app.keys(), id, party, now),
        how,
    };
    let Some(row) = stored(app, given.party).await? else {
        return Ok(made(&app.ids().party(now), given.party, How::New));
    };
    let (id, seen) = (row.id.clone(), row.updated_at);
    let before = opened(app.keys(), row)?;
    if !given.scanned && fold(&before.name) != fold(&given.party.name) {
        let fault = Fault::new(given.number, "fault.number_name");
        return Err(No::Invalid(vec![fault]));
    }
    let after = merged(given.party, &before);
    if given.kept || after == before {
        return Ok(made(&id, &before, How::Same));
    }
    let mut corrected = made(&id, &after, How::Changed);
    corrected.row.seen = Some(seen);
    // A record never has the time of the one before it: who saw that one saw another.
    corrected.row.updated_at = now.max(seen.saturating_add(Span::new().milliseconds(1)));
    Ok(corrected)
}

/// The newest record of the same kind with the same number: a household's tax code may be the
/// personal number of its head, and the two stay apart.
async fn stored(app: &App, party: &Party) -> Result<Option<PartyRow>, No> {
    let Some(number) = &party.number else {
        return Ok(None);
    };
    let hash = number_hash(app.keys(), number);
    let mut rows = app.store().parties_by_number(hash).await?.into_iter();
    Ok(rows.find(|row| row.kind == party.kind && !row.erased))
}

fn merged(given: &Party, before: &Party) -> Party {
    let address = if given.address.is_empty() {
        &before.address
    } else {
        &given.address
    };
    Party {
        kind: given.kind,
        name: given.name.clone(),
        number: given.number.clone(),
        birth: given.birth.or(before.birth),
        sex: given.sex.or(before.sex),
        address: address.clone(),
        phone: given.phone.clone().or_else(|| before.phone.clone()),
        email: given.email.clone().or_else(|| before.email.clone()),
    }
}

/// What is filed.
pub(super) fn filed(
    counter: &Counter,
    versions: &Versions,
    persons: &Persons,
    (receiving, competent): (UnitId, UnitId),
) -> Filed {
    let certified = certified(&versions.procedure, counter.channel, &counter.certified);
    let fee = versions.procedure.charge(counter.channel, &certified);
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
        certified,
        help: persons.help.clone(),
        agent: None,
        collected: None,
        lookups: Vec::new(),
        corrects: None,
    }
}

/// The fault of a code that names no procedure in force with a process.
pub(super) fn unknown_procedure() -> No {
    No::Invalid(vec![Fault::new("procedure", "fault.procedure_unknown")])
}
