//! Mobile numbers with two forms, of which WhatsApp may use either: the one that was written to, and another one in
//! `contacts[0].wa_id` of the response and in the client's messages. Both are the same phone.
//!
//! | country | today | also | rule |
//! |---|---|---|---|
//! | Brazil, +55 | area, `9` and eight digits | without that `9` | Anatel, Resolution 553 of 2010: mobile numbers got a ninth digit |
//! | Mexico, +52 | ten digits | `1` before them | ITU notice of Mexico's numbering plan: the mobile prefix `1` ended on 3 August 2019 |
//! | Argentina, +54 | `9` and ten digits | without that `9` | the national plan: the `9` marks mobile calls from abroad and belongs to no number |

use lastword_contract::phone::{self, Country};

/// A number in the platform's form: only digits, country first, without the trunk zero. A number without a country code is
/// completed with `default`; `None` if there is none, because its digits could be another person's number.
pub(super) fn written(chat: &str, default: Option<Country>) -> Option<String> {
    let chat = chat.trim();
    // The platform's own form, as used in its webhooks, and its other IDs.
    let plain = chat.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.') && !chat.starts_with('0');
    if plain { Some(chat.to_owned()) } else { phone::read(chat, default).ok() }
}

/// Canonical name of the owner of `number`: the shorter form, if it has two. Any other text is returned as it is.
pub(super) fn identity(number: &str) -> String {
    let digits: String = super::message::number(number);
    shorter(&digits).unwrap_or(digits)
}

/// `number` without the digit that only one form has.
fn shorter(number: &str) -> Option<String> {
    // Landlines in Brazil start with 2 to 5, so eight digits that start with 6 or more are a mobile number from before the ninth digit.
    if let Some(rest) = number.strip_prefix("55").filter(|rest| rest.len() == 11) {
        let (area, mobile) = rest.split_at_checked(2)?;
        let eight = mobile.strip_prefix('9').filter(|eight| eight.starts_with(['6', '7', '8', '9']))?;
        return Some(format!("55{area}{eight}"));
    }
    let (country, mark) = [("52", '1'), ("54", '9')].into_iter().find(|(country, _)| number.starts_with(country))?;
    let ten = number.strip_prefix(country)?.strip_prefix(mark).filter(|ten| ten.len() == 10)?;
    Some(format!("{country}{ten}"))
}

#[cfg(test)]
mod tests {
    use super::{identity, written};
    use lastword_contract::phone::Country;

    #[test]
    fn a_number_is_written_with_its_country_or_not_at_all() {
        for (chat, expected) in [
            ("+49 (0)151 23456789", Some("4915123456789")),
            ("0049 151 23456789", Some("4915123456789")),
            ("15551234567", Some("15551234567")),
            ("49 170 1234567", Some("491701234567")),
            ("US.1349", Some("US.1349")),
            ("0151 23456789", None),
            ("015123456789", None),
            ("(650) 253-0000", None),
            ("+49 151 23456789 ext. 12", None),
        ] {
            assert_eq!(written(chat, None).as_deref(), expected, "{chat}");
        }
        let german = |chat: &str| written(chat, Country::parse("DE"));
        assert_eq!(german("0151 23456789").as_deref(), Some("4915123456789"));
        assert_eq!(german("15551234567").as_deref(), Some("15551234567"), "the platform's own form is nobody else's");
        assert_eq!(german("(650) 25"), None, "no number of that country");
    }

    #[test]
    fn both_forms_of_one_number_have_one_name() {
        for (one, other) in [
            ("5541988880000", "554188880000"),
            ("+55 (41) 9 9999-0000", "554199990000"),
            ("5215512345678", "525512345678"),
            ("5491123456789", "541123456789"),
        ] {
            assert_eq!(identity(one), identity(other), "{one} and {other}");
        }
    }

    #[test]
    fn other_numbers_keep_their_own() {
        for number in ["554133330000", "5541933330000", "491701234567", "15551234567", "US.1349", "521551234567", "55"] {
            assert_eq!(identity(number), number);
        }
    }
}
