//! Addresses of providers, and telephone numbers as they want them.

use super::BadChannel;
pub(super) use crate::calls::{Caller, host, is_here, retry, secure};

/// The address of a provider, without a slash at its end; TLS, unless it is on this machine.
pub(super) fn provider(url: &str, variable: &'static str) -> Result<String, BadChannel> {
    secure(url).ok_or_else(|| BadChannel::new(variable, "write an address https://…"))
}

/// A telephone number as providers want it: `0912 345 678` becomes `84912345678`.
pub(super) fn international(phone: &str) -> Option<String> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let national = digits
        .strip_prefix("84")
        .filter(|rest| rest.len() == 9)
        .or_else(|| digits.strip_prefix('0'))?;
    (9..=10)
        .contains(&national.len())
        .then(|| format!("84{national}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_international() {
        for (typed, number) in [
            ("0912 345 678", "84912345678"),
            ("+84 912345678", "84912345678"),
            ("02373852246", "842373852246"),
        ] {
            assert_eq!(international(typed).as_deref(), Some(number));
        }
        for bad in ["", "912", "an@noi.vn", "09123456789012"] {
            assert_eq!(international(bad), None, "{bad}");
        }
    }
}
