//! Integers as rewritten by spreadsheets and data tools: `7` becomes `7.0`, and a long one `1.23457E+11`.

/// The digits of a number whose decimals are all zero: `5` of `5.0` or `5,00`. `None` for any other text.
pub fn whole(text: &str) -> Option<&str> {
    let (digits, zeros) = text.split_once(['.', ','])?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_plain = is_number(digits) && (digits.len() == 1 || !digits.starts_with('0')) && digits.len() <= 16;
    (is_plain && is_number(zeros) && zeros.bytes().all(|byte| byte == b'0')).then_some(digits)
}

/// An ID, without zero decimals added by a spreadsheet.
///
/// # Errors
/// If a spreadsheet wrote it in scientific notation, which loses digits.
pub(super) fn id(text: &str) -> Result<&str, String> {
    if is_power(text) {
        return Err(format!(
            "{text} is a number of which a spreadsheet kept only the first digits; set the column to text and export it again"
        ));
    }
    Ok(whole(text).unwrap_or(text))
}

/// True for a number such as `1.23457E+11`. Spreadsheets write a sign and two digits, which IDs such as `1e5` do not have.
fn is_power(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let mut parts = mantissa.splitn(2, ['.', ',']);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let first = parts.next().is_some_and(|first| first.len() == 1 && is_number(first));
    let exponent = exponent.strip_prefix('+').is_some_and(|exponent| (2..=3).contains(&exponent.len()) && is_number(exponent));
    first && parts.next().is_none_or(is_number) && exponent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_behind_a_whole_number_are_left_out() {
        for (text, expected) in [("5.0", "5"), ("0,0", "0"), ("8841.00", "8841"), ("491234567890.0", "491234567890")] {
            assert_eq!(whole(text), Some(expected), "{text}");
        }
        for text in ["5", "5.5", "5.", ".0", "007.0", "1.0.0", "v1.0", "-1.0", "12345678901234567.0", ""] {
            assert_eq!(whole(text), None, "{text}");
        }
    }

    #[test]
    fn an_id_whose_digits_are_lost_is_none() {
        assert_eq!(
            (id("7.0"), id("op-7"), id("1e5"), id("5e+x"), id("65e+10")),
            (Ok("7"), Ok("op-7"), Ok("1e5"), Ok("5e+x"), Ok("65e+10"))
        );
        for text in ["1.23457E+11", "4,91235E+11", "1E+05", "1e+16"] {
            assert!(id(text).unwrap_err().ends_with("set the column to text and export it again"), "{text}");
        }
    }
}
