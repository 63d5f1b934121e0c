//! Keys at remote services: those that sign digests, and the gateway that signs whole documents.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use app::certificates::Signer;
use app::ports::PortError;
use app::signing::remote::{Ask, AskedFor, Asks, Given, LaidOut, RemoteKeys, Reply, Terms};
use app::signing::{SignError, ToSign};
use async_trait::async_trait;
use domain::certificate::KeyAt;
use jiff::SignedDuration;

use super::remote_seal::Silent;
use super::{PdfSignatures, SigningParts, blocking, finished, laid_out, told};
use crate::remote::{
    self, Approval, Begun, GatewayCertificate, Identity, Named, Progress, PublicGateway,
    RemoteCertificate, RemoteSigning, Request, Secret, Services, algorithm,
};
use crate::sign::{Algorithm, Prepared};

/// How long what a service told of a key is believed.
const BELIEVED: Duration = Duration::from_mins(10);
/// Documents that are handed to a gateway at once: all of them travel whole, both ways.
const WHOLE: usize = 20;
/// How long one answer of a service that signs digests may take, with all that is asked before it.
const PATIENCE: SignedDuration = SignedDuration::from_mins(2);

/// The services, and what they told of keys.
#[derive(Debug, Default)]
pub struct RemoteServices {
    services: Services,
    told: Mutex<HashMap<Vec<u8>, (Instant, RemoteCertificate)>>,
    /// Services that kept a seal waiting.
    pub(super) silent: Silent,
}

impl From<Services> for RemoteServices {
    fn from(services: Services) -> Self {
        Self {
            services,
            told: Mutex::default(),
            silent: Silent::default(),
        }
    }
}

/// Where a key lies, and whose.
enum At<'a> {
    Service(&'a Arc<dyn RemoteSigning>, &'a str),
    Gateway(&'a Arc<PublicGateway>, &'a str),
}

impl RemoteServices {
    /// Whether a key there is used with a PIN alone, with nobody there.
    pub(super) fn is_typed(&self, key: &KeyAt) -> bool {
        let KeyAt::Remote { service, .. } = key else {
            return false;
        };
        let found = self.services.signing.get(service);
        found.is_some_and(|service| service.is_typed())
    }

    fn at<'a>(&'a self, signer: &'a Signer) -> Result<At<'a>, PortError> {
        let none = || PortError::Fail("remote.no_service".to_owned());
        let KeyAt::Remote {
            service,
            credential,
        } = &signer.certificate.key
        else {
            return Err(none());
        };
        if let Some(found) = self.services.signing.get(service) {
            return Ok(At::Service(found, credential));
        }
        let gateway = self.services.gateways.get(service);
        Ok(At::Gateway(gateway.ok_or_else(none)?, credential))
    }

    /// The key whose certificate the register has, as its service tells it.
    async fn key(
        &self,
        service: &Arc<dyn RemoteSigning>,
        (user, signer): (&str, &Signer),
    ) -> Result<RemoteCertificate, PortError> {
        let own = signer.chain.first().cloned().unwrap_or_default();
        if let Some((at, known)) = self.known().get(&own)
            && at.elapsed() < BELIEVED
        {
            return Ok(known.clone());
        }
        let fail = |key: &str| PortError::Fail(key.to_owned());
        let found = service.certificates(user).await?.into_iter();
        let mut found = found.filter(|one| one.chain.first() == Some(&own));
        let found = found.next().ok_or_else(|| fail("remote.no_credential"))?;
        if !found.valid {
            return Err(fail("remote.unusable"));
        }
        self.known().insert(own, (Instant::now(), found.clone()));
        Ok(found)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<Vec<u8>, (Instant, RemoteCertificate)>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn request(
        &self,
        service: &Arc<dyn RemoteSigning>,
        (user, signer): (&str, &Signer),
        ask: Ask,
    ) -> Result<Request, PortError> {
        let certificate = self.key(service, (user, signer)).await?;
        let documents = ask.documents.into_iter().map(|one| Named {
            name: one.name,
            attributes: one.asked,
        });
        Ok(Request {
            who: Identity {
                user: user.to_owned(),
                credential: certificate.credential.clone(),
            },
            documents: documents.collect(),
            reference: ask.reference,
            title: ask.title,
            certificate,
        })
    }

    pub(super) async fn begin(
        &self,
        signer: &Signer,
        ask: Ask,
        given: Given,
    ) -> Result<Reply, PortError> {
        let begun = match self.at(signer)? {
            At::Gateway(gateway, user) => {
                let pieces = whole(gateway, (user, signer), ask).await;
                pieces.map(Reply::Signed)
            }
            At::Service(service, user) => {
                let request = self.request(service, (user, signer), ask).await?;
                let begun = service.begin(&request, &approval(given)).await;
                begun.map(|begun| match begun {
                    Begun::Signed(pieces) => Reply::Signed(pieces),
                    Begun::Waiting(waiting) => Reply::Waiting(waiting),
                })
            }
        };
        decided(begun)
    }
}

/// A person's no is an answer, however it was told.
fn decided(reply: Result<Reply, PortError>) -> Result<Reply, PortError> {
    match reply {
        Err(PortError::Fail(why)) if why == "remote.rejected" => Ok(Reply::Rejected(why)),
        Err(PortError::Fail(why)) if why == "remote.expired" => Ok(Reply::Expired),
        reply => reply,
    }
}

fn approval(given: Given) -> Approval {
    match given {
        Given::OnPhone => Approval::OnPhone,
        Given::Typed { pin, code } => Approval::Typed {
            pin: Secret::new(pin.reveal()),
            code: code.map(|code| Secret::new(code.reveal())),
        },
    }
}

async fn whole(
    gateway: &PublicGateway,
    (user, signer): (&str, &Signer),
    ask: Ask,
) -> Result<Vec<Vec<u8>>, PortError> {
    let own = signer.chain.first();
    let found = gateway.certificates(user).await?.into_iter();
    let mut found = found.filter(|one: &GatewayCertificate| Some(&one.certificate) == own);
    let none = || PortError::Fail("remote.no_credential".to_owned());
    let with = found.next().ok_or_else(none)?;
    let document = |one: AskedFor| remote::ToSign {
        name: one.name,
        document: one.whole,
    };
    let documents: Vec<_> = ask.documents.into_iter().map(document).collect();
    gateway.sign(user, &with, &ask.reference, &documents).await
}

#[async_trait]
impl RemoteKeys for PdfSignatures {
    async fn terms(&self, signer: &Signer) -> Result<Terms, PortError> {
        let remote = &self.0.remote;
        match remote.at(signer)? {
            At::Gateway(gateway, _) => Ok(Terms {
                asks: Asks::Phone,
                most: WHOLE,
                every: SignedDuration::from_secs(10),
                times: 1,
                patience: signed(gateway.patience()),
                whole: true,
            }),
            At::Service(service, user) => {
                let key = remote.key(service, (user, signer)).await?;
                let polling = service.polling();
                Ok(Terms {
                    asks: match key.asks {
                        remote::Asks::Phone => Asks::Phone,
                        remote::Asks::Pin => Asks::Pin,
                        remote::Asks::PinAndCode => Asks::PinAndCode,
                    },
                    most: key.most.max(1),
                    every: signed(polling.every),
                    times: polling.times,
                    patience: PATIENCE,
                    whole: false,
                })
            }
        }
    }

    async fn send_code(&self, signer: &Signer) -> Result<(), PortError> {
        let remote = &self.0.remote;
        match remote.at(signer)? {
            At::Gateway(..) => Ok(()),
            At::Service(service, user) => {
                let key = remote.key(service, (user, signer)).await?;
                let who = Identity {
                    user: user.to_owned(),
                    credential: key.credential,
                };
                service.send_code(&who).await
            }
        }
    }

    async fn lay_out(&self, signer: &Signer, what: ToSign) -> Result<LaidOut, SignError> {
        if let Ok(At::Gateway(..)) = self.0.remote.at(signer) {
            return Ok(LaidOut {
                unfinished: what.document,
                asked: Vec::new(),
            });
        }
        let prepared = prepared(&self.0, signer, what).await?;
        Ok(LaidOut {
            unfinished: prepared.unfinished().to_owned(),
            asked: prepared.attributes().to_owned(),
        })
    }

    async fn begin(&self, signer: &Signer, ask: Ask, given: Given) -> Result<Reply, PortError> {
        self.0.remote.begin(signer, ask, given).await
    }

    async fn poll(&self, signer: &Signer, ask: Ask, waiting: &str) -> Result<Reply, PortError> {
        let remote = &self.0.remote;
        match remote.at(signer)? {
            // A gateway keeps nothing waiting: what was asked is asked again.
            At::Gateway(..) => remote.begin(signer, ask, Given::OnPhone).await,
            At::Service(service, user) => {
                let request = remote.request(service, (user, signer), ask).await?;
                let progress = service.poll(&request, waiting).await;
                decided(progress.map(|progress| match progress {
                    Progress::Pending => Reply::Pending,
                    Progress::Signed(pieces) => Reply::Signed(pieces),
                    Progress::Rejected { reason } => Reply::Rejected(reason),
                    Progress::Expired => Reply::Expired,
                }))
            }
        }
    }

    async fn finish(
        &self,
        signer: &Signer,
        unfinished: Vec<u8>,
        piece: Vec<u8>,
    ) -> Result<Vec<u8>, SignError> {
        if let Ok(At::Gateway(..)) = self.0.remote.at(signer) {
            return Ok(piece);
        }
        let (chain, algorithm) = (signer.chain.clone(), own_algorithm(signer)?);
        let resumed = blocking(move || {
            let resumed = Prepared::resume(unfinished, &chain, algorithm);
            resumed.map_err(|fault| told(&fault))
        })
        .await?;
        completed(&self.0, resumed, piece).await
    }
}

pub(super) async fn prepared(
    parts: &SigningParts,
    signer: &Signer,
    what: ToSign,
) -> Result<Prepared, SignError> {
    let (chain, algorithm) = (signer.chain.clone(), own_algorithm(signer)?);
    let stamped = parts.stamps.is_some();
    blocking(move || laid_out(&what, (&chain, algorithm), stamped)).await
}

pub(super) async fn completed(
    parts: &SigningParts,
    prepared: Prepared,
    signature: Vec<u8>,
) -> Result<Vec<u8>, SignError> {
    let stamp = parts.stamp(&signature).await?;
    blocking(move || finished(prepared, &signature, stamp.as_deref())).await
}

fn own_algorithm(signer: &Signer) -> Result<Algorithm, SignError> {
    let own = signer.chain.first().and_then(|own| algorithm(own));
    own.ok_or_else(|| SignError::NoKey("a key of another kind".to_owned()))
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}
