//! Token of a browser in which a person has signed in: it proves that the browser is known for this login, and nothing more. The
//! password is still needed. Tries with the token are counted apart from those of unknown browsers, so that attackers cannot lock
//! its owner out.

use super::{TokenKeys, mac};
use subtle::ConstantTimeEq;

impl TokenKeys {
    /// The token of a browser; `id` is unique, of letters and digits.
    pub fn device(&self, login: &str, id: &str) -> String {
        let mac = self.0.first().map(|key| device_mac(key, login, id)).unwrap_or_default();
        format!("d1_{id}_{mac}")
    }

    /// The ID in the token of a browser that signed in with `login`; `None` if it is not ours.
    pub fn device_id<'t>(&self, login: &str, token: &'t str) -> Option<&'t str> {
        let (id, claimed) = token.strip_prefix("d1_")?.split_once('_')?;
        let ours = self.0.iter().any(|key| device_mac(key, login, id).as_bytes().ct_eq(claimed.as_bytes()).into());
        (ours && !id.is_empty()).then_some(id)
    }
}

fn device_mac(key: &[u8], login: &str, id: &str) -> String {
    mac(key, 'd', &login.to_lowercase(), id, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_known_for_its_own_login() {
        let keys = TokenKeys::new(b"0123456789abcdef0123456789abcdef", None);
        let token = keys.device("anna", "A1");
        assert_eq!(keys.device_id("Anna", &token), Some("A1"));
        assert_eq!(keys.device_id("boris", &token), None);
        assert_eq!(keys.device_id("anna", &token.replace("A1", "A2")), None);
        for text in ["", "d1_", "d1__", "d1_A1_", "A1_mac"] {
            assert_eq!(keys.device_id("anna", text), None, "{text}");
        }
        let rotated = TokenKeys::new(b"new new new new new new new new!", Some(b"0123456789abcdef0123456789abcdef"));
        assert_eq!(rotated.device_id("anna", &token), Some("A1"), "it outlives a change of keys");
    }
}
