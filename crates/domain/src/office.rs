//! Agencies, one-stop centres, posts and roles.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{StaffId, UnitId};

/// What a unit is in the two-tier organisation (in force since 1 July 2025).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// Province (UBND tỉnh, thành phố).
    Province,
    /// Department of the province (sở, ban).
    Department,
    /// The province's one-stop centre (Trung tâm PVHCC cấp tỉnh).
    ProvincialCentre,
    /// Commune, ward or special zone (xã, phường, đặc khu), with its own one-stop centre.
    Commune,
}

/// An agency of the tree, valid for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Electronic identifier.
    pub id: UnitId,
    /// The agency above, stored and never derived from the identifier's text.
    pub parent: Option<UnitId>,
    /// What it is.
    pub kind: UnitKind,
    /// Name as the law writes it: `Phường Hạc Thành`.
    pub name: String,
    /// Statistical code (QĐ 19/2025), five digits for communes, two for provinces.
    pub area_code: String,
    /// First day of validity.
    pub valid_from: Date,
    /// Last day of validity.
    pub valid_to: Option<Date>,
    /// Which agency took its work over when it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<UnitId>,
}

impl Unit {
    /// Whether dossiers may be received here: at the province's centre and at communes' centres
    /// (NĐ 118/2025 Điều 7).
    pub fn receives(&self) -> bool {
        matches!(self.kind, UnitKind::ProvincialCentre | UnitKind::Commune)
    }

    /// Whether the unit exists on `day`.
    pub fn in_force(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }

    /// The province that it belongs to: itself, when there is nothing above it.
    pub fn province(&self) -> &UnitId {
        self.parent.as_ref().unwrap_or(&self.id)
    }

    /// Who took over, once the unit has ended.
    fn heir(&self, day: Date) -> Option<&UnitId> {
        let ended = self.valid_to.is_some_and(|last| last < day);
        self.successor.as_ref().filter(|_| ended)
    }
}

/// How often work is passed on from heir to heir; a loop among them ends here.
const MOST_HEIRS: usize = 8;

/// The unit that answers on `day` for what `id` does: itself, or whoever took its work over when it
/// ended, who may have ended in turn.
pub fn heir_on<'a>(units: &'a [Unit], id: &'a UnitId, day: Date) -> &'a UnitId {
    let next = |id: &UnitId| {
        let unit = units.iter().find(|unit| unit.id == *id)?;
        unit.heir(day)
    };
    let mut heir = id;
    for _ in 0..MOST_HEIRS {
        match next(heir) {
            Some(found) => heir = found,
            None => break,
        }
    }
    heir
}

/// What a member of staff may do at a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Receives and returns at a counter (cán bộ tiếp nhận, trả kết quả).
    ReceptionClerk,
    /// Examines (công chức chuyên môn).
    CaseOfficer,
    /// Assigns and approves (lãnh đạo).
    Leader,
    /// Numbers and seals results (văn thư).
    SealClerk,
    /// Heads a one-stop centre (giám đốc Trung tâm).
    CentreDirector,
    /// Watches the whole province (kiểm soát thủ tục hành chính).
    ProvinceController,
    /// Keeps accounts and catalogues (quản trị).
    Administrator,
    /// Post-office staff at a counter (nhân viên bưu chính).
    PostAgent,
    /// Helps people fill in forms (tình nguyện viên).
    Volunteer,
}

impl Role {
    /// Every role, in the order of the permission matrix.
    pub const ALL: [Self; 9] = [
        Self::ReceptionClerk,
        Self::CaseOfficer,
        Self::Leader,
        Self::SealClerk,
        Self::CentreDirector,
        Self::ProvinceController,
        Self::Administrator,
        Self::PostAgent,
        Self::Volunteer,
    ];

    /// The role's name on disk and in message keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReceptionClerk => "reception_clerk",
            Self::CaseOfficer => "case_officer",
            Self::Leader => "leader",
            Self::SealClerk => "seal_clerk",
            Self::CentreDirector => "centre_director",
            Self::ProvinceController => "province_controller",
            Self::Administrator => "administrator",
            Self::PostAgent => "post_agent",
            Self::Volunteer => "volunteer",
        }
    }

    /// The role of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// A member of staff in a post: a role at a unit, for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Who holds it.
    pub staff: StaffId,
    /// Where.
    pub unit: UnitId,
    /// What it allows.
    pub role: Role,
    /// First day.
    pub valid_from: Date,
    /// Last day.
    pub valid_to: Option<Date>,
}

impl Post {
    /// Whether it is held on `day`.
    pub fn held_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}
