//! Pages outside the workplace: the panel inside help desks, the public showcase of ratings, and the manual.

pub mod manual;
pub mod panel;
pub mod showcase;
