//! Questions that no close begins: asked by hand, from a page, and in an open chat. Each closes the session as it asks.

pub mod by_hand;
pub mod from_page;
pub mod while_talking;
