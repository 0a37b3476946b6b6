//! Passwords of people: their requirements, and the only place that hashes them.

mod hashing;

pub use self::hashing::TooMany;

use self::hashing::{Memory, aside, matches};
use argon2::password_hash::phc::PasswordHash;
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// Minimum length of a password, in characters.
pub const CHARS_MIN: usize = 12;
/// Maximum length, so that hashing cannot be made slow from outside.
pub const CHARS_MAX: usize = 256;
/// Placeholder for the hash if no password was chosen yet: no password matches it.
pub const NONE_YET: &str = "!";

/// Common passwords of sufficient length.
const COMMON: &str = include_str!("common_passwords.txt");
/// Words that are not accepted as a password, even with digits and punctuation around them.
const WORDS: [&str; 14] = [
    "admin",
    "administrator",
    "changeme",
    "iloveyou",
    "lastword",
    "letmein",
    "pass",
    "passwort",
    "password",
    "passwordpassword",
    "qwerty",
    "qwertz",
    "supervisor",
    "welcome",
];
/// Fewer different characters than this are a pattern.
const DIFFERENT_MIN: usize = 5;

/// Reason why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPassword {
    /// Too short.
    #[error("the password has {0} characters; it needs at least {CHARS_MIN}")]
    Short(usize),
    /// Too long.
    #[error("the password has {0} characters; it may have at most {CHARS_MAX}")]
    Long(usize),
    /// Too common.
    #[error("the password is one of those that are tried first; choose another, for instance four words that do not belong together")]
    Common,
}

/// Checks whether a password may be chosen.
///
/// # Errors
/// The reason why not.
pub fn check(password: &str) -> Result<(), BadPassword> {
    match password.chars().count() {
        short if short < CHARS_MIN => return Err(BadPassword::Short(short)),
        long if long > CHARS_MAX => return Err(BadPassword::Long(long)),
        _ => {}
    }
    let small = password.to_lowercase();
    let letters: String = small.chars().filter(|letter| letter.is_alphabetic()).collect();
    let different: BTreeSet<char> = small.chars().filter(|letter| !letter.is_whitespace()).collect();
    let listed = COMMON.lines().any(|line| line == small);
    if listed || WORDS.contains(&letters.as_str()) || different.len() < DIFFERENT_MIN { Err(BadPassword::Common) } else { Ok(()) }
}

/// Hashes a password, as a PHC string. It costs some tens of milliseconds of CPU time: [`hash_aside`] keeps that off the event
/// loop.
///
/// # Errors
/// If the password is refused.
pub fn hash(password: &str, salt: [u8; 16]) -> Result<String, BadPassword> {
    check(password)?;
    Ok(hashing::hash(password, salt, &mut Memory::default()))
}

/// True if `password` matches the hash `kept`. Without a hash, it takes as long and returns false.
pub fn verify(password: &str, kept: Option<&str>) -> bool {
    verify_in(password, kept, &mut Memory::default())
}

fn verify_in(password: &str, kept: Option<&str>, memory: &mut Memory) -> bool {
    static DUMMY: OnceLock<String> = OnceLock::new();
    let dummy = DUMMY.get_or_init(|| hashing::hash("nobody has this one", [0; 16], memory));
    let known = kept.and_then(|kept| PasswordHash::new(kept).ok());
    let there = known.is_some();
    let Some(against) = known.or_else(|| PasswordHash::new(dummy).ok()) else { return false };
    // A password that is too long is never valid; it is cut, and then does not match.
    let fits = password.chars().count() <= CHARS_MAX;
    let tried: String = password.chars().take(CHARS_MAX).collect();
    matches(&tried, &against, memory) && there && fits
}

/// As [`hash`], on the hashing threads: two at a time, others wait.
///
/// # Errors
/// The outer one if too many are waiting, the inner one if the password is refused.
#[lastword_base::boxed]
pub async fn hash_aside(password: String, salt: [u8; 16]) -> Result<Result<String, BadPassword>, TooMany> {
    if let Err(bad) = check(&password) {
        return Ok(Err(bad));
    }
    aside(move |memory| Ok(hashing::hash(&password, salt, memory))).await
}

/// As [`verify`], on the hashing threads: two at a time, others wait.
///
/// # Errors
/// If too many are waiting.
#[lastword_base::boxed]
pub async fn verify_aside(password: String, hash: Option<String>) -> Result<bool, TooMany> {
    aside(move |memory| verify_in(&password, hash.as_deref(), memory)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash_alone() {
        let hashed = hash("correct horse", [7; 16]).unwrap();
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashed}");
        assert!(verify("correct horse", Some(&hashed)) && !verify("correct horsE", Some(&hashed)));
        assert!(!verify("correct horse", Some(NONE_YET)) && !verify("nobody has this one", None));
        assert_ne!(hashed, hash("correct horse", [8; 16]).unwrap());
        // As the crate itself formats it.
        let known = "$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$";
        assert!(hashed.starts_with(known), "{hashed}");
    }

    #[tokio::test]
    async fn memory_that_was_used_before_changes_no_hash() {
        let fresh = hash("correct horse", [7; 16]).unwrap();
        let (one, other) =
            tokio::join!(hash_aside("correct horse".to_owned(), [7; 16]), hash_aside("another one altogether".to_owned(), [9; 16]));
        assert!(one.unwrap().unwrap() == fresh && other.unwrap().unwrap() != fresh);
        for _ in 0..4 {
            assert!(verify_aside("correct horse".to_owned(), Some(fresh.clone())).await.unwrap());
            assert!(!verify_aside("correct horsE".to_owned(), Some(fresh.clone())).await.unwrap());
        }
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(hash("elevenchars", [0; 16]), Err(BadPassword::Short(11)));
        assert!(hash("двенадцать бб", [0; 16]).is_ok());
        assert_eq!(hash(&"x".repeat(257), [0; 16]), Err(BadPassword::Long(257)));
        let long = "абвгд".repeat(50);
        let hashed = hash(&long, [0; 16]).unwrap();
        assert!(verify(&long, Some(&hashed)) && !verify(&format!("{long}{}", "x".repeat(300)), Some(&hashed)));
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for common in
            ["1qaz2wsx3edc", "Password1234", "!!Welcome2026!!", "aaaaaaaaaaaa", "ababababababab", "Q1W2E3R4T5Y6", "1234 1234 1234"]
        {
            assert_eq!(check(common), Err(BadPassword::Common), "{common}");
        }
        for fine in ["correct horse battery", "Zu viele Köche", "password is not my dog"] {
            assert_eq!(check(fine), Ok(()), "{fine}");
        }
    }
}
