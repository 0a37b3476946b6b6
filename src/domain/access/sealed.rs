//! Texts encrypted with a key derived from the installation's own (ChaCha20-Poly1305), so that a database, or a copy of it, does
//! not reveal secrets. The name is authenticated as well: a sealed text is valid for its own name only.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::Sha256;

/// Encrypts `text` for `name`. The `nonce` must never have been used before.
pub fn seal(key: &[u8], name: &str, nonce: [u8; NONCE_LEN], text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let sealed = made_from(key).seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(name), &mut bytes);
    sealed.unwrap_or_else(|_| unreachable!("a secret is shorter than the cipher's limit of 256 GiB"));
    STANDARD.encode([nonce.as_slice(), &bytes].concat())
}

/// Decrypts a text that [`seal`] made for `name` with one of `keys`; `None` if it was changed, or has another name or key.
pub fn open<'k>(keys: impl Iterator<Item = &'k [u8]>, name: &str, sealed: &str) -> Option<String> {
    let bytes = STANDARD.decode(sealed).ok()?;
    let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>()?;
    keys.into_iter().find_map(|key| {
        let mut text = sealed.to_vec();
        let text = made_from(key).open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(name), &mut text).ok()?;
        String::from_utf8(text.to_vec()).ok()
    })
}

/// A key derived for this purpose only.
fn made_from(key: &[u8]) -> LessSafeKey {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
    mac.update(b"lastword sealed secret");
    let key = UnboundKey::new(&CHACHA20_POLY1305, &mac.finalize().into_bytes());
    LessSafeKey::new(key.unwrap_or_else(|_| unreachable!("HMAC-SHA256 gives the 32 bytes that the cipher takes")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"a key of thirty-two bytes, or so";

    #[test]
    fn only_the_same_key_opens_it_for_the_same_name() {
        let sealed = seal(KEY, "shop", [7; NONCE_LEN], "IGAA-token");
        assert!(!sealed.contains("IGAA"));
        let opened = |keys: &[&[u8]], name: &str, sealed: &str| open(keys.iter().copied(), name, sealed);
        assert_eq!(opened(&[KEY], "shop", &sealed).as_deref(), Some("IGAA-token"));
        assert_eq!(opened(&[b"a new key", KEY], "shop", &sealed).as_deref(), Some("IGAA-token"), "the key before the present one");
        assert_eq!(opened(&[b"a new key"], "shop", &sealed), None);
        assert_eq!(opened(&[KEY], "other", &sealed), None);
        assert_ne!(sealed, seal(KEY, "shop", [8; NONCE_LEN], "IGAA-token"));
        for broken in ["", "AAAA", "not base64!", &sealed[4..], &format!("AAAA{}", &sealed[4..])] {
            assert_eq!(opened(&[KEY], "shop", broken), None, "{broken}");
        }
    }
}
