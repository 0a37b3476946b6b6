//! Localization: the messages of `locales/`, and the number and date formats of each language.

pub mod catalogue;
pub mod format;
pub mod language;
