//! Languages of people: the messages of `locales/`, and numbers and dates as each language writes them.

pub mod catalogue;
pub mod format;
pub mod language;
