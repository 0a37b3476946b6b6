//! Kinds of channels and desks: their settings, and which of these are secrets.

use lastword_contract::{Input, Setting};

/// Settings of the desk behind a shared account, for a platform that posts to us.
///
/// The address is a secret, because it often contains the platform's token.
pub const PASS_ON: &[Setting] = &[URL, HOURS];
/// The same for a platform that is polled: the desk expects the secret of a webhook that no platform calls.
pub const PASS_ON_POLLED: &[Setting] = &[URL, Setting::optional("pass_on.secret", Input::Secret, "").advanced(), HOURS];

/// The key of the desk's address.
pub(super) const PASS_ON_URL: &str = "pass_on.url";
const URL: Setting = Setting::optional(PASS_ON_URL, Input::Secret, "https://desk.example.com/webhooks/telegram").advanced();
const HOURS: Setting = Setting::optional("pass_on.give_up_after_hours", Input::Number, "24").advanced();

/// A kind of channel or desk in this build.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Name in the settings: `telegram`.
    pub name: &'static str,
    /// True for a help desk.
    pub desk: bool,
    /// Settings of the form; empty for a kind that declares none, whose settings are written as TOML.
    pub settings: &'static [Setting],
    /// Settings of the desk with which an account of this kind can be shared, in the same form; empty if it cannot.
    pub shared: &'static [Setting],
}

impl Kind {
    /// All settings of the form.
    pub fn all(&self) -> impl Iterator<Item = &'static Setting> + use<> {
        self.settings.iter().chain(self.shared)
    }

    /// The setting with the key `key`.
    pub fn setting(&self, key: &str) -> Option<&'static Setting> {
        self.all().find(|setting| setting.key == key)
    }

    /// True if the value of `key` is stored sealed. If a kind declares no settings, all values are.
    pub fn is_secret(&self, key: &str) -> bool {
        self.setting(key).map_or(self.settings.is_empty(), |setting| setting.input.is_secret())
    }
}
