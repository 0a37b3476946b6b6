//! Kinds of channels and desks: what a person fills in for one, and which of it is a secret.

use lastword_contract::Setting;

/// A kind of channel or desk in this build.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its name in settings: `telegram`.
    pub name: &'static str,
    /// Whether it is a help desk.
    pub desk: bool,
    /// What a person fills in; none for a kind that does not say, whose settings are written as TOML.
    pub settings: &'static [Setting],
}

impl Kind {
    /// What is filled in at `key`.
    pub fn setting(&self, key: &str) -> Option<&'static Setting> {
        self.settings.iter().find(|setting| setting.key == key)
    }

    /// Whether the value of `key` is kept sealed. Of a kind that does not say, every value is.
    pub fn is_secret(&self, key: &str) -> bool {
        self.setting(key).map_or(self.settings.is_empty(), |setting| setting.input.is_secret())
    }
}
