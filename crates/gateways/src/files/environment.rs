//! Where files are, as the environment names it.

use super::{Bucket, FilesError, Patience, TokenPlace};

impl Bucket {
    /// The bucket that `MOTCUA_S3_BUCKET` and its companions name; none when they name none.
    ///
    /// # Errors
    /// [`FilesError::Setting`] when a companion is missing.
    pub fn from_environment() -> Result<Option<Self>, FilesError> {
        let Some(name) = named("MOTCUA_S3_BUCKET") else {
            return Ok(None);
        };
        Ok(Some(Self {
            name,
            endpoint: named("MOTCUA_S3_ENDPOINT"),
            region: named("MOTCUA_S3_REGION").unwrap_or_else(|| "us-east-1".to_owned()),
            access_key: needed("MOTCUA_S3_ACCESS_KEY")?,
            secret: secret("MOTCUA_S3_SECRET")?,
            patience: Patience::default(),
        }))
    }
}

impl TokenPlace {
    /// The token that `MOTCUA_FILES_TOKEN` and its companions name; none when they name none.
    ///
    /// # Errors
    /// [`FilesError::Setting`] when a companion is missing.
    pub fn from_environment() -> Result<Option<Self>, FilesError> {
        let Some(token) = named("MOTCUA_FILES_TOKEN") else {
            return Ok(None);
        };
        let module = match named("MOTCUA_FILES_TOKEN_MODULE") {
            Some(module) => module,
            None => needed("MOTCUA_PKCS11_MODULE")?,
        };
        Ok(Some(Self {
            module: module.into(),
            token,
            pin: secret("MOTCUA_FILES_TOKEN_PIN")?,
            label: named("MOTCUA_FILES_TOKEN_KEY").unwrap_or_else(|| "motcua-files".to_owned()),
        }))
    }
}

/// A setting; an empty one is none.
fn named(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

fn needed(name: &str) -> Result<String, FilesError> {
    named(name).ok_or_else(|| FilesError::Setting(format!("{name} is not set")))
}

/// A secret, or what stands in the file that its companion names.
fn secret(name: &str) -> Result<String, FilesError> {
    if let Some(text) = named(name) {
        return Ok(text);
    }
    let path = needed(&format!("{name}_FILE"))?;
    let text = crate::secrets::read(path.as_ref()).map_err(FilesError::Setting)?;
    Ok(text.trim().to_owned())
}
