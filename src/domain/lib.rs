//! The rules, pure: no async, no IO, no clock, no chance. Times and random shares are arguments.
//!
//! A newcomer reads here *what* is decided; `lastword_life` says *when*, `lastword_store` *how it is kept*: in rooms of the same names.

pub mod access;
pub mod alert;
pub mod answer;
pub mod connection;
pub mod fingerprint;
pub mod line;
pub mod moment;
pub mod planted;
pub mod quarantine;
pub mod question;
pub mod report;
pub mod review;
pub mod session;
pub mod word;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;
