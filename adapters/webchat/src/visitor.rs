//! Visitor tokens: who a browser is, said by us and bound to where we said it.
//!
//! A token is `w1.<visitor>.<issued at>.<mac>`. The MAC covers the connection and the origin as well, so a token taken
//! from one site is worth nothing on another. It names nobody: a visitor is 17 random characters.

use hmac::{Hmac, KeyInit, Mac};
use lastword_contract::Millis;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// How long a token is good for; each visit gets a fresh one.
pub const TOKEN_LIFE_MS: Millis = 90 * 24 * 60 * 60 * 1000;

/// The length of a visitor's id: that of every id of the engine, which draws it. It is no secret: the MAC is.
pub const VISITOR_ID_CHARS: usize = 17;

/// Why a token is not taken. The visitor is told nothing but "again".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not of our making, or made for another connection, origin or visitor.
    #[error("not a token of this chat and site")]
    Forged,
    /// Ours, but too old.
    #[error("the token is too old")]
    Expired,
}

/// Makes the token of `visitor_id`, which the caller draws from its own randomness.
pub fn mint(key: &[u8], connection: &str, origin: &str, visitor_id: &str, issued_at: Millis) -> String {
    debug_assert!(is_visitor_id(visitor_id), "a visitor id is {VISITOR_ID_CHARS} characters of [A-Za-z0-9_-]");
    let claim = format!("w1.{visitor_id}.{issued_at}");
    let mac = mac_of(key, &claim, connection, origin);
    format!("{claim}.{mac}")
}

/// Reads the visitor's id out of a token that was minted for this connection and origin and is still good at `now`.
///
/// # Errors
/// [`TokenError::Forged`] before anything in the token is believed; [`TokenError::Expired`] after.
pub fn verify(key: &[u8], connection: &str, origin: &str, token: &str, now: Millis) -> Result<String, TokenError> {
    let (claim, mac) = token.rsplit_once('.').ok_or(TokenError::Forged)?;
    let expected = mac_of(key, claim, connection, origin);
    // The text of the MAC is compared, not its bytes: hex in capitals would be a second spelling of one token.
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

/// Whether `text` has the form of a visitor's id.
pub fn is_visitor_id(text: &str) -> bool {
    text.len() == VISITOR_ID_CHARS && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

fn mac_of(key: &[u8], claim: &str, connection: &str, origin: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(b"lastword web chat visitor");
    // Lengths first, so that no two sets of parts run together into the same bytes.
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
