//! Where things are: from the command line or the environment.

use std::path::PathBuf;

use anyhow::{Context as _, anyhow};
use app::keys::Keyring;
use clap::Args;
use store::Database;

/// The database, of which every command needs to know.
#[derive(Debug, Clone, Args)]
pub struct DatabaseArgs {
    /// `sqlite:FILE` or `postgres://USER@HOST/NAME`.
    #[arg(
        long,
        env = "MOTCUA_DATABASE",
        global = true,
        default_value = "sqlite:motcua.db"
    )]
    pub database: String,
}

impl DatabaseArgs {
    /// The database that was named.
    ///
    /// # Errors
    /// When the text names neither engine.
    pub fn parse(&self) -> anyhow::Result<Database> {
        Database::parse(&self.database).with_context(|| format!("--database {}", self.database))
    }
}

/// The key and the files, of which commands on dossiers need to know.
#[derive(Debug, Clone, Args)]
pub struct DataArgs {
    /// File with the master key for personal data: 64 hexadecimal digits. Keep it apart from
    /// backups of the database.
    #[arg(long, env = "MOTCUA_KEY_FILE", default_value = "motcua.key")]
    pub key_file: PathBuf,
    /// Folder for slips and results.
    #[arg(long, env = "MOTCUA_FILES", default_value = "motcua-files")]
    pub files: PathBuf,
}

impl DataArgs {
    /// Reads the master key.
    ///
    /// # Errors
    /// When the file is missing or holds no key.
    pub fn keys(&self) -> anyhow::Result<Keyring> {
        let shown = self.key_file.display();
        let text = std::fs::read_to_string(&self.key_file).with_context(|| {
            format!("cannot read the master key {shown}; make one with `motcua new-key {shown}`")
        })?;
        Keyring::parse(&text).with_context(|| format!("{shown} holds no master key"))
    }

    /// Makes a master key where there is none.
    ///
    /// # Errors
    /// When there is one already, or the file cannot be written.
    pub fn new_key(path: &std::path::Path) -> anyhow::Result<()> {
        use std::io::Write as _;
        use std::os::unix::fs::OpenOptionsExt as _;
        let mut options = std::fs::OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(path);
        let mut file = file.map_err(|cause| anyhow!("cannot make {}: {cause}", path.display()))?;
        writeln!(file, "{}", app::clock::Ids::default().token())?;
        Ok(file.sync_all()?)
    }
}
