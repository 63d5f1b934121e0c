//! Money in whole đồng, with checked arithmetic.

use serde::{Deserialize, Serialize};

/// An amount in Vietnamese đồng.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Dong(pub i64);

impl Dong {
    /// The sum, or `None` when it does not fit.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The amount as people write it: `15.000 đ`.
    pub fn written(self) -> String {
        let digits = self.0.unsigned_abs().to_string();
        let mut out = String::with_capacity(digits.len().saturating_mul(2));
        if self.0 < 0 {
            out.push('-');
        }
        for (index, digit) in digits.chars().enumerate() {
            let left = digits.len().saturating_sub(index);
            if index > 0 && left.is_multiple_of(3) {
                out.push('.');
            }
            out.push(digit);
        }
        out.push_str(" đ");
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_written_with_points() {
        for (amount, text) in [
            (0, "0 đ"),
            (999, "999 đ"),
            (15_000, "15.000 đ"),
            (-1_234_567, "-1.234.567 đ"),
        ] {
            assert_eq!(Dong(amount).written(), text);
        }
        assert_eq!(Dong(i64::MAX).plus(Dong(1)), None);
    }
}
