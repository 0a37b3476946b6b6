//! Personal data goes when its time is over or its owner asks, from every place, and the numbers stay.

mod erased;
mod retained;
pub(crate) mod scan;

pub(crate) use scan::put;
