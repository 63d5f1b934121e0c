//! Documents of one owner.

use std::sync::Arc;

use domain::dossier::HandedAs;
use domain::ids::{DossierId, FileHash, PartyId, ProcedureCode, UnitId};
use domain::procedure::{Component, Procedure, ResultKind};
use domain::text::fold;
use jiff::civil::DateTime;
use store::AuditLine;
use store::views::{ResultRow, Standing};

use crate::access::{Actor, Permit, Resource, may_see};
use crate::no::{Denied, No};
use crate::state::App;

/// The most documents of one owner that are read at once.
const MOST: u32 = 100;
/// What stands before the name of a paper and says how it is handed in, folded.
const HOW: [&str; 3] = ["ban sao ", "ban chinh ", "hoac "];
/// Where the name of a paper ends and what is said about it begins.
const SAID: [char; 5] = ['(', '/', ',', ';', ':'];

/// A document of somebody's store.
#[derive(Debug, Clone)]
pub struct Held {
    /// The dossier whose result it is.
    pub dossier: DossierId,
    /// The procedure that it came of.
    pub procedure: Arc<Procedure>,
    /// The agency that issued it.
    pub agency: UnitId,
    /// Number and symbol.
    pub number: String,
    /// When it was issued.
    pub issued: DateTime,
    /// Where it stands.
    pub standing: Standing,
}

impl Held {
    /// What it is called.
    pub fn name(&self) -> &str {
        let first = self.procedure.results.first();
        first.map_or(&self.procedure.name, |kind| &kind.name)
    }

    /// Whether it stands in for the paper: by the code that the catalogue names, or by its name.
    pub fn stands_in_for(&self, component: &Component) -> bool {
        let mut kinds = self.procedure.results.iter();
        self.standing == Standing::Valid && kinds.any(|kind| is_paper(kind, component))
    }
}

fn is_paper(kind: &ResultKind, component: &Component) -> bool {
    let code = kind.code.as_ref();
    let named = code.is_some_and(|code| {
        component.replaced_by.as_ref() == Some(code)
            || component.code.as_deref() == Some(code.as_str())
    });
    named || bare(&kind.name) == bare(&component.name)
}

/// The name alone, folded: `Bản sao Giấy khai sinh (nếu có)` is a `Giấy khai sinh`. A form that asks for
/// a paper and the paper of somebody else have longer names.
fn bare(name: &str) -> String {
    let folded = fold(name.split(SAID).next().unwrap_or(name));
    let mut bare = folded.as_str();
    while let Some(rest) = HOW.iter().find_map(|how| bare.strip_prefix(how)) {
        bare = rest;
    }
    bare.to_owned()
}

async fn held(app: &App, row: ResultRow) -> Result<Held, No> {
    let broken = |fault| No::Broken(Box::new(fault));
    let code = ProcedureCode::parse(&row.procedure_code).map_err(broken)?;
    let version = u32::try_from(row.procedure_version);
    let version = version.map_err(|fault| No::Broken(Box::new(fault)))?;
    Ok(Held {
        procedure: app.procedure(&code, version).await?,
        dossier: DossierId::parse(&row.dossier).map_err(|fault| No::Broken(Box::new(fault)))?,
        agency: UnitId::parse(&row.competent).map_err(|fault| No::Broken(Box::new(fault)))?,
        issued: row.issued(),
        standing: row.standing(),
        number: row.number,
    })
}

/// Everything that the store of an owner holds, newest first. Whoever calls logs the reading.
pub(crate) async fn of_owner(app: &App, owner: &PartyId) -> Result<Vec<Held>, No> {
    let rows = app.store().views().documents_of(owner, MOST).await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        all.push(held(app, row).await?);
    }
    Ok(all)
}

/// The sealed document of a result.
pub(crate) async fn official_of(app: &App, dossier: &DossierId) -> Result<FileHash, No> {
    let loaded = app.store().load(dossier).await?;
    let issued = loaded.dossier.issued();
    let official = issued.and_then(|issued| issued.official.as_ref());
    let file = official.ok_or(Denied::Unseen)?;
    Ok(file.hash.clone())
}

/// What the store of a dossier's owner holds, for who has the dossier at hand.
#[derive(Debug, Clone)]
pub struct HeldPage {
    /// The dossier.
    pub dossier: DossierId,
    /// Documents, newest first, and for which component of the dossier each is reused.
    pub documents: Vec<(Held, Option<u16>)>,
}

/// Reads the store of a dossier's owner, without what came of the dossier itself. The reading is logged.
///
/// # Errors
/// [`No::Denied`], unseen, for whoever does not see the dossier; [`No::Broken`].
pub async fn held_page(app: &App, actor: &Actor, id: &DossierId) -> Result<HeldPage, No> {
    let loaded = app.store().load(id).await?;
    let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
    let process = app.process(&filed.procedure, filed.process_version).await?;
    let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
    let permit = may_see(actor, &resource.passed_on(app))?;
    let mut documents = Vec::new();
    for one in of_owner(app, &filed.owner).await? {
        if one.dossier == *id {
            continue;
        }
        let file = official_of(app, &one.dossier).await?;
        let mut reused = filed.handed.iter().filter(
            |handed| matches!(&handed.handed, HandedAs::Reused { file: reused } if *reused == file),
        );
        let component = reused.next().map(|handed| handed.component);
        documents.push((one, component));
    }
    let line = AuditLine {
        actor: permit.by().to_string(),
        action: "held.read".to_owned(),
        subject: filed.owner.to_string(),
        purpose: format!("dossier {id}"),
        detail: said(&permit, &documents),
    };
    app.store().audit(app.clock().now(), vec![line]).await?;
    Ok(HeldPage {
        dossier: id.clone(),
        documents,
    })
}

fn said(permit: &Permit, documents: &[(Held, Option<u16>)]) -> String {
    let right = permit.right();
    let shown = documents.len();
    format!(r#"{{"right":"{right}","documents":{shown}}}"#)
}
