//! `motcua keys`: from one master key to the next.

use std::process::ExitCode;

use anyhow::{Context as _, ensure};
use app::clock::Ids;
use app::files::{Keeping, Rotated, is_rotated, rotate};
use app::keys::Keyring;
use clap::{Args, Subcommand};
use gateways::files::TokenKeys;

use super::{files, say};
use crate::config::{DataArgs, DatabaseArgs};
use crate::wiring;

#[derive(Debug, Args)]
pub(super) struct KeysArgs {
    #[command(subcommand)]
    deed: Deed,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Subcommand)]
enum Deed {
    /// Add a master key to the key file: new data are sealed with it, old ones still open.
    Add,
    /// Add a master key for files on the token.
    AddOnToken,
    /// Try the PIN of the files' token once, though the token counts a wrong one. Its count begins
    /// anew when the PIN is right; before the last try nothing is tried.
    TryToken,
    /// Put everything under the newest master key: data keys of files and personal data.
    Rotate,
    /// Take the older master keys out of the key file, once nothing is under them any more.
    Retire,
}

pub(super) async fn keys(database: &DatabaseArgs, args: KeysArgs) -> anyhow::Result<ExitCode> {
    let data = args.data;
    match args.deed {
        Deed::Add => {
            data.replace_key_file(|text| Keyring::with_new_key(text, &Ids::default()))?;
            let newest = data.keys()?.newest();
            say(&format!(
                "{newest} is the newest master key. Copy {} to a safe place, restart every server, \
                 then run `motcua keys rotate`.",
                data.key_file.display()
            ));
        }
        Deed::AddOnToken => {
            let place = data.shelf()?.token;
            let place = place.context("MOTCUA_FILES_TOKEN names no token")?;
            let id = TokenKeys::open_ordered(&place)?.add_key()?;
            say(&format!(
                "{id} is the newest master key for files on the token {}. Restart every server, \
                 then run `motcua keys rotate`.",
                place.token
            ));
        }
        Deed::TryToken => {
            let place = data.shelf()?.token;
            let place = place.context("MOTCUA_FILES_TOKEN names no token")?;
            drop(TokenKeys::open_ordered(&place)?);
            say(&format!("The PIN of the token {} is right.", place.token));
        }
        Deed::Rotate => return turned(&keeping(database, &data).await?).await,
        Deed::Retire => {
            let ready = is_rotated(&keeping(database, &data).await?).await?;
            ensure!(
                ready,
                "something is still under an older key, or messages wait: run `motcua keys rotate` \
                 and `motcua outbox`"
            );
            data.replace_key_file(Keyring::with_newest_alone)?;
            say("The key file holds the newest master key alone. Restart every server.");
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn keeping(database: &DatabaseArgs, data: &DataArgs) -> anyhow::Result<Keeping> {
    let store = wiring::prepared(&database.parse()?).await?;
    files::keeping(store, data)
}

async fn turned(keeping: &Keeping) -> anyhow::Result<ExitCode> {
    let rotated = rotate(keeping, |so_far| say(&told(so_far))).await?;
    for (what, why) in &rotated.failed {
        say(&format!("{what}: {why}"));
    }
    say(&format!("Done: {}", told(&rotated)));
    Ok(if rotated.failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn told(rotated: &Rotated) -> String {
    format!(
        "{} of {} rows and {} of {} files were put under the newest key, {} could not be.",
        rotated.resealed,
        rotated.rows,
        rotated.rewrapped,
        rotated.objects,
        rotated.failed.len()
    )
}
