//! Whose post signs without a certificate to sign with, and which agencies have none to seal with.

use std::collections::BTreeMap;

use domain::certificate::{Certificate, Holder, Keys, NotSigning, to_sign_with};
use domain::ids::{StaffId, UnitId};
use domain::office::{Post, Role};
use jiff::civil::DateTime;
use store::{CertificatesOf, Registered, StaffPost};

use crate::no::No;
use crate::state::App;

/// Who or what is without a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// A person, in a post that signs.
    Person {
        /// Who.
        staff: StaffId,
        /// Full name.
        name: String,
        /// As what.
        role: Role,
    },
    /// The agency: its seal.
    Seal,
}

/// A post or an agency without a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingLine {
    /// Where.
    pub unit: UnitId,
    /// Who or what.
    pub who: Missing,
    /// Why what is registered does not do.
    pub why: NotSigning,
}

/// Every post that signs and every agency, of the units that `asked` chooses, without a certificate in
/// force; the seal of an agency first.
///
/// # Errors
/// [`No::Broken`].
pub async fn every_missing(
    app: &App,
    asked: impl Fn(&UnitId) -> bool,
) -> Result<Vec<MissingLine>, No> {
    let now = app.clock().now();
    let held = app.store().posts_that_sign(now.date(), None).await?;
    let found = app
        .store()
        .certificates(CertificatesOf::Everybody, now.date());
    let held = held.into_iter().filter(|held| asked(&held.post.unit));
    Ok(among(app, held.collect(), found.await?))
}

/// The same of these units, whose certificates are `found`.
pub(super) async fn missing_of(
    app: &App,
    units: &[UnitId],
    found: Vec<Registered>,
) -> Result<Vec<MissingLine>, No> {
    let today = app.clock().now().date();
    let held = app.store().posts_that_sign(today, Some(units)).await?;
    Ok(among(app, held, found))
}

fn among(app: &App, held: Vec<StaffPost>, found: Vec<Registered>) -> Vec<MissingLine> {
    let (now, keys) = (app.clock().now(), app.signatures().keys());
    let registered = by_unit(found);
    let mut units: BTreeMap<UnitId, Vec<StaffPost>> = BTreeMap::new();
    for post in held {
        let there = units.entry(post.post.unit.clone()).or_default();
        there.push(post);
    }
    let mut lines = Vec::new();
    for (unit, posts) in units {
        let none = Vec::new();
        let here = registered.get(&unit).unwrap_or(&none);
        lines.extend(of_unit((&unit, &posts), here, (now, keys)));
    }
    lines
}

fn by_unit(found: Vec<Registered>) -> BTreeMap<UnitId, Vec<Certificate>> {
    let mut units: BTreeMap<UnitId, Vec<Certificate>> = BTreeMap::new();
    for registered in found {
        let one = registered.row.certificate;
        units.entry(one.unit.clone()).or_default().push(one);
    }
    units
}

fn of_unit(
    (unit, posts): (&UnitId, &[StaffPost]),
    registered: &[Certificate],
    (now, keys): (DateTime, Keys),
) -> Vec<MissingLine> {
    let why = |post: &Post| to_sign_with(registered, post, now, keys).err();
    let seal = posts.iter().find_map(|held| {
        // A centre that decides nothing seals nothing.
        let seals = matches!(held.post.role, Role::SealClerk | Role::Leader);
        let keeper = Post {
            role: Role::SealClerk,
            ..held.post.clone()
        };
        let why = why(&keeper).filter(|_| seals)?;
        Some((Missing::Seal, why))
    });
    let signs = posts
        .iter()
        .filter(|held| held.post.role != Role::SealClerk);
    let people = signs.filter_map(|held| {
        let who = Missing::Person {
            staff: held.post.staff.clone(),
            name: held.name.clone(),
            role: held.post.role,
        };
        Some((who, why(&held.post)?))
    });
    let line = |(who, why)| MissingLine {
        unit: unit.clone(),
        who,
        why,
    };
    seal.into_iter().chain(people).map(line).collect()
}

/// Whether the certificate has a successor among those registered: another one of the same holder that
/// lasts longer and was not ended.
pub(super) fn succeeded(one: &Certificate, all: &[Registered]) -> bool {
    let same = |other: &Certificate| {
        let holder: &Holder = &other.holder;
        other.unit == one.unit && *holder == one.holder && other.ended.is_none()
    };
    let mut all = all.iter().map(|other| &other.row.certificate);
    all.any(|other| same(other) && one.valid_to < other.valid_to)
}
