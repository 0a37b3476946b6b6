//! Settings of one Instagram account.

use crate::settings::{account_settings, all_of, sentence, validate_id};
use lastword_contract::Millis;

account_settings! {
    /// Settings of one Instagram professional account: `[connections.<name>]` with `kind = "instagram"`.
    pub struct InstagramConfig {
        /// ID of the Instagram professional account.
        pub account_id: String,
        /// ID of the connected Page if the token is the Page's (Facebook login). Without it, the token is the account's own
        /// (Instagram login), and `base_url` is `https://graph.instagram.com`.
        #[serde(default)]
        pub page_id: Option<String>,
        /// Calls per second, over the whole account. Meta allows 100.
        #[serde(default = "default_per_second")]
        pub per_second: f64,
        /// Burst of calls after a pause. At most `per_second` + `burst` calls go out within a second.
        #[serde(default = "default_burst")]
        pub burst: u32,
        /// Minimum time between two messages to one client, in milliseconds.
        #[serde(default = "default_per_chat_ms")]
        pub per_chat_ms: Millis,
    }
}

fn default_per_second() -> f64 {
    80.0
}

fn default_burst() -> u32 {
    15
}

fn default_per_chat_ms() -> Millis {
    0
}

impl InstagramConfig {
    /// Checks the settings.
    ///
    /// # Errors
    /// Every problem, one sentence per line with its key and without secrets.
    pub fn validate(&self) -> Result<(), String> {
        all_of([
            self.access().validate(),
            validate_id("account_id", &self.account_id, "the account's settings at Meta"),
            self.page_id.as_ref().map_or(Ok(()), |id| validate_id("page_id", id, "the Page's About")),
            sentence(self.per_chat_ms >= 0, "`per_chat_ms` cannot be negative."),
        ])
    }
}
