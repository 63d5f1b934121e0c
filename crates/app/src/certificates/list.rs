//! The register as its readers see it: administrators that of their units, everybody else the own
//! certificates and the seal that she keeps.

use domain::certificate::{Holder, Stage};
use domain::delegation::SIGNING;
use domain::ids::{CertificateId, UnitId};
use domain::office::{Role, Unit};
use domain::text::fold;
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};
use store::{AuditLine, Audited, CertificateScope, CertificatesOf, EndedKey, Registered};

use super::missing::{MissingLine, missing_of};
use super::record::Private;
use super::register::kept;
use super::warned;
use crate::absence::line;
use crate::access::{Actor, may_end_certificate, may_see_certificate};
use crate::no::{Denied, No};
use crate::state::App;

/// Certificates of a page of what was ended.
const PAGE: u32 = 50;
/// Days for which what was ended explains what is missing.
const LATELY: i64 = 180;
/// Lines of a certificate's history on its page.
const HISTORY: u32 = 20;

/// Which part of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    /// Everything that was not ended.
    #[default]
    All,
    /// What may be signed with.
    Valid,
    /// What is nearly over.
    Expiring,
    /// What is over.
    Expired,
    /// What is missing.
    Missing,
    /// What was taken out of use, or is of a post that is not held.
    Ended,
}

impl Part {
    /// Every part, in the order of the page.
    pub const ALL: [Self; 6] = [
        Self::All,
        Self::Valid,
        Self::Expiring,
        Self::Expired,
        Self::Missing,
        Self::Ended,
    ];

    /// Its name in addresses and message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Valid => "valid",
            Self::Expiring => "expiring",
            Self::Expired => "expired",
            Self::Missing => "missing",
            Self::Ended => "ended",
        }
    }

    /// The part of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.as_str() == name)
    }

    fn has(self, stage: Stage) -> bool {
        match self {
            Self::All => stage != Stage::Ended,
            Self::Valid => stage.signs(),
            Self::Expiring => stage == Stage::Expiring,
            Self::Expired => stage == Stage::Expired,
            Self::Missing => false,
            // What was ended is read apart, a page at a time.
            Self::Ended => stage == Stage::NoPost,
        }
    }
}

/// What is asked of the register.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CertificateQuery {
    /// One unit; all that the actor keeps when none is named.
    pub unit: Option<UnitId>,
    /// Which part.
    pub part: Part,
    /// Continue after this one, of those that were ended.
    pub after: Option<EndedKey>,
}

/// A certificate on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateLine {
    /// The certificate.
    pub registered: Registered,
    /// Where it stands.
    pub stage: Stage,
}

/// The register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateList {
    /// The unit that was asked for.
    pub unit: Option<Unit>,
    /// The units that the actor keeps, by name; none for who sees her own alone.
    pub units: Vec<Unit>,
    /// Which part.
    pub part: Part,
    /// How many there are in each part.
    pub counts: Vec<(Part, usize)>,
    /// What ends first before the rest; of what was ended, the last one first.
    pub lines: Vec<CertificateLine>,
    /// Where the next page of what was ended begins.
    pub next: Option<EndedKey>,
    /// What is missing; for that part alone.
    pub missing: Vec<MissingLine>,
    /// Days before its end from which a certificate is warned of.
    pub warned: u32,
    /// Now, once for the page.
    pub now: DateTime,
}

/// Whether the actor has a use for the register: who keeps it, signs or seals.
pub fn sees(actor: &Actor) -> bool {
    let signs = |(_, role): &(UnitId, Role)| SIGNING.contains(role) || *role == Role::SealClerk;
    actor.is(Role::Administrator) || actor.posts.iter().any(signs)
}

/// A part of the register.
///
/// # Errors
/// [`No::Denied`], unseen, for a unit of others; [`No::Broken`].
pub async fn certificates(
    app: &App,
    actor: &Actor,
    query: &CertificateQuery,
) -> Result<CertificateList, No> {
    let now = app.clock().now();
    let mut units = kept(app, actor);
    let asked = query.unit.as_ref();
    let unit = asked.map(|asked| units.iter().find(|unit| unit.id == *asked).cloned());
    let unit = unit.map(|found| found.ok_or(Denied::Unseen)).transpose()?;
    let scope = scope(actor, (&units, unit.as_ref()));
    let wide = |id: &UnitId| scope.units.contains(id);
    let known = known(app, actor, &scope, now).await?;
    let missing = missing_of(app, &at(actor, &scope), known.clone()).await?;
    let missing = missing
        .into_iter()
        .filter(|line| wide(&line.unit) || (unit.is_none() && is_own(actor, line)));
    let missing: Vec<MissingLine> = missing.collect();
    let seen = |registered: &Registered| {
        let one = &registered.row.certificate;
        wide(&one.unit) || (unit.is_none() && may_see_certificate(actor, one, &[]).is_ok())
    };
    let warned = warned(app, now.date());
    let line = |one| staged(one, now, warned);
    let lines: Vec<CertificateLine> = known.into_iter().filter(seen).map(line).collect();
    let ended = app.store().ended_certificate_count(&scope, now).await?;
    let counts = counted(
        &lines,
        missing.len(),
        usize::try_from(ended).unwrap_or(usize::MAX),
    );
    units.sort_by_cached_key(|unit| fold(&unit.name));
    let mut lines: Vec<CertificateLine> = lines
        .into_iter()
        .filter(|line| query.part.has(line.stage) && query.after.is_none())
        .collect();
    let mut next = None;
    if query.part == Part::Ended {
        let asked = (query.after.as_ref(), PAGE.saturating_add(1));
        let mut page = app.store().ended_certificates(&scope, now, asked).await?;
        if page.len() > PAGE as usize {
            page.truncate(PAGE as usize);
            next = page.last().and_then(EndedKey::of);
        }
        lines.extend(page.into_iter().map(line));
    }
    let shows_missing = query.part == Part::Missing;
    Ok(CertificateList {
        lines,
        next,
        missing: if shows_missing { missing } else { Vec::new() },
        counts,
        part: query.part,
        warned,
        unit,
        units,
        now,
    })
}

/// How many there are in each part; what is missing and what was ended are not among the lines.
fn counted(lines: &[CertificateLine], missing: usize, ended: usize) -> Vec<(Part, usize)> {
    let counts = Part::ALL.map(|part| {
        let those = lines.iter().filter(|line| part.has(line.stage)).count();
        let beside = match part {
            Part::Missing => missing,
            Part::Ended => ended,
            Part::All | Part::Valid | Part::Expiring | Part::Expired => 0,
        };
        (part, those.saturating_add(beside))
    });
    counts.into()
}

/// What the actor sees: everything of the units that she keeps, her own, and the seals that she keeps.
fn scope(actor: &Actor, (kept, unit): (&[Unit], Option<&Unit>)) -> CertificateScope {
    if let Some(unit) = unit {
        return CertificateScope {
            units: vec![unit.id.clone()],
            ..CertificateScope::default()
        };
    }
    let seals = actor.posts.iter();
    let seals = seals.filter(|(_, role)| *role == Role::SealClerk);
    CertificateScope {
        units: kept.iter().map(|unit| unit.id.clone()).collect(),
        staff: Some(actor.staff.clone()),
        seals: seals.map(|(unit, _)| unit.clone()).collect(),
    }
}

/// The units of the scope, and those of the actor's own posts where it is not that of one unit.
fn at(actor: &Actor, scope: &CertificateScope) -> Vec<UnitId> {
    let own = actor.posts.iter().filter(|_| scope.staff.is_some());
    let own = own.map(|(unit, _)| unit.clone());
    let mut units: Vec<UnitId> = scope.units.iter().cloned().chain(own).collect();
    units.sort();
    units.dedup();
    units
}

/// What is in use there, and what was ended so lately that it explains what is missing.
async fn known(
    app: &App,
    actor: &Actor,
    scope: &CertificateScope,
    now: DateTime,
) -> Result<Vec<Registered>, No> {
    let wider = CertificateScope {
        units: at(actor, scope),
        ..scope.clone()
    };
    let since = now.saturating_sub(LATELY.days());
    let found = app.store().certificates_in_use(&wider, (now.date(), since));
    Ok(found.await?)
}

/// Whether what is missing is the actor's own, or the seal that the actor keeps.
fn is_own(actor: &Actor, line: &MissingLine) -> bool {
    match &line.who {
        super::Missing::Person { staff, .. } => *staff == actor.staff,
        super::Missing::Seal => actor.holds(Role::SealClerk, &line.unit),
    }
}

/// Certificates with where they stand, what ends first before the rest.
///
/// # Errors
/// [`No::Broken`].
pub async fn every_certificate(
    app: &App,
    of: CertificatesOf<'_>,
) -> Result<Vec<CertificateLine>, No> {
    let now = app.clock().now();
    let found = app.store().certificates(of, now.date()).await?;
    let warned = warned(app, now.date());
    Ok(found
        .into_iter()
        .map(|one| staged(one, now, warned))
        .collect())
}

fn staged(registered: Registered, now: DateTime, warned: u32) -> CertificateLine {
    let held = held(&registered, now.date());
    let stage = registered.row.certificate.stage(held, now, warned);
    CertificateLine { registered, stage }
}

fn held(registered: &Registered, today: Date) -> bool {
    registered.post_last.is_some_and(|last| today <= last)
}

/// A certificate on its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificatePage {
    /// The certificate, and where it stands.
    pub line: CertificateLine,
    /// Whether it is a person's.
    pub person: bool,
    /// What a signing service knows its holder by, masked; empty for other keys.
    pub credential: String,
    /// Certificates of its issuers that came with it.
    pub issuers: usize,
    /// Whether the actor may take it out of use.
    pub may_end: bool,
    /// What was done to it lately, newest first.
    pub history: Vec<Audited>,
    /// Days before its end from which it is warned of.
    pub warned: u32,
    /// Now, once for the page.
    pub now: DateTime,
}

/// A certificate. That somebody else reads a person's is logged.
///
/// # Errors
/// [`No::Denied`], unseen; [`No::Broken`].
pub async fn certificate_page(
    app: &App,
    actor: &Actor,
    id: &CertificateId,
) -> Result<CertificatePage, No> {
    let now = app.clock().now();
    let found = app.store().certificate(id, now.date()).await?;
    let found = found.ok_or(Denied::Unseen)?;
    let one = &found.row.certificate;
    let above = line(app, &one.unit);
    let permit = may_see_certificate(actor, one, &above)?;
    let person = one.holder != Holder::Agency;
    let history = app.store().last_audited(id.as_str(), HISTORY).await?;
    if person && permit.right() != "own" {
        let read = AuditLine {
            actor: permit.by().to_string(),
            action: "certificate.read".to_owned(),
            subject: id.to_string(),
            purpose: permit.right().to_owned(),
            detail: String::new(),
        };
        app.store().audit(now, vec![read]).await?;
    }
    let private = Private::open(app.keys(), id, &found.row.sealed)?;
    let warned = warned(app, now.date());
    Ok(CertificatePage {
        credential: private.masked(),
        issuers: private.chain()?.len().saturating_sub(1),
        may_end: one.ended.is_none_or(|ended| now < ended.from)
            && may_end_certificate(actor, one, &above).is_ok(),
        line: staged(found, now, warned),
        person,
        history,
        warned,
        now,
    })
}
