//! Where things are: from the command line or the environment.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, ensure};
use app::keys::{KeyError, Keyring};
use clap::Args;
use gateways::files::{Bucket, Place, TokenPlace};
use store::Database;

use crate::wiring::Shelf;

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
#[derive(Clone, Args)]
pub struct DataArgs {
    /// The master keys themselves, as a key file has them, instead of the file.
    #[arg(long = "key", env = "MOTCUA_KEY", hide_env_values = true, hide = true)]
    pub key: Option<String>,
    /// File with the master key for personal data: 64 hexadecimal digits. Keep it apart from
    /// backups of the database.
    #[arg(long, env = "MOTCUA_KEY_FILE", default_value = "motcua.key")]
    pub key_file: PathBuf,
    /// Folder for slips and results, unless `MOTCUA_S3_BUCKET` names a bucket.
    #[arg(long, env = "MOTCUA_FILES", default_value = "motcua-files")]
    pub files: PathBuf,
}

impl std::fmt::Debug for DataArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DataArgs")
            .field("key_file", &self.key_file)
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

impl DataArgs {
    /// Reads the master key.
    ///
    /// # Errors
    /// When the file is missing or holds no key.
    pub fn keys(&self) -> anyhow::Result<Keyring> {
        if let Some(text) = &self.key {
            return Keyring::parse(text).context("MOTCUA_KEY holds no master key");
        }
        let shown = self.key_file.display();
        let text = std::fs::read_to_string(&self.key_file).with_context(|| {
            format!("cannot read the master key {shown}; make one with `motcua new-key {shown}`")
        })?;
        Keyring::parse(&text).with_context(|| format!("{shown} holds no master key"))
    }

    /// Where files are: the folder, or the bucket and the token that the environment names.
    ///
    /// # Errors
    /// When a part of a bucket's or token's description is missing.
    pub fn shelf(&self) -> anyhow::Result<Shelf> {
        let place = match Bucket::from_environment()? {
            Some(bucket) => Place::Bucket(bucket),
            None => Place::Folder(self.files.clone()),
        };
        let token = TokenPlace::from_environment()?;
        Ok(Shelf { place, token })
    }

    /// Makes a master key at the first start of a demonstration.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn make_key(&self) -> anyhow::Result<()> {
        if self.key.is_some() || self.key_file.exists() {
            return Ok(());
        }
        Self::new_key(&self.key_file)
    }

    /// Writes another text into the key file: beside it first, then in its place.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn replace_key_file(&self, change: Change) -> anyhow::Result<()> {
        ensure!(
            self.key.is_none(),
            "MOTCUA_KEY holds the master keys: change them where it is set"
        );
        let (path, shown) = (&self.key_file, self.key_file.display());
        let text = std::fs::read_to_string(path);
        let text = text.with_context(|| format!("cannot read the master key {shown}"))?;
        let text = change(&text).with_context(|| format!("{shown} holds no master key"))?;
        let beside = path.with_extension("key-new");
        let written = written(&beside, &text).and_then(|()| std::fs::rename(&beside, path));
        written.with_context(|| format!("cannot write {shown}"))?;
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = File::open(folder.unwrap_or(Path::new(".")));
        Ok(folder.and_then(|folder| folder.sync_all())?)
    }

    /// Makes a master key where there is none.
    ///
    /// # Errors
    /// When there is one already, or the file cannot be written.
    pub fn new_key(path: &Path) -> anyhow::Result<()> {
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(path);
        let mut file = file.map_err(|cause| anyhow!("cannot make {}: {cause}", path.display()))?;
        writeln!(file, "{}", app::clock::Ids::default().token())?;
        Ok(file.sync_all()?)
    }
}

/// What becomes of the text of a key file.
pub type Change = fn(&str) -> Result<String, KeyError>;

fn written(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    let options = options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
