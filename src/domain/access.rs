//! Rights of people and programs, and how they prove their identity.

pub mod api_key;
pub mod audit;
pub mod rights;
pub mod sealed;
pub mod since;
pub mod throttle;
pub mod ticket;
