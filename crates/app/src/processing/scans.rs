//! Scans of components: as forms bring them, and as they are read again.

use std::sync::Arc;

use domain::dossier::{Command, CommandKind, Event, Handed, HandedAs, Refusal, Scan};
use domain::ids::{DossierId, FileHash};
use domain::procedure::{Component, Procedure};
use store::{AuditLine, Loaded, Recorded};

use crate::access::{Actor, Resource, may_act, may_read_scans};
use crate::intake::in_hand;
use crate::no::{Denied, Fault, No};
use crate::state::App;
use crate::verification::{is_pdf, readable};

use super::audit;
use super::document::{as_it_stands, attachments};
use super::prepare::{Misfit, Prepared, SCANS, misfit};

/// The field at which faults of scans stand.
const FIELD: &str = "scan";

/// A scan as a form brings it: a PDF, a PNG or a JPEG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewScan {
    /// Number of the component.
    pub component: u16,
    /// The file.
    pub content: Vec<u8>,
}

/// What the scans are, by what is in them. Nothing is put on file yet.
///
/// # Errors
/// [`No::Invalid`] for what is no scan, is too large or cannot be opened; [`No::Broken`].
pub(crate) async fn read_scans(app: &App, scans: &[NewScan]) -> Result<Vec<Scan>, No> {
    let (mut read, mut faults) = (Vec::with_capacity(scans.len()), Vec::new());
    for new in scans {
        let mut why = None;
        let fault = match misfit(&new.content, &SCANS) {
            Some(Misfit::Kind) => "fault.scan_kind",
            Some(Misfit::Size) => "fault.scan_size",
            None => match readable(app, &new.content, FIELD).await? {
                Ok(pages) => {
                    read.push(Scan {
                        component: new.component,
                        file: app.files().name(&new.content),
                        pages,
                    });
                    continue;
                }
                Err(refused) => {
                    why = Some(refused);
                    if is_pdf(&new.content) {
                        "fault.scan_pages"
                    } else {
                        "fault.scan_picture"
                    }
                }
            },
        };
        faults.push(Fault::new(FIELD, fault).with("n", &new.component));
        faults.extend(why);
    }
    if faults.is_empty() {
        Ok(read)
    } else {
        Err(No::Invalid(faults))
    }
}

/// What came, with its scans. A scan alone is how a component is there when its paper was given back.
///
/// # Errors
/// A paper that was only shown is not scanned.
pub(crate) fn scanned_with(handed: &mut Vec<Handed>, scans: &[Scan]) -> Result<(), Refusal> {
    for scan in scans {
        let component = scan.component;
        let there = handed.iter().position(|one| one.component == component);
        let there = there.map(|at| handed.remove(at).handed);
        if there == Some(HandedAs::Seen) {
            return Err(Refusal::ScanOfShown { component });
        }
        let handed_as = HandedAs::Scanned {
            file: scan.file.clone(),
            pages: scan.pages,
            paper: there.is_some_and(|there| there.is_kept_paper()),
        };
        handed.push(Handed {
            component,
            handed: handed_as,
        });
    }
    handed.sort_by_key(|one| one.component);
    Ok(())
}

/// What was asked for came, with scans of it.
pub(super) async fn supplied(
    app: &App,
    mut handed: Vec<Handed>,
    scans: Vec<NewScan>,
) -> Result<Prepared, No> {
    let read = read_scans(app, &scans).await?;
    scanned_with(&mut handed, &read)?;
    Ok(Prepared {
        files: scans.into_iter().map(|new| new.content).collect(),
        ..Prepared::of(Command::Supply { handed })
    })
}

/// Scans of what is there.
pub(super) async fn scanned(app: &App, scans: Vec<NewScan>) -> Result<Prepared, No> {
    let read = read_scans(app, &scans).await?;
    let mut commands = read.into_iter().map(Command::Scan);
    let Some(first) = commands.next() else {
        let fault = Fault::new(FIELD, "fault.scan_none");
        return Err(No::Invalid(vec![fault]));
    };
    let mut prepared = Prepared::of(first);
    prepared.commands.extend(commands);
    prepared.files = scans.into_iter().map(|new| new.content).collect();
    Ok(prepared)
}

/// The scan of a component that this event put on file, or the document of the person's store that it
/// took in its place.
pub fn scan_of(event: &Event, component: u16) -> Option<&FileHash> {
    let handed = match event {
        Event::ComponentScanned(made) => {
            return (made.scan.component == component).then_some(&made.scan.file);
        }
        Event::Submitted { filed, .. } => &filed.handed,
        Event::Supplied { handed, .. } => handed,
        _ => return None,
    };
    let mut came = handed.iter().filter(|one| one.component == component);
    came.find_map(|one| match &one.handed {
        HandedAs::Scanned { file, .. }
        | HandedAs::Attached { file }
        | HandedAs::Reused { file, .. } => Some(file),
        _ => None,
    })
}

/// The bytes of the newest scan of a component, or of that which the event of `version` put on file;
/// none where there is none. Every reading is logged.
///
/// # Errors
/// [`No::Denied`], unseen; [`No::Broken`].
pub async fn component_scan(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    (component, version): (u16, Option<u32>),
) -> Result<Option<Vec<u8>>, No> {
    let (loaded, resource) = found(app, actor, id).await?;
    let permit = may_read_scans(actor, &resource)?;
    let asked = |one: &&Recorded| version.is_none_or(|version| one.version == version);
    let mut events = loaded.events.iter().rev().filter(asked);
    let Some(hash) = events.find_map(|one| scan_of(&one.event, component)) else {
        return Ok(None);
    };
    let content = app.files().get(hash).await?;
    let line = audit(&permit, "scan.read", id);
    app.store().audit(app.clock().now(), vec![line]).await?;
    Ok(Some(content))
}

/// The bytes of an attachment, by its number from 1, of the document of the person's store that a dossier
/// uses for a component; none where there is none, or it is not sealed yet. Who may open the document may
/// open its attachments. Every reading is logged.
///
/// # Errors
/// [`No::Denied`], unseen; [`No::Broken`].
pub async fn attachment_of_reused(
    app: &App,
    actor: &Actor,
    id: &DossierId,
    (component, number): (u16, usize),
) -> Result<Option<Vec<u8>>, No> {
    let (loaded, resource) = found(app, actor, id).await?;
    let permit = may_read_scans(actor, &resource)?;
    let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
    let mut handed = filed.handed.iter().filter(|one| one.component == component);
    let from = handed.find_map(|one| match &one.handed {
        HandedAs::Reused { from, .. } => from.as_ref(),
        _ => None,
    });
    let (Some(from), Some(nth)) = (from, number.checked_sub(1)) else {
        return Ok(None);
    };
    let result = app.store().load(from).await?;
    let Some(file) = attachments(&result.dossier)
        .get(nth)
        .and_then(|one| as_it_stands(&result.dossier, one))
    else {
        return Ok(None);
    };
    let content = app.files().get(&file.hash).await?;
    let read = audit(&permit, "attachment.read", id);
    let line = AuditLine {
        detail: format!("{} {number} of {from} {}", read.detail, file.hash)
            .trim()
            .to_owned(),
        ..read
    };
    app.store().audit(app.clock().now(), vec![line]).await?;
    Ok(Some(content))
}

async fn found(app: &App, actor: &Actor, id: &DossierId) -> Result<(Loaded, Resource), No> {
    let loaded = app.store().load(id).await?;
    let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
    let process = app.process(&filed.procedure, filed.process_version).await?;
    let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
    let resource = in_hand(app, actor, resource.passed_on(app)).await?;
    Ok((loaded, resource))
}

/// What may be scanned of a dossier, for whoever may: all that an agent of the post sees of it.
#[derive(Debug, Clone)]
pub struct ScanPage {
    /// Which.
    pub dossier: DossierId,
    /// Its version.
    pub version: u32,
    /// Its procedure.
    pub procedure: Arc<Procedure>,
    /// Components that may be scanned, and how each is there.
    pub papers: Vec<(Component, HandedAs)>,
}

/// What may be scanned of a dossier.
///
/// # Errors
/// [`No::Denied`], unseen; [`No::Broken`].
pub async fn scan_page(app: &App, actor: &Actor, id: &DossierId) -> Result<ScanPage, No> {
    let (loaded, resource) = found(app, actor, id).await?;
    may_act(actor, CommandKind::Scan, &resource)?;
    let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
    let procedure = app
        .procedure(&filed.procedure, filed.procedure_version)
        .await?;
    let case = procedure.case(filed.case);
    let papers = case.into_iter().flat_map(|case| filed.to_scan(case));
    let there = |component: &Component| {
        let mut handed = filed.handed.iter();
        let there = handed.find(|one| one.component == component.number)?;
        Some((component.clone(), there.handed.clone()))
    };
    let papers = papers.filter_map(there).collect();
    Ok(ScanPage {
        dossier: id.clone(),
        version: loaded.version,
        procedure,
        papers,
    })
}
