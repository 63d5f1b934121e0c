//! Slips of several dossiers as one file to print. The slips are those that were frozen; the file
//! is for the printer alone, so it is not kept and is no archivable document itself.

use domain::ids::DossierId;
use domain::slip::Form;
use store::Slip;

use crate::access::{Actor, Resource, may_see};
use crate::no::{Denied, Fault, No};
use crate::state::App;

use super::{counted, printed};

/// A file to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// How many slips are in it.
    pub slips: usize,
}

/// The last slips of that form of each dossier, in the order given; every print is counted and
/// logged. All or none: a dossier without the slip is named.
///
/// # Errors
/// [`No::Invalid`] when nothing or too much was chosen, or a slip is not there; [`No::Denied`],
/// unseen; [`No::Broken`].
pub async fn print_slips(
    app: &App,
    actor: &Actor,
    dossiers: &[DossierId],
    form: Form,
) -> Result<Printed, No> {
    counted(dossiers.len())?;
    let (mut slips, mut without) = (Vec::new(), Vec::new());
    for dossier in dossiers {
        let name = seen(app, actor, dossier).await?;
        let made = app.store().slips(dossier).await?;
        match made.into_iter().rfind(|slip| slip.key.form == form) {
            Some(slip) => slips.push(slip),
            None => without.push(name),
        }
    }
    if !without.is_empty() {
        let fault = Fault::new("ho-so", "fault.print_missing").with("codes", &without.join(", "));
        return Err(No::Invalid(vec![fault]));
    }
    let mut files = Vec::with_capacity(slips.len());
    for slip in &slips {
        files.push(app.files().get(&slip.file).await?);
    }
    let pdf = app.slips().join(files).await?;
    log(app, actor, &slips).await?;
    Ok(Printed {
        pdf,
        slips: slips.len(),
    })
}

/// The dossier's number, or what stands for it, for who may see it.
async fn seen(app: &App, actor: &Actor, dossier: &DossierId) -> Result<String, No> {
    let loaded = app.store().load(dossier).await?;
    let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
    let filed = &record.filed;
    let process = app.process(&filed.procedure, filed.process_version).await?;
    let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
    may_see(actor, &resource.passed_on(app))?;
    let code = record.code.as_ref();
    Ok(code.map_or_else(|| dossier.to_string(), ToString::to_string))
}

async fn log(app: &App, actor: &Actor, slips: &[Slip]) -> Result<(), No> {
    let now = app.clock().now();
    let mut lines = Vec::with_capacity(slips.len());
    for slip in slips {
        app.store().log_print(&slip.key, &actor.staff, now).await?;
        let detail = format!(
            r#"{{"form":"{}","together":{}}}"#,
            slip.key.form.number(),
            slips.len()
        );
        let dossier = slip.key.dossier.as_str();
        lines.push(printed(actor, "slip.printed", dossier, detail));
    }
    Ok(app.store().audit(now, lines).await?)
}
