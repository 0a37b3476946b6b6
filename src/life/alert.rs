//! Alerts about low ratings: raised, sent, acknowledged, escalated.

pub mod acknowledge;
pub(crate) mod audience;
pub(crate) mod changed;
pub(crate) mod choose;
pub(crate) mod compose;
pub mod escalate;
pub(crate) mod held_low;
pub(crate) mod parts;
pub(crate) mod praise;
pub mod push;
pub mod raise;
pub mod record;
pub mod room;
pub(crate) mod room_gone;
pub mod test_alert;
pub(crate) mod update;
