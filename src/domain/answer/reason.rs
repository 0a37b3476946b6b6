//! Reasons for a score: each has a code that stays, however it is worded and in whatever language. What a client chose and
//! what a keyword rule tagged the comment with are kept apart.

use crate::word::words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest code, in characters.
pub const CODE_CHARS_MAX: usize = 40;

/// The code of a reason that came from elsewhere and that no line knows.
pub const UNKNOWN_CODE: &str = "other";

/// The codes of the built-in reasons, in the order of their words.
pub const BUILT_IN_CODES: [&str; 4] = ["slow", "unresolved", "unfriendly", "unclear"];

/// A reason: what it is counted by, and what the client reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// What it is counted by, over all lines and languages: small letters, digits, `_` and `-`. It stays when the text is edited.
    #[schema(max_length = 40, example = "slow")]
    pub code: String,
    /// What the client reads.
    #[schema(max_length = 40, example = "Took too long")]
    pub text: String,
}

impl Reason {
    /// A reason whose code is made of its text.
    pub fn worded(text: &str) -> Self {
        Self { code: code_of(text), text: text.to_owned() }
    }
}

/// What the client read, of each.
pub fn texts(reasons: &[Reason]) -> Vec<String> {
    reasons.iter().map(|reason| reason.text.clone()).collect()
}

words! {
    /// Where a reason came from.
    pub enum ReasonOrigin {
        /// The client chose it.
        Chosen = "chosen",
        /// A keyword rule of the line found its words in the comment.
        Tagged = "tagged",
    }
}

/// Whether this can be the code of a reason.
pub fn is_code(text: &str) -> bool {
    let small = |letter: char| letter.is_alphanumeric() && letter.to_lowercase().eq([letter]);
    let fits = |letter: char| small(letter) || matches!(letter, '_' | '-');
    text.chars().next().is_some_and(small) && text.chars().all(fits) && text.chars().count() <= CODE_CHARS_MAX
}

/// The code of a reason that has none yet: its words in small letters, with `_` between them.
pub fn code_of(text: &str) -> String {
    let small: String =
        text.chars().flat_map(char::to_lowercase).map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
    let code: String = small.split_whitespace().collect::<Vec<_>>().join("_").chars().take(CODE_CHARS_MAX).collect();
    let code = code.trim_end_matches('_');
    // Some small letters of capitals are two, and one of those is no letter.
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
