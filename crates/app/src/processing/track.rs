//! What anybody who has the number may see: progress, no person.

use domain::deadline::{Deadline, Limit};
use domain::dossier::{CorrectionKind, Dossier, StateKind};
use domain::ids::{DossierCode, DossierId, UnitId};
use domain::process::Step;
use jiff::civil::DateTime;

use crate::no::{Denied, No};
use crate::state::App;

use super::correct::corrected;
use super::view::published_of;

/// How far a stage of the process is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Behind.
    Done,
    /// Under way.
    Now,
    /// To come.
    Ahead,
}

/// Progress of a dossier, without personal data.
#[derive(Debug, Clone)]
pub struct Progress {
    /// Its number.
    pub code: DossierCode,
    /// Its state.
    pub state: StateKind,
    /// Title of the procedure.
    pub procedure: String,
    /// The centre that received.
    pub receiving: UnitId,
    /// When it was received.
    pub received: Option<DateTime>,
    /// What was published, with its derivation.
    pub deadline: Option<Deadline>,
    /// The new date of the last apology, which is what the applicant waits for.
    pub apologised: Option<DateTime>,
    /// The limit and the date of the law, where a green lane published an earlier date.
    pub legal: Option<(Limit, DateTime)>,
    /// Attachments of its result in files of their own.
    pub attachments: usize,
    /// What was done to its result, when that was issued in error.
    pub corrected: Option<CorrectionKind>,
    /// Whether its result is being corrected.
    pub correcting: bool,
    /// Steps of the process and how far each is.
    pub stages: Vec<(Step, Stage)>,
    /// When this was read.
    pub now: DateTime,
}

/// Looks a dossier up by its number.
///
/// # Errors
/// [`No::Denied`], unseen, when no dossier has the number.
pub async fn track(app: &App, code: &DossierCode) -> Result<Progress, No> {
    let row = app
        .store()
        .views()
        .public_progress(code)
        .await?
        .ok_or(Denied::Unseen)?;
    let id = DossierId::parse(&row.id).map_err(|fault| No::Broken(Box::new(fault)))?;
    let loaded = app.store().load(&id).await?;
    let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
    let process = app
        .process(&record.filed.procedure, record.filed.process_version)
        .await?;
    let closed = matches!(loaded.dossier, Dossier::Returned(..));
    let at = loaded.dossier.at_step().map_or(0, |at| at.index);
    let stages = process.steps.iter().enumerate().map(|(index, step)| {
        let stage = match index.cmp(&at) {
            _ if closed => Stage::Done,
            std::cmp::Ordering::Less => Stage::Done,
            std::cmp::Ordering::Equal => Stage::Now,
            std::cmp::Ordering::Greater => Stage::Ahead,
        };
        (step.clone(), stage)
    });
    let (corrected, correcting) = corrected(record);
    Ok(Progress {
        code: code.clone(),
        state: loaded.dossier.kind(),
        procedure: row.procedure_name,
        receiving: record.filed.receiving.clone(),
        received: record.received_at,
        deadline: published_of(&app.settings(), record),
        apologised: record.course.apologies.last().map(|apology| apology.until),
        legal: record
            .limit
            .zip(record.due)
            .filter(|(_, due)| record.published_due() != Some(*due)),
        attachments: loaded
            .dossier
            .issued()
            .map_or(0, |issued| issued.attachments.len()),
        corrected,
        correcting,
        stages: stages.collect(),
        now: app.clock().now(),
    })
}
