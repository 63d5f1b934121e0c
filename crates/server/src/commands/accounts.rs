//! `motcua totp`: for an operator who holds the master key, and for rehearsals.

use std::process::ExitCode;

use clap::Args;

use super::say;
use crate::config::{DataArgs, DatabaseArgs};
use crate::wiring;

#[derive(Debug, Args)]
pub(super) struct TotpArgs {
    /// Name of the account.
    login: String,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn totp(database: &DatabaseArgs, args: TotpArgs) -> anyhow::Result<ExitCode> {
    let store = wiring::prepared(&database.parse()?).await?;
    let app = wiring::app(store, args.data.keys()?, &args.data.files, "").await?;
    say(&app::people::totp_now(&app, &args.login).await?);
    Ok(ExitCode::SUCCESS)
}
