//! Settings of one web chat connection, with the exact list of sites that may show it.

use crate::words::built_in;
use hmac::{Hmac, KeyInit, Mac};
use lastword_contract::language::primary;
use lastword_contract::{Input, Setting};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::collections::BTreeMap;
use subtle::ConstantTimeEq;

/// Keys of the widget's texts, which [`Config::texts`] can replace. The widget's English table has the same keys in the
/// same order, and so has `widget/words.json` for each other language, which tests verify.
pub const TEXT_KEYS: &[&str] = &[
    "title",
    "rate",
    "open",
    "close",
    "placeholder",
    "send",
    "you",
    "support",
    "star",
    "good",
    "bad",
    "resolved",
    "saved",
    "kept",
    "lost",
    "back",
    "refused",
];

const TEXT_CHARS_MAX: usize = 200;
const SECRET_CHARS_MIN: usize = 16;

/// One web chat: its line, the sites that may show it, and its texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// ID of the chat's line.
    pub line: String,
    /// Sites that may show the widget, exactly as a browser sends them: `https://shop.example`.
    pub origins: Vec<String>,
    /// A complete chat, or only the rating card.
    #[serde(default)]
    pub mode: Mode,
    /// Beside another chat: the key with which the site's server signs the ID of the desk's session that a page shows.
    /// Without it pages cannot name a session.
    #[serde(default, skip_serializing)]
    pub session_secret: Option<SessionSecret>,
    /// Texts that replace the widget's own: language, then key, then text.
    #[serde(default)]
    pub texts: BTreeMap<String, BTreeMap<String, String>>,
}

/// Key shared by the site's server and this connection. The debug format omits it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct SessionSecret(String);

impl std::fmt::Debug for SessionSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionSecret(…)")
    }
}

impl SessionSecret {
    /// True if `signature` is the lower-case hex of HMAC-SHA256 over `session` with this key.
    pub fn signed(&self, session: &str, signature: &str) -> bool {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).expect("HMAC takes a key of any length");
        mac.update(session.as_bytes());
        hex::encode(mac.finalize().into_bytes()).as_bytes().ct_eq(signature.as_bytes()).into()
    }
}

/// What the widget shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// A minimal chat of our own, with the question inside it.
    #[default]
    Own,
    /// Only the rating card, beside another program's chat.
    Beside,
}

impl Mode {
    /// Name of this mode in settings and in the widget.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Own => "own",
            Mode::Beside => "beside",
        }
    }
}

/// Invalid settings, one sentence per line with the key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

impl Config {
    /// True if a page of `origin` may use this chat.
    ///
    /// Origins are compared as bytes: browsers send them in one form only, so any difference in case, port or ending is
    /// another site or a forgery. Sandboxed pages send `null`, which is not allowed.
    pub fn admits_origin(&self, origin: &str) -> bool {
        origin_fault(origin).is_none() && self.origins.iter().any(|allowed| allowed == origin)
    }

    /// The widget's texts in `language` that replace its English ones: the built-in ones, overridden by the settings for
    /// `pt`, overridden by those for `pt-BR`.
    pub fn texts_for(&self, language: &str) -> BTreeMap<String, String> {
        let mut words = built_in(language);
        let primary = primary(language);
        for wanted in [primary.as_str(), language] {
            for (tag, texts) in &self.texts {
                if tag.eq_ignore_ascii_case(wanted) {
                    words.extend(texts.clone());
                }
            }
        }
        words
    }

    /// Checks the settings beyond their types.
    ///
    /// # Errors
    /// Every problem, one sentence per line with the key and the remedy.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let mut wrong = Vec::new();
        if self.line.trim().is_empty() {
            wrong.push("line: name the line this chat belongs to.".to_owned());
        }
        if self.origins.is_empty() {
            wrong.push("origins: name at least one site, such as \"https://shop.example\".".to_owned());
        }
        for (index, origin) in self.origins.iter().enumerate() {
            wrong.extend(origin_fault(origin).map(|why| format!("origins[{index}]: {origin:?} {why}.")));
        }
        if self.session_secret.as_ref().is_some_and(|secret| secret.0.len() < SECRET_CHARS_MIN) {
            wrong.push(format!("session_secret: write at least {SECRET_CHARS_MIN} characters that cannot be guessed."));
        }
        wrong.extend(self.texts.iter().flat_map(|(language, texts)| text_faults(language, texts)));
        if wrong.is_empty() { Ok(()) } else { Err(ConfigError(wrong.join("\n"))) }
    }

    /// Origins without TLS that are not on this machine: traffic there can be intercepted.
    pub(crate) fn plain_origins(&self) -> impl Iterator<Item = &str> {
        self.origins.iter().map(String::as_str).filter(|origin| {
            let Some(host) = origin.strip_prefix("http://") else { return false };
            let name = if host.starts_with('[') { host } else { host.split(':').next().unwrap_or_default() };
            !(name == "localhost" || name.ends_with(".localhost") || name.starts_with("127.") || name.starts_with("[::1]"))
        })
    }
}

/// Problems with the texts in one language.
fn text_faults(language: &str, texts: &BTreeMap<String, String>) -> Vec<String> {
    let fits = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    if language.len() > 35 || !language.split('-').all(fits) {
        return vec![format!("texts.{language}: write a language tag such as \"en\" or \"pt-BR\".")];
    }
    let mut wrong = Vec::new();
    for (key, text) in texts {
        if !TEXT_KEYS.contains(&key.as_str()) {
            wrong.push(format!("texts.{language}.{key}: the widget has no such text; it has {}.", TEXT_KEYS.join(", ")));
        } else if text.trim().is_empty() || text.chars().count() > TEXT_CHARS_MAX {
            wrong.push(format!("texts.{language}.{key}: write between 1 and {TEXT_CHARS_MAX} characters, or leave the key out."));
        }
    }
    wrong
}

/// Why a browser can never send `origin`; `None` if it can. The text continues the sentence after the quoted origin.
fn origin_fault(origin: &str) -> Option<&'static str> {
    if origin == "null" {
        return Some("is what every sandboxed page sends, so it would admit anybody");
    }
    let (rest, default_port) = match (origin.strip_prefix("https://"), origin.strip_prefix("http://")) {
        (Some(rest), _) => (rest, "443"),
        (None, Some(rest)) => (rest, "80"),
        (None, None) => return Some("has to begin with https:// (or http://) in lower case"),
    };
    if rest.contains(['/', '?', '#', '@', '\\']) {
        return Some("has to end after the host and port: no path, no slash, no user");
    }
    if rest.contains('*') {
        return Some("has a wildcard: name every site in full");
    }
    let (host, port) = match rest.strip_prefix('[') {
        Some(inner) => match inner.split_once(']') {
            Some((address, tail)) if address.parse::<std::net::Ipv6Addr>().is_ok() => {
                (address, tail.strip_prefix(':').or(if tail.is_empty() { None } else { Some(tail) }))
            }
            _ => return Some("has a broken IPv6 address"),
        },
        None => match rest.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (rest, None),
        },
    };
    if let Some(port) = port {
        if port == default_port {
            return Some("names the usual port, which browsers leave out: leave it out too");
        }
        if !port.parse::<u16>().is_ok_and(|number| number > 0 && number.to_string() == port) {
            return Some("has a port that is not a number from 1 to 65535");
        }
    }
    if host.bytes().any(|b| b.is_ascii_uppercase()) {
        return Some("has to be in lower case, as browsers send it");
    }
    if !host.is_ascii() {
        return Some("has to be written as browsers send it, in its xn-- form");
    }
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-._:".contains(&b);
    if host.is_empty() || host.len() > 253 || !host.bytes().all(fits) {
        return Some("has a host that no browser would send");
    }
    None
}

/// Fields of the form that sets up a connection.
pub const SETTINGS: &[Setting] = &[
    Setting::required("line", Input::Line, ""),
    Setting::required("origins", Input::List, "https://shop.example"),
    Setting::optional("mode", Input::Choice(&["own", "beside"]), "own"),
    Setting::optional("session_secret", Input::OwnSecret, "").advanced(),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn config(origins: &[&str]) -> Config {
        Config { line: "sales".into(), origins: origins.iter().map(ToString::to_string).collect(), ..Config::default() }
    }

    #[test]
    fn a_page_shows_only_a_session_that_was_signed_for_it() {
        let secret = SessionSecret("Jefe".into());
        // RFC 4231, test case 2.
        let signature = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert!(secret.signed("what do ya want for nothing?", signature));
        assert!(!secret.signed("what do ya want for nothing!", signature));
        assert!(!secret.signed("what do ya want for nothing?", &signature.to_uppercase()));
        assert!(!secret.signed("what do ya want for nothing?", ""));
        assert_eq!(format!("{secret:?}"), "SessionSecret(…)");
    }

    #[test]
    fn a_good_configuration_passes() {
        let good = config(&[
            "https://shop.example",
            "https://shop.example:8443",
            "http://localhost:3000",
            "http://[::1]:8080",
            "https://xn--e1afmkfd.example",
        ]);
        assert_eq!(good.validate(), Ok(()));
        assert_eq!(good.plain_origins().count(), 0);
        assert_eq!(config(&["http://shop.example"]).plain_origins().collect::<Vec<_>>(), ["http://shop.example"]);
    }

    #[test]
    fn a_wrong_origin_is_named_with_its_place_and_the_remedy() {
        for (origin, word) in [
            ("null", "sandboxed"),
            ("", "begin with https"),
            ("*", "begin with https"),
            ("shop.example", "begin with https"),
            ("HTTPS://shop.example", "begin with https"),
            ("ftp://shop.example", "begin with https"),
            ("https://shop.example/", "no path"),
            ("https://shop.example/chat", "no path"),
            ("https://a@shop.example", "no path"),
            ("https://*.shop.example", "wildcard"),
            ("https://Shop.example", "lower case"),
            ("https://shop.example:443", "leave it out"),
            ("http://shop.example:80", "leave it out"),
            ("https://shop.example:0", "1 to 65535"),
            ("https://shop.example:08443", "1 to 65535"),
            ("https://shop.example:+844", "1 to 65535"),
            ("https://shop.example:70000", "1 to 65535"),
            ("https://shop.example:", "1 to 65535"),
            ("https://[::1", "IPv6"),
            ("https://[::1]8080x", "1 to 65535"),
            ("https://магазин.example", "xn--"),
            ("https://", "no browser"),
            ("https://sh op.example", "no browser"),
        ] {
            let said = config(&["https://first.example", origin]).validate().expect_err(origin).to_string();
            assert!(said.starts_with("origins[1]: "), "{said}");
            assert!(said.contains(word), "{origin}: {said}");
        }
        assert!(config(&[]).validate().is_err());
        assert!(Config { line: "  ".into(), ..config(&["https://shop.example"]) }.validate().unwrap_err().0.starts_with("line: "));
    }

    #[test]
    fn a_text_the_widget_does_not_have_is_named() {
        let with = |language: &str, key: &str, text: &str| Config {
            texts: [(language.to_owned(), [(key.to_owned(), text.to_owned())].into())].into(),
            ..config(&["https://shop.example"])
        };
        assert_eq!(with("pt-BR", "title", "Fale conosco").validate(), Ok(()));
        assert!(with("en", "titel", "x").validate().unwrap_err().0.starts_with("texts.en.titel: "));
        assert!(with("en", "title", " ").validate().unwrap_err().0.starts_with("texts.en.title: "));
        let several = Config { line: String::new(), origins: vec!["null".into(), "*".into()], ..with("en", "titel", "x") };
        assert_eq!(several.validate().unwrap_err().0.lines().count(), 4, "all at once");
        assert!(with("english language", "title", "x").validate().unwrap_err().0.starts_with("texts.english language: "));
    }

    #[test]
    fn the_nearer_language_wins() {
        let mut chat = config(&["https://shop.example"]);
        chat.texts.insert("pt".into(), [("title".into(), "Fale connosco".into()), ("send".into(), "Enviar".into())].into());
        chat.texts.insert("pt-BR".into(), [("title".into(), "Fale conosco".into())].into());
        let words = chat.texts_for("pt-br");
        assert_eq!((words["title"].as_str(), words["send"].as_str()), ("Fale conosco", "Enviar"));
        assert_eq!(chat.texts_for("pt-PT")["title"], "Fale connosco");
        assert_eq!(chat.texts_for("pt-PT")["close"], "Fechar", "what the settings leave out is the widget's own");
        assert!(chat.texts_for("en").is_empty() && chat.texts_for("fi").is_empty(), "English is in the widget");
    }
}
