//! Reasons for a score. Each has a stable code, independent of its text and language. Reasons that a client chose and reasons that
//! a keyword rule derived from the comment are stored separately.

use crate::word::words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Maximum length of a code, in characters.
pub const CODE_CHARS_MAX: usize = 40;

/// Code of an imported reason that no line knows.
pub const UNKNOWN_CODE: &str = "other";

/// Codes of the built-in reasons, in the order of their texts.
pub const BUILT_IN_CODES: [&str; 4] = ["slow", "unresolved", "unfriendly", "unclear"];

/// A reason: the code under which it is counted, and the text for the client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Code under which it is counted, across lines and languages: lowercase letters, digits, `_` and `-`. It stays the same when
    /// the text is edited.
    #[schema(max_length = 40, example = "slow")]
    pub code: String,
    /// Text for the client.
    #[schema(max_length = 40, example = "Took too long")]
    pub text: String,
}

impl Reason {
    /// A reason with a code made from its text.
    pub fn worded(text: &str) -> Self {
        Self { code: code_of(text), text: text.to_owned() }
    }
}

/// The texts of these reasons.
pub fn texts(reasons: &[Reason]) -> Vec<String> {
    reasons.iter().map(|reason| reason.text.clone()).collect()
}

words! {
    /// Origin of a reason.
    pub enum ReasonOrigin {
        /// The client chose it.
        Chosen = "chosen",
        /// A keyword rule of the line matched the comment.
        Tagged = "tagged",
    }
}

/// True if this is a valid code.
pub fn is_code(text: &str) -> bool {
    let small = |letter: char| letter.is_alphanumeric() && letter.to_lowercase().eq([letter]);
    let fits = |letter: char| small(letter) || matches!(letter, '_' | '-');
    text.chars().next().is_some_and(small) && text.chars().all(fits) && text.chars().count() <= CODE_CHARS_MAX
}

/// Makes a code from a text: its words in lowercase, joined by `_`.
pub fn code_of(text: &str) -> String {
    let small: String =
        text.chars().flat_map(char::to_lowercase).map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
    let code: String = small.split_whitespace().collect::<Vec<_>>().join("_").chars().take(CODE_CHARS_MAX).collect();
    let code = code.trim_end_matches('_');
    // The lowercase form of some capitals has two characters, one of which is no letter.
    if is_code(code) { code.to_owned() } else { UNKNOWN_CODE.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_made_of_the_words() {
        for (text, code) in [
            ("Took too long", "took_too_long"),
            ("  Zu   langsam!", "zu_langsam"),
            ("Вопрос не решён", "вопрос_не_решён"),
            ("24/7?", "24_7"),
            ("🙁", "other"),
            ("退款慢", "退款慢"),
        ] {
            assert_eq!(code_of(text), code, "{text}");
        }
        assert!(BUILT_IN_CODES.into_iter().all(is_code) && is_code("too-slow"));
        for no in ["", "Slow", "too slow", "-", "*", "_x", &"x".repeat(41)] {
            assert!(!is_code(no), "{no}");
        }
        for origin in ReasonOrigin::ALL {
            assert_eq!(ReasonOrigin::parse(origin.as_str()), Some(origin));
        }
    }

    proptest! {
        #[test]
        fn every_text_gives_a_code_that_stays(text in "\\PC{0,60}") {
            let code = code_of(&text);
            prop_assert!(is_code(&code), "{code}");
            prop_assert_eq!(code_of(&code.replace('_', " ")), code);
        }
    }
}
