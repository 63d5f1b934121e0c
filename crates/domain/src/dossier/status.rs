//! The national status code, derived from the state in one function.

use super::state::Dossier;
use super::state_kind::StateKind;

/// Status of a dossier in the national exchange (TrangThaiHoSo).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NationalStatus {
    /// 1, mới đăng ký.
    Registered = 1,
    /// 2, được tiếp nhận.
    Received = 2,
    /// 3, không được tiếp nhận.
    Declined = 3,
    /// 4, đang xử lý.
    Processing = 4,
    /// 5, yêu cầu bổ sung giấy tờ.
    SupplementAsked = 5,
    /// 6, yêu cầu thực hiện nghĩa vụ tài chính.
    Obligation = 6,
    /// 7, công dân yêu cầu rút hồ sơ.
    Withdrawn = 7,
    /// 8, dừng xử lý.
    Stopped = 8,
    /// 9, đã xử lý xong.
    Settled = 9,
    /// 10, đã trả kết quả.
    Returned = 10,
}

impl NationalStatus {
    /// The code, 1 to 10.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The status of a state; an absent dossier has none.
    pub fn of(state: StateKind) -> Option<Self> {
        match state {
            StateKind::Absent => None,
            StateKind::Submitted => Some(Self::Registered),
            StateKind::Incomplete | StateKind::Paused => Some(Self::SupplementAsked),
            StateKind::Declined => Some(Self::Declined),
            StateKind::Received => Some(Self::Received),
            StateKind::Processing => Some(Self::Processing),
            StateKind::Obliged => Some(Self::Obligation),
            StateKind::Withdrawn => Some(Self::Withdrawn),
            StateKind::Stopped => Some(Self::Stopped),
            StateKind::Settled => Some(Self::Settled),
            StateKind::Returned => Some(Self::Returned),
        }
    }
}

impl Dossier {
    /// The national status of the dossier.
    pub fn national_status(&self) -> Option<NationalStatus> {
        NationalStatus::of(self.kind())
    }
}
