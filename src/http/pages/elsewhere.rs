//! Pages outside the workplace: the panel inside desks, and what clients said, for everybody.

pub mod panel;
pub mod showcase;
