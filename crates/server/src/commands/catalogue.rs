//! `motcua import`: units, procedures and calendars.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use app::catalogue::publish::publish;
use app::catalogue::{approved, import as plan, national, starter, terms, units};
use app::clock::{Clock as _, Ids, SystemClock};
use app::words::{Language, t};
use clap::{Args, Subcommand};
use domain::calendar::Calendar;
use ring::digest::{Context, SHA256};
use store::{AuditLine, ImportRun, Store, Version};

use super::say;
use crate::config::DatabaseArgs;
use crate::wiring;

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Records of the national catalogue in the adapter's `LayThuTuc` shape: JSON lines, plain or
    /// gzip. All of the file or nothing.
    Procedures {
        /// The file.
        file: PathBuf,
        /// Only report; publish nothing.
        #[arg(long)]
        dry_run: bool,
        /// The report as JSON.
        #[arg(long)]
        json: bool,
    },
    /// The units of the country that ship with this release: provinces, communes, and the
    /// departments of one province. Units with the same identifiers are written anew, but an end that
    /// was decided here stays, and is named.
    Units,
    /// The procedures that ship with this release, so that a centre can begin. What the catalogue
    /// has already stays as it is.
    Starter,
    /// Internal processes that the province approved: a JSON list of procedure, decision, first day
    /// and steps. Each is published or refused by itself; running dossiers keep their version.
    Processes {
        /// The file.
        file: PathBuf,
        /// Only report; publish nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Terms of procedures that the province or a sector set: how a supplement works at which stage,
    /// which charge is given back, how other agencies are asked, green lanes. A JSON list of
    /// procedure, decision with its date, first day and terms. Each is published as a new version or
    /// refused by itself; running dossiers keep their version.
    Terms {
        /// The file.
        file: PathBuf,
        /// Only report; publish nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// A new version of the working calendar: the national one of this release, with the province's
    /// own days laid over it. Dates promised before keep the calendar they were promised by.
    Calendar {
        /// The province's days: a line `LABEL,version,-,-,-`, then `DATE,off|work,NAME,NAME IN
        /// ENGLISH,INSTRUMENT`. Without a file the national calendar alone.
        file: Option<PathBuf>,
    },
}

pub(super) async fn import(database: &DatabaseArgs, args: ImportArgs) -> anyhow::Result<ExitCode> {
    let store = wiring::prepared(&database.parse()?).await?;
    match args.what {
        What::Procedures {
            file,
            dry_run,
            json,
        } => procedures(&store, &file, (dry_run, json)).await,
        What::Units => all_units(&store).await,
        What::Starter => starter_procedures(&store).await,
        What::Processes { file, dry_run } => approved_processes(&store, &file, dry_run).await,
        What::Terms { file, dry_run } => own_terms(&store, &file, dry_run).await,
        What::Calendar { file } => calendar(&store, file.as_deref()).await,
    }
}

async fn all_units(store: &Store) -> anyhow::Result<ExitCode> {
    let renewal = units::renewal(&store.all_units().await?);
    for ended in &renewal.ended {
        let heir = ended
            .successor
            .as_ref()
            .map(|heir| format!("; {heir} takes over"));
        let (last, heir) = (ended.valid_to, heir.unwrap_or_default());
        let last = last.map(|last| last.to_string()).unwrap_or_default();
        say(&format!(
            "Kept: {} {} ends on {last}{heir}, as was decided here.",
            ended.id, ended.name
        ));
    }
    let count = renewal.written.len();
    let line = operator("units.saved", "units");
    store
        .save_units(renewal.written, SystemClock.now(), line)
        .await?;
    say(&format!("{count} units were written."));
    Ok(ExitCode::SUCCESS)
}

async fn starter_procedures(store: &Store) -> anyhow::Result<ExitCode> {
    let known = store.procedure_hashes().await?;
    let mut new = starter::procedures().to_vec();
    new.retain(|procedure| !known.contains_key(&procedure.code));
    let published = publish(store, new, SystemClock.now(), "operator").await?;
    say(&format!(
        "{} procedures were published.",
        published.procedures.added.len()
    ));
    Ok(ExitCode::SUCCESS)
}

/// Names the approved processes that a changed limit has put out of force.
fn say_outgrown(outgrown: &[Version]) {
    for version in outgrown {
        say(&format!(
            "Process version {} of {} takes longer than is now allowed: the default process runs in \
             its place until another is approved.",
            version.version, version.procedure
        ));
    }
}

/// The entries of a JSON list.
fn entries(file: &Path) -> anyhow::Result<Vec<serde_json::Value>> {
    let cannot = || format!("{} was not imported", file.display());
    let text = std::fs::read_to_string(file).with_context(cannot)?;
    serde_json::from_str(&text).with_context(cannot)
}

async fn approved_processes(store: &Store, file: &Path, dry_run: bool) -> anyhow::Result<ExitCode> {
    let now = SystemClock.now();
    let judged = approved::judge(store, entries(file)?, now.date()).await?;
    for refused in &judged.refused {
        say_refused(refused.place, &refused.procedure, &refused.why);
    }
    let counts = (judged.approved.len(), judged.refused.len());
    let new = if dry_run {
        None
    } else {
        Some(approved::publish(store, judged.approved, now, "operator").await?)
    };
    Ok(say_published("processes", counts, new.as_deref()))
}

async fn own_terms(store: &Store, file: &Path, dry_run: bool) -> anyhow::Result<ExitCode> {
    let now = SystemClock.now();
    let judged = terms::judge(store, entries(file)?, now.date()).await?;
    for refused in &judged.refused {
        say_refused(refused.place, &refused.procedure, &refused.why);
    }
    let counts = (judged.sound.len(), judged.refused.len());
    let new = if dry_run {
        None
    } else {
        Some(terms::publish(store, judged.sound, now, "operator").await?)
    };
    Ok(say_published("terms", counts, new.as_deref()))
}

fn say_refused(place: usize, procedure: &str, why: &dyn std::error::Error) {
    say(&format!("Refused: entry {place} {procedure}: {why}."));
}

/// Fails when an entry was refused, so that a script notices; what was sound is published.
fn say_published(
    what: &str,
    (sound, refused): (usize, usize),
    new: Option<&[Version]>,
) -> ExitCode {
    if let Some(new) = new {
        for version in new {
            let (procedure, version) = (&version.procedure, version.version);
            say(&format!("Published: {procedure}, version {version}."));
        }
        let (new, unchanged) = (new.len(), sound.saturating_sub(new.len()));
        say(&format!(
            "{new} {what} were published, {unchanged} were unchanged, {refused} were refused."
        ));
    } else {
        say(&format!(
            "{sound} {what} may be published, {refused} were refused; nothing was written."
        ));
    }
    if refused == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn operator(action: &str, subject: &str) -> AuditLine {
    AuditLine {
        actor: "operator".to_owned(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        purpose: String::new(),
        detail: String::new(),
    }
}

async fn calendar(store: &Store, file: Option<&Path>) -> anyhow::Result<ExitCode> {
    let mut calendar = Calendar::national();
    if let Some(file) = file {
        let cannot = || format!("{} was not imported", file.display());
        let text = std::fs::read_to_string(file).with_context(cannot)?;
        let (label, days) = Calendar::parse_overrides(&text).with_context(cannot)?;
        calendar = calendar.with_overrides(&label, days).with_context(cannot)?;
    }
    let line = operator("calendar.published", calendar.version());
    let label = calendar.version();
    let new = store.publish_calendar(&calendar, SystemClock.now(), line);
    if !new.await? {
        say(&format!(
            "Calendar {label} was published before; nothing changed. Choose another label."
        ));
        return Ok(ExitCode::FAILURE);
    }
    say(&format!("Published calendar {label}."));
    Ok(ExitCode::SUCCESS)
}

async fn procedures(
    store: &Store,
    file: &Path,
    (dry_run, json): (bool, bool),
) -> anyhow::Result<ExitCode> {
    let now = SystemClock.now();
    let cannot = || format!("cannot read {}", file.display());
    let mut opened = File::open(file).with_context(cannot)?;
    let file_hash = hash(&mut opened).with_context(cannot)?;
    let records = national::read_file(opened, &national::Limits::default()).with_context(|| {
        format!(
            "{} was not imported; the catalogue is unchanged",
            file.display()
        )
    })?;
    let existing = store.procedure_hashes().await?;
    let in_force = store.procedures_not_from(national::SOURCE, now.date());
    let to_come = store.procedures_to_come_not_from(national::SOURCE, now.date());
    let curated = plan::Curated::of(in_force.await?, to_come.await?);
    let plan = plan::plan(records, &existing, &curated, now.date());
    if !dry_run {
        let new = plan
            .publish
            .iter()
            .map(|new| new.procedure.clone())
            .collect();
        let done = publish(store, new, now, "operator").await?;
        say_outgrown(&done.outgrown);
        let report = serde_json::to_value(&plan.report)?;
        store
            .save_import(ImportRun {
                id: Ids::default().token(),
                at: now,
                file_hash,
                report,
            })
            .await?;
    }
    if json {
        say(&serde_json::to_string_pretty(&plan.report)?);
    } else {
        say(&plan.report.table(|key| t(Language::Vi, key).to_owned()));
    }
    Ok(ExitCode::SUCCESS)
}

/// SHA-256 of the file, which is then read from its beginning again.
fn hash(file: &mut File) -> std::io::Result<String> {
    let mut context = Context::new(&SHA256);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = file.read(&mut buffer)?;
        let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else {
            break;
        };
        context.update(read);
    }
    file.rewind()?;
    Ok(hex::encode(context.finish()))
}
