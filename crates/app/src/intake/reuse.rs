//! Documents of the person's own store in place of papers: offered to who fills the form in once the
//! applicant agreed, and taken only while they are valid.

use domain::dossier::{Handed, HandedAs};
use domain::ids::{DossierId, PartyId, UnitId};
use domain::procedure::{Case, Component};
use domain::reuse::{NotReused, judge_asked, judge_kept};
use jiff::civil::Date;
use store::{AuditLine, OnceKey};

use crate::access::{Actor, Permit};
use crate::forms::Typed;
use crate::held::{Held, StandIns, one_of, stand_ins};
use crate::no::{Denied, Fault, No};
use crate::state::App;

use super::filing::unknown_procedure;
use super::looking::{Looking, consented, fault, intake_of, invalid, look, owner};
use super::preview::{Preview, preview};
use super::receive::asked;
use super::understood::named;

/// The field that names the number of a document which is looked for among many.
pub const REUSE_NUMBER: &str = "reuse_number";
/// How the value of a component's field begins that names a document: the dossier that it came of
/// stands behind it.
const REUSE: &str = "kho-";

/// The value of a component's field that takes this document.
pub fn reuse_value(dossier: &DossierId) -> String {
    format!("{REUSE}{dossier}")
}

/// What of the owner's store is offered.
#[derive(Debug, Clone, Default)]
pub struct Offered {
    /// Whether the store was looked into.
    pub looked: bool,
    /// What stands in for papers, and what is valid no more.
    pub documents: StandIns,
    /// Why nobody looked although the applicant agreed.
    pub refused: Option<Fault>,
    /// The day on which they are valid.
    pub today: Date,
}

/// Offers the documents of the owner that stand in for components of the form, once the applicant agreed
/// and the form names the owner by number and name. Nobody learns without that whether there are any. The
/// look is noted under the name of its intake.
///
/// # Errors
/// [`No::Denied`] for whoever fills in no intakes there, [`No::Broken`].
pub async fn offered(
    app: &App,
    actor: &Actor,
    (receiving, intake, typed): (&UnitId, &str, &Typed),
    preview: &Preview,
) -> Result<Offered, No> {
    actor.desk_at(receiving).ok_or(Denied::Seen)?;
    let today = app.clock().now().date();
    let nothing = Offered {
        today,
        ..Offered::default()
    };
    if !consented(typed) {
        return Ok(nothing);
    }
    let Some(owner) = owner(app, typed).await? else {
        return Ok(nothing);
    };
    let looking = Looking {
        staff: &actor.staff,
        intake,
    };
    match look(app, looking, (typed, &owner)).await {
        Ok(()) => {}
        Err(No::Invalid(faults)) => {
            return Ok(Offered {
                refused: faults.into_iter().next(),
                ..nothing
            });
        }
        Err(no) => return Err(no),
    }
    let asked = preview.components.iter().filter(|row| row.held().is_none());
    let asked: Vec<&Component> = asked.map(|row| &row.component).collect();
    let number = typed.get(REUSE_NUMBER).trim();
    let mut documents = stand_ins(app, &owner, &asked, (today, number)).await?;
    chosen(app, (&owner, typed), &asked, &mut documents).await?;
    Ok(Offered {
        looked: true,
        documents,
        ..nothing
    })
}

/// The same for an intake without a draft, under the one-time key with which its form will be filed.
///
/// # Errors
/// [`No::Invalid`] for an unknown procedure, without the applicant's word, and for one look too many;
/// [`No::Denied`] for whoever fills in no intakes there; [`No::Broken`].
pub async fn offered_to_file(
    app: &App,
    actor: &Actor,
    (key, typed): (&OnceKey, &Typed),
) -> Result<Offered, No> {
    let receiving = named(actor, typed)?;
    let seen = preview(app, actor, (&receiving, typed)).await?;
    let seen = seen.ok_or_else(unknown_procedure)?;
    if !consented(typed) {
        return Err(invalid(NotReused::NoConsent, None));
    }
    let intake = intake_of(actor, key);
    let at = (&receiving, intake.as_str(), typed);
    let found = offered(app, actor, at, &seen).await?;
    match found.refused {
        Some(fault) => Err(No::Invalid(vec![fault])),
        None => Ok(found),
    }
}

/// What the form has chosen stays in sight, however many newer ones there are.
async fn chosen(
    app: &App,
    (owner, typed): (&PartyId, &Typed),
    components: &[&Component],
    documents: &mut StandIns,
) -> Result<(), No> {
    let today = app.clock().now().date();
    for (number, dossier) in wanted(typed) {
        let listed = |(component, one): &(u16, Held)| {
            *component == number && one.dossier.as_str() == dossier
        };
        if documents.valid.iter().any(listed) {
            continue;
        }
        let component = components.iter().find(|one| one.number == number);
        if let Some(component) = component
            && let Ok(one) = taken(app, owner, (component, dossier), today).await?
        {
            documents.valid.push((number, one));
        }
    }
    Ok(())
}

/// The document that the form names for a component, if it may be taken on `today`.
async fn taken(
    app: &App,
    owner: &PartyId,
    (component, dossier): (&Component, &str),
    today: Date,
) -> Result<Result<Held, NotReused>, No> {
    let Ok(id) = DossierId::parse(dossier) else {
        return Ok(Err(NotReused::Gone));
    };
    let one = one_of(app, owner, &id).await?;
    let Some(one) = one.filter(|one| one.is_paper(component)) else {
        return Ok(Err(NotReused::Gone));
    };
    Ok(judge_kept(one.kept(), today).map(|()| one))
}

/// The components for which the form takes documents, as they are handed in.
///
/// # Errors
/// [`No::Invalid`] without the applicant's word, for a document that is not hers, stands in for something
/// else, was withdrawn or replaced or is valid no more, and for one too many looks; [`No::Broken`].
pub(super) async fn reused(
    app: &App,
    (looking, typed): (Looking<'_>, &Typed),
    (filed, case): (&PartyId, Option<&Case>),
) -> Result<Vec<Handed>, No> {
    let wanted = wanted(typed);
    let asks = consented(typed) && !asked(typed).is_empty();
    if wanted.is_empty() && !asks {
        return Ok(Vec::new());
    }
    if !consented(typed) {
        return Err(invalid(NotReused::NoConsent, None));
    }
    // The record that is filed has the typed name by then; the store opens to the name it had.
    let owner = owner(app, typed).await?.filter(|owner| owner == filed);
    let Some(owner) = owner else {
        let gone = |(number, _): &(u16, &str)| fault(NotReused::Gone, Some(*number));
        let faults: Vec<Fault> = wanted.iter().map(gone).collect();
        return if faults.is_empty() {
            Ok(Vec::new())
        } else {
            Err(No::Invalid(faults))
        };
    };
    look(app, looking, (typed, &owner)).await?;
    let components = case.map(|case| case.components.as_slice());
    let components = components.unwrap_or_default();
    judge_requests(app, (&owner, typed), components, &wanted).await?;
    handed(app, &owner, components, &wanted).await
}

async fn handed(
    app: &App,
    owner: &PartyId,
    components: &[Component],
    wanted: &[(u16, &str)],
) -> Result<Vec<Handed>, No> {
    let today = app.clock().now().date();
    let (mut handed, mut faults) = (Vec::new(), Vec::new());
    for (number, dossier) in wanted {
        let component = components.iter().find(|one| one.number == *number);
        let judged = match component {
            Some(component) => taken(app, owner, (component, dossier), today).await?,
            None => Err(NotReused::Gone),
        };
        match judged.map(|one| (one.file, one.dossier)) {
            Ok((Some(file), from)) => handed.push(Handed {
                component: *number,
                handed: HandedAs::Reused {
                    file,
                    from: Some(from),
                },
            }),
            Ok((None, _)) => faults.push(fault(NotReused::Gone, Some(*number))),
            Err(no) => faults.push(fault(no, Some(*number))),
        }
    }
    if faults.is_empty() {
        Ok(handed)
    } else {
        Err(No::Invalid(faults))
    }
}

/// What lies in the store and is known to be valid is not asked for once the applicant agreed to its use.
async fn judge_requests(
    app: &App,
    (owner, typed): (&PartyId, &Typed),
    components: &[Component],
    wanted: &[(u16, &str)],
) -> Result<(), No> {
    let asked = asked(typed);
    let taken = |number: u16| wanted.iter().any(|(one, _)| *one == number);
    let open = components.iter();
    let open = open.filter(|one| asked.contains(&one.number) && !taken(one.number));
    let open: Vec<&Component> = open.collect();
    if open.is_empty() {
        return Ok(());
    }
    let today = app.clock().now().date();
    let found = stand_ins(app, owner, &open, (today, "")).await?;
    let held = found.valid.iter().filter_map(|(number, one)| {
        let no = judge_asked(one.kept(), today).err()?;
        Some((*number, no))
    });
    let mut held: Vec<(u16, NotReused)> = held.collect();
    held.dedup_by_key(|(number, _)| *number);
    if held.is_empty() {
        return Ok(());
    }
    let faults = held.into_iter().map(|(number, no)| fault(no, Some(number)));
    Err(No::Invalid(faults.collect()))
}

/// Components and the dossiers whose results are wanted for them.
fn wanted(typed: &Typed) -> Vec<(u16, &str)> {
    let mut wanted = Vec::new();
    for (name, value) in typed.iter() {
        let component = name
            .strip_prefix('c')
            .and_then(|number| number.parse().ok());
        wanted.extend(component.zip(value.strip_prefix(REUSE)));
    }
    wanted.sort_unstable();
    wanted
}

/// The lines that say which documents were used for a dossier.
pub(super) fn use_lines(
    permit: &Permit,
    typed: &Typed,
    (owner, dossier): (&PartyId, &DossierId),
) -> Vec<AuditLine> {
    let line = |(component, from): (u16, &str)| AuditLine {
        actor: permit.by().to_string(),
        action: "held.reused".to_owned(),
        subject: owner.to_string(),
        purpose: format!("dossier {dossier}"),
        detail: format!(r#"{{"component":{component},"document":"{from}","consent":true}}"#),
    };
    wanted(typed).into_iter().map(line).collect()
}
