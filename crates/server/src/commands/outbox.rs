//! `motcua outbox`: messages that were put aside for a person to judge.

use std::process::ExitCode;

use app::clock::{Clock as _, SystemClock};
use clap::Args;

use super::say;
use crate::config::DatabaseArgs;
use crate::wiring;

#[derive(Debug, Args)]
pub(super) struct OutboxArgs {
    /// Give each of them another life, once their cause is mended.
    #[arg(long)]
    revive: bool,
}

pub(super) async fn outbox(database: &DatabaseArgs, args: OutboxArgs) -> anyhow::Result<ExitCode> {
    let store = wiring::prepared(&database.parse()?).await?;
    let stuck = store.stuck().await?;
    for message in &stuck {
        let (id, kind, dossier) = (message.id, &message.kind, &message.dossier);
        let error = message.error.as_deref().unwrap_or("no error was recorded");
        say(&format!("{id}  {kind}  dossier {dossier}: {error}"));
    }
    say(&format!("{} messages were put aside.", stuck.len()));
    if args.revive {
        let mut revived = 0_usize;
        for message in &stuck {
            if store.revive(message.id, SystemClock.now()).await? {
                revived = revived.saturating_add(1);
            }
        }
        say(&format!("{revived} messages will be tried again."));
    }
    Ok(ExitCode::SUCCESS)
}
