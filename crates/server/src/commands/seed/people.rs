//! Invented people, and the dice that everything invented is thrown with.

use domain::party::{Birth, Party, PartyKind, Sex};
use jiff::civil::Date;

const FAMILIES: [&str; 14] = [
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương",
    "Trịnh", "Mai",
];
const MEN: [&str; 6] = ["Văn", "Đức", "Quốc", "Minh", "Hữu", "Xuân"];
const WOMEN: [&str; 6] = ["Thị", "Ngọc", "Thu", "Thanh", "Thị Minh", "Kim"];
const GIVEN: [&str; 24] = [
    "An", "Bình", "Châu", "Dũng", "Dung", "Giang", "Hà", "Hải", "Hạnh", "Hòa", "Hương", "Khánh",
    "Lan", "Linh", "Long", "Mai", "Nam", "Nga", "Phúc", "Quân", "Sơn", "Thảo", "Tuấn", "Yến",
];

/// Dice that fall alike for the same seed (SplitMix64).
#[derive(Debug, Clone)]
pub(in crate::commands) struct Dice(u64);

impl Dice {
    pub(in crate::commands) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, which is not zero.
    pub(in crate::commands) fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(self.next() % u64::from(bound.max(1))).unwrap_or(0)
    }

    /// Whether something happens that happens `percent` times in a hundred.
    pub(in crate::commands) fn falls(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of `all`, which is not empty.
    pub(in crate::commands) fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        let bound = u32::try_from(all.len()).unwrap_or(u32::MAX);
        let at = usize::try_from(self.below(bound)).unwrap_or(0);
        all.get(at).expect("dice fall below the number of sides")
    }
}

/// The `nth` invented person, living in `place`.
pub(in crate::commands) fn person(nth: u32, place: &str, dice: &mut Dice) -> Party {
    let man = dice.falls(50);
    let middle = dice.pick(if man { &MEN } else { &WOMEN });
    let name = format!("{} {middle} {}", dice.pick(&FAMILIES), dice.pick(&GIVEN));
    let year = 1950 + i16::try_from(dice.below(50)).unwrap_or(0);
    let born = Date::new(year, 1, 1).ok();
    let days = i64::from(dice.below(365));
    let born = born.and_then(|day| day.checked_add(jiff::ToSpan::days(days)).ok());
    Party {
        kind: PartyKind::Citizen,
        name,
        number: Some(format!(
            "038{}{:02}{:06}",
            u8::from(!man),
            year % 100,
            nth % 1_000_000
        )),
        birth: born.map(Birth::Day),
        sex: Some(if man { Sex::Male } else { Sex::Female }),
        address: format!("Thôn {}, {place}, Tỉnh Thanh Hóa", dice.below(12) + 1),
        phone: Some(format!("09{:08}", dice.below(100_000_000))),
        email: None,
    }
}

#[cfg(test)]
mod tests {
    use domain::party::CitizenNumber;

    use super::*;

    #[test]
    fn the_same_seed_invents_the_same_person_with_a_good_number() {
        let one = person(7, "Xã Ví Dụ", &mut Dice::new(3));
        assert_eq!(one, person(7, "Xã Ví Dụ", &mut Dice::new(3)));
        assert!(CitizenNumber::parse(one.number.as_deref().unwrap()).is_ok());
        assert_ne!(one, person(8, "Xã Ví Dụ", &mut Dice::new(4)));
    }

    #[test]
    fn dice_reach_every_side_and_no_other() {
        let mut dice = Dice::new(1);
        let mut seen = [false; 6];
        for _ in 0..200 {
            let fell = usize::try_from(dice.below(6)).unwrap();
            seen[fell] = true;
        }
        assert_eq!(seen, [true; 6]);
    }
}
