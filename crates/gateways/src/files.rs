//! A local store of files, addressed by the hash of their content.
//!
//! Layout: `ab/cd/<hash>`, and `incoming/` for what is still being written. A file is written
//! there, synced, renamed into place, and its folder synced, so that a hash that was answered is
//! on the disk and a file in place is whole. What a crash leaves in `incoming/` is never read.
//! This module must not know what a file is about.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use app::ports::PortError;
use async_trait::async_trait;
use domain::ids::FileHash;
use ring::digest::{SHA256, digest};

const INCOMING: &str = "incoming";

/// The largest file accepted unless said otherwise, in bytes: 64 MiB, a scan of a hundred pages.
pub const USUAL_LIMIT: u64 = 64 << 20;

/// Why a file was not stored or not read.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// It is larger than the store accepts.
    #[error("a file of {size} bytes is larger than the limit of {limit} bytes")]
    TooLarge {
        /// Its size in bytes.
        size: u64,
        /// The largest size accepted, in bytes.
        limit: u64,
    },
    /// There is no file of that hash.
    #[error("no file {0} in the store")]
    Missing(FileHash),
    /// What is on the disk under that hash is not what was stored.
    #[error("file {0} was altered on the disk")]
    Altered(FileHash),
    /// The disk failed.
    #[error("cannot {deed} {path:?}")]
    Disk {
        /// What was attempted.
        deed: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// Why it failed.
        #[source]
        cause: io::Error,
    },
}

/// A folder that keeps files by the SHA-256 of their content.
#[derive(Debug, Clone)]
pub struct LocalFiles {
    folder: Arc<Folder>,
}

#[derive(Debug)]
struct Folder {
    root: PathBuf,
    limit: u64,
    turn: AtomicU64,
}

impl LocalFiles {
    /// Opens the folder, making it when it is not there, for files of at most [`USUAL_LIMIT`].
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, FilesError> {
        Self::open_with_limit(root, USUAL_LIMIT)
    }

    /// Opens the folder for files of at most `limit` bytes.
    pub fn open_with_limit(root: impl Into<PathBuf>, limit: u64) -> Result<Self, FilesError> {
        let root = root.into();
        let incoming = root.join(INCOMING);
        fs::create_dir_all(&incoming).map_err(disk("make", &incoming))?;
        sync_folder(&root)?;
        let turn = AtomicU64::new(0);
        Ok(Self {
            folder: Arc::new(Folder { root, limit, turn }),
        })
    }

    /// Stores the content and answers its hash and size in bytes. Storing it again changes
    /// nothing, but mends a file that was altered on the disk.
    pub async fn put(&self, content: Vec<u8>) -> Result<(FileHash, u64), FilesError> {
        self.blocking(move |folder| folder.put(&content)).await
    }

    /// The content of that hash, checked against it.
    pub async fn get(&self, hash: &FileHash) -> Result<Vec<u8>, FilesError> {
        let hash = hash.clone();
        self.blocking(move |folder| folder.get(hash)).await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Folder) -> Result<T, FilesError> + Send + 'static,
    ) -> Result<T, FilesError> {
        let folder = Arc::clone(&self.folder);
        tokio::task::spawn_blocking(move || work(&folder))
            .await
            .expect("file work neither panics nor is cancelled")
    }
}

#[async_trait]
impl app::ports::Files for LocalFiles {
    fn name(&self, content: &[u8]) -> FileHash {
        hash_of(content)
    }

    async fn put(&self, content: Vec<u8>) -> Result<(FileHash, u64), PortError> {
        Self::put(self, content).await.map_err(|error| told(&error))
    }

    async fn get(&self, hash: &FileHash) -> Result<Vec<u8>, PortError> {
        Self::get(self, hash).await.map_err(|error| told(&error))
    }
}

impl Folder {
    fn put(&self, content: &[u8]) -> Result<(FileHash, u64), FilesError> {
        let size = content.len() as u64;
        if size > self.limit {
            return Err(FilesError::TooLarge {
                size,
                limit: self.limit,
            });
        }
        let hash = hash_of(content);
        let place = self.place(&hash);
        if holds(&place, &hash)? {
            return Ok((hash, size));
        }
        let draft = self.write_draft(&hash, content)?;
        // Another writer may have made the shard and not yet synced it: every level is synced here.
        let levels: Vec<&Path> = place.ancestors().skip(1).take(3).collect();
        if let Some(shard) = levels.first() {
            fs::create_dir_all(shard).map_err(disk("make", shard))?;
        }
        fs::rename(&draft, &place).map_err(disk("rename", &draft))?;
        levels.into_iter().try_for_each(sync_folder)?;
        Ok((hash, size))
    }

    fn get(&self, hash: FileHash) -> Result<Vec<u8>, FilesError> {
        let place = self.place(&hash);
        let content = match fs::read(&place) {
            Ok(content) => content,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                return Err(FilesError::Missing(hash));
            }
            Err(cause) => return Err(disk("read", &place)(cause)),
        };
        if hash_of(&content) == hash {
            Ok(content)
        } else {
            Err(FilesError::Altered(hash))
        }
    }

    fn place(&self, hash: &FileHash) -> PathBuf {
        let text = hash.as_str();
        let shard = |range| {
            text.get(range)
                .expect("a file hash is 64 hexadecimal digits")
        };
        self.root.join(shard(0..2)).join(shard(2..4)).join(text)
    }

    fn write_draft(&self, hash: &FileHash, content: &[u8]) -> Result<PathBuf, FilesError> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let name = format!("{hash}-{}-{turn}", std::process::id());
        let path = self.root.join(INCOMING).join(name);
        let written = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&path)
            .and_then(|mut file| {
                file.write_all(content)?;
                file.sync_all()
            });
        if let Err(cause) = written {
            // A full disk must not fill up further with halves; the first error is the one told.
            let _ = fs::remove_file(&path);
            return Err(disk("write", &path)(cause));
        }
        Ok(path)
    }
}

fn hash_of(content: &[u8]) -> FileHash {
    FileHash::parse(&hex::encode(digest(&SHA256, content).as_ref()))
        .expect("a digest in hexadecimal is a file hash")
}

/// Whether the file is there and unaltered.
fn holds(place: &Path, hash: &FileHash) -> Result<bool, FilesError> {
    let mut content = Vec::new();
    match File::open(place).and_then(|mut file| file.read_to_end(&mut content)) {
        Ok(_) => Ok(hash_of(&content) == *hash),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(cause) => Err(disk("read", place)(cause)),
    }
}

/// A new entry of a folder survives a power failure only when the folder itself is synced.
fn sync_folder(folder: &Path) -> Result<(), FilesError> {
    File::open(folder)
        .and_then(|file| file.sync_all())
        .map_err(disk("sync", folder))
}

fn disk(deed: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FilesError {
    let path = path.to_owned();
    move |cause| FilesError::Disk { deed, path, cause }
}

fn told(error: &FilesError) -> PortError {
    match error {
        FilesError::Disk { cause, .. } => PortError::Retry(format!("{error}: {cause}")),
        FilesError::TooLarge { .. } | FilesError::Missing(_) | FilesError::Altered(_) => {
            PortError::Fail(error.to_string())
        }
    }
}
