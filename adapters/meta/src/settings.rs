//! Settings shared by all three platforms.

use crate::graph::{Access, Graph};
use crate::sharing::Sharing;
use crate::webhook_signature::Verifier;
use lastword_contract::{Input, Setting};
use secrecy::{ExposeSecret, SecretString};

/// Defines a settings type of one platform: its own keys, followed by the shared ones.
macro_rules! account_settings {
    ($(#[$about:meta])* pub struct $name:ident { $($own:tt)* }) => {
        $(#[$about])*
        #[derive(Clone, Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($own)*
            /// Access token: of a system user (WhatsApp), of the Page, or of the Instagram account.
            pub access_token: secrecy::SecretString,
            /// App secret, which signs Meta's webhooks. Not needed with `sharing = "links"`.
            #[serde(default)]
            pub app_secret: Option<secrecy::SecretString>,
            /// A text of your choice that Meta sends when you save the webhook's address. Required with `sharing = "own"`.
            #[serde(default)]
            pub verify_token: Option<secrecy::SecretString>,
            /// Address of the Graph API; a path prefix is kept.
            #[serde(default = "crate::settings::default_base_url")]
            pub base_url: String,
            /// Version of the Graph API.
            #[serde(default = "crate::settings::default_api_version")]
            pub api_version: String,
            /// How the account's webhook is shared with a help desk.
            #[serde(default)]
            pub sharing: crate::sharing::Sharing,
            /// Timeout of one call, in seconds.
            #[serde(default = "crate::settings::default_timeout_secs")]
            pub timeout_secs: u64,
        }

        impl $name {
            pub(crate) fn access(&self) -> crate::graph::Access<'_> {
                crate::graph::Access {
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

/// The version that Meta's documentation shows in 2026; supported until 29 July 2028.
pub(crate) fn default_api_version() -> String {
    "v25.0".to_owned()
}

pub(crate) fn default_timeout_secs() -> u64 {
    10
}

impl Access<'_> {
    /// Checks the shared settings. Returns every problem, one sentence per line with its key and without secrets.
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

    /// Verifies webhooks; `None` if none are received.
    pub(crate) fn verifier(&self) -> Option<Verifier> {
        let secret = self.app_secret.filter(|_| self.sharing != Sharing::Links)?;
        Some(Verifier::new(secret.clone(), self.verify_token.cloned()))
    }
}

/// Every problem, one sentence per line, so that all can be fixed together.
pub(crate) fn all_of(checks: impl IntoIterator<Item = Result<(), String>>) -> Result<(), String> {
    let wrong: Vec<String> = checks.into_iter().filter_map(Result::err).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// Returns `words` as the error if the check fails.
pub(crate) fn sentence(holds: bool, words: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(words.to_owned()) }
}

/// A secret is sent in a header or compared with one, so it has to be printable without spaces.
fn plain_secret(key: &str, secret: Option<&SecretString>) -> Result<(), String> {
    let plain =
        |secret: &SecretString| !secret.expose_secret().is_empty() && secret.expose_secret().bytes().all(|byte| byte.is_ascii_graphic());
    match secret {
        Some(secret) if !plain(secret) => Err(format!("`{key}` has to be one word without spaces, as Meta shows it.")),
        Some(_) | None => Ok(()),
    }
}

/// Checks one of Meta's IDs. It becomes part of a URL, so its characters are restricted.
pub(crate) fn validate_id(key: &str, id: &str, where_it_is: &str) -> Result<(), String> {
    match is_id(id) {
        true => Ok(()),
        false => Err(format!("`{key}` has to be the number that {where_it_is} shows, digits alone.")),
    }
}

/// True if `text` is one of Meta's IDs: only digits.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Fields of the form that sets up a WhatsApp number.
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

/// Fields of the form that sets up a Facebook Page.
pub const MESSENGER_SETTINGS: &[Setting] = &[
    Setting::required("page_id", Input::Text, "201540352242944"),
    Setting::required("access_token", Input::Secret, "EAA…"),
    Setting::required("app_secret", Input::Secret, ""),
    Setting::required("verify_token", Input::OwnSecret, ""),
    Setting::optional("sharing", Input::Choice(&["own", "forwarded", "links"]), "own").advanced(),
    Setting::optional("base_url", Input::Address, "https://graph.facebook.com").advanced(),
];

/// Fields of the form that sets up an Instagram account.
pub const INSTAGRAM_SETTINGS: &[Setting] = &[
    Setting::required("account_id", Input::Text, "17841405822304914"),
    Setting::required("access_token", Input::Secret, "IGAA…"),
    Setting::required("app_secret", Input::Secret, ""),
    Setting::required("verify_token", Input::OwnSecret, ""),
    Setting::optional("sharing", Input::Choice(&["own", "forwarded", "links"]), "own").advanced(),
    Setting::optional("base_url", Input::Address, "https://graph.instagram.com").advanced(),
];
