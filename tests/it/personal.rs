//! Personal data is removed when it expires or at the client's request, from every place, and the figures stay.

mod erased;
mod retained;
pub(crate) mod scan;
mod views;

pub(crate) use scan::put;
