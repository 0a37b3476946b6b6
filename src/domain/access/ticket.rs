//! One-time links for signing in: the first admin of a new installation, a person without a password.
//!
//! Nothing about them is stored. A MAC binds each to its purpose, person, expiry, and the state that using it changes: the present
//! password, which is replaced by using the link.

use crate::Millis;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Purpose of a link. A link is valid for one purpose only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Create the first admin.
    First,
    /// Choose a password for an account.
    Password,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Purpose::First => "first",
            Purpose::Password => "password",
        }
    }
}

/// A parsed link, not yet verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The account, or a placeholder if there is none yet.
    pub subject: String,
    /// Expiry.
    pub expires_at: Millis,
    mac: Vec<u8>,
}

/// Makes the last part of a link. `state` is what using the link changes.
pub fn mint(key: &[u8], purpose: Purpose, subject: &str, expires_at: Millis, state: &str) -> String {
    let mac = URL_SAFE_NO_PAD.encode(mac(key, purpose, subject, expires_at, state));
    format!("{subject}.{expires_at}.{mac}")
}

/// Parses the last part of a link; `None` if it is not one of ours.
pub fn read(text: &str) -> Option<Ticket> {
    let mut parts = text.split('.');
    let (subject, expires_at, mac) = (parts.next()?, parts.next()?, parts.next()?);
    let fits = parts.next().is_none() && subject.len() <= 64 && subject.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let digits = !expires_at.is_empty() && expires_at.bytes().all(|byte| byte.is_ascii_digit());
    if !fits || !digits {
        return None;
    }
    Some(Ticket { subject: subject.to_owned(), expires_at: expires_at.parse().ok()?, mac: URL_SAFE_NO_PAD.decode(mac).ok()? })
}

impl Ticket {
    /// True if it was made with one of `keys` for this purpose and state, and has not expired.
    pub fn holds<'k>(&self, keys: impl IntoIterator<Item = &'k [u8]>, purpose: Purpose, state: &str, now: Millis) -> bool {
        let made = |key: &[u8]| bool::from(mac(key, purpose, &self.subject, self.expires_at, state).ct_eq(self.mac.as_slice()));
        now < self.expires_at && keys.into_iter().any(made)
    }
}

/// Parts are length-prefixed, so that different inputs never give the same bytes.
fn mac(key: &[u8], purpose: Purpose, subject: &str, expires_at: Millis, state: &str) -> Vec<u8> {
    let mut hmac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
    for part in ["ticket", purpose.word(), subject, &expires_at.to_string(), state] {
        hmac.update(&(part.len() as u64).to_be_bytes());
        hmac.update(part.as_bytes());
    }
    hmac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";

    #[test]
    fn a_link_is_for_one_purpose_one_state_and_a_time() {
        let ticket = read(&mint(KEY, Purpose::Password, "01Hk3bqf", 1_000, "$argon2id$old")).unwrap();
        let holds = |purpose, state, now| ticket.holds([KEY], purpose, state, now);
        assert!(holds(Purpose::Password, "$argon2id$old", 999));
        assert!(!holds(Purpose::Password, "$argon2id$old", 1_000), "its time is over");
        assert!(!holds(Purpose::Password, "$argon2id$new", 999), "it was used");
        assert!(!holds(Purpose::First, "$argon2id$old", 999));
        assert!(!ticket.holds([&KEY[1..]], Purpose::Password, "$argon2id$old", 999), "another installation");
        assert!(ticket.holds([&KEY[1..], KEY], Purpose::Password, "$argon2id$old", 999), "a replaced key");
        let later = Ticket { expires_at: 5_000, ..ticket };
        assert!(!later.holds([KEY], Purpose::Password, "$argon2id$old", 999), "its time cannot be changed");
    }

    proptest! {
        #[test]
        fn reading_never_panics_and_nothing_made_up_holds(text in ".{0,120}") {
            prop_assert!(read(&text).is_none_or(|ticket| !ticket.holds([KEY], Purpose::First, "", 0)));
        }
    }
}
