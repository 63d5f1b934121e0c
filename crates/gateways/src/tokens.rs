//! Certificates on PKCS#11 tokens at the server, with the identifiers of their keys. They are public:
//! no PIN is asked for.

use std::path::PathBuf;

use app::ports::{OnToken, PortError};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::object::{Attribute, AttributeType, CertificateType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use cryptoki::slot::Slot;

use crate::certificates::read;

/// The library of a maker of tokens, and which of its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenPlace {
    /// The library (`.so`).
    pub module: PathBuf,
    /// Label of one token; empty for all.
    pub label: String,
}

impl TokenPlace {
    /// The module that `MOTCUA_PKCS11_MODULE` names, and the token of `MOTCUA_PKCS11_TOKEN`.
    pub fn from_environment() -> Option<Self> {
        let module = std::env::var_os("MOTCUA_PKCS11_MODULE").filter(|path| !path.is_empty())?;
        Some(Self {
            module: module.into(),
            label: std::env::var("MOTCUA_PKCS11_TOKEN").unwrap_or_default(),
        })
    }
}

/// Every certificate on the tokens, by token and key. Libraries of tokens block: they are asked
/// beside the runtime.
///
/// # Errors
/// [`PortError::Retry`] when the library or a token does not answer.
pub async fn list(place: TokenPlace) -> Result<Vec<OnToken>, PortError> {
    let asked = tokio::task::spawn_blocking(move || on_tokens(&place));
    let found = asked.await.map_err(|error| error.to_string());
    found
        .and_then(|found| found.map_err(|error| error.to_string()))
        .map_err(|why| PortError::Retry(format!("the tokens do not answer: {why}")))
}

fn on_tokens(place: &TokenPlace) -> Result<Vec<OnToken>, Error> {
    let module = Pkcs11::new(&place.module)?;
    match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        // A library is initialised once in a process, whoever came first.
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(error) => return Err(error),
    }
    let mut found = Vec::new();
    for slot in module.get_slots_with_initialized_token()? {
        let label = module.get_token_info(slot)?.label().trim().to_owned();
        if place.label.is_empty() || place.label == label {
            found.extend(on_slot(&module, slot, &label)?);
        }
    }
    found.sort_by(|a, b| (&a.token, &a.key).cmp(&(&b.token, &b.key)));
    Ok(found)
}

fn on_slot(module: &Pkcs11, slot: Slot, label: &str) -> Result<Vec<OnToken>, Error> {
    let session = module.open_ro_session(slot)?;
    let wanted = [
        Attribute::Class(ObjectClass::CERTIFICATE),
        Attribute::CertificateType(CertificateType::X_509),
    ];
    let mut found = Vec::new();
    for object in session.find_objects(&wanted)? {
        let Some((key, content)) = parts(&session, object)? else {
            continue;
        };
        // Something else under the name of a certificate harms nobody and is passed over.
        let read = read(&content).unwrap_or_default();
        found.extend(read.into_iter().take(1).map(|facts| OnToken {
            token: label.to_owned(),
            key: hex::encode(&key),
            facts,
        }));
    }
    Ok(found)
}

/// The identifier of a key, and its certificate.
type Parts = (Vec<u8>, Vec<u8>);

fn parts(session: &Session, object: ObjectHandle) -> Result<Option<Parts>, Error> {
    let asked = [AttributeType::Id, AttributeType::Value];
    let (mut id, mut content) = (None, None);
    for attribute in session.get_attributes(object, &asked)? {
        match attribute {
            Attribute::Id(bytes) => id = Some(bytes),
            Attribute::Value(bytes) => content = Some(bytes),
            _ => {}
        }
    }
    Ok(id.zip(content))
}
