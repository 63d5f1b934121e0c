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

    /// So many times the amount, or `None` when it does not fit.
    pub fn times(self, count: u16) -> Option<Self> {
        self.0.checked_mul(i64::from(count)).map(Self)
    }

    /// The amount as people type it: `15000`, `15.000`.
    pub fn typed(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
        let amount: u32 = digits.parse().ok()?;
        Some(Self(i64::from(amount)))
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

/// A charge by the page of a copy (chứng thực bản sao, TT 226/2016/TT-BTC: 2.000 đ for each of the
/// first two pages, 1.000 đ for each page after them, at most 200.000 đ for a copy).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageFee {
    /// For each of the first pages.
    pub first: Dong,
    /// How many pages these are.
    pub first_pages: u16,
    /// For each page after them.
    pub next: Dong,
    /// The most for one copy.
    pub most: Dong,
}

impl PageFee {
    /// The charge for `copies` copies of a paper of `pages` pages, or `None` when it does not fit.
    pub fn of(self, pages: u16, copies: u16) -> Option<Dong> {
        let first = pages.min(self.first_pages);
        let next = pages.saturating_sub(first);
        let first = self.first.times(first)?;
        let copy = first.plus(self.next.times(next)?)?.min(self.most);
        copy.times(copies)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published charge of certified copies.
    const COPIES: PageFee = PageFee {
        first: Dong(2_000),
        first_pages: 2,
        next: Dong(1_000),
        most: Dong(200_000),
    };

    #[test]
    fn a_copy_is_charged_by_its_pages_up_to_the_most() {
        for (pages, copies, fee) in [
            (5, 1, 7_000),
            (300, 1, 200_000),
            (1, 1, 2_000),
            (2, 1, 4_000),
            (3, 1, 5_000),
            (198, 1, 200_000),
            (199, 1, 200_000),
            (197, 1, 199_000),
            (300, 3, 600_000),
            (5, 4, 28_000),
            (0, 3, 0),
            (3, 0, 0),
        ] {
            assert_eq!(
                COPIES.of(pages, copies),
                Some(Dong(fee)),
                "{pages} × {copies}"
            );
        }
        let dear = PageFee {
            most: Dong(i64::MAX),
            first: Dong(i64::MAX),
            ..COPIES
        };
        assert_eq!(dear.of(1, 2), None);
        assert_eq!(dear.of(2, 1), None);
    }

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
