//! Pages outside the workplace: the panel inside help desks, and the public showcase of ratings.

pub mod panel;
pub mod showcase;
