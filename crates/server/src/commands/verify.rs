//! `motcua verify`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use app::clock::{Clock as _, SystemClock};
use app::verification::{Archive, Ask, Bad, ResultsReport, Validator as _, check_results, said};
use app::words::{Language, t};
use clap::Args;
use gateways::sign::Reach;
use gateways::validation::trust_from_environment;
use gateways::verify::Trust;
use gateways::{Authorities, PdfValidator};

use super::say;
use crate::config::{DataArgs, DatabaseArgs};
use crate::wiring;

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The PDF.
    #[arg(required_unless_present = "all")]
    file: Option<PathBuf>,
    /// Every result that was issued, in place of one file.
    #[arg(long, conflicts_with = "file")]
    all: bool,
    /// The trust list; without one, that of `MOTCUA_TRUST`.
    #[arg(long)]
    trust: Option<PathBuf>,
    /// Ask no authority about revocation: what the file brings must do.
    #[arg(long)]
    offline: bool,
    /// In English.
    #[arg(long)]
    english: bool,
    #[command(flatten)]
    data: DataArgs,
}

impl VerifyArgs {
    fn ask(&self) -> Ask {
        if self.offline {
            Ask::Nobody
        } else {
            Ask::Authorities
        }
    }

    fn language(&self) -> Language {
        if self.english {
            Language::En
        } else {
            Language::Vi
        }
    }
}

/// Says what the signatures of a file, or of every result, are worth; fails unless all are sound.
pub(super) async fn verify(database: &DatabaseArgs, args: VerifyArgs) -> anyhow::Result<ExitCode> {
    let asks = Authorities::patiently(Reach::from_environment()?);
    let validator = PdfValidator::asking(trust(args.trust.as_deref())?, asks);
    let sound = match &args.file {
        Some(file) => one(file, &args, &validator).await?,
        None => all(database, &args, validator).await?,
    };
    Ok(if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn trust(named: Option<&Path>) -> anyhow::Result<Trust> {
    let Some(file) = named else {
        return Ok(trust_from_environment()?);
    };
    let shown = file.display();
    let text = std::fs::read_to_string(file);
    Ok(Trust::parse(
        &text.with_context(|| format!("cannot read {shown}"))?,
    )?)
}

async fn one(file: &Path, args: &VerifyArgs, validator: &PdfValidator) -> anyhow::Result<bool> {
    let shown = file.display();
    let document = std::fs::read(file).with_context(|| format!("cannot read {shown}"))?;
    let (now, language) = (SystemClock.now(), args.language());
    let verdict = validator.validate(document, now, args.ask()).await?;
    if verdict.is_signed() {
        say(t(language, &verdict.key));
    }
    for line in said(language, &verdict) {
        say(&line);
    }
    Ok(verdict.is_sound())
}

async fn all(
    database: &DatabaseArgs,
    args: &VerifyArgs,
    validator: PdfValidator,
) -> anyhow::Result<bool> {
    let store = wiring::prepared(&database.parse()?).await?;
    let archive = Archive {
        files: Arc::new(args.data.shelf()?.open(args.data.keys()?)?),
        validator: Arc::new(validator),
        store,
    };
    let report = check_results(&archive, SystemClock.now(), args.ask()).await?;
    tell(&report, args.language());
    Ok(report.is_clean())
}

fn tell(report: &ResultsReport, language: Language) {
    for (dossier, bad) in &report.bad {
        match bad {
            Bad::Unsealed => say(&format!("dossier {dossier}: not sealed")),
            Bad::Missing => say(&format!(
                "dossier {dossier}: the document is missing or altered"
            )),
            Bad::Unsound(verdict) => {
                for line in said(language, verdict) {
                    say(&format!("dossier {dossier}: {line}"));
                }
            }
        }
    }
    let (issued, sound) = (report.issued, report.sound);
    let (stamped, proved, attached) = (report.stamped, report.proved, report.attachments);
    let (copies, unsigned, bad) = (report.copies, report.unsigned, report.bad.len());
    let (without, removed) = (report.without_paper, report.removed);
    say(&format!(
        "{issued} results were issued: {sound} are signed, sealed and whole; of these {stamped} have \
         a time stamp and {proved} prove that no certificate was revoked; {attached} attachments go \
         with them, sealed and whole too. {without} give no paper, \
         {removed} were removed under a retention rule."
    ));
    say(&format!(
        "{copies} of those that are whole are copies of an original on paper. {unsigned} were closed in \
         the days in which nobody signed: their document bears no signature."
    ));
    say(&format!("{bad} are not as they should be."));
}
