//! Reads documents that say in words what they are, for tests of use cases.

use async_trait::async_trait;
use jiff::civil::DateTime;

use super::port::{
    ALTERED, Ask, NONE, Refusal, Signature, SignatureKind, VALID, Validator, Verdict,
};
use crate::ports::PortError;

/// A line `signed by NAME` is a signature, and so is what [`crate::signing::testing`] writes; what
/// stands in a line after a signature that says `altered` breaks it; what ends as proved there has
/// nothing left to ask; `script` is refused.
pub(crate) struct Reader;

#[async_trait]
impl Validator for Reader {
    async fn open(&self, document: Vec<u8>) -> Result<Result<u16, Refusal>, PortError> {
        let text = String::from_utf8_lossy(&document);
        if text.contains("script") {
            return Ok(Err(Refusal("pdf.refused.active.script")));
        }
        // A form feed ends a page here.
        let pages = text.matches('\u{c}').count().max(1);
        u16::try_from(pages)
            .map(Ok)
            .map_err(|_| PortError::Fail("too long".to_owned()))
    }

    async fn validate(
        &self,
        document: Vec<u8>,
        at: DateTime,
        ask: Ask,
    ) -> Result<Verdict, PortError> {
        let text = String::from_utf8_lossy(&document);
        let altered = text.contains("altered");
        let key = match (altered, ask) {
            (true, _) => "signature.changed",
            (false, Ask::Authorities) => "signature.valid",
            (false, Ask::Nobody | Ask::Visitor) => "signature.revocation-unknown",
        };
        let signer = |line: &str| {
            let who = line.strip_prefix("signed by ")?;
            Some(Signature {
                kind: SignatureKind::Signature,
                who: who.to_owned(),
                fingerprint: String::new(),
                issuer: "CA".to_owned(),
                root: "other".to_owned(),
                at: Some(at),
                proven: false,
                key: key.to_owned(),
                since: if altered {
                    ALTERED
                } else {
                    "signature.since.nothing"
                }
                .to_owned(),
            })
        };
        let signatures: Vec<Signature> = text.lines().filter_map(signer).collect();
        let end = text.trim_end_matches(|last: char| last.is_ascii_digit());
        let key = match (end.ends_with("proved "), signatures.is_empty()) {
            (true, _) if !altered => VALID,
            (_, true) => NONE,
            (_, false) => key,
        };
        Ok(Verdict {
            key: key.to_owned(),
            signatures,
        })
    }
}
