//! Why a result on a list was not signed.

use store::SigningState;

use crate::no::No;

/// What was not signed, and why, by the key of a message that names nobody.
pub(in crate::signing) fn why_not(no: &No) -> Option<(SigningState, String)> {
    let (state, key) = match no {
        No::Stale(_) => (SigningState::Stale, "signing.why.moved"),
        No::Denied(_) => (SigningState::Stale, "signing.why.elsewhere"),
        No::Refused(refused) => {
            let key = format!("rule.{}.title", refused.refusal.rule().id());
            return Some((SigningState::Refused, key));
        }
        No::Invalid(faults) => match faults.first().map(|fault| fault.key) {
            Some("fault.document_changed") => (SigningState::Stale, "signing.why.changed"),
            Some(key) if key.starts_with("certificate.") => {
                (SigningState::Failed, "signing.why.certificate")
            }
            Some(key) => (SigningState::Failed, key),
            None => return None,
        },
        No::Broken(_) => return None,
    };
    Some((state, key.to_owned()))
}
