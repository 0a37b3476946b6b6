//! Rating requests and the deliveries that carry them.

pub mod arrival;
pub mod client_message;
pub mod closing;
pub mod delivery;
pub mod delivery_list;
pub mod ending;
pub mod lease;
pub mod lost_note;
pub mod rating_request;
pub mod unreached;
