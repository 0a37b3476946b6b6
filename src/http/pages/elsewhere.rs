//! Pages outside the workplace: the panel inside desks, and the public showcase of ratings.

pub mod panel;
pub mod showcase;
