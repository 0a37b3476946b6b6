//! Settings of one Page.

use super::limits;
use crate::settings::{account_settings, all_of, sentence, validate_id};
use crate::sharing::Sharing;
use lastword_contract::{Millis, TextLimit};
use serde::Deserialize;

account_settings! {
    /// Settings of one Page: `[connections.<name>]` with `kind = "messenger"`.
    pub struct MessengerConfig {
        /// ID of the Page: About, Page transparency.
        pub page_id: String,
        /// How up to three choices are shown.
        #[serde(default)]
        pub buttons: Buttons,
        /// Asks for stars with Meta's own customer-feedback form. Meta says that it is in development, so it is off by default.
        #[serde(default)]
        pub feedback: Option<Feedback>,
        /// Calls per second, over the whole Page.
        #[serde(default = "default_per_second")]
        pub per_second: f64,
        /// Burst of calls after a pause.
        #[serde(default = "default_burst")]
        pub burst: u32,
        /// Minimum time between two messages to one client, in milliseconds.
        #[serde(default = "default_per_chat_ms")]
        pub per_chat_ms: Millis,
    }
}

/// How up to three choices are shown. More than three are always quick replies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Buttons {
    /// Below the thread; they disappear with the first tap or the next message.
    #[default]
    QuickReplies,
    /// In the thread (the button template): they stay, and the text is shorter.
    Template,
}

/// The customer-feedback form.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feedback {
    /// Address of your privacy policy, which Meta shows in the form.
    pub privacy_url: String,
    /// Title of the card with the form's button. Default: the line's question.
    #[serde(default)]
    pub title: Option<String>,
    /// Subtitle of the card.
    #[serde(default)]
    pub subtitle: Option<String>,
    /// Label of the card's button. Default: our label in the client's language.
    #[serde(default)]
    pub button_title: Option<String>,
    /// Placeholder of the text field. Default: our text in the client's language.
    #[serde(default)]
    pub placeholder: Option<String>,
    /// Days in which the form can be filled in.
    #[serde(default = "default_expires_in_days")]
    pub expires_in_days: u8,
    /// Also asks outside the window, up to seven days after the client's last message, with the tag `CUSTOMER_FEEDBACK`. It
    /// is unknown if Meta still accepts the tag, so it is off by default.
    #[serde(default)]
    pub outside_window: bool,
}

fn default_per_second() -> f64 {
    40.0
}

fn default_burst() -> u32 {
    10
}

fn default_per_chat_ms() -> Millis {
    0
}

fn default_expires_in_days() -> u8 {
    3
}

impl MessengerConfig {
    /// Checks the settings.
    ///
    /// # Errors
    /// Every problem, one sentence per line with its key and without secrets.
    pub fn validate(&self) -> Result<(), String> {
        all_of([
            self.access().validate(),
            validate_id("page_id", &self.page_id, "the Page's About"),
            sentence(
                self.feedback.is_none() || self.sharing != Sharing::Links,
                "`feedback` needs a webhook: with `sharing = \"links\"` the form's answer would have no receiver.",
            ),
            self.feedback.as_ref().map_or(Ok(()), Feedback::validate),
            sentence(self.per_chat_ms >= 0, "`per_chat_ms` cannot be negative."),
        ])
    }
}

impl Feedback {
    fn validate(&self) -> Result<(), String> {
        let privacy = url::Url::parse(&self.privacy_url);
        let text = |(key, text, limit): (&str, &Option<String>, TextLimit)| {
            let fits = |text: &String| !text.trim().is_empty() && limit.admits(text) && !limits::has_address(text);
            let max = limits::size(limit);
            sentence(text.as_ref().is_none_or(fits), &format!("`feedback.{key}` has to be 1 to {max} characters without an address."))
        };
        all_of([
            sentence(
                privacy.is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host()),
                "`feedback.privacy_url` has to be the address of your privacy policy, https://….",
            ),
            text(("title", &self.title, limits::TITLE_MAX)),
            text(("subtitle", &self.subtitle, limits::SUBTITLE_MAX)),
            text(("button_title", &self.button_title, limits::BUTTON_TITLE_MAX)),
            text(("placeholder", &self.placeholder, limits::PLACEHOLDER_MAX)),
            sentence((1..=7).contains(&self.expires_in_days), "`feedback.expires_in_days` has to be between 1 and 7."),
        ])
    }
}
