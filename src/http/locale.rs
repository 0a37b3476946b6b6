//! Localization: the messages of `locales/`, and numbers and dates in the form of each language.

pub mod catalogue;
pub mod format;
pub mod language;
