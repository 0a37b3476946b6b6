//! Phone numbers as people write them, parsed by the numbering plans of all countries (Google's libphonenumber).

use phonenumber::{Mode, PhoneNumber, country};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use std::str::FromStr;

/// A country whose national numbers are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country(country::Id);

impl Country {
    /// Message for a text that is not a country code.
    pub const REMEDY: &'static str = "is no country; write its two letters of ISO 3166-1, such as DE";

    /// Parses an ISO 3166-1 code, such as `DE`.
    pub fn parse(code: &str) -> Option<Self> {
        country::Id::from_str(&code.trim().to_ascii_uppercase()).ok().map(Self)
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).ok_or_else(|| D::Error::custom(Self::REMEDY))
    }
}

/// Reasons why a number is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// The number has no country code.
    #[error("the number does not name its country: write it as +49 151 23456789, or set default_country")]
    NoCountry,
    /// The number has an extension: a switchboard, which has no messenger.
    #[error("the number has an extension, where nobody has a messenger")]
    Extension,
    /// The digits are valid numbers of two countries.
    #[error("its digits are a number of two countries: write a + before the country's code")]
    TwoReadings,
    /// The number is in no numbering plan.
    #[error("it is no telephone number")]
    NoNumber,
}

/// The digits of `number`, with country code and without the national prefix: `4915123456789` for `+49 (0)151 23456789`,
/// `0049 151 23456789` and, with `default` Germany, `0151 23456789`.
///
/// A number without a country code is read with `default`. Without a default it is accepted only if its digits are a whole
/// number including the country code, as programs write it (`4915123456789`).
///
/// # Errors
/// The reason why the number is not used: with a wrong country code, its digits would be another person's number.
pub fn read(number: &str, default: Option<Country>) -> Result<String, Unusable> {
    let number = undecorated(number);
    let number = number.as_str();
    let abroad = number.strip_prefix('+').or_else(|| number.strip_prefix("00"));
    let found = match (abroad, default) {
        (Some(rest), _) => parse(None, &format!("+{rest}")).ok_or(Unusable::NoNumber)?,
        (None, Some(Country(country))) => {
            let national = parse(Some(country), number).filter(PhoneNumber::is_valid);
            let abroad = with_its_country(number);
            // Digits alone are ambiguous; brackets and spaces are typical of national numbers.
            let plain = number.bytes().all(|byte| byte.is_ascii_digit());
            if plain && national.as_ref().zip(abroad.as_ref()).is_some_and(|(one, other)| digits(one) != digits(other)) {
                return Err(Unusable::TwoReadings);
            }
            national.or(abroad).ok_or(Unusable::NoNumber)?
        }
        (None, None) => with_its_country(number).ok_or(Unusable::NoCountry)?,
    };
    if found.extension().is_some() {
        return Err(Unusable::Extension);
    }
    let digits = digits(&found);
    // ITU E.164, section 6: 15 digits at most.
    if (7..=15).contains(&digits.len()) { Ok(digits) } else { Err(Unusable::NoNumber) }
}

/// The number without decorations: `tel:`, `whatsapp:`, the address of a chat at `wa.me`, invisible direction marks. Digits and signs of other
/// scripts become ASCII.
fn undecorated(number: &str) -> String {
    /// Zeros of scripts whose ten digits follow each other: Arabic, Persian, Devanagari, Bengali, Thai, full width.
    const ZEROS: [char; 6] = ['\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}', '\u{ff10}'];
    const BEFORE: [&str; 10] = [
        "https://",
        "http://",
        "www.",
        "api.whatsapp.com/send/?phone=",
        "api.whatsapp.com/send?phone=",
        "wa.me/",
        "whatsapp:",
        "callto:",
        "tel:",
        "sms:",
    ];
    let plain = |letter: char| match letter {
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}' => None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' => Some('-'),
        '\u{ff0b}' => Some('+'),
        '\u{ff08}' => Some('('),
        '\u{ff09}' => Some(')'),
        letter => {
            let digit = ZEROS.iter().find_map(|&zero| (letter as u32).checked_sub(zero as u32).filter(|digit| *digit < 10));
            Some(digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(letter))
        }
    };
    let text: String = number.chars().filter_map(plain).collect();
    let mut rest = text.trim();
    for before in BEFORE {
        let begins = rest.get(..before.len()).is_some_and(|start| start.eq_ignore_ascii_case(before));
        rest = if begins { rest[before.len()..].trim_start() } else { rest };
    }
    // Addresses of chats may go on, and write the plus as `%2B`.
    let end = rest.find(['?', '&']).filter(|_| rest.len() < text.trim().len()).unwrap_or(rest.len());
    rest[..end].trim().replace("%2B", "+").replace("%2b", "+")
}

fn digits(number: &PhoneNumber) -> String {
    number.format().mode(Mode::E164).to_string().chars().filter(char::is_ascii_digit).collect()
}

/// Parses digits that begin with the country code.
fn with_its_country(number: &str) -> Option<PhoneNumber> {
    parse(None, &format!("+{number}")).filter(|_| !number.starts_with('0')).filter(PhoneNumber::is_valid)
}

/// Parses the number, if all of the text belongs to it.
fn parse(country: Option<country::Id>, number: &str) -> Option<PhoneNumber> {
    // A trunk prefix in brackets is meant for readers within the country.
    let number = number.replace("(0)", "");
    // Letters are an extension or not part of a number; a name beside it makes it unusable.
    let known = |letter: char| letter.is_ascii_digit() || letter.is_whitespace() || "+-./()".contains(letter);
    let (digits, rest) = number.split_at(number.find(|letter| !known(letter)).unwrap_or(number.len()));
    let extension = ["ext", "x", "#", ";ext"].into_iter().find_map(|mark| rest.to_lowercase().strip_prefix(mark).map(str::to_owned));
    if !rest.is_empty() && !extension.is_some_and(|rest| rest.chars().any(|letter| letter.is_ascii_digit())) {
        return None;
    }
    let text = if rest.is_empty() { digits.to_owned() } else { format!("{digits} ext. {}", only_digits(rest)) };
    phonenumber::parse(country, text).ok()
}

fn only_digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_country(code: &str, number: &str) -> Result<String, Unusable> {
        read(number, Some(Country::parse(code).unwrap_or_else(|| panic!("{code}"))))
    }

    #[test]
    fn a_number_with_its_country_is_read_without_what_is_dialled_within_it() {
        for (number, digits) in [
            ("+49 (0)151 23456789", "4915123456789"),
            ("+49 0151 23456789", "4915123456789"),
            ("0049 151 23456789", "4915123456789"),
            ("\u{202a}+49 151 23456789\u{202c}", "4915123456789"),
            ("\u{ff0b}\u{ff14}\u{ff19} 151\u{2011}23456789", "4915123456789"),
            ("whatsapp:+4915123456789", "4915123456789"),
            ("WhatsApp: +49 151 23456789", "4915123456789"),
            ("https://wa.me/4915123456789?text=hi", "4915123456789"),
            ("https://api.whatsapp.com/send?phone=%2B4915123456789&text=x", "4915123456789"),
            ("TEL:+49-151-23456789", "4915123456789"),
            ("+\u{664}\u{669}\u{661}\u{665}\u{661}23456789", "4915123456789"),
            ("+49\u{a0}151\u{a0}23456789", "4915123456789"),
            ("+49/151/23456789", "4915123456789"),
            ("+49-151.23456789", "4915123456789"),
            ("tel:+4915123456789", "4915123456789"),
            ("4915123456789", "4915123456789"),
            ("+44 (0) 7911 123456", "447911123456"),
            ("+44 (0)7911 123456", "447911123456"),
            // In Italy the zero is part of the number.
            ("+39 06 698 12345", "390669812345"),
            ("+55 (41) 98888-0000", "5541988880000"),
            ("+7 916 123-45-67", "79161234567"),
            ("+1 (650) 253-0000", "16502530000"),
            ("+1 555 123 4567", "15551234567"),
        ] {
            assert_eq!(read(number, None).as_deref(), Ok(digits), "{number}");
        }
    }

    #[test]
    fn a_national_number_needs_its_country() {
        for number in ["0151 23456789", "(0151) 23456789", "(650) 253-0000", "89161234567", "015123456789"] {
            assert_eq!(read(number, None), Err(Unusable::NoCountry), "{number}");
        }
        for (country, number, digits) in [
            ("DE", "0151 23456789", "4915123456789"),
            ("de", "(0151) 23456789", "4915123456789"),
            ("DE", "4915123456789", "4915123456789"),
            ("DE", "+44 7911 123456", "447911123456"),
            ("RU", "8 (916) 123-45-67", "79161234567"),
            ("US", "(650) 253-0000", "16502530000"),
            ("US", "1 650 253 0000", "16502530000"),
            ("BR", "(41) 98888-0000", "5541988880000"),
            ("IT", "06 698 12345", "390669812345"),
        ] {
            assert_eq!(in_country(country, number).as_deref(), Ok(digits), "{country} {number}");
        }
        // Valid as a British mobile number and as a German landline.
        assert_eq!(in_country("DE", "447911123456"), Err(Unusable::TwoReadings));
        assert_eq!((Country::parse("XX"), Country::parse("Germany")), (None, None));
    }

    #[test]
    fn what_is_no_number_of_one_telephone_is_left_out() {
        for number in ["+49 151 23456789 ext. 12", "+49 151 23456789 x12", "+1 650-253-0000 #12", "+16502530000;ext=12"] {
            assert_eq!(read(number, None), Err(Unusable::Extension), "{number}");
        }
        for number in ["", "+", "+123", "+49 151 23456789 (Anna)", "call me", "+49 151 23456789, +49 151 23456780", "+0 151 23456789"] {
            assert_eq!(read(number, None).map_err(|_| ()), Err(()), "{number}");
        }
        assert_eq!(in_country("DE", "12"), Err(Unusable::NoNumber));
    }
}
