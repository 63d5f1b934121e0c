//! Scans of components: what may be digitised, and what may not (TT 01/2023/TT-VPCP).

use crate::dossier::commands::CommandKind;
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::filed::{Filed, Handed, HandedAs, Scan, ScanMade};
use crate::dossier::refusal::Refusal;
use crate::dossier::state::Dossier;
use crate::procedure::{Case, Component};

use super::Judged;

impl Dossier {
    pub(super) fn scan(&self, scan: &Scan, facts: &Facts<'_>) -> Judged {
        let filed = &self.unsettled(CommandKind::Scan)?.filed;
        let case = facts.procedure.case(filed.case);
        judge_scan(scan, filed, case.ok_or(Refusal::NoSuchCase)?)?;
        Ok(vec![Event::ComponentScanned(ScanMade {
            at: facts.now,
            by: facts.by.clone(),
            behalf: facts.behalf(),
            scan: scan.clone(),
        })])
    }
}

impl Filed {
    /// Components of the case that may be scanned now, those that have a scan among them.
    pub fn to_scan<'a>(&'a self, case: &'a Case) -> impl Iterator<Item = &'a Component> {
        let listed = case.components.iter();
        listed.filter(|component| judge_listed(component, self).is_ok())
    }
}

/// A scan is of a component of the case that is there on paper.
fn judge_scan(scan: &Scan, filed: &Filed, case: &Case) -> Result<(), Refusal> {
    let component = scan.component;
    let mut listed = case.components.iter();
    let listed = listed.find(|listed| listed.number == component);
    let listed = listed.ok_or(Refusal::NotPublished { component })?;
    judge_listed(listed, filed)
}

fn judge_listed(listed: &Component, filed: &Filed) -> Result<(), Refusal> {
    let component = listed.number;
    let mut there = filed.handed.iter();
    let there = there.find(|there| there.component == component);
    match there.map(|there| &there.handed) {
        Some(HandedAs::Paper | HandedAs::Scanned { .. }) => judge_paper(listed, filed),
        Some(HandedAs::Seen) => Err(Refusal::ScanOfShown { component }),
        Some(HandedAs::Read { .. } | HandedAs::Reused { .. }) => {
            Err(Refusal::ScanOfShared { component })
        }
        None if filed.held(listed).is_some() => Err(Refusal::ScanOfShared { component }),
        Some(HandedAs::Attached { .. }) | None => Err(Refusal::ScanOfNothing { component }),
    }
}

/// What came with its scan may be digitised too.
pub(super) fn judge_scans(handed: &[Handed], filed: &Filed, case: &Case) -> Result<(), Refusal> {
    let is_scanned = |number: u16| {
        let mut there = handed.iter().filter(|one| one.component == number);
        there.any(|one| matches!(one.handed, HandedAs::Scanned { .. }))
    };
    let mut scanned = case.components.iter().filter(|c| is_scanned(c.number));
    scanned.try_for_each(|component| judge_paper(component, filed))
}

/// What a database shares with legal value is not digitised, nor are copies.
fn judge_paper(listed: &Component, filed: &Filed) -> Result<(), Refusal> {
    let component = listed.number;
    if filed.held(listed).is_some() {
        return Err(Refusal::ScanOfShared { component });
    }
    if !listed.is_digitised() {
        return Err(Refusal::ScanOfCopy { component });
    }
    Ok(())
}
