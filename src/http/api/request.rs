//! What calls have in common: the form of fields, lists in pages, what a limited key may touch.

pub mod fields;
pub(crate) mod limited;
pub mod page;
pub(crate) mod who;
