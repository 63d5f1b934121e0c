//! Keys that sign by writing that they did, for tests of use cases.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use async_trait::async_trait;
use domain::certificate::{Holder, KeyAt, Keys};
use domain::dossier::SeenBy;
use domain::ids::DossierId;
use jiff::civil::DateTime;

use super::remote::RemoteKeys;
use super::{
    Approval, Hand, NotWhole, Pin, Proof, Proofs, SignError, Signatures, SignedBy, Sure, ToSign,
    approve, readable, unlock,
};
use crate::access::Actor;
use crate::certificates::{Missing, NewCertificate, Signer, every_missing, register};
use crate::people::testing::key;
use crate::processing::{Acted, Handout};
use crate::{App, No};

/// What unlocks every key.
pub(crate) const PIN: &str = "246810";

thread_local! {
    /// Whether what ends in `torn` cannot be read any more.
    pub(crate) static TORN: Cell<bool> = const { Cell::new(false) };
    /// Why keys do not sign just now.
    pub(crate) static SILENT: RefCell<Option<SignError>> = const { RefCell::new(None) };
    /// Of documents in which these words stand no authority says anything; of none without words.
    pub(crate) static UNPROVED: Cell<&'static str> = const { Cell::new("") };
}

/// Signs with words.
pub(crate) struct Words;

#[async_trait]
impl Hand for Words {
    async fn sign(&self, what: ToSign) -> Result<Vec<u8>, SignError> {
        Ok([what.document, format!("{:?}", what.act).into_bytes()].concat())
    }
}

/// Says of nobody that she was revoked, and proves with a word.
#[async_trait]
impl Proofs for Words {
    async fn revoked(&self, _: &SignedBy, _: DateTime) -> Option<DateTime> {
        None
    }

    async fn prove(&self, document: Vec<u8>, signed: Vec<SignedBy>, _: DateTime) -> Proof {
        let silent = UNPROVED.get();
        if !silent.is_empty() && String::from_utf8_lossy(&document).contains(silent) {
            return Proof::Later("no answer".to_owned());
        }
        Proof::Carried([document, format!("proved {}", signed.len()).into_bytes()].concat())
    }
}

#[async_trait]
impl Signatures for Words {
    fn keys(&self) -> Keys {
        Keys::Demonstration
    }

    async fn ready(&self, document: Vec<u8>) -> Result<Vec<u8>, SignError> {
        let torn = TORN.get() && document.ends_with(b"torn");
        if document.starts_with(b"%PDF-") && !torn {
            return Ok([document, b"ready".to_vec()].concat());
        }
        Err(SignError::Document("no PDF".to_owned()))
    }

    async fn attachable(&self, document: Vec<u8>) -> Result<(), SignError> {
        if document.ends_with(b"signed") {
            return Err(SignError::Document("signed already".to_owned()));
        }
        Ok(())
    }

    async fn sealable(&self, document: Vec<u8>) -> Result<(), SignError> {
        if document.ends_with(b"closed") {
            return Err(SignError::Document("no place left".to_owned()));
        }
        Ok(())
    }

    async fn unlock(&self, _: &Signer, pin: &Pin) -> Result<Arc<dyn Hand>, SignError> {
        if let Some(why) = SILENT.with_borrow(Clone::clone) {
            return Err(why);
        }
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
        Err(SignError::NotWhole(NotWhole::OtherBytes))
    }

    fn remote(&self) -> Option<&dyn RemoteKeys> {
        Some(self)
    }

    async fn seal_pin(&self, _: &KeyAt) -> Result<Pin, SignError> {
        Ok(Pin::new(PIN))
    }

    async fn seal(&self, _: &Signer, _: (&Pin, Sure)) -> Result<Arc<dyn Hand>, SignError> {
        Ok(Arc::new(Self))
    }
}

/// Everything is told of a result handed out to `An`, who shows her card and signs on paper.
pub(crate) fn handout() -> Handout {
    Handout {
        seen: Some(SeenBy::Card),
        digits: "0017".to_owned(),
        given_back: (1..=9).collect(),
        ..Handout::default()
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
