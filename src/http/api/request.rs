//! Request parsing shared by the calls: fields, pages, and access of keys that are limited to lines.

pub(crate) mod created;
pub mod fields;
pub(crate) mod limited;
pub mod page;
pub(crate) mod who;
