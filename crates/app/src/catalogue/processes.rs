//! The internal process of a procedure until the province approves its own (TT 01/2018/TT-VPCP
//! Điều 8): the usual chain of steps, with the published limit spread over them.

use domain::deadline::Limit;
use domain::office::Role;
use domain::procedure::{Level, Procedure};
use domain::process::{Place, Process, Product, Step};

/// The working time of a procedure without a published limit: five working days.
const PROVISIONAL_MINUTES: u32 = 5 * 480;

/// A step of the usual chain: how it shares the time, and above which time more does not help.
struct Share {
    name: &'static str,
    name_en: &'static str,
    role: Role,
    place: Place,
    product: Product,
    percent: u32,
    most: u32,
}

const COMMUNE: [Share; 5] = [
    Share {
        name: "Tiếp nhận",
        name_en: "Reception",
        role: Role::ReceptionClerk,
        place: Place::Centre,
        product: Product::Reception,
        percent: 15,
        most: 240,
    },
    Share {
        name: "Thẩm định, soạn kết quả",
        name_en: "Examination and draft",
        role: Role::CaseOfficer,
        place: Place::Competent,
        product: Product::Draft,
        percent: 45,
        most: u32::MAX,
    },
    Share {
        name: "Lãnh đạo ký duyệt",
        name_en: "Approval by the leader",
        role: Role::Leader,
        place: Place::Competent,
        product: Product::Approval,
        percent: 15,
        most: 960,
    },
    Share {
        name: "Văn thư vào sổ, đóng dấu, phát hành",
        name_en: "Number, seal and issue",
        role: Role::SealClerk,
        place: Place::Competent,
        product: Product::Result,
        percent: 15,
        most: 240,
    },
    Share {
        name: "Trả kết quả",
        name_en: "Return of the result",
        role: Role::ReceptionClerk,
        place: Place::Centre,
        product: Product::Return,
        percent: 10,
        most: 240,
    },
];

/// What a department adds: the head of the division assigns, and checks the draft.
const ASSIGNMENT: Share = Share {
    name: "Lãnh đạo phòng phân công",
    name_en: "Assignment by the head of division",
    role: Role::Leader,
    place: Place::Competent,
    product: Product::Work,
    percent: 5,
    most: 240,
};
const SECOND_CHECK: Share = Share {
    name: "Lãnh đạo phòng kiểm tra dự thảo",
    name_en: "Check of the draft by the head of division",
    role: Role::Leader,
    place: Place::Competent,
    product: Product::Work,
    percent: 10,
    most: 960,
};

/// The default process of `procedure`: that of a commune when communes decide, else that of a
/// department. Its steps together take as long as the strictest channel allows at the least, so
/// that no channel's limit is exceeded whatever weekends fall into it.
pub fn default_process(procedure: &Procedure) -> Process {
    let limits = procedure.offers.iter().filter_map(|offer| offer.limit);
    let minutes = limits
        .map(Limit::least_working_minutes)
        .min()
        .unwrap_or(PROVISIONAL_MINUTES);
    let shares: Vec<&Share> = if procedure.levels.contains(&Level::Commune) {
        COMMUNE.iter().collect()
    } else {
        let [reception, draft, approval, result, back] = &COMMUNE;
        vec![
            reception,
            &ASSIGNMENT,
            draft,
            &SECOND_CHECK,
            approval,
            result,
            back,
        ]
    };
    Process {
        procedure: procedure.code.clone(),
        version: 1,
        valid_from: procedure.valid_from,
        decision: "Quy trình mẫu kèm phần mềm, dùng đến khi Chủ tịch UBND tỉnh phê duyệt"
            .to_owned(),
        steps: spread(minutes, &shares),
    }
}

/// Gives every step its share, rounded to the grain; the draft, the longest, takes what is left.
fn spread(minutes: u32, shares: &[&Share]) -> Vec<Step> {
    let grain = grain(minutes);
    let share_of = |share: &Share| {
        let exact = minutes.saturating_mul(share.percent) / 100;
        let rounded = exact.saturating_add(grain / 2) / grain * grain;
        rounded.clamp(grain, share.most.max(grain))
    };
    let others = shares
        .iter()
        .filter(|share| share.product != Product::Draft);
    let taken: u32 = others.map(|share| share_of(share)).sum();
    let draft = minutes.saturating_sub(taken);
    let step = |share: &&Share| Step {
        name: share.name.to_owned(),
        name_en: share.name_en.to_owned(),
        role: share.role,
        place: share.place,
        minutes: if share.product == Product::Draft {
            draft
        } else {
            share_of(share)
        },
        product: share.product,
    };
    shares.iter().map(step).collect()
}

/// Steps are counted in half hours, in quarters when there is half a day, in five minutes when
/// there are hours.
fn grain(minutes: u32) -> u32 {
    match minutes {
        480.. => 30,
        240.. => 15,
        _ => 5,
    }
}
