//! `motcua enrol` and `motcua totp`: for an operator who holds the master key.

use std::io::BufRead as _;
use std::process::ExitCode;

use anyhow::{Context as _, bail, ensure};
use app::people::{LONGEST_PASSWORD, NewStaff, SHORTEST_PASSWORD};
use clap::Args;
use domain::ids::{StaffId, UnitId};
use domain::office::Role;

use super::say;
use crate::config::{DataArgs, DatabaseArgs};
use crate::demonstration;
use crate::wiring;

#[derive(Debug, Args)]
pub(super) struct TotpArgs {
    /// Name of the account.
    login: String,
    /// The code of a demonstration that was started so many days ahead.
    #[arg(long, default_value_t = 0)]
    days_ahead: u16,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn totp(database: &DatabaseArgs, args: TotpArgs) -> anyhow::Result<ExitCode> {
    let store = wiring::prepared(&database.parse()?).await?;
    let soft = demonstration::soft_keys(&demonstration::folder_beside(&args.data.files));
    let ahead = ("", args.days_ahead, soft);
    let app = wiring::demo(store, args.data.keys()?, args.data.shelf()?, ahead).await?;
    say(&app::people::totp_now(&app, &args.login).await?);
    Ok(ExitCode::SUCCESS)
}

/// Role names as they are written on the command line.
fn role(name: &str) -> Result<Role, String> {
    Role::parse(name).ok_or_else(|| format!("roles are {}", Role::ALL.map(Role::as_str).join(", ")))
}

#[derive(Debug, Args)]
pub(super) struct EnrolArgs {
    /// Name of the account, letters and digits joined by dots or hyphens.
    login: String,
    /// Name of the person.
    #[arg(long)]
    name: String,
    /// Where the person works, `H56.102`.
    #[arg(long)]
    unit: String,
    /// As what; may repeat.
    #[arg(long = "role", required = true, value_parser = role)]
    roles: Vec<Role>,
    /// The title under which the person signs, `Phó Chủ tịch UBND phường`.
    #[arg(long)]
    title: Option<String>,
    /// The address at work to which digests of alerts are mailed.
    #[arg(long)]
    email: Option<String>,
    /// Ask for a one-time code as well; its secret is printed once.
    #[arg(long)]
    totp: bool,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn enrol(database: &DatabaseArgs, args: EnrolArgs) -> anyhow::Result<ExitCode> {
    let store = wiring::prepared(&database.parse()?).await?;
    let app = wiring::app(store, args.data.keys()?, args.data.shelf()?, "").await?;
    let login = args.login.trim().to_lowercase();
    let staff = StaffId::parse(&login.replace('.', "-"))
        .with_context(|| format!("`{}` cannot name an account", args.login))?;
    let unit = UnitId::parse(&args.unit).with_context(|| format!("--unit {}", args.unit))?;
    ensure!(
        app.unit(&unit).is_some(),
        "there is no unit {unit}; `motcua import units` reads those of the country"
    );
    let there = app.store().find_account(&login).await?.is_some();
    let namesake = app.store().staff(std::slice::from_ref(&staff)).await?;
    if there || !namesake.is_empty() {
        bail!("there is an account or a member of staff `{login}` already");
    }
    let new = NewStaff {
        staff: staff.clone(),
        name: args.name,
        login: login.clone(),
        password: first_password()?,
        totp: args.totp,
        posts: args
            .roles
            .iter()
            .map(|role| (unit.clone(), *role))
            .collect(),
        title: args.title.filter(|title| !title.trim().is_empty()),
    };
    app::people::enrol(&app, new, "operator").await?;
    if let Some(email) = args.email {
        let saved = app::people::set_email(&app, &staff, &email, "operator").await;
        saved.with_context(|| format!("`{email}` is no address; everything else was saved"))?;
    }
    say(&format!("{login} may sign in."));
    if args.totp {
        say(&app::people::totp_address(&app, &login).await?);
    }
    Ok(ExitCode::SUCCESS)
}

/// The first line of the standard input, so that no password stands in a shell's history.
fn first_password() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .context("cannot read the password")?;
    let password = line.trim_end_matches(['\r', '\n']);
    ensure!(
        password.chars().count() >= SHORTEST_PASSWORD && password.len() <= LONGEST_PASSWORD,
        "the first password, a line of the standard input, has at least {SHORTEST_PASSWORD} \
         characters and at most {LONGEST_PASSWORD} bytes"
    );
    Ok(password.to_owned())
}
