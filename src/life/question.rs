//! The question to a client: its route and texts, sending, delivery and end.

pub mod address_change;
pub mod delivery_status;
pub mod expire;
pub mod hold_ends;
pub(crate) mod person_budget;
pub mod record_end;
pub(crate) mod reroute;
pub mod routes;
pub mod send;
pub(crate) mod window;
pub(crate) mod withdraw;
