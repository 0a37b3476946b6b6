//! The settings of one Page.

use super::form;
use crate::settings::{Sharing, account_settings, all_of, sentence, validate_id};
use lastword_contract::{Millis, TextLimit};
use serde::Deserialize;

account_settings! {
    /// One Page, as in `[connections.<name>]` with `kind = "messenger"`.
    pub struct MessengerConfig {
        /// The id of the Page: About, Page transparency.
        pub page_id: String,
        /// What up to three choices look like.
        #[serde(default)]
        pub buttons: Buttons,
        /// Asks for stars with Meta's own customer-feedback form. Meta calls it in development, so it is off by default.
        #[serde(default)]
        pub feedback: Option<Feedback>,
        /// Calls a second over the whole Page.
        #[serde(default = "default_per_second")]
        pub per_second: f64,
        /// Calls that may go at once after a pause.
        #[serde(default = "default_burst")]
        pub burst: u32,
        /// The least time between two messages to one client, in milliseconds.
        #[serde(default = "default_per_chat_ms")]
        pub per_chat_ms: Millis,
    }
}

/// What up to three choices look like. More than three are always quick replies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Buttons {
    /// Below the thread; they go away with the first tap or the next message.
    #[default]
    QuickReplies,
    /// In the thread (the button template): they stay, and the text is shorter.
    Template,
}

/// The customer-feedback form.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feedback {
    /// Your privacy policy's address, which Meta shows in the form.
    pub privacy_url: String,
    /// What stands on the card above the form's button; else the line's question.
    #[serde(default)]
    pub title: Option<String>,
    /// What stands below the title.
    #[serde(default)]
    pub subtitle: Option<String>,
    /// What stands on the card's button; else a word of ours in the client's language.
    #[serde(default)]
    pub button_title: Option<String>,
    /// What stands in the empty text field; else words of ours in the client's language.
    #[serde(default)]
    pub placeholder: Option<String>,
    /// How many days the form can be filled in.
    #[serde(default = "default_expires_in_days")]
    pub expires_in_days: u8,
    /// Also asks outside the window, up to seven days after the client's last message, with the tag `CUSTOMER_FEEDBACK`.
    /// Whether Meta still takes it is not known, so it is off by default.
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
    /// Says what is wrong, if anything.
    ///
    /// # Errors
    /// All that is wrong, one sentence a line that names the key. It never shows a secret.
    pub fn validate(&self) -> Result<(), String> {
        all_of([
            self.access().validate(),
            validate_id("page_id", &self.page_id, "the Page's About"),
            sentence(
                self.feedback.is_none() || self.sharing != Sharing::Links,
                "`feedback` needs a webhook: with `sharing = \"links\"` nobody would hear the form's answer.",
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
            let fits = |text: &String| !text.trim().is_empty() && limit.admits(text) && !form::has_address(text);
            let max = form::size(limit);
            sentence(text.as_ref().is_none_or(fits), &format!("`feedback.{key}` has to be 1 to {max} characters without an address."))
        };
        all_of([
            sentence(
                privacy.is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host()),
                "`feedback.privacy_url` has to be the address of your privacy policy, https://….",
            ),
            text(("title", &self.title, form::TITLE_MAX)),
            text(("subtitle", &self.subtitle, form::SUBTITLE_MAX)),
            text(("button_title", &self.button_title, form::BUTTON_TITLE_MAX)),
            text(("placeholder", &self.placeholder, form::PLACEHOLDER_MAX)),
            sentence((1..=7).contains(&self.expires_in_days), "`feedback.expires_in_days` has to be between 1 and 7."),
        ])
    }
}
