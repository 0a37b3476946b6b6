//! The question to a client: its route and texts, sending, delivery and end.

pub mod address_change;
pub mod ask_by_hand;
pub mod ask_from_page;
pub mod ask_while_talking;
pub mod compose;
pub mod delivery_status;
pub mod expire;
pub mod fill_macros;
pub mod hold_ends;
pub mod other_address;
pub mod record_end;
pub(crate) mod reroute;
pub mod routes;
pub mod send;
pub mod settle;
pub(crate) mod window;
pub(crate) mod withdraw;
