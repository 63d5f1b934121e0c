//! The port of validation: PDFs from outside are read by the guarded reader, their signatures judged
//! by the trust list, and authorities asked about revocation where that is allowed.

use std::sync::Arc;
use std::time::Duration;

use app::clock::VIET_NAM;
use app::ports::PortError;
use app::verification::{Ask, Refusal, Signature, SignatureKind, Validator};
use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::DateTime;
use ring::digest::{SHA256, digest};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::pdf;
use crate::sign::{Material, Reach, Revocation};
use crate::verify::{
    Chain, Changes, Conclusion, Coverage, Evidence, Kind, Root, Signature as Judged, Stamp, Trust,
    Verdict, asked_about, validate,
};

/// Documents read at once; a large one takes a core for seconds.
const AT_ONCE: usize = 2;
/// Documents of visitors read at once: they hold up nobody who works.
const VISITORS_AT_ONCE: usize = 1;
/// Patience with an authority.
const PATIENCE: Duration = Duration::from_secs(5);
/// Patience with all authorities of one document.
const PATIENCE_IN_ALL: Duration = Duration::from_secs(15);

/// Turns at reading documents from outside, for everybody who reads some.
#[derive(Clone, Debug)]
pub struct Turns(Arc<Semaphore>);

impl Default for Turns {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Turns {
    /// Waits for a turn, which lasts as long as what is given.
    pub(crate) async fn take(&self) -> Result<OwnedSemaphorePermit, PortError> {
        taken(&self.0).await
    }
}

async fn taken(queue: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, PortError> {
    let turn = Arc::clone(queue).acquire_owned().await;
    turn.map_err(|closed| PortError::Fail(closed.to_string()))
}

/// Validates PDF documents by a trust list.
#[derive(Clone)]
pub struct PdfValidator(Arc<Inner>);

struct Inner {
    trust: Trust,
    authorities: Revocation,
    turns: Turns,
    visitors: Arc<Semaphore>,
}

/// A trust list that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("MOTCUA_TRUST: {0}")]
pub struct NoTrust(String);

/// The trust list that the environment names, a file (`MOTCUA_TRUST`); without one nobody is trusted.
///
/// # Errors
/// When the file cannot be read.
pub fn trust_from_environment() -> Result<Trust, NoTrust> {
    let named = std::env::var_os("MOTCUA_TRUST").filter(|value| !value.is_empty());
    let Some(file) = named else {
        return Ok(Trust::default());
    };
    let text = std::fs::read_to_string(file).map_err(|why| NoTrust(why.to_string()))?;
    Trust::parse(&text).map_err(|why| NoTrust(why.to_string()))
}

impl PdfValidator {
    /// With these anchors; authorities are asked within that reach.
    pub fn new(trust: Trust, reach: Reach) -> Self {
        Self::asking(trust, Revocation::new(reach, PATIENCE))
    }

    /// With these anchors; authorities are asked in that way.
    pub fn asking(trust: Trust, authorities: Revocation) -> Self {
        Self(Arc::new(Inner {
            trust,
            authorities,
            turns: Turns::default(),
            visitors: Arc::new(Semaphore::new(VISITORS_AT_ONCE)),
        }))
    }

    /// Its turns, for whoever else reads documents from outside.
    pub fn turns(&self) -> Turns {
        self.0.turns.clone()
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        queue: &Arc<Semaphore>,
        work: impl FnOnce(&Inner) -> T + Send + 'static,
    ) -> Result<T, PortError> {
        let turn = taken(queue).await?;
        let inner = Arc::clone(&self.0);
        // The work keeps its turn to its end, also when whoever asked has gone.
        let work = move |_turn: OwnedSemaphorePermit| work(&inner);
        let done = tokio::task::spawn_blocking(move || work(turn)).await;
        // A panic in the reader must not take the request with it.
        done.map_err(|panic| PortError::Fail(panic.to_string()))
    }
}

#[async_trait]
impl Validator for PdfValidator {
    async fn open(&self, document: Vec<u8>) -> Result<Result<u16, Refusal>, PortError> {
        let opened = self.in_turn(&self.0.turns.0, move |_| pdf::open(&document));
        let opened = opened.await?;
        let refused = |why: pdf::Refused| Refusal(why.key());
        Ok(opened.map_err(refused).and_then(|guarded| {
            let pages = u16::try_from(guarded.pages());
            pages.map_err(|_| refused(pdf::Refused::TooManyObjects))
        }))
    }

    async fn validate(
        &self,
        document: Vec<u8>,
        at: DateTime,
        ask: Ask,
    ) -> Result<app::verification::Verdict, PortError> {
        let at = VIET_NAM.to_timestamp(at);
        let at = at.map_err(|why| PortError::Fail(why.to_string()))?;
        let (queue, evidence) = match ask {
            Ask::Nobody => (&self.0.turns.0, Evidence::default()),
            Ask::Visitor => (&self.0.visitors, Evidence::default()),
            Ask::Authorities => (&self.0.turns.0, self.asked(&document, at).await?),
        };
        let judge = move |inner: &Inner| validate(&document, &inner.trust, at, &evidence);
        Ok(told(&self.in_turn(queue, judge).await?))
    }
}

impl PdfValidator {
    /// What authorities say of the certificates that the document brings, as far as they say it in time.
    async fn asked(&self, document: &[u8], at: Timestamp) -> Result<Evidence, PortError> {
        let document = document.to_vec();
        let about = move |inner: &Inner| asked_about(&document, &inner.trust, at);
        let about = self.in_turn(&self.0.turns.0, about).await?;
        let mut said = Material::default();
        let asked = self.0.authorities.said(&about, &mut said);
        // What was said until then counts.
        tokio::time::timeout(PATIENCE_IN_ALL, asked).await.ok();
        Ok(Evidence {
            certificates: said.certs,
            lists: said.crls,
            answers: said.ocsps,
        })
    }
}

/// The verdict in the product's own words.
pub fn told(verdict: &Verdict) -> app::verification::Verdict {
    app::verification::Verdict {
        key: verdict.overall.key().to_owned(),
        signatures: verdict.signatures.iter().map(signature).collect(),
    }
}

fn signature(judged: &Judged) -> Signature {
    let kind = match judged.kind {
        Kind::Approval | Kind::Certification(_) => SignatureKind::Signature,
        Kind::DocumentTimeStamp => SignatureKind::TimeStamp,
    };
    let authority = judged
        .stamp
        .as_ref()
        .and_then(|stamp| stamp.authority.as_ref());
    let signer = judged.signer.as_ref().or(authority);
    let stamped = judged.stamp.as_ref().map(|stamp| stamp.time);
    let said = match kind {
        SignatureKind::Signature => judged.proven.or(judged.claimed),
        SignatureKind::TimeStamp => judged.proven.or(stamped),
    };
    Signature {
        kind,
        who: signer
            .map(|signer| {
                signer
                    .common_name
                    .as_ref()
                    .unwrap_or(&signer.subject)
                    .clone()
            })
            .unwrap_or_default(),
        fingerprint: signer
            .map(|signer| hex::encode(digest(&SHA256, &signer.certificate)))
            .unwrap_or_default(),
        issuer: signer
            .map(|signer| common_name(&signer.issuer).to_owned())
            .unwrap_or_default(),
        root: match &judged.chain {
            Chain::Trusted { root, .. } => root_name(*root).to_owned(),
            Chain::Doubtful(_) => String::new(),
        },
        at: said.map(local),
        proven: said.is_some() && (judged.proven.is_some() || is_own_proof(judged)),
        key: judged.conclusion.key().to_owned(),
        since: since(judged).to_owned(),
    }
}

/// Whether this is a time stamp, which proves its time itself.
fn is_own_proof(judged: &Judged) -> bool {
    let trusted = |stamp: &Stamp| stamp.conclusion <= Conclusion::RevocationUnknown;
    judged.kind == Kind::DocumentTimeStamp && judged.stamp.as_ref().is_some_and(trusted)
}

fn root_name(root: Root) -> &'static str {
    match root {
        Root::National => "national",
        Root::Government => "government",
        Root::Other => "other",
    }
}

fn local(at: Timestamp) -> DateTime {
    VIET_NAM.to_datetime(at)
}

/// What became of the file after the signature.
fn since(judged: &Judged) -> &'static str {
    let altered = !judged.intact || !judged.permitted || judged.changes == Changes::Suspicious;
    match (judged.coverage, judged.changes) {
        (Coverage::Unclear, _) => "signature.since.unclear",
        _ if altered => "signature.since.altered",
        (_, Changes::None) => "signature.since.nothing",
        (_, Changes::Archival) => "signature.since.archival",
        (_, Changes::Forms | Changes::Suspicious) => "signature.since.forms",
    }
}

/// The common name in a distinguished name, or all of it.
fn common_name(name: &str) -> &str {
    let (_, after) = name.split_once("CN=").unwrap_or(("", name));
    after.split([',', '+']).next().unwrap_or(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_named_shortly() {
        assert_eq!(common_name("CN=NEAC Root,O=MIC,C=VN"), "NEAC Root");
        assert_eq!(common_name("C=VN,CN=CA 1"), "CA 1");
        assert_eq!(common_name("O=MIC"), "O=MIC");
    }
}
