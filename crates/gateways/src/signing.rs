//! The port of signatures: which key signs where, with which time stamp, and what is seen of it.

mod elsewhere;
mod lay_out;
mod proof;
mod remote;
mod remote_seal;
mod seal_pins;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::certificates::Signer;
use app::signing::remote::RemoteKeys;
use app::signing::{Hand, Pin, SignError, Signatures, Sure, ToSign};
use async_trait::async_trait;
use domain::certificate::{KeyAt, Keys};
use ring::digest::{SHA256, digest};

use crate::pdf;
use crate::sign::{
    Key, KeyFault, KeyName, Locator, Prepared, SignFault, SoftKey, TimeStamps, TokenModule, Try,
    add_fields, places,
};
use crate::validation::Turns;
use crate::verify::Trust;

use lay_out::laid_out;
use remote_seal::RemoteSeal;

pub use proof::Authorities;
pub use remote::RemoteServices;
pub use seal_pins::SealPins;

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
    /// Where the PINs of the agencies' seals stand.
    pub seal_pins: Option<SealPins>,
    /// Who stamps the time on signatures.
    pub stamps: Option<TimeStamps>,
    /// Keys of the demonstration; none in production.
    pub soft: Option<SoftKeys>,
    /// Who tells whether certificates are revoked; nobody is asked without.
    pub authorities: Option<Authorities>,
    /// Whose time stamps are taken with signatures that were made elsewhere.
    pub trust: Trust,
    /// Turns at reading what was signed elsewhere.
    pub turns: Turns,
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

    async fn open(
        &self,
        signer: &Signer,
        (pin, how): (Pin, Try),
    ) -> Result<Arc<dyn Hand>, SignError> {
        let parts = Arc::clone(&self.0);
        let (at, chain) = (signer.certificate.key.clone(), signer.chain.clone());
        let key = blocking(move || parts.key(&at, &chain, (&pin, how))).await?;
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
            let ready = add_fields(&document, &fields).map_err(|fault| told(&fault))?;
            lay_out::usable(&ready)?;
            Ok(ready)
        })
        .await
    }

    async fn attachable(&self, document: Vec<u8>) -> Result<(), SignError> {
        blocking(move || lay_out::attachable(&document)).await
    }

    async fn sealable(&self, document: Vec<u8>) -> Result<(), SignError> {
        blocking(move || lay_out::sealable(&document)).await
    }

    async fn unlock(&self, signer: &Signer, pin: &Pin) -> Result<Arc<dyn Hand>, SignError> {
        self.open(signer, (pin.clone(), Try::Ordered)).await
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
            KeyAt::Remote { .. } => self.0.seal_pins.is_some() && self.0.remote.is_typed(key),
            KeyAt::LocalToken => false,
        }
    }

    async fn seal_pin(&self, key: &KeyAt) -> Result<Pin, SignError> {
        let (parts, key) = (Arc::clone(&self.0), key.clone());
        blocking(move || parts.seal_pin(&key)).await
    }

    async fn seal(
        &self,
        signer: &Signer,
        (pin, sure): (&Pin, Sure),
    ) -> Result<Arc<dyn Hand>, SignError> {
        let pin = pin.clone();
        if let KeyAt::Remote { .. } = signer.certificate.key {
            return Ok(Arc::new(RemoteSeal {
                parts: Arc::clone(&self.0),
                signer: signer.clone(),
                pin,
            }));
        }
        let how = match sure {
            Sure::Yes => Try::Read,
            Sure::No => Try::Unsure,
        };
        self.open(signer, (pin, how)).await
    }
}

impl SigningParts {
    fn seal_pin(&self, key: &KeyAt) -> Result<Pin, SignError> {
        let label = match key {
            KeyAt::Token { token, .. } => token,
            KeyAt::Remote { service, .. } => service,
            KeyAt::Soft => {
                let soft = self.soft.as_ref().ok_or(SignError::OtherWay)?;
                return Ok(Pin::new(&soft.pin));
            }
            KeyAt::LocalToken => return Err(SignError::OtherWay),
        };
        let pins = self.seal_pins.as_ref();
        let none = || SignError::NoPin("MOTCUA_SEAL_PINS is not set".to_owned());
        pins.ok_or_else(none)?.of(label)
    }

    fn key(
        &self,
        at: &KeyAt,
        chain: &[Vec<u8>],
        (pin, how): (&Pin, Try),
    ) -> Result<Arc<dyn Key>, SignError> {
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
                let open = patiently(|| module.unlock_as(&locator, (pin.reveal(), how)));
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
        stamp
            .map(Some)
            .map_err(|fault| SignError::NoStamp(fault.to_string()))
    }
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

/// How long is waited for a token that another has open, and how often it is asked meanwhile.
const TURN: Duration = Duration::from_secs(3);
const ASK: Duration = Duration::from_millis(150);

/// Opens a token, after a short wait where another has it open.
fn patiently<T>(open: impl Fn() -> Result<T, SignFault>) -> Result<T, SignFault> {
    let until = Instant::now() + TURN;
    loop {
        match open() {
            Err(SignFault::Key(KeyFault::Busy)) if Instant::now() < until => {
                std::thread::sleep(ASK);
            }
            done => return done,
        }
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
        SignFault::Key(KeyFault::LastTry) => SignError::LastTry,
        SignFault::Key(KeyFault::WrongBefore) => SignError::WrongBefore,
        SignFault::Key(KeyFault::NoKey | KeyFault::NoToken | KeyFault::Unusable)
        | SignFault::Certificate(_)
        | SignFault::Revoked(_)
        | SignFault::Mismatch => SignError::NoKey(fault.to_string()),
        SignFault::Key(KeyFault::Busy) => SignError::Busy,
        SignFault::Key(KeyFault::Paused) => SignError::Paused,
        SignFault::Key(KeyFault::Device(_)) | SignFault::Later(_) | SignFault::Refused(_) => {
            SignError::Unavailable(fault.to_string())
        }
        // What a signature takes is known; what a stamp takes is not.
        SignFault::Room { .. } => SignError::NoStamp(fault.to_string()),
        SignFault::Document(_) | SignFault::Field { .. } | SignFault::Appearance(_) => {
            SignError::Document(fault.to_string())
        }
    }
}

/// Patience with the time-stamp authority.
const PATIENCE: Duration = Duration::from_secs(10);

impl SigningParts {
    /// With what the environment names: `MOTCUA_PKCS11_MODULE`, the driver of tokens;
    /// `MOTCUA_SEAL_PINS`, a folder or a file with the PINs of the tokens that hold seals;
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
        let seal_pins = named("MOTCUA_SEAL_PINS").map(|path| SealPins::at(path.as_ref()));
        let seal_pins = seal_pins
            .transpose()
            .map_err(|why| unusable("MOTCUA_SEAL_PINS", &why))?;
        let stamps = std::env::var("MOTCUA_TIMESTAMPS")
            .ok()
            .filter(|uri| !uri.is_empty());
        let services = crate::remote::from_environment();
        let services = services.map_err(|fault| SignError::NoKey(fault.to_string()))?;
        Ok(Self {
            tokens,
            seal_pins,
            remote: services.into(),
            stamps: stamps.map(|uri| TimeStamps::new(&uri, PATIENCE)),
            soft: None,
            authorities: None,
            trust: Trust::default(),
            turns: Turns::default(),
        })
    }
}
