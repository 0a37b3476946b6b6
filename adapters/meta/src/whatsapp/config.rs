//! The settings of one WhatsApp number.

use crate::settings::{Sharing, account_settings, all_of, sentence, validate_id};
use lastword_contract::phone::Country;
use lastword_contract::{Millis, Scale};
use serde::Deserialize;

account_settings! {
    /// One business phone number, as in `[connections.<name>]` with `kind = "whatsapp"`.
    pub struct WhatsAppConfig {
        /// The id of the phone number (not the number itself): WhatsApp Manager, Phone numbers.
        pub phone_number_id: String,
        /// The id of the WhatsApp Business account. With it, `lastword doctor` also looks at webhooks and templates.
        #[serde(default)]
        pub business_account_id: Option<String>,
        /// What opens a list of choices, in all languages; else a word of ours in the client's language.
        #[serde(default)]
        pub list_button: Option<String>,
        /// Approved templates, for questions outside the window.
        #[serde(default)]
        pub templates: Templates,
        /// Asks outside the window with Direct Send where there is no template. For accounts that Meta let into its beta.
        #[serde(default)]
        pub direct_send: bool,
        /// A desk behind this connection gets what is not ours, so the number's webhook may be taken over from it. Not a
        /// setting of this section: whoever composes the program knows.
        #[serde(skip)]
        pub passes_on: bool,
        /// The country of numbers that name none (ISO 3166-1: `DE`). Without it, they are nobody's.
        #[serde(default)]
        pub default_country: Option<Country>,
        /// Calls a second over the whole number.
        #[serde(default = "default_per_second")]
        pub per_second: f64,
        /// Calls that may go at once after a pause. A second sees at most `per_second` + `burst`, and Meta allows 80.
        #[serde(default = "default_burst")]
        pub burst: u32,
        /// The least time between two messages to one client, in milliseconds: Meta allows one in six seconds.
        #[serde(default = "default_per_chat_ms")]
        pub per_chat_ms: Millis,
    }
}

/// The templates of one number, one for each scale that is asked outside the window.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Templates {
    /// For 👍/👎: its first quick-reply button is 👍, its second 👎.
    #[serde(default)]
    pub binary: Option<Template>,
    /// For stars: its five quick-reply buttons are five stars first.
    #[serde(default)]
    pub five_star: Option<Template>,
}

/// One approved template.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Its name at Meta: small letters, digits and `_`.
    pub name: String,
    /// The languages it is approved in, as Meta writes them (`en`, `pt_BR`); the first is for clients of any other language.
    pub languages: Vec<String>,
    /// Whether `{{1}}` in its body takes the line's own question.
    #[serde(default)]
    pub text_parameter: bool,
}

impl Templates {
    /// The template for `scale`.
    pub fn of(&self, scale: Scale) -> Option<&Template> {
        match scale {
            Scale::Binary => self.binary.as_ref(),
            Scale::FiveStar => self.five_star.as_ref(),
        }
    }
}

fn default_per_second() -> f64 {
    60.0
}

fn default_burst() -> u32 {
    15
}

fn default_per_chat_ms() -> Millis {
    6_000
}

impl WhatsAppConfig {
    /// Says what is wrong, if anything.
    ///
    /// # Errors
    /// All that is wrong, one sentence a line that names the key. It never shows a secret.
    pub fn validate(&self) -> Result<(), String> {
        let label = self.list_button.as_ref();
        let templates = [("binary", &self.templates.binary), ("five_star", &self.templates.five_star)];
        let templates = templates.into_iter().filter_map(|(key, template)| Some(template.as_ref()?.validate(key)));
        let checks = [
            self.access().validate(),
            validate_id("phone_number_id", &self.phone_number_id, "WhatsApp Manager"),
            self.business_account_id.as_ref().map_or(Ok(()), |id| validate_id("business_account_id", id, "WhatsApp Manager")),
            sentence(
                label.is_none_or(|label| super::message::LIST_BUTTON_MAX.admits(label) && !label.trim().is_empty()),
                "`list_button` has to be 1 to 20 characters.",
            ),
            sentence(
                self.sharing != Sharing::Links || self.asked_outside_window().is_empty(),
                "`templates` and `direct_send` need a webhook: with `sharing = \"links\"` nobody would hear their buttons.",
            ),
            sentence(self.per_chat_ms >= 0, "`per_chat_ms` cannot be negative."),
        ];
        all_of(checks.into_iter().chain(templates))
    }

    /// The scales that may be asked outside the window.
    pub(super) fn asked_outside_window(&self) -> &'static [Scale] {
        let may = |template: &Option<Template>| template.is_some() || self.direct_send;
        match (may(&self.templates.binary), may(&self.templates.five_star)) {
            (true, true) => &[Scale::Binary, Scale::FiveStar],
            (true, false) => &[Scale::Binary],
            (false, true) => &[Scale::FiveStar],
            (false, false) => &[],
        }
    }
}

impl Template {
    fn validate(&self, key: &str) -> Result<(), String> {
        let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let code = |code: &String| (2..=10).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        all_of([
            sentence(
                (1..=512).contains(&self.name.len()) && self.name.bytes().all(word),
                &format!("`templates.{key}.name` has to be the template's name at Meta: small letters, digits and `_`."),
            ),
            sentence(
                !self.languages.is_empty() && self.languages.iter().all(code),
                &format!("`templates.{key}.languages` has to name at least one language as Meta writes it, such as \"en\" or \"pt_BR\"."),
            ),
        ])
    }
}
