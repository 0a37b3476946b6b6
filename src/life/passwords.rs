//! Passwords of people who sign in: what is asked of one, and the one place that hashes them.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};

/// The least length of a password, in characters.
pub const CHARS_MIN: usize = 12;
/// The greatest, so that hashing cannot be made slow from outside.
pub const CHARS_MAX: usize = 256;

/// A password that cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPassword {
    /// Too short.
    #[error("the password has {0} characters; it needs at least {CHARS_MIN}")]
    Short(usize),
    /// Too long.
    #[error("the password has {0} characters; it may have at most {CHARS_MAX}")]
    Long(usize),
}

/// Argon2id with 19 MiB and two passes: OWASP's figures.
fn argon2() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).unwrap_or_else(|error| unreachable!("fixed parameters: {error}"));
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The hash of a password, as a PHC string. CPU work of some tens of milliseconds: keep it off the event loop.
///
/// # Errors
/// When the password is too short or too long.
pub fn hash(password: &str, salt: [u8; 16]) -> Result<String, BadPassword> {
    match password.chars().count() {
        short if short < CHARS_MIN => return Err(BadPassword::Short(short)),
        long if long > CHARS_MAX => return Err(BadPassword::Long(long)),
        _ => {}
    }
    let hashed: PasswordHash = argon2()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .unwrap_or_else(|error| unreachable!("a checked password and a salt of 16 bytes: {error}"));
    Ok(hashed.to_string())
}

/// Whether `password` is the one behind `hash`.
pub fn verify(password: &str, hash: &str) -> bool {
    if password.chars().count() > CHARS_MAX {
        return false;
    }
    PasswordHash::new(hash).is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash_alone() {
        let hashed = hash("correct horse", [7; 16]).unwrap();
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashed}");
        assert!(verify("correct horse", &hashed) && !verify("correct horsE", &hashed) && !verify("correct horse", "nonsense"));
        assert_ne!(hashed, hash("correct horse", [8; 16]).unwrap());
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(hash("elevenchars", [0; 16]), Err(BadPassword::Short(11)));
        assert!(hash("двенадцатьбб", [0; 16]).is_ok());
        assert_eq!(hash(&"x".repeat(257), [0; 16]), Err(BadPassword::Long(257)));
    }
}
