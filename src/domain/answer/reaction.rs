//! Reads an emoji on a question as a score: only if it is clearly good or bad on the question's scale.
//!
//! | scale | good | bad |
//! |---|---|---|
//! | 👍/👎 | 👍 👏 👌 💪 🤝 ❤ and hearts of all colours, 💖 💘 💕 🥰 😍 🤩 😊 🤗 🔥 🎉 🏆 💯 ❤‍🔥 | 👎 😡 😠 🤬 🤮 🤢 💩 🖕 💔 😞 🙁 ☹ |
//!
//! On the five-star scale, a keycap from 1 to 5 is the score. Everything else is ambiguous: 😢 may be joy, 🙏 may be a plea, ⭐ may be
//! one star or praise, and 👍 is no number of stars. Skin tones, variation selectors and gender signs are ignored.

use super::rating::Scale;

/// Clearly good, as [`plain`] writes it.
const GOOD: &[&str] = &[
    "👍", "👏", "👌", "💪", "🤝", "❤", "🧡", "💛", "💚", "💙", "💜", "🤎", "🖤", "🤍", "🩷", "🩵", "♥", "💖", "💗", "💓", "💞", "💕", "💘",
    "💝", "😘", "🥰", "😍", "🤩", "😊", "😀", "😃", "😄", "🤗", "🔥", "❤🔥", "🎉", "🏆", "💯",
];

/// Clearly bad, as [`plain`] writes it.
const BAD: &[&str] = &["👎", "😡", "😠", "🤬", "🤮", "🤢", "💩", "🖕", "💔", "😞", "😒", "🙁", "☹"];

/// The score of a reaction on `scale`; `None` if it is not clear.
pub fn read(emoji: &str, scale: Scale) -> Option<u8> {
    let plain = plain(emoji);
    match scale {
        Scale::Binary if GOOD.contains(&plain.as_str()) => Some(1),
        Scale::Binary if BAD.contains(&plain.as_str()) => Some(0),
        Scale::Binary => None,
        Scale::FiveStar => match plain.as_bytes() {
            [digit @ b'1'..=b'5'] if emoji.contains(KEYCAP) => Some(digit - b'0'),
            _ => None,
        },
    }
}

/// The frame of a keycap's digit.
const KEYCAP: char = '\u{20e3}';

/// An emoji without modifiers of its appearance: skin tone, variation selector, joiner, gender, frame.
fn plain(emoji: &str) -> String {
    let shapes =
        |letter: &char| matches!(letter, '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{200d}' | '♀' | '♂') || *letter == KEYCAP;
    emoji.trim().chars().filter(|letter| !shapes(letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_clearly_says_good_or_bad_is_a_score() {
        for (emoji, binary, stars) in [
            ("👍", Some(1), None),
            ("👍🏽", Some(1), None),
            ("👎🏿", Some(0), None),
            ("❤️", Some(1), None),
            ("❤", Some(1), None),
            ("❤️‍🔥", Some(1), None),
            ("🔥", Some(1), None),
            ("😡", Some(0), None),
            ("☹️", Some(0), None),
            ("😢", None, None),
            ("🙏", None, None),
            ("🤔", None, None),
            ("⭐", None, None),
            ("1️⃣", None, Some(1)),
            ("5\u{20e3}", None, Some(5)),
            ("6️⃣", None, None),
            ("0️⃣", None, None),
            ("5", None, None),
            ("", None, None),
            ("👍👎", None, None),
        ] {
            assert_eq!(read(emoji, Scale::Binary), binary, "{emoji} on 👍/👎");
            assert_eq!(read(emoji, Scale::FiveStar), stars, "{emoji} on five stars");
        }
    }
}
