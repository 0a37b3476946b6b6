//! Kinds of channels and desks: their settings, and which of these are secrets.

use lastword_contract::Setting;

/// A kind of channel or desk in this build.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Name in the settings: `telegram`.
    pub name: &'static str,
    /// True for a help desk.
    pub desk: bool,
    /// Settings of the form; empty for a kind that declares none, whose settings are written as TOML.
    pub settings: &'static [Setting],
}

impl Kind {
    /// The setting with the key `key`.
    pub fn setting(&self, key: &str) -> Option<&'static Setting> {
        self.settings.iter().find(|setting| setting.key == key)
    }

    /// True if the value of `key` is stored sealed. If a kind declares no settings, all values are.
    pub fn is_secret(&self, key: &str) -> bool {
        self.setting(key).map_or(self.settings.is_empty(), |setting| setting.input.is_secret())
    }
}
