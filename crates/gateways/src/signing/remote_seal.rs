//! The seal of an agency whose key lies at a remote service that asks for a PIN alone.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use app::certificates::Signer;
use app::ports::PortError;
use app::signing::remote::{Ask, AskedFor, Given, Reply};
use app::signing::{Hand, Pin, SignError, ToSign};
use async_trait::async_trait;
use domain::certificate::KeyAt;

use super::SigningParts;
use super::remote::{completed, prepared};
use crate::remote::Trouble;

/// How long one seal may take, with all that is asked for it: the worker has other papers to make.
const PATIENCE: Duration = Duration::from_secs(10);
/// What takes longer and fails, was silence.
const SILENCE: Duration = Duration::from_secs(1);
/// How many times as long as it kept us waiting a silent service is left alone.
const ALONE: u32 = 3;

/// Until when services are left alone, by their names: a silent one keeps no slip and no other agency's
/// seal waiting.
#[derive(Debug, Default)]
pub(super) struct Silent(Mutex<HashMap<String, Instant>>);

impl Silent {
    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<String, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_left_alone(&self, service: &str) -> bool {
        let until = self.known().get(service).copied();
        until.is_some_and(|until| until > Instant::now())
    }

    fn failed_after(&self, service: &str, waited: Duration) {
        if waited > SILENCE {
            let until = Instant::now() + waited * ALONE;
            self.known().insert(service.to_owned(), until);
        }
    }
}

/// The seal.
pub(super) struct RemoteSeal {
    pub(super) parts: Arc<SigningParts>,
    pub(super) signer: Signer,
    pub(super) pin: Pin,
}

impl RemoteSeal {
    fn service(&self) -> &str {
        match &self.signer.certificate.key {
            KeyAt::Remote { service, .. } => service,
            KeyAt::Token { .. } | KeyAt::LocalToken | KeyAt::Soft => "",
        }
    }

    /// What the service answers within the patience of a seal.
    async fn answer(&self, ask: Ask, given: Given) -> Result<Reply, SignError> {
        let (remote, service) = (&self.parts.remote, self.service());
        if remote.silent.is_left_alone(service) {
            let why = format!("the service {service} did not answer a moment ago");
            return Err(SignError::Unavailable(why));
        }
        let begun = Instant::now();
        let asking = remote.begin(&self.signer, ask, given);
        let reply = match tokio::time::timeout(PATIENCE, asking).await {
            Ok(reply) => reply.map_err(|error| told(&error)),
            Err(late) => Err(SignError::Unavailable(late.to_string())),
        };
        if reply.is_err() {
            remote.silent.failed_after(service, begun.elapsed());
        }
        reply
    }
}

/// A wrong PIN is told from other refusals: it is not tried again.
fn told(error: &PortError) -> SignError {
    match error {
        PortError::Fail(why) if *why == Trouble::Pin.key() => SignError::WrongPin,
        PortError::Fail(why) if *why == Trouble::Locked.key() => SignError::Locked,
        _ => SignError::Unavailable(error.to_string()),
    }
}

#[async_trait]
impl Hand for RemoteSeal {
    async fn sign(&self, what: ToSign) -> Result<Vec<u8>, SignError> {
        let prepared = prepared(&self.parts, &self.signer, what).await?;
        let ask = Ask {
            reference: hex::encode(prepared.digest()).chars().take(32).collect(),
            title: String::new(),
            documents: vec![AskedFor {
                name: "1".to_owned(),
                asked: prepared.attributes().to_owned(),
                whole: Vec::new(),
            }],
        };
        let given = Given::Typed {
            pin: self.pin.clone(),
            code: None,
        };
        match self.answer(ask, given).await? {
            Reply::Signed(mut pieces) if pieces.len() == 1 => {
                completed(&self.parts, prepared, pieces.pop().unwrap_or_default()).await
            }
            Reply::Signed(pieces) => Err(SignError::Unavailable(format!(
                "the service of the seal gave {} signatures for one",
                pieces.len()
            ))),
            other => Err(SignError::Unavailable(format!(
                "the service of the seal answered {other:?}"
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_answered_at_once_is_asked_again_and_who_was_silent_is_left_alone() {
        let silent = Silent::default();
        silent.failed_after("quick", Duration::from_millis(20));
        silent.failed_after("slow", Duration::from_secs(10));
        assert!(!silent.is_left_alone("quick") && silent.is_left_alone("slow"));
        assert!(!silent.is_left_alone("other"));
    }
}
