//! Looking after stored objects: what is there, whether it is whole, under which key, and away with it.

use app::clock::{Clock as _, SystemClock, epoch_millis, local_time};
use app::ports::{Condition, FileKeeping, Kept, PortError};
use async_trait::async_trait;
use domain::ids::FileHash;
use futures_util::TryStreamExt as _;
use object_store::path::Path;
use object_store::{GetResult, ObjectMeta, ObjectStoreExt as _, PutPayload};

use super::envelope::{self, Opener};
use super::{FileStore, FilesError, Unopened, blocking, place_of, told, unfinished};

/// Bytes of an object that say under which master key it is.
const BEGINNING: u64 = 13;

/// Now, by the machine's clock, as stores of objects count.
pub(super) fn now_millis() -> i64 {
    epoch_millis(SystemClock.now())
}

impl FileStore {
    /// Asks for an object, and once more where the first try ended for no reason that the client knows,
    /// as when a connection is closed just as it is taken up: by itself it tries again only what it can
    /// name.
    pub(super) async fn fetch(&self, place: &Path) -> object_store::Result<GetResult> {
        match self.0.objects.get(place).await {
            Err(object_store::Error::Generic { .. }) => self.0.objects.get(place).await,
            told => told,
        }
    }

    /// Asks what is known of an object, in the same way.
    pub(super) async fn look(&self, place: &Path) -> object_store::Result<ObjectMeta> {
        match self.0.objects.head(place).await {
            Err(object_store::Error::Generic { .. }) => self.0.objects.head(place).await,
            told => told,
        }
    }

    /// Writes an object whole, in the same way.
    pub(super) async fn send(&self, place: &Path, sealed: PutPayload) -> object_store::Result<()> {
        match self.0.objects.put(place, sealed.clone()).await {
            Err(object_store::Error::Generic { .. }) => {
                self.0.objects.put(place, sealed).await.map(drop)
            }
            told => told.map(drop),
        }
    }
}

#[async_trait]
impl FileKeeping for FileStore {
    fn object(&self, file: &FileHash) -> String {
        self.name_of(file)
    }

    async fn condition(&self, object: &str) -> Result<Condition, PortError> {
        let place = place_of(object);
        let found = match self.fetch(&place).await {
            Err(object_store::Error::NotFound { .. }) => return Ok(Condition::Missing),
            other => other.map_err(|cause| told(&FilesError::store("read a file", cause)))?,
        };
        match self.opened(object, found, &mut |_| ()).await {
            Ok((file, bytes)) if self.name_of(&file) == object => {
                Ok(Condition::Whole { file, bytes })
            }
            Ok(_) | Err(Unopened::Altered) => Ok(Condition::Altered),
            Err(Unopened::Failed(error)) => Err(told(&error)),
        }
    }

    async fn kept(&self, object: &str) -> Result<Option<Kept>, PortError> {
        let place = place_of(object);
        match self.look(&place).await {
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Ok(meta) => Ok(kept(&meta)),
            Err(cause) => Err(told(&FilesError::store("look for a file", cause))),
        }
    }

    async fn shard(&self, shard: u8) -> Result<Vec<Kept>, PortError> {
        let prefix = Path::from(format!("{shard:02x}"));
        let listed = self.0.objects.list(Some(&prefix));
        let mut found: Vec<Kept> = listed
            .try_filter_map(async |meta| Ok(kept(&meta)))
            .try_collect()
            .await
            .map_err(|cause| told(&FilesError::store("list files", cause)))?;
        found.sort_by(|a, b| a.object.cmp(&b.object));
        Ok(found)
    }

    async fn unfinished(&self, shard: u8) -> Result<Vec<Kept>, PortError> {
        let Some(folder) = self.0.folder.clone() else {
            return Ok(Vec::new());
        };
        let found = blocking(move || unfinished::of_shard(&folder, shard)).await;
        found.map_err(|cause| PortError::Retry(format!("cannot list files: {cause}")))
    }

    async fn remove_unfinished(&self, name: &str) -> Result<(), PortError> {
        let (folder, name) = (self.0.folder.clone(), name.to_owned());
        let removed = blocking(move || folder.map(|folder| unfinished::remove(&folder, &name)));
        let removed = removed.await.transpose();
        removed
            .map(drop)
            .map_err(|cause| PortError::Retry(format!("cannot remove a file: {cause}")))
    }

    async fn remove(&self, object: &str) -> Result<(), PortError> {
        match self.0.objects.delete(&place_of(object)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(cause) => Err(told(&FilesError::store("remove a file", cause))),
        }
    }

    async fn rewrap(&self, object: &str) -> Result<bool, PortError> {
        self.rewrapped(object).await.map_err(|error| told(&error))
    }
}

impl FileStore {
    /// Puts the object's data key under the newest master key. The new object replaces the old one in
    /// one step, after everything in it was opened.
    async fn rewrapped(&self, object: &str) -> Result<bool, FilesError> {
        let place = place_of(object);
        let reading = |cause| FilesError::store("read a file", cause);
        let beginning = self.0.objects.get_range(&place, 0..BEGINNING).await;
        let newest = self.0.masters.newest().0;
        if matches!(&beginning, Ok(bytes) if bytes.get(4..12) == Some(&newest[..])) {
            return Ok(false);
        }
        let whole = self.fetch(&place).await.map_err(reading)?;
        let whole = whole.bytes().await.map_err(reading)?;
        let altered = |_| FilesError::Object(object.to_owned());
        let (wrapped, length) = envelope::read_header(&whole).map_err(altered)?;
        let key = self.0.masters.unwrap(object.as_bytes(), &wrapped).await?;
        let body = whole.slice(length..);
        let mut opener = Opener::new(&key);
        let pushed = opener.push(&body, &mut |_| ());
        pushed
            .and_then(|()| opener.finish(&mut |_| ()))
            .map_err(altered)?;
        let wrapped = self.0.masters.wrap(object.as_bytes(), &key).await?;
        let head = envelope::header(&wrapped).into();
        let anew = PutPayload::from_iter([head, body]);
        let written = self.send(&place, anew).await;
        written.map_err(|cause| FilesError::store("write a file", cause))?;
        Ok(true)
    }
}

/// An object of ours, by where it stands; none for what somebody else has put there.
fn kept(meta: &ObjectMeta) -> Option<Kept> {
    let object = meta.location.filename()?;
    let ours = object.len() == 64 && place_of(object) == meta.location;
    ours.then(|| Kept {
        object: object.to_owned(),
        bytes: meta.size,
        at: local_time(meta.last_modified.timestamp_millis()),
    })
}
