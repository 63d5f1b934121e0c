//! Puts the answers about each signature together.

use jiff::Timestamp;

use super::algorithms::Check;
use super::chain::{Path, Usage, path};
use super::changes::{Difference, difference};
use super::coverage::covered;
use super::fields::Embedded;
use super::holder::holder;
use super::lock::Lock;
use super::message::{DATA, Message};
use super::revocation::{Evidence, When, judge};
use super::stamp::Token;
use super::trust::Trust;
use super::verdict::{
    Chain, Changes, Conclusion, Coverage, Doubt, Fault, Kind, Profile, Revocation, Signature, Stamp,
};
use crate::pdf::{File, Refused, Value, is_name};

/// What every question needs.
pub(crate) struct Context<'a> {
    pub(crate) file: &'a File<'a>,
    pub(crate) trust: &'a Trust,
    pub(crate) evidence: &'a Evidence,
    /// The document brings revocation material.
    pub(crate) brought: bool,
    pub(crate) at: Timestamp,
}

/// What was done to the document after a signature.
struct After {
    changes: Changes,
    permitted: bool,
}

impl After {
    /// Without known coverage, nothing is known about what came after it.
    fn beyond(self, coverage: Coverage) -> Self {
        match coverage {
            Coverage::Unclear => Self {
                changes: Changes::Suspicious,
                permitted: false,
            },
            Coverage::WholeFile | Coverage::WholeRevision => self,
        }
    }
}

/// What the message of a signature says, and whether it is right.
#[derive(Default)]
struct Read {
    message: Option<Message>,
    /// Of a document time stamp.
    token: Option<Token>,
    intact: bool,
    check: Option<Check>,
    /// The signer bound its certificate, rightly or not.
    binds: Option<bool>,
    weak: bool,
    /// A time stamp is there that cannot be read.
    garbled: bool,
}

impl Read {
    fn message(&self) -> Option<&Message> {
        let token = self.token.as_ref().map(|token| &token.message);
        self.message.as_ref().or(token)
    }
}

/// Judges all signatures, the newest first, since later time stamps prove the time of earlier
/// signatures.
pub(crate) fn all(context: &Context<'_>, embedded: &[Embedded]) -> Result<Vec<Signature>, Refused> {
    // What came before the first signature is part of what was signed.
    let Some(first) = embedded.first().map(|signature| signature.revision) else {
        return Ok(Vec::new());
    };
    let differences: Vec<_> = (first + 1..context.file.revisions.len())
        .map(|number| difference(context.file, number))
        .collect();
    // Whoever could not look at everything says nothing of what was changed.
    context.file.work.looked(1)?;
    let mut proven: Option<Timestamp> = None;
    let mut judged = Vec::new();
    for signature in embedded.iter().rev() {
        let lock = Lock::of(context.file, signature)?;
        let later = signature.revision.saturating_sub(first);
        let later = differences.get(later..).unwrap_or_default();
        // Each name is looked for among those that are locked.
        let names = later.iter().flat_map(Difference::touched);
        for name in names {
            context.file.work.looked(1 + name.len())?;
        }
        let after = after(&lock, later);
        let one = one(context, signature, &lock, after, proven);
        if one.kind == Kind::DocumentTimeStamp
            && one.conclusion <= Conclusion::RevocationUnknown
            && let Some(stamp) = &one.stamp
        {
            proven = Some(proven.map_or(stamp.time, |known| known.min(stamp.time)));
        }
        judged.push(one);
    }
    judged.reverse();
    Ok(judged)
}

fn after(lock: &Lock, later: &[Difference]) -> After {
    let changes = later.iter().map(|each| each.changes).max();
    let changes = changes.unwrap_or(Changes::None);
    let mut touched = later.iter().flat_map(Difference::touched);
    let locked = touched.any(|name| lock.fields.iter().any(|fields| fields.holds(name)));
    // What is seen where no field was foreseen may lie over what was signed.
    let covered = lock.forbids() && later.iter().any(|each| each.shown);
    let most = if lock.closes() {
        Changes::Archival
    } else {
        Changes::Forms
    };
    let changes = if locked || covered {
        Changes::Suspicious
    } else {
        changes
    };
    After {
        changes,
        permitted: changes <= most,
    }
}

fn one(
    context: &Context<'_>,
    signature: &Embedded,
    lock: &Lock,
    after: After,
    proven_later: Option<Timestamp>,
) -> Signature {
    let kind = kind(signature, lock);
    let covered = covered(context.file, signature);
    let coverage = covered
        .as_ref()
        .map_or(Coverage::Unclear, |found| found.coverage);
    let after = after.beyond(coverage);
    let parts = covered.as_ref().map_or([&[][..]; 2], |found| found.parts);
    let read = read(signature, kind, &parts);
    let stamp = stamp(context, &read, proven_later);
    let own = stamp.as_ref().filter(|stamp| {
        kind != Kind::DocumentTimeStamp && stamp.conclusion <= Conclusion::RevocationUnknown
    });
    let proven = own
        .map(|stamp| stamp.time)
        .into_iter()
        .chain(proven_later)
        .min();
    let when = When {
        then: proven.unwrap_or(context.at),
        now: context.at,
    };
    let usage = match kind {
        Kind::DocumentTimeStamp => Usage::TimeStamping,
        _ => Usage::Signing,
    };
    let (chain, revocation) = certificate(context, read.message(), when, usage);
    let mut said = Signature {
        field: signature.field.name.clone(),
        kind,
        signer: read
            .message()
            .map(|message| holder(&message.signer_certificate, &message.signer_der)),
        claimed: claimed(signature, &read),
        proven,
        coverage,
        changes: after.changes,
        permitted: after.permitted,
        intact: read.intact,
        genuine: read.check == Some(Check::Right),
        weak: read.weak,
        chain,
        revocation,
        profile: Profile::Legacy,
        conclusion: Conclusion::Valid,
        stamp,
    };
    said.profile = profile(context, signature, &said, &read);
    said.conclusion = conclude(&said, &read);
    said
}

fn kind(signature: &Embedded, lock: &Lock) -> Kind {
    let dict = signature.value.as_dict();
    let stamp = dict.is_some_and(|dict| {
        is_name(dict, b"Type", b"DocTimeStamp") || is_name(dict, b"SubFilter", b"ETSI.RFC3161")
    });
    match lock.certified {
        _ if stamp => Kind::DocumentTimeStamp,
        Some(permission) => Kind::Certification(permission),
        None => Kind::Approval,
    }
}

fn read(signature: &Embedded, kind: Kind, parts: &[&[u8]]) -> Read {
    let dict = signature.value.as_dict();
    let contents = dict.and_then(|dict| dict.get(b"Contents".as_slice())?.as_text());
    let Some(contents) = contents else {
        return Read::default();
    };
    if kind == Kind::DocumentTimeStamp {
        let Some(token) = Token::read(&contents.bytes) else {
            return Read::default();
        };
        return Read {
            intact: token.agrees_with(parts),
            check: Some(token.message.check_parts(&[token.content()])),
            binds: token.message.binds_certificate(),
            weak: token.is_weak(),
            garbled: false,
            message: None,
            token: Some(token),
        };
    }
    let known = dict.and_then(|dict| dict.get(b"SubFilter".as_slice())?.as_name());
    let detached = matches!(known, Some(b"adbe.pkcs7.detached" | b"ETSI.CAdES.detached"));
    match Message::read(&contents.bytes) {
        Some(message) if detached && message.is_detached() => Read {
            intact: message.agrees_with(parts, DATA),
            check: Some(message.check_parts(parts)),
            binds: message.binds_certificate(),
            weak: message.is_weak(),
            garbled: message
                .stamp()
                .is_some_and(|stamp| Token::read(&stamp).is_none()),
            message: Some(message),
            token: None,
        },
        _ => Read::default(),
    }
}

/// The time stamp in the message, or the one that the signature itself is. Later stamps prove when it
/// was there already.
fn stamp(context: &Context<'_>, read: &Read, proven_later: Option<Timestamp>) -> Option<Stamp> {
    let inner;
    let (token, right) = match (&read.token, &read.message) {
        (Some(token), _) => (token, read.intact),
        (None, Some(message)) => {
            inner = Token::read(&message.stamp()?)?;
            let right = inner.agrees_with(&[message.signature()]);
            (&inner, right)
        }
        (None, None) => return None,
    };
    let when = When {
        then: proven_later.unwrap_or(context.at),
        now: context.at,
    };
    let message = &token.message;
    let (chain, revocation) = certificate(context, Some(message), when, Usage::TimeStamping);
    let trusted = trusted(&chain, revocation);
    Some(Stamp {
        time: token.time,
        authority: Some(holder(&message.signer_certificate, &message.signer_der)),
        conclusion: token
            .fault(right)
            .map_or(trusted, |fault| fault.max(trusted)),
    })
}

fn certificate(
    context: &Context<'_>,
    message: Option<&Message>,
    when: When,
    usage: Usage,
) -> (Chain, Revocation) {
    let untrusted = (Chain::Doubtful(Doubt::Untrusted), Revocation::Unknown);
    let Some(message) = message else {
        return untrusted;
    };
    let mut evidence = context.evidence.clone();
    let (lists, answers) = message.revocation();
    evidence.lists.extend(lists);
    evidence.answers.extend(answers);
    let mut others = message.certificates.clone();
    others.extend(context.evidence.certificates.iter().cloned());
    match path(
        &message.signer_der,
        &others,
        context.trust,
        when.then,
        usage,
    ) {
        Ok(Path {
            certificates,
            anchor,
        }) => (
            Chain::Trusted {
                anchor: anchor.name.clone(),
                root: anchor.root,
            },
            judge(&certificates, &evidence, when),
        ),
        Err(doubt) => (Chain::Doubtful(doubt), Revocation::Unknown),
    }
}

fn trusted(chain: &Chain, revocation: Revocation) -> Conclusion {
    match (chain, revocation) {
        (Chain::Doubtful(doubt), _) => Conclusion::Indeterminate(*doubt),
        (Chain::Trusted { .. }, Revocation::Revoked(_)) => Conclusion::Revoked,
        (Chain::Trusted { .. }, Revocation::Unknown) => Conclusion::RevocationUnknown,
        (Chain::Trusted { .. }, Revocation::Good) => Conclusion::Valid,
    }
}

fn claimed(signature: &Embedded, read: &Read) -> Option<Timestamp> {
    let inside = read.message().and_then(Message::claimed);
    inside.or_else(|| {
        let text = signature.value.as_dict()?.get(b"M".as_slice());
        date(&String::from_utf8_lossy(
            &text.and_then(Value::as_text)?.bytes,
        ))
    })
}

/// `D:20260131235959+07'00'`.
fn date(text: &str) -> Option<Timestamp> {
    let text: String = text.strip_prefix("D:")?.replace('\'', "");
    let (whole, zone) = text.split_at_checked(14)?;
    let zone = match zone {
        "" | "Z" | "Z0000" => "+0000",
        other => other,
    };
    Timestamp::strptime("%Y%m%d%H%M%S%z", format!("{whole}{zone}")).ok()
}

fn profile(context: &Context<'_>, signature: &Embedded, said: &Signature, read: &Read) -> Profile {
    let dict = signature.value.as_dict();
    let pades = dict.is_some_and(|dict| is_name(dict, b"SubFilter", b"ETSI.CAdES.detached"))
        && read.binds == Some(true);
    let stamped = said.stamp.is_some();
    match pades {
        false => Profile::Legacy,
        true if stamped && context.brought => Profile::BaselineLt,
        true if stamped => Profile::BaselineT,
        true => Profile::BaselineB,
    }
}

/// The worst of what was found.
fn conclude(said: &Signature, read: &Read) -> Conclusion {
    let stamped = said
        .stamp
        .as_ref()
        .is_none_or(|stamp| stamp.conclusion <= Conclusion::RevocationUnknown);
    let changed = said.changes == Changes::Suspicious || !said.permitted;
    let found = [
        (said.coverage == Coverage::Unclear).then_some(Conclusion::Broken(Fault::Coverage)),
        read.check
            .is_none()
            .then_some(Conclusion::Broken(Fault::Message)),
        (!read.intact).then_some(Conclusion::Broken(Fault::Digest)),
        (read.check == Some(Check::Wrong)).then_some(Conclusion::Broken(Fault::Signature)),
        (read.binds == Some(false)).then_some(Conclusion::Broken(Fault::SigningCertificate)),
        (!stamped || read.garbled).then_some(Conclusion::Indeterminate(Doubt::TimeStamp)),
        changed.then_some(Conclusion::Changed),
        (read.check == Some(Check::Unsupported))
            .then_some(Conclusion::Indeterminate(Doubt::UnsupportedAlgorithm)),
        read.weak
            .then_some(Conclusion::Indeterminate(Doubt::WeakAlgorithm)),
    ];
    let trusted = trusted(&said.chain, said.revocation);
    // A message that cannot be read says nothing about digests.
    match read.check {
        None => found.into_iter().flatten().next().unwrap_or(trusted),
        Some(_) => found
            .into_iter()
            .flatten()
            .chain([trusted])
            .max()
            .unwrap_or(trusted),
    }
}
