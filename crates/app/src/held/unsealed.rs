//! Results that were issued and have no sealed document: closed before the seal was asked for, or not
//! sealed because its key failed. They are worked off from a list with its own figure.

use domain::ids::{DossierId, UnitId};
use domain::office::Role;
use jiff::ToSpan as _;
use jiff::civil::DateTime;
use store::AuditLine;
use store::views::Key;

use crate::access::{Actor, Permit, Resource, may_seal_anew};
use crate::jobs;
use crate::no::{Denied, Fault, No};
use crate::signing::{judge_seal, signature_of};
use crate::state::App;

/// Rows of a page.
const PAGE: u32 = 50;
/// Hours that the worker has before a result counts as not sealed.
const HOURS: i64 = 1;
/// Who works the list off at an agency or a centre.
const TOLD: [Role; 3] = [Role::SealClerk, Role::Leader, Role::CentreDirector];

/// What came of the order to seal a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealOrder {
    /// The worker was given it.
    Given,
    /// The worker had sealed it in the meantime: there is nothing left to do.
    Needless,
}

/// A result without its sealed document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsealed {
    /// The dossier.
    pub dossier: DossierId,
    /// Its number, once received.
    pub code: String,
    /// The procedure.
    pub procedure: String,
    /// The agency that issued it.
    pub agency: UnitId,
    /// Number and symbol of the result.
    pub number: String,
    /// When it was issued.
    pub issued: DateTime,
    /// Whether a person signed it: then the agency's signature alone is missing.
    pub signed: bool,
    /// Whether the scan of its original on paper waits for the agency's signature.
    pub digitised: bool,
    /// Whether the actor keeps the seal that it waits for.
    pub may_seal: bool,
}

impl Unsealed {
    /// Where it stands, as interfaces and message keys name it.
    pub fn state(&self) -> &'static str {
        match (self.digitised, self.signed) {
            (true, _) => "digitised",
            (false, true) => "signed",
            (false, false) => "unsigned",
        }
    }
}

/// How many results of an agency have no seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsealedUnit {
    /// The agency.
    pub agency: UnitId,
    /// How many.
    pub results: i64,
}

/// A page of the list.
#[derive(Debug, Clone)]
pub struct UnsealedPage {
    /// The unit whose list it is; none for the province, which is counted alone.
    pub unit: Option<UnitId>,
    /// Oldest first.
    pub rows: Vec<Unsealed>,
    /// Where the next page begins.
    pub next: Option<Key>,
    /// Agencies that the actor answers for, with how many each has.
    pub units: Vec<UnsealedUnit>,
}

fn units(actor: &Actor) -> Vec<UnitId> {
    let told = actor.acting().filter(|(_, role)| TOLD.contains(role));
    let mut units: Vec<UnitId> = told.map(|(unit, _)| unit.clone()).collect();
    units.sort();
    units.dedup();
    units
}

/// Whether the actor works such a list off, or counts for the province.
pub fn sees_unsealed(actor: &Actor) -> bool {
    actor.is(Role::ProvinceController) || !units(actor).is_empty()
}

fn before(now: DateTime) -> DateTime {
    now.saturating_sub(HOURS.hours())
}

/// The figures of the actor's units, each counted as its list is; of every agency for the controller.
async fn counted(app: &App, actor: &Actor) -> Result<Vec<UnsealedUnit>, No> {
    let before = before(app.clock().now());
    let views = app.store().views();
    let mut found = Vec::new();
    if actor.is(Role::ProvinceController) {
        for count in views.unsealed_counts(before).await? {
            let agency = UnitId::parse(&count.competent);
            found.push(UnsealedUnit {
                agency: agency.map_err(|fault| No::Broken(Box::new(fault)))?,
                results: count.results,
            });
        }
    }
    for unit in units(actor) {
        if found.iter().any(|there| there.agency == unit) {
            continue;
        }
        let results = views.unsealed_of((&unit, before)).await?;
        if results > 0 {
            let agency = unit;
            found.push(UnsealedUnit { agency, results });
        }
    }
    found.sort_by(|a, b| a.agency.cmp(&b.agency));
    Ok(found)
}

/// How many results of the actor's agencies have no seal, of all agencies for the controller.
///
/// # Errors
/// [`No::Broken`].
pub async fn unsealed_count(app: &App, actor: &Actor) -> Result<i64, No> {
    if !sees_unsealed(actor) {
        return Ok(0);
    }
    let counts = counted(app, actor).await?;
    Ok(counts.iter().map(|count| count.results).sum())
}

/// A page of the list of a unit; of the actor's first one when none is named.
///
/// # Errors
/// [`No::Denied`] for whoever has no such list, or not that of the unit; [`No::Broken`].
pub async fn unsealed(
    app: &App,
    actor: &Actor,
    (unit, after): (Option<&UnitId>, Option<&Key>),
) -> Result<UnsealedPage, No> {
    if !sees_unsealed(actor) {
        return Err(Denied::Seen.into());
    }
    let own = units(actor);
    if unit.is_some_and(|unit| !own.contains(unit)) {
        return Err(Denied::Seen.into());
    }
    let unit = unit.or(own.first()).cloned();
    let mut page = UnsealedPage {
        units: counted(app, actor).await?,
        rows: Vec::new(),
        next: None,
        unit,
    };
    let Some(unit) = &page.unit else {
        return Ok(page);
    };
    let asked = (unit, before(app.clock().now()));
    let most = PAGE.saturating_add(1);
    let mut rows = app.store().views().unsealed(asked, after, most).await?;
    if rows.len() > PAGE as usize {
        rows.truncate(PAGE as usize);
        page.next = rows.last().map(store::views::ResultRow::key);
    }
    for row in rows {
        let dossier =
            DossierId::parse(&row.dossier).map_err(|fault| No::Broken(Box::new(fault)))?;
        let agency = UnitId::parse(&row.competent).map_err(|fault| No::Broken(Box::new(fault)))?;
        let named = app.store().views().dossier_row(&dossier).await?;
        let named = named.ok_or(Denied::Unseen)?;
        page.rows.push(Unsealed {
            may_seal: actor.holds(Role::SealClerk, &app.heir(&agency)),
            signed: row.is_signed(),
            digitised: row.is_digitised(),
            code: named.code.unwrap_or_default(),
            procedure: named.procedure_name,
            issued: row.issued(),
            number: row.number,
            dossier,
            agency,
        });
    }
    Ok(page)
}

/// Has the document of an issued result made again, under the seal of who asks. It is made in the
/// background; a result that is sealed meanwhile stays as it is.
///
/// # Errors
/// [`No::Denied`]; [`No::Invalid`] where there is no result, it was never signed, or the actor has no
/// seal that is valid; [`No::Broken`].
pub async fn seal_anew(app: &App, actor: &Actor, id: &DossierId) -> Result<SealOrder, No> {
    let loaded = app.store().load(id).await?;
    let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
    let filed = &record.filed;
    let process = app.process(&filed.procedure, filed.process_version).await?;
    let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
    let permit = may_seal_anew(actor, &resource.passed_on(app))?;
    let procedure = app
        .procedure(&filed.procedure, filed.procedure_version)
        .await?;
    let fault = |key| No::Invalid(vec![Fault::new("result", key)]);
    let issued = loaded.dossier.issued();
    if issued
        .ok_or_else(|| fault("fault.seal_anew_none"))?
        .official
        .is_some()
    {
        return Ok(SealOrder::Needless);
    }
    if !procedure.without_paper {
        let copied = record.course.digitised.is_some();
        let signed = signature_of(&loaded);
        if signed.is_none() && !copied {
            return Err(fault("fault.seal_anew_unsigned"));
        }
        judge_seal(app, (permit.by(), &filed.competent), signed).await?;
    }
    let message = jobs::seal_anew(id, permit.by());
    let (now, line) = (app.clock().now(), line(&permit, id));
    app.store()
        .send_messages(now, vec![(id.clone(), message)], vec![line])
        .await?;
    app.announce();
    Ok(SealOrder::Given)
}

fn line(permit: &Permit, id: &DossierId) -> AuditLine {
    AuditLine {
        actor: permit.by().to_string(),
        action: "result.seal_ordered".to_owned(),
        subject: id.to_string(),
        purpose: permit.right().to_owned(),
        detail: String::new(),
    }
}
