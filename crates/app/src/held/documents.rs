//! Documents of one owner: page by page as they are, and those that stand in for papers.

use std::sync::Arc;

use domain::dossier::{Filed, HandedAs};
use domain::ids::{DossierId, FileHash, PartyId, ProcedureCode, UnitId};
use domain::procedure::{Component, Procedure, ResultKind, Validity};
use domain::reuse::{Kept, Validness};
use domain::text::fold;
use jiff::civil::{Date, DateTime};
use store::AuditLine;
use store::views::{Asked, Key, ResultRow, Standing};

use crate::access::{Actor, Permit, Resource, may_see};
use crate::no::{Denied, No};
use crate::state::App;
use crate::verification::is_result;

use super::attached::titles;

/// Documents on one page.
const PAGE: u32 = 50;
/// The most documents that are offered in place of one paper; another one is found by its number.
const OFFERED: usize = 5;
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
    /// How long it is valid; none where nothing says so.
    pub validity: Option<Validity>,
    /// The sealed document.
    pub file: Option<FileHash>,
}

impl Held {
    /// What it is called.
    pub fn name(&self) -> &str {
        let first = self.procedure.results.first();
        first.map_or(&self.procedure.name, |kind| &kind.name)
    }

    /// Whether it is the paper: by the code that the catalogue names, or by its name.
    pub fn is_paper(&self, component: &Component) -> bool {
        gives(&self.procedure, component)
    }

    /// What is known of it when it is to stand in for a paper.
    pub fn kept(&self) -> Kept {
        Kept {
            stands: self.standing == Standing::Valid && self.file.is_some(),
            validity: self.validity,
        }
    }

    /// Whether it is valid on `today`; none of what was taken back.
    pub fn validness(&self, today: Date) -> Option<Validness> {
        let stands = matches!(self.standing, Standing::Valid | Standing::Amended);
        stands.then(|| Validness::of(self.validity, today))
    }
}

/// Whether the results of a procedure are this paper.
fn gives(procedure: &Procedure, component: &Component) -> bool {
    let mut kinds = procedure.results.iter();
    kinds.any(|kind| is_paper(kind, component))
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
        validity: row.validity()?,
        file: row.file()?,
        number: row.number,
    })
}

/// A document of an owner's store, by the dossier that it came of; none where it is somebody else's.
pub(crate) async fn one_of(
    app: &App,
    owner: &PartyId,
    dossier: &DossierId,
) -> Result<Option<Held>, No> {
    match app.store().views().result_row(dossier).await? {
        Some(row) if row.owner == owner.as_str() => held(app, row).await.map(Some),
        Some(_) | None => Ok(None),
    }
}

/// What of an owner's store stands in for papers.
#[derive(Debug, Clone, Default)]
pub struct StandIns {
    /// Documents that stand and are valid, or of which nothing says how long they are, by the numbers of
    /// the components; newest first.
    pub valid: Vec<(u16, Held)>,
    /// For components without any of these: the newest document that is valid no more.
    pub expired: Vec<(u16, Held)>,
    /// Components for which there are more than are listed.
    pub more: Vec<u16>,
}

/// Finds documents of an owner's store that stand in for these components on `today`; with a `number`,
/// those of that number alone. Costs nothing for documents of other kinds. Whoever calls logs the
/// reading.
pub(crate) async fn stand_ins(
    app: &App,
    owner: &PartyId,
    components: &[&Component],
    (today, number): (Date, &str),
) -> Result<StandIns, No> {
    let mut found = StandIns::default();
    let views = app.store().views();
    for kind in &views.kinds_of(owner).await? {
        let procedure = app.procedure(&kind.procedure, kind.version).await?;
        let fits: Vec<&&Component> = components
            .iter()
            .filter(|component| gives(&procedure, component))
            .collect();
        if fits.is_empty() {
            continue;
        }
        let asked = Asked {
            owner,
            kind,
            today,
            number,
        };
        let most = u32::try_from(OFFERED.saturating_add(1)).unwrap_or(u32::MAX);
        for row in views.valid_documents(asked, most).await? {
            let one = held(app, row).await?;
            found
                .valid
                .extend(fits.iter().map(|fit| (fit.number, one.clone())));
        }
        if let Some(row) = views.expired_document(asked).await? {
            let one = held(app, row).await?;
            found
                .expired
                .extend(fits.iter().map(|fit| (fit.number, one.clone())));
        }
    }
    Ok(found.few())
}

impl StandIns {
    /// The newest few for each component, from whatever procedures they came.
    fn few(mut self) -> Self {
        let newest = |all: &mut Vec<(u16, Held)>| {
            all.sort_by_key(|(_, one)| std::cmp::Reverse(one.issued));
            all.sort_by_key(|(component, _)| *component);
        };
        newest(&mut self.valid);
        newest(&mut self.expired);
        let (mut last, mut listed, mut more) = (None, 0_usize, Vec::new());
        self.valid.retain(|(component, _)| {
            listed = if last == Some(*component) { listed } else { 0 };
            last = Some(*component);
            listed = listed.saturating_add(1);
            if listed > OFFERED {
                more.push(*component);
            }
            listed <= OFFERED
        });
        more.dedup();
        self.more = more;
        let valid = &self.valid;
        self.expired
            .retain(|(component, _)| valid.iter().all(|(number, _)| number != component));
        self.expired.dedup_by_key(|(component, _)| *component);
        self
    }
}

/// A document of a store as it is listed.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The document.
    pub document: Held,
    /// For which component of the dossier at hand it is reused.
    pub used: Option<u16>,
    /// What its attachments in files of their own are called, in order.
    pub attachments: Vec<String>,
}

/// What the store of a dossier's owner holds, for who has the dossier at hand.
#[derive(Debug, Clone)]
pub struct HeldPage {
    /// The dossier.
    pub dossier: DossierId,
    /// The day on which it is read.
    pub today: Date,
    /// Documents, newest first.
    pub documents: Vec<Listed>,
    /// Where the next page begins.
    pub next: Option<Key>,
}

/// Reads a page of the store of a dossier's owner, without what came of the dossier itself. The reading
/// is logged.
///
/// # Errors
/// [`No::Denied`], unseen, for whoever does not see the dossier; [`No::Broken`].
pub async fn held_page(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    after: Option<&Key>,
) -> Result<HeldPage, No> {
    let loaded = app.store().load(id).await?;
    let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
    let process = app.process(&filed.procedure, filed.process_version).await?;
    let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
    let permit = may_see(actor, &resource.passed_on(app))?;
    let most = PAGE.saturating_add(1);
    let mut rows = app
        .store()
        .views()
        .documents_of(&filed.owner, after, most)
        .await?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let next = (rows.len() > page).then(|| rows.get(page.saturating_sub(1)).map(ResultRow::key));
    rows.truncate(page);
    let mut documents = Vec::with_capacity(rows.len());
    for row in rows.into_iter().filter(|row| row.dossier != id.as_str()) {
        let document = held(app, row).await?;
        documents.push(Listed {
            attachments: titles(app, &document.dossier).await?,
            document,
            used: None,
        });
    }
    mark_reused(app, filed, &mut documents).await?;
    let now = app.clock().now();
    let line = AuditLine {
        actor: permit.by().to_string(),
        action: "held.read".to_owned(),
        subject: filed.owner.to_string(),
        purpose: format!("dossier {id}"),
        detail: said(&permit, &documents),
    };
    app.store().audit(now, vec![line]).await?;
    Ok(HeldPage {
        dossier: id.clone(),
        today: now.date(),
        documents,
        next: next.flatten(),
    })
}

/// Says for which component of a dossier each document is reused. Where only the file was noted, it is
/// found by that, or among the files that proofs completed since.
async fn mark_reused(app: &App, filed: &Filed, documents: &mut [Listed]) -> Result<(), No> {
    for handed in &filed.handed {
        let HandedAs::Reused { file, from } = &handed.handed else {
            continue;
        };
        let named = |one: &Held| from.as_ref() == Some(&one.dossier);
        let newest = |one: &Held| one.file.as_ref() == Some(file);
        let mut found = documents
            .iter()
            .position(|one| named(&one.document) || newest(&one.document));
        if found.is_none() && from.is_none() {
            found = completed(app, documents, file).await?;
        }
        if let Some(one) = found.and_then(|at| documents.get_mut(at)) {
            one.used = Some(handed.component);
        }
    }
    Ok(())
}

/// Which of these documents had this file before its proof completed it.
async fn completed(app: &App, documents: &[Listed], file: &FileHash) -> Result<Option<usize>, No> {
    for (at, one) in documents.iter().enumerate() {
        if is_result(&app.store().load(&one.document.dossier).await?, file) {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

fn said(permit: &Permit, documents: &[Listed]) -> String {
    let right = permit.right();
    let shown = documents.len();
    format!(r#"{{"right":"{right}","documents":{shown}}}"#)
}
