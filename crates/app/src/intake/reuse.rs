//! Documents of the person's own store in place of papers: offered to who fills the form in, and taken
//! only with the applicant's word.

use domain::dossier::{Handed, HandedAs};
use domain::ids::{DossierId, PartyId, UnitId};
use domain::party::PartyKind;
use domain::procedure::{Case, Component};
use domain::text::fold;
use store::AuditLine;

use crate::access::{Actor, Desk, Permit};
use crate::forms::Typed;
use crate::held::{Held, of_owner, official_of};
use crate::no::{Denied, Fault, No};
use crate::people::number_hash;
use crate::state::App;

use super::form::KINDS;
use super::number::PartyNumber;
use super::preview::Preview;
use super::receive::asked;

/// The field by which the applicant agrees that documents of her store are used.
pub const CONSENT: &str = "reuse_consent";
/// How the value of a component's field begins that names a document: the dossier that it came of
/// stands behind it.
const REUSE: &str = "kho-";

/// The value of a component's field that takes this document.
pub fn reuse_value(dossier: &DossierId) -> String {
    format!("{REUSE}{dossier}")
}

/// Whether the applicant agreed.
pub fn consented(typed: &Typed) -> bool {
    typed.get(CONSENT) == "on"
}

/// Offers the documents of the owner that stand in for components of the form. Clerks see them as soon
/// as the owner is known by number and name; everybody else once the applicant agreed. Each look into a
/// store is logged, also one that finds nothing.
///
/// # Errors
/// [`No::Denied`] for whoever fills in no intakes there, [`No::Broken`].
pub async fn offered(
    app: &App,
    actor: &Actor,
    (receiving, typed): (&UnitId, &Typed),
    preview: &Preview,
) -> Result<Vec<(u16, Held)>, No> {
    let desk = actor.desk_at(receiving).ok_or(Denied::Seen)?;
    if desk != Desk::Counter && !consented(typed) {
        return Ok(Vec::new());
    }
    let Some(owner) = owner(app, typed).await? else {
        return Ok(Vec::new());
    };
    let all = of_owner(app, &owner).await?;
    let asked = preview.components.iter().filter(|row| row.held().is_none());
    let found: Vec<(u16, Held)> = asked
        .flat_map(|row| fitting(&all, &row.component))
        .collect();
    let documents: Vec<String> = found
        .iter()
        .map(|(_, one)| one.dossier.to_string())
        .collect();
    let line = AuditLine {
        actor: actor.staff.to_string(),
        action: "held.offered".to_owned(),
        subject: owner.to_string(),
        purpose: "intake".to_owned(),
        detail: documents.join(","),
    };
    app.store().audit(app.clock().now(), vec![line]).await?;
    Ok(found)
}

fn fitting<'a>(
    all: &'a [Held],
    component: &'a Component,
) -> impl Iterator<Item = (u16, Held)> + use<'a> {
    let fits = all.iter().filter(|one| one.stands_in_for(component));
    fits.map(|one| (component.number, one.clone()))
}

/// The record of the owner whom the form names by her number and her name.
async fn owner(app: &App, typed: &Typed) -> Result<Option<PartyId>, No> {
    let own = matches!(typed.get("mandate"), "" | "own");
    let (kind, number, name) = if own {
        ("kind", "number", "name")
    } else {
        ("owner_kind", "owner_number", "owner_name")
    };
    let kind = KINDS.iter().find(|(value, _)| *value == typed.get(kind));
    let kind = kind.map_or(PartyKind::Citizen, |(_, kind)| *kind);
    let Ok(Some(number)) = PartyNumber::parse(kind, typed.get(number), "number") else {
        return Ok(None);
    };
    let hash = number_hash(app.keys(), &String::from(number));
    let rows = app.store().parties_by_number(hash).await?;
    // A number alone opens nobody's store: whoever tries numbers does not know the names.
    let name = fold(typed.get(name));
    let mut rows = rows.into_iter();
    let row = rows.find(|row| row.kind == kind && !row.erased && fold(&row.name) == name);
    Ok(row.map(|row| row.id))
}

/// The components for which the form takes documents, as they are handed in.
///
/// # Errors
/// [`No::Invalid`] without the applicant's word, and for a document that is not hers, stands in for
/// something else, or was withdrawn or replaced; [`No::Broken`].
pub(super) async fn reused(
    app: &App,
    typed: &Typed,
    (owner, case): (&PartyId, Option<&Case>),
) -> Result<Vec<Handed>, No> {
    let wanted = wanted(typed);
    if consented(typed) {
        judge_asked(app, typed, (owner, case), &wanted).await?;
    }
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    if !consented(typed) {
        let fault = Fault::new(CONSENT, "fault.reuse_consent");
        return Err(No::Invalid(vec![fault]));
    }
    let all = of_owner(app, owner).await?;
    let (mut handed, mut faults) = (Vec::new(), Vec::new());
    for (number, dossier) in wanted {
        let components = case.map(|case| case.components.as_slice());
        let mut components = components.unwrap_or_default().iter();
        let component = components.find(|component| component.number == number);
        let mut fits = all.iter().filter(|one| one.dossier.as_str() == dossier);
        let one = component.and_then(|component| fits.find(|one| one.stands_in_for(component)));
        let Some(one) = one else {
            faults.push(Fault::new(CONSENT, "fault.reuse_gone").with("n", &number));
            continue;
        };
        handed.push(Handed {
            component: number,
            handed: HandedAs::Reused {
                file: official_of(app, &one.dossier).await?,
            },
        });
    }
    if faults.is_empty() {
        Ok(handed)
    } else {
        Err(No::Invalid(faults))
    }
}

/// What lies in the store is not asked for once the applicant agreed to its use (NĐ 45/2020/NĐ-CP
/// Điều 16, not verified).
async fn judge_asked(
    app: &App,
    typed: &Typed,
    (owner, case): (&PartyId, Option<&Case>),
    wanted: &[(u16, &str)],
) -> Result<(), No> {
    let asked = asked(typed);
    if asked.is_empty() {
        return Ok(());
    }
    let all = of_owner(app, owner).await?;
    let components = case.map(|case| case.components.as_slice());
    let components = components.unwrap_or_default().iter();
    let held = components.filter(|component| {
        let taken = wanted.iter().any(|(number, _)| *number == component.number);
        asked.contains(&component.number)
            && !taken
            && all.iter().any(|one| one.stands_in_for(component))
    });
    let fault = |component: &Component| {
        Fault::new(CONSENT, "fault.reuse_held").with("n", &component.number)
    };
    let faults: Vec<Fault> = held.map(fault).collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(No::Invalid(faults))
    }
}

/// Components and the dossiers whose results are wanted for them.
fn wanted<'t>(typed: &'t Typed) -> Vec<(u16, &'t str)> {
    let one = |(name, value): (&str, &'t str)| {
        let component = name.strip_prefix('c')?.parse().ok()?;
        Some((component, value.strip_prefix(REUSE)?))
    };
    let mut wanted: Vec<(u16, &str)> = typed.iter().filter_map(one).collect();
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
