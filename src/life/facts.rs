//! Facts that several rooms need: what arrived, who has opted out, and the values of macros.

pub mod fill_macros;
pub mod inbound;
pub mod opted_out;
