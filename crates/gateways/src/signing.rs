//! The port of signatures: which key signs where, with which time stamp, and what is seen of it.

mod elsewhere;
mod proof;
mod remote;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use app::certificates::Signer;
use app::signing::remote::RemoteKeys;
use app::signing::{Hand, Pin, SignError, Signatures, SigningAct, ToSign};
use async_trait::async_trait;
use domain::certificate::{KeyAt, Keys};
use ring::digest::{SHA256, digest};

use crate::pdf;
use crate::sign::{
    Algorithm, Appearance, Key, KeyFault, KeyName, Locator, Order, Prepared, SignFault, SoftKey,
    Standing, TimeStamps, TokenModule, add_fields, places, prepare,
};
use crate::slips::{AGENCY, DAY, NUMBER, PERSON, WHOLE};

use remote::RemoteSeal;

pub use proof::Authorities;
pub use remote::RemoteServices;

/// Keys of the demonstration: files in a folder, each named by the fingerprint of its certificate.
#[derive(Debug, Clone)]
pub struct SoftKeys {
    /// The folder.
    pub folder: PathBuf,
    /// What unlocks every one of them.
    pub pin: String,
}

/// What is signed with.
#[derive(Default)]
pub struct SigningParts {
    /// The driver of the tokens at the server.
    pub tokens: Option<TokenModule>,
    /// What unlocks the tokens of the agencies' seals.
    pub seal_pin: Option<Pin>,
    /// Who stamps the time on signatures.
    pub stamps: Option<TimeStamps>,
    /// Keys of the demonstration; none in production.
    pub soft: Option<SoftKeys>,
    /// Who tells whether certificates are revoked; nobody is asked without.
    pub authorities: Option<Authorities>,
    /// Services that keep keys of people and agencies.
    pub remote: RemoteServices,
}

/// Signs PDF documents.
#[derive(Clone)]
pub struct PdfSignatures(Arc<SigningParts>);

impl PdfSignatures {
    /// With these keys.
    pub fn new(parts: SigningParts) -> Self {
        Self(Arc::new(parts))
    }

    async fn open(&self, signer: &Signer, pin: Pin) -> Result<Arc<dyn Hand>, SignError> {
        let parts = Arc::clone(&self.0);
        let (at, chain) = (signer.certificate.key.clone(), signer.chain.clone());
        let key = blocking(move || parts.key(&at, &chain, &pin)).await?;
        Ok(Arc::new(OpenHand {
            parts: Arc::clone(&self.0),
            chain: signer.chain.clone(),
            key,
        }))
    }
}

#[async_trait]
impl Signatures for PdfSignatures {
    fn keys(&self) -> Keys {
        match self.0.soft {
            Some(_) => Keys::Demonstration,
            None => Keys::Guarded,
        }
    }

    async fn ready(&self, document: Vec<u8>) -> Result<Vec<u8>, SignError> {
        blocking(move || {
            let guarded = pdf::open(&document);
            let guarded = guarded.map_err(|refused| SignError::Document(refused.to_string()))?;
            let fields = places().elsewhere(&document, guarded.pages());
            let fields = fields.map_err(|fault| told(&fault))?;
            add_fields(&document, &fields).map_err(|fault| told(&fault))
        })
        .await
    }

    async fn unlock(&self, signer: &Signer, pin: &Pin) -> Result<Arc<dyn Hand>, SignError> {
        self.open(signer, pin.clone()).await
    }

    async fn signed_elsewhere(
        &self,
        given: ToSign,
        found: Vec<u8>,
        signer: &Signer,
    ) -> Result<Vec<u8>, SignError> {
        elsewhere::judged(&self.0, given, found, signer.chain.clone()).await
    }

    fn remote(&self) -> Option<&dyn RemoteKeys> {
        Some(self)
    }

    fn seals(&self, key: &KeyAt) -> bool {
        match key {
            KeyAt::Token { .. } | KeyAt::Soft => true,
            KeyAt::Remote { .. } => self.0.seal_pin.is_some() && self.0.remote.is_typed(key),
            KeyAt::LocalToken => false,
        }
    }

    async fn seal(&self, signer: &Signer) -> Result<Arc<dyn Hand>, SignError> {
        let soft = self.0.soft.as_ref().map(|soft| Pin::new(&soft.pin));
        let pin = match signer.certificate.key {
            KeyAt::Soft => soft,
            _ => self.0.seal_pin.clone(),
        };
        let pin =
            pin.ok_or_else(|| SignError::NoKey("no PIN for seals is configured".to_owned()))?;
        if let KeyAt::Remote { .. } = signer.certificate.key {
            return Ok(Arc::new(RemoteSeal {
                parts: Arc::clone(&self.0),
                signer: signer.clone(),
                pin,
            }));
        }
        self.open(signer, pin).await
    }
}

impl SigningParts {
    fn key(&self, at: &KeyAt, chain: &[Vec<u8>], pin: &Pin) -> Result<Arc<dyn Key>, SignError> {
        match at {
            KeyAt::Token { token, key } => {
                let module = self.tokens.as_ref();
                let module =
                    module.ok_or_else(|| SignError::NoKey("no driver of tokens".to_owned()))?;
                let id = hex::decode(key).map_err(|_| SignError::NoKey(key.clone()))?;
                let locator = Locator {
                    token: token.clone(),
                    key: KeyName::Id(id),
                };
                let open = module.unlock(&locator, pin.reveal());
                Ok(Arc::new(open.map_err(|fault| told(&fault))?))
            }
            KeyAt::Soft => self.soft(chain, pin),
            KeyAt::Remote { .. } | KeyAt::LocalToken => Err(SignError::OtherWay),
        }
    }

    fn soft(&self, chain: &[Vec<u8>], pin: &Pin) -> Result<Arc<dyn Key>, SignError> {
        let soft = self.soft.as_ref().ok_or(SignError::OtherWay)?;
        if pin.reveal() != soft.pin {
            return Err(SignError::WrongPin);
        }
        let own = chain
            .first()
            .ok_or_else(|| SignError::NoKey("no certificate".to_owned()))?;
        let name = hex::encode(digest(&SHA256, own));
        let file = soft.folder.join(format!("{name}.p8"));
        let read = std::fs::read(&file).map_err(|_| SignError::NoKey(name))?;
        let key = SoftKey::parse(&read).map_err(|fault| told(&fault))?;
        Ok(Arc::new(key))
    }
}

/// A key that is open, with the certificates of its signatures.
struct OpenHand {
    parts: Arc<SigningParts>,
    chain: Vec<Vec<u8>>,
    key: Arc<dyn Key>,
}

#[async_trait]
impl Hand for OpenHand {
    async fn sign(&self, what: ToSign) -> Result<Vec<u8>, SignError> {
        let stamped = self.parts.stamps.is_some();
        let (chain, key) = (self.chain.clone(), Arc::clone(&self.key));
        let (prepared, signature) = blocking(move || {
            let prepared = laid_out(&what, (&chain, key.algorithm()), stamped)?;
            let signature = key
                .sign(prepared.attributes())
                .map_err(|fault| told(&fault))?;
            Ok((prepared, signature))
        })
        .await?;
        let stamp = self.parts.stamp(&signature).await?;
        blocking(move || finished(prepared, &signature, stamp.as_deref())).await
    }
}

impl SigningParts {
    /// The time stamp of a signature, where there is an authority.
    async fn stamp(&self, signature: &[u8]) -> Result<Option<Vec<u8>>, SignError> {
        let Some(stamps) = &self.stamps else {
            return Ok(None);
        };
        let stamp = stamps.stamp(signature).await;
        stamp.map(Some).map_err(|fault| told(&fault))
    }
}

/// The document with a place for the signature.
fn laid_out(
    what: &ToSign,
    (chain, algorithm): (&[Vec<u8>], Algorithm),
    stamped: bool,
) -> Result<Prepared, SignError> {
    let order = |asks| order(what, (chain.to_vec(), algorithm), (stamped, asks));
    let prepared = match prepare(&what.document, &order(Asks::Number)) {
        // A document made elsewhere has no words before its number.
        Err(SignFault::Field { name, .. }) if name == NUMBER => {
            prepare(&what.document, &order(Asks::Whole))
        }
        prepared => prepared,
    };
    prepared.map_err(|fault| told(&fault))
}

fn finished(
    prepared: Prepared,
    signature: &[u8],
    stamp: Option<&[u8]>,
) -> Result<Vec<u8>, SignError> {
    prepared
        .finish(signature, stamp)
        .map_err(|fault| told(&fault))
}

/// What the place of the number asks for.
#[derive(Debug, Clone, Copy)]
enum Asks {
    /// The number alone: the words around it are printed.
    Number,
    /// The number with its word and its symbol.
    Whole,
}

/// The person certifies what she signed: number and day may be filled in and the seal put on it,
/// nothing else. The agency closes it.
fn order(
    what: &ToSign,
    (chain, algorithm): (Vec<Vec<u8>>, Algorithm),
    (stamped, asks): (bool, Asks),
) -> Order {
    let time = what.at.strftime("%d-%m-%Y %H:%M:%S +07:00").to_string();
    let stamp_room = if stamped { Order::STAMP_ROOM } else { 0 };
    let (field, fill, standing, reason, face) = match &what.act {
        SigningAct::Person { name } => (
            PERSON,
            Vec::new(),
            Standing::Certifies,
            "Phê duyệt",
            places().persons_face(None, vec![name.clone(), time]),
        ),
        SigningAct::Seal {
            agency,
            number,
            symbol,
            day,
        } => (
            AGENCY,
            vec![
                match asks {
                    Asks::Number => (NUMBER.to_owned(), number.clone()),
                    Asks::Whole => (WHOLE.to_owned(), format!("Số: {number}/{symbol}")),
                },
                (DAY.to_owned(), day.clone()),
            ],
            Standing::Approves,
            "Phát hành",
            places().agencys_face(None, vec![agency.clone(), time]),
        ),
    };
    let lock = fill.iter().map(|(name, _)| name.clone()).collect();
    Order {
        chain,
        algorithm,
        field: field.to_owned(),
        fill,
        // The fields have places of their own; this one is not used.
        appearance: Some(Appearance {
            place: places().person(1, (0.0, 0.0)),
            face,
        }),
        reason: reason.to_owned(),
        at: what.at,
        standing,
        lock,
        stamp_room,
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SignError> + Send + 'static,
) -> Result<T, SignError> {
    let done = tokio::task::spawn_blocking(work).await;
    // A panic in a driver must not take the request with it.
    done.map_err(|panic| SignError::Unavailable(panic.to_string()))?
}

fn told(fault: &SignFault) -> SignError {
    match fault {
        SignFault::Key(KeyFault::Pin) => SignError::WrongPin,
        SignFault::Key(KeyFault::PinLocked) => SignError::Locked,
        SignFault::Key(KeyFault::NoKey | KeyFault::NoToken | KeyFault::Unusable)
        | SignFault::Certificate(_)
        | SignFault::Revoked(_)
        | SignFault::Mismatch => SignError::NoKey(fault.to_string()),
        SignFault::Key(KeyFault::Busy | KeyFault::Device(_))
        | SignFault::Later(_)
        | SignFault::Refused(_) => SignError::Unavailable(fault.to_string()),
        SignFault::Document(_)
        | SignFault::Field { .. }
        | SignFault::Appearance(_)
        | SignFault::Room { .. } => SignError::Document(fault.to_string()),
    }
}

/// Patience with the time-stamp authority.
const PATIENCE: Duration = Duration::from_secs(10);

impl SigningParts {
    /// With what the environment names: `MOTCUA_PKCS11_MODULE`, the driver of tokens;
    /// `MOTCUA_SEAL_PIN_FILE`, a file with the PIN of the tokens that hold seals;
    /// `MOTCUA_TIMESTAMPS`, the address of a time-stamp authority (RFC 3161);
    /// `MOTCUA_REMOTE_SIGNING`, a file with the services that keep keys.
    ///
    /// # Errors
    /// When a driver or file that is named cannot be used.
    pub fn from_environment() -> Result<Self, SignError> {
        let named = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let unusable =
            |name: &str, why: &dyn std::fmt::Display| SignError::NoKey(format!("{name}: {why}"));
        let tokens = match named("MOTCUA_PKCS11_MODULE") {
            None => None,
            Some(driver) => Some(
                TokenModule::load(driver.as_ref())
                    .map_err(|fault| unusable("MOTCUA_PKCS11_MODULE", &fault))?,
            ),
        };
        let seal_pin = match named("MOTCUA_SEAL_PIN_FILE") {
            None => None,
            Some(file) => {
                let read = std::fs::read_to_string(file);
                Some(Pin::new(
                    &read.map_err(|why| unusable("MOTCUA_SEAL_PIN_FILE", &why))?,
                ))
            }
        };
        let stamps = std::env::var("MOTCUA_TIMESTAMPS")
            .ok()
            .filter(|uri| !uri.is_empty());
        let services = crate::remote::from_environment();
        let services = services.map_err(|fault| SignError::NoKey(fault.to_string()))?;
        Ok(Self {
            tokens,
            seal_pin,
            remote: services.into(),
            stamps: stamps.map(|uri| TimeStamps::new(&uri, PATIENCE)),
            soft: None,
            authorities: None,
        })
    }
}
