//! The version of the tables.

/// The last migration that this program knows: its number in both folders of `migrations`.
pub const KNOWN: i64 = 1;
