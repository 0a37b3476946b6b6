//! What all three platforms have in common in `lastword.toml`.

use crate::{graph::Graph, webhook_signature::Verifier};
use lastword_contract::{Input, Setting};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// How the account's webhook is shared with a help desk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sharing {
    /// Meta posts to us.
    #[default]
    Own,
    /// Meta posts to a desk, which forwards to us byte for byte, with Meta's signature.
    Forwarded,
    /// Nothing reaches us here: questions carry links to tap.
    Links,
}

/// The settings that every account has, borrowed from its own.
pub(crate) struct Access<'a> {
    pub(crate) access_token: &'a SecretString,
    pub(crate) app_secret: Option<&'a SecretString>,
    pub(crate) verify_token: Option<&'a SecretString>,
    pub(crate) base_url: &'a str,
    pub(crate) api_version: &'a str,
    pub(crate) sharing: Sharing,
    pub(crate) per_second: f64,
    pub(crate) burst: u32,
    pub(crate) timeout_secs: u64,
}

/// A settings type of one platform: its own keys and, below them, those that all three have.
macro_rules! account_settings {
    ($(#[$about:meta])* pub struct $name:ident { $($own:tt)* }) => {
        $(#[$about])*
        #[derive(Clone, Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($own)*
            /// The access token: of a system user (WhatsApp), of the Page, or of the Instagram account.
            pub access_token: secrecy::SecretString,
            /// The app's secret, which signs what Meta posts to us. Not needed with `sharing = "links"`.
            #[serde(default)]
            pub app_secret: Option<secrecy::SecretString>,
            /// A word of your own that Meta repeats when you save the webhook's address. Needed with `sharing = "own"`.
            #[serde(default)]
            pub verify_token: Option<secrecy::SecretString>,
            /// Where the Graph API is; a path prefix is kept.
            #[serde(default = "crate::settings::default_base_url")]
            pub base_url: String,
            /// The version of the Graph API.
            #[serde(default = "crate::settings::default_api_version")]
            pub api_version: String,
            /// How the account's webhook is shared with a help desk.
            #[serde(default)]
            pub sharing: crate::settings::Sharing,
            /// The time limit of one call, in seconds.
            #[serde(default = "crate::settings::default_timeout_secs")]
            pub timeout_secs: u64,
        }

        impl $name {
            pub(crate) fn access(&self) -> crate::settings::Access<'_> {
                crate::settings::Access {
                    access_token: &self.access_token,
                    app_secret: self.app_secret.as_ref(),
                    verify_token: self.verify_token.as_ref(),
                    base_url: &self.base_url,
                    api_version: &self.api_version,
                    sharing: self.sharing,
                    per_second: self.per_second,
                    burst: self.burst,
                    timeout_secs: self.timeout_secs,
                }
            }
        }
    };
}
pub(crate) use account_settings;

pub(crate) fn default_base_url() -> String {
    "https://graph.facebook.com".to_owned()
}

/// What Meta's own pages show in 2026; supported until 29 July 2028.
pub(crate) fn default_api_version() -> String {
    "v25.0".to_owned()
}

pub(crate) fn default_timeout_secs() -> u64 {
    10
}

impl Access<'_> {
    /// Says what is wrong, if anything: one sentence a line that names the key and never shows a secret.
    pub(crate) fn validate(&self) -> Result<(), String> {
        let version = self.api_version.strip_prefix('v').and_then(|number| number.split_once('.'));
        let number = |text: &str| !text.is_empty() && text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        all_of([
            plain_secret("access_token", Some(self.access_token)),
            plain_secret("app_secret", self.app_secret),
            plain_secret("verify_token", self.verify_token),
            sentence(
                self.sharing == Sharing::Links || self.app_secret.is_some(),
                "`app_secret` is needed: it checks who posts to us. It is in the app's Settings, Basic.",
            ),
            sentence(
                self.sharing != Sharing::Own || self.verify_token.is_some(),
                "`verify_token` is needed: a long word of your own, the same as in the webhook's form at Meta.",
            ),
            self.validate_base_url(),
            sentence(version.is_some_and(|(major, minor)| number(major) && number(minor)), "`api_version` has to look like v25.0."),
            sentence(self.per_second.is_finite() && self.per_second > 0.0, "`per_second` has to be above zero."),
            sentence(self.burst > 0, "`burst` has to be at least 1."),
            sentence((1..=60).contains(&self.timeout_secs), "`timeout_secs` has to be between 1 and 60."),
        ])
    }

    fn validate_base_url(&self) -> Result<(), String> {
        let url = url::Url::parse(self.base_url).map_err(|error| format!("`base_url` is not an address: {error}."))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("`base_url` has to begin with https:// or http://.".to_owned());
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
            return Err("`base_url` has to be a plain address, without `?`, `#` or a user name.".to_owned());
        }
        Ok(())
    }

    pub(crate) fn graph(&self, client: reqwest::Client) -> Graph {
        Graph::new(self, client)
    }

    /// What checks those who post to us; `None` where nothing is received.
    pub(crate) fn verifier(&self) -> Option<Verifier> {
        let secret = self.app_secret.filter(|_| self.sharing != Sharing::Links)?;
        Some(Verifier::new(secret.clone(), self.verify_token.cloned()))
    }
}

/// All that is wrong, one sentence a line: who mends one thing is not sent round for the next.
pub(crate) fn all_of(checks: impl IntoIterator<Item = Result<(), String>>) -> Result<(), String> {
    let wrong: Vec<String> = checks.into_iter().filter_map(Result::err).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// A check that `words` name where it does not hold.
pub(crate) fn sentence(holds: bool, words: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(words.to_owned()) }
}

/// A secret goes into a header or is compared with one, so it is one printable word.
fn plain_secret(key: &str, secret: Option<&SecretString>) -> Result<(), String> {
    let plain =
        |secret: &SecretString| !secret.expose_secret().is_empty() && secret.expose_secret().bytes().all(|byte| byte.is_ascii_graphic());
    match secret {
        Some(secret) if !plain(secret) => Err(format!("`{key}` has to be one word without spaces, as Meta shows it.")),
        Some(_) | None => Ok(()),
    }
}

/// An id of Meta's: it becomes part of an address, so nothing else may get in with it.
pub(crate) fn validate_id(key: &str, id: &str, where_it_is: &str) -> Result<(), String> {
    match is_id(id) {
        true => Ok(()),
        false => Err(format!("`{key}` has to be the number that {where_it_is} shows, digits alone.")),
    }
}

/// Whether `text` is an id of Meta's: digits alone.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What a person fills in to set up a WhatsApp number.
pub const WHATSAPP_SETTINGS: &[Setting] = &[
    Setting::required("phone_number_id", Input::Text, "106540352242922"),
    Setting::optional("business_account_id", Input::Text, "102290129340398"),
    Setting::required("access_token", Input::Secret, "EAA…"),
    Setting::required("app_secret", Input::Secret, ""),
    Setting::required("verify_token", Input::OwnSecret, ""),
    Setting::optional("default_country", Input::Text, "DE").advanced(),
    Setting::optional("sharing", Input::Choice(&["own", "forwarded", "links"]), "own").advanced(),
    Setting::optional("base_url", Input::Address, "https://graph.facebook.com").advanced(),
];

/// What a person fills in to set up a Facebook Page.
pub const MESSENGER_SETTINGS: &[Setting] = &[
    Setting::required("page_id", Input::Text, "201540352242944"),
    Setting::required("access_token", Input::Secret, "EAA…"),
    Setting::required("app_secret", Input::Secret, ""),
    Setting::required("verify_token", Input::OwnSecret, ""),
    Setting::optional("sharing", Input::Choice(&["own", "forwarded", "links"]), "own").advanced(),
    Setting::optional("base_url", Input::Address, "https://graph.facebook.com").advanced(),
];

/// What a person fills in to set up an Instagram account.
pub const INSTAGRAM_SETTINGS: &[Setting] = &[
    Setting::required("account_id", Input::Text, "17841405822304914"),
    Setting::required("access_token", Input::Secret, "IGAA…"),
    Setting::required("app_secret", Input::Secret, ""),
    Setting::required("verify_token", Input::OwnSecret, ""),
    Setting::optional("sharing", Input::Choice(&["own", "forwarded", "links"]), "own").advanced(),
    Setting::optional("base_url", Input::Address, "https://graph.instagram.com").advanced(),
];
