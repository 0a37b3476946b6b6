//! The pages' cookies. Over TLS their names start with `__Host-`, so that no other host or path can set them. Browsers reject such names
//! over plain HTTP, which is for this machine only.

use axum::http::{HeaderMap, HeaderValue, header};

/// The login's secret.
pub(crate) const LOGIN: &str = "lastword";
/// Before sign-in: the secret that forms are bound to.
pub(crate) const GUEST: &str = "lastword-guest";
/// The one-time message of the next page.
pub(crate) const FLASH: &str = "lastword-flash";
/// The language and the theme chosen in this browser.
pub(super) const CHOICE: &str = "lastword-choice";

/// Marks a browser in which a person has signed in before: its attempts are counted separately.
pub(crate) const DEVICE: &str = "lastword-device";

/// ID of this browser among those with notifications.
pub(crate) const PUSH: &str = "lastword-push";

/// A year, in seconds.
pub(crate) const YEAR: u32 = 365 * 24 * 3_600;

fn name(name: &str, https: bool) -> String {
    if https { format!("__Host-{name}") } else { name.to_owned() }
}

/// The value of a cookie in the request.
pub(crate) fn read(headers: &HeaderMap, cookie: &str, https: bool) -> Option<String> {
    let name = name(cookie, https);
    let sent = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = sent.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).filter(|value| !value.is_empty())
}

/// Sets a cookie. Without `seconds` it lasts until the browser is closed. `value` consists of letters, digits and `-_.~`.
pub(crate) fn set(cookie: &str, value: &str, https: bool, seconds: Option<u32>) -> HeaderValue {
    let secure = if https { "; Secure" } else { "" };
    let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}", name(cookie, https));
    HeaderValue::from_str(&text).unwrap_or_else(|_| clear(cookie, https))
}

/// Deletes a cookie.
pub(crate) fn clear(cookie: &str, https: bool) -> HeaderValue {
    let secure = if https { "; Secure" } else { "" };
    let text = format!("{}=; Path=/; HttpOnly; SameSite=Lax{secure}; Max-Age=0", name(cookie, https));
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_tls_a_cookie_is_this_hosts_alone() {
        let plain = set(LOGIN, "secret", false, None);
        assert_eq!(plain, "lastword=secret; Path=/; HttpOnly; SameSite=Lax");
        let secure = set(LOGIN, "secret", true, Some(60));
        assert_eq!(secure, "__Host-lastword=secret; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60");
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "a=b; lastword=planted; __Host-lastword=real".parse().unwrap());
        assert_eq!(read(&headers, LOGIN, true).as_deref(), Some("real"), "what another host planted is not read");
        assert_eq!(read(&headers, LOGIN, false).as_deref(), Some("planted"));
        assert_eq!(read(&headers, GUEST, true), None);
    }
}
