//! Code 128 (ISO/IEC 15417): letters in set B, runs of digits in set C.

const START_B: u8 = 104;
const START_C: u8 = 105;
const TO_C: u8 = 99;
const TO_B: u8 = 100;
const STOP: &str = "2331112";

/// Widths of bars and gaps of every symbol, in modules; the index is the symbol's value.
const SYMBOLS: [&str; 106] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212",
    "221213", "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221",
    "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122", "321221",
    "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321",
    "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131",
    "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131",
    "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111",
    "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111", "111242",
    "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232",
];

/// The widths of bars and gaps of a text, in modules, beginning with a bar; `None` when a
/// character is not printable ASCII.
pub(super) fn widths(text: &str) -> Option<Vec<u8>> {
    let values = values(text.as_bytes())?;
    let mut widths = Vec::with_capacity(values.len() * 6 + 7);
    for value in values {
        let symbol = SYMBOLS.get(usize::from(value))?;
        widths.extend(symbol.bytes().map(|digit| digit - b'0'));
    }
    widths.extend(STOP.bytes().map(|digit| digit - b'0'));
    Some(widths)
}

/// Start symbol, data and check symbol.
fn values(text: &[u8]) -> Option<Vec<u8>> {
    if text.is_empty() || !text.iter().all(|byte| (b' '..=b'~').contains(byte)) {
        return None;
    }
    let mut values = Vec::with_capacity(text.len() + 4);
    let mut rest = text;
    let mut in_c = false;
    while let Some((first, tail)) = rest.split_first() {
        let run = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !in_c && pays(run, values.is_empty(), run == rest.len()) && run % 2 == 0 {
            values.push(if values.is_empty() { START_C } else { TO_C });
            in_c = true;
        } else if values.is_empty() {
            values.push(START_B);
        }
        match rest {
            [tens, ones, after @ ..] if in_c && run >= 2 => {
                values.push((tens - b'0') * 10 + (ones - b'0'));
                rest = after;
            }
            _ => {
                if in_c {
                    values.push(TO_B);
                    in_c = false;
                }
                values.push(first - b' ');
                rest = tail;
            }
        }
    }
    values.push(check(&values));
    Some(values)
}

/// Whether a run of digits is shorter in set C: switching there and back costs a symbol each, a
/// pair saves one.
fn pays(run: usize, at_start: bool, at_end: bool) -> bool {
    let switches = usize::from(!at_start) + usize::from(!at_end);
    run / 2 > switches
}

/// The weighted sum modulo 103; the start symbol has weight one like the first symbol of the data.
fn check(values: &[u8]) -> u8 {
    let sum: u32 = values
        .iter()
        .zip(0_u32..)
        .map(|(value, place)| u32::from(*value) * place.max(1))
        .sum();
    u8::try_from(sum % 103).expect("a remainder of 103 fits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbol_is_eleven_modules_wide_and_unlike_the_others() {
        let mut seen = SYMBOLS.to_vec();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), SYMBOLS.len());
        for symbol in SYMBOLS {
            let widths: Vec<u32> = symbol.chars().map(|c| c.to_digit(10).unwrap()).collect();
            assert_eq!(widths.iter().sum::<u32>(), 11, "{symbol}");
            assert_eq!(
                widths.iter().step_by(2).sum::<u32>() % 2,
                0,
                "bars of {symbol}"
            );
        }
    }

    #[test]
    fn digits_are_paired_where_that_is_shorter() {
        // 104 + 1·48 + 2·42 + 3·42 + 4·17 + 5·18 + 6·19 + 7·35 = 879 = 8·103 + 55.
        assert_eq!(
            values(b"PJJ123C"),
            Some(vec![START_B, 48, 42, 42, 17, 18, 19, 35, 55])
        );
        assert_eq!(values(b"123456").unwrap()[..4], [START_C, 12, 34, 56]);
        let code = values(b"H56.14-261122-0001").unwrap();
        assert_eq!(code.len(), 18);
        assert_eq!(code[8..13], [TO_C, 26, 11, 22, TO_B]);
        assert_eq!(code[14..17], [TO_C, 0, 1]);
    }

    #[test]
    fn what_the_sets_do_not_hold_has_no_bars() {
        assert_eq!(widths(""), None);
        assert_eq!(widths("Đ"), None);
        assert_eq!(widths("a\n"), None);
    }
}
