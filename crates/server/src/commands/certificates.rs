//! `motcua certificates`: the register for an operator who holds the master key.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use app::certificates::{
    CertificatesOf, Missing, NewCertificate, every_certificate, every_missing, register,
};
use app::words::{Language, fill};
use app::{App, No};
use clap::{Args, Subcommand};
use domain::certificate::{Holder, KeyAt};
use domain::ids::{StaffId, UnitId};
use domain::office::Role;

use super::say;
use crate::config::{DataArgs, DatabaseArgs};
use crate::wiring;

#[derive(Debug, Args)]
pub(super) struct CertificatesArgs {
    #[command(subcommand)]
    what: What,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the certificates by the day they end.
    List {
        /// Of one unit, `H56.102`.
        #[arg(long)]
        unit: Option<String>,
    },
    /// List the posts that sign and the agencies that seal without a certificate in force.
    Missing {
        /// Of one unit, `H56.102`.
        #[arg(long)]
        unit: Option<String>,
    },
    /// Register a certificate from a file: PEM, DER or PKCS#7.
    Import(ImportArgs),
}

#[derive(Debug, Args)]
struct ImportArgs {
    /// The file.
    file: PathBuf,
    /// Unit of the post, or the agency whose seal it is, `H56.102`.
    #[arg(long)]
    unit: String,
    /// Who holds it; without, it is the seal of the agency.
    #[arg(long, requires = "role")]
    staff: Option<String>,
    /// In which post.
    #[arg(long, requires = "staff")]
    role: Option<String>,
    /// Label of the token at the server on which the key lies.
    #[arg(long, requires = "key", conflicts_with = "service")]
    token: Option<String>,
    /// Identifier of the key on the token, hexadecimal digits.
    #[arg(long, requires = "token")]
    key: Option<String>,
    /// Name of the remote signing service at which the key lies.
    #[arg(long, requires = "credential")]
    service: Option<String>,
    /// What the service knows the holder by.
    #[arg(long, requires = "service")]
    credential: Option<String>,
}

pub(super) async fn certificates(
    database: &DatabaseArgs,
    args: CertificatesArgs,
) -> anyhow::Result<ExitCode> {
    let store = wiring::prepared(&database.parse()?).await?;
    let app = wiring::app(store, args.data.keys()?, &args.data.files, "").await?;
    match args.what {
        What::List { unit } => list(&app, unit.as_deref()).await?,
        What::Missing { unit } => missing(&app, unit.as_deref()).await?,
        What::Import(args) => import(&app, args).await?,
    }
    Ok(ExitCode::SUCCESS)
}

fn unit(text: &str) -> anyhow::Result<UnitId> {
    UnitId::parse(text).with_context(|| format!("--unit {text}"))
}

async fn list(app: &App, asked: Option<&str>) -> anyhow::Result<()> {
    let asked = asked.map(unit).transpose()?;
    let of = asked
        .as_ref()
        .map_or(CertificatesOf::Everybody, CertificatesOf::Unit);
    let lines = every_certificate(app, of).await?;
    for line in &lines {
        let row = &line.registered.row;
        let one = &row.certificate;
        let post = match &one.holder {
            Holder::Person { staff, role } => format!("{staff}, {}", role.as_str()),
            Holder::Agency => "seal".to_owned(),
        };
        let (last, stage, key) = (one.valid_to.date(), line.stage.as_str(), one.key.as_str());
        let (id, unit, name) = (&one.id, &one.unit, &row.name);
        say(&format!(
            "{last}  {stage:<9} {unit}  {post}  {name}  key {key}  {id}"
        ));
    }
    say(&format!("{} certificates.", lines.len()));
    Ok(())
}

async fn missing(app: &App, asked: Option<&str>) -> anyhow::Result<()> {
    let asked = asked.map(unit).transpose()?;
    let wanted = |unit: &UnitId| asked.as_ref().is_none_or(|asked| asked == unit);
    let lines = every_missing(app, wanted).await?;
    for line in &lines {
        let who = match &line.who {
            Missing::Person { staff, name, role } => {
                format!("{staff}, {}  {name}", role.as_str())
            }
            Missing::Seal => "seal".to_owned(),
        };
        let (unit, rule, why) = (&line.unit, line.why.rule(), line.why.key());
        say(&format!("{unit}  {who}  {rule} {why}"));
    }
    say(&format!("{} without a certificate in force.", lines.len()));
    Ok(())
}

async fn import(app: &App, args: ImportArgs) -> anyhow::Result<()> {
    let shown = args.file.display();
    let file = std::fs::read(&args.file).with_context(|| format!("cannot read {shown}"))?;
    let key = match (args.token, args.key, args.service, args.credential) {
        (Some(token), Some(key), ..) => KeyAt::Token { token, key },
        (_, _, Some(service), Some(credential)) => KeyAt::Remote {
            service,
            credential,
        },
        _ => KeyAt::LocalToken,
    };
    let holder = match (args.staff, args.role) {
        (Some(staff), Some(role)) => Holder::Person {
            staff: StaffId::parse(&staff).with_context(|| format!("--staff {staff}"))?,
            role: Role::parse(&role).with_context(|| format!("--role {role}"))?,
        },
        _ => Holder::Agency,
    };
    let new = NewCertificate {
        unit: unit(&args.unit)?,
        holder,
        key,
        file,
    };
    match register(app, "operator", new).await {
        Ok(id) => {
            say(&format!("Registered: {id}."));
            Ok(())
        }
        Err(No::Invalid(faults)) => {
            let said = faults.iter().map(|fault| {
                let values: Vec<(&str, &str)> = fault
                    .values
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                fill(Language::En, fault.key, &values)
            });
            let said: Vec<String> = said.collect();
            bail!("{shown} was not registered: {}", said.join("; "))
        }
        Err(no) => Err(no.into()),
    }
}
