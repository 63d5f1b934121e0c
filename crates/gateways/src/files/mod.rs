//! A store of files, addressed by the hash of their content, in a folder or a bucket.
//!
//! Nothing is stored in clear: every file has a data key of its own, wrapped by a master key (see
//! [`envelope`]), and stands under a keyed hash of its name. An object appears whole or not at all,
//! and a hash that was answered survives a power failure. This module must not know what a file is
//! about.

mod envelope;
mod environment;
mod fault;
mod keeping;
mod master;
mod place;
mod token;
mod unfinished;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use app::clock::Ids;
use app::keys::{KeyError, Keyring};
use app::ports::PortError;
use async_trait::async_trait;
use domain::ids::FileHash;
use futures_util::StreamExt as _;
use object_store::path::Path;
use object_store::{GetResult, ObjectStore, ObjectStoreExt as _};
use ring::digest::{Context, SHA256, digest};

use envelope::{Broken, LONGEST_HEADER, Opener, PIECE, Sealer};
pub use fault::FilesError;
use fault::told;
use master::Masters;
pub use place::{Bucket, Patience, Place};
pub use token::{TokenKeys, TokenPlace};

/// The largest file accepted unless said otherwise, in bytes: 64 MiB, a scan of a hundred pages.
pub const USUAL_LIMIT: u64 = 64 << 20;

/// Files above so many bytes go up in parts of this size: whole pieces, and more than the 5 MiB that
/// S3 asks of a part.
const PART: usize = 128 * PIECE;

/// A file that is stored again is written anew when its object is older: what keeps objects that
/// nobody refers to looks at their age.
const FRESH: Duration = Duration::from_hours(1);

/// Keeps files by the SHA-256 of their content.
#[derive(Clone)]
pub struct FileStore(Arc<Inner>);

struct Inner {
    objects: Arc<dyn ObjectStore>,
    /// Where they are, if it is a folder.
    folder: Option<PathBuf>,
    keys: Keyring,
    masters: Masters,
    limit: u64,
    ids: Ids,
}

impl FileStore {
    /// Opens the store for files of at most [`USUAL_LIMIT`] under the master keys of the ring.
    ///
    /// # Errors
    /// [`FilesError::Store`].
    pub fn open(place: &Place, keys: Keyring) -> Result<Self, FilesError> {
        let masters = Masters::Ring(keys.clone());
        Self::open_with(place, keys, masters, USUAL_LIMIT)
    }

    /// Opens the store for files of at most `limit` bytes.
    ///
    /// # Errors
    /// As [`FileStore::open`].
    pub fn open_with_limit(place: &Place, keys: Keyring, limit: u64) -> Result<Self, FilesError> {
        let masters = Masters::Ring(keys.clone());
        Self::open_with(place, keys, masters, limit)
    }

    /// Opens the store under the master keys of a token; what the ring has wrapped still opens.
    ///
    /// # Errors
    /// As [`FileStore::open`].
    pub fn open_under(place: &Place, keys: Keyring, token: TokenKeys) -> Result<Self, FilesError> {
        let masters = Masters::Token(Arc::new(token), keys.clone());
        Self::open_with(place, keys, masters, USUAL_LIMIT)
    }

    fn open_with(
        place: &Place,
        keys: Keyring,
        masters: Masters,
        limit: u64,
    ) -> Result<Self, FilesError> {
        let inner = Inner {
            objects: place.open()?,
            folder: match place {
                Place::Folder(folder) => Some(folder.clone()),
                Place::Bucket(_) => None,
            },
            keys,
            masters,
            limit,
            ids: Ids::default(),
        };
        Ok(Self(Arc::new(inner)))
    }

    /// Stores the content and answers its hash and size in bytes. Storing it again changes nothing,
    /// but mends an object that was altered.
    ///
    /// # Errors
    /// [`FilesError`], but for `Missing` and `Altered`.
    pub async fn put(&self, content: Vec<u8>) -> Result<(FileHash, u64), FilesError> {
        let size = content.len() as u64;
        let limit = self.0.limit;
        if size > limit {
            return Err(FilesError::TooLarge { size, limit });
        }
        let (content, hash) = blocking(move || {
            let hash = hash_of(&content);
            (content, hash)
        })
        .await;
        if !self.holds(&hash).await? {
            self.write(&hash, content).await?;
        }
        Ok((hash, size))
    }

    /// The content of that hash, checked against it.
    ///
    /// # Errors
    /// [`FilesError`], but for `TooLarge`.
    pub async fn get(&self, hash: &FileHash) -> Result<Vec<u8>, FilesError> {
        let mut content = Vec::new();
        self.read(hash, |piece| content.extend_from_slice(piece))
            .await?;
        Ok(content)
    }

    /// Reads the content to its end in a stream, checked against its hash, and answers its size.
    /// Pieces that were handed over before a failure are of no worth.
    ///
    /// # Errors
    /// As [`FileStore::get`].
    pub async fn read(
        &self,
        hash: &FileHash,
        mut plain: impl FnMut(&[u8]) + Send,
    ) -> Result<u64, FilesError> {
        let name = self.name_of(hash);
        let place = place_of(&name);
        let found = self.fetch(&place).await;
        let found = match found {
            Err(object_store::Error::NotFound { .. }) => {
                return Err(FilesError::Missing(hash.clone()));
            }
            other => other.map_err(|cause| FilesError::store("read a file", cause))?,
        };
        let (is, size) = match self.opened(&name, found, &mut plain).await {
            Err(Unopened::Altered) => return Err(FilesError::Altered(hash.clone())),
            Err(Unopened::Failed(error)) => return Err(error),
            Ok(read) => read,
        };
        if is == *hash {
            Ok(size)
        } else {
            Err(FilesError::Altered(hash.clone()))
        }
    }

    /// The keyed hash under which the file stands.
    fn name_of(&self, hash: &FileHash) -> String {
        self.0.keys.file_name(hash.as_str())
    }

    /// Whether the file is there, unaltered and written lately.
    async fn holds(&self, hash: &FileHash) -> Result<bool, FilesError> {
        let place = place_of(&self.name_of(hash));
        let found = match self.look(&place).await {
            Err(object_store::Error::NotFound { .. }) => return Ok(false),
            other => other.map_err(|cause| FilesError::store("look for a file", cause))?,
        };
        let now = keeping::now_millis();
        let age = now.saturating_sub(found.last_modified.timestamp_millis());
        if u128::try_from(age).is_ok_and(|age| age > FRESH.as_millis()) {
            return Ok(false);
        }
        match self.read(hash, |_| ()).await {
            Ok(_) => Ok(true),
            Err(FilesError::Missing(_) | FilesError::Altered(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn write(&self, hash: &FileHash, content: Vec<u8>) -> Result<(), FilesError> {
        let name = self.name_of(hash);
        let key = self.0.ids.bytes::<32>();
        let wrapped = self.0.masters.wrap(name.as_bytes(), &key).await?;
        let head = envelope::header(&wrapped);
        let place = place_of(&name);
        let written = if content.len() <= PART {
            let sealed = blocking(move || {
                let mut sealed = head;
                Sealer::new(&key).seal(&content, true, &mut sealed);
                sealed
            });
            self.send(&place, sealed.await.into()).await
        } else {
            let told = self.write_in_parts(&place, (head, key), content).await;
            // The answer to the last call may be lost, and who asks again hears of no such upload. One
            // that was there before is as old as it was.
            if told.is_err() && matches!(self.holds(hash).await, Ok(true)) {
                Ok(())
            } else {
                told
            }
        };
        written.map_err(|cause| FilesError::store("write a file", cause))
    }

    /// Seals and sends one part after the other: the object appears with the last.
    async fn write_in_parts(
        &self,
        place: &Path,
        (head, key): (Vec<u8>, [u8; 32]),
        content: Vec<u8>,
    ) -> object_store::Result<()> {
        let mut upload = self.0.objects.put_multipart(place).await?;
        let content = Arc::new(content);
        let (mut sealer, mut ready, mut at) = (Sealer::new(&key), head, 0);
        while at < content.len() {
            let end = content.len().min(at + PART);
            let whole = Arc::clone(&content);
            (sealer, ready) = blocking(move || {
                let part = whole.get(at..end).unwrap_or_default();
                sealer.seal(part, end == whole.len(), &mut ready);
                (sealer, ready)
            })
            .await;
            let part = std::mem::take(&mut ready);
            if let Err(cause) = upload.put_part(part.into()).await {
                // The first error is the one told; what cannot be cleared away now, the store clears.
                upload.abort().await.ok();
                return Err(cause);
            }
            at = end;
        }
        upload.complete().await.map(drop)
    }

    /// Opens an object under the name it was found by; answers the hash and size of its content.
    async fn opened(
        &self,
        name: &str,
        found: GetResult,
        plain: &mut (impl FnMut(&[u8]) + Send),
    ) -> Result<(FileHash, u64), Unopened> {
        let mut stream = found.into_stream();
        let mut head = Vec::new();
        while head.len() < LONGEST_HEADER {
            match stream.next().await {
                Some(more) => head.extend_from_slice(&more?),
                None => break,
            }
        }
        let (wrapped, length) = envelope::read_header(&head)?;
        let key = self.0.masters.unwrap(name.as_bytes(), &wrapped).await;
        let mut opener = Opener::new(&key.map_err(Unopened::of)?);
        let (mut hash, mut size) = (Context::new(&SHA256), 0_u64);
        let mut taken = |piece: &[u8]| {
            hash.update(piece);
            size = size.saturating_add(piece.len() as u64);
            plain(piece);
        };
        opener.push(head.get(length..).unwrap_or_default(), &mut taken)?;
        while let Some(more) = stream.next().await {
            opener.push(&more?, &mut taken)?;
        }
        opener.finish(&mut taken)?;
        Ok((named(hash.finish().as_ref()), size))
    }
}

/// Why an object was not opened.
enum Unopened {
    Altered,
    Failed(FilesError),
}

impl Unopened {
    /// A key that does not fit means that the object was altered; a key that is missing does not.
    fn of(error: FilesError) -> Self {
        match error {
            FilesError::Key(KeyError::Sealed | KeyError::Form) => Self::Altered,
            other => Self::Failed(other),
        }
    }
}

impl From<Broken> for Unopened {
    fn from(_: Broken) -> Self {
        Self::Altered
    }
}

impl From<object_store::Error> for Unopened {
    fn from(cause: object_store::Error) -> Self {
        Self::Failed(FilesError::store("read a file", cause))
    }
}

#[async_trait]
impl app::ports::Files for FileStore {
    fn name(&self, content: &[u8]) -> FileHash {
        hash_of(content)
    }

    fn names(&self, content: &[u8], ends: &[usize]) -> Vec<FileHash> {
        names_of(content, ends)
    }

    async fn put(&self, content: Vec<u8>) -> Result<(FileHash, u64), PortError> {
        Self::put(self, content).await.map_err(|error| told(&error))
    }

    async fn get(&self, hash: &FileHash) -> Result<Vec<u8>, PortError> {
        Self::get(self, hash).await.map_err(|error| told(&error))
    }
}

/// `ab/cd/abcd…`: folders stay small, and a listing goes one shard after the other.
fn place_of(name: &str) -> Path {
    let shard = |range| name.get(range).unwrap_or_default();
    Path::from_iter([shard(0..2), shard(2..4), name])
}

fn hash_of(content: &[u8]) -> FileHash {
    named(digest(&SHA256, content).as_ref())
}

/// Each is the hash of the one before, continued.
fn names_of(content: &[u8], ends: &[usize]) -> Vec<FileHash> {
    let (mut all, mut read) = (Context::new(&SHA256), 0);
    let part = |end: &usize| {
        all.update(content.get(read..*end).unwrap_or_default());
        read = *end;
        named(all.clone().finish().as_ref())
    };
    ends.iter().map(part).collect()
}

fn named(digest: &[u8]) -> FileHash {
    FileHash::parse(&hex::encode(digest)).expect("a digest in hexadecimal is a file hash")
}

/// Runs work on bytes where it holds nobody up.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work)
        .await
        .expect("work on bytes neither panics nor is cancelled")
}
