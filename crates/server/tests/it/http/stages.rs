//! Who tries the law through REST, and the states in which everybody tries it.

use app::intake::Ending;
use domain::office::Role;

pub(super) const CLERK: &str = "tiepnhan.hacthanh";
pub(super) const OFFICER: &str = "chuyenvien.hacthanh";
const LEADER: &str = "lanhdao.hacthanh";
const SEAL: &str = "vanthu.hacthanh";
pub(super) const AGENT: &str = "buudien.hacthanh";
pub(super) const THEIR_OFFICER: &str = "chuyenvien.nguyetvien";
const THEIR_LEADER: &str = "lanhdao.nguyetvien";
const THEIR_SEAL: &str = "vanthu.nguyetvien";

const WARD: &str = "Phường Hạc Thành";
/// The ward that decides what the first one received for it.
pub(super) const THEIR_WARD: &str = "Phường Nguyệt Viên";
const PROVINCE: &str = "Tỉnh Thanh Hóa";

/// Somebody who tries: what she is called in the table, her account, her post, and where.
pub(super) type Person = (&'static str, &'static str, Role, &'static str);

/// Everybody who tries.
pub(super) const PEOPLE: [Person; 15] = [
    ("clerk", CLERK, Role::ReceptionClerk, WARD),
    ("officer", OFFICER, Role::CaseOfficer, WARD),
    ("leader", LEADER, Role::Leader, WARD),
    ("seal", SEAL, Role::SealClerk, WARD),
    ("director", "giamdoc.hacthanh", Role::CentreDirector, WARD),
    ("post", AGENT, Role::PostAgent, WARD),
    ("volunteer", "tinhnguyen.hacthanh", Role::Volunteer, WARD),
    ("control", "kiemsoat", Role::ProvinceController, PROVINCE),
    ("admin", "quantri", Role::Administrator, PROVINCE),
    ("wardadmin", "quantri.hacthanh", Role::Administrator, WARD),
    (
        "elsewhere",
        "tiepnhan.nguyetvien",
        Role::ReceptionClerk,
        THEIR_WARD,
    ),
    (
        "justice",
        "chuyenvien.sotuphap",
        Role::CaseOfficer,
        "Sở Tư pháp",
    ),
    (
        "their-officer",
        THEIR_OFFICER,
        Role::CaseOfficer,
        THEIR_WARD,
    ),
    ("their-leader", THEIR_LEADER, Role::Leader, THEIR_WARD),
    ("their-seal", THEIR_SEAL, Role::SealClerk, THEIR_WARD),
];

/// How a dossier comes in, and who decides it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Come {
    /// To the ward that decides it.
    Here(Ending),
    /// To the ward; the other one decides.
    ForOthers(Ending),
    /// By the post, in a letter that the clerk opened at the counter.
    Letter,
    /// By the post, on a joint record that waits for the clerk; signed when asked for.
    ByPost {
        /// Whether the record is signed already.
        signed: bool,
    },
}

impl Come {
    /// Whether it means something that this person tries: those of the other ward where it decides.
    pub(super) fn concerns(self, person: &Person) -> bool {
        let theirs = person.0.starts_with("their-");
        match self {
            Self::Here(_) | Self::Letter => !theirs,
            Self::ForOthers(_) => theirs || person.3 == WARD || person.0 == "elsewhere",
            Self::ByPost { .. } => !theirs && person.0 != "justice",
        }
    }
}

/// Commands, each by whoever gives it, on the way to a state.
pub(super) type Way = &'static [(&'static str, &'static str)];

/// A state: its name in the table, how a dossier comes in, and the way on from there.
pub(super) type Stage = (&'static str, Come, Way);

const DRAFTED: Way = &[(CLERK, "hand_over"), (OFFICER, "draft_result")];
const TO_APPROVE: Way = &[
    (CLERK, "hand_over"),
    (OFFICER, "draft_result"),
    (OFFICER, "forward"),
];
const TO_ISSUE: Way = &[
    (CLERK, "hand_over"),
    (OFFICER, "draft_result"),
    (OFFICER, "forward"),
    (LEADER, "sign_result"),
];
const SETTLED: Way = &[
    (CLERK, "hand_over"),
    (OFFICER, "draft_result"),
    (OFFICER, "forward"),
    (LEADER, "sign_result"),
    (SEAL, "issue"),
];
const FILED: Come = Come::Here(Ending::Submit);
const RECEIVED: Come = Come::Here(Ending::Receive);
const THEIRS: Come = Come::ForOthers(Ending::Receive);

/// Every state, and those that judge in several ways more than once; the way to each. Then the states
/// of what one ward received and another decides, and of what came by post.
pub(super) const STAGES: [Stage; 32] = [
    ("submitted", FILED, &[]),
    ("incomplete", FILED, &[(CLERK, "ask_supplement")]),
    ("declined", FILED, &[(CLERK, "decline")]),
    ("received", RECEIVED, &[]),
    (
        "processing, to be drafted",
        RECEIVED,
        &[(CLERK, "hand_over")],
    ),
    (
        "processing, a request drafted",
        RECEIVED,
        &[(CLERK, "hand_over"), (OFFICER, "draft_supplement")],
    ),
    (
        "processing, a request approved",
        RECEIVED,
        &[
            (CLERK, "hand_over"),
            (OFFICER, "draft_supplement"),
            (LEADER, "approve_supplement"),
        ],
    ),
    (
        "processing, asked of another agency",
        RECEIVED,
        &[(CLERK, "hand_over"), (OFFICER, "send_tasks")],
    ),
    ("processing, drafted", RECEIVED, DRAFTED),
    ("processing, to be approved", RECEIVED, TO_APPROVE),
    ("processing, to be issued", RECEIVED, TO_ISSUE),
    (
        "paused",
        RECEIVED,
        &[
            (CLERK, "hand_over"),
            (OFFICER, "draft_supplement"),
            (LEADER, "approve_supplement"),
            (CLERK, "ask_supplement"),
        ],
    ),
    (
        "obliged",
        RECEIVED,
        &[(CLERK, "hand_over"), (OFFICER, "notice_obligation")],
    ),
    ("withdrawn", RECEIVED, &[(CLERK, "withdraw")]),
    (
        "stopped",
        RECEIVED,
        &[(CLERK, "hand_over"), (LEADER, "stop")],
    ),
    ("settled", RECEIVED, SETTLED),
    (
        "returned",
        RECEIVED,
        &[
            (CLERK, "hand_over"),
            (OFFICER, "draft_result"),
            (OFFICER, "forward"),
            (LEADER, "sign_result"),
            (SEAL, "issue"),
            (CLERK, "return"),
        ],
    ),
    (
        "returned, being corrected",
        RECEIVED,
        &[
            (CLERK, "hand_over"),
            (OFFICER, "draft_result"),
            (OFFICER, "forward"),
            (LEADER, "sign_result"),
            (SEAL, "issue"),
            (CLERK, "return"),
            (LEADER, "open_correction"),
        ],
    ),
    (
        "submitted, for others",
        Come::ForOthers(Ending::Submit),
        &[],
    ),
    ("received, for others", THEIRS, &[]),
    (
        "processing, to be drafted, for others",
        THEIRS,
        &[(CLERK, "hand_over")],
    ),
    (
        "processing, a request approved, for others",
        THEIRS,
        &[
            (CLERK, "hand_over"),
            (THEIR_OFFICER, "draft_supplement"),
            (THEIR_LEADER, "approve_supplement"),
        ],
    ),
    (
        "processing, to be approved, for others",
        THEIRS,
        &[
            (CLERK, "hand_over"),
            (THEIR_OFFICER, "draft_result"),
            (THEIR_OFFICER, "forward"),
        ],
    ),
    (
        "paused, for others",
        THEIRS,
        &[
            (CLERK, "hand_over"),
            (THEIR_OFFICER, "draft_supplement"),
            (THEIR_LEADER, "approve_supplement"),
            (CLERK, "ask_supplement"),
        ],
    ),
    (
        "settled, for others",
        THEIRS,
        &[
            (CLERK, "hand_over"),
            (THEIR_OFFICER, "draft_result"),
            (THEIR_OFFICER, "forward"),
            (THEIR_LEADER, "sign_result"),
            (THEIR_SEAL, "issue"),
        ],
    ),
    (
        "settled, for others, the result back",
        THEIRS,
        &[
            (CLERK, "hand_over"),
            (THEIR_OFFICER, "draft_result"),
            (THEIR_OFFICER, "forward"),
            (THEIR_LEADER, "sign_result"),
            (THEIR_SEAL, "issue"),
            (CLERK, "acknowledge_result"),
        ],
    ),
    ("submitted in a letter by post", Come::Letter, &[]),
    (
        "incomplete, a letter by post",
        Come::Letter,
        &[(CLERK, "ask_supplement")],
    ),
    ("submitted by post", Come::ByPost { signed: false }, &[]),
    (
        "submitted by post, signed",
        Come::ByPost { signed: true },
        &[],
    ),
    (
        "incomplete, by post",
        Come::ByPost { signed: true },
        &[(CLERK, "ask_supplement")],
    ),
    (
        "received, by post",
        Come::ByPost { signed: true },
        &[(CLERK, "accept")],
    ),
];
