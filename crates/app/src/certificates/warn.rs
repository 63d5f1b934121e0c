//! What somebody is warned of: certificates that are nearly over and have no successor, and what is
//! missing; of the own ones, of the seal that she keeps, and of the units that she keeps.

use domain::certificate::Stage;
use jiff::civil::DateTime;
use store::Registered;

use super::list::{CertificateQuery, Part, certificates, sees};
use super::missing::succeeded;
use crate::access::Actor;
use crate::no::No;
use crate::state::App;

/// What somebody is warned of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CertificateWarning {
    /// Certificates that are nearly over.
    pub expiring: usize,
    /// When the first of them ends.
    pub soonest: Option<DateTime>,
    /// Posts that sign and agencies that seal without a certificate.
    pub missing: usize,
}

impl CertificateWarning {
    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.expiring == 0 && self.missing == 0
    }
}

/// What the actor is warned of.
///
/// # Errors
/// [`No::Broken`].
pub async fn warning(app: &App, actor: &Actor) -> Result<CertificateWarning, No> {
    if !sees(actor) {
        return Ok(CertificateWarning::default());
    }
    let query = CertificateQuery {
        part: Part::Valid,
        unit: None,
        after: None,
    };
    let list = certificates(app, actor, &query).await?;
    let missing = list.counts.iter().find(|(part, _)| *part == Part::Missing);
    let all: Vec<Registered> = list
        .lines
        .iter()
        .map(|line| line.registered.clone())
        .collect();
    let ending = list
        .lines
        .iter()
        .filter(|line| line.stage == Stage::Expiring);
    let ending = ending.map(|line| &line.registered.row.certificate);
    let ending = ending.filter(|one| !succeeded(one, &all));
    let ends: Vec<DateTime> = ending.map(|one| one.valid_to).collect();
    Ok(CertificateWarning {
        expiring: ends.len(),
        soonest: ends.first().copied(),
        missing: missing.map_or(0, |(_, count)| *count),
    })
}
