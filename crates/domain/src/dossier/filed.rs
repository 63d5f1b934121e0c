//! What was filed: references and choices, no personal data.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::ids::{DossierId, FileHash, PartyId, ProcedureCode, StaffId, UnitId};
use crate::money::Dong;
use crate::procedure::{Certified, Channel, Component, Database, is_false};

use super::course::{Corrects, Lookup};

/// For whom the applicant acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mandate {
    /// For herself or himself: applicant and owner are one.
    Own,
    /// For a relative, where the procedure needs no written authorisation.
    Relative,
    /// By written authorisation, which the clerk saw.
    Authorised,
    /// For another, without showing an authorisation.
    Missing,
}

/// How the applicant pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payment {
    /// Thu trước.
    Before,
    /// Thu sau.
    After,
    /// Miễn phí.
    Free,
}

/// How the applicant wants the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// At the centre, with the electronic copy.
    Centre,
    /// By public post.
    Post,
    /// Electronically alone.
    Electronic,
}

/// In which form a component is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "as")]
pub enum HandedAs {
    /// The paper was seen and compared; nothing is kept.
    Seen,
    /// The paper was handed in.
    Paper,
    /// Scanned into the dossier.
    Scanned {
        /// The scan.
        file: FileHash,
        /// Pages.
        pages: u16,
        /// Whether the paper was handed in too.
        #[serde(default, skip_serializing_if = "is_false")]
        paper: bool,
    },
    /// Attached by the applicant who filed online herself: nobody of the office digitised it.
    Attached {
        /// The document.
        file: FileHash,
    },
    /// From the person's own store.
    Reused {
        /// The document.
        file: FileHash,
        /// The dossier whose result it is; none where only its document was noted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<DossierId>,
    },
    /// Read from a database.
    Read {
        /// Which.
        from: Database,
    },
}

/// A component that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    /// Its number in the case.
    pub component: u16,
    /// Its form.
    #[serde(flatten)]
    pub handed: HandedAs,
}

impl HandedAs {
    /// Whether paper lies in the dossier, which is given back or handed over with it.
    pub fn is_kept_paper(&self) -> bool {
        match self {
            Self::Paper | Self::Scanned { paper: true, .. } => true,
            Self::Seen
            | Self::Scanned { paper: false, .. }
            | Self::Attached { .. }
            | Self::Reused { .. }
            | Self::Read { .. } => false,
        }
    }

    /// The same once it was scanned; what is no paper stays as it is.
    #[must_use]
    pub(super) fn scanned(self, scan: &Scan) -> Self {
        let (file, pages) = (scan.file.clone(), scan.pages);
        match self {
            Self::Paper => Self::Scanned {
                file,
                pages,
                paper: true,
            },
            Self::Scanned { paper, .. } => Self::Scanned { file, pages, paper },
            Self::Seen | Self::Attached { .. } | Self::Reused { .. } | Self::Read { .. } => self,
        }
    }
}

/// A scan of a component, on file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scan {
    /// Number of the component.
    pub component: u16,
    /// Its content.
    pub file: FileHash,
    /// Pages.
    pub pages: u16,
}

/// A component that was scanned after it was filed: the newest scan counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanMade {
    /// When.
    pub at: DateTime,
    /// By whom.
    pub by: StaffId,
    /// For whom, when somebody absent was stood in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behalf: Option<StaffId>,
    /// The scan.
    #[serde(flatten)]
    pub scan: Scan,
}

/// Help that the applicant had with filling in: the third of the three agencies that are kept apart,
/// beside who received and who decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Help {
    /// Where.
    pub at: UnitId,
    /// By whom.
    pub by: StaffId,
}

/// What was filed: everything that reception needs to judge. No personal data, only references.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed {
    /// The procedure.
    pub procedure: ProcedureCode,
    /// Its version in force when filed; the dossier keeps it.
    pub procedure_version: u32,
    /// The version of its internal process; the dossier keeps it.
    pub process_version: u32,
    /// The case.
    pub case: u16,
    /// The channel.
    pub channel: Channel,
    /// Who applies.
    pub applicant: PartyId,
    /// For whom.
    pub owner: PartyId,
    /// By which right.
    pub mandate: Mandate,
    /// The centre that receives.
    pub receiving: UnitId,
    /// The agency that decides.
    pub competent: UnitId,
    /// Components that are there.
    pub handed: Vec<Handed>,
    /// Sets of papers (số bộ).
    pub sets: u8,
    /// What is charged.
    pub fee: Dong,
    /// When it is paid.
    pub payment: Payment,
    /// How the result goes out.
    pub delivery: Delivery,
    /// Papers to certify, where the charge goes by pages and copies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certified: Vec<Certified>,
    /// Who helped with filling in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Help>,
    /// The agent of the post who took it in, and who has its papers until a joint record is signed. A
    /// letter that a clerk opened at the counter has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<StaffId>,
    /// The money that this agent took when she filed, for which her slip is the receipt; none where
    /// she took none then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collected: Option<Dong>,
    /// Lookups in databases, those made since filing among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lookups: Vec<Lookup>,
    /// The dossier whose result this one corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<Corrects>,
}

impl Filed {
    /// Whether the component is there: handed in, or read from a database that has not failed since.
    pub fn has(&self, component: &Component) -> bool {
        let mut handed = self.handed.iter();
        let there = handed.find(|handed| handed.component == component.number);
        there.is_some_and(|there| match there.handed {
            HandedAs::Seen
            | HandedAs::Paper
            | HandedAs::Scanned { .. }
            | HandedAs::Attached { .. }
            | HandedAs::Reused { .. } => true,
            HandedAs::Read { .. } => self.held(component).is_some(),
        })
    }

    /// The component is there as this scan from now on.
    pub(super) fn scanned(&mut self, scan: &Scan) {
        for there in &mut self.handed {
            if there.component == scan.component {
                there.handed = there.handed.clone().scanned(scan);
            }
        }
    }

    /// Whether some lookup of the component failed, or found what is wrong: its paper was rightly
    /// taken then, whatever was found later.
    pub fn paper_opened(&self, component: &Component) -> bool {
        let mut lookups = self.lookups.iter();
        lookups.any(|one| one.component == component.number && one.found.opens_the_paper())
    }

    /// The database that holds the component, so that its paper may not be asked for; none once a
    /// lookup failed or what it found was wrong.
    pub fn held(&self, component: &Component) -> Option<Database> {
        let mut latest = self.lookups.iter().rev();
        let last = latest.find(|lookup| lookup.component == component.number);
        component
            .held_by
            .filter(|_| !last.is_some_and(|lookup| lookup.found.opens_the_paper()))
    }
}
