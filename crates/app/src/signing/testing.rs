//! Keys that sign by writing that they did, for tests of use cases.

use std::sync::Arc;

use async_trait::async_trait;
use domain::certificate::{Holder, KeyAt, Keys};
use domain::ids::DossierId;

use super::{Approval, Hand, Pin, SignError, Signatures, ToSign, approve, readable, unlock};
use crate::access::Actor;
use crate::certificates::{Missing, NewCertificate, Signer, every_missing, register};
use crate::people::testing::key;
use crate::processing::Acted;
use crate::{App, No};

/// What unlocks every key.
pub(crate) const PIN: &str = "246810";

/// Signs with words.
pub(crate) struct Words;

#[async_trait]
impl Hand for Words {
    async fn sign(&self, what: ToSign) -> Result<Vec<u8>, SignError> {
        Ok([what.document, format!("{:?}", what.act).into_bytes()].concat())
    }
}

#[async_trait]
impl Signatures for Words {
    fn keys(&self) -> Keys {
        Keys::Demonstration
    }

    async fn ready(&self, document: Vec<u8>) -> Result<Vec<u8>, SignError> {
        if document.starts_with(b"%PDF-") {
            return Ok([document, b"ready".to_vec()].concat());
        }
        Err(SignError::Document("no PDF".to_owned()))
    }

    async fn unlock(&self, _: &Signer, pin: &Pin) -> Result<Arc<dyn Hand>, SignError> {
        match pin.reveal() {
            PIN => Ok(Arc::new(Self)),
            _ => Err(SignError::WrongPin),
        }
    }

    async fn signed_elsewhere(
        &self,
        given: ToSign,
        signed: Vec<u8>,
        _: &Signer,
    ) -> Result<Vec<u8>, SignError> {
        let given = given.document;
        if signed.starts_with(&given) && signed.len() > given.len() {
            return Ok(signed);
        }
        Err(SignError::NotWhole("other bytes".to_owned()))
    }

    async fn seal(&self, _: &Signer) -> Result<Arc<dyn Hand>, SignError> {
        Ok(Arc::new(Self))
    }
}

/// Everybody whose post signs, and every agency, gets a certificate.
pub(crate) async fn certify(app: &App) {
    for line in every_missing(app, |_| true).await.unwrap() {
        let (name, holder) = match line.who {
            Missing::Seal => (line.unit.to_string(), Holder::Agency),
            Missing::Person { staff, name, role } => (name, Holder::Person { staff, role }),
        };
        let new = NewCertificate {
            unit: line.unit,
            holder,
            key: KeyAt::Soft,
            file: format!("{name};038076004321;2026-01-01;2028-01-01;signs").into_bytes(),
        };
        register(app, "system", new).await.unwrap();
    }
}

/// Reads what is to be signed and signs it.
pub(crate) async fn sign(app: &App, actor: &Actor, dossier: &DossierId) -> Result<Acted, No> {
    sign_with(app, actor, (dossier, PIN)).await
}

/// The same, with that PIN.
pub(crate) async fn sign_with(
    app: &App,
    actor: &Actor,
    (dossier, pin): (&DossierId, &str),
) -> Result<Acted, No> {
    let read = readable(app, actor, dossier).await?;
    let approval = Approval {
        dossier: dossier.clone(),
        version: read.version,
        key: key(),
        document: read.hash,
    };
    let pin = Pin::new(pin);
    approve(app, actor, approval, async |signer| {
        unlock(app, signer, &pin).await
    })
    .await
}
