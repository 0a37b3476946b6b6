//! Who may do what, and how they prove who they are.

pub mod api_key;
pub mod audit;
pub mod rights;
pub mod sealed;
pub mod since;
pub mod throttle;
pub mod ticket;
