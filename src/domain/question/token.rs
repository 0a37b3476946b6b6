//! The short string in every button, payload and link. A MAC binds it to its subject, its recipient and its value, so that none of
//! them can be swapped.
//!
//! Form: `r1_<17 letters>_<value>_<14 letters>`, at most 64 bytes, only `[A-Za-z0-9_]`, because of the strictest platforms
//! (Telegram 64 bytes; Messenger question IDs `[A-Za-z0-9_]{1,80}`).

mod device;
mod nonce;

pub use self::nonce::{NONCE_LIFE, Shown};
use hmac::{Hmac, KeyInit, Mac};
use lastword_base::names::Subject;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Purpose of a token. A token is valid for one purpose only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// An answer to a rating request.
    Rate,
    /// An acknowledgement of an alert.
    Acknowledge,
}

impl Purpose {
    fn letter(self) -> char {
        match self {
            Purpose::Rate => 'r',
            Purpose::Acknowledge => 'a',
        }
    }
}

/// Meaning of a tap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenValue {
    /// A score on the request's scale.
    Score(u8),
    /// The reason with this index in the line's list.
    Reason(u8),
    /// Answer to "Was your issue resolved?".
    Resolved(bool),
    /// A comment is attached.
    Comment,
    /// A platform's own form is attached, which contains the score.
    Form,
    /// The client wants to choose another score.
    Again,
    /// The client opts out.
    Stop,
    /// The client opts in again.
    Start,
    /// The alert was seen.
    Seen,
}

impl TokenValue {
    fn encode(self) -> String {
        match self {
            TokenValue::Score(score) => score.to_string(),
            TokenValue::Reason(place) => format!("c{place}"),
            TokenValue::Resolved(true) => "y".to_owned(),
            TokenValue::Resolved(false) => "n".to_owned(),
            TokenValue::Comment => "t".to_owned(),
            TokenValue::Form => "f".to_owned(),
            TokenValue::Again => "g".to_owned(),
            TokenValue::Stop => "x".to_owned(),
            TokenValue::Start => "b".to_owned(),
            TokenValue::Seen => "s".to_owned(),
        }
    }

    fn decode(text: &str) -> Option<Self> {
        Some(match text {
            "y" => TokenValue::Resolved(true),
            "n" => TokenValue::Resolved(false),
            "t" => TokenValue::Comment,
            "f" => TokenValue::Form,
            "x" => TokenValue::Stop,
            "b" => TokenValue::Start,
            "g" => TokenValue::Again,
            "s" => TokenValue::Seen,
            _ => match text.strip_prefix('c') {
                Some(place) => TokenValue::Reason(small(place)?),
                None => TokenValue::Score(small(text)?),
            },
        })
    }
}

/// A number from 0 to 9 as one digit, so that each value has one spelling.
fn small(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [digit @ b'0'..=b'9'] => Some(digit - b'0'),
        _ => None,
    }
}

/// A parsed token, not yet verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Its claimed purpose.
    pub purpose: Purpose,
    /// Its claimed subject: a rating request or an alert.
    pub subject: Subject,
    /// Its claimed value.
    pub value: TokenValue,
    mac: String,
}

/// Keys of tokens: the first one signs, all verify, so that a key can be replaced without invalidating the buttons already sent.
#[derive(Clone)]
pub struct TokenKeys(Vec<Vec<u8>>);

impl std::fmt::Debug for TokenKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenKeys(…)")
    }
}

const VERSION: char = '1';
const MAC_BYTES: usize = 10;
const MAC_LETTERS: usize = 14;

impl TokenKeys {
    /// Keys, the current one first.
    pub fn new(current: &[u8], previous: Option<&[u8]>) -> Self {
        Self(std::iter::once(current).chain(previous).map(<[u8]>::to_vec).collect())
    }

    /// The keys, the current one first: for other MACs.
    pub fn each(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(Vec::as_slice)
    }

    /// Makes the token for `value` about `subject`, for `recipient` (connection and chat).
    pub fn mint(&self, purpose: Purpose, subject: impl Into<Subject>, recipient: &str, value: TokenValue) -> String {
        let subject = subject.into();
        let (letter, value) = (purpose.letter(), value.encode());
        let mac = self.0.first().map(|key| mac(key, letter, subject.as_str(), recipient, &value)).unwrap_or_default();
        format!("{letter}{VERSION}_{subject}_{value}_{mac}")
    }

    /// True if `claimed` was made by us for `recipient`.
    pub fn vouch(&self, claimed: &Claimed, recipient: &str) -> bool {
        let (letter, value) = (claimed.purpose.letter(), claimed.value.encode());
        crate::planted::is("MAC not checked")
            || self
                .0
                .iter()
                .any(|key| mac(key, letter, claimed.subject.as_str(), recipient, &value).as_bytes().ct_eq(claimed.mac.as_bytes()).into())
    }
}

/// Parses a token; `None` if it is not one of ours.
pub fn read(token: &str) -> Option<Claimed> {
    if token.len() > 64 {
        return None;
    }
    let mut parts = token.split('_');
    let (head, subject, value, mac) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if parts.next().is_some() || !plain(subject) || !plain(mac) || mac.len() != MAC_LETTERS {
        return None;
    }
    let purpose = match head {
        "r1" => Purpose::Rate,
        "a1" => Purpose::Acknowledge,
        _ => return None,
    };
    let value = TokenValue::decode(value)?;
    let fits = match (purpose, value) {
        (Purpose::Rate, TokenValue::Seen) => false,
        (Purpose::Rate, _) => true,
        (Purpose::Acknowledge, value) => value == TokenValue::Seen,
    };
    fits.then(|| Claimed { purpose, subject: subject.into(), value, mac: mac.to_owned() })
}

/// Ten bytes of HMAC-SHA256 in base 62. Parts are length-prefixed, so that different inputs never give the same bytes.
fn mac(key: &[u8], letter: char, subject: &str, recipient: &str, value: &str) -> String {
    let mut hmac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
    for part in [&format!("{letter}{VERSION}"), subject, recipient, value] {
        hmac.update(&(part.len() as u64).to_be_bytes());
        hmac.update(part.as_bytes());
    }
    let bytes = hmac.finalize().into_bytes();
    let mut number = bytes.iter().take(MAC_BYTES).fold(0_u128, |number, &byte| (number << 8) | u128::from(byte));
    let mut letters = String::with_capacity(MAC_LETTERS);
    for _ in 0..MAC_LETTERS {
        letters.push(char::from(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"[(number % 62) as usize]));
        number /= 62;
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keys() -> TokenKeys {
        TokenKeys::new(b"0123456789abcdef0123456789abcdef", None)
    }

    const SUBJECT: &str = "01Hk3bqfX0a9ZzY7Y";

    #[test]
    fn a_token_fits_every_platform() {
        let token = keys().mint(Purpose::Rate, SUBJECT, "bot:777", TokenValue::Reason(7));
        assert!(token.len() <= 64 && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'), "{token}");
    }

    #[test]
    fn i11_no_part_of_a_token_can_be_swapped() {
        let token = keys().mint(Purpose::Rate, SUBJECT, "bot:777", TokenValue::Score(0));
        let claimed = read(&token).expect("ours");
        assert!(keys().vouch(&claimed, "bot:777"));
        assert!(!keys().vouch(&claimed, "bot:778"), "another client");
        assert!(!keys().vouch(&Claimed { value: TokenValue::Score(1), ..claimed.clone() }, "bot:777"), "another value");
        assert!(!keys().vouch(&Claimed { subject: SUBJECT.replace('0', "1").into(), ..claimed.clone() }, "bot:777"), "another request");
        assert!(!TokenKeys::new(b"another key another key another!", None).vouch(&claimed, "bot:777"), "another installation");
    }

    #[test]
    fn a_replaced_key_still_vouches_for_what_it_made() {
        let token = keys().mint(Purpose::Acknowledge, SUBJECT, "bot:1", TokenValue::Seen);
        let rotated = TokenKeys::new(b"new new new new new new new new!", Some(b"0123456789abcdef0123456789abcdef"));
        assert!(rotated.vouch(&read(&token).expect("ours"), "bot:1"));
    }

    proptest! {
        #[test]
        fn i11_flipping_any_bit_spoils_a_token(position in 0_usize..64, bit in 0_u8..7) {
            let token = keys().mint(Purpose::Rate, SUBJECT, "bot:777", TokenValue::Score(5));
            let mut bytes = token.clone().into_bytes();
            let position = position % bytes.len();
            bytes[position] ^= 1 << bit;
            let trusted = String::from_utf8(bytes).ok().and_then(|token| read(&token)).is_some_and(|claimed| keys().vouch(&claimed, "bot:777"));
            prop_assert!(!trusted);
        }

        #[test]
        fn reading_never_panics(text in ".{0,80}") {
            let _ = read(&text);
        }
    }
}
