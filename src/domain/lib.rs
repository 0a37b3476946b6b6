//! Pure rules: no async, no I/O, no clock, no randomness. Times and random shares are arguments.
//!
//! This crate contains *what* is decided. `lastword_life` contains *when*, and `lastword_store` *how it is stored*, in modules of
//! the same names.

pub mod access;
pub mod alert;
pub mod answer;
pub mod brand;
pub mod channel_brand;
pub mod connection;
pub mod fingerprint;
pub mod line;
pub mod moment;
pub mod outcome;
pub mod past_close;
pub mod planted;
pub mod quarantine;
pub mod question;
pub mod report;
pub mod review;
pub mod session;
pub mod word;
pub mod word_split;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;
