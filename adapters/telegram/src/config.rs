//! The settings of one bot.

use lastword_contract::Millis;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// One bot, as in `[connections.<name>]` with `kind = "telegram"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The bot's token from BotFather.
    pub token: SecretString,
    /// Where the Bot API is; a path prefix is kept.
    #[serde(default = "default_base_url")]
    pub base_url: String,
    /// How updates reach us.
    #[serde(default)]
    pub receive: Receive,
    /// What Telegram, or a desk that forwards updates, puts into `X-Telegram-Bot-Api-Secret-Token`. Without it no
    /// posted update is taken.
    #[serde(default)]
    pub webhook_secret: Option<SecretString>,
    /// Calls a second over all chats.
    #[serde(default = "default_per_second")]
    pub per_second: f64,
    /// Calls that may go at once after a pause. A second sees at most `per_second` + `burst`, and Telegram allows 30.
    #[serde(default = "default_burst")]
    pub burst: u32,
    /// The least time between two messages to one chat, in milliseconds.
    #[serde(default = "default_per_chat_ms")]
    pub per_chat_ms: Millis,
    /// The time limit of one call, in seconds.
    #[serde(default = "default_timeout_secs")]
    pub timeout_secs: u64,
}

/// How updates reach us.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receive {
    /// We fetch them; nothing has to be reachable from outside.
    #[default]
    Polling,
    /// Telegram posts them to us.
    Webhook,
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

fn default_timeout_secs() -> u64 {
    10
}

impl Config {
    /// Says what is wrong, if anything.
    ///
    /// # Errors
    /// One sentence that names the key. It never shows a secret.
    pub fn validate(&self) -> Result<(), String> {
        self.validate_token()?;
        self.validate_base_url()?;
        self.validate_webhook_secret()?;
        if !(self.per_second.is_finite() && self.per_second > 0.0) {
            return Err("`per_second` has to be above zero.".to_owned());
        }
        if self.burst == 0 {
            return Err("`burst` has to be at least 1.".to_owned());
        }
        if self.per_chat_ms < 0 {
            return Err("`per_chat_ms` cannot be negative.".to_owned());
        }
        if !(1..=60).contains(&self.timeout_secs) {
            return Err("`timeout_secs` has to be between 1 and 60.".to_owned());
        }
        Ok(())
    }

    fn validate_token(&self) -> Result<(), String> {
        // The token becomes part of the URL's path, so nothing else may get in with it.
        let well_formed = self.token.expose_secret().split_once(':').is_some_and(|(bot, rest)| {
            !bot.is_empty() && bot.bytes().all(|byte| byte.is_ascii_digit()) && !rest.is_empty() && rest.bytes().all(is_secret_byte)
        });
        match well_formed {
            true => Ok(()),
            false => Err("`token` has to look like 123456:ABC-def, as BotFather gives it.".to_owned()),
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
        let Some(secret) = &self.webhook_secret else {
            return match self.receive {
                Receive::Polling => Ok(()),
                Receive::Webhook => Err("`webhook_secret` is needed with `receive = \"webhook\"`.".to_owned()),
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
