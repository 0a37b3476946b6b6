//! Visitor tokens identify a browser, and are bound to the connection and site for which they were issued.
//!
//! A token is `w1.<visitor>.<issued at>.<mac>`. The MAC also covers the connection and the origin, so a token copied from
//! one site is invalid on another. It contains no personal data: a visitor is 17 random characters.

use hmac::{Hmac, KeyInit, Mac};
use lastword_contract::Millis;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Lifetime of a token; each visit gets a new one.
pub const TOKEN_LIFE_MS: Millis = 90 * 24 * 60 * 60 * 1000;

/// Length of a visitor's ID, like every ID of the engine, which generates it. The ID is not secret; the MAC protects it.
pub const VISITOR_ID_CHARS: usize = 17;

/// Why a token is refused. The visitor only learns that a new one is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not issued by us, or issued for another connection, origin or visitor.
    #[error("not a token of this chat and site")]
    Forged,
    /// Issued by us, but expired.
    #[error("the token is too old")]
    Expired,
}

/// Creates the token of `visitor_id`, a random ID from the caller.
pub fn mint(key: &[u8], connection: &str, origin: &str, visitor_id: &str, issued_at: Millis) -> String {
    debug_assert!(is_visitor_id(visitor_id), "a visitor id is {VISITOR_ID_CHARS} characters of [A-Za-z0-9_-]");
    let claim = format!("w1.{visitor_id}.{issued_at}");
    let mac = mac_of(key, &claim, connection, origin);
    format!("{claim}.{mac}")
}

/// Returns the visitor's ID if the token was issued for this connection and origin and is valid at `now`.
///
/// # Errors
/// [`TokenError::Forged`] is checked before anything in the token is used; [`TokenError::Expired`] after that.
pub fn verify(key: &[u8], connection: &str, origin: &str, token: &str, now: Millis) -> Result<String, TokenError> {
    let (claim, mac) = token.rsplit_once('.').ok_or(TokenError::Forged)?;
    let expected = mac_of(key, claim, connection, origin);
    // Compares the MAC as text, because upper-case hex would be a second form of the same token.
    if !bool::from(expected.as_bytes().ct_eq(mac.as_bytes())) {
        return Err(TokenError::Forged);
    }
    let mut parts = claim.split('.');
    let (Some("w1"), Some(visitor), Some(issued), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(TokenError::Forged);
    };
    let issued_at: Millis = issued.parse().map_err(|_| TokenError::Forged)?;
    if !is_visitor_id(visitor) {
        return Err(TokenError::Forged);
    }
    if now >= issued_at.saturating_add(TOKEN_LIFE_MS) {
        return Err(TokenError::Expired);
    }
    Ok(visitor.to_owned())
}

/// True if `text` has the form of a visitor's ID.
pub fn is_visitor_id(text: &str) -> bool {
    text.len() == VISITOR_ID_CHARS && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

fn mac_of(key: &[u8], claim: &str, connection: &str, origin: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(b"lastword web chat visitor");
    // Lengths go first, so that different parts cannot produce the same bytes.
    for part in [claim, connection, origin] {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"a key of thirty-two bytes, or so";
    const VISITOR: &str = "Vis1tor_012345-ab";
    const DAY: Millis = 24 * 60 * 60 * 1000;

    fn token() -> String {
        mint(KEY, "site", "https://shop.example", VISITOR, 1_000)
    }

    #[test]
    fn a_token_names_its_visitor_until_it_expires() {
        let at = |now| verify(KEY, "site", "https://shop.example", &token(), now);
        assert_eq!(at(1_000).as_deref(), Ok(VISITOR));
        assert_eq!(at(1_000 + 90 * DAY - 1).as_deref(), Ok(VISITOR));
        assert_eq!(at(1_000 + 90 * DAY), Err(TokenError::Expired));
        assert!(token().bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)), "fits a query as it is");
    }

    #[test]
    fn a_token_is_worth_nothing_elsewhere() {
        for (key, connection, origin) in [
            (&b"another key"[..], "site", "https://shop.example"),
            (KEY, "other", "https://shop.example"),
            (KEY, "site", "https://shop.example.evil.example"),
            (KEY, "site", "http://shop.example"),
            (KEY, "site", "https://shop.example:8443"),
            (KEY, "site", "null"),
            (KEY, "sitehttps", "://shop.example"),
        ] {
            assert_eq!(verify(key, connection, origin, &token(), 1_000), Err(TokenError::Forged), "{connection} {origin}");
        }
    }

    #[test]
    fn any_flipped_bit_is_found() {
        let good = token().into_bytes();
        for at in 0..good.len() {
            for bit in 0..8 {
                let mut bad = good.clone();
                bad[at] ^= 1 << bit;
                let Ok(bad) = String::from_utf8(bad) else { continue };
                assert_eq!(verify(KEY, "site", "https://shop.example", &bad, 1_000), Err(TokenError::Forged), "{bad}");
            }
        }
    }

    #[test]
    fn cut_swapped_and_empty_tokens_are_forged() {
        let good = token();
        let later = mint(KEY, "site", "https://shop.example", VISITOR, 2_000);
        let spliced = format!("{}.{}", later.rsplit_once('.').unwrap().0, good.rsplit_once('.').unwrap().1);
        for bad in ["", ".", "w1", "w1...", &good[..good.len() - 1], &format!("{good}0"), &good.to_uppercase(), &spliced] {
            assert_eq!(verify(KEY, "site", "https://shop.example", bad, 1_000), Err(TokenError::Forged), "{bad}");
        }
    }
}
