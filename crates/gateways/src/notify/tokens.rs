//! The pair of tokens of a provider whose refresh token is good for one use. The pair in memory is the
//! newest that this process knows; the file carries it over a restart and to the other nodes.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use app::ports::PortError;
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, MutexGuard};

use super::http::retry;

/// How often the file is looked at when another node was faster, and how long between.
const LOOKS: u8 = 5;
const BETWEEN: Duration = Duration::from_millis(100);

/// The pair of tokens.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Tokens {
    pub(super) access_token: String,
    pub(super) refresh_token: String,
}

/// Keeps the pair; one refresh at a time.
pub(super) struct Keeper {
    file: PathBuf,
    held: Mutex<Held>,
}

struct Held {
    pair: Tokens,
    /// Not on disk yet: the disk was full, or the folder away. It is tried again with each message.
    unsaved: bool,
}

/// How another access token is come by.
pub(super) enum Renewal<'a> {
    /// Somebody has fetched it.
    Known(String),
    /// The provider is to be asked.
    Ask(Asking<'a>),
}

/// Leave to ask the provider for a new pair.
pub(super) struct Asking<'a> {
    keeper: &'a Keeper,
    held: MutexGuard<'a, Held>,
}

/// What came of asking the provider for a new pair.
pub(super) enum Refreshed {
    /// The new pair.
    New(Tokens),
    /// The refresh token is spent, or no longer good.
    Refused,
}

impl Keeper {
    /// Keeps the pair of that file.
    pub(super) fn open(file: &Path) -> Result<Self, String> {
        Ok(Self {
            held: Mutex::new(Held {
                pair: read(file)?,
                unsaved: false,
            }),
            file: file.to_owned(),
        })
    }

    /// The access token in force, as far as this process knows.
    pub(super) async fn access(&self) -> String {
        let mut held = self.held.lock().await;
        self.save(&mut held);
        held.pair.access_token.clone()
    }

    /// Another access token than `used`, which is no longer good: the one that another message or
    /// another node has fetched since, or leave to ask for a new one, which nobody else has meanwhile.
    pub(super) async fn renew(&self, used: &str) -> Renewal<'_> {
        let mut held = self.held.lock().await;
        if held.pair.access_token != used || self.adopt(&mut held) {
            return Renewal::Known(held.pair.access_token.clone());
        }
        Renewal::Ask(Asking { keeper: self, held })
    }

    /// Takes over the pair on disk when another node has written it; says whether it did.
    fn adopt(&self, held: &mut Held) -> bool {
        if held.unsaved {
            return false;
        }
        let there = read(&self.file).ok();
        let newer = there.filter(|pair| pair.access_token != held.pair.access_token);
        let found = newer.is_some();
        if let Some(pair) = newer {
            held.pair = pair;
        }
        found
    }

    fn save(&self, held: &mut Held) {
        if !held.unsaved {
            return;
        }
        match write(&self.file, &held.pair) {
            Ok(()) => held.unsaved = false,
            Err(cause) => {
                tracing::error!(%cause, "Could not keep the new tokens: a restart would lose them");
            }
        }
    }
}

impl Asking<'_> {
    /// What the provider wants to see for a new pair.
    pub(super) fn refresh_token(&self) -> &str {
        &self.held.pair.refresh_token
    }

    /// Keeps what came of it, and says the access token in force. First in memory: the old pair is
    /// spent, whatever becomes of the disk. What another node was faster to fetch, it writes about
    /// now.
    pub(super) async fn ended(mut self, refreshed: Refreshed) -> Result<String, PortError> {
        if let Refreshed::New(pair) = refreshed {
            self.held.pair = pair;
            self.held.unsaved = true;
            self.keeper.save(&mut self.held);
            return Ok(self.held.pair.access_token.clone());
        }
        for _ in 0..LOOKS {
            if self.keeper.adopt(&mut self.held) {
                return Ok(self.held.pair.access_token.clone());
            }
            tokio::time::sleep(BETWEEN).await;
        }
        Err(retry("token_refused"))
    }
}

fn read(file: &Path) -> Result<Tokens, String> {
    let text = fs::read_to_string(file).map_err(|cause| cause.to_string())?;
    serde_json::from_str(&text).map_err(|cause| cause.to_string())
}

/// Writes the pair beside the old one and puts it in its place.
fn write(place: &Path, pair: &Tokens) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let new = place.with_extension(format!("{}.new", std::process::id()));
    let mut options = fs::OpenOptions::new();
    let options = options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(&new)?;
    file.write_all(&serde_json::to_vec(pair)?)?;
    file.sync_all()?;
    fs::rename(&new, place)
}
