//! Where objects are: a folder, or a bucket of an S3 store.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};

use super::FilesError;

/// Where files are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder; it is made when it is not there.
    Folder(PathBuf),
    /// A bucket.
    Bucket(Bucket),
}

/// A bucket of an S3 store.
#[derive(Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// The address of the store, `https://s3.thanhhoa.gov.vn`; none for the provider's own.
    pub endpoint: Option<String>,
    /// Its region.
    pub region: String,
    /// Name of the access key.
    pub access_key: String,
    /// The access key's secret.
    pub secret: String,
    /// How long a request may take, and how often and how long it is tried again.
    pub patience: Patience,
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bucket")
            .field("name", &self.name)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// How long a store over the network is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For one request.
    pub request: Duration,
    /// For a request with everything that is tried again.
    pub whole: Duration,
    /// How often it is tried again.
    pub retries: usize,
}

impl Default for Patience {
    /// A clerk waits for the answer: half a minute, and a minute for everything.
    fn default() -> Self {
        Self {
            request: Duration::from_secs(30),
            whole: Duration::from_mins(1),
            retries: 5,
        }
    }
}

impl Place {
    /// Opens the store of objects.
    pub(super) fn open(&self) -> Result<Arc<dyn ObjectStore>, FilesError> {
        match self {
            Self::Folder(folder) => {
                std::fs::create_dir_all(folder).map_err(|cause| {
                    let store = folder.display().to_string();
                    FilesError::store(
                        "make the folder",
                        object_store::Error::Generic {
                            store: "folder",
                            source: format!("{store}: {cause}").into(),
                        },
                    )
                })?;
                let opened = LocalFileSystem::new_with_prefix(folder)
                    .map_err(|cause| FilesError::store("open the folder", cause))?;
                // An answer means that the file survives a power failure.
                Ok(Arc::new(opened.with_fsync(true)))
            }
            Self::Bucket(bucket) => bucket.open(),
        }
    }
}

impl Bucket {
    fn open(&self) -> Result<Arc<dyn ObjectStore>, FilesError> {
        crate::prepare();
        let patience = self.patience;
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&self.name)
            .with_region(&self.region)
            .with_access_key_id(&self.access_key)
            .with_secret_access_key(&self.secret)
            .with_client_options(
                ClientOptions::new()
                    .with_timeout(patience.request)
                    .with_connect_timeout(patience.request.min(Duration::from_secs(5))),
            )
            .with_retry(RetryConfig {
                backoff: BackoffConfig {
                    max_backoff: Duration::from_secs(5),
                    ..BackoffConfig::default()
                },
                max_retries: patience.retries,
                retry_timeout: patience.whole,
            });
        if let Some(endpoint) = &self.endpoint {
            // What passes is sealed; a store on the same machine needs no TLS.
            builder = builder
                .with_endpoint(endpoint)
                .with_allow_http(endpoint.starts_with("http://"));
        }
        let opened = builder
            .build()
            .map_err(|cause| FilesError::store("open the bucket", cause))?;
        Ok(Arc::new(opened))
    }
}
