//! `motcua verify`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use app::clock::{Clock as _, SystemClock};
use app::verification::{Ask, Validator as _, said};
use app::words::{Language, t};
use clap::Args;
use gateways::PdfValidator;
use gateways::sign::Reach;
use gateways::validation::trust_from_environment;
use gateways::verify::Trust;

use super::say;

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The PDF.
    file: PathBuf,
    /// The trust list; without one, that of `MOTCUA_TRUST`.
    #[arg(long)]
    trust: Option<PathBuf>,
    /// Ask no authority about revocation: what the file brings must do.
    #[arg(long)]
    offline: bool,
    /// In English.
    #[arg(long)]
    english: bool,
}

/// Says what the signatures of a file are worth; fails unless all of them are sound.
pub(super) async fn verify(args: VerifyArgs) -> anyhow::Result<ExitCode> {
    let shown = args.file.display();
    let document = std::fs::read(&args.file).with_context(|| format!("cannot read {shown}"))?;
    let trust = match &args.trust {
        None => trust_from_environment()?,
        Some(file) => {
            let shown = file.display();
            let text = std::fs::read_to_string(file);
            Trust::parse(&text.with_context(|| format!("cannot read {shown}"))?)?
        }
    };
    let ask = if args.offline {
        Ask::Nobody
    } else {
        Ask::Authorities
    };
    let validator = PdfValidator::new(trust, Reach::Public);
    let verdict = validator.validate(document, SystemClock.now(), ask).await?;
    let language = if args.english {
        Language::En
    } else {
        Language::Vi
    };
    if verdict.is_signed() {
        say(t(language, &verdict.key));
    }
    for line in said(language, &verdict) {
        say(&line);
    }
    Ok(if verdict.is_sound() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
