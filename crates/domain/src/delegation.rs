//! Delegation (ủy quyền, cử người thay): who does the work of an absent person, in which post, on
//! which days, and whether the authority to sign goes with it.
//!
//! An absence in which nobody stands in is kept alike: then no authority moves, and whoever leads
//! the absent person hands her work out.
//!
//! Nothing is handed over and nothing is handed back: who stands in for whom is read off the days
//! whenever work is offered or done, so that everything returns by itself the day after the last.
//! This module must not know what a role may do to a dossier.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{StaffId, UnitId};
use crate::office::{Post, Role};
use crate::rules::Rule;

/// Roles whose work somebody else may do meanwhile. Accounts, oversight and the post's own staff
/// are not stood in for: their posts are given by an administrator.
pub const DELEGABLE: [Role; 5] = [
    Role::ReceptionClerk,
    Role::CaseOfficer,
    Role::Leader,
    Role::SealClerk,
    Role::CentreDirector,
];

/// Roles that sign, and to which alone signing may be delegated (NĐ 30/2020/NĐ-CP Điều 13).
pub const SIGNING: [Role; 2] = [Role::Leader, Role::CentreDirector];

/// One post of an absent person, done by somebody else for a time, or by nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    /// Who is away.
    pub from: StaffId,
    /// Who stands in; none where nobody does.
    pub to: Option<StaffId>,
    /// Unit of the post.
    pub unit: UnitId,
    /// Role of the post.
    pub role: Role,
    /// First day.
    pub first: Date,
    /// Last day; the work returns by itself the day after.
    pub last: Date,
    /// Whether approving and signing go with it.
    pub signing: bool,
}

/// The world in which a delegation is judged, gathered by the caller.
#[derive(Debug, Clone, Copy)]
pub struct DelegationFacts<'a> {
    /// Today.
    pub today: Date,
    /// Who gives it.
    pub by: &'a StaffId,
    /// Calendar days that one may last, a parameter.
    pub most_days: u32,
    /// Every post of the absent person.
    pub absent: &'a [Post],
    /// Every post of the delegate; none where nobody stands in.
    pub delegate: &'a [Post],
    /// The unit of the post and those above it.
    pub line: &'a [UnitId],
    /// Delegations of both persons that were not ended.
    pub others: &'a [Delegation],
}

/// Why a delegation is not lawful.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotDelegated {
    /// It ends before it begins.
    EndsBeforeItBegins,
    /// It would begin in the past: what was done since would change its maker.
    Past,
    /// It lasts longer than one may.
    TooLong {
        /// Calendar days that one may last.
        most: u32,
    },
    /// The role is not stood in for.
    NotDelegable,
    /// The absent person does not hold the post on all of these days: what was received by
    /// delegation, or ends before, is not passed on.
    NotOwnPost,
    /// To oneself.
    Oneself,
    /// The delegate has no post in the unit or above it on all of these days.
    Stranger,
    /// The delegate is away on one of these days.
    DelegateAway {
        /// Until when.
        last: Date,
    },
    /// The absent person stands in for somebody on one of these days.
    StandsIn {
        /// Until when.
        last: Date,
    },
    /// Somebody stands in for this post already on one of these days.
    Taken {
        /// Until when.
        last: Date,
    },
    /// That the post is nobody's meanwhile is recorded already for one of these days.
    Recorded {
        /// Until when.
        last: Date,
    },
    /// Authority to sign is given by its holder alone.
    SigningOfAnother,
    /// The post has no authority to sign.
    NothingToSign,
    /// The delegate holds no post that signs, or nobody stands in.
    MayNotSign,
}

impl Delegation {
    /// Whether it runs on `day`.
    pub fn runs(&self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }

    /// Whether both run on one day.
    fn meets(&self, other: &Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// Judges a delegation that is about to be given.
    ///
    /// # Errors
    /// The first [`NotDelegated`]: days, post, delegate, signing, others.
    pub fn judge(&self, facts: &DelegationFacts<'_>) -> Result<(), NotDelegated> {
        self.judge_days(facts)?;
        self.judge_post(facts)?;
        self.judge_delegate(facts)?;
        self.judge_signing(facts)?;
        self.judge_others(facts.others)
    }

    fn judge_days(&self, facts: &DelegationFacts<'_>) -> Result<(), NotDelegated> {
        if self.last < self.first {
            return Err(NotDelegated::EndsBeforeItBegins);
        }
        if self.first < facts.today {
            return Err(NotDelegated::Past);
        }
        let most = facts.most_days;
        let end = self.first.saturating_add(i64::from(most).days());
        // An absence alone passes nothing on, however long it is.
        if self.to.is_some() && self.last >= end {
            return Err(NotDelegated::TooLong { most });
        }
        Ok(())
    }

    fn judge_post(&self, facts: &DelegationFacts<'_>) -> Result<(), NotDelegated> {
        if !DELEGABLE.contains(&self.role) {
            return Err(NotDelegated::NotDelegable);
        }
        let this = |post: &Post| post.unit == self.unit && post.role == self.role;
        if self.held_throughout(facts.absent, this) {
            Ok(())
        } else {
            Err(NotDelegated::NotOwnPost)
        }
    }

    fn judge_delegate(&self, facts: &DelegationFacts<'_>) -> Result<(), NotDelegated> {
        let Some(to) = &self.to else {
            return Ok(());
        };
        if *to == self.from {
            return Err(NotDelegated::Oneself);
        }
        let near = |post: &Post| DELEGABLE.contains(&post.role) && facts.line.contains(&post.unit);
        if self.held_throughout(facts.delegate, near) {
            Ok(())
        } else {
            Err(NotDelegated::Stranger)
        }
    }

    /// Nobody is away and stands in on one day, so no chain is longer than one and none closes. Who
    /// is away with nobody in her place may be given a delegate later.
    fn judge_others(&self, others: &[Self]) -> Result<(), NotDelegated> {
        let meeting = || others.iter().filter(|other| self.meets(other));
        let same = |other: &&Self| {
            other.from == self.from && other.unit == self.unit && other.role == self.role
        };
        if let Some(other) = meeting().find(|other| self.to.as_ref() == Some(&other.from)) {
            return Err(NotDelegated::DelegateAway { last: other.last });
        }
        if let Some(other) = meeting().find(|other| other.to.as_ref() == Some(&self.from)) {
            return Err(NotDelegated::StandsIn { last: other.last });
        }
        if let Some(other) = meeting().filter(same).find(|other| other.to.is_some()) {
            return Err(NotDelegated::Taken { last: other.last });
        }
        match meeting().find(same) {
            Some(other) if self.to.is_none() => Err(NotDelegated::Recorded { last: other.last }),
            Some(_) | None => Ok(()),
        }
    }

    fn judge_signing(&self, facts: &DelegationFacts<'_>) -> Result<(), NotDelegated> {
        if !self.signing {
            return Ok(());
        }
        if !SIGNING.contains(&self.role) {
            return Err(NotDelegated::NothingToSign);
        }
        if *facts.by != self.from {
            return Err(NotDelegated::SigningOfAnother);
        }
        let signs = |post: &Post| SIGNING.contains(&post.role) && facts.line.contains(&post.unit);
        if self.to.is_some() && self.held_throughout(facts.delegate, signs) {
            Ok(())
        } else {
            Err(NotDelegated::MayNotSign)
        }
    }

    /// Whether a post that `fits` is held on each of the days.
    fn held_throughout(&self, posts: &[Post], fits: impl Fn(&Post) -> bool) -> bool {
        let fitting: Vec<&Post> = posts.iter().filter(|post| fits(post)).collect();
        let days = self.first.series(1.day());
        days.take_while(|day| *day <= self.last)
            .all(|day| fitting.iter().any(|post| post.held_on(day)))
    }
}

impl NotDelegated {
    /// The rule that says no.
    pub fn rule(self) -> Rule {
        match self {
            Self::EndsBeforeItBegins | Self::Past | Self::TooLong { .. } => Rule::DelegationDated,
            Self::NotDelegable | Self::NotOwnPost => Rule::DelegationOfOwnPost,
            Self::Oneself | Self::Stranger => Rule::DelegateFits,
            Self::DelegateAway { .. } | Self::StandsIn { .. } => Rule::DelegatePresent,
            Self::Taken { .. } | Self::Recorded { .. } => Rule::OneDelegate,
            Self::NothingToSign | Self::MayNotSign | Self::SigningOfAnother => Rule::SigningStated,
        }
    }

    /// Its name in the message catalogue.
    pub fn key(self) -> &'static str {
        match self {
            Self::EndsBeforeItBegins => "ends_before_it_begins",
            Self::Past => "past",
            Self::TooLong { .. } => "too_long",
            Self::NotDelegable => "not_delegable",
            Self::NotOwnPost => "not_own_post",
            Self::Oneself => "oneself",
            Self::Stranger => "stranger",
            Self::DelegateAway { .. } => "delegate_away",
            Self::StandsIn { .. } => "stands_in",
            Self::Taken { .. } => "taken",
            Self::Recorded { .. } => "recorded",
            Self::SigningOfAnother => "signing_of_another",
            Self::NothingToSign => "nothing_to_sign",
            Self::MayNotSign => "may_not_sign",
        }
    }
}

#[cfg(test)]
mod tests;
