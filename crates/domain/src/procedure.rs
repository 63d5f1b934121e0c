//! A published procedure: an immutable version of what the law asks, promises and charges.

mod lane;
mod terms;
mod validity;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::deadline::Limit;
use crate::ids::{ProcedureCode, ResultCode};
use crate::money::{Dong, PageFee};
use crate::office::{Unit, UnitKind};

pub use lane::{Eligibility, Lane, LaneLimit, Project};
pub use terms::{
    ConsultationRule, OwnTerms, Reached, RefundRule, StageRule, SupplementRule, SupplementTerms,
    Written,
};
pub use validity::{BadLastDay, Term, Validity, ValidityRule, months_from};

/// How a dossier comes in (KENH 1, 2, 3 of the national catalogue).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 1, trực tiếp.
    Direct,
    /// 2, trực tuyến.
    Online,
    /// 3, bưu chính công ích.
    Post,
}

impl Channel {
    /// Every channel in national order.
    pub const ALL: [Self; 3] = [Self::Direct, Self::Online, Self::Post];

    /// The channel's name on disk and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Online => "online",
            Self::Post => "post",
        }
    }
}

/// Who decides (CAPTHUCHIEN).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Cấp xã.
    Commune,
    /// Cấp tỉnh.
    Province,
    /// Cấp bộ.
    Ministry,
    /// Cơ quan khác.
    Other,
}

/// How far the procedure runs online (NĐ 224/2026 Điều 14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnlineClass {
    /// Toàn trình.
    Full,
    /// Một phần.
    Partial,
    /// Only information is offered online.
    Information,
    /// The source does not say.
    Unknown,
}

/// A database that holds the data of a component, so that the paper may not be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Database {
    /// Cơ sở dữ liệu quốc gia về dân cư.
    Population,
    /// Cơ sở dữ liệu hộ tịch điện tử.
    CivilStatus,
}

impl Database {
    /// The database's name on disk and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Population => "population",
            Self::CivilStatus => "civil_status",
        }
    }
}

/// One paper or datum of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// Order in the case, from 1.
    pub number: u16,
    /// National code of the paper, when published.
    pub code: Option<String>,
    /// What it is called.
    pub name: String,
    /// Whether the dossier is incomplete without it.
    pub mandatory: bool,
    /// Originals to hand in.
    pub originals: u16,
    /// Copies to hand in.
    pub copies: u16,
    /// The database that holds it.
    pub held_by: Option<Database>,
    /// The kind of result that may stand in for it.
    pub replaced_by: Option<ResultCode>,
}

impl Component {
    /// Whether its paper is digitised: copies are not (TT 01/2023/TT-VPCP). Where nothing counts its
    /// papers, it is taken for an original.
    pub fn is_digitised(&self) -> bool {
        self.originals > 0 || self.copies == 0
    }
}

/// A case of a procedure (trường hợp) with its own components.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Order in the procedure, from 1.
    pub number: u16,
    /// What it is called; empty when there is only one.
    pub name: String,
    /// Its components.
    pub components: Vec<Component>,
}

/// Whether a charge is a fee for a service or a charge of the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeKind {
    /// Lệ phí.
    Charge,
    /// Phí.
    Fee,
    /// The source does not say which.
    Unstated,
}

/// One published charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeLine {
    /// National code, when published.
    pub code: Option<String>,
    /// Phí or lệ phí.
    pub kind: FeeKind,
    /// The amount, when the source gives one that can be read.
    pub amount: Option<Dong>,
    /// What the source says beside it: unit, formula, exemptions.
    pub note: String,
    /// The formula, where the charge goes by pages and copies; then `amount` is that of one page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_page: Option<PageFee>,
    /// Until when it is given back when nothing comes of the dossier.
    #[serde(default, skip_serializing_if = "RefundRule::is_usual")]
    pub refund: RefundRule,
    /// Where that stands written; empty where the rule is the usual one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub refund_basis: String,
}

/// A paper to certify (chứng thực bản sao): what its charge is counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certified {
    /// Pages of one copy.
    pub pages: u16,
    /// Copies.
    pub copies: u16,
}

impl FeeLine {
    /// What the line charges; nothing where the source gives nothing that can be read.
    fn charge(&self, certified: &[Certified]) -> Option<Dong> {
        match self.by_page {
            Some(fee) if !certified.is_empty() => certified
                .iter()
                .try_fold(Dong(0), |sum, one| sum.plus(fee.of(one.pages, one.copies)?)),
            _ => self.amount,
        }
    }
}

/// What one channel promises: a limit and its charges. A channel may have several (regions,
/// subjects); the first is the one for the general case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// By which way the dossier comes in.
    pub channel: Channel,
    /// The time limit; none when the source publishes none, and then no date is promised.
    pub limit: Option<Limit>,
    /// What the source says beside it.
    pub note: String,
    /// Charges.
    pub fees: Vec<FeeLine>,
}

/// A kind of result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultKind {
    /// National code, when the source's is well formed.
    pub code: Option<ResultCode>,
    /// What it is called.
    pub name: String,
    /// How long it is valid; none where nothing says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validity: Option<ValidityRule>,
}

/// An instrument the procedure rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalBasis {
    /// Number of the instrument, when published apart.
    pub number: Option<String>,
    /// Its title as published.
    pub title: String,
}

/// An agency as the catalogue names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedAgency {
    /// Code, when published.
    pub code: Option<String>,
    /// Name.
    pub name: String,
}

/// One published version of a procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Procedure {
    /// National code.
    pub code: ProcedureCode,
    /// Order of the version, from 1.
    pub version: u32,
    /// Title.
    pub name: String,
    /// Field (lĩnh vực).
    pub field: String,
    /// Decision that published it.
    pub decision: String,
    /// First day on which dossiers are received under it.
    pub valid_from: Date,
    /// Last day, when it was superseded or withdrawn.
    pub valid_to: Option<Date>,
    /// Levels that decide; empty when the source does not say.
    pub levels: Vec<Level>,
    /// Online class.
    pub online: OnlineClass,
    /// Who may apply, as published.
    pub audience: Vec<String>,
    /// Offers by channel.
    pub offers: Vec<Offer>,
    /// Cases with their components; at least one.
    pub cases: Vec<Case>,
    /// Results.
    pub results: Vec<ResultKind>,
    /// Legal basis.
    pub legal_basis: Vec<LegalBasis>,
    /// Agencies that decide, as published.
    pub agencies: Vec<NamedAgency>,
    /// Requirements and conditions, as published.
    pub conditions: String,
    /// How a supplement works.
    pub supplement: SupplementRule,
    /// On which terms other agencies are consulted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consultation: Option<ConsultationRule>,
    /// Green lanes of the province.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lanes: Vec<Lane>,
    /// Words with which the draft of its result begins; places for the dossier's data stand in
    /// braces. Empty where every draft begins blank.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub result_text: String,
    /// Whether it ends without a document of its own: nothing is signed, sealed and handed out then.
    #[serde(default, skip_serializing_if = "is_false")]
    pub without_paper: bool,
    /// The decision by which the province set terms of its own, where it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_terms: Option<OwnTerms>,
    /// Where the record comes from.
    pub source: String,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde gives a reference to what it may skip"
)]
pub(crate) fn is_false(value: &bool) -> bool {
    !*value
}

impl Procedure {
    /// Whether dossiers may be received under this version on `day`.
    pub fn in_force(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }

    /// The case of that number.
    pub fn case(&self, number: u16) -> Option<&Case> {
        self.cases.iter().find(|case| case.number == number)
    }

    /// What the law says about how long its result is valid; none where nothing says so.
    pub fn validity(&self) -> Option<&ValidityRule> {
        self.results.first()?.validity.as_ref()
    }

    /// What the channel promises in the general case.
    pub fn offer(&self, channel: Channel) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.channel == channel)
    }

    /// What is charged in the general case by this channel, with these papers to certify.
    pub fn charge(&self, channel: Channel, certified: &[Certified]) -> Dong {
        let lines = self.offer(channel).map(|offer| offer.fees.as_slice());
        let charges = lines.unwrap_or_default().iter();
        let charges = charges.filter_map(|line| line.charge(certified));
        charges.fold(Dong(0), |sum, line| sum.plus(line).unwrap_or(sum))
    }

    /// The formula by pages and copies of this channel, where there is one.
    pub fn page_fee(&self, channel: Channel) -> Option<PageFee> {
        let lines = &self.offer(channel)?.fees;
        lines.iter().find_map(|line| line.by_page)
    }

    /// Whether the unit is of a level that decides this procedure. A source that names no level
    /// leaves the question to the register of competences.
    pub fn decided_at(&self, unit: &Unit) -> bool {
        self.levels.is_empty() || self.decided_by(unit.kind)
    }

    /// What of a charge is kept when nothing comes of a dossier that got so far: the sum of the
    /// lines that are not given back then, each by its own rule.
    pub fn kept(&self, channel: Channel, certified: &[Certified], reached: Reached) -> Dong {
        let lines = self.offer(channel).map(|offer| offer.fees.as_slice());
        let kept = lines.unwrap_or_default().iter();
        let kept = kept.filter(|line| !line.refund.gives_back(reached));
        let charges = kept.filter_map(|line| line.charge(certified));
        charges.fold(Dong(0), |sum, line| sum.plus(line).unwrap_or(sum))
    }

    /// Whether a unit of that kind may be competent.
    pub fn decided_by(&self, kind: UnitKind) -> bool {
        self.levels.iter().any(|level| match level {
            Level::Commune => kind == UnitKind::Commune,
            Level::Province => matches!(kind, UnitKind::Province | UnitKind::Department),
            Level::Ministry | Level::Other => false,
        })
    }
}
