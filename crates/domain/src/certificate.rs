//! Certificates of digital signatures (chứng thư chữ ký số): whose they are, in which post, from when
//! to when, where the key lies, and whether one may sign with them now.
//!
//! A person's certificate follows a post: the right to sign with it begins and ends with the days of
//! the post, whatever the certificate itself says. An agency's, its seal, is used by whoever keeps the
//! seal there. This module must not know how a signature is made or what it is put on.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::ids::{CertificateId, StaffId, UnitId};
use crate::office::{Post, Role};
use crate::rules::Rule;

/// Whose a certificate is, at its unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// A person's, in one post.
    Person {
        /// Who.
        staff: StaffId,
        /// As what.
        role: Role,
    },
    /// The agency's own: its seal.
    Agency,
}

/// Where the private key of a certificate lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyAt {
    /// On a PKCS#11 token at the server.
    Token {
        /// Label of the token.
        token: String,
        /// Identifier of the key on it (`CKA_ID`), hexadecimal digits.
        key: String,
    },
    /// At a remote signing service.
    Remote {
        /// Name of the service in the configuration.
        service: String,
        /// What the service knows the key or its holder by; with some it is an identity number.
        credential: String,
    },
    /// On the government's token, which is plugged in at the person's own desk.
    LocalToken,
    /// A file of the demonstration, which signs nothing elsewhere.
    Soft,
}

impl KeyAt {
    /// Its name in messages and forms.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Token { .. } => "token",
            Self::Remote { .. } => "remote",
            Self::LocalToken => "local_token",
            Self::Soft => "soft",
        }
    }
}

/// Why a certificate signs no more before its time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// Another one took its place.
    Replaced,
    /// Its holder left the post or changed it.
    PostChanged,
    /// Its issuer revoked it.
    Revoked,
    /// The key was lost or came into strange hands.
    KeyLost,
    /// It was registered by mistake.
    Mistake,
}

impl EndReason {
    /// Every reason, in the order of the form.
    pub const ALL: [Self; 5] = [
        Self::Replaced,
        Self::PostChanged,
        Self::Revoked,
        Self::KeyLost,
        Self::Mistake,
    ];

    /// Its name on disk and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Replaced => "replaced",
            Self::PostChanged => "post_changed",
            Self::Revoked => "revoked",
            Self::KeyLost => "key_lost",
            Self::Mistake => "mistake",
        }
    }

    /// The reason of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.as_str() == name)
    }
}

/// That a certificate was taken out of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// From this moment on nothing is signed with it.
    pub from: DateTime,
    /// Why.
    pub why: EndReason,
}

/// A registered certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Which.
    pub id: CertificateId,
    /// Unit of the post, or the agency itself.
    pub unit: UnitId,
    /// Whose.
    pub holder: Holder,
    /// Its subject as written in it, identity numbers masked.
    pub subject: String,
    /// Name of its issuer.
    pub issuer: String,
    /// Serial number at its issuer, hexadecimal digits.
    pub serial: String,
    /// First moment of validity, time of Viet Nam.
    pub valid_from: DateTime,
    /// Last moment of validity, time of Viet Nam.
    pub valid_to: DateTime,
    /// Where its key lies.
    pub key: KeyAt,
    /// That it was taken out of use, and why.
    pub ended: Option<Ended>,
}

/// With which keys is signed here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// With keys on devices and at services alone.
    Guarded,
    /// With those of the demonstration too.
    Demonstration,
}

/// Where a certificate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Its time begins later.
    ToCome,
    /// It may be signed with.
    Valid,
    /// The same, and its time is nearly over.
    Expiring,
    /// Its time is over.
    Expired,
    /// Its holder does not hold the post today.
    NoPost,
    /// It was taken out of use.
    Ended,
}

impl Stage {
    /// Its name in addresses and message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ToCome => "to_come",
            Self::Valid => "valid",
            Self::Expiring => "expiring",
            Self::Expired => "expired",
            Self::NoPost => "no_post",
            Self::Ended => "ended",
        }
    }

    /// Whether it may be signed with.
    pub fn signs(self) -> bool {
        matches!(self, Self::Valid | Self::Expiring)
    }
}

/// Why something is not signed with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSigning {
    /// None is registered for the post.
    None,
    /// Its time begins later.
    NotYet {
        /// When.
        from: DateTime,
    },
    /// Its time is over.
    Expired {
        /// Since when.
        since: DateTime,
    },
    /// It was taken out of use.
    Ended {
        /// When and why.
        ended: Ended,
    },
    /// It is somebody else's, or of another post.
    OtherPost,
    /// The post is over.
    PostEnded {
        /// Its last day.
        last: Date,
    },
    /// The post begins later.
    PostToCome {
        /// Its first day.
        from: Date,
    },
    /// The seal of an agency is used by who keeps it there.
    NotSealClerk,
    /// The key is a file of the demonstration.
    SoftKey,
}

impl NotSigning {
    /// The rule that says no.
    pub fn rule(self) -> Rule {
        match self {
            Self::None | Self::NotYet { .. } | Self::Expired { .. } | Self::Ended { .. } => {
                Rule::CertificateValid
            }
            Self::OtherPost | Self::PostEnded { .. } | Self::PostToCome { .. } => {
                Rule::CertificateOfPost
            }
            Self::NotSealClerk => Rule::SealKept,
            Self::SoftKey => Rule::KeyGuarded,
        }
    }

    /// Its name in the message catalogue.
    pub fn key(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::NotYet { .. } => "not_yet",
            Self::Expired { .. } => "expired",
            Self::Ended { .. } => "ended",
            Self::OtherPost => "other_post",
            Self::PostEnded { .. } => "post_ended",
            Self::PostToCome { .. } => "post_to_come",
            Self::NotSealClerk => "not_seal_clerk",
            Self::SoftKey => "soft_key",
        }
    }
}

impl Certificate {
    /// Where it stands at `now`. `held` says whether its holder holds the post today; `warned` is the
    /// number of days before its end from which it is nearly over.
    pub fn stage(&self, held: bool, now: DateTime, warned: u32) -> Stage {
        let near = now.saturating_add(i64::from(warned).days());
        match self.in_force(now) {
            Err(NotSigning::Ended { .. }) => Stage::Ended,
            Err(NotSigning::NotYet { .. }) => Stage::ToCome,
            Err(_) => Stage::Expired,
            Ok(()) if !held && self.holder != Holder::Agency => Stage::NoPost,
            Ok(()) if self.valid_to <= near => Stage::Expiring,
            Ok(()) => Stage::Valid,
        }
    }

    fn in_force(&self, now: DateTime) -> Result<(), NotSigning> {
        if let Some(ended) = self.ended.filter(|ended| ended.from <= now) {
            return Err(NotSigning::Ended { ended });
        }
        if now < self.valid_from {
            let from = self.valid_from;
            return Err(NotSigning::NotYet { from });
        }
        if self.valid_to < now {
            let since = self.valid_to;
            return Err(NotSigning::Expired { since });
        }
        Ok(())
    }

    fn fits(&self, post: &Post) -> Result<(), NotSigning> {
        let here = self.unit == post.unit;
        match &self.holder {
            Holder::Agency if here && post.role == Role::SealClerk => Ok(()),
            Holder::Agency => Err(NotSigning::NotSealClerk),
            Holder::Person { staff, role }
                if here && *staff == post.staff && *role == post.role =>
            {
                Ok(())
            }
            Holder::Person { .. } => Err(NotSigning::OtherPost),
        }
    }
}

/// Whether who holds `post` may sign with the certificate at `now`. Who stands in for somebody signs
/// with a certificate and in a post of her own.
///
/// # Errors
/// The first [`NotSigning`]: whose it is, the days of the post, those of the certificate, the key.
pub fn may_sign(
    certificate: &Certificate,
    post: &Post,
    now: DateTime,
    keys: Keys,
) -> Result<(), NotSigning> {
    certificate.fits(post)?;
    let today = now.date();
    if today < post.valid_from {
        let from = post.valid_from;
        return Err(NotSigning::PostToCome { from });
    }
    if let Some(last) = post.valid_to.filter(|last| *last < today) {
        return Err(NotSigning::PostEnded { last });
    }
    certificate.in_force(now)?;
    if certificate.key == KeyAt::Soft && keys == Keys::Guarded {
        return Err(NotSigning::SoftKey);
    }
    Ok(())
}

/// The certificate with which who holds `post` signs at `now`, out of those registered: the one that
/// lasts longest.
///
/// # Errors
/// Why not: of the certificate of the post that lasted longest, or [`NotSigning::None`].
pub fn to_sign_with<'a>(
    registered: &'a [Certificate],
    post: &Post,
    now: DateTime,
    keys: Keys,
) -> Result<&'a Certificate, NotSigning> {
    let fitting = registered.iter().filter(|one| one.fits(post).is_ok());
    let judged = fitting.map(|one| (may_sign(one, post, now, keys), one));
    let best = judged.max_by_key(|(may, one)| (may.is_ok(), one.ended.is_none(), one.valid_to));
    match best {
        None => Err(NotSigning::None),
        Some((Ok(()), one)) => Ok(one),
        Some((Err(why), _)) => Err(why),
    }
}

#[cfg(test)]
mod tests;
