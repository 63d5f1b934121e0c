//! A verdict in words.

use crate::words::{self, Language, fill, t};

use super::port::{Signature, SignatureKind, Verdict};

/// What is to be said of a file: of each signature, or why there is none to speak of.
pub fn said(language: Language, verdict: &Verdict) -> Vec<String> {
    if verdict.signatures.is_empty() {
        return vec![t(language, &verdict.key).to_owned()];
    }
    let signatures = verdict.signatures.iter();
    let said = signatures.map(|one| signature_said(language, one));
    said.collect()
}

/// `Chữ ký hợp lệ: UBND phường Hạc Thành; ký lúc 10:42, 23/11/2026 (có dấu thời gian); tệp nguyên vẹn
/// từ lúc ký`.
pub fn signature_said(language: Language, signature: &Signature) -> String {
    let conclusion = t(language, &signature.key);
    let who = match (signature.kind, signature.who.is_empty()) {
        (_, true) => t(language, "signature.nobody").to_owned(),
        (SignatureKind::Signature, false) => signature.who.clone(),
        (SignatureKind::TimeStamp, false) => {
            fill(language, "signature.stamped_by", &[("who", &signature.who)])
        }
    };
    let mut parts = vec![format!("{conclusion}: {who}")];
    if let Some(at) = signature.at {
        let key = if signature.proven {
            "signature.at_proven"
        } else {
            "signature.at"
        };
        let (time, day) = (words::time(at), words::date(at.date()));
        parts.push(fill(language, key, &[("time", &time), ("date", &day)]));
    }
    parts.push(t(language, &signature.since).to_owned());
    parts.join("; ")
}
