//! Settings of one bot.

use lastword_contract::Millis;
use lastword_contract::{Input, Setting};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use teloxide::types::AllowedUpdate;

/// Settings of one bot: `[connections.<name>]` with `kind = "telegram"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Token of the bot, from BotFather.
    pub token: SecretString,
    /// Address of the Bot API; a path prefix is kept.
    #[serde(default = "default_base_url")]
    pub base_url: String,
    /// How the bot is shared with a help desk.
    #[serde(default)]
    pub sharing: Sharing,
    /// How updates are received if `sharing` is `own`.
    #[serde(default)]
    pub receive: Option<Receive>,
    /// Secret that Telegram, or a desk that forwards updates, sends in `X-Telegram-Bot-Api-Secret-Token`. Without it posted
    /// updates are refused.
    #[serde(default)]
    pub webhook_secret: Option<SecretString>,
    /// Calls per second, over all chats.
    #[serde(default = "default_per_second")]
    pub per_second: f64,
    /// Burst of calls after a pause. At most `per_second` + `burst` calls go out within a second; Telegram allows 30.
    #[serde(default = "default_burst")]
    pub burst: u32,
    /// Kinds of updates to request in addition to the default ones, such as `message_reaction`, for a desk behind us.
    #[serde(default)]
    pub more_updates: Vec<AllowedUpdate>,
    /// True if a desk behind us gets the updates that are not ours, so that all kinds are requested. Set by the caller; not a settings key.
    #[serde(skip)]
    pub passes_on: bool,
    /// Minimum time between two messages to one chat, in milliseconds.
    #[serde(default = "default_per_chat_ms")]
    pub per_chat_ms: Millis,
    /// Minimum time between two messages to one group, in milliseconds. Telegram allows 20 per minute.
    #[serde(default = "default_per_group_ms")]
    pub per_group_ms: Millis,
    /// Timeout of one call, in seconds.
    #[serde(default = "default_timeout_secs")]
    pub timeout_secs: u64,
}

/// How a bot is shared with a help desk. Only one program can receive its updates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sharing {
    /// We receive the updates. A desk behind us may get those that are not ours.
    #[default]
    Own,
    /// A desk receives the updates and forwards each to us. We neither poll nor set a webhook.
    Forwarded,
    /// A desk receives the updates and nothing reaches us, so questions have links.
    Links,
}

/// How updates are received if `sharing` is `own`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receive {
    /// Long polling; no address has to be reachable from outside.
    #[default]
    Polling,
    /// Telegram posts updates to us.
    Webhook,
}

/// Source of the updates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UpdatesFrom {
    /// Long polling.
    Polling,
    /// Telegram posts them.
    Webhook,
    /// A desk forwards them.
    Desk,
    /// No updates are received.
    Nowhere,
}

fn default_base_url() -> String {
    "https://api.telegram.org".to_owned()
}

fn default_per_second() -> f64 {
    25.0
}

fn default_burst() -> u32 {
    5
}

fn default_per_chat_ms() -> Millis {
    1_000
}

/// A little more than a twentieth of a minute, because the gap between messages can shrink on the way.
fn default_per_group_ms() -> Millis {
    3_200
}

fn default_timeout_secs() -> u64 {
    10
}

impl Config {
    /// Source of the updates.
    pub(crate) fn updates_from(&self) -> UpdatesFrom {
        match (self.sharing, self.receive.unwrap_or_default()) {
            (Sharing::Own, Receive::Polling) => UpdatesFrom::Polling,
            (Sharing::Own, Receive::Webhook) => UpdatesFrom::Webhook,
            (Sharing::Forwarded, _) => UpdatesFrom::Desk,
            (Sharing::Links, _) => UpdatesFrom::Nowhere,
        }
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// Every problem, one sentence per line with its key and without secrets.
    pub fn validate(&self) -> Result<(), String> {
        let sentence = |holds: bool, words: &str| if holds { Ok(()) } else { Err(words.to_owned()) };
        let checks = [
            self.validate_token(),
            self.validate_base_url(),
            self.validate_webhook_secret(),
            sentence(self.per_second.is_finite() && self.per_second > 0.0, "`per_second` has to be above zero."),
            sentence(self.burst > 0, "`burst` has to be at least 1."),
            sentence(self.per_chat_ms >= 0, "`per_chat_ms` cannot be negative."),
            sentence(self.per_group_ms >= 0, "`per_group_ms` cannot be negative."),
            sentence((1..=60).contains(&self.timeout_secs), "`timeout_secs` has to be between 1 and 60."),
        ];
        let wrong: Vec<String> = checks.into_iter().filter_map(Result::err).collect();
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
    }

    fn validate_token(&self) -> Result<(), String> {
        // The token becomes part of the URL's path, so its characters are restricted.
        let well_formed = self.token.expose_secret().split_once(':').is_some_and(|(bot, rest)| {
            !bot.is_empty() && bot.bytes().all(|byte| byte.is_ascii_digit()) && !rest.is_empty() && rest.bytes().all(is_secret_byte)
        });
        match well_formed {
            true => Ok(()),
            false => Err("`token` has to look like 123456:ABC-def, as BotFather shows it.".to_owned()),
        }
    }

    fn validate_base_url(&self) -> Result<(), String> {
        let url = url::Url::parse(&self.base_url).map_err(|error| format!("`base_url` is not an address: {error}."))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("`base_url` has to begin with https:// or http://.".to_owned());
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
            return Err("`base_url` has to be a plain address, without `?`, `#` or a user name.".to_owned());
        }
        Ok(())
    }

    fn validate_webhook_secret(&self) -> Result<(), String> {
        if self.sharing != Sharing::Own && self.receive.is_some() {
            return Err("`receive` is for `sharing = \"own\"`: otherwise the desk receives.".to_owned());
        }
        let Some(secret) = &self.webhook_secret else {
            return match self.updates_from() {
                UpdatesFrom::Polling | UpdatesFrom::Nowhere => Ok(()),
                UpdatesFrom::Webhook => Err("`webhook_secret` is needed with `receive = \"webhook\"`.".to_owned()),
                UpdatesFrom::Desk => Err("`webhook_secret` is needed with `sharing = \"forwarded\"`: the desk sends it along.".to_owned()),
            };
        };
        let secret = secret.expose_secret();
        if !(1..=256).contains(&secret.len()) || !secret.bytes().all(is_secret_byte) {
            return Err("`webhook_secret` has to be 1 to 256 characters of A-Z, a-z, 0-9, _ and -.".to_owned());
        }
        Ok(())
    }
}

fn is_secret_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// Fields of the form that sets up a connection.
pub const SETTINGS: &[Setting] = &[
    Setting::required("token", Input::Secret, "123456:ABC-…"),
    Setting::optional("receive", Input::Choice(&["polling", "webhook"]), "polling"),
    Setting::optional("sharing", Input::Choice(&["own", "forwarded", "links"]), "own").advanced(),
    Setting::optional("webhook_secret", Input::OwnSecret, "").advanced().made(),
    Setting::optional("base_url", Input::Address, "https://api.telegram.org").advanced(),
];
