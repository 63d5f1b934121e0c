//! The charge by pages and copies, read out of the published words where they say it in full.

use domain::money::{Dong, PageFee};

/// The formula of certified copies: `2.000 đồng/trang; từ trang thứ 3: 1.000 đồng/trang; tối đa
/// 200.000 đồng/bản`. Words that leave out a part of it are no formula.
pub(super) fn page_fee(note: &str) -> Option<PageFee> {
    let note = note.to_lowercase();
    let mut by_page = amounts(&note, "đồng/trang");
    let (first, next) = (by_page.next()?, by_page.next()?);
    let most = amounts(&note, "đồng/bản").next()?;
    let (_, rest) = note.split_once("từ trang thứ")?;
    let from: u16 = match rest.trim_start().split([' ', ':', ',']).next()? {
        "ba" => 3,
        digits => digits.parse().ok()?,
    };
    Some(PageFee {
        first,
        first_pages: from.checked_sub(1)?,
        next,
        most,
    })
}

/// The amounts that stand right before `unit`, in order.
fn amounts<'a>(note: &'a str, unit: &'a str) -> impl Iterator<Item = Dong> + 'a {
    let before = note
        .match_indices(unit)
        .filter_map(|(at, _)| note.get(..at));
    before.filter_map(|text| {
        let digits = text.split_whitespace().next_back()?.replace('.', "");
        digits.parse().ok().map(Dong)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_formula_is_read_and_no_half_of_it() {
        let formula = PageFee {
            first: Dong(2_000),
            first_pages: 2,
            next: Dong(1_000),
            most: Dong(200_000),
        };
        for note in [
            "2.000 đồng/trang; từ trang thứ 3: 1.000 đồng/trang; tối đa 200.000 đồng/bản (TT 226)",
            "Phí: 2.000 đồng/trang. Từ trang thứ ba trở lên thu 1.000 đồng/trang, nhưng mức thu tối \
             đa không quá 200.000 đồng/bản.",
        ] {
            assert_eq!(page_fee(note), Some(formula), "{note}");
        }
        for note in [
            "",
            "10.000 đồng/trường hợp",
            "2.000 đồng/trang",
            "2.000 đồng/trang; từ trang thứ 3: 1.000 đồng/trang",
            "2.000 đồng/trang; 1.000 đồng/trang; tối đa 200.000 đồng/bản",
            "2.000 đồng/trang; từ trang thứ nào: 1.000 đồng/trang; tối đa 200.000 đồng/bản",
        ] {
            assert_eq!(page_fee(note), None, "{note}");
        }
    }
}
