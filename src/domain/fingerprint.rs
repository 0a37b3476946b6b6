//! Fingerprint by which the same text is recognized without storing it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// The first half of the SHA-256 of `bytes`, as 22 characters of `[0-9A-Za-z_-]`.
pub fn fingerprint(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(bytes)[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_alone_have_the_same_fingerprint() {
        // SHA-256 of "abc" begins with ba7816bf 8f01cfea 414140de 5dae2223 (FIPS 180-2, appendix B.1).
        assert_eq!(fingerprint(b"abc"), URL_SAFE_NO_PAD.encode(0xba78_16bf_8f01_cfea_4141_40de_5dae_2223_u128.to_be_bytes()));
        assert!(fingerprint(b"abc").len() == 22 && fingerprint(b"abc") != fingerprint(b"abd"));
    }
}
