//! Settings of one WhatsApp number.

use crate::settings::{account_settings, all_of, sentence, validate_id};
use crate::sharing::Sharing;
use lastword_contract::phone::Country;
use lastword_contract::{Millis, Scale, TextLimit};
use serde::Deserialize;

/// Maximum length of the label that opens a list.
pub(super) const LIST_BUTTON_MAX: TextLimit = TextLimit::Utf16(20);

account_settings! {
    /// Settings of one business phone number: `[connections.<name>]` with `kind = "whatsapp"`.
    pub struct WhatsAppConfig {
        /// ID of the phone number (not the number itself): WhatsApp Manager, Phone numbers.
        pub phone_number_id: String,
        /// ID of the WhatsApp Business account. With it, `lastword doctor` also checks webhooks and templates.
        #[serde(default)]
        pub business_account_id: Option<String>,
        /// Label that opens a list of choices, in all languages. Default: our label in the client's language.
        #[serde(default)]
        pub list_button: Option<String>,
        /// Approved templates, for questions outside the window.
        #[serde(default)]
        pub templates: Templates,
        /// Asks outside the window with Direct Send if there is no template. For accounts in Meta's beta.
        #[serde(default)]
        pub direct_send: bool,
        /// True if a desk behind this connection gets the events that are not ours, so that the number's webhook may be
        /// taken over from it. Set by the caller; not a settings key.
        #[serde(skip)]
        pub passes_on: bool,
        /// Country of phone numbers without a country code (ISO 3166-1: `DE`). Without it such numbers are ignored.
        #[serde(default)]
        pub default_country: Option<Country>,
        /// Calls per second, over the whole number.
        #[serde(default = "default_per_second")]
        pub per_second: f64,
        /// Burst of calls after a pause. At most `per_second` + `burst` calls go out within a second; Meta allows 80.
        #[serde(default = "default_burst")]
        pub burst: u32,
        /// Minimum time between two messages to one client, in milliseconds. Meta allows one in six seconds.
        #[serde(default = "default_per_chat_ms")]
        pub per_chat_ms: Millis,
    }
}

/// Templates of one number, one for each scale that is asked outside the window.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Templates {
    /// For 👍/👎: its first quick-reply button is 👍, its second 👎.
    #[serde(default)]
    pub binary: Option<Template>,
    /// For stars: its five quick-reply buttons start with five stars.
    #[serde(default)]
    pub five_star: Option<Template>,
}

/// One approved template.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Name of the template at Meta: lower-case letters, digits and `_`.
    pub name: String,
    /// Approved languages, as Meta writes them (`en`, `pt_BR`). The first is for clients of any other language.
    pub languages: Vec<String>,
    /// True if `{{1}}` in its body is replaced with the line's own question.
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
    /// Checks the settings.
    ///
    /// # Errors
    /// Every problem, one sentence per line with its key and without secrets.
    pub fn validate(&self) -> Result<(), String> {
        let label = self.list_button.as_ref();
        let templates = [("binary", &self.templates.binary), ("five_star", &self.templates.five_star)];
        let templates = templates.into_iter().filter_map(|(key, template)| Some(template.as_ref()?.validate(key)));
        let checks = [
            self.access().validate(),
            validate_id("phone_number_id", &self.phone_number_id, "WhatsApp Manager"),
            self.business_account_id.as_ref().map_or(Ok(()), |id| validate_id("business_account_id", id, "WhatsApp Manager")),
            sentence(
                label.is_none_or(|label| LIST_BUTTON_MAX.admits(label) && !label.trim().is_empty()),
                "`list_button` has to be 1 to 20 characters.",
            ),
            sentence(
                self.sharing != Sharing::Links || self.asked_outside_window().is_empty(),
                "`templates` and `direct_send` need a webhook: with `sharing = \"links\"` their buttons would have no receiver.",
            ),
            sentence(self.per_chat_ms >= 0, "`per_chat_ms` cannot be negative."),
        ];
        all_of(checks.into_iter().chain(templates))
    }

    /// Scales that may be asked outside the window.
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
