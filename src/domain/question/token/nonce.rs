//! Nonce of a page: proof that a form comes from a page that was shown recently. A program that only opens links, or posts to them,
//! has none. It needs no cookie and no stored state: it consists of a time, an ID and a MAC over both and the page's token.

use super::{TokenKeys, mac};
use crate::Millis;
use subtle::ConstantTimeEq;

/// Maximum age of a page whose form is accepted.
pub const NONCE_LIFE: Millis = 30 * 60_000;
/// Maximum lead of another node's clock.
const AHEAD_MAX: Millis = 60_000;

/// The page that a nonce was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown<'n> {
    /// ID of the page.
    pub id: &'n str,
    /// Time when it was shown.
    pub at: Millis,
}

impl TokenKeys {
    /// Makes a nonce for the page of `token`, shown at `now`; `id` is unique per page.
    pub fn nonce(&self, token: &str, id: &str, now: Millis) -> String {
        let mac = self.0.first().map(|key| page_mac(key, token, id, now)).unwrap_or_default();
        format!("{now}_{id}_{mac}")
    }

    /// The page of `token` that this nonce was made for; `None` if it is forged, or too old at `now`.
    pub fn shown<'n>(&self, token: &str, nonce: &'n str, now: Millis) -> Option<Shown<'n>> {
        let mut parts = nonce.split('_');
        let (at, id, claimed) = (parts.next()?, parts.next()?, parts.next()?);
        // Accept only one spelling of a number, so that each nonce has one text.
        let at = at.parse::<Millis>().ok().filter(|parsed| parsed.to_string() == at)?;
        let fresh = (-AHEAD_MAX..=NONCE_LIFE).contains(&now.checked_sub(at)?);
        let ours = self.0.iter().any(|key| page_mac(key, token, id, at).as_bytes().ct_eq(claimed.as_bytes()).into());
        (parts.next().is_none() && fresh && ours).then_some(Shown { id, at })
    }
}

fn page_mac(key: &[u8], token: &str, id: &str, at: Millis) -> String {
    mac(key, 'n', token, id, &at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Millis = 1_790_000_000_000;

    fn id<'n>(keys: &TokenKeys, token: &str, nonce: &'n str, now: Millis) -> Option<&'n str> {
        keys.shown(token, nonce, now).map(|shown| shown.id)
    }

    fn keys() -> TokenKeys {
        TokenKeys::new(b"0123456789abcdef0123456789abcdef", None)
    }

    #[test]
    fn a_nonce_is_good_for_its_page_and_for_a_while() {
        let nonce = keys().nonce("r1_a_1_mac", "page7", NOW);
        assert_eq!(id(&keys(), "r1_a_1_mac", &nonce, NOW), Some("page7"));
        assert_eq!(keys().shown("r1_a_1_mac", &nonce, NOW + NONCE_LIFE), Some(Shown { id: "page7", at: NOW }));
        assert_eq!(id(&keys(), "r1_a_1_mac", &nonce, NOW + NONCE_LIFE + 1), None, "too old");
        assert_eq!(id(&keys(), "r1_a_1_mac", &nonce, NOW - AHEAD_MAX - 1), None, "from the future");
        assert_eq!(id(&keys(), "r1_a_0_mac", &nonce, NOW), None, "another page's");
        let other = TokenKeys::new(b"another key another key another!", None);
        assert_eq!(id(&other, "r1_a_1_mac", &nonce, NOW), None, "another installation's");
        let rotated = TokenKeys::new(b"new new new new new new new new!", Some(b"0123456789abcdef0123456789abcdef"));
        assert_eq!(id(&rotated, "r1_a_1_mac", &nonce, NOW), Some("page7"), "an open page outlives a change of keys");
    }

    #[test]
    fn what_is_no_nonce_is_none() {
        for text in ["", "_", "__", "1__", "x_y_z", "9223372036854775807_a_b", "-9223372036854775808_a_b", "+1_a_b", "01_a_b"] {
            assert_eq!(id(&keys(), "t", text, NOW), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn i11_flipping_any_bit_spoils_a_nonce(position in 0_usize..64, bit in 0_u8..7) {
            let nonce = keys().nonce("t", "page7", NOW);
            let mut bytes = nonce.into_bytes();
            let position = position % bytes.len();
            bytes[position] ^= 1 << bit;
            let spoiled = String::from_utf8(bytes).is_ok_and(|nonce| id(&keys(), "t", &nonce, NOW).is_some());
            prop_assert!(!spoiled);
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in ".{0,100}", now in any::<i64>()) {
            let _ = id(&keys(), "t", &text, now);
        }
    }
}
